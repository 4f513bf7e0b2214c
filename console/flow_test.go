package console_test

import (
	"bytes"
	"context"
	"errors"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"shoushan/disclosure"
	"shoushan/fault"
	"shoushan/posts"
	"shoushan/report"
)

func intakeForm() url.Values {
	return url.Values{
		"channel": {"post"}, "announced_on": {"2026-11-20"}, "applicant_kind": {"natural"}, "name": {secretName}, "document": {secretNumber},
		"phone": {secretPhone}, "email": {secretEmail}, "address": {person.Address}, "description": {"2025年低保资金发放名册"},
		"medium": {"paper"}, "delivery": {"post"},
	}
}

func TestARequestFromTheCounterToTheLetterBox(t *testing.T) {
	h := newHouse(t)
	zhou, zheng := h.as(t, "zhou"), h.as(t, "zheng")
	zhou.follow("/requests", intakeForm()).wants(t, 200, []string{"已登记，编号 2026-0001", "办理中", "2026-12-18"}, secrets)
	zhou.follow("/requests/2026-0001/assign", url.Values{"handler": {"zhou"}}).wants(t, 200, []string{"已分派", "周经办"}, nil)
	zhou.follow("/requests/2026-0001/decide", url.Values{"outcome": {"r1"}, "how": {"attached"}, "content": {"《名册》，随函附后。"}}).
		wants(t, 200, []string{"等待另一位有权限的人签发", "待签发", "《名册》，随函附后。"}, secrets)
	zhou.get("/requests/2026-0001/letters/2/docx").wants(t, http.StatusConflict, []string{"还没有签发"}, secrets)
	zheng.get("/").wants(t, 200, []string{"签发答复", "2026-0001"}, nil)
	zheng.follow("/requests/2026-0001/signoff", nil).wants(t, 200, []string{"已签发", "待送达", "崇政公复〔2026〕1号"}, secrets)
	docx := zhou.get("/requests/2026-0001/letters/2/docx")
	if docx.status != 200 || !strings.HasPrefix(docx.body, "PK") {
		t.Errorf("the signed letter as DOCX = %d %.10q", docx.status, docx.body)
	}
	before, _ := h.Request(t.Context(), "2026-0001")
	asPicture := httptest.NewRequest("GET", "/requests/2026-0001/letters/2/docx", nil)
	asPicture.Header.Set("Sec-Fetch-Dest", "image")
	zhou.send(asPicture).wants(t, http.StatusForbidden, []string{"点击下载"}, nil)
	if after, _ := h.Request(t.Context(), "2026-0001"); len(after.Trail) != len(before.Trail) {
		t.Error("a picture of another page left a trace of a download")
	}
	zhou.get("/requests/2026-0001").wants(t, 200, []string{"下载文书：政府信息公开申请答复书"}, nil)
	zhou.follow("/requests/2026-0001/deliver", url.Values{"via": {"post"}, "proof": {"1234567890123"}}).
		wants(t, 200, []string{"申请办结", "已办结", "1234567890123", "2026年11月23日"}, secrets)
	zhou.get("/figures/2026/requests.closed").wants(t, 200, []string{"2026-0001", `id="figure-count">1<`}, secrets)
}

