package console

import (
	"slices"
	"strconv"
	"strings"

	"shoushan/disclosure"
	"shoushan/staff"
	"shoushan/workday"
)

// lawVerbs are the steps that some requests take. Pages fold them away under one heading.
var lawVerbs = []verb[disclosure.Request]{
	{name: "supplement", title: "告知补正", more: true, explain: "申请内容不明确时，收到之日起 7 个工作日内一次性告知（条例第三十条）；收到补正后期限重新计算。", rights: handling,
		offered: legal(disclosure.DoRequestSupplement), fields: asks[disclosure.Request](
			field{Name: "items", Label: "需要补正的内容，每行一项", Kind: textBlock, Required: true},
			field{Name: "until", Label: "补正期限（到这一天为止）", Kind: dateField, Required: true}),
		do: func(c *Console, v *visit, r disclosure.Request) (string, error) {
			until, err := v.date("until", "补正期限")
			if err == nil {
				_, err = c.deskAsSeen(v).RequestSupplement(v.ctx(), v.who, r.ID, lines(v.form("items")), until)
			}
			return drafted, err
		}},
	{name: "supplemented", title: "收到补正", explain: "期限从收到补正的次日重新计算。", rights: handling, offered: legal(disclosure.DoReceiveSupplement),
		fields: asks[disclosure.Request](
			field{Name: "description", Label: "补正后的所需信息描述", Kind: textBlock, Help: "没有改动的不填。"}, arrivedField("收到日期")),
		do: func(c *Console, v *visit, r disclosure.Request) (string, error) {
			on, err := v.dateOrNone("on", "收到日期")
			if err == nil {
				_, err = c.deskAsSeen(v).ReceiveSupplement(v.ctx(), v.who, r.ID, disclosure.SupplementAnswer{Description: v.form("description"), On: on})
			}
			return "已登记补正，期限重新计算。", err
		}},
	{name: "replied", title: "登记征求意见的回复", rights: handling, offered: legal(disclosure.DoConsultationReply), fields: replyFields,
		do: func(c *Console, v *visit, r disclosure.Request) (string, error) {
			on, err := v.dateOrNone("on", "收到日期")
			if err == nil {
				_, err = c.deskAsSeen(v).ConsultationReply(v.ctx(), v.who, r.ID, disclosure.ConsultationAnswer{
					No: v.number("no"), Answer: disclosure.Answer(v.form("answer")), Ground: v.form("ground"), On: on,
				})
			}
			return "已登记回复。", err
		}},
	{name: "paid", title: "登记缴费", explain: "期限从缴清的次日重新计算。", rights: handling, offered: legal(disclosure.DoPayFee),
		fields: asks[disclosure.Request](field{Name: "receipt", Label: "财政票据号", Kind: textLine, Required: true}, arrivedField("缴清日期")),
		do: func(c *Console, v *visit, r disclosure.Request) (string, error) {
			on, err := v.dateOrNone("on", "缴清日期")
			if err == nil {
				_, err = c.deskAsSeen(v).PayFee(v.ctx(), v.who, r.ID, v.form("receipt"), on)
			}
			return "已登记缴费，期限重新计算。", err
		}},
	{name: "lapse", title: "逾期处理", explain: "补正或者缴费期限已过、对方没有行动的，在这里拟定不再处理告知书，签发后结案；征求意见逾期没有答复的，在这里继续办理。", rights: handling,
		offered: legal(disclosure.DoLapse), after: lapseDue, do: doLapse},
	{name: "consult", title: "征求意见", more: true, explain: "征求意见的时间不计入期限，最长 15 个工作日（条例第三十二条至第三十四条）。", rights: handling, offered: legal(disclosure.DoConsult),
		fields: asks[disclosure.Request](
			field{Name: "party", Label: "向谁征求", Kind: pickOne, Required: true, Options: choices(disclosure.Party.Chinese, disclosure.Parties()...)},
			field{Name: "name", Label: "姓名或名称", Kind: textLine, Required: true},
			field{Name: "about", Label: "涉及的信息", Kind: textBlock, Required: true}),
		do: func(c *Console, v *visit, r disclosure.Request) (string, error) {
			_, err := c.deskAsSeen(v).Consult(v.ctx(), v.who, r.ID, disclosure.Party(v.form("party")), v.form("name"), v.form("about"))
			return drafted, err
		}},
	{name: "extend", title: "延长答复期限", more: true, explain: "经负责人同意可以延长一次，最多 20 个工作日，并告知申请人（条例第三十三条）。负责人签发告知书即为同意。", rights: drafting, offered: legal(disclosure.DoExtend),
		fields: asks[disclosure.Request](
			field{Name: "days", Label: "延长几个工作日", Kind: numField, Required: true, Value: strconv.Itoa(disclosure.ExtensionDays)},
			field{Name: "reason", Label: "延期原因", Kind: textBlock, Required: true}),
		do: func(c *Console, v *visit, r disclosure.Request) (string, error) {
			_, err := c.deskAsSeen(v).Extend(v.ctx(), v.who, r.ID, v.number("days"), v.form("reason"))
			return drafted, err
		}},
	{name: "reasons", title: "要求说明理由", more: true, explain: "申请的数量、频次明显超过合理范围的，先书面要求说明理由（条例第三十五条）。", rights: handling, offered: legal(disclosure.DoStateReasons),
		fields: asks[disclosure.Request](
			field{Name: "facts", Label: "申请的数量和频次", Kind: textBlock, Required: true},
			field{Name: "until", Label: "说明理由的期限", Kind: dateField, Required: true, Help: "到这一天为止。说明理由的时间计算在答复期限内，应当早于答复期限。"}),
		do: func(c *Console, v *visit, r disclosure.Request) (string, error) {
			until, err := v.date("until", "说明理由的期限")
			if err == nil {
				_, err = c.deskAsSeen(v).StateReasons(v.ctx(), v.who, r.ID, v.form("facts"), until)
			}
			return drafted, err
		}},
	{name: "reasons-received", title: "登记申请人说明的理由", explain: "申请人说明的理由和收到日期都记在案卷里；期限照常计算（条例第三十五条）。", rights: handling, offered: mayHear,
		fields: asks[disclosure.Request](
			field{Name: "text", Label: "申请人说明的理由", Kind: textBlock, Required: true, Help: "照申请人的原话写；书面材料另外添加到案卷。"}, arrivedField("收到日期")),
		do: func(c *Console, v *visit, r disclosure.Request) (string, error) {
			on, err := v.dateOrNone("on", "收到日期")
			if err == nil {
				_, err = c.deskAsSeen(v).ReceiveReasons(v.ctx(), v.who, r.ID, v.form("text"), on)
			}
			return "已登记申请人说明的理由。", err
		}},
	{name: "delay", title: "确定延迟答复期限", more: true, explain: "申请理由合理、但不能按期答复的，确定延迟答复的合理期限（条例第三十五条）。", rights: drafting, offered: mayDelay,
		fields: asks[disclosure.Request](
			field{Name: "until", Label: "延迟到哪一天", Kind: dateField, Required: true}, field{Name: "reason", Label: "原因", Kind: textBlock, Required: true}),
		do: func(c *Console, v *visit, r disclosure.Request) (string, error) {
			until, err := v.date("until", "延迟答复的日期")
			if err == nil {
				_, err = c.deskAsSeen(v).Delay(v.ctx(), v.who, r.ID, until, v.form("reason"))
			}
			return drafted, err
		}},
	{name: "fee", title: "通知缴纳信息处理费", more: true, explain: "一件申请只能按一种标准收一次；金额由系统按国办函〔2020〕109号计算。", rights: handling, offered: legal(disclosure.DoChargeFee),
		fields: asks[disclosure.Request](
			field{Name: "basis", Label: "计费标准", Kind: pickOne, Required: true, Options: choices(disclosure.FeeBasis.Chinese, disclosure.ByPages, disclosure.ByPieces)},
			field{Name: "count", Label: "页数或者本月件数", Kind: numField, Required: true}),
		do: func(c *Console, v *visit, r disclosure.Request) (string, error) {
			_, err := c.deskAsSeen(v).ChargeFee(v.ctx(), v.who, r.ID, disclosure.FeeBasis(v.form("basis")), v.number("count"))
			return drafted, err
		}},
	{name: "split", title: "拆分为几件", more: true, explain: "一次提出几项互不相关的内容的，可以拆成几件（一事一申请）；收到日期和期限不变。", rights: handling, offered: maySplit,
		fields: asks[disclosure.Request](
			field{Name: "keep", Label: "本件保留的内容", Kind: textBlock, Required: true},
			field{Name: "parts", Label: "拆分出去的内容，每行一件", Kind: textBlock, Required: true}),
		do: func(c *Console, v *visit, r disclosure.Request) (string, error) {
			_, err := c.deskAsSeen(v).Split(v.ctx(), v.who, r.ID, v.form("keep"), lines(v.form("parts")))
			return "已拆分，各件分别编号。", err
		}},
	{name: "correct", title: "更正登记", more: true, explain: "登记有误时使用；记录里只写改了哪一项，不写内容。", rights: handling, offered: legal(disclosure.DoCorrect), fields: correctFields,
		do: func(c *Console, v *visit, r disclosure.Request) (string, error) {
			on, err := v.dateOrNone("received_on", "收到日期")
			if err == nil {
				_, err = c.deskAsSeen(v).Correct(v.ctx(), v.who, r.ID, disclosure.Correction{
					ApplicantKind: disclosure.ApplicantKind(v.form("kind")), Medium: disclosure.Medium(v.form("medium")),
					Delivery: disclosure.Delivery(v.form("delivery")), ReceivedOn: on, Personal: typedCorrection(v),
				}, v.form("reason"))
			}
			return "已更正。", err
		}},
	{name: "withdraw", title: "申请人撤回", more: true, danger: true, explain: "只有申请人自己要求撤回时使用；计入“其他处理”。", rights: handling, offered: legal(disclosure.DoWithdraw),
		fields: asks[disclosure.Request](field{Name: "reason", Label: "申请人怎样提出的", Kind: textBlock, Required: true}, arrivedField("提出日期")),
		do: func(c *Console, v *visit, r disclosure.Request) (string, error) {
			on, err := v.dateOrNone("on", "提出日期")
			if err == nil {
				_, err = c.deskAsSeen(v).WithdrawOn(v.ctx(), v.who, r.ID, v.form("reason"), on)
			}
			return "已登记撤回，申请办结。", err
		}},
	{name: "remedy", title: "登记复议或者诉讼", more: true, rights: remedying, offered: legal(disclosure.DoRemedyOpen),
		fields: asks[disclosure.Request](
			field{Name: "kind", Label: "种类（年度报告表四）", Kind: pickOne, Required: true, Options: choices(disclosure.RemedyKind.Chinese, disclosure.RemedyKinds()...)},
			field{Name: "number", Label: "案号", Kind: textLine}, arrivedField("收到日期")),
		do: func(c *Console, v *visit, r disclosure.Request) (string, error) {
			on, err := v.dateOrNone("on", "收到日期")
			if err == nil {
				_, err = c.deskAsSeen(v).OpenRemedy(v.ctx(), v.who, r.ID, disclosure.Remedy{Kind: disclosure.RemedyKind(v.form("kind")), Number: v.form("number"), OpenedOn: on})
			}
			return "已登记。", err
		}},
	{name: "remedied", title: "登记复议或者诉讼的结果", rights: remedying, offered: pendingRemedy,
		fields: asks[disclosure.Request](
			field{Name: "result", Label: "结果（年度报告表四）", Kind: pickOne, Required: true, Options: choices(disclosure.RemedyResult.Chinese, disclosure.RemedyResults()...)},
			arrivedField("审结日期")),
		do: func(c *Console, v *visit, r disclosure.Request) (string, error) {
			on, err := v.dateOrNone("on", "审结日期")
			if err == nil {
				_, err = c.deskAsSeen(v).CloseRemedy(v.ctx(), v.who, r.ID, disclosure.RemedyResult(v.form("result")), on)
			}
			return "已登记结果。", err
		}},
	{name: "reopen", title: "重新办理", more: true, danger: true, explain: "答复被复议、诉讼撤销，或者结案有误时使用；期限从今天的次日重新计算，原答复保留在案。", rights: signing, offered: legal(disclosure.DoReopen),
		fields: asks[disclosure.Request](field{Name: "reason", Label: "重新办理的原因", Kind: textBlock, Required: true}),
		do: func(c *Console, v *visit, r disclosure.Request) (string, error) {
			_, err := c.deskAsSeen(v).Reopen(v.ctx(), v.who, r.ID, v.form("reason"))
			return "已重新办理，期限重新计算。", err
		}},
}

