package main

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
)

// lines collects what a running command prints.
type lines struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) { l.mu.Lock(); defer l.mu.Unlock(); return l.buf.Write(p) }

func (l *lines) String() string { l.mu.Lock(); defer l.mu.Unlock(); return l.buf.String() }

// running is a demo that a test has started.
type running struct {
	t              *testing.T
	console, phone string
	out, problems  *lines
}

var addresses = regexp.MustCompile(`手机（群众）\s+(\S+)\s+后台（人员）\s+(\S+)`)

// startDemo runs `shoushan demo` until the test ends, with its clock at the given Beijing time.
func startDemo(t *testing.T, at string, more ...string) *running {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	r := &running{t: t, out: &lines{}, problems: &lines{}}
	done := make(chan error, 1)
	args := append([]string{"demo", "--console", "127.0.0.1:0", "--phone", "127.0.0.1:0", "--data", t.TempDir(), "--clock", at}, more...)
	go func() { done <- run(ctx, args, environment(), r.out, r.problems) }()
	t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			t.Errorf("demo ended with %v", err)
		}
		if said := r.problems.String(); said != "" {
			t.Logf("demo's log:\n%s", said)
		}
	})
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if m := addresses.FindStringSubmatch(r.out.String()); m != nil {
			r.phone, r.console = m[1], m[2]
			return r
		}
		select {
		case err := <-done:
			done <- err
			t.Fatalf("demo did not start: %v\n%s", err, r.problems)
		default:
		}
	}
	t.Fatalf("demo did not say where it is: %s\n%s", r.out, r.problems)
	return nil
}

// setClock moves the clock of the platform and the house.
func (r *running) setClock(at string) {
	r.t.Helper()
	response, err := http.Post(r.phone+"/sim/clock", "application/json", strings.NewReader(fmt.Sprintf(`{"now":%q}`, at)))
	if err != nil {
		r.t.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		body, _ := io.ReadAll(response.Body)
		r.t.Fatalf("set the clock: %s", body)
	}
}

// login opens the console as a member.
func (b *browser) login(base, id string) {
	b.t.Helper()
	b.open(base + "/login")
	if b.js(`document.querySelector("#logout") !== null`) {
		b.click("#logout")
		b.waitFor(`document.querySelector("#login-id") !== null`)
	}
	b.write("#login-id", id)
	b.write("#login-password", demoPassword)
	b.click("#login-submit")
	b.see("h1", "等待处理的事")
}

// say types a line on the phone and waits for a new answer that contains the text.
func (b *browser) say(text, answer string) {
	b.t.Helper()
	count := len(b.attributes(".bubble.from-account", "class"))
	b.write("#input", text)
	b.click("#send")
	b.waitFor(fmt.Sprintf(`[...document.querySelectorAll(".bubble.from-account")].slice(%d).some(e => e.innerText.includes(%q))`, count, answer))
}

var (
	numberPattern = regexp.MustCompile(`申请编号：(\d{4}-\d{4})`)
	codePattern   = regexp.MustCompile(`查询码：(\d{6})`)
)

const (
	identity = "110101199003070038"
	mobile   = "13912345678"
)

