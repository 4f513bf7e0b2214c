package console

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"shoushan/disclosure"
	"shoushan/fault"
	"shoushan/posts"
	"shoushan/staff"
	"shoushan/workday"
)

// Who sees a review of 条例第四十四条: the desk, who signs, and who writes the article.
var proactively = []staff.Right{staff.ViewRequests, staff.HandleRequests, staff.WritePosts}

// proactiveRoutes are the pages of what was given on request and may be published for everybody (条例第四十四条).
func proactiveRoutes(c *Console) []route {
	pages := []route{
		{pattern: "GET /proactive", menu: place{requestsAndLetters, "转为主动公开"}, rights: requests, serve: c.proactive},
		{pattern: "GET /proactive/{id}", rights: proactively, serve: c.proactiveCase},
		{pattern: "POST /proactive/{id}/article", rights: writing, serve: c.beginArticle},
	}
	for _, a := range proactiveVerbs {
		pages = append(pages, route{pattern: "POST /proactive/{id}/" + a.name, rights: a.rights, serve: c.actOnProactive(a)})
	}
	return pages
}

// proactiveVerbs are the steps of the review.
var proactiveVerbs = []verb[disclosure.Request]{
	{name: "handover", title: "可以主动公开，交编辑部", explain: "写清信息的名称和拟公开的内容；不要写申请人和其他人的个人信息，先经保密审查（条例第十七条）。编辑部会看到这里写的，看不到申请。", rights: handling,
		offered: func(r disclosure.Request, _ staff.Member) bool { return unsettled(r) && !begun(r) }, fields: handoverFields,
		do: func(c *Console, v *visit, r disclosure.Request) (string, error) {
			if v.form("checked") == "" {
				return "", fault.New(fault.Invalid, "请确认已经核对：不含个人信息、商业秘密，并经保密审查。")
			}
			_, err := c.deskAsSeen(v).HandOver(v.ctx(), v.who, r.ID, v.form("title"), v.form("text"))
			return "已交编辑部起草。", err
		}},
	{name: "public", title: "登记已经主动公开", explain: "信息已经在公众号或者门户网站上，登记在哪里。", rights: handling,
		offered: func(r disclosure.Request, _ staff.Member) bool { return unsettled(r) }, fields: publicFields,
		do: func(c *Console, v *visit, r disclosure.Request) (string, error) {
			_, err := c.deskAsSeen(v).MadePublic(v.ctx(), v.who, r.ID, v.form("where"))
			return "已登记主动公开。", err
		}},
	{name: "unsuitable", title: "登记不宜主动公开", danger: true, explain: "写明理由，结果和理由留在案卷里，不再提示。", rights: handling,
		offered: func(r disclosure.Request, _ staff.Member) bool { return unsettled(r) },
		fields:  asks[disclosure.Request](field{Name: "why", Label: "理由", Kind: textBlock, Required: true, Help: "例如：只涉及个别人的事项，没有公众需要知晓的内容。"}),
		do: func(c *Console, v *visit, r disclosure.Request) (string, error) {
			_, err := c.deskAsSeen(v).NotSuitable(v.ctx(), v.who, r.ID, v.form("why"))
			return "已登记不宜主动公开的理由。", err
		}},
}

func unsettled(r disclosure.Request) bool {
	return r.Proactive == nil || r.Proactive.State == disclosure.HandedOver
}

// begun: the newsroom writes already; the text is changed there.
func begun(r disclosure.Request) bool { return r.Proactive != nil && r.Proactive.PostID != "" }

// handoverFields propose what the answer says was given; what was typed by or about the applicant is taken out.
func handoverFields(_ *Console, _ *visit, r disclosure.Request) ([]field, error) {
	title, text := "", maskNumbers(strings.NewReplacer(maskedPairs(r)...).Replace(r.Decision.Content))
	if p := r.Proactive; p != nil {
		title, text = p.Title, p.Text
	}
	return []field{
		{Name: "title", Label: "信息的名称（稿件标题）", Kind: textLine, Required: true, Value: title, Help: "例如：2025年崇文镇农村低保对象名单（公开版）。"},
		{Name: "text", Label: "拟公开的内容", Kind: textBlock, Required: true, Value: text, Help: "可以是全文，也可以写明随稿件附上哪份公开版。"},
		{Name: "checked", Label: "已经核对：不含个人信息、商业秘密，并经保密审查", Kind: checkBox, Required: true},
	}, nil
}

func publicFields(c *Console, v *visit, r disclosure.Request) ([]field, error) {
	where := field{Name: "where", Label: "在哪里公开", Kind: textLine, Required: true, Help: "填网址；没有网址的写栏目和日期。"}
	if post, ok := c.articleOf(v, r); ok {
		where.Value = post.Publication.URL
	}
	return []field{where}, nil
}

// articleOf is the article that was begun; ok is false when there is none.
func (c *Console) articleOf(v *visit, r disclosure.Request) (posts.Post, bool) {
	if !begun(r) {
		return posts.Post{}, false
	}
	post, err := c.cfg.Posts.Post(v.ctx(), r.Proactive.PostID)
	return post, err == nil
}

