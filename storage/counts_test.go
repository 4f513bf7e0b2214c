package storage_test

import (
	"testing"
	"time"

	"shoushan/disclosure"
	"shoushan/posts"
	"shoushan/report"
	"shoushan/workday"
)

func TestCountsAgreeWithTheTally(t *testing.T) {
	everywhere(t, func(t *testing.T, h house) {
		ctx := t.Context()
		start := workday.On(2026, 1, 1).Start()
		for i := range 90 { // once a week, from before the year to after it
			shelve(t, h, "x", func(p *posts.Post) {
				p.State, p.Publication.PublishedAt = posts.Published, start.Add(time.Duration(i-20)*7*24*time.Hour)
				if i%3 == 0 {
					p.Content.Origin = posts.Repost
				}
				if i%5 == 0 {
					p.Channel = posts.Portal
				}
				if i%11 == 0 {
					p.Publication.RemovedAt = noon
				}
			})
		}
		tally := report.NewTally(2026, must(h.Posts(ctx, posts.Query{}))(t), nil)
		count := func(c posts.Channel, o posts.Origin) int {
			return must(h.CountPublished(ctx, c, o, start, workday.On(2027, 1, 1).Start()))(t)
		}
		if got := count(posts.Account, posts.Original); got != tally.Account.Original || got == 0 {
			t.Errorf("%d originals by the index, %d by the tally", got, tally.Account.Original)
		}
		if got := count(posts.Account, posts.Repost); got != tally.Account.Repost || got == 0 {
			t.Errorf("%d reposts by the index, %d by the tally", got, tally.Account.Repost)
		}
		if got := count(posts.Portal, posts.Original) + count(posts.Portal, posts.Repost); got != tally.Portal.Items || got == 0 {
			t.Errorf("%d portal items by the index, %d by the tally", got, tally.Portal.Items)
		}
	})
}

func TestCountRequests(t *testing.T) {
	everywhere(t, func(t *testing.T, h house) {
		for _, year := range []int{2025, 2026, 2026} {
			create(t, h, year, "o")
		}
		must(h.Update(t.Context(), "2026-0001", func(r *disclosure.Request) error { r.State = disclosure.Closed; return nil }))(t)
		tests := []struct {
			state disclosure.State
			year  int
			want  int
		}{{disclosure.Handling, 0, 2}, {disclosure.Handling, 2026, 1}, {disclosure.Closed, 2026, 1}, {disclosure.Closed, 2025, 0}}
		for _, tt := range tests {
			if got := must(h.CountRequests(t.Context(), tt.state, tt.year))(t); got != tt.want {
				t.Errorf("CountRequests(%s, %d) = %d, want %d", tt.state, tt.year, got, tt.want)
			}
		}
	})
}
