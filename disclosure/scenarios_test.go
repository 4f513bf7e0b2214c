package disclosure_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"shoushan/disclosure"
	"shoushan/fault"
	"shoushan/workday"
)

// scenario is one case history as data, so that new ones can be dropped into testdata/scenarios without code.
type scenario struct {
	Name    string          `json:"name"`
	Article string          `json:"article"` // where the case stands in the law; may also be in the name
	Note    string          `json:"note"`    // for who reads the file
	Organ   json.RawMessage `json:"organ"`
	Steps   []stepData      `json:"steps"`
	Expect  expectation     `json:"expect"`
}

type expectation struct {
	AsOf        workday.Date      `json:"as_of"`
	State       disclosure.State  `json:"state"`
	Due         *workday.Date     `json:"due"`
	Provisional *bool             `json:"provisional"`
	Overdue     *bool             `json:"overdue"`
	Counts      []disclosure.Cell `json:"counts"`
	FeeYuan     *int              `json:"fee_yuan"`
	Letters     []string          `json:"letters"` // the templates, in the order in which they came to be
}

// stepData is a step as it stands in the file: at, do, refused, and what the verb takes; see stepKeys.
type stepData map[string]any

func (s stepData) text(key string, fallback string) string {
	if v, ok := s[key].(string); ok {
		return v
	}
	return fallback
}

// one finds the value of a closed set (consult third_party, deliver post, remedy_close upheld) under whatever key it stands.
func (s stepData) one(set ...string) string {
	for _, key := range slices.Sorted(maps.Keys(s)) {
		if v, ok := s[key].(string); ok && slices.Contains(set, v) {
			return v
		}
		if slices.Contains(set, key) {
			return key
		}
	}
	return ""
}

// number finds the one number of a step ({"pages": 72} or {"basis": "pages", "count": 72}).
func (s stepData) number() int {
	for _, key := range slices.Sorted(maps.Keys(s)) {
		if v, ok := s[key].(float64); ok {
			return int(v)
		}
	}
	return 0
}

// day reads a date, or the date of an instant, under the first of the keys that the step has.
func (s stepData) day(fallback workday.Date, keys ...string) workday.Date {
	for _, key := range keys {
		if text := s.text(key, ""); text != "" {
			return workday.MustParse(text[:len("2006-01-02")])
		}
	}
	return fallback
}

// arrived are the keys under which a step says when something arrived, was paid or was served.
var arrived = []string{"received_at", "received_on", "on"}

// list reads what may be one text or several.
func (s stepData) list(key, fallback string) []string {
	many, ok := s[key].([]any)
	if !ok {
		return []string{s.text(key, fallback)}
	}
	var out []string
	for _, v := range many {
		out = append(out, fmt.Sprint(v))
	}
	return out
}

func TestScenarios(t *testing.T) {
	files, err := filepath.Glob("testdata/scenarios/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no scenarios: %v", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			for _, s := range readScenarios(t, file) {
				t.Run(s.Name, func(t *testing.T) { s.play(t) })
			}
		})
	}
}

// readScenarios reads a file that holds one scenario or a list of them. What it does not know it refuses, so that a
// misspelt word cannot make a scenario pass.
func readScenarios(t *testing.T, file string) []scenario {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	many, err := parseScenarios(data)
	if err != nil {
		t.Fatal(err)
	}
	return many
}

func parseScenarios(data []byte) ([]scenario, error) {
	var many []scenario
	if data = bytes.TrimSpace(data); len(data) > 0 && data[0] != '[' {
		data = slices.Concat([]byte{'['}, data, []byte{']'})
	}
	if err := strictly(data, &many); err != nil {
		return nil, err
	}
	for _, s := range many {
		for i, step := range s.Steps {
			if err := step.known(); err != nil {
				return nil, fmt.Errorf("%s: step %d: %w", s.Name, i+1, err)
			}
		}
	}
	return many, nil
}

func (s scenario) play(t *testing.T) {
	t.Helper()
	p := &player{world: newWorld("2026-01-04"), ctx: t.Context()}
	if len(s.Organ) > 0 {
		if err := p.readOrgan(s.Organ); err != nil {
			t.Fatal(err)
		}
	}
	for i, step := range s.Steps {
		do := step.text("do", "")
		p.set(step.text("at", ""))
		_, err := verbs[do](p, step)
		if want := step.text("refused", ""); want != "" {
			if err == nil || fault.KindOf(err).String() != want {
				t.Errorf("step %d, %s: error %v, want %s", i+1, do, err, want)
			}
		} else if err != nil {
			t.Fatalf("step %d, %s: %v", i+1, do, err)
		}
	}
	s.Expect.check(t, p)
}

func (e expectation) check(t *testing.T, p *player) {
	t.Helper()
	r := p.theCase(t)
	deadline := r.Deadline(p.cal)
	if e.State != "" && r.State != e.State {
		t.Errorf("state = %s, want %s", r.State, e.State)
	}
	if e.Due != nil && deadline.Due != *e.Due {
		t.Errorf("due = %s, want %s\n%s", deadline.Due, e.Due, explained(deadline))
	}
	if e.Provisional != nil && deadline.Provisional != *e.Provisional {
		t.Errorf("provisional = %v, want %v", deadline.Provisional, *e.Provisional)
	}
	if e.Overdue != nil && r.Overdue(p.cal, e.AsOf.At(12, 0)) != *e.Overdue {
		t.Errorf("overdue on %s = %v, want %v", e.AsOf, !*e.Overdue, *e.Overdue)
	}
	if e.Counts != nil {
		if diff := cmp.Diff(sorted(e.Counts), sorted(allCells(r, e.AsOf))); diff != "" {
			t.Errorf("counts (-want +got):\n%s", diff)
		}
	}
	e.checkPapers(t, r)
	if err := r.Trail.Verify(); err != nil {
		t.Error(err)
	}
}

// theCase returns the request, or an empty one when every filing was refused.
func (p *player) theCase(t *testing.T) disclosure.Request {
	t.Helper()
	if p.id == "" {
		return disclosure.Request{}
	}
	r, err := p.Register.Request(p.ctx, p.id)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func (e expectation) checkPapers(t *testing.T, r disclosure.Request) {
	t.Helper()
	if e.FeeYuan != nil {
		yuan := 0
		if r.Fee != nil {
			yuan = r.Fee.Yuan
		}
		if yuan != *e.FeeYuan {
			t.Errorf("fee = %d yuan, want %d", yuan, *e.FeeYuan)
		}
	}
	if e.Letters != nil {
		var got []string
		for _, l := range r.Letters {
			got = append(got, l.Template)
		}
		if diff := cmp.Diff(e.Letters, got); diff != "" {
			t.Errorf("letters (-want +got):\n%s", diff)
		}
	}
}

// allCells are the cells of every year up to the day.
func allCells(r disclosure.Request, asOf workday.Date) []disclosure.Cell {
	var out []disclosure.Cell
	for year := 2020; year <= asOf.Year(); year++ {
		out = append(out, r.Cells(year, asOf)...)
	}
	return out
}

func sorted(cells []disclosure.Cell) []string {
	var out []string
	for _, c := range cells {
		out = append(out, fmt.Sprintf("%d %s %s", c.Year, c.Row, c.Col))
	}
	slices.Sort(out)
	return out
}

func explained(d disclosure.Deadline) string {
	text := ""
	for _, l := range d.Lines {
		text += l.String() + "\n"
	}
	return text
}
