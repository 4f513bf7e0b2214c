package console

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"shoushan/fault"
	"shoushan/staff"
)

// Session keys. A session belongs to a member and to the password it was opened with: a new password, and disabling the
// member, end all of them.
const (
	keyMember  = "member"
	keySeal    = "seal"
	keyPending = "pending" // the member who has given the password but not yet the one-time code
	keySecret  = "secret"  // a one-time-code secret that is being set up
)

type loginPage struct {
	frame
	Login   string
	Next    string
	Problem problem
	Hint    []string
}

// resetLately says who reset the member's password in the last thirty days: nobody else may do so unnoticed.
func resetLately(m staff.Member, now time.Time) string {
	for _, e := range slices.Backward(m.Trail) {
		if e.Action == staff.MemberReset && now.Sub(e.At) < 30*24*time.Hour {
			return "您的密码由" + e.Actor + "于" + clockText(e.At, "2006年1月2日 15:04") + "重置。如果不是您要求的，请告诉管理员。"
		}
	}
	return ""
}

// whoIs returns the member whom the session belongs to, or the zero Member.
func (c *Console) whoIs(v *visit) (staff.Member, error) {
	id := c.sessions.GetString(v.ctx(), keyMember)
	if id == "" {
		return staff.Member{}, nil
	}
	m, err := c.cfg.Members.Member(v.ctx(), id)
	if fault.Is(err, fault.NotFound) {
		return staff.Member{}, nil
	}
	if err != nil {
		return staff.Member{}, err
	}
	if m.Disabled || c.sessions.GetString(v.ctx(), keySeal) != sealOf(m) {
		return staff.Member{}, nil
	}
	return m, nil
}

// sealOf is the fingerprint of a member's credentials that a session remembers.
func sealOf(m staff.Member) string {
	sum := sha256.Sum256([]byte(m.ID + "\x00" + m.PasswordHash + "\x00" + m.TOTPSecret + "\x00" + strconv.Itoa(m.Logins)))
	return hex.EncodeToString(sum[:12])
}

func (c *Console) sendToLogin(v *visit) error {
	to := "/login"
	if v.r.Method == http.MethodGet && v.r.URL.Path != "/" {
		to += "?next=" + url.QueryEscape(v.r.URL.RequestURI())
	}
	return c.redirect(v, to, "")
}

// ownPath returns next when it is a page of this site, otherwise the home page.
func ownPath(next string) string {
	if !strings.HasPrefix(next, "/") || strings.HasPrefix(next, "//") || strings.ContainsFunc(next, unfit) {
		return "/"
	}
	return next
}

// unfit reports whether a character has no place in an address of ours: browsers drop or turn such characters.
func unfit(r rune) bool { return r == '\\' || r < 0x20 || r == 0x7f }

func (c *Console) loginForm(v *visit) error {
	if v.who.ID != "" {
		return c.redirect(v, "/", "")
	}
	return c.showLogin(v, http.StatusOK, &loginPage{Next: v.ask("next")})
}

func (c *Console) showLogin(v *visit, status int, page *loginPage) error {
	page.Title, page.Hint = "登录", c.cfg.LoginHint
	return c.show(v, status, "login", page)
}

var errWrongLogin = fault.New(fault.Forbidden, "登录名或密码不对，或者账号已停用。")

func (c *Console) login(v *visit) error {
	login := strings.ToLower(v.form("login"))
	m, err := c.checkPassword(v, login, v.r.PostFormValue("password"))
	if err != nil {
		p := c.explain(v, err)
		return c.showLogin(v, p.Status, &loginPage{Login: v.form("login"), Next: v.form("next"), Problem: p})
	}
	if m.TOTPSecret != "" {
		return c.askCode(v, m)
	}
	return c.open(v, m, v.form("next"))
}

// checkPassword counts the attempt, then compares; an unknown login takes as long as a known one. What cannot be a login
// name is refused before it is counted or looked up: it could fill the memory.
func (c *Console) checkPassword(v *visit, login, password string) (staff.Member, error) {
	if !loginName.MatchString(login) {
		return staff.Member{}, errWrongLogin
	}
	if err := c.attempts.take(v.ctx(), login, c.cfg.ClientIP(v.r)); err != nil {
		return staff.Member{}, err
	}
	m, err := c.cfg.Members.Member(v.ctx(), login)
	unknown := fault.Is(err, fault.NotFound)
	if err != nil && !unknown {
		return staff.Member{}, err
	}
	hash := m.PasswordHash
	if unknown || hash == "" {
		hash = decoy
	}
	match, err := c.compare(v.ctx(), password, hash)
	if err != nil {
		return staff.Member{}, err
	}
	if !match || unknown || m.Disabled || m.PasswordHash == "" {
		return staff.Member{}, errWrongLogin
	}
	return m, c.attempts.right(v.ctx(), login, c.cfg.ClientIP(v.r))
}

// open starts the member's session under a new token.
func (c *Console) open(v *visit, m staff.Member, next string) error {
	if err := c.sessions.RenewToken(v.ctx()); err != nil {
		return err
	}
	for _, key := range []string{keyPending, keySecret} { // of whoever sat here before
		c.sessions.Remove(v.ctx(), key)
	}
	c.sessions.Put(v.ctx(), keyMember, m.ID)
	c.sessions.Put(v.ctx(), keySeal, sealOf(m))
	c.attempts.forgive(m.ID, c.cfg.ClientIP(v.r))
	if m.MustChange {
		return c.redirect(v, "/account", "密码由"+m.ResetBy+"重置，请先更换为只有自己知道的密码。")
	}
	return c.redirect(v, ownPath(next), "")
}

func (c *Console) logout(v *visit) error {
	if err := c.sessions.Destroy(v.ctx()); err != nil {
		return err
	}
	return c.redirect(v, "/login", "")
}

// clockText writes an instant in Beijing time, as all pages do.
func clockText(t time.Time, layout string) string {
	if t.IsZero() {
		return ""
	}
	return t.In(beijing).Format(layout)
}
