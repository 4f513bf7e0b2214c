package console

import (
	"cmp"
	"fmt"
	"slices"

	"shoushan/disclosure"
)

// mostAlike is how many alike requests a case page lists.
const mostAlike = 5

// alikeRow is another request that asks for much the same.
type alikeRow struct {
	ID, State, Likeness string
	SameApplicant       bool
	Letter              string // the number of its answer, for 不予重复处理
}

// weight puts first what the same applicant was already answered: such a request may be a repeated one.
func weight(m disclosure.Match) int {
	switch {
	case m.SameApplicant && m.Request.State == disclosure.Closed:
		return 2
	case m.SameApplicant:
		return 1
	}
	return 0
}

func alikeRows(r disclosure.Request, among []disclosure.Request) []alikeRow {
	matches := disclosure.Similar(r, among)
	slices.SortStableFunc(matches, func(a, b disclosure.Match) int { return cmp.Compare(weight(b), weight(a)) })
	out := make([]alikeRow, 0, min(len(matches), mostAlike))
	for _, m := range matches[:min(len(matches), mostAlike)] {
		row := alikeRow{ID: m.Request.ID, State: m.Request.State.Chinese(), Likeness: fmt.Sprintf("%.0f%%", m.Likeness*100), SameApplicant: m.SameApplicant}
		if i := m.Request.ReplyIndex(); i >= 0 && m.Request.State == disclosure.Closed {
			row.Letter = m.Request.Letters[i].Number
		}
		out = append(out, row)
	}
	return out
}
