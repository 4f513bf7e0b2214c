package scheduler_test

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/hibiken/asynq"

	"shoushan/fault"
	"shoushan/scheduler"
	"shoushan/workday"
)

// history keeps the last runs in memory.
type history struct {
	mu   sync.Mutex
	runs map[string]scheduler.Run
}

func (h *history) LastRun(_ context.Context, job string) (scheduler.Run, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.runs[job], nil
}

func (h *history) SaveRun(_ context.Context, r scheduler.Run) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.runs == nil {
		h.runs = map[string]scheduler.Run{}
	}
	h.runs[r.Job] = r
	return nil
}

// clock is a time that a test sets.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time { c.mu.Lock(); defer c.mu.Unlock(); return c.now }

func (c *clock) Set(now time.Time) { c.mu.Lock(); defer c.mu.Unlock(); c.now = now }

func newScheduler(t *testing.T, redis string, h *history, c *clock, jobs []scheduler.Job, work map[string]scheduler.Work) *scheduler.Scheduler {
	t.Helper()
	s, err := scheduler.New(scheduler.Config{
		Redis: asynq.RedisClientOpt{Addr: redis}, Queue: "chongwen", Jobs: jobs, Work: work,
		History: h, Now: c.Now, Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// start runs the scheduler until the test ends.
func start(t *testing.T, s *scheduler.Scheduler) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- s.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("Run() = %v", err)
		}
	})
}

func receive[T any](t *testing.T, ch <-chan T) T {
	t.Helper()
	select {
	case v := <-ch:
		return v
	case <-time.After(10 * time.Second):
		t.Fatal("nothing happened within 10 s")
		panic("unreachable")
	}
}

func beijing(s string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04:05", s, workday.Beijing)
	if err != nil {
		panic(err)
	}
	return t
}

func TestDueSlot(t *testing.T) {
	tests := []struct {
		name, spec, last, now, want string
	}{
		{"the minute that has just begun", "* * * * *", "2026-11-23 09:00:00", "2026-11-23 09:01:00", "2026-11-23 09:01:00"},
		{"nothing within the same minute", "* * * * *", "2026-11-23 09:01:00", "2026-11-23 09:01:59", ""},
		{"only the latest of many missed minutes", "* * * * *", "2025-01-01 00:00:00", "2026-11-23 09:01:30", "2026-11-23 09:01:00"},
		{"a daily slot missed overnight", "30 8 * * *", "2026-11-22 08:30:00", "2026-11-23 11:00:00", "2026-11-23 08:30:00"},
		{"a daily slot not reached yet", "30 8 * * *", "2026-11-22 08:30:00", "2026-11-23 08:29:59", ""},
		{"the yearly slot, in Beijing time", "10 0 1 1 *", "2026-01-01 00:10:00", "2027-01-01 00:10:00", "2027-01-01 00:10:00"},
		{"the yearly slot caught up months later", "10 0 1 1 *", "2025-01-01 00:10:00", "2026-06-01 12:00:00", "2026-01-01 00:10:00"},
		{"the year has not turned", "10 0 1 1 *", "2026-01-01 00:10:00", "2026-12-31 23:59:59", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			slot, ok, err := scheduler.DueSlot(tt.spec, beijing(tt.last), beijing(tt.now))
			if err != nil {
				t.Fatal(err)
			}
			if ok != (tt.want != "") || ok && !slot.Equal(beijing(tt.want)) {
				t.Errorf("due = %v %v, want %q", slot, ok, tt.want)
			}
		})
	}
}

