package simulator_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"shoushan/simulator"
)

func jsonID(v any) string {
	b, _ := json.Marshal(v)
	return string(b)
}

func toAll(mediaID string, more obj) obj {
	in := obj{
		"filter": obj{"is_to_all": true, "tag_id": 0}, "msgtype": "mpnews", "mpnews": obj{"media_id": mediaID},
		"send_ignore_reprint": 0,
	}
	for k, v := range more {
		in[k] = v
	}
	return in
}

func TestMassSend(t *testing.T) {
	p := newPlatform(t)
	p.follow("zhang")
	p.follow("li")
	media := p.draft("群发", "第二条")
	job := p.must("message/mass/sendall", toAll(media, nil))
	equal(t, str(job, "errmsg"), "send job submission success")
	if out := p.must("message/mass/get", obj{"msg_id": job["msg_id"]}); num(out, "msg_id") != num(job, "msg_id") {
		t.Errorf("mass/get: %v", out)
	}
	p.Wait()
	equal(t, str(p.must("message/mass/get", obj{"msg_id": job["msg_id"]}), "msg_status"), "SEND_SUCCESS")
	e := p.account.events("MASSSENDJOBFINISH")[0]
	if e.MsgID != int64(num(job, "msg_id")) || e.Status != "send success" || e.TotalCount != 2 || e.SentCount != 2 {
		t.Errorf("event %+v", e)
	}
	if e.Copyright.CheckState != 1 || e.URLs.Count != 2 || !strings.HasPrefix(e.URLs.Items[0].ArticleUrl, p.url+"/s/") {
		t.Errorf("copyright %+v, urls %+v", e.Copyright, e.URLs)
	}
	for _, who := range []string{"zhang", "li"} {
		b := p.lastBubble(who)
		if str(b, "via") != "群发" || len(b["cards"].([]any)) != 2 {
			t.Errorf("%s sees %v", who, b)
		}
	}
	if len(p.chat("wang")) != 0 {
		t.Error("someone who does not follow received the message")
	}
	_, lists := p.json("GET", "/phone/articles", nil)
	if len(lists["history"].([]any)) != 2 {
		t.Errorf("home page: %v", lists["history"])
	}
	p.wants(40007, "draft/get", obj{"media_id": media})
	if n := num(p.must("freepublish/batchget", obj{"count": 20}), "total_count"); n != 0 {
		t.Errorf("freepublish/batchget lists %d mass-sent articles, want none", n)
	}
}

// TestClientMsgID: kept for 24 hours; 45066 within a minute of a job that is still running, else 45065 with msg_id.
func TestClientMsgID(t *testing.T) {
	p := newPlatform(t)
	p.configure(func(s *simulator.Settings) { s.MassConfirm, s.MassQuota = simulator.ConfirmWait, 10 })
	in := toAll(p.draft("一"), obj{"clientmsgid": "job-1"})
	first := p.must("message/mass/sendall", in)
	p.advance(59 * time.Second)
	p.wants(45066, "message/mass/sendall", in)
	p.advance(61 * time.Second)
	if out := p.wants(45065, "message/mass/sendall", in); num(out, "msg_id") != num(first, "msg_id") {
		t.Errorf("45065 carries %v, want the msg_id of the first call %v", out["msg_id"], first["msg_id"])
	}
	p.advance(24 * time.Hour)
	p.must("message/mass/sendall", toAll(p.draft("二"), obj{"clientmsgid": "job-1"}))
	p.wants(45067, "message/mass/sendall", toAll(p.draft("三"), obj{"clientmsgid": strings.Repeat("x", 65)}))
}

