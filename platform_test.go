package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"shoushan/bench"
	"shoushan/disclosure"
	"shoushan/simulator"
	"shoushan/storage"
)

// town is a house and a platform that share nothing but HTTP and a clock, on a Redis that a test can stop, with a road
// from platform to house that a test can block.
type town struct {
	*house
	t        *testing.T
	opened   *openedStore
	platform *simulator.Server
	address  string // of the platform
	road     *road
	gate     *gate
	diary    *diary
	pusher   *bench.Pusher
}

// townStart is a Monday morning.
const townStart = "2026-11-23T09:00:00+08:00"

// newTown builds house and platform. Nothing runs by the clock: the test calls Advance, or starts the scheduler.
func newTown(t *testing.T, tune ...func(*simulator.Settings)) *town {
	t.Helper()
	w := &town{t: t, road: &road{}, gate: &gate{}, diary: &diary{}}
	desk, platform := httptest.NewServer(w.road), httptest.NewServer(w.gate)
	t.Cleanup(desk.Close)
	t.Cleanup(platform.Close)
	w.address = platform.URL
	needRedis(t)
	command := &demoCommand{Data: t.TempDir()}
	cfg, err := command.configure(platform.Listener, desk.Listener)
	start, _ := time.Parse(time.RFC3339, townStart)
	moving := &clock{}
	moving.Set(start)
	if err == nil {
		w.opened, err = command.openStore(t.Context(), cfg, moving)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.opened.close() })
	w.house = w.build(cfg, moving)
	w.road.set(w.house.handler)
	settings := simulator.DefaultSettings()
	settings.RetryPauseMS, settings.PublishDelayMS = 20, 1
	for _, change := range tune {
		change(&settings)
	}
	w.platform = (&demo{w.house}).platform(t.Context())
	w.platform.Settings = &settings
	w.gate.next = w.platform.Handler()
	t.Cleanup(w.platform.Close)
	w.pusher, err = bench.NewPusher(desk.URL+"/wechat", simulator.DefaultToken, simulator.DefaultAESKey, simulator.DefaultAppID, moving.Now)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// needRedis fails the test when REQUIRE_REDIS is set and there is no redis-server; otherwise towns live in memory.
func needRedis(t *testing.T) (there bool) {
	t.Helper()
	_, err := exec.LookPath("redis-server")
	if err != nil && os.Getenv("REQUIRE_REDIS") != "" {
		t.Fatal("redis-server is not installed; run: make tools")
	}
	return err == nil
}

// build makes a house on the town's store.
func (w *town) build(cfg Config, clock *clock) *house {
	w.t.Helper()
	organ, err := demoOrgan()
	if err != nil {
		w.t.Fatal(err)
	}
	h, err := build(plan{config: cfg, organ: organ, store: w.opened.store, clock: clock, log: slog.New(w.diary)})
	if err != nil {
		w.t.Fatal(err)
	}
	return h
}

// neighbour builds a second house with connections of its own to the same Redis, as a second process has.
func (w *town) neighbour() *house {
	w.t.Helper()
	url, running := storage.RunningPrivate(w.t.Context(), w.config.redisDir())
	if !running {
		w.t.Skip("needs a real Redis")
	}
	first := w.opened
	opened, err := openPrivateAt(w.t.Context(), w.config, url)
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { _ = opened.close() })
	w.opened = opened
	defer func() { w.opened = first }()
	return w.build(w.config, w.clock)
}

// redisProcess returns the process id of the private Redis.
func (w *town) redisProcess() int {
	w.t.Helper()
	url, running := storage.RunningPrivate(w.t.Context(), w.config.redisDir())
	if !running {
		w.t.Skip("needs a real Redis, which can be stopped")
	}
	options, err := redis.ParseURL(url)
	if err != nil {
		w.t.Fatal(err)
	}
	client := redis.NewClient(options)
	defer client.Close()
	info, err := client.Info(w.t.Context(), "server").Result()
	if err != nil {
		w.t.Fatal(err)
	}
	pid := 0
	for line := range strings.SplitSeq(info, "\r\n") {
		_, _ = fmt.Sscanf(line, "process_id:%d", &pid)
	}
	if pid <= 1 {
		w.t.Fatal("Redis does not tell its process id")
	}
	return pid
}

// freeze stops Redis where it is and lets it go on after d.
func (w *town) freeze(d time.Duration) (begin func()) {
	pid := w.redisProcess()
	thaw := func() { _ = syscall.Kill(pid, syscall.SIGCONT) }
	w.t.Cleanup(thaw)
	return func() {
		_ = syscall.Kill(pid, syscall.SIGSTOP)
		time.AfterFunc(d, thaw)
	}
}

