package disclosure

import (
	"fmt"
	"strings"

	"shoushan/workday"
)

// numbered returns the letter with its number (文号).
func (l Letter) numbered(number string) Letter {
	l.Number = number
	return l
}

// acknowledges opens every notice to the applicant.
func acknowledges(r Request) string {
	return fmt.Sprintf("本机关于%s收到您的%s（编号%s），申请内容为“%s”。", r.ReceivedOn.Chinese(), r.Filing.Matter.Chinese(), r.ID, r.Filing.Personal.Description)
}

// supplementLetter is 补正告知书 (条例第三十条).
func supplementLetter(r Request, m moment) Letter {
	s := r.Supplement
	paragraphs := []string{acknowledges(r), "经审查，申请内容不明确，根据" + law + "第三十条，请您补正以下内容："}
	for i, item := range s.Items {
		paragraphs = append(paragraphs, fmt.Sprintf("%d. %s", i+1, item))
	}
	paragraphs = append(paragraphs,
		fmt.Sprintf("请最迟于%s补正。无正当理由逾期不补正的，视为放弃申请，本机关不再处理该申请。", s.Until.Chinese()),
		"答复期限自本机关收到补正之日起重新计算。"+contact(m.organ))
	return letter(r, m, "supplement_notice", "政府信息公开申请补正告知书", paragraphs...)
}

// reasonsLetter is 说明理由告知书 (条例第三十五条).
func reasonsLetter(r Request, facts string, until workday.Date, m moment) Letter {
	return letter(r, m, "reasons_notice", "政府信息公开申请说明理由告知书", acknowledges(r),
		fmt.Sprintf("您申请的数量、频次明显超过合理范围：%s。根据%s第三十五条，请您最迟于%s说明理由。", strings.TrimRight(facts, "。"), law, until.Chinese()),
		"本机关认为申请理由不合理的，不予处理；认为理由合理，但是无法在规定期限内答复的，将确定延迟答复的合理期限并告知您。"+contact(m.organ))
}

// extensionLetter is 延期答复告知书 (条例第三十三条第二款); before is the date that no longer holds.
func extensionLetter(r Request, before workday.Date, reason string, m moment) Letter {
	return letter(r, m, "extension_notice", "政府信息公开申请延期答复告知书", acknowledges(r),
		fmt.Sprintf("因%s，无法在原定的期限（%s）内答复。根据%s第三十三条，经政府信息公开工作机构负责人同意，答复期限延长到%s。",
			strings.TrimRight(reason, "。"), before.Chinese(), law, r.Deadline(m.cal).Due.Chinese()))
}

// delayed turns the notice into that of article 35.
func (l Letter) delayed() Letter {
	l.Template, l.Title = "delay_notice", "政府信息公开申请延迟答复告知书"
	for i, p := range l.Paragraphs {
		p = strings.Replace(p, "第三十三条，经政府信息公开工作机构负责人同意，答复期限延长到", "第三十五条，本机关认为您的申请理由合理，延迟答复的合理期限确定为", 1)
		l.Paragraphs[i] = p
	}
	return l
}

// consultationLetter asks the party (征求意见书).
func consultationLetter(r Request, c Consultation, m moment) Letter {
	effect := map[Party]string{
		ThirdParty: "请自收到本函之日起15个工作日内书面提出意见并说明理由。逾期未提出意见的，由本机关依照条例的规定决定是否公开。",
		CoMaker:    "请自收到本函之日起15个工作日内提出意见。逾期未提出意见的，视为同意公开。",
		OtherOrgan: "请自收到本函之日起15个工作日内提出意见。逾期未提出意见的，视为同意公开。",
	}[c.Party]
	l := letter(r, m, "consult_"+string(c.Party), "征求"+c.Party.Chinese()+"意见书",
		fmt.Sprintf("本机关收到政府信息公开申请（编号%s），所申请的信息涉及你方：%s。", r.ID, strings.TrimRight(c.About, "。")),
		fmt.Sprintf("根据%s%s，现征求你方是否同意公开的意见。%s", law, strings.TrimPrefix(c.Party.article(), "条例"), effect))
	l.Recipient, l.Audience = c.Name, ToOrgan
	if c.Party == ThirdParty {
		l.Audience = ToThirdParty
	}
	return l
}

