package console_test

import (
	"strings"
	"testing"
	"time"

	"shoushan/report"
	"shoushan/staff"
	"shoushan/workday"
)

// written is the text of a year with every gap filled in.
func written(year int) report.Prose {
	p := report.DefaultProse(year)
	for _, part := range p.Parts() {
		if strings.Contains(strings.Join(part.Texts, ""), "（请填写") {
			p = p.With(part.ID, "本年度"+part.Title+"的有关情况已经写明，没有遗漏。")
		}
	}
	return p
}

func amount(text string) report.Number {
	n, err := report.ParseNumber(text)
	if err != nil {
		panic(err)
	}
	return n
}

// seedReports leaves the report of 2025 published, that of 2024 approved, that of 2023 in review, that of 2022 being
// corrected, and registers behind them.
func (h *house) seedReports(t testing.TB, s *seeded) {
	t.Helper()
	h.now = monday
	for _, e := range []report.RegisterEntry{
		{Kind: report.KindNormative, Title: "崇文镇农村公厕管理办法", Number: "崇政发〔2026〕3号", URL: "https://example.cn/3", On: workday.MustParse("2026-03-02")},
		{Kind: report.KindNormative, Title: "崇文镇烟花爆竹管控规定", Number: "崇政发〔2019〕8号", On: workday.MustParse("2019-05-01"), EndOn: workday.MustParse("2026-06-30")},
		{Kind: report.KindPermit, Title: "占用乡道许可", Number: "崇许〔2026〕1号", On: workday.MustParse("2026-04-08")},
		{Kind: report.KindPenalty, Title: "违规占道经营处罚决定", Number: "崇罚〔2026〕1号", On: workday.MustParse("2026-05-11")},
		{Kind: report.KindCharge, Title: "公墓维护费", On: workday.MustParse("2026-07-01"), Amount: amount("0.35")},
		{Kind: report.KindReconsider, Title: "对2024年答复不服", Number: "陵政复〔2026〕5号", On: workday.MustParse("2026-08-01")},
	} {
		put, err := h.clerk.Put(t.Context(), h.member("zhou"), e)
		if err != nil {
			t.Fatal(err)
		}
		if s.entry == "" {
			s.entry = put.ID
		}
	}
	if err := h.clerk.Note(t.Context(), h.member("zhou"), report.CellNote{Year: 2026, Cell: "t2.行政规范性文件.made", Text: "其中修订1件"}); err != nil {
		t.Fatal(err)
	}
	h.seedReport(t, 2022, 4)
	if _, err := h.press.Correct(t.Context(), h.member("zhou"), 2022, "漏写了一项制度。"); err != nil {
		t.Fatal(err)
	}
	h.seedReport(t, 2023, 1)
	h.seedReport(t, 2024, 3)
	h.seedReport(t, 2025, 4)
}

// seedReport takes a year's report through as many of its steps: three reviews, then publication.
func (h *house) seedReport(t testing.TB, year, steps int) {
	t.Helper()
	ctx := t.Context()
	h.now = time.Date(year+1, 1, 20, 9, 0, 0, 0, beijing)
	defer func() { h.now = monday }()
	must := func(_ report.Edition, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(h.press.Edit(ctx, h.member("zhou"), year, 0, written(year)))
	must(h.press.Submit(ctx, h.member("zhou"), year))
	for _, by := range []string{"qian", "zhao", "zheng"}[:min(steps, 3)] {
		must(h.press.Review(ctx, h.member(by), year, true, "数字和文字已经核对。"))
	}
	if steps > 3 {
		must(h.press.Publish(ctx, staff.Member{ID: "zheng", Name: "郑签发", Roles: []staff.Role{staff.Approver}}, year))
	}
}
