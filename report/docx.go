package report

import (
	"archive/zip"
	"embed"
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"sync"
	"text/template"
	"time"
	"unicode/utf8"
)

//go:embed data/docx
var docxFiles embed.FS

// docxDocument is a Word document in the layout of GB/T 9704 (党政机关公文格式): A4, margins 37, 35, 28 and 26 mm, body in
// 仿宋 of size 三号, page numbers between dashes, outside on odd and even pages.
type docxDocument struct {
	Title   string
	Creator string
	Marks   []mark
	Blocks  []docxBlock
}

// docxBlock is a paragraph in one of the styles of data/docx/styles.xml, or a table.
type docxBlock struct {
	Style   string
	Text    string
	NewPage bool
	Keep    bool // on the page of the next paragraph
	Right   *int // right indent in hundredths of a character, when it is not the style's
	Table   *docxTable
}

// RightTwips is the right indent for readers that do not count in characters of 三号 (16 points).
func (b docxBlock) RightTwips() int { return *b.Right * 320 / 100 }

// Lines are the lines into which a text is broken by hand, as a title is.
func (b docxBlock) Lines() []string { return strings.Split(b.Text, "\n") }

// Ragged reports whether the paragraph ends its lines where they end: an address of a page cannot be broken, and the line
// before it would be stretched.
func (b docxBlock) Ragged() bool { return strings.Contains(b.Text, "://") }

type docxTable struct {
	Grid      []int // columns' widths in twips (1/1440 inch)
	Width     int
	MinHeight int // of a row, in twips
	Style     string
	Rows      []docxRow
}

type docxRow struct {
	Header bool // repeated when the table goes over a page
	Keep   bool // on the page of the next row
	Cells  []docxCell
}

type docxCell struct {
	Width, Span int
	Merge       string // "", restart or continue
	Margin      int    // left and right, in twips; 0 leaves the table's
	Text        string
	Left        bool
}

// docxParts are the parts of the package in the order in which they are written, with their files in data/docx.
func docxParts() [][2]string {
	return [][2]string{
		{"[Content_Types].xml", "content_types.xml"},
		{"_rels/.rels", "rels.xml"},
		{"word/document.xml", "document.xml.tmpl"},
		{"word/_rels/document.xml.rels", "document.rels.xml"},
		{"word/styles.xml", "styles.xml"},
		{"word/settings.xml", "settings.xml"},
		{"word/fontTable.xml", "fontTable.xml"},
		{"word/footer1.xml", "footer1.xml"},
		{"word/footer2.xml", "footer2.xml"},
		{"docProps/core.xml", "core.xml.tmpl"},
		{"docProps/custom.xml", "custom.xml.tmpl"},
	}
}

var docxTemplates = sync.OnceValue(func() *template.Template {
	functions := template.FuncMap{"xml": escapeXML, "add": func(a, b int) int { return a + b }}
	return template.Must(template.New("docx").Funcs(functions).ParseFS(docxFiles, "data/docx/*.tmpl"))
})

func escapeXML(s string) (string, error) {
	var b strings.Builder
	err := xml.EscapeText(&b, []byte(s))
	return b.String(), err
}

// epoch is the time stamp of every part, so that equal documents are equal bytes.
var epoch = time.Date(1980, time.January, 1, 0, 0, 0, 0, time.UTC)

func (d docxDocument) write(w io.Writer) error {
	archive := zip.NewWriter(w)
	for _, part := range docxParts() {
		f, err := archive.CreateHeader(&zip.FileHeader{Name: part[0], Method: zip.Deflate, Modified: epoch})
		if err == nil {
			err = d.writePart(f, part[1])
		}
		if err != nil {
			return fmt.Errorf("report: write docx part %s: %w", part[0], err)
		}
	}
	if err := archive.Close(); err != nil {
		return fmt.Errorf("report: write docx: %w", err)
	}
	return nil
}

func (d docxDocument) writePart(w io.Writer, file string) error {
	if strings.HasSuffix(file, ".tmpl") {
		return docxTemplates().ExecuteTemplate(w, file, d)
	}
	data, err := docxFiles.ReadFile("data/docx/" + file)
	if err != nil {
		return err
	}
	_, err = w.Write(data)
	return err
}

// columnTwips are the columns' widths of the form's tables, which fill the 156 mm between the margins of GB/T 9704.
func columnTwips(columns int) []int {
	switch columns {
	case 4:
		return []int{2617, 2076, 2076, 2076}
	case 10:
		return []int{640, 1060, 2819, 618, 618, 618, 618, 618, 618, 618}
	}
	widths := make([]int, columns)
	for i := range widths {
		widths[i] = 8845 / columns
	}
	return widths
}

// docx turns a laid-out table into Word's grid: a cell over several rows is there again in each, as a continuation.
func (t printedTable) docx() *docxTable {
	out := &docxTable{Grid: columnTwips(t.Columns), MinHeight: 330, Style: "Cell"}
	if t.Columns < 10 {
		out.MinHeight, out.Style = 440, "CellWide"
	}
	for _, w := range out.Grid {
		out.Width += w
	}
	open := make([]pending, t.Columns)
	for _, row := range t.Rows {
		out.Rows = append(out.Rows, out.row(row, open))
	}
	for i := range out.Rows[:len(out.Rows)-1] {
		out.Rows[i].Keep = len(out.Rows) < 20 // a short table stays whole
	}
	return out
}

// pending is a cell that still covers rows below, noted at its first column.
type pending struct{ rows, cols int }

func (t *docxTable) row(row []printedCell, open []pending) docxRow {
	out := docxRow{Header: t.Style == "Cell" && !row[len(row)-1].Value}
	next := 0
	for column := 0; column < len(open); {
		if p := &open[column]; p.rows > 0 {
			p.rows--
			out.Cells = append(out.Cells, docxCell{Width: t.width(column, p.cols), Span: p.cols, Merge: "continue"})
			column += p.cols
			continue
		}
		cell := t.cell(row[next], column)
		if rows := row[next].Rows(); rows > 1 {
			cell.Merge = "restart"
			open[column] = pending{rows - 1, cell.Span}
		}
		out.Cells = append(out.Cells, cell)
		column += cell.Span
		next++
	}
	return out
}

// charTwips is the width of one Chinese character of size 小五 (9 points).
const charTwips = 180

func (t *docxTable) cell(c printedCell, column int) docxCell {
	out := docxCell{Width: t.width(column, c.Cols()), Span: c.Cols(), Text: c.Text, Left: c.Left}
	if c.Pair && utf8.RuneCountInString(c.Text) == 4 {
		out.Margin = (out.Width - 2*charTwips - charTwips/2) / 2
	}
	if c.Left {
		out.Margin = charTwips / 2
	}
	return out
}

func (t *docxTable) width(column, cols int) int {
	total := 0
	for _, w := range t.Grid[column : column+cols] {
		total += w
	}
	return total
}
