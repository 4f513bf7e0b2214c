package console

import (
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"shoushan/disclosure"
	"shoushan/fault"
	"shoushan/staff"
	"shoushan/workday"
)

// noticeMonth is when the State Council usually tells the next year's days off.
const noticeMonth = time.November

// yearRow is one year of the calendar.
type yearRow struct {
	Year, Off, Makeup int
	Number, URL       string
	Entered           time.Time
	Days              []string
}

type calendarView struct {
	frame
	Years       []yearRow
	Missing     int // the next year without a notice
	Provisional int // open cases whose due date depends on it
	Moved       []movedRow
	MayOpen     bool // the cases
	MayEnter    bool
	Fields      []field
	Problem     problem
	Seen        string // the notices as they are shown
}

// noticeFields are what staff copy from the notice.
func noticeFields(year int, typed func(string) string) []field {
	fields := []field{
		{Name: "year", Label: "年份", Kind: numField, Required: true, Value: strconv.Itoa(year), Help: "以通知标题里的年份为准。"},
		{Name: "number", Label: "文号", Kind: textLine, Required: true, Help: "例如：国办发明电〔2025〕7号。"},
		{Name: "url", Label: "通知网址", Kind: textLine},
		{Name: "off", Label: "放假的日期，每行一段", Kind: textBlock, Required: true, Help: "例如：2026-02-15 至 2026-02-23 春节；只有一天的写：2026-01-01 元旦。"},
		{Name: "makeup", Label: "调休上班的日期，每行一天", Kind: textBlock, Help: "例如：2026-02-14 春节。"},
	}
	for i := range fields {
		fields[i].ID = "notice-" + fields[i].Name
		if value := typed(fields[i].Name); value != "" {
			fields[i].Value = value
		}
	}
	return fields
}

// movedRow is one open case whose due date a notice has moved.
type movedRow struct {
	ID, Says string
	At       time.Time
}

// movesOf lists how notices have moved the due date of a case.
func movesOf(r disclosure.Request) []movedRow {
	var out []movedRow
	for _, e := range r.Trail {
		if e.Action == string(disclosure.DoRecalculate) {
			out = append(out, movedRow{r.ID, e.Note, e.At})
		}
	}
	return out
}

func (c *Console) calendarPage(v *visit) error {
	return c.showCalendar(v, http.StatusOK, func(string) string { return "" }, problem{})
}

func (c *Console) showCalendar(v *visit, status int, typed func(string) string, why problem) error {
	cal, err := c.cfg.Calendar(v.ctx())
	if err != nil {
		return err
	}
	p := &calendarView{frame: frame{Title: "工作日历", Here: "/calendar"}, Missing: cal.KnownThrough() + 1, Problem: why}
	p.MayEnter = c.cfg.SaveNotice != nil && v.who.May(staff.ManageSettings)
	for _, n := range cal.Notices() {
		p.Years = append(p.Years, yearRow{Year: n.Year, Off: len(n.Off), Makeup: len(n.Makeup), Number: n.Number, URL: webAddress(n.URL), Entered: n.Entered, Days: daysOf(n)})
	}
	slices.Reverse(p.Years)
	p.Seen = markOf(cal.Notices())
	p.MayOpen = (route{rights: requests}).allows(v.who)
	p.Fields = noticeFields(p.Missing, typed)
	open, err := c.cfg.Requests.Requests(v.ctx(), disclosure.Query{Open: true})
	for _, r := range open {
		if r.Deadline(cal).Provisional {
			p.Provisional++
		}
		p.Moved = append(p.Moved, movesOf(r)...)
	}
	if err != nil {
		return err
	}
	return c.show(v, status, "calendar", p)
}

// daysOf lists the notice's days in their order, those off and those worked.
func daysOf(n workday.Notice) []string {
	var days []workday.Date
	for d := range n.Off {
		days = append(days, d)
	}
	for d := range n.Makeup {
		days = append(days, d)
	}
	slices.SortFunc(days, workday.Date.Compare)
	out := make([]string, len(days))
	for i, d := range days {
		out[i] = d.String() + " " + n.Off[d]
		if name := n.Makeup[d]; name != "" {
			out[i] = d.String() + " 上班（" + name + "）"
		}
	}
	return out
}

// enterNotice stores a notice and reckons every open case anew; each whose date moved gets an event, and its handler a
// line on the home page.
func (c *Console) enterNotice(v *visit) error {
	moved, err := c.storeNotice(v)
	if errors.Is(err, errReckoning) {
		c.explain(v, err) // for the log
		return c.redirect(v, "/calendar", "放假通知已录入，期限没有全部重新计算完，系统会在一分钟内接着算，不用再录入。")
	}
	if err != nil {
		p := c.explain(v, err)
		return c.showCalendar(v, p.Status, v.form, p)
	}
	done := "放假通知已录入，在办申请的期限没有变化。"
	if moved > 0 {
		done = fmt.Sprintf("放假通知已录入。%d 件在办申请的期限重新计算，已告知经办人；变化列在下面。", moved)
	}
	return c.redirect(v, "/calendar", done)
}

