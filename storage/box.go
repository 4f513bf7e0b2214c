package storage

import (
	"context"
	"errors"
	"time"

	"github.com/redis/go-redis/v9"
)

// box keeps one encrypted value under each name. To Redis a name is a keyed hash, and the value is bound to the name: it
// does not decrypt under another.
type box struct {
	s       *Store
	purpose string // keeps the names of one use apart from those of another
	key     func(hashed string) string
	// labelled puts purpose and name inside the encrypted bytes, see keptPlace.
	labelled bool
}

// forever is the time to live of what stays until it is removed.
const forever = 0

// errUnchanged, returned by a change, leaves the value and its expiry as they are.
var errUnchanged = errors.New("storage: unchanged")

// keys returns the Redis key of a name under each data key, the current one first.
func (b box) keys(name string) []string {
	out := b.s.ring.hashes(b.purpose, []byte(name))
	for i, hashed := range out {
		out[i] = b.key(hashed)
	}
	return out
}

// place binds a value to the name, not to its hash: the hash changes with the data key.
func (b box) place(name string) string { return b.purpose + "|" + name }

// get returns the value under the name, or nil.
func (b box) get(ctx context.Context, r redis.Cmdable, name string) ([]byte, error) {
	for _, key := range b.keys(name) {
		sealed, err := r.Get(ctx, key).Bytes()
		switch {
		case err == nil:
			return b.open(name, sealed)
		case !errors.Is(err, redis.Nil):
			return nil, unavailable(err, "read "+b.purpose)
		}
	}
	return nil, nil
}

// set replaces the value under the name.
func (b box) set(ctx context.Context, r redis.Cmdable, name string, value []byte, ttl time.Duration) *redis.StatusCmd {
	return r.Set(ctx, b.keys(name)[0], b.seal(name, value), ttl)
}

func (b box) seal(name string, value []byte) []byte {
	if b.labelled {
		return b.s.ring.seal(keptPlace, labelled(b.purpose, name, value))
	}
	return b.s.ring.seal(b.place(name), value)
}

// open decrypts what seal made for the same purpose and name.
func (b box) open(name string, sealed []byte) ([]byte, error) {
	if !b.labelled {
		return b.s.ring.open(b.place(name), sealed)
	}
	data, err := b.s.ring.open(keptPlace, sealed)
	if err != nil {
		return nil, err
	}
	purpose, written, value, err := unlabelled(data)
	if err == nil && (purpose != b.purpose || written != name) {
		err = errMisplaced
	}
	return value, err
}

func (b box) remove(ctx context.Context, name string) error {
	return unavailable(b.s.rdb.Del(ctx, b.keys(name)...).Err(), "forget "+b.purpose)
}

// update replaces the value, atomically, with what change makes of it, for the time to live that change says. Change gets
// nil when there is nothing; returning nil removes the name. An error of change is returned and nothing is written.
func (b box) update(ctx context.Context, name string, change func([]byte) ([]byte, time.Duration, error)) error {
	all := b.keys(name)
	err := b.s.transact(ctx, func(tx *redis.Tx) error {
		old, err := b.get(ctx, tx, name)
		if err != nil {
			return err
		}
		value, ttl, err := change(old)
		if err != nil {
			return err
		}
		_, err = tx.TxPipelined(ctx, func(p redis.Pipeliner) error {
			p.Del(ctx, all...)
			if value != nil {
				b.set(ctx, p, name, value, ttl)
			}
			return nil
		})
		if errors.Is(err, redis.TxFailedErr) {
			return err
		}
		return unavailable(err, "change "+b.purpose)
	}, all...)
	if errors.Is(err, errUnchanged) {
		return nil
	}
	return err
}
