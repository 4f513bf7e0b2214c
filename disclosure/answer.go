package disclosure

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"shoushan/fault"
	"shoushan/staff"
	"shoushan/workday"
)

// Decide drafts the answer: the outcome with everything its row of table 三 demands, and the letter. It then waits for the
// signature of a second person. What the outcome demands and the decision lacks is an Invalid fault; an outcome that this
// request cannot have is a Conflict.
func (d *Desk) Decide(ctx context.Context, by staff.Member, id string, dec Decision) (Request, error) {
	return d.act(ctx, by, id, DoDecide, func(r *Request, m moment) (step, error) {
		if err := r.canEndAs(dec.Outcome, m.today); err != nil {
			return step{}, err
		}
		if err := dec.Validate(); err != nil {
			return step{}, err
		}
		draft := dec.drafted(by.ID)
		if err := draft.blacken(); err != nil {
			return step{}, err
		}
		if err := r.leaks(draft); err != nil {
			return step{}, err
		}
		r.Decision = &draft
		r.dropDraft()
		r.Letters = append(r.Letters, replyLetter(*r, m))
		r.Letters = append(r.Letters, thirdPartyNotices(*r, m)...)
		return step{
			to: AwaitingSignoff, note: "拟定答复：" + dec.Outcome.Chinese() + "。",
			article: dec.basis(),
		}, nil
	})
}

// drafted returns the decision with what the drafter may say and nothing that signing and service add.
func (d Decision) drafted(by string) Decision {
	return Decision{
		Outcome: d.Outcome, How: d.How, Content: d.Content, Ground: d.Ground, RefusedRow: d.RefusedRow, Redactions: d.Redactions, GoverningLaw: d.GoverningLaw,
		SearchRecord: d.SearchRecord, RightOrgan: d.RightOrgan, ProperChannel: d.ProperChannel, EarlierLetter: d.EarlierLetter,
		Where: d.Where, DraftedBy: by,
	}
}

// canEndAs refuses outcomes that this request cannot have now.
func (r Request) canEndAs(o Outcome, today workday.Date) error {
	info := o.Info()
	switch {
	case info.Outcome == "":
		return nil // Validate says so
	case info.Matter != r.Filing.Matter:
		return fault.Newf(fault.Conflict, "这件是%s，不能作“%s”处理。", r.Filing.Matter.Chinese(), info.Label)
	case info.ByVerb == DoLapse:
		return fault.New(fault.Conflict, "这一结果由“逾期处理”登记：补正或者缴费期限届满以后，申请人没有补正或者缴费。")
	case o == StillUnclear && r.Supplement == nil:
		return fault.New(fault.Conflict, "没有要求过补正，不能作“补正后申请内容仍不明确”的答复；请先告知补正（条例第三十条）。")
	case o == Granted && r.withheld(false):
		return fault.New(fault.Conflict, "案卷里有标明需要遮盖的原件，应当作“部分公开”，不能作“予以公开”（条例第三十七条）。")
	case o == Excessive:
		return r.mayBeExcessive(today)
	}
	return nil
}

// dropDraft removes a reply that was drafted and never left the house, with the notices that go out beside it.
func (r *Request) dropDraft() {
	r.Letters = slices.DeleteFunc(r.Letters, Letter.waiting)
}

// waiting reports whether the letter belongs to an answer that has not been served.
func (l Letter) waiting() bool {
	return l.IssuedAt.IsZero() && (l.reply() || l.Template == thirdPartyTemplate)
}

// ReplyIndex returns the place in Letters of the answer in force or in work, or -1 when there is none.
func (r Request) ReplyIndex() int {
	if r.Decision == nil {
		return -1
	}
	for i := len(r.Letters) - 1; i >= 0; i-- {
		if r.Letters[i].reply() {
			return i
		}
	}
	return -1
}

// SignOff signs the drafted answer (签发) and gives the letter its number, e.g. 崇政公复〔2026〕3号. It needs the right to
// sign and somebody else than the drafter. What goes to third parties beside it is signed with it, under numbers of the
// notices' series. Numbers are taken only when the case is ready for them; when another person acts in the same instant
// one may be skipped, never given twice.
func (d *Desk) SignOff(ctx context.Context, by staff.Member, id string) (Request, error) {
	if err := rules[DoSignOff].permits(by, DoSignOff); err != nil {
		return Request{}, err
	}
	m, err := d.moment(ctx, by)
	if err != nil {
		return Request{}, err
	}
	rehearsed, err := d.Register.Request(ctx, id)
	if err != nil {
		return Request{}, err
	}
	if err := rehearsed.do(DoSignOff, m, signed); err != nil {
		return Request{}, err
	}
	numbers, err := d.letterNumbers(ctx, rehearsed.drafted(), m.today.Year())
	if err != nil {
		return Request{}, err
	}
	return d.act(ctx, by, id, DoSignOff, func(r *Request, m moment) (step, error) {
		if _, err := signed(r, m); err != nil {
			return step{}, err
		}
		drafts := r.drafted()
		if err := number(drafts, numbers); err != nil {
			return step{}, err
		}
		r.dropDraft()
		r.Letters = append(r.Letters, drafts...)
		return step{to: AwaitingDelivery, note: "签发答复，文号" + r.Letters[r.ReplyIndex()].Number + "。"}, nil
	})
}

