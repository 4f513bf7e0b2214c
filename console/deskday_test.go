package console_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"shoushan/disclosure"
	"shoushan/staff"
)

// unfold opens the form of a verb and everything around it.
func (w window) unfold(verb string) {
	w.t.Helper()
	w.text(fmt.Sprintf(`(e => { for (; e; e = e.parentElement) if (e.tagName === "DETAILS") e.open = true; return "" })(document.getElementById("form-%s"))`, verb))
}

// sends submits the form of a verb by its own button, and waits for the sentence that it was done.
func (w window) sends(verb, done string) {
	w.t.Helper()
	w.text(`window.left = true, ""`)
	w.do(chromedp.Click(chromedp.CSS("#form-" + verb + " > button")))
	w.arrives(fmt.Sprintf(`!window.left && (document.getElementById("flash") || {textContent: ""}).textContent.includes(%q)`, done))
}

// arrives waits for a condition on the page that comes next: an answer that the old page can no longer give is asked again.
func (w window) arrives(condition string) {
	w.t.Helper()
	for range 200 {
		ok, err := chromedp.Run(w.ctx, chromedp.Evaluate[bool](`document.readyState === "complete" && (`+condition+`)`))
		if err == nil && ok {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	w.t.Fatalf("never came true: %s", condition)
}

func (w window) fill(values ...[2]string) {
	w.t.Helper()
	for _, v := range values {
		w.do(chromedp.SetValue(chromedp.CSS(v[0]), v[1]))
	}
}

// TestADayAtTheDesk is a whole case in a real browser, the desk on a phone and the signer at a wide screen: intake at the
// counter, assignment, supplement, answer, signature by somebody else, delivery, and what each is told on the way.
func TestADayAtTheDesk(t *testing.T) {
	h := newHouse(t)
	desk, heard := openWindow(t, h, staff.RequestDesk, 390)
	signer, _ := openWindow(t, h, staff.Approver, 1280)

	desk.do(chromedp.Navigate(desk.base+"/requests/new"), chromedp.WaitReady(chromedp.CSS("#intake-name")))
	desk.fill([2]string{"#intake-name", secretName}, [2]string{"#intake-document", secretNumber}, [2]string{"#intake-description", "低保名册"})
	desk.do(chromedp.Click(chromedp.CSS("#intake-submit")), chromedp.WaitReady(chromedp.CSS("#problem")))
	if said := desk.text(`document.getElementById("problem").textContent + document.getElementById("intake-name").value`); !strings.Contains(said, "联系方式") && !strings.Contains(said, "电话") || !strings.Contains(said, secretName) {
		t.Errorf("without a way to reach the applicant: %q", said)
	}
	desk.fill([2]string{"#intake-phone", secretPhone})
	desk.do(chromedp.Click(chromedp.CSS("#intake-submit")), chromedp.WaitReady(chromedp.CSS("#case-id")))
	path := desk.text(`location.pathname`)
	if next := desk.text(`document.getElementById("next").textContent`); !strings.Contains(next, "请分派经办人") {
		t.Errorf("after intake the case leads with %q", next)
	}

	desk.unfold("assign")
	desk.fill([2]string{"#assign-handler", "zhou"})
	desk.sends("assign", "已分派")
	desk.unfold("supplement")
	desk.fill([2]string{"#supplement-items", "请写明年份"}, [2]string{"#supplement-until", "2026-12-10"})
	desk.sends("supplement", "等待另一位有权限的人签发")

	signer.do(chromedp.Navigate(signer.base+"/"), chromedp.WaitReady(chromedp.CSS(".tasks a")))
	signer.do(chromedp.Click(chromedp.CSS(".tasks a")), chromedp.WaitReady(chromedp.CSS("#form-signnotice")))
	signer.sends("signnotice", "已签发并发出")

	desk.do(chromedp.Navigate(desk.base+path), chromedp.WaitReady(chromedp.CSS("#form-supplemented")))
	if next := desk.text(`document.getElementById("next").textContent`); !strings.Contains(next, "等待申请人补正") {
		t.Errorf("while the supplement is awaited the case leads with %q", next)
	}
	desk.fill([2]string{"#supplemented-description", "2025年低保名册"})
	desk.sends("supplemented", "期限重新计算")
	desk.text(`(p => { p.value = "r1"; p.dispatchEvent(new Event("change", {bubbles: true})); return "" })(document.getElementById("pick-outcome"))`)
	desk.until(`document.getElementById("decide-content")`)
	desk.fill([2]string{"#decide-how", "attached"}, [2]string{"#decide-content", "随函附后"})
	desk.sends("decide", "等待另一位有权限的人签发")

	signer.do(chromedp.Navigate(signer.base+path), chromedp.WaitReady(chromedp.CSS("#form-signoff")))
	signer.sends("signoff", "已签发")
	desk.do(chromedp.Navigate(desk.base+path), chromedp.WaitReady(chromedp.CSS("#form-deliver")))
	desk.fill([2]string{"#deliver-via", "pickup"}, [2]string{"#deliver-proof", "本人签收"})
	desk.sends("deliver", "申请办结")
	h.chat.talks, h.chat.calls = nil, nil
	desk.do(chromedp.Navigate(desk.base+"/"), chromedp.WaitReady(chromedp.CSS("#nothing")))

	r, err := h.Request(t.Context(), strings.TrimPrefix(path, "/requests/"))
	if err != nil || r.State != disclosure.Closed || r.Decision.SignedBy != "zheng" || r.Trail.Verify() != nil {
		t.Errorf("in the end %s, %+v, %v", r.State, r.Decision, err)
	}
	if said := heard.take(); len(said) > 0 {
		t.Errorf("the browser complains: %.300s", said[0])
	}
}

// TestACaseByKeyboard: without a mouse, the text is one key away, forms unfold and are sent.
func TestACaseByKeyboard(t *testing.T) {
	h := newHouse(t)
	s := seed(t, h)
	w, _ := openWindow(t, h, staff.RequestDesk, 1280)
	w.do(chromedp.Navigate(w.base+"/requests/"+s.requests["handling"]), chromedp.WaitReady(chromedp.CSS("#form-note")))
	press := func(keys string) {
		t.Helper()
		if err := chromedp.Do(w.ctx, chromedp.KeyEvent(keys)); err != nil {
			t.Fatal(err)
		}
	}
	press(kb.Tab)
	if got := w.text(`document.activeElement.className`); got != "skip" {
		t.Errorf("the first key leads to %q", got)
	}
	press(kb.Enter)
	w.until(`location.hash === "#main"`)
	w.text(`(document.querySelector("#verb-form-note summary").focus(), "")`)
	if outline := w.text(`getComputedStyle(document.activeElement).outlineStyle`); outline == "none" {
		t.Error("nobody sees where the keyboard is")
	}
	press(kb.Enter)
	w.until(`document.getElementById("verb-form-note").open`)
	press(kb.Tab)
	press("已电话联系")
	press(kb.Tab)
	press(kb.Enter)
	w.arrives(`document.getElementById("flash") && document.getElementById("notes").textContent.includes("已电话联系")`)
}

// TestTwoWindowsOnOneCase: who comes second is told who was first, and what was typed stands in the form.
func TestTwoWindowsOnOneCase(t *testing.T) {
	h := newHouse(t)
	s := seed(t, h)
	w, _ := openWindow(t, h, staff.RequestDesk, 390)
	w.do(chromedp.Navigate(w.base+"/requests/"+s.requests["handling"]+"?outcome=r1"), chromedp.WaitReady(chromedp.CSS("#decide-content")))
	w.fill([2]string{"#decide-how", "attached"}, [2]string{"#decide-content", "写了半天的答复"})
	if _, err := h.desk.Correct(t.Context(), h.member("wu"), s.requests["handling"], disclosure.Correction{Medium: disclosure.Paper}, "看错了"); err != nil {
		t.Fatal(err)
	}
	w.do(chromedp.Click(chromedp.CSS("#form-decide > button")), chromedp.WaitReady(chromedp.CSS("#problem")))
	if said := w.text(`document.getElementById("problem").textContent + document.getElementById("decide-content").value`); !strings.Contains(said, "吴经办") || !strings.Contains(said, "写了半天的答复") {
		t.Errorf("the second is told %q", said)
	}
	w.sends("decide", "等待另一位有权限的人签发")
}
