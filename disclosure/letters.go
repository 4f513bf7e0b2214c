package disclosure

import (
	"fmt"
	"slices"
	"strings"

	"shoushan/workday"
)

const law = "《中华人民共和国政府信息公开条例》"

// issue appends a letter that leaves the house at once.
func (r *Request) issue(l Letter, m moment) {
	l.IssuedAt = m.at
	r.Letters = append(r.Letters, l)
}

// reply reports whether the letter is an answer to the request.
func (l Letter) reply() bool { return strings.HasPrefix(l.Template, "reply_") }

// letter is a blank sheet for the applicant.
func letter(r Request, m moment, template, title string, paragraphs ...string) Letter {
	return Letter{
		Template: template, Organ: m.organ.Name, Title: title, Recipient: r.Filing.Personal.Name, Paragraphs: paragraphs,
		SignedBy: m.organ.Name, Date: m.today, Audience: ToApplicant,
	}
}

// receiptLetter is the receipt (登记回执, 条例第三十一条): when it was received, until when the answer is due, and the two
// channels that are always open.
func receiptLetter(r Request, m moment) Letter {
	d := r.Deadline(m.cal)
	return letter(r, m, "receipt", "政府信息公开申请登记回执",
		fmt.Sprintf("本机关于%s收到您的政府信息公开申请，编号为%s，查询码为%s。", r.ReceivedOn.Chinese(), r.ID, r.QueryCode),
		requested(r),
		fmt.Sprintf("根据%s第三十三条，本机关将自收到之日起20个工作日内答复，即不晚于%s。需要补正、征求意见、缴费或者延长期限的，另行告知。", law, dueOf(d)),
		"您可以凭编号和查询码查询办理进度。"+contact(m.organ),
	)
}

func requested(r Request) string {
	return fmt.Sprintf("申请获取的信息：%s。形式：%s。获取方式：%s。", quoted(r.Filing.Personal.Description), r.Filing.Medium.Chinese(), r.Filing.Delivery.Chinese())
}

// contact names the two channels that may never be refused (国办公开办函〔2017〕19号).
func contact(o Organ) string { return "您也可以当面提交或者邮寄材料：" + office(o) }

func office(o Organ) string {
	return fmt.Sprintf("%s（邮政编码%s），办公时间：%s，电话：%s。", o.Address, o.PostCode, o.Hours, o.Phone)
}

// handIn tells where an answer to the notice is to be handed in: in chat too when the application came from there.
func handIn(r Request, o Organ) string {
	if r.Filing.Channel == ByWeChat {
		return "您可以在微信公众号“" + o.AccountName + "”中提交，也可以当面提交或者邮寄到" + office(o)
	}
	return "请当面提交或者邮寄到" + office(o)
}

func questions(o Organ) string {
	return fmt.Sprintf("如有疑问，请在办公时间（%s）联系本机关，电话：%s。", o.Hours, o.Phone)
}

// dueOf writes a date until which something is due, and that it may move when it is provisional.
func dueOf(d Deadline) string {
	if d.Provisional {
		return d.Due.Chinese() + "（暂定：所涉年份的放假安排公布后重新计算）"
	}
	return d.Due.Chinese()
}

// phrase is what staff or applicants wrote, on one line and without the full stop, to stand inside a sentence.
func phrase(s string) string {
	return strings.TrimRight(strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r == '\n' || r == '\r' }), "；"), "。；;. \u3000")
}

// sentence ends what staff wrote with exactly one full stop.
func sentence(s string) string {
	s = phrase(s)
	if strings.HasSuffix(s, "！") || strings.HasSuffix(s, "？") {
		return s
	}
	return s + "。"
}

// quoted puts what the applicant wrote in quotation marks; those inside it become single ones.
func quoted(s string) string {
	return "“" + strings.NewReplacer("“", "‘", "”", "’").Replace(phrase(s)) + "”"
}

// replyLetter is the answer (答复书) as the decision drafts it. Number and date are set when it is signed.
func replyLetter(r Request, m moment) Letter {
	d := *r.Decision
	info := d.Outcome.Info()
	paragraphs := append([]string{opening(r, d)}, answerParagraphs(r, d, m.organ)...)
	paragraphs = append(paragraphs, remedyParagraphs(d, replyTitle(info), m.organ)...)
	return letter(r, m, info.Template, replyTitle(info), paragraphs...)
}

func replyTitle(info OutcomeInfo) string {
	if title, ok := replyTitles[info.Outcome]; ok {
		return title
	}
	if info.Matter == OwnData {
		return "更正政府信息申请处理告知书"
	}
	return "不予公开政府信息告知书"
}

