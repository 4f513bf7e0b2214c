package storage

import (
	"context"
	"slices"

	"shoushan/fault"
	"shoushan/opinion"
	"shoushan/staff"
)

var _ opinion.Register = (*Store)(nil)

// newConcerns keeps concerns with their texts sealed: what was said in public often names someone.
func newConcerns(s *Store) *collection[opinion.Concern] {
	return &collection[opinion.Concern]{
		s: s, kind: "concern",
		id:      func(c *opinion.Concern) string { return c.ID },
		version: func(c *opinion.Concern) *int { return &c.Version },
		trail:   func(c *opinion.Concern) staff.Trail { return c.Trail },
		indexes: s.concernIndexes,
		series:  "concern",
		policy:  sealing("id", "trail", "evidence"),
	}
}

func (s *Store) concernIndexes(id string, c *opinion.Concern) []entry {
	list := []entry{{s.keys.all("concern"), numberScore(id)}}
	if c.State == opinion.Open {
		list = append(list, entry{s.keys.openConcerns(), numberScore(id)})
	}
	return list
}

// CreateConcern stores a new concern under the next number of the year, without gaps; see opinion.Register.
func (s *Store) CreateConcern(ctx context.Context, year int, build func(id string) (opinion.Concern, error)) (opinion.Concern, error) {
	return s.concerns.createNumbered(ctx, year, build)
}

// UpdateConcern changes one concern; see opinion.Register.
func (s *Store) UpdateConcern(ctx context.Context, id string, change func(*opinion.Concern) error) (opinion.Concern, error) {
	return s.concerns.update(ctx, id, change)
}

// Concern returns one concern, or a NotFound fault.
func (s *Store) Concern(ctx context.Context, id string) (opinion.Concern, error) {
	if _, _, err := parseNumber(id); err != nil {
		return opinion.Concern{}, fault.Newf(fault.NotFound, "没有编号为“%s”的舆情。", id)
	}
	return s.concerns.load(ctx, s.rdb, id)
}

// Concerns returns the concerns that match, in the order of their numbers.
func (s *Store) Concerns(ctx context.Context, q opinion.Query) ([]opinion.Concern, error) {
	index := s.keys.all("concern")
	if q.Open {
		index = s.keys.openConcerns()
	}
	ids, err := s.idsOfYear(ctx, q.Year, index)
	if err != nil {
		return nil, err
	}
	found, err := s.concerns.loadAll(ctx, ids)
	return slices.DeleteFunc(found, func(c opinion.Concern) bool { return q.Open && c.State != opinion.Open }), err
}
