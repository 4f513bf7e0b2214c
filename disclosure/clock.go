package disclosure

import (
	"fmt"
	"slices"
	"time"

	"shoushan/workday"
)

// The periods of the law, in working days.
const (
	ReplyDays            = 20 // 条例第三十三条第二款
	ExtensionDays        = 20 // 条例第三十三条第二款: at most so many more, once
	SupplementNoticeDays = 7  // 条例第三十条: the notice must go out within
	ConsultationDays     = 15 // 条例第三十二条、第三十四条
	PaymentDays          = 20 // 国办函〔2020〕109号
)

// EntryKind says what an entry does to the clock.
type EntryKind string

// The kinds of entries.
const (
	Start    EntryKind = "start"
	Pause    EntryKind = "pause"    // a consultation was sent; Days is the longest it may last
	Received EntryKind = "received" // the party got the letter: its days run from here
	Resume   EntryKind = "resume"   // its answer arrived, or the days lapsed
	Suspend  EntryKind = "suspend"  // a supplement or a fee is awaited: what has run is void, a restart follows
	Restart  EntryKind = "restart"
	Extend   EntryKind = "extend"
	Stop     EntryKind = "stop"
)

// Entry is one line of the clock's ledger.
type Entry struct {
	Kind    EntryKind    `json:"kind"`
	On      workday.Date `json:"on"` // the legal day; it is not counted itself
	At      time.Time    `json:"at"` // when it was entered, UTC
	Days    int          `json:"days,omitempty"`
	Ref     int          `json:"ref,omitempty"` // pause and resume of one consultation share its number, from 1
	Article string       `json:"article"`
	Cause   string       `json:"cause"` // a Chinese phrase, never personal data
}

// Ledger is the clock of a request: nothing but what happened to it. The due date is a fold of it.
type Ledger []Entry

// StartClock returns the ledger of a request received on the given day (收到申请之日) and entered at the given instant.
func StartClock(received workday.Date, at time.Time) Ledger {
	return Ledger{{Kind: Start, On: received, At: at.UTC(), Days: ReplyDays, Article: "条例第三十三条", Cause: "收到申请"}}
}

// Line is one step of “why this date” (期限是怎么算出来的).
type Line struct {
	Date     workday.Date `json:"date"`
	Article  string       `json:"article"`
	Sentence string       `json:"sentence"`
}

// String returns the line as it is printed.
func (l Line) String() string {
	if l.Article == "" {
		return fmt.Sprintf("%s  %s", l.Date, l.Sentence)
	}
	return fmt.Sprintf("%s  %s（%s）", l.Date, l.Sentence, l.Article)
}

// Deadline tells until when the answer is due (答复期限) and why.
type Deadline struct {
	Due         workday.Date // zero while no clock runs: not yet received, or a supplement or payment is awaited
	Target      workday.Date // the desk's own target, one working day earlier
	Provisional bool         // some day on the way lies in a year without a notice (暂定)
	Paused      bool         // a consultation, a supplement or a payment is awaited
	Lines       []Line
	From        workday.Date // the day after which the running period counts; zero while none runs
	Days        int          // of the running period in working days, with extensions and without what is paused
	Pauses      []Span       // the consultations of the running period, which may overlap
}

// Span is the days after From up to and including To; an open one lasts to the latest day on which it may end.
type Span struct{ From, To workday.Date }

// Holds reports whether the day lies in the span.
func (s Span) Holds(d workday.Date) bool { return d.After(s.From) && !d.After(s.To) }

// Deadline folds the ledger. While a consultation is open, its days count as paused up to the last day on which its
// answer may arrive, so Due is the latest date that can come of it.
func (r Request) Deadline(cal workday.Calendar) Deadline { return r.Clock.fold(cal) }

// Overdue reports whether the answer is late at the given instant: due and not served, or served after it was due.
// Nothing is overdue while the clock does not run.
func (r Request) Overdue(cal workday.Calendar, now time.Time) bool {
	d := r.Deadline(cal)
	if d.Due.IsZero() {
		return false
	}
	return r.answeredOr(workday.Of(now)).After(d.Due)
}

