package posts

import (
	"context"
	"fmt"

	"shoushan/fault"
	"shoushan/staff"
)

// SendPreview shows a post to one person in WeChat. It makes the platform's draft, which publishing uses again when the
// content has not changed by then.
func (n *Newsroom) SendPreview(ctx context.Context, by staff.Member, id, wechatName string) (Post, error) {
	if !by.May(staff.WritePosts) && !by.May(staff.ReviewPosts) {
		return Post{}, by.Require(staff.PublishPosts, "发送预览")
	}
	if wechatName == "" {
		return Post{}, fault.New(fault.Invalid, "请填写收预览的人的微信号。对方要先关注公众号。")
	}
	if err := n.massOffered(); err != nil {
		return Post{}, err
	}
	p, err := n.previewDraft(ctx, id)
	if err != nil {
		return p, err
	}
	if err := n.Mass.PreviewTo(ctx, p.Publication.MediaID, wechatName); err != nil {
		return p, fmt.Errorf("posts: preview: %w", err)
	}
	return n.change(ctx, by, id, ShowPreview, func(*Post) (string, error) { return "把预览发到一位同事的微信。", nil })
}

// previewDraft returns the post with a draft on the platform that holds its present content.
func (n *Newsroom) previewDraft(ctx context.Context, id string) (Post, error) {
	p, err := n.Shelf.Post(ctx, id)
	if err != nil {
		return p, err
	}
	probe := p
	if err := probe.move(ShowPreview); err != nil {
		return p, err
	}
	hash := p.draftHash()
	if p.Publication.MediaID != "" && p.Publication.DraftHash == hash {
		return p, nil
	}
	for _, step := range []func(context.Context, Post) (result, error){n.uploadImages, n.addCover} {
		apply, err := step(ctx, p)
		if err != nil {
			return p, err
		}
		if err := apply(&p); err != nil {
			return p, err
		}
	}
	p.Publication.DraftHash = hash
	if p.Publication.MediaID, err = n.makeDraft(ctx, p); err != nil {
		return p, err
	}
	return n.keepPreviewDraft(ctx, p)
}

// keepPreviewDraft puts the draft that was made into the record. When somebody has changed the post meanwhile, it is of no use.
func (n *Newsroom) keepPreviewDraft(ctx context.Context, p Post) (Post, error) {
	made, overtaken := p.Publication, false
	after, err := n.Shelf.UpdatePost(ctx, p.ID, func(q *Post) error {
		if overtaken = q.draftHash() != made.DraftHash || !q.Can(ShowPreview); overtaken {
			q.Publication.leave(made.MediaID, n.now())
			return nil
		}
		q.discardDraft(n.now())
		q.Bundle = p.Bundle
		q.Publication.Images, q.Publication.CoverMediaID, q.Publication.CoverURL = made.Images, made.CoverMediaID, made.CoverURL
		q.Publication.MediaID, q.Publication.DraftHash = made.MediaID, made.DraftHash
		return nil
	})
	if err == nil && overtaken {
		err = fault.New(fault.Conflict, "稿件刚才被修改过，请再发一次预览。")
	}
	return after, err
}
