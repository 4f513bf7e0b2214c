package workday

import (
	"fmt"
	"time"
)

// Beijing is the one zone of the system. China has kept no daylight saving time since 1991, so a fixed offset is exact
// and works on machines without a zone database.
var Beijing = time.FixedZone("CST", 8*60*60)

const layout = "2006-01-02"

// Date is a civil date (a legal day) without a time or zone. The zero value means “not set”.
type Date struct {
	year  int
	month time.Month
	day   int
}

// On returns the date of the given year, month and day, normalised as time.Date does.
func On(year int, month time.Month, day int) Date {
	return fromTime(time.Date(year, month, day, 0, 0, 0, 0, time.UTC))
}

// Of returns the Beijing date of an instant, or the zero Date for the zero instant.
func Of(t time.Time) Date {
	if t.IsZero() {
		return Date{}
	}
	return fromTime(t.In(Beijing))
}

func fromTime(t time.Time) Date {
	y, m, d := t.Date()
	return Date{y, m, d}
}

// Parse reads a date written as 2026-11-23.
func Parse(s string) (Date, error) {
	t, err := time.Parse(layout, s)
	if err != nil {
		return Date{}, fmt.Errorf("workday: parse date %q: %w", s, err)
	}
	return fromTime(t), nil
}

// MustParse is Parse for constants; it panics on a malformed date.
func MustParse(s string) Date {
	d, err := Parse(s)
	if err != nil {
		panic(err)
	}
	return d
}

// IsZero reports whether the date is not set.
func (d Date) IsZero() bool { return d == Date{} }

// Year returns the civil year.
func (d Date) Year() int { return d.year }

// Month returns the civil month.
func (d Date) Month() time.Month { return d.month }

// Day returns the day of the month.
func (d Date) Day() int { return d.day }

// Weekday returns the day of the week.
func (d Date) Weekday() time.Weekday { return d.utc().Weekday() }

// Start returns the instant at which the date begins in Beijing.
func (d Date) Start() time.Time { return d.At(0, 0) }

// At returns the instant of the given Beijing hour and minute on this date.
func (d Date) At(hour, minute int) time.Time {
	return time.Date(d.year, d.month, d.day, hour, minute, 0, 0, Beijing)
}

// AddDays returns the date n calendar days later; n may be negative.
func (d Date) AddDays(n int) Date { return fromTime(d.utc().AddDate(0, 0, n)) }

// Compare returns -1, 0 or 1 as d is before, equal to or after o.
func (d Date) Compare(o Date) int { return d.utc().Compare(o.utc()) }

// Before reports whether d is earlier than o.
func (d Date) Before(o Date) bool { return d.Compare(o) < 0 }

// After reports whether d is later than o.
func (d Date) After(o Date) bool { return d.Compare(o) > 0 }

// String returns the date as 2026-11-23, or "" when it is not set.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return d.utc().Format(layout)
}

// Chinese returns the date as official documents write it: 2026年11月23日.
func (d Date) Chinese() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%d年%d月%d日", d.year, int(d.month), d.day)
}

var weekdayNames = [...]string{"星期日", "星期一", "星期二", "星期三", "星期四", "星期五", "星期六"}

// ChineseWeekday returns the day of the week in Chinese: 星期一.
func (d Date) ChineseWeekday() string { return weekdayNames[d.Weekday()] }

// MarshalText encodes the date as String does.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText decodes what MarshalText wrote; empty text is the zero Date.
func (d *Date) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*d = Date{}
		return nil
	}
	parsed, err := Parse(string(text))
	if err != nil {
		return err
	}
	*d = parsed
	return nil
}

func (d Date) utc() time.Time { return time.Date(d.year, d.month, d.day, 0, 0, 0, 0, time.UTC) }
