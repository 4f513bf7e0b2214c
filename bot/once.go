package bot

import (
	"context"
	"time"
)

// OnceState says how far the work under a key is. It is an alias of string, and the other interfaces of this package use
// plain types too, so that storage can implement them without importing this room.
type OnceState = string

// The states of a piece of work.
const (
	OnceFresh   OnceState = "fresh"   // nobody has done it and nobody is doing it: the caller now holds the lease and must
	OnceRunning OnceState = "running" // someone else holds the lease
	OnceDone    OnceState = "done"    // it was finished; the reply is the answer given
)

// Once makes every message have one effect, however often and through however many processes it arrives.
//
// A key is opaque, at most 64 bytes of [a-z0-9:]. Per key, at any time, at most one caller holds an unexpired lease.
// Replies may hold personal data: they are encrypted at rest like all personal data, and forgotten after keep.
type Once interface {
	// Begin decides in one atomic step. No entry, or an entry whose lease has expired without Finish: state OnceFresh, and
	// the caller holds the lease for that long. An unexpired lease: OnceRunning; its length is not changed. Finished:
	// OnceDone with the bytes that were given to Finish (nil and empty are the same). On an error nothing was begun.
	Begin(ctx context.Context, key string, lease time.Duration) (reply []byte, state OnceState, err error)
	// Finish stores the reply and marks the key as done for keep from now. It is called by the holder of the lease, possibly
	// a little after the lease has expired; when the key is already done, the first reply stays.
	Finish(ctx context.Context, key string, reply []byte, keep time.Duration) error
	// Abandon gives the lease up, so that the next Begin is OnceFresh. A key that is done, or unknown, is left as it is.
	Abandon(ctx context.Context, key string) error
}
