package console

import (
	"cmp"

	"shoushan/disclosure"
	"shoushan/staff"
)

// noticeVerbs are the acts on a notice that waits for the signature of a second person.
var noticeVerbs = []verb[disclosure.Request]{
	{name: "signnotice", title: "签发告知书", explain: "请先看过待签发的文书全文。签发之后才编号、发出并生效；自己拟的不能自己签发。", rights: signing, offered: maySignNotice,
		do: plain((*disclosure.Desk).SignNotice, "已签发并发出。")},
	{name: "returnnotice", title: "退回告知书", danger: true, explain: "退回后不发出，期限和状态都不变。", rights: drafting, offered: hasNotice,
		fields: asks[disclosure.Request](field{Name: "reason", Label: "退回原因", Kind: textBlock, Required: true}),
		do: func(c *Console, v *visit, r disclosure.Request) (string, error) {
			_, err := c.deskAsSeen(v).ReturnNotice(v.ctx(), v.who, r.ID, v.form("reason"))
			return "已退回，没有发出。", err
		}},
}

// drafted is what a page says after a notice was drafted.
const drafted = "已拟定，等待另一位有权限的人签发；签发之前不会发出，期限也不变。"

func hasNotice(r disclosure.Request, _ staff.Member) bool { return r.Notice != nil }

func maySignNotice(r disclosure.Request, who staff.Member) bool {
	return r.Notice != nil && r.Notice.DraftedBy != who.ID && disclosure.MayDo(who, disclosure.DoSignNotice)
}

// pendingNotice is the notice as the case page shows it: what it is, who drafted it, and where its letters can be read.
type pendingNotice struct {
	Title, Drafter, About string
	Since                 string
	Letters               []letterLink
}

func noticeOf(r disclosure.Request, names map[string]string) *pendingNotice {
	n := r.Notice
	if n == nil {
		return nil
	}
	links := lettersOf(r)
	return &pendingNotice{
		Title: n.Title(), Drafter: cmp.Or(nameOf(names, n.DraftedBy), n.DraftedBy), Since: clockText(n.DraftedAt, "2006-01-02 15:04"),
		About: n.Action.Chinese(), Letters: links[len(r.Letters):],
	}
}
