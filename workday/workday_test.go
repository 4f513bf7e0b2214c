package workday_test

import (
	"encoding/json"
	"fmt"
	"os"
	"testing"
	"time"

	"pgregory.net/rapid"

	"shoushan/workday"
)

type examples struct {
	Examples []struct {
		Received  workday.Date `json:"received"`
		IsWorkday bool         `json:"is_workday"`
		Plus7     workday.Date `json:"plus7"`
		Plus15    workday.Date `json:"plus15"`
		Plus20    workday.Date `json:"plus20"`
		Plus40    workday.Date `json:"plus40"`
	} `json:"examples"`
	WorkdayCount map[int]int `json:"workday_count"`
}

func loadExamples(t *testing.T) examples {
	t.Helper()
	data, err := os.ReadFile("testdata/deadlines.json")
	if err != nil {
		t.Fatal(err)
	}
	var e examples
	if err := json.Unmarshal(data, &e); err != nil {
		t.Fatal(err)
	}
	if len(e.Examples) == 0 || len(e.WorkdayCount) == 0 {
		t.Fatal("testdata/deadlines.json has no examples")
	}
	return e
}

func TestDeadlineExamples(t *testing.T) {
	cal := workday.Embedded()
	for _, e := range loadExamples(t).Examples {
		t.Run("received "+e.Received.String(), func(t *testing.T) {
			if got := cal.Workday(e.Received); got != e.IsWorkday {
				t.Errorf("Workday() = %v, want %v", got, e.IsWorkday)
			}
			for n, want := range map[int]workday.Date{7: e.Plus7, 15: e.Plus15, 20: e.Plus20, 40: e.Plus40} {
				if got := cal.Add(e.Received, n); got.Date != want || got.Provisional {
					t.Errorf("Add(%d) = %v provisional %v, want %v", n, got.Date, got.Provisional, want)
				}
			}
		})
	}
}

func TestWorkdaysPerYear(t *testing.T) {
	cal := workday.Embedded()
	for year, want := range loadExamples(t).WorkdayCount {
		if got := cal.Between(workday.On(year-1, 12, 31), workday.On(year, 12, 31)); got != want {
			t.Errorf("%d has %d working days, want %d", year, got, want)
		}
	}
}

func TestDayReasons(t *testing.T) {
	cal := workday.Embedded()
	tests := []struct {
		name, date  string
		workday     bool
		reason      string
		provisional bool
	}{
		{"an ordinary Monday", "2026-11-23", true, "", false},
		{"a weekend", "2026-11-22", false, "周末", false},
		{"a make-up Sunday", "2026-09-20", true, "国庆节调休上班", false},
		{"Spring Festival 2026", "2026-02-16", false, "春节", false},
		{"the notice of 2023 reaches into 2022", "2022-12-31", false, "元旦", false},
		{"除夕 2024 was formally a working day", "2024-02-09", true, "", false},
		{"放假办法: New Year of a year without a notice", "2027-01-01", false, "元旦", true},
		{"放假办法: eve of Spring Festival 2027", "2027-02-05", false, "春节", true},
		{"放假办法: 清明 2027", "2027-04-05", false, "清明节", true},
		{"放假办法: May 2", "2028-05-02", false, "劳动节", true},
		{"放假办法: October 4 is a working day without a notice", "2028-10-04", true, "", true},
		{"an unknown ordinary day", "2027-03-01", true, "", true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := cal.Day(workday.MustParse(tt.date))
			if got.Workday != tt.workday || got.Reason != tt.reason || got.Provisional != tt.provisional {
				t.Errorf("Day(%s) = %+v, want workday %v, reason %q, provisional %v", tt.date, got, tt.workday, tt.reason, tt.provisional)
			}
		})
	}
}

func TestDeadlineIntoUnknownYearIsProvisional(t *testing.T) {
	cal := workday.Embedded()
	got := cal.Add(workday.MustParse("2026-12-20"), 20)
	if !got.Provisional || got.Date.Year() != 2027 {
		t.Errorf("Add(2026-12-20, 20) = %+v, want a provisional date in 2027", got)
	}
	off := map[workday.Date]string{}
	for d := workday.MustParse("2027-01-01"); !d.After(workday.MustParse("2027-01-03")); d = d.AddDays(1) {
		off[d] = "元旦"
	}
	notice := workday.Notice{Year: 2027, Number: "试验通知", Off: off, Makeup: map[workday.Date]string{workday.MustParse("2026-12-26"): "元旦"}}
	if err := notice.Validate(); err != nil {
		t.Fatal(err)
	}
	final := cal.With(notice).Add(workday.MustParse("2026-12-20"), 20)
	if final.Provisional || !final.Date.Before(got.Date) {
		t.Errorf("with the notice: %+v, want final and earlier than %v (a make-up Saturday was added)", final, got.Date)
	}
	if cal.Known(2027) {
		t.Error("With changed the calendar it was called on")
	}
	if got := cal.With(notice).KnownThrough(); got != 2027 {
		t.Errorf("KnownThrough() = %d, want 2027", got)
	}
}

