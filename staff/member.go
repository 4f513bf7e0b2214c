package staff

import (
	"context"
	"slices"
	"strings"
	"time"

	"shoushan/fault"
)

// Role is what a member is here for. A member may hold several.
type Role string

// The roles of a township office.
const (
	Author        Role = "author"        // 撰稿
	Reviewer      Role = "reviewer"      // 审核（初审、复审）
	Approver      Role = "approver"      // 签发（终审、签发答复）
	Publisher     Role = "publisher"     // 发布: what others have approved
	RequestDesk   Role = "request_desk"  // 依申请公开经办
	Administrator Role = "administrator" // 管理员
)

// Roles lists all roles in the order in which people meet them.
func Roles() []Role { return []Role{Author, Reviewer, Approver, Publisher, RequestDesk, Administrator} }

var roleNames = map[Role]string{
	Author: "撰稿", Reviewer: "审核", Approver: "签发", Publisher: "发布", RequestDesk: "依申请公开经办", Administrator: "管理员",
}

// Chinese returns the role's name as people see it.
func (r Role) Chinese() string { return roleNames[r] }

// Right is one thing that a member may or may not do.
type Right string

// The rights. Writing, reviewing, approving, publishing and mass-sending are separate on purpose.
const (
	WritePosts      Right = "write_posts"
	ReviewPosts     Right = "review_posts"
	ApprovePosts    Right = "approve_posts"
	PublishPosts    Right = "publish_posts"
	MassSend        Right = "mass_send"
	HandleRequests  Right = "handle_requests"
	SignReplies     Right = "sign_replies"
	RevealPersonal  Right = "reveal_personal" // 查看未遮盖的个人信息，每次留痕
	ViewRequests    Right = "view_requests"
	ManageRegisters Right = "manage_registers"
	EditReport      Right = "edit_report"
	ManageStaff     Right = "manage_staff"
	ManageSettings  Right = "manage_settings"
)

var rightsOf = map[Role][]Right{
	Author:        {WritePosts},
	Reviewer:      {ReviewPosts},
	Approver:      {ReviewPosts, ApprovePosts, PublishPosts, MassSend, SignReplies, ViewRequests, EditReport},
	Publisher:     {PublishPosts, MassSend},
	RequestDesk:   {HandleRequests, ViewRequests, RevealPersonal, ManageRegisters, EditReport},
	Administrator: {ManageStaff, ManageSettings, PublishPosts},
}

// Member is a person who works with the system, or System for what the clock does by itself.
type Member struct {
	ID           string    `json:"id"`   // the login name
	Name         string    `json:"name"` // as it appears in the trail and on documents
	Roles        []Role    `json:"roles"`
	PasswordHash string    `json:"password_hash,omitempty"` // argon2id
	TOTPSecret   string    `json:"totp_secret,omitempty"`
	Disabled     bool      `json:"disabled,omitempty"`
	CreatedAt    time.Time `json:"created_at"`
	Version      int       `json:"version"`
	MustChange   bool      `json:"must_change,omitempty"` // the password was set by somebody else
	ResetBy      string    `json:"reset_by,omitempty"`    // the name of who did, until the member chooses a new one
	CodeStep     int64     `json:"code_step,omitempty"`   // the latest 30 s step whose one-time code was accepted (RFC 6238 §5.2)
	Logins       int       `json:"logins,omitempty"`      // a session opened under another number is over
	Trail        Trail     `json:"trail,omitempty"`       // who gave the roles, reset the password, disabled and enabled
}

// Actions in a member's trail.
const (
	MemberAdded    = "member_added"
	MemberRoles    = "member_roles"
	MemberDisabled = "member_disabled"
	MemberEnabled  = "member_enabled"
	MemberReset    = "member_reset"
)

// Record appends to the member's trail what by did; System stands for whoever works at the command line.
func (m *Member) Record(by Member, at time.Time, action, note string) {
	if by.ID == System.ID {
		by.Name = "命令行"
	}
	m.Trail = m.Trail.Append(by, at, action, note, "")
}

// SetDisabled disables or enables the member by another; both end all sessions, so that enabling revives none.
func (m *Member) SetDisabled(by Member, at time.Time, disabled bool) {
	if m.Disabled == disabled {
		return
	}
	action, note := MemberEnabled, "启用账号"
	if disabled {
		action, note = MemberDisabled, "停用账号"
	}
	m.Disabled = disabled
	m.Logins++
	m.Record(by, at, action, note)
}

// SetRoles gives the member other roles.
func (m *Member) SetRoles(by Member, at time.Time, roles []Role) {
	if SameRoles(m.Roles, roles) {
		return
	}
	m.Record(by, at, MemberRoles, "角色由“"+RoleNames(m.Roles)+"”改为“"+RoleNames(roles)+"”")
	m.Roles = roles
}

// SameRoles reports whether two lists hold the same roles, in whatever order.
func SameRoles(a, b []Role) bool {
	return slices.Equal(slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b)))
}

// Reset gives the member a password that another knows: the member has to choose a new one at the next login.
func (m *Member) Reset(by Member, at time.Time, hash string) {
	m.PasswordHash, m.TOTPSecret, m.CodeStep, m.MustChange = hash, "", 0, true
	m.Record(by, at, MemberReset, "重置密码并清除动态口令")
	m.ResetBy = m.Trail[len(m.Trail)-1].Actor
}

// RoleNames lists roles as people see them.
func RoleNames(roles []Role) string {
	var names []string
	for _, r := range roles {
		names = append(names, r.Chinese())
	}
	return strings.Join(names, "、")
}

// System is the actor of what happens by the clock, and of what citizens do in chat.
var (
	System  = Member{ID: "system", Name: "系统"}
	Citizen = Member{ID: "citizen", Name: "申请人"}
)

// Has reports whether the member holds the role.
func (m Member) Has(role Role) bool { return slices.Contains(m.Roles, role) }

// May reports whether one of the member's roles gives the right. A disabled member may nothing.
func (m Member) May(right Right) bool {
	return !m.Disabled && slices.ContainsFunc(m.Roles, func(r Role) bool {
		return slices.Contains(rightsOf[r], right)
	})
}

// Require returns a Forbidden fault when the member lacks the right; doing names the deed in Chinese (签发答复).
func (m Member) Require(right Right, doing string) error {
	if m.May(right) {
		return nil
	}
	return fault.Newf(fault.Forbidden, "您的账号没有“%s”的权限，请联系管理员。", doing)
}

// Directory is where members are kept.
type Directory interface {
	// Member returns the member with the login name, or a NotFound fault.
	Member(ctx context.Context, id string) (Member, error)
	// Members returns all members, disabled ones too, in the order of their login names.
	Members(ctx context.Context) ([]Member, error)
	// SaveMember creates or replaces a member. It returns Conflict when m.Version is not the stored one; a new member has version 0.
	SaveMember(ctx context.Context, m Member) error
}
