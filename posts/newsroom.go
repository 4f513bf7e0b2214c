package posts

import (
	"context"
	"slices"
	"strings"
	"time"

	"shoushan/fault"
	"shoushan/staff"
)

// Newsroom is the only way to change a post. Every verb takes the member who acts, checks the right and the state,
// appends one event and stores the record.
type Newsroom struct {
	Shelf    Shelf
	Files    Files
	Platform Platform
	Now      func() time.Time
	Started  time.Time     // what was due before this instant waits for a person
	Grace    time.Duration // how late an item may still go out by itself; 0 means 10 minutes

	Bundles Bundler      // nil: one article at a time, and no picture messages
	Mass    MassPlatform // nil: mass sending is not offered
	Lister  Lister       // nil: the list of the platform is not looked at
	// Opening holds how many pictures are opened at once while publishing and taking pictures over; nil: no limit.
	Opening chan struct{}
	// Statistics is what readers did; nil: no figures are taken.
	Statistics Statistician
	Limit      MassLimit // of mass sending; the zero value is that of a subscription account
	Fetcher    Fetcher   // of pictures on the web; nil: none are fetched
	Notepad    Notepad   // what is typed and not saved; nil: nothing is kept
	Cabinet    Cabinet   // the newsroom's own lists; nil: none are kept
	Sketches   Sketches  // of all posts, to find those alike; nil: every recent post is read
	// ArticleHost is where the account's articles live; "" means PlatformHost. The simulator has its own.
	ArticleHost string
	Wake        func(ctx context.Context, id string) // told of a post that is to go out at once; nil: the sweep finds it
}

// The legal grounds that the trail cites.
const (
	groundReview = "条例第十七条；《政府信息发布审核制度》（先审后发）"
	groundOrigin = "转载注明来源；《政府信息发布审核制度》"
)

// change runs one verb on a stored post: check and alter the copy, then append one event.
func (n *Newsroom) change(ctx context.Context, by staff.Member, id string, do Action, alter func(p *Post) (note string, err error)) (Post, error) {
	return n.Shelf.UpdatePost(ctx, id, func(p *Post) error {
		note, err := alter(p)
		if err != nil {
			return err
		}
		if err := p.move(do); err != nil {
			return err
		}
		n.record(p, by, do, note)
		return nil
	})
}

func (n *Newsroom) record(p *Post, by staff.Member, do Action, note string) {
	p.UpdatedAt = n.now()
	p.touch(do)
	p.discardUnneeded(do, p.UpdatedAt)
	p.Trail = p.Trail.Append(by, p.UpdatedAt, string(do), note, groundOf[do])
}

var groundOf = map[Action]string{
	Create: groundOrigin, Write: groundOrigin, Submit: groundReview, Return: groundReview, Pass: groundReview,
	Approve: groundReview, Claim: groundReview, RecordPublished: groundOrigin,
}

func (n *Newsroom) now() time.Time { return n.Now().UTC() }

// Create starts a draft. It needs the right to write; the origin must be declared, and a repost needs its source.
func (n *Newsroom) Create(ctx context.Context, by staff.Member, channel Channel, c Content) (Post, error) {
	if err := by.Require(staff.WritePosts, "撰写稿件"); err != nil {
		return Post{}, err
	}
	if channel.Chinese() == "" {
		return Post{}, fault.New(fault.Invalid, "请选择稿件的发布渠道：微信公众号或政府门户网站。")
	}
	c, err := n.tidy(c, by.Name)
	if err != nil {
		return Post{}, err
	}
	p := Post{Channel: channel, Content: c, AuthorID: by.ID, Writers: []string{by.ID}, Method: FreePublish, CreatedAt: n.now()}
	if err := p.move(Create); err != nil {
		return Post{}, err
	}
	keep, err := n.keepRevision(ctx, by, c)
	if err != nil {
		return Post{}, err
	}
	keep(&p)
	n.record(&p, by, Create, "新建稿件，声明为"+c.Origin.Chinese()+"。")
	return n.Shelf.CreatePost(ctx, p)
}

// tidy trims what people type and refuses what even a draft must not lack: a title and the declaration of its origin.
func (n *Newsroom) tidy(c Content, editor string) (Content, error) {
	c.Title, c.Byline, c.Digest, c.Topic = strings.TrimSpace(c.Title), strings.TrimSpace(c.Byline), strings.TrimSpace(c.Digest), strings.TrimSpace(c.Topic)
	c.Markdown = strings.ReplaceAll(c.Markdown, "\r\n", "\n")
	if c.Editor == "" {
		c.Editor = editor
	}
	if c.Source != nil {
		s := Source{Name: strings.TrimSpace(c.Source.Name), URL: strings.TrimSpace(c.Source.URL)}
		c.Source = &s
	}
	switch {
	case c.Title == "":
		return c, fault.New(fault.Invalid, "请填写标题。")
	case c.Origin.Chinese() == "":
		return c, fault.New(fault.Invalid, "请声明稿件是“原创”还是“转载”。")
	case c.Origin == Original:
		c.Source = nil
	case c.Source == nil || c.Source.Name == "":
		return c, fault.New(fault.Invalid, "转载的稿件必须写明来源。")
	}
	return c, nil
}

