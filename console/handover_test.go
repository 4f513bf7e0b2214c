package console_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"shoushan/staff"
)

// Accounts in the hands of somebody else.

func actions(t *testing.T, h *house, id string) []string {
	t.Helper()
	m, err := h.Member(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Trail.Verify(); err != nil {
		t.Error(err)
	}
	var out []string
	for _, e := range m.Trail {
		out = append(out, e.Actor+" "+e.Action)
	}
	return out
}

func TestWhoChangedAMemberIsOnRecord(t *testing.T) {
	h := newHouse(t)
	wang := h.as(t, "wang")
	wang.follow("/members/sun", url.Values{"version": {"1"}, "name": {"孙撰稿"}, "role": {"author", "reviewer"}})
	wang.follow("/members/sun", url.Values{"version": {"2"}, "name": {"孙撰稿"}, "role": {"author", "reviewer"}, "disabled": {"yes"}})
	wang.follow("/members/sun", url.Values{"version": {"3"}, "name": {"孙撰稿"}, "role": {"author", "reviewer"}})
	wang.post("/members/sun/password", nil)
	wang.follow("/members", url.Values{"login": {"feng"}, "name": {"冯某"}, "role": {"author"}, "password": {"a long sentence of mine"}})
	want := []string{"王管理 member_roles", "王管理 member_disabled", "王管理 member_enabled", "王管理 member_reset"}
	if got := actions(t, h, "sun"); !slices.Equal(got, want) {
		t.Errorf("trail = %v, want %v", got, want)
	}
	if got := actions(t, h, "feng"); !slices.Equal(got, []string{"王管理 member_added"}) {
		t.Errorf("trail of the new member = %v", got)
	}
}

func TestNobodyChangesTheirOwnRoles(t *testing.T) {
	h := newHouse(t)
	wang := h.as(t, "wang")
	wang.post("/members/wang", url.Values{"version": {"1"}, "name": {"王管理"}, "role": {"approver", "administrator"}}).
		wants(t, http.StatusUnprocessableEntity, []string{"不能更改自己的角色"}, nil)
	if m, _ := h.Member(t.Context(), "wang"); m.Has(staff.Approver) {
		t.Error("an administrator made himself an approver")
	}
}

func TestAResetPasswordIsReplacedFirst(t *testing.T) {
	const fresh = "only I know this one"
	h := newHouse(t)
	page := h.as(t, "wang").post("/members/sun/password", nil).body
	_, rest, _ := strings.Cut(page, `id="issued-password">`)
	issued, _, _ := strings.Cut(rest, "<")
	sun := h.browser(t)
	sun.follow("/login", url.Values{"login": {"sun"}, "password": {issued}, "next": {"/posts"}}).wants(t, 200, []string{"密码由王管理重置", "更换密码"}, nil)
	if got := sun.get("/posts"); got.location() != "/account" {
		t.Errorf("before the change another page = %d %q, want a redirect to the account", got.status, got.location())
	}
	sun.follow("/account/password", url.Values{"password": {issued}, "new": {fresh}, "again": {fresh}})
	sun.get("/").wants(t, 200, []string{"您的密码由王管理于2026年11月23日"}, nil)
	sun.get("/posts").wants(t, 200, nil, nil)
}

func TestEnablingRevivesNoSession(t *testing.T) {
	h := newHouse(t)
	sun, wang := h.as(t, "sun"), h.as(t, "wang")
	form := url.Values{"version": {"1"}, "name": {"孙撰稿"}, "role": {"author"}, "disabled": {"yes"}}
	wang.follow("/members/sun", form)
	form.Set("version", "2")
	form.Del("disabled")
	wang.follow("/members/sun", form)
	if got := sun.get("/"); got.status != http.StatusSeeOther {
		t.Errorf("the session from before = %d, want a redirect to the login", got.status)
	}
}

func TestAnEarlierOneTimeCodeIsRefused(t *testing.T) {
	const secret = "JBSWY3DPEHPK3PXP"
	h := newHouse(t)
	changeMember(t, h, "zheng", func(m *staff.Member) { m.TOTPSecret = secret })
	enter := func(at time.Time) int {
		code, err := totp.GenerateCode(secret, at)
		if err != nil {
			t.Fatal(err)
		}
		b := h.browser(t)
		b.post("/login", url.Values{"login": {"zheng"}, "password": {password}})
		return b.post("/login/code", url.Values{"code": {code}}).status
	}
	for _, tt := range []struct {
		name string
		off  time.Duration
		want int
	}{
		{"the present one", 0, 303}, {"again", 0, 403}, {"the one before", -30 * time.Second, 403}, {"the next", 30 * time.Second, 303},
		{"the present one after the next", 0, 403},
	} {
		if got := enter(h.now.Add(tt.off)); got != tt.want {
			t.Errorf("%s = %d, want %d", tt.name, got, tt.want)
		}
	}
}

func TestAHalfSetUpCodeEndsWithItsOwner(t *testing.T) {
	h := newHouse(t)
	b := h.as(t, "zheng")
	b.get("/account/code")
	b.follow("/login", url.Values{"login": {"sun"}, "password": {password}})
	b.get("/account").wants(t, 200, nil, []string{"code-secret"})
}

func TestSwitchingCodesOnAsksForThePassword(t *testing.T) {
	h := newHouse(t)
	b := h.as(t, "zheng")
	b.get("/account/code")
	_, rest, _ := strings.Cut(b.get("/account").body, `id="code-secret">`)
	secret, _, _ := strings.Cut(rest, "<")
	code, err := totp.GenerateCode(secret, h.now)
	if err != nil {
		t.Fatal(err)
	}
	b.post("/account/code", url.Values{"code": {code}, "password": {"wrong"}}).wants(t, 422, []string{"现在的密码不对"}, nil)
}
