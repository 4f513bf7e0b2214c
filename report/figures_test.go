package report_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"shoushan/disclosure"
	"shoushan/fault"
	"shoushan/posts"
	"shoushan/report"
	"shoushan/workday"
)

// request makes a request received and, unless served is empty, answered on those days.
func request(id string, kind disclosure.ApplicantKind, received, served string, outcome disclosure.Outcome) disclosure.Request {
	r := disclosure.Request{ID: id, State: disclosure.Handling, ReceivedOn: date(received)}
	r.Filing.ApplicantKind, r.Filing.Matter = kind, disclosure.Information
	if served != "" {
		r.State = disclosure.Closed
		r.Decision = &disclosure.Decision{Outcome: outcome, ServedOn: date(served)}
	}
	return r
}

func date(s string) workday.Date {
	if s == "" {
		return workday.Date{}
	}
	return workday.MustParse(s)
}

func post(id string, channel posts.Channel, origin posts.Origin, published string) posts.Post {
	at, err := time.Parse(time.RFC3339, published)
	if err != nil {
		panic(err)
	}
	return posts.Post{ID: id, Channel: channel, State: posts.Published, Content: posts.Content{Origin: origin, Topic: "工作动态"},
		Publication: posts.Publication{PublishedAt: at}}
}

func TestPostsCountByBeijingDate(t *testing.T) {
	tests := []struct {
		name   string
		change func(*posts.Post)
		want   int
	}{
		{"published in the year", func(*posts.Post) {}, 1},
		{"first minute of the year in Beijing", func(p *posts.Post) { p.Publication.PublishedAt = workday.On(2021, 1, 1).Start().UTC() }, 1},
		{"last minute of the year before in Beijing", func(p *posts.Post) {
			p.Publication.PublishedAt = workday.On(2021, 1, 1).Start().Add(-time.Minute).UTC()
		}, 0},
		{"first minute of the next year in Beijing, still 2021 in UTC", func(p *posts.Post) {
			p.Publication.PublishedAt = workday.On(2022, 1, 1).Start().UTC()
		}, 0},
		{"withdrawn", func(p *posts.Post) { p.State = posts.Withdrawn }, 0},
		{"removed by the platform", func(p *posts.Post) { p.Publication.RemovedAt = p.Publication.PublishedAt.Add(time.Hour) }, 0},
		{"scheduled only", func(p *posts.Post) { p.State = posts.Scheduled }, 0},
		{"outcome unknown", func(p *posts.Post) { p.State = posts.OutcomeUnknown }, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := post("p", posts.Account, posts.Original, "2021-06-01T02:00:00Z")
			tt.change(&p)
			got := report.NewTally(2021, []posts.Post{p}, nil)
			if got.Account.Original != tt.want || got.ByTopic["工作动态"] != tt.want {
				t.Errorf("account.original = %d, by topic %v, want %d", got.Account.Original, got.ByTopic, tt.want)
			}
		})
	}
}

func TestRequestsOverTheYearBoundary(t *testing.T) {
	requests := []disclosure.Request{
		request("same-year", disclosure.NaturalPerson, "2025-03-03", "2025-03-20", "r1"),
		request("carried-in", disclosure.Company, "2024-12-20", "2025-01-10", "r3_4"),
		request("carried-out", disclosure.NaturalPerson, "2025-12-20", "2026-01-10", "r4_1"),
		request("open", disclosure.LegalService, "2025-12-31", "", ""),
		request("through", disclosure.OtherOrganization, "2024-11-01", "", ""),
		request("before", disclosure.NaturalPerson, "2024-01-05", "2024-12-31", "r1"),
		request("after", disclosure.NaturalPerson, "2026-01-01", "", ""),
		{ID: "not confirmed", State: disclosure.Submitted},
	}
	tests := []struct {
		figure string
		want   []string
	}{
		{"requests.new", []string{"same-year", "carried-out", "open"}},
		{"requests.carried_in", []string{"carried-in", "through"}},
		{"requests.closed", []string{"same-year", "carried-in"}},
		{"requests.carried_out", []string{"carried-out", "open", "through"}},
		{"t3.r3_4.org_business", []string{"carried-in"}},
		{"t3.r3_4.natural", nil},
		{"month.12.requests", []string{"carried-out", "open"}},
	}
	for _, tt := range tests {
		got, err := report.Select(tt.figure, 2025, nil, requests)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("Select(%s) (-want +got):\n%s", tt.figure, diff)
		}
	}
	tally := report.NewTally(2025, nil, requests).Requests
	if tally.New+tally.CarriedIn != tally.Closed+tally.CarriedOut || tally.New != 3 || tally.ByOutcome["r3_4"] != 1 {
		t.Errorf("tally = %+v does not balance", tally)
	}
}

