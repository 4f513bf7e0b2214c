package posts

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"time"

	"shoushan/fault"
	"shoushan/staff"
	"shoushan/workday"
)

// Schedule sets when and how an approved post is published. The time must be in the future; it needs the right to
// publish, and the right to mass-send for MassSend. A scheduled post is moved to the new time; a failed one gets another
// attempt.
func (n *Newsroom) Schedule(ctx context.Context, by staff.Member, id string, at time.Time, m Method) (Post, error) {
	if !at.After(n.now()) {
		return Post{}, fault.New(fault.Invalid, "发布时间已经过去，请选择以后的时间，或者选择“立即发布”。")
	}
	if err := n.mayPublish(by, m); err != nil {
		return Post{}, err
	}
	return n.arrange(ctx, by, id, Schedule, at, m, nil)
}

func (n *Newsroom) mayPublish(by staff.Member, m Method) error {
	if err := by.Require(staff.PublishPosts, "发布稿件"); err != nil {
		return err
	}
	switch m {
	case FreePublish:
		return nil
	case MassSend:
		if err := by.Require(staff.MassSend, "群发"); err != nil {
			return err
		}
		if n.Mass == nil {
			return fault.New(fault.Conflict, "本系统还没有开通群发。请选择“发布”，或者在公众号后台群发后回来登记。")
		}
		return nil
	default:
		return fault.New(fault.Invalid, "请选择发布方式。")
	}
}

// arrange schedules the post at the instant; the next attempt begins when it is claimed.
func (n *Newsroom) arrange(ctx context.Context, by staff.Member, id string, do Action, at time.Time, m Method, choice *MassChoice) (Post, error) {
	if err := n.roomOn(ctx, id, at, m); err != nil {
		return Post{}, err
	}
	return n.change(ctx, by, id, do, func(p *Post) (string, error) {
		if p.Channel != Account {
			return "", fault.New(fault.Conflict, "门户网站的稿件请在网站后台发布，再回来登记发布地址。")
		}
		p.DueAt, p.Method = at.UTC(), m
		if choice != nil {
			p.Mass = *choice
		}
		p.Publication.Failure = ""
		return "安排在北京时间 " + at.In(workday.Beijing).Format("2006-01-02 15:04:05") + " " + p.Way() + "。", nil
	})
}

// Unschedule takes a scheduled post, or one that waits for a person, back to approved.
func (n *Newsroom) Unschedule(ctx context.Context, by staff.Member, id string) (Post, error) {
	if err := by.Require(staff.PublishPosts, "取消发布安排"); err != nil {
		return Post{}, err
	}
	return n.change(ctx, by, id, Unschedule, func(p *Post) (string, error) {
		p.DueAt = time.Time{}
		return "取消发布安排。", nil
	})
}

// PublishNow makes an approved, scheduled or failed post due at once, by free publishing unless another method was
// chosen; the clock takes it from there within seconds.
func (n *Newsroom) PublishNow(ctx context.Context, by staff.Member, id string) (Post, error) {
	return n.dueNow(ctx, by, id, PublishNow)
}

// Release lets a post that waits for a person go out now. Unschedule is the other answer: back to approved.
func (n *Newsroom) Release(ctx context.Context, by staff.Member, id string) (Post, error) {
	return n.dueNow(ctx, by, id, Release)
}

func (n *Newsroom) dueNow(ctx context.Context, by staff.Member, id string, do Action) (Post, error) {
	p, err := n.Shelf.Post(ctx, id)
	if err != nil {
		return Post{}, err
	}
	if err := n.mayPublish(by, p.Method); err != nil {
		return Post{}, err
	}
	p, err = n.arrange(ctx, by, id, do, n.now(), p.Method, nil)
	if err == nil && n.Wake != nil {
		n.Wake(ctx, id)
	}
	return p, err
}

// RecordElsewhere enters an item that was published outside this system: by hand in the account's own back end, or on
// the portal site. It counts from publishedAt, which may not be in the future. The same address on the same channel is
// entered once; a second time is a Conflict.
func (n *Newsroom) RecordElsewhere(ctx context.Context, by staff.Member, channel Channel, c Content, link string, publishedAt time.Time) (Post, error) {
	if !by.May(staff.WritePosts) && !by.May(staff.PublishPosts) {
		return Post{}, by.Require(staff.WritePosts, "登记已发布的稿件")
	}
	if channel == Account && link != "" { // citizens are shown it as the account's own
		if err := by.Require(staff.PublishPosts, "登记公众号文章的链接"); err != nil {
			return Post{}, err
		}
	}
	c, err := n.tidy(c, by.Name)
	if err != nil {
		return Post{}, err
	}
	p := Post{Channel: channel, Content: c, AuthorID: by.ID, Writers: []string{by.ID}, Method: Elsewhere, CreatedAt: n.now()}
	if err := n.published(&p, link, publishedAt); err != nil {
		return Post{}, err
	}
	if err := n.refuseSecond(ctx, p); err != nil {
		return Post{}, err
	}
	if err := p.move(RecordPublished); err != nil {
		return Post{}, err
	}
	n.record(&p, by, RecordPublished, "登记在"+channel.Chinese()+"发布的稿件，声明为"+c.Origin.Chinese()+"。")
	return n.Shelf.CreatePost(ctx, p)
}