// consultationNotice tells the applicant that the clock pauses (征求意见告知书, 条例第三十三条第三款). It does not say who is asked.
func consultationNotice(r Request, c Consultation, m moment) Letter {
	return letter(r, m, "consult_notice", "征求意见告知书", acknowledges(r),
		fmt.Sprintf("因所申请的信息需要征求%s的意见，根据%s第三十三条，自%s的次日起至收到意见或者15个工作日届满之日止，所需时间不计算在答复期限内。",
			c.Party.Chinese(), law, c.SentOn.Chinese()))
}

const thirdPartyTemplate = "third_party_notice"

// thirdPartyNotice tells a third party that its information is disclosed against its will (条例第三十二条).
func thirdPartyNotice(r Request, c Consultation, m moment) Letter {
	reason := r.Decision.Ground
	if blank(reason) {
		reason = "不公开可能对公共利益造成重大影响"
	}
	l := letter(r, m, thirdPartyTemplate, "政府信息公开告知书（第三方）",
		fmt.Sprintf("本机关就“%s”征求你方意见，你方不同意公开。经审查，根据%s第三十二条，本机关决定予以公开。", strings.TrimRight(c.About, "。"), law),
		"公开的理由："+reason)
	l.Recipient, l.Audience = c.Name, ToThirdParty
	l.Paragraphs = append(l.Paragraphs, remedyParagraphs(Decision{Outcome: Granted}, l.Title, m.organ)...)
	return l
}

// feeLetter is 收费通知书 (条例第四十二条, 国办函〔2020〕109号).
func feeLetter(r Request, m moment) Letter {
	f := r.Fee
	unit := map[FeeBasis]string{ByPieces: "本自然月累计申请%d件", ByPages: "本件共%d页"}[f.Basis]
	paragraphs := []string{
		acknowledges(r),
		fmt.Sprintf("根据%s第四十二条和《政府信息公开信息处理费管理办法》（国办函〔2020〕109号），您申请的数量、频次明显超过合理范围，本机关%s信息处理费。", law, f.Basis.Chinese()),
		fmt.Sprintf(unit, f.Count) + "，计算如下：",
	}
	paragraphs = append(paragraphs, feeLines(*f)...)
	return letter(r, m, "fee_notice", "政府信息公开信息处理费收费通知书", append(paragraphs,
		fmt.Sprintf("应缴金额：%d元。请于收到本通知次日起20个工作日内（不晚于%s）缴入财政专户，由本机关开具财政票据。", f.Yuan, f.Until.Chinese()),
		"逾期未缴纳的，视为放弃申请，本机关不再处理该申请。答复期限自缴清费用的次日起重新计算。"+contact(m.organ))...)
}

// feeLines reckons tier by tier.
func feeLines(f Fee) []string {
	var out []string
	for n := 1; n <= f.Count; {
		price, last := unitPrice(f.Basis, n), n
		for last < f.Count && unitPrice(f.Basis, last+1) == price {
			last++
		}
		out = append(out, fmt.Sprintf("第%d至%d%s：%d元×%d＝%d元", n, last, unitOf(f.Basis), price, last-n+1, price*(last-n+1)))
		n = last + 1
	}
	if deducted := feeOf(f.Basis, f.Count) - f.Yuan; deducted > 0 {
		out = append(out, fmt.Sprintf("减去本月已通知收取的%d元", deducted))
	}
	return out
}

func unitPrice(b FeeBasis, n int) int { return feeOf(b, n) - feeOf(b, n-1) }

func unitOf(b FeeBasis) string {
	if b == ByPieces {
		return "件"
	}
	return "页"
}

// closedNotice tells the applicant that the case is no longer handled (条例第三十条、第四十二条), with the remedy clause.
func closedNotice(r Request, m moment) Letter {
	info := r.Decision.Outcome.Info()
	l := letter(r, m, info.Template, "政府信息公开申请不再处理告知书", acknowledges(r),
		fmt.Sprintf("%s。根据%s%s，本机关不再处理该申请。您可以另行提出申请。", r.Decision.Ground, law, info.Articles))
	l.Paragraphs = append(l.Paragraphs, remedyParagraphs(*r.Decision, l.Title, m.organ)...)
	return l
}
