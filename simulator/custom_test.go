package simulator_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"shoushan/simulator"
)

func textTo(openID string) obj {
	return obj{"touser": openID, "msgtype": "text", "text": obj{"content": "您好"}}
}

// TestWindows: 客服消息 5 in 48 h after a message, 3 in 1 min after a tap.
func TestWindows(t *testing.T) {
	const send = "message/custom/send"
	t.Run("never spoken", func(t *testing.T) {
		p := newPlatform(t)
		who := p.follow("zhang")
		p.advance(time.Minute)
		p.wants(45015, send, textTo(who))
	})
	t.Run("five after a message, then 45047", func(t *testing.T) {
		p := newPlatform(t)
		who := p.follow("zhang")
		p.advance(time.Hour)
		p.say("zhang", "你好")
		for range 5 {
			p.must(send, textTo(who))
		}
		p.wants(45047, send, textTo(who))
		p.say("zhang", "还在吗")
		p.must(send, textTo(who))
	})
	t.Run("48 hours", func(t *testing.T) {
		p := newPlatform(t)
		who := p.follow("zhang")
		p.say("zhang", "你好")
		p.advance(48*time.Hour - time.Second)
		p.must(send, textTo(who))
		p.advance(time.Second)
		p.wants(45015, send, textTo(who))
	})
	t.Run("three in the minute after a subscription", func(t *testing.T) {
		p := newPlatform(t)
		who := p.follow("zhang")
		for range 3 {
			p.must(send, textTo(who))
		}
		p.wants(45047, send, textTo(who))
	})
	t.Run("a menu tap lasts a minute", func(t *testing.T) {
		p := newPlatform(t)
		p.must("menu/create", obj{"button": []obj{{"type": "click", "name": "一", "key": "A"}}})
		who := p.follow("zhang")
		p.advance(time.Hour)
		p.phone("menu", obj{"citizen": "zhang", "column": 0, "row": -1})
		p.advance(59 * time.Second)
		p.must(send, textTo(who))
		p.advance(time.Second)
		p.wants(45015, send, textTo(who))
	})
	t.Run("a msgmenu line is a tap, not a message", func(t *testing.T) {
		p := newPlatform(t)
		who := p.follow("zhang")
		p.advance(time.Hour)
		p.phone("text", obj{"citizen": "zhang", "text": "满意", "menu_id": "1"})
		for range 3 {
			p.must(send, textTo(who))
		}
		p.wants(45047, send, textTo(who))
	})
	t.Run("the tap's three come on top of the message's five", func(t *testing.T) {
		p := newPlatform(t)
		who := p.follow("zhang")
		p.say("zhang", "你好")
		for range 8 {
			p.must(send, textTo(who))
		}
		p.wants(45047, send, textTo(who))
	})
	t.Run("unsubscribed", func(t *testing.T) {
		p := newPlatform(t)
		who := p.follow("zhang")
		p.say("zhang", "你好")
		p.phone("unfollow", obj{"citizen": "zhang"})
		p.wants(45015, send, textTo(who))
	})
}