// reopened sets the decision of a request aside on a day and answers it anew, unless served is empty.
func reopened(r disclosure.Request, on, served string, outcome disclosure.Outcome) disclosure.Request {
	earlier := *r.Decision
	earlier.ReopenedOn = date(on)
	r.Earlier = append(r.Earlier, earlier)
	r.State, r.Decision = disclosure.Handling, nil
	if served != "" {
		r.State, r.Decision = disclosure.Closed, &disclosure.Decision{Outcome: outcome, ServedOn: date(served)}
	}
	return r
}

func TestReopenedRequestsCountOnce(t *testing.T) {
	first := request("x", disclosure.NaturalPerson, "2024-11-01", "2024-11-20", "r3_4")
	tests := []struct {
		name    string
		request disclosure.Request
		want    map[int]string // year → the figures among those below
	}{
		{"set aside and answered anew within the year: the second answer counts", reopened(first, "2024-12-01", "2024-12-20", "r1"),
			map[int]string{2024: "new r1 closed", 2025: ""}},
		{"set aside, still open at the year's end: carried over", reopened(first, "2024-12-01", "2025-01-20", "r1"),
			map[int]string{2024: "new carried_out", 2025: "carried_in r1 closed", 2026: ""}},
		{"set aside a year later: the sealed report stands", reopened(first, "2025-02-01", "2025-03-01", "r1"),
			map[int]string{2024: "new r3_4 closed", 2025: ""}},
		{"set aside a year later, still open", reopened(first, "2025-02-01", "", ""), map[int]string{2024: "new r3_4 closed", 2025: ""}},
	}
	figures := []string{"new", "carried_in", "r1", "r3_4", "closed", "carried_out"}
	for _, tt := range tests {
		for year, want := range tt.want {
			var got []string
			for _, f := range figures {
				name := map[bool]string{true: "t3." + f + ".natural", false: "requests." + f}[strings.HasPrefix(f, "r")]
				ids, err := report.Select(name, year, nil, []disclosure.Request{tt.request})
				if err != nil {
					t.Fatal(err)
				}
				if len(ids) == 1 {
					got = append(got, f)
				}
			}
			if strings.Join(got, " ") != want {
				t.Errorf("%s: %d counts %v, want %s", tt.name, year, got, want)
			}
		}
	}
}

func TestOnlyRequestsForInformationCount(t *testing.T) {
	unconfirmed := disclosure.Request{ID: "w", State: disclosure.Closed}
	ownData := request("o", disclosure.NaturalPerson, "2025-03-03", "2025-03-05", disclosure.DataCorrected)
	ownData.Filing.Matter = disclosure.OwnData
	for name, r := range map[string]disclosure.Request{"art. 31: never confirmed": unconfirmed, "art. 41: correction of own data": ownData} {
		if got := report.NewTally(2025, nil, []disclosure.Request{r}).Requests; got.New != 0 || got.Closed != 0 {
			t.Errorf("%s: counts as %+v", name, got)
		}
	}
}

func TestRemediesAndFeesOfRequests(t *testing.T) {
	r := request("x", disclosure.NaturalPerson, "2024-11-01", "2024-11-20", "r3_4")
	r.Remedies = []disclosure.Remedy{
		{No: 1, Kind: disclosure.Reconsideration, OpenedOn: date("2024-12-01"), ClosedOn: date("2025-01-20"), Result: disclosure.Upheld},
		{No: 2, Kind: disclosure.LitigationAfterwards, OpenedOn: date("2025-02-01")},
	}
	r.Fee = &disclosure.Fee{Yuan: 420, PaidOn: date("2025-01-05")}
	records := report.Records{Requests: []disclosure.Request{r}}
	tests := []struct {
		year          int
		cells, absent []string
		six           string
	}{
		{2024, []string{"t4.reconsideration.pending", "t4.reconsideration.total"}, []string{"t4.litigation_after_reconsideration.total"}, "未收取"},
		{2025, []string{"t4.reconsideration.upheld", "t4.litigation_after_reconsideration.pending"}, []string{"t4.reconsideration.pending"}, "1件，共计420元"},
		{2026, []string{"t4.litigation_after_reconsideration.pending"}, []string{"t4.reconsideration.total"}, "未收取"},
	}
	for _, tt := range tests {
		a, err := report.Draft(tt.year, disclosure.Organ{}, report.DefaultProse(tt.year), records)
		if err != nil {
			t.Fatal(err)
		}
		for _, key := range tt.cells {
			if ids, err := records.Select(key, tt.year); err != nil || !slices.Equal(ids, []string{"x"}) || a.Cells()[key] != report.Count(1) {
				t.Errorf("%d: %s = %v counting %v (%v), want 1 counting x", tt.year, key, a.Cells()[key], ids, err)
			}
		}
		for _, key := range tt.absent {
			if a.Cells()[key] != report.Count(0) {
				t.Errorf("%d: %s = %v, want 0", tt.year, key, a.Cells()[key])
			}
		}
		if got := a.Sections[5].Paragraphs[0]; !strings.Contains(got, tt.six) {
			t.Errorf("%d: section 六 says %q, want %q", tt.year, got, tt.six)
		}
	}
}