// DaysLeft returns how many working days are left after today until the answer is due: 0 on the day itself, negative
// when it is late, also on a weekend right after it. It is 0 for what is closed and while no clock runs.
func (r Request) DaysLeft(cal workday.Calendar, now time.Time) int {
	due, today := r.Deadline(cal).Due, workday.Of(now)
	switch {
	case r.State == Closed || due.IsZero():
		return 0
	case today.After(due):
		return -max(cal.Between(due, today), 1)
	}
	return cal.Between(today, due)
}

// answeredOr returns the day on which the clock stopped, or today while it has not.
func (r Request) answeredOr(today workday.Date) workday.Date {
	if n := len(r.Clock); n > 0 && r.Clock[n-1].Kind == Stop {
		return r.Clock[n-1].On
	}
	return today
}

// Explain tells when a period of so many working days ends that was set off by a receipt, and why. It serves
// `shoushan deadline`; days must be at least 1.
func Explain(received workday.Date, days int, cal workday.Calendar) Deadline {
	f := folding{cal: cal}
	f.begin(Entry{Kind: Start, On: received, Days: days, Article: articleOf(days), Cause: "收到申请"})
	return f.deadline()
}

// extended reports whether the period was prolonged on the given article, ever.
func (l Ledger) extended(article string) bool {
	return slices.ContainsFunc(l, func(e Entry) bool { return e.Kind == Extend && e.Article == article })
}

func articleOf(days int) string {
	switch days {
	case SupplementNoticeDays:
		return "条例第三十条"
	case ConsultationDays:
		return "条例第三十二条"
	}
	return "条例第三十三条"
}

func (l Ledger) fold(cal workday.Calendar) Deadline { return l.read(folding{cal: cal}) }

// reckoned is the fold without the lines that say why, for whoever only compares.
func (l Ledger) reckoned(cal workday.Calendar) Reckoned {
	d := l.read(folding{cal: cal, silent: true})
	return Reckoned{Due: d.Due, Provisional: d.Provisional}
}

func (l Ledger) read(f folding) Deadline {
	for _, e := range l {
		f.take(e)
	}
	return f.deadline()
}

// folding is a ledger half read.
type folding struct {
	cal       workday.Calendar
	from      workday.Date // the day from which the running period counts; zero while none runs
	days      int          // of the period, with extensions
	pauses    []pause
	suspended bool
	lines     []Line
	silent    bool // nobody asks why
}

// pause is one consultation: the working days after From up to and including To do not count.
type pause struct {
	ref      int
	from, to workday.Date
	open     bool
}

func (f *folding) take(e Entry) {
	switch e.Kind {
	case Start, Restart:
		f.begin(e)
	case Pause:
		f.pause(e)
	case Received:
		f.received(e)
	case Resume:
		f.resume(e)
	case Suspend:
		f.from, f.suspended = workday.Date{}, true
		f.say(e.On, e.Article, e.Cause+"，原来的期限不再计算")
	case Extend:
		f.days += e.Days
		f.say(e.On, e.Article, fmt.Sprintf("%s，增加 %d 个工作日", e.Cause, e.Days))
	case Stop:
		f.close(e.On)
		f.say(e.On, e.Article, e.Cause+"，期限停止计算")
	}
}

func (f *folding) begin(e Entry) {
	f.from, f.days, f.pauses, f.suspended = e.On, e.Days, nil, false
	verb := "从次日起计算"
	if e.Kind == Restart {
		verb = "从次日起重新计算"
	}
	f.say(e.On, e.Article, fmt.Sprintf("%s，当日不计，%s %d 个工作日", e.Cause, verb, e.Days))
}

// pause leaves out the days of a consultation. One that was sent when the answer was late already leaves out nothing: the
// period was over.
func (f *folding) pause(e Entry) {
	if due := f.due().Date; !due.IsZero() && e.On.After(due) {
		f.say(e.On, e.Article, fmt.Sprintf("%s，答复期限已于 %s 届满，不再扣除", e.Cause, due))
		return
	}
	last := f.cal.Add(e.On, e.Days).Date
	f.pauses = append(f.pauses, pause{ref: e.Ref, from: e.On, to: last, open: true})
	f.say(e.On, e.Article, fmt.Sprintf("%s，自次日起不计入期限，最长 %d 个工作日，到 %s 为止", e.Cause, e.Days, last))
}

