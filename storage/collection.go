package storage

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"time"

	"github.com/redis/go-redis/v9"

	"shoushan/fault"
	"shoushan/staff"
)

// collection keeps one kind of record: one JSON value each, the sorted sets that list them, and the heads of their trails.
type collection[T any] struct {
	s       *Store
	kind    string // the word in keys and archives
	id      func(*T) string
	version func(*T) *int
	trail   func(*T) staff.Trail // nil for a kind without one
	indexes func(id string, record *T) []entry
	// shelve may keep something beside the indexes; old is nil for a record that is new.
	shelve     func(ctx context.Context, p redis.Pipeliner, old, now *T)
	series     string          // of the numbers that are this kind's ids, "" for other ids
	apart      func(*T) string // of two records that have this in common the second is built when the first is stored; nil: of any two
	numbering  numbering[T]
	policy     policy
	onRestore  func(record *T, madeAt time.Time) // may change a record that comes from a backup
	migrations []migration
}

func (c *collection[T]) name() string { return c.kind }

// entry is a record's place in one sorted set; the member is the record's id.
type entry struct {
	key   string
	score float64
}

// envelope is how a record lies in Redis and in an archive.
type envelope struct {
	Schema int             `json:"schema"` // how many migrations the record has been through
	Record json.RawMessage `json:"record"`
}

const (
	maxAttempts = 40  // of one change against others who write the same record
	readAtOnce  = 500 // records in one MGET
)

// load returns one record, or a NotFound fault.
func (c *collection[T]) load(ctx context.Context, r redis.Cmdable, id string) (T, error) {
	var zero T
	data, err := r.Get(ctx, c.s.keys.record(c.kind, id)).Bytes()
	if errors.Is(err, redis.Nil) {
		return zero, fault.Newf(fault.NotFound, "没有编号为“%s”的记录。", id)
	}
	if err != nil {
		return zero, unavailable(err, "load "+c.kind+" "+id)
	}
	return c.decode(id, data)
}

// loadAll returns the records with the ids in their order. An id whose record is gone is left out: the index runs ahead
// of nothing, but a reader may see it between two writes.
func (c *collection[T]) loadAll(ctx context.Context, ids []string) ([]T, error) {
	var out []T
	err := c.each(ctx, ids, func(_ string, record T) error {
		out = append(out, record)
		return nil
	})
	return out, err
}

// each calls fn with the records in the order of ids, holding only a few of them at a time.
func (c *collection[T]) each(ctx context.Context, ids []string, fn func(id string, record T) error) error {
	return c.eachRaw(ctx, ids, func(id string, data []byte) error {
		record, err := c.decode(id, data)
		if err != nil {
			return err
		}
		return fn(id, record)
	})
}

func (c *collection[T]) eachRaw(ctx context.Context, ids []string, fn func(id string, data []byte) error) error {
	for len(ids) > 0 {
		n := min(len(ids), readAtOnce)
		recordKeys := make([]string, n)
		for i, id := range ids[:n] {
			recordKeys[i] = c.s.keys.record(c.kind, id)
		}
		values, err := c.s.rdb.MGet(ctx, recordKeys...).Result()
		if err != nil {
			return unavailable(err, "load "+c.kind+" records")
		}
		for i, v := range values {
			text, present := v.(string)
			if !present {
				continue
			}
			if err := fn(ids[i], []byte(text)); err != nil {
				return err
			}
		}
		ids = ids[n:]
	}
	return nil
}

// create stores a new record; it must not exist yet.
func (c *collection[T]) create(ctx context.Context, record T) (T, error) {
	*c.version(&record) = 1
	id := c.id(&record)
	key := c.s.keys.record(c.kind, id)
	err := c.s.transact(ctx, func(tx *redis.Tx) error {
		n, err := tx.Exists(ctx, key).Result()
		if err != nil {
			return unavailable(err, "look for "+c.kind+" "+id)
		}
		if n > 0 {
			return fault.Newf(fault.Conflict, "编号“%s”已经有记录了。", id)
		}
		return c.commit(ctx, tx, nil, &record, nil)
	}, key)
	return record, err
}

// update loads, lets change decide, and stores; see disclosure.Register.Update for the contract.
func (c *collection[T]) update(ctx context.Context, id string, change func(*T) error) (T, error) {
	var stored T
	err := c.s.transact(ctx, func(tx *redis.Tx) error {
		old, whole, err := c.loadWhole(ctx, tx, id)
		if err != nil {
			return err
		}
		now, err := c.clone(old)
		if err != nil {
			return err
		}
		if err := change(&now); err != nil {
			return err
		}
		if c.id(&now) != id {
			return fmt.Errorf("storage: a change renamed %s %s", c.kind, id)
		}
		*c.version(&now) = *c.version(&old) + 1
		stored = now
		return c.commit(ctx, tx, &old, &now, c.doubt(ctx, id, whole))
	}, c.s.keys.record(c.kind, id))
	if err != nil {
		var zero T
		return zero, err
	}
	return stored, nil
}