func TestSelectRefusesUnknownFigures(t *testing.T) {
	for _, name := range []string{"", "account", "t3.r9.natural", "month.13.requests", "topic.", "account.original "} {
		if _, err := report.Select(name, 2025, nil, nil); !fault.Is(err, fault.Invalid) {
			t.Errorf("Select(%q) = %v, want Invalid", name, err)
		}
	}
}

func registers() report.Registers {
	yuan := func(s string) report.Number {
		n, err := report.ParseNumber(s)
		if err != nil {
			panic(err)
		}
		return n
	}
	return report.Registers{
		Documents: []report.Document{
			{ID: "d1", Kind: report.Normative, MadeOn: date("2023-05-01")},
			{ID: "d2", Kind: report.Normative, MadeOn: date("2025-05-01")},
			{ID: "d3", Kind: report.Normative, MadeOn: date("2022-05-01"), RepealedOn: date("2025-02-01")},
			{ID: "d4", Kind: report.Normative, MadeOn: date("2022-05-01"), RepealedOn: date("2024-02-01")},
		},
		Decisions: []report.Decision{{ID: "e1", Kind: report.Penalty, On: date("2025-01-01")}, {ID: "e2", Kind: report.Permit, On: date("2024-12-31")}},
		Charges:   []report.Charge{{ID: "c1", On: date("2025-02-02"), Amount: yuan("0.1")}, {ID: "c2", On: date("2025-03-02"), Amount: yuan("0.2")}},
		Remedies: []report.Remedy{
			{ID: "m1", Kind: disclosure.Reconsideration, OpenedOn: date("2024-12-01"), ClosedOn: date("2025-02-01"), Result: "upheld"},
			{ID: "m2", Kind: disclosure.Reconsideration, OpenedOn: date("2025-12-01")},
			{ID: "m3", Kind: disclosure.LitigationDirect, OpenedOn: date("2024-01-01"), ClosedOn: date("2024-12-31"), Result: "other"},
			{ID: "m4", Kind: disclosure.LitigationAfterwards, OpenedOn: date("2025-06-01"), ClosedOn: date("2026-03-01"), Result: "corrected"},
		},
		Fees: []report.ProcessingFee{{ID: "f1", On: date("2025-04-01"), Yuan: yuan("420")},
			{ID: "f2", On: date("2025-04-02"), Yuan: yuan("30.5")}},
	}
}

func TestRegistersFillTheTables(t *testing.T) {
	a, err := report.Draft(2025, disclosure.Organ{Name: "陵川县崇文镇人民政府", Level: "township"}, report.DefaultProse(2025), report.Records{Registers: registers()})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"t2.行政规范性文件.made": "1", "t2.行政规范性文件.repealed": "1", "t2.行政规范性文件.valid": "2", "t2.规章.valid": "0",
		"t2.行政处罚": "1", "t2.行政许可": "0", "t2.行政事业性收费": "0.3",
		"t4.reconsideration.upheld": "1", "t4.reconsideration.pending": "1", "t4.reconsideration.total": "2",
		"t4.litigation_direct.total": "0", "t4.litigation_after_reconsideration.pending": "1",
	}
	cells := a.Cells()
	for key, text := range want {
		if got := cells[key].String(); got != text {
			t.Errorf("%s = %s, want %s", key, got, text)
		}
	}
	six := a.Sections[5].Paragraphs[0]
	if six != "本年度收取政府信息公开信息处理费2件，共计450.5元。" {
		t.Errorf("section 六 says %q", six)
	}
}