func signed(r *Request, m moment) (step, error) {
	if err := r.notDrafter(m.by); err != nil {
		return step{}, err
	}
	if err := r.reasonsHeard(); err != nil {
		return step{}, err
	}
	if err := r.mayRelease(); err != nil {
		return step{}, err
	}
	r.Decision.Enclosed = nil
	for _, a := range r.Enclosures() {
		r.Decision.Enclosed = append(r.Decision.Enclosed, a.File)
	}
	r.Decision.SignedBy, r.Decision.SignedAt = m.by.ID, m.at
	for i := range r.Letters {
		if r.Letters[i].waiting() {
			r.Letters[i].Date, r.Letters[i].SignedBy = m.today, m.organ.Name
		}
	}
	return step{to: AwaitingDelivery}, nil
}

// drafted returns the answer in work and the notices that go out beside it.
func (r Request) drafted() []Letter {
	var out []Letter
	for _, l := range r.Letters {
		if l.waiting() {
			out = append(out, l)
		}
	}
	return out
}

func (r Request) notDrafter(by staff.Member) error {
	if r.Decision.DraftedBy == by.ID {
		return fault.New(fault.Forbidden, "答复由您拟稿，签发必须由另一位有权限的人员办理。")
	}
	return nil
}

// ReturnDraft sends the draft back with a reason (退回修改), also one that was signed and has not been served.
func (d *Desk) ReturnDraft(ctx context.Context, by staff.Member, id, reason string) (Request, error) {
	return d.act(ctx, by, id, DoReturnDraft, func(r *Request, _ moment) (step, error) {
		if blank(reason) {
			return step{}, fault.New(fault.Invalid, "请写明退回的原因，例如：检索范围没有写清。")
		}
		r.Decision = nil
		r.dropDraft()
		return step{to: Handling, note: "退回修改：" + reason}, nil
	})
}

// couriers other than the postal enterprise must not carry decisions (国办公开办函〔2016〕235号).
var couriers = regexp.MustCompile(`(?i)^(SF|YT|JD|JT|ZTO?|STO?|YD|DPK)\d|顺丰|圆通|中通|申通|韵达|极兔|京东|德邦`)

// Deliver records that the answer was served today; see DeliverOn.
func (d *Desk) Deliver(ctx context.Context, by staff.Member, id string, via Delivery, proof string) (Request, error) {
	return d.DeliverOn(ctx, by, id, via, proof, workday.Date{})
}

// DeliverOn records that the answer was served (送达): by post on the day it was handed to the post office (EMS), in person
// on the day it was signed for, by WeChat or e-mail on the day it was sent. on is that day, zero for today; it cannot lie
// in the future nor before the answer was signed, and what goes by WeChat goes now. The day decides the year in which the
// decision counts. proof is the EMS number, the signature or the message. Applicants who filed in chat get the text there
// as well; that this failed undoes nothing.
func (d *Desk) DeliverOn(ctx context.Context, by staff.Member, id string, via Delivery, proof string, on workday.Date) (Request, error) {
	return d.act(ctx, by, id, DoDeliver, func(r *Request, m moment) (step, error) {
		if err := r.servable(via, proof); err != nil {
			return step{}, err
		}
		on, err := m.serviceDay(on, via, r.Decision.SignedAt)
		if err != nil {
			return step{}, err
		}
		r.serve(via, proof, on, m)
		r.oweAnswer(noticeText(*r), m.at)
		note := fmt.Sprintf("答复已送达，方式：%s，送达日期：%s。", via.Chinese(), on.Chinese())
		return step{to: Closed, note: note}, nil
	})
}

