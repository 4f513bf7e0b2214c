package workday

import (
	"fmt"
	"maps"
	"slices"
	"time"
)

// Notice is one year's 国务院办公厅关于部分节假日安排的通知. A notice is named after its title year but may also change
// days at the end of the year before (the 2023 notice made 2022-12-31 a day off).
type Notice struct {
	Year    int             `json:"year"`
	Number  string          `json:"number"` // 文号, e.g. 国办发明电〔2025〕7号
	URL     string          `json:"url,omitempty"`
	Off     map[Date]string `json:"off"`     // days off → the holiday's name
	Makeup  map[Date]string `json:"makeup"`  // make-up workdays (调休上班) → the holiday they make up for
	Entered time.Time       `json:"entered"` // when staff entered it; zero for the embedded notices
}

// Validate reports what is wrong with a notice: no number, days far outside its year, a day both off and worked, a
// make-up workday that is not on a weekend.
func (n Notice) Validate() error {
	if n.Number == "" {
		return fmt.Errorf("workday: notice of %d has no number", n.Year)
	}
	if len(n.Off) == 0 {
		return fmt.Errorf("workday: notice of %d has no day off", n.Year)
	}
	for d := range n.Off {
		if err := n.covers(d); err != nil {
			return err
		}
		if _, both := n.Makeup[d]; both {
			return fmt.Errorf("workday: %s is both a day off and a workday", d)
		}
	}
	for d := range n.Makeup {
		if err := n.covers(d); err != nil {
			return err
		}
		if !weekend(d) {
			return fmt.Errorf("workday: make-up workday %s is not on a weekend", d)
		}
	}
	return nil
}

// covers reports whether the notice may speak of d: its own year, or the December before.
func (n Notice) covers(d Date) error {
	if d.Year() == n.Year || (d.Year() == n.Year-1 && d.Month() == time.December) {
		return nil
	}
	return fmt.Errorf("workday: %s is outside the notice of %d", d, n.Year)
}

// Calendar knows working days. It is immutable; the zero value knows no notice at all.
type Calendar struct{ notices map[int]Notice }

// New returns a calendar of the given notices; of two for one year the later in the list counts.
func New(notices ...Notice) Calendar { return Calendar{}.With(notices...) }

// With returns a calendar that also knows the given notices, which replace those of the same year.
func (c Calendar) With(notices ...Notice) Calendar {
	all := make(map[int]Notice, len(c.notices)+len(notices))
	maps.Copy(all, c.notices)
	for _, n := range notices {
		all[n.Year] = n
	}
	return Calendar{all}
}

// Notices returns the notices in the order of their years.
func (c Calendar) Notices() []Notice {
	var out []Notice
	for _, year := range slices.Sorted(maps.Keys(c.notices)) {
		out = append(out, c.notices[year])
	}
	return out
}

// Known reports whether the notice of the year is on record.
func (c Calendar) Known(year int) bool { _, ok := c.notices[year]; return ok }

// KnownThrough returns the last year of the unbroken run of notices that starts with the earliest one.
func (c Calendar) KnownThrough() int {
	years := slices.Sorted(maps.Keys(c.notices))
	last := 0
	for i, y := range years {
		if i > 0 && y != last+1 {
			break
		}
		last = y
	}
	return last
}

// Day describes one date.
type Day struct {
	Date        Date
	Workday     bool
	Reason      string // 周末, a holiday's name, 调休上班 with the holiday, or "" for an ordinary workday
	Provisional bool   // the year's notice is not on record
}

// Day tells whether d is a working day and why. In a year without a notice weekends and the statutory holidays
// themselves (放假办法第二条) are off, nothing is moved, and the answer is provisional.
func (c Calendar) Day(d Date) Day {
	day := Day{Date: d, Provisional: !c.Known(d.Year())}
	own, next := c.notices[d.Year()], c.notices[d.Year()+1] // the next may change days in December, and is the later word
	off, makeup := next.Off[d], next.Makeup[d]
	if off == "" && makeup == "" {
		off, makeup = own.Off[d], own.Makeup[d]
	}
	switch {
	case off != "":
		day.Reason = off
	case makeup != "":
		day.Workday, day.Reason = true, makeup+"调休上班"
	case weekend(d):
		day.Reason = "周末"
	case day.Provisional && statutoryHoliday(d) != "":
		day.Reason = statutoryHoliday(d)
	default:
		day.Workday = true
	}
	return day
}

// Workday reports whether d is a working day.
func (c Calendar) Workday(d Date) bool { return c.Day(d).Workday }

// Due is the end of a period counted in working days.
type Due struct {
	Date        Date `json:"date"`
	Provisional bool `json:"provisional"` // some day on the way lies in a year without a notice (暂定)
}

// Add returns the n-th working day after d. The day d itself is not counted: the period starts on the next day and ends
// on a working day. n must be at least 1.
func (c Calendar) Add(d Date, n int) Due {
	due := Due{Date: d}
	for n > 0 {
		due.Date = due.Date.AddDays(1)
		day := c.Day(due.Date)
		due.Provisional = due.Provisional || day.Provisional
		if day.Workday {
			n--
		}
	}
	return due
}

// Between returns how many working days lie after d, up to and including to; it is 0 when to is not after d. For every
// n ≥ 1, Between(d, Add(d, n).Date) is n.
func (c Calendar) Between(d, to Date) int {
	count := 0
	for day := d.AddDays(1); !day.After(to); day = day.AddDays(1) {
		if c.Workday(day) {
			count++
		}
	}
	return count
}

// Next returns d when it is a working day, otherwise the first working day after it.
func (c Calendar) Next(d Date) Date {
	for !c.Workday(d) {
		d = d.AddDays(1)
	}
	return d
}

func weekend(d Date) bool {
	w := d.Weekday()
	return w == time.Saturday || w == time.Sunday
}
