package simulator_test

import (
	"net/http"
	"strings"
	"testing"

	"shoushan/simulator"
)

func service(s *simulator.Server) { s.Kind = simulator.CertifiedService }

// TestSubscribe: the dialog is answered in one event with a List for each template; each agreement is good for one message.
func TestSubscribe(t *testing.T) {
	p := newPlatform(t, service)
	who := p.follow("zhang")
	p.phone("subscribe", obj{"citizen": "zhang", "popup_scene": 2, "choices": []obj{{"template_id": "A", "agree": true}, {"template_id": "B"}}})
	clear := p.account.last().clear
	if strings.Count(clear, "<List>") != 2 || strings.Count(clear, "<PopupScene>2</PopupScene>") != 2 {
		t.Errorf("event %s", clear)
	}
	for _, want := range []string{
		"<TemplateId><![CDATA[A]]></TemplateId><SubscribeStatusString><![CDATA[accept]]>", "<TemplateId><![CDATA[B]]></TemplateId><SubscribeStatusString><![CDATA[reject]]>",
	} {
		if !strings.Contains(clear, want) {
			t.Errorf("event lacks %s:\n%s", want, clear)
		}
	}
	send := func(template string) obj {
		return obj{"touser": who, "template_id": template, "data": obj{"thing1": obj{"value": "已答复"}}}
	}
	p.wants(43101, "message/subscribe/bizsend", send("B"))
	p.must("message/subscribe/bizsend", send("A"))
	p.wants(43101, "message/subscribe/bizsend", send("A"))
}

// TestUnsubscribeNotices: what was agreed to and switched off is void, and told by an event of its own.
func TestUnsubscribeNotices(t *testing.T) {
	p := newPlatform(t, service)
	who := p.follow("zhang")
	_, out := p.json("GET", "/phone/subscriptions?citizen=zhang", nil)
	first := str(out["templates"].([]any)[0].(obj), "id")
	agree := obj{"citizen": "zhang", "choices": []obj{{"template_id": first, "agree": true}}}
	p.phone("subscribe", agree)
	p.phone("subscribe", agree)
	_, out = p.json("GET", "/phone/subscriptions?citizen=zhang", nil)
	if got := out["templates"].([]any)[0].(obj); num(got, "left") != 2 || str(got, "title") == "" {
		t.Errorf("after two agreements: %v", got)
	}
	p.phone("subscribe", obj{"citizen": "zhang", "choices": []obj{{"template_id": first, "withdraw": true}}})
	e := p.account.last()
	if e.msg.Event != "subscribe_msg_change_event" || !strings.Contains(e.clear, "<SubscribeMsgChangeEvent><List><TemplateId><![CDATA["+first) || strings.Contains(e.clear, "PopupScene") {
		t.Errorf("event %s", e.clear)
	}
	p.wants(43101, "message/subscribe/bizsend", obj{"touser": who, "template_id": first, "data": obj{"thing1": obj{"value": "已答复"}}})
}

func TestSubscribeRefusals(t *testing.T) {
	one := []obj{{"template_id": "A", "agree": true}}
	tests := []struct {
		name   string
		kind   simulator.AccountKind
		in     obj
		status int
	}{
		{"a subscription account", simulator.CertifiedSubscription, obj{"citizen": "zhang", "choices": one}, http.StatusConflict},
		{"nobody", simulator.CertifiedService, obj{"citizen": "nobody", "choices": one}, http.StatusNotFound},
		{"nothing chosen", simulator.CertifiedService, obj{"citizen": "zhang"}, http.StatusBadRequest},
		{"a template without id", simulator.CertifiedService, obj{"citizen": "zhang", "choices": []obj{{"agree": true}}}, http.StatusBadRequest},
		{"an unknown place", simulator.CertifiedService, obj{"citizen": "zhang", "choices": one, "popup_scene": 3}, http.StatusBadRequest},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := newPlatform(t, func(s *simulator.Server) { s.Kind = tt.kind })
			before := len(p.Wire())
			if status, out := p.json("POST", "/phone/subscribe", tt.in); status != tt.status || str(out, "error") == "" {
				t.Errorf("HTTP %d %v, want %d with a sentence", status, out, tt.status)
			}
			p.Wait()
			if len(p.Wire()) != before {
				t.Error("a refused answer was told to the account")
			}
		})
	}
}

// TestRarerMessages: video, link and file come whole, and open the window of 48 hours like any message.
func TestRarerMessages(t *testing.T) {
	tests := []struct {
		kind string
		want []string
	}{
		{"video", []string{"<MediaId>", "<ThumbMediaId>"}},
		{"shortvideo", []string{"<MediaId>", "<ThumbMediaId>"}},
		{"link", []string{"<Title>", "<Description>", "<Url><![CDATA[https://"}},
		{"file", []string{"<Title><![CDATA[申请材料.docx]]>", "<FileKey>", "<FileMd5>", "<FileTotalLen>22</FileTotalLen>"}},
	}
	for _, tt := range tests {
		t.Run(tt.kind, func(t *testing.T) {
			p := newPlatform(t)
			who := p.follow("zhang")
			p.phone("other", obj{"citizen": "zhang", "kind": tt.kind})
			e := p.account.last()
			if e.msg.MsgType != tt.kind || e.msg.MsgId == 0 {
				t.Errorf("message %+v", e.msg)
			}
			for _, want := range tt.want {
				if !strings.Contains(e.clear, want) {
					t.Errorf("message lacks %s: %s", want, e.clear)
				}
			}
			for range 5 {
				p.must("message/custom/send", textTo(who))
			}
		})
	}
	p := newPlatform(t)
	p.follow("zhang")
	if status, _ := p.json("POST", "/phone/other", obj{"citizen": "zhang", "kind": "telegram"}); status != http.StatusBadRequest {
		t.Errorf("an unknown kind: HTTP %d, want 400", status)
	}
}
