package report

import (
	"slices"
	"strings"
)

// Standing says how a report stands with one rule.
type Standing string

// The standings of a rule.
const (
	Held       Standing = "held"        // 通过
	Questioned Standing = "questioned"  // 请留意
	Broken     Standing = "broken"      // 不通过
	NotChecked Standing = "not_checked" // 没有可以核对的
)

// Chinese returns the standing as people see it.
func (s Standing) Chinese() string {
	return map[Standing]string{Held: "通过", Questioned: "请留意", Broken: "不通过", NotChecked: "未核对"}[s]
}

// Verdict is one rule with how the report stands with it.
type Verdict struct {
	Rule     string // T3-BALANCE
	Title    string // the rule in Chinese
	Standing Standing
	Findings []Violation // where it is broken or questioned
}

// RuleOne says that one request has one result (部分公开 excludes all others).
const RuleOne = "T3-ONE"

// rules are all rules in the order in which a person reads the report, with what each asks.
var rules = []struct{ id, title string }{
	{RuleBalance, "表三每一列：本年新收＋上年结转＝办理结果总计＋结转下年度"},
	{RuleColumnSum, "表三每一列：（七）总计＝（一）至（六）各项之和"},
	{RuleRowSum, "表三每一行：总计＝自然人＋五类法人或其他组织"},
	{RuleCarry, "表三上年结转＝上一年报告的结转下年度"},
	{RuleOne, "表三每件申请只计入一种办理结果（由登记方式保证）"},
	{RuleBlank, "表三没有空格，没有的填 0"},
	{RuleLayout3, "表三的行、列和名称与格式一致"},
	{RuleSum4, "表四每一组：总计＝维持＋纠正＋其他＋尚未审结"},
	{RuleBlank4, "表四没有空格"},
	{RuleLayout4, "表四的表头与格式一致"},
	{RuleStock, "表二现行有效＝上年现行有效＋本年制发－本年废止"},
	{RuleRegulation, "乡镇、街道没有规章"},
	{RuleBlank2, "表二没有空格"},
	{RuleLayout2, "表二的行和名称与格式一致"},
	{RuleCount, "件数都是不小于零的整数"},
	{RuleFormat, "自 2021 年度起使用国办公开办函〔2021〕30号的表格"},
	{RuleNarrative, "文字里的数字与表格一致"},
	{RuleUnbound, "文字里来自统计的数字是引用的，不是手工填写的"},
	{RuleFee, "收取信息处理费的，第六部分写明件数和金额"},
	{RuleTitle, "标题是“机关全称＋年份＋政府信息公开工作年度报告”"},
	{RuleYear, "标题和统计期限的年份是本年度"},
	{RuleSections, "六个部分齐全，次序和名称与格式一致"},
	{RuleParts, "第一部分写到主动公开、依申请公开、政府信息管理、平台建设、监督保障"},
	{RuleProblems, "第五部分写明问题和改进情况"},
	{RuleCopied, "第五部分不是照抄上一年"},
	{RuleOpen, "没有还没写完的地方"},
	{RulePreviousFor, "用来核对的是上一年的报告"},
}

// Verdicts judges a report rule by rule from what Check found. compared says that last year's report was at hand; without it
// the rules that need it are not checked.
func Verdicts(findings []Violation, compared bool) []Verdict {
	var out []Verdict
	for _, r := range rules {
		v := Verdict{Rule: r.id, Title: r.title, Standing: Held}
		if !compared && slices.Contains([]string{RuleCarry, RuleStock, RuleCopied, RulePreviousFor}, r.id) {
			v.Standing = NotChecked
		}
		for _, f := range findings {
			if f.Rule != r.id {
				continue
			}
			v.Findings = append(v.Findings, f)
			if v.Standing = Questioned; Failed(v.Findings) {
				v.Standing = Broken
			}
		}
		out = append(out, v)
	}
	return out
}

// TableVerdict reports whether a rule is about the numbers of the report: in its tables, between tables and text, and of the fee.
func TableVerdict(rule string) bool {
	prefix, _, _ := strings.Cut(rule, "-")
	return slices.Contains([]string{"T2", "T3", "T4"}, prefix) || slices.Contains([]string{RuleCount, RuleFormat, RuleNarrative, RuleFee}, rule)
}
