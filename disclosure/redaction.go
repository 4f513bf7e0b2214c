package disclosure

import (
	"fmt"
	"slices"
	"strings"
)

// Redaction is one place that is blacked out in what is partly disclosed (区分处理, 条例第三十七条), with its own ground.
type Redaction struct {
	Part   string
	Row    Outcome // r3_1 to r3_8
	Ground string
}

const redactionExample = "每行一处：遮盖的部分｜理由；依据不同的，写成：遮盖的部分｜依据｜理由，例如：第七条报价｜保护第三方合法权益｜第三方的商业秘密。"

var redactionsField = Field{Key: "redactions", Label: "遮盖的部分", Help: redactionExample}

// RedactionList reads the lines of Decision.Redactions. A line that does not name a ground of its own rests on RefusedRow.
// problems says of each line that cannot be read what is wrong.
func (d Decision) RedactionList() (list []Redaction, problems []string) {
	for i, line := range strings.Split(d.Redactions, "\n") {
		if blank(line) {
			continue
		}
		r, ok := d.redaction(line)
		if !ok {
			problems = append(problems, fmt.Sprintf("“遮盖的部分”第%d行看不懂：%s", i+1, redactionExample))
			continue
		}
		list = append(list, r)
	}
	return list, problems
}

func (d Decision) redaction(line string) (Redaction, bool) {
	parts := strings.Split(strings.ReplaceAll(line, "|", "｜"), "｜")
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	if slices.Contains(parts, "") {
		return Redaction{}, false
	}
	switch len(parts) {
	case 2:
		return Redaction{parts[0], d.RefusedRow, parts[1]}, true
	case 3:
		row := refusedRow(parts[1])
		return Redaction{parts[0], row, parts[2]}, row != ""
	}
	return Redaction{}, false
}

// spares reports whether some part of what is partly disclosed is withheld on the row.
func (d Decision) spares(row Outcome) bool {
	list, _ := d.RedactionList()
	return d.RefusedRow == row || slices.ContainsFunc(list, func(r Redaction) bool { return r.Row == row })
}

// refusedRow finds the row by its label or its id.
func refusedRow(text string) Outcome {
	for _, c := range refusedChoices() {
		if c.Key == text || c.Label == text {
			return Outcome(c.Key)
		}
	}
	return ""
}

// redacted lists in the letter what is blacked out, each place with its article and reason.
func redacted(d Decision) []string {
	list, _ := d.RedactionList()
	if len(list) == 0 {
		return nil
	}
	out := []string{"遮盖的部分和理由："}
	for i, r := range list {
		out = append(out, fmt.Sprintf("%d. %s：%s（%s）。", i+1, r.Part, phrase(r.Ground), r.Row.Info().Articles))
	}
	return out
}
