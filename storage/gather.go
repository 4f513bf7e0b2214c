package storage

import (
	"context"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"
)

// gather sends the commands of many callers together. Whoever comes while others are under way waits for their return and
// goes with the next: under load one write, one answer and one flush to the disk serve dozens of citizens, and a lone
// caller waits for nobody. The commands of one caller keep their order, with nothing of others in between.
//
// What fails on the network is sent again, so only commands that may be repeated belong here.
type gather struct {
	rdb  redis.UniversalClient
	mu   sync.Mutex
	next *batch // gathers while another is under way; nil when nobody waits
	busy bool   // somebody is sending
}

// batch is errands that are run together.
type batch struct {
	errands []*errand
	done    chan struct{} // closed when all are answered
}

// errand is the commands of one caller.
type errand struct {
	cmds    []redis.Cmder
	left    func() error // why the caller waits no longer, or nil
	dropped bool         // not sent, because the caller had left; set before the batch is done
}

// After so many callers at once more are to be expected, and are waited for: a flush to the disk costs about as much
// processor time as a fifth of a turn.
const (
	crowd  = 4
	linger = time.Millisecond
)

// do sends the commands that queue adds and waits for their answers; each command has its own result and error. When ctx
// ends first, do returns why. Commands that were on their way by then may still be executed, as with any answer that gets
// lost, and must not be looked at.
func (g *gather) do(ctx context.Context, queue func(redis.Pipeliner)) error {
	p := g.rdb.Pipeline()
	queue(p)
	e := &errand{cmds: p.Cmds(), left: ctx.Err}
	select {
	case <-g.join(ctx, e):
		if !e.dropped {
			return nil
		}
	case <-ctx.Done():
	}
	return context.Cause(ctx)
}

// join adds an errand to the next batch, sees to it that somebody sends it, and returns what is closed when it is done.
func (g *gather) join(ctx context.Context, e *errand) <-chan struct{} {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.next == nil {
		g.next = &batch{done: make(chan struct{})}
	}
	g.next.errands = append(g.next.errands, e)
	if !g.busy {
		g.busy = true
		go g.send(context.WithoutCancel(ctx))
	}
	return g.next.done
}

// send sends batch after batch until nobody waits. No caller's context binds it, the client's timeouts do.
func (g *gather) send(ctx context.Context) {
	for b := g.take(); b != nil; b = g.take() {
		p := g.rdb.Pipeline()
		for _, e := range b.errands {
			if e.dropped = e.left() != nil; !e.dropped {
				_ = p.BatchProcess(ctx, e.cmds...)
			}
		}
		_, _ = p.Exec(ctx) // each command has its own error
		close(b.done)
		if len(b.errands) >= crowd {
			time.Sleep(linger)
		}
	}
}

// take returns the next batch; nil when there is none, and the sender goes.
func (g *gather) take() *batch {
	g.mu.Lock()
	defer g.mu.Unlock()
	b := g.next
	g.next, g.busy = nil, b != nil
	return b
}

// Get is the client's Get.
func (g *gather) Get(ctx context.Context, key string) (cmd *redis.StringCmd) {
	if err := g.do(ctx, func(p redis.Pipeliner) { cmd = p.Get(ctx, key) }); err != nil {
		return redis.NewStringResult("", err)
	}
	return cmd
}

// Set is the client's Set.
func (g *gather) Set(ctx context.Context, key string, value any, ttl time.Duration) (cmd *redis.StatusCmd) {
	if err := g.do(ctx, func(p redis.Pipeliner) { cmd = p.Set(ctx, key, value, ttl) }); err != nil {
		return redis.NewStatusResult("", err)
	}
	return cmd
}

// setIfAbsent sets a value with a time to live unless there is one, and returns the one that was there before, or redis.Nil.
func (g *gather) setIfAbsent(ctx context.Context, key, value string, ttl time.Duration) (cmd *redis.StatusCmd) {
	args := redis.SetArgs{Mode: "NX", Get: true, TTL: ttl}
	if err := g.do(ctx, func(p redis.Pipeliner) { cmd = p.SetArgs(ctx, key, value, args) }); err != nil {
		return redis.NewStatusResult("", err)
	}
	return cmd
}

// Del is the client's Del.
func (g *gather) Del(ctx context.Context, keys ...string) (cmd *redis.IntCmd) {
	if err := g.do(ctx, func(p redis.Pipeliner) { cmd = p.Del(ctx, keys...) }); err != nil {
		return redis.NewIntResult(0, err)
	}
	return cmd
}

// HGetAll is the client's HGetAll.
func (g *gather) HGetAll(ctx context.Context, key string) (cmd *redis.MapStringStringCmd) {
	if err := g.do(ctx, func(p redis.Pipeliner) { cmd = p.HGetAll(ctx, key) }); err != nil {
		return redis.NewMapStringStringResult(nil, err)
	}
	return cmd
}

// ZRevRange is the client's ZRevRange.
func (g *gather) ZRevRange(ctx context.Context, key string, start, stop int64) (cmd *redis.StringSliceCmd) {
	if err := g.do(ctx, func(p redis.Pipeliner) { cmd = p.ZRevRange(ctx, key, start, stop) }); err != nil {
		return redis.NewStringSliceResult(nil, err)
	}
	return cmd
}

// ZRangeByScore is the client's ZRangeByScore.
func (g *gather) ZRangeByScore(ctx context.Context, key string, by *redis.ZRangeBy) (cmd *redis.StringSliceCmd) {
	if err := g.do(ctx, func(p redis.Pipeliner) { cmd = p.ZRangeByScore(ctx, key, by) }); err != nil {
		return redis.NewStringSliceResult(nil, err)
	}
	return cmd
}

// run runs a script, and sends its text when the server does not have it yet.
func (g *gather) run(ctx context.Context, script *redis.Script, keys []string, args ...any) (cmd *redis.Cmd) {
	err := g.do(ctx, func(p redis.Pipeliner) { cmd = script.EvalSha(ctx, p, keys, args...) })
	if err == nil && redis.HasErrorPrefix(cmd.Err(), "NOSCRIPT") {
		err = g.do(ctx, func(p redis.Pipeliner) { cmd = script.Eval(ctx, p, keys, args...) })
	}
	if err != nil {
		return redis.NewCmdResult(nil, err)
	}
	return cmd
}