// fileRequest is the citizen on the phone page: follows, asks, answers, edits, confirms. It returns number and code.
func fileRequest(t *testing.T, phone *browser, address string) (number, code string) {
	phone.open(address)
	phone.see("body", "关注")
	phone.click("#follow")
	phone.see(".bubble.from-account", "欢迎")
	phone.see(".menu-button", "信息公开")
	phone.click("#toggle-keyboard")
	phone.say("申请公开", "个人信息告知")
	phone.say("同意", "申请人是哪一类")
	phone.say("1", "申请人姓名")
	phone.say("王小明", "身份证号")
	phone.say("110101199003070039", "身份证") // a wrong check character is told
	phone.say(identity, "联系电话")
	phone.say(mobile, "您要什么信息")
	phone.say("2025年崇文镇农村低保对象名单", "哪种形式")
	phone.say("2", "怎样拿到答复")
	phone.say("1", "请核对")
	if summary := phone.text(".bubble.from-account"); strings.Contains(summary, identity) {
		t.Errorf("the summary shows the whole identity number: %s", summary)
	}
	phone.say("修改 5", "您要什么信息")
	phone.say("2025年崇文镇农村低保对象名单（按村公示版）", "按村公示版")
	phone.say("确认", "登记回执")
	receipt := phone.text(".bubble.from-account")
	for _, part := range []string{"答复期限：2026年12月21日", "【当面】", "【邮寄】"} {
		if !strings.Contains(receipt, part) {
			t.Errorf("the receipt lacks %q: %s", part, receipt)
		}
	}
	m, c := numberPattern.FindStringSubmatch(receipt), codePattern.FindStringSubmatch(receipt)
	if m == nil || c == nil {
		t.Fatalf("no number or code in the receipt: %s", receipt)
	}
	phone.say("查进度", m[1])
	return m[1], c[1]
}

// TestThreadThroughTheHouse is the system's main job, end to end, in a real browser: a request from the phone to the reply
// on the phone, an article from the editor to the phone, and the year's figures and report.
func TestThreadThroughTheHouse(t *testing.T) {
	phone := newBrowser(t, 1280, 860)
	staffWindow := newBrowser(t, 1280, 900)
	demo := startDemo(t, "2026-11-23T09:00:00+08:00")

	number, _ := fileRequest(t, phone, demo.phone)
	phone.keep("phone")
	answerRequest(t, staffWindow, demo, number)
	phone.see(".bubble.from-account", "低保对象名单见附件")
	publishArticle(t, staffWindow, phone, demo)
	yearEnd(t, staffWindow, demo)
}

// answerRequest is the desk and the approver: decide 予以公开, sign off by another person, download the letter, deliver.
func answerRequest(t *testing.T, w *browser, demo *running, number string) {
	w.login(demo.console, "desk")
	w.see("main", number)
	w.open(demo.console + "/requests/" + number)
	w.see("#case-due", "2026-12-21")
	w.never(identity)
	w.never(mobile)
	w.keep("console")
	w.click("#why")
	w.see("main", "第三十三条")
	w.open(demo.console + "/requests/" + number + "?outcome=r1")
	w.write("#form-decide [name=how]", "attached")
	w.write("#form-decide [name=content]", "2025年崇文镇农村低保对象名单见附件。")
	w.act("decide")
	w.see("#case-state", "待签发")
	w.open(demo.console + "/requests/" + number)
	if w.js(`document.querySelector("#form-signoff") !== null`) {
		t.Error("the drafter is offered to sign off")
	}
	w.login(demo.console, "approver")
	w.see("main", number)
	w.open(demo.console + "/requests/" + number)
	w.act("signoff")
	w.see("#case-state", "待送达")
	w.login(demo.console, "desk")
	w.open(demo.console + "/requests/" + number)
	checkLetter(t, demo, w)
	w.unfold("deliver")
	w.write("#form-deliver [name=via]", "wechat")
	w.act("deliver")
	w.see("#case-state", "已办结")
}

// checkLetter downloads the reply letter as the member who is logged in and looks into it.
func checkLetter(t *testing.T, demo *running, w *browser) {
	t.Helper()
	links := w.attributes(`#letters a[href$="/docx"]`, "href")
	if len(links) == 0 {
		t.Fatal("the case offers no letter")
	}
	client := signedIn(t, demo, "desk")
	response, err := client.Get(demo.console + links[len(links)-1])
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	data, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		t.Fatalf("download the letter: %d %v", response.StatusCode, err)
	}
	text := documentXML(t, data)
	for _, part := range []string{"陵川县崇文镇人民政府", "崇政公复〔2026〕", "低保对象名单见附件", "王小明"} {
		if !strings.Contains(text, part) {
			t.Errorf("the letter lacks %q", part)
		}
	}
	keepFile(t, "letter.docx", data)
}

