package console

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"time"

	"shoushan/fault"
	"shoushan/posts"
)

// editorPage shows a content for writing. Theirs is what somebody else saved in between; Unsaved is what this member has
// typed before and not saved, and Restored tells that the form holds it.
type editorPage struct {
	frame
	ID, Action, Back string
	Version          int
	Channel          string
	Content          posts.Content
	Source           posts.Source
	Channels         []option
	Kinds            []option
	Covers           []option
	Styles           []option
	Topics           []string
	Theirs           *theirs
	Others           []posts.Presence
	Unsaved          *posts.Autosave
	Restored         bool
	Checks           *checks // nil: not looked at yet
	Notes            []string
	Problem          problem

	MaxTitle, MaxByline, MaxDigest, MaxGallery int // in characters and pictures, as the platform counts
}

// Gallery is the pictures of a picture message.
func (p editorPage) IsGallery() bool { return p.Content.Kind == posts.PictureMessage }

type theirs struct {
	Who     string
	At      time.Time
	Content posts.Content
}

func (c *Console) newPost(v *visit) error {
	p := &editorPage{Content: posts.Content{Byline: v.who.Name, Editor: v.who.Name}, Channel: string(posts.Account)}
	if err := c.recall(v, p); err != nil {
		return err
	}
	return c.showEditor(v, http.StatusOK, p)
}

func (c *Console) editPost(v *visit) error {
	post, err := c.cfg.Posts.Post(v.ctx(), v.r.PathValue("id"))
	if err != nil {
		return err
	}
	if !post.Can(posts.Write) {
		return fault.Newf(fault.Conflict, "这篇稿件现在是“%s”，不能修改。已定时的，先取消发布安排。", post.State.Chinese())
	}
	p := &editorPage{ID: post.ID, Version: post.Version, Channel: string(post.Channel), Content: post.Content}
	if p.Others, err = c.cfg.Newsroom.Attend(v.ctx(), v.who, post.ID); err != nil {
		return err
	}
	if err := c.recall(v, p); err != nil {
		return err
	}
	return c.showEditor(v, http.StatusOK, p)
}

// recall puts what the member typed before and did not save into the form. What was typed on an older version of the
// post is only shown beside it.
func (c *Console) recall(v *visit, p *editorPage) error {
	kept, err := c.cfg.Newsroom.Unsaved(v.ctx(), v.who, p.ID)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	kept.Content.Editor = cmp.Or(kept.Content.Editor, p.Content.Editor)
	if kept.Content.Hash() == p.Content.Hash() {
		return nil
	}
	p.Unsaved = &kept
	if p.Restored = kept.Version == p.Version || p.ID == ""; p.Restored {
		p.Content = kept.Content
	}
	return nil
}

func (c *Console) showEditor(v *visit, status int, p *editorPage) error {
	p.Title, p.Here, p.Action, p.Back = "写新稿件", "/posts/new", "/posts", "/posts"
	if p.ID != "" {
		p.Title, p.Here, p.Back = "编辑稿件", "/posts", "/posts/"+p.ID
		p.Action = p.Back + "/edit"
	}
	if p.Content.Source != nil {
		p.Source = *p.Content.Source
	}
	p.Channels = choices(posts.Channel.Chinese, posts.Account, posts.Portal)
	p.Kinds = choices(posts.Kind.Chinese, posts.News, posts.PictureMessage)
	p.Covers = covers(p.Content)
	p.Styles = styleOptions()
	p.MaxByline, p.MaxDigest, p.MaxGallery = posts.MaxByline, posts.MaxDigest, posts.MaxGallery
	rules, err := c.cfg.Newsroom.Rules(v.ctx())
	if err != nil {
		return err
	}
	p.MaxTitle = rules.TitleLimit
	topics, err := c.topics(v)
	p.Topics = topics
	return errors.Join(err, c.show(v, status, "editor", p))
}

// topics lists the topics that staff have laid down, then those that are in use beside them.
func (c *Console) topics(v *visit) ([]string, error) {
	out, err := c.cfg.Newsroom.Topics(v.ctx())
	if err != nil {
		return nil, err
	}
	recent, err := c.cfg.Posts.Posts(v.ctx(), posts.Query{PublishedYear: v.now.In(beijing).Year()})
	if err != nil {
		return nil, err
	}
	var others []string
	for _, p := range recent {
		if t := p.Content.Topic; t != "" && !slices.Contains(out, t) && !slices.Contains(others, t) {
			others = append(others, t)
		}
	}
	slices.Sort(others)
	return append(slices.Clone(out), others...), nil
}

