package console

import (
	"context"
	"net/http"
	"slices"

	"shoushan/disclosure"
	"shoushan/fault"
	"shoushan/posts"
	"shoushan/report"
)

type figureListPage struct {
	frame
	Year     int
	Count    int
	Posts    []postRow
	Requests []requestRow
	Entries  []entryRow
	Sum      string // of money, when the figure is no count
	Paging   paging
}

// figureList is the list of records that a figure counts, and nothing else.
func (c *Console) figureList(v *visit) error {
	year, err := c.yearAsked(v, v.r.PathValue("year"))
	if err != nil {
		return err
	}
	figure := v.r.PathValue("figure")
	if !mayList(figure, v.who) {
		return fault.New(fault.Forbidden, "申请的清单只有办理和签发申请的人可以打开。")
	}
	listing, paging, err := c.listed(v, year, figure)
	if fault.Is(err, fault.Invalid) {
		return fault.Wrap(fault.NotFound, err, "没有这个统计数字。")
	}
	if err != nil {
		return err
	}
	p := &figureListPage{
		frame: frame{Title: figureTitle(figure), Here: "/figures"}, Year: year, Count: listing.Total, Paging: paging, Sum: c.sumOf(figure, year, listing.Records),
	}
	if err := c.fillList(v, p, figure, listing); err != nil {
		return err
	}
	return c.show(v, http.StatusOK, "figurelist", p)
}

// listed finds the page of the list that the address asks for; one past the end is the last.
func (c *Console) listed(v *visit, year int, figure string) (report.Listing, paging, error) {
	if figure == feeSum {
		figure = "fee.cases" // the requests that paid it
	}
	page := pageAsked(v.r.URL)
	l, err := c.cfg.Press.List(v.ctx(), year, figure, (page-1)*perPage, perPage)
	p := pagingOf(l.Total, v.r.URL)
	if err == nil && p.Page != page {
		l, err = c.cfg.Press.List(v.ctx(), year, figure, (p.Page-1)*perPage, perPage)
	}
	return l, p, err
}

// The two figures that are sums of money and not counts.
const (
	feeSum    = "fee.yuan"
	chargeSum = "t2.行政事业性收费"
)

// sumOf tells a figure that is a sum of money, "" for counts.
func (c *Console) sumOf(figure string, year int, records report.Records) string {
	unit, ok := map[string]string{feeSum: "元", chargeSum: "万元"}[figure]
	if !ok {
		return ""
	}
	for _, b := range report.Bindings(year, c.cfg.Organ, records) {
		if b.Name == figure {
			return b.Value + unit
		}
	}
	return ""
}

// fillList reads the records of the page: those that were read to find them, or one by one.
func (c *Console) fillList(v *visit, p *figureListPage, figure string, l report.Listing) error {
	var err error
	read := l.Records
	switch {
	case len(read.Posts)+len(read.Requests)+len(read.Registers.Entries()) > 0:
	case countsRequests(figure):
		read.Requests, err = oneByOne(v.ctx(), l.IDs, c.cfg.Requests.Request)
	default:
		read.Posts, err = oneByOne(v.ctx(), l.IDs, c.cfg.Posts.Post)
	}
	if err != nil {
		return err
	}
	chosen := keep(read.Requests, func(r disclosure.Request) bool { return slices.Contains(l.IDs, r.ID) })
	faces, err := c.faces(v, chosen)
	if err != nil {
		return err
	}
	if p.Requests, err = c.requestRows(v, chosen, faces); err != nil {
		return err
	}
	p.Entries = entryRows(keep(read.Registers.Entries(), func(e report.RegisterEntry) bool { return slices.Contains(l.IDs, e.ID) }))
	p.Posts, err = c.postRows(v, keep(read.Posts, func(q posts.Post) bool { return slices.Contains(l.IDs, q.ID) }))
	return err
}

// oneByOne reads the records with the ids, in their order; one that was removed meanwhile is left out.
func oneByOne[T any](ctx context.Context, ids []string, read func(context.Context, string) (T, error)) ([]T, error) {
	var out []T
	for _, id := range ids {
		record, err := read(ctx, id)
		if fault.Is(err, fault.NotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		out = append(out, record)
	}
	return out, nil
}
