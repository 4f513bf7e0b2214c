// Package bench measures what is claimed to be fast, against programs of others and in one run: `make bench` prints the
// table, README.md keeps the last one. Beside the benchmarks it holds what they and the load tests of package main push
// callbacks with.
//
//	p, err := bench.NewPusher(url, token, aesKey, appID, time.Now)
//	answer, err := p.Push(ctx, bench.Text(openID, "1", "申请公开", time.Now()))
package bench
