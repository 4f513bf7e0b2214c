package posts

import (
	"context"
	"slices"
	"time"

	"shoushan/fault"
	"shoushan/staff"
	"shoushan/workday"
)

// DatedByHand reports whether a person wrote down when the post was published: what was entered, imported or settled by
// hand. What the platform said itself is not corrected.
func (p Post) DatedByHand() bool {
	return p.Method == Elsewhere || slices.ContainsFunc(p.Trail, func(e staff.Event) bool { return e.Action == string(RecordPublished) })
}

// CorrectDate gives a published post that was dated by hand the instant at which it was really published. The figures follow:
// it counts in the month and the year of the new Beijing date. It needs the right with which the post was entered, and a
// reason, which the trail keeps beside both dates. The new instant may not be in the future, nor the address be known in its
// year already.
func (n *Newsroom) CorrectDate(ctx context.Context, by staff.Member, id string, at time.Time, reason string) (Post, error) {
	reason, err := needReason(reason, "更正发布日期")
	if err != nil {
		return Post{}, err
	}
	p, err := n.Shelf.Post(ctx, id)
	if err != nil {
		return Post{}, err
	}
	if p.Channel == Account || !by.May(staff.WritePosts) {
		if err := by.Require(staff.PublishPosts, "更正发布日期"); err != nil {
			return Post{}, err
		}
	}
	p.Publication.PublishedAt = at
	if err := n.refuseSecond(ctx, p); err != nil {
		return Post{}, err
	}
	return n.change(ctx, by, id, CorrectDate, func(p *Post) (string, error) {
		return p.redate(at.UTC(), n.now(), reason)
	})
}

func (p *Post) redate(at, now time.Time, reason string) (note string, err error) {
	was := p.Publication.PublishedAt
	switch {
	case !p.Can(CorrectDate):
		return "", p.move(CorrectDate) // which says why
	case !p.DatedByHand():
		return "", fault.New(fault.Conflict, "这篇稿件的发布时间是平台给出的，不能更正。")
	case at.After(now):
		return "", fault.New(fault.Invalid, "发布时间还没有到，请核对。")
	case at.Equal(was):
		return "", fault.New(fault.Invalid, "更正前后的发布时间相同。")
	}
	p.Publication.Formerly = append(slices.Clone(p.Publication.Formerly), was)
	p.Publication.PublishedAt = at
	return "发布时间由 " + beijingTime(was) + " 改为 " + beijingTime(at) + "（北京时间），原因：" + reason, nil
}

func beijingTime(t time.Time) string { return t.In(workday.Beijing).Format("2006-01-02 15:04") }
