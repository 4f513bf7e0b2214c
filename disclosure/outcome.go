package disclosure

import (
	"slices"
	"strings"

	"shoushan/fault"
)

// The outcomes: the detail rows of table 三 (国办公开办函〔2021〕30号).
const (
	Granted             Outcome = "r1"
	PartlyGranted       Outcome = "r2"
	StateSecret         Outcome = "r3_1"
	ForbiddenByLaw      Outcome = "r3_2"
	ThreeSafeties       Outcome = "r3_3"
	ThirdPartyInterest  Outcome = "r3_4"
	InternalAffairs     Outcome = "r3_5"
	ProcessInformation  Outcome = "r3_6"
	EnforcementFile     Outcome = "r3_7"
	AdministrativeQuery Outcome = "r3_8"
	NotHeld             Outcome = "r4_1"
	NeedsMaking         Outcome = "r4_2"
	StillUnclear        Outcome = "r4_3"
	Petition            Outcome = "r5_1"
	Repeated            Outcome = "r5_2"
	Publication         Outcome = "r5_3"
	Excessive           Outcome = "r5_4"
	ConfirmAgain        Outcome = "r5_5"
	SupplementLapsed    Outcome = "r6_1"
	PaymentLapsed       Outcome = "r6_2"
	OtherDisposal       Outcome = "r6_3"
)

// How information is given when it is granted (Decision.How).
const (
	Attached   = "attached"    // with the letter
	PublicLink = "public_link" // it is public already: where (条例第三十六条第一项)
	Pickup     = "pickup"      // how, where and when to get it (条例第三十六条第二项)
)

// Hows lists the ways of giving information with their Chinese names.
func Hows() []Choice {
	return []Choice{{Attached, "随答复书提供"}, {PublicLink, "已经公开，告知获取途径"}, {Pickup, "告知领取或查阅的方式、途径和时间"}}
}

// Choice is one value that a form offers.
type Choice struct{ Key, Label string }

// Field is one thing that an outcome asks of the decision. Key is the decision's JSON name.
type Field struct {
	Key, Label string
	Required   bool
	Help       string // a sentence with an example
	Choices    []Choice
}

// RemedyClause is the sentence about remedies that a decision must carry (行政复议法第二十三条).
type RemedyClause string

// The remedy clauses.
const (
	NoRemedy    RemedyClause = ""
	Ordinary    RemedyClause = "ordinary"     // review, or court directly
	ReviewFirst RemedyClause = "review_first" // 复议前置: 不予公开 on articles 14–16
)

// OutcomeInfo is what there is to know about an outcome.
type OutcomeInfo struct {
	Outcome  Outcome
	Label    string // the row's own label, verbatim
	Group    string // the label of the group it stands in, verbatim; "" when the row is a group by itself
	Articles string // of 条例, in Chinese; empty where no article names the case
	Template string // of the letter that it drafts
	Fields   []Field
	Remedy   RemedyClause // for r2 see Decision.Remedy
	ByVerb   Action       // what leads here when Decide does not
	Matter   Matter       // the kind of request that can end so
}

const (
	groupRefused      = "（三）不予公开"
	groupUnavailable  = "（四）无法提供"
	groupNotProcessed = "（五）不予处理"
	groupOther        = "（六）其他处理"
)

var groundField = Field{Key: "ground", Label: "事实和理由", Required: true, Help: "写清事实和理由，例如：该信息是集体讨论的记录，尚未形成决定。"}

