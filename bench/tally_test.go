package bench_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"runtime"
	"strconv"
	"testing"
	"time"

	"shoushan/disclosure"
	"shoushan/posts"
	"shoushan/report"
	"shoushan/storage"
	"shoushan/workday"
)

// The size at which the figures are measured. TALLY_POSTS makes it smaller for a try; the table is of the full size.
const (
	tallyPosts    = 1_000_000
	tallyRequests = 100_000
	tallyYears    = 10 // the records are spread over so many years, the last being 2025
)

// The limits of the design.
const (
	tallyLimit   = 100 * time.Millisecond
	recountLimit = 60 * time.Second
	heapLimit    = 512 << 20
)

// BenchmarkTally fills a real redis-server with a million posts and a hundred thousand requests, and measures the tally of a
// year from indexes, the full recount, and that both are equal.
func BenchmarkTally(b *testing.B) {
	bin, err := exec.LookPath("redis-server")
	if err != nil {
		b.Skip("redis-server is not installed")
	}
	nPosts := size(b, "TALLY_POSTS", tallyPosts)
	nRequests := nPosts / (tallyPosts / tallyRequests)
	store := filled(b, bin, nPosts, nRequests)
	const year = 2025
	tally, err := store.Tally(b.Context(), year)
	if err != nil {
		b.Fatal(err)
	}
	want := expected(year, nPosts, nRequests)
	if !reflect.DeepEqual(tally, want) {
		b.Fatalf("the tally from indexes is\n%+v\nthat of the records\n%+v", tally, want)
	}
	var slowest time.Duration
	for b.Loop() {
		start := time.Now()
		if _, err := store.Tally(b.Context(), year); err != nil {
			b.Fatal(err)
		}
		slowest = max(slowest, time.Since(start))
	}
	b.ReportMetric(float64(slowest.Microseconds())/1000, "ms/slowest-tally")
	recount(b, store, nPosts, nRequests)
	if slowest > tallyLimit {
		b.Errorf("the slowest tally took %s, the limit is %s", slowest, tallyLimit)
	}
}

// recount measures one full recount and the memory that it needs.
func recount(b *testing.B, store *storage.Store, nPosts, nRequests int) {
	b.Helper()
	peak := watchHeap(b)
	start := time.Now()
	r, err := store.Recount(b.Context(), true)
	took := time.Since(start)
	if err != nil || len(r.Differences) > 0 || r.Records["post"] != nPosts || r.Records["request"] != nRequests {
		b.Fatalf("Recount = %v records, %d differences, %v", r.Records, len(r.Differences), err)
	}
	most := peak()
	b.ReportMetric(took.Seconds(), "s/recount")
	b.ReportMetric(float64(most)/(1<<20), "MiB/recount")
	if took > recountLimit || most > heapLimit {
		b.Errorf("the recount took %s and %d MiB, the limits are %s and %d MiB", took, most>>20, recountLimit, heapLimit>>20)
	}
}

// watchHeap samples the memory obtained from the system until peak is called.
func watchHeap(b *testing.B) (peak func() uint64) {
	b.Helper()
	runtime.GC()
	done, result := make(chan struct{}), make(chan uint64)
	go func() {
		var most uint64
		tick := time.NewTicker(50 * time.Millisecond)
		defer tick.Stop()
		for {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			most = max(most, m.HeapInuse+m.StackInuse)
			select {
			case <-done:
				result <- most
				return
			case <-tick.C:
			}
		}
	}()
	return func() uint64 { close(done); return <-result }
}

func size(b *testing.B, name string, usual int) int {
	b.Helper()
	text := os.Getenv(name)
	if text == "" {
		return usual
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		b.Fatal(err)
	}
	return n
}

// filled is a store of its own with the records.
func filled(b *testing.B, bin string, nPosts, nRequests int) *storage.Store {
	b.Helper()
	store := opened(b, bin)
	start := time.Now()
	restored(b, store, func(put func(kind string, record any) error) error {
		for i := range nPosts {
			if err := put("post", postAt(i, nPosts)); err != nil {
				return err
			}
		}
		for i := range nRequests {
			if err := put("request", requestAt(i, nRequests)); err != nil {
				return err
			}
		}
		return nil
	})
	b.Logf("restored %d posts and %d requests in %s", nPosts, nRequests, time.Since(start).Round(time.Second))
	return store
}

