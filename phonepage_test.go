package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"

	"shoushan/simulator"
)

// phonePage is a platform alone with its page open in a browser, and an account that echoes.
type phonePage struct {
	*browser
	platform *simulator.Server
	base     string
	dumb     atomic.Bool // the account answers nonsense
	token    string
}

var xmlField = regexp.MustCompile(`<(\w+)><!\[CDATA\[(.*?)\]\]>`)

func newPhonePage(t *testing.T, width, height int64) *phonePage {
	t.Helper()
	p := &phonePage{}
	account := httptest.NewServer(http.HandlerFunc(p.echo))
	t.Cleanup(account.Close)
	settings := simulator.DefaultSettings()
	settings.PublishDelayMS, settings.MassDelayMS, settings.RetryPauseMS = 0, 0, 0
	p.platform = &simulator.Server{CallbackURL: account.URL, Mode: simulator.Plain, Settings: &settings}
	server := httptest.NewServer(p.platform.Handler())
	t.Cleanup(server.Close)
	t.Cleanup(p.platform.Close)
	p.base = server.URL
	p.browser = newBrowser(t, width, height)
	p.token = p.api("/cgi-bin/stable_token", fmt.Sprintf(`{"grant_type":"client_credential","appid":%q,"secret":%q}`, simulator.DefaultAppID, simulator.DefaultAppSecret))["access_token"].(string)
	return p
}

// echo answers a text with itself and an event with its name.
func (p *phonePage) echo(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	field := map[string]string{}
	for _, m := range xmlField.FindAllStringSubmatch(string(body), -1) {
		field[m[1]] = m[2]
	}
	if p.dumb.Load() {
		fmt.Fprint(w, "{}")
		return
	}
	fmt.Fprintf(w, "<xml><ToUserName>%s</ToUserName><FromUserName>%s</FromUserName><MsgType>text</MsgType><Content><![CDATA[回声 %s%s]]></Content></xml>",
		field["FromUserName"], field["ToUserName"], field["Content"], field["Event"])
}

func (p *phonePage) send(method, path, contentType string, body io.Reader) map[string]any {
	p.t.Helper()
	if !strings.Contains(path, "_token") && strings.HasPrefix(path, "/cgi-bin/") {
		mark := "?"
		if strings.Contains(path, "?") {
			mark = "&"
		}
		path += mark + "access_token=" + p.token
	}
	req, err := http.NewRequestWithContext(p.t.Context(), method, p.base+path, body)
	if err != nil {
		p.t.Fatal(err)
	}
	req.Header.Set("Content-Type", contentType)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		p.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	out := map[string]any{}
	data, _ := io.ReadAll(resp.Body)
	if err := json.Unmarshal(data, &out); err != nil || out["errcode"] != nil && out["errcode"] != 0.0 || out["error"] != nil {
		p.t.Fatalf("%s %s: %s", method, path, data)
	}
	return out
}

func (p *phonePage) api(path, body string) map[string]any {
	p.t.Helper()
	return p.send("POST", path, "application/json", strings.NewReader(body))
}

func (p *phonePage) openID(citizen string) string {
	p.t.Helper()
	resp := p.send("GET", "/phone/chat?citizen="+citizen, "", http.NoBody)
	return resp["citizen"].(map[string]any)["openid"].(string)
}

func (p *phonePage) custom(content string) {
	p.t.Helper()
	p.api("/cgi-bin/message/custom/send", fmt.Sprintf(`{"touser":%q,%s}`, p.openID("zhang"), content))
}

// draft puts articles with these titles into the box.
func (p *phonePage) draft(titles ...string) string {
	p.t.Helper()
	picture, err := os.ReadFile(testPicture(p.t))
	if err != nil {
		p.t.Fatal(err)
	}
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	file, _ := form.CreateFormFile("media", "cover.jpg")
	_, _ = file.Write(picture)
	_ = form.Close()
	cover := p.send("POST", "/cgi-bin/material/add_material?type=image", form.FormDataContentType(), &body)["media_id"]
	var articles []map[string]any
	for _, title := range titles {
		articles = append(articles, map[string]any{"title": title, "author": "崇文镇", "content": "<p>正文写在这里。</p>", "thumb_media_id": cover, "content_source_url": "http://127.0.0.1/source"})
	}
	data, _ := json.Marshal(map[string]any{"articles": articles})
	return p.api("/cgi-bin/draft/add", string(data))["media_id"].(string)
}

