package posts

import (
	"context"
	"strings"
	"unicode/utf8"

	"shoushan/fault"
	"shoushan/staff"
)

// Remark is the action of a comment beside the text: it moves nothing, decides nothing and voids nothing.
const Remark Action = "remark"

// MaxRemark is the most characters of one comment.
const MaxRemark = 2000

// Comment adds a comment to the post's record, for everybody who works on it. Whoever writes, reviews, approves or
// publishes may comment, in every state.
func (n *Newsroom) Comment(ctx context.Context, by staff.Member, id, text string) (Post, error) {
	if !by.May(staff.WritePosts) && !by.May(staff.ReviewPosts) && !by.May(staff.ApprovePosts) && !by.May(staff.PublishPosts) {
		return Post{}, by.Require(staff.ReviewPosts, "批注稿件")
	}
	text = strings.TrimSpace(text)
	switch n := utf8.RuneCountInString(text); {
	case n == 0:
		return Post{}, fault.New(fault.Invalid, "请写下批注的内容。")
	case n > MaxRemark:
		return Post{}, fault.Newf(fault.Invalid, "批注有 %d 个字，最多 %d 个字，请分几条写。", n, MaxRemark)
	}
	return n.Shelf.UpdatePost(ctx, id, func(p *Post) error {
		n.record(p, by, Remark, text)
		return nil
	})
}

// quiet are the actions after which a text that somebody has open is still the newest.
var quiet = map[Action]bool{Remark: true, ShowPreview: true}

// touch notes the version under which the record will be stored, unless the action leaves a writer's text in force.
func (p *Post) touch(do Action) {
	if !quiet[do] {
		p.Touched = p.Version + 1
	}
}

// Overtaken reports whether something happened after the version that a writer has open.
func (p Post) Overtaken(version int) bool {
	if p.Touched == 0 { // stored before touches were noted
		return p.Version != version
	}
	return version < p.Touched || version > p.Version
}
