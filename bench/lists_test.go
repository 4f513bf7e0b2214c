package bench_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os/exec"
	"strings"
	"testing"
	"time"

	"shoushan/posts"
	"shoushan/report"
	"shoushan/storage"
	"shoushan/workday"
)

// listPosts is the number of items of one year at which lists and the search for duplicates are measured; LISTS_POSTS makes it
// smaller for a try.
const listPosts = 100_000

// BenchmarkLists fills a real redis-server with a year of items and measures, in one run, the list of all items, the list behind
// a figure, and the search for items alike: with the indexes, and by reading the whole year as it was before there were any.
func BenchmarkLists(b *testing.B) {
	bin, err := exec.LookPath("redis-server")
	if err != nil {
		b.Skip("redis-server is not installed")
	}
	n := size(b, "LISTS_POSTS", listPosts)
	store := opened(b, bin)
	now := workday.On(2026, time.January, 2).Start()
	fill(b, store, n)
	whole := &posts.Newsroom{Shelf: store, Now: func() time.Time { return now }}
	indexed := *whole
	indexed.Sketches = store
	c := posts.Content{Title: "重发", Markdown: essay(uint64(n / 2))}
	alike := func(room *posts.Newsroom) func() {
		return func() {
			found, err := room.AlikeTo(b.Context(), c, "")
			if err != nil || len(found) != 1 || found[0].Share != 1 {
				b.Fatalf("%d alike, %v", len(found), err)
			}
		}
	}
	records := func(ctx context.Context, year int) (report.Records, error) {
		all, err := store.Posts(ctx, posts.Query{PublishedYear: year})
		return report.Records{Posts: all}, err
	}
	list := func(press *report.Press) func() {
		return func() {
			l, err := press.List(b.Context(), 2025, "account.total", n/2, 50)
			if err != nil || l.Total != n || len(l.IDs) != 50 {
				b.Fatalf("%d of %d, %v", len(l.IDs), l.Total, err)
			}
		}
	}
	published := posts.Pick{States: []posts.State{posts.Published}}
	b.ReportMetric(slowest(func() {
		if all, err := store.Posts(b.Context(), posts.Query{}); err != nil || len(all) != n {
			b.Fatal(len(all), err)
		}
	}), "ms/shelf-by-reading")
	b.ReportMetric(slowest(func() {
		count, err := store.CountPosts(b.Context(), published)
		page, errList := store.ListPosts(b.Context(), published, n/2, 50)
		if err != nil || errList != nil || count != n || len(page) != 50 {
			b.Fatal(count, len(page), err, errList)
		}
	}), "ms/shelf-by-index")
	b.ReportMetric(slowest(list(&report.Press{Records: records})), "ms/list-by-reading")
	b.ReportMetric(slowest(list(&report.Press{Records: records, Lists: store})), "ms/list-by-index")
	b.ReportMetric(slowest(alike(whole)), "ms/alike-by-reading")
	b.ReportMetric(slowest(alike(&indexed)), "ms/alike-by-sketch")
}

// slowest is the slowest of three runs in milliseconds.
func slowest(do func()) float64 {
	var most time.Duration
	for range 3 {
		start := time.Now()
		do()
		most = max(most, time.Since(start))
	}
	return float64(most.Microseconds()) / 1000
}

// essay is a text of 800 characters that no other seed has.
func essay(seed uint64) string {
	r := rand.New(rand.NewPCG(seed, 1))
	var s strings.Builder
	for range 800 {
		s.WriteRune(rune(0x4e00 + r.IntN(4000)))
	}
	return s.String()
}

// fill stores n items published in 2025.
func fill(b *testing.B, store *storage.Store, n int) {
	b.Helper()
	first := workday.On(2025, time.January, 1).Start()
	restored(b, store, func(put func(kind string, record any) error) error {
		for i := range n {
			p := postAt(i, n)
			p.Channel, p.State = posts.Account, posts.Published
			p.Content.Title, p.Content.Markdown = fmt.Sprintf("第 %d 篇", i), essay(uint64(i))
			p.Publication.PublishedAt = first.Add(time.Duration(float64(365*24*time.Hour) * float64(i) / float64(n))).UTC()
			p.CreatedAt, p.UpdatedAt = p.Publication.PublishedAt, p.Publication.PublishedAt
			if err := put("post", p); err != nil {
				return err
			}
		}
		return nil
	})
}
