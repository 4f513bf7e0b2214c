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
func (s *Store) Drafts() Drafts {
	return Drafts{Ephemeral{box{s: s, purpose: "draft", key: s.keys.draft}}}
}

// Load returns the citizen's draft with the mark of what was read, or no bytes, the mark "" and no error when there is none
// or it has expired.
func (d Drafts) Load(ctx context.Context, openID string) (data []byte, mark string, err error) {
	sealed, data, err := d.e.box.read(ctx, openID)
	return data, markOf(sealed), err
}

// markBytes is the length of a mark: the authentication tag of the encrypted draft, which no two writes share.
const markBytes = 16

func markOf(sealed []byte) string { return string(sealed[max(0, len(sealed)-markBytes):]) }

// saveIfSame replaces a draft when the mark of the one that is there is ARGV[1], and tells whether it did. One that is there
// already was written by an earlier sending of the same command. KEYS are the places of the draft under each data key, the
// current one first.
var saveIfSame = redis.NewScript(`
local have = redis.call('GETRANGE', KEYS[1], -16, -1)
for i = 2, #KEYS do
  if have == '' then have = redis.call('GETRANGE', KEYS[i], -16, -1) end
end
if have ~= ARGV[1] then return have == string.sub(ARGV[2], -16) and 1 or 0 end
for i = 2, #KEYS do redis.call('DEL', KEYS[i]) end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return 1`)

// Save replaces the citizen's draft if it is still the one that was read with the mark, in one atomic step, and returns the
// mark of the new one; otherwise it writes nothing and returns a Conflict. The draft vanishes after ttl.
func (d Drafts) Save(ctx context.Context, openID string, data []byte, mark string, ttl time.Duration) (next string, err error) {
	box := d.e.box
	aheadOf(ctx).forget(box, openID)
	sealed := box.s.ring.seal(box.place(openID), data)
	saved, err := box.s.together.run(ctx, saveIfSame, box.keys(openID), mark, sealed, ttl.Milliseconds()).Bool()
	if err != nil && !errors.Is(err, redis.Nil) {
		return "", unavailable(err, "keep "+box.purpose)
	}
	if !saved {
		return "", fault.New(fault.Conflict, "这一步已经在另一处填好了，请按最新的提示继续。")
	}
	return markOf(sealed), nil
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
	n, err := g.s.together.run(ctx, take, []string{g.key(name)}, g.window.Milliseconds()).Int()
	return err == nil && n <= limit, unavailable(err, "count an attempt")
}

// giveBack takes one off a count that is still there: a count begun below zero would never be forgotten.
var giveBack = redis.NewScript(`
if tonumber(redis.call('GET', KEYS[1]) or 0) < 1 then return 0 end
return redis.call('DECR', KEYS[1])`)

// GiveBack takes one attempt off the count; when it is forgotten already there is nothing to do.
func (g Guesses) GiveBack(ctx context.Context, name string) error {
	return unavailable(giveBack.Run(ctx, g.s.rdb, []string{g.key(name)}).Err(), "give a guess back")
}
