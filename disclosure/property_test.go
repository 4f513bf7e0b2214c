package disclosure_test

import (
	"encoding/json"
	"testing"

	"pgregory.net/rapid"

	"shoushan/disclosure"
	"shoushan/workday"
)

// words are the verbs of a random history, those that close a case less often than those that keep it going.
var words = []string{
	"confirm", "register", "assign", "request_supplement", "receive_supplement", "lapse", "consult", "consultation_reply",
	"state_reasons", "receive_reasons", "extend", "charge_fee", "pay_fee", "decide", "sign_off", "deliver", "withdraw", "correct", "reopen", "return_draft",
	"remedy_open", "remedy_close", "decide", "sign_off", "deliver", "split", "fee_notice_received",
}

var rows = []stepData{
	{"row": "r1", "how": "attached"}, {"row": "r2", "ground": "含有个人隐私", "refused_row": "r3_4"}, {"row": "r3_6", "ground": "过程性信息"},
	{"row": "r4_2", "ground": "没有现成的"}, {"row": "r4_3", "ground": "仍不明确"}, {"row": "r5_4", "ground": "理由不合理"}, {"row": "r6_3", "ground": "其他"},
}

// history plays random verbs at random moments over several years; what the desk refuses is skipped, as in life.
func history(t *rapid.T, w *world) {
	p := &player{world: w, ctx: t.Context()}
	w.now = date("2024-11-01").AddDays(rapid.IntRange(0, 500).Draw(t, "filed")).At(9, 0)
	channel := rapid.SampledFrom([]string{"wechat", "counter", "post", "phone", "email"}).Draw(t, "channel")
	kind := rapid.SampledFrom(disclosure.ApplicantKinds()).Draw(t, "kind")
	if _, err := p.submit(stepData{"channel": channel, "applicant": string(kind)}); err != nil {
		t.Fatal(err)
	}
	for range rapid.IntRange(0, 25).Draw(t, "steps") {
		w.now = w.now.AddDate(0, 0, rapid.IntRange(0, 25).Draw(t, "days"))
		word := rapid.SampledFrom(words).Draw(t, "verb")
		step := p.goodStep(word)
		if word == "decide" {
			step = rapid.SampledFrom(rows).Draw(t, "row")
		}
		late := isLate(t, p)
		_, err := verbs[word](p, step)
		if late && word != "reopen" && word != "correct" && !isLate(t, p) {
			t.Fatalf("%s made a late answer look timely: %v", word, err)
		}
		checkRecord(t, p)
	}
}

// isLate reports whether the request is late now. Only reopening and a corrected receipt give a case a new period.
func isLate(t *rapid.T, p *player) bool {
	r, err := p.Register.Request(p.ctx, p.id)
	if err != nil {
		t.Fatal(err)
	}
	return r.Overdue(p.cal, p.now)
}

// checkRecord asserts what holds after every step.
func checkRecord(t *rapid.T, p *player) {
	r, err := p.Register.Request(p.ctx, p.id)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Trail.Verify(); err != nil {
		t.Fatal(err)
	}
	d := r.Deadline(p.cal)
	if !d.Due.IsZero() && (d.Due.Before(r.ReceivedOn) || !p.cal.Workday(d.Due) || d.Target.After(d.Due)) {
		t.Fatalf("received %s, due %s, target %s", r.ReceivedOn, d.Due, d.Target)
	}
	if closed := r.State == disclosure.Closed && !r.ReceivedOn.IsZero(); closed != (r.Decision != nil && !r.Decision.ServedOn.IsZero()) {
		t.Fatalf("state %s with decision %+v", r.State, r.Decision)
	}
}

