package report_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"encoding/xml"
	"flag"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"shoushan/report"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// golden compares with testdata/NAME, or rewrites it with -update.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(string(got), "\n")); diff != "" {
		t.Errorf("%s changed; look at it, then run with -update (-want +got):\n%s", name, diff)
	}
}

func written(t testing.TB, write func(io.Writer, report.Annual) error, a report.Annual) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := write(&b, a); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// part returns one part of a Word document.
func part(t testing.TB, docx []byte, name string) []byte {
	t.Helper()
	archive, err := zip.NewReader(bytes.NewReader(docx), int64(len(docx)))
	if err != nil {
		t.Fatal(err)
	}
	f, err := archive.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestRoundTrips(t *testing.T) {
	forms := []struct {
		name  string
		write func(io.Writer, report.Annual) error
	}{{"x.docx", report.WriteDOCX}, {"x.html", report.WriteHTML}, {"x.json", report.WriteJSON}}
	for _, name := range reportNames(t) {
		for _, form := range forms {
			t.Run(name+" as "+form.name, func(t *testing.T) {
				a, _ := loadReport(t, name)
				again, err := report.Read(form.name, written(t, form.write, a))
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(a.Cells(), again.Cells(), cmp.Comparer(func(x, y report.Cell) bool { return x == y })); diff != "" {
					t.Errorf("figures changed (-before +after):\n%s", diff)
				}
				if diff := cmp.Diff(brief(report.Check(a, nil)), brief(report.Check(again, nil))); diff != "" {
					t.Errorf("findings changed (-before +after):\n%s", diff)
				}
				if again.Organ != a.Organ || again.Year != a.Year || again.Level != a.Level || again.Partial != a.Partial {
					t.Errorf("read back %s %d %s, want %s %d %s", again.Organ, again.Year, again.Level, a.Organ, a.Year, a.Level)
				}
			})
		}
	}
}

func TestRoundTripKeepsFindings(t *testing.T) {
	narrative := func(label, value string) func(*report.Annual) {
		return func(a *report.Annual) { a.Narrative[label] = json.RawMessage(value) }
	}
	tests := []struct {
		name   string
		change func(*report.Annual)
		count  int
	}{
		{"organ not known", func(a *report.Annual) { a.Organ = "" }, 0},
		{"title without 工作", func(a *report.Annual) { a.Title = "宿迁市2023年政府信息公开年度报告" }, 1},
		{"wrong sums", func(a *report.Annual) { a.T4.Direct.Total = report.Count(25) }, 1},
		{"a dash", func(a *report.Annual) { a.T3.Rows["r5_3"] = report.Row{report.ParseCell("-")} }, 1},
		{"a cell that is not known", func(a *report.Annual) { a.T3.Rows["r5_3"] = report.Row{} }, 0},
		{"a note", func(a *report.Annual) { a.T2.Article20f.Penalties = report.ParseCell("22（其中：修订16件）") }, 0},
		{"a fraction", func(a *report.Annual) { a.T2.Article20f.Penalties = report.ParseCell("12.5") }, 1},
		{"prose", narrative("不予公开", "143"), 1},
		{"prose of another year", narrative("2022年收到申请", "143"), 0},
		{"results without a topic", func(a *report.Annual) { narrative("复议", "440")(a); narrative("维持", "1")(a) }, 0},
		{"a part", narrative("其中办结", "3"), 0},
		{"fee without 件", narrative("信息处理费", `{"元":420}`), 1},
		{"fee without 元", narrative("信息处理费", `{"件":2}`), 1},
		{"no fee", narrative("信息处理费", `{"件":0,"元":0}`), 0},
		{"form of 2019", func(a *report.Annual) { a.Format = report.Format2019 }, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := edit(t, tt.change)
			want := brief(report.Check(a, nil))
			if len(want) != tt.count {
				t.Fatalf("Check = %v, want %d findings", want, tt.count)
			}
			for name, data := range map[string][]byte{
				"x.docx": written(t, report.WriteDOCX, a), "x.html": written(t, report.WriteHTML, a), "x.json": written(t, report.WriteJSON, a),
			} {
				again, err := report.Read(name, data)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(want, brief(report.Check(again, nil))); diff != "" {
					t.Errorf("%s: findings changed (-before +after):\n%s", name, diff)
				}
				if diff := cmp.Diff(a.Cells(), again.Cells(), cmp.Comparer(func(x, y report.Cell) bool { return x == y })); diff != "" {
					t.Errorf("%s: figures changed (-before +after):\n%s", name, diff)
				}
			}
		})
	}
}

// place is where a cell begins in the grid, how far it reaches and what label it prints.
type place struct {
	Row, Column, Cols, Rows int
	Label                   string
}

// formPlaces computes the grid of the official form from the spans in annual-form.json.
func formPlaces(table report.FormTable) []place {
	var out []place
	taken := map[[2]int]bool{}
	for r, row := range table.Rows {
		column := 0
		for _, c := range row {
			for taken[[2]int{r, column}] {
				column++
			}
			out = append(out, place{r, column, c.Cols(), c.Rows(), c.Text})
			for i := range c.Rows() {
				for j := range c.Cols() {
					taken[[2]int{r + i, column + j}] = true
				}
			}
		}
	}
	return out
}

