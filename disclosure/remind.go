package disclosure

import (
	"context"
	"errors"
	"fmt"
	"time"

	"shoushan/fault"
	"shoushan/staff"
	"shoushan/workday"
)

// Rung is a step of the reminder ladder (临期提醒).
type Rung string

// The rungs, from the first to the last.
const (
	RungFive  Rung = "five"  // 5 working days are left, or 4
	RungThree Rung = "three" // 3, or 2
	RungOne   Rung = "one"
	RungToday Rung = "today"
	RungLate  Rung = "late"
)

// Chinese returns the rung as reminders word it.
func (g Rung) Chinese() string {
	return map[Rung]string{
		RungFive: "剩5个工作日以内", RungThree: "剩3个工作日以内", RungOne: "剩1个工作日", RungToday: "今天到期", RungLate: "已经超期",
	}[g]
}

// Reminder is the one live reminder of a case. A later rung takes the place of an earlier one; when nothing is due any more
// it is gone.
type Reminder struct {
	Rung   Rung      `json:"rung"`
	At     time.Time `json:"at"`
	SeenBy string    `json:"seen_by,omitempty"` // the member who has seen it
}

// RungNow returns the rung on which the case stands, or "" when its clock does not run, is paused, or has more than five
// working days left.
func (r Request) RungNow(cal workday.Calendar, now time.Time) Rung {
	if r.State == Closed || len(r.Clock) == 0 {
		return ""
	}
	if d := r.Deadline(cal); d.Due.IsZero() || d.Paused {
		return ""
	}
	switch left := r.DaysLeft(cal, now); {
	case left < 0:
		return RungLate
	case left == 0:
		return RungToday
	case left == 1:
		return RungOne
	case left <= 3:
		return RungThree
	case left <= 5:
		return RungFive
	}
	return ""
}

var errNoChange = errors.New("disclosure: nothing changed")

// Remind brings the case's reminder to where the case stands: a new rung replaces the old one and leaves an event, and a
// reminder that is no longer due goes without a trace. It reports whether anything changed; doing it again changes nothing.
func (d *Desk) Remind(ctx context.Context, id string) (changed bool, err error) {
	cal, err := d.Calendar(ctx)
	if err != nil {
		return false, err
	}
	_, err = d.Register.Update(ctx, id, func(r *Request) error {
		return r.remind(r.RungNow(cal, d.Now()), d.Now().UTC())
	})
	if errors.Is(err, errNoChange) {
		return false, nil
	}
	return err == nil, err
}

func (r *Request) remind(rung Rung, at time.Time) error {
	switch {
	case rung == "" && r.Reminder == nil, r.Reminder != nil && r.Reminder.Rung == rung:
		return errNoChange
	case rung == "":
		r.Reminder = nil
		return nil
	}
	r.Reminder = &Reminder{Rung: rung, At: at}
	r.Trail = r.Trail.Append(staff.System, at, string(DoRemind), "提醒经办人："+rung.Chinese()+"。", "条例第三十三条")
	return nil
}

// Acknowledge records that a member has seen what the house wants to tell about the case: its reminder, or that its due
// date was reckoned anew.
func (d *Desk) Acknowledge(ctx context.Context, by staff.Member, id string) (Request, error) {
	if err := rules[DoAcknowledge].permits(by, DoAcknowledge); err != nil {
		return Request{}, err
	}
	return d.aside(ctx, by, id, DoAcknowledge, "已知悉期限提醒。", func(r *Request) error {
		if !r.Unseen() {
			return fault.New(fault.Conflict, "这件申请没有需要确认的提醒。")
		}
		if r.Reminder != nil {
			r.Reminder.SeenBy = by.ID
		}
		return nil
	})
}

// Unseen reports whether the case has a reminder, or a due date reckoned anew, that nobody has seen.
func (r Request) Unseen() bool {
	return r.Reminder != nil && r.Reminder.SeenBy == "" || r.Recalculated() != ""
}

// Recalculated returns the sentence that tells how a new notice of holidays moved the due date, until somebody has
// acknowledged it or done anything else with the case.
func (r Request) Recalculated() string {
	for i := len(r.Trail) - 1; i >= 0; i-- {
		switch e := r.Trail[i]; {
		case e.Action == string(DoRecalculate) && r.State != Closed:
			return e.Note
		case e.ActorID != staff.System.ID && e.ActorID != staff.Citizen.ID:
			return ""
		}
	}
	return ""
}

// SilenceDue reports whether the clock may enter the silence of consulted parties by itself: the days of one are over, and
// of everyone whose days are over the day of receipt is on record. Where it is not, the days run from sending, which may be
// too early (条例第三十二条), and a person decides.
func (r Request) SilenceDue(today workday.Date) bool {
	due := false
	for _, c := range r.Consultations {
		if c.Answer != "" || !today.After(c.Until) {
			continue
		}
		if c.ReceivedOn.IsZero() {
			return false
		}
		due = true
	}
	return due && r.State == Consulting
}

// String says what the reminder is about, for logs and lists.
func (m Reminder) String() string {
	return fmt.Sprintf("%s（%s）", m.Rung.Chinese(), clockTime(m.At))
}
