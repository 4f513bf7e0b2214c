package console

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"

	"shoushan/posts"
	"shoushan/staff"
)

// bundleRow is one article of a send of several.
type bundleRow struct {
	postRow
	Place  int // from 1; 0 when it is not in the send
	Chosen bool
}

type bundlePage struct {
	frame
	ID      string
	Lead    postRow
	Rows    []bundleRow // those that can go out with it, the chosen ones first
	Places  []int
	Most    int
	Problem problem
}

// mayCombine reports whether the page offers to send other articles along.
func mayCombine(p posts.Post, who staff.Member) bool {
	return p.Can(posts.CombinePosts) && p.Channel == posts.Account && p.Content.Kind == posts.News && who.May(staff.PublishPosts)
}

// company fills in which other items go out with this one.
func (c *Console) company(v *visit, p *postPage, post posts.Post, names map[string]string) error {
	if post.Lead != "" {
		lead, err := c.cfg.Posts.Post(v.ctx(), post.Lead)
		if err != nil {
			return err
		}
		row := postRowOf(lead, names)
		p.Lead = &row
	}
	for i, companion := range post.Bundle {
		other, err := c.cfg.Posts.Post(v.ctx(), companion.ID)
		if err != nil {
			return err
		}
		p.Bundle = append(p.Bundle, bundleRow{postRow: postRowOf(other, names), Place: i + 2})
	}
	return nil
}

func (c *Console) bundle(v *visit) error { return c.showBundle(v, http.StatusOK, problem{}) }

func (c *Console) showBundle(v *visit, status int, why problem) error {
	lead, err := c.cfg.Posts.Post(v.ctx(), v.r.PathValue("id"))
	if err != nil {
		return err
	}
	names, err := c.memberNames(v)
	if err != nil {
		return err
	}
	p := &bundlePage{frame: frame{Title: "几篇一起发", Here: "/posts"}, ID: lead.ID, Lead: postRowOf(lead, names), Most: posts.MaxBundle - 1, Problem: why}
	others, err := c.cfg.Posts.Posts(v.ctx(), posts.Query{States: []posts.State{posts.Approved, posts.Combined}})
	if err != nil {
		return err
	}
	for _, o := range others {
		place := slices.IndexFunc(lead.Bundle, func(b posts.Companion) bool { return b.ID == o.ID }) + 1
		free := o.State == posts.Approved && o.ID != lead.ID && o.Channel == posts.Account && o.Content.Kind == posts.News && len(o.Bundle) == 0
		if place == 0 && !free {
			continue
		}
		p.Rows = append(p.Rows, bundleRow{postRow: postRowOf(o, names), Place: place, Chosen: place > 0})
	}
	slices.SortStableFunc(p.Rows, func(a, b bundleRow) int { return cmp.Compare(a.rank(), b.rank()) })
	for i := range min(len(p.Rows), p.Most) {
		p.Places = append(p.Places, i+1)
	}
	return c.show(v, status, "bundle", p)
}

// rank puts the chosen ones in their order before the others.
func (r bundleRow) rank() int {
	if r.Place == 0 {
		return posts.MaxBundle
	}
	return r.Place
}

// combine makes the chosen items go out with the leading one, in the order that was picked.
func (c *Console) combine(v *visit) error {
	id := v.r.PathValue("id")
	type pick struct {
		id    string
		place int
	}
	var picks []pick
	for name := range v.r.PostForm {
		if place, err := strconv.Atoi(v.form(name)); err == nil && place > 0 && len(name) > 6 && name[:6] == "place-" {
			picks = append(picks, pick{name[6:], place})
		}
	}
	slices.SortFunc(picks, func(a, b pick) int { return cmp.Or(cmp.Compare(a.place, b.place), cmp.Compare(a.id, b.id)) })
	var ids []string
	for _, p := range picks {
		ids = append(ids, p.id)
	}
	if _, err := c.cfg.Newsroom.Combine(v.ctx(), v.who, id, ids); err != nil {
		p := c.explain(v, err)
		return c.showBundle(v, p.Status, p)
	}
	if len(ids) == 0 {
		return c.redirect(v, "/posts/"+id, "现在单独发布这一篇。")
	}
	return c.redirect(v, "/posts/"+id, "已组合，共 "+strconv.Itoa(len(ids)+1)+" 篇一起发布。")
}
