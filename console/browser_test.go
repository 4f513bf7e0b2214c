package console_test

import (
	"context"
	"fmt"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"shoushan/posts"
	"shoushan/staff"
)

// window is a real browser in which somebody is logged in.
type window struct {
	t    *testing.T
	ctx  context.Context
	base string
}

// openWindow skips the test where there is no browser.
func openWindow(t *testing.T, h *house, role staff.Role, width int) (window, *complaints) {
	t.Helper()
	if _, err := os.Stat("/usr/bin/chromium"); err != nil || testing.Short() {
		t.Skip("needs /usr/bin/chromium")
	}
	server := httptest.NewServer(h.door)
	t.Cleanup(server.Close)
	ctx, heard := newBrowser(t, width)
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	t.Cleanup(cancel)
	w := window{t: t, ctx: ctx, base: server.URL}
	w.do(chromedp.Navigate(server.URL + "/login"))
	w.do(chromedp.SendKeys(chromedp.CSS("#login-id"), loginOf[role]), chromedp.SendKeys(chromedp.CSS("#login-password"), password))
	w.do(chromedp.Click(chromedp.CSS("#login-submit")), chromedp.WaitReady(chromedp.CSS("#who")))
	return w, heard
}

func (w window) do(steps ...chromedp.Action[chromedp.Void]) {
	w.t.Helper()
	if err := chromedp.Do(w.ctx, steps...); err != nil {
		w.t.Fatal(err)
	}
}

// until waits for a condition on the page.
func (w window) until(condition string) {
	w.t.Helper()
	script := fmt.Sprintf(`new Promise((done, fail) => { const began = Date.now(); (function look() { if (%s) done(true); else if (Date.now() - began > 8000) done(false); else setTimeout(look, 50) })() })`, condition)
	ok, err := chromedp.Run(w.ctx, chromedp.Evaluate[bool](script, chromedp.EvalAwaitPromise))
	if err != nil {
		w.t.Fatal(err)
	}
	if !ok {
		w.t.Fatalf("never became true: %s", condition)
	}
}

func (w window) text(script string) string {
	w.t.Helper()
	out, err := chromedp.Run(w.ctx, chromedp.Evaluate[string](script))
	if err != nil {
		w.t.Fatal(err)
	}
	return out
}

const framed = `document.getElementById("preview").contentDocument.body.textContent`

func TestEditorInABrowser(t *testing.T) {
	h := newHouse(t)
	w, heard := openWindow(t, h, staff.Author, 1280)
	w.do(chromedp.Navigate(w.base+"/posts/new"), chromedp.WaitReady(chromedp.CSS("#editor-title")))
	w.do(chromedp.SendKeys(chromedp.CSS("#editor-title"), "冬季取暖"), chromedp.SendKeys(chromedp.CSS("#editor-markdown"), "## 小标题\n\n正文**重点**。\n\n"))
	w.until(framed + `.includes("小标题") && ` + framed + `.includes("冬季取暖")`)
	if got := w.text(`getComputedStyle(document.getElementById("preview").contentDocument.querySelector("strong")).fontWeight`); got != "700" && got != "bold" {
		t.Errorf("the preview's inline styles do not hold: font-weight %s", got)
	}
	if got := w.text(`String(document.getElementById("source-fields").hidden)`); got != "true" {
		t.Errorf("an original is asked for its source: hidden = %s", got)
	}
	w.do(chromedp.Click(chromedp.CSS("#origin-repost")))
	w.until(`!document.getElementById("source-fields").hidden`)
	w.do(chromedp.SendKeys(chromedp.CSS("#source-name"), "山西日报"))
	w.until(framed + `.includes("来源：山西日报")`)

	picture := t.TempDir() + "/a.png"
	if err := os.WriteFile(picture, drawing(t), 0o644); err != nil {
		t.Fatal(err)
	}
	w.do(chromedp.SetUploadFiles(chromedp.CSS("#picture-file"), []string{picture}))
	w.until(`document.getElementById("editor-markdown").value.includes("![](file:")`)
	w.until(`(i => i && i.naturalWidth > 0)(document.getElementById("preview").contentDocument.querySelector("img"))`)
	if cover := w.text(`document.getElementById("editor-cover").value`); len(cover) < 16 {
		t.Errorf("the first picture did not become the cover: %q", cover)
	}
	w.do(chromedp.Click(chromedp.CSS("#editor-save")), chromedp.WaitReady(chromedp.CSS("#post-state")))
	if got := w.text(`document.getElementById("post-state").textContent`); got != "草稿" {
		t.Errorf("state = %q", got)
	}
	p, err := h.Post(t.Context(), strings.TrimPrefix(w.text(`location.pathname`), "/posts/"))
	if err != nil || p.Content.Origin != posts.Repost || p.Content.Source == nil || p.Content.Source.Name != "山西日报" {
		t.Errorf("stored %+v, %v", p.Content, err)
	}
	if said := heard.take(); len(said) > 0 {
		t.Errorf("the browser complains: %.300s", said[0])
	}
}

