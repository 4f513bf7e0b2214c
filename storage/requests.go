package storage

import (
	"cmp"
	"context"
	"slices"

	"shoushan/disclosure"
	"shoushan/fault"
	"shoushan/staff"
)

var (
	_ disclosure.Register = (*Store)(nil)
	_ disclosure.Serials  = (*Store)(nil)
)

func newRequests(s *Store) *collection[disclosure.Request] {
	return &collection[disclosure.Request]{
		s: s, kind: "request",
		id:      func(r *disclosure.Request) string { return r.ID },
		version: func(r *disclosure.Request) *int { return &r.Version },
		trail:   func(r *disclosure.Request) staff.Trail { return r.Trail },
		indexes: s.requestIndexes,
		series:  "request",
		apart:   func(r *disclosure.Request) string { return r.Filing.OpenID }, // what a citizen filed before decides whether more is filed
		policy:  sealing("id", "handler_id", "trail", "clock.article"), migrations: requestSchemas(),
	}
}

func (s *Store) requestIndexes(id string, r *disclosure.Request) []entry {
	score := numberScore(id)
	list := []entry{{s.keys.all("request"), score}, {s.keys.requestsInState(string(r.State)), score}}
	if r.State != disclosure.Closed {
		list = append(list, entry{s.keys.openRequests(), score})
	}
	if len(r.Owed) > 0 {
		list = append(list, entry{s.keys.owed(), score})
	}
	if r.AwaitsSign() {
		list = append(list, entry{s.keys.noSign(), score})
	}
	if r.Filing.OpenID != "" {
		list = append(list, entry{s.keys.requestsBy(s.citizen(r.Filing.OpenID)), score})
	}
	return append(list, s.figureEntries(r)...)
}

// citizen is the keyed hash that stands for an OpenID wherever Redis can see it.
func (s *Store) citizen(openID string) string { return s.ring.hash("citizen", openID) }

// Create stores a new request under the next number of the year. Numbers have no gaps: a number is used up only together
// with the record that bears it. See disclosure.Register.
func (s *Store) Create(ctx context.Context, year int, build func(id string) (disclosure.Request, error)) (disclosure.Request, error) {
	return s.requests.createNumbered(ctx, year, build)
}

// Update changes one request; see disclosure.Register.
func (s *Store) Update(ctx context.Context, id string, change func(*disclosure.Request) error) (disclosure.Request, error) {
	return s.requests.update(ctx, id, change)
}

// Request returns one request, or a NotFound fault.
func (s *Store) Request(ctx context.Context, id string) (disclosure.Request, error) {
	if _, _, err := parseNumber(id); err != nil {
		return disclosure.Request{}, fault.Newf(fault.NotFound, "没有编号为“%s”的申请。", id)
	}
	return s.requests.load(ctx, s.rdb, id)
}

// Requests returns the requests that match, in the order of their numbers.
func (s *Store) Requests(ctx context.Context, q disclosure.Query) ([]disclosure.Request, error) {
	ids, err := s.requestIDs(ctx, q)
	if err != nil {
		return nil, err
	}
	found, err := s.requests.loadAll(ctx, ids)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(found, func(r disclosure.Request) bool { return !wanted(r, q) }), nil
}

// wanted compares a record with the query: the index it was found by may be older.
func wanted(r disclosure.Request, q disclosure.Query) bool {
	return (!q.Open || r.State != disclosure.Closed) && (!q.Signs || r.AwaitsSign()) && (!q.Owed || len(r.Owed) > 0) &&
		(q.OpenID == "" || r.Filing.OpenID == q.OpenID)
}

// requestIDs asks the narrowest index for the numbers that may match.
func (s *Store) requestIDs(ctx context.Context, q disclosure.Query) ([]string, error) {
	switch {
	case q.OpenID != "":
		return s.requestIDsOf(ctx, q.OpenID, q.Year)
	case q.Owed:
		return s.idsOfYear(ctx, q.Year, s.keys.owed())
	case q.Signs:
		return s.idsOfYear(ctx, q.Year, s.keys.noSign())
	case q.Open:
		return s.idsOfYear(ctx, q.Year, s.keys.openRequests())
	default:
		return s.idsOfYear(ctx, q.Year, s.keys.all("request"))
	}
}

// requestIDsOf returns the numbers of one citizen's requests, which stand under the hash of each data key.
func (s *Store) requestIDsOf(ctx context.Context, openID string, year int) ([]string, error) {
	var ids []string
	for _, citizen := range s.ring.hashes("citizen", []byte(openID)) {
		some, err := s.together.ZRangeByScore(ctx, s.keys.requestsBy(citizen), scoresOfNumbers(year)).Result()
		if err != nil {
			return nil, unavailable(err, "list a citizen's requests")
		}
		ids = append(ids, some...)
	}
	slices.SortFunc(ids, func(a, b string) int { return cmp.Compare(numberScore(a), numberScore(b)) })
	return slices.Compact(ids), nil
}
