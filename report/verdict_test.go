package report_test

import (
	"slices"
	"strings"
	"testing"

	"shoushan/disclosure"
	"shoushan/fault"
	"shoushan/report"
)

// standing finds the verdict on one rule.
func standing(t *testing.T, all []report.Verdict, rule string) report.Verdict {
	t.Helper()
	at := slices.IndexFunc(all, func(v report.Verdict) bool { return v.Rule == rule })
	if at < 0 {
		t.Fatalf("no verdict on %s", rule)
	}
	return all[at]
}

// quietYear is the report of a township in a year without a record; it passes clean.
func quietYear(t *testing.T, change func(*report.Annual)) report.Annual {
	t.Helper()
	a, err := report.Draft(2021, disclosure.Organ{Name: "某县某镇人民政府", Level: "township"}, prose2021(), report.Records{})
	if err != nil {
		t.Fatal(err)
	}
	change(&a)
	return a
}

func TestEveryRuleHasAVerdict(t *testing.T) {
	clean := quietYear(t, func(*report.Annual) {})
	rules := []string{
		report.RuleBalance, report.RuleColumnSum, report.RuleRowSum, report.RuleCarry, report.RuleOne, report.RuleBlank, report.RuleLayout3,
		report.RuleSum4, report.RuleStock, report.RuleRegulation, report.RuleNarrative, report.RuleFee, report.RuleFormat,
	}
	for _, rule := range rules {
		v := standing(t, report.Verdicts(report.Check(clean, nil), false), rule)
		want := report.Held
		if rule == report.RuleCarry || rule == report.RuleStock {
			want = report.NotChecked
		}
		if v.Standing != want || v.Title == "" || v.Standing.Chinese() == "" {
			t.Errorf("%s without last year's report: %+v, want %s", rule, v, want)
		}
	}
	before := clean
	before.Year--
	if v := standing(t, report.Verdicts(report.Check(clean, &before), true), report.RuleCarry); v.Standing != report.Held {
		t.Errorf("with last year's report: %+v", v)
	}
	broken := edit(t, setCell("new", 0, 5))
	all := report.Verdicts(report.Check(broken, nil), false)
	if v := standing(t, all, report.RuleBalance); v.Standing != report.Broken || len(v.Findings) == 0 {
		t.Errorf("a broken balance: %+v", v)
	}
	if v := standing(t, all, report.RuleSum4); v.Standing != report.Held {
		t.Errorf("table 四 is not concerned: %+v", v)
	}
	noted := report.Verdicts([]report.Violation{{Rule: report.RuleBlank, Severity: report.Warn}}, false)
	if v := standing(t, noted, report.RuleBlank); v.Standing != report.Questioned {
		t.Errorf("a warning: %+v", v)
	}
}

// TestNoFindingIsLost holds that every finding of the worst report stands under a rule that people are shown.
func TestNoFindingIsLost(t *testing.T) {
	for _, name := range reportNames(t) {
		a, _ := loadReport(t, name)
		found := report.Check(a, nil)
		shown := 0
		for _, v := range report.Verdicts(found, true) {
			shown += len(v.Findings)
		}
		if shown != len(found) {
			t.Errorf("%s: %d findings, %d shown", name, len(found), shown)
		}
	}
}

func TestGridsAreTheOfficialFormWithFigures(t *testing.T) {
	a := edit(t, setCell("new", 0, 5))
	grids, err := a.Grids()
	if err != nil || len(grids) != 3 {
		t.Fatalf("Grids = %d, %v", len(grids), err)
	}
	for _, g := range grids {
		form := report.OfficialForm().Tables[g.Table]
		for i, row := range g.Rows {
			for n, c := range row {
				want := form.Rows[i][n]
				if c.Colspan != want.Cols() || c.Rowspan != want.Rows() || (c.Figure != "") != want.Value || !want.Value && c.Text != want.Text {
					t.Errorf("table %s, row %d, cell %d = %+v, want %+v", g.Table, i, n, c, want)
				}
				if c.Figure != "" && a.Cells()[c.Figure].String() != c.Text || c.Zero != (c.Text == "0") {
					t.Errorf("%s = %+v, want %s", c.Figure, c, a.Cells()[c.Figure])
				}
			}
		}
	}
}

