package posts

import (
	"context"
	"slices"
	"strings"

	"shoushan/fault"
	"shoushan/staff"
	"shoushan/workday"
)

// RecordLink gives a published item of the account the permanent link that it lacks: one that was mass-sent without the
// platform telling it, or entered without one. An address that another item has is a Conflict.
func (n *Newsroom) RecordLink(ctx context.Context, by staff.Member, id, link string) (Post, error) {
	if err := by.Require(staff.PublishPosts, "登记公众号文章的链接"); err != nil {
		return Post{}, err
	}
	if link = strings.TrimSpace(link); link == "" {
		return Post{}, fault.New(fault.Invalid, "请填写永久链接。")
	}
	p, err := n.Shelf.Post(ctx, id)
	if err != nil {
		return p, err
	}
	if err := n.checkLink(p.Channel, link); err != nil {
		return p, err
	}
	if err := n.refuseTaken(ctx, p, link); err != nil {
		return p, err
	}
	return n.change(ctx, by, id, AddLink, func(q *Post) (string, error) {
		if q.Publication.URL != "" {
			return "", fault.New(fault.Conflict, "这篇稿件已经有永久链接了。")
		}
		q.Publication.URL = link
		return "补登永久链接：" + link, nil
	})
}

// refuseTaken returns Conflict when another item of the year has the address.
func (n *Newsroom) refuseTaken(ctx context.Context, p Post, link string) error {
	same, err := n.Shelf.Posts(ctx, Query{PublishedYear: workday.Of(p.Publication.PublishedAt).Year()})
	if err != nil {
		return err
	}
	if i := slices.IndexFunc(same, func(k Post) bool { return k.ID != p.ID && k.Publication.URL == link }); i >= 0 {
		return fault.Newf(fault.Conflict, "这个地址已经登记过：《%s》。", same[i].Content.Title)
	}
	return nil
}
