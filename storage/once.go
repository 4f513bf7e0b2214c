package storage

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
)

// The states of a piece of work, as Once.Begin returns them. They are plain strings because the bot, which asks, and this
// room do not know each other.
const (
	OnceFresh   = "fresh"   // the caller now holds the lease and must do the work
	OnceRunning = "running" // someone else holds the lease
	OnceDone    = "done"    // it was finished, and the reply is the answer given
)

// The first byte of a mark tells what follows.
const (
	markHeld = "h" // the name of the caller who holds the lease
	markDone = "r" // the reply, sealed
)

// finishOnce keeps the first reply given, so that every retry hears the same one.
// KEYS: mark (string). ARGV: mark with the reply, time to keep in milliseconds.
var finishOnce = redis.NewScript(`
if redis.call("GETRANGE", KEYS[1], 0, 0) == "r" then return redis.call("PEXPIRE", KEYS[1], ARGV[2]) end
redis.call("SET", KEYS[1], ARGV[1], "PX", ARGV[2])
return 1
`)

// abandonOnce takes a mark away, unless the work was finished after all.
// KEYS: mark (string).
var abandonOnce = redis.NewScript(`
if redis.call("GETRANGE", KEYS[1], 0, 0) == "h" then redis.call("DEL", KEYS[1]) end
return 1
`)

// Once sees to it that a message that is delivered several times has one effect and one answer. The method set is that of
// the bot's interface of the same name.
type Once struct{ s *Store }

// Once returns the account's marks.
func (s *Store) Once() *Once { return &Once{s} }

// names returns the mark's key in Redis and the place its reply is bound to. The name may hold an OpenID.
func (o *Once) names(name string) (key, place string) {
	return o.s.keys.once(o.s.ring.hash("once", name)), "once|" + name
}

// Begin decides in one atomic step: OnceFresh gives the caller the lease for that long, OnceRunning says that someone
// else holds one, OnceDone comes with the reply given to Finish. On an error nothing was begun.
func (o *Once) Begin(ctx context.Context, name string, lease time.Duration) (reply []byte, state string, err error) {
	key, place := o.names(name)
	mine := markHeld + token()
	also := aheadOf(ctx).commands(ctx)
	mark, err := o.s.together.setIfAbsent(ctx, key, mine, lease, also).Result()
	switch reply, done := strings.CutPrefix(mark, markDone); {
	case errors.Is(err, redis.Nil), err == nil && mark == mine: // an answer that got lost on the way is asked for again
		aheadOf(ctx).keep(also)
		return nil, OnceFresh, nil
	case err != nil:
		return nil, "", unavailable(err, "begin once")
	case !done:
		return nil, OnceRunning, nil
	default:
		opened, err := o.s.ring.open(place, []byte(reply))
		return opened, OnceDone, err
	}
}

// Finish keeps the reply for retries, for keep from now. Of two replies to one message the first stays.
func (o *Once) Finish(ctx context.Context, name string, reply []byte, keep time.Duration) error {
	key, place := o.names(name)
	err := o.s.together.run(ctx, finishOnce, []string{key}, markDone+string(o.s.ring.seal(place, reply)), keep.Milliseconds()).Err()
	return unavailable(err, "finish once")
}

// Abandon gives the lease up, so that the next Begin is OnceFresh. What is finished, or unknown, is left as it is.
func (o *Once) Abandon(ctx context.Context, name string) error {
	key, _ := o.names(name)
	return unavailable(o.s.together.run(ctx, abandonOnce, []string{key}).Err(), "abandon once")
}