func (p *phonePage) start(citizen string) {
	p.t.Helper()
	p.open(p.base + "/?citizen=" + citizen)
	p.waitFor(`document.body.dataset.ready === "yes"`)
}

func (p *phonePage) say(text string) {
	p.t.Helper()
	p.write("#input", text)
	p.click("#send")
}

// TestPhoneChat: what a citizen does in a chat, and what the account can send.
func TestPhoneChat(t *testing.T) {
	p := newPhonePage(t, 1280, 844)
	p.start("zhang")
	p.click("#follow")
	p.see(".from-account", "回声 subscribe")
	p.say("你好[微笑]，电话 0356-6886000")
	p.see(".from-account", "回声 你好")
	p.see(".from-citizen .face", "😊")
	p.see(".from-citizen .link", "0356-6886000")

	p.api("/cgi-bin/menu/create", `{"button":[{"name":"办事","sub_button":[{"type":"click","name":"查进度","key":"P"},{"type":"view","name":"指南","url":"http://127.0.0.1/"}]},{"type":"click","name":"帮助","key":"H"}]}`)
	p.click("#toggle-menu")
	p.click(".menu-slot:nth-of-type(1) .menu-button")
	p.see(".submenu-item", "查进度")
	if p.js(`document.querySelector(".submenu").hidden`) || !p.js(`document.querySelector(".menu-button").getAttribute("aria-expanded") === "true"`) {
		t.Error("the sub-menu does not open")
	}
	p.click(".submenu-item")
	p.see(".from-account", "回声 CLICK")

	p.click("#toggle-keyboard")
	p.click("#voice")
	p.js(`(document.querySelector("#talk").click(), true)`) // as by keyboard: two seconds
	p.see(".from-citizen.voice", "2″")
	p.click("#voice")
	p.upload("#image-file", testPicture(t))
	p.waitFor(`document.querySelectorAll(".from-citizen.picture img").length === 1`)
	p.click(".from-citizen .zoom")
	p.waitFor(`document.querySelector("#dialog-screen").classList.contains("viewer")`)
	p.click("#dialog-screen button")

	p.click("#emoji")
	p.click(".tray-face[title=胜利]")
	p.seeValue("#input", "[胜利]")
	p.click("#send")
	p.see(".from-citizen .face", "✌")

	p.custom(`"msgtype":"msgmenu","msgmenu":{"head_content":"满意吗","list":[{"id":"7","content":"满意"}],"tail_content":"谢谢"}`)
	p.click(".menu-line")
	p.see(".from-account", "回声 满意")
	p.custom(`"msgtype":"text","text":{"content":"点 <a href=\"weixin://bizmsgmenu?msgmenucontent=查进度&msgmenuid=1\">这里</a>，<img src=x onerror=alert(1)>"}`)
	p.see(".from-account", "<img src=x onerror=alert(1)>") // text is text
	p.click("#chat .row:last-child button.link")
	p.see(".from-account", "回声 查进度")
	p.api("/cgi-bin/message/custom/typing", fmt.Sprintf(`{"touser":%q,"command":"Typing"}`, p.openID("zhang")))
	p.see("#chat-title", "对方正在输入…")

	p.dumb.Store(true)
	p.say("还在吗")
	p.see(".note", "该公众号暂时无法提供服务，请稍后再试")
	p.dumb.Store(false)
}

