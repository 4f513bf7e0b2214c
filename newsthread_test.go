package main

import (
	"fmt"
	"net/http"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
)

// tell sends the simulated platform an order of its control interface.
func (r *running) tell(method, path, body string) string {
	r.t.Helper()
	request, err := http.NewRequestWithContext(r.t.Context(), method, r.phone+path, strings.NewReader(body))
	if err != nil {
		r.t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		r.t.Fatal(err)
	}
	defer response.Body.Close()
	var said strings.Builder
	if err := response.Write(&said); err != nil || response.StatusCode >= 300 {
		r.t.Fatalf("%s %s: %d %v\n%s", method, path, response.StatusCode, err, said.String())
	}
	return said.String()
}

// paste pastes what Word puts on the clipboard.
func (b *browser) paste(selector, html, plain string) {
	b.t.Helper()
	b.js(fmt.Sprintf(`(() => { const d = new DataTransfer(); d.setData("text/html", %s); d.setData("text/plain", %s); const e = document.querySelector(%s); e.focus();
		e.dispatchEvent(new ClipboardEvent("paste", {clipboardData: d, bubbles: true, cancelable: true})); return true })()`, strconv.Quote(html), strconv.Quote(plain), strconv.Quote(selector)))
}

// drag drags with the mouse from the middle of one element to the middle of another.
func (b *browser) drag(from, to string) {
	b.t.Helper()
	x1, y1 := b.middle(from)
	x2, y2 := b.middle(to)
	held := func(p *input.DispatchMouseEventParams) {
		p.Button, p.Buttons, p.ClickCount = input.MouseButtonLeft, 1, 1
	}
	steps := []chromedp.Action[chromedp.Void]{chromedp.MouseEvent(chromedp.MousePressed, x1, y1, held)}
	for i := range 8 {
		part := float64(i+1) / 8
		steps = append(steps, chromedp.MouseEvent(chromedp.MouseMoved, x1+(x2-x1)*part, y1+(y2-y1)*part, held))
	}
	b.do("drag "+from, append(steps, chromedp.MouseEvent(chromedp.MouseReleased, x2, y2, held))...)
}

func (b *browser) middle(selector string) (x, y float64) {
	b.t.Helper()
	at, err := chromedp.Run(b.ctx, chromedp.Evaluate[[]float64](fmt.Sprintf(
		`(() => { const r = document.querySelector(%s).getBoundingClientRect(); return [r.x + r.width / 2, r.y + r.height / 2] })()`, strconv.Quote(selector))))
	if err != nil || len(at) != 2 {
		b.t.Fatalf("where is %s: %v", selector, err)
	}
	return at[0], at[1]
}

// reviewed takes an item through the three rounds, each by another person.
func reviewed(w *browser, demo *running, address string) {
	for _, id := range []string{"reviewer", "reviewer2", "approver"} {
		w.login(demo.console, id)
		w.open(address)
		w.act("approve")
		w.see("body", "已通过")
	}
	w.see("#post-state", "已审定")
}

// TestNewsroomInABrowser writes, reviews, plans by dragging and publishes in a browser, with a publication that fails and
// is mended, and a mass send for which the administrator is asked.
func TestNewsroomInABrowser(t *testing.T) {
	w := newBrowser(t, 1280, 900)
	demo := startDemo(t, "2026-11-23T09:00:00+08:00")
	address := writeFromWord(t, w, demo)
	returnedOnce(w, demo, address)
	reviewed(w, demo, address)
	plannedByDragging(t, w, demo, address)
	failedAndMended(w, demo, address)
	massSent(t, w, demo)
}

