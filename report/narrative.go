package report

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

// Narrative are the numbers that a report's prose names, by the words it uses for them: “不予公开”: 142. One entry,
// 信息处理费, holds the fee charged: 件 and 元.
type Narrative map[string]json.RawMessage

const feeEntry = "信息处理费"

// Fee is what a report says of the fee for processing information (信息处理费, 条例第四十二条).
type Fee struct {
	Cases *Number `json:"件,omitempty"`
	Yuan  *Number `json:"元,omitempty"`
	Items []Fee   `json:"明细,omitempty"`
}

// statement is one number in prose with the words before it.
type statement struct {
	label string
	value Number
	where string // how to find the sentence again, for the message
}

// statements returns the plain numbers in the order of their labels.
func (n Narrative) statements() []statement {
	var out []statement
	for _, label := range slices.Sorted(maps.Keys(n)) {
		raw := bytes.TrimSpace(n[label])
		if v, err := ParseNumber(string(raw)); err == nil {
			out = append(out, statement{label, v, "“" + label + "”"})
		}
	}
	return out
}

// fee returns what the narrative says of the fee; ok is false when it says nothing.
func (n Narrative) fee() (fee Fee, ok bool) {
	raw, ok := n[feeEntry]
	if !ok || json.Unmarshal(raw, &fee) != nil {
		return Fee{}, false
	}
	return fee, true
}

// checkNarrative compares the numbers in prose with the cells of which they speak.
func checkNarrative(a Annual) []Violation {
	book := newPhraseBook(a)
	var out []Violation
	seen := map[[3]string]bool{}
	for _, st := range append(a.Narrative.statements(), a.proseStatements()...) {
		v, bad := book.compare(st)
		key := [3]string{v.Where, string(v.Left), string(v.Right)}
		if bad && !seen[key] {
			seen[key] = true
			out = append(out, v)
		}
	}
	return out
}

// reading is one way to understand a phrase: the sum of some cells.
type reading struct {
	where string
	keys  []string
}

// phraseBook ties phrases to cells. It knows only phrases that can mean nothing else; what it does not know is not
// checked, so that a report is never blamed for a number that speaks of something else.
type phraseBook struct {
	year    int
	cells   map[string]Cell
	phrases map[string][]reading
}

func newPhraseBook(a Annual) phraseBook {
	b := phraseBook{year: a.Year, cells: a.Cells(), phrases: map[string][]reading{}}
	if a.T3 != nil {
		b.addSingleOther(*a.T3)
	}
	b.addRows()
	b.addColumns()
	b.addRemedies()
	return b
}

func (b phraseBook) addSingleOther(t Table3) {
	if row, ok := t.Rows[singleOtherRow]; ok {
		b.cells["t3.r6_3.total"] = row[totalColumn]
		b.cells["t3.r6_1.total"], b.cells["t3.r6_2.total"] = Count(0), Count(0)
	}
}

func (b phraseBook) say(readings []reading, phrases ...string) {
	for _, p := range phrases {
		b.phrases[p] = readings
	}
}

// row is the reading of one row, or of a group of rows, in its total column.
func row(where string, ids ...string) reading {
	r := reading{where: "t3." + where + ".total"}
	for _, id := range ids {
		r.keys = append(r.keys, "t3."+id+".total")
	}
	return r
}

func withPrefix(prefix string) []string {
	var out []string
	for _, id := range officialForm().Details3 {
		if strings.HasPrefix(id, prefix) {
			out = append(out, id)
		}
	}
	return out
}

func (b phraseBook) addRows() {
	received := row("received", "new", "carried_in")
	b.say([]reading{row("new", "new")}, "新收", "新收申请", "新增申请")
	b.say([]reading{row("new", "new"), received}, "收到", "收到申请", "收到公开申请", "受理", "受理申请", "接收申请", "依申请", "依申请公开",
		"申请", "收到依申请", "收到依申请公开申请", "受理依申请公开", "收到信息公开申请", "受理信息公开申请", "依申请公开申请")
	b.say([]reading{received}, "收办申请", "收办")
	b.say([]reading{row("carried_in", "carried_in")}, "上年结转", "上年度结转", "上年结转申请", "上年度结转申请", "结转上年", "结转上年度申请")
	b.say([]reading{row("r7", "r7")}, "办结", "办结申请", "答复", "答复申请", "办理答复", "办理结果")
	b.say([]reading{row("carried_out", "carried_out")}, "转下年", "转下年度", "结转下年", "结转下年度", "结转至下年度", "结转下年度继续办理",
		"结转下一年度", "结转至下一年度", "结转至下年度继续办理", "结转下一年度继续办理", "转入下年度")
	b.say([]reading{row("r1", "r1")}, "予以公开")
	b.say([]reading{row("r2", "r2")}, "部分公开", "予以部分公开")
	b.say([]reading{row("r3", withPrefix("r3_")...)}, "不予公开")
	b.say([]reading{row("r4", withPrefix("r4_")...)}, "无法提供")
	b.say([]reading{row("r5", withPrefix("r5_")...)}, "不予处理")
	b.say([]reading{row("r6", withPrefix("r6_")...)}, "其他处理", "作其他处理")
	for _, id := range officialForm().Details3 {
		if core := rowCore(officialForm().label(id)); len(id) > 2 && core != "其他" {
			b.say([]reading{row(id, id)}, core)
		}
	}
}

