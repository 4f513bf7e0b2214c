package posts_test

import (
	"context"
	"testing"
	"time"

	"shoushan/fault"
	"shoushan/posts"
	"shoushan/staff"
	"shoushan/workday"
)

func TestMoveToKeepsTheTimeOfDay(t *testing.T) {
	tests := []struct {
		name    string
		at      string // due
		day     string
		want    string
		refused fault.Kind
	}{
		{"a week later", "2026-11-24 09:05:00", "2026-12-01", "2026-12-01 09:05:00", fault.Internal},
		{"just before midnight stays on its day", "2026-11-24 23:59:00", "2026-11-30", "2026-11-30 23:59:00", fault.Internal},
		{"just after midnight, which is the day before in UTC", "2026-11-24 00:00:30", "2026-11-26", "2026-11-26 00:00:30", fault.Internal},
		{"over the year's end", "2026-12-30 18:00:00", "2027-01-01", "2027-01-01 18:00:00", fault.Internal},
		{"to today, later", "2026-11-24 09:00:00", "2026-11-23", "2026-11-23 09:00:00", fault.Internal},
		{"to today, but the time has passed", "2026-11-24 07:59:00", "2026-11-23", "", fault.Invalid},
		{"to yesterday", "2026-11-24 09:00:00", "2026-11-22", "", fault.Invalid},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := newRoom(t)
			p := r.approved(content())
			p = r.must(r.Schedule(t.Context(), approver, p.ID, beijing(tt.at), posts.FreePublish))
			got, err := r.MoveTo(t.Context(), approver, p.ID, workday.MustParse(tt.day))
			if tt.refused != fault.Internal {
				wantFault(t, err, tt.refused)
				if after := r.stored(p.ID); !after.DueAt.Equal(p.DueAt) {
					t.Errorf("a refused move changed the time to %v", after.DueAt)
				}
				return
			}
			if err != nil || !got.DueAt.Equal(beijing(tt.want)) {
				t.Errorf("due %v, %v, want %s", got.DueAt.In(workday.Beijing), err, tt.want)
			}
		})
	}
}

func TestMoveToKeepsTheMethodAndItsRight(t *testing.T) {
	r, m := massRoom(t)
	m.tags = []posts.FollowerTag{{ID: 7, Name: "药农", Followers: 1}}
	p := r.approved(content())
	p = r.must(r.ScheduleMass(t.Context(), approver, p.ID, r.clock.Add(time.Hour), posts.MassChoice{TagID: 7}))
	day := workday.Of(r.clock).AddDays(3)
	_, err := r.MoveTo(t.Context(), staff.Member{ID: "admin", Roles: []staff.Role{staff.Administrator}}, p.ID, day)
	wantFault(t, err, fault.Forbidden)
	p = r.must(r.MoveTo(t.Context(), approver, p.ID, day))
	if p.Method != posts.MassSend || p.Mass.TagID != 7 {
		t.Errorf("method %s to tag %d", p.Method, p.Mass.TagID)
	}
	other := r.approved(content())
	_, err = r.MoveTo(t.Context(), approver, other.ID, day)
	wantFault(t, err, fault.Conflict)
}

func TestSendNowForgetsAnEarlierMethod(t *testing.T) {
	r, m := massRoom(t)
	p := r.approved(content())
	p = r.must(r.ScheduleMass(t.Context(), approver, p.ID, r.clock.Add(time.Hour), posts.MassChoice{}))
	r.must(r.Unschedule(t.Context(), approver, p.ID))
	var woken string
	r.Wake = func(_ context.Context, id string) { woken = id }
	p = r.must(r.SendNow(t.Context(), approver, p.ID, posts.FreePublish, posts.MassChoice{}))
	r.work(time.Minute)
	if p = r.stored(p.ID); p.State != posts.Published || p.Method != posts.FreePublish || m.count("MassSend") != 0 || woken != p.ID {
		t.Errorf("%s by %s, %d mass sends, woken %q", p.State, p.Method, m.count("MassSend"), woken)
	}
	q := r.approved(content())
	_, err := r.SendNow(t.Context(), keeper, q.ID, posts.MassSend, posts.MassChoice{})
	wantFault(t, err, fault.Forbidden)
	if q = r.must(r.SendNow(t.Context(), approver, q.ID, posts.MassSend, posts.MassChoice{IgnoreReprint: true})); q.Method != posts.MassSend || !q.Mass.IgnoreReprint {
		t.Errorf("method %s, choice %+v", q.Method, q.Mass)
	}
}