var outcomes = []OutcomeInfo{
	{Outcome: Granted, Label: "（一）予以公开", Articles: "第三十六条第一项、第二项", Template: "reply_granted", Remedy: Ordinary, Fields: []Field{
		{Key: "how", Label: "提供方式", Required: true, Help: "选择信息怎样给申请人。", Choices: Hows()},
		{Key: "content", Label: "公开的内容", Help: "写清信息名称，或者在哪里获取，例如：《2025年低保发放名册（公开版）》，随函附后。"},
		{Key: "ground", Label: "公开的理由（第三方不同意公开时）", Help: "写进给第三方的告知书（条例第三十二条），例如：该合同使用财政资金，不公开会对公共利益造成重大影响。"},
	}},
	{Outcome: PartlyGranted, Label: "（二）部分公开（区分处理的，只计这一情形，不计其他情形）", Articles: "第三十七条", Template: "reply_partly", Remedy: Ordinary, Fields: []Field{
		{Key: "content", Label: "公开的内容", Help: "写清公开哪一部分，例如：合同正文第一至第六条，随函附后；也可以贴上全文，要遮盖的文字用〖〗括起来，文书里印成■■■■，括起来的原文不保存。"},
		{Key: "refused_row", Label: "其余部分不予公开的依据", Required: true, Help: "选择其余部分属于哪一种不予公开的情形。", Choices: refusedChoices()},
		groundField, redactionsField,
	}},
	refusal(StateSecret, "1.属于国家秘密", "第十四条"),
	refusal(ForbiddenByLaw, "2.其他法律行政法规禁止公开", "第十四条"),
	refusal(ThreeSafeties, "3.危及“三安全一稳定”", "第十四条"),
	refusal(ThirdPartyInterest, "4.保护第三方合法权益", "第十五条"),
	refusal(InternalAffairs, "5.属于三类内部事务信息", "第十六条第一款"),
	refusal(ProcessInformation, "6.属于四类过程性信息", "第十六条第二款"),
	refusal(EnforcementFile, "7.属于行政执法案卷", "第十六条第二款"),
	{Outcome: AdministrativeQuery, Label: "8.属于行政查询事项", Group: groupRefused, Articles: "第三十六条第七项", Template: "reply_query", Remedy: Ordinary, Fields: []Field{
		{Key: "governing_law", Label: "专门规定", Required: true, Help: "写清按哪部法律、行政法规办理，例如：《不动产登记暂行条例》第二十七条。"},
	}},
	{Outcome: NotHeld, Label: "1.本机关不掌握相关政府信息", Group: groupUnavailable, Articles: "第三十六条第四项、第五项", Template: "reply_not_held", Remedy: Ordinary, Fields: []Field{
		{Key: "search_record", Label: "检索记录", Help: "写清在哪里、用什么关键词、由谁、什么时候检索，例如：2026年3月2日由综合办在档案室和公文系统以“崇文路改造”检索，无结果。与“负责机关”至少填一项。"},
		{Key: "right_organ", Label: "负责机关", Help: "写清名称和联系方式，例如：陵川县自然资源局，0356-1234567。与“检索记录”至少填一项。"},
	}},
	{Outcome: NeedsMaking, Label: "2.没有现成信息需要另行制作", Group: groupUnavailable, Articles: "第三十八条", Template: "reply_needs_making", Remedy: Ordinary, Fields: []Field{groundField}},
	{Outcome: StillUnclear, Label: "3.补正后申请内容仍不明确", Group: groupUnavailable, Articles: "第三十条", Template: "reply_unclear", Remedy: Ordinary, Fields: []Field{
		{Key: "ground", Label: "仍不明确之处", Help: "写清补正以后哪里还不明确，例如：仍未写明文件的名称、年份或者所涉项目。"},
	}},
	{Outcome: Petition, Label: "1.信访举报投诉类申请", Group: groupNotProcessed, Articles: "第三十九条第一款", Template: "reply_petition", Remedy: Ordinary, Fields: []Field{
		{Key: "proper_channel", Label: "正当渠道", Required: true, Help: "写清向哪里反映，例如：陵川县信访局，或者拨打12345。"},
	}},
	{Outcome: Repeated, Label: "2.重复申请", Group: groupNotProcessed, Articles: "第三十六条第六项", Template: "reply_repeated", Remedy: Ordinary, Fields: []Field{
		{Key: "earlier_letter", Label: "以前答复的文号", Required: true, Help: "写清以前答复的文号，例如：崇政公复〔2026〕3号。"},
	}},
	{Outcome: Publication, Label: "3.要求提供公开出版物", Group: groupNotProcessed, Articles: "第三十九条第二款", Template: "reply_publication", Remedy: Ordinary, Fields: []Field{
		{Key: "where", Label: "获取途径", Required: true, Help: "写清在哪里可以取得，例如：陵川县图书馆地方文献室。"},
	}},
	{Outcome: Excessive, Label: "4.无正当理由大量反复申请", Group: groupNotProcessed, Articles: "第三十五条", Template: "reply_excessive", Remedy: Ordinary, Fields: []Field{groundField}},
	{Outcome: ConfirmAgain, Label: "5.要求行政机关确认或重新出具已获取信息", Group: groupNotProcessed, Template: "reply_confirm_again", Remedy: Ordinary, Fields: []Field{groundField}},
	{Outcome: SupplementLapsed, Label: "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请", Group: groupOther, Articles: "第三十条", Template: "closing_supplement", Remedy: Ordinary, ByVerb: DoLapse},
	{Outcome: PaymentLapsed, Label: "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请", Group: groupOther, Articles: "第四十二条", Template: "closing_payment", Remedy: Ordinary, ByVerb: DoLapse},
	{Outcome: OtherDisposal, Label: "3.其他", Group: groupOther, Template: "reply_other", Remedy: Ordinary, Fields: []Field{groundField}},
}

func refusal(o Outcome, label, articles string) OutcomeInfo {
	return OutcomeInfo{
		Outcome: o, Label: label, Group: groupRefused, Articles: articles, Template: "reply_refused", Remedy: ReviewFirst,
		Fields: []Field{groundField},
	}
}

