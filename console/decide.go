package console

import (
	"cmp"

	"shoushan/disclosure"
)

// outcomePicker offers the rows of table 三 that a person may choose; those that follow from a missed deadline come by
// themselves.
func outcomePicker(v *visit, r disclosure.Request) *picker {
	p := &picker{Name: "outcome", Label: "处理结果（年度报告表三的行）", Value: v.choice("outcome")}
	outcomes := disclosure.Outcomes()
	if r.Filing.Matter == disclosure.OwnData {
		outcomes = disclosure.DataOutcomes()
	}
	for _, o := range outcomes {
		if o.ByVerb != "" {
			continue
		}
		group := cmp.Or(o.Group, o.Label)
		if n := len(p.Groups); n == 0 || p.Groups[n-1].Title != group {
			p.Groups = append(p.Groups, optionGroup{Title: group})
		}
		last := &p.Groups[len(p.Groups)-1]
		last.Options = append(last.Options, option{Value: string(o.Outcome), Label: o.Label})
	}
	return p
}

// decideFields asks exactly what the chosen outcome demands.
func decideFields(_ *Console, v *visit, _ disclosure.Request) ([]field, error) {
	var out []field
	for _, f := range disclosure.Outcome(v.choice("outcome")).Info().Fields {
		asked := field{Name: f.Key, Label: f.Label, Help: f.Help, Kind: textBlock, Required: f.Required}
		if len(f.Choices) > 0 {
			asked.Kind = pickOne
			asked.Options = []option{{Value: "", Label: "请选择"}}
		}
		for _, c := range f.Choices {
			asked.Options = append(asked.Options, option{Value: c.Key, Label: c.Label})
		}
		out = append(out, asked)
	}
	return out, nil
}

// typedDecision is what the decision form says.
func typedDecision(v *visit) disclosure.Decision {
	return disclosure.Decision{
		Outcome: disclosure.Outcome(v.form("outcome")), How: v.form("how"), Content: v.form("content"), Ground: v.form("ground"),
		RefusedRow: disclosure.Outcome(v.form("refused_row")), GoverningLaw: v.form("governing_law"), SearchRecord: v.form("search_record"),
		RightOrgan: v.form("right_organ"), Redactions: v.form("redactions"), ProperChannel: v.form("proper_channel"), EarlierLetter: v.form("earlier_letter"), Where: v.form("where"),
	}
}
