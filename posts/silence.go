package posts

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"shoushan/workday"
)

// SilenceLevel is how urgent it is to publish something on the account.
type SilenceLevel int

// The levels: from day 10 a reminder, from day 12 an urgent one, from day 13 an alarm, from day 14 the account is at fault.
const (
	SilenceFine SilenceLevel = iota
	SilenceReminder
	SilenceUrgent
	SilenceAlarm
	SilenceFault
)

// Silence is how long the account has been without an item, and what can be done about it.
type Silence struct {
	Latest    time.Time    // of the last item; zero when there never was one
	Days      int          // from its Beijing day to today
	LastDay   workday.Date // the last day on which publishing keeps the account within the 14 days
	ActBy     workday.Date // the last day of work up to LastDay: on holidays nobody is there to review
	Level     SilenceLevel
	Scheduled []Post    // due up to LastDay; they end the silence by themselves
	Ready     []Post    // approved and not scheduled, oldest first
	Meter     MassMeter // of today: whether a mass send is left (free publishing needs none)
}

// Silence looks how long ago the account last published. On the eve of holidays it is as urgent as on the last day itself,
// unless something is scheduled in time.
func (n *Newsroom) Silence(ctx context.Context, cal workday.Calendar) (Silence, error) {
	var s Silence
	today := workday.Of(n.now())
	latest, err := n.latest(ctx, today)
	if err != nil {
		return s, err
	}
	if s.Meter, err = n.MassMeter(ctx, today); err != nil {
		return s, err
	}
	waiting, err := n.Shelf.Posts(ctx, Query{States: []State{Approved, Scheduled}})
	if err != nil {
		return s, fmt.Errorf("posts: list approved items: %w", err)
	}
	s.Latest = latest
	if !latest.IsZero() {
		s.Days = daysBetween(workday.Of(latest), today)
		s.LastDay = workday.Of(latest).AddDays(GapLimit - 1)
		s.ActBy = lastWorkday(cal, s.LastDay)
	}
	for _, p := range slices.Backward(waiting) {
		switch {
		case p.Channel != Account:
		case p.State == Approved:
			s.Ready = append(s.Ready, p)
		case !p.DueAt.After(n.now()): // it should be out, and is not
		case latest.IsZero() || !workday.Of(p.DueAt).After(s.LastDay):
			s.Scheduled = append(s.Scheduled, p)
		}
	}
	s.Level = s.level(today)
	return s, nil
}

// latest is when the account last published, mass sends by hand in Tencent's own back end included.
func (n *Newsroom) latest(ctx context.Context, today workday.Date) (time.Time, error) {
	at, err := n.latestPost(ctx, today)
	if err != nil {
		return at, err
	}
	seen, err := n.Sightings(ctx, today.Year())
	for _, s := range seen {
		if s.Mass != nil && s.Mass.Sent && s.At.After(at) {
			at = s.At
		}
	}
	return at, err
}

// recently is how far back the last item is looked for before a whole year is read.
const recently = 45

func (n *Newsroom) latestPost(ctx context.Context, today workday.Date) (time.Time, error) {
	for _, span := range []Span{{today.AddDays(-recently), today}, YearSpan(today.Year()), YearSpan(today.Year() - 1)} {
		published, err := n.Shelf.Posts(ctx, Query{Published: span, States: []State{Published}})
		if err != nil {
			return time.Time{}, fmt.Errorf("posts: list published items: %w", err)
		}
		if i := slices.IndexFunc(published, func(p Post) bool { return p.Channel == Account }); i >= 0 {
			return published[i].Publication.PublishedAt, nil
		}
	}
	return time.Time{}, nil
}

// lastWorkday is the last working day up to and including the day; the day itself when none is near.
func lastWorkday(cal workday.Calendar, day workday.Date) workday.Date {
	for back := range GapLimit {
		if d := day.AddDays(-back); cal.Workday(d) {
			return d
		}
	}
	return day
}

func (s Silence) level(today workday.Date) SilenceLevel {
	switch {
	case s.Latest.IsZero():
		return SilenceReminder
	case s.Days >= GapLimit:
		return SilenceFault
	case len(s.Scheduled) > 0:
		return SilenceFine
	case s.Days >= GapLimit-1 || !today.Before(s.ActBy):
		return SilenceAlarm
	case s.Days >= silenceUrgent:
		return SilenceUrgent
	case s.Days >= GapWarning:
		return SilenceReminder
	default:
		return SilenceFine
	}
}

// silenceUrgent is the day of the second reminder: two working days are needed to write and review an item.
const silenceUrgent = 12

// Sentence says how it stands and what to do, in one or two sentences.
func (s Silence) Sentence() string {
	if s.Latest.IsZero() {
		return "公众号还没有发布记录。" + s.offer()
	}
	switch s.Level {
	case SilenceFault:
		return fmt.Sprintf("公众号已 %d 天没有更新，超过 %d 天上限，请立即发布。", s.Days, GapLimit) + s.offer()
	case SilenceAlarm:
		why := ""
		if s.ActBy.Before(s.LastDay) {
			why = fmt.Sprintf("（%s是最后期限，但之前放假，%s是最后一个工作日）", s.LastDay.Chinese(), s.ActBy.Chinese())
		}
		return fmt.Sprintf("警报：公众号已 %d 天没有更新，最迟应在%s发布%s。", s.Days, s.ActBy.Chinese(), why) + s.offer()
	case SilenceUrgent:
		return fmt.Sprintf("紧急提醒：公众号已 %d 天没有更新，最迟应在%s发布。", s.Days, s.ActBy.Chinese()) + s.offer()
	case SilenceReminder:
		return fmt.Sprintf("提醒：公众号已 %d 天没有更新，请在%s前发布。", s.Days, s.ActBy.Chinese()) + s.offer()
	case SilenceFine:
	}
	if s.Days >= GapWarning {
		return fmt.Sprintf("公众号已 %d 天没有更新，已有稿件定时发布：《%s》。", s.Days, s.Scheduled[0].Content.Title)
	}
	return fmt.Sprintf("最近一次更新在 %d 天前，正常。", s.Days)
}

// offer names approved items that can go out.
func (s Silence) offer() string {
	if len(s.Ready) == 0 {
		return "没有已审定的稿件可以发布，请组织稿件并送审。"
	}
	var titles []string
	for _, p := range s.Ready[:min(len(s.Ready), 3)] {
		titles = append(titles, "《"+p.Content.Title+"》")
	}
	text := fmt.Sprintf("已审定、可以发布的稿件有 %d 篇：%s。", len(s.Ready), strings.Join(titles, "、"))
	if s.Meter.DayFull || s.Meter.MonthFull {
		text += "群发次数已用完，请选择“发布（不推送）”，同样算作更新。"
	}
	return text
}