// kill ends Redis without warning; the house starts it again.
func (w *town) kill() (begin func()) {
	pid := w.redisProcess()
	return func() { _ = syscall.Kill(pid, syscall.SIGKILL) }
}

// post calls the phone or the control API and returns the answer.
func (w *town) post(path string, in any) map[string]any {
	w.t.Helper()
	body, err := json.Marshal(in)
	if err != nil {
		w.t.Fatal(err)
	}
	return w.answer(http.Post(w.address+path, "application/json", bytes.NewReader(body)))
}

func (w *town) answer(res *http.Response, err error) map[string]any {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
	defer res.Body.Close()
	data, err := io.ReadAll(res.Body)
	out := map[string]any{}
	if err := errors.Join(err, json.Unmarshal(data, &out)); err != nil || res.StatusCode != http.StatusOK {
		w.t.Fatalf("%s: %d %s %v", res.Request.URL.Path, res.StatusCode, data, err)
	}
	return out
}

// shown returns what the citizen's phone shows from others than the citizen, oldest first.
func (w *town) shown() (texts []string) {
	w.t.Helper()
	out := w.answer(http.Get(w.address + "/phone/chat?citizen=" + townsman))
	for _, b := range out["bubbles"].([]any) {
		if b := b.(map[string]any); b["from"] != "citizen" {
			texts = append(texts, fmt.Sprint(b["text"]))
		}
	}
	return texts
}

// openID returns the citizen's OpenID.
func (w *town) openID() string {
	out := w.answer(http.Get(w.address + "/phone/chat?citizen=" + townsman))
	return fmt.Sprint(out["citizen"].(map[string]any)["openid"])
}

// townsman is whose phone the tests use.
const townsman = "zhang"

// do does something on the phone, waits until the platform is quiet, and returns what is new on the phone.
func (w *town) do(path string, in map[string]any) []string {
	w.t.Helper()
	before := len(w.shown())
	in["citizen"] = townsman
	w.post(path, in)
	w.platform.Wait()
	now := w.shown()
	return now[min(before, len(now)):]
}

// say types a text on the phone.
func (w *town) say(text string) []string {
	w.t.Helper()
	return w.do("/phone/text", map[string]any{"text": text})
}

// requests returns all filed requests.
func (w *town) requests() []disclosure.Request {
	w.t.Helper()
	all, err := w.store.Requests(context.WithoutCancel(w.t.Context()), disclosure.Query{})
	if err != nil {
		w.t.Fatal(err)
	}
	return all
}

// order orders failures on the platform.
func (w *town) order(faults ...simulator.Fault) {
	w.t.Helper()
	for _, f := range faults {
		if _, err := w.platform.AddFault(f); err != nil {
			w.t.Fatal(err)
		}
	}
}

// gate is what stands before the platform's API: things can be made to happen when a call arrives.
type gate struct {
	next  http.Handler
	mu    sync.Mutex
	calls map[string]int
	hooks map[string]func()
}

// on runs do once, when the next call of the path arrives and before the platform sees it.
func (g *gate) on(path string, do func()) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.hooks == nil {
		g.hooks = map[string]func(){}
	}
	g.hooks[path] = do
}

// count returns how often the path was called.
func (g *gate) count(path string) int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.calls[path]
}

func (g *gate) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	g.mu.Lock()
	if g.calls == nil {
		g.calls = map[string]int{}
	}
	g.calls[r.URL.Path]++
	do := g.hooks[r.URL.Path]
	delete(g.hooks, r.URL.Path)
	g.mu.Unlock()
	if do != nil {
		do()
	}
	g.next.ServeHTTP(w, r)
}

// diary is the houses' log: it counts the messages that were handled and keeps the rest for a test that fails.
type diary struct {
	mu      sync.Mutex
	handled int
	lines   bytes.Buffer
}

// Enabled implements slog.Handler.
func (d *diary) Enabled(context.Context, slog.Level) bool { return true }

// Handle implements slog.Handler.
func (d *diary) Handle(ctx context.Context, r slog.Record) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	switch r.Message {
	case "message answered", "message failed", "message declined":
		d.handled++
	}
	return slog.NewTextHandler(&d.lines, nil).Handle(ctx, r)
}

// WithAttrs implements slog.Handler.
func (d *diary) WithAttrs([]slog.Attr) slog.Handler { return d }

// WithGroup implements slog.Handler.
func (d *diary) WithGroup(string) slog.Handler { return d }

func (d *diary) count() int { d.mu.Lock(); defer d.mu.Unlock(); return d.handled }

func (d *diary) String() string { d.mu.Lock(); defer d.mu.Unlock(); return d.lines.String() }

// contextFor returns a context that ends after d, with the test at the latest.
func contextFor(t *testing.T, d time.Duration) (context.Context, context.CancelFunc) {
	return context.WithTimeout(t.Context(), d)
}
