package console

import (
	"cmp"
	"fmt"

	"shoushan/disclosure"
	"shoushan/staff"
	"shoushan/workday"
)

// nextStep is what a case page leads with: what is due now, and what that means.
type nextStep struct{ What, How string }

// nextOf says what is due on a case, in the words of the member who looks at it.
func nextOf(r disclosure.Request, who staff.Member, names map[string]string, today workday.Date) nextStep {
	if r.Notice != nil {
		return noticeStep(r, who)
	}
	switch r.State {
	case disclosure.Submitted:
		return nextStep{"等待双方确认", "请与申请人联系、核对申请内容；确认之后，期限从确认当天的次日起算。"}
	case disclosure.Handling:
		return handlingStep(r, who, names, today)
	case disclosure.AwaitingSupplement, disclosure.AwaitingPayment, disclosure.Consulting:
		return waitingStep(r, today)
	case disclosure.AwaitingSignoff:
		if r.UnheardReasons() {
			return nextStep{"申请人又说明了理由，请退回修改", "拟定答复以后收到的理由还没有人考虑，这份答复不能签发（条例第三十五条）。"}
		}
		if maySign(r, who) {
			return nextStep{"请签发答复", "先看处理结果、答复书全文和随答复提供的附件；有问题的退回修改。签发之后才编文号，才能送达。"}
		}
		return nextStep{"等待签发答复", "拟稿人自己不能签发，由另一位有签发权限的人办理。"}
	case disclosure.AwaitingDelivery:
		if r.UnheardReasons() {
			return nextStep{"申请人又说明了理由，请先考虑再送达", "答复还没有送出的，退回修改、重新拟定；已经送出的，登记送达（条例第三十五条）。"}
		}
		return nextStep{"请送达答复", "期限以送达为准，不以签发为准：请在期限之内交付或者交邮，并登记方式和凭证。"}
	case disclosure.Closed:
		if r.AwaitsSign() {
			return nextStep{"微信已送达，等申请人确认收到", "公文送达以当面签收和邮政寄送为准（国办公开办函〔2016〕235号）。三个工作日没有回音的，请电话联系，或者用 EMS 补寄一份，把凭证作为“送达凭证”添加到材料里；送达日期和期限不变。"}
		}
		return closedStep(r)
	}
	return nextStep{}
}

func noticeStep(r disclosure.Request, who staff.Member) nextStep {
	if maySignNotice(r, who) {
		return nextStep{"请签发《" + r.Notice.Title() + "》", "先看全文；有问题的退回。签发之后才编号、发出并生效。"}
	}
	return nextStep{"等待签发《" + r.Notice.Title() + "》", "由另一位有签发权限的人签发；在此之前没有发出，期限照常计算。"}
}

func handlingStep(r disclosure.Request, who staff.Member, names map[string]string, today workday.Date) nextStep {
	switch {
	case r.Reasons != nil:
		return reasonsStep(*r.Reasons, today)
	case unopened(r):
		return nextStep{"新申请，请签收", "签收表示有人看到了；期限从收到之日的次日起算，不因签收晚而推迟。"}
	case r.HandlerID == "" && r.HandedBack() != "":
		return nextStep{"经办人退回，请重新分派", r.HandedBack()}
	case r.HandlerID == "":
		return nextStep{"请分派经办人", "还没有人负责这件申请；也可以直接拟定答复。"}
	case r.HandlerID == who.ID:
		return nextStep{"由您办理", "能答复的请拟定答复；内容不明确、涉及第三方、需要延期或者收费的，见“更多办理事项”。"}
	}
	return nextStep{"由" + nameOf(names, r.HandlerID) + "办理", "您可以查看和备注；需要换人的，重新分派。"}
}

// reasonsStep tells what is due on a case whose applicant was asked for reasons (条例第三十五条).
func reasonsStep(q disclosure.Reasons, today workday.Date) nextStep {
	switch {
	case len(q.Given) > 0:
		return nextStep{"申请人已说明理由，请审查", "理由不合理的，拟定不予处理的答复；合理但不能按期答复的，确定延迟答复的期限；其余照常答复。"}
	case today.After(q.Until):
		return nextStep{"申请人没有说明理由", "期限到" + q.Until.Chinese() + "已经届满。收到理由的请先登记；没有收到的，可以拟定不予处理的答复。"}
	}
	return nextStep{"等待申请人说明理由", "到" + q.Until.Chinese() + "为止，在此之前不能以大量反复申请为由不予处理。收到理由请登记；答复期限照常计算。"}
}

// waitingStep tells for whom the case waits, until when, and what follows.
func waitingStep(r disclosure.Request, today workday.Date) nextStep {
	late := waitedEnough(r, today)
	switch {
	case r.State == disclosure.AwaitingSupplement && late:
		return nextStep{"申请人没有按期补正", "补正期限到" + r.Supplement.Until.Chinese() + "。补正晚到的照样登记；没有正当理由不补正的，作逾期处理。"}
	case r.State == disclosure.AwaitingSupplement:
		return nextStep{"等待申请人补正", "到" + r.Supplement.Until.Chinese() + "为止。收到后请登记，期限从收到的次日重新计算。"}
	case r.State == disclosure.AwaitingPayment && late && r.Fee.ReceivedOn.IsZero():
		return nextStep{"缴费期限可能已过，请先核实", "期限从申请人收到通知书的次日起算，收到的日期还没有登记。请先查邮件签收日或者文书旁边的记录并登记；确实逾期的，再作逾期处理。"}
	case r.State == disclosure.AwaitingPayment && late:
		return nextStep{"申请人没有按期缴费", "缴费期限到" + r.Fee.Until.Chinese() + "。已经缴清的请登记；没有缴的，作逾期处理。"}
	case r.State == disclosure.AwaitingPayment:
		return nextStep{"等待申请人缴费", "到" + r.Fee.Until.Chinese() + "为止。缴清后请登记票据号，期限从次日重新计算。"}
	case late:
		return nextStep{"征求意见的期限已过", "被征求的一方没有答复；请作逾期处理，再由本机关依法决定。"}
	}
	return nextStep{"等待被征求的一方答复", "最晚到" + lastOpen(r).Chinese() + "。收到意见书的日期、答复都请登记；等待的时间不计入期限。"}
}

// lastOpen is the day until which the open consultations may last.
func lastOpen(r disclosure.Request) workday.Date {
	var last workday.Date
	for _, q := range r.Consultations {
		if q.Answer == "" && q.Until.After(last) {
			last = q.Until
		}
	}
	return last
}

func closedStep(r disclosure.Request) nextStep {
	how := "案卷整理完毕后请归档。"
	if r.Archive != nil {
		how = "已归档，归档号 " + r.Archive.Number + "。"
	}
	if d := r.Decision; d != nil && !d.ServedOn.IsZero() {
		how = fmt.Sprintf("%s，%s送达。%s", d.Outcome.Chinese(), cmp.Or(d.ServedOn.Chinese(), "已"), how)
	}
	return nextStep{"已办结", how}
}
