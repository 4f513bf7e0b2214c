package disclosure_test

import (
	"testing"

	"pgregory.net/rapid"

	"shoushan/disclosure"
	"shoushan/fault"
	"shoushan/staff"
	"shoushan/workday"
)

func (p *player) remind(t testing.TB, at string) (disclosure.Request, bool) {
	t.Helper()
	p.set(at)
	changed, err := p.Remind(p.ctx, p.id)
	if err != nil {
		t.Fatal(err)
	}
	r, err := p.memory.Request(p.ctx, p.id)
	if err != nil {
		t.Fatal(err)
	}
	return r, changed
}

// TestTheLadder climbs it: received on 2 March, due on 30 March.
func TestTheLadder(t *testing.T) {
	p := inState(t, disclosure.Handling)
	steps := []struct {
		at      string
		rung    disclosure.Rung
		changed bool
	}{
		{"2026-03-20", "", false}, // 6 working days
		{"2026-03-23", disclosure.RungFive, true},
		{"2026-03-24", disclosure.RungFive, false},
		{"2026-03-25", disclosure.RungThree, true},
		{"2026-03-27", disclosure.RungOne, true},
		{"2026-03-28", disclosure.RungOne, false}, // a Saturday
		{"2026-03-30", disclosure.RungToday, true},
		{"2026-03-31", disclosure.RungLate, true},
		{"2026-04-20", disclosure.RungLate, false},
	}
	for _, s := range steps {
		r, changed := p.remind(t, s.at)
		rung := disclosure.Rung("")
		if r.Reminder != nil {
			rung = r.Reminder.Rung
		}
		if rung != s.rung || changed != s.changed {
			t.Errorf("%s: rung %q, changed %v; want %q, %v", s.at, rung, changed, s.rung, s.changed)
		}
	}
}

// TestTheLadderCleansUp: what is extended, paused or closed has no reminder, and it comes back when it is due again.
func TestTheLadderCleansUp(t *testing.T) {
	p := inState(t, disclosure.Handling)
	if r, _ := p.remind(t, "2026-03-27"); r.Reminder == nil || !r.Unseen() {
		t.Fatal("no reminder one day before")
	}
	r := must(t)(p.Acknowledge(p.ctx, clerk, p.id))
	if r.Unseen() || r.Reminder.SeenBy != clerk.ID {
		t.Errorf("seen: %+v", r.Reminder)
	}
	_, err := p.Acknowledge(p.ctx, clerk, p.id)
	refused(t, err, fault.Conflict)
	_, err = p.Acknowledge(p.ctx, author, p.id)
	refused(t, err, fault.Forbidden)
	p.signs(t)(p.Extend(p.ctx, clerk, p.id, 20, "档案较多"))
	if r, changed := p.remind(t, "2026-03-27 10:00"); r.Reminder != nil || !changed {
		t.Errorf("extended, and still %v", r.Reminder)
	}
	if r, _ := p.remind(t, "2026-04-28"); r.Reminder == nil || r.Reminder.SeenBy != "" {
		t.Errorf("due again, and %v", r.Reminder)
	}
	must(t)(p.Withdraw(p.ctx, staff.Citizen, p.id, ""))
	if r, changed := p.remind(t, "2026-04-28 10:00"); r.Reminder != nil || !changed {
		t.Errorf("closed, and still %v", r.Reminder)
	}
}

// TestRemindersDoNotPileUp: over any history there is at most one reminder, it is the rung of the day, and a second run on
// the same day changes nothing.
func TestRemindersDoNotPileUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := newWorld("2024-11-01")
		history(t, w)
		all, err := w.memory.Requests(t.Context(), disclosure.Query{})
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range all {
			if _, err := w.Remind(t.Context(), r.ID); err != nil {
				t.Fatal(err)
			}
			if again, err := w.Remind(t.Context(), r.ID); again || err != nil {
				t.Fatalf("a second run changed %s: %v", r.ID, err)
			}
			now, _ := w.memory.Request(t.Context(), r.ID)
			rung := now.RungNow(w.cal, w.now)
			if (now.Reminder == nil) != (rung == "") || now.Reminder != nil && now.Reminder.Rung != rung {
				t.Fatalf("reminder %v on the rung %q", now.Reminder, rung)
			}
		}
	})
}

// TestANewCalendarIsToldUntilSeen: entering a notice tells the handler, once.
func TestANewCalendarIsToldUntilSeen(t *testing.T) {
	w := newWorld("2026-12-20")
	ctx := t.Context()
	r := must(t)(w.Submit(ctx, clerk, atCounter()))
	after := w.cal.With(workday.Notice{Year: 2027, Number: "国办发明电〔2026〕0号", Off: map[workday.Date]string{date("2027-01-01"): "元旦", date("2027-01-04"): "元旦"}})
	w.cal = after
	if moved, err := w.Recalculate(ctx, staff.System); err != nil || len(moved) != 1 {
		t.Fatalf("moved %v, %v", moved, err)
	}
	r, _ = w.memory.Request(ctx, r.ID)
	if r.Recalculated() == "" || !r.Unseen() {
		t.Fatal("nobody is told")
	}
	if r = must(t)(w.Acknowledge(ctx, clerk, r.ID)); r.Unseen() {
		t.Error("it is told again after it was seen")
	}
}