func TestMassQuota(t *testing.T) {
	t.Run("公众号: once a day", func(t *testing.T) {
		p := newPlatform(t)
		p.must("message/mass/sendall", toAll(p.draft("一"), nil))
		p.wants(45028, "message/mass/sendall", toAll(p.draft("二"), nil))
		p.Wait()
		p.advance(15 * time.Hour) // past midnight in Beijing
		p.must("message/mass/sendall", toAll(p.draft("三"), nil))
	})
	t.Run("服务号: four a month to each follower", func(t *testing.T) {
		p := newPlatform(t, func(s *simulator.Server) { s.Kind = simulator.CertifiedService })
		a, b := p.follow("zhang"), p.follow("li")
		for i := range 5 {
			p.must("message/mass/send", obj{"touser": []string{a, b}, "msgtype": "text", "text": obj{"content": fmt.Sprint("通知", i)}})
			p.Wait()
		}
		if n := len(p.chat("zhang")); n != 4 {
			t.Errorf("received %d messages, want 4", n)
		}
		e := p.account.events("MASSSENDJOBFINISH")[4]
		if e.TotalCount != 2 || e.SentCount != 0 {
			t.Errorf("fifth: %+v", e)
		}
		p.advance(8 * 24 * time.Hour) // December
		p.must("message/mass/send", obj{"touser": []string{a, b}, "msgtype": "text", "text": obj{"content": "通知"}})
		p.Wait()
		if n := len(p.chat("zhang")); n != 5 {
			t.Errorf("next month: %d messages, want 5", n)
		}
	})
	t.Run("a failed send does not count", func(t *testing.T) {
		p := newPlatform(t)
		p.configure(func(s *simulator.Settings) { s.MassStatus = "err(20001)" })
		p.must("message/mass/sendall", toAll(p.draft("一"), nil))
		p.Wait()
		p.configure(func(s *simulator.Settings) { s.MassStatus = "send success" })
		p.must("message/mass/sendall", toAll(p.draft("二"), nil))
	})
}

// TestCopyright: the originality verdict, §1.7.
func TestCopyright(t *testing.T) {
	tests := []struct {
		name       string
		state      int
		ignore     int
		wantStatus string
	}{
		{"no reprint", 1, 0, "send success"},
		{"reprint allowed, stop on reprint", 2, 0, "err(30003)"},
		{"reprint allowed, go on", 2, 1, "send success"},
		{"reprint forbidden", 3, 1, "err(30002)"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := newPlatform(t)
			p.follow("zhang")
			p.configure(func(s *simulator.Settings) {
				s.Copyright = &simulator.Copyright{CheckState: tt.state, Items: []simulator.CopyrightItem{{
					ArticleIdx: 1, AuditState: 2, CanReprint: 1, NeedReplaceContent: 1, OriginalArticleURL: "http://mp.weixin.qq.com/s/orig",
				}}}
			})
			media := p.draft("题")
			p.must("message/mass/sendall", toAll(media, obj{"send_ignore_reprint": tt.ignore}))
			p.Wait()
			e := p.account.events("MASSSENDJOBFINISH")[0]
			if e.Status != tt.wantStatus || e.Copyright.CheckState != tt.state || e.Copyright.Items[0].OriginalArticleUrl == "" {
				t.Errorf("event %+v", e)
			}
			if e.Status == "send success" {
				_, lists := p.json("GET", "/phone/articles", nil)
				equal(t, str(lists["history"].([]any)[0].(obj), "reprint"), "http://mp.weixin.qq.com/s/orig")
				return
			}
			p.must("draft/get", obj{"media_id": media})
			if len(p.chat("zhang")) != 0 {
				t.Error("a stopped send reached a follower")
			}
		})
	}
}

// TestAdminConfirmation: 接口群发保护.
func TestAdminConfirmation(t *testing.T) {
	send := func(t *testing.T, confirm simulator.MassConfirm) (*platform, obj) {
		p := newPlatform(t)
		p.configure(func(s *simulator.Settings) { s.MassConfirm = confirm })
		job := p.must("message/mass/sendall", toAll(p.draft("题"), nil))
		p.Wait()
		return p, job
	}
	for confirm, want := range map[simulator.MassConfirm]string{simulator.ConfirmRefuse: "err(40001)", simulator.ConfirmTimeout: "err(40002)"} {
		p, job := send(t, confirm)
		equal(t, p.account.events("MASSSENDJOBFINISH")[0].Status, want)
		equal(t, str(p.must("message/mass/get", obj{"msg_id": job["msg_id"]}), "msg_status"), "SEND_FAIL")
	}
	for agree, want := range map[bool]string{true: "send success", false: "err(40001)"} {
		p, job := send(t, simulator.ConfirmWait)
		equal(t, str(p.must("message/mass/get", obj{"msg_id": job["msg_id"]}), "msg_status"), "SENDING")
		if n := len(p.account.events("MASSSENDJOBFINISH")); n != 0 {
			t.Fatalf("%d events before the administrator's answer", n)
		}
		if status, out := p.json("POST", "/sim/mass/"+jsonID(job["msg_id"]), obj{"agree": agree}); status != http.StatusOK {
			t.Fatalf("HTTP %d %v", status, out)
		}
		equal(t, p.account.events("MASSSENDJOBFINISH")[0].Status, want)
		if status, _ := p.json("POST", "/sim/mass/"+jsonID(job["msg_id"]), obj{"agree": true}); status != http.StatusNotFound {
			t.Errorf("answered twice: HTTP %d, want 404", status)
		}
	}
}

