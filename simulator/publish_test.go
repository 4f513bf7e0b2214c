package simulator_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"shoushan/simulator"
)

func TestPublish(t *testing.T) {
	p := newPlatform(t)
	id := p.draft("第一篇", "第二篇")
	job := p.must("freepublish/submit", obj{"media_id": id})
	if num(job, "publish_id") == 0 || num(job, "msg_data_id") == 0 {
		t.Fatalf("submit: %v", job)
	}
	p.Wait()
	got := p.must("freepublish/get", obj{"publish_id": job["publish_id"]})
	items := got["article_detail"].(obj)["item"].([]any)
	if num(got, "publish_status") != 0 || str(got, "article_id") == "" || len(items) != 2 {
		t.Fatalf("freepublish/get: %v", got)
	}
	events := p.account.events("PUBLISHJOBFINISH")
	if len(events) != 1 {
		t.Fatalf("%d events, want 1", len(events))
	}
	e := events[0].Publish
	if e.ID != int64(num(job, "publish_id")) || e.Status != 0 || e.ArticleID != str(got, "article_id") || e.Detail.Count != 2 {
		t.Errorf("event %+v does not agree with %v", e, got)
	}
	if e.Detail.Items[1].Idx != 2 || e.Detail.Items[1].URL != str(items[1].(obj), "article_url") {
		t.Errorf("event's articles %+v, API's %v", e.Detail.Items, items)
	}
	p.wants(40007, "draft/get", obj{"media_id": id})
	p.wants(40007, "freepublish/submit", obj{"media_id": id})
	p.wants(53502, "freepublish/get", obj{"publish_id": 1})
}

// TestPublishFails: after a failure there is no article, and the draft is back in the box.
func TestPublishFails(t *testing.T) {
	tests := []struct {
		status  int
		failed  []int
		wantIdx []int
	}{
		{2, nil, []int{1}},
		{2, []int{2, 3}, []int{2, 3}},
		{3, nil, nil},
		{4, []int{1}, []int{1}},
	}
	for _, tt := range tests {
		t.Run("status "+string(rune('0'+tt.status)), func(t *testing.T) {
			p := newPlatform(t)
			p.configure(func(s *simulator.Settings) { s.PublishResult, s.FailIndexes = tt.status, tt.failed })
			id := p.draft("题")
			job := p.must("freepublish/submit", obj{"media_id": id})
			p.Wait()
			got := p.must("freepublish/get", obj{"publish_id": job["publish_id"]})
			if num(got, "publish_status") != tt.status || got["article_id"] != nil {
				t.Errorf("freepublish/get: %v", got)
			}
			e := p.account.events("PUBLISHJOBFINISH")[0].Publish
			if diff := cmp.Diff(tt.wantIdx, e.FailIdx); diff != "" || e.Status != tt.status || e.ArticleID != "" {
				t.Errorf("event %+v: %s", e, diff)
			}
			p.must("draft/get", obj{"media_id": id})
			if n := num(p.must("freepublish/batchget", obj{"count": 20}), "total_count"); n != 0 {
				t.Errorf("batchget lists %d, want none", n)
			}
		})
	}
}

func TestPublishIDAsString(t *testing.T) {
	p := newPlatform(t)
	p.configure(func(s *simulator.Settings) { s.PublishIDAsString = true })
	job := p.must("freepublish/submit", obj{"media_id": p.draft("题")})
	id, isString := job["publish_id"].(string)
	if !isString {
		t.Fatalf("publish_id %v is no string", job["publish_id"])
	}
	p.must("freepublish/get", obj{"publish_id": id})
}

// TestDraftStays: the other reading, in which a second submit during publication publishes twice.
func TestDraftStays(t *testing.T) {
	p := newPlatform(t)
	p.configure(func(s *simulator.Settings) { s.DraftStays, s.PublishDelayMS = true, 50 })
	id := p.draft("题")
	p.must("freepublish/submit", obj{"media_id": id})
	p.must("draft/get", obj{"media_id": id})
	p.must("freepublish/submit", obj{"media_id": id})
	p.Wait()
	if n := num(p.must("freepublish/batchget", obj{"count": 20}), "total_count"); n != 2 {
		t.Errorf("published %d times, want 2", n)
	}
	p.wants(40007, "draft/get", obj{"media_id": id})
}

