package console_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"shoushan/posts"
	"shoushan/staff"
)

// secrets is what no page may show to anybody who has not asked for it with a reason.
var secrets = []string{secretNumber, secretPhone, secretEmail, secretName, "东街六号"}

func TestEveryPageForEveryRoleHidesPersonalData(t *testing.T) {
	h := newHouse(t)
	s := seed(t, h)
	for _, role := range staff.Roles() {
		b := h.as(t, loginOf[role])
		for _, page := range s.shots {
			if page.path == "/login" {
				continue
			}
			t.Run(fmt.Sprintf("%s as %s", page.name, role), func(t *testing.T) {
				got := b.get(page.path)
				if got.status >= 500 || got.status == http.StatusSeeOther {
					t.Errorf("status = %d: %s", got.status, got.sentence())
				}
				got.wants(t, got.status, []string{"<h1", `lang="zh-CN"`, "演示环境", `brand-name">崇文镇<`}, secrets)
			})
		}
	}
	if log := h.log.String(); slices.ContainsFunc(secrets, func(s string) bool { return strings.Contains(log, s) }) {
		t.Errorf("the log tells personal data: %s", log)
	}
}

// scenario is one step of one person, with what the answer must and must not say.
type scenario struct {
	name       string
	as         string
	method     string
	url        string
	form       url.Values
	wantStatus int
	want       []string
	notWant    []string
}

func (s scenario) run(t *testing.T, h *house) {
	t.Helper()
	b := h.as(t, s.as)
	got := b.get(s.url)
	if s.method == "POST" {
		got = b.post(s.url, s.form)
	}
	got.wants(t, s.wantStatus, s.want, append(s.notWant, secrets...))
}

func runAll(t *testing.T, h *house, scenarios []scenario) {
	t.Helper()
	for _, sc := range scenarios {
		t.Run(sc.name, func(t *testing.T) { sc.run(t, h) })
	}
}

func TestPages(t *testing.T) {
	h := newHouse(t)
	s := seed(t, h)
	request, draft := func(k string) string { return "/requests/" + s.requests[k] }, "/posts/"+s.posts[posts.Draft]
	runAll(t, h, []scenario{
		{"home of the desk: every waiting request with its clock", "zhou", "GET", "/", nil, 200, []string{"签收新申请", "送达答复", "已超期", "还剩 2 个工作日", s.requests["overdue"]}, []string{"签发答复", "等待初审"}},
		{"home of the signer", "zheng", "GET", "/", nil, 200, []string{"签发答复", "结果未知，要人处理", "待确认，要人处理"}, []string{"签收新申请"}},
		{"home of the first reviewer", "qian", "GET", "/", nil, 200, []string{"等待初审"}, []string{"依申请公开", "等待安排发布"}},
		{"home of the author: what came back", "sun", "GET", "/", nil, 200, []string{"退回修改", "人居环境"}, []string{"等待初审"}},
		{"home of the administrator: the failed job", "wang", "GET", "/", nil, 200, []string{"定时任务失败：期限提醒", "读取台账失败"}, nil},
		{"the register: overdue", "zhou", "GET", "/requests?queue=overdue", nil, 200, []string{s.requests["overdue"], "已超期"}, []string{s.requests["soon"]}},
		{"the register: due soon", "zhou", "GET", "/requests?queue=soon", nil, 200, []string{s.requests["soon"], "还剩 2 个工作日"}, []string{`request-` + s.requests["overdue"]}},
		{"the register: unopened", "zhou", "GET", "/requests?queue=unopened", nil, 200, []string{s.requests["unopened"], "未签收"}, []string{`request-` + s.requests["soon"]}},
		{"the register: an empty queue says what it means", "zhou", "GET", "/requests?queue=supplement", nil, 200, []string{"没有在等申请人补正的申请"}, nil},
		{"the register: closed", "zhou", "GET", "/requests?queue=closed", nil, 200, []string{s.requests["closed"], "予以公开"}, nil},
		{"a case: facts, masked", "zhou", "GET", request("handling"), nil, 200, []string{"140*************17", "139******01", "牛**", "为什么是这一天", "2026-12-15", "form-decide"}, []string{"form-signoff", "form-deliver"}},
		{"a case before the signer", "zheng", "GET", request("signoff"), nil, 200, []string{"form-signoff", "form-return", "拟稿"}, []string{"form-decide", "form-reveal", "下载 DOCX"}},
		{"a case with an outcome chosen asks what it demands", "zhou", "GET", request("handling") + "?outcome=r4_1", nil, 200, []string{`name="search_record"`, `name="right_organ"`}, []string{`name="governing_law"`}},
		{"a case with another outcome", "zhou", "GET", request("handling") + "?outcome=r3_8", nil, 200, []string{`name="governing_law"`}, []string{`name="search_record"`}},
		{"why this date", "zhou", "GET", request("handling") + "/why", nil, 200, []string{"条例第三十三条", "第 20 个工作日", "12月15日", "2026-12-15"}, nil},
		{"a letter masks the applicant", "zheng", "GET", request("delivery") + "/letters/2", nil, 200, []string{"陵川县崇文镇人民政府", "崇政公复〔2026〕", "牛**"}, nil},
		{"a letter that is not there", "zheng", "GET", request("delivery") + "/letters/9", nil, 404, []string{"没有这份文书"}, nil},
		{"a request that is not there", "zheng", "GET", "/requests/2026-9999", nil, 404, []string{"没有这件申请"}, nil},
		{"the register: found by number", "zhou", "GET", "/requests?q=" + s.requests["soon"], nil, 200, []string{"request-" + s.requests["soon"]}, []string{"request-" + s.requests["overdue"]}},
		{"posts: found by source", "sun", "GET", "/posts?state=published&q=新华", nil, 200, []string{"来源：新华网", "共 32 件"}, []string{"门户网站</td>"}},
		{"posts: what needs a person", "sun", "GET", "/posts?state=trouble", nil, 200, []string{"结果未知", "发布失败", "待确认"}, nil},
		{"a post nobody has answered for", "zheng", "GET", "/posts/" + s.posts[posts.OutcomeUnknown], nil, 200, []string{"没有收到平台的答复", "form-published", "form-unpublished", "进行中，还没有结果"}, []string{"form-publish\"", "form-schedule"}},
		{"a published post with its permanent link", "zheng", "GET", "/posts/" + s.posts[posts.Published], nil, 200, []string{"https://mp.weixin.qq.com/s/abcdefg", "permalink"}, nil},
		{"a repost names its source", "qian", "GET", "/posts/" + s.posts[posts.Approved], nil, 200, []string{"转载", "山西日报"}, nil},
		{"the approval form", "qian", "GET", "/posts/" + s.posts[posts.Published] + "/approval", nil, 200, []string{"信息发布审批表", "钱审核", "赵审核", "郑签发"}, nil},
		{"an author sees no review form on his own post", "sun", "GET", "/posts/" + s.posts[posts.InReview], nil, 200, []string{"审核中"}, []string{"form-approve"}},
		{"the editor", "sun", "GET", draft + "/edit", nil, 200, []string{"editor-title", "editor-markdown", `id="preview"`, "清洁取暖"}, nil},
		{"the report: what is left to write blocks", "zheng", "GET", "/report?year=2026", nil, 200, []string{"不通过", "2027年1月31日", "report-docx"}, nil},
		{"the report of a year that has not begun", "zheng", "GET", "/report?year=2031", nil, 404, nil, nil},
		{"the month's matching says so in its title too", "zheng", "GET", "/matching?month=2026-10", nil, 200, []string{"<title>2026 年 10 月发布核对 · 首善</title>"}, nil},
		{"help", "qian", "GET", "/help", nil, 200, []string{"二十个工作日", "自己写的稿件不能自己审"}, nil},
	})
}

