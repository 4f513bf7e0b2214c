package storage

import (
	"cmp"
	"context"
	"slices"

	"github.com/redis/go-redis/v9"

	"shoushan/posts"
)

var _ posts.Catalogue = (*Store)(nil)

// picked names the indexes in which the posts of a pick stand.
func (s *Store) picked(pick posts.Pick) []string {
	if pick.AuthorID != "" {
		return []string{s.keys.postsBy(pick.AuthorID)}
	}
	var keys []string
	for _, state := range pick.States {
		keys = append(keys, s.keys.postsInState(string(state)))
	}
	return keys
}

// CountPosts counts from indexes; see posts.Catalogue.
func (s *Store) CountPosts(ctx context.Context, pick posts.Pick) (int, error) {
	pipe := s.rdb.Pipeline()
	var counts []*redis.IntCmd
	for _, key := range s.picked(pick) {
		counts = append(counts, pipe.ZCard(ctx, key))
	}
	if len(counts) == 0 {
		return 0, nil
	}
	if _, err := pipe.Exec(ctx); err != nil {
		return 0, unavailable(err, "count posts")
	}
	total := 0
	for _, n := range counts {
		total += int(n.Val())
	}
	return total, nil
}

// ListPosts reads the posts of one page; see posts.Catalogue.
func (s *Store) ListPosts(ctx context.Context, pick posts.Pick, from, n int) ([]posts.Post, error) {
	ids, err := s.pickedIDs(ctx, pick, from, n)
	if err != nil {
		return nil, err
	}
	return s.posts.loadAll(ctx, ids)
}

func (s *Store) pickedIDs(ctx context.Context, pick posts.Pick, from, n int) ([]string, error) {
	if pick.AuthorID == "" && slices.Equal(pick.States, []posts.State{posts.Published}) {
		return s.publishedIDs(ctx, from, n)
	}
	pipe := s.rdb.Pipeline()
	var newest []*redis.ZSliceCmd
	for _, key := range s.picked(pick) {
		newest = append(newest, pipe.ZRevRangeWithScores(ctx, key, 0, int64(from+n-1)))
	}
	if len(newest) == 0 {
		return nil, nil
	}
	if _, err := pipe.Exec(ctx); err != nil {
		return nil, unavailable(err, "list posts")
	}
	return merged(newest, from, n), nil
}

// merged is a page of what several indexes list, the highest scores first.
func merged(lists []*redis.ZSliceCmd, from, n int) (ids []string) {
	var all []redis.Z
	for _, some := range lists {
		all = append(all, some.Val()...)
	}
	slices.SortStableFunc(all, func(x, y redis.Z) int { return cmp.Compare(y.Score, x.Score) })
	for _, z := range all[min(from, len(all)):min(from+n, len(all))] {
		ids = append(ids, memberText(z.Member))
	}
	return ids
}

// memberText is the member of a sorted set; go-redis hands it out as any.
func memberText(member any) string {
	text, _ := member.(string)
	return text
}

// publishedIDs lists what is published by its publication. That index also holds the few that were removed afterwards.
func (s *Store) publishedIDs(ctx context.Context, from, n int) ([]string, error) {
	gone, err := s.rdb.ZRange(ctx, s.keys.postsInState(string(posts.Withdrawn)), 0, -1).Result()
	if err != nil {
		return nil, unavailable(err, "list what is withdrawn")
	}
	ids, err := s.rdb.ZRevRange(ctx, s.keys.publishedPosts(), 0, int64(from+n+len(gone)-1)).Result()
	if err != nil {
		return nil, unavailable(err, "list what is published")
	}
	withdrawn := map[string]bool{}
	for _, id := range gone {
		withdrawn[id] = true
	}
	ids = slices.DeleteFunc(ids, func(id string) bool { return withdrawn[id] })
	return ids[min(from, len(ids)):min(from+n, len(ids))], nil
}
