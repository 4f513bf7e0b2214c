package console

import (
	"bytes"
	"html/template"
	"net/http"
	"time"

	"shoushan/posts"
)

// phonePage is an article as a phone shows it: title, byline and date in Tencent's frame, then the very HTML that
// publishing sends.
type phonePage struct {
	Title, Byline, Account string
	Date                   time.Time
	Body                   template.HTML
}

// emptyPreview is the frame before the editor's script has put anything in.
func (c *Console) emptyPreview(v *visit) error { return c.showPhone(v, posts.Content{}, v.now) }

// previewTyped renders what the editor holds, unsaved: whoever saves it is its editor.
func (c *Console) previewTyped(v *visit) error {
	content := typedContent(v)
	if content.Editor == "" && hasBody(content) {
		content.Editor = v.who.Name
	}
	return c.showPhone(v, content, v.now)
}

func (c *Console) previewPost(v *visit) error {
	post, err := c.cfg.Posts.Post(v.ctx(), v.r.PathValue("id"))
	if err != nil {
		return err
	}
	return c.showPhone(v, post.Content, dateOf(post, v.now))
}

// dateOf is the day that a reader sees on the item: when it went out, when it is to go out, or today.
func dateOf(p posts.Post, now time.Time) time.Time {
	switch {
	case !p.Publication.PublishedAt.IsZero():
		return p.Publication.PublishedAt
	case p.DueAt.After(now):
		return p.DueAt
	}
	return now
}

func hasBody(content posts.Content) bool { return content.Markdown != "" || len(content.Gallery) > 0 }

func (c *Console) showPhone(v *visit, content posts.Content, date time.Time) error {
	page := phonePage{Title: content.Title, Byline: content.Byline, Account: c.cfg.Organ.AccountName, Date: date.In(beijing)}
	if hasBody(content) {
		page.Body = template.HTML(posts.Preview(content)) // sanitized by posts.Render and shown under previewPolicy
	}
	var buf bytes.Buffer
	if err := c.pages["phone"].ExecuteTemplate(&buf, "phone", page); err != nil {
		return err
	}
	return showDocument(v, buf.Bytes())
}

// sorted puts what blocks first.
func sorted(found []posts.Problem) []finding {
	var blocking, advice []finding
	for _, p := range found {
		f := finding{Field: p.Field, Sentence: p.Message, Blocking: p.Blocking}
		if p.Blocking {
			blocking = append(blocking, f)
		} else {
			advice = append(advice, f)
		}
	}
	return append(blocking, advice...)
}

func styleOptions() []option {
	var out []option
	for _, s := range posts.Styles() {
		out = append(out, option{Value: s.Name, Label: s.Chinese})
	}
	return out
}

type approvalPage struct {
	frame
	ID   string
	Form posts.ApprovalForm
}

// approval is the printable 信息发布审批表.
func (c *Console) approval(v *visit) error {
	post, err := c.cfg.Posts.Post(v.ctx(), v.r.PathValue("id"))
	if err != nil {
		return err
	}
	return c.show(v, http.StatusOK, "approval", &approvalPage{
		frame: frame{Title: "信息发布审批表", Here: "/posts"}, ID: post.ID, Form: post.ApprovalForm(),
	})
}
