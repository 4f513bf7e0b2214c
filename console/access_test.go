package console_test

import (
	"cmp"
	"fmt"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"shoushan/staff"
)

// faultsOfAPage looks at a page as somebody with a keyboard, a screen reader or a phone meets it, and says what is wrong.
const faultsOfAPage = `(() => {
	const out = [], seen = new Set();
	const shown = e => !!(e.offsetWidth || e.offsetHeight || e.getClientRects().length);
	const name = e => (e.textContent || e.value || e.getAttribute("aria-label") || e.title || "").trim();
	document.querySelectorAll("[id]").forEach(e => { if (seen.has(e.id)) out.push("two elements have the id " + e.id); seen.add(e.id); });
	document.querySelectorAll("input:not([type=hidden]), select, textarea").forEach(e => {
		if (!e.hidden && !(e.labels && e.labels.length) && !e.getAttribute("aria-label")) out.push("no label: " + e.outerHTML.slice(0, 80));
	});
	document.querySelectorAll("[aria-describedby], [aria-controls], [aria-labelledby]").forEach(e => ["aria-describedby", "aria-controls", "aria-labelledby"].forEach(a => {
		(e.getAttribute(a) || "").split(/\s+/).filter(Boolean).forEach(id => { if (!document.getElementById(id)) out.push(a + " names nothing: " + id); });
	}));
	document.querySelectorAll("button, a[href], summary").forEach(e => { if (shown(e) && !name(e)) out.push("says nothing: " + e.outerHTML.slice(0, 80)); });
	document.querySelectorAll("img").forEach(e => { if (!e.hasAttribute("alt")) out.push("no alternative text: " + e.outerHTML.slice(0, 80)); });
	document.querySelectorAll("iframe").forEach(e => { if (!e.title) out.push("a frame without a title"); });
	document.querySelectorAll("th").forEach(e => { if (!e.scope && e.textContent.trim()) out.push("a head without a scope: " + e.textContent); });
	const heads = [...document.querySelectorAll("main h1, main h2, main h3, main h4")].map(e => Number(e.tagName[1]));
	if (heads.filter(n => n === 1).length !== 1) out.push("main headings: " + heads.filter(n => n === 1).length);
	heads.forEach((n, i) => { if (i && n > heads[i-1] + 1) out.push("a heading of level " + n + " after one of level " + heads[i-1]); });
	if (document.querySelectorAll("main").length !== 1 || !document.querySelector(".skip")) out.push("no way to skip to the text");
	if (!document.title.trim() || document.documentElement.lang !== "zh-CN") out.push("title or language is missing");
	document.querySelectorAll("[tabindex]").forEach(e => { if (e.tabIndex > 0) out.push("the order of the keyboard is bent: " + e.outerHTML.slice(0, 80)); });
	if (document.documentElement.scrollWidth > window.innerWidth + 1) out.push("wider than the screen: " + document.documentElement.scrollWidth);
	return out.join("\n");
})()`

// TestEveryPageForEverybody opens every page at 1280 and 390 px in a real browser, as somebody with a keyboard or a screen
// reader meets it; the browser's own complaints fail it too (a blocked style is a hole in the content policy).
func TestEveryPageForEverybody(t *testing.T) {
	if _, err := os.Stat("/usr/bin/chromium"); err != nil || testing.Short() {
		t.Skip("needs /usr/bin/chromium")
	}
	h := newHouse(t)
	s := seed(t, h)
	h.talkWith(s)
	server := httptest.NewServer(h.door)
	defer server.Close()
	shots := append(slices.Clone(s.shots), shot{"talks", staff.RequestDesk, "/talks", ""}, shot{"talk", staff.RequestDesk, "/talks/TALK1", ""},
		shot{"calls", staff.RequestDesk, "/calls", ""}, shot{"answers", staff.RequestDesk, "/answers", ""}, shot{"platform", staff.Administrator, "/platform", ""})
	slices.SortStableFunc(shots, func(a, b shot) int { return strings.Compare(string(a.role), string(b.role)) })
	ctx, heard := newBrowser(t, 1280)
	w := window{t: t, ctx: ctx, base: server.URL}
	last := staff.Role("")
	for _, page := range shots {
		if page.role != last {
			w.enter(page.role)
			last = page.role
		}
		w.do(chromedp.Navigate(w.base+page.path), chromedp.WaitReady(chromedp.CSS("main")))
		for _, width := range []int64{1280, 390} {
			w.do(chromedp.EmulateViewport(width, 900))
			if _, err := chromedp.Run(ctx, chromedp.Evaluate[int](cmp.Or(page.script, "0"), chromedp.EvalAwaitPromise)); err != nil {
				t.Fatal(err)
			}
			if wrong := w.text(faultsOfAPage); wrong != "" {
				t.Errorf("%s at %d:\n%s", page.name, width, wrong)
			}
		}
		if said := heard.take(); len(said) > 0 {
			t.Errorf("%s: the browser complains %d times, first: %.300s", page.name, len(said), said[0])
		}
	}
}

// enter logs the window out and in again as the role; with "" it stays outside.
func (w window) enter(role staff.Role) {
	w.t.Helper()
	w.do(chromedp.Navigate(w.base + "/login"))
	if role == "" {
		return
	}
	if _, err := chromedp.Run(w.ctx, chromedp.Evaluate[int](fmt.Sprintf(loginScript, loginOf[role], password), chromedp.EvalAwaitPromise)); err != nil {
		w.t.Fatal(err)
	}
}
