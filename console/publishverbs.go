package console

import (
	"time"

	"shoushan/posts"
	"shoushan/staff"
	"shoushan/workday"
)

// publishVerbs lead from the approval to the readers, and back.
var publishVerbs = []verb[posts.Post]{
	{name: "release", title: "确认发布", explain: "这篇稿件错过了定时，或者在系统停止期间到点，所以没有自动发出。确认后立即按原来的方式发布；不发的，用“取消发布安排”。", rights: publishing, offered: onAccount(posts.Release),
		do: func(c *Console, v *visit, p posts.Post) (string, error) {
			_, err := c.cfg.Newsroom.Release(v.ctx(), v.who, p.ID)
			return "已确认，正在发布。", err
		}},
	{name: "schedule", title: "定时发布", explain: "到点自动发布：生成永久链接，不推送给关注者，不占群发次数。要推送的，用下面的“群发”。", rights: publishing, offered: onAccount(posts.Schedule), fields: scheduleFields,
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
			_, err := c.cfg.Newsroom.SendNow(v.ctx(), v.who, p.ID, posts.FreePublish, posts.MassChoice{})
			return "正在发布，稍后刷新本页看结果。", err
		}},
	{name: "mass", title: "群发（推送给关注者）", rights: massSending, offered: onAccount(posts.Schedule), pick: massPicker, note: massNote, fields: massFields, do: massSend},
	{name: "unschedule", title: "取消发布安排", explain: "稿件回到“已审定”，审核仍然有效。", rights: publishing, offered: possible(posts.Unschedule),
		do: func(c *Console, v *visit, p posts.Post) (string, error) {
			_, err := c.cfg.Newsroom.Unschedule(v.ctx(), v.who, p.ID)
			return "已取消发布安排，稿件回到“已审定”。", err
		}},
	{name: "sendpreview", title: "发到一个人的微信预览", explain: "只有这一个人会收到，用来在真手机上看效果；对方要先关注公众号。每天最多 100 次。", rights: previewing, offered: onAccount(posts.ShowPreview), more: true, fields: previewFields,
		do: func(c *Console, v *visit, p posts.Post) (string, error) {
			_, err := c.cfg.Newsroom.SendPreview(v.ctx(), v.who, p.ID, v.form("name"))
			return "预览已发给“" + v.form("name") + "”，请对方在微信里查看。", err
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
	{name: "redate", title: "更正发布日期", explain: "登记时写错了发布时间的，在这里改正。统计按新的日期计入，改动前后和原因留在稿件记录里。", rights: recording, offered: mayRedate, more: true, fields: redateFields, do: redate},
	{name: "removed", title: "登记为已删除", explain: "先在发布的平台上删除，再在这里登记；登记后不再计入统计。", danger: true, rights: publishing, offered: possible(posts.Remove), fields: removedFields,
		do: func(c *Console, v *visit, p posts.Post) (string, error) {
			at, err := v.instant("at", "删除时间")
			if err != nil {
				return "", err
			}
			_, err = c.cfg.Newsroom.RecordRemoval(v.ctx(), v.who, p.ID, at, v.form("reason"))
			return "已登记删除。", err
		}},
	{name: "withdraw", title: "撤稿", explain: "不再发布这篇稿件，原因留在稿件记录里。", danger: true, rights: newsroom, offered: mayWithdraw, fields: reasonField("撤稿原因"),
		do: func(c *Console, v *visit, p posts.Post) (string, error) {
			_, err := c.cfg.Newsroom.Withdraw(v.ctx(), v.who, p.ID, v.form("reason"))
			return "已撤稿。", err
		}},
}

func mayWithdraw(p posts.Post, who staff.Member) bool {
	return p.Can(posts.Withdraw) && (p.AuthorID == who.ID || who.May(staff.ReviewPosts))
}

// scheduleFields propose the time that the item has, the day that was asked for on the calendar, or the next full hour.
func scheduleFields(_ *Console, v *visit, p posts.Post) ([]field, error) {
	at := v.now.In(beijing).Truncate(time.Hour).Add(time.Hour)
	if p.DueAt.After(v.now) {
		at = p.DueAt.In(beijing)
	}
	if day, err := workday.Parse(v.ask("on")); err == nil {
		at = day.At(9, 0)
	}
	return []field{{Name: "at", Label: "发布时间（北京时间）", Kind: timeField, Required: true, Value: at.Format(inputTime)}}, nil
}

func previewFields(*Console, *visit, posts.Post) ([]field, error) {
	return []field{{Name: "name", Label: "收预览的人的微信号", Kind: textLine, Required: true, Help: "微信里“我”的页面上写的微信号，不是昵称。"}}, nil
}

func publishedFields(_ *Console, v *visit, p posts.Post) ([]field, error) {
	return []field{
		{Name: "url", Label: "发布地址", Kind: textLine, Required: p.State == posts.OutcomeUnknown, Value: p.Publication.URL, Help: "以 https:// 开头的永久链接。"},
		{Name: "at", Label: "发布时间（北京时间）", Kind: timeField, Required: true, Value: v.now.In(beijing).Format(inputTime)},
	}, nil
}

func removedFields(_ *Console, v *visit, _ posts.Post) ([]field, error) {
	return []field{
		{Name: "at", Label: "删除时间（北京时间）", Kind: timeField, Required: true, Value: v.now.In(beijing).Format(inputTime)},
		{Name: "reason", Label: "删除原因", Kind: textBlock, Required: true},
	}, nil
}
