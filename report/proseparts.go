package report

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"

	"shoushan/disclosure"
	"shoushan/workday"
)

// RuleUnbound points out a number that is typed where a bound figure should stand.
const RuleUnbound = "PROSE-UNBOUND"

// RuleCopied points out problems and improvements (五) that were copied from last year's report.
const RuleCopied = "SEC5-COPIED"

// ProsePart is one part of a report's text, as an editor fills it in. Texts are paragraphs.
type ProsePart struct {
	ID      string // preface, overview, proactive …: the field's name in JSON
	Section int    // 0 for the preface
	Title   string
	Help    string // what the form and the regulation ask of it
	Texts   []string
	// Explicit parts answer one question of 条例第五十条第一款第（四）项; none must be said, not omitted.
	Explicit bool
}

// proseFields are the parts in the order of the report, each with its place in a Prose.
var proseFields = []struct {
	id, title, help string
	section         int
	many            func(*Prose) *[]string
	one             func(*Prose) *string
}{
	{id: "preface", title: "前言", help: "留空时按惯例自动生成：编制依据、统计期限、联系方式、下载地址。", many: func(p *Prose) *[]string { return &p.Preface }},
	{id: "overview", section: 1, title: "一、总体情况（开头）", help: "一段概述。", many: func(p *Prose) *[]string { return &p.Overview }},
	{id: "proactive", section: 1, title: "（一）主动公开", help: "公开渠道、内容和数量。", many: func(p *Prose) *[]string { return &p.Proactive }},
	{id: "on_request", section: 1, title: "（二）依申请公开", help: "收到、办结、结转的件数，应当与表三一致。", many: func(p *Prose) *[]string { return &p.OnRequest }},
	{id: "management", section: 1, title: "（三）政府信息管理", help: "制度、审核、规范性文件管理。", many: func(p *Prose) *[]string { return &p.Management }},
	{id: "platforms", section: 1, title: "（四）政府信息公开平台建设", help: "专栏、公众号等。", many: func(p *Prose) *[]string { return &p.Platforms }},
	{id: "safeguards", section: 1, title: "（五）监督保障", help: "组织领导、人员、培训。", many: func(p *Prose) *[]string { return &p.Safeguards }},
	{id: "appraisal", section: 1, title: "工作考核", help: "条例第五十条第一款第（四）项要求报告结果；没有的写明“无”。", one: func(p *Prose) *string { return &p.Appraisal }},
	{id: "social_review", section: 1, title: "社会评议", help: "条例第五十条第一款第（四）项要求报告结果；没有的写明“无”。", one: func(p *Prose) *string { return &p.SocialReview }},
	{id: "accountability", section: 1, title: "责任追究结果", help: "条例第五十条第一款第（四）项要求报告结果；没有的写明“无”。", one: func(p *Prose) *string { return &p.Accountability }},
	{id: "problems", section: 5, title: "五、存在的主要问题及改进情况", help: "写明问题和改进情况；不能照抄上一年。", many: func(p *Prose) *[]string { return &p.Problems }},
	{id: "others", section: 6, title: "六、其他需要报告的事项", help: "信息处理费一句自动写在最前面。", many: func(p *Prose) *[]string { return &p.Others }},
}

// Parts returns the text part by part.
func (p Prose) Parts() []ProsePart {
	var out []ProsePart
	for _, f := range proseFields {
		part := ProsePart{ID: f.id, Section: f.section, Title: f.title, Help: f.help, Explicit: f.one != nil}
		if f.one != nil {
			part.Texts = paragraphs(*f.one(&p))
		} else {
			part.Texts = slices.Clone(*f.many(&p))
		}
		out = append(out, part)
	}
	return out
}

// With returns the prose with the text of one part replaced; lines are paragraphs. An unknown part changes nothing.
func (p Prose) With(id, text string) Prose {
	for _, f := range proseFields {
		switch {
		case f.id != id:
		case f.one != nil:
			*f.one(&p) = strings.Join(paragraphs(text), "")
		default:
			*f.many(&p) = paragraphs(text)
		}
	}
	return p
}

// paragraphs parts a text at its lines and drops empty ones.
func paragraphs(text string) []string {
	var out []string
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			out = append(out, line)
		}
	}
	return out
}

// untouched reports whether nobody has written in it yet.
func (p Prose) untouched() bool { return reflect.DeepEqual(p, DefaultProse(p.Year)) }

// FromLastYear offers a published text as the start for the next year. Bound numbers count anew; what must not be copied,
// the problems and improvements (五), is left open, and the day of signing is dropped.
func FromLastYear(last Prose) Prose {
	next := last
	next.Year, next.SignedOn = last.Year+1, workday.Date{}
	next.Problems = DefaultProse(next.Year).Problems
	return next
}

// changedParts names the parts in which two texts differ.
func changedParts(before, after Prose) []string {
	var out []string
	old := before.Parts()
	for i, part := range after.Parts() {
		if !slices.Equal(old[i].Texts, part.Texts) {
			out = append(out, part.Title)
		}
	}
	if before.SignedOn != after.SignedOn {
		out = append(out, "落款日期")
	}
	return out
}

