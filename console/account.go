package console

import (
	"bytes"
	"image/png"
	"net/http"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"

	"shoushan/fault"
	"shoushan/staff"
)

type accountPage struct {
	frame
	Roles   []string
	Code    bool   // one-time codes are on
	Secret  string // being set up
	Problem problem
}

type codePage struct {
	frame
	Problem problem
}

// askCode remembers who gave the password and asks for the second thing.
func (c *Console) askCode(v *visit, m staff.Member) error {
	if err := c.sessions.RenewToken(v.ctx()); err != nil {
		return err
	}
	c.sessions.Put(v.ctx(), keyPending, m.ID)
	c.sessions.Put(v.ctx(), keySeal, sealOf(m))
	c.sessions.Put(v.ctx(), "next", v.form("next"))
	return c.redirect(v, "/login/code", "")
}

func (c *Console) codeForm(v *visit) error {
	if c.sessions.GetString(v.ctx(), keyPending) == "" {
		return c.redirect(v, "/login", "")
	}
	return c.show(v, http.StatusOK, "code", &codePage{frame: frame{Title: "动态口令"}})
}

func (c *Console) code(v *visit) error {
	id := c.sessions.GetString(v.ctx(), keyPending)
	if id == "" {
		return c.redirect(v, "/login", "")
	}
	m, err := c.checkCode(v, id, v.form("code"))
	if err != nil {
		p := c.explain(v, err)
		return c.show(v, p.Status, "code", &codePage{frame: frame{Title: "动态口令"}, Problem: p})
	}
	return c.open(v, m, c.sessions.PopString(v.ctx(), "next"))
}

func (c *Console) checkCode(v *visit, id, code string) (staff.Member, error) {
	if err := c.attempts.take(v.ctx(), id, c.cfg.ClientIP(v.r)); err != nil {
		return staff.Member{}, err
	}
	m, err := c.cfg.Members.Member(v.ctx(), id)
	if err != nil {
		return staff.Member{}, err
	}
	if m.Disabled || sealOf(m) != c.sessions.GetString(v.ctx(), keySeal) {
		return staff.Member{}, errWrongLogin
	}
	step, right := c.rightCode(v, code, m.TOTPSecret)
	if !right || step <= m.CodeStep {
		return staff.Member{}, fault.New(fault.Forbidden, "动态口令不对，或者已经用过。请等手机上显示下一组六位数字再试。")
	}
	m.CodeStep = step
	if err := c.cfg.Members.SaveMember(v.ctx(), m); err != nil { // two who use one code at once: the second is a Conflict
		return staff.Member{}, err
	}
	return m, c.attempts.right(v.ctx(), id, c.cfg.ClientIP(v.r))
}

// rightCode accepts the current code and its two neighbours (RFC 6238, 30 s), and returns the step that it belongs to.
func (c *Console) rightCode(v *visit, code, secret string) (step int64, ok bool) {
	for _, near := range []time.Duration{1, 0, -1} {
		at := v.now.Add(near * codePeriod)
		ok, err := totp.ValidateCustom(code, secret, at, totp.ValidateOpts{Period: 30, Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1})
		if err == nil && ok {
			return at.Unix() / 30, true
		}
	}
	return 0, false
}

const codePeriod = 30 * time.Second

func (c *Console) account(v *visit) error { return c.showAccount(v, http.StatusOK, problem{}) }

func (c *Console) showAccount(v *visit, status int, p problem) error {
	page := &accountPage{frame: frame{Title: "我的账号", Here: "/account"}, Code: v.who.TOTPSecret != "", Problem: p}
	for _, r := range v.who.Roles {
		page.Roles = append(page.Roles, r.Chinese())
	}
	page.Secret = c.sessions.GetString(v.ctx(), keySecret)
	return c.show(v, status, "account", page)
}

// refuse shows the account page again with the sentence.
func (c *Console) refuse(v *visit, err error) error {
	p := c.explain(v, err)
	return c.showAccount(v, p.Status, p)
}