// clone copies a record so that change cannot reach into the old one, whose indexes are still needed.
func (c *collection[T]) clone(record T) (T, error) {
	var out T
	data, err := json.Marshal(record)
	if err == nil {
		err = json.Unmarshal(data, &out)
	}
	if err != nil {
		return out, fmt.Errorf("storage: copy %s: %w", c.kind, err)
	}
	return out, nil
}

// commit writes the record, its index entries and the head of its trail in one transaction, with whatever more adds.
func (c *collection[T]) commit(ctx context.Context, tx *redis.Tx, old, now *T, more func(redis.Pipeliner)) error {
	id := c.id(now)
	data, err := c.encode(now)
	if err != nil {
		return err
	}
	_, err = tx.TxPipelined(ctx, func(p redis.Pipeliner) error {
		c.put(ctx, p, old, now, data)
		if more != nil {
			more(p)
		}
		return nil
	})
	return committed(err, "store "+c.kind+" "+id)
}

// put queues what writes an encoded record, its index entries and the head of its trail.
func (c *collection[T]) put(ctx context.Context, p redis.Pipeliner, old, now *T, data []byte) {
	id := c.id(now)
	p.Set(ctx, c.s.keys.record(c.kind, id), data, 0)
	c.reindex(ctx, p, id, old, now)
	c.s.keepHead(ctx, p, c.kind, id, c.trailOf(now))
	c.s.keepSeal(ctx, p, headName(c.kind, id), data)
}

// committed tells a transaction that somebody else was faster than, which is tried again, from one that did not reach Redis.
func committed(err error, what string) error {
	if errors.Is(err, redis.TxFailedErr) {
		return err
	}
	return unavailable(err, what)
}

func (c *collection[T]) trailOf(record *T) staff.Trail {
	if c.trail == nil {
		return nil
	}
	return c.trail(record)
}

func (c *collection[T]) reindex(ctx context.Context, p redis.Pipeliner, id string, old, now *T) {
	if c.shelve != nil {
		c.shelve(ctx, p, old, now)
	}
	stale := map[string]bool{}
	if old != nil {
		for _, e := range c.indexes(id, old) {
			stale[e.key] = true
		}
	}
	for _, e := range c.indexes(id, now) {
		delete(stale, e.key)
		p.ZAdd(ctx, e.key, redis.Z{Score: e.score, Member: id})
	}
	for key := range stale {
		p.ZRem(ctx, key, id)
	}
}

func (c *collection[T]) encode(record *T) ([]byte, error) {
	id := c.id(record)
	sealed, err := c.policy.apply(reflect.ValueOf(*record), func(path, text string) (string, error) {
		return c.s.ring.sealText(c.place(id, path), text), nil
	})
	if err != nil {
		return nil, err
	}
	raw, err := json.Marshal(sealed.Interface())
	if err != nil {
		return nil, fmt.Errorf("storage: encode %s %s: %w", c.kind, id, err)
	}
	return fmt.Appendf(make([]byte, 0, len(raw)+40), `{"schema":%d,"record":%s}`, len(c.migrations), raw), nil // an envelope
}

// place names a field of a record; it is authenticated with the encrypted value.
func (c *collection[T]) place(id, path string) string { return c.kind + "|" + id + "|" + path }

func (c *collection[T]) decode(id string, data []byte) (T, error) {
	var zero T
	var env envelope
	if err := json.Unmarshal(data, &env); err != nil {
		return zero, fmt.Errorf("storage: decode %s %s: %w", c.kind, id, err)
	}
	return c.read(id, env, c.s.ring.openText)
}

// read decodes a record and opens its sealed texts. A record of an older schema is migrated on the way; it is rewritten
// when it is next changed.
func (c *collection[T]) read(id string, env envelope, open func(place, sealed string) (string, error)) (T, error) {
	var record T
	turn := func(path, text string) (string, error) { return open(c.place(id, path), text) }
	if env.Schema != len(c.migrations) {
		return c.migrate(id, env, turn)
	}
	if err := json.Unmarshal(env.Record, &record); err != nil {
		return record, fmt.Errorf("storage: decode %s %s: %w", c.kind, id, err)
	}
	opened, err := c.policy.apply(reflect.ValueOf(record), turn)
	if err != nil {
		return record, err
	}
	return opened.Interface().(T), nil
}

// transact runs fn under WATCH of the keys until nobody else writes them in between, a bounded number of times. An error
// of fn is returned as it is.
func (s *Store) transact(ctx context.Context, fn func(*redis.Tx) error, watched ...string) error {
	for attempt := range maxAttempts {
		var failed error
		err := s.rdb.Watch(ctx, func(tx *redis.Tx) error {
			failed = fn(tx)
			return failed
		}, watched...)
		switch {
		case failed == nil:
			return unavailable(err, "watch")
		case !errors.Is(failed, redis.TxFailedErr):
			return failed
		}
		if err := pause(ctx, attempt); err != nil {
			return unavailable(err, "wait for another writer")
		}
	}
	return errContended()
}

func errContended() error {
	return fault.New(fault.Conflict, "这条记录正在被别人修改，请稍后再试。")
}

// pause waits a random time that grows with the attempts.
func pause(ctx context.Context, attempt int) error {
	t := time.NewTimer(time.Duration(rand.Int64N(int64(min(attempt+1, 20)) * int64(2*time.Millisecond))))
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