func TestRefusedFormsKeepWhatWasTyped(t *testing.T) {
	typed := func(form url.Values, changes ...string) url.Values {
		for i := 0; i < len(changes); i += 2 {
			form.Set(changes[i], changes[i+1])
		}
		return form
	}
	h := newHouse(t)
	s := seed(t, h)
	handling, signoff := "/requests/"+s.requests["handling"], "/requests/"+s.requests["signoff"]
	tests := []struct {
		name, as, url string
		form          url.Values
		status        int
		want          []string
	}{
		{"art. 29: a wrong identity number", "zhou", "/requests", typed(intakeForm(), "document", "140524199001010011"), 422, []string{"身份证号", "2025年低保资金发放名册", secretName}},
		{"art. 31: received tomorrow", "zhou", "/requests", typed(intakeForm(), "announced_on", "2026-11-24"), 422, []string{"不能晚于今天", "2025年低保资金发放名册"}},
		{"an outcome without what it demands", "zhou", handling + "/decide", url.Values{"outcome": {"r3_8"}, "governing_law": {""}}, 422, []string{"专门规定", `name="governing_law"`}},
		{"half of what an outcome demands", "zhou", handling + "/decide", url.Values{"outcome": {"r2"}, "content": {"公开第一至第六条"}, "refused_row": {"r3_4"}}, 422, []string{"事实和理由", "公开第一至第六条", `value="r3_4" selected`}},
		{"no outcome at all", "zhou", handling + "/decide", url.Values{}, 422, []string{"处理结果"}},
		{"returned without a reason", "zheng", signoff + "/return", url.Values{"reason": {" "}}, 422, []string{"退回的原因"}},
		{"a courier that is not the post", "zhou", "/requests/" + s.requests["delivery"] + "/deliver", url.Values{"via": {"post"}, "proof": {"顺丰 SF123"}}, 422, []string{"邮政", "顺丰 SF123"}},
		{"decided a second time: what was typed is shown to be copied", "zhou", signoff + "/decide", url.Values{"outcome": {"r3_4"}, "ground": {"第三方不同意公开，理由成立"}}, 409, []string{"您刚才填写的内容", "第三方不同意公开，理由成立"}},
		{"looking at personal data without a reason", "zhou", handling + "/reveal", url.Values{"why": {""}}, 422, []string{"为什么要查看"}},
		{"a repost without its source", "sun", "/posts", url.Values{"title": {"全省通知"}, "origin": {"repost"}, "markdown": {"正文一段"}}, 422, []string{"来源", "全省通知", "正文一段"}},
		{"neither original nor repost", "sun", "/posts", url.Values{"title": {"全省通知"}, "markdown": {"正文一段"}}, 422, []string{"原创", "正文一段"}},
		{"scheduled in the past", "zheng", "/posts/" + s.posts[posts.Approved] + "/schedule", url.Values{"at": {"2026-11-23T09:29"}}, 422, []string{"已经过去", `value="2026-11-23T09:29"`}},
		{"scheduled at no time", "zheng", "/posts/" + s.posts[posts.Approved] + "/schedule", url.Values{"at": {"明天"}}, 422, []string{"北京时间"}},
		{"returned without a reason, a post", "qian", "/posts/" + s.posts[posts.InReview] + "/return", url.Values{"reason": {""}}, 422, []string{"退回"}},
		{"published elsewhere without a time", "sun", "/posts/elsewhere", url.Values{"title": {"门户信息"}, "origin": {"original"}, "channel": {"portal"}}, 422, []string{"发布时间", "门户信息"}},
		{"a member with a short password", "wang", "/members", url.Values{"login": {"new"}, "name": {"新同事"}, "password": {"short"}, "role": {"author"}}, 422, []string{"至少 10 个字符", "新同事", `value="author" checked`}},
		{"a login that is taken", "wang", "/members", url.Values{"login": {"sun"}, "name": {"新同事"}, "password": {"a long enough one"}, "role": {"author"}}, 409, []string{"已经有人用了"}},
		{"an administrator shuts himself out", "wang", "/members/wang", url.Values{"name": {"王管理"}, "role": {"author"}, "version": {"1"}}, 422, []string{"不能停用自己"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h.as(t, tt.as).post(tt.url, tt.form).wants(t, tt.status, tt.want, []string{"short\"", "a long enough one"})
		})
	}
}

func TestRevealLeavesAnEventAndIsNotKept(t *testing.T) {
	h := newHouse(t)
	s := seed(t, h)
	b, path := h.as(t, "zhou"), "/requests/"+s.requests["handling"]
	b.post(path+"/reveal", url.Values{"why": {"填写EMS收件人"}}).wants(t, 200, []string{secretName, secretNumber, secretPhone, "本次查看已记录"}, nil)
	b.get(path).wants(t, 200, []string{"查看个人信息", "填写EMS收件人", "140*************17"}, secrets)
	h.as(t, "zheng").post(path+"/reveal", url.Values{"why": {"好奇"}}).wants(t, 403, nil, secrets)
}

