package posts

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"shoushan/fault"
	"shoushan/staff"
)

// look asks, before a submission that may be a second one, whether the article is already out. It adopts what it finds.
// A draft of an earlier attempt that is gone from the platform is not submitted again: if it may have been submitted
// before, the outcome is unknown, otherwise a new draft is made.
func (n *Newsroom) look(ctx context.Context, p Post) (result, error) {
	st, found, err := n.findPublished(ctx, p)
	if err != nil {
		return nil, err
	}
	if found {
		return func(q *Post) error { return n.apply(q, st) }, nil
	}
	if p.Publication.MediaID == "" {
		return nothing, nil
	}
	there, err := n.Platform.DraftExists(ctx, p.Publication.MediaID)
	switch {
	case err != nil:
		return nil, err
	case there:
		return nothing, nil
	}
	return n.draftIsGone, nil
}

func (n *Newsroom) draftIsGone(p *Post) error {
	switch {
	case p.State != Publishing || p.Publication.begunSubmit():
		return nil
	case p.Publication.submittedDraft():
		return n.lose(p)
	}
	p.Publication.MediaID, p.Publication.DraftHash = "", ""
	return nil
}

func nothing(*Post) error { return nil }

// uploadImages puts the pictures of the text on the platform. What was uploaded before an error is kept.
func (n *Newsroom) uploadImages(ctx context.Context, p Post) (result, error) {
	done, cover := map[string]string{}, ""
	keep := func(q *Post) error {
		if cover != "" {
			q.Publication.CoverURL = cover
		}
		all := maps.Clone(q.Publication.Images)
		if all == nil {
			all = map[string]string{}
		}
		maps.Copy(all, done)
		q.Publication.Images = all
		return nil
	}
	for _, id := range missingPictures(p) {
		data, name, err := n.picture(ctx, id)
		if err != nil {
			return keep, err
		}
		m, err := n.upload(ctx, p.Content.Kind, name, data)
		if err != nil {
			return keep, fmt.Errorf("posts: upload image: %w", err)
		}
		done[id] = cmp.Or(m.MediaID, m.URL)
		if len(p.Content.Gallery) > 0 && id == p.Content.Gallery[0] {
			cover = m.URL
		}
	}
	return keep, nil
}

// upload stores a picture of the text, which has an address only; those of a picture message are permanent material.
func (n *Newsroom) upload(ctx context.Context, kind Kind, name string, data []byte) (m Material, err error) {
	if kind == PictureMessage {
		return n.Platform.AddCover(ctx, name, data)
	}
	m.URL, err = n.Platform.UploadImage(ctx, name, data)
	return m, err
}

// picture loads a file in the form that the platform takes.
func (n *Newsroom) picture(ctx context.Context, id string) (data []byte, name string, err error) {
	data, err = n.Files.File(ctx, id)
	if fault.Is(err, fault.NotFound) {
		return nil, "", fault.Wrap(fault.Invalid, err, "稿件里有一张图片找不到了。请打开稿件，重新上传这张图片。")
	}
	if err != nil {
		return nil, "", fmt.Errorf("posts: load picture: %w", err)
	}
	return n.openPicture(ctx, data)
}

// openPicture prepares a picture in its turn: a small file may open to a hundred megabytes, and many posts may be due at
// once.
func (n *Newsroom) openPicture(ctx context.Context, data []byte) ([]byte, string, error) {
	if n.Opening != nil {
		select {
		case n.Opening <- struct{}{}:
			defer func() { <-n.Opening }()
		case <-ctx.Done():
			return nil, "", fmt.Errorf("posts: open picture: %w", ctx.Err())
		}
	}
	return PreparePicture(data)
}

// addCover puts the cover on the platform: the chosen one, else the first picture, else a plain one.
func (n *Newsroom) addCover(ctx context.Context, p Post) (result, error) {
	made := map[int]Material{}
	keep := func(q *Post) error {
		q.Bundle = slices.Clone(q.Bundle)
		for i, m := range made {
			if i == 0 {
				q.Publication.CoverMediaID, q.Publication.CoverURL = m.MediaID, m.URL
			} else if i <= len(q.Bundle) {
				q.Bundle[i-1].Cover, q.Bundle[i-1].CoverURL = m.MediaID, m.URL
			}
		}
		return nil
	}
	for _, i := range missingCovers(p) {
		c := p.Content
		if i > 0 {
			c = p.Bundle[i-1].Content
		}
		data, name, err := n.cover(ctx, c)
		if err != nil {
			return keep, err
		}
		if made[i], err = n.Platform.AddCover(ctx, name, data); err != nil {
			delete(made, i)
			return keep, fmt.Errorf("posts: add cover: %w", err)
		}
	}
	return keep, nil
}

