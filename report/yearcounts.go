package report

// YearCounts is all that the report of a year is drawn from: what its records count to, the registers, and the fees. It comes
// from the records (Records.Year), or from indexes that give the same.
type YearCounts struct {
	Figures   map[string]int // by name; figures that count nothing may be left out
	Registers Registers
	Fee       Fee
}

// Year counts the records of a year.
func (r Records) Year(year int) YearCounts {
	return YearCounts{r.counts(year), r.Registers, r.fee(year)}
}

// Fee sums the fees for processing information that were paid in the year, for section 六.
func (r Records) Fee(year int) Fee { return r.fee(year) }
