package bot_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"shoushan/bot"
	"shoushan/fault"
)

var modes = []bot.Mode{bot.Plain, bot.Compatible, bot.Safe}

func TestCallbackAnswersInEveryMode(t *testing.T) {
	for _, mode := range modes {
		t.Run(string(mode), func(t *testing.T) {
			var c counter
			w := newWechat(t, mode, fixed)
			h := newCallback(mode, newOnce(fixed), c.handle, fixed)
			p := w.open(t, post(t, h, w.deliver(textXML("1", "你好", noon))))
			if p.Content != "第1次：你好" || p.ToUserName != "o-citizen" || p.FromUserName != "gh_1" || p.CreateTime != noon.Unix() {
				t.Errorf("reply = %+v", p)
			}
		})
	}
}

func TestCallbackSilenceIsSuccessInClear(t *testing.T) {
	for _, mode := range modes {
		silent := func(context.Context, bot.Message) (bot.Reply, error) { return bot.Reply{}, nil }
		w := newWechat(t, mode, fixed)
		rec := post(t, newCallback(mode, newOnce(fixed), silent, fixed), w.deliver(textXML("1", "x", noon)))
		if rec.Code != 200 || rec.Body.String() != "success" {
			t.Errorf("%s: %d %q, want success in clear", mode, rec.Code, rec.Body)
		}
	}
}

func TestCallbackVerification(t *testing.T) {
	now := func() time.Time { return time.Unix(1714036504+60, 0) }
	official := url.Values{ // Tencent's own example
		"signature": {"f464b24fc39322e44b38aa78f5edd27bd1441696"}, "timestamp": {"1714036504"}, "nonce": {"1514711492"},
		"echostr": {"4375120948345356249"},
	}
	tests := []struct {
		name   string
		change func(url.Values)
		now    func() time.Time
		code   int
		body   string
	}{
		{"Tencent's example", func(url.Values) {}, now, 200, "4375120948345356249"},
		{"any echostr, byte for byte", func(q url.Values) { q.Set("echostr", " <b>+&\n") }, now, 200, " <b>+&\n"},
		{"wrong signature", func(q url.Values) { q.Set("signature", "0464b24fc39322e44b38aa78f5edd27bd1441696") }, now, 403, ""},
		{"no signature", func(q url.Values) { q.Del("signature") }, now, 403, ""},
		{"six minutes old", func(url.Values) {}, func() time.Time { return time.Unix(1714036504+360, 0) }, 403, ""},
		{"no timestamp", func(q url.Values) { q.Del("timestamp") }, now, 403, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := newCallback(bot.Safe, newOnce(now), nil, tt.now)
			h.Config.Token = "AAAAA"
			q := url.Values{}
			for k, v := range official {
				q[k] = v
			}
			tt.change(q)
			rec := httptest.NewRecorder()
			h.ServeHTTP(rec, httptest.NewRequest(http.MethodGet, "/wechat?"+q.Encode(), nil))
			if rec.Code != tt.code || rec.Body.String() != tt.body {
				t.Errorf("%d %q, want %d %q", rec.Code, rec.Body, tt.code, tt.body)
			}
			if !strings.HasPrefix(rec.Header().Get("Content-Type"), "text/plain") {
				t.Errorf("Content-Type = %q: an echo must not be a page", rec.Header().Get("Content-Type"))
			}
		})
	}
}

