package storage

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/redis/go-redis/v9"

	"shoushan/staff"
)

// Finding is one thing that should not be: a trail that was changed, cut short or removed, a record that cannot be read, a
// number without its request.
type Finding struct {
	Kind    string
	ID      string
	Problem string // a Chinese phrase
}

// String is the finding as a line for a person.
func (f Finding) String() string { return fmt.Sprintf("%s %s：%s", f.Kind, f.ID, f.Problem) }

// keepHead records how long a record's trail is and how it ends, under a keyed seal: a trail cut short still follows from
// event to event, and only this tells that its end is missing.
func (s *Store) keepHead(ctx context.Context, p redis.Pipeliner, kind, id string, t staff.Trail) {
	if len(t) > 0 {
		p.HSet(ctx, s.keys.heads(), headName(kind, id), s.head(kind, id, t))
	}
}

func headName(kind, id string) string { return kind + ":" + id }

// head is length:hash:seal of a trail.
func (s *Store) head(kind, id string, t staff.Trail) string {
	end := strconv.Itoa(len(t)) + ":" + t.Head()
	return end + ":" + s.ring.hash(headPurpose, headName(kind, id)+":"+end)
}

const headPurpose = "trail head"

// readHead returns length and hash of a head; ok is false when its seal is none of ours.
func (s *Store) readHead(name, head string) (length int, hash string, ok bool) {
	cut := strings.LastIndexByte(head, ':')
	if cut < 0 {
		return 0, "", false
	}
	end, seal := head[:cut], head[cut+1:]
	count, hash, _ := strings.Cut(end, ":")
	length, err := strconv.Atoi(count)
	for _, good := range s.ring.hashes(headPurpose, []byte(name+":"+end)) {
		ok = ok || good == seal
	}
	return length, hash, ok && err == nil && length > 0
}

// VerifyTrails reads every record and returns what was tampered with, lost or cannot be read: each trail follows from
// event to event, ends as its sealed head says, still holds the event that the last anchor saw at its end, and every
// number given to a request has its request. No findings mean that all is well.
func (s *Store) VerifyTrails(ctx context.Context) ([]Finding, error) {
	var found []Finding
	note := func(f Finding) { found = append(found, f) }
	anchored, err := s.verifyAnchor(ctx, note)
	if err != nil {
		return nil, err
	}
	for _, t := range s.tables.each() {
		if err := errors.Join(t.verify(ctx, anchored, note), t.verifyNumbers(ctx, note)); err != nil {
			return nil, err
		}
	}
	return found, nil
}

// verify checks every record of the kind, and every head for which there is no record.
func (c *collection[T]) verify(ctx context.Context, anchored bool, note func(Finding)) error {
	err := c.scanIDs(ctx, func(ids []string) error { return c.verifySome(ctx, ids, anchored, note) })
	if err != nil || c.trail == nil {
		return err
	}
	if err := c.verifyPresence(ctx, c.s.keys.heads(), "记录不见了", note); err != nil || !anchored {
		return err
	}
	return c.verifyPresence(ctx, c.s.keys.anchored(), "上一次存证里有这条记录，现在不见了", note)
}

// verifySome reads records and heads in bulk; what looks wrong is read again in one transaction, since a change may have
// come in between.
func (c *collection[T]) verifySome(ctx context.Context, ids []string, anchored bool, note func(Finding)) error {
	heads, errHeads := c.heads(ctx, c.s.keys.heads(), ids)
	seals, err := c.seals(ctx, ids)
	if err := errors.Join(errHeads, err); err != nil {
		return err
	}
	marks := map[string]string{}
	if anchored {
		if marks, err = c.heads(ctx, c.s.keys.anchored(), ids); err != nil {
			return err
		}
	}
	return c.eachRaw(ctx, ids, func(id string, data []byte) error {
		if c.problem(id, data, seals[id], heads[id], marks[id]) == "" {
			return nil
		}
		return c.verifyOne(ctx, id, marks[id], note)
	})
}

// heads returns the heads of some trails by id.
func (c *collection[T]) heads(ctx context.Context, key string, ids []string) (map[string]string, error) {
	out := map[string]string{}
	if c.trail == nil {
		return out, nil
	}
	return c.marks(ctx, key, ids)
}

// seals returns the seals of some records by id.
func (c *collection[T]) seals(ctx context.Context, ids []string) (map[string]string, error) {
	return c.marks(ctx, c.s.keys.seals(), ids)
}

func (c *collection[T]) marks(ctx context.Context, key string, ids []string) (map[string]string, error) {
	out := map[string]string{}
	if len(ids) == 0 {
		return out, nil
	}
	names := make([]string, len(ids))
	for i, id := range ids {
		names[i] = headName(c.kind, id)
	}
	values, err := c.s.rdb.HMGet(ctx, key, names...).Result()
	if err != nil {
		return nil, unavailable(err, "read the ends of trails")
	}
	for i, v := range values {
		out[ids[i]], _ = v.(string)
	}
	return out, nil
}

