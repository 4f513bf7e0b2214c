package report

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"shoushan/disclosure"
	"shoushan/fault"
)

// Draft makes the annual report of a year (条例第五十条): six sections, tables counted from the records, prose with its
// numbers put in. Prose that binds an unknown name is an Invalid fault. The draft is not checked; use Check.
func Draft(year int, organ disclosure.Organ, prose Prose, records Records) (Annual, error) {
	return DraftFrom(year, organ, prose, records.Year(year))
}

// DraftFrom is Draft for a year that was counted already.
func DraftFrom(year int, organ disclosure.Organ, prose Prose, counted YearCounts) (Annual, error) {
	if prose.Year != 0 && prose.Year != year {
		return Annual{}, fault.Newf(fault.Invalid, "这份文字是 %d 年的，不能用于 %d 年的报告。", prose.Year, year)
	}
	counts, charged, fee := counted.Figures, counted.Registers.charged(year), counted.Fee
	a := Annual{
		Schema: Schema, Organ: organ.Name, Level: organ.Level, Year: year, Format: Format2021,
		Title: ConventionalTitle(organ.Name, year), SignedBy: organ.Name, SignedOn: prose.SignedOn,
		T2: countTable2(counts, charged, year, counted.Registers), T3: countTable3(counts), T4: countTable4(counts),
	}
	tally := newTally(year, counts)
	a.Tally = &tally
	told, err := json.Marshal(fee)
	if err != nil {
		return Annual{}, fmt.Errorf("report: encode fee: %w", err)
	}
	a.Narrative = Narrative{feeEntry: told}
	w := writer{values: newValues(year, organ, counts, charged, fee)}
	if len(prose.Preface) == 0 {
		prose.Preface = []string{usualPreface(year, organ)}
	}
	a.Preface = w.texts(prose.Preface)
	a.Sections = w.sections(prose, fee)
	return a, w.err
}

func countTable2(counts map[string]int, charged Number, year int, r Registers) *Table2 {
	t := &Table2{}
	for i, place := range t.cells() {
		*place = Count(counts[keys2[i]])
	}
	t.Article20h.Fees = Amount(charged)
	for i, place := range t.cells() {
		place.Note = r.noteOn(year, keys2[i])
	}
	return t
}

func countTable3(counts map[string]int) *Table3 {
	t := &Table3{Rows: map[string]Row{}}
	for _, r := range officialForm().Rows3 {
		var row Row
		for i, col := range Columns() {
			row[i] = Count(counts["t3."+r.ID+"."+col])
		}
		t.Rows[r.ID] = row
	}
	return t
}

func countTable4(counts map[string]int) *Table4 {
	t := &Table4{}
	for i, place := range t.cells() {
		*place = Count(counts["t4."+groups4[i/5]+"."+results4[i%5]])
	}
	return t
}

// usualPreface states basis, period, contact and where the report can be downloaded.
func usualPreface(year int, organ disclosure.Organ) string {
	var b strings.Builder
	fmt.Fprintf(&b, "本报告根据《中华人民共和国政府信息公开条例》和《中华人民共和国政府信息公开工作年度报告格式》（国办公开办函〔2021〕30号）编制，"+
		"由总体情况、主动公开政府信息情况、收到和处理政府信息公开申请情况、政府信息公开行政复议和行政诉讼情况、存在的主要问题及改进情况、其他需要报告的事项六部分组成。"+
		"所列数据的统计期限为%d年1月1日至%d年12月31日。", year, year)
	if organ.Website != "" {
		fmt.Fprintf(&b, "本报告电子版可在%s查阅和下载。", organ.Website)
	}
	var contact []string
	for _, item := range [][2]string{{"地址", organ.Address}, {"邮政编码", organ.PostCode}, {"联系电话", organ.Phone}, {"电子邮箱", organ.Email}} {
		if item[1] != "" {
			contact = append(contact, item[0]+"："+item[1])
		}
	}
	fmt.Fprintf(&b, "如对本报告有疑问，请与%s联系", organ.Name)
	if len(contact) > 0 {
		b.WriteString("（" + strings.Join(contact, "；") + "）")
	}
	b.WriteString("。")
	return b.String()
}

// writer resolves texts and keeps the first error.
type writer struct {
	values values
	err    error
}

func (w *writer) texts(in []string) []string {
	var out []string
	for _, text := range in {
		if strings.TrimSpace(text) == "" {
			continue
		}
		resolved, err := w.values.resolve(text)
		if err != nil && w.err == nil {
			w.err = err
		}
		out = append(out, resolved)
	}
	return out
}

// stated makes an answer that 条例第五十条第一款第（四）项 asks for readable by itself: a bare 无 gets the name of what there is none of.
func stated(name, word, answer string) string {
	if answer = strings.TrimSpace(answer); answer == "" || strings.Contains(answer, word) {
		return answer
	}
	return name + "：" + strings.TrimRight(answer, "。") + "。"
}

// sections lays the prose out in the six sections; tables 二, 三 and 四 need no words.
func (w *writer) sections(p Prose, fee Fee) []Section {
	titles := officialForm().Sections
	out := make([]Section, len(titles))
	for i, title := range titles {
		out[i].Title = title
	}
	out[0].Paragraphs = w.texts(p.Overview)
	safeguards := append(slices.Clone(p.Safeguards), stated("工作考核情况", "考核", p.Appraisal),
		stated("社会评议情况", "评议", p.SocialReview), stated("责任追究结果", "追究", p.Accountability))
	for i, text := range [][]string{p.Proactive, p.OnRequest, p.Management, p.Platforms, safeguards} {
		out[0].Parts = append(out[0].Parts, Section{Title: partTitle(i), Paragraphs: w.texts(text)})
	}
	out[4].Paragraphs = w.texts(p.Problems)
	out[5].Paragraphs = append([]string{feeSentence(fee)}, w.texts(p.Others)...)
	return out
}
