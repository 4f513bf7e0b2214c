package storage

import (
	"context"
	"errors"
	"time"

	"shoushan/fault"
)

// Ephemeral keeps opaque bytes for a while. Names and bytes are personal data to Redis: the name becomes a keyed hash, the
// bytes are encrypted and bound to it.
type Ephemeral struct{ box box }

// Ephemeral returns the part of the store for one purpose, a word such as dialogue.
func (s *Store) Ephemeral(purpose string) Ephemeral {
	return Ephemeral{box{s: s, purpose: "ephemeral " + purpose, key: s.keys.ephemeral}}
}

// Get returns the bytes kept under the name, or a NotFound fault when there are none (any more).
func (e Ephemeral) Get(ctx context.Context, name string) ([]byte, error) {
	data, err := e.box.get(ctx, name)
	if err == nil && data == nil {
		return nil, fault.New(fault.NotFound, "之前的内容已过期，请重新开始。")
	}
	return data, err
}

// Put keeps the bytes under the name for ttl, at least a millisecond, in place of what was there.
func (e Ephemeral) Put(ctx context.Context, name string, data []byte, ttl time.Duration) error {
	if name == "" || ttl < time.Millisecond {
		return errors.New("storage: " + e.box.purpose + ": a name and a time to live are required")
	}
	return e.box.set(ctx, name, data, ttl)
}

// Delete forgets the name; it is no error when there is nothing.
func (e Ephemeral) Delete(ctx context.Context, name string) error { return e.box.remove(ctx, name) }

// Update replaces the bytes under the name with what change makes of them, atomically: when someone else writes in
// between, change is run again on the newer bytes. Change gets nil when there is nothing, and returning nil forgets the
// name. An error of change is returned as it is and nothing is written.
func (e Ephemeral) Update(ctx context.Context, name string, ttl time.Duration, change func([]byte) ([]byte, error)) error {
	return e.box.update(ctx, name, func(old []byte) ([]byte, time.Duration, error) {
		now, err := change(old)
		return now, ttl, err
	})
}