// writeFromWord pastes from Word, adds a picture, crops the cover, loses the page and finds everything again.
func writeFromWord(t *testing.T, w *browser, demo *running) string {
	word, err := os.ReadFile("posts/testdata/clipboard/word.html")
	if err != nil {
		t.Fatal(err)
	}
	w.login(demo.console, "author")
	w.open(demo.console + "/posts/new")
	w.click("#origin-original")
	w.paste("#editor-markdown", string(word), "纯文字")
	w.seeValue("#editor-title", "崇文镇召开森林防火工作推进会") // the heading of the document
	w.seeValue("#editor-markdown", "**全镇各村负责人参加**")
	w.seeValue("#editor-markdown", "## 一、会议安排")
	w.seeValue("#editor-markdown", "| 东街村 | 6 |")
	w.seeValue("#editor-markdown", "2. 发现火情立即报告。")
	if text := w.value("#editor-markdown"); strings.Contains(text, "mso") || strings.Contains(text, "批注") || strings.Contains(text, "file:") || strings.Contains(text, "推进会\n") || strings.Contains(text, "**村**") {
		t.Errorf("what Word hides came along:\n%s", text)
	}
	w.see("#editor-status", "在原来的电脑上")
	w.upload("#picture-file", testPicture(t))
	w.seeValue("#editor-markdown", "](file:")
	w.click("#cover-crop")
	w.waitFor(`document.querySelector("#crop-frame").offsetWidth > 100`)
	w.keep("crop")
	w.click("#crop-done")
	w.waitFor(`document.querySelector("#editor-cover").selectedOptions[0].textContent === "裁剪后的封面"`)
	w.see("#autosave-status", "已自动保存")
	w.see("#editor-checks", "边写边查")
	w.seeFrame("#preview", "重点林区每日两巡")
	w.keep("editor-word")
	w.open(demo.console + "/posts/new")
	w.see("#unsaved", "已经恢复")
	w.seeValue("#editor-title", "森林防火工作推进会")
	w.click("#editor-save")
	w.see("#post-state", "草稿")
	return w.address()
}

// returnedOnce is a reviewer who sends the item back, and its author who mends it.
func returnedOnce(w *browser, demo *running, address string) {
	w.act("submit")
	w.see("#post-state", "审核中")
	w.login(demo.console, "reviewer")
	w.see("main", "等待初审")
	w.open(address)
	w.unfold("return")
	w.write("#return-reason", "请写明参会人数。")
	w.act("return")
	w.see("#post-state", "草稿")
	w.login(demo.console, "author")
	w.see("main", "退回修改")
	w.open(address)
	w.see("#returned", "请写明参会人数。")
	w.click("#post-edit")
	w.write("#editor-digest", "全镇部署森林防火。")
	w.click("#editor-save")
	w.see("body", "稿件已保存")
	w.click("#post-revisions")
	w.see(".diff", "全镇部署森林防火。")
	w.open(address)
	w.act("submit")
	w.see("#post-state", "审核中")
}

// plannedByDragging puts the item on another day with the mouse; the time of day stays.
func plannedByDragging(t *testing.T, w *browser, demo *running, address string) {
	w.open(address)
	w.unfold("schedule")
	w.write("#schedule-at", "2026-11-24T10:30")
	w.act("schedule")
	w.see("#due", "2026-11-24 10:30")
	id := address[strings.LastIndex(address, "/")+1:]
	w.open(demo.console + "/posts/calendar")
	w.see(`td[data-day="2026-11-24"]`, "森林防火工作推进会")
	w.keep("calendar")
	w.js(`document.querySelector("#timetable").scrollIntoView({block: "end"}) === undefined`)
	w.drag(fmt.Sprintf(`[data-move="%s"] .clock`, id), `td[data-day="2026-11-26"]`)
	w.see("#flash", "2026年11月26日 10:30")
	w.see(`td[data-day="2026-11-26"]`, "10:30")
	w.write("#day-"+id, "2026-11-25") // the same without dragging
	w.click("#move-" + id + " > button")
	w.see("#flash", "2026年11月25日 10:30")
}

