package console

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"shoushan/fault"
	"shoushan/posts"
	"shoushan/staff"
	"shoushan/workday"
)

// matchMonths is how many months back the page offers.
const matchMonths = 24

// matchRow is one item between our records and the platform.
type matchRow struct {
	Key, Title  string
	Kind        word
	Explanation string
	Open        bool
	PostID      string
	OursAt      time.Time
	Method      string
	TheirsAt    time.Time
	TheirsURL   string
	Record      string // the form to enter it, filled in; "" where it is recorded
	Do          string // what a person can do about it
	Linkless    bool   // recorded without a permanent link
	Acts        *matchActs
}

// matchActs is what a person can do about an open difference, with the page that it stands on.
type matchActs struct {
	Row   matchRow
	Page  *matchingPage
	Typed bool // its form was just refused
}

type matchingPage struct {
	frame
	Month                      string // 2026-11
	Title                      string
	Months                     []option
	Counted, Open, Listed      int
	ListedAt                   time.Time
	Shown, All                 []matchRow
	Filters                    []filterLink
	Linkless                   []option // our items without a link, to which a find may belong
	Previous, Next             string
	MayAct                     bool
	Problem                    problem
	TypedKey, TypedNote, Typed string
}

var matchColours = map[posts.MatchKind]string{
	posts.MatchBoth: "green", posts.MatchOurs: "red", posts.MatchTheirs: "red", posts.MatchRemoved: "amber", posts.MatchUnlisted: "", posts.MatchNoLink: "amber",
	posts.MatchOtherDay: "amber",
}

// whatToDo tells, for each kind of difference, what settles it.
var whatToDo = map[posts.MatchKind]string{
	posts.MatchOurs:     "到公众号后台核对：已经删除的，打开稿件登记为“已删除”；确实还在的，写明原因。",
	posts.MatchTheirs:   "在后台手工发布、还没有登记的，登记这一篇；我们登记过但没有链接的，对应到那一篇；不该计数的，写明原因。",
	posts.MatchRemoved:  "平台上已经删除或封禁：打开稿件登记为“已删除”，从统计里扣除。",
	posts.MatchNoLink:   "从公众号后台复制永久链接，在下面补登。",
	posts.MatchOtherDay: "两边的发布日期不同，统计按本系统的日期。核对后写明原因。",
}

// matchingRoutes are the pages on which the records of the account are compared with the platform.
func matchingRoutes(c *Console) []route {
	return []route{
		{pattern: "GET /matching", menu: place{officialAccount, "发布核对"}, rights: newsroom, serve: c.matching},
		{pattern: "POST /matching/explain", rights: publishing, serve: c.explainMatch},
		{pattern: "POST /matching/link", rights: publishing, serve: c.linkMatch},
	}
}

// monthAsked reads 2026-11; the running month when nothing is asked.
func (v *visit) monthAsked() (workday.Date, error) {
	text := v.choice("month")
	if text == "" {
		return workday.Of(v.now), nil
	}
	d, err := workday.Parse(text + "-01")
	if err != nil || d.After(workday.Of(v.now)) || d.Year() < firstYear {
		return d, fault.New(fault.NotFound, "没有这个月份的记录。")
	}
	return d, nil
}

func (c *Console) matching(v *visit) error { return c.showMatching(v, nil) }

// showMatching shows a month's comparison; cause is why a form of it was refused.
func (c *Console) showMatching(v *visit, cause error) error {
	month, err := v.monthAsked()
	if err != nil {
		return err
	}
	p := matchingOf(v, month)
	m, err := c.cfg.Newsroom.MatchMonth(v.ctx(), month.Year(), month.Month())
	switch {
	case fault.Is(err, fault.Unavailable):
		cause = err // the rest of the page still helps
	case err != nil:
		return err
	}
	status := http.StatusOK
	if cause != nil {
		p.Problem = c.explain(v, cause)
		status, p.TypedKey, p.TypedNote, p.Typed = p.Problem.Status, v.form("key"), v.form("note"), v.form("url")
	}
	p.Counted, p.Open, p.ListedAt = m.Counted, m.Open, m.ListedAt
	for _, r := range m.Rows {
		p.All = append(p.All, matchRowOf(r))
		if r.Kind == posts.MatchNoLink {
			p.Linkless = append(p.Linkless, option{r.Post.ID, r.Title})
		}
		if r.Listed != nil {
			p.Listed++
		}
	}
	slices.SortStableFunc(p.All, func(a, b matchRow) int { return b.at().Compare(a.at()) })
	p.filter(v.ask("show"))
	for i, r := range p.Shown {
		if r.Open && p.MayAct {
			p.Shown[i].Acts = &matchActs{r, p, p.TypedKey == r.Key}
		}
	}
	return c.show(v, status, "matching", p)
}

