package console

import (
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

// limiter counts login attempts. It counts in this process only: with several processes behind one address the limits
// multiply by their number, which is still far below what guessing a password needs.
type limiter struct {
	now   func() time.Time
	mu    sync.Mutex
	seen  map[string]window
	swept time.Time
}

type window struct {
	since time.Time
	count int
}

func newLimiter(now func() time.Time) *limiter {
	return &limiter{now: now, seen: map[string]window{}}
}

// take counts one attempt, or returns a Forbidden fault that says how long to wait.
func (l *limiter) take(login, source string) error {
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
