package report_test

import (
	"strings"
	"testing"
	"time"

	"shoushan/fault"
	"shoushan/report"
)

func TestDue(t *testing.T) {
	tests := []struct{ name, monthDay, want string }{
		{"art. 49: no day of its own: 31 January", "", "2027-01-31"},
		{"the county sets another", "02-20", "2027-02-20"},
		{"art. 49: not after 31 March", "03-31", "2027-03-31"},
		{"art. 49: too late", "04-01", ""},
		{"no day", "31 January", ""},
		{"no such day", "02-30", ""},
	}
	for _, tt := range tests {
		got, err := report.Due(2026, tt.monthDay)
		if got.String() != tt.want || (tt.want == "") != fault.Is(err, fault.Invalid) {
			t.Errorf("%s: Due(%q) = %s, %v, want %q", tt.name, tt.monthDay, got, err, tt.want)
		}
	}
}

func TestReminder(t *testing.T) {
	due := date("2027-01-31")
	tests := []struct {
		day    string
		state  report.EditionState
		urgent bool
		want   string
	}{
		{"2027-01-01", report.Writing, true, "还有 30 天，现在是“编写中”"},
		{"2027-01-02", report.Writing, false, "还有 29 天"},
		{"2027-01-30", report.Reviewed, true, "还有 1 天，现在是“审核中”"},
		{"2027-01-31", report.Passed, true, "今天到期，现在是“已审定”"},
		{"2027-02-03", report.Writing, true, "已经晚了 3 天"},
	}
	for _, tt := range tests {
		got, urgent := report.Edition{Year: 2026, State: tt.state}.Reminder(due, date(tt.day).At(9, 0))
		if urgent != tt.urgent || !strings.Contains(got, tt.want) {
			t.Errorf("%s: Reminder = %q, %v, want %q, %v", tt.day, got, urgent, tt.want, tt.urgent)
		}
	}
	done := report.Edition{Year: 2026, Seals: []report.Seal{{At: time.Date(2027, 1, 20, 1, 0, 0, 0, time.UTC)}}}
	if got, urgent := done.Reminder(due, date("2027-03-01").At(9, 0)); urgent || !strings.Contains(got, "2027年1月20日发布") {
		t.Errorf("published: Reminder = %q, %v", got, urgent)
	}
}