// publishArticle is the newsroom: write with a picture, review by three people, schedule, and see it on the phone.
func publishArticle(t *testing.T, w, phone *browser, demo *running) {
	w.login(demo.console, "author")
	w.open(demo.console + "/posts/new")
	w.write("#editor-title", "崇文镇开展冬季森林防火巡查")
	w.click("#origin-original")
	w.write("#editor-markdown", "11月23日，崇文镇组织护林员开展**冬季森林防火**巡查。\n\n## 巡查安排\n\n1. 重点林区每日两巡\n2. 发现火情立即报告\n")
	w.upload("#picture-file", testPicture(t))
	w.seeValue("#editor-markdown", "](file:")
	w.seeFrame("#preview", "冬季森林防火")
	w.keep("editor")
	w.click("#editor-save")
	w.see("#post-state", "草稿")
	address := w.address()
	w.act("submit")
	w.see("#post-state", "审核中")
	for _, id := range []string{"reviewer", "reviewer2", "approver"} {
		w.login(demo.console, id)
		w.open(address)
		w.act("approve")
		w.see("body", "已通过")
	}
	w.open(address)
	w.see("#post-state", "已审定")
	w.unfold("schedule")
	w.write("#form-schedule [name=at]", "2026-11-23T10:30")
	w.act("schedule")
	w.see("#post-state", "已定时")
	demo.setClock("2026-11-23T10:30:01+08:00")
	readOnPhone(phone, demo)
	w.open(address)
	w.see("#post-state", "已发布")
	w.see("#permalink", demo.phone+"/s/")
}

// readOnPhone opens the account's page and the article.
func readOnPhone(phone *browser, demo *running) {
	phone.open(demo.phone)
	phone.see("body", "首善崇文")
	phone.click("#articles-open")
	phone.see("#published-list", "崇文镇开展冬季森林防火巡查")
	phone.js(`[...document.querySelectorAll("#published-list .article-link")].find(e => e.innerText.includes("冬季森林防火巡查")).click() === undefined`)
	phone.see("#article-title", "崇文镇开展冬季森林防火巡查")
	phone.see("#article-body", "重点林区每日两巡")
	phone.keep("article")
}

// yearEnd is the figures, each number opening its list, and the report of the running year and of 2021.
func yearEnd(t *testing.T, w *browser, demo *running) {
	w.login(demo.console, "approver")
	w.open(demo.console + "/figures?year=2021")
	w.see("#figure-account-original", "127")
	w.see("#figure-account-repost", "505")
	w.see("#figure-portal-items", "85")
	w.click("#figure-account-original")
	w.see("main", "127")
	w.open(demo.console + "/figures?year=2026")
	w.keep("figures")
	w.click("#figure-requests-new")
	w.see("main", "2026-0009")
	demo.setClock("2027-01-01T00:10:01+08:00")
	w.login(demo.console, "approver")
	w.open(demo.console + "/report?year=2026")
	w.seeFrame("#report-preview", "2026年政府信息公开工作年度报告")
	w.keep("report")
	client := signedIn(t, demo, "approver")
	response, err := client.Get(demo.console + "/report/2026/report.docx")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	data, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK || !strings.Contains(documentXML(t, data), "本年度办理结果") {
		t.Fatalf("download the report: %d %v", response.StatusCode, err)
	}
	keepFile(t, "report-2026.docx", data)
}

// signedIn returns a client that is logged in without a browser, for downloads.
func signedIn(t *testing.T, demo *running, id string) *http.Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Jar: jar}
	response, err := client.PostForm(demo.console+"/login", url.Values{"login": {id}, "password": {demoPassword}})
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		t.Fatalf("log in as %s: %d", id, response.StatusCode)
	}
	return client
}

// documentXML returns the main part of a DOCX file.
func documentXML(t *testing.T, data []byte) string {
	t.Helper()
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatalf("not a DOCX file: %v", err)
	}
	part, err := archive.Open("word/document.xml")
	if err != nil {
		t.Fatal(err)
	}
	defer part.Close()
	text, err := io.ReadAll(part)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