func TestPublishedList(t *testing.T) {
	p := newPlatform(t)
	first, second := p.publish("旧"), p.publish("新")
	list := p.must("freepublish/batchget", obj{"offset": 0, "count": 20})
	items := list["item"].([]any)
	if len(items) != 2 || str(items[0].(obj), "article_id") != str(second, "article_id") {
		t.Fatalf("batchget, newest first: %v", list)
	}
	news := p.must("freepublish/getarticle", obj{"article_id": first["article_id"]})["news_item"].([]any)[0].(obj)
	if str(news, "title") != "旧" || news["is_deleted"] != false || !strings.HasPrefix(str(news, "url"), p.url+"/s/") {
		t.Errorf("getarticle: %v", news)
	}
	p.must("freepublish/delete", obj{"article_id": first["article_id"], "index": 1})
	if n := num(p.must("freepublish/batchget", obj{"count": 20}), "total_count"); n != 1 {
		t.Errorf("after delete %d are listed, want 1", n)
	}
	if n := num(p.must("freepublish/get", obj{"publish_id": first["publish_id"]}), "publish_status"); n != 5 {
		t.Errorf("publish_status %d, want 5", n)
	}
	p.wantsEvent("<publish_status>5</publish_status>")
	p.wants(53600, "freepublish/delete", obj{"article_id": "x"})
	p.wants(53600, "freepublish/getarticle", obj{"article_id": ""})
	p.wants(40060, "freepublish/delete", obj{"article_id": second["article_id"], "index": 2})
}

// wantsEvent checks that the last event about a publication holds the text.
func (p *platform) wantsEvent(text string) {
	p.Helper()
	p.Wait()
	last := ""
	for _, ex := range p.Wire() {
		if strings.Contains(ex.Title, "PUBLISHJOBFINISH") {
			last = ex.RequestClear
		}
	}
	if !strings.Contains(last, text) {
		p.Errorf("the last event is %s, want %s in it", last, text)
	}
}

func articleURL(job obj) string {
	return str(job["article_detail"].(obj)["item"].([]any)[0].(obj), "article_url")
}

func TestArticlePage(t *testing.T) {
	p := newPlatform(t)
	job := p.publish("崇文镇<公告>")
	path := strings.TrimPrefix(articleURL(job), p.url)
	status, data, err := p.do("GET", path, "", http.NoBody)
	if err != nil || status != http.StatusOK {
		t.Fatal(status, err)
	}
	page := string(data)
	for _, want := range []string{`<h1 id="article-title">崇文镇&lt;公告&gt;</h1>`, `<div id="article-body"><p>正文</p></div>`, "首善崇文", "2026年11月23日 09:00"} {
		if !strings.Contains(page, want) {
			t.Errorf("page has no %s:\n%s", want, page)
		}
	}
	if strings.Contains(page, "<script") {
		t.Error("page has a script")
	}
	if status, _ := p.json("POST", "/sim/publish/"+jsonID(job["publish_id"])+"/ban", nil); status != http.StatusOK {
		t.Fatalf("ban: HTTP %d", status)
	}
	status, data, _ = p.do("GET", path, "", http.NoBody)
	if status != http.StatusNotFound || !strings.Contains(string(data), "此内容因违规无法查看") {
		t.Errorf("banned article: HTTP %d %s", status, data)
	}
	p.wantsEvent("<publish_status>6</publish_status>")
	if n := num(p.must("freepublish/get", obj{"publish_id": job["publish_id"]}), "publish_status"); n != 6 {
		t.Errorf("publish_status %d, want 6", n)
	}
	if status, _, _ := p.do("GET", "/s/nothing", "", http.NoBody); status != http.StatusNotFound {
		t.Errorf("unknown article: HTTP %d", status)
	}
}

// TestArticleOnPhone: styles come in data-style, pictures without the host; the text never carries a script.
func TestArticleOnPhone(t *testing.T) {
	p := newPlatform(t)
	pic := str(p.upload("media/uploadimg", "a.png", pngImage(8)), "url")
	content := `<p style="color:red">style="x" 正文</p><img src="` + pic + `">`
	id := str(p.must("draft/add", obj{"articles": []obj{{"title": "题", "content": content, "thumb_media_id": p.cover(), "content_source_url": "https://example.com/"}}}), "media_id")
	job := p.must("freepublish/submit", obj{"media_id": id})
	p.Wait()
	_, lists := p.json("GET", "/phone/articles", nil)
	if n := len(lists["history"].([]any)); n != 0 {
		t.Errorf("free publish shows %d articles on the home page, want none", n)
	}
	listed := lists["published"].([]any)[0].(obj)
	_, a := p.json("GET", "/phone/article/"+str(listed, "id"), nil)
	want := `<p data-style="color:red">style="x" 正文</p><img src="` + strings.TrimPrefix(pic, p.url) + `">`
	equal(t, str(a, "html"), want)
	equal(t, str(a, "source"), "https://example.com/")
	if num(a, "reads") != 1 {
		t.Errorf("reads %d, want 1", num(a, "reads"))
	}
	articleID := p.must("freepublish/get", obj{"publish_id": job["publish_id"]})["article_id"]
	p.must("freepublish/delete", obj{"article_id": articleID})
	status, gone := p.json("GET", "/phone/article/"+str(listed, "id"), nil)
	if status != http.StatusGone || str(gone, "error") != "该内容已被发布者删除" {
		t.Errorf("deleted article: HTTP %d %v", status, gone)
	}
}

