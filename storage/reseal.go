package storage

import (
	"context"
	"errors"

	"github.com/redis/go-redis/v9"

	"shoushan/disclosure"
)

// Reseal encrypts everything that stays with the current data key, so that the old ones can be retired: records, files,
// what waits for citizens and is kept of them, the seals of trails and the anchor. What passes by itself (sessions, drafts, tokens) is left to
// expire. It may run while others work, and again after it was cut off. Findings of tampering stop it before the anchor.
func (s *Store) Reseal(ctx context.Context) error {
	for _, t := range s.tables.each() {
		if err := t.reseal(ctx); err != nil {
			return err
		}
	}
	if err := errors.Join(s.resealWaiting(ctx), s.resealKept(ctx)); err != nil {
		return err
	}
	if err := s.resealFiles(); err != nil {
		return err
	}
	if _, err := s.Recount(ctx, true); err != nil { // citizens are indexed by a keyed hash
		return err
	}
	_, err := s.Anchor(ctx)
	return err
}

// reseal writes every record again as it is. A trail whose end was tampered with keeps its old head, and so its finding.
func (c *collection[T]) reseal(ctx context.Context) error {
	return c.scanIDs(ctx, func(ids []string) error {
		for _, id := range ids {
			if err := c.resealOne(ctx, id); err != nil {
				return err
			}
		}
		return nil
	})
}

func (c *collection[T]) resealOne(ctx context.Context, id string) error {
	return c.s.transact(ctx, func(tx *redis.Tx) error {
		record, whole, err := c.loadWhole(ctx, tx, id)
		if err != nil || !whole {
			return err
		}
		heads, err := c.heads(ctx, c.s.keys.heads(), []string{id})
		if err != nil {
			return err
		}
		if problem := c.s.trailProblem(headName(c.kind, id), c.trailOf(&record), heads[id], ""); problem != "" {
			return nil
		}
		return c.commit(ctx, tx, &record, &record, nil)
	}, c.s.keys.record(c.kind, id))
}

// resealWaiting rewrites the texts of every citizen who has a request; nobody else is ever told anything.
func (s *Store) resealWaiting(ctx context.Context) error {
	requests, err := s.Requests(ctx, disclosure.Query{})
	if err != nil {
		return err
	}
	done := map[string]bool{"": true}
	for _, r := range requests {
		if openID := r.Filing.OpenID; !done[openID] {
			done[openID] = true
			if err := s.Outbox().change(ctx, openID, func(texts []string) []string { return texts }); err != nil {
				return err
			}
		}
	}
	return nil
}

// resealFiles encrypts files again under their old names, which other records cite.
func (s *Store) resealFiles() error {
	return s.eachFile(func(id string) error {
		sealed, err := s.sealedFile(id)
		if err != nil {
			return err
		}
		data, err := s.ring.open(filePlace+id, sealed)
		if err != nil {
			return err
		}
		return s.writeFile(id, s.ring.seal(filePlace+id, data))
	})
}
