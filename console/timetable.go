package console

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"time"

	"shoushan/posts"
	"shoushan/staff"
	"shoushan/workday"
)

// slot is one item on the calendar.
type slot struct {
	ID, Title, Author, Method string
	State                     word
	At                        time.Time
	Clock                     string
	Movable                   bool
	Day                       string // of At, as a date field writes it
}

// dayCell is one day of the calendar.
type dayCell struct {
	Date    string
	Name    string // 11月23日 星期一
	Day     int
	Mark    string // 休 or 班, where the day is not what its weekday says
	Off     bool   // no working day
	Outside bool   // of the month
	Today   bool
	Past    bool
	Slots   []slot
	More    int    // that there is no room for
	Week    string // where all are shown
}

type timetablePage struct {
	frame
	Month          bool // otherwise a week
	On             string
	Heading        string
	Previous, Next string
	Toggle         string
	Weeks          [][]dayCell
	Tray           []slot // approved and without a time
	Movable        []slot // what can be moved without dragging
	MayMove        bool
	Count          int
	Problem        problem
}

// slotsInDay is how many items a day of the month view has room for.
const slotsInDay = 4

// daysOfWeek heads the columns.
func (timetablePage) Weekdays() []string {
	return []string{"一", "二", "三", "四", "五", "六", "日"}
}

func (c *Console) timetable(v *visit) error {
	return c.showTimetable(v, http.StatusOK, v.ask("view"), v.ask("on"), problem{})
}

func (c *Console) showTimetable(v *visit, status int, view, on string, why problem) error {
	day, err := workday.Parse(on)
	if err != nil {
		day = workday.Of(v.now)
	}
	p := &timetablePage{frame: frame{Title: "发布日历", Here: "/posts/calendar"}, Month: view != "week", On: day.String(), MayMove: v.who.May(staff.PublishPosts), Problem: why}
	first, last := p.span(day)
	slots, err := c.slots(v, first, last)
	if err != nil {
		return err
	}
	cal, err := c.cfg.Calendar(v.ctx())
	if err != nil {
		return err
	}
	today := workday.Of(v.now)
	for d := first; !d.After(last); d = d.AddDays(7) {
		var week []dayCell
		for i := range 7 {
			week = append(week, p.cell(d.AddDays(i), day.Month(), today, cal, slots))
		}
		p.Weeks = append(p.Weeks, week)
	}
	if p.Tray, err = c.tray(v); err != nil {
		return err
	}
	for _, s := range slots {
		p.Count++
		if s.Movable {
			p.Movable = append(p.Movable, s)
		}
	}
	return c.show(v, status, "timetable", p)
}

// span is the weeks that the page shows, and where the page before and after it is.
func (p *timetablePage) span(day workday.Date) (first, last workday.Date) {
	monday := func(d workday.Date) workday.Date { return d.AddDays(-(int(d.Weekday()) + 6) % 7) }
	if !p.Month {
		first = monday(day)
		last = first.AddDays(6)
		p.Heading = first.Chinese() + "至" + last.Chinese()
		p.Previous, p.Next, p.Toggle = timetablePath("week", day.AddDays(-7)), timetablePath("week", day.AddDays(7)), timetablePath("month", day)
		return first, last
	}
	start := workday.On(day.Year(), day.Month(), 1)
	next := workday.On(start.AddDays(31).Year(), start.AddDays(31).Month(), 1)
	p.Heading = fmt.Sprintf("%d年%d月", day.Year(), int(day.Month()))
	p.Previous, p.Next, p.Toggle = timetablePath("month", start.AddDays(-1)), timetablePath("month", next), timetablePath("week", day)
	return monday(start), monday(next.AddDays(-1)).AddDays(6)
}

func timetablePath(view string, on workday.Date) string {
	return "/posts/calendar?" + url.Values{"view": {view}, "on": {on.String()}}.Encode()
}

// View is the word for the page's form in addresses.
func (p timetablePage) View() string {
	if p.Month {
		return "month"
	}
	return "week"
}

