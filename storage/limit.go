package storage

import (
	"context"
	"time"

	"github.com/go-redis/redis_rate/v10"
)

// Allow takes one of the rate turns that name (a citizen, an address) has in each period, all of which may come at once,
// and reports whether there was one; otherwise wait tells when the next comes. Replicas share the count.
func (s *Store) Allow(ctx context.Context, name string, rate int, period time.Duration) (ok bool, wait time.Duration, err error) {
	limit := redis_rate.Limit{Rate: rate, Burst: rate, Period: period}
	r, err := redis_rate.NewLimiter(s.rdb).Allow(ctx, s.keys.limit(s.ring.hash("limit", name)), limit)
	if err != nil {
		return false, 0, unavailable(err, "count turns")
	}
	return r.Allowed > 0, max(0, r.RetryAfter), nil
}
