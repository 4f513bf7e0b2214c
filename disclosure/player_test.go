package disclosure_test

import (
	"context"
	"encoding/json"

	"shoushan/disclosure"
	"shoushan/fault"
	"shoushan/staff"
	"shoushan/workday"
)

// player plays the steps of one scenario against a desk.
type player struct {
	*world
	ctx context.Context
	id  string
}

func (p *player) today() workday.Date { return workday.Of(p.now) }

func (p *player) actor(s stepData, usual staff.Member) staff.Member {
	switch name := s.text("by", s.text("approver", "")); name {
	case "clerk", "desk", "drafter":
		return clerk
	case "second":
		return second
	case "head", "approver", "signer":
		return head
	case "author":
		return author
	case "citizen", "applicant":
		return staff.Citizen
	case "system", "clock":
		return staff.System
	case "":
		return usual
	default: // somebody else who may both handle and sign
		return staff.Member{ID: name, Name: name, Roles: second.Roles}
	}
}

type verb func(p *player, s stepData) (disclosure.Request, error)

// verbs is what a scenario can do; the words are those of the trail.
var verbs = map[string]verb{
	"submit": (*player).submit,
	"confirm": func(p *player, s stepData) (disclosure.Request, error) {
		return p.Confirm(p.ctx, p.actor(s, staff.Citizen), p.id)
	},
	"register": func(p *player, s stepData) (disclosure.Request, error) {
		return p.Accept(p.ctx, p.actor(s, clerk), p.id)
	},
	"assign": func(p *player, s stepData) (disclosure.Request, error) {
		return p.Assign(p.ctx, p.actor(s, clerk), p.id, s.text("to", s.text("handler", clerk.ID)))
	},
	"request_supplement": func(p *player, s stepData) (disclosure.Request, error) {
		r, err := p.RequestSupplement(p.ctx, p.actor(s, clerk), p.id, s.list("items", "请写明所需文件的年份。"), s.day(workday.Date{}, "until"))
		return p.signed(r, err, head)
	},
	"receive_supplement": func(p *player, s stepData) (disclosure.Request, error) {
		answer := disclosure.SupplementAnswer{Description: s.text("description", "2025年的名册"), On: s.day(workday.Date{}, arrived...)}
		return p.ReceiveSupplement(p.ctx, p.actor(s, clerk), p.id, answer)
	},
	"lapse": func(p *player, s stepData) (disclosure.Request, error) {
		r, err := p.Lapse(p.ctx, p.actor(s, staff.System), p.id)
		return p.signed(r, err, head)
	},
	"consult": func(p *player, s stepData) (disclosure.Request, error) {
		party := disclosure.Party(s.one("third_party", "co_maker", "other_organ"))
		r, err := p.Consult(p.ctx, p.actor(s, clerk), p.id, party, s.text("name", "某某公司"), s.text("about", "采购合同的报价"))
		if r, err = p.signed(r, err, head); err != nil || s.day(workday.Date{}, arrived...).IsZero() {
			return r, err
		}
		return p.seen(s)
	},
	"consultation_received": func(p *player, s stepData) (disclosure.Request, error) {
		return p.ConsultationReceived(p.ctx, p.actor(s, clerk), p.id, p.asked(s), s.day(workday.Date{}, arrived...))
	},
	"assist": func(p *player, s stepData) (disclosure.Request, error) {
		r, err := p.Assist(p.ctx, p.actor(s, clerk), p.id, s.text("name", "财政所"), s.text("about", "检索2025年采购合同"), s.day(workday.Date{}, "until"))
		return p.signed(r, err, head)
	},
	"consultation_reply": func(p *player, s stepData) (disclosure.Request, error) {
		answer := disclosure.Agrees
		if agreed, said := s["consent"].(bool); said && !agreed || s.one("refuses", "refuse", "disagrees", "disagree", "objects", "object") != "" {
			answer = disclosure.Refuses
		}
		a := disclosure.ConsultationAnswer{Answer: answer, Ground: s.text("ground", "涉及商业秘密"), On: s.day(workday.Date{}, arrived...), No: p.asked(s)}
		return p.ConsultationReply(p.ctx, p.actor(s, clerk), p.id, a)
	},
	"state_reasons": func(p *player, s stepData) (disclosure.Request, error) {
		r, err := p.StateReasons(p.ctx, p.actor(s, clerk), p.id, s.text("facts", "本月共提出42件内容相近的申请"), s.day(p.today().AddDays(1), "until"))
		return p.signed(r, err, head)
	},
	"receive_reasons": func(p *player, s stepData) (disclosure.Request, error) {
		return p.ReceiveReasons(p.ctx, p.actor(s, clerk), p.id, s.text("text", "几块承包地的面积对不上，要逐年核对"), s.day(workday.Date{}, arrived...))
	},
	"extend": func(p *player, s stepData) (disclosure.Request, error) {
		r, err := p.Extend(p.ctx, p.drafter(s), p.id, s.number(), s.text("reason", "需要查阅的档案较多"))
		return p.signed(r, err, p.actor(s, head))
	},
	"delay": func(p *player, s stepData) (disclosure.Request, error) {
		r, err := p.Delay(p.ctx, p.drafter(s), p.id, s.day(workday.Date{}, "until"), s.text("reason", "一次申请的数量较多"))
		return p.signed(r, err, p.actor(s, head))
	},
	"charge_fee": func(p *player, s stepData) (disclosure.Request, error) {
		if s["pieces"] != nil && s["pages"] != nil {
			return disclosure.Request{}, fault.New(fault.Invalid, "一件申请只能按一种标准收费。")
		}
		r, err := p.ChargeFee(p.ctx, p.actor(s, clerk), p.id, disclosure.FeeBasis(s.one("pieces", "pages")), s.number())
		return p.signed(r, err, head)
	},
	"pay_fee": func(p *player, s stepData) (disclosure.Request, error) {
		return p.PayFee(p.ctx, p.actor(s, clerk), p.id, s.text("receipt", "晋财票0012345"), s.day(workday.Date{}, append(arrived, "paid_on")...))
	},
	"fee_notice_received": func(p *player, s stepData) (disclosure.Request, error) {
		return p.FeeNoticeReceived(p.ctx, p.actor(s, clerk), p.id, s.day(workday.Date{}, arrived...))
	},
	"decide": (*player).decide,
	"sign_off": func(p *player, s stepData) (disclosure.Request, error) {
		return p.SignOff(p.ctx, p.actor(s, head), p.id)
	},
	"return_draft": func(p *player, s stepData) (disclosure.Request, error) {
		return p.ReturnDraft(p.ctx, p.actor(s, head), p.id, s.text("reason", "理由没有写清"))
	},
	"deliver": func(p *player, s stepData) (disclosure.Request, error) {
		via := disclosure.Delivery(s.one("wechat", "post", "pickup", "email"))
		return p.DeliverOn(p.ctx, p.actor(s, clerk), p.id, via, s.text("proof", "EMS 1234567890123"), s.day(workday.Date{}, "served_on", "on"))
	},
	"withdraw": func(p *player, s stepData) (disclosure.Request, error) {
		return p.WithdrawOn(p.ctx, p.actor(s, staff.Citizen), p.id, s.text("reason", ""), s.day(workday.Date{}, arrived...))
	},
	"correct": (*player).correct,
	"reopen": func(p *player, s stepData) (disclosure.Request, error) {
		return p.Reopen(p.ctx, p.actor(s, head), p.id, s.text("reason", "行政复议决定撤销原答复"))
	},
	"remedy_open": func(p *player, s stepData) (disclosure.Request, error) {
		kind := disclosure.RemedyKind(s.one("reconsideration", "litigation_direct", "litigation_after_reconsideration"))
		return p.OpenRemedy(p.ctx, p.actor(s, clerk), p.id, disclosure.Remedy{
			Kind: kind, Number: s.text("number", ""), OpenedOn: s.day(workday.Date{}, append(arrived, "opened_on")...),
		})
	},
	"split": func(p *player, s stepData) (disclosure.Request, error) {
		return p.Split(p.ctx, p.actor(s, clerk), p.id, s.text("keep", "第一项"), s.list("parts", "第二项"))
	},
	"archive": func(p *player, s stepData) (disclosure.Request, error) {
		return p.ArchiveCase(p.ctx, p.actor(s, clerk), p.id, s.text("number", "2026-XXGK-001"))
	},
	"remedy_close": func(p *player, s stepData) (disclosure.Request, error) {
		return p.CloseRemedy(p.ctx, p.actor(s, clerk), p.id, disclosure.RemedyResult(s.one("upheld", "corrected", "other")), s.day(workday.Date{}, "closed_on", "on"))
	},
}