func (c *Console) changePassword(v *visit) error {
	if err := c.confirmPassword(v); err != nil {
		return c.refuse(v, err)
	}
	fresh := v.r.PostFormValue("new")
	if err := checkNewPassword(v.who.ID, fresh); err != nil {
		return c.refuse(v, err)
	}
	if fresh != v.r.PostFormValue("again") {
		return c.refuse(v, fault.New(fault.Invalid, "两次填写的新密码不一样。"))
	}
	hash, err := c.hash(v.ctx(), fresh)
	if err != nil {
		return c.refuse(v, err)
	}
	v.who.PasswordHash, v.who.MustChange, v.who.ResetBy = hash, false, ""
	return c.saveSelf(v, "密码已更换。其他设备上的登录已全部失效。")
}

// confirmPassword checks the member's present password, under the same limits as a login.
func (c *Console) confirmPassword(v *visit) error {
	source := c.cfg.ClientIP(v.r)
	if err := c.attempts.take(v.ctx(), v.who.ID, source); err != nil {
		return err
	}
	ok, err := c.compare(v.ctx(), v.r.PostFormValue("password"), v.who.PasswordHash)
	if err != nil {
		return err
	}
	if !ok {
		return fault.New(fault.Invalid, "现在的密码不对。")
	}
	c.attempts.forgive(v.who.ID, source)
	return c.attempts.right(v.ctx(), v.who.ID, source)
}

// saveSelf stores the member's own record and keeps this one session alive.
func (c *Console) saveSelf(v *visit, done string) error {
	if err := c.cfg.Members.SaveMember(v.ctx(), v.who); err != nil {
		return c.refuse(v, err)
	}
	if err := c.sessions.RenewToken(v.ctx()); err != nil {
		return err
	}
	c.sessions.Put(v.ctx(), keySeal, sealOf(v.who))
	return c.redirect(v, "/account", done)
}

// codeSetup makes a secret and shows it; nothing changes for the member until a code proves that the phone has it.
func (c *Console) codeSetup(v *visit) error {
	if v.who.TOTPSecret == "" && c.sessions.GetString(v.ctx(), keySecret) == "" {
		key, err := totp.Generate(totp.GenerateOpts{Issuer: "首善", AccountName: v.who.ID})
		if err != nil {
			return err
		}
		c.sessions.Put(v.ctx(), keySecret, key.Secret())
	}
	return c.redirect(v, "/account", "")
}

func (c *Console) codePicture(v *visit) error {
	secret := c.sessions.GetString(v.ctx(), keySecret)
	if secret == "" {
		return fault.New(fault.NotFound, "没有正在设置的动态口令。")
	}
	key, err := otp.NewKeyFromURL("otpauth://totp/%E9%A6%96%E5%96%84:" + v.who.ID + "?issuer=%E9%A6%96%E5%96%84&secret=" + secret)
	if err != nil {
		return err
	}
	picture, err := key.Image(240, 240)
	if err != nil {
		return err
	}
	var buf bytes.Buffer
	if err := png.Encode(&buf, picture); err != nil {
		return err
	}
	v.w.Header().Set("Content-Type", "image/png")
	_, _ = v.w.Write(buf.Bytes())
	return nil
}

func (c *Console) codeOn(v *visit) error {
	secret := c.sessions.GetString(v.ctx(), keySecret)
	if err := c.confirmPassword(v); err != nil {
		return c.refuse(v, err)
	}
	step, right := c.rightCode(v, v.form("code"), secret)
	if secret == "" || !right {
		return c.refuse(v, fault.New(fault.Invalid, "动态口令不对。请确认手机时间准确，再填写当前显示的六位数字。"))
	}
	c.sessions.Remove(v.ctx(), keySecret)
	v.who.TOTPSecret, v.who.CodeStep = secret, step
	return c.saveSelf(v, "动态口令已启用。下次登录时，密码之后还要填写手机上的六位数字。")
}

func (c *Console) codeOff(v *visit) error {
	if err := c.confirmPassword(v); err != nil {
		return c.refuse(v, err)
	}
	v.who.TOTPSecret, v.who.CodeStep = "", 0
	return c.saveSelf(v, "动态口令已停用。")
}
