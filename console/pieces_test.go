package console_test

import (
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"shoushan/console"
	"shoushan/disclosure"
	"shoushan/workday"
)

func TestAge(t *testing.T) {
	tests := []struct {
		waited time.Duration
		want   string
	}{
		{30 * time.Second, "刚刚"}, {5 * time.Minute, "等了 5 分钟"}, {59 * time.Minute, "等了 59 分钟"}, {time.Hour, "等了 1 小时"},
		{23 * time.Hour, "等了 23 小时"}, {24 * time.Hour, "等了 1 天"}, {40 * 24 * time.Hour, "等了 40 天"},
	}
	for _, tt := range tests {
		if got := console.Age(monday.Add(-tt.waited), monday); got != tt.want {
			t.Errorf("Age(%v) = %q, want %q", tt.waited, got, tt.want)
		}
	}
	if got := console.Age(time.Time{}, monday); got != "" {
		t.Errorf("Age of nothing = %q", got)
	}
}

func TestFigureTitles(t *testing.T) {
	tests := []struct{ figure, want string }{
		{"account.original", "公众号原创"}, {"month.3.account.repost", "3 月 · 公众号转载"}, {"month.12.requests", "12 月 · 新收申请"},
		{"topic.防汛救灾", "专题：防汛救灾"}, {"t3.r1.natural", "表三 三(一)予以公开 / 自然人"}, {"no.such", "no.such"},
	}
	for _, tt := range tests {
		if got := console.FigureTitle(tt.figure); got != tt.want {
			t.Errorf("FigureTitle(%s) = %q, want %q", tt.figure, got, tt.want)
		}
	}
}

func TestCutting(t *testing.T) {
	tests := []struct {
		name, address  string
		n, shown       int
		previous, next string
	}{
		{"nothing", "/posts", 0, 0, "", ""},
		{"one page", "/posts", 50, 50, "", ""},
		{"the first of three keeps the filter", "/posts?state=draft", 101, 50, "", "/posts?page=2&state=draft"},
		{"the second", "/posts?page=2", 101, 50, "/posts?page=1", "/posts?page=3"},
		{"the last", "/posts?page=3", 101, 1, "/posts?page=2", ""},
		{"past the end is the last", "/posts?page=99", 101, 1, "/posts?page=2", ""},
		{"nonsense is the first", "/posts?page=-x", 101, 50, "", "/posts?page=2"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			address, err := url.Parse(tt.address)
			if err != nil {
				t.Fatal(err)
			}
			shown, previous, next := console.Cut(tt.n, address)
			if shown != tt.shown || previous != tt.previous || next != tt.next {
				t.Errorf("Cut(%d) = %d %q %q, want %d %q %q", tt.n, shown, previous, next, tt.shown, tt.previous, tt.next)
			}
		})
	}
}

func TestLines(t *testing.T) {
	if diff := cmp.Diff([]string{"一", "二"}, console.Lines("一\r\n\r\n 　\n二\n")); diff != "" {
		t.Errorf("Lines: %s", diff)
	}
}

func TestEveryCountedDayIsAWorkday(t *testing.T) {
	cal := workday.Embedded()
	rapid.Check(t, func(t *rapid.T) {
		received := workday.MustParse("2025-12-01").AddDays(rapid.IntRange(0, 330).Draw(t, "day"))
		due := cal.Add(received, 20).Date
		days := console.CountDays(disclosure.Request{Clock: disclosure.StartClock(received, received.Start())}.Deadline(cal), cal)
		last, counted := 0, 0
		for i, day := range days {
			on := received.AddDays(i + 1)
			is, n, reason := console.Day(day)
			if is != cal.Workday(on) {
				t.Fatalf("%v: counted %v, workday %v", on, is, cal.Workday(on))
			}
			if is {
				last, counted = n, counted+1
			} else if reason == "" {
				t.Fatalf("%v is not counted and nobody says why", on)
			}
		}
		if counted != 20 || last != 20 {
			t.Fatalf("%v to %v: %d days counted, the last is number %d, want 20", received, due, counted, last)
		}
	})
}

