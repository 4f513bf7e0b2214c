package disclosure_test

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"shoushan/disclosure"
	"shoushan/fault"
	"shoushan/staff"
	"shoushan/workday"
)

var update = flag.Bool("update", false, "write the golden files anew")

const diagramFile = "../docs/request-states.md"

// diagram draws the table of transitions as Mermaid; steps that stay where they are are listed below it.
func diagram() string {
	var b strings.Builder
	b.WriteString("# The states of a request\n\nDrawn from the table in `disclosure/state.go`; `go test ./disclosure -run TestDiagram -update` draws it anew.\n\n")
	b.WriteString("```mermaid\nstateDiagram-v2\n")
	for _, s := range disclosure.States() {
		fmt.Fprintf(&b, "    %s : %s\n", s, s.Chinese())
	}
	stays := map[disclosure.State][]string{}
	for _, t := range disclosure.Transitions() {
		switch from := string(t.From); {
		case t.From == t.To:
			stays[t.From] = append(stays[t.From], t.Action.Chinese())
		case from == "":
			fmt.Fprintf(&b, "    [*] --> %s : %s\n", t.To, t.Action.Chinese())
		default:
			fmt.Fprintf(&b, "    %s --> %s : %s\n", t.From, t.To, t.Action.Chinese())
		}
	}
	b.WriteString("```\n\nWhat leaves the state as it is:\n\n| state | 名称 | acts |\n|---|---|---|\n")
	for _, s := range disclosure.States() {
		fmt.Fprintf(&b, "| %s | %s | %s |\n", s, s.Chinese(), strings.Join(stays[s], "、"))
	}
	return b.String()
}

