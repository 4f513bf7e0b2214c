package disclosure

import (
	"context"
	"fmt"
	"slices"
	"unicode/utf8"

	"shoushan/fault"
	"shoushan/staff"
	"shoushan/workday"
)

// Reasons is what came of asking the applicant why the number and frequency of applications clearly go beyond what is
// reasonable (说明理由, 条例第三十五条). Nobody is asked for reasons otherwise.
type Reasons struct {
	AskedOn workday.Date `json:"asked_on"`
	Until   workday.Date `json:"until"` // the period for the reasons ends with this day
	Given   []Reason     `json:"given,omitempty"`
}

// Reason is what the applicant has said, in the order of its arrival. The text is personal.
type Reason struct {
	On   workday.Date `json:"on"`
	Text string       `json:"text"`
}

// maxReasonRunes bounds what is kept of one statement; longer ones come as a file of the case.
const maxReasonRunes = 2000

// StateReasons asks the applicant for the reasons of applications whose number and frequency are clearly beyond what is
// reasonable (要求说明理由, 条例第三十五条), once. facts says how many and how often. The clock goes on, so the period has to end
// before the answer is due. The notice waits for SignNotice.
func (d *Desk) StateReasons(ctx context.Context, by staff.Member, id, facts string, until workday.Date) (Request, error) {
	return d.draft(ctx, by, id, DoStateReasons, Terms{About: facts, Until: until})
}

func askReasons(r *Request, m moment, t Terms) (step, error) {
	due := r.Deadline(m.cal).Due
	switch {
	case r.Reasons != nil:
		return step{}, fault.New(fault.Conflict, "已经要求申请人说明理由，请根据申请人的说明办理。")
	case blank(t.About):
		return step{}, fault.New(fault.Invalid, "请写明申请的数量和频次，例如：2026年3月共提出42件内容相近的申请。")
	case !t.Until.After(m.today):
		return step{}, fault.Newf(fault.Invalid, "请给申请人说明理由的时间，应当晚于今天（%s）。", m.today)
	case m.today.Before(due) && !t.Until.Before(due):
		return step{}, fault.Newf(fault.Invalid, "说明理由的时间计算在答复期限内，应当早于答复期限（%s）。", due)
	}
	r.Reasons = &Reasons{AskedOn: m.today, Until: t.Until}
	r.issue(reasonsLetter(*r, t.About, t.Until, m), m)
	return step{to: Handling, note: "要求申请人说明理由，期限到" + t.Until.Chinese() + "。"}, nil
}

// ReceiveReasons records the reasons that the applicant gives and the day on which they arrived, zero for today. They are
// taken in until the case is closed, also after their period: a later one is added to the earlier. The clock goes on.
func (d *Desk) ReceiveReasons(ctx context.Context, by staff.Member, id, text string, on workday.Date) (Request, error) {
	return d.act(ctx, by, id, DoReceiveReasons, func(r *Request, m moment) (step, error) {
		switch {
		case r.Reasons == nil:
			return step{}, fault.New(fault.Conflict, "没有要求申请人说明理由，申请人也不需要说明理由（条例第二十九条、第三十五条）。")
		case blank(text):
			return step{}, fault.New(fault.Invalid, "请写明申请人说明的理由，例如：办理土地承包纠纷，需要逐年的台账。")
		case utf8.RuneCountInString(text) > maxReasonRunes:
			return step{}, fault.Newf(fault.Invalid, "理由最多写%d个字；更长的请写要点，原件作为材料添加到案卷。", maxReasonRunes)
		case slices.ContainsFunc(r.Reasons.Given, func(g Reason) bool { return g.Text == text }):
			return step{}, fault.New(fault.Conflict, "同样的理由已经登记过，不用重复登记。")
		}
		on, err := m.dayOrToday(on, r.Reasons.AskedOn)
		if err != nil {
			return step{}, err
		}
		heard := *r.Reasons
		heard.Given = append(slices.Clone(heard.Given), Reason{On: on, Text: text})
		r.Reasons = &heard
		return step{to: r.State, note: "申请人于" + on.Chinese() + "说明了理由。"}, nil
	})
}

// mayBeExcessive refuses to call a request excessive before the applicant was heard: the reasons were asked, and either
// they were given or their period is over (条例第三十五条).
func (r Request) mayBeExcessive(today workday.Date) error {
	switch {
	case r.Reasons == nil:
		return fault.New(fault.Conflict, "没有要求申请人说明理由，不能作“无正当理由大量反复申请”的处理；请先要求说明理由（条例第三十五条）。")
	case len(r.Reasons.Given) == 0 && !today.After(r.Reasons.Until):
		return fault.Newf(fault.Conflict,
			"申请人说明理由的期限到%s才届满，现在还不能作“无正当理由大量反复申请”的处理；已经收到理由的，请先登记（条例第三十五条）。", r.Reasons.Until.Chinese())
	}
	return nil
}

// reasonsHeard refuses to sign an answer that calls the request excessive and was drafted before the applicant's last
// reasons arrived: nobody has weighed them.
func (r Request) reasonsHeard() error {
	if r.Decision.Outcome == Excessive && r.lastDid(DoReceiveReasons) > r.lastDid(DoDecide) {
		return fault.New(fault.Conflict, "拟定答复以后申请人又说明了理由，这份答复没有考虑；请退回修改（条例第三十五条）。")
	}
	return nil
}

// UnheardReasons reports whether an answer in work calls the request excessive without the applicant's last reasons.
func (r Request) UnheardReasons() bool {
	return r.State != Closed && r.Decision != nil && r.reasonsHeard() != nil
}

// lastDid returns the number of the latest event of the act, or 0.
func (r Request) lastDid(v Action) int {
	for i := len(r.Trail) - 1; i >= 0; i-- {
		if r.Trail[i].Action == string(v) {
			return r.Trail[i].Seq
		}
	}
	return 0
}

// excessive says that the applicant was heard, and when.
func excessive(r Request) string {
	heard := fmt.Sprintf("本机关于%s%s要求您说明理由，", r.Reasons.AskedOn.Chinese(), r.under("reasons_notice"))
	if n := len(r.Reasons.Given); n > 0 {
		heard += fmt.Sprintf("您于%s作了说明，本机关认为理由不合理", r.Reasons.Given[n-1].On.Chinese())
	} else {
		heard += fmt.Sprintf("您在期限（%s）内没有说明", r.Reasons.Until.Chinese())
	}
	return "您申请的数量、频次明显超过合理范围。" + heard + "，对本申请不予处理。"
}
