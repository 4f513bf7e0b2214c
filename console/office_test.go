package console_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"shoushan/staff"
)

func TestAdministration(t *testing.T) {
	h := newHouse(t)
	b := h.as(t, "wang")
	b.follow("/members", url.Values{"login": {"New.One"}, "name": {"新同事"}, "password": {"a long enough one"}, "role": {"author", "reviewer"}}).
		wants(t, 200, []string{"已添加 新同事", "撰稿、审核", "new.one"}, []string{"a long enough one", "argon2"})
	sun := h.as(t, "sun")
	reset := b.post("/members/sun/password", nil)
	_, rest, _ := strings.Cut(reset.body, `id="issued-password">`)
	issued, _, _ := strings.Cut(rest, "<")
	if got := sun.get("/"); got.status != http.StatusSeeOther {
		t.Errorf("the old session after a reset = %d", got.status)
	}
	if got := h.browser(t).post("/login", url.Values{"login": {"sun"}, "password": {issued}}); got.status != http.StatusSeeOther {
		t.Errorf("the issued password %q does not open: %s", issued, got.sentence())
	}
	b.get("/members/sun").wants(t, 200, nil, []string{issued})
	m := h.member("sun")
	b.follow("/members/sun", url.Values{"name": {"孙撰稿"}, "role": {"author"}, "disabled": {"yes"}, "version": {"2"}}).wants(t, 200, []string{"账号已停用"}, nil)
	b.post("/members/sun", url.Values{"name": {"孙"}, "role": {"author"}, "version": {"2"}}).wants(t, 409, []string{"刚才有别人改过"}, nil)
	if !h.member("sun").Disabled || m.Disabled {
		t.Error("sun is not disabled")
	}
	if !h.member("sun").Has(staff.Author) {
		t.Error("the role got lost")
	}
}

func TestJobs(t *testing.T) {
	h := newHouse(t)
	b := h.as(t, "wang")
	b.get("/jobs").wants(t, 200, []string{"到点发布", "2026-11-23 09:29", "没有到点的稿件", "失败", "读取台账失败"}, nil)
	b.follow("/jobs/due_posts/run", nil).wants(t, 200, []string{"已经安排立即运行"}, nil)
	b.post("/jobs/nothing/run", nil).wants(t, 404, []string{"没有这个定时任务"}, nil)
	if len(h.jobs.ran) != 1 || h.jobs.ran[0] != "due_posts" {
		t.Errorf("ran = %v", h.jobs.ran)
	}
}