// Whoever is not WeChat gets nothing done and nothing told.
func TestCallbackRefuses(t *testing.T) {
	tests := []struct {
		name   string
		mode   bot.Mode
		change func(*wechat, *delivery)
	}{
		{"wrong signature", bot.Plain, func(_ *wechat, d *delivery) { d.query.Set("signature", strings.Repeat("0", 40)) }},
		{"signature of another nonce", bot.Plain, func(_ *wechat, d *delivery) { d.query.Set("nonce", "other") }},
		{"no query at all", bot.Plain, func(_ *wechat, d *delivery) { d.query = url.Values{} }},
		{"wrong msg_signature", bot.Safe, func(_ *wechat, d *delivery) { d.query.Set("msg_signature", strings.Repeat("0", 40)) }},
		{"signature instead of msg_signature", bot.Safe, func(_ *wechat, d *delivery) { d.query.Set("msg_signature", d.query.Get("signature")) }},
		{"plaintext although AES is configured", bot.Safe, func(_ *wechat, d *delivery) { d.body = textXML("1", "x", noon) }},
		{"plaintext in compatible mode", bot.Compatible, func(_ *wechat, d *delivery) { d.body = textXML("1", "x", noon) }},
		{"plaintext delivery with aes flag removed", bot.Safe, func(_ *wechat, d *delivery) { d.query.Del("encrypt_type") }},
		{"ciphertext exchanged", bot.Safe, func(w *wechat, d *delivery) { d.body = w.deliver(textXML("2", "y", noon)).body }},
		{"another account's message", bot.Safe, func(w *wechat, d *delivery) { *d = strangerDelivery(w) }},
		{"six minutes old", bot.Safe, func(w *wechat, d *delivery) { *d = at(w, noon.Add(-6*time.Minute)) }},
		{"six minutes ahead", bot.Safe, func(w *wechat, d *delivery) { *d = at(w, noon.Add(6*time.Minute)) }},
		{"timestamp is no number", bot.Plain, func(w *wechat, d *delivery) {
			d.query.Set("timestamp", "soon")
			d.query.Set("signature", w.cipher.Sign("soon", d.query.Get("nonce")))
		}},
		{"broken XML from nobody", bot.Safe, func(_ *wechat, d *delivery) { d.query.Del("signature"); d.body = "<xml" }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var c counter
			w := newWechat(t, tt.mode, fixed)
			d := w.deliver(textXML("1", "x", noon))
			tt.change(w, &d)
			rec := post(t, newCallback(tt.mode, newOnce(fixed), c.handle, fixed), d)
			if rec.Code != http.StatusForbidden || rec.Body.Len() != 0 || c.count() != 0 {
				t.Errorf("status %d, body %q, handled %d times, want 403, nothing, 0", rec.Code, rec.Body, c.count())
			}
		})
	}
}

// at is a delivery signed at another time.
func at(w *wechat, when time.Time) delivery {
	return w.as(w.cipher, func() time.Time { return when }).deliver(textXML("1", "x", when))
}

// strangerDelivery is signed with our token and encrypted with our key, but for another AppID.
func strangerDelivery(w *wechat) delivery {
	c, err := bot.NewCipher(token, aesKey, "wx0000000000000000")
	if err != nil {
		panic(err)
	}
	return w.as(c, w.now).deliver(textXML("1", "x", noon))
}

func TestCallbackFreshWithinFiveMinutes(t *testing.T) {
	for _, shift := range []time.Duration{-299 * time.Second, 299 * time.Second} {
		var c counter
		w := newWechat(t, bot.Safe, fixed)
		if rec := post(t, newCallback(bot.Safe, newOnce(fixed), c.handle, fixed), at(w, noon.Add(shift))); rec.Code != 200 || c.count() != 1 {
			t.Errorf("shift %v: status %d, handled %d times", shift, rec.Code, c.count())
		}
	}
}

// In plaintext mode the signature does not cover the body: a signed address must not carry a second message.
func TestCallbackNonceIsBoundToItsBody(t *testing.T) {
	var c counter
	w := newWechat(t, bot.Plain, fixed)
	h := newCallback(bot.Plain, newOnce(fixed), c.handle, fixed)
	d := w.deliver(textXML("1", "原文", noon))
	first := post(t, h, d)
	forged := delivery{d.query, textXML("2", "伪造", noon)}
	if rec := post(t, h, forged); rec.Code != http.StatusForbidden || c.count() != 1 {
		t.Errorf("forged: status %d, handled %d times, want 403 and 1", rec.Code, c.count())
	}
	if again := post(t, h, d); again.Body.String() != first.Body.String() || c.count() != 1 {
		t.Errorf("replayed: %q, handled %d times, want the same reply and 1", again.Body, c.count())
	}
}

