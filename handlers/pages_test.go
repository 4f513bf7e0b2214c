package handlers_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"shoushan/disclosure"
	"shoushan/fault"
	"shoushan/handlers"
	"shoushan/workday"
)

// visit is a request to the public pages.
func (w *world) visit(t testing.TB, method, path string, form url.Values) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, path, strings.NewReader(form.Encode()))
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	rec := httptest.NewRecorder()
	w.citizen.Pages().ServeHTTP(rec, r)
	return rec
}

func TestPages(t *testing.T) {
	tests := []struct {
		name, method, path string
		form               url.Values
		status             int
		want, notWant      []string
	}{
		{"art. 12: the guide names the organ and its channels", http.MethodGet, "/guide", nil, 200,
			[]string{town.Name, town.Address, town.Hours, town.Phone, town.PostCode, town.AccountName, "信封注明“政府信息公开申请”", "20 个工作日", town.ReviewingOrgan}, []string{"传真"}},
		{"the privacy notice", http.MethodGet, "/privacy", nil, 200, []string{"7 天", "第二十九条", "取消关注"}, nil},
		{"the form alone", http.MethodGet, "/progress", nil, 200, []string{`name="code"`, `method="post"`}, []string{"申请 2026"}},
		{"the case by number and code", http.MethodPost, "/progress", url.Values{"id": {"2026-0001"}, "code": {"123456"}}, 200,
			[]string{"申请 2026-0001", "2026年12月21日"}, []string{"王小明", "1405991990", "13900000000", "低保对象名单"}},
		{"full-width digits", http.MethodPost, "/progress", url.Values{"id": {" ２０２６－０００１ "}, "code": {"１２３４５６"}}, 200, []string{"申请 2026-0001"}, nil},
		{"a wrong code", http.MethodPost, "/progress", url.Values{"id": {"2026-0001"}, "code": {"000000"}}, 404, []string{"对不上"}, []string{"申请 2026-0001"}},
		{"a wrong number says the same", http.MethodPost, "/progress", url.Values{"id": {"2026-9999"}, "code": {"123456"}}, 404, []string{"对不上"}, nil},
		{"no number at all", http.MethodPost, "/progress", url.Values{"id": {"<script>"}, "code": {"1"}}, 422, []string{"6 位数字"}, []string{"<script>"}},
		{"a huge body", http.MethodPost, "/progress", url.Values{"id": {strings.Repeat("9", 10_000)}}, 422, []string{"重新填写"}, nil},
		{"numbers in the address are not read", http.MethodGet, "/progress?id=2026-0001&code=123456", nil, 200, nil, []string{"申请 2026-0001"}},
		{"nothing else is here", http.MethodGet, "/admin", nil, 404, nil, nil},
		{"the guide takes no form", http.MethodPost, "/guide", nil, 405, nil, nil},
	}
	w := newWorld(t)
	w.file(t, "c")
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := w.visit(t, tt.method, tt.path, tt.form)
			if got.Code != tt.status {
				t.Errorf("status = %d, want %d", got.Code, tt.status)
			}
			for _, s := range tt.want {
				if !strings.Contains(got.Body.String(), s) {
					t.Errorf("page lacks %q:\n%s", s, got.Body)
				}
			}
			for _, s := range tt.notWant {
				if strings.Contains(got.Body.String(), s) {
					t.Errorf("page shows %q", s)
				}
			}
		})
	}
}

