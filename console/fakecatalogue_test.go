package console_test

import (
	"context"
	"slices"

	"shoushan/posts"
)

var _ posts.Catalogue = (*store)(nil)

func (s *store) CountPosts(ctx context.Context, pick posts.Pick) (int, error) {
	all, err := s.picked(ctx, pick)
	return len(all), err
}

func (s *store) ListPosts(ctx context.Context, pick posts.Pick, from, n int) ([]posts.Post, error) {
	all, err := s.picked(ctx, pick)
	return all[min(from, len(all)):min(from+n, len(all))], err
}

func (s *store) picked(ctx context.Context, pick posts.Pick) ([]posts.Post, error) {
	all, err := s.Posts(ctx, posts.Query{})
	return slices.DeleteFunc(all, func(p posts.Post) bool {
		if pick.AuthorID != "" {
			return p.AuthorID != pick.AuthorID
		}
		return !slices.Contains(pick.States, p.State)
	}), err
}
