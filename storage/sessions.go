package storage

import (
	"context"
	"errors"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/redis/go-redis/v9"
)

// sessionStore keeps console sessions, encrypted like everything that passes: a session may hold a one-time-code secret
// that is being set up. (The module goredisstore takes a single server's client only and cannot serve a cluster.)
type sessionStore struct{ box box }

var _ scs.CtxStore = sessionStore{}

// Sessions returns where the console keeps its sessions.
func (s *Store) Sessions() scs.Store {
	return sessionStore{box{s: s, purpose: "session", key: s.keys.ephemeral}}
}

// FindCtx returns a session's data; one that expired is not found.
func (st sessionStore) FindCtx(ctx context.Context, token string) ([]byte, bool, error) {
	data, err := st.box.get(ctx, token)
	return data, err == nil && data != nil, err
}

// CommitCtx stores a session until the instant of its expiry. scs reckons it by the machine's clock, not by Options.Now. A
// browser that leaves while its page is written does not undo what the page did to the session.
func (st sessionStore) CommitCtx(ctx context.Context, token string, data []byte, expiry time.Time) error {
	sealed := st.box.s.ring.seal(st.box.place(token), data)
	err := st.box.s.rdb.SetArgs(context.WithoutCancel(ctx), st.box.keys(token)[0], sealed, redis.SetArgs{ExpireAt: expiry}).Err()
	return unavailable(err, "keep session")
}

// DeleteCtx removes a session.
func (st sessionStore) DeleteCtx(ctx context.Context, token string) error {
	return st.box.remove(ctx, token)
}

// Find, Commit and Delete complete scs.Store. scs uses the methods with a context whenever a store has them; these are
// never called.
func (st sessionStore) Find(string) ([]byte, bool, error) { return nil, false, errNoContext }

// Commit is not used; see Find.
func (st sessionStore) Commit(string, []byte, time.Time) error { return errNoContext }

// Delete is not used; see Find.
func (st sessionStore) Delete(string) error { return errNoContext }

var errNoContext = errors.New("storage: sessions need a context")
