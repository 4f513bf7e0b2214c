package posts

import (
	"context"
	"slices"
	"time"

	"shoushan/fault"
	"shoushan/workday"
)

// MassLimit is how often the account may mass-send: a subscription account (公众号) once a day, a service account (服务号)
// to each follower four times a month. The zero value is that of a subscription account.
type MassLimit struct {
	PerDay   int // 0 means 1
	PerMonth int // 0 means no limit by month
}

// MassMeter is the quota of one day, counted from the records (and from what was seen on the account), never kept apart.
type MassMeter struct {
	Day        workday.Date
	PerDay     int
	PerMonth   int      // 0: no limit by month
	Sent       []string // posts sent on the day, or under way, or of unknown outcome
	Planned    []string // posts scheduled for the day
	Outside    int      // mass sends of the day that were made in Tencent's own back end
	MonthSent  int      // of the month up to and including the day's own, with those outside
	MonthFull  bool
	DayFull    bool // by what was sent; what is only planned does not fill it
	PlannedOut bool // by what was sent and is planned
}

// MassMeter counts the mass sends of a Beijing day and its month.
func (n *Newsroom) MassMeter(ctx context.Context, day workday.Date) (MassMeter, error) {
	return n.meter(ctx, day, "")
}

// meter counts without one post.
func (n *Newsroom) meter(ctx context.Context, day workday.Date, without string) (MassMeter, error) {
	m := MassMeter{Day: day, PerDay: max(n.Limit.PerDay, 1), PerMonth: n.Limit.PerMonth}
	all, err := n.massPosts(ctx, day.Year())
	if err != nil {
		return m, err
	}
	for _, p := range all {
		if p.ID != without {
			m.count(p)
		}
	}
	seen, err := n.Sightings(ctx, day.Year())
	if err != nil {
		return m, err
	}
	for _, s := range seen {
		if s.Mass != nil && s.Mass.Sent && !slices.ContainsFunc(all, func(p Post) bool { return p.Publication.answered(StepMass, s.Mass.MsgID) }) {
			m.countOutside(s.At)
		}
	}
	m.DayFull = len(m.Sent)+m.Outside >= m.PerDay
	m.PlannedOut = len(m.Sent)+m.Outside+len(m.Planned) >= m.PerDay
	m.MonthFull = m.PerMonth > 0 && m.MonthSent >= m.PerMonth
	return m, nil
}

// massPosts lists the posts whose mass sends may count in the year.
func (n *Newsroom) massPosts(ctx context.Context, year int) ([]Post, error) {
	var all []Post
	for _, q := range []Query{
		{PublishedYear: year},
		{States: []State{Scheduled, Publishing, AwaitingAdmin, OutcomeUnknown, Failed, AwaitingPerson}},
	} {
		some, err := n.Shelf.Posts(ctx, q)
		if err != nil {
			return nil, err
		}
		for _, p := range some {
			if p.Publication.PublishedAt.IsZero() || q.PublishedYear != 0 {
				all = append(all, p)
			}
		}
	}
	return all, nil
}

func (m *MassMeter) count(p Post) {
	if p.Method == MassSend && p.State == Scheduled && workday.Of(p.DueAt) == m.Day {
		m.Planned = append(m.Planned, p.ID)
	}
	at, sent := p.massSentAt()
	if !sent {
		return
	}
	if day := workday.Of(at); day == m.Day {
		m.Sent = append(m.Sent, p.ID)
	}
	m.countMonth(at)
}

func (m *MassMeter) countOutside(at time.Time) {
	if workday.Of(at) == m.Day {
		m.Outside++
	}
	m.countMonth(at)
}

func (m *MassMeter) countMonth(at time.Time) {
	if d := workday.Of(at); d.Year() == m.Day.Year() && d.Month() == m.Day.Month() {
		m.MonthSent++
	}
}

// massSentAt returns when the post was mass-sent, and whether it was or may have been. A send that the platform ended
// without sending uses no quota.
func (p Post) massSentAt() (time.Time, bool) {
	var at time.Time
	for _, s := range p.Publication.Steps {
		if s.Name == StepMass && s.maySubmit() {
			at = s.Begun
		}
	}
	if at.IsZero() || p.State == Failed || p.State == Draft {
		return at, false
	}
	return at, true
}

// roomOn refuses a mass send on a day, or in a month, whose quota is used or planned out.
func (n *Newsroom) roomOn(ctx context.Context, id string, at time.Time, m Method) error {
	if m != MassSend {
		return nil
	}
	day := workday.Of(at)
	meter, err := n.meter(ctx, day, id)
	switch {
	case err != nil:
		return err
	case meter.MonthFull:
		return fault.Newf(fault.Conflict, "%d年%d月的群发次数（%d 次）已经用完，请改为“发布”，或者安排在下个月。", day.Year(), int(day.Month()), meter.PerMonth)
	case meter.PlannedOut:
		return fault.Newf(fault.Conflict, "%d月%d日的群发次数（%d 次）已经用完或者已有安排，请改为“发布”，或者换一天。", int(day.Month()), day.Day(), meter.PerDay)
	}
	return nil
}