// What was served can be read again with number and code; a withdrawn request has no answer.
func TestPageOfAnEndedRequest(t *testing.T) {
	w := newWorld(t)
	answered, withdrawn := w.file(t, "c"), w.file(t, "d")
	look := func(r disclosure.Request) string {
		return w.visit(t, http.MethodPost, "/progress", url.Values{"id": {r.ID}, "code": {r.QueryCode}}).Body.String()
	}
	w.draftReply(t, answered.ID)
	if got := look(answered); strings.Contains(got, "12 户") || !strings.Contains(got, "答复期限") {
		t.Errorf("the page shows an unsigned draft: %s", got)
	}
	w.serveReply(t, answered.ID)
	if got := look(answered); !strings.Contains(got, "12 户") || !strings.Contains(got, "崇政公复〔2026〕1号") || !strings.Contains(got, "答复日期") {
		t.Errorf("the page lacks the served letter: %s", got)
	}
	w.says(t, "d", "确定撤回 "+withdrawn.ID)
	if got := look(withdrawn); !strings.Contains(got, "办结日期") || strings.Contains(got, "答复日期") || strings.Contains(got, "结案单") {
		t.Errorf("the page of a withdrawn request: %s", got)
	}
}

// The policy lets in exactly the embedded style and nothing else.
func TestPagesPolicy(t *testing.T) {
	w := newWorld(t)
	for _, path := range []string{handlers.GuidePath, handlers.PrivacyPath, handlers.ProgressPath} {
		got := w.visit(t, http.MethodGet, path, nil)
		style := regexp.MustCompile(`(?s)<style>(.*?)</style>`).FindStringSubmatch(got.Body.String())
		if style == nil {
			t.Fatalf("%s has no style", path)
		}
		sum := sha256.Sum256([]byte(style[1]))
		want := "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
		if policy := got.Header().Get("Content-Security-Policy"); policy != want {
			t.Errorf("%s: policy %q, want %q", path, policy, want)
		}
		for header, want := range map[string]string{"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff"} {
			if got.Header().Get(header) != want {
				t.Errorf("%s: %s = %q, want %q", path, header, got.Header().Get(header), want)
			}
		}
		for _, bad := range []string{"<script", "style=\"", "onclick", "http://"} {
			if strings.Contains(got.Body.String(), bad) {
				t.Errorf("%s contains %q", path, bad)
			}
		}
	}
}

// Five wrong codes from one address close the door for a quarter of an hour; another address is not affected.
func TestPagesCountWrongCodes(t *testing.T) {
	w := newWorld(t)
	w.file(t, "c")
	address := "192.0.2.1"
	w.citizen.ClientIP = func(*http.Request) string { return address }
	try := func(code string) int {
		return w.visit(t, http.MethodPost, "/progress", url.Values{"id": {"2026-0001"}, "code": {code}}).Code
	}
	for i := range 5 {
		if got := try("000000"); got != http.StatusNotFound {
			t.Errorf("wrong code %d: status %d, want 404", i+1, got)
		}
	}
	if got := try("123456"); got != http.StatusTooManyRequests {
		t.Errorf("the right code after five wrong ones: status %d, want 429", got)
	}
	address = "192.0.2.2"
	if got := try("123456"); got != http.StatusOK {
		t.Errorf("another address: status %d, want 200", got)
	}
	address = "192.0.2.1"
	w.now = w.now.Add(16 * time.Minute)
	if got := try("123456"); got != http.StatusOK {
		t.Errorf("16 minutes later: status %d, want 200", got)
	}
}

// A code guessed from many addresses is stopped by the request's own count.
func TestManyAddressesOnOneRequest(t *testing.T) {
	w := newWorld(t)
	w.file(t, "c")
	tries := 0
	w.citizen.ClientIP = func(*http.Request) string { tries++; return string(rune('a' + tries)) }
	for i := range 31 {
		got := w.visit(t, http.MethodPost, "/progress", url.Values{"id": {"2026-0001"}, "code": {"000000"}}).Code
		if want := map[bool]int{true: 404, false: 429}[i < 30]; got != want {
			t.Errorf("try %d: status %d, want %d", i+1, got, want)
		}
	}
	if got := w.says(t, "c", "2026-0001"); !strings.Contains(got, "申请编号") {
		t.Errorf("the applicant's own look-up is stopped too: %s", got)
	}
}