// asked is the number of the consultation that a step is about: its own, that of the open one with the party it names, or 0.
func (p *player) asked(s stepData) int {
	party := disclosure.Party(s.one("third_party", "co_maker", "other_organ"))
	r, err := p.Register.Request(p.ctx, p.id)
	if n := s.number(); n > 0 || party == "" || err != nil {
		return n
	}
	for _, c := range r.Consultations {
		if c.Party == party && c.Answer == "" {
			return c.No
		}
	}
	return 0
}

func (p *player) submit(s stepData) (disclosure.Request, error) {
	kind := disclosure.ApplicantKind(s.text("applicant", "natural"))
	f, by := atCounter(), clerk
	if kind != disclosure.NaturalPerson {
		f = ofCompany()
	}
	f.Matter = disclosure.Matter(s.text("matter", ""))
	f.Personal.Name, f.Personal.Description = s.text("name", f.Personal.Name), s.text("description", f.Personal.Description)
	f.ApplicantKind, f.Channel = kind, disclosure.Channel(s.text("channel", "counter"))
	f.AnnouncedOn = s.day(workday.Date{}, arrived...)
	if f.Channel == disclosure.ByWeChat {
		f.OpenID, f.Delivery, f.AnnouncedOn, by = "oCitizen1", disclosure.DeliverByWeChat, workday.Date{}, staff.Citizen
	}
	f.Delivery, f.Medium = disclosure.Delivery(s.text("delivery", string(f.Delivery))), disclosure.Medium(s.text("medium", string(f.Medium)))
	r, err := p.Submit(p.ctx, p.actor(s, by), f)
	if err == nil {
		p.id = r.ID
	}
	return r, err
}

// decide reads the decision's fields from the step as they are: what the file leaves out is left out.
func (p *player) decide(s stepData) (disclosure.Request, error) {
	var d disclosure.Decision
	data, err := json.Marshal(s)
	if err != nil {
		return disclosure.Request{}, err
	}
	if err := json.Unmarshal(data, &d); err != nil {
		return disclosure.Request{}, err
	}
	d.Outcome = disclosure.Outcome(s.text("row", ""))
	return p.Decide(p.ctx, p.actor(s, clerk), p.id, d)
}

func (p *player) correct(s stepData) (disclosure.Request, error) {
	c := disclosure.Correction{ApplicantKind: disclosure.ApplicantKind(s.text("applicant", "")), ReceivedOn: s.day(workday.Date{}, arrived...), Delivery: disclosure.Delivery(s.text("delivery", ""))}
	if c.ApplicantKind != "" {
		personal := ofCompany().Personal
		if c.ApplicantKind == disclosure.NaturalPerson {
			personal = atCounter().Personal
		}
		c.Personal = personal
	}
	return p.Correct(p.ctx, p.actor(s, clerk), p.id, c, s.text("reason", "登记时看错了"))
}
