package posts

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"shoushan/fault"
	"shoushan/staff"
	"shoushan/workday"
)

// Statistician tells what readers did with the account's articles, mass-sent ones included.
type Statistician interface {
	// Readings returns the running totals of the articles that were published in the span, of at most ReadingDays days that
	// ends yesterday at the latest. late is true while the platform is still counting the last day.
	Readings(ctx context.Context, span Span) (list []Reading, late bool, err error)
}

// ReadingDays is how many days the platform answers for at once, and how long it counts on after a publication.
const ReadingDays = 30

// Reading is what readers did with one article up to a day.
type Reading struct {
	MsgDataID   string       `json:"msg_data_id"`
	Index       int          `json:"index"` // of the article in its send, from 1
	Title       string       `json:"title"`
	URL         string       `json:"url,omitempty"`
	PublishedOn workday.Date `json:"published_on"`
	Notified    bool         `json:"notified,omitempty"` // followers were told (群发)
	UpTo        workday.Date `json:"up_to"`
	Readers     int          `json:"readers"`
	Sharers     int          `json:"sharers"`
	Likes       int          `json:"likes"`  // 点赞
	Hearts      int          `json:"hearts"` // 在看
	Comments    int          `json:"comments"`
	Collections int          `json:"collections"`

	PostID string `json:"-"` // the post that it is, when the records know it
}

func (r Reading) same(o Reading) bool { return r.MsgDataID == o.MsgDataID && r.Index == o.Index }

// ReadingsTaken is what taking the figures did.
type ReadingsTaken struct {
	Articles  int
	Linked    int // items of ours that got their permanent link by it
	Sightings int // articles that no item of ours accounts for
	Late      bool
}

func readingsOf(month workday.Date) string {
	return fmt.Sprintf("newsroom:readings:%04d-%02d", month.Year(), int(month.Month()))
}

// TakeReadings asks for the figures of the last thirty days and keeps them with the month of publication. What the
// platform lists and no item accounts for becomes a sighting: mass sends by hand are on no other list.
func (n *Newsroom) TakeReadings(ctx context.Context) (ReadingsTaken, error) {
	var taken ReadingsTaken
	if n.Statistics == nil {
		return taken, fault.New(fault.Unavailable, "没有接入公众号的阅读统计。")
	}
	yesterday := workday.Of(n.now()).AddDays(-1)
	span := Span{yesterday.AddDays(1 - ReadingDays), yesterday}
	list, late, err := n.Statistics.Readings(ctx, span)
	if err != nil {
		return taken, err
	}
	taken.Articles, taken.Late = len(list), late
	for len(list) > 0 {
		month := MonthSpan(list[0].PublishedOn.Year(), list[0].PublishedOn.Month())
		inMonth := func(r Reading) bool { return month.Has(r.PublishedOn.Start()) }
		fresh := slices.DeleteFunc(slices.Clone(list), func(r Reading) bool { return !inMonth(r) })
		list = slices.DeleteFunc(list, inMonth)
		if err := n.keepReadings(ctx, month.From, fresh); err != nil {
			return taken, err
		}
		if err := n.recognise(ctx, fresh, &taken); err != nil {
			return taken, err
		}
	}
	return taken, nil
}

func (n *Newsroom) keepReadings(ctx context.Context, month workday.Date, fresh []Reading) error {
	return refile(ctx, n.Cabinet, readingsOf(month), func(all *[]Reading) error {
		for _, r := range fresh {
			i := slices.IndexFunc(*all, r.same)
			switch {
			case i < 0:
				*all = append(*all, r)
			case !r.UpTo.Before((*all)[i].UpTo):
				(*all)[i] = r
			}
		}
		return nil
	})
}

