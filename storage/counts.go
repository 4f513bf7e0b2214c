package storage

import (
	"context"
	"time"

	"shoushan/disclosure"
	"shoushan/posts"
)

// CountPublished counts the posts that a figure counts (report.CountedIn), by channel and declared origin, published at or
// after from and before to. It reads an index only: a million posts take no longer than ten.
func (s *Store) CountPublished(ctx context.Context, channel posts.Channel, origin posts.Origin, from, to time.Time) (int, error) {
	n, err := s.rdb.ZCount(ctx, s.keys.countedPosts(string(channel), string(origin)), scoreText(from), "("+scoreText(to)).Result()
	return int(n), unavailable(err, "count published posts")
}

// CountRequests counts the requests that are in a state now, of one year's numbers or, for 0, of all, from an index.
func (s *Store) CountRequests(ctx context.Context, state disclosure.State, year int) (int, error) {
	by := scoresOfNumbers(year)
	n, err := s.rdb.ZCount(ctx, s.keys.requestsInState(string(state)), by.Min, by.Max).Result()
	return int(n), unavailable(err, "count requests")
}
