package console_test

import (
	"context"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"shoushan/console"
	"shoushan/fault"
)

// counts are attempts that processes share.
type counts struct {
	mu   sync.Mutex
	seen map[string]int
	err  error
}

func (c *counts) Take(_ context.Context, key string, limit int) (bool, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.seen[key]++
	return c.seen[key] <= limit, c.err
}

func (c *counts) GiveBack(_ context.Context, key string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.seen[key]--
	return c.err
}

func processes(n int) (*counts, []console.Limiter) {
	shared := &counts{seen: map[string]int{}}
	var all []console.Limiter
	for range n {
		all = append(all, console.NewLimiter(shared, func() time.Time { return monday }))
	}
	return shared, all
}

func TestLoginLimitsHoldForAllProcesses(t *testing.T) {
	_, all := processes(4)
	var allowed atomic.Int32
	var crowd sync.WaitGroup
	for n := range 40 {
		crowd.Go(func() {
			err := all[n%len(all)].Try(t.Context(), "sun", "198.51.100.7", false)
			switch {
			case err == nil:
				allowed.Add(1)
			case !fault.Is(err, fault.Forbidden):
				t.Error(err)
			}
		})
	}
	crowd.Wait()
	if allowed.Load() != 8 {
		t.Errorf("%d wrong passwords were allowed through four processes, want 8", allowed.Load())
	}
	if err := all[0].Try(t.Context(), "sun", "198.51.100.8", false); err != nil {
		t.Errorf("the member from another address: %v", err)
	}
}

func TestRightPasswordsCostNothing(t *testing.T) {
	shared, all := processes(2)
	for n := range 100 {
		if err := all[n%2].Try(t.Context(), "m"+strconv.Itoa(n%50), "198.51.100.7", true); err != nil {
			t.Fatalf("login %d of an office of fifty: %v", n+1, err)
		}
	}
	for key, n := range shared.seen {
		if n != 0 {
			t.Errorf("%s is still counted %d times", key, n)
		}
	}
}

func TestLoginWhenAttemptsCannotBeCounted(t *testing.T) {
	shared, all := processes(1)
	shared.err = fault.New(fault.Unavailable, "数据库暂时没有应答，请稍后再试。")
	if err := all[0].Try(t.Context(), "sun", "198.51.100.7", false); !fault.Is(err, fault.Unavailable) {
		t.Errorf("Try() = %v: an attempt that cannot be counted must not be allowed", err)
	}
}