// lines are the lines of a text block that say something.
func lines(text string) []string {
	return keep(strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n"), func(s string) bool { return strings.TrimSpace(s) != "" })
}

// arrivedField asks for the day on which something arrived; empty is today.
func arrivedField(label string) field {
	return field{Name: "on", Label: label, Kind: dateField, Help: "不填就是今天。"}
}

// dateOrNone reads a date that may be left out.
func (v *visit) dateOrNone(name, label string) (workday.Date, error) {
	if v.form(name) == "" {
		return workday.Date{}, nil
	}
	return v.date(name, label)
}

// replyFields offers the consultations that are still open.
func replyFields(_ *Console, _ *visit, r disclosure.Request) ([]field, error) {
	which := field{Name: "no", Label: "哪一份征求意见书", Kind: pickOne, Required: true}
	for _, asked := range r.Consultations {
		if asked.Answer == "" {
			which.Options = append(which.Options, option{strconv.Itoa(asked.No), asked.Party.Chinese() + "，" + asked.SentOn.Chinese() + "发出"})
		}
	}
	return []field{
		which, {Name: "answer", Label: "意见", Kind: pickOne, Required: true, Options: choices(disclosure.Answer.Chinese, disclosure.Agrees, disclosure.Refuses)},
		{Name: "ground", Label: "不同意的理由", Kind: textBlock, Help: "不同意公开的填写。"}, arrivedField("收到日期"),
	}, nil
}

func correctFields(_ *Console, _ *visit, r disclosure.Request) ([]field, error) {
	return []field{
		{Name: "kind", Label: "申请人类型（年度报告表三的列）", Kind: pickOne, Value: string(r.Filing.ApplicantKind), Options: choices(disclosure.ApplicantKind.Chinese, disclosure.ApplicantKinds()...)},
		{Name: "medium", Label: "形式要求", Kind: pickOne, Value: string(r.Filing.Medium), Options: choices(disclosure.Medium.Chinese, disclosure.Media()...)},
		{Name: "delivery", Label: "获取方式", Kind: pickOne, Value: string(r.Filing.Delivery), Options: choices(disclosure.Delivery.Chinese, disclosure.Deliveries()...)},
		{Name: "received_on", Label: "收到申请之日", Kind: dateField, Value: r.ReceivedOn.String(), Help: "登记晚了只能往早改；往晚改要由有签发权限的人办理。"},
		{Name: "name", Label: "姓名或名称", Kind: textLine, Help: "以下各项不改的不填；改申请人类型的，证件号码要一起改。"},
		{Name: "document", Label: "身份证号或统一社会信用代码", Kind: textLine},
		{Name: "representative", Label: "法定代表人或经办人", Kind: textLine},
		{Name: "phone", Label: "联系电话", Kind: textLine},
		{Name: "email", Label: "电子邮箱", Kind: textLine},
		{Name: "address", Label: "通信地址", Kind: textLine},
		{Name: "description", Label: "所需信息", Kind: textBlock},
		{Name: "reason", Label: "更正的原因", Kind: textBlock, Required: true},
	}, nil
}

// typedCorrection is what the form says about the applicant; what was left empty stays as it is.
func typedCorrection(v *visit) disclosure.Personal {
	return disclosure.Personal{
		Name: v.form("name"), DocumentNumber: v.form("document"), Representative: v.form("representative"), Phone: v.form("phone"),
		Email: v.form("email"), Address: v.form("address"), Description: v.form("description"),
	}
}

func mayDelay(r disclosure.Request, who staff.Member) bool {
	return r.Reasons != nil && len(r.Reasons.Given) > 0 && legal(disclosure.DoDelay)(r, who)
}

// mayHear offers to enter the applicant's reasons once they were asked.
func mayHear(r disclosure.Request, who staff.Member) bool {
	return r.Reasons != nil && legal(disclosure.DoReceiveReasons)(r, who)
}

func maySplit(r disclosure.Request, who staff.Member) bool {
	return len(r.Parts) == 0 && r.SplitFrom == "" && legal(disclosure.DoSplit)(r, who)
}

func pendingRemedy(r disclosure.Request, who staff.Member) bool {
	open := slices.ContainsFunc(r.Remedies, func(m disclosure.Remedy) bool { return m.ClosedOn.IsZero() })
	return open && legal(disclosure.DoRemedyClose)(r, who)
}

func doLapse(c *Console, v *visit, r disclosure.Request) (string, error) {
	after, err := c.deskAsSeen(v).Lapse(v.ctx(), v.who, r.ID)
	if after.Notice != nil {
		return drafted, err
	}
	return "已登记逾期，继续办理。", err
}
