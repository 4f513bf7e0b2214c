package disclosure

import (
	"context"
	"errors"
	"fmt"

	"shoushan/staff"
	"shoushan/workday"
)

// Moved is a request whose due date another calendar changed.
type Moved struct {
	Request  Request
	From, To workday.Date
}

var errSame = errors.New("disclosure: the due date is the same")

// Recalculate enters in the trail of every open request that a new notice of holidays moved its due date, or the last day
// on which somebody else may answer or pay, and returns those requests so that their handlers can be told. It is for who manages the settings, and for the clock.
func (d *Desk) Recalculate(ctx context.Context, by staff.Member, before, after workday.Calendar) ([]Moved, error) {
	if by.ID != staff.System.ID {
		if err := by.Require(staff.ManageSettings, DoRecalculate.Chinese()); err != nil {
			return nil, err
		}
	}
	open, err := d.Register.Requests(ctx, Query{Open: true})
	if err != nil {
		return nil, err
	}
	var moved []Moved
	for _, r := range open {
		m, err := d.recalculate(ctx, by, r.ID, before, after)
		switch {
		case errors.Is(err, errSame):
		case err != nil:
			return moved, err
		default:
			m.Request = d.tellMoved(ctx, m)
			moved = append(moved, m)
		}
	}
	return moved, nil
}

// tellMoved tells the applicant in chat, as the receipt has promised. That it failed undoes nothing.
func (d *Desk) tellMoved(ctx context.Context, m Moved) Request {
	if m.From == m.To || m.To.IsZero() {
		return m.Request
	}
	text := fmt.Sprintf("放假安排已经公布，您的政府信息公开申请（编号%s）的答复期限由%s改为%s。", m.Request.ID, m.From.Chinese(), m.To.Chinese())
	r, err := d.tell(ctx, m.Request, text, nil)
	if err != nil {
		return m.Request
	}
	return r
}

func (d *Desk) recalculate(ctx context.Context, by staff.Member, id string, before, after workday.Calendar) (Moved, error) {
	var m Moved
	r, err := d.Register.Update(ctx, id, func(r *Request) error {
		was, is := r.Deadline(before), r.Deadline(after)
		m.From, m.To = was.Due, is.Due
		note := r.periodsUnder(after)
		if was.Due != is.Due || was.Provisional != is.Provisional {
			note = movedNote(was, is) + note
		}
		if note == "" {
			return errSame
		}
		note = "放假通知公布，" + note
		r.Trail = r.Trail.Append(by, d.Now(), string(DoRecalculate), note, "条例第三十三条")
		return nil
	})
	m.Request = r
	return m, err
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
func movedNote(was, is Deadline) string {
	if was.Due == is.Due && !is.Provisional {
		return fmt.Sprintf("答复期限%s重新计算后不变，不再是暂定。", is.Due.Chinese())
	}
	return fmt.Sprintf("答复期限由%s重新计算为%s。", was.Due.Chinese(), is.Due.Chinese())
}