func TestMassDelete(t *testing.T) {
	p := newPlatform(t)
	job := p.must("message/mass/sendall", toAll(p.draft("一", "二"), nil))
	p.Wait()
	p.wants(40060, "message/mass/delete", obj{"msg_id": job["msg_id"], "article_idx": 3})
	p.must("message/mass/delete", obj{"msg_id": job["msg_id"], "article_idx": 1})
	_, lists := p.json("GET", "/phone/articles", nil)
	if list := lists["history"].([]any); len(list) != 1 || str(list[0].(obj), "title") != "二" {
		t.Errorf("home page after delete: %v", list)
	}
	p.must("message/mass/delete", obj{"url": str(lists["history"].([]any)[0].(obj), "url")})
	p.wants(40059, "message/mass/delete", obj{"msg_id": 1})
	p.wants(40059, "message/mass/get", obj{"msg_id": 1})
	equal(t, str(p.must("message/mass/get", obj{"msg_id": job["msg_id"]}), "msg_status"), "DELETE")
}

// TestPreview reaches one person and sends nothing to anyone else.
func TestPreview(t *testing.T) {
	p := newPlatform(t)
	p.follow("li")
	media := p.draft("预览")
	p.must("message/mass/preview", obj{"touser": p.openID("zhang"), "msgtype": "mpnews", "mpnews": obj{"media_id": media}})
	equal(t, str(p.lastBubble("zhang"), "via"), "预览")
	p.must("message/mass/preview", obj{"towxname": "wang", "msgtype": "text", "text": obj{"content": "看看"}})
	equal(t, str(p.lastBubble("wang"), "text"), "看看")
	if len(p.chat("li")) != 0 {
		t.Error("a preview reached somebody else")
	}
	p.must("draft/get", obj{"media_id": media})
	p.wants(40003, "message/mass/preview", obj{"touser": "nobody", "msgtype": "text", "text": obj{"content": "看看"}})
}

func TestMassContent(t *testing.T) {
	p := newPlatform(t)
	voice := str(p.upload("media/upload?type=voice", "a.mp3", []byte("ID3")), "media_id")
	tests := []struct {
		name string
		in   obj
		want int
	}{
		{"used-up draft", obj{"msgtype": "mpnews", "mpnews": obj{"media_id": "x"}}, 40007},
		{"empty text", obj{"msgtype": "text", "text": obj{"content": ""}}, 44004},
		{"a voice as image", obj{"msgtype": "image", "image": obj{"media_id": voice}}, 40007},
		{"coupon without id", obj{"msgtype": "wxcard"}, 40035},
		{"unknown type", obj{"msgtype": "song"}, 40008},
		{"unknown tag", obj{"msgtype": "text", "text": obj{"content": "x"}, "filter": obj{"is_to_all": false, "tag_id": 9}}, 40152},
		{"voice", obj{"msgtype": "voice", "voice": obj{"media_id": voice}}, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			in := obj{"filter": obj{"is_to_all": true}}
			for k, v := range tt.in {
				in[k] = v
			}
			p.wants(tt.want, "message/mass/sendall", in)
		})
	}
	if n := num(p.must("message/mass/speed/get", obj{}), "speed"); n != 3 {
		t.Errorf("speed %d", n)
	}
	p.wants(45083, "message/mass/speed/set", obj{"speed": 5})
}

func TestMassByTag(t *testing.T) {
	p := newPlatform(t)
	a := p.follow("zhang")
	p.follow("li")
	tag := p.must("tags/create", obj{"tag": obj{"name": "志愿者"}})["tag"].(obj)
	p.must("tags/members/batchtagging", obj{"tagid": tag["id"], "openid_list": []string{a}})
	p.must("message/mass/sendall", toAll(p.draft("题"), obj{"filter": obj{"is_to_all": false, "tag_id": tag["id"]}}))
	p.Wait()
	if len(p.chat("zhang")) != 1 || len(p.chat("li")) != 0 {
		t.Error("the message did not go to the tag alone")
	}
	_, lists := p.json("GET", "/phone/articles", nil)
	if len(lists["history"].([]any)) != 0 {
		t.Error("is_to_all=false must never enter the history")
	}
}
