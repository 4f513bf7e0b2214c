package storage

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"
	"github.com/redis/go-redis/v9"

	"shoushan/posts"
	"shoushan/report"
	"shoushan/staff"
)

var _ posts.Shelf = (*Store)(nil)

// newPosts keeps posts in clear: they are written to be published and hold no personal data of applicants.
func newPosts(s *Store) *collection[posts.Post] {
	return &collection[posts.Post]{
		s: s, kind: "post",
		id:      func(p *posts.Post) string { return p.ID },
		version: func(p *posts.Post) *int { return &p.Version },
		trail:   func(p *posts.Post) staff.Trail { return p.Trail },
		indexes: s.postIndexes, shelve: s.shelvePost, onRestore: s.doubtPost,
	}
}

func (s *Store) postIndexes(_ string, p *posts.Post) []entry {
	changed, published := millis(p.UpdatedAt), p.Publication.PublishedAt
	list := []entry{{s.keys.all("post"), changed}, {s.keys.postsInState(string(p.State)), changed}, {s.keys.postsBy(p.AuthorID), millis(lastSeen(p))}}
	if !published.IsZero() {
		list = append(list, entry{s.keys.publishedPosts(), millis(published)})
	}
	if _, counts := report.CountedIn(*p); counts {
		list = append(list, entry{s.keys.countedPosts(string(p.Channel), string(p.Content.Origin)), millis(published)}, s.topicEntry(p))
	}
	if !p.DueAt.IsZero() {
		list = append(list, entry{s.keys.duePosts(), millis(p.DueAt)})
	}
	if at := p.Publication.DiscardAt(); !at.IsZero() {
		list = append(list, entry{s.keys.discardingPosts(), millis(at)})
	}
	return list
}

// lastSeen is when something last happened to a post that its author remembers it by: its publication, or its last change.
func lastSeen(p *posts.Post) time.Time {
	if at := p.Publication.PublishedAt; !at.IsZero() {
		return at
	}
	return p.UpdatedAt
}

// millis is the score of an instant; the zero instant comes before all others.
func millis(t time.Time) float64 {
	if t.IsZero() {
		return 0
	}
	return float64(t.UnixMilli())
}

// CreatePost stores a new post under a new id; see posts.Shelf.
func (s *Store) CreatePost(ctx context.Context, p posts.Post) (posts.Post, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return posts.Post{}, fmt.Errorf("storage: new post id: %w", err)
	}
	p.ID = id.String()
	return s.posts.create(ctx, p)
}

// UpdatePost changes one post; see posts.Shelf.
func (s *Store) UpdatePost(ctx context.Context, id string, change func(*posts.Post) error) (posts.Post, error) {
	return s.posts.update(ctx, id, change)
}

// Post returns one post, or a NotFound fault.
func (s *Store) Post(ctx context.Context, id string) (posts.Post, error) {
	return s.posts.load(ctx, s.rdb, id)
}

// Posts returns the posts that match, newest first: by publication, then by last change.
func (s *Store) Posts(ctx context.Context, q posts.Query) ([]posts.Post, error) {
	ids, err := s.postIDs(ctx, q)
	if err != nil {
		return nil, err
	}
	found, err := s.posts.loadAll(ctx, ids)
	if err != nil {
		return nil, err
	}
	found = slices.DeleteFunc(found, func(p posts.Post) bool { return !q.Matches(p) })
	slices.SortStableFunc(found, newestFirst)
	return found, nil
}

// Latest returns at most n posts that citizens can read on the account, newest first, and looks at few more than those.
func (s *Store) Latest(ctx context.Context, n int) ([]posts.Post, error) {
	var out []posts.Post
	for first := int64(0); ; first += int64(n) {
		ids, err := s.together.ZRevRange(ctx, s.keys.publishedPosts(), first, first+int64(n)-1).Result()
		if err != nil {
			return nil, unavailable(err, "list the latest posts")
		}
		found, err := s.posts.loadAll(ctx, ids)
		if err != nil {
			return nil, err
		}
		out = append(out, slices.DeleteFunc(found, func(p posts.Post) bool { return !p.Readable() })...)
		if len(out) >= n || len(ids) < n {
			return out[:min(n, len(out))], nil
		}
	}
}

// postIDs asks the narrowest index for the ids that may match.
func (s *Store) postIDs(ctx context.Context, q posts.Query) ([]string, error) {
	all := &redis.ZRangeBy{Min: "-inf", Max: "+inf"}
	switch {
	case !q.Published.All():
		return s.idsByScore(ctx, s.keys.publishedPosts(), scoresOf(q.Published))
	case q.PublishedYear != 0:
		return s.idsByScore(ctx, s.keys.publishedPosts(), scoresOf(posts.YearSpan(q.PublishedYear)))
	case !q.DueBefore.IsZero():
		return s.idsByScore(ctx, s.keys.duePosts(), &redis.ZRangeBy{Min: "-inf", Max: scoreText(q.DueBefore)})
	case !q.DiscardBefore.IsZero():
		return s.idsByScore(ctx, s.keys.discardingPosts(), &redis.ZRangeBy{Min: "-inf", Max: scoreText(q.DiscardBefore)})
	case len(q.States) == 0:
		return s.idsByScore(ctx, s.keys.all("post"), all)
	}
	var ids []string
	for _, state := range q.States {
		some, err := s.idsByScore(ctx, s.keys.postsInState(string(state)), all)
		if err != nil {
			return nil, err
		}
		ids = append(ids, some...)
	}
	return ids, nil
}

func (s *Store) idsByScore(ctx context.Context, key string, by *redis.ZRangeBy) ([]string, error) {
	ids, err := s.rdb.ZRangeByScore(ctx, key, by).Result()
	return ids, unavailable(err, "list "+key)
}

// scoresOf selects the instants of a span.
func scoresOf(span posts.Span) *redis.ZRangeBy {
	return &redis.ZRangeBy{Min: scoreText(span.Start()), Max: "(" + scoreText(span.End())}
}

func scoreText(t time.Time) string { return strconv.FormatInt(t.UnixMilli(), 10) }

func newestFirst(a, b posts.Post) int {
	return cmp.Or(
		b.Publication.PublishedAt.Compare(a.Publication.PublishedAt),
		b.UpdatedAt.Compare(a.UpdatedAt),
		cmp.Compare(b.ID, a.ID),
	)
}
