package report

import (
	"encoding/json"
	"fmt"
	"strings"

	"shoushan/workday"
)

// Schema names the JSON form of a report.
const Schema = "xxgk-annual-report/1"

// The official forms: since the report of 2021, and the trial form of 2019 and 2020.
const (
	Format2021 = "2021-30" // 国办公开办函〔2021〕30号
	Format2019 = "2019-60" // 国办公开办函〔2019〕60号
)

// Annual is one organ's annual report (年度报告, 条例第五十条). A report may be partial: missing tables are nil, cells of
// which nothing is known are NotStated, texts of which nothing is known are absent.
type Annual struct {
	Schema    string          `json:"schema"`
	ID        string          `json:"id,omitempty"`
	Partial   bool            `json:"partial,omitempty"`
	Organ     string          `json:"organ"`
	Level     string          `json:"level,omitempty"` // township, county, prefecture …
	Year      int             `json:"year"`
	Format    string          `json:"format,omitempty"`
	Title     string          `json:"title,omitempty"`
	Preface   []string        `json:"preface,omitempty"`
	Sections  []Section       `json:"sections,omitempty"` // the six, in their order; nil when the texts are not known
	T2        *Table2         `json:"t2,omitempty"`
	T3        *Table3         `json:"t3,omitempty"`
	T4        *Table4         `json:"t4,omitempty"`
	Narrative Narrative       `json:"narrative,omitempty"`
	Tally     *Tally          `json:"tally,omitempty"` // of our own reports: posts by month and topic, for the picture
	SignedBy  string          `json:"signed_by,omitempty"`
	SignedOn  workday.Date    `json:"signed_on,omitzero"`
	Source    json.RawMessage `json:"source,omitempty"` // where the figures were found, as the file says
	Notes     json.RawMessage `json:"notes,omitempty"`

	// Contributions tell, of a report that Merge made, what each organ brought to a cell, by the cell's name.
	Contributions map[string][]Contribution `json:"contributions,omitempty"`
	// Corrections list what was corrected after the report was first published, oldest first.
	Corrections []string `json:"corrections,omitempty"`

	// seen is what a reader met in the published page that the figures no longer show: wrong labels, missing rows.
	seen []Violation
}

// Section is one of the six sections (一 to 六), or one part of section 一.
type Section struct {
	Title      string    `json:"title"`
	Paragraphs []string  `json:"paragraphs,omitempty"`
	Parts      []Section `json:"parts,omitempty"`
	Absent     bool      `json:"absent,omitempty"` // its text is not known
}

// text joins all paragraphs of a section and its parts.
func (s Section) text() string {
	var b strings.Builder
	b.WriteString(strings.Join(s.Paragraphs, "\n"))
	for _, part := range s.Parts {
		b.WriteString("\n" + part.Title + "\n" + part.text())
	}
	return strings.TrimSpace(b.String())
}

// section returns the n-th of the six sections, from 1, and whether its text is known.
func (a Annual) section(n int) (Section, bool) {
	for _, s := range a.Sections {
		if sectionNumber(s.Title) == n {
			return s, !s.Absent
		}
	}
	return Section{}, false
}

// sectionNumber returns 1 to 6 for the titles 一、… to 六、…, 0 for anything else.
func sectionNumber(title string) int {
	for i, numeral := range []string{"一、", "二、", "三、", "四、", "五、", "六、"} {
		if strings.HasPrefix(title, numeral) {
			return i + 1
		}
	}
	return 0
}

// Documents are three counts of 件: made this year (本年制发), repealed this year (本年废止), in force (现行有效).
type Documents struct {
	Made     Cell `json:"made"`
	Repealed Cell `json:"repealed"`
	Valid    Cell `json:"valid"`
}