// rowCore strips the numbering of a row's label: 三(三)1.属于国家秘密 is 属于国家秘密.
func rowCore(label string) string {
	if at := strings.LastIndex(label, "."); at >= 0 {
		return label[at+1:]
	}
	return label
}

func (b phraseBook) addColumns() {
	orgs := Columns()[1:totalColumn]
	column := func(name string, cols []string, phrases ...string) {
		onlyNew, received := reading{where: "t3.new." + name}, reading{where: "t3.received." + name}
		for _, c := range cols {
			onlyNew.keys = append(onlyNew.keys, "t3.new."+c)
			received.keys = append(received.keys, "t3.new."+c, "t3.carried_in."+c)
		}
		for _, p := range phrases {
			b.say([]reading{onlyNew, received}, p, p+"申请", p+"提交申请", p+"提出申请")
		}
	}
	column("natural", Columns()[:1], "自然人")
	column("organizations", orgs, "法人或其他组织", "法人和其他组织", "法人或者其他组织", "法人及其他组织", "法人、其他组织")
	for i, name := range []string{"商业企业", "科研机构", "社会公益组织", "法律服务机构"} {
		column(orgs[i], orgs[i:i+1], name)
	}
}

func remedy(where, result string, groups ...string) reading {
	r := reading{where: "t4." + where + "." + result}
	for _, g := range groups {
		r.keys = append(r.keys, "t4."+g+"."+result)
	}
	return r
}

func (b phraseBook) addRemedies() {
	groups := map[string][]string{
		"reconsideration": groups4[:1], "litigation": groups4[1:], "remedies": groups4,
		groups4[1]: groups4[1:2], groups4[2]: groups4[2:],
	}
	names := map[string][]string{
		"reconsideration": {"行政复议", "复议"}, "litigation": {"行政诉讼", "诉讼"},
		"remedies": {"行政复议、行政诉讼", "行政复议和行政诉讼", "行政复议及行政诉讼", "行政复议与行政诉讼", "行政复议、诉讼"},
		groups4[1]: {"未经复议直接起诉", "直接起诉"}, groups4[2]: {"复议后起诉", "经复议后起诉"},
	}
	results := map[string][]string{
		"total": {"", "案件", "总计", "申请"}, "upheld": {"结果维持", "维持"}, "corrected": {"结果纠正", "纠正"},
		"other": {"其他结果"}, "pending": {"尚未审结", "未审结"},
	}
	for group, members := range groups {
		for _, name := range names[group] {
			for result, words := range results {
				for _, word := range words {
					b.say([]reading{remedy(group, result, members...)}, name+word)
				}
			}
		}
	}
}

// value adds the cells of a reading; ok is false when one of them is not known.
func (b phraseBook) value(r reading) (Number, bool) {
	var cells []Cell
	for _, key := range r.keys {
		cells = append(cells, b.cells[key])
	}
	return sum(cells...)
}

// compare holds a statement against the readings of its phrase. It is wrong when no reading gives its number; the first
// reading is the one told.
func (b phraseBook) compare(st statement) (Violation, bool) {
	var first *Violation
	phrase := phraseOf(st.label)
	if st.partly(phrase) || !st.ofYear(b.year) {
		return Violation{}, false
	}
	for _, r := range b.phrases[phrase] {
		v, ok := b.value(r)
		if !ok {
			continue
		}
		if v == st.value {
			return Violation{}, false
		}
		if first == nil {
			wrong := fail(RuleNarrative, r.where, side(st.value), side(v),
				"文字中%s说的是 %s 件，而表中“%s”是 %s 件，文字与表格应当一致。", st.where, st.value, cellLabel(r.where), v)
			first = &wrong
		}
	}
	if first == nil {
		return Violation{}, false
	}
	return *first, true
}
