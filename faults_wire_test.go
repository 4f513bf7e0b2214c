package main

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"shoushan/bench"
	"shoushan/simulator"
)

// wireRow is a request to the callback that is not, or not quite, as WeChat sends it. The rest of it is in order: a text
// of a citizen, signed and encrypted a moment ago.
type wireRow struct {
	fault, point, effect string

	method  string // "": POST
	inner   string // the decrypted message; "": a text
	spoil   func(w *town, d *bench.Delivery)
	again   time.Duration // the same bytes are sent a second time, that much later; 0: they are not
	status  int           // 0: 200
	answer  answerKind    // of every delivery that gets 200
	handled int
	never   string // must not stand in an answer
}

type answerKind int

const (
	inSilence answerKind = iota // success, in clear
	withReply                   // encrypted, with a text
	asItIs                      // not looked at
)

// The message of a row, and what is around it.
const (
	stranger = "oStranger"
	xmlHead  = "<xml><ToUserName>gh</ToUserName><FromUserName>" + stranger + "</FromUserName>"
)

func signedAt(age time.Duration) func(*town, *bench.Delivery) {
	return func(w *town, d *bench.Delivery) {
		secret := d.Body[strings.Index(d.Body, "<Encrypt><![CDATA[")+18 : strings.LastIndex(d.Body, "]]></Encrypt>")]
		*d = w.pusher.Sign(d.Body, secret, w.clock.Now().Add(-age))
	}
}

func query(name, value string) func(*town, *bench.Delivery) {
	return func(_ *town, d *bench.Delivery) { d.Query.Set(name, value) }
}

func body(text string) func(*town, *bench.Delivery) {
	return func(_ *town, d *bench.Delivery) { d.Body = text }
}

// sealed wraps the row's message with other secrets.
func sealedWith(token, key, appID string) func(*town, *bench.Delivery) {
	return func(w *town, d *bench.Delivery) {
		other, err := bench.NewPusher(w.pusher.URL, token, key, appID, w.clock.Now)
		if err == nil {
			*d, err = other.Wrap(bench.Text(stranger, "7", "申请公开", w.clock.Now()))
		}
		if err != nil {
			w.t.Fatal(err)
		}
	}
}

