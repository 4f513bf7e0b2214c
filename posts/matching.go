package posts

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"shoushan/fault"
	"shoushan/staff"
	"shoushan/workday"
)

// Lister lists what the account has published freely. Mass-sent articles are on no list of the platform.
type Lister interface {
	// ListPublished returns the publications at or after since, newest first.
	ListPublished(ctx context.Context, since time.Time) ([]Listed, error)
}

// Listed is one publication on the platform's list.
type Listed struct {
	ArticleID string
	At        time.Time
	Articles  []ListedArticle
}

// ListedArticle is one article of a publication.
type ListedArticle struct {
	Title, URL string
	Deleted    bool // by the user or by the platform
}

// FoundOutside is what a look at the platform's list brought to light.
type FoundOutside struct {
	Listed    int      // articles on the list
	Sightings int      // of them without a post here
	Removed   []string // posts of ours that were deleted or banned
}

// Look compares the platform's list since an instant with the posts: an article that no post accounts for becomes a
// sighting, and a post whose article is deleted there is no longer counted.
func (n *Newsroom) Look(ctx context.Context, since time.Time) (FoundOutside, error) {
	var found FoundOutside
	if n.Lister == nil {
		return found, fault.New(fault.Unavailable, "没有接入公众号的发布列表。")
	}
	listed, err := n.Lister.ListPublished(ctx, since)
	if err != nil {
		return found, err
	}
	ours, err := n.publishedSince(ctx, since)
	if err != nil {
		return found, err
	}
	for _, l := range listed {
		for i, a := range l.Articles {
			found.Listed++
			p, known := ownerOf(ours, l, a)
			switch {
			case !known && !a.Deleted:
				found.Sightings++
				err = n.noteSighting(ctx, Sighting{ID: fmt.Sprintf("list:%s:%d", l.ArticleID, i+1), At: l.At, Title: a.Title, ArticleID: articleOnce(l, i), URL: a.URL})
			case known && a.Deleted && p.State == Published:
				found.Removed = append(found.Removed, p.ID)
				err = n.noteRemoval(ctx, p)
			}
			if err != nil {
				return found, err
			}
		}
	}
	return found, nil
}

// articleOnce is the article id where it names one article only.
func articleOnce(l Listed, _ int) string {
	if len(l.Articles) > 1 {
		return ""
	}
	return l.ArticleID
}

func (n *Newsroom) noteRemoval(ctx context.Context, p Post) error {
	_, err := n.Shelf.UpdatePost(ctx, p.ID, func(q *Post) error {
		return n.removed(q, PublishStatus{State: PublishRemoved, Reason: "平台的列表里这篇文章已被删除或封禁，不再计数。"})
	})
	return err
}

// publishedSince lists the posts that were published since the year of an instant, removed ones too.
func (n *Newsroom) publishedSince(ctx context.Context, since time.Time) ([]Post, error) {
	var all []Post
	for year := workday.Of(since).Year(); year <= workday.Of(n.now()).Year(); year++ {
		some, err := n.Shelf.Posts(ctx, Query{PublishedYear: year})
		if err != nil {
			return nil, fmt.Errorf("posts: list published items: %w", err)
		}
		all = append(all, some...)
	}
	return all, nil
}

// ownerOf finds the post that an article on the list is: by its address or, for one article, its id; else by title and
// day, since the platform changes addresses.
func ownerOf(ours []Post, l Listed, a ListedArticle) (Post, bool) {
	for _, same := range []func(Post) bool{
		func(p Post) bool { return a.URL != "" && p.Publication.URL == a.URL },
		func(p Post) bool {
			return l.ArticleID != "" && len(l.Articles) == 1 && p.Publication.ArticleID == l.ArticleID
		},
		func(p Post) bool {
			return p.Channel == Account && bare(p.Content.Title) == bare(a.Title) && workday.Of(p.Publication.PublishedAt) == workday.Of(l.At)
		},
	} {
		if i := slices.IndexFunc(ours, same); i >= 0 {
			return ours[i], true
		}
	}
	return Post{}, false
}

