package console

import (
	"fmt"
	"net/http"
	"slices"
	"time"

	"shoushan/fault"
	"shoushan/posts"
	"shoushan/staff"
)

// keepingRoutes are the pages on how the account is kept up to date and what is read.
func keepingRoutes(c *Console) []route {
	return []route{
		{pattern: "GET /silence", menu: place{officialAccount, "更新间隔"}, rights: newsroom, serve: c.silence},
		{pattern: "POST /silence/keepers", rights: settings, serve: c.saveKeepers},
		{pattern: "GET /readings", menu: place{officialAccount, "阅读数据"}, rights: newsroom, serve: c.readings},
	}
}

var silenceWords = map[posts.SilenceLevel]word{
	posts.SilenceFine: {"正常", "green"}, posts.SilenceReminder: {"提醒", "amber"}, posts.SilenceUrgent: {"紧急提醒", "amber"},
	posts.SilenceAlarm: {"警报", "red"}, posts.SilenceFault: {"已经超期", "red"},
}

// keeper is a member who may be named.
type keeper struct {
	ID, Name string
	Named    bool
}

type silencePage struct {
	frame
	Silence          posts.Silence
	Level            word
	Sentence         string
	Limit            int
	Ready, Scheduled []postRow
	InReview         []postRow
	Keepers          []keeper
	Named            []string
	MayName          bool
	Seen             string // who was named when the page was shown
}

// silence shows how long the account has been without an item, and what can go out.
func (c *Console) silence(v *visit) error {
	s, err := c.silenceNow(v)
	if err != nil {
		return err
	}
	p := &silencePage{
		frame: frame{Title: "更新间隔", Here: "/silence"}, Silence: s, Level: silenceWords[s.Level], Sentence: s.Sentence(), Limit: posts.GapLimit,
		MayName: v.who.May(staff.ManageSettings),
	}
	inReview, err := c.cfg.Posts.Posts(v.ctx(), posts.Query{States: []posts.State{posts.InReview}})
	if err != nil {
		return err
	}
	for _, part := range []struct {
		rows *[]postRow
		list []posts.Post
	}{{&p.Ready, s.Ready}, {&p.Scheduled, s.Scheduled}, {&p.InReview, keep(inReview, func(q posts.Post) bool { return q.Channel == posts.Account })}} {
		if *part.rows, err = c.postRows(v, part.list); err != nil {
			return err
		}
	}
	if p.Keepers, err = c.keepers(v); err != nil {
		return err
	}
	named, err := c.cfg.Newsroom.Keepers(v.ctx())
	if err != nil {
		return err
	}
	p.Seen = markOf(named)
	for _, k := range p.Keepers {
		if k.Named {
			p.Named = append(p.Named, k.Name)
		}
	}
	return c.show(v, http.StatusOK, "silence", p)
}

func (c *Console) silenceNow(v *visit) (posts.Silence, error) {
	cal, err := c.cfg.Calendar(v.ctx())
	if err != nil {
		return posts.Silence{}, err
	}
	return c.cfg.Newsroom.Silence(v.ctx(), cal)
}

// keepers lists the members who could do something about silence: those who write, review or publish.
func (c *Console) keepers(v *visit) ([]keeper, error) {
	named, err := c.cfg.Newsroom.Keepers(v.ctx())
	if err != nil {
		return nil, err
	}
	all, err := c.cfg.Members.Members(v.ctx())
	if err != nil {
		return nil, err
	}
	var list []keeper
	for _, m := range all {
		if chosen := slices.Contains(named, m.ID); chosen || !m.Disabled && (route{rights: newsroom}).allows(m) {
			list = append(list, keeper{m.ID, m.Name, chosen})
		}
	}
	return list, nil
}

func (c *Console) saveKeepers(v *visit) error {
	stored, err := c.cfg.Newsroom.Keepers(v.ctx())
	if err != nil {
		return err
	}
	if seen := v.form("seen"); seen != "" && seen != markOf(stored) {
		return fault.New(fault.Conflict, "您打开页面之后，别人改过更新责任人，您的提交没有生效。请返回，看过现在的名单再选。")
	}
	if err := c.cfg.Newsroom.SaveKeepers(v.ctx(), v.who, v.r.PostForm["keeper"]); err != nil {
		return err
	}
	return c.redirect(v, "/silence", "已保存更新责任人。")
}

// silenceTasks warns those who answer for the account, or everyone who may publish when nobody is named.
func (c *Console) silenceTasks(v *visit) (taskGroup, error) {
	g := taskGroup{Title: "公众号更新"}
	named, err := c.cfg.Newsroom.Keepers(v.ctx())
	if err != nil || !warned(named, v.who) {
		return g, err
	}
	s, err := c.silenceNow(v)
	if err != nil || s.Level == posts.SilenceFine {
		return g, err
	}
	t := task{What: fmt.Sprintf("公众号 %d 天没有更新", s.Days), About: s.Sentence(), Path: "/silence", Since: s.Latest, Late: s.Level >= posts.SilenceAlarm}
	if s.Latest.IsZero() {
		t.What = "公众号还没有发布记录"
	} else {
		t.Clock = "期限 " + s.ActBy.Chinese()
	}
	g.Tasks = append(g.Tasks, t)
	return g, nil
}

func warned(named []string, who staff.Member) bool {
	if len(named) == 0 {
		return who.May(staff.PublishPosts)
	}
	return slices.Contains(named, who.ID)
}

type readingRow struct {
	posts.Reading
	Path string
	How  string
}

type weekView struct {
	Title string
	Best  []readingRow
}

type readingsPage struct {
	frame
	Month   string
	Title   string
	Months  []option
	Weeks   []weekView
	Rows    []readingRow
	Paging  paging
	Readers int
	UpTo    string
}

// bestOfWeek is how many articles of a week are named.
const bestOfWeek = 3

// readings shows what readers did with the articles of a month.
func (c *Console) readings(v *visit) error {
	month, err := v.monthAsked()
	if err != nil {
		return err
	}
	list, err := c.cfg.Newsroom.Readings(v.ctx(), month.Year(), month.Month())
	if err != nil {
		return err
	}
	m := matchingOf(v, month)
	p := &readingsPage{Month: m.Month, Title: m.Title, Months: m.Months, frame: frame{Title: m.Title + "阅读数据", Here: "/readings"}}
	var upTo time.Time
	for _, r := range list {
		p.Readers += r.Readers
		if r.UpTo.Start().After(upTo) {
			upTo, p.UpTo = r.UpTo.Start(), r.UpTo.Chinese()
		}
	}
	for _, w := range posts.Weeks(list) {
		view := weekView{Title: w.From.Chinese() + "至" + w.To.Chinese()}
		for _, r := range w.Articles[:min(len(w.Articles), bestOfWeek)] {
			view.Best = append(view.Best, readingRowOf(r))
		}
		p.Weeks = append(p.Weeks, view)
	}
	list, p.Paging = cut(list, v.r.URL)
	for _, r := range list {
		p.Rows = append(p.Rows, readingRowOf(r))
	}
	return c.show(v, http.StatusOK, "readings", p)
}

func readingRowOf(r posts.Reading) readingRow {
	row := readingRow{Reading: r, How: "发布（不推送）"}
	if r.Notified {
		row.How = "群发"
	}
	if r.PostID != "" {
		row.Path = "/posts/" + r.PostID
	}
	return row
}