func TestDroppedPictureInABrowser(t *testing.T) {
	h := newHouse(t)
	w, _ := openWindow(t, h, staff.Author, 1280)
	w.do(chromedp.Navigate(w.base+"/posts/new"), chromedp.WaitReady(chromedp.CSS("#editor-title")))
	for _, kind := range []string{"drop", "paste"} {
		_, err := chromedp.Run(w.ctx, chromedp.Evaluate[bool](fmt.Sprintf(`new Promise(done => {
			const c = document.createElement("canvas"); c.width = c.height = 20 + %d;
			c.getContext("2d").fillRect(0, 0, 9, 9);
			c.toBlob(b => {
				const d = new DataTransfer(); d.items.add(new File([b], "x.png", {type: "image/png"}));
				const box = document.getElementById("editor-markdown");
				box.dispatchEvent(%q === "drop" ? new DragEvent("drop", {dataTransfer: d, bubbles: true, cancelable: true}) : new ClipboardEvent("paste", {clipboardData: d, bubbles: true, cancelable: true}));
				done(true);
			});
		})`, len(kind), kind), chromedp.EvalAwaitPromise))
		if err != nil {
			t.Fatal(err)
		}
		want := map[string]int{"drop": 1, "paste": 2}[kind]
		w.until(fmt.Sprintf(`document.getElementById("editor-markdown").value.split("![](file:").length === %d`, want+1))
	}
}

func TestOutcomePickerInABrowser(t *testing.T) {
	h := newHouse(t)
	s := seed(t, h)
	w, _ := openWindow(t, h, staff.RequestDesk, 390)
	w.do(chromedp.Navigate(w.base+"/requests/"+s.requests["handling"]), chromedp.WaitReady(chromedp.CSS("#pick-outcome")))
	pick := func(outcome, field string) {
		w.text(fmt.Sprintf(`(p => { p.value = %q; p.dispatchEvent(new Event("change", {bubbles: true})); return "" })(document.getElementById("pick-outcome"))`, outcome))
		w.until(fmt.Sprintf(`document.getElementById("decide-%s")`, field))
	}
	pick("r3_4", "ground")
	w.do(chromedp.SendKeys(chromedp.CSS("#decide-ground"), "第三方不同意"))
	pick("r2", "refused_row")
	if got := w.text(`document.getElementById("decide-ground").value`); got != "第三方不同意" {
		t.Errorf("changing the outcome lost what was typed: %q", got)
	}
	w.do(chromedp.SetValue(chromedp.CSS("#decide-refused_row"), "r3_4"), chromedp.SendKeys(chromedp.CSS("#decide-content"), "公开第一条"))
	w.do(chromedp.Click(chromedp.CSS("#form-decide > button")), chromedp.WaitReady(chromedp.CSS("#flash")))
	if got := w.text(`document.getElementById("case-state").textContent`); got != "待签发" {
		t.Errorf("state = %q", got)
	}
}
