package simulator_test

import (
	"net/http"
	"testing"

	"shoushan/simulator"
)

// TestByHand: what is published in Tencent's own back end reaches the account only as an event.
func TestByHand(t *testing.T) {
	p := newPlatform(t)
	p.follow("zhang")
	p.configure(func(s *simulator.Settings) { s.MassConfirm = simulator.ConfirmRefuse })
	p.json("POST", "/sim/console", obj{"title": "手工群发", "content": "<p>文</p>", "notify": true})
	p.Wait()
	e := p.account.events("MASSSENDJOBFINISH")
	if len(e) != 1 || e[0].Status != "send success" || e[0].Copyright.CheckState != 0 || len(e[0].URLs.Items) != 1 {
		t.Fatalf("events %+v", e)
	}
	equal(t, str(p.lastBubble("zhang")["cards"].([]any)[0].(obj), "title"), "手工群发")
	if n := num(p.must("freepublish/batchget", obj{"count": 20}), "total_count"); n != 0 {
		t.Errorf("batchget lists %d, want none: no API lists what was mass-sent", n)
	}
	p.json("POST", "/sim/console", obj{"title": "手工发布", "content": "<p>文</p>"})
	p.Wait()
	if e := p.account.events("PUBLISHJOBFINISH"); len(e) != 1 || e[0].Publish.Status != 0 {
		t.Errorf("events %+v", e)
	}
	if n := num(p.must("freepublish/batchget", obj{"count": 20}), "total_count"); n != 1 {
		t.Errorf("batchget lists %d, want 1", n)
	}
	if status, _ := p.json("POST", "/sim/console", obj{"content": "<p>文</p>"}); status != http.StatusBadRequest {
		t.Errorf("without a title: HTTP %d, want 400", status)
	}
}

// TestMassRepeatedInside: a first call that succeeded can be answered 45065, with its msg_id and without msg_data_id.
func TestMassRepeatedInside(t *testing.T) {
	p := newPlatform(t)
	p.follow("zhang")
	p.fault(simulator.Fault{On: "/cgi-bin/message/mass/sendall", Kind: simulator.FaultRepeat, Times: 1})
	out := p.wants(45065, "message/mass/sendall", toAll(p.draft("题"), obj{"clientmsgid": "job-1"}))
	p.Wait()
	if out["msg_data_id"] != nil || p.account.events("MASSSENDJOBFINISH")[0].MsgID != int64(num(out, "msg_id")) {
		t.Errorf("answer %v, event %+v", out, p.account.events("MASSSENDJOBFINISH"))
	}
	equal(t, str(p.must("message/mass/get", obj{"msg_id": out["msg_id"]}), "msg_status"), "SEND_SUCCESS")
	if _, err := p.AddFault(simulator.Fault{On: "/cgi-bin/draft/add", Kind: simulator.FaultRepeat}); err == nil {
		t.Error("repeat is accepted for a call that is no mass send")
	}
}

// TestPicturesNotReturned: freepublish/getarticle leaves out the pictures of a newspic.
func TestPicturesNotReturned(t *testing.T) {
	p := newPlatform(t)
	d := p.must("draft/add", obj{"articles": []obj{{
		"article_type": "newspic", "title": "图", "content": "说明", "image_info": obj{"image_list": []obj{{"image_media_id": p.cover()}}},
	}}})
	if item := p.must("draft/get", d)["news_item"].([]any)[0].(obj); item["image_info"] == nil {
		t.Errorf("draft/get: %v", item)
	}
	job := p.must("freepublish/submit", d)
	p.Wait()
	done := p.must("freepublish/get", obj{"publish_id": job["publish_id"]})
	if item := p.must("freepublish/getarticle", obj{"article_id": done["article_id"]})["news_item"].([]any)[0].(obj); item["image_info"] != nil {
		t.Errorf("getarticle: %v", item)
	}
}
