package main

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
)

// shoushan runs a command and returns what it printed.
func shoushan(t *testing.T, args ...string) (stdout string, err error) {
	t.Helper()
	var out, problems bytes.Buffer
	err = run(t.Context(), args, environment(), &out, &problems)
	if problems.Len() > 0 {
		t.Logf("stderr: %s", problems.String())
	}
	return out.String(), err
}

func TestDeadlineCommand(t *testing.T) {
	tests := []struct {
		name, received, days, due string
		provisional               bool
	}{
		{"art. 33: over National Day 2026", "2026-09-30", "20", "2026-11-03", false},
		{"art. 30: a supplement notice over Spring Festival 2021", "2021-02-05", "7", "2021-02-20", false},
		{"art. 33: with the extension", "2024-02-09", "40", "2024-04-12", false},
		{"art. 33: into a year without a notice", "2026-12-20", "20", "2027-01-18", true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			out, err := shoushan(t, "deadline", "--received", tt.received, "--days", tt.days, "--json")
			if err != nil {
				t.Fatal(err)
			}
			var answer struct {
				Received, Due string
				Days          int
				Provisional   bool
				Ledger        []map[string]any
			}
			if err := json.Unmarshal([]byte(out), &answer); err != nil {
				t.Fatalf("%v in %s", err, out)
			}
			if answer.Received != tt.received || answer.Due != tt.due || answer.Provisional != tt.provisional || len(answer.Ledger) == 0 {
				t.Errorf("answer = %+v, want due %s, provisional %v and a ledger", answer, tt.due, tt.provisional)
			}
		})
	}
}

func TestDeadlineCommandRefusesNonsense(t *testing.T) {
	for _, args := range [][]string{
		{"deadline", "--received", "2026-02-30"},
		{"deadline", "--received", "yesterday"},
		{"deadline", "--received", "2026-09-30", "--days", "0"},
		{"deadline"},
		{"deadlines"},
	} {
		if _, err := shoushan(t, args...); err == nil {
			t.Errorf("%v succeeded", args)
		}
	}
	out, err := shoushan(t, "deadline", "--help")
	if err != nil || !strings.Contains(out, "Example:") {
		t.Errorf("--help = %q, %v; want an example", out, err)
	}
}

func TestDeadlineInWords(t *testing.T) {
	out, err := shoushan(t, "deadline", "--received", "2026-12-20")
	if err != nil || !strings.Contains(out, "暂定") || !strings.Contains(out, "2027-01-18 星期一到期") {
		t.Errorf("said %q, %v", out, err)
	}
}
