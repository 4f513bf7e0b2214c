package report_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"shoushan/disclosure"
	"shoushan/report"
	"shoushan/workday"
)

func outcomes() []disclosure.Outcome {
	var out []disclosure.Outcome
	for _, id := range report.OfficialForm().Details3 {
		out = append(out, disclosure.Outcome(id))
	}
	return out
}

func genRequests() *rapid.Generator[[]disclosure.Request] {
	return rapid.Custom(func(t *rapid.T) []disclosure.Request {
		n := rapid.IntRange(0, 60).Draw(t, "n")
		out := make([]disclosure.Request, n)
		for i := range out {
			received := workday.On(2023, 1, 1).AddDays(rapid.IntRange(0, 3*365).Draw(t, "received"))
			served := ""
			if rapid.Bool().Draw(t, "answered") {
				served = received.AddDays(rapid.IntRange(0, 500).Draw(t, "days")).String()
			}
			out[i] = request(fmt.Sprint(i), rapid.SampledFrom(disclosure.ApplicantKinds()).Draw(t, "kind"), received.String(), served,
				rapid.SampledFrom(outcomes()).Draw(t, "outcome"))
			if served != "" && rapid.IntRange(0, 4).Draw(t, "reopen") == 0 {
				on := date(served).AddDays(rapid.IntRange(0, 400).Draw(t, "later"))
				out[i] = reopened(out[i], on.String(), on.AddDays(rapid.IntRange(0, 400).Draw(t, "again")).String(), "r1")
			}
		}
		return out
	})
}

func anyDay(t *rapid.T, name string) workday.Date {
	return workday.On(2023, 1, 1).AddDays(rapid.IntRange(0, 4*365).Draw(t, name))
}

// anyCase draws a remedy's kind, days and result: closed on the day it was opened or later, or pending.
func anyCase(t *rapid.T) (kind disclosure.RemedyKind, opened, closed workday.Date, result disclosure.RemedyResult) {
	kind, opened = rapid.SampledFrom(disclosure.RemedyKinds()).Draw(t, "kind"), anyDay(t, "opened")
	if rapid.Bool().Draw(t, "closed") {
		closed = opened.AddDays(rapid.IntRange(0, 500).Draw(t, "days"))
		result = rapid.SampledFrom(disclosure.RemedyResults()).Draw(t, "result")
	}
	return kind, opened, closed, result
}

// disputed puts remedies and a fee on some of the requests.
func disputed(t *rapid.T, requests []disclosure.Request) []disclosure.Request {
	for i := range requests {
		for n := range rapid.IntRange(0, 2).Draw(t, "remedies") {
			m := disclosure.Remedy{No: n + 1}
			m.Kind, m.OpenedOn, m.ClosedOn, m.Result = anyCase(t)
			requests[i].Remedies = append(requests[i].Remedies, m)
		}
		if rapid.IntRange(0, 5).Draw(t, "fee") == 0 {
			requests[i].Fee = &disclosure.Fee{Yuan: rapid.IntRange(1, 5000).Draw(t, "yuan"), PaidOn: anyDay(t, "paid")}
		}
	}
	return requests
}

// genRegisters draws registers of a township: anything but 规章.
func genRegisters() *rapid.Generator[report.Registers] {
	return rapid.Custom(func(t *rapid.T) (r report.Registers) {
		for i := range rapid.IntRange(0, 8).Draw(t, "documents") {
			d := report.Document{ID: fmt.Sprint("d", i), Kind: report.Normative, MadeOn: anyDay(t, "made")}
			if rapid.Bool().Draw(t, "repealed") {
				d.RepealedOn = d.MadeOn.AddDays(rapid.IntRange(0, 900).Draw(t, "days"))
			}
			r.Documents = append(r.Documents, d)
		}
		for i := range rapid.IntRange(0, 8).Draw(t, "decisions") {
			kind := rapid.SampledFrom([]string{report.Permit, report.Penalty, report.Compulsory}).Draw(t, "decision")
			r.Decisions = append(r.Decisions, report.Decision{ID: fmt.Sprint("e", i), Kind: kind, On: anyDay(t, "decided")})
		}
		for i := range rapid.IntRange(0, 4).Draw(t, "charges") {
			cents, err := report.ParseNumber(fmt.Sprintf("%d.%04d", rapid.IntRange(0, 99).Draw(t, "wan"), rapid.IntRange(1, 9999).Draw(t, "part")))
			if err != nil {
				t.Fatal(err)
			}
			r.Charges = append(r.Charges, report.Charge{ID: fmt.Sprint("c", i), On: anyDay(t, "collected"), Amount: cents})
			r.Fees = append(r.Fees, report.ProcessingFee{ID: fmt.Sprint("f", i), On: anyDay(t, "paid"), Yuan: cents})
		}
		for i := range rapid.IntRange(0, 6).Draw(t, "cases") {
			m := report.Remedy{ID: fmt.Sprint("m", i)}
			m.Kind, m.OpenedOn, m.ClosedOn, m.Result = anyCase(t)
			r.Remedies = append(r.Remedies, m)
		}
		return r
	})
}

