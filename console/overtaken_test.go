package console_test

import (
	"net/http"
	"net/url"
	"regexp"
	"testing"

	"shoushan/posts"
)

// seenIn is the mark that a form of the page carries.
func (a answer) seenIn(t *testing.T, form string) string {
	t.Helper()
	m := regexp.MustCompile(`id="` + form + `"[^>]*>\s*<input type="hidden" name="(?:kind" value="[^"]*"><input type="hidden" name=")?seen" value="([^"]+)"`).FindStringSubmatch(a.body)
	if m == nil {
		t.Fatalf("%s carries no mark", form)
	}
	return m[1]
}

// TestTwoPeopleSaveOneThing: wherever a form replaces what is stored, whoever saves second is told, finds what was typed in the
// form and what is stored beside it, and can then save knowingly; nothing is overwritten unseen.
func TestTwoPeopleSaveOneThing(t *testing.T) {
	tests := []struct {
		name, page, post, form string
		one, two               string // who
		first, second          url.Values
		wants                  []string // on the second's page: the sentence, what was typed, what is stored
	}{
		{"word lists", "/posts/rules", "/posts/rules", "form-rules", "wang", "zheng",
			url.Values{"wrong": {"帐号 | 账号"}, "sources": {"新华社 | news.cn"}, "title_limit": {"32"}},
			url.Values{"wrong": {"登陆 | 登录"}, "sources": {"新华社 | news.cn"}, "title_limit": {"32"}},
			[]string{"别人保存过名单", "登陆 | 登录</textarea>", "现在保存着的内容", "帐号 | 账号"}},
		{"topics", "/posts/rules", "/posts/topics", "form-topics", "wang", "zheng",
			url.Values{"topics": {"农业\n教育"}}, url.Values{"topics": {"农业\n防汛"}}, []string{"别人保存过专题", "防汛</textarea>", "农业\n教育"}},
		{"wording", "/answers", "/answers/wording", "form-wording", "wang", "zhou",
			url.Values{"welcome": {"您好！回复“申请公开”或者“查进度”。"}, "help": {"回复“申请公开”“查进度”。"}, "hours": {"工作日 8:00—12:00"}},
			url.Values{"welcome": {"欢迎！回复“申请公开”或者“查进度”。"}, "help": {"回复“申请公开”“查进度”。"}, "hours": {"工作日 9:00—12:00"}},
			[]string{"别人保存过这些话", "欢迎！回复", "工作日 8:00—12:00"}},
		{"review paths", "/posts/reviewplan", "/posts/reviewplan", "form-reviewplan", "wang", "wang",
			url.Values{"usual-name": {"一般流程"}, "usual-first": {"yes"}, "path0-name": {"甲流程"}},
			url.Values{"usual-name": {"一般流程"}, "usual-first": {"yes"}, "path0-name": {"乙流程"}}, []string{"别人保存过审核流程", "乙流程"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := newHouse(t)
			one, two := h.as(t, tt.one), h.as(t, tt.two)
			old := two.get(tt.page).seenIn(t, tt.form)
			tt.first.Set("seen", one.get(tt.page).seenIn(t, tt.form))
			one.follow(tt.post, tt.first)
			tt.second.Set("seen", old)
			got := two.post(tt.post, tt.second)
			got.wants(t, http.StatusConflict, tt.wants, nil)
			fresh := got.seenIn(t, tt.form)
			if fresh == old {
				t.Fatal("the form that comes back would be refused for ever")
			}
			tt.second.Set("seen", fresh)
			two.follow(tt.post, tt.second)
		})
	}
}

// TestTwoPeopleEnterOneNotice: the second sees that a notice of holidays has come in, before it is replaced.
func TestTwoPeopleEnterOneNotice(t *testing.T) {
	h := newHouse(t)
	one, two := h.as(t, "wang"), h.as(t, "wang")
	notice := func(seen, off string) url.Values {
		return url.Values{"seen": {seen}, "year": {"2027"}, "number": {"国办发明电〔2026〕7号"}, "off": {off}}
	}
	old := two.get("/calendar").seenIn(t, "form-notice")
	one.follow("/calendar", notice(old, "2027-01-01 至 2027-01-03 元旦"))
	got := two.post("/calendar", notice(old, "2027-01-01 元旦"))
	got.wants(t, http.StatusConflict, []string{"别人保存过放假通知", "2027-01-01 元旦</textarea>", "year-2027"}, nil)
	two.follow("/calendar", notice(got.seenIn(t, "form-notice"), "2027-01-01 元旦"))
}

// TestTwoPeopleAmendOneEntry: the registers of table 二 and 四.
func TestTwoPeopleAmendOneEntry(t *testing.T) {
	h := newHouse(t)
	zhou, wu := h.as(t, "zhou"), h.as(t, "wu")
	zhou.follow("/registers", url.Values{"kind": {"行政许可"}, "title": {"甲许可"}, "number": {"许1号"}, "on": {"2026-04-08"}})
	m := regexp.MustCompile(`href="(/registers/[^"?]+)"[^>]*>甲许可`).FindStringSubmatch(zhou.get("/registers").body)
	if m == nil {
		t.Fatal("the register does not list the entry")
	}
	path := m[1]
	old := zhou.get(path).seenIn(t, "form-entry")
	entry := func(title, seen string) url.Values {
		return url.Values{"title": {title}, "number": {"许1号"}, "on": {"2026-04-08"}, "seen": {seen}}
	}
	wu.follow(path, entry("甲许可（更正）", wu.get(path).seenIn(t, "form-entry")))
	got := zhou.post(path, entry("甲许可二", old))
	got.wants(t, http.StatusConflict, []string{"别人改动了这一条", `value="甲许可二"`, "现在保存着的内容", "甲许可（更正）"}, nil)
	zhou.post(path+"/remove", url.Values{"reason": {"登记错了"}, "seen": {old}}).wants(t, http.StatusConflict, []string{"别人改动了这一条", "登记错了"}, nil)
	zhou.follow(path, entry("甲许可二", got.seenIn(t, "form-entry")))
	zhou.get("/registers").wants(t, 200, []string{"甲许可二"}, []string{"甲许可（更正）<"})
}

// TestNobodyPlansOverAnother: the steps of a post and of a public concern.
func TestNobodyPlansOverAnother(t *testing.T) {
	h := newHouse(t)
	id := h.approvedPost(t, "停水通知")
	path := "/posts/" + id
	han, zheng := h.as(t, "han"), h.as(t, "zheng")
	old := han.get(path).seenIn(t, "form-schedule")
	zheng.follow(path+"/schedule", url.Values{"at": {"2026-11-25T08:00"}})
	han.post(path+"/unschedule", url.Values{"seen": {old}}).wants(t, http.StatusConflict, []string{"郑签发", "这篇稿件", "没有生效"}, nil)
	if p, err := h.Post(t.Context(), id); err != nil || p.State != posts.Scheduled {
		t.Fatalf("state %s, %v", p.State, err)
	}
	han.follow(path+"/unschedule", url.Values{"seen": {han.get(path).seenIn(t, "form-unschedule")}})

	con := "/concerns/" + h.seedConcern(t)
	zhou, wu := h.as(t, "zhou"), h.as(t, "wu")
	stale := zhou.get(con).seenIn(t, "form-assign")
	wu.follow(con+"/assign", url.Values{"seen": {stale}, "responsible": {"吴副镇长"}})
	zhou.post(con+"/assign", url.Values{"seen": {stale}, "responsible": {"周副镇长"}}).wants(t, http.StatusConflict, []string{"吴经办", "这件舆情", `value="周副镇长"`}, nil)
}
