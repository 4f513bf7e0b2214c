package console_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"shoushan/console"
	"shoushan/posts"
	"shoushan/staff"
)

// unlisted are the pages without parameters that the menu leaves out, each reached from the page named.
var unlisted = map[string]string{
	"/login": "", "/login/code": "", "/account/code": "/account", "/account/code.png": "/account",
	"/requests/export": "/requests", "/requests/export/register.xlsx": "/requests", "/concerns/new": "/concerns", "/concerns/register.xlsx": "/concerns",
	"/calendar/day": "/calendar", "/posts/preview": "/posts/new", "/import/posts/template.csv": "/import/posts", "/registers/new": "/registers",
	"/registers/import": "/registers", "/registers/template.csv": "/registers", "/tallies/list": "/tallies", "/tallies/quarter.xlsx": "/tallies/quarter",
}

func TestEveryPageIsInTheMenuOrBehindOneThatIs(t *testing.T) {
	everybody := staff.Member{ID: "all", Roles: staff.Roles()}
	groups, _, _ := console.Menu(everybody, "/")
	var listed []string
	for _, paths := range groups {
		listed = append(listed, paths...)
	}
	for _, pattern := range console.Patterns() {
		method, path, _ := strings.Cut(strings.TrimSuffix(pattern, "{$}"), " ")
		if method != "GET" || strings.Contains(path, "{") {
			continue
		}
		from, left := unlisted[path]
		if left == slices.Contains(listed, path) || from != "" && !slices.Contains(listed, from) {
			t.Errorf("%s: in the menu %v, said to be reached from %q", path, !left, from)
		}
	}
	if sorted := slices.Sorted(slices.Values(listed)); len(slices.Compact(sorted)) != len(listed) {
		t.Errorf("a page stands in the menu twice: %v", sorted)
	}
}

func TestMenuOfEachRole(t *testing.T) {
	tests := []struct {
		role     staff.Role
		here     string
		headings string
		open     string
		most     int // entries to read before one is opened
	}{
		{staff.Approver, "/", "今天 申请和来信 稿件 公众号 统计和年报 我", "今天", 9},
		{staff.Approver, "/matching", "今天 申请和来信 稿件 公众号 统计和年报 我", "今天 公众号", 16},
		{staff.Author, "/posts/new", "今天 稿件 公众号 统计和年报 我", "今天 稿件", 15},
		{staff.Reviewer, "/", "今天 稿件 公众号 统计和年报 我", "今天", 8},
		{staff.Publisher, "/posts/queue", "今天 稿件 公众号 统计和年报 我", "今天 稿件", 15},
		{staff.RequestDesk, "/requests", "今天 申请和来信 公众号 统计和年报 我", "今天 申请和来信", 14},
		{staff.Administrator, "/members", "今天 稿件 公众号 统计和年报 管理 我", "今天 管理", 12},
	}
	for _, tt := range tests {
		groups, headings, open := console.Menu(staff.Member{ID: "m", Roles: []staff.Role{tt.role}}, tt.here)
		if got := strings.Join(headings, " "); got != tt.headings {
			t.Errorf("%s: headings %q, want %q", tt.role, got, tt.headings)
		}
		if got := strings.Join(open, " "); got != tt.open {
			t.Errorf("%s at %s: open %q, want %q", tt.role, tt.here, got, tt.open)
		}
		shown := len(headings)
		for _, heading := range open {
			shown += len(groups[heading])
		}
		if shown > tt.most {
			t.Errorf("%s at %s reads %d lines of menu, want at most %d", tt.role, tt.here, shown, tt.most)
		}
	}
	if _, headings, _ := console.Menu(staff.Member{}, "/login"); headings != nil {
		t.Errorf("before login the menu shows %v", headings)
	}
}

func TestMenuMarksWhereTheReaderIs(t *testing.T) {
	h := newHouse(t)
	s := seed(t, h)
	for path, want := range map[string]string{
		"/posts/" + s.posts[posts.Draft] + "/revisions": `<a href="/posts" aria-current="page">`,
		"/report/2026/edit":                             `<a href="/report" aria-current="page">`,
		"/tallies/list?year=2026&part=q3":               `<a href="/tallies" aria-current="page">`,
	} {
		body := h.as(t, "zheng").get(path).body
		before, _, found := strings.Cut(body, want)
		if !found || !strings.Contains(before[strings.LastIndex(before, "<details"):], "nav-group\" open") {
			t.Errorf("%s does not mark %s under an open heading", path, want)
		}
	}
}

func TestMenuWithTheKeyboardOnAPhone(t *testing.T) {
	h := newHouse(t)
	w, _ := openWindow(t, h, staff.Approver, 390)
	visible := `getComputedStyle(document.getElementById("nav")).display !== "none"`
	if got := w.text(`String(` + visible + `)`); got != "false" {
		t.Errorf("the menu covers the page at first: %s", got)
	}
	w.text(`document.getElementById("menu-toggle").focus(), ""`)
	w.do(chromedp.KeyEvent(kb.Enter))
	w.until(visible + ` && document.getElementById("menu-toggle").getAttribute("aria-expanded") === "true"`)
	matching := `document.querySelector("#nav a[href='/matching']")`
	if got := w.text(`String(` + matching + `.checkVisibility())`); got != "false" {
		t.Error("a heading that is not the reader's is open")
	}
	w.text(matching + `.closest("details").firstElementChild.focus(), ""`)
	w.do(chromedp.KeyEvent(kb.Enter))
	w.until(matching + `.checkVisibility()`)
	w.do(chromedp.KeyEvent(kb.Escape))
	w.until(`!(` + visible + `) && document.activeElement.id === "menu-toggle"`)
}

func TestOpenedHeadingsStayOpenOnADesk(t *testing.T) {
	h := newHouse(t)
	w, _ := openWindow(t, h, staff.Approver, 1280)
	shown := `document.querySelector("#nav a[href='/matching']").checkVisibility()`
	turn := `document.querySelector("#nav a[href='/matching']").closest("details").firstElementChild.click(), ""`
	w.until(`!` + shown)
	w.text(turn)
	w.do(chromedp.Navigate(w.base+"/help"), chromedp.WaitReady(chromedp.CSS("main")))
	w.until(shown)
	w.text(turn)
	w.do(chromedp.Navigate(w.base+"/help"), chromedp.WaitReady(chromedp.CSS("main")))
	w.until(`!` + shown)
}
