package report

import "slices"

// Traceable reports whether a violation of the rule can be laid to records; see Offenders.
func Traceable(rule string) bool {
	return slices.Contains([]string{RuleCarry, RuleRegulation, RuleStock, RuleRowSum, RuleColumnSum, RuleBalance, RuleSum4, RuleNarrative, RuleFee}, rule)
}

// Offenders returns the ids of the records to which a violation of a year's own report can be laid, so that a person can
// open them; none when the rule is about words. sealed, which may be nil, is last year's published report.
func (r Records) Offenders(v Violation, year int, sealed *Seal) []string {
	figures := map[string][]string{}
	r.each(year, func(figure, id string) { figures[figure] = append(figures[figure], id) })
	switch v.Rule {
	case RuleCarry:
		return carryOffenders(figures, v.Where, sealed)
	case RuleRegulation:
		return union(figures["t2.规章.made"], figures["t2.规章.repealed"], figures["t2.规章.valid"])
	case RuleStock:
		return union(figures["t2."+v.Where+".made"], figures["t2."+v.Where+".repealed"])
	case RuleRowSum:
		return outside(figures, "t3."+v.Where+".total", crossed([]string{"t3." + v.Where}, Columns()[:totalColumn]))
	case RuleColumnSum:
		return outside(figures, "t3.r7."+v.Where, crossed(detailRows(), []string{v.Where}))
	case RuleBalance:
		return unbalanced(figures, v.Where)
	case RuleSum4:
		return outside(figures, "t4."+v.Where+".total", crossed([]string{"t4." + v.Where}, results4[:len(results4)-1]))
	case RuleNarrative:
		return figures[v.Where]
	case RuleFee:
		return figures["fee.cases"]
	}
	return nil
}

// carryOffenders are the requests that are carried in and were not carried out, and the other way round.
func carryOffenders(figures map[string][]string, column string, sealed *Seal) []string {
	if sealed == nil {
		return nil
	}
	in, out := figures["t3.carried_in."+column], sealed.Counted["t3.carried_out."+column]
	if column == Columns()[totalColumn] {
		out = nil
		for _, col := range Columns()[:totalColumn] {
			out = append(out, sealed.Counted["t3.carried_out."+col]...)
		}
	}
	return union(without(in, out), without(out, in))
}

// outside are the records that count in a sum and in none of its parts, such as a request of a kind that the form does not
// know.
func outside(figures map[string][]string, total string, parts []string) []string {
	var inside []string
	for _, name := range parts {
		inside = append(inside, figures[name]...)
	}
	return union(without(figures[total], inside))
}

// unbalanced are the requests that came in, or were there, and neither ended nor went on, and the other way round.
func unbalanced(figures map[string][]string, column string) []string {
	in := union(figures["t3.new."+column], figures["t3.carried_in."+column])
	out := union(figures["t3.r7."+column], figures["t3.carried_out."+column])
	return union(without(in, out), without(out, in))
}

// detailRows are the rows of table 三 that tell how a request ended, as figures name them.
func detailRows() []string {
	var out []string
	for _, row := range officialForm().Details3 {
		out = append(out, "t3."+row)
	}
	return out
}

// crossed names the cells where rows and columns meet.
func crossed(rows, columns []string) []string {
	var out []string
	for _, row := range rows {
		for _, column := range columns {
			out = append(out, row+"."+column)
		}
	}
	return out
}

func union(lists ...[]string) []string {
	out := slices.Concat(lists...)
	slices.Sort(out)
	return slices.Compact(out)
}
