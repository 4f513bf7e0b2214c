package console

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"shoushan/posts"
	"shoushan/staff"
)

// finding is one thing that the lint says about a content.
type finding struct {
	Field    string // of the editor's form
	Sentence string
	Blocking bool
}

type postPage struct {
	frame
	ID          string
	State       word
	Content     posts.Content
	Origin      originCard
	Channel     string
	Author      string
	Method      string
	DueAt       time.Time
	Publication posts.Publication
	Todo        string // what a state that waits for somebody asks for
	Steps       []stepRow
	Rounds      []roundRow
	Path        string
	MayNot      string // why a reviewer cannot decide
	Fingerprint string // of the content that 终审 approved; "" when there is none
	Voided      bool   // approvals that it had are void since it was changed
	Returned    *reviewRow
	Since       int // of an item under review that was sent back before: the version that was sent back
	Findings    []finding
	Remarks     staff.Trail
	Bundle      []bundleRow
	Lead        *postRow // the item with which this one goes out
	Versions    int
	MayEdit     bool
	MayCombine  bool
	Trail       staff.Trail
	Forms       []verbForm
	Verbs       verbBox
	Typed       []field
	Problem     problem
}

type stepRow struct {
	Name, Outcome string
	Begun, Ended  time.Time
	Failed        bool
}

type reviewRow struct {
	Round, By, Comment string
	At                 time.Time
	Approved           bool
}

func (c *Console) postPage(v *visit) error {
	post, err := c.cfg.Posts.Post(v.ctx(), v.r.PathValue("id"))
	if err != nil {
		return err
	}
	p, err := c.pageOf(v, post)
	if err != nil {
		return err
	}
	return c.showPost(v, http.StatusOK, p)
}

func (c *Console) showPost(v *visit, status int, p *postPage) error {
	p.Verbs = boxed(p.Forms)
	return c.show(v, status, "post", p)
}

// pageOf gathers what a member may see of a post and do with it now.
func (c *Console) pageOf(v *visit, post posts.Post) (*postPage, error) {
	names, err := c.memberNames(v)
	if err != nil {
		return nil, err
	}
	row := postRowOf(post, names)
	p := &postPage{
		frame: frame{Title: row.Title, Here: "/posts"}, ID: post.ID, State: row.State, Content: post.Content,
		Origin: originOf(post), Channel: row.Channel, Author: row.Author, Method: methodOf(post), DueAt: post.DueAt, Publication: post.Publication,
		Todo: todoOf(post), Steps: stepsOf(post), Versions: len(post.Revisions), MayEdit: mayEdit(post, v.who),
		MayCombine: mayCombine(post, v.who), Trail: post.Trail,
		Remarks: keep(post.Trail, func(e staff.Event) bool { return e.Action == string(posts.Remark) }),
	}
	p.Publication.URL = webAddress(post.Publication.URL)
	p.review(post, v.who, names)
	if p.Findings, err = c.postFindings(v, post); err != nil {
		return nil, err
	}
	if err := c.company(v, p, post, names); err != nil {
		return nil, err
	}
	p.Forms, err = offers(c, v, postVerbs, "/posts/"+post.ID, post)
	fold(p.Forms, post)
	for i := range p.Forms {
		p.Forms[i].Seen = seenOfPost(p.Forms[i], post)
	}
	return p, err
}

// seenOfPost marks how far a post had come. A form that is bound to the text that was read carries its own mark.
func seenOfPost(f verbForm, post posts.Post) string {
	if slices.ContainsFunc(f.Fields, func(asked field) bool { return asked.Name == "seen" }) {
		return ""
	}
	return markOfTrail(post.Trail, string(posts.Remark))
}

// fold puts the entry of a publication by hand among the other steps where this system publishes by itself and knows how
// it stands: what is laid open there is done by mistake.
func fold(forms []verbForm, post posts.Post) {
	for i, f := range forms {
		if f.ID == "form-published" && post.Channel == posts.Account && post.State != posts.OutcomeUnknown {
			forms[i].More, forms[i].First = true, false
		}
	}
}

// postFindings is what lint says of a post that can still be changed; what is out is past that.
func (c *Console) postFindings(v *visit, post posts.Post) ([]finding, error) {
	if !post.Can(posts.Write) {
		return nil, nil
	}
	found, err := c.cfg.Newsroom.Findings(v.ctx(), post)
	return sorted(found), err
}

// webAddress returns an address that a page may link to, or "".
func webAddress(address string) string {
	if strings.HasPrefix(address, "https://") || strings.HasPrefix(address, "http://") {
		return address
	}
	return ""
}

func stepsOf(post posts.Post) []stepRow {
	var out []stepRow
	for _, s := range post.Publication.Steps {
		row := stepRow{Name: stepTitle(s), Begun: s.Begun, Ended: s.Ended, Outcome: s.Outcome}
		switch s.Outcome {
		case "ok":
			row.Outcome = "完成"
		case "":
			row.Outcome = "进行中，还没有结果"
		default:
			row.Failed = true
		}
		out = append(out, row)
	}
	return out
}

// mayEdit reports whether the page offers the editor: to those who write, while the content may still change.
func mayEdit(post posts.Post, who staff.Member) bool {
	return post.Can(posts.Write) && who.May(staff.WritePosts)
}

// actOnPost does one verb on a post; when it is refused the page comes back with what was typed and the sentence.
func (c *Console) actOnPost(a verb[posts.Post]) handler {
	return func(v *visit) error {
		post, err := c.cfg.Posts.Post(v.ctx(), v.r.PathValue("id"))
		if err != nil {
			return err
		}
		f, err := a.form(c, v, "/posts/"+post.ID, post)
		if err != nil {
			return err
		}
		if seenOfPost(f, post) != "" {
			err = v.freshTrail(post.Trail, "这篇稿件", string(posts.Remark))
		}
		done := ""
		if err == nil {
			done, err = a.do(c, v, post)
		}
		if err == nil {
			return c.redirect(v, "/posts/"+post.ID, done)
		}
		return c.reshowPost(v, a, post.ID, err)
	}
}

func (c *Console) reshowPost(v *visit, a verb[posts.Post], id string, cause error) error {
	post, err := c.cfg.Posts.Post(v.ctx(), id)
	if err != nil {
		return err
	}
	p, err := c.pageOf(v, post)
	if err != nil {
		return err
	}
	why := c.explain(v, cause)
	fresh, err := a.form(c, v, "/posts/"+id, post)
	if err != nil {
		return err
	}
	fresh.Seen = seenOfPost(fresh, post)
	typed := fresh.refill(v.r.PostForm, why)
	if !reopen(p.Forms, typed) {
		p.Problem, p.Typed = why, typedAgain(typed)
	}
	return c.showPost(v, why.Status, p)
}