// failedAndMended is a text that the platform refuses: seen at home, mended, reviewed again and published.
func failedAndMended(w *browser, demo *running, address string) {
	demo.tell("POST", "/sim/faults", `{"on":"/cgi-bin/draft/add","kind":"code","code":45166,"times":1}`)
	demo.setClock("2026-11-25T10:30:01+08:00")
	w.open(address)
	w.eventually("#post-state", "发布失败")
	w.see("#publication-failure", "正文里有微信不接受的内容")
	w.see("#what-to-do", "重新送审")
	w.keep("failed")
	w.login(demo.console, "author")
	w.see("main", "发布失败，要人处理")
	w.open(address)
	w.click("#post-edit")
	w.write("#editor-title", "崇文镇部署森林防火工作")
	w.click("#editor-save")
	w.see("#voided", "作废")
	w.act("submit")
	w.see("#post-state", "审核中")
	reviewed(w, demo, address)
	w.act("publish")
	w.see("#flash", "正在发布")
	w.eventually("#post-state", "已发布")
	w.see("#permalink", demo.phone+"/s/")
	w.keep("mended")
}

var massID = regexp.MustCompile(`"msg_id":\s*"?(\d+)`)

// massSent pushes an item to the followers: first a preview to one person, then the administrator is asked.
func massSent(t *testing.T, w *browser, demo *running) {
	w.login(demo.console, "author")
	w.open(demo.console + "/posts/new")
	w.write("#editor-title", "停水通知")
	w.click("#origin-original")
	w.write("#editor-markdown", "因管道检修，我镇东街村明天 8 时至 12 时停水。")
	w.click("#editor-save")
	w.see("#post-state", "草稿")
	address := w.address()
	w.act("submit")
	w.see("#post-state", "审核中")
	reviewed(w, demo, address)
	w.login(demo.console, "publisher")
	w.see("main", "已审定，等待安排发布")
	w.open(address)
	w.waitFor(`(document.querySelector("#more-verbs").open = true)`)
	w.unfold("sendpreview")
	w.write("#sendpreview-name", "zhang")
	w.act("sendpreview")
	w.see("#flash", "预览已发给“zhang”")
	demo.tell("PATCH", "/sim/settings", `{"mass_confirm":"wait"}`)
	w.unfold("mass")
	w.see("#verb-form-mass", "每天 1 次")
	w.js(`(p => { p.value = "all"; return p.dispatchEvent(new Event("change", {bubbles: true})) })(document.querySelector("#pick-to"))`)
	w.waitFor(`document.querySelector("#mass-sure") !== null`)
	w.click("#mass-sure")
	w.keep("mass")
	w.act("mass")
	w.see("#flash", "正在群发")
	w.eventually("#post-state", "发布中")
	known := func() []string { return massID.FindStringSubmatch(demo.tell("GET", "/sim/state", "")) }
	for deadline := time.Now().Add(patience); known() == nil && time.Now().Before(deadline); {
		time.Sleep(100 * time.Millisecond) // two minutes in the middle of the call would look like a lost answer
	}
	demo.tell("POST", "/sim/clock", `{"advance":"2m"}`)
	w.eventually("#post-state", "待管理员确认")
	w.see("#what-to-do", "30 分钟")
	w.keep("administrator")
	id := known()
	if id == nil {
		t.Fatal("the platform knows of no mass send")
	}
	demo.tell("POST", "/sim/mass/"+id[1], `{"agree":true}`)
	w.eventually("#post-state", "已发布")
	w.open(demo.console + "/posts/queue")
	w.see("#quota", "用完了")
	w.keep("queue")
}

// eventually reloads the page until the element shows the text.
func (b *browser) eventually(selector, text string) {
	b.t.Helper()
	for deadline := time.Now().Add(patience); ; time.Sleep(300 * time.Millisecond) {
		b.do("reload", chromedp.Reload(), chromedp.WaitReady(chromedp.CSS(selector)))
		if strings.Contains(b.text(selector), text) {
			return
		}
		if time.Now().After(deadline) {
			b.t.Fatalf("%s never became %q\nthe page says: %.3000s", selector, text, b.page())
		}
	}
}

// value returns what a field holds.
func (b *browser) value(selector string) string {
	b.t.Helper()
	text, err := chromedp.Run(b.ctx, chromedp.Evaluate[string](fmt.Sprintf(`document.querySelector(%s).value`, strconv.Quote(selector))))
	if err != nil {
		b.t.Fatal(err)
	}
	return text
}
