package disclosure_test

import (
	"fmt"
	"strings"
	"testing"

	"shoushan/disclosure"
	"shoushan/workday"
)

func TestFeeTables(t *testing.T) {
	for _, tt := range []struct{ n, pages, pieces int }{
		{0, 0, 0}, {10, 0, 0}, {11, 0, 100}, {30, 0, 2000}, {31, 10, 2200}, {40, 100, 4000}, {41, 110, 4300}, {50, 200, 7000}, {51, 210, 7400},
		{100, 700, 37000}, {101, 720, 37900}, {200, 2700, 172000},
	} {
		if pages, pieces := disclosure.PageFee(tt.n), disclosure.PieceFee(tt.n); pages != tt.pages || pieces != tt.pieces {
			t.Errorf("109号: %d cost %d by pages and %d by pieces, want %d and %d", tt.n, pages, pieces, tt.pages, tt.pieces)
		}
	}
}

func TestOutcomesAreTableThree(t *testing.T) {
	want := "r1 r2 r3_1 r3_2 r3_3 r3_4 r3_5 r3_6 r3_7 r3_8 r4_1 r4_2 r4_3 r5_1 r5_2 r5_3 r5_4 r5_5 r6_1 r6_2 r6_3"
	var got []string
	for _, info := range disclosure.Outcomes() {
		got = append(got, string(info.Outcome))
		if info.Label == "" || (info.Articles == "") != (info.Outcome == disclosure.ConfirmAgain || info.Outcome == disclosure.OtherDisposal) || info.Template == "" || info.Remedy == disclosure.NoRemedy {
			t.Errorf("%s lacks something: %+v", info.Outcome, info)
		}
		for _, f := range info.Fields {
			if f.Label == "" || !strings.HasSuffix(f.Help, "。") {
				t.Errorf("%s: the field %s has no help", info.Outcome, f.Key)
			}
		}
	}
	if strings.Join(got, " ") != want {
		t.Errorf("Outcomes() = %v", got)
	}
	if info := disclosure.Outcome("r9").Info(); info.Outcome != "" {
		t.Errorf("r9 is %+v", info)
	}
	if got := disclosure.ThirdPartyInterest.Chinese(); got != "（三）不予公开 4.保护第三方合法权益" {
		t.Errorf("Chinese() = %q", got)
	}
}

// TestRemedyMatrix is law.md's matrix: review first for a refusal on articles 14 to 16, the ordinary clause for the rest.
func TestRemedyMatrix(t *testing.T) {
	for _, info := range disclosure.Outcomes() {
		want := disclosure.Ordinary
		if strings.HasPrefix(string(info.Outcome), "r3_") && info.Outcome != disclosure.AdministrativeQuery {
			want = disclosure.ReviewFirst
		}
		if got := (disclosure.Decision{Outcome: info.Outcome}).Remedy(); info.Outcome != disclosure.PartlyGranted && got != want {
			t.Errorf("复议法23: %s has the clause %q, want %q", info.Outcome, got, want)
		}
		partly := disclosure.Decision{Outcome: disclosure.PartlyGranted, RefusedRow: info.Outcome}
		if got := partly.Remedy(); got != want {
			t.Errorf("复议法23: 部分公开 over %s has the clause %q, want %q", info.Outcome, got, want)
		}
	}
}

func ExampleExplain() {
	d := disclosure.Explain(workday.MustParse("2026-09-30"), 20, workday.Embedded())
	fmt.Println(d.Due, d.Target, d.Provisional)
	// Output: 2026-11-03 2026-11-02 false
}
