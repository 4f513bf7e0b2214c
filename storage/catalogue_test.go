package storage_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"shoushan/posts"
)

func TestCatalogueCountsAndListsWithoutReadingAll(t *testing.T) {
	everywhere(t, func(t *testing.T, h house) {
		states := []posts.State{posts.Draft, posts.InReview, posts.Published, posts.Withdrawn, posts.Published, posts.Failed}
		var all []posts.Post
		for i := range 18 {
			all = append(all, shelve(t, h, fmt.Sprint(i), func(p *posts.Post) {
				p.State, p.AuthorID = states[i%len(states)], []string{"sun", "li"}[i%2]
				p.UpdatedAt = noon.Add(time.Duration(i*7%18) * time.Minute)
				if p.State == posts.Published || p.State == posts.Withdrawn {
					p.Publication.PublishedAt = noon.Add(-time.Duration(i*5%18) * time.Hour)
				}
			}))
		}
		moved, err := h.UpdatePost(t.Context(), all[0].ID, func(p *posts.Post) error { p.AuthorID = "li"; p.State = posts.Approved; return nil })
		if err != nil {
			t.Fatal(err)
		}
		all[0] = moved
		for _, pick := range []posts.Pick{
			{States: []posts.State{posts.Published}}, {States: []posts.State{posts.Draft, posts.Approved, posts.InReview, posts.Failed}}, {AuthorID: "sun"}, {AuthorID: "li"},
			{AuthorID: "nobody"}, {}, {States: []posts.State{posts.Withdrawn}},
		} {
			want := expectedPick(all, pick)
			n, err := h.CountPosts(t.Context(), pick)
			if err != nil || n != len(want) {
				t.Errorf("%+v: %d posts, %v, want %d", pick, n, err, len(want))
			}
			var got []string
			for from := 0; from <= len(want); from += 2 {
				page, err := h.ListPosts(t.Context(), pick, from, 2)
				if err != nil || len(page) > 2 {
					t.Fatal(len(page), err)
				}
				for _, p := range page {
					got = append(got, p.ID)
				}
			}
			if !slices.Equal(got, want) {
				t.Errorf("%+v page by page: %v, want %v", pick, got, want)
			}
		}
		if r, err := h.Recount(t.Context(), false); err != nil || len(r.Differences) > 0 {
			t.Errorf("Recount = %v, %v", r.Differences, err)
		}
	})
}

// expectedPick is the list as it follows from the posts.
func expectedPick(all []posts.Post, pick posts.Pick) []string {
	chosen := slices.DeleteFunc(slices.Clone(all), func(p posts.Post) bool {
		if pick.AuthorID != "" {
			return p.AuthorID != pick.AuthorID
		}
		return !slices.Contains(pick.States, p.State)
	})
	byPublication := pick.AuthorID != "" || slices.Equal(pick.States, []posts.State{posts.Published})
	when := func(p posts.Post) time.Time {
		if byPublication && !p.Publication.PublishedAt.IsZero() {
			return p.Publication.PublishedAt
		}
		return p.UpdatedAt
	}
	slices.SortFunc(chosen, func(a, b posts.Post) int { return when(b).Compare(when(a)) })
	var ids []string
	for _, p := range chosen {
		ids = append(ids, p.ID)
	}
	return ids
}
