package posts

// Row is one row of the table of transitions.
type Row struct {
	From State
	Do   Action
	To   State
}

// Table returns the table of transitions.
func Table() []Row {
	var rows []Row
	for _, t := range transitions {
		rows = append(rows, Row(t))
	}
	return rows
}

// Move changes the state by the table.
func Move(p *Post, do Action) error { return p.move(do) }
