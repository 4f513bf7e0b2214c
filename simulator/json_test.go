package simulator_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"shoushan/simulator"
)

// TestJSON: with the account's data format set to JSON, callbacks are JSON in every mode, signed and encrypted as ever.
func TestJSON(t *testing.T) {
	for _, mode := range []simulator.CallbackMode{simulator.Safe, simulator.Compatible, simulator.Plain} {
		t.Run(mode.String(), func(t *testing.T) {
			p := newPlatform(t, func(s *simulator.Server) { s.Mode, s.Kind = mode, simulator.CertifiedService })
			p.configure(func(s *simulator.Settings) { s.Format = simulator.JSON })
			p.account.answers(func(r received) string { return textReply(r, "欢迎") })
			p.follow("zhang")
			p.say("zhang", `他说“你好”<&>"`+"\n")
			got := p.account.last()
			if got.msg.MsgType != "text" || got.msg.Content != `他说“你好”<&>"`+"\n" || got.msg.MsgId == 0 || got.msg.FromUserName != p.openID("zhang") {
				t.Errorf("message %+v of %s", got.msg, got.clear)
			}
			if encrypted, clear := strings.Contains(got.raw, `"Encrypt":"`), strings.Contains(got.raw, `"Content":`); encrypted == (mode == simulator.Plain) || clear == (mode == simulator.Safe) {
				t.Errorf("%s mode sends %s", mode, got.raw)
			}
			equal(t, str(p.lastBubble("zhang"), "text"), "欢迎")
			for _, ex := range p.Wire() {
				if ex.Name == "text" && !strings.HasPrefix(ex.RequestClear, "{\n  \"ToUserName\"") {
					t.Errorf("the wire view shows %s", ex.RequestClear)
				}
			}
		})
	}
}

// TestJSONLists: a field that comes once is a value, one that comes more often a list.
func TestJSONLists(t *testing.T) {
	p := newPlatform(t, func(s *simulator.Server) { s.Mode, s.Kind = simulator.Plain, simulator.CertifiedService })
	p.configure(func(s *simulator.Settings) { s.Format = simulator.JSON })
	p.follow("zhang")
	entry := func(id, status string) obj {
		return obj{"TemplateId": id, "SubscribeStatusString": status, "PopupScene": 1.0}
	}
	tests := []struct {
		name    string
		choices []obj
		want    any
	}{
		{"one", []obj{{"template_id": "A", "agree": true}}, entry("A", "accept")},
		{"two", []obj{{"template_id": "A", "agree": true}, {"template_id": "B"}}, []any{entry("A", "accept"), entry("B", "reject")}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p.phone("subscribe", obj{"citizen": "zhang", "choices": tt.choices})
			var got struct {
				CreateTime             int64
				SubscribeMsgPopupEvent struct{ List any }
			}
			if err := json.Unmarshal([]byte(p.account.last().clear), &got); err != nil || got.CreateTime != start.Unix() {
				t.Fatalf("%v in %s", err, p.account.last().clear)
			}
			if diff := cmp.Diff(tt.want, got.SubscribeMsgPopupEvent.List); diff != "" {
				t.Error(diff)
			}
		})
	}
}
