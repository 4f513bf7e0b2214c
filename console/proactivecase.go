package console

import (
	"net/http"
	"strings"

	"shoushan/disclosure"
	"shoushan/fault"
	"shoushan/posts"
	"shoushan/staff"
	"shoushan/workday"
)

// proactiveCasePage is the review of one piece of information. Who only writes gets the title and the text that were handed over.
type proactiveCasePage struct {
	frame
	ID       string
	State    word
	Desk     bool // may see the requests
	Facts    []fact
	Others   []alikeRow
	Handed   *disclosure.Proactive
	Article  *letterArticle
	MayWrite bool
	Trail    staff.Trail
	Forms    []verbForm
	Verbs    verbBox
	Typed    []field
	Problem  problem
}

// letterArticle is the article that was begun.
type letterArticle struct{ Path, Title, State string }

func (c *Console) proactiveCase(v *visit) error {
	p, err := c.proactiveOf(v)
	if err != nil {
		return err
	}
	return c.showProactive(v, http.StatusOK, p)
}

func (c *Console) showProactive(v *visit, status int, p *proactiveCasePage) error {
	p.Verbs = boxed(p.Forms)
	return c.show(v, status, "proactivecase", p)
}

var errNothingGiven = fault.New(fault.NotFound, "这件申请没有可以转为主动公开的信息。")

func (c *Console) proactiveOf(v *visit) (*proactiveCasePage, error) {
	r, err := c.cfg.Requests.Request(v.ctx(), v.r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	desk := (route{rights: requests}).allows(v.who)
	if !r.Released() || !desk && r.Proactive == nil {
		return nil, errNothingGiven
	}
	p := &proactiveCasePage{
		frame: frame{Title: "转为主动公开", Here: "/proactive"}, ID: r.ID, State: proactiveWord(r), Desk: desk,
		MayWrite: v.who.May(staff.WritePosts) && r.Proactive != nil && r.Proactive.State == disclosure.HandedOver && !begun(r),
	}
	if r.Proactive != nil && r.Proactive.Title != "" {
		p.Handed = r.Proactive
	}
	if post, ok := c.articleOf(v, r); ok && (route{rights: newsroom}).allows(v.who) {
		p.Article = &letterArticle{"/posts/" + post.ID, post.Content.Title, post.State.Chinese()}
	} else if ok {
		p.Article = &letterArticle{"", post.Content.Title, post.State.Chinese()}
	}
	if !desk {
		return p, nil
	}
	return p, c.deskSide(v, p, r)
}

// deskSide adds what only the desk may see: the request, those that are alike, the trail and the forms.
func (c *Console) deskSide(v *visit, p *proactiveCasePage, r disclosure.Request) error {
	all, err := c.lateRequests(v)
	if err != nil {
		return err
	}
	for _, w := range disclosure.WantedByMany(all, workday.Date{}) {
		if w.Request.ID == r.ID {
			p.Facts = append(p.Facts, fact{"为什么列入", whyWanted(w)})
		}
	}
	p.Others = alikeRows(r, all)
	p.Facts = append(p.Facts, masked(r, []fact{
		{"申请内容", r.Filing.Personal.Masked().Description}, {"处理结果", r.Decision.Outcome.Chinese()}, {"已经提供的内容", r.Decision.Content},
	})...)
	if q := r.Proactive; q != nil {
		p.Facts = append(p.Facts, fact{"在哪里公开", q.Where}, fact{"不宜主动公开的理由", q.Why})
	}
	p.Facts = keep(p.Facts, func(f fact) bool { return f.Text != "" })
	names, err := c.memberNames(v)
	if err != nil {
		return err
	}
	p.Trail = namedTrail(keep(append(staff.Trail(nil), r.Trail...), func(e staff.Event) bool {
		return e.Action == string(disclosure.DoProactive) || e.Action == string(disclosure.DoSuggest)
	}), names)
	if r.Filing.Matter == disclosure.Information {
		p.Forms, err = offers(c, v, proactiveVerbs, "/proactive/"+r.ID, r)
	}
	for i := range p.Forms {
		p.Forms[i].Seen = seenOf(r)
	}
	return err
}

// actOnProactive does one step of the review; what is refused comes back with what was typed.
func (c *Console) actOnProactive(a verb[disclosure.Request]) handler {
	return func(v *visit) error {
		r, err := c.cfg.Requests.Request(v.ctx(), v.r.PathValue("id"))
		if err != nil {
			return err
		}
		if !r.Released() {
			return errNothingGiven
		}
		why := c.fresh(v, r)
		if why == nil {
			var done string
			if done, why = a.do(c, v, r); why == nil {
				return c.redirect(v, "/proactive/"+r.ID, done)
			}
		}
		return c.reshowProactive(v, a, why)
	}
}

func (c *Console) reshowProactive(v *visit, a verb[disclosure.Request], cause error) error {
	r, err := c.cfg.Requests.Request(v.ctx(), v.r.PathValue("id"))
	if err != nil {
		return err
	}
	p, err := c.proactiveOf(v)
	if err != nil {
		return err
	}
	form, err := a.form(c, v, "/proactive/"+r.ID, r)
	if err != nil {
		return err
	}
	form.Seen = seenOf(r)
	why := c.explain(v, cause)
	typed := form.refill(v.r.PostForm, why)
	if !reopen(p.Forms, typed) {
		p.Problem, p.Typed = why, typedAgain(typed)
	}
	return c.showProactive(v, why.Status, p)
}

// beginArticle starts a draft from what the desk has written for the public; the request itself is never read for it.
func (c *Console) beginArticle(v *visit) error {
	r, err := c.cfg.Requests.Request(v.ctx(), v.r.PathValue("id"))
	if err != nil {
		return err
	}
	q := r.Proactive
	if q == nil || q.State != disclosure.HandedOver || q.PostID != "" {
		return fault.New(fault.Conflict, "这件信息没有在等编辑部起草，或者已经有人开始起草。")
	}
	channel := posts.Channel(v.form("channel"))
	post, err := c.cfg.Newsroom.Create(v.ctx(), v.who, channel, posts.Content{
		Title: q.Title, Markdown: strings.ReplaceAll(q.Text, "\r\n", "\n"), Origin: posts.Original, Byline: v.who.Name, Editor: v.who.Name,
	})
	if err != nil {
		return err
	}
	if _, err := c.cfg.Desk.BeginArticle(v.ctx(), v.who, r.ID, post.ID); err != nil {
		return err
	}
	return c.redirect(v, "/posts/"+post.ID+"/edit", "已按交来的内容起草，请核对以后提交审核。")
}
