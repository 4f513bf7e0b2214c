package storage

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"shoushan/fault"
)

// Kept returns the part of the store for small values of one purpose that must outlive the machine: what citizens wrote to
// people, what they agreed to, who has to be phoned. It is used like Ephemeral, but it is in every backup, with the time at
// which it ends, and is encrypted anew when the data key is changed.
func (s *Store) Kept(purpose string) Ephemeral {
	return Ephemeral{box{s: s, purpose: "kept " + purpose, key: s.keys.kept, labelled: true}}
}

// keptPlace binds kept values. Purpose and name stand inside the encrypted bytes, so that all can be encrypted anew without
// knowing the names.
const keptPlace = "kept"

var errMisplaced = errors.New("storage: a kept value stands under another name")

func labelled(purpose, name string, value []byte) []byte {
	return bytes.Join([][]byte{[]byte(purpose), []byte(name), value}, []byte{0})
}

// unlabelled returns what labelled was given.
func unlabelled(data []byte) (purpose, name string, value []byte, err error) {
	parts := bytes.SplitN(data, []byte{0}, 3)
	if len(parts) < 3 {
		return "", "", nil, errMisplaced
	}
	return string(parts[0]), string(parts[1]), parts[2], nil
}

// resealKept encrypts everything kept with the current data key, under the name that it has with that key.
func (s *Store) resealKept(ctx context.Context) error {
	return s.scanKeys(ctx, s.keys.kept("")+"*", func(found []string) error {
		for _, key := range found {
			if err := s.resealOneKept(ctx, key); err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *Store) resealOneKept(ctx context.Context, key string) error {
	sealed, err := s.rdb.Get(ctx, key).Bytes()
	if errors.Is(err, redis.Nil) {
		return nil // ended meanwhile
	}
	if err != nil {
		return unavailable(err, "read "+key)
	}
	data, err := s.ring.open(keptPlace, sealed)
	if err != nil {
		return err
	}
	purpose, name, _, err := unlabelled(data)
	if err != nil {
		return err
	}
	b := box{s: s, purpose: purpose, key: s.keys.kept, labelled: true}
	return b.update(ctx, name, func(now []byte) ([]byte, time.Duration, error) {
		left, err := s.rdb.PTTL(ctx, key).Result()
		return now, max(left, forever), err // PTTL is negative for what stays, and for what is gone: then now is nil
	})
}

// backupBriefly writes what is kept for a while, as it is stored, with the instant at which it ends: values that Kept holds,
// and unfinished applications.
func (s *Store) backupBriefly(ctx context.Context, a *archiveWriter) error {
	for kind, key := range map[string]func(string) string{lineKept: s.keys.kept, lineDraft: s.keys.draft} {
		err := s.scanKeys(ctx, key("")+"*", func(found []string) error {
			for _, k := range found {
				if err := s.backupOne(ctx, a, kind, k, strings.TrimPrefix(k, key(""))); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *Store) backupOne(ctx context.Context, a *archiveWriter, kind, key, id string) error {
	var value *redis.StringCmd
	var left *redis.DurationCmd
	_, err := s.rdb.TxPipelined(ctx, func(p redis.Pipeliner) error {
		value, left = p.Get(ctx, key), p.PTTL(ctx, key)
		return nil
	})
	if errors.Is(err, redis.Nil) {
		return nil // ended meanwhile
	}
	if err != nil {
		return unavailable(err, "read "+key)
	}
	l := line{Kind: kind, ID: id, Data: []byte(value.Val())}
	if left.Val() > 0 {
		l.Until = s.now().Add(left.Val()).UTC()
	}
	return a.write(l)
}

// checkBrief reports what is wrong with a line of what is kept for a while. Whose it is, only the name tells.
func checkBrief(l line) error {
	if l.ID == "" || len(l.Data) == 0 || (l.Kind == lineDraft && l.Until.IsZero()) {
		return fault.New(fault.Invalid, "内容不完整。")
	}
	return nil
}

// queueBrief restores it, unless its time is over by now.
func (w *restorer) queueBrief(ctx context.Context, key string, l line) {
	left := time.Duration(forever)
	if !l.Until.IsZero() {
		if left = l.Until.Sub(w.s.now()); left < time.Millisecond {
			return
		}
	}
	w.p.Set(ctx, key, l.Data, left)
}
