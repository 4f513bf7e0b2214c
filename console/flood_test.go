package console_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"shoushan/console"
	"shoushan/fault"
)

// A flood before login costs neither memory nor a member's attempts.

func TestWhatIsNoLoginNameIsNotCounted(t *testing.T) {
	h := newHouse(t)
	b := h.browser(t)
	for _, login := range []string{strings.Repeat("a", 33), "-x", "a b", "张三", "x@y"} {
		for range 10 {
			got := b.post("/login", url.Values{"login": {login}, "password": {"x"}})
			got.wants(t, http.StatusForbidden, []string{"登录名或密码不对"}, nil)
		}
	}
	if got := b.post("/login", url.Values{"login": {"sun"}, "password": {password}}); got.status != http.StatusSeeOther {
		t.Errorf("a member after them = %d %s, want 303", got.status, got.sentence())
	}
}

func TestFormsBeforeLoginAreSmall(t *testing.T) {
	h := newHouse(t)
	for _, path := range []string{"/login", "/login/code"} {
		got := h.browser(t).post(path, url.Values{"login": {"sun"}, "password": {password}, "next": {"/" + strings.Repeat("x", 5<<10)}})
		got.wants(t, http.StatusUnprocessableEntity, []string{"超过 4 KB"}, nil)
	}
}

func TestTheCountOfAttemptsIsBounded(t *testing.T) {
	windows, refused := console.Flood(func() time.Time { return monday }, 15_000)
	if windows > 20_000 || !fault.Is(refused, fault.Unavailable) {
		t.Errorf("%d windows, refused %v; want at most 20 000 and Unavailable", windows, refused)
	}
	at := monday
	later := func() time.Time { at = at.Add(time.Second); return at }
	if windows, refused := console.Flood(later, 15_000); windows > 20_000 || refused != nil {
		t.Errorf("over four hours: %d windows, refused %v; want old ones forgotten", windows, refused)
	}
}

func TestAFewUploadsAreOpenedAtOnce(t *testing.T) {
	h := newHouse(t)
	sun, zheng := h.as(t, "sun"), h.as(t, "zheng")
	impatient := func(b *browser, path, field, name string, data []byte) answer {
		t.Helper()
		body, kind := multipartBody(t, field, name, data)
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		defer cancel()
		r := httptest.NewRequestWithContext(ctx, "POST", path, body)
		r.Header.Set("Content-Type", kind)
		return b.send(r)
	}
	release := console.OpenUploads(h.console)
	impatient(sun, "/files", "picture", "p.png", drawing(t)).wants(t, http.StatusServiceUnavailable, []string{"上传的文件太多"}, nil)
	impatient(zheng, "/report/check", "report", "r.json", []byte("{}")).wants(t, http.StatusServiceUnavailable, []string{"上传的文件太多"}, nil)
	release()
	upload(t, sun, drawing(t)).wants(t, http.StatusOK, nil, nil)
}