var wireRows = []wireRow{
	{fault: "none", point: "POST", effect: "one effect, an encrypted reply", answer: withReply, handled: 1},
	{fault: "none", point: "GET", effect: "echostr, byte for byte", method: http.MethodGet, spoil: query("echostr", "874<>&"), answer: asItIs},
	{fault: "wrong signature", point: "GET", effect: "403, no echo", method: http.MethodGet, spoil: query("signature", strings.Repeat("0", 40)), status: 403},
	{fault: "wrong signature", point: "msg_signature", effect: "403, no effect", spoil: query("msg_signature", strings.Repeat("0", 40)), status: 403},
	{fault: "no signature", point: "msg_signature", effect: "403, no effect", spoil: query("msg_signature", ""), status: 403},
	{fault: "signature of another nonce", point: "nonce", effect: "403, no effect", spoil: query("nonce", "x"), status: 403},
	{fault: "timestamp 6 min old", point: "timestamp", effect: "403, no effect", spoil: signedAt(6 * time.Minute), status: 403},
	{fault: "timestamp 6 min ahead", point: "timestamp", effect: "403, no effect", spoil: signedAt(-6 * time.Minute), status: 403},
	{fault: "timestamp 4 min old", point: "timestamp", effect: "accepted", spoil: signedAt(4 * time.Minute), answer: withReply, handled: 1},
	{fault: "timestamp no number", point: "timestamp", effect: "403, no effect", spoil: query("timestamp", "1e9"), status: 403},
	{fault: "replayed at once", point: "whole request", effect: "the same answer, no second effect", again: time.Second, answer: withReply, handled: 1},
	{fault: "replayed after 4 min", point: "whole request", effect: "the same answer, no second effect", again: 4 * time.Minute, answer: withReply, handled: 1},
	{fault: "replayed after 20 min", point: "whole request", effect: "403, no second effect", again: 20 * time.Minute, status: 403, answer: withReply, handled: 1},
	{fault: "plaintext in safe mode", point: "body", effect: "403, no effect", spoil: func(w *town, d *bench.Delivery) {
		d.Body = bench.Text(stranger, "1", "申请公开", w.clock.Now())
	}, status: 403},
	{fault: "plaintext in safe mode, encrypt_type left out", point: "body and query", effect: "403, no effect", spoil: func(w *town, d *bench.Delivery) {
		d.Body = bench.Text(stranger, "1", "申请公开", w.clock.Now())
		d.Query.Del("encrypt_type")
		d.Query.Del("msg_signature")
	}, status: 403},
	{fault: "encrypt_type=raw", point: "query", effect: "403, no effect", spoil: query("encrypt_type", "raw"), status: 403},
	{fault: "clear fields beside the ciphertext", point: "body", effect: "the clear fields count for nothing", spoil: func(_ *town, d *bench.Delivery) {
		d.Body = strings.Replace(d.Body, "<xml>", "<xml><FromUserName>oAttacker</FromUserName><Content>确认</Content>", 1)
	}, answer: withReply, handled: 1},
	{fault: "encrypted for another account", point: "AppID", effect: "403, no effect", spoil: sealedWith(simulator.DefaultToken, simulator.DefaultAESKey, "wx0000000000000000"), status: 403},
	{fault: "encrypted with another key", point: "ciphertext", effect: "403, no effect", spoil: sealedWith(simulator.DefaultToken, strings.Repeat("A", 43), simulator.DefaultAppID), status: 403},
	{fault: "signed with another token", point: "signature", effect: "403, no effect", spoil: sealedWith("another", simulator.DefaultAESKey, simulator.DefaultAppID), status: 403},
	{fault: "giant body, 2 MiB", point: "body", effect: "acknowledged unread, no effect", spoil: body("<xml>" + strings.Repeat("x", 2<<20)), handled: 0},
	{fault: "giant body, unsigned", point: "body", effect: "403", spoil: func(_ *town, d *bench.Delivery) {
		d.Body = strings.Repeat("x", 2<<20)
		d.Query.Set("signature", "0")
	}, status: 403},
	{fault: "empty body", point: "body", effect: "acknowledged, no effect: the address is signed", spoil: body("")},
	{fault: "empty body, unsigned", point: "body", effect: "403", spoil: func(_ *town, d *bench.Delivery) {
		d.Body = ""
		d.Query.Set("signature", "0")
	}, status: 403},
	{fault: "broken XML", point: "envelope", effect: "acknowledged, no effect", spoil: body("<xml><Encrypt>abc")},
	{fault: "broken XML", point: "message", effect: "acknowledged, no effect", inner: xmlHead + "<MsgType>text"},
	{fault: "no XML", point: "message", effect: "acknowledged, no effect", inner: `{"FromUserName":"x"}`},
	{fault: "XML 10 000 deep", point: "message", effect: "acknowledged, no effect", inner: strings.Repeat("<a>", 10_000)},
	{fault: "entity that expands", point: "message", effect: "it is not expanded",
		inner:  `<!DOCTYPE x [<!ENTITY a "expanded">]><xml><FromUserName>&a;</FromUserName><MsgType>text</MsgType><Content>&a;</Content><MsgId>5</MsgId></xml>`,
		answer: withReply, handled: 1, never: "expanded"},
	{fault: "no sender", point: "message", effect: "acknowledged, no effect", inner: "<xml><MsgType>text</MsgType><Content>x</Content><MsgId>1</MsgId></xml>"},
	{fault: "MsgId no number", point: "message", effect: "answered", inner: xmlHead + "<CreateTime>x</CreateTime><MsgType>text</MsgType><Content>申请公开</Content><MsgId>abc</MsgId></xml>",
		answer: withReply, handled: 1},
	{fault: "unknown message type", point: "message", effect: "one polite answer", inner: xmlHead + "<CreateTime>1</CreateTime><MsgType>hologram</MsgType><MsgId>3</MsgId></xml>",
		answer: withReply, handled: 1},
	{fault: "file message", point: "message", effect: "one polite answer", inner: xmlHead + "<CreateTime>1</CreateTime><MsgType>file</MsgType><Title>a.doc</Title><FileKey>k</FileKey><MsgId>4</MsgId></xml>",
		answer: withReply, handled: 1},
	{fault: "unknown event", point: "event", effect: "acknowledged in silence", inner: xmlHead + "<CreateTime>1</CreateTime><MsgType>event</MsgType><Event>brand_new_event</Event></xml>", handled: 1},
	{fault: "certificate expired", point: "event", effect: "acknowledged in silence", inner: xmlHead + "<CreateTime>1</CreateTime><MsgType>event</MsgType><Event>verify_expired</Event><ExpiredTime>x</ExpiredTime></xml>", handled: 1},
	{fault: "publication of nobody here", point: "PUBLISHJOBFINISH", effect: "acknowledged in silence", inner: xmlHead +
		"<CreateTime>1</CreateTime><MsgType>event</MsgType><Event>PUBLISHJOBFINISH</Event><PublishEventInfo><publish_id>9</publish_id><publish_status>0</publish_status></PublishEventInfo></xml>", handled: 1},
	{fault: "unreadable publish_status", point: "PUBLISHJOBFINISH", effect: "acknowledged in silence", inner: xmlHead +
		"<CreateTime>1</CreateTime><MsgType>event</MsgType><Event>PUBLISHJOBFINISH</Event><PublishEventInfo><publish_id>9</publish_id><publish_status>?</publish_status></PublishEventInfo></xml>", handled: 1},
	{fault: "PUT", point: "method", effect: "405", method: http.MethodPut, status: 405},
}

