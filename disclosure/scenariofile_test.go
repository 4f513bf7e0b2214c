package disclosure_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"shoushan/disclosure"
)

// stepKeys are the words that each verb understands beside at, do, by, refused and note. Where the issue of a verb is one of a
// closed set (consult third_party, deliver post), it may stand under any key; see stepData.one.
var stepKeys = map[string]string{
	"submit":                "channel applicant delivery medium matter name description received_at received_on on",
	"confirm":               "",
	"register":              "",
	"assign":                "to handler",
	"request_supplement":    "until items",
	"receive_supplement":    "description received_at received_on on",
	"lapse":                 "",
	"consult":               "party kind name about received_at received_on on",
	"consultation_received": "no received_at received_on on",
	"consultation_reply":    "answer reply opinion consent no ground received_at received_on on",
	"assist":                "name about until",
	"state_reasons":         "facts until",
	"receive_reasons":       "text received_at received_on on",
	"extend":                "days reason approver",
	"delay":                 "until reason",
	"charge_fee":            "basis pieces pages count n",
	"fee_notice_received":   "received_at received_on on",
	"pay_fee":               "receipt received_at received_on on paid_on",
	"sign_off":              "",
	"return_draft":          "reason",
	"deliver":               "channel via proof served_on on",
	"withdraw":              "reason received_at received_on on",
	"correct":               "applicant delivery received_at received_on on reason",
	"split":                 "keep parts",
	"reopen":                "reason",
	"archive":               "number",
	"remedy_open":           "kind number opened_on received_at received_on on",
	"remedy_close":          "result closed_on on",
	"decide": "row how content ground refused_row redactions governing_law search_record right_organ proper_channel " +
		"earlier_letter where",
}

// closedSets are the values that may stand under any key of the verb's step, and as a key themselves.
var closedSets = map[string]string{
	"consult": "third_party co_maker other_organ", "consultation_received": "third_party co_maker other_organ",
	"consultation_reply": "third_party co_maker other_organ agrees agree consents consent refuses refuse disagrees disagree objects object",
	"charge_fee":         "pieces pages", "deliver": "wechat post pickup email",
	"remedy_open": "reconsideration litigation_direct litigation_after_reconsideration", "remedy_close": "upheld corrected other",
}

// known returns an error that names the verb or the word that the runner does not know.
func (s stepData) known() error {
	do := s.text("do", "")
	keys, ok := stepKeys[do]
	if !ok {
		return fmt.Errorf("no verb %q; the verbs are %s", do, strings.Join(slices.Sorted(maps.Keys(stepKeys)), ", "))
	}
	allowed := append(strings.Fields(keys), "at", "do", "by", "refused", "note")
	set := strings.Fields(closedSets[do])
	for _, key := range slices.Sorted(maps.Keys(s)) {
		value, _ := s[key].(string)
		if !slices.Contains(allowed, key) && !slices.Contains(set, key) && !slices.Contains(set, value) {
			return fmt.Errorf("%s does not know %q; it knows %s", do, key, strings.Join(allowed, ", "))
		}
	}
	if kind := s.text("refused", "Invalid"); !slices.Contains(strings.Fields("Invalid NotFound Conflict Forbidden"), kind) {
		return fmt.Errorf("%q is no kind of refusal", kind)
	}
	return nil
}

// strictly reads JSON and refuses names that the value does not have.
func strictly(data []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	return d.Decode(into)
}

// readOrgan lays the scenario's organ over the town. reconsideration_online_url is the name that the letters' template has.
func (p *player) readOrgan(data []byte) error {
	organ := struct {
		*disclosure.Organ
		Online *string `json:"reconsideration_online_url"`
	}{Organ: &p.Organ}
	if err := strictly(data, &organ); err != nil {
		return err
	}
	if organ.Online != nil {
		p.Organ.ReviewOnline = *organ.Online
	}
	return nil
}

// TestScenarioFilesAreReadStrictly: what the runner does not know makes a file fail, and so do wrong expectations' names.
func TestScenarioFilesAreReadStrictly(t *testing.T) {
	step := func(s string) string {
		return `{"name": "x", "steps": [` + s + `], "expect": {"as_of": "2026-04-01"}}`
	}
	tests := []struct{ name, file, says string }{
		{"a good file", step(`{"at": "2026-03-02T09:00:00+08:00", "do": "submit", "channel": "counter"}`), ""},
		{"the value of a closed set under any key", step(`{"at": "2026-03-02", "do": "consult", "who": "third_party"}`), ""},
		{"an unknown verb", step(`{"at": "2026-03-02", "do": "approve"}`), "no verb"},
		{"a misspelt argument", step(`{"at": "2026-03-02", "do": "extend", "dayz": 20}`), "dayz"},
		{"an unknown field of a decision", step(`{"at": "2026-03-02", "do": "decide", "row": "r1", "hows": "attached"}`), "hows"},
		{"an unknown kind of refusal", step(`{"at": "2026-03-02", "do": "sign_off", "refused": "Denied"}`), "Denied"},
		{"an unknown expectation", `{"name": "x", "steps": [], "expect": {"as_of": "2026-04-01", "stat": "closed"}}`, "stat"},
		{"an unknown word at the top", `{"name": "x", "step": [], "expect": {"as_of": "2026-04-01"}}`, "step"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := parseScenarios([]byte(tt.file))
			if (err == nil) != (tt.says == "") || err != nil && !strings.Contains(err.Error(), tt.says) {
				t.Errorf("error %v, want one that says %q", err, tt.says)
			}
		})
	}
}