// proactiveRow is one line of the queue or of the home page. Who only writes sees what was handed over, and nothing of the
// request.
type proactiveRow struct {
	ID, Title, Why, Since string
	State                 word
}

type proactivePage struct {
	frame
	Filters []filterLink
	Rows    []proactiveRow
	Paging  paging
	Empty   string
}

// proactiveQueues are the filters of the queue.
var proactiveQueues = []struct {
	key, title, empty string
	states            []disclosure.ProactiveState
}{
	{"review", "待审核", "没有等待审核的信息：几位申请人申请同一信息并且已经公开的，或者申请人建议主动公开的，会列在这里。", []disclosure.ProactiveState{disclosure.ToReview}},
	{"handed", "编辑部起草", "没有交给编辑部、还没有公开的信息。", []disclosure.ProactiveState{disclosure.HandedOver}},
	{"settled", "已办", "还没有审核完的信息。", []disclosure.ProactiveState{disclosure.Published, disclosure.Unsuitable}},
}

func (c *Console) proactive(v *visit) error {
	all, err := c.lateRequests(v)
	if err != nil {
		return err
	}
	found := disclosure.WantedByMany(all, workday.Date{})
	p := &proactivePage{frame: frame{Title: "转为主动公开", Here: "/proactive"}}
	current := cmp.Or(v.ask("queue"), proactiveQueues[0].key)
	for _, q := range proactiveQueues {
		mine := keep(slices.Clone(found), func(w disclosure.Wanted) bool { return slices.Contains(q.states, w.State()) })
		p.Filters = append(p.Filters, filterLink{q.title, "/proactive?queue=" + q.key, len(mine), q.key == current})
		if q.key == current {
			p.Empty = q.empty
			mine, p.Paging = cut(mine, v.r.URL)
			for _, w := range mine {
				p.Rows = append(p.Rows, rowOfWanted(w, true))
			}
		}
	}
	return c.show(v, http.StatusOK, "proactive", p)
}

func rowOfWanted(w disclosure.Wanted, desk bool) proactiveRow {
	row := proactiveRow{ID: w.Request.ID, State: proactiveWord(w.Request)}
	if p := w.Request.Proactive; p != nil {
		row.Title = p.Title
	}
	if !desk {
		return row
	}
	row.Since, row.Why = w.Request.Decision.ServedOn.String(), whyWanted(w)
	if row.Title == "" {
		row.Title = w.Request.Filing.Personal.Masked().Description
	}
	return row
}

func whyWanted(w disclosure.Wanted) string {
	var why []string
	if w.Applicants > 1 {
		why = append(why, fmt.Sprintf("%d 位申请人申请了相近的内容", w.Applicants))
	}
	if !w.Request.SuggestedOn.IsZero() {
		why = append(why, "申请人建议主动公开")
	}
	return strings.Join(why, "；")
}

func proactiveWord(r disclosure.Request) word {
	switch {
	case r.Proactive == nil:
		return word{"待审核", "amber"}
	case r.Proactive.State == disclosure.Published:
		return word{"已主动公开", "green"}
	case r.Proactive.State == disclosure.Unsuitable:
		return word{"不宜主动公开", ""}
	case begun(r):
		return word{"编辑部起草中", "blue"}
	}
	return word{"等编辑部起草", "amber"}
}

// proactiveTasks are the lines of the home page: what the desk should review and what the newsroom should write.
func (c *Console) proactiveTasks(v *visit) (taskGroup, error) {
	g := taskGroup{Title: "转为主动公开（条例第四十四条）"}
	desk, writes := v.who.May(staff.HandleRequests), v.who.May(staff.WritePosts)
	if !desk && !writes {
		return g, nil
	}
	today := workday.Of(v.now)
	all, err := c.lateRequests(v)
	if err != nil {
		return g, err
	}
	for _, w := range disclosure.WantedByMany(all, today.AddDays(-proactiveDays)) {
		row, path := rowOfWanted(w, desk), "/proactive/"+w.Request.ID
		switch {
		case desk && w.State() == disclosure.ToReview:
			g.Tasks = append(g.Tasks, task{What: "审核是否主动公开", About: row.ID + " · " + row.Why, Path: path, Since: w.Request.Decision.DeliveredAt})
		case writes && w.State() == disclosure.HandedOver && !begun(w.Request):
			g.Tasks = append(g.Tasks, task{What: "起草主动公开的稿件", About: row.Title, Path: path, Since: w.Request.Proactive.At})
		}
	}
	return g, nil
}

// lateRequests are those of this year and the one before: what was asked longer ago is no longer asked by many.
func (c *Console) lateRequests(v *visit) ([]disclosure.Request, error) {
	var all []disclosure.Request
	year := workday.Of(v.now).Year()
	for _, y := range []int{year - 1, year} {
		some, err := c.cfg.Requests.Requests(v.ctx(), disclosure.Query{Year: y})
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	return all, nil
}

// proactiveDays is for how many days after service the home page leads to a review; the queue keeps it for ever.
const proactiveDays = 90
