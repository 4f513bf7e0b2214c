package console

import (
	"crypto/rand"
	"net/http"
	"slices"
	"strings"

	"shoushan/fault"
	"shoushan/staff"
)

type memberRow struct {
	staff.Member
	RoleNames string
}

type roleChoice struct {
	Role    staff.Role
	Name    string
	Does    string
	Checked bool
}

type membersPage struct {
	frame
	Members []memberRow
	Login   string
	Name    string
	Roles   []roleChoice
	Problem problem
}

type memberPage struct {
	frame
	Member  staff.Member
	Roles   []roleChoice
	Self    bool
	Issued  string // a password that was just set, shown once
	Problem problem
}

var roleDoes = map[staff.Role]string{
	staff.Author:        "写稿、改稿、送审",
	staff.Reviewer:      "初审、复审稿件",
	staff.Approver:      "终审稿件、发布、签发答复",
	staff.Publisher:     "安排发布和群发，登记发布结果",
	staff.RequestDesk:   "登记、办理、送达申请，查看申请人信息",
	staff.Administrator: "管理人员和定时任务",
}

func roleChoices(held []staff.Role) []roleChoice {
	var out []roleChoice
	for _, r := range staff.Roles() {
		out = append(out, roleChoice{Role: r, Name: r.Chinese(), Does: roleDoes[r], Checked: slices.Contains(held, r)})
	}
	return out
}

func formRoles(v *visit) []staff.Role {
	var out []staff.Role
	for _, r := range staff.Roles() {
		if slices.Contains(v.r.PostForm["role"], string(r)) {
			out = append(out, r)
		}
	}
	return out
}

func (c *Console) members(v *visit) error {
	return c.showMembers(v, http.StatusOK, &membersPage{Roles: roleChoices(nil)})
}

func (c *Console) showMembers(v *visit, status int, p *membersPage) error {
	all, err := c.cfg.Members.Members(v.ctx())
	if err != nil {
		return err
	}
	for _, m := range all {
		p.Members = append(p.Members, memberRow{Member: m, RoleNames: roleNames(m)})
	}
	p.Title, p.Here = "人员", "/members"
	return c.show(v, status, "members", p)
}

func roleNames(m staff.Member) string {
	var names []string
	for _, r := range m.Roles {
		names = append(names, r.Chinese())
	}
	return strings.Join(names, "、")
}

func (c *Console) addMember(v *visit) error {
	login, name, roles := strings.ToLower(v.form("login")), v.form("name"), formRoles(v)
	if err := c.createMember(v, login, name, roles); err != nil {
		p := c.explain(v, err)
		return c.showMembers(v, p.Status, &membersPage{Login: login, Name: name, Roles: roleChoices(roles), Problem: p})
	}
	return c.redirect(v, "/members", "已添加 "+name+"。请把登录名和初始密码当面告诉本人，并请本人登录后更换密码。")
}

func (c *Console) createMember(v *visit, login, name string, roles []staff.Role) error {
	release, err := c.turn(v.ctx())
	if err != nil {
		return err
	}
	m, err := NewMember(login, name, v.r.PostFormValue("password"), roles, v.now)
	release()
	if err != nil {
		return err
	}
	m.Record(v.who, v.now, staff.MemberAdded, "添加账号，角色："+staff.RoleNames(roles))
	err = c.cfg.Members.SaveMember(v.ctx(), m)
	if fault.Is(err, fault.Conflict) {
		return fault.Wrap(fault.Conflict, err, "登录名 "+login+" 已经有人用了，请换一个。")
	}
	return err
}

func (c *Console) member(v *visit) error {
	m, err := c.cfg.Members.Member(v.ctx(), v.r.PathValue("id"))
	if err != nil {
		return err
	}
	return c.showMember(v, http.StatusOK, &memberPage{Member: m, Roles: roleChoices(m.Roles)})
}

func (c *Console) showMember(v *visit, status int, p *memberPage) error {
	p.Title, p.Here, p.Self = p.Member.Name, "/members", p.Member.ID == v.who.ID
	return c.show(v, status, "member", p)
}

func (c *Console) changeMember(v *visit) error {
	m, err := c.cfg.Members.Member(v.ctx(), v.r.PathValue("id"))
	if err != nil {
		return err
	}
	own := m.ID == v.who.ID && (v.form("disabled") != "" || !staff.SameRoles(m.Roles, formRoles(v)))
	m.Name = v.form("name")
	m.SetRoles(v.who, v.now, formRoles(v))
	m.SetDisabled(v.who, v.now, v.form("disabled") != "")
	m.Version = v.number("version") // what the administrator saw: a change in between is a Conflict
	if err := c.saveMember(v, m, own); err != nil {
		p := c.explain(v, err)
		return c.showMember(v, p.Status, &memberPage{Member: m, Roles: roleChoices(m.Roles), Problem: p})
	}
	done := "已保存 " + m.Name + " 的资料。"
	if m.Disabled {
		done = m.Name + " 的账号已停用，所有登录立即失效。"
	}
	return c.redirect(v, "/members", done)
}

// saveMember refuses what would lock everybody out, and what nobody may do to himself.
func (c *Console) saveMember(v *visit, m staff.Member, own bool) error {
	switch {
	case m.Name == "":
		return fault.New(fault.Invalid, "请填写姓名。")
	case len(m.Roles) == 0:
		return fault.New(fault.Invalid, "请至少选择一个角色；不再使用的账号请勾选停用。")
	case own:
		return fault.New(fault.Invalid, "不能停用自己，也不能更改自己的角色，请由另一位管理员操作。")
	}
	return c.cfg.Members.SaveMember(v.ctx(), m)
}

// resetPassword sets a random password, ends all sessions and one-time codes of the member, and shows the password once,
// in the answer itself: it is nowhere else to be found.
func (c *Console) resetPassword(v *visit) error {
	m, err := c.cfg.Members.Member(v.ctx(), v.r.PathValue("id"))
	if err != nil {
		return err
	}
	issued := strings.ToLower(rand.Text()[:16])
	hash, err := c.hash(v.ctx(), issued)
	if err != nil {
		return err
	}
	m.Reset(v.who, v.now, hash)
	if err := c.cfg.Members.SaveMember(v.ctx(), m); err != nil {
		return err
	}
	m.Version++
	return c.showMember(v, http.StatusOK, &memberPage{Member: m, Roles: roleChoices(m.Roles), Issued: issued})
}
