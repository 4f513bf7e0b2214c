package disclosure

import (
	"fmt"
	"strings"

	"shoushan/workday"
)

// acknowledges opens every notice to the applicant.
func acknowledges(r Request) string {
	return fmt.Sprintf("本机关于%s收到您的%s（编号%s），申请内容为%s。", r.ReceivedOn.Chinese(), r.Filing.Matter.Chinese(), r.ID, quoted(r.Filing.Personal.Description))
}

// supplementLetter is 补正告知书 (条例第三十条).
func supplementLetter(r Request, m moment) Letter {
	s := r.Supplement
	paragraphs := []string{acknowledges(r), "经审查，申请内容不明确，根据" + law + "第三十条，请您补正以下内容："}
	for i, item := range s.Items {
		paragraphs = append(paragraphs, fmt.Sprintf("%d. %s", i+1, sentence(item)))
	}
	paragraphs = append(paragraphs,
		fmt.Sprintf("请最迟于%s补正。无正当理由逾期不补正的，视为放弃申请，本机关不再处理该申请。", s.Until.Chinese()),
		"答复期限自本机关收到补正之日起重新计算。"+handIn(r, m.organ))
	return letter(r, m, "supplement_notice", "政府信息公开申请补正告知书", paragraphs...)
}

// reasonsLetter is 说明理由告知书 (条例第三十五条).
func reasonsLetter(r Request, facts string, until workday.Date, m moment) Letter {
	return letter(r, m, "reasons_notice", "政府信息公开申请说明理由告知书", acknowledges(r),
		fmt.Sprintf("您申请的数量、频次明显超过合理范围：%s根据%s第三十五条，请您最迟于%s说明理由。", sentence(facts), law, until.Chinese()),
		"本机关认为申请理由不合理的，不予处理；认为理由合理，但是无法在规定期限内答复的，将确定延迟答复的合理期限并告知您。"+handIn(r, m.organ))
}

// extensionLetter is 延期答复告知书 (条例第三十三条第二款); before is the date that no longer holds.
func extensionLetter(r Request, before workday.Date, reason string, m moment) Letter {
	return letter(r, m, "extension_notice", "政府信息公开申请延期答复告知书", acknowledges(r),
		fmt.Sprintf("因%s，无法在原定的期限（%s）内答复。根据%s第三十三条第二款，经政府信息公开工作机构负责人同意，答复期限延长到%s。",
			phrase(reason), before.Chinese(), law, dueOf(r.Deadline(m.cal))))
}

// delayed turns the notice into that of article 35.
func (l Letter) delayed() Letter {
	l.Template, l.Title = "delay_notice", "政府信息公开申请延迟答复告知书"
	for i, p := range l.Paragraphs {
		p = strings.Replace(p, "第三十三条第二款，经政府信息公开工作机构负责人同意，答复期限延长到", "第三十五条，本机关认为您的申请理由合理，延迟答复的合理期限确定为", 1)
		l.Paragraphs[i] = p
	}
	return l
}

// consultationLetter asks the party (征求意见书). A slip for its answer goes with it.
func consultationLetter(r Request, c Consultation, m moment) Letter {
	effect := map[Party]string{
		ThirdParty: "请自收到本函之日起15个工作日内书面提出意见并说明理由。逾期未提出意见的，由本机关依照条例的规定决定是否公开。",
		CoMaker:    "请自收到本函之日起15个工作日内提出意见。逾期未提出意见的，视为同意公开。",
		OtherOrgan: "请自收到本函之日起15个工作日内提出意见。逾期未提出意见的，视为同意公开。",
	}[c.Party]
	l := letter(r, m, "consult_"+string(c.Party), "征求"+c.Party.Chinese()+"意见书",
		fmt.Sprintf("本机关收到政府信息公开申请（编号%s），所申请的信息涉及你方：%s", r.ID, sentence(c.About)),
		fmt.Sprintf("根据%s%s，现征求你方是否同意公开的意见。%s", law, strings.TrimPrefix(c.Party.article(), "条例"), effect),
		"意见可以填写在所附回执上，当面提交或者邮寄到"+office(m.organ))
	l.Recipient, l.Audience, l.Slip = c.Name, ToOrgan, consultationSlip(r, l.Title, m.organ)
	if c.Party == ThirdParty {
		l.Audience = ToThirdParty
	}
	return l
}

// consultationSlip is the slip for the answer (征求意见回执): its title, then its lines.
func consultationSlip(r Request, title string, o Organ) []string {
	return []string{
		title + "回执", o.Name + "：", "你机关的《" + title + "》（申请编号" + r.ID + "）已于＿＿＿＿年＿＿月＿＿日收到。意见如下（请选择一项）：",
		"□ 同意公开。", "□ 不同意公开。理由：" + strings.Repeat("＿", 14), strings.Repeat("＿", 25),
		"□ 部分同意公开。不同意公开的部分和理由：", strings.Repeat("＿", 25), strings.Repeat("＿", 25),
		"签名或者盖章：＿＿＿＿＿　联系电话：＿＿＿＿＿＿＿", "＿＿＿＿年＿＿月＿＿日",
	}
}

