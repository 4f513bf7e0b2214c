package simulator_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"mime/multipart"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"shoushan/simulator"
)

func TestZeroValue(t *testing.T) {
	var s simulator.Server
	p := &platform{TB: t, Server: &s}
	p.url = newEcho(t, func(w http.ResponseWriter, r *http.Request) { s.Handler().ServeHTTP(w, r) })
	t.Cleanup(s.Close)
	status, page, err := p.do("GET", "/", "", http.NoBody)
	if err != nil || status != http.StatusOK || !strings.Contains(string(page), `id="phone"`) {
		t.Fatalf("HTTP %d, %v", status, err)
	}
	p.accessToken()
	if len(simulator.DefaultAESKey) != 43 {
		t.Errorf("DefaultAESKey has %d characters, want 43", len(simulator.DefaultAESKey))
	}
	if status, _ := p.json("POST", "/sim/clock", obj{"now": "2030-01-01T00:00:00Z"}); status != http.StatusOK {
		t.Errorf("a clock of its own can be set: HTTP %d", status)
	}
	_, out := p.json("GET", "/sim/clock", nil)
	if !strings.HasPrefix(str(out, "now"), "2030-01-01T08:00:0") {
		t.Errorf("clock %v", out)
	}
}

func TestFollowAndUnfollow(t *testing.T) {
	p := newPlatform(t)
	p.account.answers(func(r received) string {
		if r.msg.Event == "subscribe" {
			return textReply(r, "欢迎")
		}
		return "raw:success"
	})
	p.follow("zhang")
	if e := p.account.last().msg; e.Event != "subscribe" || e.MsgType != "event" || e.MsgId != 0 {
		t.Errorf("event %+v", e)
	}
	equal(t, str(p.lastBubble("zhang"), "text"), "欢迎")
	if status, _ := p.json("POST", "/phone/follow", obj{"citizen": "zhang"}); status != http.StatusConflict {
		t.Errorf("followed twice: HTTP %d, want 409", status)
	}
	p.phone("unfollow", obj{"citizen": "zhang"})
	equal(t, p.account.last().msg.Event, "unsubscribe")
	if len(p.chat("zhang")) != 0 {
		t.Error("the chat is still there after 不再关注")
	}
	if status, _ := p.json("POST", "/phone/text", obj{"citizen": "zhang", "text": "在吗"}); status != http.StatusConflict {
		t.Errorf("a message without following: HTTP %d, want 409", status)
	}
	if status, _ := p.json("POST", "/phone/text", obj{"citizen": "nobody", "text": "在吗"}); status != http.StatusNotFound {
		t.Errorf("a message of nobody: HTTP %d, want 404", status)
	}
}

func TestBlankText(t *testing.T) {
	p := newPlatform(t)
	p.follow("zhang")
	if status, _ := p.json("POST", "/phone/text", obj{"citizen": "zhang", "text": " \n"}); status != http.StatusBadRequest {
		t.Errorf("blank text: HTTP %d, want 400", status)
	}
}

func (p *platform) sendImage(citizen string, data []byte) int {
	p.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	_ = form.WriteField("citizen", citizen)
	file, _ := form.CreateFormFile("image", "身份证.jpg")
	_, _ = file.Write(data)
	_ = form.Close()
	status, _, err := p.do("POST", "/phone/image", form.FormDataContentType(), &body)
	if err != nil {
		p.Fatal(err)
	}
	p.Wait()
	return status
}

// TestImageMessage: the account can fetch the picture by its address and, for three days, by its media_id.
func TestImageMessage(t *testing.T) {
	p := newPlatform(t)
	p.follow("zhang")
	if status := p.sendImage("zhang", jpegImage(20)); status != http.StatusOK {
		t.Fatalf("HTTP %d", status)
	}
	got := p.account.last().msg
	if got.MsgType != "image" || got.MsgId == 0 {
		t.Fatalf("message %+v", got)
	}
	for _, path := range []string{strings.TrimPrefix(got.PicUrl, p.url), p.withToken("media/get?media_id=" + got.MediaId)} {
		_, data, err := p.do("GET", path, "", http.NoBody)
		if err != nil || !bytes.Equal(data, jpegImage(20)) {
			t.Errorf("%s: %d bytes, %v", path, len(data), err)
		}
	}
	if status := p.sendImage("zhang", []byte("no picture")); status != http.StatusBadRequest {
		t.Errorf("text as picture: HTTP %d, want 400", status)
	}
	p.advance(72 * time.Hour)
	p.wants(40007, "media/get?media_id="+got.MediaId, nil)
}

