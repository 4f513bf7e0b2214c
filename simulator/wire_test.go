package simulator_test

import (
	"strings"
	"testing"

	"shoushan/simulator"
)

// TestWireExplains: every exchange says in Chinese what it is; an errcode says what it means; nothing is left without words.
func TestWireExplains(t *testing.T) {
	if missing := simulator.Unexplained(); len(missing) > 0 {
		t.Errorf("without words: %v", missing)
	}
	p := newPlatform(t)
	p.follow("zhang")
	p.say("zhang", "你好")
	p.wants(40007, "draft/get", obj{"media_id": "x"})
	p.wants(40066, "no/such", obj{})
	p.json("POST", "/sim/push", obj{"event": "brand_new_event", "fields": obj{}})
	p.Wait()
	want := map[string]string{
		"subscribe": "关注了公众号", "text": "MsgId 不变", "/cgi-bin/draft/get": "取一份草稿", "/cgi-bin/no/such": "平台没有这个接口",
		"brand_new_event": "不认识的消息和事件",
	}
	for _, e := range p.Wire() {
		if !strings.Contains(e.About, want[e.Name]) || e.About == "" {
			t.Errorf("%s: %q, want %q", e.Name, e.About, want[e.Name])
		}
		if (e.ErrCode != 0) != (e.Meaning != "") {
			t.Errorf("errcode %d: %q", e.ErrCode, e.Meaning)
		}
		if (e.Name == "subscribe" || e.Name == "text") != (e.Citizen == "zhang") {
			t.Errorf("%s is about %q", e.Name, e.Citizen)
		}
	}
}

// TestWireAsSent: what stands under “as sent” is what went over the wire, byte for byte.
func TestWireAsSent(t *testing.T) {
	for _, mode := range []simulator.CallbackMode{simulator.Safe, simulator.Compatible, simulator.Plain} {
		p := newPlatform(t, func(s *simulator.Server) { s.Mode = mode })
		p.follow("zhang")
		wire := p.Wire()
		if e := wire[len(wire)-1]; e.Request != p.account.last().raw || e.Attempts != 3 {
			t.Errorf("%v: sent %s, shown %s (of %d attempts)", mode, p.account.last().raw, e.Request, e.Attempts)
		}
	}
}

// TestWireMasksPeople: identity and phone numbers are masked unless the setting says otherwise; numbers of messages are not.
func TestWireMasksPeople(t *testing.T) {
	const identity, phone, job = "110101190001012896", "13800000289", "110101190001012897"
	p := newPlatform(t)
	p.follow("zhang")
	p.account.answers(func(r received) string { return textReply(r, "收到"+identity+"，电话"+phone+"，编号"+job) })
	p.say("zhang", identity)
	seen := func() string {
		wire := p.Wire()
		e := wire[len(wire)-1]
		return e.RequestClear + e.ResponseClear
	}
	if text := seen(); strings.Contains(text, identity) || strings.Contains(text, phone) || !strings.Contains(text, "110***********2896") ||
		!strings.Contains(text, "138****0289") || !strings.Contains(text, job) {
		t.Errorf("shown %s", text)
	}
	_, out, _ := p.do("GET", "/sim/wire", "", strings.NewReader(""))
	if strings.Contains(string(out), identity) {
		t.Error("GET /sim/wire shows an identity number")
	}
	p.json("PATCH", "/sim/settings", obj{"show_identity": true})
	if text := seen(); !strings.Contains(text, identity) || !strings.Contains(text, phone) {
		t.Errorf("asked for, but not shown: %s", text)
	}
}
