package console_test

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"shoushan/report"
	"shoushan/staff"
)

// TestReportEditorInABrowser writes with the mouse: a figure goes where the cursor was, the whole report is read before it is
// saved, and what is saved stands in the report.
func TestReportEditorInABrowser(t *testing.T) {
	h := newYear(t)
	if _, err := h.press.Edit(t.Context(), h.member("zhou"), 2025, 0, written(2025).With("platforms", "发布条。")); err != nil {
		t.Fatal(err)
	}
	w, heard := openWindow(t, h, staff.RequestDesk, 1280)
	w.do(chromedp.Navigate(w.base+"/report/2025/edit"), chromedp.WaitReady(chromedp.CSS("#text-platforms")))
	w.text(`(() => { const t = document.getElementById("text-platforms"); t.focus(); t.setSelectionRange(2, 2); return "" })()`)
	w.do(chromedp.Click(chromedp.CSS(`button.insert[data-insert="{{portal.items}}"]`)))
	w.until(`document.getElementById("text-platforms").value === "发布{{portal.items}}条。"`)
	w.text(`(() => { document.getElementById("report-read").click(); return "" })()`)
	w.until(`(document.getElementById("reading").contentDocument?.body?.textContent ?? "").includes("发布0条。")`)
	if got := h.editions[2025].Prose.Platforms[0]; got != "发布条。" {
		t.Errorf("reading the report saves it: %q", got)
	}
	w.text(`(() => { setTimeout(() => document.getElementById("report-save").click(), 0); return "" })()`)
	w.do(chromedp.WaitReady(chromedp.CSS("#report-state")))
	if got := h.editions[2025].Prose.Platforms[0]; got != "发布{{portal.items}}条。" || h.editions[2025].State != report.Writing {
		t.Errorf("saved %q", got)
	}
	if said := heard.take(); len(said) > 0 {
		t.Errorf("the browser complains: %s", strings.Join(said, "; "))
	}
}
