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
func (b box) get(ctx context.Context, name string) ([]byte, error) {
	_, value, err := b.read(ctx, name)
	return value, err
}

// read returns the value under the name as it is stored and in clear, or nil.
func (b box) read(ctx context.Context, name string) (sealed, value []byte, err error) {
	if sealed, known := aheadOf(ctx).take(b, name); known {
		if sealed != nil {
			value, err = b.open(name, sealed)
		}
		return sealed, value, err
	}
	for _, key := range b.keys(name) {
		sealed, err = b.s.together.Get(ctx, key).Bytes()
		switch {
		case err == nil:
			value, err = b.open(name, sealed)
			return sealed, value, err
		case !errors.Is(err, redis.Nil):
			return nil, nil, unavailable(err, "read "+b.purpose)
		}
	}
	return nil, nil, nil
}

// set replaces the value under the name.
func (b box) set(ctx context.Context, name string, value []byte, ttl time.Duration) error {
	aheadOf(ctx).forget(b, name)
	err := b.s.together.Set(ctx, b.keys(name)[0], b.seal(name, value), ttl).Err()
	return unavailable(err, "keep "+b.purpose)
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
	aheadOf(ctx).forget(b, name)
	return unavailable(b.s.together.Del(ctx, b.keys(name)...).Err(), "forget "+b.purpose)
}

// swap replaces a value if it is still the one that was read. Values are never equal by chance, because each is encrypted
// with a nonce of its own; so one that is already there was written by an earlier sending of the same command.
// KEYS: the name under each data key, the current one first (strings). ARGV: the old value, the new one, either may be
// empty for none, and its time to live in milliseconds, 0 for ever. Returns 1, or 0 when somebody else was faster.
var swap = redis.NewScript(`
local now = ""
for _, key in ipairs(KEYS) do
	local value = redis.call("GET", key)
	if value then now = value break end
end
if now == ARGV[2] then return 1 end
if now ~= ARGV[1] then return 0 end
redis.call("DEL", unpack(KEYS))
if ARGV[2] == "" then return 1 end
if ARGV[3] == "0" then redis.call("SET", KEYS[1], ARGV[2]) else redis.call("SET", KEYS[1], ARGV[2], "PX", ARGV[3]) end
return 1
`)

// update replaces the value, atomically, with what change makes of it, for the time to live that change says. Change gets
// nil when there is nothing; returning nil removes the name. An error of change is returned and nothing is written.
func (b box) update(ctx context.Context, name string, change func([]byte) ([]byte, time.Duration, error)) error {
	for attempt := range maxAttempts {
		sealed, old, err := b.read(ctx, name)
		if err != nil {
			return err
		}
		value, ttl, err := change(old)
		if errors.Is(err, errUnchanged) {
			return nil
		}
		if err != nil {
			return err
		}
		if done, err := b.swap(ctx, name, sealed, value, ttl); done || err != nil {
			return err
		}
		if err := pause(ctx, attempt); err != nil {
			return unavailable(err, "wait for another writer")
		}
	}
	return errContended()
}

// swap writes the value if the sealed one is still there.
func (b box) swap(ctx context.Context, name string, sealed, value []byte, ttl time.Duration) (done bool, err error) {
	next := []byte{}
	if value != nil {
		next = b.seal(name, value)
	}
	n, err := b.s.together.run(ctx, swap, b.keys(name), sealed, next, ttl.Milliseconds()).Int()
	return n == 1, unavailable(err, "change "+b.purpose)
}
