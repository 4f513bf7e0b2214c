package report

import (
	"slices"
	"strings"
)

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
		return r.outside(figures, "t3."+v.Where+".total", "t3."+v.Where+".")
	case RuleColumnSum, RuleBalance:
		return r.outside(figures, "t3.r7."+v.Where, "t3.")
	case RuleSum4:
		return r.outside(figures, "t4."+v.Where+".total", "t4."+v.Where+".")
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
func (r Records) outside(figures map[string][]string, total, prefix string) []string {
	var parts []string
	for _, name := range FigureNames() {
		if strings.HasPrefix(name, prefix) && name != total && !strings.HasSuffix(name, ".total") && !strings.HasPrefix(name, "t3.r7.") {
			parts = append(parts, figures[name]...)
		}
	}
	return union(without(figures[total], parts))
}

func union(lists ...[]string) []string {
	out := slices.Concat(lists...)
	slices.Sort(out)
	return slices.Compact(out)
}
