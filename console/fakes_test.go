package console_test

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"shoushan/disclosure"
	"shoushan/fault"
	"shoushan/opinion"
	"shoushan/posts"
	"shoushan/report"
	"shoushan/staff"
)

// store is the house's memory for tests: every interface over plain maps, with the contract of the real one.
type store struct {
	mu       sync.Mutex
	requests map[string]disclosure.Request
	posts    map[string]posts.Post
	files    map[string][]byte
	members  map[string]staff.Member
	concerns map[string]opinion.Concern
	serials  map[string]int
	told     []string
	editions map[int]report.Edition
	register report.Registers
	entries  int
	broken   error // when set, every call fails with it
}

var (
	_ disclosure.Register = (*store)(nil)
	_ disclosure.Serials  = (*store)(nil)
	_ disclosure.Notifier = (*store)(nil)
	_ posts.Shelf         = (*store)(nil)
	_ posts.Files         = (*store)(nil)
	_ staff.Directory     = (*store)(nil)
	_ opinion.Register    = (*store)(nil)
	_ report.Editions     = (*store)(nil)
	_ report.Register     = (*store)(nil)
)

func newStore() *store {
	return &store{
		requests: map[string]disclosure.Request{}, posts: map[string]posts.Post{}, files: map[string][]byte{},
		members: map[string]staff.Member{}, concerns: map[string]opinion.Concern{}, serials: map[string]int{}, editions: map[int]report.Edition{},
	}
}

// clone copies a record deeply, as a round trip through a real store would.
func clone[T any](t T) T {
	data, err := json.Marshal(t)
	if err != nil {
		panic(err)
	}
	var out T
	if err := json.Unmarshal(data, &out); err != nil {
		panic(err)
	}
	return out
}

func (s *store) NextSerial(_ context.Context, series string, year int) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	key := fmt.Sprint(series, year)
	s.serials[key]++
	return s.serials[key], s.broken
}

func (s *store) Create(ctx context.Context, year int, build func(id string) (disclosure.Request, error)) (disclosure.Request, error) {
	n, err := s.NextSerial(ctx, "request", year)
	if err != nil {
		return disclosure.Request{}, err
	}
	r, err := build(fmt.Sprintf("%d-%04d", year, n))
	if err != nil {
		return r, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	r.Version = 1
	s.requests[r.ID] = clone(r)
	return r, nil
}

func (s *store) Update(_ context.Context, id string, change func(*disclosure.Request) error) (disclosure.Request, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r, ok := s.requests[id]
	if !ok {
		return r, fault.New(fault.NotFound, "没有这件申请。")
	}
	r = clone(r)
	if err := errors.Join(s.broken); err != nil {
		return r, err
	}
	if err := change(&r); err != nil {
		return r, err
	}
	r.Version++
	s.requests[id] = clone(r)
	return r, nil
}

func (s *store) Request(_ context.Context, id string) (disclosure.Request, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r, ok := s.requests[id]
	if !ok {
		return r, fault.New(fault.NotFound, "没有这件申请。")
	}
	return clone(r), s.broken
}

func (s *store) Requests(_ context.Context, q disclosure.Query) ([]disclosure.Request, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []disclosure.Request
	for _, r := range s.requests {
		match := (q.Year == 0 || strings.HasPrefix(r.ID, strconv.Itoa(q.Year)+"-")) && (!q.Open || r.State != disclosure.Closed) &&
			(q.OpenID == "" || q.OpenID == r.Filing.OpenID)
		if match {
			out = append(out, clone(r))
		}
	}
	slices.SortFunc(out, func(a, b disclosure.Request) int { return cmp.Compare(a.ID, b.ID) })
	return out, s.broken
}

func (s *store) Notify(_ context.Context, _, text string) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.told = append(s.told, text)
	return "已发送微信消息", nil
}

func (s *store) CreatePost(_ context.Context, p posts.Post) (posts.Post, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p.ID, p.Version = fmt.Sprintf("p%03d", len(s.posts)+1), 1
	s.posts[p.ID] = clone(p)
	return p, s.broken
}