// MatchKind is how an item stands between our records and the platform.
type MatchKind string

// The kinds.
const (
	MatchBoth     MatchKind = "both"      // recorded and on the platform
	MatchOurs     MatchKind = "ours"      // recorded, not on the platform's list
	MatchTheirs   MatchKind = "theirs"    // on the platform, not recorded
	MatchRemoved  MatchKind = "removed"   // recorded and deleted since
	MatchUnlisted MatchKind = "unlisted"  // recorded, of a kind that the platform lists nowhere
	MatchNoLink   MatchKind = "no_link"   // recorded as published on the account without a permanent link
	MatchOtherDay MatchKind = "other_day" // the day differs
)

var matchNames = map[MatchKind]string{
	MatchBoth: "一致", MatchOurs: "平台列表里没有", MatchTheirs: "本系统没有登记", MatchRemoved: "已删除", MatchUnlisted: "平台不列出", MatchNoLink: "缺永久链接",
	MatchOtherDay: "日期不一致",
}

// Chinese returns the kind as people see it.
func (k MatchKind) Chinese() string { return matchNames[k] }

// MatchRow is one item of a month's comparison.
type MatchRow struct {
	Key         string // by which it is explained
	Kind        MatchKind
	Post        *Post
	Listed      *Listed
	Sighting    *Sighting
	Title       string
	Explanation string // by rule or by a person
	Open        bool   // a difference that nobody has explained
}

// Matching is a month's comparison of our records of the account with the platform.
type Matching struct {
	Year     int
	Month    time.Month
	Rows     []MatchRow
	Counted  int // our items of the month that are counted
	Open     int
	ListedAt time.Time // when the platform was asked; zero when it could not be
}

func matchingOf(year int, month time.Month) string {
	return fmt.Sprintf("newsroom:matching:%04d-%02d", year, int(month))
}

// MatchMonth compares a Beijing month. The portal site has no list to compare with; its items are not part of it.
func (n *Newsroom) MatchMonth(ctx context.Context, year int, month time.Month) (Matching, error) {
	m := Matching{Year: year, Month: month}
	span := MonthSpan(year, month)
	ours, err := n.Shelf.Posts(ctx, Query{Published: span})
	if err != nil {
		return m, err
	}
	ours = slices.DeleteFunc(ours, func(p Post) bool { return p.Channel != Account })
	listed, err := n.list(ctx, span.Start(), &m)
	if err != nil {
		return m, err
	}
	listed = slices.DeleteFunc(listed, func(l Listed) bool { return !span.Has(l.At) })
	m.compare(ours, listed)
	seen, err := n.Sightings(ctx, year)
	if err != nil {
		return m, err
	}
	m.addSightings(slices.DeleteFunc(seen, func(s Sighting) bool { return !span.Has(s.At) }), ours)
	notes, err := drawer[map[string]string](ctx, n.Cabinet, matchingOf(year, month))
	m.conclude(notes)
	return m, err
}

func (n *Newsroom) list(ctx context.Context, since time.Time, m *Matching) ([]Listed, error) {
	if n.Lister == nil {
		return nil, nil
	}
	listed, err := n.Lister.ListPublished(ctx, since)
	if err != nil {
		return nil, err
	}
	m.ListedAt = n.now()
	return listed, nil
}

// compare writes one row for each of our items and for each article on the list that is none of them.
func (m *Matching) compare(ours []Post, listed []Listed) {
	taken := map[string]bool{}
	for i := range listed {
		for k, a := range listed[i].Articles {
			p, known := ownerOf(slices.DeleteFunc(slices.Clone(ours), func(p Post) bool { return taken[p.ID] }), listed[i], a)
			if !known {
				if !a.Deleted {
					m.Rows = append(m.Rows, MatchRow{Key: fmt.Sprintf("list:%s:%d", listed[i].ArticleID, k+1), Kind: MatchTheirs, Listed: &listed[i], Title: a.Title})
				}
				continue
			}
			taken[p.ID] = true
			m.Rows = append(m.Rows, pair(p, &listed[i], a))
		}
	}
	for _, p := range ours {
		if !taken[p.ID] {
			m.Rows = append(m.Rows, m.alone(p))
		}
	}
}