func (n *Newsroom) cover(ctx context.Context, c Content) ([]byte, string, error) {
	if c.Cover != "" {
		return n.picture(ctx, c.Cover)
	}
	if pictures := Pictures(c.Markdown); len(pictures) > 0 {
		return n.picture(ctx, pictures[0])
	}
	return PlainCover()
}

// addDraft renders the article and stores it as a draft of the platform. When another process was quicker its draft
// stays, so that all processes submit the same one; a draft that comes too late is deleted.
func (n *Newsroom) addDraft(ctx context.Context, p Post) (result, error) {
	id, err := n.makeDraft(ctx, p)
	if err != nil {
		return nil, err
	}
	hash := p.draftHash()
	return func(q *Post) error {
		if q.State != Publishing && q.State != Scheduled || q.Publication.MediaID != "" || q.draftHash() != hash {
			q.Publication.leave(id, n.now())
			return nil
		}
		q.Publication.MediaID, q.Publication.DraftHash = id, hash
		if q.Publication.Since.IsZero() { // from now on it can be published by hand, from the platform's draft box
			q.Publication.Since = n.now()
		}
		return nil
	}, nil
}

// makeDraft renders the articles and stores them as a draft of the platform.
func (n *Newsroom) makeDraft(ctx context.Context, p Post) (mediaID string, err error) {
	lead, err := p.article(p.Content, p.Publication.CoverMediaID)
	if err != nil {
		return "", err
	}
	articles := []Article{lead}
	for _, c := range p.Bundle {
		a, err := p.article(c.Content, c.Cover)
		if err != nil {
			return "", err
		}
		articles = append(articles, a)
	}
	switch {
	case len(articles) == 1 && lead.Kind == News:
		mediaID, err = n.Platform.AddDraft(ctx, lead)
	case n.Bundles == nil:
		return "", fault.New(fault.Conflict, "本系统没有开通图片消息和多篇图文，请改为单篇图文。")
	default:
		mediaID, err = n.Bundles.AddBundle(ctx, articles)
	}
	if err != nil {
		return "", fmt.Errorf("posts: add draft: %w", err)
	}
	return mediaID, nil
}

// article is a content as the platform takes it, with the pictures of this post's publication.
func (p Post) article(c Content, cover string) (Article, error) {
	a := Article{Kind: c.Kind, Title: c.Title, Author: c.Byline, Digest: c.Digest, CoverMediaID: cover, SourceLink: c.SourceLink}
	if c.Kind == PictureMessage {
		a.Gallery = &Gallery{}
		for _, id := range c.Gallery {
			a.Gallery.MediaIDs = append(a.Gallery.MediaIDs, p.Publication.Images[id])
		}
		a.HTML = c.plain()
		return a, nil
	}
	var err error
	a.HTML, err = c.HTML(func(ref string) (string, bool) {
		url := p.Publication.Images[ref]
		return url, url != ""
	})
	return a, err
}

// submit makes the irreversible call, once.
func (n *Newsroom) submit(ctx context.Context, p Post) (result, error) {
	publishID, msgDataID, err := n.Platform.SubmitPublish(ctx, p.Publication.MediaID)
	if err == nil && publishID == "" {
		err = &UnansweredError{Err: errors.New("posts: accepted without a publish id")}
	}
	if err != nil {
		return nil, n.doubtful(ctx, p, err)
	}
	i := len(p.Publication.Steps) - 1
	return func(q *Post) error {
		q.Publication.Steps[i].Answer = publishID
		return n.answer(q, p.Publication.Attempt, publishID, msgDataID)
	}, nil
}

// doubtful turns a refusal of a draft that is no longer there into a lost answer: the draft may have gone out.
func (n *Newsroom) doubtful(ctx context.Context, p Post, refusal error) error {
	if !fault.Is(refusal, fault.Conflict) && !fault.Is(refusal, fault.NotFound) {
		return refusal
	}
	if there, err := n.Platform.DraftExists(ctx, p.Publication.MediaID); err != nil || there {
		return refusal
	}
	return &UnansweredError{Err: refusal}
}

// answer records the platform's acceptance. It may come after another process gave the answer up as lost, or after the
// outcome was found in another way.
func (n *Newsroom) answer(p *Post, attempt int, publishID, msgDataID string) error {
	if p.Publication.Attempt != attempt {
		return nil
	}
	p.Publication.PublishID, p.Publication.MsgDataID = publishID, msgDataID
	return n.foundAnswer(p)
}

// foundAnswer takes a post whose answer was given up back to where answers are expected.
func (n *Newsroom) foundAnswer(p *Post) error {
	if p.State != OutcomeUnknown {
		return nil
	}
	if err := p.move(FindAnswer); err != nil {
		return err
	}
	p.Publication.Failure = ""
	n.record(p, staff.System, FindAnswer, "平台的答复到了，继续查询发布结果。")
	return nil
}
