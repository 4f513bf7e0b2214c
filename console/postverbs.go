package console

import (
	"slices"
	"strings"

	"shoushan/posts"
	"shoushan/staff"
)

// possible offers a verb wherever the table of transitions has it.
func possible(do posts.Action) func(posts.Post, staff.Member) bool {
	return func(p posts.Post, _ staff.Member) bool { return p.Can(do) }
}

// onAccount offers a verb for what this system itself publishes.
func onAccount(do posts.Action) func(posts.Post, staff.Member) bool {
	return func(p posts.Post, _ staff.Member) bool { return p.Can(do) && p.Channel == posts.Account }
}

func mayReview(p posts.Post, who staff.Member) bool {
	return p.Can(posts.Return) && p.MayReview(who) == nil
}

// reasonField asks why.
func reasonField(label string) func(*Console, *visit, posts.Post) ([]field, error) {
	return func(*Console, *visit, posts.Post) ([]field, error) {
		return []field{{Name: "reason", Label: label, Kind: textBlock, Required: true}}, nil
	}
}

// postVerbs is every act on a post, in the order in which a page offers them.
var postVerbs = slices.Concat(reviewVerbs, publishVerbs)

// reviewVerbs lead from the draft to the approval.
var reviewVerbs = []verb[posts.Post]{
	{name: "submit", title: "送审", rights: writing, offered: possible(posts.Submit), note: pathNote,
		do: func(c *Console, v *visit, p posts.Post) (string, error) {
			_, err := c.cfg.Newsroom.Submit(v.ctx(), v.who, p.ID)
			return "已送审。", err
		}},
	{name: "approve", title: "审核通过", explain: "您通过的是本页预览的这一版内容；之后再改动，审核作废。", rights: reviewing, offered: mayReview, fields: approveFields,
		do: func(c *Console, v *visit, p posts.Post) (string, error) {
			_, err := c.cfg.Newsroom.ReviewSeen(v.ctx(), v.who, p.ID, v.form("seen"), true, v.form("comment"))
			return "已通过。", err
		}},
	{name: "return", title: "退回修改", danger: true, rights: reviewing, offered: mayReview, fields: reasonField("退回理由，作者会看到"),
		do: func(c *Console, v *visit, p posts.Post) (string, error) {
			_, err := c.cfg.Newsroom.Review(v.ctx(), v.who, p.ID, false, v.form("reason"))
			return "已退回作者。", err
		}},
	{name: "comment", title: "批注", hidden: true, rights: newsroom, offered: anyPost, fields: remarkField,
		do: func(c *Console, v *visit, p posts.Post) (string, error) {
			_, err := c.cfg.Newsroom.Comment(v.ctx(), v.who, p.ID, v.form("text"))
			return "批注已加上，参与这篇稿件的人都能看到。", err
		}},
}

func anyPost(posts.Post, staff.Member) bool { return true }

// pathNote says which rounds await the item, before it is submitted.
func pathNote(c *Console, v *visit, p posts.Post) (string, error) {
	path, err := c.cfg.Newsroom.PathFor(v.ctx(), p)
	if err != nil {
		return "", err
	}
	return "送审后依次" + roundNames(path.Rounds) + "（流程：" + path.Name + "），由不同的人进行，写过这篇稿件的人不能审。审核期间再改动，要重新送审。", nil
}

func roundNames(rounds []posts.Round) string {
	var names []string
	for _, r := range rounds {
		names = append(names, r.Chinese())
	}
	return strings.Join(names, "、")
}

// approveFields bind the decision to the content that the page shows.
func approveFields(_ *Console, _ *visit, p posts.Post) ([]field, error) {
	return []field{
		{Name: "seen", Kind: hiddenField, Required: true, Value: p.Content.Hash()},
		{Name: "comment", Label: p.NextRound().Chinese() + "意见", Kind: textBlock},
	}, nil
}

func remarkField(*Console, *visit, posts.Post) ([]field, error) {
	return []field{{Name: "text", Label: "批注", Kind: textBlock, Required: true}}, nil
}
