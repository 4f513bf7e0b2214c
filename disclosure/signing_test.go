package disclosure_test

import (
	"shoushan/disclosure"
	"shoushan/staff"
	"shoushan/workday"
)

// drafter writes the notice of an extension: the desk, unless who is named may do neither.
func (p *player) drafter(s stepData) staff.Member {
	if by := p.actor(s, clerk); !disclosure.MayDo(by, disclosure.DoExtend) {
		return by
	}
	return clerk
}

// signed has a second person sign the notice that a verb has drafted: scenarios tell what was done, and it is done by the
// signature. What is not signed is returned, so that the story can go on.
func (p *player) signed(r disclosure.Request, err error, signer staff.Member) (disclosure.Request, error) {
	if err != nil || r.Notice == nil {
		return r, err
	}
	if signed, err := p.SignNotice(p.ctx, signer, r.ID); err == nil {
		return signed, nil
	} else if _, back := p.ReturnNotice(p.ctx, head, r.ID, "没有签发"); back != nil {
		return r, back
	} else {
		return r, err
	}
}

// seen enters when the party got the letter, on that day when it is still to come.
func (p *player) seen(s stepData) (disclosure.Request, error) {
	on := s.day(workday.Date{}, arrived...)
	if on.After(p.today()) {
		p.now = on.At(9, 0)
	}
	r, err := p.Register.Request(p.ctx, p.id)
	if err != nil {
		return r, err
	}
	return p.ConsultationReceived(p.ctx, clerk, p.id, len(r.Consultations), on)
}
