package report

import (
	"fmt"
	"slices"
	"strings"
)

// readTable3 reads table 三, merged or not: a data row is its last seven cells, the words before them are its label.
func (a *Annual) readTable3(t rawTable) {
	table := Table3{Rows: map[string]Row{}}
	var notes []Violation
	for i, raw := range t {
		label, cells, ok := dataRow(raw)
		if !ok {
			continue
		}
		id, exact := rowID(label, table.Rows)
		if id == "" {
			notes = append(notes, fail(RuleLayout3, fmt.Sprintf("row%d", i+1), Side(label), "",
				"表三第 %d 行的项目“%s”不是格式中的项目。", i+1, label))
			continue
		}
		if !exact {
			notes = append(notes, warn(RuleLayout3, id, Side(label), Side(officialForm().label(id)),
				"表三“%s”的项目名称与格式不一致，应当是“%s”。", label, rowCore(officialForm().label(id))))
		}
		table.Rows[id] = cells
	}
	a.T3 = &table
	notes = append(notes, columns3(t)...)
	a.seen = append(a.seen, append(notes, table.missingRows()...)...)
}

// dataRow splits a raw row into its label and its seven cells; ok is false for the rows of the heading.
func dataRow(raw []string) (label string, cells Row, ok bool) {
	at := len(raw) - len(cells)
	if at < 1 {
		return "", cells, false
	}
	for _, c := range raw[:at] {
		label += strings.TrimSpace(c)
	}
	for i, c := range raw[at:] {
		cells[i] = ParseCell(c)
		if isHeading3(han(c)) {
			return "", cells, false
		}
	}
	return label, cells, label != ""
}

func isHeading3(text string) bool {
	switch text {
	case "申请人情况", "自然人", "法人或其他组织", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "总计":
		return true
	}
	return false
}

// rowID finds the row of the form that a label names; exact is false when the label is worded differently.
func rowID(label string, taken map[string]Row) (id string, exact bool) {
	plain := han(label)
	longest := 0
	for _, row := range officialForm().Rows3 {
		core := rowHan(row)
		if _, used := taken[row.ID]; !used && strings.HasSuffix(plain, core) && len(core) > longest {
			id, longest = row.ID, len(core)
		}
	}
	switch {
	case strings.HasSuffix(plain, "其他处理"):
		return singleOtherRow, true
	case id != "":
		return id, true
	}
	return nearestRow(plain, taken), false
}

// rowHan is the label of a row without its numbering, Chinese characters only.
func rowHan(row FormRow) string {
	core := rowCore(row.Label)
	if at := strings.Index(core, ")"); at >= 0 && strings.HasPrefix(core, "三(") {
		core = core[at+1:]
	}
	return strings.TrimPrefix(strings.TrimPrefix(strings.TrimPrefix(han(core), "一"), "二"), "四")
}

// nearestRow allows a third of the characters to differ.
func nearestRow(plain string, taken map[string]Row) string {
	best, id := 1.0/3, ""
	for _, row := range officialForm().Rows3 {
		want := []rune(rowHan(row))
		if _, used := taken[row.ID]; used || len(want) < 4 {
			continue
		}
		if strings.Contains(string(want), strings.TrimLeft(plain, "一二三四五六七")) && len(plain) >= 12 {
			return row.ID
		}
		if d := float64(distance([]rune(plain), want)) / float64(len(want)); d <= best {
			best, id = d, row.ID
		}
	}
	return id
}

// columns3 checks that the heading names the kinds of applicants in the form's order.
func columns3(t rawTable) []Violation {
	want := []string{"商业企业", "科研机构", "社会公益组织", "法律服务机构"}
	var got []string
	for _, raw := range t {
		for _, c := range raw {
			if name := han(c); slices.Contains(want, name) {
				got = append(got, name)
			}
		}
	}
	if slices.Equal(got, want) {
		return nil
	}
	return []Violation{fail(RuleLayout3, "header", Side(strings.Join(got, "、")), Side(strings.Join(want, "、")),
		"表三的表头应当依次是自然人、商业企业、科研机构、社会公益组织、法律服务机构、其他、总计。")}
}

