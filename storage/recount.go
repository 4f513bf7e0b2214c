package storage

import (
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"slices"
	"strings"

	"github.com/redis/go-redis/v9"

	"shoushan/fault"
)

// Recount is what a comparison of the indexes with the records found.
type Recount struct {
	Records     map[string]int // how many records of each kind there are
	Differences []Difference
}

// Difference is one place where an index and the records did not agree.
type Difference struct {
	Kind    string
	ID      string
	Index   string // the key of the sorted set
	Problem string // a Chinese phrase
}

// String is the difference as a line for a person.
func (d Difference) String() string {
	return fmt.Sprintf("%s %s：%s（%s）", d.Kind, d.ID, d.Problem, d.Index)
}

// Recount reads every record and compares the indexes with what the records say; with repair it sets them right. Changes
// made meanwhile do not disturb it: a suspicion is looked at again in one transaction before it counts.
func (s *Store) Recount(ctx context.Context, repair bool) (Recount, error) {
	out := Recount{Records: map[string]int{}}
	for _, c := range s.tables.each() {
		n, found, err := c.recount(ctx, repair)
		if err != nil {
			return Recount{}, err
		}
		out.Records[c.name()] = n
		out.Differences = append(out.Differences, found...)
	}
	return out, nil
}

// recount compares one kind: every entry that a record calls for is there with its score, and no index has more entries
// than were called for. Together that makes them equal, without holding them all in memory.
func (c *collection[T]) recount(ctx context.Context, repair bool) (int, []Difference, error) {
	records, due := 0, map[string]int64{}
	var suspects []string
	err := c.scanIDs(ctx, func(ids []string) error {
		return c.compare(ctx, ids, due, &records, &suspects)
	})
	if err != nil {
		return 0, nil, err
	}
	indexes, err := c.indexKeys(ctx)
	if err != nil {
		return 0, nil, err
	}
	extra, err := c.extras(ctx, indexes, due)
	if err != nil {
		return 0, nil, err
	}
	suspects = append(suspects, extra...)
	slices.Sort(suspects)
	var found []Difference
	for _, id := range slices.Compact(suspects) {
		differences, err := c.settle(ctx, id, indexes, repair)
		if err != nil {
			return 0, nil, err
		}
		found = append(found, differences...)
	}
	return records, found, nil
}

// compare looks up the entries that some records call for, counts them in due, and notes the records that lack one. All
// entries of one index are asked for at once: five questions for hundreds of records, not five for each.
func (c *collection[T]) compare(ctx context.Context, ids []string, due map[string]int64, records *int, suspects *[]string) error {
	wanted := map[string][]redis.Z{}
	err := c.each(ctx, ids, func(id string, record T) error {
		*records++
		for _, e := range c.indexes(id, &record) {
			due[e.key]++
			wanted[e.key] = append(wanted[e.key], redis.Z{Score: e.score, Member: id})
		}
		return nil
	})
	if err != nil || len(wanted) == 0 {
		return err
	}
	p := c.s.rdb.Pipeline()
	answers := map[string]*redis.FloatSliceCmd{}
	for key, entries := range wanted {
		members := make([]string, len(entries))
		for i, e := range entries {
			members[i] = e.Member.(string)
		}
		answers[key] = p.ZMScore(ctx, key, members...)
	}
	if _, err := p.Exec(ctx); err != nil {
		return unavailable(err, "look up index entries")
	}
	for key, entries := range wanted {
		for i, score := range answers[key].Val() {
			if score != entries[i].Score || score == 0 { // a missing entry is answered with 0 too; settle knows the difference
				*suspects = append(*suspects, entries[i].Member.(string))
			}
		}
	}
	return nil
}

// indexKeys returns the sorted sets of the kind that exist now.
func (c *collection[T]) indexKeys(ctx context.Context) ([]string, error) {
	var out []string
	err := c.s.scanKeys(ctx, c.s.keys.all(c.kind)+"*", func(some []string) error {
		out = append(out, some...)
		return nil
	})
	slices.Sort(out)
	return slices.Compact(out), err
}

// extras returns the ids that stand in an index with another number of entries than the records call for.
func (c *collection[T]) extras(ctx context.Context, indexes []string, due map[string]int64) ([]string, error) {
	var out []string
	for _, key := range indexes {
		n, err := c.s.rdb.ZCard(ctx, key).Result()
		if err != nil {
			return nil, unavailable(err, "count "+key)
		}
		if n == due[key] {
			continue
		}
		ids, err := c.s.rdb.ZRange(ctx, key, 0, -1).Result()
		if err != nil {
			return nil, unavailable(err, "list "+key)
		}
		out = append(out, ids...)
	}
	return out, nil
}