func TestVoiceAndLocation(t *testing.T) {
	p := newPlatform(t)
	p.follow("zhang")
	p.phone("voice", obj{"citizen": "zhang", "seconds": 3})
	if m := p.account.last().msg; m.MsgType != "voice" || m.Format != "amr" || m.MediaId == "" || m.MediaId16K == "" {
		t.Errorf("voice %+v", m)
	}
	p.phone("location", obj{"citizen": "zhang", "text": "便民服务中心", "latitude": 35.775614, "longitude": 113.278877})
	if m := p.account.last().msg; m.Location_X != "35.775614" || m.Location_Y != "113.278877" || m.Label != "便民服务中心" {
		t.Errorf("location %+v", m)
	}
}

// TestWhereabouts: a phone reports its position by itself.
func TestWhereabouts(t *testing.T) {
	p := newPlatform(t)
	p.follow("zhang")
	p.phone("whereabouts", obj{"citizen": "zhang", "latitude": 35.775614, "longitude": 113.278877})
	clear := p.account.last().clear
	for _, want := range []string{"<Event><![CDATA[LOCATION]]>", "<Latitude>35.775614<", "<Longitude>113.278877<", "<Precision>119.385040<"} {
		if !strings.Contains(clear, want) {
			t.Errorf("event lacks %s: %s", want, clear)
		}
	}
}

// TestWrittenFromAnArticle: a message names the article that it was written from; other messages name none.
func TestWrittenFromAnArticle(t *testing.T) {
	p := newPlatform(t)
	p.follow("zhang")
	job := p.publish("办事指南")
	_, id, _ := strings.Cut(articleURL(job), "/s/")
	p.phone("text", obj{"citizen": "zhang", "text": "怎么办", "article": id})
	_, shown := p.json("GET", "/phone/article/"+id, nil)
	want := fmt.Sprintf("<MsgDataId>%d</MsgDataId><Idx>1</Idx>", num(shown, "msg_data_id"))
	if clear := p.account.last().clear; !strings.Contains(clear, want) {
		t.Errorf("message lacks %s: %s", want, clear)
	}
	p.say("zhang", "你好")
	if clear := p.account.last().clear; strings.Contains(clear, "MsgDataId") {
		t.Errorf("a message from nowhere names an article: %s", clear)
	}
	if status, _ := p.json("POST", "/phone/text", obj{"citizen": "zhang", "text": "怎么办", "article": "none"}); status != http.StatusNotFound {
		t.Errorf("from an article that is not there: HTTP %d, want 404", status)
	}
}

func TestMenuTaps(t *testing.T) {
	p := newPlatform(t)
	job := p.publish("办事指南")
	p.must("menu/create", obj{"button": []obj{
		{"name": "公开", "sub_button": []obj{{"type": "click", "name": "申请", "key": "APPLY"}, {"type": "article_id", "name": "指南", "article_id": job["article_id"]}}},
		{"type": "article_view_limited", "name": "看", "article_id": job["article_id"]},
		{"type": "scancode_push", "name": "扫", "key": "SCAN"},
	}})
	p.follow("zhang")
	tap := func(column, row int) obj {
		return p.phone("menu", obj{"citizen": "zhang", "column": column, "row": row})
	}
	tap(0, 0)
	if e := p.account.last().msg; e.Event != "CLICK" || e.EventKey != "APPLY" {
		t.Errorf("event %+v", e)
	}
	tap(0, 1)
	equal(t, str(p.lastBubble("zhang")["cards"].([]any)[0].(obj), "title"), "办事指南")
	equal(t, str(tap(1, -1), "open"), articleURL(job))
	tap(2, -1)
	if e := p.account.last(); e.msg.Event != "scancode_push" || !strings.Contains(e.clear, "<ScanType><![CDATA[qrcode]]>") {
		t.Errorf("event %s", e.clear)
	}
	for _, bad := range [][2]int{{0, -1}, {0, 2}, {3, -1}, {1, 0}} {
		if status, _ := p.json("POST", "/phone/menu", obj{"citizen": "zhang", "column": bad[0], "row": bad[1]}); status != http.StatusNotFound {
			t.Errorf("button %v: HTTP %d, want 404", bad, status)
		}
	}
}

func TestUnread(t *testing.T) {
	p := newPlatform(t)
	who := p.follow("zhang")
	p.must("message/custom/send", textTo(who))
	p.must("message/custom/send", textTo(who))
	unread := func() int {
		_, out := p.json("GET", "/phone/chat?citizen=zhang", nil)
		return num(out["citizen"].(obj), "unread")
	}
	if unread() != 2 {
		t.Errorf("unread %d, want 2", unread())
	}
	p.phone("read", obj{"citizen": "zhang"})
	if unread() != 0 {
		t.Errorf("unread %d, want 0", unread())
	}
}