// received lets the days of an open consultation run from the day on which the party got the letter.
func (f *folding) received(e Entry) {
	for i := range f.pauses {
		if p := &f.pauses[i]; p.ref == e.Ref && p.open {
			p.to = f.cal.Add(e.On, e.Days).Date
			f.say(e.On, e.Article, fmt.Sprintf("%s，自次日起 %d 个工作日，到 %s 为止不计入期限", e.Cause, e.Days, p.to))
		}
	}
}

func (f *folding) resume(e Entry) {
	for i := range f.pauses {
		p := &f.pauses[i]
		if p.ref != e.Ref || !p.open {
			continue
		}
		p.open = false
		if e.On.Before(p.to) {
			p.to = e.On
		}
		f.say(e.On, e.Article, fmt.Sprintf("%s，共扣除 %d 个工作日", e.Cause, f.cal.Between(p.from, p.to)))
	}
}

// close ends the consultations that were still open when the clock stopped.
func (f *folding) close(on workday.Date) {
	for i := range f.pauses {
		p := &f.pauses[i]
		if p.open && on.Before(p.to) {
			p.to = on
		}
		p.open = false
	}
}

// paused returns how many working days do not count. Consultations may overlap; a day is left out once.
func (f *folding) paused() int {
	n := 0
	last := f.from
	for _, p := range f.pauses {
		from := later(p.from, last)
		n += f.cal.Between(from, p.to)
		last = later(last, p.to)
	}
	return n
}

func later(a, b workday.Date) workday.Date {
	if a.After(b) {
		return a
	}
	return b
}

// due returns the last day of the running period, or the zero day while none runs.
func (f *folding) due() workday.Due {
	if f.from.IsZero() || f.days < 1 {
		return workday.Due{}
	}
	return f.cal.Add(f.from, f.days+f.paused())
}

func (f *folding) open() bool {
	for _, p := range f.pauses {
		if p.open {
			return true
		}
	}
	return false
}

func (f *folding) deadline() Deadline {
	if f.from.IsZero() || f.days < 1 {
		return Deadline{Paused: f.suspended, Lines: f.lines}
	}
	total, due := f.days+f.paused(), f.due()
	d := Deadline{Due: due.Date, Target: f.cal.Add(f.from, max(total-1, 1)).Date, Provisional: due.Provisional, Paused: f.open(), From: f.from, Days: f.days}
	for _, p := range f.pauses {
		d.Pauses = append(d.Pauses, Span{p.from, p.to})
	}
	if f.silent {
		return d
	}
	f.wayTo(due.Date)
	left := ""
	if paused := f.paused(); paused > 0 {
		left = fmt.Sprintf("（不计征求意见的 %d 个工作日）", paused)
	}
	f.say(due.Date, "", fmt.Sprintf("第 %d 个工作日%s，期限届满（%s）", f.days, left, due.Date.ChineseWeekday()))
	if due.Provisional {
		f.say(due.Date, "", "途经的年份还没有放假通知，日期暂定，通知公布后重新计算")
	}
	d.Lines = f.lines
	return d
}

// wayTo tells the days that are not what their weekday says: holidays and make-up workdays.
func (f *folding) wayTo(due workday.Date) {
	for d := f.from.AddDays(1); !d.After(due); d = d.AddDays(1) {
		day := f.cal.Day(d)
		if day.Reason == "" || day.Reason == "周末" {
			continue
		}
		sentence := day.Reason + "，不计入工作日"
		if day.Workday {
			sentence = day.Reason + "，计入工作日"
		}
		f.say(d, "", sentence)
	}
}

func (f *folding) say(on workday.Date, article, sentence string) {
	if f.silent {
		return
	}
	f.lines = append(f.lines, Line{Date: on, Article: article, Sentence: sentence})
}
