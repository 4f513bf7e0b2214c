package console

import (
	"slices"
	"strings"
	"time"

	"shoushan/fault"
	"shoushan/posts"
	"shoushan/staff"
)

// originCard is the three words on an item's origin, kept apart: the editor's, the system's and the platform's.
type originCard struct {
	Declared   string
	Suggestion suggestion // empty before it was submitted
	Asked      bool       // there is a suggestion on the present content
	Verdict    string     // "" when the platform gave none
	Reprint    bool
}

func originOf(p posts.Post) originCard {
	card := originCard{Declared: p.Content.Origin.Chinese(), Reprint: p.Verdict().Reprint()}
	if p.Verdict() != posts.NoVerdict {
		card.Verdict = p.Verdict().Chinese()
	}
	if p.Suggestion != nil && p.Suggestion.Hash == p.Content.Hash() {
		card.Suggestion, card.Asked = suggestionOf(*p.Suggestion, p.Content.Origin), true
	}
	return card
}

// roundRow is one round of the review as the page shows it.
type roundRow struct {
	Round, Subject string
	By             string // who decided, "" while it is open
	At             time.Time
	Text           string
	Returned       bool
	Waiting        bool   // it is this round's turn
	Kept           string // the members to whom it is left
}

// review fills in how far the review of the present content is.
func (p *postPage) review(post posts.Post, who staff.Member, names map[string]string) {
	form := post.ApprovalForm()
	p.Path = form.Path
	if post.ApprovedHash != "" && post.ApprovedHash == post.Content.Hash() {
		p.Fingerprint = post.ApprovedHash[:12]
	}
	if post.State == posts.Draft && len(post.Reviews) > 0 {
		last := post.Reviews[len(post.Reviews)-1]
		p.Returned = &reviewRow{Round: last.Round.Chinese(), By: last.ByName, Comment: last.Comment, At: last.At, Approved: last.Approved}
	}
	p.Voided = voided(post)
	p.Since = sentBack(post)
	if post.State == posts.Draft && p.Returned == nil || post.Method == posts.Elsewhere && len(post.Reviews) == 0 {
		return
	}
	for _, o := range form.Opinions {
		row := roundRow{Round: o.Round.Chinese(), Subject: o.Subject, By: o.Name, At: o.At, Text: strings.TrimPrefix(o.Text, "审核通过。")}
		row.Returned = strings.HasPrefix(o.Text, "退回。")
		row.Waiting = post.State == posts.InReview && o.Round == post.NextRound() && o.Name == ""
		for _, id := range post.Deciders[o.Round] {
			row.Kept += "、" + nameOf(names, id)
		}
		row.Kept = strings.TrimPrefix(row.Kept, "、")
		p.Rounds = append(p.Rounds, row)
	}
	if why := post.MayReview(who); post.State == posts.InReview && why != nil && (who.May(staff.ReviewPosts) || who.May(staff.ApprovePosts)) {
		p.MayNot = fault.Message(why)
	}
}

// sentBack returns the number of the version that a reviewer sent back, when it has been changed and submitted again
// since; otherwise 0.
func sentBack(post posts.Post) int {
	if post.State != posts.InReview {
		return 0
	}
	for _, e := range slices.Backward(post.Trail) {
		if posts.Action(e.Action) != posts.Return {
			continue
		}
		for _, r := range slices.Backward(post.Revisions) {
			if !r.At.After(e.At) && r.Number < len(post.Revisions) {
				return r.Number
			}
		}
		return 0
	}
	return 0
}

// voided reports whether the last change took approvals away.
func voided(post posts.Post) bool {
	if post.State != posts.Draft {
		return false
	}
	for _, e := range slices.Backward(post.Trail) {
		switch posts.Action(e.Action) {
		case posts.Submit, posts.Return, posts.Create:
			return false
		case posts.Write:
			if strings.Contains(e.Note, "作废") {
				return true
			}
		default: // leaves approvals as they are
		}
	}
	return false
}

// methodOf says how an item goes out, or went out.
func methodOf(p posts.Post) string {
	if p.DueAt.IsZero() && p.Publication.PublishedAt.IsZero() {
		return ""
	}
	return p.Way()
}

// todo is what a state that waits for somebody asks for.
var todo = map[posts.State]string{
	posts.Failed:         "没有发布出去，也不会自动重试。内容有问题的：点“编辑”改好，重新送审；不是内容问题的（网络、额度、公众号设置）：处理以后点“立即发布”或“定时发布”再试，审核仍然有效。",
	posts.OutcomeUnknown: "系统每隔几分钟自己核对一次，不会再发第二遍，请先等十分钟。仍然不知道的，请登录微信公众平台看“发表记录”，再在下面登记“已发布”或“没有发布”。",
	posts.AwaitingPerson: "错过时间的稿件不会自动发出，免得发出过时的内容。还要发的点“确认发布”；不发的点“取消发布安排”，或者另定时间。",
	posts.AwaitingAdmin:  "请公众号管理员在微信上找到“公众平台安全助手”的消息并确认，30 分钟内有效；超时就不会发出，稿件会转为“发布失败”，可以再群发一次。",
	posts.Scheduled:      "到点自动发布，不用守着。要改时间，用下面的“定时发布”重新选；要改内容，先“取消发布安排”，改过以后重新送审。",
	posts.Publishing:     "正在一步一步发布，一般一两分钟。过一会儿刷新本页看结果；不要到公众号后台重复发布。",
}

func todoOf(p posts.Post) string { return todo[p.State] }