func TestAnArticleFromTheDeskToTheSchedule(t *testing.T) {
	h := newHouse(t)
	sun, qian, zhao, zheng := h.as(t, "sun"), h.as(t, "qian"), h.as(t, "zhao"), h.as(t, "zheng")
	form := url.Values{"title": {"清洁取暖检查"}, "origin": {"original"}, "markdown": {article}, "channel": {"account"}}
	got := sun.post("/posts", form)
	path := got.location()
	if got.status != http.StatusSeeOther || !strings.HasPrefix(path, "/posts/") {
		t.Fatalf("create = %d %s %s", got.status, path, got.sentence())
	}
	sun.get(path).wants(t, 200, []string{"稿件已保存", "草稿", "form-submit"}, nil)
	sun.follow(path+"/submit", nil).wants(t, 200, []string{"已送审", "审核中"}, []string{"form-approve"})
	qian.follow(path+"/return", url.Values{"reason": {"户数请核实"}}).wants(t, 200, []string{"已退回作者", "户数请核实", "草稿"}, nil)
	sun.get("/").wants(t, 200, []string{"退回修改", "清洁取暖检查"}, nil)
	sun.follow(path+"/submit", nil)
	qian.follow(path+"/approve", url.Values{"comment": {"同意"}})
	qian.post(path+"/approve", nil).wants(t, 403, []string{"三审要由不同的人"}, nil)
	zhao.follow(path+"/approve", nil)
	zheng.follow(path+"/approve", nil).wants(t, 200, []string{"已审定", "form-schedule"}, nil)
	zheng.follow(path+"/schedule", url.Values{"at": {"2026-11-23T15:00"}}).wants(t, 200, []string{"2026-11-23 15:00（北京时间）", "已定时"}, nil)
	zheng.follow(path+"/unschedule", nil).wants(t, 200, []string{"已审定"}, nil)
	zheng.follow(path+"/publish", nil).wants(t, 200, []string{"正在发布"}, nil)
}

func TestTwoPeopleEditOnePost(t *testing.T) {
	h := newHouse(t)
	p := h.newPost(t, "原来的标题", posts.Original)
	first, second := h.as(t, "sun"), h.as(t, "li2")
	form := func(title string) url.Values {
		return url.Values{"version": {"1"}, "title": {title}, "origin": {"original"}, "markdown": {title + "的正文"}}
	}
	first.follow("/posts/"+p.ID+"/edit", form("孙写的"))
	refused := second.post("/posts/"+p.ID+"/edit", form("李写的"))
	refused.wants(t, http.StatusConflict, []string{"被别人修改过", `value="李写的"`, "李写的的正文", "孙撰稿 在", "孙写的的正文", `name="version" value="2"`}, nil)
	if stored, _ := h.Post(t.Context(), p.ID); stored.Content.Title != "孙写的" {
		t.Errorf("the stored title is %q: the second overwrote the first unseen", stored.Content.Title)
	}
	again := form("李写的")
	again.Set("version", "2")
	second.follow("/posts/"+p.ID+"/edit", again).wants(t, 200, []string{"李写的"}, nil)
}

func TestTwoPeopleActOnOneRequest(t *testing.T) {
	h := newHouse(t)
	r := h.file(t, disclosure.AtCounter, 3)
	h.now = monday
	zhou, wu := h.as(t, "zhou"), h.as(t, "wu")
	zhou.follow("/requests/"+r.ID+"/decide", url.Values{"outcome": {"r1"}, "how": {"attached"}, "content": {"周拟的"}})
	wu.post("/requests/"+r.ID+"/decide", url.Values{"outcome": {"r4_2"}, "ground": {"吴写的理由"}}).
		wants(t, http.StatusConflict, []string{"待签发", "吴写的理由", "周拟的"}, nil)
}

func TestPostsFromOtherSitesAreRefused(t *testing.T) {
	h := newHouse(t)
	b := h.as(t, "wang")
	tests := []struct{ name, header, value string }{
		{"by Sec-Fetch-Site", "Sec-Fetch-Site", "cross-site"},
		{"by Origin", "Origin", "https://evil.example"},
		{"from a neighbour", "Sec-Fetch-Site", "same-site"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := request("POST", "/jobs/due_posts/run")
			r.Header.Set(tt.header, tt.value)
			b.send(r).wants(t, http.StatusForbidden, []string{"不是从本系统的页面发出的"}, nil)
		})
	}
	if len(h.jobs.ran) != 0 {
		t.Errorf("jobs ran: %v", h.jobs.ran)
	}
	own := request("POST", "/jobs/due_posts/run")
	own.Header.Set("Sec-Fetch-Site", "same-origin")
	if got := b.send(own); got.status != http.StatusSeeOther || len(h.jobs.ran) != 1 {
		t.Errorf("our own page: %d, ran %v", got.status, h.jobs.ran)
	}
}

