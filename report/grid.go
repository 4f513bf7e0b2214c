package report

// Grid is one table of the form with a report's values, laid out for a page.
type Grid struct {
	Table   string // 二, 三 or 四
	Columns int
	Rows    [][]GridCell
}

// GridCell is one cell of a Grid: a label, or a value with the figure that it counts (t3.new.natural).
type GridCell struct {
	Text    string
	Figure  string // "" for a label
	Zero    bool   // the value is 0
	Left    bool   // a row's label, which reads better from the left margin
	Colspan int
	Rowspan int
}

// Grids lays out the tables that the report has, in the geometry of the official form.
func (a Annual) Grids() ([]Grid, error) {
	var out []Grid
	for n := 2; n <= 4; n++ {
		t, name, err := a.printedTable(n)
		if err != nil {
			return nil, err
		}
		if t == nil {
			continue
		}
		g := Grid{Table: name, Columns: t.Columns}
		for _, row := range t.Rows {
			g.Rows = append(g.Rows, gridRow(row))
		}
		out = append(out, g)
	}
	return out, nil
}

func gridRow(row []printedCell) []GridCell {
	out := make([]GridCell, len(row))
	for i, c := range row {
		out[i] = GridCell{Text: c.Text, Figure: c.Key, Left: c.Left, Colspan: c.Cols(), Rowspan: c.FormCell.Rows()}
		out[i].Zero = c.Key != "" && c.Cell.Known() && c.Cell.Number.IsZero()
	}
	return out
}