func refusedChoices() []Choice {
	return []Choice{
		{string(StateSecret), "属于国家秘密"}, {string(ForbiddenByLaw), "其他法律行政法规禁止公开"}, {string(ThreeSafeties), "危及“三安全一稳定”"},
		{string(ThirdPartyInterest), "保护第三方合法权益"}, {string(InternalAffairs), "属于三类内部事务信息"},
		{string(ProcessInformation), "属于四类过程性信息"}, {string(EnforcementFile), "属于行政执法案卷"}, {string(AdministrativeQuery), "属于行政查询事项"},
	}
}

// Outcomes lists the 21 outcomes in the order of table 三.
func Outcomes() []OutcomeInfo { return slices.Clone(outcomes) }

// Info returns what there is to know about the outcome, or the zero value when there is no such row.
func (o Outcome) Info() OutcomeInfo {
	for _, list := range [][]OutcomeInfo{outcomes, dataOutcomes} {
		for _, info := range list {
			if info.Outcome == o {
				return info
			}
		}
	}
	return OutcomeInfo{}
}

// Chinese returns the row's label with its group, as lists show it.
func (o Outcome) Chinese() string {
	info := o.Info()
	return strings.TrimSpace(info.Group + " " + info.Label)
}

// Refusal reports whether the outcome is 不予公开 on articles 14–16, which puts review before court.
func (o Outcome) Refusal() bool { return o.Info().Remedy == ReviewFirst }

// Remedy returns the clause that the decision's letter must carry: for 部分公开 it follows from why the rest is withheld. When
// any part of it rests on articles 14 to 16, review comes first.
func (d Decision) Remedy() RemedyClause {
	if d.Outcome != PartlyGranted {
		return d.Outcome.Info().Remedy
	}
	list, _ := d.RedactionList()
	if slices.ContainsFunc(list, func(r Redaction) bool { return r.Row.Refusal() }) {
		return ReviewFirst
	}
	return d.RefusedRow.Info().Remedy
}

// articles returns the articles that this very decision rests on: of those of its row, the ones that apply.
func (d Decision) articles() string {
	switch {
	case d.Outcome == Granted && d.How == PublicLink:
		return "第三十六条第一项"
	case d.Outcome == Granted:
		return "第三十六条第二项"
	case d.Outcome == NotHeld && blank(d.RightOrgan):
		return "第三十六条第四项"
	case d.Outcome == NotHeld && blank(d.SearchRecord):
		return "第三十六条第五项"
	case d.Outcome.Refusal():
		return d.Outcome.Info().Articles + "、第三十六条第三项"
	}
	return d.Outcome.Info().Articles
}

// basis is what the trail cites for the decision: the articles it rests on, or the form that names its row.
func (d Decision) basis() string {
	if d.articles() == "" {
		return "国办公开办函〔2021〕30号"
	}
	return "条例" + d.articles()
}

// field returns the decision's value of a demanded field.
func (d Decision) field(key string) string {
	return map[string]string{
		"how": d.How, "content": d.Content, "ground": d.Ground, "refused_row": string(d.RefusedRow), "redactions": d.Redactions, "governing_law": d.GoverningLaw,
		"search_record": d.SearchRecord, "right_organ": d.RightOrgan, "proper_channel": d.ProperChannel,
		"earlier_letter": d.EarlierLetter, "where": d.Where,
	}[key]
}

// Validate returns an Invalid fault that names every field which the outcome demands and the decision lacks.
func (d Decision) Validate() error {
	info := d.Outcome.Info()
	if info.Outcome == "" {
		return fault.Newf(fault.Invalid, "请选择处理结果：附表三没有“%s”这一行。", d.Outcome)
	}
	var problems []string
	for _, f := range info.Fields {
		problems = append(problems, f.problem(d.field(f.Key))...)
	}
	if d.Outcome == NotHeld && blank(d.SearchRecord) && blank(d.RightOrgan) {
		problems = append(problems, "请填写检索记录，或者负责机关的名称和联系方式，至少一项。")
	}
	if d.Outcome == PartlyGranted {
		_, unread := d.RedactionList()
		problems = append(problems, unread...)
	}
	if len(problems) > 0 {
		return fault.New(fault.Invalid, strings.Join(problems, ""))
	}
	return nil
}

func (f Field) problem(value string) []string {
	switch {
	case blank(value) && f.Required:
		return []string{"请填写“" + f.Label + "”：" + f.Help}
	case blank(value) || len(f.Choices) == 0:
		return nil
	case !slices.ContainsFunc(f.Choices, func(c Choice) bool { return c.Key == value }):
		return []string{"“" + f.Label + "”不在可选范围内：" + f.Help}
	}
	return nil
}

func blank(s string) bool { return strings.TrimSpace(s) == "" }