func TestAnyYearReconciles(t *testing.T) {
	organ := disclosure.Organ{Name: "陵川县崇文镇人民政府", Level: "township"}
	rapid.Check(t, func(rt *rapid.T) {
		records := report.Records{Requests: disputed(rt, genRequests().Draw(rt, "requests")), Registers: genRegisters().Draw(rt, "registers")}
		prose := prose2021()
		prose.Year = 0
		before, err := report.Draft(2024, organ, prose, records)
		if err != nil {
			rt.Fatal(err)
		}
		prose.Problems = []string{"今年发现的问题是解读材料偏少，明年将逐件配发解读。"}
		after, err := report.Draft(2025, organ, prose, records)
		if err != nil {
			rt.Fatal(err)
		}
		if v := report.Check(after, &before); len(v) > 0 {
			rt.Fatalf("Check = %v, want nothing", v)
		}
		cells := after.Cells()
		figure := rapid.SampledFrom(report.FigureNames()).Draw(rt, "figure")
		ids, err := records.Select(figure, 2025)
		if err != nil {
			rt.Fatal(err)
		}
		if cell, ok := cells[figure]; ok && figure != "t2.行政事业性收费" && cell != report.Count(len(ids)) {
			rt.Fatalf("%s = %v, but Select lists %d records", figure, cell, len(ids))
		}
	})
}

// placeOf returns the place of a cell in a report.
func placeOf(a *report.Annual, key string) (get report.Cell, set func(report.Cell)) {
	parts := strings.Split(key, ".")
	if parts[0] == "t3" {
		at := slices.Index(report.Columns(), parts[2])
		return a.T3.Rows[parts[1]][at], func(c report.Cell) {
			row := a.T3.Rows[parts[1]]
			row[at] = c
			a.T3.Rows[parts[1]] = row
		}
	}
	normative, regulations := &a.T2.Article20a.Normative, &a.T2.Article20a.Regulations
	place := map[string]*report.Cell{
		"t2.规章.made": &regulations.Made, "t2.规章.repealed": &regulations.Repealed, "t2.规章.valid": &regulations.Valid,
		"t2.行政规范性文件.made": &normative.Made, "t2.行政规范性文件.repealed": &normative.Repealed, "t2.行政规范性文件.valid": &normative.Valid,
		"t2.行政许可": &a.T2.Article20e.Permits, "t2.行政处罚": &a.T2.Article20f.Penalties, "t2.行政强制": &a.T2.Article20f.Compulsory, "t2.行政事业性收费": &a.T2.Article20h.Fees,
	}
	for name, r := range map[string]*report.Results{"reconsideration": &a.T4.Reconsideration, "litigation_direct": &a.T4.Direct, "litigation_after_reconsideration": &a.T4.After} {
		for result, c := range map[string]*report.Cell{"upheld": &r.Upheld, "corrected": &r.Corrected, "other": &r.Other, "pending": &r.Pending, "total": &r.Total} {
			place["t4."+name+"."+result] = c
		}
	}
	return *place[key], func(c report.Cell) { *place[key] = c }
}

// TestAnySingleEditIsFound changes one cell of one table. Tables 三 and 四 show it by their own sums; table 二 has none and is
// held against last year's stock, the township's powers and the records.
func TestAnySingleEditIsFound(t *testing.T) {
	organ := disclosure.Organ{Name: "陵川县崇文镇人民政府", Level: "township"}
	rapid.Check(t, func(rt *rapid.T) {
		records := report.Records{Requests: disputed(rt, genRequests().Draw(rt, "requests")), Registers: genRegisters().Draw(rt, "registers")}
		prose := prose2021()
		prose.Year = 0
		var drafts [2]report.Annual
		for i := range drafts {
			var err error
			if drafts[i], err = report.Draft(2025, organ, prose, records); err != nil {
				rt.Fatal(err)
			}
		}
		a, counted := drafts[0], drafts[1]
		if v := report.CheckRecords(a, counted); len(v) > 0 {
			rt.Fatalf("CheckRecords = %v, want nothing", v)
		}
		key := rapid.SampledFrom(slices.Sorted(maps.Keys(a.Cells()))).Draw(rt, "cell")
		cell, set := placeOf(&a, key)
		cell.Number = cell.Number.Add(report.Int(rapid.IntRange(1, 9).Draw(rt, "more")))
		set(cell)
		if v := report.CheckRecords(a, counted); len(v) != 1 || v[0].Where != key || v[0].Severity != report.Fail {
			rt.Fatalf("an edit of %s against the records: %v", key, v)
		}
		if !strings.HasPrefix(key, "t2.") && !report.Failed(report.Check(a, nil)) {
			rt.Fatalf("an edit of %s goes unnoticed", key)
		}
	})
}
