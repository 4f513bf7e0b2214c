package storage

import (
	"context"
	"errors"

	"github.com/redis/go-redis/v9"

	"shoushan/posts"
)

var _ posts.Cabinet = (*Store)(nil)

// ChangeSetting replaces the value under the name with what change makes of it, atomically; see posts.Cabinet. Settings
// are in clear and part of every backup.
func (s *Store) ChangeSetting(ctx context.Context, name string, change func(old []byte) ([]byte, error)) error {
	if name == "" {
		return errEmptyName
	}
	key := s.keys.settings()
	return s.transact(ctx, func(tx *redis.Tx) error {
		old, err := tx.HGet(ctx, key, name).Bytes()
		if err != nil && !errors.Is(err, redis.Nil) {
			return unavailable(err, "read "+name)
		}
		if errors.Is(err, redis.Nil) {
			old = nil
		}
		value, err := change(old)
		if err != nil {
			return err
		}
		_, err = tx.TxPipelined(ctx, func(p redis.Pipeliner) error {
			p.HSet(ctx, key, name, value)
			return nil
		})
		if errors.Is(err, redis.TxFailedErr) {
			return err
		}
		return unavailable(err, "store "+name)
	}, key)
}
