package console_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"shoushan/disclosure"
	"shoushan/posts"
	"shoushan/staff"
)

// askedTwice files the same question by two applicants and answers the first.
func askedTwice(t *testing.T, h *house) (id string) {
	t.Helper()
	first := h.file(t, disclosure.AtCounter, 5)
	f := filing(disclosure.AtCounter)
	f.Personal.Name, f.Personal.DocumentNumber = "马小跳", "14059919900101001X"
	f.Personal.DocumentNumber = "140599199001010018"
	if _, err := h.desk.Submit(t.Context(), h.member("zhou"), f); err != nil {
		t.Fatal(err)
	}
	h.now = monday
	path := "/requests/" + first.ID
	h.as(t, "zhou").follow(path+"/decide", url.Values{"outcome": {"r1"}, "how": {"attached"}, "content": {"名册随函附后，送" + secretName + "，电话" + secretPhone}})
	h.as(t, "zheng").follow(path+"/signoff", nil)
	h.as(t, "zhou").follow(path+"/deliver", url.Values{"via": {"pickup"}, "proof": {"签收"}})
	return first.ID
}

// TestArticle44 walks 条例第四十四条 from two applicants to an article: the desk reviews, the newsroom sees what the desk wrote for the
// public and nothing of the applicants.
func TestArticle44(t *testing.T) {
	h := newHouse(t)
	zhou, sun := h.as(t, "zhou"), h.as(t, "sun")
	zhou.get("/proactive").wants(t, 200, []string{"没有等待审核的信息"}, secrets)
	id := askedTwice(t, h)
	path := "/proactive/" + id
	zhou.get("/").wants(t, 200, []string{"审核是否主动公开", id, "2 位申请人"}, secrets)
	zhou.get("/proactive").wants(t, 200, []string{id, "2 位申请人申请了相近的内容", "待审核"}, secrets)
	zhou.get("/requests/"+id).wants(t, 200, []string{`href="` + path + `"`, "去审核"}, secrets)
	page := zhou.get(path)
	page.wants(t, 200, []string{"form-handover", "form-public", "form-unsuitable", "名册随函附后"}, secrets)
	sun.get(path).wants(t, http.StatusNotFound, nil, secrets)

	zhou.post(path+"/handover", url.Values{"title": {"低保名册"}, "text": {"各村户数"}}).wants(t, 422, []string{"请确认已经核对", "各村户数"}, secrets)
	zhou.post(path+"/handover", url.Values{"title": {"低保名册"}, "text": {"交" + secretName}, "checked": {"yes"}}).wants(t, 422, []string{"申请人的姓名"}, nil)
	zhou.follow(path+"/handover", url.Values{"title": {"2025年低保名册（公开版）"}, "text": {"各村户数如下"}, "checked": {"yes"}}).wants(t, 200, []string{"已交编辑部", "等编辑部起草"}, secrets)

	sun.get("/").wants(t, 200, []string{"起草主动公开的稿件", "2025年低保名册（公开版）"}, secrets)
	sun.get(path).wants(t, 200, []string{"2025年低保名册（公开版）", "各村户数如下", "form-article"}, append([]string{"/requests/" + id, "form-handover", "form-public", "低保资金发放名册"}, secrets...))
	got := sun.follow(path+"/article", url.Values{"channel": {"portal"}})
	got.wants(t, 200, []string{"已按交来的内容起草", "2025年低保名册（公开版）", "各村户数如下"}, secrets)
	sun.post(path+"/article", url.Values{"channel": {"portal"}}).wants(t, http.StatusConflict, []string{"已经有人开始起草"}, secrets)
	list, err := h.Posts(t.Context(), posts.Query{})
	if err != nil || len(list) != 1 || list[0].Channel != posts.Portal || strings.Contains(list[0].Content.Markdown, secretName) {
		t.Fatalf("%d posts, %v", len(list), err)
	}
	zhou.get(path).wants(t, 200, []string{"编辑部起草中"}, []string{"form-handover"})
	zhou.follow(path+"/public", url.Values{"where": {"https://www.example.gov.cn/xxgk/1.html"}}).wants(t, 200, []string{"已主动公开", "https://www.example.gov.cn/xxgk/1.html", "审核是否主动公开"}, secrets)
	zhou.get("/proactive?queue=settled").wants(t, 200, []string{id, "已主动公开"}, secrets)
	zhou.get("/").wants(t, 200, nil, []string{"审核是否主动公开"})
	zhou.post(path+"/unsuitable", url.Values{"why": {"改主意了"}}).wants(t, http.StatusConflict, []string{"已经审核过", "改主意了"}, secrets)
}

func TestNotSuitableForEverybody(t *testing.T) {
	h := newHouse(t)
	id := askedTwice(t, h)
	path := "/proactive/" + id
	zhou, zheng := h.as(t, "zhou"), h.as(t, "zheng")
	zheng.get(path).wants(t, 200, []string{"待审核"}, append([]string{"form-handover", "form-unsuitable"}, secrets...))
	old := zhou.get(path).seen(t)
	zhou.post(path+"/unsuitable", url.Values{"why": {""}}).wants(t, 422, []string{"请写明为什么不宜主动公开"}, secrets)
	h.as(t, "wu").follow(path+"/unsuitable", url.Values{"why": {"只涉及两户"}}).wants(t, 200, []string{"不宜主动公开", "只涉及两户", "吴经办"}, secrets)
	zhou.post(path+"/handover", url.Values{"seen": {old}, "title": {"名册"}, "text": {"写了半天"}, "checked": {"yes"}}).wants(t, http.StatusConflict, []string{"吴经办", "写了半天"}, secrets)
}

// TestApplicantSuggests is 条例第四十四条第二款.
func TestApplicantSuggests(t *testing.T) {
	h := newHouse(t)
	id, path := servedByChat(t, h)
	zhou := h.as(t, "zhou")
	zhou.get("/proactive").wants(t, 200, nil, []string{id})
	zhou.follow(path+"/suggested", nil).wants(t, 200, []string{"请在“转为主动公开”里审核"}, secrets)
	zhou.get("/proactive").wants(t, 200, []string{id, "申请人建议主动公开"}, secrets)
	if _, err := h.desk.SuggestProactive(t.Context(), staff.Citizen, id); err == nil {
		t.Error("it was suggested twice")
	}
}
