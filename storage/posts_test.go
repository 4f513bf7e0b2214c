package storage_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"shoushan/fault"
	"shoushan/posts"
	"shoushan/staff"
	"shoushan/workday"
)

func shelve(t *testing.T, h house, title string, change func(*posts.Post)) posts.Post {
	t.Helper()
	p := posts.Post{
		Channel: posts.Account, Content: posts.Content{Title: title, Origin: posts.Original}, State: posts.Draft,
		CreatedAt: noon, UpdatedAt: noon, Trail: staff.Trail(nil).Append(staff.System, noon, "create", "", ""),
	}
	if change != nil {
		change(&p)
	}
	return must(h.CreatePost(t.Context(), p))(t)
}

func TestCreatePostThenRead(t *testing.T) {
	everywhere(t, func(t *testing.T, h house) {
		p := shelve(t, h, "一", func(p *posts.Post) { p.ID = "my-own" })
		if p.ID == "my-own" || p.ID == "" || p.Version != 1 {
			t.Errorf("CreatePost() = id %q version %d, want an id of its own and version 1", p.ID, p.Version)
		}
		if d := diff(p, must(h.Post(t.Context(), p.ID))(t)); d != "" {
			t.Errorf("read differs from created:\n%s", d)
		}
		if _, err := h.Post(t.Context(), "none"); !fault.Is(err, fault.NotFound) {
			t.Errorf("Post(none) = %v, want NotFound", err)
		}
		refused := fault.New(fault.Conflict, "不行。")
		if _, err := h.UpdatePost(t.Context(), p.ID, func(*posts.Post) error { return refused }); !errors.Is(err, refused) {
			t.Errorf("UpdatePost() = %v, want the change's own error", err)
		}
		if _, err := h.UpdatePost(t.Context(), p.ID, func(p *posts.Post) error { p.ID = "x"; return nil }); err == nil {
			t.Error("a change renamed a post")
		}
		if got := must(h.Post(t.Context(), p.ID))(t).Version; got != 1 {
			t.Errorf("version %d after refused changes, want 1", got)
		}
	})
}

// TestLatestListsOnlyWhatCanBeRead: what citizens cannot read takes no place on the list, whichever year is newest.
func TestLatestListsOnlyWhatCanBeRead(t *testing.T) {
	everywhere(t, func(t *testing.T, h house) {
		publish := func(title string, at time.Time, change func(*posts.Post)) {
			shelve(t, h, title, func(p *posts.Post) {
				p.State, p.Publication = posts.Published, posts.Publication{URL: "https://mp.weixin.qq.com/s/" + title, PublishedAt: at}
				change(p)
			})
		}
		readable := func(*posts.Post) {}
		publish("前年的", noon.AddDate(-2, 0, 0), readable)
		publish("去年的", noon.AddDate(-1, 0, 0), readable)
		publish("今年的", noon, readable)
		for i, change := range []func(*posts.Post){
			func(p *posts.Post) { p.Publication.RemovedAt = noon },
			func(p *posts.Post) { p.Channel = posts.Portal },
			func(p *posts.Post) { p.Publication.URL = "" },
			func(p *posts.Post) { p.State = posts.Scheduled },
		} {
			publish(fmt.Sprint("看不到的", i), noon.Add(time.Minute), change)
		}
		for n, want := range map[int]string{1: "今年的", 2: "今年的 去年的", 3: "今年的 去年的 前年的", 8: "今年的 去年的 前年的"} {
			var got []string
			for _, p := range must(h.Latest(t.Context(), n))(t) {
				got = append(got, p.Content.Title)
			}
			if text := strings.Join(got, " "); text != want {
				t.Errorf("Latest(%d) = %s, want %s", n, text, want)
			}
		}
	})
}