func (c *Console) storeNotice(v *visit) (moved int, err error) {
	if c.cfg.SaveNotice == nil {
		return 0, fault.New(fault.Conflict, "这个程序不能录入放假通知。")
	}
	n, err := typedNotice(v)
	if err != nil {
		return 0, err
	}
	cal, err := c.cfg.Calendar(v.ctx())
	if err != nil {
		return 0, err
	}
	if err := v.freshValue(cal.Notices(), "放假通知"); err != nil {
		return 0, err
	}
	if err := c.cfg.SaveNotice(v.ctx(), n); err != nil {
		return 0, err
	}
	list, err := c.cfg.Desk.Recalculate(v.ctx(), v.who)
	if err != nil {
		return len(list), fmt.Errorf("%w: %w", errReckoning, err)
	}
	return len(list), nil
}

// errReckoning: the notice is stored, and the clock goes on with what it moves.
var errReckoning = errors.New("console: not every request is reckoned anew")

func typedNotice(v *visit) (workday.Notice, error) {
	n := workday.Notice{Year: v.number("year"), Number: v.form("number"), URL: webAddress(v.form("url")), Entered: v.now.UTC()}
	if n.Year < 2020 || n.Year > 2100 || n.Number == "" {
		return n, fault.New(fault.Invalid, "请填写通知的年份和文号，例如：2027，国办发明电〔2026〕7号。")
	}
	var err error
	if n.Off, err = typedDays(v.form("off"), n.Year, false); err != nil {
		return n, err
	}
	if n.Makeup, err = typedDays(v.form("makeup"), n.Year, true); err != nil {
		return n, err
	}
	if len(n.Off) == 0 {
		return n, fault.New(fault.Invalid, "请填写放假的日期，例如：2027-01-01 元旦。")
	}
	return n, fault.Wrap(fault.Invalid, n.Validate(), "同一天不能既放假又上班，请核对日期。")
}

// span is a line of the notice: a day, or a first and a last day, and the holiday's name.
var span = regexp.MustCompile(`^(\d{4}-\d{2}-\d{2})(?:\s*(?:至|到|~|—|-{1,2})\s*(\d{4}-\d{2}-\d{2}))?\s+(\S+)$`)

// longestHoliday is the most days that one line may cover; more is a slip of the keyboard.
const longestHoliday = 15

func typedDays(text string, year int, makeup bool) (map[workday.Date]string, error) {
	days := map[workday.Date]string{}
	for _, line := range lines(text) {
		line = strings.TrimSpace(line)
		m := span.FindStringSubmatch(line)
		if m == nil {
			return nil, fault.Newf(fault.Invalid, "“%s”读不懂，请写成：2027-02-05 至 2027-02-11 春节。", line)
		}
		if m[2] == "" {
			m[2] = m[1]
		}
		first, err := workday.Parse(m[1])
		last, err2 := workday.Parse(m[2])
		if err != nil || err2 != nil || last.Before(first) || first.AddDays(longestHoliday).Before(last) {
			return nil, fault.Newf(fault.Invalid, "“%s”的日期不对，请核对。", line)
		}
		for d := first; !d.After(last); d = d.AddDays(1) {
			if err := fits(d, year, makeup); err != nil {
				return nil, err
			}
			days[d] = m[3]
		}
	}
	return days, nil
}

func fits(d workday.Date, year int, makeup bool) error {
	switch weekday := d.Weekday(); {
	case d.Year() != year && (d.Year() != year-1 || d.Month() != time.December):
		return fault.Newf(fault.Invalid, "%s不在%d年的通知范围内。", d.Chinese(), year)
	case makeup && weekday != time.Saturday && weekday != time.Sunday:
		return fault.Newf(fault.Invalid, "%s是%s，不是周末，不用调休上班，请核对。", d.Chinese(), d.ChineseWeekday())
	}
	return nil
}

// calendarTask reminds who manages the settings that the next year's notice is due.
func (c *Console) calendarTask(v *visit) (task, bool, error) {
	cal, err := c.cfg.Calendar(v.ctx())
	if err != nil {
		return task{}, false, err
	}
	today := workday.Of(v.now)
	year, since := today.Year(), workday.On(today.Year(), 1, 1)
	if cal.Known(year) {
		year, since = year+1, workday.On(today.Year(), noticeMonth, 1)
	}
	if c.cfg.SaveNotice == nil || cal.Known(year) || today.Before(since) {
		return task{}, false, nil
	}
	return task{
		What: fmt.Sprintf("录入%d年放假通知", year), About: "国务院办公厅公布后录入；在此之前，跨年的期限都是暂定。", Path: "/calendar", Since: since.At(0, 0),
	}, true, nil
}