var picturesInText = regexp.MustCompile(`\(file:([0-9A-Za-z_-]+)\)`)

// covers offers the pictures of the text, and the present cover.
func covers(content posts.Content) []option {
	var out []option
	add := func(id string) {
		known := slices.ContainsFunc(out, func(o option) bool { return o.Value == id })
		if id != "" && !known {
			out = append(out, option{Value: id, Label: fmt.Sprintf("图片 %d", len(out)+1)})
		}
	}
	add(content.Cover)
	for _, m := range picturesInText.FindAllStringSubmatch(content.Markdown, -1) {
		add(m[1])
	}
	return out
}

// typedContent is what the editor's form says.
func typedContent(v *visit) posts.Content {
	content := posts.Content{
		Kind: posts.Kind(v.form("kind")), Title: v.form("title"), Byline: v.form("byline"), Digest: v.form("digest"), Markdown: v.r.PostFormValue("markdown"),
		Cover: v.form("cover"), SourceLink: v.form("source_link"), Style: v.form("style"),
		Origin: posts.Origin(v.form("origin")), Topic: v.form("topic"), Editor: v.form("editor"),
	}
	if content.Origin == posts.Repost {
		content.Source = &posts.Source{Name: v.form("source_name"), URL: v.form("source_url")}
	}
	if content.Kind == posts.PictureMessage {
		content.Gallery = keep(v.r.PostForm["gallery"], func(id string) bool { return id != "" })
		content.Cover, content.SourceLink, content.Style = "", "", ""
		return content
	}
	content.Kind = posts.News
	if pictures := covers(posts.Content{Markdown: content.Markdown}); content.Cover == "" && len(pictures) > 0 {
		content.Cover = pictures[0].Value
	}
	return content
}

func (c *Console) createPost(v *visit) error {
	content := typedContent(v)
	channel := posts.Channel(cmp.Or(v.form("channel"), string(posts.Account)))
	post, err := c.cfg.Newsroom.Create(v.ctx(), v.who, channel, content)
	if err != nil {
		p := c.explain(v, err)
		return c.showEditor(v, p.Status, &editorPage{Channel: string(channel), Content: content, Problem: p})
	}
	if err := c.cfg.Newsroom.ForgetUnsaved(v.ctx(), v.who, ""); err != nil {
		return err
	}
	return c.redirect(v, "/posts/"+post.ID, "稿件已保存。")
}

// savePost stores an edit of the version that was opened. When somebody else saved in between, the form comes back with
// everything that was typed and with the other text to compare; saving again is then a decision.
func (c *Console) savePost(v *visit) error {
	id, content := v.r.PathValue("id"), typedContent(v)
	_, err := c.cfg.Newsroom.Edit(v.ctx(), v.who, id, v.number("version"), content)
	if err == nil {
		return c.saved(v, id)
	}
	p := &editorPage{ID: id, Version: v.number("version"), Content: content, Problem: c.explain(v, err)}
	post, missing := c.cfg.Posts.Post(v.ctx(), id)
	if missing != nil {
		return missing
	}
	p.Channel = string(post.Channel)
	if fault.Is(err, fault.Conflict) && post.Overtaken(p.Version) {
		p.Version = post.Version
		p.Theirs = &theirs{Who: lastWriter(post), At: post.UpdatedAt, Content: post.Content}
	}
	return c.showEditor(v, p.Problem.Status, p)
}

// saved ends the work on a post: nothing is unsaved any more, and nobody has it open.
func (c *Console) saved(v *visit, id string) error {
	if err := c.cfg.Newsroom.ForgetUnsaved(v.ctx(), v.who, id); err != nil {
		return err
	}
	if err := c.cfg.Newsroom.Leave(v.ctx(), v.who, id); err != nil {
		return err
	}
	return c.redirect(v, "/posts/"+id, "稿件已保存。")
}

// lastWriter names who changed the post last, comments and previews apart.
func lastWriter(post posts.Post) string {
	for _, e := range slices.Backward(post.Trail) {
		if a := posts.Action(e.Action); a != posts.Remark && a != posts.ShowPreview {
			return e.Actor
		}
	}
	return "另一位同事"
}
