package report

import (
	"encoding/json"
	"fmt"
)

// Severity says whether a violation stops publication.
type Severity string

// The severities. Fail blocks publication; Warn wants a look.
const (
	Fail Severity = "FAIL"
	Warn Severity = "WARN"
)

// The rules. Those of tables and prose are the reconciliation (勾稽关系) of the 2021 form and the counting conventions
// around it; the others concern what 条例第五十条 and the form ask of the text.
const (
	RuleBalance     = "T3-BALANCE"             // per column: new + carried in = total handled + carried out (printed on the form)
	RuleColumnSum   = "T3-COLSUM"              // per column: total handled = sum of the 21 outcomes
	RuleRowSum      = "T3-ROWSUM"              // per row: total = natural persons + five kinds of organizations
	RuleCarry       = "T3-CARRY"               // carried in = carried out of the year before
	RuleBlank       = "T3-BLANK"               // a blank cell where 0 should stand
	RuleLayout3     = "T3-LAYOUT"              // rows and labels of table 三
	RuleSum4        = "T4-SUM"                 // per group: total = upheld + corrected + other + pending
	RuleStock       = "T2-STOCK"               // in force = in force a year before + made − repealed
	RuleRegulation  = "T2-TOWNSHIP-REGULATION" // a township makes no 规章
	RuleNarrative   = "NARR"                   // numbers in prose = cells
	RuleFee         = "FEE-SEC6"               // a fee charged is told in section 六, with 件 and 元
	RuleFormat      = "FMT-VERSION"            // from 2021 on the form of 2021
	RuleLayout2     = "T2-LAYOUT"
	RuleLayout4     = "T4-LAYOUT"
	RuleBlank2      = "T2-BLANK"
	RuleBlank4      = "T4-BLANK"
	RuleCount       = "COUNT" // a count is a whole number, not negative
	RuleTitle       = "TITLE"
	RuleYear        = "YEAR"
	RuleSections    = "SECTIONS"
	RuleParts       = "SEC1-PARTS"
	RuleProblems    = "SEC5-EMPTY"
	RuleOpen        = "DRAFT-OPEN" // a draft's gap that a person has to fill
	RulePreviousFor = "PREVIOUS"   // the file given as last year's is not of last year
)

// Side is one side of a comparison: a number, or a text where words are compared. Empty means none.
type Side string

// side returns the number as a Side.
func side(n Number) Side { return Side(n.String()) }

// MarshalJSON writes a JSON number where there is a number, a string for words, null for none.
func (s Side) MarshalJSON() ([]byte, error) {
	if s == "" {
		return []byte("null"), nil
	}
	if n, err := ParseNumber(string(s)); err == nil {
		return n.MarshalJSON()
	}
	return json.Marshal(string(s))
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (s *Side) UnmarshalJSON(data []byte) error {
	if string(data) == "null" {
		*s = ""
		return nil
	}
	if len(data) > 0 && data[0] == '"' {
		return json.Unmarshal(data, (*string)(s))
	}
	*s = Side(data)
	return nil
}

// Violation is one place where a report breaks a rule. Where names the column, row, group or cell; Message is a Chinese
// sentence for the clerk who has to mend it.
type Violation struct {
	Rule     string   `json:"rule"`
	Severity Severity `json:"severity"`
	Where    string   `json:"where"`
	Left     Side     `json:"left"`
	Right    Side     `json:"right"`
	Message  string   `json:"message"`
}

func fail(rule, where string, left, right Side, format string, args ...any) Violation {
	return Violation{rule, Fail, where, left, right, fmt.Sprintf(format, args...)}
}

func warn(rule, where string, left, right Side, format string, args ...any) Violation {
	return Violation{rule, Warn, where, left, right, fmt.Sprintf(format, args...)}
}

// Failed reports whether any violation blocks publication.
func Failed(violations []Violation) bool {
	for _, v := range violations {
		if v.Severity == Fail {
			return true
		}
	}
	return false
}

// TableRule reports whether a rule is about the numbers in the tables, so that breaking it makes a sum over several reports
// wrong.
func TableRule(rule string) bool {
	switch rule {
	case RuleBalance, RuleColumnSum, RuleRowSum, RuleSum4, RuleRegulation, RuleCount, RuleFormat, RuleLayout2, RuleLayout3, RuleLayout4:
		return true
	}
	return false
}