func TestCustomTypes(t *testing.T) {
	p := newPlatform(t)
	who := p.follow("zhang")
	pic := p.cover()
	job := p.publish("文章")
	tests := []struct {
		name string
		in   obj
		want int
		kind string
	}{
		{"text", obj{"msgtype": "text", "text": obj{"content": "好"}}, 0, "text"},
		{"empty text", obj{"msgtype": "text", "text": obj{"content": ""}}, 44004, ""},
		{"2049 bytes", obj{"msgtype": "text", "text": obj{"content": strings.Repeat("a", 2049)}}, 45002, ""},
		{"image", obj{"msgtype": "image", "image": obj{"media_id": pic}}, 0, "image"},
		{"image that is not there", obj{"msgtype": "image", "image": obj{"media_id": "x"}}, 40007, ""},
		{"an image as voice", obj{"msgtype": "voice", "voice": obj{"media_id": pic}}, 40007, ""},
		{"music", obj{"msgtype": "music", "music": obj{"title": "歌"}}, 0, "music"},
		{"news", obj{"msgtype": "news", "news": obj{"articles": []obj{{"title": "题"}}}}, 0, "news"},
		{"two news", obj{"msgtype": "news", "news": obj{"articles": []obj{{}, {}}}}, 45008, ""},
		{"published article", obj{"msgtype": "mpnewsarticle", "mpnewsarticle": obj{"article_id": job["article_id"]}}, 0, "news"},
		{"unknown article", obj{"msgtype": "mpnewsarticle", "mpnewsarticle": obj{"article_id": "x"}}, 53600, ""},
		{"draft", obj{"msgtype": "mpnews", "mpnews": obj{"media_id": p.draft("草稿")}}, 0, "news"},
		{"menu", obj{"msgtype": "msgmenu", "msgmenu": obj{"head_content": "满意吗", "list": []obj{{"id": "101", "content": "满意"}, {"id": 102, "content": "不满意"}}}}, 0, "menu"},
		{"menu without lines", obj{"msgtype": "msgmenu", "msgmenu": obj{"head_content": "满意吗"}}, 44004, ""},
		{"mini-program page", obj{"msgtype": "miniprogrampage", "miniprogrampage": obj{"title": "办事", "pagepath": "pages/a", "thumb_media_id": pic}}, 0, "miniprogram"},
		{"mini-program page without a picture", obj{"msgtype": "miniprogrampage", "miniprogrampage": obj{"title": "办事"}}, 40007, ""},
		{"coupon", obj{"msgtype": "wxcard", "wxcard": obj{"card_id": "p1"}}, 0, "coupon"},
		{"coupon without id", obj{"msgtype": "wxcard"}, 40035, ""},
		{"unknown type", obj{"msgtype": "song"}, 40008, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p.say("zhang", "开窗") // a new window
			tt.in["touser"] = who
			p.wants(tt.want, "message/custom/send", tt.in)
			if b := p.lastBubble("zhang"); tt.want == 0 && (str(b, "kind") != tt.kind || str(b, "via") != "客服消息") {
				t.Errorf("bubble %v, want kind %s", b, tt.kind)
			}
		})
	}
	p.wants(40003, "message/custom/send", textTo("nobody"))
	named := textTo(who)
	named["customservice"] = obj{"kf_account": "chenjing@chongwen"}
	p.must("message/custom/send", named)
	equal(t, str(p.lastBubble("zhang"), "via"), "客服消息 · chenjing@chongwen")
}

func TestRefusedMessageCostsNothing(t *testing.T) {
	p := newPlatform(t)
	who := p.follow("zhang")
	p.advance(time.Hour)
	p.say("zhang", "你好")
	for range 10 {
		p.wants(40007, "message/custom/send", obj{"touser": who, "msgtype": "image", "image": obj{"media_id": "x"}})
	}
	p.must("message/custom/send", textTo(who))
}

func TestMsgMenuLine(t *testing.T) {
	p := newPlatform(t)
	who := p.follow("zhang")
	p.must("message/custom/send", obj{"touser": who, "msgtype": "msgmenu", "msgmenu": obj{"list": []obj{{"id": 102, "content": "不满意"}}}})
	line := p.lastBubble("zhang")["menu"].(obj)["list"].([]any)[0].(obj)
	p.phone("text", obj{"citizen": "zhang", "text": line["content"], "menu_id": line["id"]})
	if got := p.account.last().msg; got.Content != "不满意" || got.Bizmsgmenuid != "102" {
		t.Errorf("callback %+v", got)
	}
}

func TestTyping(t *testing.T) {
	p := newPlatform(t)
	who := p.follow("zhang")
	typing := func(command string) obj { return obj{"touser": who, "command": command} }
	on := func() bool {
		_, out := p.json("GET", "/phone/chat?citizen=zhang", nil)
		return out["typing"].(bool)
	}
	p.wants(45080, "message/custom/typing", typing("Typing"))
	p.say("zhang", "你好")
	p.must("message/custom/typing", typing("Typing"))
	if !on() {
		t.Error("the phone does not show typing")
	}
	p.wants(45081, "message/custom/typing", typing("Typing"))
	p.must("message/custom/typing", typing("CancelTyping"))
	if on() {
		t.Error("typing goes on after CancelTyping")
	}
	p.must("message/custom/typing", typing("Typing"))
	p.must("message/custom/send", textTo(who))
	if on() {
		t.Error("typing goes on after the message")
	}
	p.wants(45072, "message/custom/typing", typing("Dance"))
	p.wants(40003, "message/custom/typing", obj{"touser": "x", "command": "Typing"})
}

