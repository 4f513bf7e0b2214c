package disclosure_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"shoushan/disclosure"
	"shoushan/staff"
	"shoushan/workday"
)

// mortal is a register and a notifier of a process that dies at its nth step, before or after the step takes effect.
type mortal struct {
	*memory
	left  int // steps until death; negative: it lives for ever
	after bool
}

var errDied = errors.New("the process is gone")

// step does one thing, or dies: what died does nothing more, like a process that was killed.
func (m *mortal) step(do func()) {
	if m.left == 0 && !m.after {
		panic(errDied)
	}
	do()
	if m.left == 0 {
		panic(errDied)
	}
	m.left--
}

func (m *mortal) Update(ctx context.Context, id string, change func(*disclosure.Request) error) (r disclosure.Request, err error) {
	m.step(func() { r, err = m.memory.Update(ctx, id, change) })
	return r, err
}

func (m *mortal) Create(ctx context.Context, year int, build func(string) (disclosure.Request, error)) (r disclosure.Request, err error) {
	m.step(func() { r, err = m.memory.Create(ctx, year, build) })
	return r, err
}

func (m *mortal) Notify(ctx context.Context, openID, text string) (how string, err error) {
	m.step(func() { how, err = m.memory.Notify(ctx, openID, text) })
	return how, err
}

// dies runs do in a process that dies at the nth step, and reports whether it did.
func (w *world) dies(n int, after bool, do func(d *disclosure.Desk)) (died bool) {
	defer func() {
		if r := recover(); r != nil {
			if r != errDied { //nolint:errorlint // the very value that was thrown
				panic(r)
			}
			died = true
		}
	}()
	desk, m := *w.Desk, &mortal{w.memory, n, after}
	desk.Register, desk.Notifier = m, m
	do(&desk)
	return false
}

// everyDeath plays a story in a process that dies at each of its steps in turn; the next process resumes, at once and again
// two minutes later. check sees the world afterwards.
func everyDeath(t *testing.T, prepare func(t *testing.T) *world, do func(w *world, d *disclosure.Desk), check func(t *testing.T, w *world)) {
	t.Helper()
	deaths := 0
	for _, after := range []bool{false, true} {
		for n := 0; ; n++ {
			w := prepare(t)
			if !w.dies(n, after, func(d *disclosure.Desk) { do(w, d) }) {
				break
			}
			deaths++
			t.Run(fmt.Sprintf("step %d, after %v", n, after), func(t *testing.T) {
				for range 3 {
					if _, err := w.Resume(t.Context()); err != nil {
						t.Error(err)
					}
					w.now = w.now.Add(2 * time.Minute)
				}
				check(t, w)
			})
		}
	}
	if deaths < 4 {
		t.Errorf("the process died %d times only", deaths)
	}
}

// toldOnce asserts that each message that do owes went out once, or, where the process died while sending it, is noted as
// uncertain; never twice, and nothing stays owed.
func toldOnce(t *testing.T, w *world, says string, requests int) {
	t.Helper()
	all, err := w.memory.Requests(t.Context(), disclosure.Query{})
	if err != nil {
		t.Fatal(err)
	}
	unsure := 0
	for _, r := range all {
		if len(r.Owed) > 0 {
			t.Errorf("%s is still owed %d messages", r.ID, len(r.Owed))
		}
		for _, e := range r.Trail {
			if strings.Contains(e.Note, "不确定申请人是否收到") {
				unsure++
			}
		}
		if err := r.Trail.Verify(); err != nil {
			t.Error(err)
		}
	}
	seen := map[string]int{}
	for _, text := range w.memory.told {
		if strings.Contains(text, says) {
			seen[text]++
		}
	}
	for text, n := range seen {
		if n > 1 {
			t.Errorf("told %d times: %s", n, text)
		}
	}
	if missing := requests - len(seen); unsure > 1 || missing > unsure || missing < 0 {
		t.Errorf("%d of %d were told, %d are noted as uncertain", len(seen), requests, unsure)
	}
}

// TestDeathWhileReckoningAnew: a process that dies between storing a notice of holidays and the last message leaves nothing that
// the next one does not do by itself (条例第三十三条: the receipt promised that a provisional date which moves is told).
func TestDeathWhileReckoningAnew(t *testing.T) {
	prepare := func(t *testing.T) *world {
		w := newWorld("2026-12-21")
		for i := range 3 {
			f := byChat()
			f.OpenID = fmt.Sprintf("oCitizen%d", i)
			must(t)(w.SubmitConfirmed(t.Context(), staff.Citizen, f))
		}
		w.cal = w.cal.With(workday.Notice{Year: 2027, Number: "国办发明电〔2026〕0号", Off: map[workday.Date]string{date("2027-01-01"): "元旦", date("2027-01-04"): "元旦"}})
		return w // the notice is stored, nothing else
	}
	everyDeath(t, prepare, func(w *world, d *disclosure.Desk) {
		if _, err := d.Recalculate(context.WithoutCancel(t.Context()), staff.System); err != nil {
			t.Error(err)
		}
	}, func(t *testing.T, w *world) {
		toldOnce(t, w, "答复期限由", 3)
		all, _ := w.memory.Requests(t.Context(), disclosure.Query{})
		for _, r := range all {
			events := 0
			for _, e := range r.Trail {
				if e.Action == "recalculate" {
					events++
				}
			}
			if events != 1 || r.Recalculated() == "" {
				t.Errorf("%s has %d events, its handler reads %q", r.ID, events, r.Recalculated())
			}
		}
	})
}