func TestReplicasRunEachSlotOnce(t *testing.T) {
	redis, h := miniredis.RunT(t).Addr(), &history{}
	c := &clock{now: beijing("2026-11-23 09:00:00")}
	ran := make(chan time.Time, 100)
	jobs := []scheduler.Job{{Name: "count", Title: "计数", Schedule: "* * * * *", Body: func(_ context.Context, now time.Time) (string, error) {
		ran <- now
		return "好", nil
	}}}
	a, b := newScheduler(t, redis, h, c, jobs, nil), newScheduler(t, redis, h, c, jobs, nil)
	start(t, a)
	start(t, b)
	receive(t, ran)
	for minute := 1; minute <= 5; minute++ {
		c.Set(beijing("2026-11-23 09:00:00").Add(time.Duration(minute) * time.Minute))
		for _, s := range []*scheduler.Scheduler{a, b, a} {
			if err := s.Tick(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if got := receive(t, ran); !got.Equal(c.Now()) {
			t.Errorf("minute %d: the job was given %v", minute, got)
		}
		waitForRun(t, h, "count", c.Now())
	}
	if len(ran) != 0 {
		t.Errorf("%d runs too many", len(ran))
	}
}

// waitForRun waits until the run of the slot is on record, so that the next tick sees it.
func waitForRun(t *testing.T, h *history, job string, slot time.Time) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		if run, err := h.LastRun(t.Context(), job); err == nil && run.Slot.Equal(slot) {
			return
		}
	}
	t.Fatalf("the run of %s for %v was not recorded", job, slot)
}

func TestFailedJobIsRecordedWithoutItsCause(t *testing.T) {
	h, c := &history{}, &clock{now: beijing("2026-11-23 09:00:00")}
	s := newScheduler(t, miniredis.RunT(t).Addr(), h, c, []scheduler.Job{
		{Name: "bad", Schedule: "* * * * *", Body: func(context.Context, time.Time) (string, error) { return "", errors.New("secret=abc") }},
	}, nil)
	run, err := s.RunNow(t.Context(), "bad")
	if err == nil || run.Failure == "" || run.Failure == "secret=abc" {
		t.Errorf("RunNow = %+v, %v; want a failure told in our own words", run, err)
	}
	status, err := s.Status(t.Context())
	if err != nil || len(status) != 1 || status[0].Last.Failure != run.Failure || !status[0].Next.Equal(beijing("2026-11-23 09:01:00")) {
		t.Errorf("Status = %+v, %v", status, err)
	}
	if _, err := s.RunNow(t.Context(), "none"); !fault.Is(err, fault.NotFound) {
		t.Errorf("RunNow of an unknown job = %v, want NotFound", err)
	}
}

func TestWorkIsRepeatedWhileItAsksTo(t *testing.T) {
	c := &clock{now: beijing("2026-11-23 09:00:00")}
	calls := make(chan string, 10)
	times := 0
	s := newScheduler(t, miniredis.RunT(t).Addr(), &history{}, c, nil, map[string]scheduler.Work{
		"poll": func(_ context.Context, id string) error {
			calls <- id
			if times++; times < 3 {
				return scheduler.AgainError{After: 10 * time.Millisecond}
			}
			return nil
		},
	})
	start(t, s)
	for range 2 { // the second is a duplicate of the first
		if err := s.Enqueue(t.Context(), "poll", "p-1"); err != nil {
			t.Fatal(err)
		}
	}
	for range 3 {
		if got := receive(t, calls); got != "p-1" {
			t.Errorf("worked on %q", got)
		}
	}
	if err := s.Enqueue(t.Context(), "nothing", "p-1"); err == nil {
		t.Error("Enqueue of an unknown kind succeeded")
	}
}

func TestNewRefusesBadJobs(t *testing.T) {
	body := func(context.Context, time.Time) (string, error) { return "", nil }
	for name, jobs := range map[string][]scheduler.Job{
		"a malformed schedule": {{Name: "a", Schedule: "every day", Body: body}},
		"a name used twice":    {{Name: "a", Schedule: "* * * * *", Body: body}, {Name: "a", Schedule: "* * * * *", Body: body}},
	} {
		if _, err := scheduler.New(scheduler.Config{Jobs: jobs}); err == nil {
			t.Errorf("%s was accepted", name)
		}
	}
}