func TestPostsByQuery(t *testing.T) {
	beijing := func(text string) time.Time {
		return must(time.ParseInLocation("2006-01-02 15:04:05", text, workday.Beijing))(t).UTC()
	}
	published := func(text string) func(*posts.Post) {
		return func(p *posts.Post) { p.State, p.Publication.PublishedAt = posts.Published, beijing(text) }
	}
	due := func(text string) func(*posts.Post) {
		return func(p *posts.Post) { p.State, p.DueAt = posts.Scheduled, beijing(text) }
	}
	everywhere(t, func(t *testing.T, h house) {
		shelve(t, h, "last-of-2025", published("2025-12-31 23:59:59"))
		shelve(t, h, "first-of-2026", published("2026-01-01 00:00:00"))
		shelve(t, h, "removed", func(p *posts.Post) { published("2026-03-01 08:00:00")(p); p.Publication.RemovedAt = noon })
		shelve(t, h, "soon", due("2026-11-23 12:00:00"))
		shelve(t, h, "later", due("2026-11-23 12:01:00"))
		shelve(t, h, "withdrawn", func(p *posts.Post) {
			p.State, p.UpdatedAt = posts.Withdrawn, noon.Add(-2*time.Hour)
			p.Publication.Discarded = []posts.Discarded{{MediaID: "b", NextTry: noon.Add(time.Hour)}, {MediaID: "a", NextTry: noon}}
		})
		shelve(t, h, "old-draft", func(p *posts.Post) { p.UpdatedAt = noon.Add(-time.Hour) })
		shelve(t, h, "new-draft", nil)
		tests := []struct {
			name string
			q    posts.Query
			want string
		}{
			{"a Beijing year", posts.Query{PublishedYear: 2026}, "removed first-of-2026"},
			{"the year before", posts.Query{PublishedYear: 2025}, "last-of-2025"},
			{"due, the minute itself included", posts.Query{DueBefore: beijing("2026-11-23 12:00:00")}, "soon"},
			{"with a draft to delete now", posts.Query{DiscardBefore: noon}, "withdrawn"},
			{"with a draft to delete before", posts.Query{DiscardBefore: noon.Add(-time.Second)}, ""},
			{"due of a state", posts.Query{DueBefore: beijing("2027-01-01 00:00:00"), States: []posts.State{posts.Draft}}, ""},
			{"one state, newest first", posts.Query{States: []posts.State{posts.Draft}}, "new-draft old-draft"},
			{"published of a year and state", posts.Query{PublishedYear: 2025, States: []posts.State{posts.Published}}, "last-of-2025"},
			{"two states", posts.Query{States: []posts.State{posts.Published, posts.Draft}}, "removed first-of-2026 last-of-2025 new-draft old-draft"},
		}
		for _, tt := range tests {
			if got := titles(t, h, tt.q); got != tt.want {
				t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
			}
		}
		if got := len(must(h.Posts(t.Context(), posts.Query{}))(t)); got != 8 {
			t.Errorf("everything is %d posts, want 8", got)
		}
	})
}

func titles(t *testing.T, h house, q posts.Query) string {
	t.Helper()
	var out []string
	for _, p := range must(h.Posts(t.Context(), q))(t) {
		out = append(out, p.Content.Title)
	}
	return strings.Join(out, " ")
}

func TestPostMovesThroughIndexes(t *testing.T) {
	everywhere(t, func(t *testing.T, h house) {
		id := shelve(t, h, "a", nil).ID
		for _, state := range []posts.State{posts.InReview, posts.Approved, posts.Scheduled, posts.Published, posts.Withdrawn} {
			before := must(h.Post(t.Context(), id))(t).State
			must(h.UpdatePost(t.Context(), id, func(p *posts.Post) error {
				p.State, p.DueAt = state, time.Time{}
				if state == posts.Scheduled {
					p.DueAt = noon
				}
				return nil
			}))(t)
			if got := titles(t, h, posts.Query{States: []posts.State{before}}); got != "" {
				t.Errorf("after the move to %s the list of %s still has %q", state, before, got)
			}
			if got := titles(t, h, posts.Query{States: []posts.State{state}}); got != "a" {
				t.Errorf("the list of %s has %q, want the post", state, got)
			}
			if got := titles(t, h, posts.Query{DueBefore: noon}); (got == "a") != (state == posts.Scheduled) {
				t.Errorf("in %s the list of due posts has %q", state, got)
			}
		}
		agree(t, h)
	})
}

func TestLongListsAreReadInParts(t *testing.T) {
	everywhere(t, func(t *testing.T, h house) {
		const n = 1203 // more than two reads
		for i := range n {
			shelve(t, h, fmt.Sprint(i), nil)
		}
		if got := len(must(h.Posts(t.Context(), posts.Query{}))(t)); got != n {
			t.Errorf("%d posts, want %d", got, n)
		}
		if got := agree(t, h).Records["post"]; got != n {
			t.Errorf("Recount saw %d posts, want %d", got, n)
		}
	})
}

// agree fails the test when indexes and records differ.
func agree(t *testing.T, h house) (out struct{ Records map[string]int }) {
	t.Helper()
	r := must(h.Recount(t.Context(), false))(t)
	for _, d := range r.Differences {
		t.Error(d)
	}
	out.Records = r.Records
	return out
}
