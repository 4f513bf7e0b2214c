package disclosure

import "shoushan/workday"

// Cell is one elementary cell of table 三 or 四 of a year: no sums. Row and Col are spelled as in the report's schema: new,
// carried_in, the outcomes and carried_out × the applicant kinds; the remedy kinds × upheld, corrected, other, pending.
type Cell struct {
	Year int    `json:"year"`
	Row  string `json:"row"`
	Col  string `json:"col"`
}

// The rows of table 三 that are no outcomes.
const (
	RowNew        = "new"         // 本年新收
	RowCarriedIn  = "carried_in"  // 上年结转
	RowCarriedOut = "carried_out" // 结转下年度继续办理
)

// Count adds up the elementary cells of tables 三 and 四 of a year, as things stood at the end of the year, or at the end of
// asOf while the year is running. A running year has no carried_out.
func Count(year int, requests []Request, asOf workday.Date) map[Cell]int {
	counts := map[Cell]int{}
	for _, r := range requests {
		for _, c := range r.Cells(year, asOf) {
			counts[c]++
		}
	}
	return counts
}

// Cells returns the elementary cells of the year's tables 三 and 四 in which the request counts. A request is new in the year
// of its legal receipt and ends in the first year at whose end it is closed, with the decision that then stood: a
// published figure does not change when a case is taken up again later.
func (r Request) Cells(year int, asOf workday.Date) []Cell {
	end := endOf(year, asOf)
	if r.Filing.Matter != Information || end.IsZero() {
		return nil
	}
	out := r.cells3(year, end, asOf)
	for _, m := range r.Remedies {
		if result := m.resultIn(year, end); result != "" {
			out = append(out, Cell{year, string(m.Kind), string(result)})
		}
	}
	return out
}

func (r Request) cells3(year int, end, asOf workday.Date) []Cell {
	received := r.ReceivedOn
	if received.IsZero() || received.After(end) {
		return nil
	}
	outcome, settledIn := r.settled(year, asOf)
	if settledIn != 0 && settledIn < year {
		return nil
	}
	col := string(r.Filing.ApplicantKind)
	first := RowNew
	if received.Year() < year {
		first = RowCarriedIn
	}
	out := []Cell{{year, first, col}}
	switch {
	case settledIn == year:
		out = append(out, Cell{year, string(outcome), col})
	case over(year, asOf):
		out = append(out, Cell{year, RowCarriedOut, col})
	}
	return out
}

// settled returns the outcome and the year in which the request left the books, looking no further than the given year;
// 0 when it is still on them.
func (r Request) settled(year int, asOf workday.Date) (Outcome, int) {
	for y := r.ReceivedOn.Year(); y <= year; y++ {
		if o := r.outcomeOn(endOf(y, asOf)); o != "" {
			return o, y
		}
	}
	return "", 0
}

// outcomeOn returns the outcome that stood at the end of the day, or "" when the request was open.
func (r Request) outcomeOn(day workday.Date) Outcome {
	for _, d := range r.Earlier {
		if !d.ServedOn.After(day) && d.ReopenedOn.After(day) {
			return d.Outcome
		}
	}
	if r.served() && !r.Decision.ServedOn.After(day) {
		return r.Decision.Outcome
	}
	return ""
}

// resultIn returns the column of table 四 in which the case counts in a year: pending until the year in which it is closed,
// then its result. “” when it does not count in that year.
func (m Remedy) resultIn(year int, end workday.Date) RemedyResult {
	switch {
	case m.pending(end):
		return Pending
	case !m.ClosedOn.IsZero() && m.ClosedOn.Year() == year && !m.ClosedOn.After(end):
		return m.Result
	}
	return ""
}

// over reports whether the year had ended by the day.
func over(year int, asOf workday.Date) bool { return asOf.Year() > year }

// endOf returns the last day of the year that counts: 31 December, or asOf while the year is running; zero before it.
func endOf(year int, asOf workday.Date) workday.Date {
	switch {
	case over(year, asOf):
		return workday.On(year, 12, 31)
	case asOf.Year() == year:
		return asOf
	}
	return workday.Date{}
}
