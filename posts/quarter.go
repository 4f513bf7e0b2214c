package posts

import (
	"context"
	"slices"

	"shoushan/fault"
)

// QuarterSheet is the quarterly self-inspection sheet (季度自查表) of the account and the portal site.
type QuarterSheet struct {
	Year, Quarter int
	Sheet
}

// Quarter makes the sheet of a Beijing quarter, 1 to 4.
func (n *Newsroom) Quarter(ctx context.Context, year, quarter int) (QuarterSheet, error) {
	s := QuarterSheet{Year: year, Quarter: quarter}
	if quarter < 1 || quarter > 4 {
		return s, fault.New(fault.Invalid, "季度应为 1 到 4。")
	}
	var err error
	s.Sheet, err = n.Count(ctx, QuarterSpan(year, quarter))
	return s, err
}

// Number names one number of a sheet, so that its list can be asked for. Of is the table: "" for the totals, month,
// topic, author or source; Name the line in it; Kind the column: original, repost, portal, "" for all of the line, and of
// the totals also removed, without_source, unapproved and differences.
type Number struct{ Of, Name, Kind string }

// List returns the ids of the posts that a number counts; ok is false when the sheet has no such number.
func (s Sheet) List(n Number) (ids []string, ok bool) {
	if n.Of == "" {
		return s.total(n.Kind)
	}
	tables := map[string][]Tally{"month": s.Months, "topic": s.Topics, "author": s.Authors, "source": s.Sources}
	i := slices.IndexFunc(tables[n.Of], func(t Tally) bool { return t.Name == n.Name })
	if i < 0 {
		return nil, false
	}
	t := tables[n.Of][i]
	ids, ok = map[string][]string{"": t.IDs(), "original": t.Originals, "repost": t.Reposts, "portal": t.Portal}[n.Kind]
	return ids, ok
}

func (s Sheet) total(kind string) ([]string, bool) {
	ids, ok := map[string][]string{
		"": slices.Concat(s.Originals, s.Reposts, s.Portal), "original": s.Originals, "repost": s.Reposts, "portal": s.Portal,
		"removed": s.Removed, "without_source": s.WithoutSource, "unapproved": s.Unapproved, "differences": s.Differences,
	}[kind]
	return ids, ok
}