func TestSecurityHeaders(t *testing.T) {
	h := newHouse(t)
	b := h.as(t, "sun")
	got := b.get("/")
	want := map[string]string{"X-Frame-Options": "DENY", "X-Content-Type-Options": "nosniff", "Cache-Control": "no-store", "Referrer-Policy": "same-origin"}
	for name, value := range want {
		if got.header.Get(name) != value {
			t.Errorf("%s = %q, want %q", name, got.header.Get(name), value)
		}
	}
	for _, page := range []string{"/", "/posts/new", "/login"} {
		if csp := b.get(page).header.Get("Content-Security-Policy"); strings.Contains(csp, "unsafe") || !strings.Contains(csp, "default-src 'none'") {
			t.Errorf("%s: Content-Security-Policy = %q", page, csp)
		}
	}
	if csp := b.get("/posts/preview").header.Get("Content-Security-Policy"); !strings.Contains(csp, "sandbox") || strings.Contains(csp, "script-src") {
		t.Errorf("preview: Content-Security-Policy = %q", csp)
	}
	login := h.browser(t).post("/login", url.Values{"login": {"sun"}, "password": {password}})
	if cookie := login.header.Get("Set-Cookie"); !strings.Contains(cookie, "HttpOnly") || !strings.Contains(cookie, "SameSite=Lax") {
		t.Errorf("Set-Cookie = %q", cookie)
	}
}

func TestPreviewIsWhatWillBePublished(t *testing.T) {
	h := newHouse(t)
	b := h.as(t, "sun")
	got := b.post("/posts/preview", url.Values{"title": {"题<b>"}, "origin": {"repost"}, "source_name": {"新华网"}, "markdown": {"## 小标题\n\n<script>alert(1)</script> **重点**"}})
	got.wants(t, 200, []string{"来源：新华网", "小标题", "题&lt;b&gt;", "责任编辑：孙撰稿"}, []string{"<script", "题<b>"})
}

func upload(t *testing.T, b *browser, data []byte) answer {
	t.Helper()
	return b.uploadTo(t, "/files", "picture", "a.png", data)
}

func (b *browser) uploadTo(t *testing.T, path, field, name string, data []byte) answer {
	t.Helper()
	body, kind := multipartBody(t, field, name, data)
	r := httptest.NewRequest("POST", path, body)
	r.Header.Set("Content-Type", kind)
	return b.send(r)
}

func multipartBody(t *testing.T, field, name string, data []byte) (body *bytes.Buffer, kind string) {
	t.Helper()
	return multipartOf(t, attached{field, name, data})
}

// attached is a file of a form.
type attached struct {
	field, name string
	data        []byte
}

