package disclosure

import (
	"context"
	"fmt"

	"shoushan/fault"
	"shoushan/staff"
	"shoushan/workday"
)

// Extend prolongs the reply period once by at most 20 working days (延期, 条例第三十三条第二款), before the answer is due. It is
// drafted here; the head of the office agrees by signing the notice (SignNotice), and only then the period is longer.
func (d *Desk) Extend(ctx context.Context, by staff.Member, id string, days int, reason string) (Request, error) {
	return d.draft(ctx, by, id, DoExtend, Terms{Days: days, Reason: reason})
}

func extend(r *Request, m moment, t Terms) (step, error) {
	if err := r.mayExtend(t.Days, t.Reason, m); err != nil {
		return step{}, err
	}
	before := r.Deadline(m.cal).Due
	r.Clock = append(r.Clock, Entry{Kind: Extend, On: m.today, At: m.at, Days: t.Days, Article: "条例第三十三条", Cause: "经负责人同意延长答复期限"})
	r.issue(extensionLetter(*r, before, t.Reason, m), m)
	note := fmt.Sprintf("延长答复期限%d个工作日，到%s。", t.Days, r.Deadline(m.cal).Due.Chinese())
	return step{to: r.State, note: note}, nil
}

func (r Request) mayExtend(days int, reason string, m moment) error {
	due := r.Deadline(m.cal).Due
	switch {
	case r.Clock.extended("条例第三十三条"):
		return fault.New(fault.Conflict, "答复期限只能延长一次，这件申请已经延长过；请尽快答复。")
	case m.today.After(due):
		return fault.Newf(fault.Conflict, "延期应当在答复期限届满以前决定，期限已于%s届满；请立即答复。", due.Chinese())
	case days < 1 || days > ExtensionDays:
		return fault.New(fault.Invalid, "延长的期限为1至20个工作日，例如：20。")
	case blank(reason):
		return fault.New(fault.Invalid, "请写明延期的原因，例如：需要查阅的档案数量较多。")
	}
	return nil
}

// Delay fixes a reasonable later date when the reasons are good and the answer cannot be given in time (条例第三十五条), and
// tells the applicant. It is for requests whose reasons were asked and given, once, and before the answer is due. The
// notice waits for SignNotice.
func (d *Desk) Delay(ctx context.Context, by staff.Member, id string, until workday.Date, reason string) (Request, error) {
	return d.draft(ctx, by, id, DoDelay, Terms{Until: until, Reason: reason})
}

func delay(r *Request, m moment, t Terms) (step, error) {
	days, err := r.mayDelay(t.Until, t.Reason, m)
	if err != nil {
		return step{}, err
	}
	before := r.Deadline(m.cal).Due
	r.Clock = append(r.Clock, Entry{Kind: Extend, On: m.today, At: m.at, Days: days, Article: "条例第三十五条", Cause: "申请理由合理，确定延迟答复的合理期限"})
	r.issue(extensionLetter(*r, before, t.Reason, m).delayed(), m)
	return step{to: Handling, note: "确定延迟答复的合理期限，到" + r.Deadline(m.cal).Due.Chinese() + "。"}, nil
}

func (r Request) mayDelay(until workday.Date, reason string, m moment) (days int, err error) {
	due := r.Deadline(m.cal).Due
	switch {
	case r.Reasons == nil:
		return 0, fault.New(fault.Conflict, "延迟答复只用于已经要求说明理由的申请（条例第三十五条）；其他申请请用“延期”。")
	case len(r.Reasons.Given) == 0:
		return 0, fault.New(fault.Conflict, "申请人还没有说明理由，不能认定理由合理；收到理由的，请先登记（条例第三十五条）。")
	case r.Clock.extended("条例第三十五条"):
		return 0, fault.New(fault.Conflict, "延迟答复的期限已经确定过；请按期答复。")
	case m.today.After(due):
		return 0, fault.Newf(fault.Conflict, "期限已于%s届满，不能再确定延迟答复的期限；请立即答复。", due.Chinese())
	case !until.After(due):
		return 0, fault.Newf(fault.Invalid, "延迟的日期应当晚于现在的期限（%s）。", due)
	case blank(reason):
		return 0, fault.New(fault.Invalid, "请写明为什么不能在原来的期限内答复，例如：一次申请32件，需要逐件检索。")
	}
	return max(m.cal.Between(due, until), 1), nil
}
