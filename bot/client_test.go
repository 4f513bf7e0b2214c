package bot_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/silenceper/wechat/v2/util"

	"shoushan/bot"
	"shoushan/fault"
	"shoushan/posts"
)

// everyCall is one call of each method, whether the SDK or we carry it.
var everyCall = map[string]func(context.Context, *bot.Client) error{
	"CallbackIPs":   func(ctx context.Context, c *bot.Client) error { _, err := c.CallbackIPs(ctx); return err },
	"SendText":      func(ctx context.Context, c *bot.Client) error { return c.SendText(ctx, "o-citizen", "您好") },
	"Typing":        func(ctx context.Context, c *bot.Client) error { return c.Typing(ctx, "o-citizen", true) },
	"UserInfo":      func(ctx context.Context, c *bot.Client) error { _, err := c.UserInfo(ctx, "o-citizen"); return err },
	"Menu":          func(ctx context.Context, c *bot.Client) error { _, err := c.Menu(ctx); return err },
	"SetMenu":       func(ctx context.Context, c *bot.Client) error { return c.SetMenu(ctx, townMenu) },
	"DownloadMedia": func(ctx context.Context, c *bot.Client) error { _, _, err := c.DownloadMedia(ctx, "m"); return err },
	"UploadImage": func(ctx context.Context, c *bot.Client) error {
		_, err := c.UploadImage(ctx, "a.png", dot(1, 1))
		return err
	},
	"AddCover": func(ctx context.Context, c *bot.Client) error {
		_, err := c.AddCover(ctx, "a.png", dot(1, 1))
		return err
	},
	"AddDraft": func(ctx context.Context, c *bot.Client) error {
		_, err := c.AddDraft(ctx, posts.Article{Title: "题"})
		return err
	},
	"DraftExists":   func(ctx context.Context, c *bot.Client) error { _, err := c.DraftExists(ctx, "m"); return err },
	"SubmitPublish": func(ctx context.Context, c *bot.Client) error { _, _, err := c.SubmitPublish(ctx, "m"); return err },
	"PublishStatus": func(ctx context.Context, c *bot.Client) error { _, err := c.PublishStatus(ctx, "1"); return err },
	"FindPublished": func(ctx context.Context, c *bot.Client) error {
		_, _, err := c.FindPublished(ctx, "题", noon)
		return err
	},
}

var townMenu = bot.Menu{
	{Name: "申请公开", Type: "click", Key: "apply"},
	{Name: "看新闻", Sub: []bot.Button{{Name: "最新", Type: "click", Key: "news"}, {Name: "官网", Type: "view", URL: "https://example.org/?a=1&b=2"}}},
}

// However a call fails, its error tells neither secret nor token, and is Unavailable with a sentence.
func TestErrorsTellNoSecret(t *testing.T) {
	down := httptest.NewServer(nil)
	down.Close()
	failures := map[string]http.HandlerFunc{
		"status 502": func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "TOKEN-1 "+secret, http.StatusBadGateway) },
		"cut off": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Length", "100")
			_, _ = w.Write([]byte(`{"errcode":0,`))
		},
		"truncated JSON": func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(`{"errcode":0,"TOKEN-1`)) },
		"redirect": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "https://elsewhere.example/?access_token=TOKEN-1", http.StatusFound)
		},
		"no answer": func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
	}
	for name, handler := range failures {
		p := newPlatform(t)
		for _, path := range apiPaths {
			p.raw[path] = handler
		}
		if name != "no answer" {
			p.says("/cgi-bin/getcallbackip", `{"ip_list":[]}`)
		}
		c := p.client(t, func(cfg *bot.ClientConfig) { cfg.HTTP = &http.Client{Timeout: 100 * time.Millisecond} })
		for method, call := range everyCall {
			t.Run(name+" "+method, func(t *testing.T) { checkUnavailable(t, call(t.Context(), c)) })
		}
	}
	c := bot.NewClient(bot.ClientConfig{AppID: appID, AppSecret: secret, BaseURL: down.URL, Now: time.Now, Log: quiet})
	for method, call := range everyCall {
		t.Run("nobody there "+method, func(t *testing.T) { checkUnavailable(t, call(t.Context(), c)) })
	}
}