// TestDeathWhileServing: an answer that is recorded as served in chat goes out though the process died before sending it.
func TestDeathWhileServing(t *testing.T) {
	prepare := func(t *testing.T) *world {
		w := newWorld("2026-03-02")
		r := must(t)(w.SubmitConfirmed(t.Context(), staff.Citizen, byChat()))
		must(t)(w.Decide(t.Context(), clerk, r.ID, disclosure.Decision{Outcome: disclosure.Granted, How: disclosure.Attached}))
		must(t)(w.SignOff(t.Context(), head, r.ID))
		return w
	}
	everyDeath(t, prepare, func(w *world, d *disclosure.Desk) {
		_, _ = d.Deliver(t.Context(), clerk, "2026-0001", disclosure.DeliverByWeChat, "")
	}, func(t *testing.T, w *world) {
		r, _ := w.memory.Request(t.Context(), "2026-0001")
		if r.State != disclosure.Closed { // it died before anything was stored: the clerk serves it again
			return
		}
		toldOnce(t, w, "已经答复", 1)
		if r.Decision.NotifiedOutcome == "" {
			t.Error("the case does not say how the message went")
		}
	})
}

// TestDeathWhileSplitting: the parts are all filed, and the applicant learns every number once (国办函〔2020〕109号第四条).
func TestDeathWhileSplitting(t *testing.T) {
	prepare := func(t *testing.T) *world {
		w := newWorld("2026-03-02")
		must(t)(w.SubmitConfirmed(t.Context(), staff.Citizen, byChat()))
		return w
	}
	everyDeath(t, prepare, func(w *world, d *disclosure.Desk) {
		_, _ = d.Split(t.Context(), clerk, "2026-0001", "低保名册", []string{"修路合同", "拆迁补偿"})
	}, func(t *testing.T, w *world) {
		all, _ := w.memory.Requests(t.Context(), disclosure.Query{})
		if len(all) == 1 { // it died before anything was stored
			return
		}
		if len(all) != 3 {
			t.Fatalf("%d requests, want 3", len(all))
		}
		toldOnce(t, w, "2026-0001、2026-0002、2026-0003", 1)
	})
}

// TestAVerbFindsTheNoticeFirst: who acts before the clock has come round enters what the notice has moved, ahead of the act.
func TestAVerbFindsTheNoticeFirst(t *testing.T) {
	w := newWorld("2026-12-21")
	r := must(t)(w.SubmitConfirmed(t.Context(), staff.Citizen, byChat()))
	w.cal = w.cal.With(workday.Notice{Year: 2027, Number: "国办发明电〔2026〕0号", Off: map[workday.Date]string{date("2027-01-01"): "元旦", date("2027-01-04"): "元旦"}})
	r = must(t)(w.Accept(t.Context(), clerk, r.ID))
	if got := actions(r); strings.Join(got, " ") != "submit confirm recalculate register notify" {
		t.Errorf("trail = %v", got)
	}
	if moved, err := w.Recalculate(t.Context(), staff.System); err != nil || len(moved) != 0 || len(w.memory.told) != 1 {
		t.Errorf("moved again %+v, %v; told %q", moved, err, w.memory.told)
	}
}

// TestOlderRecordsBeginToRemember: a record without the date it was reckoned as gets one, and nobody is told anything.
func TestOlderRecordsBeginToRemember(t *testing.T) {
	w := newWorld("2026-12-21")
	r := must(t)(w.SubmitConfirmed(t.Context(), staff.Citizen, byChat()))
	must(t)(w.memory.Update(t.Context(), r.ID, func(r *disclosure.Request) error { r.Reckoned = nil; return nil }))
	moved, err := w.Recalculate(t.Context(), staff.System)
	after, _ := w.memory.Request(t.Context(), r.ID)
	if err != nil || len(moved) != 0 || len(w.memory.told) != 0 || after.Reckoned == nil || after.Reckoned.Due != r.Deadline(w.cal).Due {
		t.Errorf("moved %+v, %v; told %q; remembers %+v", moved, err, w.memory.told, after.Reckoned)
	}
}