func TestPublicURL(t *testing.T) {
	p := newPlatform(t, func(s *simulator.Server) { s.PublicURL = "https://phone.example/" })
	if got := articleURL(p.publish("题")); !strings.HasPrefix(got, "https://phone.example/s/") {
		t.Errorf("article_url %s", got)
	}
}

// comment writes a comment and returns its id.
func (p *platform) comment(article string) any {
	p.Helper()
	p.phone("comment", obj{"citizen": "zhang", "article": article, "text": "好"})
	_, state := p.json("GET", "/phone/article/"+article, nil)
	list := p.must("comment/list", obj{"msg_data_id": state["msg_data_id"], "index": 0, "begin": 0, "count": 1, "type": 1})
	last := p.must("comment/list", obj{"msg_data_id": state["msg_data_id"], "index": 0, "begin": num(list, "total") - 1, "count": 1, "type": 1})
	return last["comment"].([]any)[0].(obj)["user_comment_id"]
}

func TestComments(t *testing.T) {
	p := newPlatform(t)
	p.follow("zhang")
	id := str(p.must("draft/add", obj{"articles": []obj{{"title": "题", "content": "文", "thumb_media_id": p.cover(), "need_open_comment": 1, "only_fans_can_comment": 1}}}), "media_id")
	job := p.must("freepublish/submit", obj{"media_id": id})
	p.Wait()
	key := func(more obj) obj {
		in := obj{"msg_data_id": job["msg_data_id"], "index": 0}
		for k, v := range more {
			in[k] = v
		}
		return in
	}
	_, lists := p.json("GET", "/phone/articles", nil)
	article := str(lists["published"].([]any)[0].(obj), "id")
	p.phone("comment", obj{"citizen": "zhang", "article": article, "text": "好"})
	if status, _ := p.json("POST", "/phone/comment", obj{"citizen": "li", "article": article, "text": "非粉丝"}); status != http.StatusConflict {
		t.Errorf("comment of a non-follower: HTTP %d, want 409", status)
	}
	list := p.must("comment/list", key(obj{"begin": 0, "count": 49, "type": 0}))
	it := list["comment"].([]any)[0].(obj)
	if num(list, "total") != 1 || str(it, "content") != "好" || str(it, "openid") != p.openID("zhang") {
		t.Fatalf("comment/list: %v", list)
	}
	one := key(obj{"user_comment_id": it["user_comment_id"], "content": "谢谢"})
	p.wants(88005, "comment/unmarkelect", one)
	p.must("comment/markelect", one)
	p.must("comment/reply/add", one)
	p.wants(88007, "comment/reply/add", one)
	if n := num(p.must("comment/list", key(obj{"count": 1, "type": 2})), "total"); n != 1 {
		t.Errorf("%d elected, want 1", n)
	}
	_, shown := p.json("GET", "/phone/article/"+article, nil)
	if elected := shown["elected"].([]any); len(elected) != 1 || !strings.Contains(elected[0].(string), "好") {
		t.Errorf("the article shows %v, want the elected comment", elected)
	}
	p.wants(44004, "comment/reply/add", key(obj{"user_comment_id": p.comment(article), "content": ""}))
	for range 99 {
		p.must("comment/markelect", key(obj{"user_comment_id": p.comment(article)}))
	}
	p.wants(88003, "comment/markelect", key(obj{"user_comment_id": p.comment(article)})) // a hundred are elected
	p.must("comment/unmarkelect", one)
	p.must("comment/markelect", key(obj{"user_comment_id": p.comment(article)}))
	p.must("comment/reply/delete", one)
	p.must("comment/delete", one)
	p.wants(88008, "comment/delete", one)
	p.wants(88010, "comment/list", key(obj{"count": 50}))
	p.wants(88001, "comment/close", obj{"msg_data_id": 1})
	p.must("comment/close", key(nil))
	if status, _ := p.json("POST", "/phone/comment", obj{"citizen": "zhang", "article": article, "text": "再来"}); status != http.StatusConflict {
		t.Errorf("comment after closing: HTTP %d, want 409", status)
	}
}
