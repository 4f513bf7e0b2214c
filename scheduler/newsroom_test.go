package scheduler_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"shoushan/posts"
	"shoushan/scheduler"
	"shoushan/workday"
)

// watch answers with fixed findings.
type watch struct {
	silence posts.Silence
	found   posts.FoundOutside
	since   *time.Time
	err     error
}

func (w watch) Silence(context.Context, workday.Calendar) (posts.Silence, error) {
	return w.silence, w.err
}

func (w watch) Look(_ context.Context, since time.Time) (posts.FoundOutside, error) {
	*w.since = since
	return w.found, w.err
}

func TestSilenceWatch(t *testing.T) {
	calendar := func(context.Context) (workday.Calendar, error) { return workday.Embedded(), nil }
	w := watch{silence: posts.Silence{Latest: beijing("2026-11-02 10:00:00"), Days: 14, Level: posts.SilenceFault}}
	job := scheduler.SilenceWatch(w, calendar)
	if got, err := job.Body(t.Context(), time.Time{}); err != nil || !strings.Contains(got, "超过 14 天上限") {
		t.Errorf("said %q, %v", got, err)
	}
	lost := func(context.Context) (workday.Calendar, error) { return workday.Calendar{}, errors.New("redis") }
	if _, err := scheduler.SilenceWatch(w, lost).Body(t.Context(), time.Time{}); err == nil {
		t.Error("a missing calendar went unnoticed")
	}
	w.err = errors.New("redis")
	if _, err := scheduler.SilenceWatch(w, calendar).Body(t.Context(), time.Time{}); err == nil {
		t.Error("an unreadable shelf went unnoticed")
	}
	if job.Name != scheduler.SilentAccount(nil).Name {
		t.Error("the two jobs cannot stand in for each other")
	}
}

func TestReconcileAccount(t *testing.T) {
	var since time.Time
	w := watch{found: posts.FoundOutside{Listed: 12, Sightings: 2, Removed: []string{"p1"}}, since: &since}
	now := beijing("2026-11-23 03:40:00")
	got, err := scheduler.ReconcileAccount(w).Body(t.Context(), now)
	if err != nil || !strings.Contains(got, "没有登记的 2 篇") || !strings.Contains(got, "删除的 1 篇") || !since.Equal(now.AddDate(0, 0, -40)) {
		t.Errorf("said %q, %v, looked since %v", got, err, since)
	}
	w.err = errors.New("platform")
	if _, err := scheduler.ReconcileAccount(w).Body(t.Context(), now); err == nil {
		t.Error("an unreachable platform went unnoticed")
	}
}

// readers answers with fixed figures.
type readers struct {
	taken posts.ReadingsTaken
	err   error
}

func (r readers) TakeReadings(context.Context) (posts.ReadingsTaken, error) { return r.taken, r.err }

func TestReadingFigures(t *testing.T) {
	got, err := scheduler.ReadingFigures(readers{taken: posts.ReadingsTaken{Articles: 9, Linked: 2, Sightings: 1, Late: true}}).Body(t.Context(), time.Time{})
	if err != nil || !strings.Contains(got, "9 篇") || !strings.Contains(got, "链接 2 篇") || !strings.Contains(got, "登记的 1 篇") || !strings.Contains(got, "明天再取") {
		t.Errorf("said %q, %v", got, err)
	}
	if _, err := scheduler.ReadingFigures(readers{err: errors.New("platform")}).Body(t.Context(), time.Time{}); err == nil {
		t.Error("an unreachable platform went unnoticed")
	}
}
