package storage_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"shoushan/disclosure"
	"shoushan/posts"
	"shoushan/staff"
	"shoushan/storage"
)

var someStates = []posts.State{posts.Draft, posts.InReview, posts.Approved, posts.Scheduled, posts.Published, posts.Withdrawn}

// TestShelfBehavesLikeAMap drives the shelf and a plain map with the same random changes: every query must give the same
// posts, and the indexes must agree with the records.
func TestShelfBehavesLikeAMap(t *testing.T) {
	everywhere(t, func(t *testing.T, h house) {
		rapid.Check(t, func(rt *rapid.T) {
			o := h.opts
			o.Account = fmt.Sprintf("m%d", accounts.Add(1))
			s := open(t, o)
			model := map[string]posts.Post{}
			var ids []string
			for range rapid.IntRange(1, 8).Draw(rt, "steps") {
				change := drawChange(rt)
				if len(ids) == 0 || rapid.Bool().Draw(rt, "new") {
					p := posts.Post{UpdatedAt: noon}
					change(&p)
					p = must(s.CreatePost(t.Context(), p))(t)
					ids, model[p.ID] = append(ids, p.ID), p
					continue
				}
				id := rapid.SampledFrom(ids).Draw(rt, "id")
				model[id] = must(s.UpdatePost(t.Context(), id, func(p *posts.Post) error { change(p); return nil }))(t)
			}
			compareShelf(rt, t, s, model)
			agree(t, s)
		})
	})
}

func drawChange(rt *rapid.T) func(*posts.Post) {
	state := rapid.SampledFrom(someStates).Draw(rt, "state")
	published := time.Date(2025, 12, 31, rapid.IntRange(10, 20).Draw(rt, "hour"), 0, 0, 0, time.UTC)
	due := noon.Add(time.Duration(rapid.IntRange(-1, 1).Draw(rt, "due")) * time.Hour)
	return func(p *posts.Post) {
		p.State, p.DueAt, p.Publication = state, time.Time{}, posts.Publication{}
		switch state {
		case posts.Scheduled:
			p.DueAt = due
		case posts.Published, posts.Withdrawn:
			p.Publication.PublishedAt = published
			p.Publication.Discarded = []posts.Discarded{{MediaID: "m", NextTry: due}}
		default:
		}
	}
}

func compareShelf(rt *rapid.T, t *testing.T, s house, model map[string]posts.Post) {
	t.Helper()
	queries := map[string]struct {
		q    posts.Query
		want func(posts.Post) bool
	}{
		"all":  {posts.Query{}, func(posts.Post) bool { return true }},
		"2025": {posts.Query{PublishedYear: 2025}, func(p posts.Post) bool { return yearOf(p) == 2025 }},
		"2026": {posts.Query{PublishedYear: 2026}, func(p posts.Post) bool { return yearOf(p) == 2026 }},
		"due":  {posts.Query{DueBefore: noon}, func(p posts.Post) bool { return !p.DueAt.IsZero() && !p.DueAt.After(noon) }},
		"discarded": {posts.Query{DiscardBefore: noon}, func(p posts.Post) bool {
			return len(p.Publication.Discarded) > 0 && !p.Publication.DiscardAt().After(noon)
		}},
		"scheduled": {posts.Query{States: []posts.State{posts.Scheduled}}, func(p posts.Post) bool { return p.State == posts.Scheduled }},
	}
	for name, tt := range queries {
		var want, got []string
		for id, p := range model {
			if tt.want(p) {
				want = append(want, id)
			}
		}
		for _, p := range must(s.Posts(t.Context(), tt.q))(t) {
			got = append(got, p.ID)
		}
		slices.Sort(want)
		slices.Sort(got)
		if !slices.Equal(want, got) {
			rt.Fatalf("%s: %v, want %v", name, got, want)
		}
	}
}

// yearOf is the Beijing year of publication, reckoned by hand: 16:00 UTC on the last day is the new year.
func yearOf(p posts.Post) int {
	switch at := p.Publication.PublishedAt; {
	case at.IsZero():
		return 0
	case at.Hour() >= 16:
		return 2026
	default:
		return 2025
	}
}

func TestBackupWhileOthersWrite(t *testing.T) {
	everywhere(t, func(t *testing.T, h house) {
		id := create(t, h, 2026, "o").ID
		must(h.Anchor(t.Context()))(t)
		stop := make(chan struct{})
		var wg sync.WaitGroup
		wg.Go(func() {
			for n := 0; ; n++ {
				select {
				case <-stop:
					return
				default:
				}
				must(h.Update(t.Context(), id, func(r *disclosure.Request) error {
					r.Trail = r.Trail.Append(staff.System, noon, "note", fmt.Sprint(n), "")
					return nil
				}))(t)
				shelve(t, h, "x", nil)
			}
		})
		var archives [][]byte
		for range 5 {
			archives = append(archives, backup(t, h))
			expectFinding(t, h, "")
			agree(t, h)
		}
		close(stop)
		wg.Wait()
		for _, archive := range archives {
			other := newHouse(t, h.opts.URL)
			if err := other.Restore(t.Context(), bytes.NewReader(archive)); err != nil {
				t.Fatal(err)
			}
			expectFinding(t, other, "")
			agree(t, other)
		}
	})
}

func TestWindowsAreNeverOverspent(t *testing.T) {
	everywhere(t, func(t *testing.T, h house) {
		if err := h.Windows().Grant(t.Context(), "oWang", "message", 5, noon.Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
		var mu sync.Mutex
		spent := 0
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				for range 4 {
					ok, err := h.Windows().Spend(t.Context(), "oWang", noon)
					if err != nil {
						t.Error(err)
					}
					mu.Lock()
					if ok {
						spent++
					}
					mu.Unlock()
				}
			})
		}
		wg.Wait()
		if spent != 5 {
			t.Errorf("%d messages were allowed of 5", spent)
		}
	})
}

func FuzzReadArchive(f *testing.F) {
	for _, seed := range []string{
		"", "\n\n", `{"kind":"post","record":{"id":"a"}}`, `{"kind":"request","schema":9,"record":{"id":"2026-0001"}}`,
		`{"kind":"header","record":{"format":"shoushan-archive/1"}}` + "\n" + `{"kind":"end","record":{"lines":1}}`,
		`{"kind":"member","record":{"id":"a","totp_secret":"sealed:AAAA"}}`, `{"kind":"file","id":"x","data":"AAAA"}`,
		`{"kind":"prose","record":null}`, `{"kind":"notice","record":[]}`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		blind, errBlind := storage.ReadArchive(strings.NewReader(text))
		_, err := storage.ReadArchive(strings.NewReader(text), key(1))
		if errBlind != nil && err == nil {
			t.Errorf("with the key it reads, without it not: %v", errBlind)
		}
		for _, m := range blind.Members {
			if strings.HasPrefix(m.TOTPSecret, "sealed:") {
				t.Errorf("a sealed text shows: %q", m.TOTPSecret)
			}
		}
	})
}