var replyTitles = map[Outcome]string{
	Granted: "政府信息公开申请答复书", PartlyGranted: "政府信息部分公开告知书", AdministrativeQuery: "政府信息公开申请告知书（行政查询事项）",
	NotHeld: "政府信息无法提供告知书", NeedsMaking: "政府信息无法提供告知书（需另行制作）", StillUnclear: "政府信息无法提供告知书（内容不明确）",
	Petition: "政府信息公开申请不予处理告知书（信访投诉举报）", Repeated: "政府信息公开申请不予重复处理告知书",
	Publication: "政府信息公开申请不予处理告知书（公开出版物）", Excessive: "政府信息公开申请不予处理告知书（大量反复申请）",
	ConfirmAgain: "政府信息公开申请不予处理告知书（已获取信息）", OtherDisposal: "政府信息公开申请处理告知书",
}

func opening(r Request, d Decision) string {
	if d.articles() == "" {
		return acknowledges(r) + "经研究，现答复如下："
	}
	return fmt.Sprintf("%s经研究，根据%s%s的规定，现答复如下：", acknowledges(r), law, d.articles())
}

// answerParagraphs is the result with its facts and reasons, from what the outcome demanded.
func answerParagraphs(r Request, d Decision, o Organ) []string {
	switch d.Outcome {
	case Granted:
		return granted(d, o)
	case PartlyGranted:
		return partly(d)
	case AdministrativeQuery:
		return []string{"您申请获取的信息属于行政查询事项，请按照" + phrase(d.GoverningLaw) + "的规定办理。"}
	case NotHeld:
		return notHeld(d)
	case NeedsMaking:
		return because("您申请获取的信息没有现成的，需要本机关另行制作、加工或者分析，本机关不予提供。", d.Ground)
	case StillUnclear:
		return because("您的申请经补正以后内容仍不明确，本机关无法据此提供政府信息。", d.Ground)
	case Petition:
		return []string{"您以政府信息公开申请的形式进行信访、投诉、举报等活动，本机关不作为政府信息公开申请处理。请通过以下渠道提出：" + sentence(d.ProperChannel)}
	case Repeated:
		return []string{"本机关已经以" + phrase(d.EarlierLetter) + "就相同内容向您作出答复，现对重复的申请不予重复处理。"}
	case Publication:
		return []string{"您申请获取的是公开出版物，本机关不予处理。您可以通过以下途径获取：" + sentence(d.Where)}
	case Excessive:
		return because(excessive(r), d.Ground)
	case ConfirmAgain:
		return because("您要求确认或者重新出具已经获取的政府信息，属于国办公开办函〔2021〕30号列明的不予处理情形，本机关不予处理。", d.Ground)
	case OtherDisposal:
		return because("本机关对本申请作其他处理。", d.Ground)
	case DataCorrected, DataNotCorrected, DataElsewhere:
		return correction(d)
	default: // the grounds of refusal (不予公开)
		return because("您申请获取的信息"+d.Outcome.why()+"，本机关决定不予公开。", d.Ground)
	}
}

// why finishes the sentence 您申请获取的信息….
func (o Outcome) why() string {
	return map[Outcome]string{
		StateSecret:         "属于国家秘密",
		ForbiddenByLaw:      "是其他法律、行政法规禁止公开的政府信息",
		ThreeSafeties:       "公开后可能危及国家安全、公共安全、经济安全、社会稳定",
		ThirdPartyInterest:  "涉及商业秘密、个人隐私等，公开会对第三方合法权益造成损害",
		InternalAffairs:     "属于人事管理、后勤管理、内部工作流程等方面的内部事务信息",
		ProcessInformation:  "属于在履行行政管理职能过程中形成的讨论记录、过程稿、磋商信函、请示报告等过程性信息",
		EnforcementFile:     "属于行政执法案卷信息",
		AdministrativeQuery: "属于行政查询事项",
	}[o]
}

func because(result, ground string) []string {
	if blank(ground) {
		return []string{result}
	}
	return []string{result, "事实和理由：" + sentence(ground)}
}

