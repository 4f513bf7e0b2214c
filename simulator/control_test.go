package simulator_test

import (
	"net/http"
	"testing"
	"time"

	"shoushan/simulator"
)

func TestClock(t *testing.T) {
	p := newPlatform(t)
	now := func() string {
		_, out := p.json("GET", "/sim/clock", nil)
		return str(out, "now")
	}
	equal(t, now(), "2026-11-23T09:00:00+08:00")
	p.json("POST", "/sim/clock", obj{"advance": "48h"})
	equal(t, now(), "2026-11-25T09:00:00+08:00")
	p.json("POST", "/sim/clock", obj{"now": "2026-12-01T00:00:00Z"})
	equal(t, now(), "2026-12-01T08:00:00+08:00")
	for _, bad := range []obj{{"now": "tomorrow"}, {"advance": "2 days"}, {}} {
		if status, _ := p.json("POST", "/sim/clock", bad); status != http.StatusBadRequest {
			t.Errorf("%v: HTTP %d, want 400", bad, status)
		}
	}
}

func TestClockOfTheProgram(t *testing.T) {
	p := newPlatform(t, func(s *simulator.Server) { s.SetClock = nil })
	if status, _ := p.json("POST", "/sim/clock", obj{"advance": "1h"}); status != http.StatusConflict {
		t.Errorf("HTTP %d, want 409", status)
	}
}

func TestSettings(t *testing.T) {
	p := newPlatform(t)
	_, out := p.json("PATCH", "/sim/settings", obj{"mode": "plain", "kind": "certified_service", "publish_result": 2})
	if str(out, "mode") != "plain" || str(out, "kind") != "certified_service" || num(out, "publish_result") != 2 || num(out, "push_attempts") != 3 {
		t.Errorf("settings %v", out)
	}
	tests := []struct {
		name string
		in   obj
	}{
		{"unknown mode", obj{"mode": "morse"}},
		{"unknown kind", obj{"kind": "king"}},
		{"unknown field", obj{"colour": "red"}},
		{"publish result 1", obj{"publish_result": 1}},
		{"no attempts", obj{"push_attempts": 0}},
		{"no timeout", obj{"reply_timeout_ms": 0}},
		{"title limit", obj{"title_limit": 50}},
		{"callback without host", obj{"callback_url": "/wechat"}},
		{"confirm", obj{"mass_confirm": "maybe"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if status, _ := p.json("PATCH", "/sim/settings", tt.in); status != http.StatusBadRequest {
				t.Errorf("HTTP %d, want 400", status)
			}
		})
	}
	_, after := p.json("GET", "/sim/settings", nil)
	if str(after, "mode") != "plain" || num(after, "push_attempts") != 3 {
		t.Errorf("a refused change left %v", after)
	}
	if err := p.Configure(func(s *simulator.Settings) { s.TitleLimit = 1 }); err == nil {
		t.Error("Configure accepts what PATCH refuses")
	}
}

func TestNames(t *testing.T) {
	var m simulator.CallbackMode
	var k simulator.AccountKind
	if err := m.UnmarshalText([]byte("compatible")); err != nil || m != simulator.Compatible {
		t.Errorf("mode %v, %v", m, err)
	}
	if err := k.UnmarshalText([]byte("personal")); err != nil || k != simulator.Personal {
		t.Errorf("kind %v, %v", k, err)
	}
	equal(t, simulator.CallbackMode(9).String(), "unknown(9)")
}

func TestCitizens(t *testing.T) {
	p := newPlatform(t)
	if status, out := p.json("POST", "/sim/citizens", obj{"id": "sun", "name": "孙", "followed": true}); status != http.StatusOK || str(out, "openid") == "" {
		t.Fatalf("HTTP %d %v", status, out)
	}
	p.say("sun", "你好")
	for _, bad := range []obj{{"id": "sun", "name": "再来"}, {"id": "", "name": "x"}, {"id": "y"}} {
		if status, _ := p.json("POST", "/sim/citizens", bad); status != http.StatusBadRequest {
			t.Errorf("%v: HTTP %d, want 400", bad, status)
		}
	}
	first := p.openID("zhang")
	other := newPlatform(t)
	equal(t, other.openID("zhang"), first)
	if len(first) != 28 {
		t.Errorf("openid %s has %d characters, want 28", first, len(first))
	}
}

// TestPushAnything: for what the phone has no button for.
func TestPushAnything(t *testing.T) {
	p := newPlatform(t)
	who := p.follow("zhang")
	push := func(in obj) int {
		status, _ := p.json("POST", "/sim/push", in)
		p.Wait()
		return status
	}
	push(obj{"citizen": "zhang", "msg_type": "file", "fields": obj{"Title": "申请表.docx"}})
	if m := p.account.last().msg; m.MsgType != "file" || m.FromUserName != who || m.MsgId == 0 {
		t.Errorf("message %+v", m)
	}
	push(obj{"event": "verify_expired", "fields": obj{"ExpiredTime": "1700000000"}})
	if m := p.account.last().msg; m.Event != "verify_expired" || m.FromUserName == who {
		t.Errorf("event %+v", m)
	}
	for _, bad := range []obj{{"citizen": "nobody", "event": "x"}, {"citizen": "zhang"}, {"msg_type": "text"}} {
		if status := push(bad); status == http.StatusOK {
			t.Errorf("%v: HTTP %d", bad, status)
		}
	}
}

func TestStateAndReset(t *testing.T) {
	p := newPlatform(t)
	p.follow("zhang")
	p.publish("一")
	p.draft("二")
	_, out := p.json("GET", "/sim/state", nil)
	if len(out["drafts"].([]any)) != 1 || len(out["publications"].([]any)) != 1 || len(out["articles"].([]any)) != 1 {
		t.Errorf("state %v", out)
	}
	p.json("POST", "/sim/reset", nil)
	_, out = p.json("GET", "/sim/state", nil)
	if len(out["drafts"].([]any)) != 0 || len(out["articles"].([]any)) != 0 || len(p.chat("zhang")) != 0 {
		t.Errorf("state after reset %v", out)
	}
	p.follow("zhang")
	if n := len(p.account.events("subscribe")); n != 2 {
		t.Errorf("%d subscribe events, want 2: the callback address survives a reset", n)
	}
}

// TestWait answers only when the work is done.
func TestWait(t *testing.T) {
	p := newPlatform(t)
	p.configure(func(s *simulator.Settings) { s.PublishDelayMS = 40 })
	p.must("freepublish/submit", obj{"media_id": p.draft("一")})
	began := time.Now()
	if status, _ := p.json("POST", "/sim/wait", nil); status != http.StatusOK {
		t.Fatalf("HTTP %d", status)
	}
	if took := time.Since(began); took < 20*time.Millisecond || len(p.account.events("PUBLISHJOBFINISH")) != 1 {
		t.Errorf("answered after %v with %d events", took, len(p.account.events("PUBLISHJOBFINISH")))
	}
}
