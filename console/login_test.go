package console_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"
	"github.com/pquerna/otp/totp"

	"shoushan/console"
	"shoushan/fault"
	"shoushan/staff"
)

func TestLogin(t *testing.T) {
	tests := []struct {
		name, login, password string
		want                  int
	}{
		{"the right password", "sun", password, http.StatusSeeOther},
		{"upper case is the same login", "SUN", password, http.StatusSeeOther},
		{"a wrong password", "sun", "wrong", http.StatusForbidden},
		{"an unknown login", "nobody", password, http.StatusForbidden},
		{"a disabled member", "li2", password, http.StatusForbidden},
		{"a member without a password", "qian", "", http.StatusForbidden},
		{"nothing at all", "", "", http.StatusForbidden},
	}
	h := newHouse(t)
	for login, change := range map[string]func(*staff.Member){
		"li2":  func(m *staff.Member) { m.Disabled = true },
		"qian": func(m *staff.Member) { m.PasswordHash = "" },
	} {
		changeMember(t, h, login, change)
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := h.browser(t).post("/login", url.Values{"login": {tt.login}, "password": {tt.password}})
			if got.status != tt.want {
				t.Errorf("status = %d, want %d", got.status, tt.want)
			}
			if tt.want == http.StatusForbidden && !strings.Contains(got.body, "登录名或密码不对") {
				t.Errorf("sentence = %q, want one that does not tell which of the two was wrong", got.sentence())
			}
			if strings.Contains(got.body, tt.password) && len(tt.password) > 5 {
				t.Error("the password comes back in the page")
			}
		})
	}
}

func changeMember(t *testing.T, h *house, id string, change func(*staff.Member)) {
	t.Helper()
	m, err := h.Member(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	change(&m)
	if err := h.SaveMember(t.Context(), m); err != nil {
		t.Fatal(err)
	}
}

func TestLoginLeadsBackToThePageAskedFor(t *testing.T) {
	tests := []struct{ name, next, want string }{
		{"a page of ours", "/help", "/help"},
		{"none", "", "/"},
		{"another site", "https://evil.example/", "/"},
		{"another site without a scheme", "//evil.example/", "/"},
		{"another site behind a backslash", "/\\evil.example", "/"},
		{"another site behind a tab", "/\t/evil.example", "/"},
		{"a character that browsers drop", "/help\x7f", "/"},
		{"a header in disguise", "/x\r\nSet-Cookie: a=b", "/"},
	}
	h := newHouse(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := h.browser(t).post("/login", url.Values{"login": {"sun"}, "password": {password}, "next": {tt.next}})
			if got.location() != tt.want {
				t.Errorf("Location = %q, want %q", got.location(), tt.want)
			}
		})
	}
	if got := h.browser(t).get("/requests?queue=soon").location(); got != "/login?next=%2Frequests%3Fqueue%3Dsoon" {
		t.Errorf("a visitor who is not logged in is sent to %q", got)
	}
}

func TestLoginRenewsTheSession(t *testing.T) {
	h := newHouse(t)
	changeMember(t, h, "zhou", func(m *staff.Member) { m.TOTPSecret = "JBSWY3DPEHPK3PXP" })
	b := h.browser(t)
	b.post("/login", url.Values{"login": {"zhou"}, "password": {password}})
	before := b.cookies["shoushan"]
	code, err := totp.GenerateCode("JBSWY3DPEHPK3PXP", h.now)
	if err != nil {
		t.Fatal(err)
	}
	if got := b.post("/login/code", url.Values{"code": {code}}); got.location() != "/" {
		t.Fatalf("the right code leads to %q: %s", got.location(), got.sentence())
	}
	if before == "" || before == b.cookies["shoushan"] {
		t.Error("the session token did not change at login")
	}
	if got := b.get("/"); got.status != http.StatusOK {
		t.Errorf("home after login = %d", got.status)
	}
	old := h.browser(t)
	old.cookies["shoushan"] = before
	if got := old.get("/"); got.status != http.StatusSeeOther {
		t.Errorf("the token from before the login still opens pages: %d", got.status)
	}
}