// TestTheListOfDaysEndsOnTheDueDate: whatever happened to the clock, the last day that counts is the due date and bears the
// number of the period's days.
func TestTheListOfDaysEndsOnTheDueDate(t *testing.T) {
	received := workday.MustParse("2026-11-02")
	start := disclosure.StartClock(received, received.Start())
	entry := func(kind disclosure.EntryKind, after, days int) disclosure.Entry {
		return disclosure.Entry{Kind: kind, On: received.AddDays(after), Days: days, Ref: 1}
	}
	with := func(entries ...disclosure.Entry) disclosure.Ledger { return append(slices.Clone(start), entries...) }
	tests := []struct {
		name   string
		ledger disclosure.Ledger
		last   int // 0: nothing is listed
		paused int
	}{
		{"no clock", nil, 0, 0},
		{"art. 33: a plain period", start, 20, 0},
		{"art. 33: an extension", with(entry(disclosure.Extend, 5, 10)), 30, 0},
		{"art. 32: an open consultation", with(entry(disclosure.Pause, 7, 15)), 20, 15},
		{"art. 33: a consultation that was answered", with(entry(disclosure.Pause, 7, 15), entry(disclosure.Resume, 10, 0)), 20, 3},
		{"a consultation and an extension", with(entry(disclosure.Pause, 7, 15), entry(disclosure.Resume, 10, 0), entry(disclosure.Extend, 11, 10)), 30, 3},
		{"art. 30: suspended", with(entry(disclosure.Suspend, 5, 0)), 0, 0},
		{"art. 30: suspended, then begun anew", with(entry(disclosure.Suspend, 5, 0), entry(disclosure.Restart, 9, 20)), 20, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			last, paused := 0, 0
			for _, day := range console.CountDays(disclosure.Request{Clock: tt.ledger}.Deadline(workday.Embedded()), workday.Embedded()) {
				counted, n, reason := console.Day(day)
				if counted {
					last = n
				}
				if reason == "征求意见，不计" {
					paused++
				}
			}
			if last != tt.last || paused != tt.paused {
				t.Errorf("the last day is number %d with %d paused, want %d and %d", last, paused, tt.last, tt.paused)
			}
		})
	}
}

func TestLettersAreMaskedWhateverTheyQuote(t *testing.T) {
	l := disclosure.Letter{
		Title: "答复书", Recipient: secretName,
		Paragraphs: []string{"您（" + secretName + "，" + secretNumber + "）申请获取“" + person.Description + "”。", "寄往" + person.Address + "，电话" + secretPhone + "，" + secretEmail},
	}
	l.Paragraphs = append(l.Paragraphs, "编号为2026-0001，查询码为246810。", "已向晋城某建材有限公司征求意见，合同甲方账号6222021234567890128。")
	r := disclosure.Request{
		QueryCode: "246810", Filing: disclosure.Filing{Personal: person}, Letters: []disclosure.Letter{{Title: "登记回执"}, l},
		Consultations: []disclosure.Consultation{{Name: "晋城某建材有限公司"}, {Name: secretName + "粮油店"}},
	}
	got := console.MaskLetter(r, 2)
	text := got.Recipient + strings.Join(got.Paragraphs, "")
	for _, secret := range append(secrets, "246810", "晋城某建材", "6222021234567890128") {
		if strings.Contains(text, secret) {
			t.Errorf("the preview shows %q: %s", secret, text)
		}
	}
	if !strings.Contains(text, "低保资金发放名册") {
		t.Errorf("the preview hides what it is about: %s", text)
	}
	if l.Paragraphs[0] == got.Paragraphs[0] || !strings.Contains(l.Paragraphs[0], secretNumber) {
		t.Error("masking changed the letter itself")
	}
	r.Filing.Personal, r.QueryCode, r.Letters[1].Paragraphs = disclosure.Personal{}, "", []string{"编号为2026-0001，〔2026〕12号，048300。"}
	if got := console.MaskLetter(r, 2).Paragraphs[0]; got != r.Letters[1].Paragraphs[0] {
		t.Errorf("a letter to nobody, without long numbers, changed to %q", got)
	}
}

// TestTheOrgansNumberIsNotMasked: who signs a letter must be able to read the organ's own telephone; others stay masked.
func TestTheOrgansNumberIsNotMasked(t *testing.T) {
	r := disclosure.Request{Letters: []disclosure.Letter{{Paragraphs: []string{"电话：0356-6202000，传真：0356-6202001，对方电话0356-7654321，又0356-6202000。"}}}}
	got := console.MaskLetter(r, 1, "0356-6202000", "0356-6202001", "").Paragraphs[0]
	if strings.Count(got, "0356-6202000") != 2 || !strings.Contains(got, "0356-6202001") || strings.Contains(got, "7654321") {
		t.Errorf("masked as %s", got)
	}
}

func TestRedirectsStayHome(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		next := rapid.StringMatching(`[/\\a-z:.?#@\r\n\t\x00\x7f]{0,12}`).Draw(t, "next")
		got := console.OwnPath(next)
		u, err := url.Parse(got)
		if err != nil || u.Host != "" || u.Scheme != "" || !strings.HasPrefix(got, "/") || strings.HasPrefix(got, "//") {
			t.Fatalf("OwnPath(%q) = %q leaves the site", next, got)
		}
		if strings.ContainsAny(got, "\x00\t\r\n\x7f\\") {
			t.Fatalf("OwnPath(%q) = %q has a character that browsers drop", next, got)
		}
	})
}