// unanswered finds the results that 条例第五十条第一款第（四）项 asks of governments of every level and that were left out.
func (p Prose) unanswered() []Violation {
	var out []Violation
	for _, part := range p.Parts() {
		if part.Explicit && len(part.Texts) == 0 {
			out = append(out, fail(RuleOpen, part.ID, "", "", "“%s”没有写。条例第五十条第一款第（四）项要求报告；没有的写明“无”。", part.Title))
		}
	}
	return out
}

// check finds numbers that are typed by hand where a bound figure should stand, so that they would not follow the records, and
// last year's number left in a text that was taken over.
func (p Prose) check() []Violation {
	out := p.unanswered()
	for _, part := range p.Parts() {
		if last := fmt.Sprintf("%d年", p.Year-1); part.Section > 0 && strings.Contains(strings.Join(part.Texts, "\n"), last) {
			out = append(out, warn(RuleYear, part.ID, Side(last), side(Int(p.Year)),
				"“%s”里写着“%s”。如果是沿用上一年的文字，请改成 {{year}}年；确实说的是上一年的，可以不改。", part.Title, last))
		}
		for _, typed := range Unbound(strings.Join(part.Texts, "\n")) {
			out = append(out, warn(RuleUnbound, part.ID, Side(typed), "",
				"“%s”里的“%s”是手工填写的数字，记录变化时不会跟着变化；如果它来自统计，请从数字列表中选择插入。", part.Title, typed))
		}
	}
	return out
}

// The measure of copying: two texts that share nine in ten of their pairs of characters are the same text; shorter ones are
// not compared.
const (
	copiedTenths = 9
	copiedLength = 20
)

// checkCopied holds the problems and improvements against last year's: the same text means that nothing was looked at.
func checkCopied(a, previous Annual) []Violation {
	now, known := a.section(5)
	before, knownBefore := previous.section(5)
	x, y := han(now.text()), han(before.text())
	if !known || !knownBefore || utf8.RuneCountInString(x) < copiedLength || utf8.RuneCountInString(y) < copiedLength {
		return nil
	}
	shared, all := sharedPairs(x, y)
	if shared*10 < all*copiedTenths {
		return nil
	}
	return []Violation{warn(RuleCopied, "section5", side(Int(shared*100/all)), side(Int(100*copiedTenths/10)),
		"第五部分与 %d 年报告的同一部分有 %d%% 相同，像是照抄。请写本年度的问题和改进情况。", previous.Year, shared*100/all)}
}

// sharedPairs counts the pairs of neighbouring characters that two texts share, and those of the longer one.
func sharedPairs(x, y string) (shared, all int) {
	pairs := func(s string) map[[2]rune]int {
		out := map[[2]rune]int{}
		r := []rune(s)
		for i := range len(r) - 1 {
			out[[2]rune{r[i], r[i+1]}]++
		}
		return out
	}
	a, b := pairs(x), pairs(y)
	for pair, n := range a {
		shared += min(n, b[pair])
	}
	return shared, max(utf8.RuneCountInString(x), utf8.RuneCountInString(y)) - 1
}

// Binding is one figure that prose may be bound to.
type Binding struct {
	Name   string // account.original
	Label  string // 公众号原创
	Value  string // 127
	Insert string // {{account.original}}
}

// Bindings lists the figures of a year for an editor to choose from, each with its present value.
func Bindings(year int, organ disclosure.Organ, records Records) []Binding {
	return NewBinder(year, organ, records.Year(year)).Bindings()
}

func bindingsOf(v values) []Binding {
	var out []Binding
	for _, name := range []string{"year", "last_year", "next_year", "organ.name", "organ.short", "organ.account"} {
		out = append(out, Binding{name, FigureLabel(name), v.text[name], "{{" + name + "}}"})
	}
	for _, name := range FigureNames() {
		out = append(out, Binding{name, FigureLabel(name), v.numbers[name].String(), "{{" + name + "}}"})
	}
	return out
}

// Resolve puts the present figures into a text, as the report will print it; see Prose. Faults are those of Draft.
func Resolve(text string, year int, organ disclosure.Organ, records Records) (string, error) {
	return newValues(year, organ, records.counts(year), records.Registers.charged(year), records.fee(year)).resolve(text)
}

var figureLabels = map[string]string{
	"year": "报告年度", "last_year": "上一年", "next_year": "下一年", "organ.name": "机关全称", "organ.short": "机关简称", "organ.account": "公众号名称",
	"account.original": "公众号原创", "account.repost": "公众号转载", "account.total": "公众号发布", "portal.items": "门户网站信息",
	"requests.new": "本年新收申请", "requests.carried_in": "上年结转申请", "requests.closed": "本年办结申请", "requests.carried_out": "结转下年度继续办理",
	"fee.cases": "信息处理费（件）", "fee.yuan": "信息处理费（元）",
}

// FigureLabel names a figure in Chinese: t3.new.natural is “本年新收政府信息公开申请数量 / 自然人”.
func FigureLabel(name string) string {
	if label, ok := figureLabels[name]; ok {
		return label
	}
	if topic, ok := strings.CutPrefix(name, "topic."); ok {
		return "专题：" + topic
	}
	if table, _, ok := strings.Cut(name, "."); ok && (table == "t2" || table == "t3" || table == "t4") {
		return map[string]string{"t2": "表二 ", "t3": "表三 ", "t4": "表四 "}[table] + cellLabel(name)
	}
	return name
}
