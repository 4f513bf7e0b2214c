package storage_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"shoushan/fault"
	"shoushan/storage"
)

// TestManyAtOnceHearTheirOwn: commands that go together are answered each to its own caller.
func TestManyAtOnceHearTheirOwn(t *testing.T) {
	everywhere(t, func(t *testing.T, h house) {
		var all sync.WaitGroup
		for i := range 200 {
			all.Go(func() {
				name := fmt.Sprint("citizen", i)
				for round := range 5 {
					want := fmt.Sprint(name, " round ", round)
					if err := h.Ephemeral("x").Put(t.Context(), name, []byte(want), time.Minute); err != nil {
						t.Error(err)
					}
					if got, err := h.Ephemeral("x").Get(t.Context(), name); string(got) != want || err != nil {
						t.Errorf("%q, %v; want %q", got, err, want)
					}
				}
				if got, err := h.Ephemeral("x").Get(t.Context(), "nobody"); !fault.Is(err, fault.NotFound) {
					t.Errorf("%q, %v for nobody", got, err)
				}
			})
		}
		all.Wait()
	})
}

// TestCommandsGoTogether holds the server still until many callers wait: they are then served by few deliveries, and who
// does not want to wait any longer has left.
func TestCommandsGoTogether(t *testing.T) {
	h := newHouse(t, realURL(t))
	save := func(ctx context.Context, i int) error {
		return h.Ephemeral("x").Put(ctx, fmt.Sprint(i), []byte("x"), time.Minute)
	}
	release := still(t, h)
	var all sync.WaitGroup
	all.Go(func() { _ = save(t.Context(), 0) }) // is sent, and hangs
	eventually(t, "one is under way", func() bool { n, sending := storage.Waiting(h.Store); return sending && n == 0 })
	impatient, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if err := save(impatient, -1); !fault.Is(err, fault.Unavailable) || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("the impatient one got %v", err)
	}
	const many = 60
	for i := range many {
		all.Go(func() {
			if err := save(t.Context(), i+1); err != nil {
				t.Error(err)
			}
		})
	}
	eventually(t, "all wait", func() bool { n, _ := storage.Waiting(h.Store); return n >= many })
	before := deliveries(t, h)
	release()
	all.Wait()
	if n := deliveries(t, h) - before; n > 10 {
		t.Errorf("%d callers needed %d deliveries", many, n)
	}
	if _, err := h.Ephemeral("x").Get(t.Context(), "-1"); !fault.Is(err, fault.NotFound) {
		t.Errorf("what the impatient one no longer waited for was done: %v", err)
	}
	for i := range many + 1 {
		if got, err := h.Ephemeral("x").Get(t.Context(), fmt.Sprint(i)); string(got) != "x" || err != nil {
			t.Errorf("value %d is %q, %v", i, got, err)
		}
	}
}

// still makes the server accept and not answer what would change it, until release is called.
func still(t *testing.T, h house) (release func()) {
	t.Helper()
	if err := h.raw.Do(t.Context(), "CLIENT", "PAUSE", "20000", "WRITE").Err(); err != nil {
		t.Fatal(err)
	}
	var once sync.Once
	release = func() {
		once.Do(func() {
			if err := h.raw.Do(context.WithoutCancel(t.Context()), "CLIENT", "UNPAUSE").Err(); err != nil {
				t.Error(err)
			}
		})
	}
	t.Cleanup(release)
	return release
}

// deliveries is how often the server has read something.
func deliveries(t *testing.T, h house) (n int) {
	t.Helper()
	info := must(h.raw.Info(t.Context(), "stats").Result())(t)
	_, after, _ := strings.Cut(info, "total_reads_processed:")
	if _, err := fmt.Sscan(after, &n); err != nil {
		t.Fatal(err)
	}
	return n
}

// TestOneFailureIsNotForEver: when the server is back, so are the answers.
func TestOneFailureIsNotForEver(t *testing.T) {
	memory, err := storage.StartMemory()
	if err != nil {
		t.Fatal(err)
	}
	defer memory.Stop()
	h := newHouse(t, memory.URL())
	storage.Fail(memory, "ERR broken")
	var all sync.WaitGroup
	for i := range 20 {
		all.Go(func() {
			if _, err := h.Ephemeral("x").Get(t.Context(), fmt.Sprint(i)); !fault.Is(err, fault.Unavailable) {
				t.Errorf("%v, want Unavailable", err)
			}
		})
	}
	all.Wait()
	storage.Fail(memory, "")
	if err := h.Ephemeral("x").Put(t.Context(), "a", []byte("x"), time.Minute); err != nil {
		t.Error(err)
	}
}