// TestOneTimeMessage: one message for one consent; consents in one scene do not add up; following is not needed.
func TestOneTimeMessage(t *testing.T) {
	p := newPlatform(t)
	who := p.openID("wang")
	page := "https://mp.weixin.qq.com/mp/subscribemsg?action=get_confirm&appid=" + simulator.DefaultAppID + "&scene=7&template_id=" +
		simulator.DefaultTemplateID + "&redirect_url=http%3A%2F%2F127.0.0.1%2Fback%3Fa%3D1&reserved=r#wechat_redirect"
	in := obj{
		"touser": who, "template_id": simulator.DefaultTemplateID, "scene": "7", "title": "办理结果", "url": "http://127.0.0.1/x",
		"data": obj{"content": obj{"value": "您的申请已答复", "color": "#000"}},
	}
	p.wants(43101, "message/template/subscribe", in)
	refused := p.phone("consent", obj{"citizen": "wang", "url": page, "agree": false})
	if back := str(refused, "redirect"); !strings.Contains(back, "action=cancel") || strings.Contains(back, "openid=") {
		t.Errorf("redirect after refusal: %s", back)
	}
	p.wants(43101, "message/template/subscribe", in)
	for range 2 {
		out := p.phone("consent", obj{"citizen": "wang", "url": page, "agree": true})
		for _, want := range []string{"openid=" + who, "action=confirm", "scene=7", "reserved=r", "a=1", "template_id="} {
			if !strings.Contains(str(out, "redirect"), want) {
				t.Errorf("redirect %s has no %s", str(out, "redirect"), want)
			}
		}
	}
	p.must("message/template/subscribe", in)
	equal(t, str(p.lastBubble("wang"), "text"), "您的申请已答复")
	p.wants(43101, "message/template/subscribe", in)
	in["title"] = strings.Repeat("长", 16)
	p.wants(47003, "message/template/subscribe", in)
	in["template_id"] = "x"
	p.wants(40037, "message/template/subscribe", in)
	bad := strings.Replace(page, "scene=7", "scene=10001", 1)
	if status, _ := p.json("POST", "/phone/consent", obj{"citizen": "wang", "url": bad, "agree": true}); status != http.StatusBadRequest {
		t.Errorf("scene 10001: HTTP %d, want 400", status)
	}
}

func TestServiceNotices(t *testing.T) {
	p := newPlatform(t, func(s *simulator.Server) { s.Kind = simulator.CertifiedService })
	who := p.openID("zhang")
	data := obj{"thing1": obj{"value": "信息公开申请"}, "time2": obj{"value": "今天"}}
	in := obj{"touser": who, "template_id": "tpl", "data": data, "client_msg_id": "c1"}
	p.wants(43004, "message/template/send", in)
	p.follow("zhang")
	first := p.must("message/template/send", in)
	if again := p.must("message/template/send", in); num(again, "msgid") != num(first, "msgid") {
		t.Error("client_msg_id does not dedupe")
	}
	p.Wait()
	e := p.account.events("TEMPLATESENDJOBFINISH")
	if len(e) != 1 || e[0].MsgID != int64(num(first, "msgid")) || e[0].Status != "success" {
		t.Errorf("events %+v", e)
	}
	equal(t, str(p.lastBubble("zhang"), "text"), "信息公开申请\n今天")
	p.wants(43101, "message/subscribe/bizsend", in)
	for range 2 {
		p.json("POST", "/sim/consents", obj{"citizen": "zhang", "template_id": "tpl"})
	}
	p.must("message/subscribe/bizsend", in)
	p.must("message/subscribe/bizsend", in)
	p.wants(43101, "message/subscribe/bizsend", in)
}

func TestUsers(t *testing.T) {
	p := newPlatform(t)
	who := p.follow("zhang")
	info := p.must("user/info?lang=zh_CN&openid="+who, nil)
	if num(info, "subscribe") != 1 || num(info, "subscribe_time") != int(start.Unix()) || str(info, "subscribe_scene") != "ADD_SCENE_SEARCH" {
		t.Errorf("user/info: %v", info)
	}
	for _, gone := range []string{"nickname", "headimgurl", "sex", "city"} {
		if _, there := info[gone]; there {
			t.Errorf("user/info still has %s, withdrawn in 2021", gone)
		}
	}
	if n := num(p.must("user/info?openid="+p.openID("li"), nil), "subscribe"); n != 0 {
		t.Errorf("not following: subscribe %d", n)
	}
	p.wants(40003, "user/info?openid=x", nil)
	p.must("user/info/updateremark", obj{"openid": who, "remark": "张"})
	batch := p.must("user/info/batchget", obj{"user_list": []obj{{"openid": who}}})["user_info_list"].([]any)
	equal(t, str(batch[0].(obj), "remark"), "张")
	p.follow("li")
	list := p.must("user/get", nil)
	if num(list, "total") != 2 || str(list, "next_openid") != p.openID("li") {
		t.Errorf("user/get: %v", list)
	}
	rest := p.must("user/get?next_openid="+who, nil)
	if num(rest, "count") != 1 || rest["data"].(obj)["openid"].([]any)[0] != p.openID("li") {
		t.Errorf("user/get from the second: %v", rest)
	}
	if end := p.must("user/get?next_openid="+p.openID("li"), nil); num(end, "count") != 0 || end["data"] != nil {
		t.Errorf("user/get after the last: %v", end)
	}
}

