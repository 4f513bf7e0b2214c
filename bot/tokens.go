package bot

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"log/slog"
	"sync"
	"time"

	"shoushan/fault"
)

// TokenStore keeps the account's access token for all processes. The token is a secret: it is encrypted at rest and
// never logged. When the store fails, the client goes on with a token of its own.
type TokenStore interface {
	// Token returns the token, or "" when there is none or its time is over.
	Token(ctx context.Context) (string, error)
	// SaveToken replaces the token; it vanishes after ttl, which is at least one second.
	SaveToken(ctx context.Context, token string, ttl time.Duration) error
	// DropToken removes the token in one atomic step, but only if it is still this one: another process may have saved a
	// better one meanwhile, and that stays. Nothing to remove is no error.
	DropToken(ctx context.Context, token string) error
	// LockRefresh gives one process the right to fetch a token. It returns at once: true when owner now holds the lock, for
	// lease at most; false when another owner does. Owners are random.
	LockRefresh(ctx context.Context, owner string, lease time.Duration) (bool, error)
	// UnlockRefresh gives the lock back, in one atomic step, but only if owner still holds it.
	UnlockRefresh(ctx context.Context, owner string) error
}

const (
	tokenHandOver = 5 * time.Minute  // the platform makes a new token that long before the old one dies
	refreshLease  = 15 * time.Second // more than a fetch may take
	refreshPoll   = 100 * time.Millisecond
	forcePause    = 10 * time.Minute // between two forced refreshes; the platform allows 20 a day
)

// tokenSource gives the calls their token: one fetch for many callers and many processes.
type tokenSource struct {
	store TokenStore // may be nil
	fetch func(ctx context.Context, force bool) (token string, left time.Duration, err error)
	now   func() time.Time
	log   *slog.Logger
	turn  chan struct{} // holds one element; who takes it may refresh

	mu     sync.Mutex
	own    string    // the token this process saw last, for when the store fails
	until  time.Time // of own
	forced time.Time // the last forced refresh
}

// token returns a token other than rejected, from the store if there is one, otherwise from the platform.
func (s *tokenSource) token(ctx context.Context, rejected string) (string, error) {
	if t := s.stored(ctx); t != "" && t != rejected {
		return t, nil
	}
	select {
	case <-s.turn:
		defer func() { s.turn <- struct{}{} }()
	case <-ctx.Done():
		return "", unreachable("/cgi-bin/stable_token", ctx.Err())
	}
	return s.refresh(ctx, rejected)
}

// refresh is token for the one caller of this process that has the turn. When another process is at it, its result is
// awaited; when that takes longer than its lease, we fetch ourselves, which a stable token allows.
func (s *tokenSource) refresh(ctx context.Context, rejected string) (string, error) {
	owner := rand.Text()
	for waited := time.Duration(0); ; waited += refreshPoll {
		if t := s.stored(ctx); t != "" && t != rejected {
			return t, nil
		}
		if s.locked(ctx, owner) || waited >= refreshLease {
			break
		}
		if err := sleep(ctx, refreshPoll); err != nil {
			return "", unreachable("/cgi-bin/stable_token", err)
		}
	}
	defer s.unlock(ctx, owner)
	return s.renew(ctx, rejected)
}

// renew fetches a token and keeps it. When the platform hands out the rejected one again, it is forced to make another.
func (s *tokenSource) renew(ctx context.Context, rejected string) (string, error) {
	token, left, err := s.fetch(ctx, false)
	if err == nil && token == rejected && s.mayForce() {
		token, left, err = s.fetch(ctx, true)
	}
	if err != nil {
		return "", err
	}
	ttl := left - tokenHandOver
	if ttl < time.Minute {
		ttl = max(left/2, time.Second)
	}
	s.keep(token, ttl)
	if s.store != nil {
		s.complain("save", s.store.SaveToken(ctx, token, ttl))
	}
	return token, nil
}

// stored returns the token that is known, or "".
func (s *tokenSource) stored(ctx context.Context) string {
	if s.store != nil {
		token, err := s.store.Token(ctx)
		if err == nil {
			return token
		}
		s.complain("load", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.now().Before(s.until) {
		return s.own
	}
	return ""
}

// drop forgets a token that the platform rejected, unless it has been replaced meanwhile.
func (s *tokenSource) drop(ctx context.Context, token string) {
	s.mu.Lock()
	if s.own == token {
		s.own, s.until = "", time.Time{}
	}
	s.mu.Unlock()
	if s.store != nil {
		s.complain("drop", s.store.DropToken(ctx, token))
	}
}

func (s *tokenSource) keep(token string, ttl time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.own, s.until = token, s.now().Add(ttl)
}

func (s *tokenSource) mayForce() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.forced.IsZero() && s.now().Sub(s.forced) < forcePause {
		return false
	}
	s.forced = s.now()
	return true
}

// locked reports whether this process may fetch; a store that fails does not keep it from doing so.
func (s *tokenSource) locked(ctx context.Context, owner string) bool {
	if s.store == nil {
		return true
	}
	ok, err := s.store.LockRefresh(ctx, owner, refreshLease)
	s.complain("lock", err)
	return ok || err != nil
}

func (s *tokenSource) unlock(ctx context.Context, owner string) {
	if s.store != nil {
		s.complain("unlock", s.store.UnlockRefresh(context.WithoutCancel(ctx), owner))
	}
}

func (s *tokenSource) complain(step string, err error) {
	if err != nil {
		s.log.Warn("token store", "step", step, "error", err)
	}
}

// fetchToken asks for a stable token (稳定版接口调用凭据). Force makes the platform issue a new one, 20 times a day at most.
func (c *Client) fetchToken(ctx context.Context, force bool) (string, time.Duration, error) {
	body, err := encodeJSON(map[string]any{
		"grant_type": "client_credential", "appid": c.cfg.AppID, "secret": c.cfg.AppSecret, "force_refresh": force,
	})
	if err != nil {
		return "", 0, err
	}
	a, err := c.send(ctx, call{method: "POST", path: "/cgi-bin/stable_token", body: body, contentType: jsonType}, "")
	if err != nil {
		return "", 0, err
	}
	var res struct {
		Token string `json:"access_token"`
		Left  number `json:"expires_in"`
	}
	if err := json.Unmarshal(a.body, &res); err != nil || res.Token == "" {
		return "", 0, fault.Wrap(fault.Unavailable, errUnreadable, "微信没有给出访问令牌，请稍后再试。")
	}
	return res.Token, time.Duration(res.Left) * time.Second, nil
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}