// granted tells what is given, or how, where and when it can be had; where nothing was said about that, at the office.
func granted(d Decision, o Organ) []string {
	result := map[string]string{
		Attached:   "您申请获取的信息可以公开，现随函提供。",
		PublicLink: "您申请获取的信息已经主动公开，获取该信息的方式、途径如下：",
		Pickup:     "您申请获取的信息可以公开，请按以下方式、途径和时间领取或者查阅：",
	}[d.How]
	switch {
	case !blank(d.Content):
		return append([]string{result}, disclosed("", d.Content)...)
	case d.How == PublicLink && o.Website != "":
		return []string{result, "在网站" + o.Website + "查阅，或者到" + office(o)}
	case d.How == PublicLink:
		return []string{result, "到" + office(o)}
	case d.How == Pickup:
		return []string{result, "持本人有效身份证件到" + office(o)}
	}
	return []string{result}
}

// disclosed is what is given: one sentence, or, where it is a text of several lines, each as a paragraph.
func disclosed(lead, content string) []string {
	lines := slices.DeleteFunc(strings.Split(strings.ReplaceAll(content, "\r\n", "\n"), "\n"), blank)
	if len(lines) == 1 {
		return []string{lead + sentence(content)}
	}
	if lead != "" {
		lines = append([]string{lead}, lines...)
	}
	return lines
}

func partly(d Decision) []string {
	out := []string{"您申请获取的信息中含有不应当公开的内容，但是能够作区分处理，本机关决定部分公开。"}
	if !blank(d.Content) {
		out = append(out, disclosed("公开的部分：", d.Content)...)
	}
	reason := fmt.Sprintf("其余部分%s，根据%s%s，不予公开。", d.RefusedRow.why(), law, d.RefusedRow.Info().Articles)
	if d.RefusedRow == AdministrativeQuery {
		reason = fmt.Sprintf("其余部分属于行政查询事项，根据%s第三十六条第七项，请按照有关法律、行政法规的规定办理。", law)
	}
	out = append(out, reason, "事实和理由："+sentence(d.Ground))
	return append(out, redacted(d)...)
}

func notHeld(d Decision) []string {
	var out []string
	if !blank(d.SearchRecord) {
		out = append(out, "经检索，您申请获取的信息本机关没有制作或者保存，该信息不存在。检索情况："+sentence(d.SearchRecord))
	}
	if !blank(d.RightOrgan) {
		out = append(out, "您申请获取的信息不属于本机关负责公开，请向负责公开该信息的行政机关提出申请："+sentence(d.RightOrgan))
	}
	return out
}

// remedyParagraphs is the clause that the decision must carry (行政复议法第二十条、第二十三条，行政诉讼法第四十五条、第四十六条). It calls
// the document by its name. The channel on the internet is always named where there is one: what is served over the
// internet must carry it (行政复议法第二十二条第二款), and nothing is added to a letter once it is signed.
func remedyParagraphs(d Decision, title string, o Organ) []string {
	paper, act := "本告知书", "本处理决定"
	if strings.Contains(title, "答复书") {
		paper, act = "本答复书", "本答复"
	}
	review := fmt.Sprintf("可以自收到%s之日起60日内向%s申请行政复议", paper, o.ReviewingOrgan)
	clause := fmt.Sprintf("如对%s不服，%s，也可以自收到%s之日起6个月内向%s提起行政诉讼。", act, review, paper, o.Court)
	if d.Remedy() == ReviewFirst {
		clause = fmt.Sprintf("如对%s不服，应当先申请行政复议：%s；对行政复议决定不服的，可以自收到复议决定书之日起15日内向%s提起行政诉讼。", act, review, o.Court)
	}
	return []string{clause + onlineReview(o)}
}

const onlineReviewLead = "行政复议申请也可以通过互联网提交："

// onlineReview names the channel on the internet, or nothing where there is none.
func onlineReview(o Organ) string {
	if blank(o.ReviewOnline) {
		return ""
	}
	return onlineReviewLead + strings.TrimSpace(o.ReviewOnline) + "。"
}

// tellsOnlineReview reports whether the letter names a channel on the internet for the review.
func (l Letter) tellsOnlineReview() bool {
	return strings.Contains(strings.Join(l.Paragraphs, ""), onlineReviewLead)
}

// closingLetter is the note that closes a case without an answer (结案单); it stays in the file.
func closingLetter(r Request, m moment, template string) Letter {
	ground := "申请在双方确认以前撤回"
	if r.Decision != nil {
		ground = r.Decision.Ground
	}
	l := letter(r, m, template, "政府信息公开申请结案单",
		fmt.Sprintf("申请编号%s，收到日期%s。", r.ID, orNone(r.ReceivedOn)), "结案原因："+ground+"。")
	l.Audience, l.Recipient = ToFile, ""
	return l
}

func orNone(d workday.Date) string {
	if d.IsZero() {
		return "（未确认）"
	}
	return d.Chinese()
}