// settle looks at one id in one transaction, reports what differs, and with repair sets it right.
func (c *collection[T]) settle(ctx context.Context, id string, indexes []string, repair bool) ([]Difference, error) {
	var found []Difference
	err := c.s.transact(ctx, func(tx *redis.Tx) (err error) {
		found, err = c.settleOnce(ctx, tx, id, indexes, repair)
		return err
	}, c.s.keys.record(c.kind, id))
	return found, err
}

func (c *collection[T]) settleOnce(ctx context.Context, tx *redis.Tx, id string, indexes []string, repair bool) ([]Difference, error) {
	due := map[string]float64{}
	record, err := c.load(ctx, tx, id)
	switch {
	case err == nil:
		for _, e := range c.indexes(id, &record) {
			due[e.key] = e.score
		}
	case !fault.Is(err, fault.NotFound):
		return nil, err
	}
	found, err := c.differences(ctx, tx, id, due, indexes)
	if err != nil || !repair || len(found) == 0 {
		return found, err
	}
	_, err = tx.TxPipelined(ctx, func(p redis.Pipeliner) error {
		for _, d := range found {
			if score, wanted := due[d.Index]; wanted {
				p.ZAdd(ctx, d.Index, redis.Z{Score: score, Member: id})
			} else {
				p.ZRem(ctx, d.Index, id)
			}
		}
		return nil
	})
	if errors.Is(err, redis.TxFailedErr) {
		return nil, err
	}
	return found, unavailable(err, "repair the indexes of "+c.kind+" "+id)
}

// differences compares one record's due entries with all indexes of its kind.
func (c *collection[T]) differences(ctx context.Context, tx *redis.Tx, id string, due map[string]float64, indexes []string) ([]Difference, error) {
	var found []Difference
	note := func(index, problem string) {
		found = append(found, Difference{c.kind, id, index, problem})
	}
	for key, want := range due {
		score, err := tx.ZScore(ctx, key, id).Result()
		switch {
		case errors.Is(err, redis.Nil):
			note(key, "索引里缺少这条记录")
		case err != nil:
			return nil, unavailable(err, "look up "+key)
		case score != want:
			note(key, "索引里的次序与记录不符")
		}
	}
	for _, key := range indexes {
		if _, wanted := due[key]; wanted {
			continue
		}
		err := tx.ZScore(ctx, key, id).Err()
		switch {
		case err == nil:
			note(key, "索引里多出了这条记录")
		case !errors.Is(err, redis.Nil):
			return nil, unavailable(err, "look up "+key)
		}
	}
	return found, nil
}

// scanIDs calls fn with the ids of all records of the kind, some at a time, found by their own keys and not by an index.
// SCAN may return a key twice; the hashes of what was seen cost 8 bytes a record.
func (c *collection[T]) scanIDs(ctx context.Context, fn func(ids []string) error) error {
	prefix, seed := c.s.keys.record(c.kind, ""), maphash.MakeSeed()
	seen := map[uint64]struct{}{}
	return c.s.scanKeys(ctx, prefix+"*", func(found []string) error {
		var ids []string
		for _, key := range found {
			id := strings.TrimPrefix(key, prefix)
			h := maphash.String(seed, id)
			if _, again := seen[h]; !again {
				seen[h] = struct{}{}
				ids = append(ids, id)
			}
		}
		return fn(ids)
	})
}

// scanKeys calls fn with the account's keys that match a pattern, some at a time.
func (s *Store) scanKeys(ctx context.Context, pattern string, fn func(keys []string) error) error {
	var node redis.Cmdable = s.rdb
	if cluster, ok := s.rdb.(*redis.ClusterClient); ok {
		master, err := cluster.MasterForKey(ctx, pattern) // the hash tag in the pattern names the slot
		if err != nil {
			return unavailable(err, "find the account's node")
		}
		node = master
	}
	for cursor := uint64(0); ; {
		found, next, err := node.Scan(ctx, cursor, pattern, readAtOnce).Result()
		if err != nil {
			return unavailable(err, "scan "+pattern)
		}
		if len(found) > 0 {
			if err := fn(found); err != nil {
				return err
			}
		}
		if cursor = next; cursor == 0 {
			return nil
		}
	}
}