// missingRows reports rows of the form that the table does not have. One row （六） in place of three is told by Check.
func (t Table3) missingRows() []Violation {
	var out []Violation
	_, single := t.Rows[singleOtherRow]
	for _, row := range officialForm().Rows3 {
		_, ok := t.Rows[row.ID]
		if ok || single && strings.HasPrefix(row.ID, "r6_") {
			continue
		}
		out = append(out, fail(RuleLayout3, row.ID, "", Side(row.Label), "表三缺少“%s”这一行，或者它与别的行合并了。", row.Label))
	}
	return out
}

// readTable4 reads table 四: the last fifteen cells of the last row that has as many.
func (a *Annual) readTable4(t rawTable) {
	table := &Table4{}
	places := table.cells()
	for _, raw := range slices.Backward(t) {
		if len(raw) < len(places) {
			continue
		}
		for i, c := range raw[len(raw)-len(places):] {
			*places[i] = ParseCell(c)
		}
		break
	}
	a.T4 = table
	if missing := missingLabels(t, "四"); len(missing) > 0 {
		a.seen = append(a.seen, fail(RuleLayout4, "header", "", Side(strings.Join(missing, "、")), "表四的表头缺少：%s。", strings.Join(missing, "、")))
	}
}

// missingLabels returns the labels of the form's table that the raw table does not print.
func missingLabels(t rawTable, table string) []string {
	printed := map[string]bool{}
	for _, raw := range t {
		for _, c := range raw {
			printed[han(c)] = true
		}
	}
	var missing []string
	for _, row := range officialForm().Tables[table].Rows {
		for _, c := range row {
			if c.Text != "" && !printed[han(c.Text)] && !slices.Contains(missing, c.Text) {
				missing = append(missing, c.Text)
			}
		}
	}
	return missing
}

// oldColumns are words that only the form of 2019 prints in table 二.
func oldColumns() []string {
	return []string{"本年新制作数量", "本年新公开数量", "对外公开总数量", "政府集中采购"}
}

// readTable2 reads table 二; a table of the 2019 form is recognised and not read further.
func (a *Annual) readTable2(t rawTable) {
	for _, word := range oldColumns() {
		if strings.Contains(t.text(), word) {
			a.Format = Format2019
			return
		}
	}
	table := &Table2{}
	found := map[string]bool{}
	for _, raw := range t {
		if len(raw) > 1 {
			found[han(raw[0])] = table.readRow(han(raw[0]), raw[1:]) || found[han(raw[0])]
		}
	}
	a.T2 = table
	for _, name := range []string{"规章", "行政规范性文件", "行政许可", "行政处罚", "行政强制", "行政事业性收费"} {
		if !found[name] {
			a.seen = append(a.seen, fail(RuleLayout2, name, "", Side(name), "表二缺少“%s”这一行。", name))
		}
	}
	if missing := missingLabels(t, "二"); len(missing) > 0 {
		a.seen = append(a.seen, warn(RuleLayout2, "header", "", Side(strings.Join(missing, "、")), "表二缺少这些项目名称：%s。", strings.Join(missing, "、")))
	}
}

// readRow reads the row of that name; false when table 二 has no such row.
func (t *Table2) readRow(name string, raw []string) bool {
	switch name {
	case "规章":
		t.Article20a.Regulations = readDocuments(raw)
	case "行政规范性文件", "规范性文件":
		t.Article20a.Normative = readDocuments(raw)
	case "行政许可":
		t.Article20e.Permits = firstCell(raw)
	case "行政处罚":
		t.Article20f.Penalties = firstCell(raw)
	case "行政强制":
		t.Article20f.Compulsory = firstCell(raw)
	case "行政事业性收费":
		t.Article20h.Fees = firstCell(raw)
	default:
		return false
	}
	return true
}

func readDocuments(raw []string) Documents {
	var cells [3]Cell
	for i := range min(len(raw), 3) {
		cells[i] = ParseCell(raw[i])
	}
	return Documents{cells[0], cells[1], cells[2]}
}

// firstCell is the first cell that is not blank: without merges the figure stands in any of three.
func firstCell(raw []string) Cell {
	for _, c := range raw {
		if cell := ParseCell(c); cell.Mark != Blank {
			return cell
		}
	}
	return ParseCell(raw[0])
}