func (s *store) UpdatePost(_ context.Context, id string, change func(*posts.Post) error) (posts.Post, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, ok := s.posts[id]
	if !ok {
		return p, fault.New(fault.NotFound, "没有这篇稿件。")
	}
	p = clone(p)
	if err := errors.Join(s.broken); err != nil {
		return p, err
	}
	if err := change(&p); err != nil {
		return p, err
	}
	p.Version++
	s.posts[id] = clone(p)
	return p, nil
}

func (s *store) Post(_ context.Context, id string) (posts.Post, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, ok := s.posts[id]
	if !ok {
		return p, fault.New(fault.NotFound, "没有这篇稿件。")
	}
	return clone(p), s.broken
}

func (s *store) Posts(_ context.Context, q posts.Query) ([]posts.Post, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []posts.Post
	for _, p := range s.posts {
		if q.Matches(p) {
			out = append(out, clone(p))
		}
	}
	slices.SortFunc(out, func(a, b posts.Post) int {
		return cmp.Or(latest(b).Compare(latest(a)), cmp.Compare(b.ID, a.ID))
	})
	return out, s.broken
}

func latest(p posts.Post) time.Time {
	if p.Publication.PublishedAt.IsZero() {
		return p.UpdatedAt
	}
	return p.Publication.PublishedAt
}

func (s *store) SaveFile(_ context.Context, data []byte) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	sum := sha256.Sum256(data)
	id := hex.EncodeToString(sum[:])
	s.files[id] = slices.Clone(data)
	return id, s.broken
}

func (s *store) File(_ context.Context, id string) ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	data, ok := s.files[id]
	if !ok {
		return nil, fault.New(fault.NotFound, "没有这个文件。")
	}
	return data, s.broken
}

func (s *store) Member(_ context.Context, id string) (staff.Member, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	m, ok := s.members[id]
	if !ok {
		return m, fault.New(fault.NotFound, "没有这个人。")
	}
	return clone(m), nil
}

func (s *store) Members(context.Context) ([]staff.Member, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []staff.Member
	for _, m := range s.members {
		out = append(out, clone(m))
	}
	slices.SortFunc(out, func(a, b staff.Member) int { return cmp.Compare(a.ID, b.ID) })
	return out, nil
}

func (s *store) SaveMember(_ context.Context, m staff.Member) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.members[m.ID].Version != m.Version {
		return fault.New(fault.Conflict, "刚才有别人改过这个人的资料，请重新打开再改。")
	}
	m.Version++
	s.members[m.ID] = clone(m)
	return s.broken
}

func (s *store) CreateConcern(ctx context.Context, year int, build func(id string) (opinion.Concern, error)) (opinion.Concern, error) {
	n, err := s.NextSerial(ctx, "concern", year)
	if err != nil {
		return opinion.Concern{}, err
	}
	c, err := build(fmt.Sprintf("%d-%03d", year, n))
	if err != nil {
		return c, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	c.Version = 1
	s.concerns[c.ID] = clone(c)
	return c, nil
}

func (s *store) UpdateConcern(_ context.Context, id string, change func(*opinion.Concern) error) (opinion.Concern, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, ok := s.concerns[id]
	if !ok {
		return c, fault.New(fault.NotFound, "没有这件舆情。")
	}
	c = clone(c)
	if err := errors.Join(s.broken); err != nil {
		return c, err
	}
	if err := change(&c); err != nil {
		return c, err
	}
	c.Version++
	s.concerns[id] = clone(c)
	return c, nil
}

func (s *store) Concern(_ context.Context, id string) (opinion.Concern, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, ok := s.concerns[id]
	if !ok {
		return c, fault.New(fault.NotFound, "没有这件舆情。")
	}
	return clone(c), s.broken
}

func (s *store) Concerns(_ context.Context, q opinion.Query) ([]opinion.Concern, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []opinion.Concern
	for _, c := range s.concerns {
		if (!q.Open || c.State == opinion.Open) && (q.Year == 0 || strings.HasPrefix(c.ID, strconv.Itoa(q.Year)+"-")) {
			out = append(out, clone(c))
		}
	}
	slices.SortFunc(out, func(a, b opinion.Concern) int { return cmp.Compare(a.ID, b.ID) })
	return out, s.broken
}
