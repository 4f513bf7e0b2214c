package simulator_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"shoushan/simulator"
)

const unavailable = "该公众号暂时无法提供服务，请稍后再试"

// TestRoundTrip: a message goes out signed and encrypted, the encrypted reply comes back to the phone, in every mode.
func TestRoundTrip(t *testing.T) {
	for _, mode := range []simulator.CallbackMode{simulator.Safe, simulator.Compatible, simulator.Plain} {
		t.Run(mode.String(), func(t *testing.T) {
			p := newPlatform(t, func(s *simulator.Server) { s.Mode = mode })
			who := p.follow("zhang")
			p.account.answers(func(r received) string { return textReply(r, "收到："+r.msg.Content) })
			p.say("zhang", "我要<申请>公开 ]]> &amp;")
			got := p.account.last()
			if got.msg.Content != "我要<申请>公开 ]]> &amp;" || got.msg.MsgType != "text" || got.msg.MsgId == 0 {
				t.Errorf("message %+v", got.msg)
			}
			if got.msg.FromUserName != who || got.msg.ToUserName != simulator.DefaultOriginalID || got.msg.CreateTime != start.Unix() {
				t.Errorf("message %+v", got.msg)
			}
			equal(t, got.query.Get("openid"), who)
			encrypted := mode != simulator.Plain
			if (got.query.Get("encrypt_type") == "aes") != encrypted || (got.query.Get("msg_signature") != "") != encrypted {
				t.Errorf("query %v", got.query)
			}
			if clearInside := strings.Contains(got.raw, "<Content>"); clearInside != (mode != simulator.Safe) {
				t.Errorf("body %s", got.raw)
			}
			equal(t, str(p.lastBubble("zhang"), "text"), "收到：我要<申请>公开 ]]> &amp;")
			equal(t, str(p.lastBubble("zhang"), "via"), "被动回复")
		})
	}
}

// TestAnswers: what the platform makes of the account's answers.
func TestAnswers(t *testing.T) {
	long := strings.Repeat("长", 683) // 2049 bytes
	tests := []struct {
		name   string
		answer func(p *platform, r received) string
		want   string // text of the last bubble; empty: nothing shown
	}{
		{"success in clear", func(*platform, received) string { return "raw:success" }, ""},
		{"nothing", func(*platform, received) string { return "raw:" }, ""},
		{"text", func(_ *platform, r received) string { return textReply(r, "好") }, "好"},
		{"2046 bytes", func(_ *platform, r received) string { return textReply(r, long[:2046]) }, long[:2046]},
		{"2049 bytes", func(_ *platform, r received) string { return textReply(r, long) }, unavailable},
		{"empty text", func(_ *platform, r received) string { return textReply(r, "") }, unavailable},
		{"JSON", func(*platform, received) string { return `raw:{"ok":true}` }, unavailable},
		{"clear XML in safe mode", func(_ *platform, r received) string { return "raw:" + textReply(r, "好") }, unavailable},
		{"an encrypted nothing", func(*platform, received) string { return "" }, unavailable},
		{"half an envelope", func(p *platform, r received) string {
			return "raw:" + p.account.envelope(textReply(r, "好"), "1")[:40]
		}, unavailable},
		{"wrong MsgSignature", func(p *platform, r received) string {
			return "raw:" + strings.Replace(p.account.envelope(textReply(r, "好"), "1"), "<TimeStamp>1", "<TimeStamp>2", 1)
		}, unavailable},
		{"sender and receiver not swapped", func(_ *platform, r received) string {
			r.msg.FromUserName, r.msg.ToUserName = r.msg.ToUserName, r.msg.FromUserName
			return textReply(r, "好")
		}, unavailable},
		{"unknown type", func(_ *platform, r received) string { return reply(r, "<MsgType>song</MsgType>") }, unavailable},
		{"image that is not there", func(_ *platform, r received) string {
			return reply(r, "<MsgType>image</MsgType><Image><MediaId>x</MediaId></Image>")
		}, unavailable},
		{"news whose count is wrong", func(_ *platform, r received) string {
			return reply(r, "<MsgType>news</MsgType><ArticleCount>2</ArticleCount><Articles><item><Title>一</Title></item></Articles>")
		}, unavailable},
		{"handed to a person", func(_ *platform, r received) string {
			return reply(r, "<MsgType>transfer_customer_service</MsgType>")
		}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := newPlatform(t)
			p.follow("zhang")
			p.account.answers(func(r received) string { return tt.answer(p, r) })
			p.say("zhang", "你好")
			got := p.lastBubble("zhang")
			if tt.want == "" {
				tt.want = "你好"
			}
			equal(t, str(got, "text"), tt.want)
			if tt.want == unavailable && str(got, "from") != "system" {
				t.Errorf("bubble %v", got)
			}
			if n := len(p.account.all()); n != 2 {
				t.Errorf("%d callbacks, want 2: subscribe and one message, an answer is never retried", n)
			}
		})
	}
}