func multipartOf(t *testing.T, files ...attached) (body *bytes.Buffer, kind string) {
	t.Helper()
	body = &bytes.Buffer{}
	w := multipart.NewWriter(body)
	for _, f := range files {
		part, err := w.CreateFormFile(f.field, f.name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := part.Write(f.data); err != nil {
			t.Fatal(err)
		}
	}
	w.Close()
	return body, w.FormDataContentType()
}

func TestPictures(t *testing.T) {
	h := newHouse(t)
	b := h.as(t, "sun")
	got := upload(t, b, drawing(t))
	got.wants(t, 200, []string{`"markdown":"![](file:`}, nil)
	_, rest, _ := strings.Cut(got.body, `"id":"`)
	id, _, _ := strings.Cut(rest, `"`)
	picture := b.get("/files/" + id)
	if picture.status != 200 || picture.header.Get("Content-Type") != "image/png" || !strings.Contains(picture.header.Get("Content-Security-Policy"), "sandbox") {
		t.Errorf("picture = %d %s %s", picture.status, picture.header.Get("Content-Type"), picture.header.Get("Content-Security-Policy"))
	}
	upload(t, b, []byte("<html>no picture</html>")).wants(t, 422, []string{"problem", "图片"}, nil)
	upload(t, b, bytes.Repeat([]byte("x"), 22<<20)).wants(t, 422, []string{"超过"}, nil)
	secret, err := h.SaveFile(t.Context(), []byte("<html>an applicant's document</html>"))
	if err != nil {
		t.Fatal(err)
	}
	b.get("/files/"+secret).wants(t, 404, nil, []string{"applicant"})
	sun := b.post("/posts", url.Values{"title": {"有图"}, "origin": {"original"}, "markdown": {"![](file:" + id + ")"}})
	if post, _ := h.Post(t.Context(), strings.TrimPrefix(sun.location(), "/posts/")); post.Content.Cover != id {
		t.Errorf("cover = %q, want the first picture %q", post.Content.Cover, id)
	}
}

func TestCheckingAReportByUpload(t *testing.T) {
	h := newHouse(t)
	seed(t, h)
	b := h.as(t, "zheng")
	own := []byte(b.get("/report/2026/report.json").body)
	b.uploadTo(t, "/report/check", "report", "r.json", own).wants(t, 200, []string{"陵川县崇文镇人民政府 2026 年", "不通过", "没写完"}, []string{"T3-BALANCE"})
	annual, err := report.Read("r.json", own)
	if err != nil {
		t.Fatal(err)
	}
	row := annual.T3.Rows["new"]
	row[0] = report.Count(6)
	annual.T3.Rows["new"] = row
	var wrong bytes.Buffer
	if err := report.WriteJSON(&wrong, annual); err != nil {
		t.Fatal(err)
	}
	b.uploadTo(t, "/report/check", "report", "r.json", wrong.Bytes()).wants(t, 200, []string{"T3-BALANCE", "T3-ROWSUM"}, nil)
	b.uploadTo(t, "/report/check", "report", "r.exe", []byte("MZ")).wants(t, 422, nil, []string{"check-result"})
	b.post("/report/check", url.Values{}).wants(t, 422, []string{"请选择要检查的文件"}, nil)
}

func TestCheckingAgainstLastYearsReport(t *testing.T) {
	h := newHouse(t)
	seed(t, h)
	b := h.as(t, "zheng")
	own := []byte(b.get("/report/2026/report.json").body)
	annual, err := report.Read("r.json", own)
	if err != nil {
		t.Fatal(err)
	}
	annual.Year--
	row := annual.T3.Rows["carried_out"]
	row[0] = report.Count(7) // of which this year's report carries in none
	annual.T3.Rows["carried_out"] = row
	var before bytes.Buffer
	if err := report.WriteJSON(&before, annual); err != nil {
		t.Fatal(err)
	}
	check := func(previous attached) answer {
		body, kind := multipartOf(t, attached{"report", "r.json", own}, previous)
		r := httptest.NewRequest("POST", "/report/check", body)
		r.Header.Set("Content-Type", kind)
		return b.send(r)
	}
	b.uploadTo(t, "/report/check", "report", "r.json", own).wants(t, 200, []string{"check-result"}, []string{"T3-CARRY"})
	check(attached{"previous", "before.json", before.Bytes()}).wants(t, 200, []string{"check-result", "T3-CARRY"}, nil)
	check(attached{"previous", "before.exe", []byte("MZ")}).wants(t, 422, []string{"problem"}, []string{"check-result"})
}

// Who closes a page in mid-request has left; nothing of ours failed.
func TestLeavingAPageIsNoErrorInTheLog(t *testing.T) {
	for cause, loud := range map[error]bool{context.Canceled: false, errors.New("connection refused"): true} {
		h := newHouse(t)
		b := h.as(t, "zhou")
		h.broken = fault.Wrap(fault.Unavailable, cause, "数据库暂时没有应答。")
		ctx, leave := context.WithCancel(t.Context())
		leave()
		b.send(httptest.NewRequestWithContext(ctx, http.MethodGet, "/requests", nil))
		if got := strings.Contains(h.log.String(), "level=ERROR"); got != loud || !strings.Contains(h.log.String(), cause.Error()) {
			t.Errorf("%v: an error in the log: %v, want %v:\n%s", cause, got, loud, h.log)
		}
	}
}

// A session that cannot be kept is found out when the page begins to be written: the error stands there, and nothing else.
func TestASessionThatCannotBeKept(t *testing.T) {
	h := newHouse(t)
	b := h.as(t, "zhou")
	h.sessions.refuse = fault.New(fault.Unavailable, "数据库暂时没有应答，请稍后再试。")
	got := b.get("/requests")
	got.wants(t, http.StatusServiceUnavailable, []string{"数据库暂时没有应答", "编号"}, []string{"登记台账"})
	if n := strings.Count(got.body, "<html"); n != 1 {
		t.Errorf("%d pages in one answer, want 1:\n%s", n, got.body)
	}
}

func TestFailuresHaveANumberThatTheLogKnows(t *testing.T) {
	h := newHouse(t)
	s := seed(t, h)
	b := h.as(t, "zhou")
	h.broken = errors.New("redis: password=hunter2: connection refused")
	pages := []answer{
		b.get("/requests"), b.get("/requests/" + s.requests["handling"]),
	}
	for _, got := range pages {
		got.wants(t, http.StatusInternalServerError, []string{"系统出了点问题", "编号"}, []string{"hunter2", "redis"})
		_, rest, _ := strings.Cut(got.body, "<code>")
		reference, _, _ := strings.Cut(rest, "</code>")
		if len(reference) != 8 || !strings.Contains(h.log.String(), reference) {
			t.Errorf("reference %q is not in the log:\n%s", reference, h.log)
		}
	}
	if !strings.Contains(h.log.String(), "GET /requests/{id}") || strings.Contains(h.log.String(), s.requests["handling"]) {
		t.Errorf("the log names the route and not the address:\n%s", h.log)
	}
}