func TestFaultsOnTheWire(t *testing.T) {
	var table printed
	table.print(t, "faults of requests to the callback")
	for _, row := range wireRows {
		table.row(t, row.fault, row.point, row.effect, func(t *testing.T) { row.run(t) })
	}
}

func (row wireRow) run(t *testing.T) {
	w := newTown(t)
	d := row.delivery(w)
	if row.again == 0 {
		row.check(w, row.send(w, d), row.status)
	} else {
		first := row.send(w, d)
		row.check(w, first, 0)
		w.clock.Set(w.clock.Now().Add(row.again))
		second := row.send(w, d)
		row.check(w, second, row.status)
		if second.Status == http.StatusOK && second.Text != first.Text {
			t.Errorf("answers %q, then %q", first.Text, second.Text)
		}
	}
	if got := w.diary.count(); got != row.handled {
		t.Errorf("handled %d times, want %d", got, row.handled)
	}
}

// delivery is the row's request.
func (row wireRow) delivery(w *town) bench.Delivery {
	w.t.Helper()
	inner := row.inner
	if inner == "" {
		inner = bench.Text(stranger, "1", "申请公开", w.clock.Now())
	}
	d, err := w.pusher.Wrap(inner)
	if err != nil {
		w.t.Fatal(err)
	}
	if row.spoil != nil {
		row.spoil(w, &d)
	}
	return d
}

func (row wireRow) send(w *town, d bench.Delivery) bench.Answer {
	w.t.Helper()
	method := row.method
	if method == "" {
		method = http.MethodPost
	}
	a, err := w.pusher.Send(w.t.Context(), method, d)
	if err != nil {
		w.t.Fatal(err)
	}
	if method == http.MethodGet && a.Status == http.StatusOK && a.Raw != d.Query.Get("echostr") {
		w.t.Errorf("echo %q, want %q", a.Raw, d.Query.Get("echostr"))
	}
	return a
}

// check looks at one answer. No refusal may say anything, and nothing may ever be an error page.
func (row wireRow) check(w *town, a bench.Answer, status int) {
	w.t.Helper()
	if status == 0 {
		status = http.StatusOK
	}
	if a.Status != status {
		w.t.Fatalf("status %d, want %d; body %q", a.Status, status, a.Raw)
	}
	if row.never != "" && strings.Contains(a.Clear, row.never) {
		w.t.Errorf("the answer holds %q: %s", row.never, a.Clear)
	}
	switch {
	case status != http.StatusOK:
		if a.Raw != "" {
			w.t.Errorf("a refusal says %q", a.Raw)
		}
	case row.answer == inSilence && a.Raw != "success":
		w.t.Errorf("answer %q, want success", a.Raw)
	case row.answer == withReply && (a.Text == "" || a.Raw == a.Clear):
		w.t.Errorf("answer %q, want an encrypted text", a.Raw)
	}
}