func TestSourcesNameRecordsWithoutPersonalData(t *testing.T) {
	q := request("2025-0001", disclosure.NaturalPerson, "2025-01-02", "", "")
	q.Filing.Personal.Name = "牛小明"
	p := post("p1", "account", "original", "2025-03-01T00:00:00Z")
	p.Content.Title = "标题"
	r := report.Records{Requests: []disclosure.Request{q}, Registers: registers()}
	r.Posts = append(r.Posts, p)
	entry := r.Registers.Entries()[0]
	got := r.Sources([]string{entry.ID, "2025-0001", "nobody", "p1"})
	if len(got) != 3 || got[0].ID != entry.ID || got[1] != (report.Source{Kind: report.RequestRecord, ID: "2025-0001", Title: "2025-0001"}) ||
		got[2].Title != "标题" || !strings.HasPrefix(got[0].Title, string(entry.Kind)) {
		t.Errorf("Sources = %+v", got)
	}
}

func TestBinderTellsWordsValuesAndTypedNumbers(t *testing.T) {
	var r report.Records
	for i := range 12 {
		r.Posts = append(r.Posts, post(string(rune('a'+i)), "account", "original", "2025-03-01T00:00:00Z"))
	}
	b := report.NewBinder(2025, disclosure.Organ{Name: "某镇人民政府"}, r.Year(2025))
	told, err := b.Tell("{{year}}年发布{{account.original}}条，其中12条图片，10余条视频，7条音频。")
	if err != nil {
		t.Fatal(err)
	}
	var words, bound, typed []string
	for _, x := range told {
		switch {
		case x.Binding != "":
			bound = append(bound, x.Binding+"="+x.Text)
		case x.Typed:
			typed = append(typed, x.Text)
		default:
			words = append(words, x.Text)
		}
	}
	if !slices.Equal(bound, []string{"{{year}}=2025", "{{account.original}}=12"}) || !slices.Equal(typed, []string{"12条", "10余条", "7条"}) || words[0] != "年发布" {
		t.Errorf("Tell = %q %q %q", bound, typed, words)
	}
	for _, x := range told {
		inserts := ""
		for _, f := range x.Fits {
			inserts += f.Insert
		}
		switch x.Text {
		case "12条":
			if !strings.HasPrefix(inserts, "{{account.original}}{{account.total}}") {
				t.Errorf("12条 may be %s", inserts)
			}
		case "10余条":
			if !strings.HasPrefix(inserts, "{{account.original|approx}}") {
				t.Errorf("10余条 may be %s", inserts)
			}
		case "7条":
			if inserts != "" {
				t.Errorf("7条 may be %s, want nothing", inserts)
			}
		}
	}
	for _, bad := range []string{"{{no.such}}", "{{year", "year}}"} {
		if _, err := b.Tell(bad); !fault.Is(err, fault.Invalid) {
			t.Errorf("Tell(%q) = %v, want Invalid", bad, err)
		}
	}
}

func TestAYearBeginsWithLastYearsText(t *testing.T) {
	h, ctx := newPress(t), t.Context()
	h.mustNot(h.Begin(ctx, clerk, 2025))(fault.Conflict, "没有可以沿用的")
	h.must(h.Edit(ctx, clerk, 2024, 0, finished(2024)))
	h.mustNot(h.Begin(ctx, first, 2025))(fault.Forbidden, "编写年度报告")
	h.must(h.Begin(ctx, clerk, 2025))
	e := h.edition()
	if e.Untouched() || e.Prose.Year != 2025 || e.Prose.Management[0] != finished(2024).Management[0] {
		t.Errorf("the text begins as %+v", e.Prose)
	}
	h.mustNot(h.Begin(ctx, clerk, 2025))(fault.Conflict, "已经写过文字")
}

