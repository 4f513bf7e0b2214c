package disclosure

import (
	"fmt"
	"regexp"
	"strings"
)

// ProfileLine is one line of the organ's profile, as a person reads and corrects it.
type ProfileLine struct {
	Key     string // in the profile's file
	Label   string
	Purpose string // where citizens and courts meet it
	Value   string
	Problem string // "" when nothing is wrong with it
	Grave   bool   // the service should not work with it: it would print something false or miss what a receipt must tell
}

// profileLine says of a line what it is and where it stands.
type profileLine struct {
	key, label, purpose string
	required            bool   // citizens are told it in every receipt
	advice              string // what happens while it is empty; "" where it may stay empty
	value               func(*Organ) *string
}

var profileLines = []profileLine{
	{"name", "机关全称", "印在每份文书、回执和年度报告上。", true, "", func(o *Organ) *string { return &o.Name }},
	{"short_name", "简称", "显示在工作台上方和稿件里。", false, "", func(o *Organ) *string { return &o.ShortName }},
	{"account_name", "公众号名称", "告诉群众到哪里提交。", false, "文书里说不清是哪个公众号。", func(o *Organ) *string { return &o.AccountName }},
	{"level", "层级", "乡镇填 township，县填 county；决定年度报告的规章一栏能不能填。", false, "年度报告不能检查规章一栏。", func(o *Organ) *string { return &o.Level }},
	{"address", "办公地址", "当面和邮寄申请的地址（条例第十二条）。", true, "", func(o *Organ) *string { return &o.Address }},
	{"post_code", "邮政编码", "邮寄申请用。", true, "", func(o *Organ) *string { return &o.PostCode }},
	{"hours", "办公时间", "写进公开指南（条例第十二条）；“自动回复”里改过的以那里为准。", false, "公开指南里没有办公时间。", func(o *Organ) *string { return &o.Hours }},
	{"phone", "联系电话", "群众问进度、催办、求助都打它（条例第十二条）。", true, "", func(o *Organ) *string { return &o.Phone }},
	{"fax", "传真", "写进公开指南（条例第十二条）。", false, "", func(o *Organ) *string { return &o.Fax }},
	{"email", "电子邮箱", "写进公开指南和年度报告。", false, "", func(o *Organ) *string { return &o.Email }},
	{"website", "网站", "年度报告在哪里下载。", false, "年度报告的前言缺少下载地址。", func(o *Organ) *string { return &o.Website }},
	{"reviewing_organ", "行政复议机关", "印在每份不利决定的救济告知里（行政复议法第二十四条）。", false, "救济告知写不出向谁申请行政复议。", func(o *Organ) *string { return &o.ReviewingOrgan }},
	{"review_online", "网上申请行政复议的地址", "在微信上送达决定必须同时告知（行政复议法第二十二条第二款）。", false, "不能在微信上送达不利决定。", func(o *Organ) *string { return &o.ReviewOnline }},
	{"court", "管辖法院", "印在救济告知里。", false, "救济告知写不出向哪个法院起诉。", func(o *Organ) *string { return &o.Court }},
	{"letter_prefix", "机关代字", "答复书的文号，例如“崇政公复”。", false, "答复书没有机关代字。", func(o *Organ) *string { return &o.LetterPrefix }},
	{"report_due", "年度报告期限", "月-日，例如 01-31，由县级主管部门规定。", false, "按 01-31 提醒。", func(o *Organ) *string { return &o.ReportDue }},
	{"fee_payment", "信息处理费缴纳方式", "印在收费通知里。", false, "收费通知写“到本机关办公地点缴纳”。", func(o *Organ) *string { return &o.FeePayment }},
	{"supervising_office", "监督机关", "群众投诉、举报向谁提出（条例第五十一条）。", false, "只能笼统地写“上一级行政机关”。", func(o *Organ) *string { return &o.SupervisingOffice }},
}

// someCourt is what the example says, since the courts that hear these cases are set province by province.
const someCourt = "有管辖权的人民法院"

// monthDay is how the day of the annual report is written.
var monthDay = regexp.MustCompile(`^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$`)

// Profile lists the lines of the organ's profile with what is missing or still the example's.
func (o Organ) Profile() []ProfileLine {
	var out []ProfileLine
	for _, l := range profileLines {
		line := ProfileLine{Key: l.key, Label: l.label, Purpose: l.purpose, Value: strings.TrimSpace(*l.value(&o))}
		line.Problem, line.Grave = l.problem(line.Value)
		out = append(out, line)
	}
	return out
}

func (l profileLine) problem(value string) (says string, grave bool) {
	switch {
	case value == "" && l.required:
		return "没有填。回执和公开指南必须写明。", true
	case value == "" && l.advice != "":
		return "没有填：" + l.advice, false
	case strings.Contains(value, "请核对"), strings.Contains(value, "example."):
		return "还是示例里的内容，请改成真实的。", true
	case l.key == "report_due" && value != "" && !monthDay.MatchString(value):
		return fmt.Sprintf("“%s”应写成“月-日”，例如 01-31。", value), true
	case l.key == "court" && value == someCourt:
		return "没有写明是哪个人民法院，请问清以后写全称。", false
	}
	return "", false
}

// SetProfile puts a value into the line with the key; it reports false when there is no such line.
func (o *Organ) SetProfile(key, value string) bool {
	for _, l := range profileLines {
		if l.key == key {
			*l.value(o) = strings.TrimSpace(value)
			return true
		}
	}
	return false
}
