package opinion

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"shoushan/staff"
	"shoushan/workday"
)

// Stage is how near the time of a duty has come.
type Stage string

// The stages at which the alarm sounds, each once for every duty.
const (
	HalfOver Stage = "half" // half of the time is over
	LastHour Stage = "hour" // an hour is left
	Overdue  Stage = "late"
)

// lastHour is what is left of the time in the last stage before it is over.
const lastHour = time.Hour

// stages are in the order in which a duty passes them.
var stages = []Stage{"", HalfOver, LastHour, Overdue}

// Alarm is the last alarm that was sounded for a duty.
type Alarm struct {
	Kind  DutyKind  `json:"kind"`
	Stage Stage     `json:"stage"`
	At    time.Time `json:"at"`
}

// StageNow returns the stage of a duty of a concern found at the time; "" when it is done or still far away.
func (d Duty) StageNow(found, now time.Time) Stage {
	switch left := d.Due.Sub(now); {
	case !d.Done.IsZero():
		return ""
	case d.Late(now):
		return Overdue
	case left <= lastHour:
		return LastHour
	case left <= d.Due.Sub(found)/2:
		return HalfOver
	}
	return ""
}

// Alarmed is what one look at all open concerns came to.
type Alarmed struct {
	Open  int // concerns
	Fresh int // duties whose alarm sounded now
	Late  int // duties that are not done and whose time is over
}

var errNoChange = errors.New("opinion: nothing to change")

// Alarm looks at every open concern and sounds the alarm for each duty that has come into a new stage: an event of the
// clock that says what is left. Doing it again changes nothing. A concern that cannot be stored does not hold up the others.
func (l *Ledger) Alarm(ctx context.Context, cal workday.Calendar) (Alarmed, error) {
	open, err := l.Register.Concerns(ctx, Query{Open: true})
	if err != nil {
		return Alarmed{}, err
	}
	a := Alarmed{Open: len(open)}
	var errs []error
	for _, c := range open {
		for _, d := range c.Duties(cal) {
			if d.Done.IsZero() && d.Late(l.Now()) {
				a.Late++
			}
		}
		fresh, err := l.alarm(ctx, c, cal)
		a.Fresh += fresh
		if err != nil {
			errs = append(errs, fmt.Errorf("concern %s: %w", c.ID, err))
		}
	}
	return a, errors.Join(errs...)
}

func (l *Ledger) alarm(ctx context.Context, c Concern, cal workday.Calendar) (fresh int, err error) {
	if len(c.sound(cal, l.Now())) == 0 {
		return 0, nil
	}
	_, err = l.Register.UpdateConcern(ctx, c.ID, func(c *Concern) error {
		said := c.sound(cal, l.Now())
		if fresh = len(said); fresh == 0 || c.State != Open {
			return errNoChange
		}
		c.Trail = c.Trail.Append(staff.System, l.Now().UTC(), "alarm", strings.Join(said, "；")+"。", groundTown)
		return nil
	})
	if errors.Is(err, errNoChange) {
		return 0, nil
	}
	return fresh, err
}

// sound notes the stage of each duty that has come into a new one and returns a sentence for each. A stage that a later
// notice of holidays or a reassessment takes back is not sounded again.
func (c *Concern) sound(cal workday.Calendar, now time.Time) []string {
	var said []string
	alarms := slices.Clone(c.Alarms)
	for _, d := range c.Duties(cal) {
		stage := d.StageNow(c.FoundAt, now)
		i := slices.IndexFunc(alarms, func(a Alarm) bool { return a.Kind == d.Kind })
		switch {
		case i < 0 && stage != "":
			alarms = append(alarms, Alarm{Kind: d.Kind, Stage: stage, At: now.UTC()})
		case i >= 0 && slices.Index(stages, stage) > slices.Index(stages, alarms[i].Stage):
			alarms[i].Stage, alarms[i].At = stage, now.UTC()
		default:
			continue
		}
		said = append(said, d.sentence(now))
	}
	c.Alarms = alarms
	return said
}

// sentence says how a duty that is not done stands.
func (d Duty) sentence(now time.Time) string {
	due := d.Due.In(workday.Beijing).Format("2006-01-02 15:04")
	if d.Late(now) {
		return fmt.Sprintf("“%s”已超过时限（%s）", d.Kind.Chinese(), due)
	}
	left := d.Left(now).Truncate(time.Minute)
	says := fmt.Sprintf("%d 分钟", int(left.Minutes())%60)
	if hours := int(left.Hours()); hours > 0 {
		says = fmt.Sprintf("%d 小时 %s", hours, says)
	}
	return fmt.Sprintf("“%s”还剩 %s（%s 前）", d.Kind.Chinese(), says, due)
}