// recognise finds the items that the articles are, gives them links that they lack, and notes the others as seen.
func (n *Newsroom) recognise(ctx context.Context, fresh []Reading, taken *ReadingsTaken) error {
	ours, err := n.around(ctx, fresh)
	if err != nil {
		return err
	}
	for _, r := range fresh {
		p, known := r.owner(ours)
		switch {
		case !known:
			taken.Sightings++
			err = n.noteSighting(ctx, Sighting{ID: fmt.Sprintf("stat:%s:%d", r.MsgDataID, r.Index), At: r.PublishedOn.At(12, 0), Title: r.Title, URL: r.URL})
		case p.Publication.URL == "" && r.URL != "":
			taken.Linked++
			_, err = n.change(ctx, staff.System, p.ID, AddLink, func(q *Post) (string, error) {
				q.Publication.URL = r.URL
				return "从平台的阅读统计得到永久链接：" + r.URL, nil
			})
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// around lists our items of the account of the days of the articles.
func (n *Newsroom) around(ctx context.Context, list []Reading) ([]Post, error) {
	if len(list) == 0 {
		return nil, nil
	}
	span := Span{list[0].PublishedOn, list[0].PublishedOn}
	for _, r := range list {
		if r.PublishedOn.Before(span.From) {
			span.From = r.PublishedOn
		}
		if r.PublishedOn.After(span.To) {
			span.To = r.PublishedOn
		}
	}
	ours, err := n.Shelf.Posts(ctx, Query{Published: Span{span.From.AddDays(-1), span.To.AddDays(1)}})
	if err != nil {
		return nil, fmt.Errorf("posts: list published items: %w", err)
	}
	return slices.DeleteFunc(ours, func(p Post) bool { return p.Channel != Account }), nil
}

// owner finds the item that an article is: by its address, by the number of its send, else by title and day.
func (r Reading) owner(ours []Post) (Post, bool) {
	for _, same := range []func(Post) bool{
		func(p Post) bool { return r.URL != "" && p.Publication.URL == r.URL },
		func(p Post) bool {
			return r.MsgDataID != "" && p.Publication.MsgDataID == r.MsgDataID && bare(p.Content.Title) == bare(r.Title)
		},
		func(p Post) bool {
			return bare(p.Content.Title) == bare(r.Title) && workday.Of(p.Publication.PublishedAt) == r.PublishedOn
		},
	} {
		if i := slices.IndexFunc(ours, same); i >= 0 {
			return ours[i], true
		}
	}
	return Post{}, false
}

// Readings returns the figures of the articles that were published in a month, the most read first, as they were last taken.
func (n *Newsroom) Readings(ctx context.Context, year int, month time.Month) ([]Reading, error) {
	list, err := drawer[[]Reading](ctx, n.Cabinet, readingsOf(workday.On(year, month, 1)))
	if err != nil {
		return nil, err
	}
	ours, err := n.around(ctx, list)
	if err != nil {
		return nil, err
	}
	for i, r := range list {
		if p, known := r.owner(ours); known {
			list[i].PostID = p.ID
		}
	}
	slices.SortStableFunc(list, func(a, b Reading) int {
		return cmp.Or(cmp.Compare(b.Readers, a.Readers), b.PublishedOn.Compare(a.PublishedOn), cmp.Compare(a.Title, b.Title))
	})
	return list, nil
}

// Week is the articles of a week from Monday to Sunday, the most read first.
type Week struct {
	Span
	Articles []Reading
}

// Weeks sorts articles, the most read first, into the weeks of their publication, the latest week first.
func Weeks(list []Reading) (weeks []Week) {
	for _, r := range list {
		monday := r.PublishedOn.AddDays(-(int(r.PublishedOn.Weekday()) + 6) % 7)
		i := slices.IndexFunc(weeks, func(w Week) bool { return w.From == monday })
		if i < 0 {
			i, weeks = len(weeks), append(weeks, Week{Span: Span{monday, monday.AddDays(6)}})
		}
		weeks[i].Articles = append(weeks[i].Articles, r)
	}
	slices.SortFunc(weeks, func(a, b Week) int { return b.From.Compare(a.From) })
	return weeks
}
