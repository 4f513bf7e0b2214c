package storage_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"shoushan/posts"
	"shoushan/report"
)

// listsAreThoseOfTheRecords compares the list behind every figure of the year with what the records themselves select.
func listsAreThoseOfTheRecords(rt *rapid.T, h house, records report.Records, year int) {
	press := &report.Press{Lists: h, Records: func(context.Context, int) (report.Records, error) { panic("a whole year is read") }}
	for figure := range records.Counts(year) {
		want, err := records.Select(figure, year)
		if err != nil {
			rt.Fatal(err)
		}
		whole, err := press.List(rt.Context(), year, figure, 0, 100)
		if err != nil || whole.Total != len(want) || !slices.Equal(slices.Sorted(slices.Values(whole.IDs)), slices.Sorted(slices.Values(want))) {
			rt.Fatalf("%d %s lists %v (%d, %v), the records %v", year, figure, whole.IDs, whole.Total, err, want)
		}
		if read := len(whole.Records.Posts); read > 0 || len(whole.Records.Requests) > 0 && !fewOnly(figure) {
			rt.Fatalf("%s reads %d posts", figure, read)
		}
		var pages []string
		for from := 0; from <= len(want); from += 2 {
			page, err := press.List(rt.Context(), year, figure, from, 2)
			if err != nil || page.Total != len(want) {
				rt.Fatal(page, err)
			}
			pages = append(pages, page.IDs...)
		}
		if !slices.Equal(pages, whole.IDs) {
			rt.Fatalf("%s page by page is %v, in one %v", figure, pages, whole.IDs)
		}
	}
}

// fewOnly tells the figures that are counted from the few records and not from an index.
func fewOnly(figure string) bool {
	return strings.HasPrefix(figure, "t2.") || strings.HasPrefix(figure, "t4.") || strings.HasPrefix(figure, "fee.")
}

func TestFigureListIsNewestFirst(t *testing.T) {
	everywhere(t, func(t *testing.T, h house) {
		var want []string
		for day := 1; day <= 5; day++ {
			p := shelve(t, h, "稿", func(p *posts.Post) {
				p.State, p.Channel, p.Content.Origin = posts.Published, posts.Account, []posts.Origin{posts.Original, posts.Repost}[day%2]
				p.Publication.PublishedAt = time.Date(2026, 3, day, 1, 0, 0, 0, time.UTC)
			})
			want = slices.Insert(want, 0, p.ID)
		}
		l, err := h.FigureList(t.Context(), 2026, "account.total", 1, 3)
		if err != nil || l.Total != 5 || !slices.Equal(l.IDs, want[1:4]) {
			t.Errorf("FigureList = %v of %d, %v, want %v", l.IDs, l.Total, err, want[1:4])
		}
		if l, err := h.FigureList(t.Context(), 2026, "account.total", 50, 50); err != nil || l.Total != 5 || len(l.IDs) != 0 {
			t.Errorf("past the end: %+v, %v", l, err)
		}
		if l, err := h.FigureList(t.Context(), 2026, "t2.规章.made", 0, 50); err != nil || l.Known {
			t.Errorf("a figure without an index: %+v, %v", l, err)
		}
	})
}