// consultationNotice tells the applicant that the clock pauses (征求意见告知书, 条例第三十三条第三款). It does not say who is asked.
func consultationNotice(r Request, c Consultation, m moment) Letter {
	return letter(r, m, "consult_notice", "征求意见告知书", acknowledges(r),
		fmt.Sprintf("因所申请的信息需要征求%s的意见，根据%s第三十三条第三款，自%s的次日起至收到意见或者15个工作日届满之日止，所需时间不计算在答复期限内。",
			c.Party.Chinese(), law, c.SentOn.Chinese()))
}

// consultationOver tells the applicant in chat that the clock goes on.
func consultationOver(r Request, cal workday.Calendar) string {
	return fmt.Sprintf("您的政府信息公开申请（编号%s）征求意见已经结束，答复期限恢复计算，到%s。", r.ID, dueOf(r.Deadline(cal)))
}

const thirdPartyTemplate = "third_party_notice"

// thirdPartyNotice tells a third party that its information is disclosed against its will (条例第三十二条).
func thirdPartyNotice(r Request, c Consultation, m moment) Letter {
	reason := r.Decision.Ground
	if blank(reason) {
		reason = "不公开可能对公共利益造成重大影响"
	}
	l := letter(r, m, thirdPartyTemplate, "政府信息公开告知书（第三方）",
		fmt.Sprintf("本机关就“%s”征求你方意见，你方不同意公开。经审查，根据%s第三十二条，本机关决定予以公开。", phrase(c.About), law),
		"公开的理由："+sentence(reason))
	l.Recipient, l.Audience = c.Name, ToThirdParty
	l.Paragraphs = append(l.Paragraphs, remedyParagraphs(Decision{Outcome: Granted}, l.Title, m.organ)...)
	return l
}

// feeLetter is 收费通知书 (条例第四十二条, 国办函〔2020〕109号): basis, standard, sum, way of paying and what follows.
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
		fmt.Sprintf("应缴金额：%d元。请自收到本通知的次日起20个工作日内（不晚于%s）缴清。%s", f.Yuan, dueOf(Deadline{Due: f.Until, Provisional: f.provisional(m.cal)}), payment(m.organ)),
		"逾期未缴纳的，视为放弃申请，本机关不再处理该申请。答复期限自缴清费用的次日起重新计算。"+questions(m.organ))...)
}

// payment tells how the fee is paid; it goes to the treasury, never through the account.
func payment(o Organ) string {
	if o.FeePayment != "" {
		return "缴纳方式：" + sentence(o.FeePayment)
	}
	return "缴纳方式：持本通知到" + o.Address + "办理，费用缴入财政专户，由本机关开具财政票据。"
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

// closedNotice tells the applicant that the case is no longer handled (条例第三十条、第四十二条), with what was asked and until
// when, and the remedy clause.
func closedNotice(r Request, m moment) Letter {
	info := r.Decision.Outcome.Info()
	l := letter(r, m, info.Template, "政府信息公开申请不再处理告知书", acknowledges(r),
		fmt.Sprintf("%s根据%s%s，本机关不再处理该申请。您可以另行提出申请。", missed(r), law, groundsOf(info)))
	l.Paragraphs = append(l.Paragraphs, remedyParagraphs(*r.Decision, l.Title, m.organ)...)
	return l
}

// missed says what the applicant was told to do and did not.
func missed(r Request) string {
	if r.Decision.Outcome == PaymentLapsed {
		return fmt.Sprintf("本机关于%s%s告知您在%s以前缴纳信息处理费%d元，您逾期未缴纳，视为放弃申请。",
			r.Fee.NoticedOn.Chinese(), r.under("fee_notice"), r.Fee.Until.Chinese(), r.Fee.Yuan)
	}
	return fmt.Sprintf("本机关于%s%s告知您在%s以前补正，您无正当理由逾期不补正，视为放弃申请。",
		r.Supplement.NoticedOn.Chinese(), r.under("supplement_notice"), r.Supplement.Until.Chinese())
}

// under names the number of the latest letter of a template: 以《…》（崇政公告〔2026〕1号）.
func (r Request) under(template string) string {
	for i := len(r.Letters) - 1; i >= 0; i-- {
		if l := r.Letters[i]; l.Template == template && l.Number != "" {
			return fmt.Sprintf("以《%s》（%s）", l.Title, l.Number)
		}
	}
	return ""
}

func groundsOf(info OutcomeInfo) string {
	if info.Outcome == PaymentLapsed {
		return info.Articles + "和国办函〔2020〕109号"
	}
	return info.Articles
}
