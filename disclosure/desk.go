package disclosure

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
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
	eitherRight   = []staff.Right{staff.HandleRequests, staff.SignReplies} // to draft; signing is another's
)

var rules = map[Action]rule{
	DoSubmit:            {citizen: true, rights: handlersRight, article: "条例第二十九条"},
	DoConfirm:           {citizen: true, rights: handlersRight, article: "条例第三十一条"},
	DoRegister:          {rights: handlersRight, article: "条例第四十五条"},
	DoAssign:            {rights: eitherRight, article: "条例第四十五条"},
	DoRequestSupplement: {rights: handlersRight, article: "条例第三十条"},
	DoReceiveSupplement: {citizen: true, rights: handlersRight, article: "条例第三十条"},
	DoLapse:             {system: true, rights: handlersRight},
	DoConsult:           {rights: handlersRight},
	DoConsultationReply: {rights: handlersRight},
	DoStateReasons:      {rights: handlersRight, article: "条例第三十五条"},
	DoReceiveReasons:    {citizen: true, rights: handlersRight, article: "条例第三十五条"},
	DoExtend:            {rights: eitherRight, article: "条例第三十三条"},
	DoDelay:             {rights: eitherRight, article: "条例第三十五条"},
	DoChargeFee:         {rights: handlersRight, article: "条例第四十二条"},
	DoPayFee:            {rights: handlersRight, article: "条例第四十二条"},
	DoDecide:            {rights: handlersRight},
	DoSignOff:           {rights: signersRight, article: "条例第四十五条"},
	DoReturnDraft:       {rights: signersRight, article: "条例第四十五条"},
	DoDeliver:           {rights: handlersRight, article: "国办公开办函〔2016〕235号"},
	DoWithdraw:          {citizen: true, rights: handlersRight},
	DoCorrect:           {rights: handlersRight, article: "条例第四十五条"},
	DoSplit:             {rights: handlersRight, article: "国办函〔2020〕109号"},
	DoReopen:            {rights: signersRight, article: "条例第四十五条"},
	DoRemedyOpen:        {rights: []staff.Right{staff.HandleRequests, staff.ManageRegisters}, article: "条例第五十一条"},
	DoRemedyClose:       {rights: []staff.Right{staff.HandleRequests, staff.ManageRegisters}, article: "条例第五十一条"},
	DoArchive:           {rights: handlersRight, article: "条例第四十五条"},
	DoWithhold:          {rights: handlersRight, article: "条例第三十七条"},
	DoReadEnclosure:     {rights: eitherRight, article: "条例第十七条"},
	DoAttach:            {citizen: true, rights: handlersRight, article: "条例第四十五条"},
	DoAcknowledge:       {rights: eitherRight},
	DoNote:              {rights: eitherRight},
	DoSeeLetters:        {citizen: true, rights: handlersRight, article: "国办公开办函〔2016〕235号"},
	DoSuggest:           {citizen: true, rights: handlersRight, article: "条例第四十四条"},
	DoProactive:         {rights: handlersRight, article: "条例第四十四条"},
	DoHandBack:          {rights: handlersRight, article: "条例第四十五条"},
	DoAssist:            {rights: handlersRight, article: "条例第四条"},
	DoConsultationSeen:  {rights: handlersRight},
	DoFeeNoticeSeen:     {rights: handlersRight, article: "国办函〔2020〕109号"},
	DoDraftNotice:       {rights: handlersRight, article: "条例第四十五条"},
	DoSignNotice:        {rights: signersRight, article: "条例第四十五条"},
	DoReturnNotice:      {rights: eitherRight, article: "条例第四十五条"},
}

// MayDo reports whether the actor has the right to the verb, whatever the request's state; pages hide the other buttons.
func MayDo(by staff.Member, v Action) bool { return rules[v].permits(by, v) == nil }

func (u rule) permits(by staff.Member, v Action) error {
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
	return moment{by: by, at: now.UTC(), today: workday.Of(now), cal: cal, organ: d.organ(ctx)}, err
}

// organ is the organ with the office hours of the day.
func (d *Desk) organ(ctx context.Context) Organ {
	o := d.Organ
	if d.Hours != nil {
		o.Hours = cmp.Or(d.Hours(ctx), o.Hours)
	}
	return o
}

// step is what a verb makes of a record: where it goes and what the trail says.
type step struct {
	to      State
	note    string // a Chinese sentence without personal data
	article string // when it is not the rule's
}

// act changes a stored request by one verb: right, table, change, one event. Whatever is refused stores nothing.
func (d *Desk) act(ctx context.Context, by staff.Member, id string, v Action, change func(*Request, moment) (step, error)) (Request, error) {
	if err := rules[v].permits(by, v); err != nil {
		return Request{}, err
	}
	m, err := d.moment(ctx, by)
	if err != nil {
		return Request{}, err
	}
	r, err := d.Register.Update(ctx, id, func(r *Request) error { return r.do(v, m, change) })
	return d.told(ctx, r, err)
}

// letterNumbers takes the next number for each letter: answers have a series of their own, e.g. 崇政公复〔2026〕3号.
func (d *Desk) letterNumbers(ctx context.Context, letters []Letter, year int) ([]string, error) {
	var out []string
	for _, l := range letters {
		prefix := d.noticePrefix()
		if l.reply() {
			prefix = d.Organ.LetterPrefix
		}
		n, err := d.Serials.NextSerial(ctx, prefix, year)
		if err != nil {
			return nil, err
		}
		out = append(out, fmt.Sprintf("%s〔%d〕%d号", prefix, year, n))
	}
	return out, nil
}

// number gives the letters their numbers. That there are not as many of them is somebody else's work in between.
func number(letters []Letter, numbers []string) error {
	if len(letters) != len(numbers) {
		return errMovedOn
	}
	for i := range letters {
		letters[i].Number = numbers[i]
	}
	return nil
}

// noticePrefix is the series of notices beside that of replies: 崇政公复 → 崇政公告.
func (d *Desk) noticePrefix() string { return strings.TrimSuffix(d.Organ.LetterPrefix, "复") + "告" }

// do is act on the loaded record. What the calendar and the clock have settled by themselves is entered first.
func (r *Request) do(v Action, m moment, change func(*Request, moment) (step, error)) error {
	if r.Reckoned != nil {
		r.reckon(m.byItself())
	}
	if err := r.catchUp(v, m); err != nil {
		return err
	}
	if err := r.State.permits(v); err != nil {
		return err
	}
	if err := r.besideNotice(v); err != nil {
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
	r.Trail = r.Trail.Append(m.by, m.at, string(v), r.scrub(s.note), s.article)
	is := r.Clock.reckoned(m.cal)
	r.Reckoned = &is
	return nil
}

// byItself is the moment at which nobody but the clock acts.
func (m moment) byItself() moment {
	m.by = staff.System
	return m
}

// did reports whether the trail has the verb.
func (r Request) did(v Action) bool {
	return slices.ContainsFunc(r.Trail, func(e staff.Event) bool { return e.Action == string(v) })
}
