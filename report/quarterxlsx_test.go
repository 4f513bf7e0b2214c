package report_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"shoushan/posts"
	"shoushan/report"
	"shoushan/workday"
)

func TestQuarterWorkbook(t *testing.T) {
	at := time.Date(2026, 7, 1, 9, 0, 0, 0, workday.Beijing)
	item := posts.Post{ID: "1", State: posts.Published, Channel: posts.Account,
		Content: posts.Content{Title: "=HYPERLINK(\"http://x\")", Origin: posts.Repost, Source: &posts.Source{Name: "新华社"}}}
	item.Publication.PublishedAt = at
	gone := item
	gone.Publication.RemovedAt = at.Add(time.Hour)
	s := posts.QuarterSheet{Year: 2026, Quarter: 3, Sheet: posts.Sheet{
		Span: posts.QuarterSpan(2026, 3), Originals: []string{"a", "b"}, Reposts: []string{"1"}, Unapproved: []string{"1"},
		Sources: []posts.Tally{{Name: "新华社", Reposts: []string{"1"}, Approved: true}},
		Gaps:    []posts.Gap{{From: workday.MustParse("2026-07-01"), To: workday.MustParse("2026-07-20"), Days: 19, TooLong: true}},
	}}
	var out bytes.Buffer
	if err := report.WriteQuarterXLSX(&out, "崇文镇人民政府", s, []posts.Post{item, gone}, at); err != nil {
		t.Fatal(err)
	}
	book, err := excelize.OpenReader(&out)
	if err != nil {
		t.Fatal(err)
	}
	for sheet, want := range map[string][]string{
		"自查表":  {"公众号发布|3", "其中：原创|2", "原创率|66.7%", "转载来源不在稿源名单|1", "|2026-07-01|2026-07-20|19|超过", "新华社|1|在名单"},
		"稿件清单": {"2026-07-01 09:00|=HYPERLINK(\"http://x\")|", "|计数", "|已删除，不计"},
	} {
		rows, err := book.GetRows(sheet)
		if err != nil {
			t.Fatal(err)
		}
		var text strings.Builder
		for _, row := range rows {
			text.WriteString(strings.Join(row, "|") + "\n")
		}
		for _, w := range want {
			if !strings.Contains(text.String(), w) {
				t.Errorf("%s lacks %q:\n%s", sheet, w, text.String())
			}
		}
	}
	if formula, err := book.GetCellFormula("稿件清单", "B2"); err != nil || formula != "" {
		t.Errorf("a title became the formula %q, %v", formula, err)
	}
}
