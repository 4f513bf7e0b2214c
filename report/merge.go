package report

import (
	"fmt"
	"strings"

	"shoushan/fault"
)

// Contribution is one organ's part of a merged figure.
type Contribution struct {
	Organ string `json:"organ"`
	Value Number `json:"value"`
}

// Merge adds the tables of several organs' reports of one year into one report (汇总) of the named organ. Every sum is
// traceable: contributions holds, by the cell's name, what each organ brought to it, in the order of the reports; the merged
// report carries them too, and names the organs in its preface. The texts are not merged. It is an Invalid fault when there is nothing to add, years or forms differ, an organ comes twice, or a cell
// is not known.
func Merge(organ string, reports []Annual) (merged Annual, contributions map[string][]Contribution, err error) {
	if err := mergeable(reports); err != nil {
		return Annual{}, nil, err
	}
	contributions = map[string][]Contribution{}
	totals := map[string]Number{}
	for _, a := range reports {
		for _, kc := range a.keyed() {
			if !kc.cell.Known() {
				return Annual{}, nil, fault.Newf(fault.Invalid, "“%s”的报告里“%s”没有填，不能汇总。", a.Organ, cellLabel(kc.key))
			}
			totals[kc.key] = totals[kc.key].Add(kc.cell.Number)
			contributions[kc.key] = append(contributions[kc.key], Contribution{a.Organ, kc.cell.Number})
		}
	}
	merged = Annual{Schema: Schema, Organ: organ, Year: reports[0].Year, Format: Format2021, Title: ConventionalTitle(organ, reports[0].Year)}
	merged.Preface, merged.Contributions = []string{mergedPreface(reports)}, contributions
	merged.T2, merged.T3, merged.T4 = &Table2{}, &Table3{Rows: map[string]Row{}}, &Table4{}
	for i, place := range merged.T2.cells() {
		*place = Amount(totals[keys2[i]])
	}
	for _, r := range officialForm().Rows3 {
		var row Row
		for i, col := range Columns() {
			row[i] = Amount(totals["t3."+r.ID+"."+col])
		}
		merged.T3.Rows[r.ID] = row
	}
	for i, place := range merged.T4.cells() {
		*place = Amount(totals["t4."+groups4[i/5]+"."+results4[i%5]])
	}
	return merged, contributions, nil
}

// Addable returns an Invalid fault when a report breaks a rule of its own tables: a wrong cell would hide in the sum. The file's
// name stands in the sentence.
func Addable(file string, a Annual) error {
	for _, v := range Check(a, nil) {
		if v.Severity == Fail && TableRule(v.Rule) {
			return fault.Newf(fault.Invalid, "%s：%s先改正这份报告，再汇总。", file, v.Message)
		}
	}
	return nil
}

// Sum is one cell of a merged report with what each organ brought to it.
type Sum struct {
	Label string
	Total Cell
	Parts []Contribution // those that are not zero
}

// Sums lists the cells of a merged report that are not zero, in the order of the form.
func (a Annual) Sums() []Sum {
	var out []Sum
	for _, kc := range a.keyed() {
		s := Sum{Label: cellLabel(kc.key), Total: kc.cell}
		for _, c := range a.Contributions[kc.key] {
			if c.Value != (Number{}) {
				s.Parts = append(s.Parts, c)
			}
		}
		if len(s.Parts) > 0 {
			out = append(out, s)
		}
	}
	return out
}

func mergedPreface(reports []Annual) string {
	var organs []string
	for _, a := range reports {
		organs = append(organs, a.Organ)
	}
	return fmt.Sprintf("本汇总的各项数据由下列%d个机关%d年度报告的数据逐格相加得出：%s。各机关报告的文字部分未予汇总。",
		len(reports), reports[0].Year, strings.Join(organs, "、"))
}

func mergeable(reports []Annual) error {
	if len(reports) == 0 {
		return fault.New(fault.Invalid, "没有可以汇总的报告。")
	}
	seen := map[string]bool{}
	for _, a := range reports {
		switch {
		case a.Year != reports[0].Year:
			return fault.Newf(fault.Invalid, "“%s”的报告是 %d 年的，而“%s”的是 %d 年的，不能汇总。", a.Organ, a.Year, reports[0].Organ, reports[0].Year)
		case seen[a.Organ]:
			return fault.Newf(fault.Invalid, "“%s”的报告出现了两次，不能重复汇总。", a.Organ)
		case a.oldFormat():
			return fault.Newf(fault.Invalid, "“%s”的报告用的是2019年的旧表格，不能汇总。", a.Organ)
		case a.T2 == nil || a.T3 == nil || a.T4 == nil:
			return fault.Newf(fault.Invalid, "“%s”的报告缺少表二、表三或者表四，不能汇总。", a.Organ)
		}
		seen[a.Organ] = true
	}
	return nil
}
