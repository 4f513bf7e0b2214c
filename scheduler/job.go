package scheduler

import (
	"context"
	"fmt"
	"time"

	"github.com/robfig/cron/v3"

	"shoushan/workday"
)

// Job is something that happens by the clock.
type Job struct {
	Name     string // stable, lower case, e.g. due_posts
	Title    string // what staff read: 到点发布
	Schedule string // five cron fields in Beijing time
	// Body does the work for the given time and returns one Chinese sentence about what it found or did.
	Body func(ctx context.Context, now time.Time) (result string, err error)
}

// Run is one run of a job, as remembered.
type Run struct {
	Job     string    `json:"job"`
	Slot    time.Time `json:"slot"` // the minute it was for
	Started time.Time `json:"started"`
	Ended   time.Time `json:"ended"`
	Result  string    `json:"result,omitempty"`
	Failure string    `json:"failure,omitempty"` // a sentence for staff; the cause is in the log
}

// History remembers the last run of each job.
type History interface {
	// LastRun returns the last run of the job, or the zero Run when it never ran.
	LastRun(ctx context.Context, job string) (Run, error)
	// SaveRun stores the run as the job's last one.
	SaveRun(ctx context.Context, r Run) error
}

// Status is what the console shows of a job.
type Status struct {
	Job  Job
	Last Run
	Next time.Time
}

// timetable is a parsed schedule that can be asked both ways.
type timetable struct{ schedule cron.Schedule }

func parseTimetable(spec string) (timetable, error) {
	schedule, err := cron.ParseStandard(spec)
	if err != nil {
		return timetable{}, fmt.Errorf("scheduler: parse schedule %q: %w", spec, err)
	}
	return timetable{schedule}, nil
}

// next returns the first slot after t.
func (tt timetable) next(t time.Time) time.Time { return tt.schedule.Next(t.In(workday.Beijing)) }

// due returns the latest slot after last and not after now; ok is false when there is none. It looks back in doubling
// steps, so a yearly job is found without walking a year of minutes.
func (tt timetable) due(last, now time.Time) (slot time.Time, ok bool) {
	for span := 2 * time.Minute; ; span *= 2 {
		start := now.Add(-span)
		exhausted := !start.After(last)
		if exhausted {
			start = last
		}
		for n := tt.next(start); !n.IsZero() && !n.After(now); n = tt.next(n) {
			slot, ok = n, true
		}
		if ok || exhausted {
			return slot, ok
		}
	}
}
