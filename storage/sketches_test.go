package storage_test

import (
	"strings"
	"testing"
	"time"

	"shoushan/posts"
)

// sketchesOf reads what is kept for a year.
func sketchesOf(t *testing.T, h house, year int) map[string]posts.Sketch {
	t.Helper()
	found := map[string]posts.Sketch{}
	if err := h.EachSketch(t.Context(), year, func(id string, s posts.Sketch) { found[id] = s }); err != nil {
		t.Fatal(err)
	}
	return found
}

func TestSketchesAreKeptBesidePosts(t *testing.T) {
	everywhere(t, func(t *testing.T, h house) {
		first := shelve(t, h, "一", func(p *posts.Post) { p.CreatedAt = time.Date(2025, 12, 31, 16, 0, 0, 0, time.UTC) }) // 2026 in Beijing
		second := shelve(t, h, "二", func(p *posts.Post) { p.CreatedAt = time.Date(2025, 12, 31, 15, 59, 0, 0, time.UTC) })
		if got := sketchesOf(t, h, 2026); len(got) != 1 || got[first.ID] != posts.SketchOf(first) {
			t.Errorf("2026 has %d sketches", len(got))
		}
		if got := sketchesOf(t, h, 2025); len(got) != 1 || got[second.ID] == "" {
			t.Errorf("2025 has %d sketches", len(got))
		}
		changed, err := h.UpdatePost(t.Context(), first.ID, func(p *posts.Post) error {
			p.Content.Markdown = strings.Repeat("改过的正文，每句都不一样。", 20)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if got := sketchesOf(t, h, 2026)[first.ID]; got != posts.SketchOf(changed) || got == posts.SketchOf(first) {
			t.Error("the sketch did not follow the text")
		}
	})
}

func TestEnsureSketchesBringsAnOldStoreUpToDate(t *testing.T) {
	everywhere(t, func(t *testing.T, h house) {
		p := shelve(t, h, "一", func(p *posts.Post) { p.CreatedAt = noon })
		if n := must(h.raw.Del(t.Context(), h.key("sketches:2026")).Result())(t); n != 1 {
			t.Fatal("no sketches are kept")
		}
		for range 2 {
			if err := h.EnsureSketches(t.Context()); err != nil {
				t.Fatal(err)
			}
			if got := sketchesOf(t, h, 2026); got[p.ID] != posts.SketchOf(p) {
				t.Errorf("%d sketches", len(got))
			}
		}
	})
}