func pair(p Post, l *Listed, a ListedArticle) MatchRow {
	row := MatchRow{Key: p.ID, Kind: MatchBoth, Post: &p, Listed: l, Title: p.Content.Title}
	switch {
	case p.State == Withdrawn:
		row.Kind, row.Explanation = MatchRemoved, "已登记为删除，不计数。"
	case a.Deleted:
		row.Kind = MatchRemoved
	case workday.Of(p.Publication.PublishedAt) != workday.Of(l.At):
		row.Kind = MatchOtherDay
	}
	return row
}

// alone is the row of an item of ours that is not on the list.
func (m *Matching) alone(p Post) MatchRow {
	row := MatchRow{Key: p.ID, Kind: MatchOurs, Post: &p, Title: p.Content.Title}
	switch {
	case p.State == Withdrawn:
		row.Kind, row.Explanation = MatchRemoved, "已登记为删除，不计数。"
	case p.Publication.URL == "":
		row.Kind = MatchNoLink
	case p.Method == MassSend:
		row.Kind, row.Explanation = MatchUnlisted, "群发的文章不在平台的任何列表里，以群发结果为准。"
	case p.Method == Elsewhere:
		row.Kind, row.Explanation = MatchUnlisted, "在公众号后台发布、由人工登记了永久链接。"
	case m.ListedAt.IsZero():
		row.Explanation = "没有取到平台的列表，未核对。"
	}
	return row
}

// addSightings adds what was seen otherwise, such as mass sends by hand.
func (m *Matching) addSightings(seen []Sighting, ours []Post) {
	for i := range seen {
		s := &seen[i]
		known := slices.ContainsFunc(ours, func(p Post) bool {
			return p.ID == s.PostID || s.URL != "" && p.Publication.URL == s.URL || s.Mass != nil && p.Publication.MsgID == s.Mass.MsgID
		})
		there := slices.ContainsFunc(m.Rows, func(r MatchRow) bool { return r.Key == s.ID || r.shows(s.URL) })
		if known || there || s.Mass != nil && !s.Mass.Sent {
			continue
		}
		m.Rows = append(m.Rows, MatchRow{Key: s.ID, Kind: MatchTheirs, Sighting: s, Title: orElse(s.Title, s.URL), Explanation: s.Note})
	}
}

// shows reports whether the row's publication on the list has an article at the address.
func (r MatchRow) shows(address string) bool {
	return address != "" && r.Listed != nil && slices.ContainsFunc(r.Listed.Articles, func(a ListedArticle) bool { return a.URL == address })
}

// conclude adds the explanations and counts what is open.
func (m *Matching) conclude(notes map[string]string) {
	for i := range m.Rows {
		r := &m.Rows[i]
		r.Explanation = orElse(notes[r.Key], r.Explanation)
		r.Open = r.Kind != MatchBoth && r.Explanation == ""
		if r.Open {
			m.Open++
		}
		if r.Post != nil && r.Post.State == Published {
			m.Counted++
		}
	}
}

// ExplainMatch writes down why a difference of a month is none, or why it stays.
func (n *Newsroom) ExplainMatch(ctx context.Context, by staff.Member, year int, month time.Month, key, note string) error {
	if err := by.Require(staff.PublishPosts, "核对发布记录"); err != nil {
		return err
	}
	note, err := needReason(note, "这处差异")
	if err != nil {
		return err
	}
	return refile(ctx, n.Cabinet, matchingOf(year, month), func(notes *map[string]string) error {
		if *notes == nil {
			*notes = map[string]string{}
		}
		(*notes)[key] = strings.TrimSpace(note) + "（" + by.Name + "，" + workday.Of(n.now()).String() + "）"
		return nil
	})
}
