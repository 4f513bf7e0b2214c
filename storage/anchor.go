package storage

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"shoushan/fault"
)

// Anchor is a nightly statement of how every trail stood. It is chained to the one before and sealed with the data key;
// whoever writes its digest down elsewhere can prove later that nothing was rewritten.
type Anchor struct {
	At       time.Time `json:"at"` // UTC
	Records  int       `json:"records"`
	Digest   string    `json:"digest"`   // over the heads of all trails and the digest before
	Previous string    `json:"previous"` // the digest before, "" for the first
}

// Anchor checks all trails and then states how they stand. When something is wrong nothing is stated, so that the last
// good anchor stays; the error, a Conflict, lists what.
func (s *Store) Anchor(ctx context.Context) (Anchor, error) {
	found, err := s.VerifyTrails(ctx)
	if err != nil {
		return Anchor{}, err
	}
	if len(found) > 0 {
		return Anchor{}, fault.Newf(fault.Conflict, "办理记录核对发现 %d 处问题，没有生成存证；第一处：%s", len(found), found[0])
	}
	if err := s.rdb.Do(ctx, "COPY", s.keys.heads(), s.keys.anchored(), "REPLACE").Err(); err != nil {
		return Anchor{}, unavailable(err, "copy the ends of trails")
	}
	last, err := s.LastAnchor(ctx)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return Anchor{}, err
	}
	text, records, err := s.anchorText(ctx, last.Digest)
	if err != nil {
		return Anchor{}, err
	}
	a := Anchor{At: s.now().UTC(), Records: records, Digest: s.ring.hash(anchorPurpose, text), Previous: last.Digest}
	data, err := json.Marshal(a)
	if err != nil {
		return Anchor{}, fmt.Errorf("storage: encode anchor: %w", err)
	}
	return a, unavailable(s.rdb.RPush(ctx, s.keys.anchors(), data).Err(), "store anchor")
}

// LastAnchor returns the latest anchor, or a NotFound fault.
func (s *Store) LastAnchor(ctx context.Context) (Anchor, error) {
	var a Anchor
	data, err := s.rdb.LIndex(ctx, s.keys.anchors(), -1).Bytes()
	if errors.Is(err, redis.Nil) {
		return a, fault.New(fault.NotFound, "还没有生成过办理记录存证。")
	}
	if err != nil {
		return a, unavailable(err, "read anchor")
	}
	if err := json.Unmarshal(data, &a); err != nil {
		return a, fmt.Errorf("storage: decode anchor: %w", err)
	}
	return a, nil
}

// anchorText is what an anchor's digest is a keyed hash of: the digest before and all anchored heads in order.
func (s *Store) anchorText(ctx context.Context, previous string) (text string, records int, err error) {
	heads, err := s.rdb.HGetAll(ctx, s.keys.anchored()).Result()
	if err != nil {
		return "", 0, unavailable(err, "read the anchored ends of trails")
	}
	var b strings.Builder
	b.WriteString(previous)
	for _, name := range slices.Sorted(maps.Keys(heads)) {
		b.WriteString("\n" + name + " " + heads[name])
	}
	return b.String(), len(heads), nil
}

const anchorPurpose = "anchor"

// verifyAnchor compares the anchored heads with the last anchor's digest. It reports whether there are anchored heads
// that records can be compared with.
func (s *Store) verifyAnchor(ctx context.Context, note func(Finding)) (bool, error) {
	last, err := s.LastAnchor(ctx)
	if fault.Is(err, fault.NotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	text, _, err := s.anchorText(ctx, last.Previous)
	if err != nil {
		return false, err
	}
	if !slices.Contains(s.ring.hashes(anchorPurpose, []byte(text)), last.Digest) {
		note(Finding{"anchor", last.At.Format(time.RFC3339), "存证被改动过，或者生成它的密钥不在现有密钥之中"})
		return false, nil
	}
	return true, nil
}
