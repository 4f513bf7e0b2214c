package simulator_test

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"shoushan/simulator"
)

// waitFor polls what a background goroutine of the platform brings about in real time.
func (p *platform) waitFor(what string, done func() bool) {
	p.Helper()
	for deadline := time.Now().Add(20 * time.Second); !done(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			p.Fatalf("%s: never", what)
		}
	}
}

// TestAdminSilent: 30 minutes of the platform's clock without the administrator's answer end a mass send (err 40002), and
// the draft is back in the box.
func TestAdminSilent(t *testing.T) {
	p := newPlatform(t)
	p.follow("zhang")
	p.configure(func(s *simulator.Settings) { s.MassConfirm = simulator.ConfirmWait })
	media := p.draft("题")
	job := p.must("message/mass/sendall", toAll(media, nil))
	_, state := p.json("GET", "/phone/state", nil)
	question := state["waiting"].([]any)[0].(obj)
	if str(question, "what") != "题" || num(question, "people") != 1 || str(question, "until") != "2026-11-23T09:30:00+08:00" {
		t.Errorf("the administrator is asked %v", question)
	}
	p.advance(30*time.Minute - time.Second)
	p.Wait()
	equal(t, str(p.must("message/mass/get", obj{"msg_id": job["msg_id"]}), "msg_status"), "SENDING")
	p.advance(time.Second)
	p.waitFor("MASSSENDJOBFINISH", func() bool { return len(p.account.events("MASSSENDJOBFINISH")) == 1 })
	equal(t, p.account.events("MASSSENDJOBFINISH")[0].Status, "err(40002)")
	equal(t, str(p.must("message/mass/get", obj{"msg_id": job["msg_id"]}), "msg_status"), "SEND_FAIL")
	p.must("draft/get", obj{"media_id": media})
	if status, out := p.json("POST", "/sim/mass/"+jsonID(job["msg_id"]), obj{"agree": true}); status == http.StatusOK {
		t.Errorf("agreed too late: %v", out)
	}
	if len(p.chat("zhang")) != 0 {
		t.Error("a send without the administrator's answer reached a follower")
	}
}

// TestImpliedClientMsgID: without clientmsgid the platform makes one from content and group, so the same call twice is one job.
func TestImpliedClientMsgID(t *testing.T) {
	p := newPlatform(t)
	p.configure(func(s *simulator.Settings) { s.MassQuota = 10 })
	text := func(content string) obj {
		return obj{"filter": obj{"is_to_all": true}, "msgtype": "text", "text": obj{"content": content}}
	}
	first := p.must("message/mass/sendall", text("停水通知"))
	p.Wait()
	if again := p.wants(45065, "message/mass/sendall", text("停水通知")); num(again, "msg_id") != num(first, "msg_id") {
		t.Errorf("45065 carries %v, want %v", again["msg_id"], first["msg_id"])
	}
	p.must("message/mass/sendall", text("停电通知"))
	p.advance(24 * time.Hour)
	p.must("message/mass/sendall", text("停水通知"))
}

func TestMassPicturesVideosAndCoupons(t *testing.T) {
	p := newPlatform(t)
	p.configure(func(s *simulator.Settings) { s.MassQuota = 10 })
	p.follow("zhang")
	all := obj{"is_to_all": true}
	a, b := p.cover(), p.cover()
	p.must("message/mass/sendall", obj{"filter": all, "msgtype": "image", "images": obj{"media_ids": []string{a, b}}})
	p.Wait()
	if list := p.chat("zhang"); len(list) != 2 || str(list[0], "kind") != "image" || str(list[1], "url") == str(list[0], "url") {
		t.Errorf("two pictures arrive as %v", list)
	}
	video := str(p.upload("media/upload?type=video", "a.mp4", []byte("film")), "media_id")
	p.must("message/mass/sendall", obj{"filter": all, "msgtype": "mpvideo", "mpvideo": obj{"media_id": video}})
	p.Wait()
	equal(t, str(p.lastBubble("zhang"), "kind"), "video")
	p.must("message/mass/sendall", obj{"filter": all, "msgtype": "wxcard", "wxcard": obj{"card_id": "p1"}})
	p.Wait()
	if b := p.lastBubble("zhang"); str(b, "kind") != "coupon" || str(b, "text") != "p1" {
		t.Errorf("a coupon arrives as %v", b)
	}
	p.wants(40007, "message/mass/sendall", obj{"filter": all, "msgtype": "image", "images": obj{"media_ids": []string{a, video}}})
	p.wants(40007, "message/mass/sendall", obj{"filter": all, "msgtype": "image"})
}