func TestImageReply(t *testing.T) {
	p := newPlatform(t)
	media := p.cover()
	p.follow("zhang")
	p.account.answers(func(r received) string {
		return reply(r, "<MsgType>image</MsgType><Image><MediaId>"+media+"</MediaId></Image>")
	})
	p.say("zhang", "图")
	if b := p.lastBubble("zhang"); str(b, "kind") != "image" || !strings.Contains(str(b, "url"), "/mmbiz/") {
		t.Errorf("bubble %v", b)
	}
}

// TestNewsReply: one article in answer to a message, up to eight after a tap.
func TestNewsReply(t *testing.T) {
	p := newPlatform(t)
	p.must("menu/create", obj{"button": []obj{{"type": "click", "name": "新闻", "key": "NEWS"}}})
	p.follow("zhang")
	item := "<item><Title>题</Title><Description>摘要</Description><PicUrl>http://a/p.png</PicUrl><Url>http://a/</Url></item>"
	p.account.answers(func(r received) string {
		return reply(r, "<MsgType>news</MsgType><ArticleCount>3</ArticleCount><Articles>"+strings.Repeat(item, 3)+"</Articles>")
	})
	p.say("zhang", "新闻")
	if n := len(p.lastBubble("zhang")["cards"].([]any)); n != 1 {
		t.Errorf("%d cards after a text, want 1", n)
	}
	p.phone("menu", obj{"citizen": "zhang", "column": 0, "row": -1})
	cards := p.lastBubble("zhang")["cards"].([]any)
	if len(cards) != 3 || str(cards[0].(obj), "title") != "题" || str(cards[0].(obj), "picurl") != "http://a/p.png" {
		t.Errorf("cards after a tap: %v", cards)
	}
}

// TestRetries: cut and pushed again, three times in all, with the same MsgId and a fresh nonce.
func TestRetries(t *testing.T) {
	tests := []struct {
		name     string
		failures int
		fail     http.HandlerFunc
		want     string
		calls    int
	}{
		{"no answer in time", 3, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, unavailable, 3},
		{"no answer in time once", 1, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, "好", 2},
		{"connection broken twice", 2, func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, "好", 3},
		{"HTTP 500", 3, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(500) }, unavailable, 3},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := newPlatform(t)
			p.follow("zhang")
			p.configure(func(s *simulator.Settings) { s.ReplyTimeoutMS = 1500 }) // long enough for a busy machine to answer in
			calls := 0
			p.account.handles(func(w http.ResponseWriter, r *http.Request) {
				calls++
				if calls <= tt.failures {
					tt.fail(w, r)
					return
				}
				got := p.account.last()
				fmt.Fprint(w, p.account.envelope(textReply(got, "好"), got.query.Get("nonce")))
			})
			p.say("zhang", "你好")
			equal(t, str(p.lastBubble("zhang"), "text"), tt.want)
			pushes := p.account.all()[1:]
			if len(pushes) != tt.calls {
				t.Fatalf("%d pushes, want %d", len(pushes), tt.calls)
			}
			for _, r := range pushes[1:] {
				if r.msg.MsgId != pushes[0].msg.MsgId || r.query.Get("nonce") == pushes[0].query.Get("nonce") {
					t.Errorf("retry: MsgId %d nonce %s, first %d %s", r.msg.MsgId, r.query.Get("nonce"), pushes[0].msg.MsgId, pushes[0].query.Get("nonce"))
				}
			}
		})
	}
}

func TestPushAttemptsConfigured(t *testing.T) {
	p := newPlatform(t)
	p.follow("zhang")
	p.configure(func(s *simulator.Settings) { s.PushAttempts = 4 })
	p.account.handles(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(500) })
	p.say("zhang", "你好")
	if n := len(p.account.all()); n != 1+4 {
		t.Errorf("%d callbacks, want 5", n)
	}
}

// TestNobodyHome: with no server at the address the citizen sees the sentence; with no address nothing happens.
func TestNobodyHome(t *testing.T) {
	p := newPlatform(t)
	p.follow("zhang")
	p.configure(func(s *simulator.Settings) { s.CallbackURL = "http://127.0.0.1:1/wechat" })
	p.say("zhang", "你好")
	equal(t, str(p.lastBubble("zhang"), "text"), unavailable)
	p.configure(func(s *simulator.Settings) { s.CallbackURL = "" })
	p.say("zhang", "在吗")
	equal(t, str(p.lastBubble("zhang"), "text"), "在吗")
}

