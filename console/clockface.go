package console

import (
	"cmp"
	"fmt"
	"net/http"

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
}

// faces computes the deadlines of requests as they stand now.
func (c *Console) faces(v *visit, list []disclosure.Request) (map[string]clockFace, error) {
	cal, err := c.cfg.Calendar(v.ctx())
	if err != nil {
		return nil, err
	}
	out := make(map[string]clockFace, len(list))
	for _, r := range list {
		f := clockFace{Left: r.DaysLeft(cal, v.now), Overdue: r.Overdue(cal, v.now)}
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
		Received: cmp.Or(r.ReceivedOn.Chinese(), "尚未确认"), Lines: d.Lines, Days: countDays(r.Clock, d.Due, cal),
	})
}

// countDays lists every day of the running period: those that count with their number, the others with their reason. A
// period with a consultation in it is told by the lines alone.
func countDays(ledger disclosure.Ledger, due workday.Date, cal workday.Calendar) []countedDay {
	begin, ok := plainPeriod(ledger)
	if !ok || due.IsZero() {
		return nil
	}
	var out []countedDay
	n := 0
	for d := begin.AddDays(1); !d.After(due); d = d.AddDays(1) {
		day := cal.Day(d)
		row := countedDay{Label: fmt.Sprintf("%d月%d日", int(d.Month()), d.Day()), Weekday: d.ChineseWeekday(), Reason: day.Reason}
		if day.Workday {
			n++
			row.Counted, row.N = true, n
		}
		out = append(out, row)
	}
	return out
}

// plainPeriod returns the day after which the running period counts; ok is false when no period runs or some of its days
// do not count.
func plainPeriod(ledger disclosure.Ledger) (begin workday.Date, ok bool) {
	for _, e := range ledger {
		switch e.Kind {
		case disclosure.Start, disclosure.Restart:
			begin, ok = e.On, true
		case disclosure.Pause, disclosure.Suspend:
			ok = false
		case disclosure.Received, disclosure.Resume, disclosure.Extend, disclosure.Stop:
		}
	}
	return begin, ok
}
