package posts_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"shoushan/posts"
	"shoushan/workday"
)

func TestSpans(t *testing.T) {
	tests := []struct {
		name string
		span posts.Span
		want string
	}{
		{"a year", posts.YearSpan(2026), "2026-01-01 2026-12-31"},
		{"the first quarter", posts.QuarterSpan(2026, 1), "2026-01-01 2026-03-31"},
		{"the last quarter", posts.QuarterSpan(2026, 4), "2026-10-01 2026-12-31"},
		{"February of a leap year", posts.MonthSpan(2028, time.February), "2028-02-01 2028-02-29"},
		{"February", posts.MonthSpan(2026, time.February), "2026-02-01 2026-02-28"},
		{"December", posts.MonthSpan(2026, time.December), "2026-12-01 2026-12-31"},
		{"until today", posts.YearSpan(2026).Until(workday.MustParse("2026-11-23")), "2026-01-01 2026-11-23"},
	}
	for _, tt := range tests {
		if got := tt.span.From.String() + " " + tt.span.To.String(); got != tt.want {
			t.Errorf("%s = %s, want %s", tt.name, got, tt.want)
		}
	}
}

// TestMidnightDecidesTheDay: an item counts by the Beijing date of its publication, to the second, also at the end of a
// year, wherever the computer thinks it is.
func TestMidnightDecidesTheDay(t *testing.T) {
	r := newRoom(t)
	r.clock = beijing("2027-02-01 08:00:00")
	before := r.elsewhere("23:59:59 on 31 December", "", "2026-12-31 23:59:59")
	after := r.elsewhere("00:00:00 on 1 January", "", "2027-01-01 00:00:00")
	tests := []struct {
		name string
		span posts.Span
		want []string
	}{
		{"December", posts.MonthSpan(2026, time.December), []string{before.ID}},
		{"the fourth quarter", posts.QuarterSpan(2026, 4), []string{before.ID}},
		{"2026", posts.YearSpan(2026), []string{before.ID}},
		{"January", posts.MonthSpan(2027, time.January), []string{after.ID}},
		{"2027", posts.YearSpan(2027), []string{after.ID}},
		{"both days", posts.Span{From: workday.MustParse("2026-12-31"), To: workday.MustParse("2027-01-01")}, []string{after.ID, before.ID}},
	}
	for _, tt := range tests {
		s, err := r.Count(t.Context(), tt.span)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(tt.want, s.Originals); diff != "" {
			t.Errorf("%s: %s", tt.name, diff)
		}
	}
}

func TestEveryNumberHasItsList(t *testing.T) {
	r := newRoom(t)
	enter := func(title string, channel posts.Channel, origin posts.Origin, source, topic, editor, at string) posts.Post {
		c := content()
		c.Title, c.Origin, c.Topic, c.Editor = title, origin, topic, editor
		if origin == posts.Repost {
			c.Source = &posts.Source{Name: source}
		}
		return r.must(r.RecordElsewhere(t.Context(), approver, channel, c, "", beijing(at)))
	}
	own := enter("原创", posts.Account, posts.Original, "", "防汛救灾", "李明", "2026-07-01 00:00:00")
	taken := enter("转载", posts.Account, posts.Repost, "新华社", "防汛救灾", "王芳", "2026-08-01 09:00:00")
	odd := enter("转载二", posts.Account, posts.Repost, "某网", "", "王芳", "2026-08-02 09:00:00")
	site := enter("网站", posts.Portal, posts.Original, "", "防汛救灾", "李明", "2026-09-30 23:59:59")
	gone := enter("删", posts.Account, posts.Original, "", "防汛救灾", "李明", "2026-09-01 09:00:00")
	r.must(r.RecordRemoval(t.Context(), approver, gone.ID, r.clock, "删了"))
	s, err := r.Quarter(t.Context(), 2026, 3)
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		number posts.Number
		want   []posts.Post
	}{
		{posts.Number{}, []posts.Post{own, taken, odd, site}},
		{posts.Number{Kind: "original"}, []posts.Post{own}},
		{posts.Number{Kind: "repost"}, []posts.Post{odd, taken}},
		{posts.Number{Kind: "portal"}, []posts.Post{site}},
		{posts.Number{Kind: "removed"}, []posts.Post{gone}},
		{posts.Number{Kind: "unapproved"}, []posts.Post{odd}},
		{posts.Number{Of: "month", Name: "2026-08", Kind: "repost"}, []posts.Post{odd, taken}},
		{posts.Number{Of: "month", Name: "2026-09"}, []posts.Post{site}},
		{posts.Number{Of: "topic", Name: "防汛救灾"}, []posts.Post{own, taken, site}},
		{posts.Number{Of: "topic", Name: "防汛救灾", Kind: "portal"}, []posts.Post{site}},
		{posts.Number{Of: "topic", Name: "未分类"}, []posts.Post{odd}},
		{posts.Number{Of: "author", Name: "王芳"}, []posts.Post{odd, taken}},
		{posts.Number{Of: "source", Name: "新华社"}, []posts.Post{taken}},
	}
	for _, tt := range tests {
		ids, ok := s.List(tt.number)
		var want []string
		for _, p := range tt.want {
			want = append(want, p.ID)
		}
		if diff := cmp.Diff(want, sorted(ids, tt.want...)); !ok || diff != "" {
			t.Errorf("%+v: %v %s", tt.number, ok, diff)
		}
	}
	for _, none := range []posts.Number{{Kind: "nothing"}, {Of: "topic", Name: "没有"}, {Of: "nothing"}, {Of: "month", Name: "2026-08", Kind: "removed"}} {
		if _, ok := s.List(none); ok {
			t.Errorf("%+v is no number", none)
		}
	}
}