func TestCallbackReplayIsNotHandledTwice(t *testing.T) {
	for _, mode := range modes {
		var c counter
		w := newWechat(t, mode, fixed)
		h := newCallback(mode, newOnce(fixed), c.handle, fixed)
		d := w.deliver(textXML("1", "你好", noon))
		for range 3 {
			if p := w.open(t, post(t, h, d)); p.Content != "第1次：你好" {
				t.Errorf("%s: reply = %q", mode, p.Content)
			}
		}
		if c.count() != 1 {
			t.Errorf("%s: handled %d times, want 1", mode, c.count())
		}
	}
}

// WeChat's own deliveries always get 200, whatever is in them.
func TestCallbackAcknowledgesWhatIsOfNoUse(t *testing.T) {
	deep := strings.Repeat("<a>", 100_000) + strings.Repeat("</a>", 100_000)
	tests := []struct{ name, inner string }{
		{"empty", ""},
		{"JSON", `{"MsgType":"text"}`},
		{"truncated", textXML("1", "x", noon)[:120]},
		{"no sender", "<xml><MsgType>text</MsgType></xml>"},
		{"binary", "\x00\x01\xff\xfe"},
		{"very deep", "<xml>" + deep + "</xml>"},
		{"many elements", "<xml>" + strings.Repeat("<a/>", 50_000) + "</xml>"},
		{"entities", `<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><xml>&b;</xml>`},
		{"stray end tags", "</xml></xml><xml>"},
	}
	for _, mode := range modes {
		for _, tt := range tests {
			t.Run(string(mode)+" "+tt.name, func(t *testing.T) {
				var c counter
				w := newWechat(t, mode, fixed)
				rec := post(t, newCallback(mode, newOnce(fixed), c.handle, fixed), w.deliver(tt.inner))
				if rec.Code != 200 || rec.Body.String() != "success" || c.count() != 0 {
					t.Errorf("%d %q, handled %d times, want success", rec.Code, rec.Body, c.count())
				}
			})
		}
	}
}

// In safe mode a body that is no envelope shows by its address alone that it is WeChat's.
func TestCallbackAcknowledgesABrokenEnvelope(t *testing.T) {
	for _, body := range []string{"", "<xml><Encrypt>", "{}", strings.Repeat("x", 2<<20)} {
		w := newWechat(t, bot.Safe, fixed)
		d := w.deliver(textXML("1", "x", noon))
		d.body = body
		if rec := post(t, newCallback(bot.Safe, newOnce(fixed), nil, fixed), d); rec.Code != 200 || rec.Body.String() != "success" {
			t.Errorf("%.20q: %d %q, want success", body, rec.Code, rec.Body)
		}
	}
}

// What cannot be read as a number, and unknown words, lose no message.
func TestCallbackIsLenient(t *testing.T) {
	body := "<xml><Neu><a>1</a></Neu><ToUserName>gh_1</ToUserName><FromUserName>o-citizen</FromUserName><CreateTime>soon</CreateTime>" +
		"<MsgType>hologram</MsgType><Location_X>north</Location_X><Content>a&nbsp;b\x08c</Content><MsgId>no-number</MsgId></xml>"
	var c counter
	w := newWechat(t, bot.Safe, fixed)
	p := w.open(t, post(t, newCallback(bot.Safe, newOnce(fixed), c.handle, fixed), w.deliver(body)))
	if c.count() != 1 {
		t.Fatal("the message was lost")
	}
	m := c.seen[0]
	if m.Type != "hologram" || m.ID != "no-number" || !m.CreatedAt.IsZero() || m.Location.Latitude != 0 || m.From != "o-citizen" {
		t.Errorf("message = %+v", m)
	}
	if !strings.Contains(p.Content, "bc") {
		t.Errorf("reply = %q: the control character should be gone and the rest there", p.Content)
	}
}

func TestCallbackErrorsAreSentences(t *testing.T) {
	tests := []struct {
		name       string
		err        error
		want, lack string
	}{
		{"a fault is told", fault.New(fault.Invalid, "身份证号少一位。"), "身份证号少一位。", "编号"},
		{"an internal error is not", errors.New("redis: secret"), "编号 ", "secret"},
		{"unavailable has a number", fault.New(fault.Unavailable, "暂时存不了。"), "暂时存不了。（编号 ", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := counter{then: func(context.Context, bot.Message) (bot.Reply, error) { return bot.Reply{}, tt.err }}
			w := newWechat(t, bot.Safe, fixed)
			h := newCallback(bot.Safe, newOnce(fixed), c.handle, fixed)
			for range 2 { // an error is an answer: it is not tried again behind the citizen's back
				p := w.open(t, post(t, h, w.deliver(textXML("1", "x", noon))))
				if !strings.Contains(p.Content, tt.want) || (tt.lack != "" && strings.Contains(p.Content, tt.lack)) {
					t.Errorf("reply = %q", p.Content)
				}
			}
			if c.count() != 1 {
				t.Errorf("handled %d times, want 1", c.count())
			}
		})
	}
}

