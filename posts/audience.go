package posts

import (
	"context"
	"fmt"
	"slices"

	"shoushan/fault"
	"shoushan/staff"
)

// FollowerTag is a tag (标签) that the account has given followers in Tencent's back end.
type FollowerTag struct {
	ID        int
	Name      string
	Followers int // as the platform counts them
}

// MassChoice is how a post is to be mass-sent. The zero value sends to all and stops when it is judged a reprint.
type MassChoice struct {
	TagID         int    `json:"tag_id,omitempty"`
	TagName       string `json:"tag_name,omitempty"` // as the platform had it when the tag was chosen
	IgnoreReprint bool   `json:"ignore_reprint,omitempty"`
}

// Audience says in Chinese to whom a mass send goes.
func (c MassChoice) Audience() string {
	switch {
	case c.TagID == 0:
		return "全部关注者"
	case c.TagName == "":
		return fmt.Sprintf("标签 %d 的关注者", c.TagID)
	}
	return "标签“" + c.TagName + "”的关注者"
}

// Way says in Chinese how a post goes out, and a mass send to whom.
func (p Post) Way() string {
	if p.Method == MassSend {
		return "群发给" + p.Mass.Audience()
	}
	return p.Method.Chinese()
}

// FollowerTags asks the platform for the tags that a mass send may be limited to. It needs the right to mass-send.
func (n *Newsroom) FollowerTags(ctx context.Context, by staff.Member) ([]FollowerTag, error) {
	if err := n.mayPublish(by, MassSend); err != nil {
		return nil, err
	}
	return n.Mass.FollowerTags(ctx)
}

// toAudience makes sure that a tag that was chosen is there and has followers, and notes its name.
func (n *Newsroom) toAudience(ctx context.Context, by staff.Member, choice MassChoice) (MassChoice, error) {
	choice.TagName = ""
	if choice.TagID == 0 {
		return choice, nil
	}
	tags, err := n.FollowerTags(ctx, by)
	if err != nil {
		return choice, err
	}
	i := slices.IndexFunc(tags, func(t FollowerTag) bool { return t.ID == choice.TagID })
	switch {
	case i < 0:
		return choice, fault.New(fault.Invalid, "公众号上没有这个标签，可能已经删除，请重新选择。")
	case tags[i].Followers == 0:
		return choice, fault.Newf(fault.Invalid, "标签“%s”现在没有关注者，群发不会有人收到。", tags[i].Name)
	}
	choice.TagName = tags[i].Name
	return choice, nil
}
