package disclosure

import (
	"slices"
	"strings"

	"shoushan/fault"
)

// Verb is an act on a request, as it stands in the trail.
type Verb string

// The verbs.
const (
	VerbSubmit            Verb = "submit"
	VerbConfirm           Verb = "confirm"
	VerbRegister          Verb = "register"
	VerbAssign            Verb = "assign"
	VerbRequestSupplement Verb = "request_supplement"
	VerbReceiveSupplement Verb = "receive_supplement"
	VerbLapse             Verb = "lapse"
	VerbConsult           Verb = "consult"
	VerbConsultationReply Verb = "consultation_reply"
	VerbStateReasons      Verb = "state_reasons"
	VerbExtend            Verb = "extend"
	VerbDelay             Verb = "delay"
	VerbChargeFee         Verb = "charge_fee"
	VerbPayFee            Verb = "pay_fee"
	VerbDecide            Verb = "decide"
	VerbSignOff           Verb = "sign_off"
	VerbReturnDraft       Verb = "return_draft"
	VerbDeliver           Verb = "deliver"
	VerbWithdraw          Verb = "withdraw"
	VerbCorrect           Verb = "correct"
	VerbSplit             Verb = "split"
	VerbReopen            Verb = "reopen"
	VerbRemedyOpen        Verb = "remedy_open"
	VerbRemedyClose       Verb = "remedy_close"
)

// Verbs lists the verbs in the order in which a request meets them.
func Verbs() []Verb {
	return []Verb{
		VerbSubmit, VerbConfirm, VerbRegister, VerbAssign, VerbRequestSupplement, VerbReceiveSupplement, VerbLapse, VerbConsult,
		VerbConsultationReply, VerbStateReasons, VerbExtend, VerbDelay, VerbChargeFee, VerbPayFee, VerbDecide, VerbSignOff,
		VerbReturnDraft, VerbDeliver, VerbWithdraw, VerbCorrect, VerbSplit, VerbReopen, VerbRemedyOpen, VerbRemedyClose,
	}
}

// Chinese returns the verb's name as people see it.
func (v Verb) Chinese() string { return verbNames[v] }

var verbNames = map[Verb]string{
	VerbSubmit: "提交", VerbConfirm: "双方确认", VerbRegister: "登记", VerbAssign: "分办", VerbRequestSupplement: "告知补正",
	VerbReceiveSupplement: "收到补正", VerbLapse: "逾期处理", VerbConsult: "征求意见", VerbConsultationReply: "登记征求意见的回复",
	VerbStateReasons: "要求说明理由", VerbExtend: "延期", VerbDelay: "确定延迟答复期限", VerbChargeFee: "通知缴费", VerbPayFee: "登记缴费",
	VerbDecide: "拟定答复", VerbSignOff: "签发", VerbReturnDraft: "退回修改", VerbDeliver: "送达", VerbWithdraw: "撤回",
	VerbCorrect: "更正登记", VerbSplit: "拆分", VerbReopen: "重新办理", VerbRemedyOpen: "登记复议诉讼", VerbRemedyClose: "登记复议诉讼结果",
}

// Transition is one permitted pair of state and verb with the state it leads to. The state before Submit is "".
type Transition struct {
	From State
	Verb Verb
	To   State
}

// Transitions returns the whole table, in the order of States and Verbs. Where a pair leads to several states, each has
// its row; what decides between them is told by the verb's method.
func Transitions() []Transition { return slices.Clone(transitions) }

