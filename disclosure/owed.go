package disclosure

import (
	"context"
	"errors"
	"slices"
	"time"

	"shoushan/staff"
)

// Owed is a message to an applicant who filed in chat. It is written together with what it tells of, so that it goes out
// even when the process dies in between, and it goes out once: it is marked before it is sent.
type Owed struct {
	Text   string    `json:"text"`
	At     time.Time `json:"at"`              // when it came to be owed
	Begun  time.Time `json:"begun,omitzero"`  // when somebody began to send it
	Answer bool      `json:"answer,omitzero"` // it carries the answer: how it went is noted with the decision
}

// sendingTime is how long sending may take. What is still marked as begun after it was cut off by the end of a process.
const sendingTime = time.Minute

// interrupted is noted of a message that may have gone out when a process died: it is not sent twice, a person finds out.
const interrupted = "发送时系统中断，不确定申请人是否收到，请电话确认"

// owe adds a message for the applicant to the record that is being written. Who did not file in chat is not owed any.
func (r *Request) owe(text string, at time.Time) {
	if r.Filing.OpenID != "" {
		r.Owed = append(slices.Clone(r.Owed), Owed{Text: text, At: at})
	}
}

// oweAnswer is owe for the text of the answer.
func (r *Request) oweAnswer(text string, at time.Time) {
	if r.owe(text, at); len(r.Owed) > 0 {
		r.Owed[len(r.Owed)-1].Answer = true
	}
}

// oweLetter adds the last letter to the applicant among those that were just issued.
func (r *Request) oweLetter(issued []Letter, at time.Time) {
	for _, l := range slices.Backward(issued) {
		if l.Audience == ToApplicant {
			r.owe(l.inChat(*r), at)
			return
		}
	}
}

// told sends what the applicant is owed after a verb was stored, the oldest first. A failure undoes nothing: what stays
// owed is sent by TellOwed.
func (d *Desk) told(ctx context.Context, r Request, err error) (Request, error) {
	if err != nil {
		return Request{}, err
	}
	for d.Notifier != nil && len(r.Owed) > 0 {
		after, err := d.tellFirst(ctx, r.ID)
		if err != nil {
			break
		}
		r = after
	}
	return r, nil
}

// TellOwed sends the messages that were left when a process died, and returns how many requests had some. A request that
// fails does not hold up the others.
func (d *Desk) TellOwed(ctx context.Context) (requests int, err error) {
	if d.Notifier == nil {
		return 0, nil
	}
	list, err := d.Register.Requests(ctx, Query{Owed: true})
	if err != nil {
		return 0, err
	}
	var errs []error
	for _, r := range list {
		if len(r.Owed) == 0 {
			continue
		}
		requests++
		for range r.Owed {
			if _, err := d.tellFirst(ctx, r.ID); err != nil && !errors.Is(err, errNoChange) {
				errs = append(errs, err)
				break
			}
		}
	}
	return requests, errors.Join(errs...)
}

// tellFirst sends the oldest message that is owed. It returns errNoChange when there is none or another process is at it.
func (d *Desk) tellFirst(ctx context.Context, id string) (Request, error) {
	var next Owed
	claimed, err := d.Register.Update(ctx, id, func(r *Request) (err error) {
		next, err = r.claim(d.Now().UTC())
		return err
	})
	if err != nil || next.Text == "" {
		return claimed, err
	}
	how, err := d.Notifier.Notify(ctx, claimed.Filing.OpenID, next.Text)
	if err != nil {
		how = "微信通知没有发出，需要电话联系申请人"
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), noteWithin)
	defer cancel()
	return d.Register.Update(ctx, id, func(r *Request) error {
		r.noteTold(next, how, d.Now())
		return nil
	})
}

// noteWithin is how long noting that a message went out may take, whatever is left of the caller's time: it went out.
const noteWithin = 3 * time.Second

// claim marks the oldest message as being sent and returns it. One that was begun by a process that is gone is struck off
// instead, with an event; no text is returned.
func (r *Request) claim(now time.Time) (Owed, error) {
	if len(r.Owed) == 0 {
		return Owed{}, errNoChange
	}
	r.Owed = slices.Clone(r.Owed)
	switch first := &r.Owed[0]; {
	case first.Begun.IsZero():
		first.Begun = now
		return *first, nil
	case now.Sub(first.Begun) < sendingTime:
		return Owed{}, errNoChange
	}
	r.noteTold(r.Owed[0], interrupted, now)
	return Owed{}, nil
}

// noteTold strikes a message off and leaves the event that says how it went.
func (r *Request) noteTold(o Owed, how string, at time.Time) {
	r.Owed = slices.DeleteFunc(slices.Clone(r.Owed), func(other Owed) bool { return other.At.Equal(o.At) && other.Text == o.Text })
	if o.Answer && r.Decision != nil {
		r.Decision.NotifiedOutcome = how
	}
	r.Trail = r.Trail.Append(staff.System, at, string(DoNotify), "通知申请人："+how+"。", "")
}
