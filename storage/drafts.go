package storage

import (
	"context"
	"errors"
	"time"

	"github.com/redis/go-redis/v9"

	"shoushan/fault"
)

// Drafts keeps unfinished applications, one for each citizen. The method set is that of the handlers' interface of the
// same name.
type Drafts struct{ e Ephemeral }

// Drafts returns the account's drafts.
func (s *Store) Drafts() Drafts { return Drafts{s.Ephemeral("draft")} }

// Load returns the citizen's draft, or no bytes and no error when there is none or it has expired.
func (d Drafts) Load(ctx context.Context, openID string) ([]byte, error) {
	data, err := d.e.Get(ctx, openID)
	if fault.Is(err, fault.NotFound) {
		return nil, nil
	}
	return data, err
}

// Save replaces the citizen's draft; it vanishes after ttl.
func (d Drafts) Save(ctx context.Context, openID string, data []byte, ttl time.Duration) error {
	return d.e.Put(ctx, openID, data, ttl)
}

// Delete removes the draft at once; there being none is no error.
func (d Drafts) Delete(ctx context.Context, openID string) error { return d.e.Delete(ctx, openID) }

// Guesses counts wrong query codes. The method set is that of the handlers' interface of the same name.
type Guesses struct {
	s      *Store
	window time.Duration
}

// Guesses returns a count in which a wrong code is forgotten when no other has followed it for the window.
func (s *Store) Guesses(window time.Duration) Guesses { return Guesses{s, window} }

func (g Guesses) key(name string) string {
	return g.s.keys.guesses(g.s.ring.hash("guesses", name))
}

// Allowed reports whether fewer than limit wrong codes are counted under the name: a citizen, an address or a request.
func (g Guesses) Allowed(ctx context.Context, name string, limit int) (bool, error) {
	n, err := g.s.rdb.Get(ctx, g.key(name)).Int()
	if errors.Is(err, redis.Nil) {
		return limit > 0, nil
	}
	return n < limit, unavailable(err, "count guesses")
}

// Wrong counts one wrong code under the name.
func (g Guesses) Wrong(ctx context.Context, name string) error {
	_, err := g.s.rdb.TxPipelined(ctx, func(p redis.Pipeliner) error {
		p.Incr(ctx, g.key(name))
		p.PExpire(ctx, g.key(name), g.window)
		return nil
	})
	return unavailable(err, "count a guess")
}