func (r matchRow) at() time.Time {
	if !r.OursAt.IsZero() {
		return r.OursAt
	}
	return r.TheirsAt
}

func matchingOf(v *visit, month workday.Date) *matchingPage {
	name := func(d workday.Date) string { return fmt.Sprintf("%04d-%02d", d.Year(), int(d.Month())) }
	p := &matchingPage{Month: name(month), Title: fmt.Sprintf("%d 年 %d 月", month.Year(), int(month.Month())), MayAct: v.who.May(staff.PublishPosts)}
	p.frame = frame{Title: p.Title + "发布核对", Here: "/matching"}
	running := posts.MonthSpan(workday.Of(v.now).Year(), workday.Of(v.now).Month())
	for d := running.From; len(p.Months) < matchMonths && d.Year() >= firstYear; d = posts.MonthSpan(d.AddDays(-1).Year(), d.AddDays(-1).Month()).From {
		p.Months = append(p.Months, option{name(d), fmt.Sprintf("%d 年 %d 月", d.Year(), int(d.Month()))})
	}
	span := posts.MonthSpan(month.Year(), month.Month())
	p.Previous = "/matching?month=" + name(span.From.AddDays(-1))
	if next := span.To.AddDays(1); !next.After(workday.Of(v.now)) {
		p.Next = "/matching?month=" + name(next)
	}
	return p
}

// filter shows what is open first; everything when it is asked for or nothing is open.
func (p *matchingPage) filter(show string) {
	open := keep(p.All, func(r matchRow) bool { return r.Open })
	all := show == "all" || show == "" && len(open) == 0
	p.Shown = open
	if all {
		p.Shown = p.All
	}
	path := "/matching?month=" + p.Month
	p.Filters = []filterLink{{"要核对的", path + "&show=open", len(open), !all}, {"全部", path + "&show=all", len(p.All), all}}
}

func matchRowOf(r posts.MatchRow) matchRow {
	row := matchRow{
		Key: r.Key, Title: r.Title, Kind: word{r.Kind.Chinese(), matchColours[r.Kind]}, Explanation: r.Explanation, Open: r.Open,
		Do: whatToDo[r.Kind], Linkless: r.Kind == posts.MatchNoLink,
	}
	if r.Post != nil {
		row.PostID, row.OursAt, row.Method = r.Post.ID, r.Post.Publication.PublishedAt, r.Post.Method.Chinese()
	}
	if r.Listed != nil {
		row.TheirsAt = r.Listed.At
		i := slices.IndexFunc(r.Listed.Articles, func(a posts.ListedArticle) bool { return a.Title == r.Title })
		if i < 0 {
			i = 0
		}
		if len(r.Listed.Articles) > 0 {
			row.TheirsURL = webAddress(r.Listed.Articles[i].URL)
		}
	}
	if r.Sighting != nil {
		row.TheirsAt, row.TheirsURL = r.Sighting.At, webAddress(r.Sighting.URL)
	}
	if row.Title == "" {
		row.Title = "（平台没有给出标题）"
	}
	if r.Post == nil {
		row.Record = recordPath(r.Title, row.TheirsURL, row.TheirsAt)
	}
	return row
}

// recordPath is the form for what was published by hand, filled in with what the platform says.
func recordPath(title, link string, at time.Time) string {
	q := url.Values{"channel": {string(posts.Account)}}
	if !strings.HasPrefix(title, "http") {
		q.Set("title", title)
	}
	if link != "" {
		q.Set("url", link)
	}
	if !at.IsZero() {
		q.Set("at", at.In(beijing).Format("2006-01-02T15:04"))
	}
	return "/posts/elsewhere?" + q.Encode()
}

// explainMatch writes down why a difference is none, or why it stays.
func (c *Console) explainMatch(v *visit) error {
	month, err := v.monthAsked()
	if err == nil {
		err = c.cfg.Newsroom.ExplainMatch(v.ctx(), v.who, month.Year(), month.Month(), v.form("key"), v.form("note"))
	}
	if err != nil {
		return c.showMatching(v, err)
	}
	return c.redirect(v, "/matching?month="+url.QueryEscape(v.form("month")), "已写明原因，这处差异不再列为待核对。")
}

// linkMatch gives one of our items its permanent link: typed, or that of what the platform lists.
func (c *Console) linkMatch(v *visit) error {
	p, err := c.cfg.Newsroom.RecordLink(v.ctx(), v.who, v.form("post"), v.form("url"))
	if err != nil {
		return c.showMatching(v, err)
	}
	return c.redirect(v, "/matching?month="+url.QueryEscape(v.form("month")), "《"+p.Content.Title+"》已补登永久链接。")
}
