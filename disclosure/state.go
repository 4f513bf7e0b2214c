package disclosure

import (
	"slices"
	"strings"

	"shoushan/fault"
)

// Action is an act on a request, as it stands in the trail.
type Action string

// The actions.
const (
	DoSubmit            Action = "submit"
	DoConfirm           Action = "confirm"
	DoRegister          Action = "register"
	DoAssign            Action = "assign"
	DoRequestSupplement Action = "request_supplement"
	DoReceiveSupplement Action = "receive_supplement"
	DoLapse             Action = "lapse"
	DoConsult           Action = "consult"
	DoConsultationReply Action = "consultation_reply"
	DoStateReasons      Action = "state_reasons"
	DoReceiveReasons    Action = "receive_reasons"
	DoExtend            Action = "extend"
	DoDelay             Action = "delay"
	DoChargeFee         Action = "charge_fee"
	DoPayFee            Action = "pay_fee"
	DoDecide            Action = "decide"
	DoSignOff           Action = "sign_off"
	DoReturnDraft       Action = "return_draft"
	DoDeliver           Action = "deliver"
	DoWithdraw          Action = "withdraw"
	DoCorrect           Action = "correct"
	DoSplit             Action = "split"
	DoReopen            Action = "reopen"
	DoRemedyOpen        Action = "remedy_open"
	DoRemedyClose       Action = "remedy_close"
	DoArchive           Action = "archive"
	DoAssist            Action = "assist"
	DoConsultationSeen  Action = "consultation_received"
	DoFeeNoticeSeen     Action = "fee_notice_received"

	// These leave an event and never move a request; the table does not know them.
	DoDraftNotice  Action = "draft_notice"
	DoSignNotice   Action = "sign_notice" // the right to sign; the trail has the act that the signature does
	DoReturnNotice Action = "return_notice"
	DoAttach       Action = "attach"
	DoWithhold     Action = "withhold"

	DoReadEnclosure Action = "read_enclosure"
	DoRemind        Action = "remind"
	DoAcknowledge   Action = "acknowledge"
	DoNote          Action = "note"
	DoHandBack      Action = "hand_back"
	DoSeeLetters    Action = "letters_seen"
	DoSuggest       Action = "suggest_proactive"
	DoProactive     Action = "review_proactive"
	DoReveal        Action = "reveal"
	DoNotify        Action = "notify"
	DoRecalculate   Action = "recalculate"
)

// Actions lists the actions of the table in the order in which a request meets them.
func Actions() []Action {
	return []Action{
		DoSubmit, DoConfirm, DoRegister, DoAssign, DoRequestSupplement, DoReceiveSupplement, DoLapse, DoConsult,
		DoConsultationSeen, DoConsultationReply, DoAssist, DoStateReasons, DoReceiveReasons, DoExtend, DoDelay, DoChargeFee, DoFeeNoticeSeen, DoPayFee, DoDecide, DoSignOff,
		DoReturnDraft, DoDeliver, DoWithdraw, DoCorrect, DoSplit, DoReopen, DoRemedyOpen, DoRemedyClose, DoArchive,
	}
}

// Chinese returns the action's name as people see it.
func (v Action) Chinese() string { return verbNames[v] }

var verbNames = map[Action]string{
	DoSubmit: "提交", DoConfirm: "双方确认", DoRegister: "登记", DoAssign: "分办", DoRequestSupplement: "告知补正",
	DoReceiveSupplement: "收到补正", DoLapse: "逾期处理", DoConsult: "征求意见", DoConsultationReply: "登记征求意见的回复",
	DoStateReasons: "要求说明理由", DoReceiveReasons: "收到申请人说明的理由", DoExtend: "延期", DoDelay: "确定延迟答复期限", DoChargeFee: "通知缴费", DoPayFee: "登记缴费",
	DoDecide: "拟定答复", DoSignOff: "签发", DoReturnDraft: "退回修改", DoDeliver: "送达", DoWithdraw: "撤回",
	DoCorrect: "更正登记", DoSplit: "拆分", DoReopen: "重新办理", DoRemedyOpen: "登记复议诉讼", DoRemedyClose: "登记复议诉讼结果",
	DoArchive: "归档", DoAssist: "发协办函", DoConsultationSeen: "登记对方收到征求意见书",
	DoFeeNoticeSeen: "登记申请人收到收费通知书",
	DoDraftNotice:   "拟定告知书", DoSignNotice: "签发告知书", DoReturnNotice: "退回告知书",
	DoRemind: "期限提醒", DoAcknowledge: "确认提醒",
	DoHandBack: "退回分派", DoSeeLetters: "申请人收到文书", DoSuggest: "建议主动公开", DoProactive: "审核是否主动公开", DoAttach: "添加材料", DoWithhold: "遮盖材料", DoReadEnclosure: "查看附件", DoNote: "添加备注", DoReveal: "查看个人信息", DoNotify: "通知申请人", DoRecalculate: "重新计算期限",
}

// Transition is one permitted pair of state and verb with the state it leads to. The state before Submit is "".
type Transition struct {
	From   State
	Action Action
	To     State
}

// Transitions returns the whole table, in the order of States and Verbs. Where a pair leads to several states, each has
// its row; what decides between them is told by the verb's method.
func Transitions() []Transition { return slices.Clone(transitions) }