// PlatformHost is where articles of Official Accounts live.
const PlatformHost = "mp.weixin.qq.com"

// checkLink refuses what is no address; an article of the account must be on the platform, since citizens are shown it as
// the account's own.
func (n *Newsroom) checkLink(channel Channel, link string) error {
	if link == "" {
		return nil
	}
	u, err := url.Parse(link)
	if err != nil || u.Host == "" || u.User != nil || (u.Scheme != "https" && u.Scheme != "http") {
		return fault.New(fault.Invalid, "发布地址应以 http:// 或 https:// 开头，并且是完整的网址。")
	}
	host := n.ArticleHost
	if host == "" {
		host = PlatformHost
	}
	if channel == Account && u.Host != host {
		return fault.Newf(fault.Invalid, "公众号文章的永久链接应在 %s 上，请从公众号后台复制。", host)
	}
	return nil
}

// published fills in what a person says about a publication.
func (n *Newsroom) published(p *Post, link string, at time.Time) error {
	link = strings.TrimSpace(link)
	switch {
	case p.Channel.Chinese() == "":
		return fault.New(fault.Invalid, "请选择发布渠道：微信公众号或政府门户网站。")
	case at.IsZero():
		return fault.New(fault.Invalid, "请填写发布时间。")
	case at.After(n.now()):
		return fault.New(fault.Invalid, "发布时间还没有到，只能登记已经发布的稿件。")
	}
	if err := n.checkLink(p.Channel, link); err != nil {
		return err
	}
	p.Publication.URL, p.Publication.PublishedAt, p.Publication.Failure = link, at.UTC(), ""
	return nil
}

// refuseSecond returns Conflict when the same address is already recorded on the channel in the same year.
func (n *Newsroom) refuseSecond(ctx context.Context, p Post) error {
	if p.Publication.URL == "" {
		return nil
	}
	known, err := n.Shelf.Posts(ctx, Query{PublishedYear: p.Publication.PublishedAt.In(workday.Beijing).Year()})
	if err != nil {
		return err
	}
	i := slices.IndexFunc(known, func(k Post) bool {
		return k.ID != p.ID && k.Channel == p.Channel && k.Publication.URL == p.Publication.URL
	})
	if i >= 0 {
		return fault.Newf(fault.Conflict, "这个地址已经登记过：《%s》。", known[i].Content.Title)
	}
	return nil
}

// RecordOutcome records that a post of ours was published by hand (an approved, failed or unknown one), with its
// permanent link and time.
func (n *Newsroom) RecordOutcome(ctx context.Context, by staff.Member, id, url string, publishedAt time.Time) (Post, error) {
	if err := by.Require(staff.PublishPosts, "登记发布结果"); err != nil {
		return Post{}, err
	}
	return n.change(ctx, by, id, RecordPublished, func(p *Post) (string, error) {
		if p.State != OutcomeUnknown {
			p.Method = Elsewhere
		}
		return "人工核对后登记为已发布。", n.published(p, url, publishedAt)
	})
}

// RecordNotPublished settles an unknown outcome by hand: a person has looked at the account and the article is not there.
// The next attempt makes a new draft.
func (n *Newsroom) RecordNotPublished(ctx context.Context, by staff.Member, id, reason string) (Post, error) {
	if err := by.Require(staff.PublishPosts, "登记发布结果"); err != nil {
		return Post{}, err
	}
	reason, err := needReason(reason, "认定没有发布")
	if err != nil {
		return Post{}, err
	}
	return n.change(ctx, by, id, RecordFailed, func(p *Post) (string, error) {
		p.discardDraft(n.now())
		p.Publication.Failure = "人工核对后认定没有发布：" + reason
		return p.Publication.Failure, nil
	})
}

// RecordRemoval records that a published item was deleted afterwards; it is not counted from then on and stays listed.
func (n *Newsroom) RecordRemoval(ctx context.Context, by staff.Member, id string, at time.Time, reason string) (Post, error) {
	if err := by.Require(staff.PublishPosts, "登记删除"); err != nil {
		return Post{}, err
	}
	reason, err := needReason(reason, "删除")
	if err != nil {
		return Post{}, err
	}
	return n.change(ctx, by, id, Remove, func(p *Post) (string, error) {
		if at.After(n.now()) || at.Before(p.Publication.PublishedAt) {
			return "", fault.New(fault.Invalid, "删除时间应在发布之后、现在之前。")
		}
		p.Publication.RemovedAt = at.UTC()
		return "已在发布平台删除，原因：" + reason, nil
	})
}
