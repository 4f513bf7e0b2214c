package opinion_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"shoushan/opinion"
	"shoushan/staff"
	"shoushan/workday"
)

// alarms returns what the clock has said about a concern, oldest first.
func (r *room) alarms(id string) []string {
	r.t.Helper()
	c, err := r.Register.Concern(r.t.Context(), id)
	if err != nil {
		r.t.Fatal(err)
	}
	var said []string
	for _, e := range c.Trail {
		if e.Action != "alarm" {
			continue
		}
		if e.ActorID != staff.System.ID {
			r.t.Errorf("the alarm was sounded by %s", e.Actor)
		}
		said = append(said, e.Note)
	}
	if err := c.Trail.Verify(); err != nil {
		r.t.Error(err)
	}
	return said
}

func TestAlarmsOfAGraveConcern(t *testing.T) {
	r := newRoom(t, beijing("2026-11-23 08:00:00"))
	c := r.entered(opinion.Major, opinion.Emergency)
	steps := []struct {
		name, at string
		want     []string // parts of the one event that is new; none: no event
	}{
		{"nothing yet", "2026-11-23 08:59:00", nil},
		{"制度: half of the 2 h are over, an hour is left", "2026-11-23 09:00:00", []string{"“上报领导”还剩 1 小时 0 分钟（2026-11-23 10:00 前）"}},
		{"said once", "2026-11-23 09:10:00", nil},
		{"制度: the 2 h are over", "2026-11-23 10:00:01", []string{"“上报领导”已超过时限"}},
		{"国办发〔2016〕80号: half of the 5 h", "2026-11-23 10:30:00", []string{"“发布权威信息”还剩 2 小时 30 分钟"}},
		{"国办发〔2016〕80号: the last hour", "2026-11-23 12:00:00", []string{"“发布权威信息”还剩 1 小时 0 分钟"}},
		{"国办发〔2016〕61号: half of the 24 h, after the 5 h", "2026-11-23 20:00:00", []string{"“发布权威信息”已超过时限", "“举行新闻发布会”还剩 12 小时"}},
		{"a clock that stood still says the last stage only", "2026-11-26 09:00:00", []string{"“举行新闻发布会”已超过时限", "“提交核查报告”已超过时限"}},
		{"all has been said", "2026-12-30 09:00:00", nil},
	}
	heard := 0
	for _, s := range steps {
		r.now = beijing(s.at)
		if _, err := r.Alarm(t.Context(), workday.Embedded()); err != nil {
			t.Fatal(err)
		}
		said := r.alarms(c.ID)
		if fresh := len(said) - heard; fresh != min(len(s.want), 1) {
			t.Fatalf("%s: %d new events: %v", s.name, fresh, said)
		}
		heard = len(said)
		for _, want := range s.want {
			if !strings.Contains(said[heard-1], want) {
				t.Errorf("%s: said %q, want %q", s.name, said[heard-1], want)
			}
		}
	}
}

func TestNoAlarmForWhatIsDoneOrClosed(t *testing.T) {
	r := newRoom(t, beijing("2026-11-23 08:00:00"))
	done := r.entered(opinion.Ordinary, opinion.Livelihood)
	closed := r.entered(opinion.Ordinary, opinion.Other)
	r.now = beijing("2026-11-23 08:30:00")
	for _, id := range []string{done.ID, closed.ID} {
		if _, err := r.Report(t.Context(), desk, id, "镇长", r.now); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := r.Close(t.Context(), desk, closed.ID, opinion.Faded); err != nil {
		t.Fatal(err)
	}
	r.now = beijing("2026-11-23 11:00:00")
	got, err := r.Alarm(t.Context(), workday.Embedded())
	if err != nil || got != (opinion.Alarmed{Open: 1}) {
		t.Errorf("Alarm() = %+v, %v", got, err)
	}
	if said := append(r.alarms(done.ID), r.alarms(closed.ID)...); len(said) != 0 {
		t.Errorf("said %v", said)
	}
	r.now = beijing("2027-01-20 11:00:00")
	if got, err = r.Alarm(t.Context(), workday.Embedded()); err != nil || got != (opinion.Alarmed{Open: 1, Fresh: 2, Late: 2}) {
		t.Errorf("Alarm() after two months = %+v, %v", got, err)
	}
}

// stuck fails to store one concern.
type stuck struct {
	opinion.Register
	id string
}

func (s stuck) UpdateConcern(ctx context.Context, id string, change func(*opinion.Concern) error) (opinion.Concern, error) {
	if id == s.id {
		return opinion.Concern{}, errors.New("redis")
	}
	return s.Register.UpdateConcern(ctx, id, change)
}

func TestAConcernThatCannotBeStoredHoldsUpNoOther(t *testing.T) {
	r := newRoom(t, beijing("2026-11-23 08:00:00"))
	first, second := r.entered(opinion.Ordinary, opinion.Other), r.entered(opinion.Ordinary, opinion.Other)
	r.Register = stuck{r.Register, first.ID}
	r.now = r.now.Add(90 * time.Minute)
	got, err := r.Alarm(t.Context(), workday.Embedded())
	if err == nil || !strings.Contains(err.Error(), first.ID) || got.Fresh != 1 || len(r.alarms(second.ID)) != 1 {
		t.Errorf("Alarm() = %+v, %v", got, err)
	}
}

// TestAStageThatIsTakenBackIsNotSounded: a notice of holidays gives the findings a day more after the alarm that they are late.
func TestAStageThatIsTakenBackIsNotSounded(t *testing.T) {
	r := newRoom(t, beijing("2026-11-23 08:00:00"))
	c := r.entered(opinion.Ordinary, opinion.Other)
	if _, err := r.Report(t.Context(), desk, c.ID, "镇长", r.now); err != nil {
		t.Fatal(err)
	}
	dayOff := workday.Embedded().With(workday.Notice{Year: 2026, Off: map[workday.Date]string{workday.MustParse("2026-11-24"): "临时放假"}})
	for _, step := range []struct {
		at   string
		cal  workday.Calendar
		want int
	}{
		{"2026-11-26 00:30:00", workday.Embedded(), 1}, // late
		{"2026-11-26 12:00:00", dayOff, 1},             // in time again
		{"2026-11-26 23:30:00", dayOff, 1},             // the last hour, which was passed before
	} {
		r.now = beijing(step.at)
		if _, err := r.Alarm(t.Context(), step.cal); err != nil {
			t.Fatal(err)
		}
		if said := r.alarms(c.ID); len(said) != step.want {
			t.Errorf("%s: said %v, want %d", step.at, said, step.want)
		}
	}
}
