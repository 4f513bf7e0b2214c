package storage

import (
	"context"
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

// Guesses counts attempts at query codes and filings. The method set is that of the handlers' interface of the same name.
type Guesses struct {
	s      *Store
	window time.Duration
}

// Guesses returns a count in which attempts are forgotten when the window that began with the first is over.
func (s *Store) Guesses(window time.Duration) Guesses { return Guesses{s, window} }

func (g Guesses) key(name string) string {
	return g.s.keys.guesses(g.s.ring.hash("guesses", name))
}

// take counts an attempt; the window begins with the first one, so that trying in vain does not lengthen it.
var take = redis.NewScript(`
local n = redis.call('INCR', KEYS[1])
if n == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
return n`)

// Take counts one attempt under the name (a citizen, an address or a request) and reports whether at most limit are
// counted, in one atomic step.
func (g Guesses) Take(ctx context.Context, name string, limit int) (bool, error) {
	n, err := take.Run(ctx, g.s.rdb, []string{g.key(name)}, g.window.Milliseconds()).Int()
	return err == nil && n <= limit, unavailable(err, "count an attempt")
}

// GiveBack takes one attempt off the count.
func (g Guesses) GiveBack(ctx context.Context, name string) error {
	return unavailable(g.s.rdb.Decr(ctx, g.key(name)).Err(), "give a guess back")
}