// TestSilentEvents: a failed answer to these is not shown to the citizen.
func TestSilentEvents(t *testing.T) {
	p := newPlatform(t)
	p.must("menu/create", obj{"button": []obj{{"type": "view", "name": "看", "url": "http://a/"}, {"type": "click", "name": "点", "key": "K"}}})
	p.follow("zhang")
	p.account.answers(func(received) string { return "raw:{}" })
	if out := p.phone("menu", obj{"citizen": "zhang", "column": 0, "row": -1}); str(out, "open") != "http://a/" {
		t.Errorf("VIEW opens %v", out)
	}
	if e := p.account.last().msg; e.Event != "VIEW" || e.EventKey != "http://a/" {
		t.Errorf("event %+v", e)
	}
	if n := len(p.chat("zhang")); n != 0 {
		t.Errorf("%d bubbles after a failed VIEW, want none", n)
	}
	p.phone("menu", obj{"citizen": "zhang", "column": 1, "row": -1})
	equal(t, str(p.lastBubble("zhang"), "text"), unavailable)
}

func TestVerify(t *testing.T) {
	p := newPlatform(t)
	if _, out := p.json("POST", "/sim/verify", nil); out["ok"] != true {
		t.Errorf("verify: %v", out)
	}
	for name, handler := range map[string]http.HandlerFunc{
		"quoted":  func(w http.ResponseWriter, r *http.Request) { fmt.Fprintf(w, "%q", r.URL.Query().Get("echostr")) },
		"newline": func(w http.ResponseWriter, r *http.Request) { fmt.Fprintln(w, r.URL.Query().Get("echostr")) },
		"404":     http.NotFound,
	} {
		t.Run(name, func(t *testing.T) {
			address := newEcho(t, handler)
			if _, out := p.json("POST", "/sim/verify", obj{"url": address}); out["ok"] != false || str(out, "reason") == "" {
				t.Errorf("verify: %v, want a refusal with its reason", out)
			}
		})
	}
}

// TestCallbackFaults: lost, late, duplicated and early callbacks.
func TestCallbackFaults(t *testing.T) {
	t.Run("lost", func(t *testing.T) {
		p := newPlatform(t)
		p.fault(simulator.Fault{On: "PUBLISHJOBFINISH", Kind: simulator.FaultLose, Times: 1})
		p.publish("一")
		p.publish("二")
		if n := len(p.account.events("PUBLISHJOBFINISH")); n != 1 {
			t.Errorf("%d events, want 1: only the first is lost", n)
		}
	})
	t.Run("late", func(t *testing.T) {
		p := newPlatform(t)
		p.fault(simulator.Fault{On: "PUBLISHJOBFINISH", Kind: simulator.FaultLate, DelayMS: 30})
		began := time.Now()
		p.publish("一")
		if took := time.Since(began); took < 30*time.Millisecond || len(p.account.events("PUBLISHJOBFINISH")) != 1 {
			t.Errorf("took %v with %d events", took, len(p.account.events("PUBLISHJOBFINISH")))
		}
	})
	t.Run("duplicate event", func(t *testing.T) {
		p := newPlatform(t)
		p.fault(simulator.Fault{On: "PUBLISHJOBFINISH", Kind: simulator.FaultDuplicate})
		p.publish("一")
		e := p.account.events("PUBLISHJOBFINISH")
		if len(e) != 2 || e[0].CreateTime != e[1].CreateTime {
			t.Errorf("events %+v", e)
		}
	})
	t.Run("duplicate message is answered once on the phone", func(t *testing.T) {
		p := newPlatform(t)
		p.follow("zhang")
		p.account.answers(func(r received) string { return textReply(r, "好") })
		p.fault(simulator.Fault{On: "message", Kind: simulator.FaultDuplicate, Times: 1})
		p.say("zhang", "你好")
		all := p.account.all()
		if len(all) != 3 || all[1].msg.MsgId != all[2].msg.MsgId || len(p.chat("zhang")) != 2 {
			t.Errorf("%d callbacks, %d bubbles", len(all), len(p.chat("zhang")))
		}
	})
	t.Run("event before the answer", func(t *testing.T) {
		p := newPlatform(t)
		for _, event := range []string{"PUBLISHJOBFINISH", "MASSSENDJOBFINISH"} {
			p.fault(simulator.Fault{On: event, Kind: simulator.FaultEarly})
		}
		p.must("freepublish/submit", obj{"media_id": p.draft("一")})
		if len(p.account.events("PUBLISHJOBFINISH")) != 1 {
			t.Error("PUBLISHJOBFINISH did not come before the answer to submit")
		}
		p.must("message/mass/sendall", toAll(p.draft("二"), nil))
		if len(p.account.events("MASSSENDJOBFINISH")) != 1 {
			t.Error("MASSSENDJOBFINISH did not come before the answer to sendall")
		}
	})
}

func TestClose(t *testing.T) {
	p := newPlatform(t)
	p.configure(func(s *simulator.Settings) { s.PublishDelayMS = 3_600_000 })
	p.must("freepublish/submit", obj{"media_id": p.draft("一")})
	done := make(chan struct{})
	go func() { p.Close(); close(done) }()
	select {
	case <-done:
	case <-time.After(5 * time.Second):
		t.Fatal("Close waits for a publication that is an hour away")
	}
	if len(p.account.events("PUBLISHJOBFINISH")) != 0 {
		t.Error("a cancelled publication was announced")
	}
}
