package console

import (
	"net/http"
	"time"

	"shoushan/posts"
	"shoushan/staff"
	"shoushan/workday"
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
var postVerbs = []verb[posts.Post]{
	{name: "submit", title: "送审", explain: "送审后依次由不同的人初审、复审、终审。审核期间再改动，要重新送审。", rights: writing, offered: possible(posts.Submit),
		do: func(c *Console, v *visit, p posts.Post) (string, error) {
			_, err := c.cfg.Newsroom.Submit(v.ctx(), v.who, p.ID)
			return "已送审。", err
		}},
	{name: "approve", title: "审核通过", explain: "您通过的是本页预览的这一版内容；之后再改动，审核作废。", rights: reviewing, offered: mayReview, fields: commentField,
		do: func(c *Console, v *visit, p posts.Post) (string, error) {
			_, err := c.cfg.Newsroom.Review(v.ctx(), v.who, p.ID, true, v.form("comment"))
			return "已通过。", err
		}},
	{name: "return", title: "退回修改", danger: true, rights: reviewing, offered: mayReview, fields: reasonField("退回理由，作者会看到"),
		do: func(c *Console, v *visit, p posts.Post) (string, error) {
			_, err := c.cfg.Newsroom.Review(v.ctx(), v.who, p.ID, false, v.form("reason"))
			return "已退回作者。", err
		}},
	{name: "release", title: "确认发布", explain: "这篇稿件错过了定时，或者在系统停止期间到点，所以没有自动发出。确认后立即发布。", rights: publishing, offered: onAccount(posts.Release),
		do: func(c *Console, v *visit, p posts.Post) (string, error) {
			_, err := c.cfg.Newsroom.Release(v.ctx(), v.who, p.ID)
			return "已确认，正在发布。", err
		}},
	{name: "schedule", title: "定时发布", rights: publishing, offered: onAccount(posts.Schedule), fields: scheduleFields,
		do: func(c *Console, v *visit, p posts.Post) (string, error) {
			at, err := v.instant("at", "发布时间")
			if err != nil {
				return "", err
			}
			_, err = c.cfg.Newsroom.Schedule(v.ctx(), v.who, p.ID, at, posts.FreePublish)
			return "已定于 " + clockText(at, "2006-01-02 15:04") + "（北京时间）发布。", err
		}},
	{name: "publish", title: "立即发布", explain: "发布后生成永久链接，不推送给关注者，不占群发次数。", rights: publishing, offered: onAccount(posts.PublishNow),
		do: func(c *Console, v *visit, p posts.Post) (string, error) {
			_, err := c.cfg.Newsroom.PublishNow(v.ctx(), v.who, p.ID)
			return "正在发布，稍后刷新本页看结果。", err
		}},
	{name: "unschedule", title: "取消发布安排", rights: publishing, offered: possible(posts.Unschedule),
		do: func(c *Console, v *visit, p posts.Post) (string, error) {
			_, err := c.cfg.Newsroom.Unschedule(v.ctx(), v.who, p.ID)
			return "已取消定时，稿件回到“已审定”。", err
		}},
	{name: "published", title: "登记为已发布", explain: "在公众号或者网站后台核对过、确实已经发布的，在这里登记地址和时间。", rights: publishing, offered: possible(posts.RecordPublished), fields: publishedFields,
		do: func(c *Console, v *visit, p posts.Post) (string, error) {
			at, err := v.instant("at", "发布时间")
			if err != nil {
				return "", err
			}
			_, err = c.cfg.Newsroom.RecordOutcome(v.ctx(), v.who, p.ID, v.form("url"), at)
			return "已登记为已发布。", err
		}},
	{name: "unpublished", title: "登记为没有发布", explain: "在公众号后台核对过、确实没有发布的，登记后可以重新安排。", rights: publishing, offered: possible(posts.RecordFailed), fields: reasonField("怎样核对的"),
		do: func(c *Console, v *visit, p posts.Post) (string, error) {
			_, err := c.cfg.Newsroom.RecordNotPublished(v.ctx(), v.who, p.ID, v.form("reason"))
			return "已登记，可以重新安排发布。", err
		}},
	{name: "removed", title: "登记为已删除", explain: "先在发布的平台上删除，再在这里登记；登记后不再计入统计。", danger: true, rights: publishing, offered: possible(posts.Remove), fields: removedFields,
		do: func(c *Console, v *visit, p posts.Post) (string, error) {
			at, err := v.instant("at", "删除时间")
			if err != nil {
				return "", err
			}
			_, err = c.cfg.Newsroom.RecordRemoval(v.ctx(), v.who, p.ID, at, v.form("reason"))
			return "已登记删除。", err
		}},
	{name: "withdraw", title: "撤稿", danger: true, rights: newsroom, offered: mayWithdraw, fields: reasonField("撤稿原因"),
		do: func(c *Console, v *visit, p posts.Post) (string, error) {
			_, err := c.cfg.Newsroom.Withdraw(v.ctx(), v.who, p.ID, v.form("reason"))
			return "已撤稿。", err
		}},
}

func mayWithdraw(p posts.Post, who staff.Member) bool {
	return p.Can(posts.Withdraw) && (p.AuthorID == who.ID || who.May(staff.ReviewPosts))
}

func commentField(_ *Console, _ *visit, p posts.Post) ([]field, error) {
	return []field{{Name: "comment", Label: p.NextRound().Chinese() + "意见", Kind: textBlock}}, nil
}

// scheduleFields proposes the next full hour.
func scheduleFields(_ *Console, v *visit, _ posts.Post) ([]field, error) {
	next := v.now.In(beijing).Truncate(time.Hour).Add(time.Hour)
	return []field{{Name: "at", Label: "发布时间（北京时间）", Kind: timeField, Required: true, Value: next.Format("2006-01-02T15:04")}}, nil
}

func publishedFields(_ *Console, v *visit, p posts.Post) ([]field, error) {
	return []field{
		{Name: "url", Label: "发布地址", Kind: textLine, Required: p.State == posts.OutcomeUnknown, Value: p.Publication.URL, Help: "以 https:// 开头的永久链接。"},
		{Name: "at", Label: "发布时间（北京时间）", Kind: timeField, Required: true, Value: v.now.In(beijing).Format("2006-01-02T15:04")},
	}, nil
}

func removedFields(_ *Console, v *visit, _ posts.Post) ([]field, error) {
	return []field{
		{Name: "at", Label: "删除时间（北京时间）", Kind: timeField, Required: true, Value: v.now.In(beijing).Format("2006-01-02T15:04")},
		{Name: "reason", Label: "删除原因", Kind: textBlock, Required: true},
	}, nil
}

// elsewherePage records what was published outside this system: by hand on the account, or on the portal site.
type elsewherePage struct {
	frame
	Fields  []field
	Problem problem
}

func elsewhereFields(typed func(string) string) []field {
	fields := []field{
		{Name: "channel", Label: "发布在", Kind: pickOne, Required: true, Options: choices(posts.Channel.Chinese, posts.Portal, posts.Account)},
		{Name: "title", Label: "标题", Kind: textLine, Required: true},
		{Name: "origin", Label: "原创还是转载", Kind: pickOne, Required: true, Options: []option{
			{"", "请选择"}, {string(posts.Original), posts.Original.Chinese()}, {string(posts.Repost), posts.Repost.Chinese()},
		}},
		{Name: "source_name", Label: "转载来源", Kind: textLine, Help: "转载的必须填写。"},
		{Name: "at", Label: "发布时间（北京时间）", Kind: timeField, Required: true},
		{Name: "url", Label: "发布地址", Kind: textLine, Help: "同一个地址不会登记两次。"},
		{Name: "topic", Label: "专题", Kind: textLine},
	}
	for i := range fields {
		fields[i].ID, fields[i].Value = "elsewhere-"+fields[i].Name, typed(fields[i].Name)
	}
	return fields
}

func (c *Console) elsewhere(v *visit) error {
	return c.showElsewhere(v, http.StatusOK, func(string) string { return "" }, problem{})
}

func (c *Console) showElsewhere(v *visit, status int, typed func(string) string, p problem) error {
	return c.show(v, status, "elsewhere", &elsewherePage{
		frame: frame{Title: "补录已发布内容", Here: "/posts/elsewhere"}, Fields: elsewhereFields(typed), Problem: p,
	})
}

func (c *Console) recordElsewhere(v *visit) error {
	content := typedContent(v)
	at, err := v.instant("at", "发布时间")
	var post posts.Post
	if err == nil {
		post, err = c.cfg.Newsroom.RecordElsewhere(v.ctx(), v.who, posts.Channel(v.form("channel")), content, v.form("url"), at)
	}
	if err != nil {
		p := c.explain(v, err)
		return c.showElsewhere(v, p.Status, v.form, p)
	}
	return c.redirect(v, "/posts/"+post.ID, "已登记《"+post.Content.Title+"》，计入 "+workday.Of(at).Chinese()+"。")
}
