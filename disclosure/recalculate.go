package disclosure

import (
	"context"
	"errors"
	"fmt"

	"shoushan/staff"
	"shoushan/workday"
)

// Reckoned is what the deadline was when the record was last written by a verb. When the calendar says something else now, a
// notice of holidays has come in between, whoever entered it and whatever happened then.
type Reckoned struct {
	Due         workday.Date `json:"due,omitzero"`
	Provisional bool         `json:"provisional,omitzero"`
}

// Moved is a request whose due date another calendar changed.
type Moved struct {
	Request  Request
	From, To workday.Date
}

var errSame = errors.New("disclosure: the due date is the same")

// Recalculate enters in the trail of every open request that a new notice of holidays moved its due date, or the last day
// on which somebody else may answer or pay, tells the applicants in chat, and returns those requests so that their handlers
// can be told. It is for who manages the settings, and for the clock. Each request remembers what it was reckoned as, so
// what was interrupted goes on where it stopped, and nothing is entered or told twice.
func (d *Desk) Recalculate(ctx context.Context, by staff.Member) ([]Moved, error) {
	if by.ID != staff.System.ID {
		if err := by.Require(staff.ManageSettings, DoRecalculate.Chinese()); err != nil {
			return nil, err
		}
	}
	m, err := d.moment(ctx, by)
	if err != nil {
		return nil, err
	}
	open, err := d.Register.Requests(ctx, Query{Open: true})
	if err != nil {
		return nil, err
	}
	var moved []Moved
	var errs []error
	for _, r := range open {
		was := r.Reckoned
		r, err := d.recalculate(ctx, r, m)
		r, err = d.told(ctx, r, err)
		switch {
		case errors.Is(err, errSame):
		case err != nil:
			errs = append(errs, err)
		case was != nil:
			moved = append(moved, Moved{Request: r, From: was.Due, To: r.Reckoned.Due})
		}
	}
	return moved, errors.Join(errs...)
}

func (d *Desk) recalculate(ctx context.Context, seen Request, m moment) (Request, error) {
	if !seen.stale(m) {
		return seen, errSame
	}
	return d.Register.Update(ctx, seen.ID, func(r *Request) error {
		if !r.stale(m) {
			return errSame
		}
		r.reckon(m)
		return nil
	})
}

// stale reports whether the calendar says something else than the record remembers.
func (r Request) stale(m moment) bool {
	if r.State == Closed {
		return false
	}
	r.Consultations = append([]Consultation(nil), r.Consultations...)
	if r.Fee != nil {
		fee := *r.Fee
		r.Fee = &fee
	}
	return r.Reckoned == nil || *r.Reckoned != r.Clock.reckoned(m.cal) || r.periodsUnder(m.cal) != ""
}

// reckon enters what a notice of holidays has moved since the record was last written, and owes the applicant the message that
// the receipt has promised. A record that remembers nothing yet begins to.
func (r *Request) reckon(m moment) {
	is, was := r.Clock.reckoned(m.cal), r.Reckoned
	r.Reckoned = &is
	if was == nil || r.State == Closed {
		return
	}
	note := r.periodsUnder(m.cal)
	if *was != is {
		note = movedNote(*was, is) + note
	}
	if note == "" {
		return
	}
	r.Trail = r.Trail.Append(m.by, m.at, string(DoRecalculate), "放假通知公布，"+note, "条例第三十三条")
	if was.Due != is.Due && !is.Due.IsZero() {
		r.owe(fmt.Sprintf("放假安排已经公布，您的政府信息公开申请（编号%s）的答复期限由%s改为%s。", r.ID, was.Due.Chinese(), is.Due.Chinese()), m.at)
	}
}

// periodsUnder brings the last days on which a consulted party may answer and the applicant may pay to the calendar, and
// says which of them moved.
func (r *Request) periodsUnder(cal workday.Calendar) string {
	note := ""
	for i := range r.Consultations {
		c := &r.Consultations[i]
		until := cal.Add(later(c.SentOn, c.ReceivedOn), ConsultationDays).Date
		if c.Answer == "" && until != c.Until {
			c.Until = until
			note += fmt.Sprintf("征求%s意见的期限改为%s。", c.Party.Chinese(), until.Chinese())
		}
	}
	if f := r.Fee; f != nil && r.State == AwaitingPayment && f.payBy(cal) != f.Until {
		f.Until = f.payBy(cal)
		note += "缴费期限改为" + f.Until.Chinese() + "。"
	}
	return note
}

// movedNote tells how a due date was reckoned anew; that it only lost the mark of being provisional is told as such.
func movedNote(was, is Reckoned) string {
	if was.Due == is.Due && !is.Provisional {
		return fmt.Sprintf("答复期限%s重新计算后不变，不再是暂定。", is.Due.Chinese())
	}
	return fmt.Sprintf("答复期限由%s重新计算为%s。", was.Due.Chinese(), is.Due.Chinese())
}