func TestGeometryOfTheForm(t *testing.T) {
	a, _ := loadReport(t, "suqian_city_2023")
	htmlTables := htmlPlaces(t, written(t, report.WriteHTML, a))
	docxTables := docxPlaces(t, part(t, written(t, report.WriteDOCX, a), "word/document.xml"))
	for i, name := range []string{"二", "三", "四"} {
		form := report.OfficialForm().Tables[name]
		want := formPlaces(form)
		covered := 0
		for _, p := range want {
			covered += p.Cols * p.Rows
		}
		if covered != form.Columns*len(form.Rows) {
			t.Fatalf("table %s of the form covers %d places of %d", name, covered, form.Columns*len(form.Rows))
		}
		if diff := cmp.Diff(want, withoutValues(want, htmlTables[i])); diff != "" {
			t.Errorf("HTML table %s differs from the form (-form +ours):\n%s", name, diff)
		}
		if diff := cmp.Diff(want, withoutValues(want, docxTables[i])); diff != "" {
			t.Errorf("DOCX table %s differs from the form (-form +ours):\n%s", name, diff)
		}
	}
}

// withoutValues blanks the texts that stand where the form has a place for a value.
func withoutValues(form, got []place) []place {
	got = slices.Clone(got)
	for i := range min(len(form), len(got)) {
		if form[i].Label == "" {
			if _, err := strconv.ParseFloat(got[i].Label, 64); err == nil {
				got[i].Label = ""
			}
		}
	}
	return got
}

// htmlPlaces lays out the tables of a page as a browser does.
func htmlPlaces(t *testing.T, data []byte) [][]place {
	t.Helper()
	root, err := html.Parse(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	var out [][]place
	for n := range root.Descendants() {
		if n.DataAtom != atom.Table {
			continue
		}
		var table report.FormTable
		for tr := range n.Descendants() {
			if tr.DataAtom != atom.Tr {
				continue
			}
			var row []report.FormCell
			for c := tr.FirstChild; c != nil; c = c.NextSibling {
				row = append(row, report.FormCell{Text: nodeText(c), Colspan: attr(c, "colspan"), Rowspan: attr(c, "rowspan")})
			}
			table.Rows = append(table.Rows, row)
		}
		out = append(out, formPlaces(table))
	}
	return out
}

func nodeText(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return b.String()
}

func attr(n *html.Node, name string) int {
	for _, a := range n.Attr {
		if a.Key == name {
			v, _ := strconv.Atoi(a.Val)
			return v
		}
	}
	return 0
}

// docxPlaces lays out the tables of a document as Word does: a continued merge lengthens the cell above it.
func docxPlaces(t *testing.T, document []byte) [][]place {
	t.Helper()
	type value struct {
		Val string `xml:"val,attr"`
	}
	var doc struct {
		Tables []struct {
			Grid []struct{} `xml:"tblGrid>gridCol"`
			Rows []struct {
				Cells []struct {
					Span  *value   `xml:"tcPr>gridSpan"`
					Merge *value   `xml:"tcPr>vMerge"`
					Texts []string `xml:"p>r>t"`
				} `xml:"tc"`
			} `xml:"tr"`
		} `xml:"body>tbl"`
	}
	if err := xml.Unmarshal(document, &doc); err != nil {
		t.Fatal(err)
	}
	var out [][]place
	for _, table := range doc.Tables {
		var places []place
		above := map[int]int{} // column → index of the cell that covers it
		for r, row := range table.Rows {
			column := 0
			for _, c := range row.Cells {
				cols := 1
				if c.Span != nil {
					cols, _ = strconv.Atoi(c.Span.Val)
				}
				if c.Merge != nil && c.Merge.Val == "continue" {
					places[above[column]].Rows++
				} else {
					above[column] = len(places)
					places = append(places, place{r, column, cols, 1, strings.Join(c.Texts, "")})
				}
				column += cols
			}
			if column != len(table.Grid) {
				t.Errorf("row %d covers %d of %d columns", r, column, len(table.Grid))
			}
		}
		out = append(out, places)
	}
	return out
}

func TestDOCXIsDeterministic(t *testing.T) {
	a, _ := loadReport(t, "suqian_city_2023")
	if !bytes.Equal(written(t, report.WriteDOCX, a), written(t, report.WriteDOCX, a)) {
		t.Error("two documents of one report differ")
	}
}

func BenchmarkWriteDOCX(b *testing.B) {
	a, _ := loadReport(b, "suqian_city_2023")
	for b.Loop() {
		if err := report.WriteDOCX(io.Discard, a); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkWriteHTML(b *testing.B) {
	a, _ := loadReport(b, "suqian_city_2023")
	for b.Loop() {
		if err := report.WriteHTML(io.Discard, a); err != nil {
			b.Fatal(err)
		}
	}
}