func TestCallbackPlatformEventsGetNoApology(t *testing.T) {
	fail := func(context.Context, bot.Message) (bot.Reply, error) {
		return bot.Reply{}, fault.New(fault.NotFound, "没有。")
	}
	w := newWechat(t, bot.Safe, fixed)
	rec := post(t, newCallback(bot.Safe, newOnce(fixed), fail, fixed), w.deliver(eventXML("PUBLISHJOBFINISH", "", noon)))
	if rec.Body.String() != "success" {
		t.Errorf("body = %q, want success", rec.Body)
	}
}

func TestCallbackConfig(t *testing.T) {
	good := bot.Config{Token: token, AESKey: aesKey, AppID: appID, Mode: bot.Safe}
	if err := good.Check(); err != nil {
		t.Errorf("Check() = %v", err)
	}
	tests := []struct {
		name   string
		change func(*bot.Config)
		want   string
	}{
		{"no token", func(c *bot.Config) { c.Token = "" }, "WECHAT_TOKEN"},
		{"no mode", func(c *bot.Config) { c.Mode = "" }, "safe"},
		{"plaintext although a key is configured", func(c *bot.Config) { c.Mode = bot.Plain }, "明文"},
		{"no key", func(c *bot.Config) { c.AESKey = "" }, "WECHAT_AES_KEY"},
		{"no AppID", func(c *bot.Config) { c.AppID = "" }, "WECHAT_APP_ID"},
		{"short key", func(c *bot.Config) { c.AESKey = "abc" }, "43"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			cfg := good
			tt.change(&cfg)
			if err := cfg.Check(); !fault.Is(err, fault.Invalid) || !strings.Contains(fault.Message(err), tt.want) {
				t.Errorf("Check() = %v, want %q", err, tt.want)
			}
			h := newCallback(bot.Safe, newOnce(fixed), nil, fixed)
			h.Config = cfg
			w := newWechat(t, bot.Safe, fixed)
			if rec := post(t, h, w.deliver("")); rec.Code != http.StatusServiceUnavailable || rec.Body.Len() != 0 {
				t.Errorf("status %d, body %q", rec.Code, rec.Body)
			}
		})
	}
	rec := httptest.NewRecorder()
	newCallback(bot.Safe, newOnce(fixed), nil, fixed).ServeHTTP(rec, httptest.NewRequest(http.MethodPut, "/wechat", nil))
	if rec.Code != http.StatusMethodNotAllowed {
		t.Errorf("PUT: status %d", rec.Code)
	}
}

// Nothing about a citizen may be in the log: neither identity nor words.
func TestCallbackLogsNoContent(t *testing.T) {
	var out bytes.Buffer
	log := slog.New(slog.NewJSONHandler(&out, nil))
	fail := func(context.Context, bot.Message) (bot.Reply, error) { return bot.Reply{}, errors.New("cause") }
	answer := bot.Chain(fail, bot.Recover(log), bot.LogWithoutContent(log, fixed), bot.Deadline(time.Second))
	w := newWechat(t, bot.Safe, fixed)
	h := newCallback(bot.Safe, newOnce(fixed), answer, fixed)
	h.Log = log
	p := w.open(t, post(t, h, w.deliver(textXML("1", "我叫张三", noon))))
	ref := p.Content[strings.Index(p.Content, "编号 ")+len("编号 "):][:8]
	for _, want := range []string{"cause", ref, `"type":"text"`} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("log lacks %q: %s", want, out.String())
		}
	}
	for _, not := range []string{"张三", "o-citizen"} {
		if strings.Contains(out.String(), not) {
			t.Errorf("log has %q: %s", not, out.String())
		}
	}
}
