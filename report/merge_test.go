package report_test

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
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

func TestMergedReportKeepsItsOrgansInEveryFormat(t *testing.T) {
	a, _ := loadReport(t, "suqian_city_2023")
	b := edit(t, func(a *report.Annual) { a.Organ = "另一个市" })
	merged, _, err := report.Merge("某省", []report.Annual{a, b})
	if err != nil {
		t.Fatal(err)
	}
	var js, xlsx, docx bytes.Buffer
	if err := errors.Join(report.WriteJSON(&js, merged), report.WriteXLSX(&xlsx, merged), report.WriteDOCX(&docx, merged)); err != nil {
		t.Fatal(err)
	}
	back, err := report.Read("merged.json", js.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	want := []report.Contribution{{Organ: a.Organ, Value: report.Int(3511)}, {Organ: "另一个市", Value: report.Int(3511)}}
	if diff := cmp.Diff(want, back.Contributions["t3.new.total"], cmp.Comparer(func(x, y report.Number) bool { return x == y })); diff != "" {
		t.Errorf("contributions of t3.new.total (-want +got):\n%s", diff)
	}
	book, err := excelize.OpenReader(&xlsx)
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	rows, err := book.GetRows("汇总来源")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"名称", "数据项", "合计", a.Organ, "另一个市"}, rows[0]); diff != "" {
		t.Errorf("headings (-want +got):\n%s", diff)
	}
	found := slices.ContainsFunc(rows, func(r []string) bool {
		return r[0] == "t3.new.total" && slices.Equal(r[2:], []string{"7022", "3511", "3511"})
	})
	if !found {
		t.Errorf("no row adds 3511 and 3511 to 7022: %v", rows[:12])
	}
	printed, err := report.Read("merged.docx", docx.Bytes())
	if err != nil || len(printed.Preface) != 1 || !strings.Contains(printed.Preface[0], "另一个市") {
		t.Errorf("the document's preface is %v (%v), want the organs named", printed.Preface, err)
	}
	if v := report.Check(printed, nil); len(v) > 0 {
		t.Errorf("Check(merged.docx) = %v", v)
	}
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

func TestSumsOfAMergedReport(t *testing.T) {
	a, _ := loadReport(t, "suqian_city_2023")
	b := edit(t, func(a *report.Annual) { a.Organ = "另一个市" })
	merged, _, err := report.Merge("某省", []report.Annual{a, b})
	if err != nil {
		t.Fatal(err)
	}
	found := false
	for _, s := range merged.Sums() {
		var total report.Number
		for _, p := range s.Parts {
			total = total.Add(p.Value)
		}
		if total != s.Total.Number || total == (report.Number{}) || s.Label == "" {
			t.Errorf("%s: the parts add to %s, the cell is %s", s.Label, total, s.Total)
		}
		found = found || len(s.Parts) == 2 && s.Parts[0].Value == report.Int(3511)
	}
	if !found || len(merged.Sums()) >= len(merged.Cells()) {
		t.Errorf("%d sums of %d cells, with that of new requests: %v", len(merged.Sums()), len(merged.Cells()), found)
	}
	if a.Sums() != nil {
		t.Error("a report that is no roll-up has sums")
	}
}

func TestAddable(t *testing.T) {
	good, _ := loadReport(t, "suqian_city_2023")
	if err := report.Addable("a.json", good); err != nil {
		t.Error(err)
	}
	wrong := edit(t, func(a *report.Annual) { a.T4.Direct.Total = report.Count(3) })
	if err := report.Addable("b.json", wrong); !fault.Is(err, fault.Invalid) || !strings.HasPrefix(fault.Message(err), "b.json：") {
		t.Errorf("Addable(a wrong sum) = %v", err)
	}
}
