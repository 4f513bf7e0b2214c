package handlers_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"shoushan/fault"
	"shoushan/handlers"
)

// bookcase is the published reports; broken makes it refuse.
type bookcase struct {
	years  []int
	broken bool
}

func (b bookcase) Years(context.Context) ([]int, error) {
	if b.broken {
		return nil, errBroken
	}
	return b.years, nil
}

func (b bookcase) HTML(_ context.Context, year int) ([]byte, error) {
	for _, y := range b.years {
		if y == year && !b.broken {
			return []byte("<!DOCTYPE html>\n<body>\n<main>封存的报告</main></body>"), nil
		} else if b.broken {
			return nil, errBroken
		}
	}
	return nil, fault.New(fault.NotFound, "这里没有这一年的年度报告。")
}

// art. 50: the menu leads to the newest published report; without one, or without a public address, to the website.
func TestReportButton(t *testing.T) {
	tests := []struct {
		name, url string
		reports   handlers.Reports
		want      []string
		notWant   string
	}{
		{"one", "https://xxgk.example", bookcase{years: []int{2025}}, []string{"2025年政府信息公开工作年度报告：https://xxgk.example/reports/2025"}, "历年"},
		{"two", "https://xxgk.example", bookcase{years: []int{2025, 2024}}, []string{"https://xxgk.example/reports/2025\n历年的报告：https://xxgk.example/reports"}, "2024"},
		{"none published", "https://xxgk.example", bookcase{}, []string{town.Website}, "/reports"},
		{"no room for them", "https://xxgk.example", nil, []string{town.Website}, "/reports"},
		{"no public address", "", bookcase{years: []int{2025}}, []string{town.Website}, "/reports"},
		{"a broken store", "https://xxgk.example", bookcase{years: []int{2025}, broken: true}, []string{"系统出了点问题"}, "/reports"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t)
			w.citizen.PublicURL, w.citizen.Reports = tt.url, tt.reports
			got := w.says(t, "c", "年报")
			for _, s := range tt.want {
				if !strings.Contains(got, s) {
					t.Errorf("reply = %s, want %q", got, s)
				}
			}
			if tt.notWant != "" && strings.Contains(got, tt.notWant) {
				t.Errorf("reply = %s, want no %q", got, tt.notWant)
			}
		})
	}
}

func TestReportPages(t *testing.T) {
	tests := []struct {
		name, path string
		reports    handlers.Reports
		status     int
		want       string
	}{
		{"the list", "/reports", bookcase{years: []int{2025, 2024}}, 200, `<a href="/reports/2024">2024年政府信息公开工作年度报告</a>`},
		{"an empty list", "/reports", bookcase{}, 200, "还没有已经发布的年度报告"},
		{"a report as it was sealed", "/reports/2025", bookcase{years: []int{2025}}, 200, "<body>\n<main>封存的报告</main>"},
		{"another year", "/reports/2023", bookcase{years: []int{2025}}, 404, "没有这一年"},
		{"no year", "/reports/x", bookcase{years: []int{2025}}, 404, "没有这一年"},
		{"a broken list", "/reports", bookcase{broken: true}, 500, "问题编号"},
		{"a broken report", "/reports/2025", bookcase{years: []int{2025}, broken: true}, 500, "问题编号"},
		{"no reports here", "/reports", nil, 404, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t)
			w.citizen.Reports = tt.reports
			got := w.visit(t, http.MethodGet, tt.path, nil)
			if got.Code != tt.status || !strings.Contains(got.Body.String(), tt.want) {
				t.Errorf("status %d, want %d; page %s, want %q", got.Code, tt.status, got.Body, tt.want)
			}
			if policy := got.Header().Get("Content-Security-Policy"); tt.reports != nil && !strings.HasPrefix(policy, "default-src 'none'") {
				t.Errorf("policy %q", policy)
			}
			if guide := w.visit(t, http.MethodGet, "/guide", nil).Body.String(); strings.Contains(guide, `href="/reports"`) != (tt.reports != nil) {
				t.Error("the guide's link to the reports does not tell whether there are any")
			}
		})
	}
}

// A demonstration says so on every page, also on top of a report.
func TestBannerOnEveryPage(t *testing.T) {
	w := newWorld(t)
	w.citizen.Reports = bookcase{years: []int{2025}}
	for _, banner := range []string{"", "演示环境：<申请人>是编造的。"} {
		w.citizen.Banner = banner
		for _, path := range []string{"/guide", "/privacy", "/progress", "/reports", "/reports/2025", "/reports/2024"} {
			_, body, _ := strings.Cut(w.visit(t, http.MethodGet, path, nil).Body.String(), "<body>")
			shown := strings.Contains(body, "演示环境：&lt;申请人&gt;是编造的。")
			if shown != (banner != "") || strings.Contains(body, `role="note"`) != shown {
				t.Errorf("%s with banner %q: %s", path, banner, body)
			}
			if shown && !strings.HasPrefix(strings.TrimSpace(body), `<p`) {
				t.Errorf("%s: the banner is not on top: %.60s", path, body)
			}
		}
	}
}
