package console

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"shoushan/posts"
	"shoushan/staff"
)

// shelfMark is one filter of the list of posts.
type shelfMark struct {
	Key, Title string
	Empty      string // what an empty list means
	match      func(p posts.Post, who staff.Member) bool
}

func inState(states ...posts.State) func(posts.Post, staff.Member) bool {
	return func(p posts.Post, _ staff.Member) bool { return slices.Contains(states, p.State) }
}

// troubled are the states in which a person must look.
var troubled = []posts.State{posts.Failed, posts.OutcomeUnknown, posts.AwaitingPerson, posts.AwaitingAdmin}

var shelfMarks = []shelfMark{
	{"open", "进行中", "没有进行中的稿件。", func(p posts.Post, _ staff.Member) bool {
		return p.State != posts.Published && p.State != posts.Withdrawn
	}},
	{"mine", "我写的", "您还没有写过稿件。", func(p posts.Post, who staff.Member) bool { return p.AuthorID == who.ID }},
	{"draft", "草稿", "没有草稿。", inState(posts.Draft)},
	{"review", "审核中", "没有等待审核的稿件。", inState(posts.InReview)},
	{"approved", "已审定", "没有等待安排发布的稿件。", inState(posts.Approved, posts.Combined)},
	{"scheduled", "已定时", "没有定时的稿件。", inState(posts.Scheduled, posts.Publishing)},
	{"trouble", "要人处理", "没有发布失败或者结果不明的稿件。", inState(troubled...)},
	{"published", "已发布", "还没有发布过稿件。", inState(posts.Published)},
	{"withdrawn", "已撤稿", "没有撤下的稿件。", inState(posts.Withdrawn)},
}

// filterLink is one filter as the page shows it.
type filterLink struct {
	Title, Path string
	Count       int
	Current     bool
}

// postRow is one line of a list of posts.
type postRow struct {
	ID, Title, Origin, Source, Channel, Topic, Author string
	State                                             word
	When                                              time.Time
	WhenLabel                                         string
}

type postsPage struct {
	frame
	Filters []filterLink
	Rows    []postRow
	Paging  paging
	Empty   string
	Search  string
	MayAdd  bool
}

// mentions reports whether a post's title, source or topic has the words searched for.
func mentions(p posts.Post, words string) bool {
	text := p.Content.Title + "\n" + p.Content.Topic
	if p.Content.Source != nil {
		text += "\n" + p.Content.Source.Name
	}
	return strings.Contains(strings.ToLower(text), strings.ToLower(words))
}

// filterPath is the address of a filter that keeps the search.
func filterPath(path, name, key, search string) string {
	q := url.Values{name: {key}}
	if search != "" {
		q.Set("q", search)
	}
	return path + "?" + q.Encode()
}

func (c *Console) posts(v *visit) error {
	all, err := c.cfg.Posts.Posts(v.ctx(), posts.Query{})
	if err != nil {
		return err
	}
	search := v.ask("q")
	all = keep(all, func(p posts.Post) bool { return mentions(p, search) })
	mark := shelfMarks[0]
	p := &postsPage{frame: frame{Title: "稿件列表", Here: "/posts"}, Search: search, MayAdd: v.who.May(staff.WritePosts)}
	for _, m := range shelfMarks {
		if m.Key == v.ask("state") {
			mark = m
		}
	}
	var chosen []posts.Post
	for _, m := range shelfMarks {
		found := keep(all, func(p posts.Post) bool { return m.match(p, v.who) })
		p.Filters = append(p.Filters, filterLink{m.Title, filterPath("/posts", "state", m.Key, search), len(found), m.Key == mark.Key})
		if m.Key == mark.Key {
			chosen = found
		}
	}
	chosen, p.Paging = cut(chosen, v.r.URL)
	p.Empty = mark.Empty
	if p.Rows, err = c.postRows(v, chosen); err != nil {
		return err
	}
	return c.show(v, http.StatusOK, "posts", p)
}

// keep returns the elements for which match holds.
func keep[T any](all []T, match func(T) bool) []T {
	var out []T
	for _, t := range all {
		if match(t) {
			out = append(out, t)
		}
	}
	return out
}

func (c *Console) postRows(v *visit, list []posts.Post) ([]postRow, error) {
	names, err := c.memberNames(v)
	if err != nil {
		return nil, err
	}
	rows := make([]postRow, 0, len(list))
	for _, p := range list {
		rows = append(rows, postRowOf(p, names))
	}
	return rows, nil
}

func postRowOf(p posts.Post, names map[string]string) postRow {
	row := postRow{
		ID: p.ID, Title: p.Content.Title, Origin: p.Content.Origin.Chinese(), Channel: p.Channel.Chinese(),
		Topic: p.Content.Topic, Author: nameOf(names, p.AuthorID), State: postState(p.State), When: p.UpdatedAt, WhenLabel: "最后改动",
	}
	if row.Title == "" {
		row.Title = "（还没有标题）"
	}
	if p.Content.Source != nil {
		row.Source = p.Content.Source.Name
	}
	switch {
	case !p.Publication.PublishedAt.IsZero():
		row.When, row.WhenLabel = p.Publication.PublishedAt, "发布时间"
	case p.State == posts.Scheduled || p.State == posts.AwaitingPerson || p.State == posts.Publishing || p.State == posts.AwaitingAdmin:
		row.When, row.WhenLabel = p.DueAt, "定时"
	}
	return row
}

// memberNames maps login names to the names of members.
func (c *Console) memberNames(v *visit) (map[string]string, error) {
	all, err := c.cfg.Members.Members(v.ctx())
	if err != nil {
		return nil, err
	}
	names := map[string]string{staff.System.ID: staff.System.Name, staff.Citizen.ID: staff.Citizen.Name}
	for _, m := range all {
		names[m.ID] = m.Name
	}
	return names, nil
}

func nameOf(names map[string]string, id string) string {
	if name, ok := names[id]; ok {
		return name
	}
	return id
}