// TestEvents: the page's stream carries bubbles, exchanges and changes as they happen, and ends with Close.
func TestEvents(t *testing.T) {
	p := newPlatform(t)
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	req, _ := http.NewRequestWithContext(ctx, "GET", p.url+"/phone/events", nil)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	lines := bufio.NewScanner(resp.Body)
	lines.Scan() // the stream is open
	p.account.answers(func(r received) string { return textReply(r, "欢迎") })
	p.follow("zhang")
	seen := map[string]bool{}
	for !seen["bubble"] || !seen["wire"] || !seen["account"] {
		if !lines.Scan() {
			t.Fatalf("stream ended after %v: %v", seen, lines.Err())
		}
		if name, found := strings.CutPrefix(lines.Text(), "event: "); found {
			seen[name] = true
		}
	}
	go p.Close()
	for lines.Scan() {
	}
	if err := lines.Err(); err != nil {
		t.Errorf("stream did not end with Close: %v", err)
	}
}

// TestPage: the page loads nothing from elsewhere and has no inline script or style, so that its policy holds.
func TestPage(t *testing.T) {
	p := newPlatform(t)
	resp, err := http.Get(p.url + "/")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	policy := resp.Header.Get("Content-Security-Policy")
	if !strings.Contains(policy, "script-src 'self';") || strings.Contains(policy, "unsafe") {
		t.Errorf("policy %q", policy)
	}
	page, err := os.ReadFile("web/index.html")
	if err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{`<script>`, `<style`, ` style="`, ` onclick=`, `https://`, `http://`} {
		if bytes.Contains(page, []byte(bad)) {
			t.Errorf("index.html contains %s", bad)
		}
	}
	for _, m := range regexp.MustCompile(`(?:src|href)="(/[^"]+)"`).FindAllSubmatch(page, -1) {
		if status, _, err := p.do("GET", string(m[1]), "", http.NoBody); err != nil || status != http.StatusOK {
			t.Errorf("%s: HTTP %d, %v", m[1], status, err)
		}
	}
	if status, _, _ := p.do("GET", "/nothing", "", http.NoBody); status != http.StatusNotFound {
		t.Errorf("unknown file: HTTP %d", status)
	}
}

// TestMarks: the marks that browser tests rely on stand in README.md and in the page.
func TestMarks(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	var web bytes.Buffer
	for _, dir := range []string{"web/", "web/js/"} {
		entries, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			data, _ := os.ReadFile(dir + e.Name())
			web.Write(data)
		}
	}
	marks := []string{
		"follow", "input", "send", "citizen-switch", "articles-open", "article-title", "article-body", "article-back",
		"from-account", "from-citizen", "menu-button", "submenu-item", "article-link", "toggle-keyboard", "toggle-menu",
		"article-card", "menu-line", "image-file", "unfollow", "dialog-yes", "talk", "emoji", "tray-face", "banner", "mass-yes",
		"list-account", "wire-search", "wire-identity", "data-open", "follow-scan", "zaikan",
	}
	for _, mark := range marks {
		if !strings.Contains(web.String(), mark) {
			t.Errorf("the page has no %s", mark)
		}
		if !bytes.Contains(readme, []byte(mark)) {
			t.Errorf("README.md has no %s", mark)
		}
	}
}

func TestOtherSitesMayNotPost(t *testing.T) {
	p := newPlatform(t)
	req, _ := http.NewRequest("POST", p.url+"/phone/follow", strings.NewReader(`{"citizen":"zhang"}`))
	req.Header.Set("Origin", "https://evil.example")
	req.Header.Set("Sec-Fetch-Site", "cross-site")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	if resp.StatusCode != http.StatusForbidden {
		t.Errorf("HTTP %d, want 403", resp.StatusCode)
	}
}

// TestLastLine: the list of chats shows the newest bubble in one line, whatever it is.
func TestLastLine(t *testing.T) {
	p := newPlatform(t)
	who := p.follow("zhang")
	last := func() string {
		_, out := p.json("GET", "/phone/chat?citizen=zhang", nil)
		return str(out["citizen"].(obj), "last")
	}
	equal(t, last(), "")
	send := func(kind string, body obj) string {
		p.must("message/custom/send", obj{"touser": who, "msgtype": kind, kind: body})
		return last()
	}
	p.say("zhang", "你好")
	equal(t, send("text", obj{"content": `看<a href="http://127.0.0.1/">这里</a>`}), "看这里")
	equal(t, send("news", obj{"articles": []obj{{"title": "公告"}}}), "[链接] 公告")
	equal(t, send("msgmenu", obj{"head_content": "满意吗", "list": []obj{{"id": "1", "content": "是"}}}), "满意吗")
	equal(t, send("image", obj{"media_id": p.cover()}), "[图片]")
	p.phone("voice", obj{"citizen": "zhang", "seconds": 3})
	equal(t, last(), "[语音]")
}

// TestConsentAddress: the consent page's address leads a browser to the phone, which opens it.
func TestConsentAddress(t *testing.T) {
	p := newPlatform(t)
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.Get(p.url + "/mp/subscribemsg?action=get_confirm&scene=7")
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	equal(t, resp.Header.Get("Location"), "/?open=%2Fmp%2Fsubscribemsg%3Faction%3Dget_confirm%26scene%3D7")
}
