package storage

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"
)

// gather sends the commands of many callers together. Whoever comes while others are under way waits for their return and
// goes with the next: under load one write, one answer and one flush to the disk serve dozens of citizens, and a lone
// caller waits for nobody.
//
// What fails on the network is sent again, so only commands that may be repeated belong here. What only reads goes its own
// way and does not wait for the disk.
type gather struct{ reads, writes *lane }

func newGather(rdb redis.UniversalClient) *gather {
	return &gather{reads: &lane{rdb: rdb}, writes: &lane{rdb: rdb}}
}

// lane is one way to the server, on which one batch travels at a time.
type lane struct {
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

// errand is what one caller wants done, in order and with nothing of others in between.
type errand struct {
	cmds    []redis.Cmder
	left    func() error // why the caller waits no longer, or nil
	dropped bool         // not sent, because the caller had left; set before the batch is done
}

// do sends commands and waits for their answers, which are in the commands. When ctx ends first, do returns why; what was on
// its way by then may still be executed, as with any answer that gets lost, and must not be looked at.
func (l *lane) do(ctx context.Context, cmds ...redis.Cmder) error {
	e := &errand{cmds: cmds, left: ctx.Err}
	select {
	case <-l.join(ctx, e):
		if !e.dropped {
			return nil
		}
	case <-ctx.Done():
	}
	return context.Cause(ctx)
}

// join adds an errand to the next batch, sees to it that somebody sends it, and returns what is closed when it is done.
func (l *lane) join(ctx context.Context, e *errand) <-chan struct{} {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.next == nil {
		l.next = &batch{done: make(chan struct{})}
	}
	l.next.errands = append(l.next.errands, e)
	if !l.busy {
		l.busy = true
		go l.send(context.WithoutCancel(ctx))
	}
	return l.next.done
}

// send sends batch after batch until nobody waits. No caller's context binds it, the client's timeouts do.
func (l *lane) send(ctx context.Context) {
	for b := l.take(); b != nil; b = l.take() {
		p := l.rdb.Pipeline()
		for _, e := range b.errands {
			if e.dropped = e.left() != nil; !e.dropped {
				_ = p.BatchProcess(ctx, e.cmds...)
			}
		}
		_, _ = p.Exec(ctx) // each command has its own error
		close(b.done)
	}
}

// take returns the next batch; nil when there is none, and the sender goes.
func (l *lane) take() *batch {
	l.mu.Lock()
	defer l.mu.Unlock()
	b := l.next
	l.next, l.busy = nil, b != nil
	return b
}

// Get is the client's Get.
func (g *gather) Get(ctx context.Context, key string) *redis.StringCmd {
	cmd := redis.NewStringCmd(ctx, "get", key)
	if err := g.reads.do(ctx, cmd); err != nil {
		return redis.NewStringResult("", err)
	}
	return cmd
}

// HGetAll is the client's HGetAll.
func (g *gather) HGetAll(ctx context.Context, key string) *redis.MapStringStringCmd {
	cmd := redis.NewMapStringStringCmd(ctx, "hgetall", key)
	if err := g.reads.do(ctx, cmd); err != nil {
		return redis.NewMapStringStringResult(nil, err)
	}
	return cmd
}

// ZRevRange is the client's ZRevRange.
func (g *gather) ZRevRange(ctx context.Context, key string, start, stop int64) *redis.StringSliceCmd {
	return g.list(ctx, "zrevrange", key, start, stop)
}

// ZRangeByScore is the client's ZRangeByScore, without its limits.
func (g *gather) ZRangeByScore(ctx context.Context, key string, by *redis.ZRangeBy) *redis.StringSliceCmd {
	return g.list(ctx, "zrangebyscore", key, by.Min, by.Max)
}

func (g *gather) list(ctx context.Context, args ...any) *redis.StringSliceCmd {
	cmd := redis.NewStringSliceCmd(ctx, args...)
	if err := g.reads.do(ctx, cmd); err != nil {
		return redis.NewStringSliceResult(nil, err)
	}
	return cmd
}

// Set is the client's Set; a time to live of 0 is for ever.
func (g *gather) Set(ctx context.Context, key string, value any, ttl time.Duration) *redis.StatusCmd {
	if ttl == forever {
		return g.status(ctx, "set", key, value)
	}
	return g.status(ctx, "set", key, value, "px", ttl.Milliseconds())
}

// setIfAbsent sets a value with a time to live unless there is one, and returns the one that was there before, or redis.Nil.
// The commands in also are sent along.
func (g *gather) setIfAbsent(ctx context.Context, key, value string, ttl time.Duration, also []redis.Cmder) *redis.StatusCmd {
	cmd := redis.NewStatusCmd(ctx, "set", key, value, "nx", "get", "px", ttl.Milliseconds())
	if err := g.writes.do(ctx, append([]redis.Cmder{cmd}, also...)...); err != nil {
		return redis.NewStatusResult("", err)
	}
	return cmd
}

func (g *gather) status(ctx context.Context, args ...any) *redis.StatusCmd {
	cmd := redis.NewStatusCmd(ctx, args...)
	if err := g.writes.do(ctx, cmd); err != nil {
		return redis.NewStatusResult("", err)
	}
	return cmd
}

// Del is the client's Del.
func (g *gather) Del(ctx context.Context, keys ...string) *redis.IntCmd {
	cmd := redis.NewIntCmd(ctx, slices.Concat([]any{"del"}, anys(keys))...)
	if err := g.writes.do(ctx, cmd); err != nil {
		return redis.NewIntResult(0, err)
	}
	return cmd
}

// run runs a script, and sends its text when the server does not have it yet.
func (g *gather) run(ctx context.Context, script *redis.Script, keys []string, args ...any) *redis.Cmd {
	cmd := redis.NewCmd(ctx, slices.Concat([]any{"evalsha", script.Hash(), len(keys)}, anys(keys), args)...)
	err := g.writes.do(ctx, cmd)
	switch {
	case err != nil:
		return redis.NewCmdResult(nil, err)
	case redis.HasErrorPrefix(cmd.Err(), "NOSCRIPT"):
		return script.Eval(ctx, g.writes.rdb, keys, args...)
	default:
		return cmd
	}
}

func anys(texts []string) []any {
	out := make([]any, len(texts))
	for i, t := range texts {
		out[i] = t
	}
	return out
}
