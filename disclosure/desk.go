package disclosure

import (
	"context"
	"slices"
	"time"

	"shoushan/staff"
	"shoushan/workday"
)

// rule tells who may do a verb and on what ground it stands.
type rule struct {
	citizen, system bool          // the applicant, or the clock, may do it
	rights          []staff.Right // a member needs one of these
	article         string
}

var (
	handlersRight = []staff.Right{staff.HandleRequests}
	signersRight  = []staff.Right{staff.SignReplies}
)

var rules = map[Verb]rule{
	VerbSubmit:            {citizen: true, rights: handlersRight, article: "条例第二十九条"},
	VerbConfirm:           {citizen: true, rights: handlersRight, article: "条例第三十一条"},
	VerbRegister:          {rights: handlersRight, article: "条例第四十五条"},
	VerbAssign:            {rights: []staff.Right{staff.HandleRequests, staff.SignReplies}, article: "条例第四十五条"},
	VerbRequestSupplement: {rights: handlersRight, article: "条例第三十条"},
	VerbReceiveSupplement: {citizen: true, rights: handlersRight, article: "条例第三十条"},
	VerbLapse:             {system: true, rights: handlersRight},
	VerbConsult:           {rights: handlersRight},
	VerbConsultationReply: {rights: handlersRight},
	VerbStateReasons:      {rights: handlersRight, article: "条例第三十五条"},
	VerbExtend:            {rights: signersRight, article: "条例第三十三条"},
	VerbDelay:             {rights: signersRight, article: "条例第三十五条"},
	VerbChargeFee:         {rights: handlersRight, article: "条例第四十二条"},
	VerbPayFee:            {rights: handlersRight, article: "条例第四十二条"},
	VerbDecide:            {rights: handlersRight},
	VerbSignOff:           {rights: signersRight, article: "条例第四十五条"},
	VerbReturnDraft:       {rights: signersRight, article: "条例第四十五条"},
	VerbDeliver:           {rights: handlersRight, article: "国办公开办函〔2016〕235号"},
	VerbWithdraw:          {citizen: true, rights: handlersRight},
	VerbCorrect:           {rights: handlersRight, article: "条例第四十五条"},
	VerbSplit:             {rights: handlersRight, article: "国办函〔2020〕109号"},
	VerbReopen:            {rights: signersRight, article: "条例第四十五条"},
	VerbRemedyOpen:        {rights: []staff.Right{staff.HandleRequests, staff.ManageRegisters}, article: "条例第五十一条"},
	VerbRemedyClose:       {rights: []staff.Right{staff.HandleRequests, staff.ManageRegisters}, article: "条例第五十一条"},
}

// MayDo reports whether the actor has the right to the verb, whatever the request's state; pages hide the other buttons.
func MayDo(by staff.Member, v Verb) bool { return rules[v].permits(by, v) == nil }

func (u rule) permits(by staff.Member, v Verb) error {
	switch by.ID {
	case staff.Citizen.ID:
		if u.citizen {
			return nil
		}
	case staff.System.ID:
		if u.system {
			return nil
		}
	}
	if slices.ContainsFunc(u.rights, by.May) {
		return nil
	}
	return by.Require(u.rights[0], v.Chinese())
}

// moment is what a verb knows beside the record: who acts, when, under which calendar, for which organ.
type moment struct {
	by    staff.Member
	at    time.Time // UTC
	today workday.Date
	cal   workday.Calendar
	organ Organ
}

func (d *Desk) moment(ctx context.Context, by staff.Member) (moment, error) {
	cal, err := d.Calendar(ctx)
	now := d.Now()
	return moment{by: by, at: now.UTC(), today: workday.Of(now), cal: cal, organ: d.Organ}, err
}

// step is what a verb makes of a record: where it goes and what the trail says.
type step struct {
	to      State
	note    string // a Chinese sentence without personal data
	article string // when it is not the rule's
}

// act changes a stored request by one verb: right, table, change, one event. Whatever is refused stores nothing.
func (d *Desk) act(ctx context.Context, by staff.Member, id string, v Verb, change func(*Request, moment) (step, error)) (Request, error) {
	if err := rules[v].permits(by, v); err != nil {
		return Request{}, err
	}
	m, err := d.moment(ctx, by)
	if err != nil {
		return Request{}, err
	}
	return d.Register.Update(ctx, id, func(r *Request) error { return r.do(v, m, change) })
}

// do is act on the loaded record.
func (r *Request) do(v Verb, m moment, change func(*Request, moment) (step, error)) error {
	if err := r.State.permits(v); err != nil {
		return err
	}
	s, err := change(r, m)
	if err != nil {
		return err
	}
	if err := r.move(v, s.to); err != nil {
		return err
	}
	if s.article == "" {
		s.article = rules[v].article
	}
	r.Trail = r.Trail.Append(m.by, m.at, string(v), s.note, s.article)
	return nil
}

// did reports whether the trail has the verb.
func (r Request) did(v Verb) bool {
	return slices.ContainsFunc(r.Trail, func(e staff.Event) bool { return e.Action == string(v) })
}

// tell notifies the applicant who filed in chat, after the fact: how it went is an event of its own, and a failure undoes
// nothing. keep, which may be nil, lets the caller note the outcome on the record.
func (d *Desk) tell(ctx context.Context, r Request, text string, keep func(r *Request, how string)) (Request, error) {
	if r.Filing.OpenID == "" || d.Notifier == nil {
		return r, nil
	}
	how, err := d.Notifier.Notify(ctx, r.Filing.OpenID, text)
	if err != nil {
		how = "微信通知没有发出，需要电话联系申请人"
	}
	told, err := d.Register.Update(ctx, r.ID, func(r *Request) error {
		if keep != nil {
			keep(r, how)
		}
		r.Trail = r.Trail.Append(staff.System, d.Now(), "notify", "通知申请人："+how+"。", "")
		return nil
	})
	if err != nil {
		return r, nil // what was done stays done; the notifier keeps its own ledger
	}
	return told, nil
}
