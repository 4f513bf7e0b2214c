package report

import "context"

// Lists finds the records that a figure counts without reading a year of them.
type Lists interface {
	// FigureList returns a piece of the list that a figure of a year counts: at most n ids, beginning with the one at from.
	// Posts are listed newest first, requests in the order of their numbers. It does not know every figure.
	FigureList(ctx context.Context, year int, figure string, from, n int) (Listing, error)
	// FewRecords returns what the figures count that FigureList does not know.
	FewRecords(ctx context.Context) (Records, error)
}

// Listing is a piece of the list that a figure counts.
type Listing struct {
	Known   bool
	IDs     []string
	Total   int
	Records Records // what was read to find them; empty when an index answered
}

// List returns a piece of the list that a figure of a year counts, and how long the list is: from an index where there is one,
// else from records. A name that is no figure is an Invalid fault.
func (p *Press) List(ctx context.Context, year int, figure string, from, n int) (Listing, error) {
	if _, err := (Records{}).Select(figure, year); err != nil {
		return Listing{}, err
	}
	few := func(ctx context.Context) (Records, error) { return p.Records(ctx, year) }
	if p.Lists != nil {
		l, err := p.Lists.FigureList(ctx, year, figure, from, n)
		if err != nil || l.Known {
			return l, err
		}
		few = p.Lists.FewRecords
	}
	records, err := few(ctx)
	if err != nil {
		return Listing{}, err
	}
	ids, err := records.Select(figure, year)
	return Listing{Known: true, IDs: ids[min(from, len(ids)):min(from+n, len(ids))], Total: len(ids), Records: records}, err
}
