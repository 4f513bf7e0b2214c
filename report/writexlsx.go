package report

import (
	"fmt"
	"io"
	"math"
	"slices"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
)

// WriteXLSX writes the report as a workbook: tables 二, 三 and 四 in the geometry of the form with formulas for their sums,
// what Check finds, every figure with its name, and the text.
func WriteXLSX(w io.Writer, a Annual) error {
	book := &workbook{file: excelize.NewFile()}
	book.fill(a)
	if book.err == nil {
		book.err = book.file.Write(w)
	}
	book.do(book.file.Close())
	if book.err != nil {
		return fmt.Errorf("report: write xlsx: %w", book.err)
	}
	return nil
}

// workbook keeps the first error, so that the layout reads as a layout.
type workbook struct {
	file                *excelize.File
	cell, left, heading int // styles
	err                 error
}

func (b *workbook) do(err error) {
	if b.err == nil {
		b.err = err
	}
}

func (b *workbook) fill(a Annual) {
	b.styles()
	for n := 2; n <= 4; n++ {
		table, name, err := a.printedTable(n)
		b.do(err)
		if table != nil && err == nil {
			b.table("表"+name, *table)
		}
	}
	b.list("核对", []string{"规则", "级别", "位置", "左", "右", "说明"}, findings(a))
	b.list("数据来源", []string{"名称", "数据项", "数值"}, sources(a))
	if len(a.Contributions) > 0 {
		organs, rows := shares(a)
		b.list("汇总来源", append([]string{"名称", "数据项", "合计"}, organs...), rows)
	}
	b.list("文字", []string{"部分", "内容"}, texts(a))
	b.do(b.file.DeleteSheet("Sheet1"))
	full := true
	b.do(b.file.SetCalcProps(&excelize.CalcPropsOptions{FullCalcOnLoad: &full}))
}

func (b *workbook) styles() {
	border := []excelize.Border{}
	for _, side := range []string{"left", "right", "top", "bottom"} {
		border = append(border, excelize.Border{Type: side, Color: "000000", Style: 1})
	}
	style := func(horizontal string, bold bool) int {
		id, err := b.file.NewStyle(&excelize.Style{
			Border: border, Font: &excelize.Font{Family: "宋体", Size: 10, Bold: bold},
			Alignment: &excelize.Alignment{Horizontal: horizontal, Vertical: "center", WrapText: true},
		})
		b.do(err)
		return id
	}
	b.cell, b.left, b.heading = style("center", false), style("left", false), style("center", true)
}

// at names the cell of a row and a column, both from 0.
func (b *workbook) at(row, column int) string {
	name, err := excelize.CoordinatesToCellName(column+1, row+1)
	b.do(err)
	return name
}

// sheet adds a sheet that prints on A4 as wide as the paper; high is how many pages it may be high, 0 for any number.
func (b *workbook) sheet(name string, widths []float64, orientation string, high int) {
	_, err := b.file.NewSheet(name)
	b.do(err)
	a4, wide, fit := 9, 1, true
	b.do(b.file.SetPageLayout(name, &excelize.PageLayoutOptions{Size: &a4, Orientation: &orientation, FitToWidth: &wide, FitToHeight: &high}))
	b.do(b.file.SetSheetProps(name, &excelize.SheetPropsOptions{FitToPage: &fit}))
	for i, width := range widths {
		column, err := excelize.ColumnNumberToName(i + 1)
		b.do(err)
		b.do(b.file.SetColWidth(name, column, column, width))
	}
}

// table writes one table of the form.
func (b *workbook) table(sheet string, t printedTable) {
	var widths []float64
	for _, twips := range columnTwips(t.Columns) {
		widths = append(widths, float64(twips)/95)
	}
	b.sheet(sheet, widths, "landscape", 1)
	b.do(b.file.SetCellStyle(sheet, "A1", b.at(len(t.Rows)-1, t.Columns-1), b.cell))
	places := map[string]string{} // key → cell
	open := make([]pending, t.Columns)
	for r, row := range t.Rows {
		next, lines := 0, 1
		for column := 0; column < t.Columns; {
			if p := &open[column]; p.rows > 0 {
				p.rows--
				column += p.cols
				continue
			}
			c := row[next]
			next++
			b.place(sheet, r, column, c)
			if c.Rows() == 1 {
				lines = max(lines, linesOf(c.Text, widths[column:column+c.Cols()]))
			}
			places[c.Key] = b.at(r, column)
			open[column] = pending{c.Rows() - 1, c.Cols()}
			column += c.Cols()
		}
		b.do(b.file.SetRowHeight(sheet, r+1, float64(lines)*lineHeight+4))
	}
	b.formulas(sheet, t, places)
}

// lineHeight is that of a line of the table's type, in points.
const lineHeight = 13

// linesOf is how many lines a text takes in columns of these widths. Merged cells need it: no program fits their height by
// itself. A width counts Latin letters; a Chinese character is two of them wide, and a border takes one.
func linesOf(text string, widths []float64) int {
	room := -1.0
	for _, w := range widths {
		room += w
	}
	return int(math.Ceil(float64(2*utf8.RuneCountInString(text)) / max(room, 2)))
}