var apiPaths = []string{
	"/cgi-bin/getcallbackip", "/cgi-bin/message/custom/send", "/cgi-bin/message/custom/typing", "/cgi-bin/user/info", "/cgi-bin/menu/get",
	"/cgi-bin/menu/create", "/cgi-bin/media/get", "/cgi-bin/media/uploadimg", "/cgi-bin/material/add_material", "/cgi-bin/draft/add",
	"/cgi-bin/draft/get", "/cgi-bin/freepublish/submit", "/cgi-bin/freepublish/get", "/cgi-bin/freepublish/batchget",
}

func checkUnavailable(t *testing.T, err error) {
	t.Helper()
	if !fault.Is(err, fault.Unavailable) {
		t.Fatalf("error = %v (%v), want Unavailable", err, fault.KindOf(err))
	}
	for _, not := range []string{"TOKEN-", secret, "access_token", "elsewhere"} {
		if strings.Contains(err.Error()+fault.Message(err), not) {
			t.Errorf("error tells %q: %v", not, err)
		}
	}
}

// The context of the caller reaches the calls that the SDK makes, although the SDK knows none.
func TestCallsEndWithTheirContext(t *testing.T) {
	p := newPlatform(t)
	for _, path := range apiPaths {
		p.raw[path] = func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }
	}
	c := p.client(t)
	for method, call := range everyCall {
		t.Run(method, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
			defer cancel()
			if err := call(ctx, c); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("error = %v, want the deadline", err)
			}
		})
	}
}

func TestRefusalsAreTyped(t *testing.T) {
	tests := []struct {
		code int
		kind fault.Kind
		want string
	}{
		{45003, fault.Invalid, "标题太长"},
		{45009, fault.Unavailable, "零点"},
		{48001, fault.Forbidden, "已认证"},
		{53503, fault.Conflict, "草稿箱"},
		{99999, fault.Unavailable, "代码 99999"},
	}
	for _, tt := range tests {
		p := newPlatform(t)
		for _, path := range apiPaths[1:] {
			p.says(path, `{"errcode":`+itoa(tt.code)+`,"errmsg":"TOKEN-1 rid: 68f0517e-4e11c0a6-16f1604b"}`)
		}
		p.says(ipPath, `{"ip_list":[]}`)
		c := p.client(t)
		for method, call := range everyCall {
			if method == "CallbackIPs" {
				continue
			}
			err := call(t.Context(), c)
			api, ok := errors.AsType[*bot.APIError](err)
			if !ok || api.Code != tt.code || api.RID != "68f0517e-4e11c0a6-16f1604b" || !fault.Is(err, tt.kind) ||
				!strings.Contains(fault.Message(err), tt.want) || strings.Contains(err.Error(), "TOKEN-") {
				t.Errorf("%s: %#v %v, want %d %v %q", method, api, err, tt.code, tt.kind, tt.want)
			}
		}
	}
}

// Two clients for two platforms at once: the SDK's one HTTP client must not mix them up.
func TestClientsDoNotMix(t *testing.T) {
	a, b := newPlatform(t), newPlatform(t)
	a.says("/cgi-bin/getcallbackip", `{"ip_list":["10.0.0.1"]}`)
	b.says("/cgi-bin/getcallbackip", `{"ip_list":["10.0.0.2"]}`)
	clients := []*bot.Client{a.client(t), b.client(t)}
	want := []string{"10.0.0.1", "10.0.0.2"}
	together(t, 40, func(i int) error {
		ips, err := clients[i%2].CallbackIPs(t.Context())
		if err == nil && (len(ips) != 1 || ips[0] != want[i%2]) {
			t.Errorf("client %d got %v", i%2, ips)
		}
		return err
	})
}