// TestTagIDRequired: some accounts answer 40152 to all without tag_id.
func TestTagIDRequired(t *testing.T) {
	p := newPlatform(t)
	p.configure(func(s *simulator.Settings) { s.TagIDRequired = true })
	in := obj{"filter": obj{"is_to_all": true}, "msgtype": "text", "text": obj{"content": "通知"}}
	p.wants(40152, "message/mass/sendall", in)
	in["filter"] = obj{"is_to_all": true, "tag_id": 0}
	p.must("message/mass/sendall", in)
}

// TestPublishedThenGone: publish_status 5 and 6 come after a success, each with an event of its own.
func TestPublishedThenGone(t *testing.T) {
	for status, words := range map[int]string{5: "已被发布者删除", 6: "违规无法查看"} {
		t.Run(fmt.Sprint(status), func(t *testing.T) {
			p := newPlatform(t)
			p.configure(func(s *simulator.Settings) { s.PublishResult = status })
			job := p.publish("题")
			var seen []int
			for _, e := range p.account.events("PUBLISHJOBFINISH") {
				seen = append(seen, e.Publish.Status)
			}
			if diff := cmp.Diff([]int{0, status}, seen); diff != "" {
				t.Errorf("events: %s", diff)
			}
			if num(job, "publish_status") != status || job["article_detail"] != nil {
				t.Errorf("freepublish/get: %v", job)
			}
			link := p.account.events("PUBLISHJOBFINISH")[0].Publish.Detail.Items[0].URL
			code, page, err := p.do("GET", strings.TrimPrefix(link, p.url), "", http.NoBody)
			if err != nil || code != http.StatusNotFound || !strings.Contains(string(page), words) {
				t.Errorf("%s: HTTP %d %v, want %s", link, code, err, words)
			}
		})
	}
}

// TestOutOfOrder: a message that waits for the next one arrives after it, whole and once.
func TestOutOfOrder(t *testing.T) {
	p := newPlatform(t)
	p.follow("zhang")
	p.fault(simulator.Fault{On: "message", Kind: simulator.FaultSwap, Times: 1})
	p.json("POST", "/phone/text", obj{"citizen": "zhang", "text": "先说的"})
	p.waitFor("the fault strikes", func() bool {
		_, out := p.json("GET", "/phone/state", nil)
		return num(out["faults"].([]any)[0].(obj), "hits") == 1
	})
	p.say("zhang", "后说的")
	all := p.account.all()
	if len(all) != 3 || all[1].msg.Content != "后说的" || all[2].msg.Content != "先说的" || all[2].msg.MsgId >= all[1].msg.MsgId {
		t.Errorf("%d callbacks, in this order: %+v", len(all), all)
	}
	p.fault(simulator.Fault{On: "message", Kind: simulator.FaultSwap, Times: 1, DelayMS: 10})
	p.say("zhang", "没有下一条")
	equal(t, p.account.last().msg.Content, "没有下一条")
}

