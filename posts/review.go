package posts

import (
	"context"
	"slices"

	"shoushan/fault"
	"shoushan/staff"
)

// Rounds lists the three review rounds (三审) in their order.
func Rounds() []Round { return []Round{First, Second, Final} }

// rounds are the rounds that this post goes through.
func (p Post) rounds() []Round {
	if len(p.Rounds) == 0 {
		return Rounds()
	}
	return p.Rounds
}

// NextRound returns the round that a post in review waits for; it is derived from the decisions on the present content.
func (p Post) NextRound() Round {
	hash, passed := p.Content.Hash(), 0
	for _, r := range p.Reviews {
		if r.Approved && r.Hash == hash {
			passed++
		}
	}
	rounds := p.rounds()
	return rounds[min(passed, len(rounds)-1)]
}

// MayReview returns nil when the member may decide the round that the post waits for. Otherwise its error says why not:
// the right is missing, the member wrote in the post, has decided an earlier round, or is kept for the final one.
func (p Post) MayReview(by staff.Member) error {
	round := p.NextRound()
	right := staff.ReviewPosts
	if round == Final {
		right = staff.ApprovePosts
	}
	if err := by.Require(right, round.Chinese()); err != nil {
		return err
	}
	kept, named := p.named(round, by)
	if kept && !named {
		return fault.Newf(fault.Forbidden, "这篇稿件的%s由指定的人进行，您不在其中。", round.Chinese())
	}
	if round != Final && by.May(staff.ApprovePosts) && !named {
		return fault.Newf(fault.Forbidden, "您是终审人，%s请由审核人员进行；三审要三个不同的人，否则这篇稿件没有人可以终审。", round.Chinese())
	}
	if by.ID == p.AuthorID || slices.Contains(p.Writers, by.ID) {
		return fault.New(fault.Forbidden, "您写过或改过这篇稿件，不能审核它。请由其他人审核。")
	}
	if slices.ContainsFunc(p.Reviews, func(r Review) bool { return r.By == by.ID }) {
		return fault.New(fault.Forbidden, "三审要由不同的人进行，您已经审核过这篇稿件。")
	}
	return nil
}

// Review records one decision on the round that the post waits for: 初审, 复审, then 终审, which needs the right to
// approve. Three distinct people decide, none of them a writer of the post. The approval of 终审 is bound to the
// content's hash. A return needs a comment and makes the post a draft again.
func (n *Newsroom) Review(ctx context.Context, by staff.Member, id string, approved bool, comment string) (Post, error) {
	return n.ReviewSeen(ctx, by, id, "", approved, comment)
}

// ReviewSeen is Review by somebody who has read the content with the hash seen: when the post has another content by now,
// it decides nothing and returns Conflict.
func (n *Newsroom) ReviewSeen(ctx context.Context, by staff.Member, id, seen string, approved bool, comment string) (Post, error) {
	if !approved {
		var err error
		if comment, err = needReason(comment, "退回"); err != nil {
			return Post{}, err
		}
	}
	return n.Shelf.UpdatePost(ctx, id, func(p *Post) error {
		if seen != "" && p.Content.Hash() != seen {
			return fault.New(fault.Conflict, "您打开这篇稿件以后它又被修改过。请看过现在的内容再决定。")
		}
		return n.review(p, by, approved, comment)
	})
}

func (n *Newsroom) review(p *Post, by staff.Member, approved bool, comment string) error {
	if !p.Can(Return) {
		return p.move(Return)
	}
	if err := p.MayReview(by); err != nil {
		return err
	}
	round := p.NextRound()
	do, note := outcomeOf(*p, round, approved, comment)
	if err := p.move(do); err != nil {
		return err
	}
	hash := p.Content.Hash()
	p.Reviews = append(slices.Clone(p.Reviews), Review{
		Round: round, By: by.ID, ByName: by.Name, At: n.now(), Approved: approved, Comment: comment, Hash: hash,
	})
	if do == Approve {
		p.ApprovedHash = hash
	}
	n.record(p, by, do, note)
	return nil
}

// outcomeOf says what a decision does to the post, and how the trail puts it.
func outcomeOf(p Post, round Round, approved bool, comment string) (Action, string) {
	rounds := p.rounds()
	switch {
	case !approved:
		return Return, round.Chinese() + "退回，理由：" + comment
	case round == rounds[len(rounds)-1]:
		return Approve, round.Chinese() + "通过，内容指纹 " + p.Content.Hash()[:12] + "。"
	default:
		return Pass, round.Chinese() + "通过。"
	}
}
