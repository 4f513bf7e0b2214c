package storage

import (
	"context"
	"time"
)

// Tokens keeps the account's access token for all processes, encrypted. The method set is that of the bot's TokenStore.
type Tokens struct{ box box }

// Tokens returns where the account's access token is kept.
func (s *Store) Tokens() Tokens { return Tokens{box{s: s, purpose: "token", key: s.keys.ephemeral}} }

const (
	accessToken = "access token"
	refreshLock = "refresh lock"
)

// Token returns the token, or "" when there is none or its time is over.
func (t Tokens) Token(ctx context.Context) (string, error) {
	data, err := t.box.get(ctx, accessToken)
	return string(data), err
}

// SaveToken replaces the token; it vanishes after ttl.
func (t Tokens) SaveToken(ctx context.Context, token string, ttl time.Duration) error {
	return t.box.set(ctx, accessToken, []byte(token), ttl)
}

// DropToken removes the token, but only if it is still this one.
func (t Tokens) DropToken(ctx context.Context, token string) error {
	return t.removeIf(ctx, accessToken, token)
}

// LockRefresh gives owner the right to fetch a token for lease at most, and reports whether owner holds it now.
func (t Tokens) LockRefresh(ctx context.Context, owner string, lease time.Duration) (bool, error) {
	held := false
	err := t.box.update(ctx, refreshLock, func(holder []byte) ([]byte, time.Duration, error) {
		held = holder == nil || string(holder) == owner
		if !held {
			return nil, 0, errUnchanged
		}
		return []byte(owner), lease, nil
	})
	return held && err == nil, err
}

// UnlockRefresh gives the right back, but only if owner still holds it.
func (t Tokens) UnlockRefresh(ctx context.Context, owner string) error {
	return t.removeIf(ctx, refreshLock, owner)
}

func (t Tokens) removeIf(ctx context.Context, name, value string) error {
	return t.box.update(ctx, name, func(now []byte) ([]byte, time.Duration, error) {
		if string(now) != value {
			return nil, 0, errUnchanged
		}
		return nil, 0, nil
	})
}