// TestLostAnswersChangeNothingTwice loses the answer to each change once, after the server has made it: the change is sent
// again, and must be recognised.
func TestLostAnswersChangeNothingTwice(t *testing.T) {
	h := newHouse(t, realURL(t))
	line := newBadLine(t, h.raw)
	o := h.opts
	o.URL, o.FilesDir = line.url, filepath.Join(t.TempDir(), "files")
	far := open(t, o)
	ctx := t.Context()
	for _, text := range []string{"甲", "乙"} {
		line.lose.Store(true)
		if err := far.Outbox().Queue(ctx, "o", text); err != nil {
			t.Fatal(err)
		}
	}
	if got := must(h.Outbox().Waiting(ctx, "o"))(t); !slices.Equal(got, []string{"甲", "乙"}) {
		t.Errorf("waiting are %q, want each text once", got)
	}
	if err := h.Windows().Grant(ctx, "o", "message", 5, noon.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	for spent := range 5 {
		line.lose.Store(true)
		if ok, err := far.Windows().Spend(ctx, "o", noon); !ok || err != nil {
			t.Fatalf("spending %d = %v, %v", spent, ok, err)
		}
	}
	if ok, err := far.Windows().Spend(ctx, "o", noon); ok || err != nil {
		t.Errorf("a sixth message of five: %v, %v", ok, err)
	}
	mark := ""
	for round := range 3 {
		line.lose.Store(true)
		next, err := far.Drafts().Save(ctx, "o", fmt.Append(nil, round), mark, time.Minute)
		if err != nil {
			t.Fatalf("saving %d: %v", round, err)
		}
		mark = next
	}
	line.lose.Store(true)
	if _, state, err := far.Once().Begin(ctx, "m", time.Minute); state != storage.OnceFresh || err != nil {
		t.Errorf("the message begun is %s, %v; want fresh for the one who asked again", state, err)
	}
	for _, reply := range []string{"first", "second"} {
		line.lose.Store(true)
		if err := far.Once().Finish(ctx, "m", []byte(reply), time.Minute); err != nil {
			t.Fatal(err)
		}
	}
	if reply, state, err := far.Once().Begin(ctx, "m", time.Minute); string(reply) != "first" || state != storage.OnceDone || err != nil {
		t.Errorf("the message has the reply %q, %s, %v; want the first", reply, state, err)
	}
	if line.lost.Load() < 13 {
		t.Errorf("only %d answers were lost", line.lost.Load())
	}
}

// badLine stands between a store and the server. When lose is set, the next answer to a change of a box never arrives.
type badLine struct {
	url  string
	lose atomic.Bool
	lost atomic.Int32
	to   *redis.Options
}

func newBadLine(t *testing.T, raw redis.UniversalClient) *badLine {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	b := &badLine{url: "redis://" + l.Addr().String(), to: raw.(*redis.Client).Options()}
	go func() {
		for {
			near, err := l.Accept()
			if err != nil {
				return
			}
			go b.serve(near)
		}
	}()
	return b
}

func (b *badLine) serve(near net.Conn) {
	defer near.Close()
	far, err := net.Dial(b.to.Network, b.to.Addr)
	if err != nil {
		return
	}
	defer far.Close()
	var changing atomic.Bool
	go func() {
		defer far.Close()
		buffer := make([]byte, 64<<10)
		for {
			n, err := near.Read(buffer)
			if err != nil {
				return
			}
			changing.Store(bytes.Contains(buffer[:n], []byte("eval")) || bytes.Contains(buffer[:n], []byte("\r\npx\r\n")))
			if _, err := far.Write(buffer[:n]); err != nil {
				return
			}
		}
	}()
	buffer := make([]byte, 64<<10)
	for {
		n, err := far.Read(buffer)
		if err != nil {
			return
		}
		if changing.Load() && !bytes.HasPrefix(buffer[:n], []byte("-NOSCRIPT")) && b.lose.CompareAndSwap(true, false) {
			b.lost.Add(1)
			return
		}
		if _, err := io.Copy(near, bytes.NewReader(buffer[:n])); err != nil {
			return
		}
	}
}
