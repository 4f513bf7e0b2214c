package scheduler_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"shoushan/disclosure"
	"shoushan/fault"
	"shoushan/scheduler"
	"shoushan/staff"
	"shoushan/workday"
)

// requestDesk remembers what it was asked, and fails for one number.
type requestDesk struct {
	reminded, lapsed []string
	broken           string
	conflict         string
	resumed, told    int // how often it was asked
	undone           disclosure.Resumed
	down             error
}

func (d *requestDesk) Resume(context.Context) (disclosure.Resumed, error) {
	d.resumed++
	return d.undone, d.down
}

func (d *requestDesk) TellOwed(context.Context) (int, error) {
	d.told++
	return d.undone.Told, d.down
}

func (d *requestDesk) Remind(_ context.Context, id string) (bool, error) {
	if id == d.broken {
		return false, errors.New("redis")
	}
	d.reminded = append(d.reminded, id)
	return id != "2026-0001", nil
}

func (d *requestDesk) Lapse(_ context.Context, by staff.Member, id string) (disclosure.Request, error) {
	switch {
	case by.ID != staff.System.ID:
		return disclosure.Request{}, errors.New("not the clock")
	case id == d.conflict:
		return disclosure.Request{}, fault.New(fault.Conflict, "刚才有人办理过。")
	}
	d.lapsed = append(d.lapsed, id)
	return disclosure.Request{}, nil
}

func consulting(id, until string) disclosure.Request {
	c := disclosure.Consultation{No: 1, ReceivedOn: workday.MustParse("2026-03-01"), Until: workday.MustParse(until)}
	return disclosure.Request{ID: id, State: disclosure.Consulting, Consultations: []disclosure.Consultation{c}}
}

func TestRemindersGoToEveryOpenCase(t *testing.T) {
	list := open{{ID: "2026-0001"}, {ID: "2026-0002"}, {ID: "2026-0003"}}
	desk := &requestDesk{}
	result, err := scheduler.Reminders(list, desk).Body(t.Context(), beijing("2026-03-23 08:35:00"))
	if err != nil || !strings.Contains(result, "3 件，更新提醒 2 件") {
		t.Errorf("said %q, %v", result, err)
	}
	desk = &requestDesk{broken: "2026-0002"}
	if _, err := scheduler.Reminders(list, desk).Body(t.Context(), beijing("2026-03-23 08:35:00")); err == nil || !slices.Equal(desk.reminded, []string{"2026-0001", "2026-0003"}) {
		t.Errorf("one broken case: reminded %v, %v", desk.reminded, err)
	}
}

func TestSilences(t *testing.T) {
	list := open{
		consulting("2026-0001", "2026-03-23"), consulting("2026-0002", "2026-03-22"), consulting("2026-0003", "2026-03-20"),
		{ID: "2026-0004", State: disclosure.AwaitingSupplement, Supplement: &disclosure.Supplement{Until: workday.MustParse("2026-03-01")}},
	}
	unknown := consulting("2026-0005", "2026-03-20")
	unknown.Consultations[0].ReceivedOn = workday.Date{} // nobody knows when the letter arrived: a person decides
	list = append(list, unknown)
	desk := &requestDesk{conflict: "2026-0003"}
	result, err := scheduler.Silences(list, desk).Body(t.Context(), beijing("2026-03-23 00:25:00"))
	if err != nil || !slices.Equal(desk.lapsed, []string{"2026-0002"}) || !strings.Contains(result, "1 件") {
		t.Errorf("lapsed %v, said %q, %v", desk.lapsed, result, err)
	}
}

// TestResume: everything is looked at once by each process, again when a notice of holidays was entered, and again after a
// failure; in between only messages that are owed go out.
func TestResume(t *testing.T) {
	cal := workday.Embedded()
	desk := &requestDesk{undone: disclosure.Resumed{Moved: 2, Told: 1}}
	job := scheduler.Resume(desk, func(context.Context) (workday.Calendar, error) { return cal, nil })
	steps := []struct {
		name          string
		before        func()
		resumed, told int // asked so far
		says          string
	}{
		{"the process has just started", func() {}, 1, 0, "重新计算期限 2 件，补发告知 1 件"},
		{"the next minute", func() { desk.undone = disclosure.Resumed{} }, 1, 1, "没有中断的事"},
		{"a notice was entered", func() {
			cal = cal.With(workday.Notice{Year: 2027, Off: map[workday.Date]string{workday.MustParse("2027-01-01"): "元旦"}})
		}, 2, 1, "没有中断的事"},
		{"the minute after", func() {}, 2, 2, "没有中断的事"},
		{"it is corrected and the store fails", func() {
			cal = cal.With(workday.Notice{Year: 2027, Off: map[workday.Date]string{workday.MustParse("2027-01-04"): "元旦"}})
			desk.down = errors.New("redis")
		}, 3, 2, ""},
		{"the store is back", func() { desk.down = nil }, 4, 2, "没有中断的事"},
	}
	for _, s := range steps {
		s.before()
		says, err := job.Body(t.Context(), beijing("2026-11-25 10:00:00"))
		if (err == nil) != (desk.down == nil) || !strings.Contains(says, s.says) || desk.resumed != s.resumed || desk.told != s.told {
			t.Errorf("%s: said %q, %v; asked %d and %d times, want %d and %d", s.name, says, err, desk.resumed, desk.told, s.resumed, s.told)
		}
	}
}
