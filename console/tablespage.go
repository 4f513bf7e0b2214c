package console

import (
	"cmp"
	"fmt"
	"net/http"
	"strings"

	"shoushan/report"
	"shoushan/staff"
)

// cellView is one cell of an official table on a page; Path opens the records behind a value.
type cellView struct {
	report.GridCell
	Path  string
	Scope string // of a label: what a screen reader reads it for
}

type gridView struct {
	Table, Title, Empty string
	Columns             int
	Rows                [][]cellView
	Wide                bool
}

type tablesPage struct {
	frame
	Year    int
	Years   []int
	Running bool
	Grids   []gridView
	Rules   verdictList
	Notes   []option // cells of table 二 that may have a note
	Problem problem
	Cell    string
	Note    string
}

var gridTitles = map[string]string{"二": "表二 主动公开政府信息情况", "三": "表三 收到和处理政府信息公开申请情况", "四": "表四 行政复议、行政诉讼情况"}

// tables are the official tables of a year, live: every figure opens what it counts, every rule says how it stands.
func (c *Console) tables(v *visit) error {
	p, err := c.tablesOf(v, v.ask("year"))
	if err != nil {
		return err
	}
	return c.show(v, http.StatusOK, "tables", p)
}

func (c *Console) tablesOf(v *visit, asked string) (*tablesPage, error) {
	r, err := c.yearReport(v, cmp.Or(asked, c.reportYear(v)))
	if err != nil {
		return nil, err
	}
	grids, err := r.Annual.Grids()
	if err != nil {
		return nil, err
	}
	year := r.Edition.Year
	p := &tablesPage{frame: frame{Title: fmt.Sprintf("%d 年报告表格", year), Here: "/tables"}, Year: year, Years: c.years(v), Running: !r.ended}
	for _, g := range grids {
		p.Grids = append(p.Grids, gridOf(g, func(cell report.GridCell) string { return figurePath(year, cell.Figure, v.who) }))
	}
	if p.Rules, err = c.verdictsOf(v, r.Work, report.TableVerdict); err != nil {
		return nil, err
	}
	if v.who.May(staff.ManageRegisters) {
		for _, figure := range report.FigureNames() {
			if strings.HasPrefix(figure, "t2.") {
				p.Notes = append(p.Notes, option{figure, strings.TrimPrefix(report.FigureLabel(figure), "表二 ")})
			}
		}
	}
	return p, nil
}

// gridOf lays out an official table; opens names the list behind a figure that is not zero.
func gridOf(g report.Grid, opens func(report.GridCell) string) gridView {
	out := gridView{Table: g.Table, Title: gridTitles[g.Table], Columns: g.Columns, Wide: g.Columns > 4}
	for _, row := range g.Rows {
		cells := make([]cellView, len(row))
		for i, cell := range row {
			cells[i].GridCell = cell
			cells[i].Scope = scopeOf(cell, row[len(row)-1].Figure != "")
			if cell.Figure != "" && !cell.Zero {
				cells[i].Path = opens(cell)
			}
		}
		out.Rows = append(out.Rows, cells)
	}
	return out
}

// scopeOf says what a label heads: in a row with values its row or group of rows, else its column or group of columns.
func scopeOf(cell report.GridCell, valued bool) string {
	switch {
	case valued && cell.Rowspan > 1:
		return "rowgroup"
	case valued:
		return "row"
	case cell.Colspan > 1:
		return "colgroup"
	}
	return "col"
}

// noteCell sets what is printed beside a number of table 二.
func (c *Console) noteCell(v *visit) error {
	note := report.CellNote{Year: v.number("year"), Cell: v.form("cell"), Text: v.form("note")}
	if err := c.cfg.Clerk.Note(v.ctx(), v.who, note); err != nil {
		p, pageErr := c.tablesOf(v, v.form("year"))
		if pageErr != nil {
			return pageErr
		}
		p.Problem, p.Cell, p.Note = c.explain(v, err), note.Cell, note.Text
		return c.show(v, p.Problem.Status, "tables", p)
	}
	done := "已加注。"
	if note.Text == "" {
		done = "已删去加注。"
	}
	return c.redirect(v, fmt.Sprintf("/tables?year=%d", note.Year), done)
}
