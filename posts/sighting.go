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

// Sighting is something seen on the account that no post here accounts for (yet): published by hand in Tencent's own
// back end, by another system, or by a call whose answer is still on its way.
type Sighting struct {
	ID        string       `json:"id"` // stable: the same thing seen twice is one sighting
	Seen      time.Time    `json:"seen"`
	At        time.Time    `json:"at"` // of the publication, as far as known
	Title     string       `json:"title,omitempty"`
	ArticleID string       `json:"article_id,omitempty"`
	URL       string       `json:"url,omitempty"`
	Mass      *MassOutcome `json:"mass,omitempty"` // the event of a mass send
	PostID    string       `json:"post_id,omitempty"`
	Note      string       `json:"note,omitempty"` // why there is no post for it, by a person
	By        string       `json:"by,omitempty"`
}

// Open reports whether nothing explains the sighting.
func (s Sighting) Open() bool { return s.PostID == "" && s.Note == "" }

// same reports whether both are the same thing.
func (s Sighting) same(o Sighting) bool {
	return s.ID == o.ID || s.URL != "" && s.URL == o.URL || s.ArticleID != "" && s.ArticleID == o.ArticleID
}

func sightingsOf(year int) string { return fmt.Sprintf("newsroom:sightings:%d", year) }

// Sightings lists what was seen on the account in the Beijing year, newest first.
func (n *Newsroom) Sightings(ctx context.Context, year int) ([]Sighting, error) {
	seen, err := drawer[[]Sighting](ctx, n.Cabinet, sightingsOf(year))
	slices.SortStableFunc(seen, func(a, b Sighting) int { return b.At.Compare(a.At) })
	return seen, err
}

// noteSighting keeps a sighting once; what is known already is completed.
func (n *Newsroom) noteSighting(ctx context.Context, s Sighting) error {
	if n.Cabinet == nil {
		return nil
	}
	if s.At.IsZero() {
		s.At = n.now()
	}
	s.Seen = n.now()
	return refile(ctx, n.Cabinet, sightingsOf(workday.Of(s.At).Year()), func(all *[]Sighting) error {
		i := slices.IndexFunc(*all, s.same)
		if i < 0 {
			*all = append(*all, s)
			return nil
		}
		known := &(*all)[i]
		known.Title, known.URL = orElse(known.Title, s.Title), orElse(known.URL, s.URL)
		known.ArticleID, known.PostID = orElse(known.ArticleID, s.ArticleID), orElse(known.PostID, s.PostID)
		if s.Mass != nil {
			known.Mass = s.Mass
		}
		return nil
	})
}

func (n *Newsroom) noteMass(ctx context.Context, o MassOutcome) error {
	s := Sighting{ID: "mass:" + o.MsgID, At: o.At, Mass: &o}
	if len(o.URLs) > 0 {
		s.URL = o.URLs[0]
	}
	return n.noteSighting(ctx, s)
}

// earlyEvent finds the event of a mass send that came before its answer.
func (n *Newsroom) earlyEvent(ctx context.Context, msgID string) (MassOutcome, bool) {
	year := workday.Of(n.now()).Year()
	for _, y := range []int{year, year - 1} {
		seen, err := n.Sightings(ctx, y)
		if err != nil {
			return MassOutcome{}, false // the platform is asked instead
		}
		i := slices.IndexFunc(seen, func(s Sighting) bool { return s.Mass != nil && s.Mass.MsgID == msgID })
		if i >= 0 {
			return *seen[i].Mass, true
		}
	}
	return MassOutcome{}, false
}

// Explain settles a sighting by hand: with the post that it is, or with the reason why there is none.
func (n *Newsroom) Explain(ctx context.Context, by staff.Member, year int, id, postID, note string) error {
	if err := by.Require(staff.PublishPosts, "核对发布记录"); err != nil {
		return err
	}
	note = strings.TrimSpace(note)
	if postID == "" && note == "" {
		return fault.New(fault.Invalid, "请选择对应的稿件，或者写明没有对应稿件的原因。")
	}
	return refile(ctx, n.Cabinet, sightingsOf(year), func(all *[]Sighting) error {
		i := slices.IndexFunc(*all, func(s Sighting) bool { return s.ID == id })
		if i < 0 {
			return fault.New(fault.NotFound, "没有这条发现记录。")
		}
		s := &(*all)[i]
		s.PostID, s.Note, s.By = postID, note, by.Name
		return nil
	})
}