func (r Request) servable(via Delivery, proof string) error {
	switch {
	case via.Chinese() == "":
		return fault.New(fault.Invalid, "请选择送达方式：邮寄、当面领取、电子邮件或者微信。")
	case via == DeliverByPost && blank(proof):
		return fault.New(fault.Invalid, "请填写EMS邮件号，例如：1234567890123。")
	case via == DeliverByPost && couriers.MatchString(strings.TrimSpace(proof)):
		return fault.New(fault.Invalid, "答复只能通过邮政企业（EMS）寄送，不能使用其他快递（国办公开办函〔2016〕235号）。")
	case via == DeliverByWeChat && (r.Filing.OpenID == "" || r.Filing.Delivery != DeliverByWeChat):
		return fault.New(fault.Conflict, "申请人没有选择以微信获取答复，请改为邮寄、当面领取或者电子邮件。")
	case via == DeliverByEmail && r.Filing.Personal.Email == "":
		return fault.New(fault.Conflict, "申请人没有留下电子邮箱，请改为邮寄或者当面领取。")
	case r.mayRelease() != nil:
		return r.mayRelease()
	case online(via) && r.Decision.adverse() && !r.Letters[r.ReplyIndex()].tellsOnlineReview():
		return fault.New(fault.Conflict, "通过互联网送达的，必须同时告知提交行政复议申请的互联网渠道（行政复议法第二十二条），这份答复里没有；请改为邮寄、当面领取，或者在机关资料里填写以后退回修改、重新签发。")
	}
	return nil
}

// serviceDay checks the day of service.
func (m moment) serviceDay(on workday.Date, via Delivery, signed time.Time) (workday.Date, error) {
	if via == DeliverByWeChat && !on.IsZero() && on != m.today {
		return on, fault.New(fault.Invalid, "微信送达的，答复在登记时发出，送达日期就是今天。")
	}
	if !on.IsZero() && on.Before(workday.Of(signed)) {
		return on, fault.Newf(fault.Invalid, "送达日期不能早于签发日期（%s）。", workday.Of(signed))
	}
	return m.dayOrToday(on, workday.Date{})
}

func online(via Delivery) bool { return via == DeliverByWeChat || via == DeliverByEmail }

// adverse reports whether the applicant did not get everything.
func (d *Decision) adverse() bool { return d != nil && d.Outcome != Granted }

// serve lets the answer go, and with it the notices to third parties (条例第三十二条).
func (r *Request) serve(via Delivery, proof string, on workday.Date, m moment) {
	d := r.Decision
	d.ServedOn, d.ServedBy, d.DeliveryProof, d.DeliveredAt = on, via, proof, m.at
	for i := range r.Letters {
		if r.Letters[i].waiting() {
			r.Letters[i].IssuedAt = m.at
		}
	}
	r.stop(on, m, "答复送达", "国办公开办函〔2016〕235号")
}

func (r *Request) stop(on workday.Date, m moment, cause, article string) {
	if len(r.Clock) > 0 {
		r.Clock = append(r.Clock, Entry{Kind: Stop, On: on, At: m.at, Article: article, Cause: cause})
	}
}

// noticeText is what the applicant reads in chat when the answer was served.
func noticeText(r Request) string {
	letter := r.Letters[r.ReplyIndex()]
	head := fmt.Sprintf("您的政府信息公开申请（编号%s）已经答复，送达方式：%s。", r.ID, r.Decision.ServedBy.Chinese())
	if n := len(r.Decision.Enclosed); n > 0 {
		head += fmt.Sprintf("答复有%d个附件，回复“%s”看怎样下载。", n, r.ID)
	}
	return strings.Join(append([]string{head, pleaseAcknowledge(r), letter.Title, letter.Number}, letter.Paragraphs...), "\n")
}

// Withdraw closes the request because the applicant takes it back (撤回; counts as 其他, r6_3), today.
func (d *Desk) Withdraw(ctx context.Context, by staff.Member, id, reason string) (Request, error) {
	return d.WithdrawOn(ctx, by, id, reason, workday.Date{})
}

// WithdrawOn is Withdraw for a withdrawal that arrived on the given day, zero for today: entering it late makes the request
// neither late nor one of another year.
func (d *Desk) WithdrawOn(ctx context.Context, by staff.Member, id, reason string, on workday.Date) (Request, error) {
	return d.act(ctx, by, id, DoWithdraw, func(r *Request, m moment) (step, error) {
		on, err := m.dayOrToday(on, r.ReceivedOn)
		if err != nil {
			return step{}, err
		}
		r.dropDraft()
		r.endOn(on, OtherDisposal, "申请人撤回申请", m)
		r.issue(closingLetter(*r, m, "closing_withdrawn"), m)
		return step{to: Closed, note: "申请人于" + on.Chinese() + "撤回申请。" + reason, article: "条例第四十五条"}, nil
	})
}

// end closes without a served letter; what was never received has no outcome and counts nowhere.
func (r *Request) end(o Outcome, ground string, m moment) { r.endOn(m.today, o, ground, m) }

func (r *Request) endOn(on workday.Date, o Outcome, ground string, m moment) {
	r.Decision = nil
	if r.ReceivedOn.IsZero() {
		return
	}
	r.Decision = &Decision{Outcome: o, Ground: ground, DraftedBy: m.by.ID, ServedOn: on, DeliveredAt: m.at}
	r.stop(on, m, ground, Decision{Outcome: o}.basis())
}