// TestEveryHistoryReconciles is T3-BALANCE, T3-CARRY and T3-ONE over random histories.
func TestEveryHistoryReconciles(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := newWorld("2024-11-01")
		for range rapid.IntRange(1, 4).Draw(t, "requests") {
			history(t, w)
		}
		all, err := w.memory.Requests(t.Context(), disclosure.Query{})
		if err != nil {
			t.Fatal(err)
		}
		last := workday.On(2032, 1, 1)
		for _, kind := range disclosure.ApplicantKinds() {
			carried := 0
			for year := 2024; year < last.Year(); year++ {
				cells := disclosure.Count(year, all, last)
				get := func(row string) int { return cells[disclosure.Cell{Year: year, Row: row, Col: string(kind)}] }
				done := 0
				for _, o := range disclosure.Outcomes() {
					done += get(string(o.Outcome))
				}
				if get("new")+get("carried_in") != done+get("carried_out") {
					t.Fatalf("%d %s: %d + %d ≠ %d + %d", year, kind, get("new"), get("carried_in"), done, get("carried_out"))
				}
				if get("carried_in") != carried {
					t.Fatalf("%d %s: carried in %d, the year before carried out %d", year, kind, get("carried_in"), carried)
				}
				carried = get("carried_out")
			}
		}
		for _, r := range all {
			checkOne(t, r, last)
		}
	})
}

// checkOne asserts that a request is new once and ends in at most one row.
func checkOne(t *rapid.T, r disclosure.Request, last workday.Date) {
	news, ends := 0, 0
	for _, c := range allCells(r, last) {
		if c.Row == disclosure.RowNew {
			news++
		}
		if disclosure.Outcome(c.Row).Info().Outcome != "" {
			ends++
		}
	}
	for _, m := range r.Remedies {
		checkRemedy(t, r, m, last)
	}
	if want := map[bool]int{true: 0, false: 1}[r.ReceivedOn.IsZero()]; news != want || ends > want {
		t.Fatalf("%s is new %d times and ends %d times", r.ID, news, ends)
	}
}

// checkRemedy asserts that a case of table 四 is pending in every year up to the one in which it ends, and has one result.
func checkRemedy(t *rapid.T, r disclosure.Request, m disclosure.Remedy, last workday.Date) {
	alone := r
	alone.Remedies = []disclosure.Remedy{m}
	years, results := 0, 0
	for _, c := range allCells(alone, last) {
		if c.Row == string(m.Kind) {
			years++
			if c.Col != string(disclosure.Pending) {
				results++
			}
		}
	}
	end := last.Year()
	if !m.ClosedOn.IsZero() {
		end = m.ClosedOn.Year()
	}
	if want := end - m.OpenedOn.Year() + 1; years != want || results > 1 || (results == 1) != !m.ClosedOn.IsZero() {
		t.Fatalf("%+v counts in %d years with %d results, want %d years", m, years, results, want)
	}
}

// TestTrailHoldsNoPersonalData looks for every personal item in the trail of random histories (个人信息保护法第三十四条).
func TestTrailHoldsNoPersonalData(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := newWorld("2024-11-01")
		history(t, w)
		all, err := w.memory.Requests(t.Context(), disclosure.Query{})
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range all {
			trail, err := json.Marshal(r.Trail)
			if err != nil {
				t.Fatal(err)
			}
			for _, secret := range secrets() {
				if contains(trail, secret) {
					t.Fatalf("the trail holds %q: %s", secret, trail)
				}
			}
		}
	})
}

// TestFigureNeverChangesAfterwards: what a year's table says at its end is what it says for ever.
func TestFigureNeverChangesAfterwards(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := newWorld("2024-11-01")
		history(t, w)
		all, err := w.memory.Requests(t.Context(), disclosure.Query{})
		if err != nil {
			t.Fatal(err)
		}
		for year := 2024; year < 2030; year++ {
			then, later := disclosure.Count(year, all, workday.On(year+1, 1, 1)), disclosure.Count(year, all, workday.On(2032, 1, 1))
			if len(then) != len(later) {
				t.Fatalf("%d: %v became %v", year, then, later)
			}
			for c, n := range then {
				if later[c] != n {
					t.Fatalf("%v: %d became %d", c, n, later[c])
				}
			}
		}
	})
}
