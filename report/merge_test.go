package report_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"shoushan/disclosure"
	"shoushan/fault"
	"shoushan/report"
)

func TestMergeIsTheReportOfAllRecords(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		var all report.Records
		var parts []report.Annual
		for i := range rapid.IntRange(1, 4).Draw(rt, "organs") {
			records := report.Records{Requests: genRequests().Draw(rt, "requests"), Registers: registers()}
			all.Requests = append(all.Requests, records.Requests...)
			all.Registers.Documents = append(all.Registers.Documents, records.Registers.Documents...)
			all.Registers.Decisions = append(all.Registers.Decisions, records.Registers.Decisions...)
			all.Registers.Charges = append(all.Registers.Charges, records.Registers.Charges...)
			all.Registers.Remedies = append(all.Registers.Remedies, records.Registers.Remedies...)
			part, err := report.Draft(2025, disclosure.Organ{Name: fmt.Sprint("镇", i)}, report.DefaultProse(2025), records)
			if err != nil {
				rt.Fatal(err)
			}
			parts = append(parts, part)
		}
		want, err := report.Draft(2025, disclosure.Organ{Name: "县"}, report.DefaultProse(2025), all)
		if err != nil {
			rt.Fatal(err)
		}
		got, contributions, err := report.Merge("县", parts)
		if err != nil {
			rt.Fatal(err)
		}
		if diff := cmp.Diff(want.Cells(), got.Cells(), cmp.Comparer(func(x, y report.Cell) bool { return x == y })); diff != "" {
			rt.Fatalf("merged tables (-all records +merged):\n%s", diff)
		}
		for key, cell := range got.Cells() {
			var total report.Number
			for _, c := range contributions[key] {
				total = total.Add(c.Value)
			}
			if total != cell.Number || len(contributions[key]) != len(parts) {
				rt.Fatalf("%s is %s, its %d contributions are %s", key, cell, len(contributions[key]), total)
			}
		}
		if v := report.Check(got, nil); len(v) > 0 {
			rt.Fatalf("Check(merged) = %v", v)
		}
	})
}

func TestMergeRefuses(t *testing.T) {
	a, _ := loadReport(t, "suqian_city_2023")
	other := edit(t, func(a *report.Annual) { a.Organ = "另一个市" })
	tests := []struct {
		name    string
		reports []report.Annual
		want    string
	}{
		{"nothing", nil, "没有可以汇总"},
		{"twice the same organ", []report.Annual{a, a}, "出现了两次"},
		{"another year", []report.Annual{a, edit(t, func(a *report.Annual) { a.Organ, a.Year = "另一个市", 2022 })}, "不能汇总"},
		{"a missing table", []report.Annual{other, edit(t, func(a *report.Annual) { a.T4 = nil })}, "缺少表二"},
		{"a cell that is not known", []report.Annual{other, edit(t, func(a *report.Annual) { a.T2.Article20e.Permits = report.Cell{} })}, "行政许可"},
		{"the form of 2019", []report.Annual{other, edit(t, func(a *report.Annual) { a.Format = report.Format2019 })}, "旧表格"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, _, err := report.Merge("某省", tt.reports)
			if !fault.Is(err, fault.Invalid) || !strings.Contains(fault.Message(err), tt.want) {
				t.Errorf("Merge = %v, want %q", err, tt.want)
			}
		})
	}
}
