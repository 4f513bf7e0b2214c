package console_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"shoushan/fault"
	"shoushan/posts"
	"shoushan/staff"
)

// platformList is what the platform lists: one article that nobody has recorded. With an error it cannot be read.
type platformList struct{ err error }

const foundLink = "https://mp.weixin.qq.com/s/found"

func (l platformList) ListPublished(context.Context, time.Time) ([]posts.Listed, error) {
	at := time.Date(2026, 11, 18, 10, 30, 0, 0, beijing)
	return []posts.Listed{{ArticleID: "a1", At: at, Articles: []posts.ListedArticle{{Title: "后台手工发布的通知", URL: foundLink}}}}, l.err
}

func TestMatchingPage(t *testing.T) {
	h := newHouse(t)
	seed(t, h)
	b := h.as(t, loginOf[staff.Approver])
	page := b.get("/matching").body
	for _, want := range []string{"后台手工发布的通知", "本系统没有登记", "缺永久链接", `href="/posts/elsewhere?at=2026-11-18T10%3A30`, "登记这一篇", "对应上"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if form := b.get("/posts/elsewhere?at=2026-11-18T10%3A30&channel=account&title=" + url.QueryEscape("后台手工发布的通知") + "&url=" + url.QueryEscape(foundLink)).body; !strings.Contains(form, `value="2026-11-18T10:30"`) || !strings.Contains(form, `value="`+foundLink) {
		t.Error("the form to enter a find is not filled in")
	}
	if readers := h.as(t, loginOf[staff.Author]).get("/matching").body; strings.Contains(readers, "/matching/explain") {
		t.Error("a writer is offered what only publishers may do")
	}
	got := b.post("/matching/explain", url.Values{"month": {"2026-11"}, "key": {"list:a1:1"}, "note": {" "}})
	if got.status != http.StatusUnprocessableEntity || !strings.Contains(got.body, "请写明") {
		t.Errorf("an empty reason: %d %s", got.status, got.sentence())
	}
	got = b.post("/matching/explain", url.Values{"month": {"2026-11"}, "key": {"list:a1:1"}, "note": {"县里统一发布，不归我镇统计"}})
	if got.status != http.StatusSeeOther {
		t.Fatalf("explain: %d %s", got.status, got.sentence())
	}
	if page = b.get("/matching?show=open").body; strings.Contains(page, "后台手工发布的通知") {
		t.Error("an explained difference is still open")
	}
	if page = b.get("/matching?show=all").body; !strings.Contains(page, "县里统一发布") {
		t.Error("the reason is not shown")
	}
}

func TestAFindIsOurItemWithoutALink(t *testing.T) {
	h := newHouse(t)
	seed(t, h)
	b := h.as(t, loginOf[staff.Approver])
	p, err := h.newsroom.RecordElsewhere(t.Context(), h.member("sun"), posts.Account, posts.Content{Title: "通知", Markdown: "正文。", Origin: posts.Original}, "", time.Date(2026, 11, 18, 10, 0, 0, 0, beijing))
	if err != nil {
		t.Fatal(err)
	}
	got := b.post("/matching/link", url.Values{"month": {"2026-11"}, "post": {p.ID}, "url": {"https://example.com/1"}})
	if got.status != http.StatusUnprocessableEntity || !strings.Contains(got.sentence(), "mp.weixin.qq.com") {
		t.Errorf("a foreign address: %d %s", got.status, got.sentence())
	}
	if got = b.post("/matching/link", url.Values{"month": {"2026-11"}, "post": {p.ID}, "url": {foundLink}}); got.status != http.StatusSeeOther {
		t.Fatalf("link: %d %s", got.status, got.sentence())
	}
	if page := b.get("/matching?show=open").body; strings.Contains(page, "后台手工发布的通知") {
		t.Error("what belongs to one of our items is still open")
	}
}

func TestMatchingWithoutThePlatform(t *testing.T) {
	h := newHouse(t)
	seed(t, h)
	h.newsroom.Lister = platformList{err: fault.New(fault.Unavailable, "微信暂时没有答复。")}
	got := h.as(t, loginOf[staff.Approver]).get("/matching")
	if got.status != http.StatusServiceUnavailable || !strings.Contains(got.body, "微信暂时没有答复") || !strings.Contains(got.body, "matching-month") {
		t.Errorf("status %d: %s", got.status, got.sentence())
	}
	if got = h.as(t, loginOf[staff.Approver]).get("/matching?month=2030-01"); got.status != http.StatusNotFound {
		t.Errorf("a month to come: %d", got.status)
	}
}