// transitions is the one table of what may be done when. What is not in it is refused.
var transitions = []Transition{
	{"", VerbSubmit, Submitted}, // chat: waits for the double confirmation (条例第三十一条第三项)
	{"", VerbSubmit, Handling},  // counter, post, phone, e-mail

	{Submitted, VerbConfirm, Handling},
	{Submitted, VerbRegister, Submitted},
	{Submitted, VerbAssign, Submitted},
	{Submitted, VerbWithdraw, Closed},
	{Submitted, VerbCorrect, Submitted},

	{Handling, VerbConfirm, Handling}, // phone and e-mail: kept as evidence, the clock stays
	{Handling, VerbRegister, Handling},
	{Handling, VerbAssign, Handling},
	{Handling, VerbRequestSupplement, AwaitingSupplement},
	{Handling, VerbConsult, Consulting},
	{Handling, VerbStateReasons, Handling},
	{Handling, VerbExtend, Handling},
	{Handling, VerbDelay, Handling},
	{Handling, VerbChargeFee, AwaitingPayment},
	{Handling, VerbDecide, AwaitingSignoff},
	{Handling, VerbWithdraw, Closed},
	{Handling, VerbCorrect, Handling},
	{Handling, VerbSplit, Handling},
	{Handling, VerbRemedyOpen, Handling}, // no reply in time
	{Handling, VerbRemedyClose, Handling},

	{AwaitingSupplement, VerbRegister, AwaitingSupplement},
	{AwaitingSupplement, VerbAssign, AwaitingSupplement},
	{AwaitingSupplement, VerbReceiveSupplement, Handling},
	{AwaitingSupplement, VerbLapse, Closed},
	{AwaitingSupplement, VerbWithdraw, Closed},
	{AwaitingSupplement, VerbCorrect, AwaitingSupplement},

	{Consulting, VerbRegister, Consulting},
	{Consulting, VerbAssign, Consulting},
	{Consulting, VerbLapse, Consulting}, // another consultation is still open
	{Consulting, VerbLapse, Handling},   // silence
	{Consulting, VerbConsult, Consulting},
	{Consulting, VerbConsultationReply, Consulting},
	{Consulting, VerbConsultationReply, Handling},
	{Consulting, VerbExtend, Consulting},
	{Consulting, VerbWithdraw, Closed},
	{Consulting, VerbCorrect, Consulting},

	{AwaitingPayment, VerbRegister, AwaitingPayment},
	{AwaitingPayment, VerbAssign, AwaitingPayment},
	{AwaitingPayment, VerbLapse, Closed},
	{AwaitingPayment, VerbPayFee, Handling},
	{AwaitingPayment, VerbWithdraw, Closed},
	{AwaitingPayment, VerbCorrect, AwaitingPayment},

	{AwaitingSignoff, VerbRegister, AwaitingSignoff},
	{AwaitingSignoff, VerbAssign, AwaitingSignoff},
	{AwaitingSignoff, VerbSignOff, AwaitingDelivery},
	{AwaitingSignoff, VerbReturnDraft, Handling},
	{AwaitingSignoff, VerbWithdraw, Closed},
	{AwaitingSignoff, VerbRemedyOpen, AwaitingSignoff},
	{AwaitingSignoff, VerbRemedyClose, AwaitingSignoff},

	{AwaitingDelivery, VerbRegister, AwaitingDelivery},
	{AwaitingDelivery, VerbAssign, AwaitingDelivery},
	{AwaitingDelivery, VerbReturnDraft, Handling},
	{AwaitingDelivery, VerbDeliver, Closed},
	{AwaitingDelivery, VerbWithdraw, Closed},
	{AwaitingDelivery, VerbRemedyOpen, AwaitingDelivery},
	{AwaitingDelivery, VerbRemedyClose, AwaitingDelivery},

	{Closed, VerbCorrect, Closed},
	{Closed, VerbReopen, Handling},
	{Closed, VerbRemedyOpen, Closed},
	{Closed, VerbRemedyClose, Closed},
}

// Verbs returns what may be done in the state.
func (s State) Verbs() []Verb {
	var out []Verb
	for _, t := range transitions {
		if t.From == s && !slices.Contains(out, t.Verb) {
			out = append(out, t.Verb)
		}
	}
	return out
}

// Allows reports whether the table has the verb in the state.
func (s State) Allows(v Verb) bool { return slices.Contains(s.Verbs(), v) }

// permits returns a Conflict that says what can be done instead when the verb is not in the table.
func (s State) permits(v Verb) error {
	if s.Allows(v) {
		return nil
	}
	var names []string
	for _, other := range s.Verbs() {
		names = append(names, other.Chinese())
	}
	return fault.Newf(fault.Conflict, "这件申请“%s”，不能“%s”；现在可以：%s。", s.Chinese(), v.Chinese(), strings.Join(names, "、"))
}

// move is the only writer of the state. It returns a Conflict when the table lacks the step.
func (r *Request) move(v Verb, to State) error {
	if err := r.State.permits(v); err != nil {
		return err
	}
	if !slices.Contains(transitions, Transition{r.State, v, to}) {
		return fault.Newf(fault.Conflict, "“%s”以后不能变成“%s”。", v.Chinese(), to.Chinese())
	}
	r.State = to
	return nil
}