// What the SDK would send without being asked does not leave the house.
func TestTheDoorIsClosedToOthers(t *testing.T) {
	p := newPlatform(t)
	p.says(ipPath, `{"ip_list":[]}`)
	if err := p.client(t).Ping(t.Context()); err != nil {
		t.Fatal(err)
	}
	before := len(p.calls)
	if _, err := util.HTTPGet(p.URL + ipPath + "?access_token=call-1"); err == nil || len(p.calls) != before {
		t.Errorf("a call without a ticket went out: %v", err)
	}
}

func TestBusyIsRepeatedWhereThatIsHarmless(t *testing.T) {
	const busy = `{"errcode":-1,"errmsg":"system error"}`
	p := newPlatform(t)
	p.says("/cgi-bin/freepublish/get", busy, busy, `{"publish_id":"1","publish_status":1}`)
	p.says("/cgi-bin/message/custom/send", busy, `{"errcode":0}`)
	c := p.client(t)
	if st, err := c.PublishStatus(t.Context(), "1"); err != nil || st.State != posts.PublishPending {
		t.Errorf("PublishStatus() = %+v, %v", st, err)
	}
	if err := c.SendText(t.Context(), "o-citizen", "x"); bot.Code(err) != -1 || p.count("/cgi-bin/message/custom/send") != 1 {
		t.Errorf("SendText() = %v after %d calls: a message must not be sent twice", err, p.count("/cgi-bin/message/custom/send"))
	}
}

func TestObserve(t *testing.T) {
	p := newPlatform(t)
	var seen []string
	p.says(ipPath, `{"errcode":40001}`, `{"ip_list":[]}`)
	p.raw["/cgi-bin/menu/get"] = func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(500) }
	c := p.client(t, func(cfg *bot.ClientConfig) {
		cfg.Observe = func(path string, code int, _ time.Duration) { seen = append(seen, path+" "+itoa(code)) }
	})
	_ = c.Ping(t.Context())
	_, _ = c.Menu(t.Context())
	want := []string{tokenPath + " 0", ipPath + " 40001", tokenPath + " 0", ipPath + " 0", "/cgi-bin/menu/get -2"}
	if diff := cmp.Diff(want, seen); diff != "" {
		t.Errorf("observed (-want +got):\n%s", diff)
	}
}

func TestMenu(t *testing.T) {
	p := newPlatform(t)
	asTencentSays := `{"menu":{"button":[{"type":"click","name":"申请公开","key":"apply","sub_button":[]},` +
		`{"name":"看新闻","sub_button":[{"type":"click","name":"最新","key":"news","sub_button":[]},{"type":"view","name":"官网","url":"https://example.org/?a=1&b=2","sub_button":[]}]}]}}`
	p.says("/cgi-bin/menu/get", `{"errcode":46003,"errmsg":"menu no exist"}`, asTencentSays)
	p.says("/cgi-bin/menu/create", `{"errcode":0,"errmsg":"ok"}`)
	c := p.client(t)
	townMenu := bot.Menu{townMenu[0], townMenu[1]}
	townMenu[0].Sub = []bot.Button{} // no entries is no difference
	for i, want := range []bool{true, false} {
		if changed, err := c.EnsureMenu(t.Context(), townMenu); err != nil || changed != want {
			t.Errorf("EnsureMenu() %d = %v, %v, want %v", i+1, changed, err, want)
		}
	}
	if body := p.last(t, "/cgi-bin/menu/create").body; !strings.Contains(body, `"url":"https://example.org/?a=1&b=2"`) || !strings.Contains(body, "申请公开") {
		t.Errorf("menu/create got %s, want raw UTF-8 and no \\u0026", body)
	}
	tests := map[string]bot.Menu{
		"none":      {},
		"four":      make(bot.Menu, 4),
		"long name": {{Name: "政府信息公开申请", Type: "click", Key: "k"}},
		"long sub":  {{Name: "一", Sub: []bot.Button{{Name: strings.Repeat("长", 21)}}}},
		"six subs":  {{Name: "一", Sub: make([]bot.Button, 6)}},
	}
	for name, m := range tests {
		if err := c.SetMenu(t.Context(), m); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: SetMenu() = %v, want Invalid", name, err)
		}
	}
	if p.count("/cgi-bin/menu/create") != 1 {
		t.Error("a wrong menu was sent")
	}
}