// opened is an empty store in a redis-server of its own.
func opened(b *testing.B, bin string) *storage.Store {
	b.Helper()
	dir := b.TempDir()
	private, err := storage.StartPrivate(b.Context(), filepath.Join(dir, "redis"), bin)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = private.Stop() })
	store, err := storage.Open(b.Context(), storage.Options{
		URL: private.URL(), Account: "bench", Key: bytes.Repeat([]byte{7}, storage.KeySize), FilesDir: filepath.Join(dir, "files"), Now: time.Now,
	})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = store.Close() })
	return store
}

// restored restores the records that each puts, from an archive that is made on the way.
func restored(b *testing.B, store *storage.Store, each func(put func(kind string, record any) error) error) {
	b.Helper()
	r, w := io.Pipe()
	go func() {
		out := bufio.NewWriterSize(w, 1<<20)
		encoder := json.NewEncoder(out)
		err := each(func(kind string, record any) error {
			return encoder.Encode(map[string]any{"kind": kind, "record": record})
		})
		w.CloseWithError(errors.Join(err, out.Flush()))
	}()
	if err := store.RestoreUnsigned(context.WithoutCancel(b.Context()), r); err != nil {
		b.Fatal(err)
	}
}

// day is the i-th of n instants spread over the years.
func day(i, n int) time.Time {
	first := workday.On(2025-tallyYears+1, time.January, 1).Start()
	span := workday.On(2026, time.January, 1).Start().Sub(first)
	return first.Add(time.Duration(float64(span) * float64(i) / float64(n))).UTC()
}

func postAt(i, n int) posts.Post {
	p := posts.Post{ID: fmt.Sprintf("p%07d", i), Version: 1, Channel: posts.Account, State: posts.Published, AuthorID: "bench", Method: posts.Elsewhere}
	p.Content = posts.Content{Title: "崇文镇工作动态", Markdown: "正文。", Origin: posts.Original, Topic: [...]string{"", "防汛救灾", "疫情防控", "农业农村"}[i%4]}
	if i%5 > 0 {
		p.Content.Origin, p.Content.Source = posts.Repost, &posts.Source{Name: "陵川县人民政府"}
	}
	if i%7 == 0 {
		p.Channel = posts.Portal
	}
	if i%101 == 0 {
		p.State = posts.Withdrawn
	}
	p.Publication.PublishedAt = day(i, n)
	p.CreatedAt, p.UpdatedAt = p.Publication.PublishedAt, p.Publication.PublishedAt
	return p
}

func requestAt(i, n int) disclosure.Request {
	at := day(i, n)
	received := workday.Of(at)
	r := disclosure.Request{Version: 1, State: disclosure.Handling, ReceivedOn: received}
	r.ID = fmt.Sprintf("%d-%04d", received.Year(), i+1)
	r.Filing.Matter = disclosure.Information
	r.Filing.ApplicantKind = []disclosure.ApplicantKind{disclosure.NaturalPerson, disclosure.Company, disclosure.LegalService}[i%3]
	if i%50 > 0 {
		r.State = disclosure.Closed
		row := report.OfficialForm().Details3[i%len(report.OfficialForm().Details3)]
		r.Decision = &disclosure.Decision{Outcome: disclosure.Outcome(row), ServedOn: received.AddDays(i % 40)}
	}
	if i%200 == 0 {
		r.Remedies = []disclosure.Remedy{{No: 1, Kind: disclosure.Reconsideration, OpenedOn: received.AddDays(30)}}
	}
	return r
}

// expected counts the records themselves, a part at a time.
func expected(year, nPosts, nRequests int) report.Tally {
	var r report.Records
	for i := range nPosts {
		if p := postAt(i, nPosts); workday.Of(p.Publication.PublishedAt).Year() == year {
			r.Posts = append(r.Posts, p)
		}
	}
	for i := range nRequests {
		r.Requests = append(r.Requests, requestAt(i, nRequests))
	}
	return report.NewTally(year, r.Posts, r.Requests)
}
