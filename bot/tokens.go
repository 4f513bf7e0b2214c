package bot

import (
	"context"
	"time"
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