func TestEveryFigureOpensTheListThatItCounts(t *testing.T) {
	h := newHouse(t)
	seed(t, h)
	b := h.as(t, "zhou")
	page := b.get("/figures").body
	links := 0
	for rest := page; ; {
		_, after, ok := strings.Cut(rest, `href="/figures/2026/`)
		if !ok {
			break
		}
		figure, tail, _ := strings.Cut(after, `"`)
		_, tail, _ = strings.Cut(tail, ">")
		tail = strings.TrimPrefix(tail, "<b>")
		count, _, _ := strings.Cut(tail, "<")
		rest, links = after, links+1
		list := b.get("/figures/2026/" + figure)
		if want := `id="figure-count">` + count + "<"; !strings.Contains(list.body, want) {
			t.Errorf("%s says %s, its list does not", figure, count)
		}
	}
	if links < 20 {
		t.Errorf("%d figures are links, want at least 20", links)
	}
	b.get("/figures/2026/account.original").wants(t, 200, []string{`id="figure-count">17<`}, nil)
	b.get("/figures/2026/no.such").wants(t, 404, []string{"没有这个统计数字"}, nil)
	h.as(t, "sun").get("/figures/2026/requests.new").wants(t, 403, []string{"只有办理和签发申请的人"}, []string{"2026-0001"})
}

func TestReportFiles(t *testing.T) {
	h := newHouse(t)
	seed(t, h)
	b := h.as(t, "zheng")
	tests := []struct{ file, kind, begins string }{
		{"report.docx", "application/vnd.openxmlformats", "PK"},
		{"report.html", "text/html", "<!DOCTYPE html>"},
		{"report.json", "application/json", "{"},
	}
	for _, tt := range tests {
		t.Run(tt.file, func(t *testing.T) {
			got := b.get("/report/2026/" + tt.file)
			got.wants(t, 200, nil, nil)
			if !strings.HasPrefix(got.header.Get("Content-Type"), tt.kind) || !strings.HasPrefix(strings.ToUpper(got.body), strings.ToUpper(tt.begins)) {
				t.Errorf("%s begins %.20q", got.header.Get("Content-Type"), got.body)
			}
			if !strings.HasPrefix(got.header.Get("Content-Disposition"), "attachment") {
				t.Errorf("Content-Disposition = %q", got.header.Get("Content-Disposition"))
			}
		})
	}
	b.get("/report/2026/report.exe").wants(t, 404, nil, nil)
	b.get("/report/2026/preview").wants(t, 200, []string{"2026年政府信息公开工作年度报告"}, nil)
}
