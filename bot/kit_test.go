package bot_test

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"shoushan/bot"
)

// memoryOnce is Once as its comment promises it, for one machine. It counts what it is told.
type memoryOnce struct {
	now func() time.Time

	mu      sync.Mutex
	entries map[string]onceEntry
	down    bool
	fresh   int // how often work was given out
}

type onceEntry struct {
	done  bool
	reply []byte
	until time.Time
}

var errDown = errors.New("store down")

func newOnce(now func() time.Time) *memoryOnce {
	return &memoryOnce{now: now, entries: map[string]onceEntry{}}
}

func (o *memoryOnce) setDown(down bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.down = down
}

func (o *memoryOnce) Begin(_ context.Context, key string, lease time.Duration) ([]byte, bot.OnceState, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.down {
		return nil, "", errDown
	}
	e, there := o.entries[key]
	switch {
	case there && e.done && o.now().Before(e.until):
		return e.reply, bot.OnceDone, nil
	case there && !e.done && o.now().Before(e.until):
		return nil, bot.OnceRunning, nil
	}
	o.fresh++
	o.entries[key] = onceEntry{until: o.now().Add(lease)}
	return nil, bot.OnceFresh, nil
}

func (o *memoryOnce) Finish(_ context.Context, key string, reply []byte, keep time.Duration) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.down {
		return errDown
	}
	if !o.entries[key].done {
		o.entries[key] = onceEntry{done: true, reply: reply, until: o.now().Add(keep)}
	}
	return nil
}

func (o *memoryOnce) Abandon(_ context.Context, key string) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if e, there := o.entries[key]; there && !e.done {
		delete(o.entries, key)
	}
	return nil
}

// wechat is the other side: it signs and encrypts deliveries as Tencent does.
type wechat struct {
	mode   bot.Mode
	cipher bot.Cipher
	now    func() time.Time
	nonces atomic.Int64
}

// as is the same platform with another cipher or clock.
func (w *wechat) as(cipher bot.Cipher, now func() time.Time) *wechat {
	return &wechat{mode: w.mode, cipher: cipher, now: now}
}

func newWechat(t testing.TB, mode bot.Mode, now func() time.Time) *wechat {
	return &wechat{mode: mode, cipher: newCipher(t), now: now}
}

// delivery is one request before it is sent; tests alter it.
type delivery struct {
	query url.Values
	body  string
}

// deliver wraps the inner XML into a delivery with a fresh nonce, as every retry has.
func (w *wechat) deliver(inner string) delivery {
	stamp, nonce := strconv.FormatInt(w.now().Unix(), 10), "nonce"+strconv.FormatInt(w.nonces.Add(1), 10)
	d := delivery{url.Values{"timestamp": {stamp}, "nonce": {nonce}, "openid": {"o-citizen"}}, inner}
	d.query.Set("signature", w.cipher.Sign(stamp, nonce))
	if w.mode == bot.Plain {
		return d
	}
	secret, err := w.cipher.Encrypt([]byte(inner))
	if err != nil {
		panic(err)
	}
	d.query.Set("encrypt_type", "aes")
	d.query.Set("msg_signature", w.cipher.Sign(stamp, nonce, secret))
	clear := ""
	if w.mode == bot.Compatible {
		clear = "<Content><![CDATA[明文部分不算数]]></Content>"
	}
	d.body = "<xml><ToUserName><![CDATA[gh_1]]></ToUserName>" + clear + "<Encrypt><![CDATA[" + secret + "]]></Encrypt></xml>"
	return d
}

func (d delivery) request(ctx context.Context) *http.Request {
	return httptest.NewRequestWithContext(ctx, http.MethodPost, "/wechat?"+d.query.Encode(), strings.NewReader(d.body))
}

// post sends a delivery and returns what came back.
func post(t testing.TB, h http.Handler, d delivery) *httptest.ResponseRecorder {
	t.Helper()
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, d.request(t.Context()))
	return rec
}

// passive is a reply as the citizen's phone gets it.
type passive struct {
	ToUserName, FromUserName, MsgType, Content string
	CreateTime                                 int64
	Image                                      struct{ MediaId string }
	ArticleCount                               int
	Articles                                   struct {
		Item []struct{ Title, Description, PicUrl, Url string } `xml:"item"`
	}
}

// open reads a reply, decrypting it when the mode says so. A success in clear is the zero passive.
func (w *wechat) open(t testing.TB, rec *httptest.ResponseRecorder) passive {
	t.Helper()
	body := rec.Body.Bytes()
	if rec.Code != http.StatusOK {
		t.Fatalf("status %d, body %q", rec.Code, body)
	}
	if string(body) == "success" {
		return passive{}
	}
	if w.mode != bot.Plain {
		var e struct{ Encrypt, MsgSignature, TimeStamp, Nonce string }
		if err := xml.Unmarshal(body, &e); err != nil || e.Encrypt == "" {
			t.Fatalf("not an envelope: %v: %q", err, body)
		}
		if !w.cipher.Verify(e.MsgSignature, e.TimeStamp, e.Nonce, e.Encrypt) {
			t.Fatal("the reply's signature is wrong")
		}
		plain, _, err := w.cipher.Decrypt(e.Encrypt)
		if err != nil {
			t.Fatal(err)
		}
		body = plain
	}
	var p passive
	if err := xml.Unmarshal(body, &p); err != nil {
		t.Fatalf("reply %q: %v", body, err)
	}
	return p
}

func textXML(id, content string, at time.Time) string {
	return fmt.Sprintf("<xml><ToUserName><![CDATA[gh_1]]></ToUserName><FromUserName><![CDATA[o-citizen]]></FromUserName>"+
		"<CreateTime>%d</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[%s]]></Content><MsgId>%s</MsgId></xml>", at.Unix(), content, id)
}

func eventXML(event, key string, at time.Time) string {
	return fmt.Sprintf("<xml><ToUserName><![CDATA[gh_1]]></ToUserName><FromUserName><![CDATA[o-citizen]]></FromUserName>"+
		"<CreateTime>%d</CreateTime><MsgType><![CDATA[event]]></MsgType><Event><![CDATA[%s]]></Event><EventKey><![CDATA[%s]]></EventKey></xml>", at.Unix(), event, key)
}

// counter is a handler that remembers what it was given.
type counter struct {
	mu   sync.Mutex
	seen []bot.Message
	then bot.Handler // what it answers; nil: the text, back
}

func (c *counter) handle(ctx context.Context, m bot.Message) (bot.Reply, error) {
	c.mu.Lock()
	c.seen = append(c.seen, m)
	n := len(c.seen)
	c.mu.Unlock()
	if c.then != nil {
		return c.then(ctx, m)
	}
	return bot.Reply{Text: fmt.Sprintf("第%d次：%s", n, m.Text)}, nil
}

func (c *counter) count() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.seen)
}

var quiet = slog.New(slog.DiscardHandler)

// noon is the instant at which tests with a fixed clock happen.
var noon = time.Date(2026, 11, 23, 4, 0, 0, 0, time.UTC)

func fixed() time.Time { return noon }

func newCallback(mode bot.Mode, once bot.Once, h bot.Handler, now func() time.Time) *bot.Callback {
	cfg := bot.Config{Token: token, AESKey: aesKey, AppID: appID, Mode: mode}
	if mode == bot.Plain {
		cfg.AESKey = ""
	}
	return &bot.Callback{Config: cfg, Once: once, Handler: h, Log: quiet, Now: now}
}
