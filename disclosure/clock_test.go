package disclosure_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"shoushan/disclosure"
	"shoushan/workday"
)

func TestExplain(t *testing.T) {
	tests := []struct {
		name, received string
		days           int
		due            string
		provisional    bool
	}{
		{"art. 33: over National Day 2026", "2026-09-30", 20, "2026-11-03", false},
		{"art. 33: over Spring Festival 2021", "2021-02-05", 20, "2021-03-10", false},
		{"art. 33: with the extension, over Spring Festival 2021", "2021-02-05", 40, "2021-04-08", false},
		{"art. 30: a supplement notice over Spring Festival 2021", "2021-02-05", 7, "2021-02-20", false},
		{"art. 32: a consultation over National Day 2023", "2023-09-22", 15, "2023-10-19", false},
		{"art. 33: from 除夕 2024, which was a working day", "2024-02-09", 20, "2024-03-14", false},
		{"art. 33: from a make-up Saturday 2026", "2026-02-14", 20, "2026-03-20", false},
		{"art. 33: into a year without a notice", "2026-12-20", 20, "2027-01-18", true},
		{"art. 33: the township case of 2025", "2025-02-20", 20, "2025-03-20", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := disclosure.Explain(date(tt.received), tt.days, workday.Embedded())
			if d.Due != date(tt.due) || d.Provisional != tt.provisional {
				t.Errorf("Explain(%s, %d) = %s, %v; want %s, %v", tt.received, tt.days, d.Due, d.Provisional, tt.due, tt.provisional)
			}
			if first := d.Lines[0]; first.Date != date(tt.received) || first.Article == "" {
				t.Errorf("the first line is %v", first)
			}
			if got := workday.Embedded().Between(d.Target, d.Due); got != 1 {
				t.Errorf("the target %s is %d working days before %s", d.Target, got, d.Due)
			}
		})
	}
}

func TestExplainSaysWhy(t *testing.T) {
	d := disclosure.Explain(date("2026-09-30"), 20, workday.Embedded())
	text := explained(d)
	for _, want := range []string{
		"2026-09-30  收到申请，当日不计，从次日起计算 20 个工作日（条例第三十三条）", "2026-10-01  国庆节，不计入工作日", "2026-10-10", "计入工作日",
		"2026-11-03  第 20 个工作日，期限届满（星期二）",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in\n%s", want, text)
		}
	}
	data, err := json.Marshal(d.Lines[0])
	if err != nil || string(data) != `{"date":"2026-09-30","article":"条例第三十三条","sentence":"收到申请，当日不计，从次日起计算 20 个工作日"}` {
		t.Errorf("a line is %s, %v", data, err)
	}
	if short := disclosure.Explain(date("2026-12-20"), 20, workday.Embedded()); !strings.Contains(explained(short), "暂定") {
		t.Errorf("nothing says that the date is provisional:\n%s", explained(short))
	}
}

func received(on string) disclosure.Request {
	d := date(on)
	return disclosure.Request{State: disclosure.Handling, ReceivedOn: d, Clock: disclosure.StartClock(d, d.Start())}
}

func TestDaysLeftAndOverdue(t *testing.T) {
	r, cal := received("2026-09-30"), workday.Embedded() // due 2026-11-03, a Tuesday
	tests := []struct {
		name, now string
		left      int
		overdue   bool
	}{
		{"art. 33: on the day of receipt", "2026-09-30", 20, false},
		{"art. 33: the make-up Saturday counts", "2026-10-10", 17, false},
		{"art. 33: the day before", "2026-11-02", 1, false},
		{"art. 33: the last day, to its last minute", "2026-11-03 23:59", 0, false},
		{"art. 33: a minute later it is late", "2026-11-04 00:00", -1, true},
		{"art. 33: over a weekend it gets no later", "2026-11-08", -3, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			now := newWorld(tt.now).now
			if left, overdue := r.DaysLeft(cal, now), r.Overdue(cal, now); left != tt.left || overdue != tt.overdue {
				t.Errorf("DaysLeft, Overdue = %d, %v; want %d, %v", left, overdue, tt.left, tt.overdue)
			}
		})
	}
	if now := newWorld("2027-01-01").now; (disclosure.Request{}).Overdue(cal, now) || (disclosure.Request{}).DaysLeft(cal, now) != 0 {
		t.Error("a request that was never received is late")
	}
}

// TestPausesOnlyLengthen: consultations never make the answer due earlier, never by more than their own days, and a day
// is left out once however many run.
func TestPausesOnlyLengthen(t *testing.T) {
	cal := workday.Embedded()
	rapid.Check(t, func(t *rapid.T) {
		start := date("2022-01-04").AddDays(rapid.IntRange(0, 1200).Draw(t, "start"))
		r := received(start.String())
		plain := r.Deadline(cal).Due
		days := map[workday.Date]bool{}
		on := start
		for i := range rapid.IntRange(0, 4).Draw(t, "consultations") {
			on = on.AddDays(rapid.IntRange(0, 10).Draw(t, "sent"))
			back := on.AddDays(rapid.IntRange(0, 30).Draw(t, "back"))
			r.Clock = append(r.Clock,
				disclosure.Entry{Kind: disclosure.Pause, On: on, Days: 15, Ref: i + 1},
				disclosure.Entry{Kind: disclosure.Resume, On: back, Ref: i + 1})
			for d := on.AddDays(1); !d.After(back) && !d.After(cal.Add(on, 15).Date); d = d.AddDays(1) {
				if cal.Workday(d) {
					days[d] = true
				}
			}
		}
		if got, want := r.Deadline(cal).Due, cal.Add(start, 20+len(days)).Date; got != want {
			t.Fatalf("due %s, want %s (%s and %d days)", got, want, plain, len(days))
		}
	})
}

func TestStartClockIsStoredInUTC(t *testing.T) {
	at := date("2026-03-02").At(9, 0)
	l := disclosure.StartClock(date("2026-03-02"), at)
	if len(l) != 1 || l[0].At.Location() != time.UTC || l[0].Days != 20 || l[0].Kind != disclosure.Start {
		t.Errorf("StartClock = %+v", l)
	}
}

// TestLateConsultationIsExplained: “why this date” says that a consultation sent too late left out no day (条例第三十三条).
func TestLateConsultationIsExplained(t *testing.T) {
	w := newWorld("2026-03-02")
	r := must(t)(w.Submit(t.Context(), clerk, atCounter()))
	w.set("2026-04-07")
	r = w.signs(t)(w.Consult(t.Context(), clerk, r.ID, disclosure.ThirdParty, "某某公司", "报价"))
	d := r.Deadline(w.cal)
	if d.Due != date("2026-03-30") || d.Paused || !r.Overdue(w.cal, w.now) || r.RungNow(w.cal, w.now) != disclosure.RungLate {
		t.Errorf("due %s, paused %v, overdue %v, rung %s", d.Due, d.Paused, r.Overdue(w.cal, w.now), r.RungNow(w.cal, w.now))
	}
	if text := explained(d); !strings.Contains(text, "答复期限已于 2026-03-30 届满，不再扣除") {
		t.Errorf("the explanation does not say so:\n%s", text)
	}
}
