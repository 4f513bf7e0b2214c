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

// editorPage shows a content for writing. Theirs is what somebody else saved in between.
type editorPage struct {
	frame
	ID, Action, Back string
	Version          int
	Channel          string
	Content          posts.Content
	Source           posts.Source
	Channels         []option
	Covers           []option
	Styles           []option
	Topics           []string
	Theirs           *theirs
	Problem          problem

	MaxTitle, MaxByline, MaxDigest int // in characters, as the platform counts
}

type theirs struct {
	Who     string
	At      time.Time
	Content posts.Content
}

func (c *Console) newPost(v *visit) error {
	p := &editorPage{Content: posts.Content{Byline: v.who.Name}, Channel: string(posts.Account)}
	return c.showEditor(v, http.StatusOK, p)
}

func (c *Console) editPost(v *visit) error {
	post, err := c.cfg.Posts.Post(v.ctx(), v.r.PathValue("id"))
	if err != nil {
		return err
	}
	return c.showEditor(v, http.StatusOK, &editorPage{
		ID: post.ID, Version: post.Version, Channel: string(post.Channel), Content: post.Content,
	})
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
	p.Covers = covers(p.Content)
	p.Styles = styleOptions()
	p.MaxTitle, p.MaxByline, p.MaxDigest = posts.MaxTitle, posts.MaxByline, posts.MaxDigest
	topics, err := c.topics(v)
	p.Topics = topics
	return errors.Join(err, c.show(v, status, "editor", p))
}

// topics lists the topics in use, for the suggestions.
func (c *Console) topics(v *visit) ([]string, error) {
	recent, err := c.cfg.Posts.Posts(v.ctx(), posts.Query{PublishedYear: v.now.In(beijing).Year()})
	if err != nil {
		return nil, err
	}
	var out []string
	for _, p := range recent {
		if p.Content.Topic != "" && !slices.Contains(out, p.Content.Topic) {
			out = append(out, p.Content.Topic)
		}
	}
	slices.Sort(out)
	return out, nil
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
		Title: v.form("title"), Byline: v.form("byline"), Digest: v.form("digest"), Markdown: v.r.PostFormValue("markdown"),
		Cover: v.form("cover"), SourceLink: v.form("source_link"), Style: v.form("style"),
		Origin: posts.Origin(v.form("origin")), Topic: v.form("topic"),
	}
	if content.Origin == posts.Repost {
		content.Source = &posts.Source{Name: v.form("source_name"), URL: v.form("source_url")}
	}
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
	return c.redirect(v, "/posts/"+post.ID, "稿件已保存。")
}

// savePost stores an edit of the version that was opened. When somebody else saved in between, the form comes back with
// everything that was typed and with the other text to compare; saving again is then a decision.
func (c *Console) savePost(v *visit) error {
	id, content := v.r.PathValue("id"), typedContent(v)
	_, err := c.cfg.Newsroom.Edit(v.ctx(), v.who, id, v.number("version"), content)
	if err == nil {
		return c.redirect(v, "/posts/"+id, "稿件已保存。")
	}
	p := &editorPage{ID: id, Version: v.number("version"), Content: content, Problem: c.explain(v, err)}
	post, missing := c.cfg.Posts.Post(v.ctx(), id)
	if missing != nil {
		return missing
	}
	p.Channel = string(post.Channel)
	if fault.Is(err, fault.Conflict) && post.Version != p.Version {
		p.Version = post.Version
		p.Theirs = &theirs{Who: lastActor(post), At: post.UpdatedAt, Content: post.Content}
	}
	return c.showEditor(v, p.Problem.Status, p)
}

func lastActor(post posts.Post) string {
	if n := len(post.Trail); n > 0 {
		return post.Trail[n-1].Actor
	}
	return "另一位同事"
}