func TestOneTimeCode(t *testing.T) {
	const secret = "JBSWY3DPEHPK3PXP"
	h := newHouse(t)
	changeMember(t, h, "zheng", func(m *staff.Member) { m.TOTPSecret = secret })
	b := h.browser(t)
	if got := b.post("/login", url.Values{"login": {"zheng"}, "password": {password}}); got.location() != "/login/code" {
		t.Fatalf("the password alone leads to %q", got.location())
	}
	if got := b.get("/"); got.status != http.StatusSeeOther || !strings.HasPrefix(got.location(), "/login") {
		t.Errorf("the password alone opens the home page: %d", got.status)
	}
	if got := b.post("/login/code", url.Values{"code": {"000000"}}); got.status != http.StatusForbidden {
		t.Errorf("a wrong code = %d, want 403", got.status)
	}
	code, err := totp.GenerateCode(secret, h.now)
	if err != nil {
		t.Fatal(err)
	}
	if got := b.post("/login/code", url.Values{"code": {code}}); got.location() != "/" {
		t.Fatalf("the right code leads to %q: %s", got.location(), got.sentence())
	}
	again := h.browser(t)
	again.post("/login", url.Values{"login": {"zheng"}, "password": {password}})
	if got := again.post("/login/code", url.Values{"code": {code}}); got.status != http.StatusForbidden {
		t.Errorf("a code used twice = %d, want 403", got.status)
	}
}

func TestSettingUpOneTimeCodes(t *testing.T) {
	h := newHouse(t)
	b := h.as(t, "zheng")
	b.get("/account/code")
	page := b.get("/account").body
	_, rest, _ := strings.Cut(page, `id="code-secret">`)
	secret, _, _ := strings.Cut(rest, "<")
	if len(secret) < 16 {
		t.Fatalf("no secret on the page: %q", secret)
	}
	if got := b.get("/account/code.png"); got.header.Get("Content-Type") != "image/png" {
		t.Errorf("picture = %s", got.header.Get("Content-Type"))
	}
	if got := b.post("/account/code", url.Values{"code": {"123"}, "password": {password}}); got.status != http.StatusUnprocessableEntity {
		t.Errorf("a wrong code = %d", got.status)
	}
	code, err := totp.GenerateCode(secret, h.now)
	if err != nil {
		t.Fatal(err)
	}
	b.follow("/account/code", url.Values{"code": {code}, "password": {password}}).wants(t, 200, []string{"动态口令已启用"}, []string{secret})
	b.follow("/account/code/off", url.Values{"password": {password}}).wants(t, 200, []string{"已停用"}, nil)
}

func TestLoginAttemptsAreLimited(t *testing.T) {
	h := newHouse(t)
	b := h.browser(t)
	for range 8 {
		b.post("/login", url.Values{"login": {"sun"}, "password": {"wrong"}})
	}
	blocked := b.post("/login", url.Values{"login": {"sun"}, "password": {password}})
	blocked.wants(t, http.StatusForbidden, []string{"尝试次数太多", "分钟后再试"}, nil)
	if got := b.post("/login", url.Values{"login": {"qian"}, "password": {password}}); got.status != http.StatusSeeOther {
		t.Errorf("another login from the same address = %d, want 303", got.status)
	}
	elsewhere := h.browser(t)
	elsewhere.source = "198.51.100.7:1"
	if got := elsewhere.post("/login", url.Values{"login": {"sun"}, "password": {password}}); got.status != http.StatusSeeOther {
		t.Errorf("the same login from another address = %d, want 303: a stranger must not lock a member out", got.status)
	}
	h.now = h.now.Add(16 * time.Minute)
	if got := b.post("/login", url.Values{"login": {"sun"}, "password": {password}}); got.status != http.StatusSeeOther {
		t.Errorf("after the wait = %d, want 303", got.status)
	}
}

