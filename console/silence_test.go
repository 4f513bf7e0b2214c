package console_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"shoushan/posts"
	"shoushan/staff"
	"shoushan/workday"
)

// statistics are the figures of two articles, one of them recorded here.
type statistics struct{}

func (statistics) Readings(context.Context, posts.Span) ([]posts.Reading, bool, error) {
	article := func(id, title, link, on string, readers int) posts.Reading {
		return posts.Reading{MsgDataID: id, Index: 1, Title: title, URL: link, PublishedOn: workday.MustParse(on), UpTo: workday.MustParse("2026-11-22"),
			Readers: readers, Sharers: readers / 10, Likes: readers / 20, Notified: readers > 500}
	}
	return []posts.Reading{
		article("1", "我镇启动冬春火灾防控专项行动", "https://mp.weixin.qq.com/s/abcdefg", "2026-11-21", 320),
		article("2", "后台手工发布的通知", foundLink, "2026-11-18", 812),
		article("3", "第三季度卫生评比结果公示", "https://mp.weixin.qq.com/s/third", "2026-11-10", 95),
	}, false, nil
}

func TestSilenceIsOnTheHomePageOfThoseWhoAnswerForIt(t *testing.T) {
	h := newHouse(t)
	seed(t, h)
	h.now = monday.AddDate(0, 0, 10) // twelve days after the last item
	const warning = "12 天没有更新"
	home := func(login string) string { return h.as(t, login).get("/").body }
	if !strings.Contains(home("zheng"), warning) || strings.Contains(home("sun"), warning) {
		t.Error("with nobody named, those who may publish are warned and others are not")
	}
	admin := h.as(t, "wang")
	if got := admin.post("/silence/keepers", url.Values{"keeper": {"sun"}}); got.status != http.StatusSeeOther {
		t.Fatalf("naming somebody: %d %s", got.status, got.sentence())
	}
	if strings.Contains(home("zheng"), warning) || !strings.Contains(home("sun"), warning) {
		t.Error("with somebody named, that one is warned and others are not")
	}
	page := h.as(t, "sun").get("/silence").body
	for _, want := range []string{"紧急提醒", "孙撰稿", "转载：全省冬季农业生产意见", "最后一个工作日"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if strings.Contains(page, "form-keepers") || !strings.Contains(admin.get("/silence").body, "form-keepers") {
		t.Error("only who may change settings names people")
	}
}

func TestNoWarningWithoutSilence(t *testing.T) {
	h := newHouse(t)
	seed(t, h)
	if home := h.as(t, "zheng").get("/").body; strings.Contains(home, "没有更新") {
		t.Error("two days of silence are no task")
	}
}

func TestReadingsPage(t *testing.T) {
	h := newHouse(t)
	s := seed(t, h)
	b := h.as(t, loginOf[staff.Author])
	page := b.get("/readings").body
	for _, want := range []string{"/posts/" + s.posts[posts.Published], "812 人阅读", "本系统没有登记", "每周最佳", "1227 人次", "群发"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if best, rest, _ := strings.Cut(page, "全部文章"); strings.Index(best, "后台手工发布的通知") > strings.Index(best, "我镇启动冬春") || !strings.Contains(rest, "第三季度卫生评比") {
		t.Error("the most read is not first")
	}
	if empty := b.get("/readings?month=2026-01"); !strings.Contains(empty.body, "no-readings") {
		t.Errorf("an empty month: %d", empty.status)
	}
}