// TestPushNested: fields may be numbers, objects and lists, and keep their order.
func TestPushNested(t *testing.T) {
	p := newPlatform(t)
	body := `{"event":"subscribe_msg_popup_event","fields":{"SubscribeMsgPopupEvent":{"List":[
		{"TemplateId":"a","SubscribeStatusString":"accept","PopupScene":2},{"TemplateId":"b","SubscribeStatusString":"reject","PopupScene":2}]},"Empty":null}}`
	status, _, err := p.do("POST", "/sim/push", "application/json", strings.NewReader(body))
	p.Wait()
	want := "<SubscribeMsgPopupEvent><List><TemplateId><![CDATA[a]]></TemplateId><SubscribeStatusString><![CDATA[accept]]></SubscribeStatusString><PopupScene>2</PopupScene></List>" +
		"<List><TemplateId><![CDATA[b]]></TemplateId><SubscribeStatusString><![CDATA[reject]]></SubscribeStatusString><PopupScene>2</PopupScene></List></SubscribeMsgPopupEvent><Empty></Empty>"
	if err != nil || status != http.StatusOK || !strings.Contains(p.account.last().clear, want) {
		t.Errorf("HTTP %d %v\n%s\nwant %s", status, err, p.account.last().clear, want)
	}
	for _, bad := range []string{`{"event":"x","fields":[1]}`, `{"event":"x","fields":{"a b":1}}`, `{"event":"x","fields":{"a":{"<":1}}}`} {
		if status, out, _ := p.do("POST", "/sim/push", "application/json", strings.NewReader(bad)); status != http.StatusBadRequest {
			t.Errorf("%s: HTTP %d %s", bad, status, out)
		}
	}
}

// TestPushedMessageIsSeen: what is pushed for a citizen stands in the citizen's chat, so that the reply makes sense.
func TestPushedMessageIsSeen(t *testing.T) {
	p := newPlatform(t)
	p.follow("zhang")
	p.json("POST", "/sim/push", obj{"citizen": "zhang", "msg_type": "file", "fields": obj{"Title": "申请表.docx"}})
	p.Wait()
	equal(t, str(p.lastBubble("zhang"), "text"), "[文件消息] 申请表.docx")
	p.json("POST", "/sim/push", obj{"citizen": "zhang", "msg_type": "text", "fields": obj{"Content": "来自文章", "MsgDataId": 1, "Idx": 1}})
	p.Wait()
	equal(t, str(p.lastBubble("zhang"), "text"), "来自文章")
	if c := p.account.last().clear; !strings.Contains(c, "<Idx>1</Idx><MsgDataId>1</MsgDataId>") {
		t.Errorf("clear text %s", c)
	}
}

// TestSubscriptionConsent: consents to 订阅通知 add up, are told by events, and each carries one message with its event.
func TestSubscriptionConsent(t *testing.T) {
	p := newPlatform(t, func(s *simulator.Server) { s.Kind = simulator.CertifiedService })
	who := p.follow("zhang")
	consent := func(more obj) int {
		in := obj{"citizen": "zhang", "template_id": "tpl"}
		for k, v := range more {
			in[k] = v
		}
		_, out := p.json("POST", "/sim/consents", in)
		p.Wait()
		return num(out, "count")
	}
	send := obj{"touser": who, "template_id": "tpl", "data": obj{"thing1": obj{"value": "已答复"}}}
	if n := consent(nil) + consent(nil) + consent(obj{"refuse": true}); n != 1+2+2 {
		t.Errorf("counts add up to %d, want 5", n)
	}
	events := p.account.events("subscribe_msg_popup_event")
	if len(events) != 3 || !strings.Contains(p.account.last().clear, "<SubscribeStatusString><![CDATA[reject]]>") {
		t.Errorf("%d events, the last %s", len(events), p.account.last().clear)
	}
	out := p.must("message/subscribe/bizsend", send)
	p.Wait()
	sent := p.account.last()
	if sent.msg.Event != "subscribe_msg_sent_event" || !strings.Contains(sent.clear, "<MsgID>"+jsonID(num(out, "msgid"))+"</MsgID><ErrorCode>0</ErrorCode>") {
		t.Errorf("event %s, msgid %v", sent.clear, out["msgid"])
	}
	consent(obj{"withdraw": true})
	equal(t, p.account.last().msg.Event, "subscribe_msg_change_event")
	p.wants(43101, "message/subscribe/bizsend", send)
	for _, bad := range []obj{{"citizen": "zhang"}, {"citizen": "zhang", "template_id": "t", "scene": "10001"}} {
		if status, _ := p.json("POST", "/sim/consents", bad); status != http.StatusBadRequest {
			t.Errorf("%v: HTTP %d, want 400", bad, status)
		}
	}
}

