package report

import (
	"slices"
	"strings"
)

// singleOtherRow is the one row （六）其他处理 of the 2019 form, which the 2021 form splits into three.
const singleOtherRow = "r6"

// Check returns where the report breaks the form, its sums or its own words, in the order of the report. previous, which
// may be nil, is the same organ's report of the year before; without it carry-over and stock are not checked. A rule whose
// cells are missing is skipped: a partial report is judged by what it says.
func Check(a Annual, previous *Annual) []Violation {
	var out []Violation
	out = append(out, checkTitle(a)...)
	out = append(out, checkSections(a)...)
	out = append(out, checkFormat(a)...)
	out = append(out, a.seen...)
	out = append(out, checkCounts(a)...)
	out = append(out, checkTable2(a)...)
	if a.T3 != nil {
		out = append(out, checkTable3(a)...)
	}
	if a.T4 != nil {
		out = append(out, checkTable4(a)...)
	}
	if previous != nil {
		out = append(out, checkPrevious(a, *previous)...)
	}
	out = append(out, checkNarrative(a)...)
	return append(out, checkFee(a)...)
}

// sum adds cells; ok is false when one of them is not known.
func sum(cells ...Cell) (total Number, ok bool) {
	for _, c := range cells {
		if !c.Known() {
			return Number{}, false
		}
		total = total.Add(c.Number)
	}
	return total, true
}

func checkFormat(a Annual) []Violation {
	if a.Year < 2021 || !a.oldFormat() {
		return nil
	}
	return []Violation{fail(RuleFormat, "format", Side(Format2019), Side(Format2021),
		"%d年的报告仍用2019年的旧表格（国办公开办函〔2019〕60号）；自2021年度起应当使用国办公开办函〔2021〕30号的格式。", a.Year)}
}

// oldFormat reports whether the report follows the trial form of 2019.
func (a Annual) oldFormat() bool { return strings.HasPrefix(a.Format, "2019") }

// township reports whether the organ is a township or a street office, by its declared level or by its name.
func (a Annual) township() bool {
	if a.Level != "" {
		return a.Level == "township" || a.Level == "street" || a.Level == "subdistrict"
	}
	for _, suffix := range []string{"镇人民政府", "乡人民政府", "镇政府", "乡政府", "街道办事处", "街道办", "镇", "乡", "街道"} {
		if strings.HasSuffix(a.Organ, suffix) {
			return true
		}
	}
	return false
}

func checkTable2(a Annual) []Violation {
	if a.T2 == nil {
		return nil
	}
	out := blanks(RuleBlank2, "表二", a.T2.keyed())
	if !a.township() {
		return out
	}
	var largest Number
	r := a.T2.Article20a.Regulations
	for _, c := range []Cell{r.Made, r.Repealed, r.Valid} {
		if c.Known() && c.Number.Cmp(largest) > 0 {
			largest = c.Number
		}
	}
	if largest.IsZero() {
		return out
	}
	return append(out, fail(RuleRegulation, "规章", side(largest), "0",
		"表二“规章”一行填了 %s 件。乡镇人民政府、街道办事处没有规章制定权，这一行应当全部为 0；制发的文件请看是否属于行政规范性文件。", largest))
}

func checkTable3(a Annual) []Violation {
	out := checkBlanks3(a)
	for i, col := range Columns() {
		out = append(out, a.T3.checkBalance(i, col)...)
		out = append(out, a.T3.checkColumn(i, col)...)
	}
	for _, row := range officialForm().Rows3 {
		out = append(out, a.T3.checkRow(row.ID)...)
	}
	if _, single := a.T3.Rows[singleOtherRow]; single {
		out = append(out, a.T3.checkRow(singleOtherRow)...)
		out = append(out, checkSingleOther(a)...)
	}
	return out
}

func checkSingleOther(a Annual) []Violation {
	if a.Year < 2021 || a.oldFormat() {
		return nil
	}
	return []Violation{fail(RuleLayout3, singleOtherRow, "1", "3",
		"表三“（六）其他处理”只有一行，沿用了2019年的格式；应当分为 1.逾期不补正、2.逾期不缴费、3.其他 三行。")}
}

