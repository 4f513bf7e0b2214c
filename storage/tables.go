package storage

import (
	"context"

	"shoushan/disclosure"
	"shoushan/opinion"
	"shoushan/posts"
	"shoushan/report"
	"shoushan/staff"
)

// tables are the kinds of record that a Store keeps.
type tables struct {
	requests *collection[disclosure.Request]
	posts    *collection[posts.Post]
	concerns *collection[opinion.Concern]
	members  *collection[staff.Member]
	editions *collection[report.Edition]
}

// table is what a kind of record can do regardless of its type.
type table interface {
	name() string
	verifyNumbers(ctx context.Context, note func(Finding)) error
	recount(ctx context.Context, repair bool) (int, []Difference, error)
	backup(ctx context.Context, a *archiveWriter) error
	check(l line) error
	adopt(ctx context.Context, begin func() error) error
	reseal(ctx context.Context) error
	restore(ctx context.Context, w *restorer, l line) error
	verify(ctx context.Context, anchored bool, note func(Finding)) error
}

// each returns all kinds, in the order in which archives list them.
func (t tables) each() []table {
	return []table{t.members, t.posts, t.requests, t.concerns, t.editions}
}

func newTables(s *Store) tables {
	return tables{requests: newRequests(s), posts: newPosts(s), concerns: newConcerns(s), members: newMembers(s), editions: newEditions(s)}
}
