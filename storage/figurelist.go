package storage

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/redis/go-redis/v9"

	"shoushan/report"
)

// FigureList implements report.Lists from the same indexes that count the figures: posts newest first, requests in the order
// of their numbers. Figures of tables 二 and 四 and of fees have no index and are not known here.
func (s *Store) FigureList(ctx context.Context, year int, figure string, from, n int) (report.Listing, error) {
	a := asker{keys: s.keys, year: year}
	a.requests()
	requests := len(a.asked)
	topic, _ := strings.CutPrefix(figure, "topic.")
	a.posts([]string{topic})
	isRequest := false
	var parts []question
	for i, q := range a.asked {
		if slices.Contains(q.figures, figure) {
			parts, isRequest = append(parts, q), i < requests
		}
	}
	switch {
	case len(parts) == 0:
		return report.Listing{}, nil
	case isRequest:
		return s.requestList(ctx, parts, from, n)
	}
	return s.postList(ctx, parts, from, n)
}

// postList merges the newest of several pieces of indexes: a late page costs the ids before it and no record.
func (s *Store) postList(ctx context.Context, parts []question, from, n int) (report.Listing, error) {
	pipe := s.rdb.Pipeline()
	var counts []*redis.IntCmd
	var newest []*redis.ZSliceCmd
	for _, q := range parts {
		counts = append(counts, pipe.ZCount(ctx, q.key, q.low, q.high))
		newest = append(newest, pipe.ZRevRangeByScoreWithScores(ctx, q.key, &redis.ZRangeBy{Min: q.low, Max: q.high, Count: int64(from + n)}))
	}
	if _, err := pipe.Exec(ctx); err != nil {
		return report.Listing{}, unavailable(err, "list what a figure counts")
	}
	l := report.Listing{Known: true, IDs: merged(newest, from, n)}
	for _, count := range counts {
		l.Total += int(count.Val())
	}
	return l, nil
}

// requestList adds and takes away whole pieces: what is carried over is what was received before and not settled.
func (s *Store) requestList(ctx context.Context, parts []question, from, n int) (report.Listing, error) {
	pipe := s.rdb.Pipeline()
	var answers []*redis.StringSliceCmd
	for _, q := range parts {
		answers = append(answers, pipe.ZRangeByScore(ctx, q.key, &redis.ZRangeBy{Min: q.low, Max: q.high}))
	}
	if _, err := pipe.Exec(ctx); err != nil {
		return report.Listing{}, unavailable(err, "list what a figure counts")
	}
	counted := map[string]int{}
	for i, q := range parts {
		for _, id := range answers[i].Val() {
			counted[id] += q.sign
		}
	}
	var ids []string
	for id, times := range counted {
		if times > 0 {
			ids = append(ids, id)
		}
	}
	slices.SortFunc(ids, func(x, y string) int { return cmp.Compare(numberScore(x), numberScore(y)) })
	return report.Listing{Known: true, Total: len(ids), IDs: ids[min(from, len(ids)):min(from+n, len(ids))]}, nil
}

// FewRecords returns the records beside posts and ordinary requests: the registers, and the requests with a remedy or a fee.
// They are all that tables 二 and 四 and section 六 count.
func (s *Store) FewRecords(ctx context.Context) (report.Records, error) {
	registers, err := s.Registers(ctx)
	if err != nil {
		return report.Records{}, err
	}
	ids, err := s.idsOfYear(ctx, 0, s.keys.requestsWithMore())
	if err != nil {
		return report.Records{}, err
	}
	more, err := s.requests.loadAll(ctx, ids)
	return report.Records{Requests: more, Registers: registers}, err
}