func TestTags(t *testing.T) {
	p := newPlatform(t)
	who := p.follow("zhang")
	tag := p.must("tags/create", obj{"tag": obj{"name": "药农"}})["tag"].(obj)
	p.wants(45157, "tags/create", obj{"tag": obj{"name": "药农"}})
	p.wants(45158, "tags/create", obj{"tag": obj{"name": strings.Repeat("长", 31)}})
	members := obj{"tagid": tag["id"], "openid_list": []string{who}}
	p.must("tags/members/batchtagging", members)
	if list := p.must("tags/get", nil)["tags"].([]any)[0].(obj); num(list, "count") != 1 {
		t.Errorf("tags/get: %v", list)
	}
	if n := num(p.must("user/tag/get", obj{"tagid": tag["id"]}), "count"); n != 1 {
		t.Errorf("user/tag/get: %d", n)
	}
	if ids := p.must("tags/getidlist", obj{"openid": who})["tagid_list"].([]any); len(ids) != 1 {
		t.Errorf("getidlist: %v", ids)
	}
	p.must("tags/update", obj{"tag": obj{"id": tag["id"], "name": "种植户"}})
	p.must("tags/members/batchuntagging", members)
	if ids := p.must("tags/getidlist", obj{"openid": who})["tagid_list"].([]any); len(ids) != 0 {
		t.Errorf("after untagging: %v", ids)
	}
	p.must("tags/delete", obj{"tag": obj{"id": tag["id"]}})
	p.wants(45159, "tags/members/batchtagging", members)
}

func TestQRCodes(t *testing.T) {
	p := newPlatform(t)
	scene := func(action string, scene obj, seconds int) obj {
		return obj{"action_name": action, "expire_seconds": seconds, "action_info": obj{"scene": scene}}
	}
	tests := []struct {
		name string
		in   obj
		want int
	}{
		{"number", scene("QR_SCENE", obj{"scene_id": 7}, 60), 0},
		{"string", scene("QR_STR_SCENE", obj{"scene_str": "hall"}, 60), 0},
		{"for ever", scene("QR_LIMIT_SCENE", obj{"scene_id": 100000}, 0), 0},
		{"for ever, over 100000", scene("QR_LIMIT_SCENE", obj{"scene_id": 100001}, 0), 40035},
		{"string of 65", scene("QR_LIMIT_STR_SCENE", obj{"scene_str": strings.Repeat("s", 65)}, 0), 40035},
		{"over 30 days", scene("QR_SCENE", obj{"scene_id": 7}, 2592001), 40035},
		{"unknown action", scene("QR", obj{"scene_id": 7}, 60), 40035},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { p.wants(tt.want, "qrcode/create", tt.in) })
	}
	ticket := str(p.must("qrcode/create", scene("QR_STR_SCENE", obj{"scene_str": "hall"}, 60)), "ticket")
	p.phone("scan", obj{"citizen": "zhang", "ticket": ticket})
	if e := p.account.last().msg; e.Event != "subscribe" || e.EventKey != "qrscene_hall" || e.Ticket != ticket {
		t.Errorf("first scan: %+v", e)
	}
	p.phone("scan", obj{"citizen": "zhang", "ticket": ticket})
	if e := p.account.last().msg; e.Event != "SCAN" || e.EventKey != "hall" || e.Ticket != ticket {
		t.Errorf("second scan: %+v", e)
	}
	equal(t, str(p.must("user/info?openid="+p.openID("zhang"), nil), "qr_scene_str"), "hall")
	p.advance(time.Minute)
	if status, _ := p.json("POST", "/phone/scan", obj{"citizen": "li", "ticket": ticket}); status != http.StatusNotFound {
		t.Errorf("expired code: HTTP %d, want 404", status)
	}
}