func (p *timetablePage) cell(d workday.Date, month time.Month, today workday.Date, cal workday.Calendar, all []slot) dayCell {
	weekend := d.Weekday() == time.Saturday || d.Weekday() == time.Sunday
	cell := dayCell{
		Date: d.String(), Name: d.Chinese() + " " + d.ChineseWeekday(), Day: d.Day(), Off: !cal.Workday(d), Outside: p.Month && d.Month() != month,
		Today: d == today, Past: d.Before(today), Week: timetablePath("week", d),
	}
	switch {
	case cell.Off && !weekend:
		cell.Mark = "休"
	case !cell.Off && weekend:
		cell.Mark = "班"
	}
	for _, s := range all {
		if s.Day != cell.Date {
			continue
		}
		if p.Month && len(cell.Slots) == slotsInDay {
			cell.More++
			continue
		}
		cell.Slots = append(cell.Slots, s)
	}
	return cell
}

// slots lists what was published on the account, or is to be, on the days from first to last, in the order of time.
func (c *Console) slots(v *visit, first, last workday.Date) ([]slot, error) {
	queries := []posts.Query{
		{States: []posts.State{posts.Scheduled, posts.Publishing, posts.Failed, posts.OutcomeUnknown, posts.AwaitingPerson, posts.AwaitingAdmin}},
		{PublishedYear: first.Year()},
	}
	if last.Year() != first.Year() {
		queries = append(queries, posts.Query{PublishedYear: last.Year()})
	}
	names, err := c.memberNames(v)
	if err != nil {
		return nil, err
	}
	var out []slot
	for i, q := range queries {
		found, err := c.cfg.Posts.Posts(v.ctx(), q)
		if err != nil {
			return nil, err
		}
		for _, p := range found {
			s := slotOf(p, names, v.who)
			day := workday.Of(s.At)
			isOut := !p.Publication.PublishedAt.IsZero()
			if p.Channel != posts.Account || s.At.IsZero() || isOut != (i > 0) || day.Before(first) || day.After(last) {
				continue
			}
			out = append(out, s)
		}
	}
	slices.SortStableFunc(out, func(a, b slot) int { return a.At.Compare(b.At) })
	return out, nil
}

func slotOf(p posts.Post, names map[string]string, who staff.Member) slot {
	s := slot{ID: p.ID, Title: p.Content.Title, Author: nameOf(names, p.AuthorID), State: postState(p.State), At: p.DueAt}
	if !p.Publication.PublishedAt.IsZero() {
		s.At = p.Publication.PublishedAt
	}
	if p.Method == posts.MassSend {
		s.Method = p.Way()
	}
	s.Clock, s.Day = clockText(s.At, "15:04"), workday.Of(s.At).String()
	s.Movable = (p.State == posts.Scheduled || p.State == posts.AwaitingPerson) && who.May(staff.PublishPosts) && (p.Method != posts.MassSend || who.May(staff.MassSend))
	return s
}

// tray lists what is approved and has no time yet.
func (c *Console) tray(v *visit) ([]slot, error) {
	names, err := c.memberNames(v)
	if err != nil {
		return nil, err
	}
	found, err := c.cfg.Posts.Posts(v.ctx(), posts.Query{States: []posts.State{posts.Approved}})
	var out []slot
	for _, p := range found {
		if p.Channel == posts.Account {
			out = append(out, slotOf(p, names, staff.Member{}))
		}
	}
	return out, err
}

// movePost puts an item on another day; the time of day stays.
func (c *Console) movePost(v *visit) error {
	day, err := v.date("day", "要移到的日期")
	var post posts.Post
	if err == nil {
		post, err = c.cfg.Newsroom.MoveTo(v.ctx(), v.who, v.r.PathValue("id"), day)
	}
	if err != nil {
		p := c.explain(v, err)
		return c.showTimetable(v, p.Status, v.form("view"), v.form("on"), p)
	}
	view := "month"
	if v.form("view") == "week" {
		view = "week"
	}
	on, err := workday.Parse(v.form("on"))
	if err != nil {
		on = day
	}
	return c.redirect(v, timetablePath(view, on), "《"+post.Content.Title+"》已移到 "+clockText(post.DueAt, "2006年1月2日 15:04")+"，时间没有变。")
}
