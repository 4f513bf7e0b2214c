package console

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"shoushan/fault"
)

// Login attempts allowed within one window: per login from one address, and per address over all logins.
const (
	attemptWindow  = 15 * time.Minute
	attemptsLogin  = 8
	attemptsSource = 40
	// maxWindows bounds how many are remembered, so that a flood of addresses cannot fill the memory (about 2 MB).
	maxWindows = 20_000
)

// Attempts counts login attempts for all processes together. A key is a login and an address, or an address.
type Attempts interface {
	// Take counts one attempt under key and reports, in the same atomic step, whether at most limit are counted within
	// a quarter of an hour.
	Take(ctx context.Context, key string, limit int) (bool, error)
	// GiveBack takes one attempt off the count.
	GiveBack(ctx context.Context, key string) error
}

// limiter counts login attempts: in this process, which costs nothing and holds when the store is down, and in what all
// processes share.
type limiter struct {
	shared Attempts // nil: there is one process
	now    func() time.Time
	mu     sync.Mutex
	seen   map[string]window
	swept  time.Time
}

type window struct {
	since time.Time
	count int
}

func newLimiter(shared Attempts, now func() time.Time) *limiter {
	return &limiter{shared: shared, now: now, seen: map[string]window{}}
}

// take counts one attempt, or returns a Forbidden fault that says how long to wait.
func (l *limiter) take(ctx context.Context, login, source string) error {
	if err := l.takeHere(login, source); err != nil || l.shared == nil {
		return err
	}
	for _, k := range []struct {
		key   string
		limit int
	}{{ownKey(login, source), attemptsLogin}, {sourceKey(source), attemptsSource}} {
		if ok, err := l.shared.Take(ctx, k.key, k.limit); err != nil {
			return err
		} else if !ok {
			return fault.Newf(fault.Forbidden, "尝试次数太多了，请 %d 分钟后再试。", int(attemptWindow/time.Minute))
		}
	}
	return nil
}

func ownKey(login, source string) string { return "login:" + login + "@" + source }

func sourceKey(source string) string { return "login from:" + source }

// right takes an attempt that was right off what all processes count. Wrong ones before it pass with their window.
func (l *limiter) right(ctx context.Context, login, source string) error {
	if l.shared == nil {
		return nil
	}
	return errors.Join(l.shared.GiveBack(ctx, ownKey(login, source)), l.shared.GiveBack(ctx, sourceKey(source)))
}

func (l *limiter) takeHere(login, source string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	l.sweep(now)
	if len(l.seen)+2 > maxWindows && l.crowded(login+"@"+source, source) {
		return fault.New(fault.Unavailable, "现在登录的人太多，请稍等片刻再试。")
	}
	if wait := max(l.wait(now, login+"@"+source, attemptsLogin), l.wait(now, source, attemptsSource)); wait > 0 {
		return fault.Newf(fault.Forbidden, "尝试次数太多了，请 %d 分钟后再试。", int(wait/time.Minute)+1)
	}
	l.count(now, login+"@"+source)
	l.count(now, source)
	return nil
}

// forgive takes back what a login that succeeded has cost: its own count, and its share of the address's.
func (l *limiter) forgive(login, source string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	own := l.seen[login+"@"+source].count
	delete(l.seen, login+"@"+source)
	if w, ok := l.seen[source]; ok {
		w.count = max(0, w.count-own)
		l.seen[source] = w
	}
}

func (l *limiter) wait(now time.Time, key string, allowed int) time.Duration {
	w, ok := l.seen[key]
	if !ok || w.count < allowed {
		return 0
	}
	return max(0, w.since.Add(attemptWindow).Sub(now))
}

func (l *limiter) count(now time.Time, key string) {
	w := l.seen[key]
	if now.Sub(w.since) >= attemptWindow {
		w = window{since: now}
	}
	w.count++
	l.seen[key] = w
}

// crowded reports whether one of the keys would need a place that is not there; forgetting others instead would let a
// flood take the limits away.
func (l *limiter) crowded(keys ...string) bool {
	return slices.ContainsFunc(keys, func(key string) bool { _, known := l.seen[key]; return !known })
}

// sweep forgets windows that are over: once per window, and each minute when there are many.
func (l *limiter) sweep(now time.Time) {
	every := attemptWindow
	if len(l.seen) > maxWindows/2 {
		every = time.Minute
	}
	if now.Sub(l.swept) < every {
		return
	}
	for key, w := range l.seen {
		if now.Sub(w.since) >= attemptWindow {
			delete(l.seen, key)
		}
	}
	l.swept = now
}
