package posts_test

import (
	"context"
	"testing"
	"time"

	"shoushan/posts"
)

// TestPicturesAreOpenedInTurn: while all turns are taken a picture waits, and gives up with its caller; the post is not lost.
func TestPicturesAreOpenedInTurn(t *testing.T) {
	r := newRoom(t)
	r.Opening = make(chan struct{}, 1)
	p := r.due(r.illustrated())
	r.Opening <- struct{}{} // somebody opens a large picture
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if _, err := r.Advance(ctx, p.ID); err == nil {
		t.Error("a picture was opened out of turn")
	}
	<-r.Opening
	r.work(5 * time.Minute)
	wantState(t, r.stored(p.ID), posts.Published)
	if len(r.Opening) != 0 {
		t.Error("a turn was not given back")
	}
}