// TestTemplateFailed: what TEMPLATESENDJOBFINISH says can be ordered; what failed is not seen.
func TestTemplateFailed(t *testing.T) {
	p := newPlatform(t, func(s *simulator.Server) { s.Kind = simulator.CertifiedService })
	who := p.follow("zhang")
	p.configure(func(s *simulator.Settings) { s.TemplateStatus = "failed: system failed" })
	p.must("message/template/send", obj{"touser": who, "template_id": "tpl", "data": obj{"thing1": obj{"value": "x"}}})
	p.Wait()
	equal(t, p.account.events("TEMPLATESENDJOBFINISH")[0].Status, "failed: system failed")
	if len(p.chat("zhang")) != 0 {
		t.Error("a failed message is on the phone")
	}
	if out, _ := p.must("../wxa/sec/queryblocktmplmsg", obj{})["msginfo"].([]any); len(out) != 0 {
		t.Errorf("blocked templates %v", out)
	}
}

// TestBlacklist: who is on it gets no mass send, and what they write does not reach the account.
func TestBlacklist(t *testing.T) {
	p := newPlatform(t)
	a, b := p.follow("zhang"), p.follow("li")
	p.must("tags/members/batchblacklist", obj{"openid_list": []string{a}})
	list := p.must("tags/members/getblacklist", obj{"begin_openid": ""})
	if num(list, "total") != 1 || list["data"].(obj)["openid"].([]any)[0] != a {
		t.Errorf("blacklist %v", list)
	}
	before := len(p.account.all())
	p.say("zhang", "在吗")
	if n := len(p.account.all()); n != before {
		t.Error("a message of somebody on the blacklist was pushed")
	}
	wire := p.Wire()
	equal(t, wire[len(wire)-1].Note, "市民在黑名单里，没有推送")
	p.must("message/mass/sendall", obj{"filter": obj{"is_to_all": true}, "msgtype": "text", "text": obj{"content": "通知"}})
	p.Wait()
	equal(t, str(p.lastBubble("zhang"), "text"), "在吗")
	equal(t, str(p.lastBubble("li"), "text"), "通知")
	p.must("tags/members/batchunblacklist", obj{"openid_list": []string{a}})
	p.say("zhang", "现在呢")
	equal(t, p.account.last().msg.Content, "现在呢")
	p.wants(40032, "tags/members/batchblacklist", obj{"openid_list": []string{}})
	p.wants(40032, "tags/members/batchblacklist", obj{"openid_list": make([]string, 21)})
	p.wants(40003, "tags/members/batchblacklist", obj{"openid_list": []string{b, "nobody"}})
	if n := num(p.must("tags/members/getblacklist", obj{}), "total"); n != 0 {
		t.Errorf("%d on the blacklist after a refused call, want none", n)
	}
}

func TestTagBatch(t *testing.T) {
	p := newPlatform(t)
	who := p.follow("zhang")
	id := num(p.must("tags/create", obj{"tag": obj{"name": "药农"}})["tag"].(obj), "id")
	many := make([]string, 51)
	for i := range many {
		many[i] = who
	}
	p.wants(40032, "tags/members/batchtagging", obj{"tagid": id, "openid_list": many})
	p.must("tags/members/batchtagging", obj{"tagid": id, "openid_list": many[:50]})
}

// TestCoverCrop: X1_Y1_X2_Y2 within the picture, else 53402.
func TestCoverCrop(t *testing.T) {
	tests := []struct {
		crop string
		want int
	}{
		{"0_0_1_0.5", 0}, {"0.1945_0_1_0.5236", 0}, {"", 0}, {"1_0_0_0.5", 53402}, {"0_0_1.2_0.5", 53402}, {"0_0_1", 53402}, {"a_b_c_d", 53402},
	}
	p := newPlatform(t)
	cover := p.cover()
	for _, tt := range tests {
		for _, field := range []string{"pic_crop_235_1", "pic_crop_1_1"} {
			p.wants(tt.want, "draft/add", obj{"articles": []obj{{"title": "题", "content": "文", "thumb_media_id": cover, field: tt.crop}}})
		}
	}
}