// Table2 is table 二, proactive disclosure (条例第二十条第（一）（五）（六）（八）项).
type Table2 struct {
	Article20a struct {
		Regulations Documents `json:"规章"`
		Normative   Documents `json:"行政规范性文件"`
	} `json:"art20_1"`
	Article20e struct {
		Permits Cell `json:"行政许可"`
	} `json:"art20_5"`
	Article20f struct {
		Penalties  Cell `json:"行政处罚"`
		Compulsory Cell `json:"行政强制"`
	} `json:"art20_6"`
	Article20h struct {
		Fees Cell `json:"行政事业性收费_万元"`
	} `json:"art20_8"`
}

// cells returns the ten cells in the order in which the form prints them.
func (t *Table2) cells() []*Cell {
	r, n := &t.Article20a.Regulations, &t.Article20a.Normative
	return []*Cell{
		&r.Made, &r.Repealed, &r.Valid, &n.Made, &n.Repealed, &n.Valid,
		&t.Article20e.Permits, &t.Article20f.Penalties, &t.Article20f.Compulsory, &t.Article20h.Fees,
	}
}

// Row is one row of table 三: natural persons, five kinds of organizations, total.
type Row [7]Cell

// Columns are the ids of the seven columns of table 三, in their order.
func Columns() []string {
	return []string{"natural", "org_business", "org_research", "org_public_welfare", "org_legal_service", "org_other", "total"}
}

const totalColumn = 6

// Table3 is table 三, requests received and handled: rows by id (new, carried_in, r1 … r7, carried_out).
type Table3 struct {
	Rows map[string]Row
}

type table3JSON struct {
	Cols []string          `json:"cols"`
	Rows map[string][]Cell `json:"rows"`
}

// MarshalJSON writes the columns' ids and the rows.
func (t Table3) MarshalJSON() ([]byte, error) {
	out := table3JSON{Cols: Columns(), Rows: map[string][]Cell{}}
	for id, row := range t.Rows {
		out.Rows[id] = row[:]
	}
	return json.Marshal(out)
}

// UnmarshalJSON reads rows whose cells stand in the order of “cols”, or of Columns when that is missing.
func (t *Table3) UnmarshalJSON(data []byte) error {
	var in table3JSON
	if err := json.Unmarshal(data, &in); err != nil {
		return err
	}
	if in.Cols == nil {
		in.Cols = Columns()
	}
	t.Rows = map[string]Row{}
	for id, cells := range in.Rows {
		row, err := arrange(in.Cols, cells)
		if err != nil {
			return fmt.Errorf("report: table 三, row %s: %w", id, err)
		}
		t.Rows[id] = row
	}
	return nil
}

func arrange(cols []string, cells []Cell) (Row, error) {
	var row Row
	if len(cells) > len(cols) {
		return row, fmt.Errorf("%d cells in %d columns", len(cells), len(cols))
	}
	for i, cell := range cells {
		at := columnIndex(cols[i])
		if at < 0 {
			return row, fmt.Errorf("unknown column %q", cols[i])
		}
		row[at] = cell
	}
	return row, nil
}

func columnIndex(id string) int {
	for i, c := range Columns() {
		if c == id {
			return i
		}
	}
	return -1
}

// Results are the five counts of one group of table 四.
type Results struct {
	Upheld    Cell `json:"upheld"`    // 结果维持
	Corrected Cell `json:"corrected"` // 结果纠正
	Other     Cell `json:"other"`     // 其他结果
	Pending   Cell `json:"pending"`   // 尚未审结
	Total     Cell `json:"total"`
}

func (r *Results) cells() []*Cell {
	return []*Cell{&r.Upheld, &r.Corrected, &r.Other, &r.Pending, &r.Total}
}

// Table4 is table 四: reconsideration (行政复议), litigation without it (未经复议直接起诉) and after it (复议后起诉).
type Table4 struct {
	Reconsideration Results `json:"reconsideration"`
	Direct          Results `json:"litigation_direct"`
	After           Results `json:"litigation_after_reconsideration"`
}

func (t *Table4) cells() []*Cell {
	return append(append(t.Reconsideration.cells(), t.Direct.cells()...), t.After.cells()...)
}
