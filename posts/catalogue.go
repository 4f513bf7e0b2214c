package posts

import "context"

// Catalogue lists posts from indexes: what a page shows is read, and nothing else.
type Catalogue interface {
	// CountPosts counts what is picked.
	CountPosts(ctx context.Context, pick Pick) (int, error)
	// ListPosts returns at most n of the posts that are picked, beginning with the one at from, the newest first: those of an
	// author and those that are published by their publication, all others by their last change.
	ListPosts(ctx context.Context, pick Pick, from, n int) ([]Post, error)
}

// Pick chooses the posts of one author, or those in any of the states.
type Pick struct {
	AuthorID string // "" for any; the states do not count when it is given
	States   []State
}
