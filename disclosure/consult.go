package disclosure

import (
	"context"
	"fmt"

	"shoushan/fault"
	"shoushan/staff"
	"shoushan/workday"
)

// Party is who is consulted.
type Party string

// The parties. The silence of a third party leaves the decision to the organ; that of an organ is consent.
const (
	ThirdParty Party = "third_party" // 第三方, 条例第三十二条
	CoMaker    Party = "co_maker"    // 共同制作的机关, 条例第三十四条
	OtherOrgan Party = "other_organ" // 其他机关, 条例第三十三条第三款
)

// Parties lists the parties in the order of the articles.
func Parties() []Party { return []Party{ThirdParty, CoMaker, OtherOrgan} }

// Chinese returns the party's name as people see it.
func (p Party) Chinese() string {
	return map[Party]string{ThirdParty: "第三方", CoMaker: "共同制作机关", OtherOrgan: "其他机关"}[p]
}

func (p Party) article() string {
	return map[Party]string{ThirdParty: "条例第三十二条", CoMaker: "条例第三十四条", OtherOrgan: "条例第三十三条"}[p]
}

func (p Party) silence() string {
	if p == ThirdParty {
		return "逾期未提出意见，由本机关依照条例决定是否公开"
	}
	return "逾期未提出意见，视为同意公开"
}

// Answer is what came of a consultation.
type Answer string

// The answers. Silence is entered by Lapse.
const (
	Agrees  Answer = "agrees"
	Refuses Answer = "refuses"
	Silent  Answer = "silent"
)

// Chinese returns the answer's name as people see it.
func (a Answer) Chinese() string {
	return map[Answer]string{Agrees: "同意公开", Refuses: "不同意公开", Silent: "逾期未答复"}[a]
}

// Consultation is one written question to somebody else (征求意见). Its 15 working days do not count.
type Consultation struct {
	No         int          `json:"no"` // from 1
	Party      Party        `json:"party"`
	Name       string       `json:"name"`  // who is asked; may be a person's name, so it never enters the trail
	About      string       `json:"about"` // what information
	SentOn     workday.Date `json:"sent_on"`
	ReceivedOn workday.Date `json:"received_on,omitzero"` // when the party got the letter; zero while unknown
	Until      workday.Date `json:"until"`                // the last day for the answer
	Answer     Answer       `json:"answer,omitempty"`
	Ground     string       `json:"ground,omitempty"` // why the party refuses
	RepliedOn  workday.Date `json:"replied_on,omitzero"`
}

// ConsultationAnswer is the reply to a consultation. No may be 0 when only one is open; On is the day of its arrival, zero
// for today.
type ConsultationAnswer struct {
	No     int
	Answer Answer
	Ground string
	On     workday.Date
}

// Consult asks a third party, a co-maker or another organ in writing; the clock pauses from the day after until the
// answer arrives, at most 15 working days (条例第三十二条、第三十三条第三款、第三十四条). It may be done again for another
// party. Both letters wait for SignNotice.
func (d *Desk) Consult(ctx context.Context, by staff.Member, id string, party Party, name, about string) (Request, error) {
	return d.draft(ctx, by, id, DoConsult, Terms{Party: party, Name: name, About: about})
}

func consult(r *Request, m moment, t Terms) (step, error) {
	if t.Party.Chinese() == "" || blank(t.Name) || blank(t.About) {
		return step{}, fault.New(fault.Invalid, "请写明征求谁的意见、就什么信息征求，例如：第三方某某公司，采购合同中的报价。")
	}
	c := Consultation{
		No: len(r.Consultations) + 1, Party: t.Party, Name: t.Name, About: t.About,
		SentOn: m.today, Until: m.cal.Add(m.today, ConsultationDays).Date,
	}
	r.Consultations = append(r.Consultations, c)
	r.Clock = append(r.Clock, Entry{
		Kind: Pause, On: m.today, At: m.at, Days: ConsultationDays, Ref: c.No, Article: "条例第三十三条第三款", Cause: "征求" + t.Party.Chinese() + "意见",
	})
	r.issue(consultationLetter(*r, c, m), m)
	r.issue(consultationNotice(*r, c, m), m)
	note := "书面征求" + t.Party.Chinese() + "意见，答复期限到" + c.Until.Chinese() + "。"
	return step{to: Consulting, note: note, article: t.Party.article()}, nil
}

// ConsultationReceived enters the day on which the party received the letter: its 15 working days run from then
// (条例第三十二条、第三十四条), and the pause with them. Until it is known they run from the day the letter was sent. no may be 0
// when only one is open.
func (d *Desk) ConsultationReceived(ctx context.Context, by staff.Member, id string, no int, on workday.Date) (Request, error) {
	return d.act(ctx, by, id, DoConsultationSeen, func(r *Request, m moment) (step, error) {
		c, err := r.consultation(no)
		if err != nil {
			return step{}, err
		}
		if !c.ReceivedOn.IsZero() {
			return step{}, fault.Newf(fault.Conflict, "已经登记对方在%s收到征求意见书。", c.ReceivedOn.Chinese())
		}
		if on, err = m.dayOrToday(on, c.SentOn); err != nil {
			return step{}, err
		}
		c.ReceivedOn, c.Until = on, m.cal.Add(on, ConsultationDays).Date
		r.Clock = append(r.Clock, Entry{
			Kind: Received, On: on, At: m.at, Days: ConsultationDays, Ref: c.No, Article: c.Party.article(), Cause: c.Party.Chinese() + "收到征求意见书",
		})
		note := fmt.Sprintf("%s在%s收到征求意见书，提出意见的期限到%s。", c.Party.Chinese(), on.Chinese(), c.Until.Chinese())
		return step{to: Consulting, note: note, article: c.Party.article()}, nil
	})
}

