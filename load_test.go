package main

import (
	"context"
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"shoushan/bench"
	"shoushan/disclosure"
	"shoushan/simulator"
	"shoushan/storage"
)

// The load of the test. CALLBACKS sets another number of distinct messages.
const (
	allCallbacks  = 100_000 // with REQUIRE_REDIS, as make test has it: about 70 s on two cores
	someCallbacks = 10_000
	duplicates    = 0.05 // so many are delivered twice, to both processes at once
	crowd         = 64   // citizens who talk at the same time
)

// callbacks returns how many distinct messages are delivered.
func callbacks(t *testing.T) int {
	if text := os.Getenv("CALLBACKS"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil {
			t.Fatalf("CALLBACKS: %v", err)
		}
		return n
	}
	if os.Getenv("REQUIRE_REDIS") != "" {
		return allCallbacks
	}
	return someCallbacks
}

// load is two processes of the compiled program on one durable Redis, and a crowd that talks to both.
type load struct {
	t        *testing.T
	programs [2]*bench.Program
	pushers  [2]*bench.Pusher
	store    *storage.Store
	twice    atomic.Int64
	wrong    atomic.Int64
	seed     uint64
}

// TestTwoProcessesUnderLoad: many citizens file their applications through two processes at once, 5 % of the messages
// arrive twice at the same moment, one at each process. Every message has exactly one effect: its handler ran once, each
// answer is the one that its place in the dialogue demands, duplicates hear the same, and each citizen has one request.
func TestTwoProcessesUnderLoad(t *testing.T) {
	if testing.Short() {
		t.Skip("takes a minute")
	}
	if !needRedis(t) {
		t.Skip("needs a real Redis, which two processes can share")
	}
	l := newLoad(t)
	citizens := callbacks(t) / len(script)
	begun := time.Now()
	l.talk(citizens)
	took := time.Since(begun)
	distinct := citizens * len(script)
	t.Logf("%d messages and %d duplicates of them in %.1f s: %.0f deliveries a second on two processes and one Redis with appendfsync always",
		distinct, l.twice.Load(), took.Seconds(), float64(distinct+int(l.twice.Load()))/took.Seconds())
	l.count(citizens, distinct)
}

func newLoad(t *testing.T) *load {
	t.Helper()
	l := &load{t: t, seed: 20261123}
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
	program, err := bench.Build(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	platform := &simulator.Server{}
	server := httptest.NewServer(platform.Handler())
	t.Cleanup(server.Close)
	t.Cleanup(platform.Close)
	environment := serviceEnvironment(dir, private.URL(), server.URL)
	for i := range l.programs {
		l.programs[i], l.pushers[i] = startService(t, program, environment)
	}
	key := []byte(strings.Repeat("k", 32))
	options := storage.Options{URL: private.URL(), Account: "chongwen", Key: key, FilesDir: filepath.Join(dir, "files"), Now: time.Now}
	if l.store, err = storage.Open(t.Context(), options); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.store.Close() })
	return l
}

// serviceEnvironment is what `serve` needs, with the platform and the Redis of a test.
func serviceEnvironment(dir, redis, platform string) []string {
	organ, _ := filepath.Abs(filepath.Join("testdata", "organ.json"))
	return []string{
		"REDIS_URL=" + redis, "DATA_DIR=" + dir, "DATA_KEY=" + base64.StdEncoding.EncodeToString([]byte(strings.Repeat("k", 32))),
		"WECHAT_APP_ID=" + simulator.DefaultAppID, "WECHAT_APP_SECRET=" + simulator.DefaultAppSecret, "WECHAT_TOKEN=" + simulator.DefaultToken,
		"WECHAT_AES_KEY=" + simulator.DefaultAESKey, "WECHAT_API_BASE=" + platform, "PUBLIC_URL=https://example.org", "ORGAN_FILE=" + organ,
	}
}

func startService(t *testing.T, bin string, environment []string) (*bench.Program, *bench.Pusher) {
	t.Helper()
	p, err := bench.Start(bin, environment...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.Stop(); err != nil {
			t.Errorf("serve ended with %v", err)
		}
	})
	pusher, err := bench.NewPusher(p.URL+"/wechat", simulator.DefaultToken, simulator.DefaultAESKey, simulator.DefaultAppID, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	return p, pusher
}

// talk lets the citizens file, a crowd at a time.
func (l *load) talk(citizens int) {
	l.t.Helper()
	next := make(chan int)
	var all sync.WaitGroup
	for range crowd {
		all.Go(func() {
			for n := range next {
				l.file(n)
			}
		})
	}
	for n := range citizens {
		next <- n
	}
	close(next)
	all.Wait()
	if wrong := l.wrong.Load(); wrong > 0 {
		l.t.Errorf("%d answers were not what they should be", wrong)
	}
}

// description is what the citizen asks for, different for everyone.
func description(n int) string { return fmt.Sprintf("2025年崇文镇第%d号文件", n) }

// file is one citizen's application; each message goes to the other process than the one before.
func (l *load) file(n int) {
	dice := rand.New(rand.NewPCG(l.seed, uint64(n)))
	for i, line := range script {
		if line.say == script[6].say {
			line.say = description(n)
		}
		inner := bench.Text(fmt.Sprintf("oLoad%08d", n), strconv.Itoa(1_000_000+n*len(script)+i), line.say, time.Now())
		side := (n + i) % 2
		if dice.Float64() >= duplicates {
			l.hear(n, line.see, l.push(side, inner))
			continue
		}
		l.twice.Add(1)
		other := make(chan string)
		go func() { other <- l.push(1-side, inner) }()
		one := l.push(side, inner)
		two := <-other
		l.hear(n, line.see, one)
		if one != two {
			l.complain("citizen %d: duplicates heard %q and %q", n, one, two)
		}
	}
}

// push delivers as WeChat does: again, with another nonce, when there was no answer; three times in all.
func (l *load) push(side int, inner string) string {
	for range 3 {
		a, err := l.pushers[side].Push(context.WithoutCancel(l.t.Context()), inner)
		if err == nil && a.Status == 200 {
			return a.Text
		}
	}
	return "no answer"
}

func (l *load) hear(n int, want, got string) {
	if !strings.Contains(got, want) {
		l.complain("citizen %d heard %q, want %q", n, got, want)
	}
}

func (l *load) complain(format string, args ...any) {
	if l.wrong.Add(1) <= 10 {
		l.t.Errorf(format, args...)
	}
}

// count compares the effects with the distinct messages.
func (l *load) count(citizens, distinct int) {
	l.t.Helper()
	handled := 0
	for _, p := range l.programs {
		handled += p.Handled()
		for i, line := range p.Trouble() {
			if i < 5 {
				l.t.Errorf("the program complains: %s", line)
			}
		}
	}
	if handled != distinct {
		l.t.Errorf("handlers ran %d times, want once for each of %d messages", handled, distinct)
	}
	filed, err := l.store.Requests(l.t.Context(), disclosure.Query{})
	if err != nil {
		l.t.Fatal(err)
	}
	numbers, asked := map[string]bool{}, map[string]int{}
	for _, r := range filed {
		numbers[r.ID] = true
		asked[r.Filing.Personal.Description]++
	}
	for n := range citizens {
		if asked[description(n)] != 1 {
			l.complain("citizen %d filed %d requests", n, asked[description(n)])
		}
	}
	if len(filed) != citizens || len(numbers) != citizens {
		l.t.Errorf("%d requests under %d numbers, want %d", len(filed), len(numbers), citizens)
	}
}