func TestSendText(t *testing.T) {
	p := newPlatform(t)
	p.says("/cgi-bin/message/custom/send", `{"errcode":0,"errmsg":"ok"}`)
	p.says("/cgi-bin/message/custom/typing", `{"errcode":0,"errmsg":"ok"}`)
	c := p.client(t)
	if err := c.SendText(t.Context(), "o-citizen", "答复<已>寄出&请查收"); err != nil {
		t.Fatal(err)
	}
	want := `{"touser":"o-citizen","msgtype":"text","text":{"content":"答复<已>寄出&请查收"}}`
	if got := strings.TrimSpace(p.last(t, "/cgi-bin/message/custom/send").body); got != want {
		t.Errorf("sent %s, want %s", got, want)
	}
	if err := c.Typing(t.Context(), "o-citizen", false); err != nil || !strings.Contains(p.last(t, "/cgi-bin/message/custom/typing").body, "CancelTyping") {
		t.Errorf("Typing() = %v", err)
	}
	for name, bad := range map[string][2]string{
		"no text": {"o-citizen", ""}, "long text": {"o-citizen", strings.Repeat("长", 683)}, "no one": {"", "x"}, "an address": {"o&access_token=1", "x"},
	} {
		if err := c.SendText(t.Context(), bad[0], bad[1]); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v, want Invalid", name, err)
		}
	}
	if n := p.count("/cgi-bin/message/custom/send"); n != 1 {
		t.Errorf("%d messages left, want 1", n)
	}
}

func TestUserInfo(t *testing.T) {
	p := newPlatform(t)
	p.says("/cgi-bin/user/info", `{"subscribe":1,"openid":"o-citizen","language":"zh_CN","subscribe_time":1764000000,"unionid":"u","remark":"","groupid":0,"tagid_list":[],"subscribe_scene":"ADD_SCENE_QR_CODE","qr_scene":0,"qr_scene_str":""}`)
	got, err := p.client(t).UserInfo(t.Context(), "o-citizen")
	if want := (bot.User{OpenID: "o-citizen", Subscribed: true, Since: time.Unix(1764000000, 0).UTC(), Scene: "ADD_SCENE_QR_CODE"}); err != nil || got != want {
		t.Errorf("UserInfo() = %+v, %v, want %+v", got, err, want)
	}
	if q := p.last(t, "/cgi-bin/user/info").query; !strings.Contains(q, "access_token=TOKEN-1") || !strings.Contains(q, "openid=o-citizen") {
		t.Errorf("query = %s", q)
	}
}

func TestDownloadMedia(t *testing.T) {
	p := newPlatform(t)
	p.raw["/cgi-bin/media/get"] = func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Query().Get("media_id") {
		case "picture":
			w.Header().Set("Content-Type", "image/jpeg")
			_, _ = w.Write([]byte{0xff, 0xd8, 0xff})
		case "gone":
			_, _ = w.Write([]byte(`{"errcode":40007,"errmsg":"invalid media_id"}`))
		case "huge":
			w.Header().Set("Content-Type", "image/jpeg")
			_, _ = w.Write(make([]byte, 13<<20))
		default:
			w.Header().Set("Content-Type", "application/json")
			_, _ = w.Write([]byte(`{"video_url":"x"}`))
		}
	}
	c := p.client(t)
	data, kind, err := c.DownloadMedia(t.Context(), "picture")
	if err != nil || kind != "image/jpeg" || len(data) != 3 {
		t.Errorf("DownloadMedia() = %v, %q, %v", data, kind, err)
	}
	if _, _, err := c.DownloadMedia(t.Context(), "gone"); bot.Code(err) != 40007 {
		t.Errorf("gone: %v", err)
	}
	for _, id := range []string{"huge", "a&b"} {
		if _, _, err := c.DownloadMedia(t.Context(), id); !fault.Is(err, fault.Unavailable) {
			t.Errorf("%s: %v", id, err)
		}
	}
}
