package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"shoushan/bench"
	"shoushan/posts"
	"shoushan/simulator"
	"shoushan/storage"
)

const (
	rushItems    = 300
	rushLatency  = 40 * time.Millisecond // of each call to the platform, as over the internet
	rushPromise  = 2 * time.Second       // after the minute, on a machine that has nothing else to do
	rushTooLate  = time.Minute           // on any machine
	rushHeadroom = 25 * time.Second      // between the start of the processes and the minute
)

// TestManyDueInOneMinute lets two processes publish 300 items that are due in one minute. Each is submitted once, none
// before its minute. How long it took is printed; a busy machine may take longer than the promised two seconds, so only
// gross lateness fails.
func TestManyDueInOneMinute(t *testing.T) {
	if testing.Short() {
		t.Skip("takes a minute")
	}
	if !needRedis(t) {
		t.Skip("needs a real Redis, which two processes can share")
	}
	r := newRush(t)
	due := time.Now().Add(rushHeadroom).Truncate(time.Minute).Add(time.Minute)
	r.schedule(due)
	for range 2 {
		startService(t, r.program, r.environment)
	}
	r.awaitPublished(due.Add(2 * rushTooLate))
	delays := r.check(due)
	at := func(share float64) float64 { return delays[int(share*float64(len(delays)-1))].Seconds() }
	text := fmt.Sprintf("\n## %d items due in one minute, two processes\n\n| half within | 95 of 100 within | all within | promised |\n|---|---|---|---|\n| %.2f s | %.2f s | %.2f s | %.0f s |\n",
		rushItems, at(0.5), at(0.95), at(1), rushPromise.Seconds())
	t.Log(text)
	keepTable(t, "due-in-one-minute.md", text)
}

// rush is the town with much to say at once.
type rush struct {
	t           *testing.T
	program     string
	environment []string
	store       *storage.Store
	web         *httptest.Server

	mu        sync.Mutex
	submitted map[string][]time.Time // by the draft's media id
}

func newRush(t *testing.T) *rush {
	t.Helper()
	r := &rush{t: t, submitted: map[string][]time.Time{}}
	dir := t.TempDir()
	bin, err := exec.LookPath("redis-server")
	if err != nil {
		t.Fatal(err)
	}
	private, err := storage.StartPrivate(t.Context(), filepath.Join(dir, "redis"), bin)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = private.Stop() })
	if r.program, err = bench.Build(t.Context(), dir); err != nil {
		t.Fatal(err)
	}
	platform := &simulator.Server{}
	r.web = httptest.NewServer(r.watch(platform.Handler()))
	t.Cleanup(r.web.Close)
	t.Cleanup(platform.Close)
	r.environment = serviceEnvironment(dir, private.URL(), r.web.URL)
	key := []byte(strings.Repeat("k", 32))
	options := storage.Options{URL: private.URL(), Account: "chongwen", Key: key, FilesDir: filepath.Join(dir, "files"), Now: time.Now}
	if r.store, err = storage.Open(t.Context(), options); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.store.Close() })
	return r
}

// watch notes when each draft is submitted.
func (r *rush) watch(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		if req.URL.Path == "/cgi-bin/freepublish/submit" {
			body, _ := io.ReadAll(req.Body)
			req.Body = io.NopCloser(bytes.NewReader(body))
			var in struct {
				MediaID string `json:"media_id"`
			}
			_ = json.Unmarshal(body, &in)
			r.mu.Lock()
			r.submitted[in.MediaID] = append(r.submitted[in.MediaID], time.Now())
			r.mu.Unlock()
		}
		select {
		case <-time.After(rushLatency):
		case <-req.Context().Done():
		}
		next.ServeHTTP(w, req)
	})
}

func rushTitle(n int) string { return fmt.Sprintf("同时发布的第%03d篇", n) }

func (r *rush) schedule(due time.Time) {
	r.t.Helper()
	for n := range rushItems {
		c := posts.Content{Title: rushTitle(n), Byline: "崇文镇", Digest: "演练。", Markdown: "我镇开展演练。\n", Origin: posts.Original}
		p := posts.Post{
			Channel: posts.Account, Content: c, AuthorID: "w", State: posts.Scheduled, ApprovedHash: c.Hash(), Method: posts.FreePublish,
			DueAt: due.UTC(), CreatedAt: time.Now().UTC(), UpdatedAt: time.Now().UTC(),
		}
		if _, err := r.store.CreatePost(r.t.Context(), p); err != nil {
			r.t.Fatal(err)
		}
	}
}

func (r *rush) awaitPublished(end time.Time) {
	r.t.Helper()
	for {
		out, err := r.store.Posts(r.t.Context(), posts.Query{States: []posts.State{posts.Published}})
		if err != nil {
			r.t.Fatal(err)
		}
		if len(out) == rushItems {
			return
		}
		if time.Now().After(end) {
			r.t.Fatalf("%d of %d items are published", len(out), rushItems)
		}
		time.Sleep(500 * time.Millisecond)
	}
}

// check counts what the platform shows and returns how long after the minute each item was submitted, in order.
func (r *rush) check(due time.Time) []time.Duration {
	r.t.Helper()
	response, err := http.Get(r.web.URL + "/phone/articles")
	if err != nil {
		r.t.Fatal(err)
	}
	defer response.Body.Close()
	page, err := io.ReadAll(response.Body)
	if err != nil {
		r.t.Fatal(err)
	}
	for n := range rushItems {
		if out := strings.Count(string(page), `"title":"`+rushTitle(n)+`"`); out != 1 {
			r.t.Errorf("%s is out %d times", rushTitle(n), out)
		}
	}
	var delays []time.Duration
	for media, times := range r.submitted {
		if len(times) != 1 {
			r.t.Errorf("the draft %s was submitted %d times", media, len(times))
		}
		delays = append(delays, times[0].Sub(due))
	}
	slices.Sort(delays)
	if len(delays) != rushItems {
		r.t.Fatalf("%d drafts were submitted, want %d", len(delays), rushItems)
	}
	if delays[0] < 0 || delays[len(delays)-1] > rushTooLate {
		r.t.Errorf("submitted between %v and %v after the minute", delays[0], delays[len(delays)-1])
	}
	return delays
}