// transitions is the one table of what may be done when. What is not in it is refused.
var transitions = []Transition{
	{"", DoSubmit, Submitted}, // chat: waits for the double confirmation (条例第三十一条第三项)
	{"", DoSubmit, Handling},  // counter, post, phone, e-mail

	{Submitted, DoConfirm, Handling},
	{Submitted, DoRegister, Submitted},
	{Submitted, DoAssign, Submitted},
	{Submitted, DoWithdraw, Closed},
	{Submitted, DoCorrect, Submitted},

	{Handling, DoConfirm, Handling}, // post, phone and e-mail: kept as evidence, the clock stays
	{Handling, DoRegister, Handling},
	{Handling, DoAssign, Handling},
	{Handling, DoRequestSupplement, AwaitingSupplement},
	{Handling, DoConsult, Consulting},
	{Handling, DoAssist, Handling},
	{Handling, DoStateReasons, Handling},
	{Handling, DoReceiveReasons, Handling},
	{Handling, DoExtend, Handling},
	{Handling, DoDelay, Handling},
	{Handling, DoChargeFee, AwaitingPayment},
	{Handling, DoDecide, AwaitingSignoff},
	{Handling, DoWithdraw, Closed},
	{Handling, DoCorrect, Handling},
	{Handling, DoSplit, Handling},
	{Handling, DoRemedyOpen, Handling}, // no reply in time
	{Handling, DoRemedyClose, Handling},

	{AwaitingSupplement, DoRegister, AwaitingSupplement},
	{AwaitingSupplement, DoAssign, AwaitingSupplement},
	{AwaitingSupplement, DoReceiveSupplement, Handling},
	{AwaitingSupplement, DoLapse, Closed},
	{AwaitingSupplement, DoReceiveReasons, AwaitingSupplement},
	{AwaitingSupplement, DoWithdraw, Closed},
	{AwaitingSupplement, DoCorrect, AwaitingSupplement},
	{AwaitingSupplement, DoRemedyClose, AwaitingSupplement},

	{Consulting, DoRegister, Consulting},
	{Consulting, DoAssign, Consulting},
	{Consulting, DoLapse, Consulting}, // another consultation is still open
	{Consulting, DoLapse, Handling},   // silence
	{Consulting, DoConsult, Consulting},
	{Consulting, DoConsultationSeen, Consulting},
	{Consulting, DoAssist, Consulting},
	{Consulting, DoConsultationReply, Consulting},
	{Consulting, DoConsultationReply, Handling},
	{Consulting, DoExtend, Consulting},
	{Consulting, DoReceiveReasons, Consulting},
	{Consulting, DoWithdraw, Closed},
	{Consulting, DoCorrect, Consulting},
	{Consulting, DoRemedyOpen, Consulting},
	{Consulting, DoRemedyClose, Consulting},

	{AwaitingPayment, DoRegister, AwaitingPayment},
	{AwaitingPayment, DoAssign, AwaitingPayment},
	{AwaitingPayment, DoLapse, Closed},
	{AwaitingPayment, DoFeeNoticeSeen, AwaitingPayment},
	{AwaitingPayment, DoPayFee, Handling},
	{AwaitingPayment, DoReceiveReasons, AwaitingPayment},
	{AwaitingPayment, DoWithdraw, Closed},
	{AwaitingPayment, DoCorrect, AwaitingPayment},
	{AwaitingPayment, DoRemedyClose, AwaitingPayment},

	{AwaitingSignoff, DoRegister, AwaitingSignoff},
	{AwaitingSignoff, DoAssign, AwaitingSignoff},
	{AwaitingSignoff, DoSignOff, AwaitingDelivery},
	{AwaitingSignoff, DoReturnDraft, Handling},
	{AwaitingSignoff, DoReceiveReasons, AwaitingSignoff},
	{AwaitingSignoff, DoWithdraw, Closed},
	{AwaitingSignoff, DoRemedyOpen, AwaitingSignoff},
	{AwaitingSignoff, DoRemedyClose, AwaitingSignoff},

	{AwaitingDelivery, DoRegister, AwaitingDelivery},
	{AwaitingDelivery, DoAssign, AwaitingDelivery},
	{AwaitingDelivery, DoReturnDraft, Handling},
	{AwaitingDelivery, DoDeliver, Closed},
	{AwaitingDelivery, DoReceiveReasons, AwaitingDelivery},
	{AwaitingDelivery, DoWithdraw, Closed},
	{AwaitingDelivery, DoRemedyOpen, AwaitingDelivery},
	{AwaitingDelivery, DoRemedyClose, AwaitingDelivery},

	{Closed, DoCorrect, Closed},
	{Closed, DoReopen, Handling},
	{Closed, DoRemedyOpen, Closed},
	{Closed, DoRemedyClose, Closed},
	{Closed, DoArchive, Closed},
}

// Actions returns what may be done in the state.
func (s State) Actions() []Action {
	var out []Action
	for _, t := range transitions {
		if t.From == s && !slices.Contains(out, t.Action) {
			out = append(out, t.Action)
		}
	}
	return out
}

// Allows reports whether the table has the verb in the state.
func (s State) Allows(v Action) bool { return slices.Contains(s.Actions(), v) }

// permits returns a Conflict that says what can be done instead when the verb is not in the table.
func (s State) permits(v Action) error {
	if s.Allows(v) {
		return nil
	}
	var names []string
	for _, other := range s.Actions() {
		names = append(names, other.Chinese())
	}
	return fault.Newf(fault.Conflict, "这件申请“%s”，不能“%s”；现在可以：%s。", s.Chinese(), v.Chinese(), strings.Join(names, "、"))
}

// move is the only writer of the state. It returns a Conflict when the table lacks the step.
func (r *Request) move(v Action, to State) error {
	if err := r.State.permits(v); err != nil {
		return err
	}
	if !slices.Contains(transitions, Transition{r.State, v, to}) {
		return fault.Newf(fault.Conflict, "“%s”以后不能变成“%s”。", v.Chinese(), to.Chinese())
	}
	r.State = to
	return nil
}
