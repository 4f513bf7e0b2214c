package storage

import (
	"context"
	"errors"
	"sync"

	"github.com/redis/go-redis/v9"
)

// ahead is what was read of a citizen together with the claim of a message, before anybody asked: one delivery in place of
// several. Each value serves the first who asks for it, unless it was written in between.
type ahead struct {
	boxes []box
	name  string

	mu    sync.Mutex
	found map[string]*redis.StringCmd // by purpose
}

type aheadKey struct{}

// Ahead returns a context in which the claim of a message (Once.Begin) also reads what an answer to the citizen always
// needs: the windows, the unfinished application, and what waits to be told.
func (s *Store) Ahead(ctx context.Context, openID string) context.Context {
	return context.WithValue(ctx, aheadKey{}, &ahead{boxes: []box{s.Windows().box, s.Drafts().e.box, s.Outbox().box}, name: openID})
}

// aheadOf returns what is read ahead in a context, or nil, which is good for all its methods.
func aheadOf(ctx context.Context) *ahead {
	a, _ := ctx.Value(aheadKey{}).(*ahead)
	return a
}

// commands are the readings, in the order of the boxes.
func (a *ahead) commands(ctx context.Context) []redis.Cmder {
	if a == nil {
		return nil
	}
	var out []redis.Cmder
	for _, b := range a.boxes {
		out = append(out, redis.NewStringCmd(ctx, "get", b.keys(a.name)[0]))
	}
	return out
}

// keep takes the commands back with their answers.
func (a *ahead) keep(answered []redis.Cmder) {
	if a == nil {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.found = make(map[string]*redis.StringCmd, len(a.boxes))
	for i, b := range a.boxes {
		a.found[b.purpose] = answered[i].(*redis.StringCmd)
	}
}

// take returns, once, the sealed value that was read ahead, nil for none; known is false when nothing was read. Under an old
// data key there may be a value that was not looked for.
func (a *ahead) take(b box, name string) (sealed []byte, known bool) {
	if a == nil || name != a.name {
		return nil, false
	}
	a.mu.Lock()
	cmd := a.found[b.purpose]
	delete(a.found, b.purpose)
	a.mu.Unlock()
	if cmd == nil {
		return nil, false
	}
	sealed, err := cmd.Bytes()
	none := errors.Is(err, redis.Nil)
	return sealed, err == nil || none && len(b.s.ring.keys) == 1
}

// forget makes the next who asks read anew, because the value is about to be written.
func (a *ahead) forget(b box, name string) { _, _ = a.take(b, name) }