func TestDiagram(t *testing.T) {
	got := diagram()
	if *update {
		if err := os.WriteFile(diagramFile, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(diagramFile)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s does not show the table; run with -update", diagramFile)
	}
}

func TestTableIsSound(t *testing.T) {
	seen := map[disclosure.Transition]bool{}
	reached := map[disclosure.State]bool{}
	used := map[disclosure.Action]bool{}
	for _, tr := range disclosure.Transitions() {
		if seen[tr] {
			t.Errorf("%v stands twice", tr)
		}
		seen[tr], reached[tr.To], used[tr.Action] = true, true, true
		if tr.Action.Chinese() == "" || tr.To.Chinese() == "" {
			t.Errorf("%v has no Chinese name", tr)
		}
	}
	for _, s := range disclosure.States() {
		if !reached[s] {
			t.Errorf("nothing leads to %s", s)
		}
		if len(s.Actions()) == 0 {
			t.Errorf("%s is a dead end", s)
		}
	}
	for _, a := range disclosure.Actions() {
		if !used[a] {
			t.Errorf("%s is in no row", a)
		}
	}
}

// ways leads a new request into each state.
var ways = map[disclosure.State]string{
	disclosure.Submitted:          "submit-wechat",
	disclosure.Handling:           "submit",
	disclosure.AwaitingSupplement: "submit request_supplement",
	disclosure.Consulting:         "submit consult",
	disclosure.AwaitingPayment:    "submit charge_fee",
	disclosure.AwaitingSignoff:    "submit decide",
	disclosure.AwaitingDelivery:   "submit decide sign_off",
	disclosure.Closed:             "submit decide sign_off deliver",
}

// arguments are good arguments for each verb.
var arguments = map[string]stepData{
	"submit":      {"channel": "counter"},
	"extend":      {"days": float64(20)},
	"charge_fee":  {"pages": float64(72)},
	"decide":      {"row": "r1", "how": "attached"},
	"deliver":     {"via": "post"},
	"consult":     {"party": "third_party"},
	"correct":     {"applicant": "org_business"},
	"remedy_open": {"kind": "reconsideration"},
	"remedy_close": {
		"result": "upheld",
	},
	"delay": {"until": "2026-06-30"},
}

// goodStep returns the verb's step with good arguments, as of today.
func (p *player) goodStep(word string) stepData {
	s := stepData{}
	for k, v := range arguments[word] {
		s[k] = v
	}
	if days := map[string]int{"request_supplement": 10, "assist": 5, "state_reasons": 5}[word]; days > 0 {
		s["until"] = p.cal.Add(p.today(), days).Date.String()
	}
	return s
}

func (p *player) try(word string) error {
	word, no, numbered := strings.Cut(word, "#")
	word, channel, _ := strings.Cut(word, "-")
	s := p.goodStep(word)
	if numbered {
		n, err := strconv.Atoi(no)
		if err != nil {
			return err
		}
		s["no"] = float64(n)
	}
	if channel != "" {
		s["channel"] = channel
	}
	_, err := verbs[word](p, s)
	return err
}

// inState returns a player whose request is in the state.
func inState(t *testing.T, s disclosure.State) *player {
	t.Helper()
	p := &player{world: newWorld("2026-03-02"), ctx: t.Context()}
	for _, word := range strings.Fields(ways[s]) {
		if err := p.try(word); err != nil {
			t.Fatalf("%s on the way to %s: %v", word, s, err)
		}
	}
	if r, err := p.Register.Request(p.ctx, p.id); err != nil || r.State != s {
		t.Fatalf("state = %s, %v; want %s", r.State, err, s)
	}
	return p
}

// TestMissingPairs plays every pair that the table lacks: it is refused with a Conflict that says what can be done, and
// nothing is stored.
func TestMissingPairs(t *testing.T) {
	for _, s := range disclosure.States() {
		for _, a := range disclosure.Actions() {
			if a == disclosure.DoSubmit || s.Allows(a) {
				continue
			}
			t.Run(fmt.Sprintf("%s/%s", s, a), func(t *testing.T) {
				p := inState(t, s)
				before := string(p.memory.records[p.id])
				err := p.tryAny(a)
				refused(t, err, fault.Conflict)
				for _, other := range s.Actions() {
					if !strings.Contains(fault.Message(err), other.Chinese()) {
						t.Errorf("%q does not offer %s", fault.Message(err), other.Chinese())
					}
				}
				if string(p.memory.records[p.id]) != before {
					t.Error("the refused verb changed the record")
				}
			})
		}
	}
}

// tryAny also knows the verbs that scenarios do not have.
func (p *player) tryAny(a disclosure.Action) error {
	var err error
	switch a {
	case disclosure.DoSplit:
		_, err = p.Split(p.ctx, clerk, p.id, "第一项", []string{"第二项"})
	case disclosure.DoRemedyClose:
		_, err = p.CloseRemedy(p.ctx, clerk, p.id, disclosure.Upheld, workday.Date{})
	default:
		err = p.try(string(a))
	}
	return err
}

// TestPresentPairs plays every pair that the table has, and sees that the table alone never refuses it: what is refused is
// refused for a reason of its own (too early, already done), and what succeeds leads where a row says.
func TestPresentPairs(t *testing.T) {
	done := map[disclosure.Transition]bool{}
	for _, s := range disclosure.States() {
		for _, a := range s.Actions() {
			p := inState(t, s)
			err := p.tryAny(a)
			if err != nil && strings.Contains(fault.Message(err), "现在可以") {
				t.Errorf("%s in %s: the table refused its own row: %v", a, s, err)
			}
			if err != nil {
				continue
			}
			r, err := p.Register.Request(p.ctx, p.id)
			if err != nil {
				t.Fatal(err)
			}
			row := disclosure.Transition{From: s, Action: a, To: r.State}
			if !slices.Contains(disclosure.Transitions(), row) {
				t.Errorf("%v is not in the table", row)
			}
			if last := r.Trail[len(r.Trail)-1]; last.Action != string(a) && last.Action != string(disclosure.DoNotify) {
				t.Errorf("%s in %s left the event %s", a, s, last.Action)
			}
			done[row] = true
		}
	}
	for way, row := range longWays {
		playWay(t, way, row)
		done[row] = true
	}
	for _, row := range disclosure.Transitions() {
		if !done[row] {
			t.Errorf("no test plays %v", row)
		}
	}
}

// longWays are the rows that need time to pass, an earlier event or another argument; the last word of the way does the row.
var longWays = map[string]disclosure.Transition{
	"submit-wechat":        {From: "", Action: "submit", To: "submitted"},
	"submit":               {From: "", Action: "submit", To: "handling"},
	"submit-phone confirm": {From: "handling", Action: "confirm", To: "handling"},
	"submit-post confirm":  {From: "handling", Action: "confirm", To: "handling"},
	"submit state_reasons receive_reasons delay":                                        {From: "handling", Action: "delay", To: "handling"},
	"submit state_reasons receive_reasons":                                              {From: "handling", Action: "receive_reasons", To: "handling"},
	"submit state_reasons request_supplement receive_reasons":                           {From: "awaiting_supplement", Action: "receive_reasons", To: "awaiting_supplement"},
	"submit state_reasons consult receive_reasons":                                      {From: "consulting", Action: "receive_reasons", To: "consulting"},
	"submit state_reasons charge_fee receive_reasons":                                   {From: "awaiting_payment", Action: "receive_reasons", To: "awaiting_payment"},
	"submit state_reasons decide receive_reasons":                                       {From: "awaiting_signoff", Action: "receive_reasons", To: "awaiting_signoff"},
	"submit state_reasons decide sign_off receive_reasons":                              {From: "awaiting_delivery", Action: "receive_reasons", To: "awaiting_delivery"},
	"submit @2026-05-06 remedy_open":                                                    {From: "handling", Action: "remedy_open", To: "handling"},
	"submit @2026-05-06 remedy_open remedy_close":                                       {From: "handling", Action: "remedy_close", To: "handling"},
	"submit request_supplement @2026-05-06 lapse":                                       {From: "awaiting_supplement", Action: "lapse", To: "closed"},
	"submit decide sign_off deliver remedy_open reopen request_supplement remedy_close": {From: "awaiting_supplement", Action: "remedy_close", To: "awaiting_supplement"},
	"submit consult @2026-03-16 consult @2026-03-24 lapse":                              {From: "consulting", Action: "lapse", To: "consulting"},
	"submit consult @2026-03-24 lapse":                                                  {From: "consulting", Action: "lapse", To: "handling"},
	"submit consult consult consultation_reply#1":                                       {From: "consulting", Action: "consultation_reply", To: "consulting"},
	"submit consult @2026-06-01 remedy_open":                                            {From: "consulting", Action: "remedy_open", To: "consulting"},
	"submit consult @2026-06-01 remedy_open remedy_close":                               {From: "consulting", Action: "remedy_close", To: "consulting"},
	"submit charge_fee @2026-05-06 lapse":                                               {From: "awaiting_payment", Action: "lapse", To: "closed"},
	"submit decide sign_off deliver remedy_open reopen charge_fee remedy_close":         {From: "awaiting_payment", Action: "remedy_close", To: "awaiting_payment"},
	"submit decide @2026-05-06 remedy_open":                                             {From: "awaiting_signoff", Action: "remedy_open", To: "awaiting_signoff"},
	"submit decide @2026-05-06 remedy_open remedy_close":                                {From: "awaiting_signoff", Action: "remedy_close", To: "awaiting_signoff"},
	"submit decide sign_off @2026-05-06 remedy_open":                                    {From: "awaiting_delivery", Action: "remedy_open", To: "awaiting_delivery"},
	"submit decide sign_off @2026-05-06 remedy_open remedy_close":                       {From: "awaiting_delivery", Action: "remedy_close", To: "awaiting_delivery"},
	"submit decide sign_off deliver remedy_open remedy_close":                           {From: "closed", Action: "remedy_close", To: "closed"},
}

// playWay plays a way and sees that its last word led from one state of the row to the other.
func playWay(t *testing.T, way string, row disclosure.Transition) {
	t.Helper()
	p := &player{world: newWorld("2026-03-02"), ctx: t.Context()}
	var before, after disclosure.State
	for _, word := range strings.Fields(way) {
		if at, ok := strings.CutPrefix(word, "@"); ok {
			p.set(at)
			continue
		}
		before = after
		if err := p.try(word); err != nil {
			t.Errorf("%s: %s: %v", way, word, err)
			return
		}
		after = p.theCase(t).State
	}
	if before != row.From || after != row.To {
		t.Errorf("%s leads from %q to %q, want %v", way, before, after, row)
	}
}

func TestRights(t *testing.T) {
	for _, a := range disclosure.Actions() {
		for _, by := range []staff.Member{author, {ID: "gone", Roles: clerk.Roles, Disabled: true}} {
			if disclosure.MayDo(by, a) {
				t.Errorf("%s may %s", by.ID, a)
			}
		}
	}
	tests := []struct {
		name string
		by   staff.Member
		do   disclosure.Action
		want bool
	}{
		{"art. 33: the handler drafts an extension", clerk, disclosure.DoExtend, true},
		{"art. 33: the handler cannot sign it", clerk, disclosure.DoSignNotice, false},
		{"art. 33: the head of the office signs it", head, disclosure.DoSignNotice, true},
		{"the clock signs no notice", staff.System, disclosure.DoSignNotice, false},
		{"the citizen signs no notice", staff.Citizen, disclosure.DoSignNotice, false},
		{"the handler cannot sign", clerk, disclosure.DoSignOff, false},
		{"the head signs", head, disclosure.DoSignOff, true},
		{"the head does not draft", head, disclosure.DoDecide, false},
		{"the citizen withdraws", staff.Citizen, disclosure.DoWithdraw, true},
		{"the citizen decides nothing", staff.Citizen, disclosure.DoDecide, false},
		{"the clock lapses", staff.System, disclosure.DoLapse, true},
		{"the clock signs nothing", staff.System, disclosure.DoSignOff, false},
		{"the citizen lapses nothing", staff.Citizen, disclosure.DoLapse, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := disclosure.MayDo(tt.by, tt.do); got != tt.want {
				t.Errorf("MayDo(%s, %s) = %v, want %v", tt.by.ID, tt.do, got, tt.want)
			}
		})
	}
}
