package storage

import (
	"context"
	"errors"
	"fmt"

	"github.com/redis/go-redis/v9"

	"shoushan/fault"
)

// Beside the head of its trail each record has a keyed seal over all of it as it is stored, written in the same
// transaction: whoever can write to Redis but has no data key can change nothing that VerifyTrails would not find.

const (
	sealPurpose   = "record seal"
	adoptingField = "adopting" // in the hash of seals, while records of an older version get theirs
	alteredSeal   = "altered"  // of a record that was changed by the program after somebody else had altered it
	missingSeal   = "missing"  // in an archive: the record had none
)

// errAltered is the cause when a record is refused because it does not match its seal.
var errAltered = errors.New("the record was changed outside the program: it does not match its seal")

func (s *Store) recordSeal(name string, data []byte) string {
	return s.ring.hash(sealPurpose, name+"\x00"+string(data))
}

func (s *Store) keepSeal(ctx context.Context, p redis.Pipeliner, name string, data []byte) {
	p.HSet(ctx, s.keys.seals(), name, s.recordSeal(name, data))
}

// whole reports whether the record is what the program stored, under any of the data keys.
func (s *Store) whole(name string, data []byte, seal string) bool {
	for _, good := range s.ring.hashes(sealPurpose, []byte(name+"\x00"+string(data))) {
		if good == seal {
			return true
		}
	}
	return false
}

// loadWhole returns a record and whether it is what the program stored, read together.
func (c *collection[T]) loadWhole(ctx context.Context, r redis.Cmdable, id string) (T, bool, error) {
	var zero T
	var record, seal *redis.StringCmd
	together := r.TxPipelined
	if _, watching := r.(*redis.Tx); watching {
		together = r.Pipelined // EXEC would end the watch, which sees a change in between
	}
	_, err := together(ctx, func(p redis.Pipeliner) error {
		record = p.Get(ctx, c.s.keys.record(c.kind, id))
		seal = p.HGet(ctx, c.s.keys.seals(), headName(c.kind, id))
		return nil
	})
	if err != nil && !errors.Is(err, redis.Nil) {
		return zero, false, unavailable(err, "load "+c.kind+" "+id)
	}
	data, err := record.Bytes()
	if errors.Is(err, redis.Nil) {
		return zero, false, fault.Newf(fault.NotFound, "没有编号为“%s”的记录。", id)
	}
	if err != nil {
		return zero, false, unavailable(err, "load "+c.kind+" "+id)
	}
	out, err := c.decode(id, data)
	return out, c.s.whole(headName(c.kind, id), data, seal.Val()), err
}

// loadTrusted is load for records that give rights: one that does not match its seal is refused.
func (c *collection[T]) loadTrusted(ctx context.Context, r redis.Cmdable, id string) (T, error) {
	record, whole, err := c.loadWhole(ctx, r, id)
	if err == nil && !whole {
		record, whole, err = c.loadWhole(ctx, c.s.rdb, id) // a change may have come in between
	}
	if err == nil && !whole {
		var zero T
		return zero, fmt.Errorf("storage: %s %s: %w; see shoushan doctor", c.kind, id, errAltered)
	}
	return record, err
}

// doubt keeps the finding of a record that was altered, when the program changes it afterwards.
func (c *collection[T]) doubt(ctx context.Context, id string, whole bool) func(redis.Pipeliner) {
	if whole {
		return nil
	}
	return func(p redis.Pipeliner) { p.HSet(ctx, c.s.keys.seals(), headName(c.kind, id), alteredSeal) }
}

// adoptSeals seals what a version without seals has written. It does so once: only while no record at all has a seal, or
// when it was cut off. Versions with and without seals must not run side by side.
func (s *Store) adoptSeals(ctx context.Context) error {
	key, mark := s.keys.seals(), s.ring.hash(sealPurpose, adoptingField)
	n, err := s.rdb.HLen(ctx, key).Result()
	if err != nil {
		return unavailable(err, "count seals")
	}
	if n > 0 {
		begun, err := s.rdb.HGet(ctx, key, adoptingField).Result()
		if errors.Is(err, redis.Nil) || (err == nil && begun != mark) {
			return nil
		}
		if err != nil {
			return unavailable(err, "look for unfinished seals")
		}
	}
	began := false
	for _, t := range s.tables.each() {
		if err := t.adopt(ctx, func() error {
			if began {
				return nil
			}
			began = true
			return unavailable(s.rdb.HSet(ctx, key, adoptingField, mark).Err(), "begin to seal")
		}); err != nil {
			return err
		}
	}
	return unavailable(s.rdb.HDel(ctx, key, adoptingField).Err(), "end sealing")
}

// adopt seals every record of the kind that has no seal; begin is called before the first.
func (c *collection[T]) adopt(ctx context.Context, begin func() error) error {
	return c.scanIDs(ctx, func(ids []string) error {
		for _, id := range ids {
			if err := errors.Join(begin(), c.adoptOne(ctx, id)); err != nil {
				return err
			}
		}
		return nil
	})
}

func (c *collection[T]) adoptOne(ctx context.Context, id string) error {
	key, name := c.s.keys.record(c.kind, id), headName(c.kind, id)
	return c.s.transact(ctx, func(tx *redis.Tx) error {
		data, err := tx.Get(ctx, key).Bytes()
		if errors.Is(err, redis.Nil) {
			return nil
		}
		if err != nil {
			return unavailable(err, "read "+c.kind+" "+id)
		}
		_, err = tx.TxPipelined(ctx, func(p redis.Pipeliner) error {
			p.HSetNX(ctx, c.s.keys.seals(), name, c.s.recordSeal(name, data))
			return nil
		})
		return err
	}, key)
}