func TestDefaultProseLeavesGapsThatCheckFinds(t *testing.T) {
	a, err := report.Draft(2025, disclosure.Organ{Name: "陵川县崇文镇人民政府", Level: "township"}, report.DefaultProse(2025), report.Records{})
	if err != nil {
		t.Fatal(err)
	}
	gaps := 0
	for _, v := range report.Check(a, nil) {
		if v.Rule != report.RuleOpen {
			t.Errorf("unexpected %v", v)
		}
		gaps++
	}
	if gaps != 8 {
		t.Errorf("%d gaps found, want 8", gaps)
	}
}

// outcomes are the 21 result rows.
func TestProseBindings(t *testing.T) {
	organ := disclosure.Organ{Name: "陵川县崇文镇人民政府", AccountName: "首善崇文"}
	var originals []posts.Post
	for i := range 85 {
		originals = append(originals, post(fmt.Sprint(i), posts.Account, posts.Original, "2025-06-01T02:00:00Z"))
	}
	tests := []struct{ name, text, want, wantErr string }{
		{"a number", "原创{{account.original}}条", "原创85条", ""},
		{"spaces", "原创{{ account.original }}条", "原创85条", ""},
		{"approx", "原创{{account.original|approx}}条", "原创80余条", ""},
		{"none", "{{requests.new|none:没有申请|some:有申请#件}}", "没有申请", ""},
		{"some", "{{account.original|none:没有|some:发布#条}}", "发布85条", ""},
		{"topic", "{{topic.工作动态}}/{{topic.没有这个}}", "85/0", ""},
		{"a cell", "{{t3.new.natural}}", "0", ""},
		{"words", "{{year}}年{{organ.name}}“{{organ.account}}”", "2025年陵川县崇文镇人民政府“首善崇文”", ""},
		{"unknown name", "{{account.orginal}}", "", "不是可以引用的数字"},
		{"unknown form", "{{account.original|roughly}}", "", "不认识的写法"},
		{"unclosed", "{{account.original}", "", "不成对"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			prose := report.DefaultProse(2025)
			prose.Problems = []string{tt.text}
			a, err := report.Draft(2025, organ, prose, report.Records{Posts: originals})
			if tt.wantErr != "" {
				if !fault.Is(err, fault.Invalid) || !strings.Contains(fault.Message(err), tt.wantErr) {
					t.Fatalf("Draft = %v, want %q", err, tt.wantErr)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got := a.Sections[4].Paragraphs[0]; got != tt.want {
				t.Errorf("%q became %q, want %q", tt.text, got, tt.want)
			}
		})
	}
}

func TestApprox(t *testing.T) {
	tests := map[int]string{0: "0", 7: "7", 10: "10", 13: "10余", 80: "80", 85: "80余", 100: "100", 127: "100余", 505: "500余", 1000: "1000", 1234: "1200余", 10500: "10000余"}
	for n, want := range tests {
		prose := report.DefaultProse(2025)
		prose.Problems = []string{"{{account.original|approx}}"}
		a, err := report.Draft(2025, disclosure.Organ{}, prose, report.Records{Posts: slices.Repeat([]posts.Post{post("x", posts.Account, posts.Original, "2025-06-01T02:00:00Z")}, n)})
		if err != nil {
			t.Fatal(err)
		}
		if got := a.Sections[4].Paragraphs[0]; got != want {
			t.Errorf("approx of %d = %s, want %s", n, got, want)
		}
	}
}

func TestUnboundNumbersArePointedOut(t *testing.T) {
	got := report.Unbound("发布原创信息127条，转发{{account.repost|approx}}条，从2021年1月1日起500余件。")
	if diff := cmp.Diff([]string{"127条", "500余件"}, got); diff != "" {
		t.Errorf("Unbound (-want +got):\n%s", diff)
	}
}

func TestDraftRefusesProseOfAnotherYear(t *testing.T) {
	_, err := report.Draft(2022, disclosure.Organ{}, prose2021(), report.Records{})
	if !fault.Is(err, fault.Invalid) {
		t.Errorf("Draft = %v, want Invalid", err)
	}
}

func BenchmarkTally100kPosts(b *testing.B) {
	all := slices.Repeat(posts2021(), 140)
	for b.Loop() {
		report.NewTally(2021, all, nil)
	}
}
