package storage

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/redis/go-redis/v9"
)

// Backup writes everything that must outlive a machine: settings, registers, all records with their trails, what waits for
// citizens, their unfinished applications and talks, files, numbers. Personal data stays encrypted; figures can be counted without a key. It may run while others
// write: each record is whole, and numbers come last, so that none is given again after a restore.
func (s *Store) Backup(ctx context.Context, w io.Writer) error {
	a := newArchiveWriter(w, s.ring.keys[0])
	if err := a.writeJSON(lineHeader, "", header{archiveFormat, s.keys.account, s.now().UTC()}); err != nil {
		return err
	}
	// Unfinished applications come before the records: one that is filed in between is then in both, and known as filed.
	steps := []func(context.Context, *archiveWriter) error{s.backupSettings, s.backupBriefly, s.backupAnchors}
	for _, t := range s.tables.each() {
		steps = append(steps, t.backup)
	}
	for _, step := range append(steps, s.backupWaiting, s.backupFiles, s.backupSerials) {
		if err := step(ctx, a); err != nil {
			return err
		}
	}
	return a.end()
}

func (s *Store) backupSettings(ctx context.Context, a *archiveWriter) error {
	if err := s.backupSetting(ctx, a); err != nil {
		return err
	}
	if err := s.backupHash(ctx, a, lineProse, s.keys.prose()); err != nil {
		return err
	}
	if err := s.backupHash(ctx, a, lineNotice, s.keys.notices()); err != nil {
		return err
	}
	r, err := s.Registers(ctx)
	if err != nil {
		return err
	}
	return a.writeJSON(lineRegisters, "", r)
}

// backupSetting writes the settings, of which the organ's profile is a kind of its own.
func (s *Store) backupSetting(ctx context.Context, a *archiveWriter) error {
	values, err := s.rdb.HGetAll(ctx, s.keys.settings()).Result()
	if err != nil {
		return unavailable(err, "read settings")
	}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		l := line{Kind: lineSetting, ID: name, Record: json.RawMessage(values[name])}
		if name == organSetting {
			l.Kind, l.ID = lineOrgan, ""
		}
		if err := a.write(l); err != nil {
			return err
		}
	}
	return nil
}

func (s *Store) backupHash(ctx context.Context, a *archiveWriter, kind, key string) error {
	values, err := s.rdb.HGetAll(ctx, key).Result()
	if err != nil {
		return unavailable(err, "read "+key)
	}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if err := a.write(line{Kind: kind, Record: json.RawMessage(values[name])}); err != nil {
			return err
		}
	}
	return nil
}

// backupAnchors comes before the records: a record read later holds at least the events that the anchor saw.
func (s *Store) backupAnchors(ctx context.Context, a *archiveWriter) error {
	var list *redis.StringSliceCmd
	var heads *redis.MapStringStringCmd
	_, err := s.rdb.TxPipelined(ctx, func(p redis.Pipeliner) error {
		list = p.LRange(ctx, s.keys.anchors(), 0, -1)
		heads = p.HGetAll(ctx, s.keys.anchored())
		return nil
	})
	if err != nil {
		return unavailable(err, "read anchors")
	}
	for _, text := range list.Val() {
		if err := a.write(line{Kind: lineAnchor, Record: json.RawMessage(text)}); err != nil {
			return err
		}
	}
	for _, name := range slices.Sorted(maps.Keys(heads.Val())) {
		if err := a.write(line{Kind: lineAnchored, ID: name, Head: heads.Val()[name]}); err != nil {
			return err
		}
	}
	return nil
}

// backup writes the records of the kind as they are stored, each with the head of its trail, in the order of their ids.
func (c *collection[T]) backup(ctx context.Context, a *archiveWriter) error {
	var ids []string
	err := c.scanIDs(ctx, func(some []string) error {
		ids = append(ids, some...)
		return nil
	})
	if err != nil {
		return err
	}
	slices.Sort(ids)
	for some := range slices.Chunk(ids, readAtOnce) {
		if err := c.backupSome(ctx, a, some); err != nil {
			return err
		}
	}
	return nil
}

// backupSome reads records and heads in one transaction, so that they belong together.
func (c *collection[T]) backupSome(ctx context.Context, a *archiveWriter, ids []string) error {
	recordKeys, names := make([]string, len(ids)), make([]string, len(ids))
	for i, id := range ids {
		recordKeys[i], names[i] = c.s.keys.record(c.kind, id), headName(c.kind, id)
	}
	var records, heads, seals *redis.SliceCmd
	_, err := c.s.rdb.TxPipelined(ctx, func(p redis.Pipeliner) error {
		seals = p.HMGet(ctx, c.s.keys.seals(), names...)
		records, heads = p.MGet(ctx, recordKeys...), p.HMGet(ctx, c.s.keys.heads(), names...)
		return nil
	})
	if err != nil {
		return unavailable(err, "read "+c.kind+" records")
	}
	for i, v := range records.Val() {
		text, _ := v.(string)
		head, _ := heads.Val()[i].(string)
		seal, sealed := seals.Val()[i].(string)
		if !sealed {
			seal = missingSeal
		}
		var env envelope
		if err := json.Unmarshal([]byte(text), &env); err != nil {
			return fmt.Errorf("storage: back up %s %s: %w", c.kind, ids[i], err)
		}
		if err := a.write(line{Kind: c.kind, ID: ids[i], Schema: env.Schema, Record: env.Record, Head: head, Seal: seal}); err != nil {
			return err
		}
	}
	return nil
}

func (s *Store) backupWaiting(ctx context.Context, a *archiveWriter) error {
	prefix := s.keys.waiting("")
	return s.scanKeys(ctx, prefix+"*", func(found []string) error {
		for _, key := range found {
			data, err := s.rdb.Get(ctx, key).Bytes()
			if errors.Is(err, redis.Nil) {
				continue // told and removed meanwhile
			}
			if err != nil {
				return unavailable(err, "read waiting texts")
			}
			if err := a.write(line{Kind: lineWaiting, ID: strings.TrimPrefix(key, prefix), Data: data}); err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *Store) backupFiles(_ context.Context, a *archiveWriter) error {
	return s.eachFile(func(id string) error {
		sealed, err := s.sealedFile(id)
		if err != nil {
			return err
		}
		return a.write(line{Kind: lineFile, ID: id, Data: sealed})
	})
}

func (s *Store) backupSerials(ctx context.Context, a *archiveWriter) error {
	names, err := s.rdb.SMembers(ctx, s.keys.serials()).Result()
	if err != nil {
		return unavailable(err, "list number series")
	}
	slices.Sort(names)
	for _, name := range names {
		series, year, err := parseSeries(name)
		if err != nil {
			return err
		}
		last, err := s.lastSerial(ctx, s.rdb, series, year)
		if err != nil {
			return err
		}
		if err := a.writeJSON(lineSerial, name, last); err != nil {
			return err
		}
	}
	return nil
}
