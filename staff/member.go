package staff

import (
	"context"
	"slices"
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
	RequestDesk   Role = "request_desk"  // 依申请公开经办
	Administrator Role = "administrator" // 管理员
)

// Roles lists all roles in the order in which people meet them.
func Roles() []Role { return []Role{Author, Reviewer, Approver, RequestDesk, Administrator} }

var roleNames = map[Role]string{
	Author: "撰稿", Reviewer: "审核", Approver: "签发", RequestDesk: "依申请公开经办", Administrator: "管理员",
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
