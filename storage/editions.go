package storage

import (
	"context"
	"strconv"

	"github.com/redis/go-redis/v9"

	"shoushan/fault"
	"shoushan/report"
	"shoushan/staff"
)

var (
	_ report.Editions = (*Store)(nil)
	_ report.Vault    = (*Store)(nil)
)

// newEditions keeps the annual reports in clear: they are written to be published and hold counts only.
func newEditions(s *Store) *collection[report.Edition] {
	return &collection[report.Edition]{
		s: s, kind: "edition",
		id:      func(e *report.Edition) string { return e.ID },
		version: func(e *report.Edition) *int { return &e.Version },
		trail:   func(e *report.Edition) staff.Trail { return e.Trail },
		indexes: func(_ string, e *report.Edition) []entry {
			return []entry{{s.keys.all("edition"), float64(e.Year)}}
		},
	}
}

// Edition returns the annual report of a year; see report.Editions.
func (s *Store) Edition(ctx context.Context, year int) (report.Edition, error) {
	return s.editions.load(ctx, s.rdb, strconv.Itoa(year))
}

// EditionsOnRecord returns the annual reports of all years that anybody worked on, the earliest first.
func (s *Store) EditionsOnRecord(ctx context.Context) ([]report.Edition, error) {
	ids, err := s.idsByScore(ctx, s.keys.all("edition"), &redis.ZRangeBy{Min: "-inf", Max: "+inf"})
	if err != nil {
		return nil, err
	}
	return s.editions.loadAll(ctx, ids)
}

// UpdateEdition changes the annual report of a year, which need not be there yet; see report.Editions.
func (s *Store) UpdateEdition(ctx context.Context, year int, change func(*report.Edition) error) (report.Edition, error) {
	var stored report.Edition
	id := strconv.Itoa(year)
	err := s.transact(ctx, func(tx *redis.Tx) error {
		var before *report.Edition
		now := report.Edition{Year: year}
		old, err := s.editions.load(ctx, tx, id)
		switch {
		case err == nil:
			before = &old
			if now, err = s.editions.clone(old); err != nil {
				return err
			}
		case !fault.Is(err, fault.NotFound):
			return err
		}
		version := now.Version
		if err := change(&now); err != nil {
			return err
		}
		now.ID, now.Year, now.Version = id, year, version+1
		stored = now
		return s.editions.commit(ctx, tx, before, &now, nil)
	}, s.keys.record(s.editions.kind, id))
	if err != nil {
		return report.Edition{}, err
	}
	return stored, nil
}