func (t *Table3) checkBalance(i int, col string) []Violation {
	received, ok1 := sum(t.Rows["new"][i], t.Rows["carried_in"][i])
	handled, ok2 := sum(t.Rows["r7"][i], t.Rows["carried_out"][i])
	if !ok1 || !ok2 || received == handled {
		return nil
	}
	return []Violation{fail(RuleBalance, col, side(received), side(handled),
		"表三“%s”列：本年新收 %s 件加上年结转 %s 件等于 %s 件，办理结果总计 %s 件加结转下年度 %s 件等于 %s 件，两边应当相等。",
		columnLabel(col), t.Rows["new"][i].Number, t.Rows["carried_in"][i].Number, received,
		t.Rows["r7"][i].Number, t.Rows["carried_out"][i].Number, handled)}
}

// details returns the ids of the rows that add up to r7.
func (t *Table3) details() []string {
	ids := officialForm().Details3
	if _, single := t.Rows[singleOtherRow]; !single {
		return ids
	}
	return append(slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return strings.HasPrefix(id, "r6_") }), singleOtherRow)
}

func (t *Table3) checkColumn(i int, col string) []Violation {
	var cells []Cell
	for _, id := range t.details() {
		cells = append(cells, t.Rows[id][i])
	}
	details, ok := sum(cells...)
	total := t.Rows["r7"][i]
	if !ok || !total.Known() || details == total.Number {
		return nil
	}
	return []Violation{fail(RuleColumnSum, col, side(details), side(total.Number),
		"表三“%s”列：（一）至（六）各项办理结果相加等于 %s 件，而（七）总计填的是 %s 件。", columnLabel(col), details, total.Number)}
}

func (t *Table3) checkRow(id string) []Violation {
	row := t.Rows[id]
	parts, ok := sum(row[:totalColumn]...)
	total := row[totalColumn]
	if !ok || !total.Known() || parts == total.Number {
		return nil
	}
	return []Violation{fail(RuleRowSum, id, side(parts), side(total.Number),
		"表三“%s”一行：自然人与各类组织相加等于 %s 件，而总计填的是 %s 件。", officialForm().label(id), parts, total.Number)}
}

// checkBlanks3 finds blank cells. A cell that JSON calls null is a blank only in a report that is not partial and where
// the row's other cells leave 0 for it; otherwise its value is simply not known.
func checkBlanks3(a Annual) []Violation {
	var out []Violation
	for _, r := range officialForm().Rows3 {
		row, printed := a.T3.Rows[r.ID]
		if !printed {
			continue
		}
		empty, bad := 0, 0
		for i, c := range row {
			if c.Mark == Blank || (!a.Partial && c.Mark == NotStated && row.leavesZero(i)) {
				empty++
			}
			if c.Mark == Unreadable {
				bad++
			}
		}
		out = append(out, blankRow(RuleBlank, r.ID, "表三“"+r.Label+"”一行", empty, bad)...)
	}
	return out
}

// leavesZero reports whether the other six cells of the row are known and leave 0 for the i-th.
func (r Row) leavesZero(i int) bool {
	r[i] = Count(0)
	parts, ok := sum(r[:totalColumn]...)
	return ok && r[totalColumn].Known() && parts == r[totalColumn].Number
}

func blankRow(rule, where, name string, empty, bad int) []Violation {
	var out []Violation
	if empty > 0 {
		out = append(out, warn(rule, where, side(Int(empty)), "0", "%s有 %d 格空白或者画线，没有的应当填 0。", name, empty))
	}
	if bad > 0 {
		out = append(out, warn(rule, where, side(Int(bad)), "0", "%s有 %d 格填的不是数字。", name, bad))
	}
	return out
}

