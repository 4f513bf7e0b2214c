package console_test

import (
	"bytes"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"shoushan/staff"
)

var tallyLink = regexp.MustCompile(`<a[^>]* href="(/tallies/list\?[^"]+)"[^>]*>(?:<b>)?(?:[^<0-9]*)(\d+)`)

// TestEveryTallyOpensItsList follows every number of the tallies and of the quarterly sheet: the list has as many items as
// the number says.
func TestEveryTallyOpensItsList(t *testing.T) {
	h := newHouse(t)
	seed(t, h)
	b := h.as(t, loginOf[staff.Approver])
	followed := 0
	for _, page := range []string{"/tallies", "/tallies?year=2026&part=q3", "/tallies?year=2026&part=m10", "/tallies/quarter?year=2026&quarter=3"} {
		for _, link := range tallyLink.FindAllStringSubmatch(b.get(page).body, -1) {
			followed++
			path := strings.ReplaceAll(link[1], "&amp;", "&")
			got := b.get(path)
			_, rest, _ := strings.Cut(got.body, `id="tally-count">`)
			count, _, _ := strings.Cut(rest, "<")
			if got.status != http.StatusOK || count != link[2] {
				t.Errorf("%s: %s says %s, its list (status %d) has %s", page, path, link[2], got.status, count)
			}
		}
	}
	if followed < 60 {
		t.Errorf("followed only %d numbers", followed)
	}
}

func TestTallyPages(t *testing.T) {
	h := newHouse(t)
	seed(t, h)
	b := h.as(t, loginOf[staff.Author])
	tests := []struct {
		path   string
		status int
		want   []string
	}{
		{"/tallies", 200, []string{"按季度", "按月", "防汛救灾", "新华网", "截至"}},
		{"/tallies?year=2021", 200, []string{"这个时段没有转载"}},
		{"/tallies?year=1999", 404, nil},
		{"/tallies?year=2026&part=q5", 404, nil},
		{"/tallies?year=2026&part=m13", 404, nil},
		{"/tallies?year=2026&part=x", 404, nil},
		{"/tallies/list?year=2026&part=q3&kind=nothing", 404, nil},
		{"/tallies/list?year=2026&of=topic&name=没有", 404, nil},
		{"/tallies/list?year=2026&kind=removed", 200, []string{"这个数字是 0"}},
		{"/tallies/quarter?year=2026&quarter=3", 200, []string{"自查表", "原创率", "转载来源", "新华网"}},
		{"/tallies/quarter?year=2026&quarter=9", 422, nil},
		{"/tallies/quarter", 200, []string{"2026 年第 4 季度"}},
	}
	for _, tt := range tests {
		got := b.get(tt.path)
		if got.status != tt.status {
			t.Errorf("%s = %d, want %d", tt.path, got.status, tt.status)
		}
		for _, want := range tt.want {
			if !strings.Contains(got.body, want) {
				t.Errorf("%s lacks %q", tt.path, want)
			}
		}
	}
}

func TestQuarterWorkbookHasTheSheetsNumbers(t *testing.T) {
	h := newHouse(t)
	seed(t, h)
	got := h.as(t, loginOf[staff.Approver]).get("/tallies/quarter.xlsx?year=2026&quarter=3")
	book, err := excelize.OpenReader(bytes.NewReader([]byte(got.body)))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := book.GetRows("自查表")
	if err != nil {
		t.Fatal(err)
	}
	items, _ := book.GetRows("稿件清单")
	for _, row := range rows {
		if len(row) > 1 && row[0] == "公众号发布" {
			if n, _ := strconv.Atoi(row[1]); n == 0 || len(items) < n+1 {
				t.Errorf("the sheet says %s items, the list has %d", row[1], len(items)-1)
			}
			return
		}
	}
	t.Error("the sheet has no line for the account")
}
