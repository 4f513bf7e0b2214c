package bench_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"shoushan/bench"
)

// script is a whole application in chat, ten turns, and a part of each answer.
var script = []struct{ say, see string }{
	{"申请公开", "个人信息告知"}, {"同意", "申请人是哪一类"}, {"1", "申请人姓名"}, {"王小明", "身份证号"}, {"110101199003070038", "联系电话"},
	{"13912345678", "您要什么信息"}, {"2025年崇文镇农村低保对象名单", "哪种形式"}, {"2", "怎样拿到答复"}, {"1", "请核对"}, {"确认", "登记回执"},
}

// crowd is citizens who talk; everyone and every message is new.
type crowd struct {
	pusher   *bench.Pusher
	citizens atomic.Int64
	messages atomic.Int64
	wrong    atomic.Int64
}

// turn says the next thing of a citizen's script; one answer in fifty is opened and read.
func (c *crowd) turn(ctx context.Context, citizen int64, i int) {
	n := c.messages.Add(1)
	inner := bench.Text(fmt.Sprintf("oBench%09d", citizen), strconv.FormatInt(7_000_000_000+n, 10), script[i].say, time.Now())
	good := false
	if n%50 == 0 {
		a, err := c.pusher.Push(ctx, inner)
		good = err == nil && (strings.Contains(a.Text, script[i].see) || strings.Contains(a.Text, "回声"))
	} else {
		replied, err := c.pusher.Fire(ctx, inner)
		good = err == nil && replied
	}
	if !good {
		c.wrong.Add(1)
	}
}

// rush lets so many citizens talk without pause for a time and returns the turns a second.
func (c *crowd) rush(ctx context.Context, at int, d time.Duration) float64 {
	end := time.Now().Add(d)
	var all sync.WaitGroup
	var turns atomic.Int64
	for range at {
		all.Go(func() {
			for time.Now().Before(end) {
				citizen := c.citizens.Add(1)
				for i := range script {
					c.turn(ctx, citizen, i)
					turns.Add(1)
				}
			}
		})
	}
	begun := time.Now()
	all.Wait()
	return float64(turns.Load()) / time.Since(begun).Seconds()
}

// pace lets turns begin at a fixed rate, whether or not earlier ones have ended, and returns the durations sorted. Each is
// counted from when the turn was due, so that a late beginning is not hidden.
func (c *crowd) pace(ctx context.Context, rate int, d time.Duration) []time.Duration {
	var (
		all  sync.WaitGroup
		mu   sync.Mutex
		took []time.Duration
	)
	base := c.citizens.Add(int64(rate*len(script))) + 1
	begun := time.Now()
	for n := range int(d.Seconds() * float64(rate)) {
		due := begun.Add(time.Duration(n) * time.Second / time.Duration(rate))
		time.Sleep(time.Until(due))
		all.Go(func() { // as many citizens as turns a second: a citizen's next turn comes a second later
			round := n / rate
			c.turn(ctx, base+int64(n%rate)+int64(round/len(script)*rate), round%len(script))
			mu.Lock()
			defer mu.Unlock()
			took = append(took, time.Since(due))
		})
	}
	all.Wait()
	slices.Sort(took)
	return took
}

func percentile(sorted []time.Duration, p float64) time.Duration {
	return sorted[min(len(sorted)-1, int(p*float64(len(sorted))))]
}

// calls stands before the platform's API and notes when each path is called.
type calls struct {
	next http.Handler
	mu   sync.Mutex
	at   map[string][]time.Time
}

func (c *calls) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	c.at[r.URL.Path] = append(c.at[r.URL.Path], time.Now())
	c.mu.Unlock()
	c.next.ServeHTTP(w, r)
}

func (c *calls) times(path string) []time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.at[path])
}
