package scheduler_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"shoushan/disclosure"
	"shoushan/posts"
	"shoushan/scheduler"
	"shoushan/workday"
)

// newsroom answers with fixed ids and states.
type newsroom struct {
	ids   []string
	state posts.State
	err   error
}

func (n newsroom) Due(context.Context) ([]string, error) { return n.ids, n.err }

func (n newsroom) Advance(_ context.Context, id string) (posts.Post, error) {
	return posts.Post{ID: id, State: n.state, Publication: posts.Publication{SubmittedAt: beijing("2026-11-23 09:00:00")}}, n.err
}

func TestDuePostsEnqueuesEachPost(t *testing.T) {
	var got []string
	enqueue := func(_ context.Context, kind, id string) error { got = append(got, kind+" "+id); return nil }
	result, err := scheduler.DuePosts(newsroom{ids: []string{"p-1", "p-2"}}, enqueue).Body(t.Context(), time.Time{})
	if err != nil || strings.Join(got, ",") != "advance_post p-1,advance_post p-2" || !strings.Contains(result, "2 篇") {
		t.Errorf("enqueued %v, said %q, %v", got, result, err)
	}
	if _, err := scheduler.DuePosts(newsroom{err: errors.New("redis")}, enqueue).Body(t.Context(), time.Time{}); err == nil {
		t.Error("a failing list went unnoticed")
	}
}

func TestAdvancePostComesBackWhileThePlatformWorks(t *testing.T) {
	now := func() time.Time { return beijing("2026-11-23 09:00:30") }
	tests := []struct {
		state posts.State
		again time.Duration
	}{
		{posts.Publishing, 2 * time.Second},
		{posts.OutcomeUnknown, time.Minute},
		{posts.AwaitingAdmin, 20 * time.Second},
		{posts.Published, 0},
		{posts.Failed, 0},
		{posts.AwaitingPerson, 0},
	}
	for _, tt := range tests {
		err := scheduler.AdvancePost(newsroom{state: tt.state}, now)(t.Context(), "p-1")
		again, _ := errors.AsType[scheduler.AgainError](err)
		if again.After != tt.again || (tt.again == 0) != (err == nil) {
			t.Errorf("%s: %v, want again after %v", tt.state, err, tt.again)
		}
	}
	failing := errors.New("the platform is busy")
	if err := scheduler.AdvancePost(newsroom{state: posts.Scheduled, err: failing}, now)(t.Context(), "p-1"); err != nil {
		t.Errorf("a preparation that failed is left to the sweep, not to the queue: %v", err)
	}
	if err := scheduler.AdvancePost(newsroom{state: posts.Publishing, err: failing}, now)(t.Context(), "p-1"); !errors.Is(err, failing) {
		t.Errorf("a step that failed is tried again by the queue: %v", err)
	}
	for age, want := range map[time.Duration]time.Duration{time.Second: 2 * time.Second, 5 * time.Minute: 20 * time.Second, time.Hour: 5 * time.Minute} {
		if got := scheduler.PollPause(now().Add(-age), now()); got != want {
			t.Errorf("PollPause after %v = %v, want %v", age, got, want)
		}
	}
	if got := scheduler.PollPause(time.Time{}, now()); got != 2*time.Second {
		t.Errorf("PollPause before the submission = %v, want 2s", got)
	}
}

func TestSilentAccountLadder(t *testing.T) {
	now := beijing("2026-11-23 08:00:00")
	tests := []struct {
		name string
		days int
		want string
	}{
		{"检查指标: 9 days are fine", 9, "正常"},
		{"检查指标: day 10 warns", 10, "提醒：公众号已 10 天没有更新，请在 4 天内"},
		{"检查指标: day 13 is the alarm", 13, "警报"},
		{"检查指标: 14 days are too many", 14, "超过 14 天上限"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			job := scheduler.SilentAccount(func(context.Context) (time.Time, error) { return now.AddDate(0, 0, -tt.days), nil })
			if got, err := job.Body(t.Context(), now); err != nil || !strings.Contains(got, tt.want) {
				t.Errorf("said %q, %v; want %q", got, err, tt.want)
			}
		})
	}
	never := scheduler.SilentAccount(func(context.Context) (time.Time, error) { return time.Time{}, nil })
	if got, _ := never.Body(t.Context(), now); !strings.Contains(got, "没有发布记录") {
		t.Errorf("an account without posts: %q", got)
	}
}

// open lists fixed requests.
type open []disclosure.Request

func (o open) Requests(context.Context, disclosure.Query) ([]disclosure.Request, error) {
	return o, nil
}

func request(received string) disclosure.Request {
	d := workday.MustParse(received)
	return disclosure.Request{State: disclosure.Handling, ReceivedOn: d, Clock: disclosure.StartClock(d, d.Start())}
}

func TestDeadlineLadder(t *testing.T) {
	calendar := func(context.Context) (workday.Calendar, error) { return workday.Embedded(), nil }
	// Received 2026-09-30, due 2026-11-03 (art. 33: 20 working days over National Day 2026).
	tests := []struct{ name, now, want string }{
		{"art. 33: five working days left", "2026-10-27 08:30:00", "剩 5 个工作日以内 1 件"},
		{"art. 33: three working days left", "2026-10-29 08:30:00", "剩 3 个工作日以内 1 件"},
		{"art. 33: one working day left", "2026-11-02 08:30:00", "剩 1 个工作日 1 件"},
		{"art. 33: due today", "2026-11-03 08:30:00", "今天到期 1 件"},
		{"art. 33: late", "2026-11-04 08:30:00", "已超期 1 件"},
		{"art. 33: due on Friday 2026-10-30, looked at on Saturday", "2026-10-31 08:30:00", "已超期 1 件"},
		{"art. 33: far away", "2026-10-12 08:30:00", "没有 5 个工作日内到期的"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			received := "2026-09-30"
			if strings.Contains(tt.name, "Friday") {
				received = "2026-09-28"
			}
			job := scheduler.Deadlines(open{request(received)}, calendar)
			if got, err := job.Body(t.Context(), beijing(tt.now)); err != nil || !strings.Contains(got, tt.want) {
				t.Errorf("said %q, %v; want %q", got, err, tt.want)
			}
		})
	}
}

func TestAnnualDraftIsForTheYearBefore(t *testing.T) {
	var year int
	job := scheduler.AnnualDraft(func(_ context.Context, y int) (string, error) { year = y; return "好", nil })
	if _, err := job.Body(t.Context(), beijing("2027-01-01 00:10:00")); err != nil || year != 2026 {
		t.Errorf("built %d, %v; want 2026", year, err)
	}
	night := scheduler.Nightly("recount", "复核", func(context.Context) (string, error) { return "一致", nil })
	if got, err := night.Body(t.Context(), time.Time{}); err != nil || got != "一致" {
		t.Errorf("nightly said %q, %v", got, err)
	}
}