func TestNoticeValidate(t *testing.T) {
	jan1 := map[workday.Date]string{workday.MustParse("2027-01-01"): "元旦"}
	tests := []struct {
		name   string
		notice workday.Notice
	}{
		{"no number", workday.Notice{Year: 2027, Off: jan1}},
		{"no day off", workday.Notice{Year: 2027, Number: "x"}},
		{"a day of another year", workday.Notice{Year: 2027, Number: "x", Off: map[workday.Date]string{workday.MustParse("2028-01-01"): "元旦"}}},
		{"make-up on a weekday", workday.Notice{Year: 2027, Number: "x", Off: jan1, Makeup: map[workday.Date]string{workday.MustParse("2027-01-04"): "元旦"}}},
		{"off and worked", workday.Notice{Year: 2027, Number: "x", Off: map[workday.Date]string{workday.MustParse("2027-01-02"): "元旦"}, Makeup: map[workday.Date]string{workday.MustParse("2027-01-02"): "元旦"}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if tt.notice.Validate() == nil {
				t.Error("Validate() = nil, want an error")
			}
		})
	}
}

func TestEmbeddedNoticesAreValid(t *testing.T) {
	notices := workday.Embedded().Notices()
	if len(notices) != 6 {
		t.Fatalf("%d notices, want 6 (2021–2026)", len(notices))
	}
	for _, n := range notices {
		if err := n.Validate(); err != nil {
			t.Error(err)
		}
	}
}

func TestAddAndBetweenAgree(t *testing.T) {
	cal := workday.Embedded()
	rapid.Check(t, func(t *rapid.T) {
		d := workday.MustParse("2020-06-01").AddDays(rapid.IntRange(0, 4000).Draw(t, "day"))
		n := rapid.IntRange(1, 60).Draw(t, "n")
		due := cal.Add(d, n)
		if got := cal.Between(d, due.Date); got != n {
			t.Fatalf("Between(%v, Add(%v, %d) = %v) = %d", d, d, n, due.Date, got)
		}
		if !cal.Workday(due.Date) {
			t.Fatalf("Add(%v, %d) = %v, not a working day", d, n, due.Date)
		}
		if next := cal.Next(due.Date); next != due.Date {
			t.Fatalf("Next(%v) = %v", due.Date, next)
		}
	})
}

func TestDateText(t *testing.T) {
	d := workday.MustParse("2026-02-28")
	if got := d.AddDays(1).String(); got != "2026-03-01" {
		t.Errorf("AddDays(1) = %s", got)
	}
	if got := d.Chinese() + d.ChineseWeekday(); got != "2026年2月28日星期六" {
		t.Errorf("Chinese = %s", got)
	}
	for _, bad := range []string{"2026-2-1", "2026-02-30", "今天", "20260228"} {
		if _, err := workday.Parse(bad); err == nil {
			t.Errorf("Parse(%q) succeeded", bad)
		}
	}
	data, err := json.Marshal(map[string]workday.Date{"a": d, "b": {}})
	if err != nil || string(data) != `{"a":"2026-02-28","b":""}` {
		t.Errorf("Marshal = %s, %v", data, err)
	}
	var back map[string]workday.Date
	if err := json.Unmarshal(data, &back); err != nil || back["a"] != d || !back["b"].IsZero() {
		t.Errorf("Unmarshal = %v, %v", back, err)
	}
}

func TestOfUsesBeijing(t *testing.T) {
	tests := []struct {
		instant string
		want    string
	}{
		{"2026-12-31T15:59:59Z", "2026-12-31"},
		{"2026-12-31T16:00:00Z", "2027-01-01"},
	}
	for _, tt := range tests {
		instant, err := time.Parse(time.RFC3339, tt.instant)
		if err != nil {
			t.Fatal(err)
		}
		if got := workday.Of(instant).String(); got != tt.want {
			t.Errorf("Of(%s) = %s, want %s", tt.instant, got, tt.want)
		}
	}
	if !workday.Of(time.Time{}).IsZero() {
		t.Error("Of(zero) is not the zero date")
	}
}

func Example() {
	due := workday.Embedded().Add(workday.MustParse("2026-09-30"), 20)
	fmt.Println(due.Date, due.Provisional)
	// Output: 2026-11-03 false
}

// TestTheNextNoticeIsTheLaterWord: what the next year's notice says of a day in December takes the place of what this year's said, in
// both directions (放假办法 lets the notice move weekends).
func TestTheNextNoticeIsTheLaterWord(t *testing.T) {
	saturday, thursday := workday.MustParse("2027-12-25"), workday.MustParse("2027-12-30")
	this := workday.Notice{Year: 2027, Number: "甲", Off: map[workday.Date]string{thursday: "元旦", saturday: "元旦"}}
	tests := []struct {
		name string
		next workday.Notice
		day  workday.Date
		want bool
	}{
		{"it says nothing", workday.Notice{Year: 2028}, saturday, false},
		{"a day off becomes a make-up workday", workday.Notice{Year: 2028, Makeup: map[workday.Date]string{saturday: "元旦"}}, saturday, true},
		{"another day stays as it was", workday.Notice{Year: 2028, Makeup: map[workday.Date]string{saturday: "元旦"}}, thursday, false},
		{"a workday becomes a day off", workday.Notice{Year: 2028, Off: map[workday.Date]string{thursday.AddDays(1): "元旦"}}, thursday.AddDays(1), false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := workday.New(this, tt.next).Workday(tt.day); got != tt.want {
				t.Errorf("Workday(%s) = %v, want %v", tt.day, got, tt.want)
			}
		})
	}
}