// ConsultationReply enters the answer; when no other consultation is open, handling goes on and the clock with it. An
// answer that comes after the 15 days gives no more days.
func (d *Desk) ConsultationReply(ctx context.Context, by staff.Member, id string, a ConsultationAnswer) (Request, error) {
	return d.act(ctx, by, id, DoConsultationReply, func(r *Request, m moment) (step, error) {
		c, err := r.consultation(a.No)
		if err != nil {
			return step{}, err
		}
		if a.Answer != Agrees && a.Answer != Refuses {
			return step{}, fault.New(fault.Invalid, "请选择答复：同意公开或者不同意公开；逾期未答复的用“逾期处理”。")
		}
		if a.Answer == Refuses && blank(a.Ground) {
			return step{}, fault.New(fault.Invalid, "不同意公开的，请写明对方的理由，例如：涉及商业秘密（条例第三十二条）。")
		}
		on, err := m.dayOrToday(a.On, c.SentOn)
		if err != nil {
			return step{}, err
		}
		r.answered(c, a.Answer, on, m)
		c.Ground = a.Ground
		note := fmt.Sprintf("%s答复：%s。", c.Party.Chinese(), a.Answer.Chinese())
		return step{to: r.consulted(m), note: note, article: c.Party.article()}, nil
	})
}

// consulted returns where the case goes after an answer or a silence; when nobody's opinion is awaited any more, the
// applicant in chat is told that the clock goes on.
func (r *Request) consulted(m moment) State {
	to := r.consultingOr(Handling)
	if to == Handling {
		r.owe(consultationOver(*r, m.cal), m.at)
	}
	return to
}

// consultation finds an open consultation by number, or the only open one.
func (r *Request) consultation(no int) (*Consultation, error) {
	var found *Consultation
	for i := range r.Consultations {
		c := &r.Consultations[i]
		if c.Answer != "" || no != 0 && c.No != no {
			continue
		}
		if found != nil {
			return nil, fault.New(fault.Invalid, "有几件征求意见还没有答复，请选择是哪一件。")
		}
		found = c
	}
	if found == nil {
		return nil, fault.New(fault.Conflict, "这一件征求意见已经有了答复。")
	}
	return found, nil
}

func (r *Request) answered(c *Consultation, a Answer, on workday.Date, m moment) {
	c.Answer, c.RepliedOn = a, on
	cause := c.Party.Chinese() + a.Chinese()
	r.Clock = append(r.Clock, Entry{Kind: Resume, On: on, At: m.at, Ref: c.No, Article: "条例第三十三条第三款", Cause: cause})
}

// consultingOr returns Consulting while an answer is awaited, and the given state otherwise.
func (r Request) consultingOr(s State) State {
	for _, c := range r.Consultations {
		if c.Answer == "" {
			return Consulting
		}
	}
	return s
}

// lapseConsultations enters the silence of everyone whose days are over.
func (r *Request) lapseConsultations(m moment) (step, error) {
	note, article := "", ""
	var until workday.Date
	for i := range r.Consultations {
		c := &r.Consultations[i]
		if c.Answer != "" {
			continue
		}
		until = c.Until
		if m.today.After(c.Until) {
			r.answered(c, Silent, c.Until, m)
			note, article = note+c.Party.Chinese()+c.Party.silence()+"。", c.Party.article()
		}
	}
	if note == "" {
		return step{}, fault.Newf(fault.Conflict, "征求意见的期限到%s才届满，现在还不能按逾期处理。", until.Chinese())
	}
	return step{to: r.consulted(m), note: note, article: article}, nil
}

// catchUp enters what the clock has settled by itself before someone acts: consultations whose days are over do not hold
// up the case.
func (r *Request) catchUp(v Action, m moment) error {
	if r.State != Consulting || v == DoLapse || v == DoConsultationReply || r.State.Allows(v) {
		return nil
	}
	for _, c := range r.Consultations {
		if c.Answer == "" && !m.today.After(c.Until) {
			return nil
		}
	}
	return r.do(DoLapse, m.byItself(), func(r *Request, m moment) (step, error) { return r.lapseConsultations(m) })
}

// thirdPartyNotices are the notices to whoever refused and whose information is nevertheless disclosed (条例第三十二条). They are
// drafted, signed and sent with the answer. Where the rest is withheld for a third party's sake nothing of it is disclosed.
func thirdPartyNotices(r Request, m moment) []Letter {
	if d := r.Decision; d.Outcome != Granted && (d.Outcome != PartlyGranted || d.spares(ThirdPartyInterest)) {
		return nil
	}
	var out []Letter
	for _, c := range r.Consultations {
		if c.Party == ThirdParty && c.Answer == Refuses {
			out = append(out, thirdPartyNotice(r, c, m))
		}
	}
	return out
}
