package storage

import (
	"context"

	"github.com/redis/go-redis/v9"

	"shoushan/fault"
	"shoushan/posts"
	"shoushan/workday"
)

var _ posts.Sketches = (*Store)(nil)

// shelvePost keeps the topic's name and the sketch of a post, in the transaction that stores it.
func (s *Store) shelvePost(ctx context.Context, p redis.Pipeliner, old, now *posts.Post) {
	s.shelveTopic(ctx, p, now)
	if old == nil || old.Content.Title != now.Content.Title || old.Content.Markdown != now.Content.Markdown {
		s.shelveSketch(ctx, p, now)
	}
}

func (s *Store) shelveSketch(ctx context.Context, p redis.Pipeliner, post *posts.Post) {
	p.HSet(ctx, s.keys.sketches(workday.Of(post.CreatedAt).Year()), post.ID, string(posts.SketchOf(*post)))
}

// EachSketch reads the sketches of the posts created in a Beijing year; see posts.Sketches.
func (s *Store) EachSketch(ctx context.Context, year int, see func(id string, sketch posts.Sketch)) error {
	all, err := s.rdb.HGetAll(ctx, s.keys.sketches(year)).Result()
	for id, sketch := range all {
		see(id, posts.Sketch(sketch))
	}
	return unavailable(err, "read the sketches of posts")
}

// sketchesSetting says that every post has its sketch.
const sketchesSetting = "sketches_kept"

// EnsureSketches brings a store that is older than the sketches up to date, once.
func (s *Store) EnsureSketches(ctx context.Context) error {
	var done bool
	if err := s.Setting(ctx, sketchesSetting, &done); !fault.Is(err, fault.NotFound) {
		return err
	}
	if err := s.overPosts(ctx, s.shelveSketch); err != nil {
		return err
	}
	return s.SaveSetting(ctx, sketchesSetting, true)
}

// overPosts queues something for every post, some posts at a time.
func (s *Store) overPosts(ctx context.Context, queue func(context.Context, redis.Pipeliner, *posts.Post)) error {
	return s.posts.scanIDs(ctx, func(ids []string) error {
		p := s.rdb.Pipeline()
		err := s.posts.each(ctx, ids, func(_ string, post posts.Post) error {
			queue(ctx, p, &post)
			return nil
		})
		if err != nil || p.Len() == 0 {
			return err
		}
		_, err = p.Exec(ctx)
		return unavailable(err, "bring what is kept beside posts up to date")
	})
}
