package disclosure

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"shoushan/fault"
	"shoushan/staff"
	"shoushan/workday"
)

// Sight is how it became known that a letter has reached the applicant.
type Sight string

// The sights. Neither moves a date: what counts as service, and on which day, is told by 国办公开办函〔2016〕235号; that the applicant
// has it is evidence beside it.
const (
	Acknowledged Sight = "acknowledged" // the applicant said so (收到)
	OpenedInChat Sight = "opened"       // it was read in the chat that filed the request
	OpenedByCode Sight = "opened_code"  // it was read by somebody with the number and the query code
)

// LettersSeen records, once for each letter, that what has left the house for the applicant was received or read, and leaves
// one event. When there is nothing new it changes nothing and is no error. It moves neither state nor clock.
func (d *Desk) LettersSeen(ctx context.Context, by staff.Member, id string, how Sight) (Request, error) {
	if err := rules[DoSeeLetters].permits(by, DoSeeLetters); err != nil {
		return Request{}, err
	}
	if how != Acknowledged && !how.opens() {
		return Request{}, fault.New(fault.Invalid, "请选择怎样知道申请人收到了：申请人确认收到，或者打开阅读。")
	}
	var as Request
	r, err := d.Register.Update(ctx, id, func(r *Request) error {
		as = *r
		names := r.see(how, d.Now().UTC())
		if len(names) == 0 {
			return errNoChange
		}
		note := how.by(by) + strings.Join(names, "、") + "。"
		r.Trail = r.Trail.Append(by, d.Now(), string(DoSeeLetters), r.scrub(note), rules[DoSeeLetters].article)
		return nil
	})
	if errors.Is(err, errNoChange) {
		return as, nil
	}
	return r, err
}

// opens reports whether the letter was read, as against said to have arrived.
func (s Sight) opens() bool { return s == OpenedInChat || s == OpenedByCode }

// by says who knows it and how.
func (s Sight) by(who staff.Member) string {
	switch {
	case s == OpenedInChat:
		return "在提交申请的微信中打开了"
	case s == OpenedByCode:
		return "有人凭编号和查询码打开了"
	case who.ID == staff.Citizen.ID:
		return "申请人在微信中确认收到"
	}
	return "申请人向经办人确认收到"
}

// see marks the letters that the applicant has, and names them.
func (r *Request) see(how Sight, at time.Time) (names []string) {
	r.Letters = slices.Clone(r.Letters)
	for i := range r.Letters {
		l := &r.Letters[i]
		if !l.unseen(how) {
			continue
		}
		if how == Acknowledged {
			l.AcknowledgedAt = at
		} else {
			l.OpenedAt, l.OpenedHow = at, how
		}
		names = append(names, "《"+l.Title+"》"+l.Number)
	}
	return names
}

// unseen reports whether the letter has left the house for the applicant and the sight of it is news. The receipt is given in
// the conversation itself.
func (l Letter) unseen(how Sight) bool {
	if l.Audience != ToApplicant || l.IssuedAt.IsZero() || l.Template == "receipt" {
		return false
	}
	return how == Acknowledged && l.AcknowledgedAt.IsZero() || how.opens() && l.OpenedAt.IsZero()
}

// UnseenLetters reports whether some letter for the applicant has not been seen in that way.
func (r Request) UnseenLetters(how Sight) bool {
	return slices.ContainsFunc(r.Letters, func(l Letter) bool { return l.unseen(how) })
}

// receiptDays is how many working days an answer served by chat alone may stay unseen before a person has to look.
const receiptDays = 3

// AwaitsSign reports whether the answer was served by chat alone and there is no sign that the applicant has it: not
// acknowledged, not opened, no proof of another service added since.
func (r Request) AwaitsSign() bool {
	d := r.Decision
	if r.State != Closed || !r.served() || d.ServedBy != DeliverByWeChat || r.ReplyIndex() < 0 {
		return false
	}
	letter := r.Letters[r.ReplyIndex()]
	proven := slices.ContainsFunc(r.Files, func(a Attachment) bool { return a.Kind == ServiceProof && !a.AddedAt.Before(d.DeliveredAt) })
	return letter.AcknowledgedAt.IsZero() && letter.OpenedAt.IsZero() && !proven
}

// Unreceived reports whether somebody should see to it that the applicant gets the answer: 国办公开办函〔2016〕235号 knows service in
// person and by post only, and for three working days nothing has shown that the message in chat arrived.
func (r Request) Unreceived(cal workday.Calendar, today workday.Date) bool {
	return r.AwaitsSign() && cal.Between(r.Decision.ServedOn, today) >= receiptDays
}

// pleaseAcknowledge asks whoever filed in chat to say that the letter has arrived.
func pleaseAcknowledge(r Request) string {
	return fmt.Sprintf("收到请回复“收到 %s”。", r.ID)
}