// TestPhoneScreens: the list of chats, the home page, articles, following, and the pages that ask.
func TestPhoneScreens(t *testing.T) {
	p := newPhonePage(t, 390, 844)
	p.start("zhang")
	p.click("#follow")
	p.see(".from-account", "回声 subscribe")

	media := p.draft("冬季取暖补贴公告", "作息时间")
	// mass send
	p.send("PATCH", "/sim/settings", "application/json", strings.NewReader(`{"mass_confirm":"wait"}`))
	p.api("/cgi-bin/message/mass/sendall", fmt.Sprintf(`{"filter":{"is_to_all":true,"tag_id":0},"msgtype":"mpnews","mpnews":{"media_id":%q}}`, media))
	p.see("#banner", "冬季取暖补贴公告")
	p.click("#banner")
	p.see("#mass-confirm", "接收人数")
	p.see("#mass-confirm", "1 人")
	p.click("#mass-yes")
	p.see(".from-account.card", "作息时间")
	p.waitFor(`document.querySelector("#banner").hidden`)

	// article
	p.click(".article-card")
	p.see("#article-title", "冬季取暖补贴公告")
	p.see("#article-screen .meta", "首善崇文")
	p.see("#article-screen .foot", "阅读原文")
	p.click("#article-like")
	p.see("#article-like", "已赞")
	p.click("#article-back")

	// home page and list
	p.click("#articles-open")
	p.see("#history-list", "冬季取暖补贴公告")
	p.see("#published-list", "还没有发布过文章")
	p.click("#profile-back")
	p.click("#chat-back")
	p.see("#list-account", "[链接] 冬季取暖补贴公告")
	p.click("#list-account")

	// consent
	p.open(p.base + "/mp/subscribemsg?action=get_confirm&appid=" + simulator.DefaultAppID + "&scene=7&template_id=" + simulator.DefaultTemplateID + "&redirect_url=http%3A%2F%2F127.0.0.1%2Fback")
	p.see("#consent", "申请向你发送一条消息")
	p.click("#dialog-yes")
	p.waitFor(`document.querySelector("#ask-screen").hidden`)
	p.waitFor(`performance.getEntriesByType("resource").some(e => e.name.endsWith("/phone/consent"))`) // the answer has come back
	p.platform.Wait()
	p.custom(`"msgtype":"text","text":{"content":"还开着窗口"}`)
	p.api("/cgi-bin/message/template/subscribe", fmt.Sprintf(`{"touser":%q,"template_id":%q,"scene":"7","title":"已答复","data":{"content":{"value":"请查收"}}}`, p.openID("zhang"), simulator.DefaultTemplateID))
	p.see(".from-account.card", "请查收")

	// leave
	p.click("#articles-open")
	p.click("#unfollow")
	p.click("#dialog-no")
	p.click("#unfollow")
	p.click("#dialog-yes")
	p.see("#follow", "关注公众号")

	// scan
	p.api("/cgi-bin/qrcode/create", `{"action_name":"QR_STR_SCENE","expire_seconds":600,"action_info":{"scene":{"scene_str":"窗口一"}}}`)
	p.click("#follow-scan")
	p.see("#scan-page", "窗口一")
	p.waitFor(`document.querySelector(".code img").naturalWidth > 400`)
	p.click(".code")
	p.see("#from-code", "扫了二维码“窗口一”")
	p.click("#follow")
	p.see(".from-account", "回声 subscribe")
	p.see(".wire-item[data-name=subscribe]", "事件 subscribe")
	p.click("#tray-open")
	p.click("#scan")
	p.click(".code")
	p.see(".wire-item[data-name=SCAN]", "事件 SCAN")

	// what else a phone can send
	p.click("#tray-open")
	p.click("#send-file")
	p.see(".from-citizen", "申请材料.docx")
}

// TestSubscriptionDialog: 订阅通知 is asked for with one tick for each template; what was agreed to can be switched off.
func TestSubscriptionDialog(t *testing.T) {
	p := newPhonePage(t, 390, 844)
	if err := p.platform.Configure(func(s *simulator.Settings) { s.Kind = simulator.CertifiedService }); err != nil {
		t.Fatal(err)
	}
	p.start("zhang")
	p.click("#follow")
	p.see(".from-account", "回声 subscribe")
	p.click("#articles-open")
	p.click("#subscriptions")
	p.see("#subscribe", "办理进度提醒")
	p.click("#subscribe li:nth-child(2) input")
	p.click("#dialog-yes")
	p.click("#subscriptions")
	p.see("#subscribe li:nth-child(1)", "还可以收到 1 条")
	p.never("还可以收到 2 条")
	p.click("#subscribe [data-off]")
	p.platform.Wait()
	p.click(`[data-open="wire"]`)
	p.see(".wire-item[data-name=subscribe_msg_popup_event]", "subscribe_msg_popup_event")
	p.see(".wire-item[data-name=subscribe_msg_change_event]", "subscribe_msg_change_event")
}