func blanks(rule, table string, cells []keyedCell) []Violation {
	var out []Violation
	for _, kc := range cells {
		empty, bad := 0, 0
		switch kc.cell.Mark {
		case Blank:
			empty = 1
		case Unreadable:
			bad = 1
		case NotStated, Printed:
		}
		out = append(out, blankRow(rule, kc.key, table+"“"+cellLabel(kc.key)+"”", empty, bad)...)
	}
	return out
}

func checkTable4(a Annual) []Violation {
	out := blanks(RuleBlank4, "表四", a.T4.keyed())
	for i, r := range []Results{a.T4.Reconsideration, a.T4.Direct, a.T4.After} {
		parts, ok := sum(r.Upheld, r.Corrected, r.Other, r.Pending)
		if !ok || !r.Total.Known() || parts == r.Total.Number {
			continue
		}
		out = append(out, fail(RuleSum4, groups4[i], side(parts), side(r.Total.Number),
			"表四“%s”：维持 %s、纠正 %s、其他 %s、尚未审结 %s 相加等于 %s 件，而总计填的是 %s 件。", groupLabel(groups4[i]),
			r.Upheld.Number, r.Corrected.Number, r.Other.Number, r.Pending.Number, parts, r.Total.Number))
	}
	return out
}

// checkCounts finds counts that are fractions or negative; only the fee in 万元 may have a fraction.
func checkCounts(a Annual) []Violation {
	var out []Violation
	for _, kc := range a.keyed() {
		n := kc.cell.Number
		if kc.cell.Mark != Printed || (n.Whole() || kc.key == "t2.行政事业性收费") && n.Cmp(Number{}) >= 0 {
			continue
		}
		out = append(out, fail(RuleCount, kc.key, side(n), "", "“%s”填的是 %s；件数应当是不小于零的整数。", cellLabel(kc.key), n))
	}
	return out
}

func checkPrevious(a, previous Annual) []Violation {
	if previous.Year != a.Year-1 {
		return []Violation{warn(RulePreviousFor, "previous", side(Int(previous.Year)), side(Int(a.Year-1)),
			"给出的上一年度报告是 %d 年的，应当是 %d 年的，所以没有核对结转和现行有效件数。", previous.Year, a.Year-1)}
	}
	out := append(checkCarry(a, previous), checkStock(a, previous)...)
	return append(out, checkCopied(a, previous)...)
}

func checkCarry(a, previous Annual) []Violation {
	if a.T3 == nil || previous.T3 == nil {
		return nil
	}
	var out []Violation
	for i, col := range Columns() {
		in, before := a.T3.Rows["carried_in"][i], previous.T3.Rows["carried_out"][i]
		if !in.Known() || !before.Known() || in.Number == before.Number {
			continue
		}
		out = append(out, fail(RuleCarry, col, side(in.Number), side(before.Number),
			"表三“%s”列：上年结转填的是 %s 件，而 %d 年报告的结转下年度继续办理是 %s 件，两个数应当相同。",
			columnLabel(col), in.Number, previous.Year, before.Number))
	}
	return out
}

func checkStock(a, previous Annual) []Violation {
	if a.T2 == nil || previous.T2 == nil {
		return nil
	}
	now, before := a.T2.Article20a, previous.T2.Article20a
	return append(stock("规章", now.Regulations, before.Regulations.Valid),
		stock("行政规范性文件", now.Normative, before.Normative.Valid)...)
}

func stock(name string, now Documents, before Cell) []Violation {
	if _, ok := sum(now.Made, now.Repealed, now.Valid, before); !ok {
		return nil
	}
	expected := before.Number.Add(now.Made.Number).Sub(now.Repealed.Number)
	if expected == now.Valid.Number {
		return nil
	}
	return []Violation{warn(RuleStock, name, side(expected), side(now.Valid.Number),
		"表二“%s”：上年现行有效 %s 件，加本年制发 %s 件，减本年废止 %s 件，等于 %s 件，而现行有效填的是 %s 件，请核实。",
		name, before.Number, now.Made.Number, now.Repealed.Number, expected, now.Valid.Number)}
}