func TestLastYearsNumberIsPointedOut(t *testing.T) {
	h, ctx := newPress(t), t.Context()
	h.must(h.Edit(ctx, clerk, 2025, 0, finished(2025).With("management", "2024年出台了制度。").With("platforms", "{{last_year}}年开设了专栏。")))
	w, err := h.Work(ctx, 2025)
	if err != nil {
		t.Fatal(err)
	}
	found := ""
	for _, v := range w.Findings {
		if v.Rule == report.RuleYear {
			found += v.Where + " "
		}
	}
	if found != "management " {
		t.Errorf("findings of the year in %q, want management", found)
	}
}

func TestTheExamplesValuesStopAReport(t *testing.T) {
	tests := []struct {
		name, where string
		change      func(*report.Annual)
	}{
		{"art. 50: the preface names the example's telephone", "preface", func(a *report.Annual) { a.Preface = []string{"联系电话：0356-0000000（示例，请核对）。"} }},
		{"art. 50: the preface names the example's mail", "preface", func(a *report.Annual) { a.Preface = []string{"电子邮箱：chongwen@example.gov.cn。"} }},
		{"art. 50: section 六 names the example's address", "section6", func(a *report.Annual) {
			a.Sections[5].Paragraphs = append(slices.Clone(a.Sections[5].Paragraphs), "见 https://fuyi.example.gov.cn/")
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			found := report.Check(quietYear(t, tt.change), nil)
			if len(found) != 1 || found[0].Rule != report.RuleOpen || found[0].Severity != report.Fail || found[0].Where != tt.where {
				t.Errorf("Check = %v", found)
			}
		})
	}
	honest := quietYear(t, func(a *report.Annual) { a.Preface = []string{"请核对后下载，邮箱：a@lingchuan.gov.cn。"} })
	if found := report.Check(honest, nil); len(found) != 0 {
		t.Errorf("an honest preface: %v", found)
	}
}

func TestResultsAreStatedOrMissed(t *testing.T) {
	h, ctx := newPress(t), t.Context()
	h.must(h.Edit(ctx, clerk, 2025, 0, finished(2025).With("appraisal", "无").With("social_review", "").With("accountability", "没有人因此被追究责任。")))
	w, err := h.Work(ctx, 2025)
	if err != nil {
		t.Fatal(err)
	}
	safeguards := strings.Join(w.Annual.Sections[0].Parts[4].Paragraphs, "\n")
	for _, want := range []string{"工作考核情况：无。", "\n没有人因此被追究责任。"} {
		if !strings.Contains(safeguards, want) {
			t.Errorf("art. 50(1)(4): （五）监督保障 lacks %q:\n%s", want, safeguards)
		}
	}
	if v := standing(t, w.Verdicts(), report.RuleOpen); v.Standing != report.Broken || len(v.Findings) != 1 || v.Findings[0].Where != "social_review" {
		t.Errorf("art. 50(1)(4): a result left out: %+v", v)
	}
}

func TestLastYearsReportIsGiven(t *testing.T) {
	h, ctx := newPress(t), t.Context()
	before := quietYear(t, func(a *report.Annual) { a.Year = 2024; a.T3.Rows["carried_out"] = report.Row{} })
	h.mustNot(h.Compare(ctx, first, 2025, before))(fault.Forbidden, "给出上一年的报告")
	h.mustNot(h.Compare(ctx, clerk, 2025, quietYear(t, func(*report.Annual) {})))(fault.Invalid, "要的是 2024 年的")
	h.mustNot(h.Compare(ctx, clerk, 2025, report.Annual{Year: 2024}))(fault.Invalid, "没有表二、表三")
	h.must(h.Compare(ctx, clerk, 2025, before))
	h.mustNot(h.Begin(ctx, clerk, 2025))(fault.Conflict, "没有可以沿用的")
	if e := h.edition(); e.Before == nil || !strings.Contains(e.Trail[0].Note, "2024年的报告") {
		t.Errorf("the edition = %+v", e)
	}
	h.must(h.Edit(ctx, clerk, 2025, 1, finished(2025)))
	h.must(h.Submit(ctx, clerk, 2025))
	h.mustNot(h.Compare(ctx, clerk, 2025, before))(fault.Conflict, "审核中")
}