func (b *workbook) place(sheet string, row, column int, c printedCell) {
	at := b.at(row, column)
	if c.Cols() > 1 || c.Rows() > 1 {
		b.do(b.file.MergeCell(sheet, at, b.at(row+c.Rows()-1, column+c.Cols()-1)))
	}
	if c.Left {
		b.do(b.file.SetCellStyle(sheet, at, at, b.left))
	}
	switch {
	case !c.Value || c.Cell.Mark != Printed || c.Cell.Note != "":
		b.do(b.file.SetCellStr(sheet, at, c.Text))
	default:
		b.do(b.file.SetCellDefault(sheet, at, c.Cell.Number.String()))
	}
}

// formulas puts a formula where a sum stands, provided that it gives the number printed; a wrong sum stays as it was
// printed and is told on the sheet 核对.
func (b *workbook) formulas(sheet string, t printedTable, places map[string]string) {
	cells := map[string]Cell{}
	for _, row := range t.Rows {
		for _, c := range row {
			cells[c.Key] = c.Cell
		}
	}
	for _, s := range sums() {
		at, here := places[s.total]
		var parts []Cell
		formula := ""
		for _, key := range s.parts {
			parts = append(parts, cells[key])
			formula += "+" + places[key]
		}
		if total, ok := sum(parts...); here && ok && cells[s.total].Known() && total == cells[s.total].Number {
			b.do(b.file.SetCellFormula(sheet, at, formula[1:]))
		}
	}
}

// summation is one sum of the form.
type summation struct {
	total string
	parts []string
}

// sums are all sums of tables 三 and 四. The corner of table 三 is summed along its row.
func sums() []summation {
	var out []summation
	for _, col := range Columns()[:totalColumn] {
		s := summation{total: "t3.r7." + col}
		for _, id := range officialForm().Details3 {
			s.parts = append(s.parts, "t3."+id+"."+col)
		}
		out = append(out, s)
	}
	for _, row := range officialForm().Rows3 {
		s := summation{total: "t3." + row.ID + ".total"}
		for _, col := range Columns()[:totalColumn] {
			s.parts = append(s.parts, "t3."+row.ID+"."+col)
		}
		out = append(out, s)
	}
	for _, group := range groups4 {
		s := summation{total: "t4." + group + ".total"}
		for _, result := range results4[:4] {
			s.parts = append(s.parts, "t4."+group+"."+result)
		}
		out = append(out, s)
	}
	return out
}

// list writes a plain list under its headings.
func (b *workbook) list(sheet string, headings []string, rows [][]string) {
	rows = slices.Insert(rows, 0, headings)
	widths := widthsOf(rows)
	b.sheet(sheet, widths, "portrait", 0)
	for r, row := range rows {
		lines := 1
		for column, text := range row {
			lines = max(lines, linesOf(text, widths[column:column+1]))
			at := b.at(r, column)
			style := b.left
			if r == 0 {
				style = b.heading
			}
			b.do(b.file.SetCellStyle(sheet, at, at, style))
			if _, err := ParseNumber(text); err == nil && r > 0 {
				b.do(b.file.SetCellDefault(sheet, at, text))
				continue
			}
			b.do(b.file.SetCellStr(sheet, at, text))
		}
		b.do(b.file.SetRowHeight(sheet, r+1, min(float64(lines)*lineHeight+4, highestRow)))
	}
}

// highestRow is the most that a workbook takes, in points.
const highestRow = 409

// widthsOf fits columns to their longest text, within what can be read on paper.
func widthsOf(rows [][]string) []float64 {
	widths := make([]float64, len(rows[0]))
	for _, row := range rows {
		for column, text := range row {
			widths[column] = max(widths[column], min(float64(2*utf8.RuneCountInString(text)+2), 64))
		}
	}
	return widths
}

func findings(a Annual) [][]string {
	var out [][]string
	for _, v := range Check(a, nil) {
		out = append(out, []string{v.Rule, string(v.Severity), v.Where, string(v.Left), string(v.Right), v.Message})
	}
	if len(out) == 0 {
		out = append(out, []string{"", "", "", "", "", "各项勾稽关系和格式要求均符合。"})
	}
	return out
}

// sources lists every figure with the name under which the records behind it can be opened (Select).
func sources(a Annual) [][]string {
	var out [][]string
	for _, kc := range a.keyed() {
		out = append(out, []string{kc.key, cellLabel(kc.key), kc.cell.String()})
	}
	return out
}

// shares lists, for every cell of a merged report, what each organ brought to it.
func shares(a Annual) (organs []string, rows [][]string) {
	for _, kc := range a.keyed() {
		row := []string{kc.key, cellLabel(kc.key), kc.cell.String()}
		for i, c := range a.Contributions[kc.key] {
			if len(rows) == 0 {
				organs = append(organs, a.Contributions[kc.key][i].Organ)
			}
			row = append(row, c.Value.String())
		}
		rows = append(rows, row)
	}
	return organs, rows
}

func texts(a Annual) [][]string {
	out := [][]string{{"标题", a.Title}}
	for _, p := range a.Preface {
		out = append(out, []string{"前言", p})
	}
	for _, s := range a.Sections {
		for _, p := range s.Paragraphs {
			out = append(out, []string{s.Title, p})
		}
		for _, part := range s.Parts {
			for _, p := range part.Paragraphs {
				out = append(out, []string{part.Title, p})
			}
		}
	}
	return out
}
