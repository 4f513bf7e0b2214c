package storage

import (
	"context"
	"errors"

	"github.com/redis/go-redis/v9"

	"shoushan/fault"
	"shoushan/staff"
)

var _ staff.Directory = (*Store)(nil)

// newMembers keeps members with their password hashes and one-time-code secrets sealed; login name and name are public
// inside the office.
func newMembers(s *Store) *collection[staff.Member] {
	return &collection[staff.Member]{
		s: s, kind: "member",
		id:      func(m *staff.Member) string { return m.ID },
		version: func(m *staff.Member) *int { return &m.Version },
		trail:   func(m *staff.Member) staff.Trail { return m.Trail },
		indexes: func(string, *staff.Member) []entry { return []entry{{s.keys.all("member"), 0}} },
		policy:  sealing("id", "name", "trail"),
	}
}

// Member returns the member with the login name, or a NotFound fault.
func (s *Store) Member(ctx context.Context, id string) (staff.Member, error) {
	m, err := s.members.loadTrusted(ctx, s.rdb, id)
	if fault.Is(err, fault.NotFound) {
		return m, fault.Newf(fault.NotFound, "没有登录名为“%s”的工作人员。", id)
	}
	return m, err
}

// Members returns all members in the order of their login names.
func (s *Store) Members(ctx context.Context) ([]staff.Member, error) {
	ids, err := s.rdb.ZRange(ctx, s.keys.all("member"), 0, -1).Result() // equal scores: in the order of the bytes
	if err != nil {
		return nil, unavailable(err, "list members")
	}
	var out []staff.Member
	for _, id := range ids {
		m, err := s.members.loadTrusted(ctx, s.rdb, id)
		switch {
		case err == nil:
			out = append(out, m)
		case !fault.Is(err, fault.NotFound):
			return nil, err
		}
	}
	return out, nil
}

// SaveMember creates or replaces a member; see staff.Directory.
func (s *Store) SaveMember(ctx context.Context, m staff.Member) error {
	if m.ID == "" {
		return fault.New(fault.Invalid, "请填写登录名。")
	}
	return s.transact(ctx, func(tx *redis.Tx) error {
		var old *staff.Member
		stored, err := s.members.loadTrusted(ctx, tx, m.ID)
		switch {
		case err == nil:
			old = &stored
		case !fault.Is(err, fault.NotFound):
			return err
		}
		if m.Version != stored.Version {
			return fault.New(fault.Conflict, "这个账号刚才已被修改，请刷新后再改。")
		}
		now := m
		now.Version++
		return s.members.commit(ctx, tx, old, &now, nil)
	}, s.keys.record("member", m.ID))
}

// errEmptyName guards the names of settings and drafts.
var errEmptyName = errors.New("storage: an empty name")