// TestWireView: exchanges are explained, narrowed down, masked, and kept apart by attempt.
func TestWireView(t *testing.T) {
	p := newPhonePage(t, 390, 844)
	p.start("zhang")
	p.click("#follow")
	p.see(".from-account", "回声 subscribe")
	p.say("110101190001012896")
	p.see(".from-account", "回声 110101190001012896")
	p.click(`[data-open="wire"]`)
	p.see(".wire-item", "文本消息 · 张秀兰")
	p.click(`.wire-item[data-name="text"] summary`)
	p.see(".wire-detail", "要按 MsgId 排重")
	p.see(".wire-detail pre", "110***********2896")
	p.never("<Content><![CDATA[110101190001012896")
	p.click("#wire-identity")
	p.see("#wire-identity", "遮盖证件号")
	p.click(`.wire-item[data-name="text"] summary`)
	p.see(".wire-detail pre", "110101190001012896")

	p.click(`[data-open="phone"]`)
	p.dumb.Store(true)
	p.say("乱答")
	p.see(".note", "暂时无法提供服务")
	p.click(`[data-open="wire"]`)
	p.click("#wire-bad")
	p.waitFor(`document.querySelectorAll(".wire-item").length === 1`)
	p.see(".wire-item", "应答的格式不对")
	p.click("#wire-api")
	p.see(".wire-item", "取稳定 access_token")
	p.never("乱答</b>")
	p.click("#wire-all")
	p.write("#wire-search", "subscribe")
	p.waitFor(`document.querySelectorAll(".wire-item").length === 1`)
	p.write("#wire-search", "没有这种东西")
	p.see("#wire-list", "没有符合条件的往来")
	p.write("#wire-search", "")
	p.click("#wire-clear")
	p.see("#wire-list", "还没有往来")
}

// TestPhoneWidths: nothing is cut off sideways at any width; everything has a name for those who cannot see it, and words
// stand out from their background.
func TestPhoneWidths(t *testing.T) {
	for _, width := range []int64{390, 820, 1024, 1280} {
		t.Run(fmt.Sprint(width), func(t *testing.T) {
			p := newPhonePage(t, width, 800)
			p.start("zhang")
			p.click("#follow")
			p.see(".from-account", "回声 subscribe")
			p.api("/cgi-bin/menu/create", `{"button":[{"type":"click","name":"帮助","key":"H"}]}`)
			p.see(".menu-button", "帮助")
			for _, tab := range []string{"phone", "wire", "platform"} {
				p.js(fmt.Sprintf(`(document.querySelector('[data-open=%q]').click(), true)`, tab))
				p.waitFor(`document.documentElement.scrollWidth <= innerWidth`)
				for _, check := range []string{unnamed, faint} {
					if found := p.words(check); found != "" {
						t.Errorf("%s: %s", tab, found)
					}
				}
				p.keep(fmt.Sprintf("phone-%d-%s", width, tab))
			}
		})
	}
}

// unnamed lists visible controls without a name.
const unnamed = `[...document.querySelectorAll("button, input, select, textarea, a")].filter(e => e.offsetParent && e.type !== "file"
	&& !(e.innerText || e.ariaLabel || e.getAttribute("aria-label") || (e.labels && e.labels.length))).map(e => "without a name: " + e.outerHTML.slice(0, 90)).join("\n")`

// faint lists visible texts whose contrast is below 4.5. WeChat's green buttons are as green as WeChat's.
const faint = `(() => {
	const rgb = (s) => (s.match(/[\d.]+/g) || [0, 0, 0, 0]).map(Number);
	const light = (c) => c.slice(0, 3).map(v => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4).reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
	const ground = (e) => { for (; e; e = e.parentElement) { const c = rgb(getComputedStyle(e).backgroundColor); if (c.length < 4 || c[3] === 1) return c; } return [255, 255, 255]; };
	const own = (e) => [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim());
	return [...document.querySelectorAll("body *")].filter(e => e.offsetParent && own(e) && !e.closest(".primary, .avatar, .statusbar, option, #send")).map(e => {
		const [a, b] = [light(rgb(getComputedStyle(e).color)), light(ground(e))];
		return [(Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05), e];
	}).filter(([ratio]) => ratio < 4.5).map(([ratio, e]) => "faint (" + ratio.toFixed(1) + "): " + e.outerHTML.slice(0, 90)).join("\n");
})()`
