package handlers

import (
	"context"
	"sync"
	"time"
)

// Window counts attempts in memory over a sliding span of time. One process counts for itself; several replicas
// share a counter by another implementation of Guesses. Use it by pointer.
type Window struct {
	Span time.Duration // 0 means 15 minutes
	Now  func() time.Time

	mu    sync.Mutex
	wrong map[string][]time.Time
}

// GiveBack takes the latest attempt under key off the count.
func (w *Window) GiveBack(_ context.Context, key string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if n := len(w.wrong[key]); n > 0 {
		w.wrong[key] = w.wrong[key][:n-1]
	}
	return nil
}

// Take counts one attempt under key and reports whether key had at most limit within Span.
func (w *Window) Take(_ context.Context, key string, limit int) (bool, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.wrong) > 10_000 { // a flood of keys must not grow without end
		w.sweep()
	}
	if w.wrong == nil {
		w.wrong = map[string][]time.Time{}
	}
	w.wrong[key] = append(w.recent(key), w.Now())
	return len(w.wrong[key]) <= limit, nil
}

// recent returns the attempts of key within the span.
func (w *Window) recent(key string) []time.Time {
	times := w.wrong[key]
	since := w.Now().Add(-w.span())
	for len(times) > 0 && !times[0].After(since) {
		times = times[1:]
	}
	return times
}

func (w *Window) sweep() {
	for key := range w.wrong {
		if len(w.recent(key)) == 0 {
			delete(w.wrong, key)
		}
	}
}

func (w *Window) span() time.Duration {
	if w.Span == 0 {
		return 15 * time.Minute
	}
	return w.Span
}