func TestPageOfABrokenStoreTellsNothing(t *testing.T) {
	w := newWorld(t)
	var log bytes.Buffer
	w.citizen.Guesses, w.citizen.Log = brokenGuesses{}, slog.New(slog.NewTextHandler(&log, nil))
	got := w.visit(t, http.MethodPost, "/progress", url.Values{"id": {"2026-0001"}, "code": {"123456"}})
	if got.Code != http.StatusInternalServerError || strings.Contains(got.Body.String(), "6379") || !strings.Contains(got.Body.String(), "系统出了点问题") {
		t.Errorf("status %d, body %s; want 500 and the apology", got.Code, got.Body)
	}
	ref := regexp.MustCompile(`问题编号 ([0-9A-F]+)`).FindStringSubmatch(got.Body.String())
	if ref == nil || !strings.Contains(log.String(), "ref="+ref[1]) || !strings.Contains(log.String(), "6379") {
		t.Errorf("log %q does not name the cause under the reference %q", &log, ref)
	}
	if strings.Contains(log.String(), "123456") {
		t.Errorf("the query code is in the log: %s", &log)
	}
}

// Another site must not try codes in a visitor's name.
func TestProgressIsAskedForFromItsOwnPageOnly(t *testing.T) {
	tests := []struct {
		name   string
		header map[string]string
		want   int
	}{
		{"the page itself", map[string]string{"Sec-Fetch-Site": "same-origin", "Origin": "https://xxgk.example"}, 200},
		{"an old browser that says nothing", nil, 200},
		{"an old browser, through a proxy that names another host", map[string]string{"Origin": "https://xxgk.example"}, 200},
		{"another site", map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}, 403},
		{"another site in an old browser", map[string]string{"Origin": "https://evil.example"}, 403},
		{"another site that hides its origin", map[string]string{"Origin": "null"}, 403},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t)
			w.file(t, "c")
			form := url.Values{"id": {"2026-0001"}, "code": {"123456"}}
			r := httptest.NewRequest(http.MethodPost, "http://10.0.0.1/progress", strings.NewReader(form.Encode()))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			for name, value := range tt.header {
				r.Header.Set(name, value)
			}
			got := httptest.NewRecorder()
			w.citizen.Pages().ServeHTTP(got, r)
			shown := strings.Contains(got.Body.String(), "申请 2026-0001")
			if got.Code != tt.want || shown != (tt.want == 200) {
				t.Errorf("status %d, case shown %v, want %d", got.Code, shown, tt.want)
			}
		})
	}
}

// Who closes the page in mid-request has left; the log has an error only when something of ours failed.
func TestLeavingAPageIsNoErrorInTheLog(t *testing.T) {
	tests := []struct {
		name  string
		leave bool
		cause error
		loud  bool
	}{
		{"the visitor leaves and the work ends", true, context.Canceled, false},
		{"the visitor leaves a store that is down", true, errBroken, true},
		{"the store is down", false, errBroken, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w, log := newWorld(t), &bytes.Buffer{}
			w.file(t, "c")
			ctx, leave := context.WithCancel(t.Context())
			defer leave()
			w.citizen.Log = slog.New(slog.NewTextHandler(log, nil))
			w.citizen.Calendar = func(context.Context) (workday.Calendar, error) {
				if tt.leave {
					leave()
				}
				return workday.Calendar{}, fault.Wrap(fault.Unavailable, tt.cause, "数据库暂时没有应答。")
			}
			r := httptest.NewRequestWithContext(ctx, http.MethodPost, "/progress", strings.NewReader("id=2026-0001&code=123456"))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			w.citizen.Pages().ServeHTTP(httptest.NewRecorder(), r)
			if got := strings.Contains(log.String(), "level=ERROR"); got != tt.loud || !strings.Contains(log.String(), "public page failed") {
				t.Errorf("an error in the log: %v, want %v:\n%s", got, tt.loud, log)
			}
		})
	}
}