// verifyOne reads record and head in one transaction and notes what is wrong.
func (c *collection[T]) verifyOne(ctx context.Context, id, anchored string, note func(Finding)) error {
	var record, head, seal *redis.StringCmd
	_, err := c.s.rdb.TxPipelined(ctx, func(p redis.Pipeliner) error {
		record = p.Get(ctx, c.s.keys.record(c.kind, id))
		head = p.HGet(ctx, c.s.keys.heads(), headName(c.kind, id))
		seal = p.HGet(ctx, c.s.keys.seals(), headName(c.kind, id))
		return nil
	})
	if err != nil && !errors.Is(err, redis.Nil) {
		return unavailable(err, "read "+c.kind+" "+id)
	}
	data, err := record.Bytes()
	if errors.Is(err, redis.Nil) {
		return nil // gone records are found by their heads
	}
	if problem := c.problem(id, data, seal.Val(), head.Val(), anchored); problem != "" {
		note(Finding{c.kind, id, problem})
	}
	return nil
}

func (c *collection[T]) problem(id string, data []byte, seal, head, anchored string) string {
	record, err := c.decode(id, data)
	if err != nil {
		return "记录读不出来：" + err.Error()
	}
	name := headName(c.kind, id)
	if problem := c.s.trailProblem(name, c.trailOf(&record), head, anchored); problem != "" {
		return problem
	}
	if !c.s.whole(name, data, seal) {
		return "记录的内容与它的封印不符，被本程序以外的人改动过"
	}
	return ""
}

// verifyPresence notes each head whose record is gone.
func (c *collection[T]) verifyPresence(ctx context.Context, key, problem string, note func(Finding)) error {
	return c.s.eachHead(ctx, key, c.kind, func(id, _ string) error {
		n, err := c.s.rdb.Exists(ctx, c.s.keys.record(c.kind, id)).Result()
		if err == nil && n == 0 {
			note(Finding{c.kind, id, problem})
		}
		return unavailable(err, "look for "+c.kind+" "+id)
	})
}

// trailProblem says in a Chinese phrase what is wrong with a trail, or "".
func (s *Store) trailProblem(name string, t staff.Trail, head, anchored string) string {
	if err := t.Verify(); err != nil {
		return "办理记录被改动过：" + err.Error()
	}
	if len(t) == 0 && head == "" {
		return ""
	}
	length, hash, ok := s.readHead(name, head)
	switch {
	case !ok:
		return "办理记录的末尾标记缺失或被改动过"
	case length != len(t) || hash != t.Head():
		return fmt.Sprintf("办理记录应有 %d 条并以 %.8s 结尾，现有 %d 条", length, hash, len(t))
	case anchored == "":
		return ""
	}
	length, hash, ok = s.readHead(name, anchored)
	if !ok || length > len(t) || t[length-1].Hash != hash {
		return "办理记录与上一次存证不符"
	}
	return ""
}

// eachHead calls fn with every head of a kind.
func (s *Store) eachHead(ctx context.Context, key, kind string, fn func(id, head string) error) error {
	for cursor := uint64(0); ; {
		pairs, next, err := s.rdb.HScan(ctx, key, cursor, kind+":*", readAtOnce).Result()
		if err != nil {
			return unavailable(err, "list the ends of trails")
		}
		for i := 0; i+1 < len(pairs); i += 2 {
			if err := fn(strings.TrimPrefix(pairs[i], kind+":"), pairs[i+1]); err != nil {
				return err
			}
		}
		if cursor = next; cursor == 0 {
			return nil
		}
	}
}

// verifyNumbers finds numbers that were given but have no record. Creating a record uses up its number in the same
// transaction, so there is no innocent reason.
func (c *collection[T]) verifyNumbers(ctx context.Context, note func(Finding)) error {
	names, err := c.s.rdb.SMembers(ctx, c.s.keys.serials()).Result()
	if err != nil {
		return unavailable(err, "list number series")
	}
	for _, name := range names {
		series, year, err := parseSeries(name)
		if err == nil && series == c.series {
			err = c.verifyYear(ctx, year, note)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (c *collection[T]) verifyYear(ctx context.Context, year int, note func(Finding)) error {
	last, err := c.s.lastSerial(ctx, c.s.rdb, c.series, year)
	if err != nil {
		return err
	}
	present := map[string]bool{}
	ids := make([]string, last)
	for i := range ids {
		ids[i] = numberOf(year, i+1)
	}
	err = c.eachRaw(ctx, ids, func(id string, _ []byte) error {
		present[id] = true
		return nil
	})
	for _, id := range ids {
		if err == nil && !present[id] {
			note(Finding{c.kind, id, "这个编号给出过，但登记里没有这条记录"})
		}
	}
	return err
}
