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
	states     []posts.State
	mine       bool
}

// troubled are the states in which a person must look.
var troubled = []posts.State{posts.Failed, posts.OutcomeUnknown, posts.AwaitingPerson, posts.AwaitingAdmin}

var shelfMarks = []shelfMark{
	{Key: "open", Title: "进行中", Empty: "没有进行中的稿件。", states: unfinished()},
	{Key: "mine", Title: "我写的", Empty: "您还没有写过稿件。", mine: true},
	{Key: "draft", Title: "草稿", Empty: "没有草稿。", states: []posts.State{posts.Draft}},
	{Key: "review", Title: "审核中", Empty: "没有等待审核的稿件。", states: []posts.State{posts.InReview}},
	{Key: "approved", Title: "已审定", Empty: "没有等待安排发布的稿件。", states: []posts.State{posts.Approved, posts.Combined}},
	{Key: "scheduled", Title: "已定时", Empty: "没有定时的稿件。", states: []posts.State{posts.Scheduled, posts.Publishing}},
	{Key: "trouble", Title: "要人处理", Empty: "没有发布失败或者结果不明的稿件。", states: troubled},
	{Key: "published", Title: "已发布", Empty: "还没有发布过稿件。", states: []posts.State{posts.Published}},
	{Key: "withdrawn", Title: "已撤稿", Empty: "没有撤下的稿件。", states: []posts.State{posts.Withdrawn}},
}

// unfinished are the states of what is neither out nor given up.
func unfinished() []posts.State {
	return slices.DeleteFunc(posts.States(), func(s posts.State) bool { return s == posts.Published || s == posts.Withdrawn })
}

// pick is the filter as the catalogue takes it.
func (m shelfMark) pick(who staff.Member) posts.Pick {
	if m.mine {
		return posts.Pick{AuthorID: who.ID}
	}
	return posts.Pick{States: m.states}
}

func (m shelfMark) match(p posts.Post, who staff.Member) bool {
	if m.mine {
		return p.AuthorID == who.ID
	}
	return slices.Contains(m.states, p.State)
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
	p := &postsPage{frame: frame{Title: "稿件列表", Here: "/posts"}, Search: v.ask("q"), MayAdd: v.who.May(staff.WritePosts)}
	mark := shelfMarks[max(0, slices.IndexFunc(shelfMarks, func(m shelfMark) bool { return m.Key == v.ask("state") }))]
	p.Empty = mark.Empty
	fill := c.fromCatalogue
	if c.cfg.Catalogue == nil || p.Search != "" {
		fill = c.fromAll
	}
	chosen, err := fill(v, p, mark)
	if err != nil {
		return err
	}
	if p.Rows, err = c.postRows(v, chosen); err != nil {
		return err
	}
	return c.show(v, http.StatusOK, "posts", p)
}

// filter adds a filter with the number of what it would show.
func (p *postsPage) filter(m, mark shelfMark, count int) {
	p.Filters = append(p.Filters, filterLink{m.Title, filterPath("/posts", "state", m.Key, p.Search), count, m.Key == mark.Key})
}

// fromCatalogue counts and lists from indexes.
func (c *Console) fromCatalogue(v *visit, p *postsPage, mark shelfMark) ([]posts.Post, error) {
	for _, m := range shelfMarks {
		n, err := c.cfg.Catalogue.CountPosts(v.ctx(), m.pick(v.who))
		if err != nil {
			return nil, err
		}
		p.filter(m, mark, n)
		if m.Key == mark.Key {
			p.Paging = pagingOf(n, v.r.URL)
		}
	}
	return c.cfg.Catalogue.ListPosts(v.ctx(), mark.pick(v.who), (p.Paging.Page-1)*perPage, perPage)
}

// fromAll reads every post: a search looks into each.
func (c *Console) fromAll(v *visit, p *postsPage, mark shelfMark) ([]posts.Post, error) {
	all, err := c.cfg.Posts.Posts(v.ctx(), posts.Query{})
	if err != nil {
		return nil, err
	}
	all = keep(all, func(post posts.Post) bool { return mentions(post, p.Search) })
	var chosen []posts.Post
	for _, m := range shelfMarks {
		found := keep(all, func(post posts.Post) bool { return m.match(post, v.who) })
		p.filter(m, mark, len(found))
		if m.Key == mark.Key {
			chosen = found
		}
	}
	chosen, p.Paging = cut(chosen, v.r.URL)
	return chosen, nil
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