func TestUnknownPaths(t *testing.T) {
	p := newPlatform(t)
	for _, path := range []string{"no/such/call", "../datacube/getarticlesummary", "../wxa/business/getuserphonenumber"} {
		p.wants(40066, path, obj{})
	}
}

// menuOf sets a menu of one button.
func (p *platform) menuOf(button obj) {
	p.Helper()
	p.must("menu/create", obj{"button": []obj{button}})
}

// TestMenuKinds: every type of button does what it does on a real phone.
func TestMenuKinds(t *testing.T) {
	p := newPlatform(t)
	p.follow("zhang")
	tap := func(more obj) obj {
		in := obj{"citizen": "zhang", "column": 0, "row": -1}
		for k, v := range more {
			in[k] = v
		}
		return p.phone("menu", in)
	}
	p.menuOf(obj{"type": "miniprogram", "name": "办事", "url": "http://example.com/", "appid": "wx1", "pagepath": "pages/a"})
	equal(t, str(tap(nil), "open"), "http://example.com/")
	if e := p.account.last().msg; e.Event != "view_miniprogram" || e.EventKey != "pages/a" {
		t.Errorf("event %+v", e)
	}
	p.menuOf(obj{"type": "location_select", "name": "位置", "key": "WHERE"})
	tap(obj{"latitude": 35.7, "longitude": 113.2, "text": "崇文镇"})
	all := p.account.all()
	event, message := all[len(all)-2], all[len(all)-1]
	if event.msg.Event != "location_select" || !strings.Contains(event.clear, "<SendLocationInfo><Location_X>35.700000</Location_X>") || message.msg.MsgType != "location" {
		t.Errorf("event %s, message %s", event.clear, message.clear)
	}
	p.menuOf(obj{"type": "media_id", "name": "地图", "media_id": p.cover()})
	tap(nil)
	equal(t, str(p.lastBubble("zhang"), "kind"), "image")
	p.menuOf(obj{"type": "media_id", "name": "没了", "media_id": "gone"})
	if status, _ := p.json("POST", "/phone/menu", obj{"citizen": "zhang", "row": -1}); status != http.StatusNotFound {
		t.Errorf("material that is gone: HTTP %d, want 404", status)
	}
	p.menuOf(obj{"type": "scancode_waitmsg", "name": "扫", "key": "SCAN"})
	tap(obj{"text": "http://example.com/box"})
	if c := p.account.last().clear; !strings.Contains(c, "<ScanResult><![CDATA[http://example.com/box]]></ScanResult>") {
		t.Errorf("event %s", c)
	}
}

// TestMenuPicture: the event with the picture's MD5, then the picture as a message.
func TestMenuPicture(t *testing.T) {
	p := newPlatform(t)
	p.follow("zhang")
	p.menuOf(obj{"type": "pic_photo_or_album", "name": "拍照", "key": "PHOTO"})
	equal(t, str(p.phone("menu", obj{"citizen": "zhang", "column": 0, "row": -1}), "pick"), "image")
	send := func(column string) int {
		var body bytes.Buffer
		form := multipart.NewWriter(&body)
		for name, value := range map[string]string{"citizen": "zhang", "column": column, "row": "-1"} {
			_ = form.WriteField(name, value)
		}
		file, _ := form.CreateFormFile("image", "a.png")
		_, _ = file.Write(pngImage(4))
		_ = form.Close()
		status, _, err := p.do("POST", "/phone/image", form.FormDataContentType(), &body)
		if err != nil {
			t.Fatal(err)
		}
		p.Wait()
		return status
	}
	if status := send("0"); status != http.StatusOK {
		t.Fatalf("HTTP %d", status)
	}
	all := p.account.all()
	event, message := all[len(all)-2], all[len(all)-1]
	if event.msg.Event != "pic_photo_or_album" || event.msg.EventKey != "PHOTO" || !strings.Contains(event.clear, "<SendPicsInfo><Count>1</Count><PicList><item><PicMd5Sum>") || message.msg.MsgType != "image" {
		t.Errorf("event %s, message %s", event.clear, message.clear)
	}
	if status := send("2"); status != http.StatusNotFound {
		t.Errorf("a button that is not there: HTTP %d, want 404", status)
	}
}