// Edit replaces the content and voids every approval: a post in review, approved or failed becomes a draft again. The
// version is the one that the editor had open; when the post has changed since, Edit returns Conflict and stores nothing.
// A post that is scheduled must be unscheduled first.
func (n *Newsroom) Edit(ctx context.Context, by staff.Member, id string, version int, c Content) (Post, error) {
	return n.edit(ctx, by, id, version, c, "")
}

// edit is Edit with what the trail says besides.
func (n *Newsroom) edit(ctx context.Context, by staff.Member, id string, version int, c Content, note string) (Post, error) {
	if err := by.Require(staff.WritePosts, "修改稿件"); err != nil {
		return Post{}, err
	}
	if c.Editor == "" { // as the record has it; known only there
		p, err := n.Shelf.Post(ctx, id)
		if err != nil {
			return Post{}, err
		}
		c.Editor = p.Content.Editor
	}
	tidied, err := n.tidy(c, by.Name)
	if err != nil {
		return Post{}, err
	}
	keep, err := n.keepRevision(ctx, by, tidied)
	if err != nil {
		return Post{}, err
	}
	return n.change(ctx, by, id, Write, func(p *Post) (string, error) {
		if p.Overtaken(version) {
			return "", fault.New(fault.Conflict, "这篇稿件刚才被别人修改过。您写的内容没有丢，请另存后打开最新的稿件再合并。")
		}
		keep(p)
		return note + p.rewrite(by, tidied), nil
	})
}

// rewrite puts new content in place and voids the approvals; it returns the note for the trail.
func (p *Post) rewrite(by staff.Member, c Content) string {
	note := "修改稿件。"
	if p.State != Draft {
		note = "修改稿件，原有审核意见作废，需要重新提交审核。"
		p.Reviews = nil
	}
	if c.Origin != p.Content.Origin {
		note += "声明由" + p.Content.Origin.Chinese() + "改为" + c.Origin.Chinese() + "。"
	}
	p.Content, p.ApprovedHash, p.DueAt = c, "", time.Time{}
	if !slices.Contains(p.Writers, by.ID) {
		p.Writers = append(slices.Clone(p.Writers), by.ID)
	}
	return note
}

// Submit hands a draft to the reviewers. A finding that blocks (Content.Problems) is returned as Invalid.
func (n *Newsroom) Submit(ctx context.Context, by staff.Member, id string) (Post, error) {
	if err := by.Require(staff.WritePosts, "提交审核"); err != nil {
		return Post{}, err
	}
	seen, suggestion, path, err := n.examine(ctx, id)
	if err != nil {
		return Post{}, err
	}
	return n.change(ctx, by, id, Submit, func(p *Post) (string, error) {
		if p.Content.Hash() != seen {
			return "", fault.New(fault.Conflict, "这篇稿件刚才被别人修改过，请看过以后再提交。")
		}
		p.Suggestion = &suggestion
		p.Reviews, p.ApprovedHash = nil, ""
		p.Rounds, p.ReviewPath, p.Deciders = path.Rounds, path.Name, path.Who
		return "提交" + p.NextRound().Chinese() + "，审核流程：" + path.Name + "。", nil
	})
}

// examine looks for what blocks a submission, and says which content it has looked at.
func (n *Newsroom) examine(ctx context.Context, id string) (hash string, s Suggestion, path ReviewPath, err error) {
	p, err := n.Shelf.Post(ctx, id)
	if err != nil {
		return "", s, path, err
	}
	if !p.Can(Submit) {
		return "", s, path, p.move(Submit)
	}
	found, err := n.Findings(ctx, p)
	if err != nil {
		return "", s, path, err
	}
	if err := Blocking(found); err != nil {
		return "", s, path, err
	}
	if path, err = n.PathFor(ctx, p); err != nil {
		return "", s, path, err
	}
	s, err = n.Suggest(ctx, p.Content, p.ID)
	return p.Content.Hash(), s, path, err
}

// Withdraw gives a post up before it is published (撤稿), with a reason. What is already published must be deleted on the
// platform first; see RecordRemoval.
func (n *Newsroom) Withdraw(ctx context.Context, by staff.Member, id, reason string) (Post, error) {
	reason, err := needReason(reason, "撤稿")
	if err != nil {
		return Post{}, err
	}
	return n.change(ctx, by, id, Withdraw, func(p *Post) (string, error) {
		if by.ID != p.AuthorID {
			if err := by.Require(staff.ReviewPosts, "撤下别人的稿件"); err != nil {
				return "", err
			}
		}
		if p.State == Published {
			return "", fault.New(fault.Conflict, "已发布的稿件不能直接撤稿。请先在发布的平台上删除，再登记为“已删除”。")
		}
		p.DueAt = time.Time{}
		return "撤稿，原因：" + reason, nil
	})
}

func needReason(reason, doing string) (string, error) {
	reason = strings.TrimSpace(reason)
	if reason == "" {
		return "", fault.Newf(fault.Invalid, "请写明%s的原因。", doing)
	}
	return reason, nil
}
