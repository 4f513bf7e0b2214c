package main

import (
	"strings"
	"testing"
	"time"

	"shoushan/scheduler"
	"shoushan/workday"
)

// TestTheNextProcessTellsOfANotice stores a notice of holidays and lets the process end there, as a crash would: the next
// process tells the citizen of the moved due date by its clock, on the real store and the simulated platform, and once.
func TestTheNextProcessTellsOfANotice(t *testing.T) {
	w := newTown(t)
	w.clock.Set(workday.MustParse("2026-12-21").At(9, 0))
	w.do("/phone/follow", map[string]any{})
	id := w.applied()
	before := w.requests()[0]
	n := workday.Notice{Year: 2027, Number: "国办发明电〔2026〕0号", Off: map[workday.Date]string{workday.MustParse("2027-01-01"): "元旦", workday.MustParse("2027-01-04"): "元旦"}}
	if err := w.store.SaveNotice(t.Context(), n); err != nil {
		t.Fatal(err)
	}
	next := w.neighbour()
	told := func() int { return w.showing("答复期限由") }
	for range 3 {
		w.clock.Set(w.clock.Now().Add(2 * time.Minute))
		for _, h := range []*house{next, w.house} { // both at work: whoever is first does it
			if _, err := jobNamed(t, h, "resume").Body(t.Context(), w.clock.Now()); err != nil {
				t.Fatal(err)
			}
		}
	}
	after := w.requests()[0]
	moves := 0
	for _, e := range after.Trail {
		if e.Action == "recalculate" {
			moves++
		}
	}
	if after.ID != id || moves != 1 || told() != 1 || after.Recalculated() == "" {
		t.Errorf("%s: %d events, the phone shows it %d times, the handler reads %q", after.ID, moves, told(), after.Recalculated())
	}
	if cal, err := next.calendar(t.Context()); err != nil || after.Deadline(cal).Due == before.Reckoned.Due || !strings.Contains(after.Recalculated(), after.Deadline(cal).Due.Chinese()) {
		t.Errorf("%v: reckoned %s, now %+v: %s", err, before.Reckoned.Due, after.Deadline(cal).Due, after.Recalculated())
	}
}

// jobNamed is the house's job of that name.
func jobNamed(t *testing.T, h *house, name string) scheduler.Job {
	t.Helper()
	for _, job := range h.jobs(nil) {
		if job.Name == name {
			return job
		}
	}
	t.Fatalf("no job is named %s", name)
	return scheduler.Job{}
}