func TestOneAddressCannotTryManyLogins(t *testing.T) {
	h := newHouse(t)
	b := h.browser(t)
	for i := range 40 {
		b.post("/login", url.Values{"login": {"guess" + string(rune('a'+i%26)) + string(rune('a'+i/26))}, "password": {"x"}})
	}
	for range 50 {
		office := h.browser(t)
		office.source = "203.0.113.9:7"
		if got := office.post("/login", url.Values{"login": {"sun"}, "password": {password}}); got.status != http.StatusSeeOther {
			t.Fatalf("an office of fifty behind one address is locked out: %s", got.sentence())
		}
	}
	if got := b.post("/login", url.Values{"login": {"sun"}, "password": {password}}); !strings.Contains(got.body, "尝试次数太多") {
		t.Errorf("attempt 41 from one address: %q", got.sentence())
	}
}

func TestSessionsEndWithTheirReason(t *testing.T) {
	tests := []struct {
		name   string
		change func(*staff.Member)
	}{
		{"disabled", func(m *staff.Member) { m.Disabled = true }},
		{"a new password", func(m *staff.Member) { m.PasswordHash = "changed" }},
		{"one-time codes switched on", func(m *staff.Member) { m.TOTPSecret = "JBSWY3DPEHPK3PXP" }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := newHouse(t)
			b := h.as(t, "sun")
			changeMember(t, h, "sun", tt.change)
			if got := b.get("/"); got.status != http.StatusSeeOther {
				t.Errorf("home = %d, want a redirect to the login", got.status)
			}
		})
	}
	h := newHouse(t)
	b := h.as(t, "sun")
	if got := b.post("/logout", nil); got.location() != "/login" || b.get("/").status != http.StatusSeeOther {
		t.Error("logout left the session open")
	}
}

func TestChangingOnesPassword(t *testing.T) {
	const fresh = "a new long sentence"
	tests := []struct {
		name, now, fresh, again, want string
	}{
		{"wrong present password", "wrong", fresh, fresh, "现在的密码不对"},
		{"too short", password, "short", "short", "至少 10 个字符"},
		{"contains the login", password, "sun shines all day", "sun shines all day", "不能含有登录名"},
		{"two different ones", password, fresh, fresh + "x", "不一样"},
	}
	h := newHouse(t)
	b, other := h.as(t, "sun"), h.as(t, "sun")
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b.post("/account/password", url.Values{"password": {tt.now}, "new": {tt.fresh}, "again": {tt.again}}).
				wants(t, http.StatusUnprocessableEntity, []string{tt.want}, []string{fresh})
		})
	}
	b.follow("/account/password", url.Values{"password": {password}, "new": {fresh}, "again": {fresh}}).wants(t, 200, []string{"密码已更换"}, nil)
	if got := other.get("/"); got.status != http.StatusSeeOther {
		t.Errorf("another browser of the member is still logged in: %d", got.status)
	}
}

func TestNewMember(t *testing.T) {
	tests := []struct {
		name, id, person, password string
		roles                      []staff.Role
		ok                         bool
	}{
		{"all well", "zhang.san", "张三", password, []staff.Role{staff.Author}, true},
		{"upper case", "Zhang", "张三", password, []staff.Role{staff.Author}, false},
		{"reserved", "system", "张三", password, []staff.Role{staff.Author}, false},
		{"no name", "zhang", " ", password, []staff.Role{staff.Author}, false},
		{"no role", "zhang", "张三", password, nil, false},
		{"short password", "zhang", "张三", "short", []staff.Role{staff.Author}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m, err := console.NewMember(tt.id, tt.person, tt.password, tt.roles, monday)
			if tt.ok != (err == nil) || (!tt.ok && !fault.Is(err, fault.Invalid)) {
				t.Fatalf("err = %v, want ok %v", err, tt.ok)
			}
			if !tt.ok {
				return
			}
			match, params, err := argon2id.CheckHash(tt.password, m.PasswordHash)
			if err != nil || !match || params.Memory != 64*1024 {
				t.Errorf("hash: match %v, memory %v, %v; want argon2id with 64 MiB", match, params, err)
			}
		})
	}
}
