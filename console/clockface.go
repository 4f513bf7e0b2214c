package console

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"

	"shoushan/disclosure"
	"shoushan/workday"
)

// soonDays is when a request counts as due soon (临期), in working days: the first rung of the reminder ladder.
const soonDays = 5

// clockFace is a request's deadline as pages show it.
type clockFace struct {
	Due                                 workday.Date
	DueText, Text                       string
	TargetText                          string // the desk's own target, one working day before; "" when no clock runs
	Left                                int    // working days; negative when late
	Provisional, Running, Overdue, Soon bool
	NoSign                              bool // the answer went by chat alone, days ago, and nothing shows that it arrived
}

// faces computes the deadlines of requests as they stand now.
func (c *Console) faces(v *visit, list []disclosure.Request) (map[string]clockFace, error) {
	cal, err := c.cfg.Calendar(v.ctx())
	if err != nil {
		return nil, err
	}
	out := make(map[string]clockFace, len(list))
	for _, r := range list {
		f := clockFace{Left: r.DaysLeft(cal, v.now), Overdue: r.Overdue(cal, v.now), NoSign: r.Unreceived(cal, workday.Of(v.now))}
		out[r.ID] = f.of(r, r.Deadline(cal))
	}
	return out, nil
}

// of fills the face from the fold of the ledger.
func (f clockFace) of(r disclosure.Request, d disclosure.Deadline) clockFace {
	f.Due, f.DueText, f.Provisional = d.Due, d.Due.String(), d.Provisional
	switch {
	case r.State == disclosure.Closed:
		return f
	case r.ReceivedOn.IsZero():
		f.Text = "双方确认后起算"
	case d.Due.IsZero():
		f.Text = "停止计时，等待对方"
	case d.Paused:
		f.Text = "暂停计时，最晚到这一天"
	case f.Overdue:
		f.Text = fmt.Sprintf("已超期 %d 个工作日", max(1, -f.Left))
	case f.Left == 0:
		f.Text = "今天到期"
	default:
		f.Text = fmt.Sprintf("还剩 %d 个工作日", f.Left)
	}
	f.Running = !d.Due.IsZero() && !d.Paused
	if f.Running && !f.Overdue {
		f.TargetText = d.Target.String()
	}
	f.Soon = f.Running && !f.Overdue && f.Left <= soonDays
	return f
}

// countedDay is one day of the list that shows how the period was counted.
type countedDay struct {
	Label, Weekday, Reason string
	Counted                bool
	N                      int
}

type whyPage struct {
	frame
	ID       string
	Received string
	Clock    clockFace
	Lines    []disclosure.Line
	From     string // the day after which the list counts
	Days     []countedDay
}

// why is the page that can be printed: why the reply is due on this day, line by line with the articles.
func (c *Console) why(v *visit) error {
	r, err := c.cfg.Requests.Request(v.ctx(), v.r.PathValue("id"))
	if err != nil {
		return err
	}
	faces, err := c.faces(v, []disclosure.Request{r})
	if err != nil {
		return err
	}
	cal, err := c.cfg.Calendar(v.ctx())
	if err != nil {
		return err
	}
	d := r.Deadline(cal)
	return c.show(v, http.StatusOK, "why", &whyPage{
		frame: frame{Title: "为什么是这一天 · " + r.ID, Here: "/requests"}, ID: r.ID, Clock: faces[r.ID],
		Received: cmp.Or(r.ReceivedOn.Chinese(), "尚未确认"), Lines: d.Lines, Days: countDays(d, cal), From: d.From.Chinese(),
	})
}

// countDays lists every day of the running period: those that count with their number, the others with their reason. It is
// nil when the numbers would not end at the period's last day on the due date: then the lines alone tell.
func countDays(d disclosure.Deadline, cal workday.Calendar) []countedDay {
	if d.From.IsZero() || d.Due.IsZero() {
		return nil
	}
	var out []countedDay
	n := 0
	for day := d.From.AddDays(1); !day.After(d.Due); day = day.AddDays(1) {
		row := countedDay{Label: fmt.Sprintf("%d月%d日", int(day.Month()), day.Day()), Weekday: day.ChineseWeekday(), Reason: cal.Day(day).Reason}
		paused := slices.ContainsFunc(d.Pauses, func(s disclosure.Span) bool { return s.Holds(day) })
		switch {
		case !cal.Workday(day):
		case paused:
			row.Reason = "征求意见，不计"
		default:
			n++
			row.Counted, row.N = true, n
		}
		out = append(out, row)
	}
	if n != d.Days {
		return nil
	}
	return out
}
