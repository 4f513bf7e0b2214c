package posts

import (
	"time"

	"shoushan/workday"
)

// Span is a stretch of Beijing days, both included. The zero Span is all time.
type Span struct{ From, To workday.Date }

// YearSpan is a calendar year.
func YearSpan(year int) Span {
	return Span{workday.On(year, time.January, 1), workday.On(year, time.December, 31)}
}

// QuarterSpan is a quarter, 1 to 4.
func QuarterSpan(year, quarter int) Span {
	first := time.Month(quarter*3 - 2)
	return Span{workday.On(year, first, 1), MonthSpan(year, first+2).To}
}

// MonthSpan is a calendar month.
func MonthSpan(year int, month time.Month) Span {
	first := workday.On(year, month, 1)
	next := first.AddDays(31)
	return Span{first, next.AddDays(-next.Day())}
}

// Until shortens a running span to end today.
func (s Span) Until(today workday.Date) Span {
	if today.Before(s.To) {
		s.To = today
	}
	return s
}

// All reports whether the span is all time.
func (s Span) All() bool { return s == Span{} }

// Has reports whether an instant lies within the span: from 00:00:00 of its first day to the end of its last.
func (s Span) Has(at time.Time) bool {
	return s.All() || !at.IsZero() && !at.Before(s.Start()) && at.Before(s.End())
}

// Start is the first instant of the span.
func (s Span) Start() time.Time { return s.From.Start() }

// End is the first instant after the span.
func (s Span) End() time.Time { return s.To.AddDays(1).Start() }

// Years lists the calendar years that the span touches.
func (s Span) Years() (years []int) {
	for y := s.From.Year(); y <= s.To.Year(); y++ {
		years = append(years, y)
	}
	return years
}
