package report

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"sync"
	"unicode/utf8"
)

//go:embed data/annual-form.json
var formJSON []byte

// Form is the official form of the annual report (国办公开办函〔2021〕30号): titles, rows, and the tables cell by cell.
type Form struct {
	Sections []string             `json:"sections"`
	Parts    []string             `json:"general_situation_parts"` // of section 一
	Rows3    []FormRow            `json:"table3_rows"`
	Details3 []string             `json:"table3_rows_summed_into_r7"`
	Tables   map[string]FormTable `json:"tables"` // 二, 三, 四
}

// FormRow is one numeric row of table 三.
type FormRow struct {
	ID    string `json:"id"`
	Label string `json:"label"`
}

// FormTable is the geometry of one table: rows of the cells that begin in them.
type FormTable struct {
	Columns int          `json:"columns"`
	Rows    [][]FormCell `json:"rows"`
}

// FormCell is a label, or a place for a value. A span of 0 means 1.
type FormCell struct {
	Text    string `json:"text,omitempty"`
	Value   bool   `json:"value,omitempty"`
	Colspan int    `json:"colspan,omitempty"`
	Rowspan int    `json:"rowspan,omitempty"`
}

// Cols returns how many columns the cell covers.
func (c FormCell) Cols() int { return max(c.Colspan, 1) }

// Rows returns how many rows the cell covers.
func (c FormCell) Rows() int { return max(c.Rowspan, 1) }

// OfficialForm returns the form that reports from 2021 on must have.
func OfficialForm() Form { return officialForm() }

var officialForm = sync.OnceValue(func() Form {
	var form Form
	if err := json.Unmarshal(formJSON, &form); err != nil {
		panic(fmt.Sprintf("report: embedded annual-form.json: %v", err))
	}
	return form
})

// label returns the row's full label, or the id when the form has no such row.
func (f Form) label(id string) string {
	for _, row := range f.Rows3 {
		if row.ID == id {
			return row.Label
		}
	}
	if id == singleOtherRow {
		return "三(六)其他处理"
	}
	return id
}

// columnLabel returns the Chinese name of a column of table 三.
func columnLabel(id string) string {
	names := [...]string{"自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他（组织）", "总计"}
	if at := columnIndex(id); at >= 0 {
		return names[at]
	}
	return id
}

// printedTable is a table of the form with its values filled in, ready for a writer.
type printedTable struct {
	Columns int
	Rows    [][]printedCell
}

// printedCell is one cell as printed. Key is the cell's name (t3.new.natural) when it holds a value.
type printedCell struct {
	FormCell
	Cell Cell
	Key  string
	Left bool // a row's label, which reads better from the left margin
	Pair bool // a heading of four characters in a narrow column, to be broken in the middle
}

// print fills the form's table with values in the order in which their places stand.
func (t FormTable) print(values []keyedCell) (printedTable, error) {
	out, next := printedTable{Columns: t.Columns}, 0
	narrowColumns := t.Columns >= 10
	for _, row := range t.Rows {
		cells := make([]printedCell, len(row))
		for i, c := range row {
			cells[i] = printedCell{FormCell: c}
			cells[i].Left = narrowColumns && row[len(row)-1].Value && c.Rows() == 1 && !c.Value
			cells[i].Pair = narrowColumns && !cells[i].Left && c.Cols() == 1 && utf8.RuneCountInString(c.Text) == 4
			if !c.Value {
				continue
			}
			if next == len(values) {
				return out, fmt.Errorf("report: %d values are too few for the table", len(values))
			}
			cells[i].Cell, cells[i].Key = values[next].cell, values[next].key
			cells[i].Text = cells[i].Cell.String()
			next++
		}
		out.Rows = append(out.Rows, cells)
	}
	if next != len(values) {
		return out, fmt.Errorf("report: the table has %d places for %d values", next, len(values))
	}
	return out, nil
}

// keyedCell is a cell with its name.
type keyedCell struct {
	key  string
	cell Cell
}

var (
	keys2 = []string{
		"t2.规章.made", "t2.规章.repealed", "t2.规章.valid",
		"t2.行政规范性文件.made", "t2.行政规范性文件.repealed", "t2.行政规范性文件.valid",
		"t2.行政许可", "t2.行政处罚", "t2.行政强制", "t2.行政事业性收费",
	}
	groups4  = []string{"reconsideration", "litigation_direct", "litigation_after_reconsideration"}
	results4 = []string{"upheld", "corrected", "other", "pending", "total"}
)

func (t *Table2) keyed() []keyedCell {
	var out []keyedCell
	for i, c := range t.cells() {
		out = append(out, keyedCell{keys2[i], *c})
	}
	return out
}

func (t *Table3) keyed() []keyedCell {
	out := make([]keyedCell, 0, 175)
	for _, row := range officialForm().Rows3 {
		for i, col := range Columns() {
			out = append(out, keyedCell{"t3." + row.ID + "." + col, t.printed(row.ID)[i]})
		}
	}
	return out
}

// printed returns the row as it is printed in the 2021 form; the single （六） row of the 2019 form goes into 3.其他.
func (t *Table3) printed(id string) Row {
	row, ok := t.Rows[id]
	single, old := t.Rows[singleOtherRow]
	if ok || !old {
		return row
	}
	switch id {
	case "r6_3":
		return single
	case "r6_1", "r6_2":
		return zeroRow()
	}
	return row
}

func zeroRow() Row {
	var row Row
	for i := range row {
		row[i] = Count(0)
	}
	return row
}

func (t *Table4) keyed() []keyedCell {
	var out []keyedCell
	for i, c := range t.cells() {
		out = append(out, keyedCell{"t4." + groups4[i/5] + "." + results4[i%5], *c})
	}
	return out
}

// Cells returns every cell of the report's tables by name: t2.规章.made, t3.new.natural, t4.reconsideration.total.
func (a Annual) Cells() map[string]Cell {
	out := map[string]Cell{}
	for _, kc := range a.keyed() {
		out[kc.key] = kc.cell
	}
	return out
}

func (a Annual) keyed() []keyedCell {
	var out []keyedCell
	if a.T2 != nil {
		out = append(out, a.T2.keyed()...)
	}
	if a.T3 != nil {
		out = append(out, a.T3.keyed()...)
	}
	if a.T4 != nil {
		out = append(out, a.T4.keyed()...)
	}
	return out
}
