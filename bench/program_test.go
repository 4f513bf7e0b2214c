package bench_test

import (
	"fmt"
	"net/http"
	"path/filepath"
	"runtime/debug"
	"time"

	"shoushan/bench"
	"shoushan/posts"
	"shoushan/staff"
	"shoushan/storage"
)

// starting measures from the start of the process to the first good answer of /healthz.
func starting(w *workshop) []line {
	own := w.coldStart(func(i int) []string {
		return w.environment("cold", filepath.Join(w.dir, fmt.Sprint("cold", i)), false)
	})
	given := w.coldStart(func(int) []string { return w.environment("warm", w.dir, true) })
	return []line{
		{what: "cold start to serving, with a private Redis to start", ours: milliseconds(own), target: "< 1 s", met: own < time.Second},
		{what: "cold start to serving, Redis running", ours: milliseconds(given), target: "< 1 s", met: given < time.Second},
	}
}

func (w *workshop) coldStart(environment func(i int) []string) time.Duration {
	var took []float64
	for i := range 5 {
		begun := time.Now()
		p, err := bench.Start(w.program, environment(i)...)
		w.must(err)
		for {
			res, err := http.Get(p.URL + "/healthz")
			if err == nil {
				_ = res.Body.Close()
			}
			if err == nil && res.StatusCode == http.StatusOK {
				break
			}
			time.Sleep(2 * time.Millisecond)
		}
		took = append(took, float64(time.Since(begun)))
		w.must(p.Stop())
	}
	return time.Duration(median(took))
}

// resting measures resident memory after ten idle seconds.
func resting(w *workshop) []line {
	p, _ := w.serve("rest")
	time.Sleep(10 * time.Second)
	bytes, err := bench.Resident(p.PID())
	w.must(err, p.Stop())
	return []line{{what: "idle memory of the program (resident)", ours: fmt.Sprintf("%.0f MiB", float64(bytes)/(1<<20)), target: "< 64 MiB", met: bytes < 64<<20}}
}

const (
	atOnce = 128 // deliveries under way
	rounds = 4
	rush   = 6 * time.Second
)

// rushing compares a full stateful dialogue turn, durable before it is answered, with co-wechat's stateless echo.
func rushing(w *workshop) []line {
	const what = "full dialogue turn, Redis with appendfsync always (elsewhere: co-wechat's stateless echo)"
	echo, node, err := w.echo()
	if err != nil {
		return []line{{what: what, other: "not measured: " + err.Error(), target: "> 1 ×"}}
	}
	defer debug.SetGCPercent(debug.SetGCPercent(1000)) // what the load generator drops is not to be measured
	p, pusher := w.serve("rush")
	ours, theirs := &crowd{pusher: pusher}, &crowd{pusher: echo}
	redis := w.redisProcess()
	var here, there, ratios []float64
	var spent, nodeSpent float64
	for range rounds {
		before, nodeBefore := cpu(p.PID())+cpu(redis), cpu(node)
		here = append(here, ours.rush(w.b.Context(), atOnce, rush))
		there = append(there, theirs.rush(w.b.Context(), atOnce, rush))
		spent, nodeSpent = spent+cpu(p.PID())+cpu(redis)-before, nodeSpent+cpu(node)-nodeBefore
		ratios = append(ratios, here[len(here)-1]/there[len(there)-1])
	}
	if n := ours.wrong.Load() + theirs.wrong.Load(); n > 0 {
		w.b.Errorf("%d wrong answers", n)
	}
	full, err := bench.Resident(p.PID())
	w.must(err, p.Stop())
	ratio := median(ratios)
	each, nodeEach := 1000*spent/float64(ours.messages.Load()), 1000*nodeSpent/float64(theirs.messages.Load())
	return []line{
		{what: what, ours: fmt.Sprintf("%.0f/s", median(here)), other: fmt.Sprintf("%.0f/s", median(there)), ratio: fmt.Sprintf("%.2f ×", ratio), target: "> 1 ×", met: ratio > 1},
		{what: "processor time of that turn, program and Redis (elsewhere: node)", ours: fmt.Sprintf("%.2f ms", each), other: fmt.Sprintf("%.2f ms", nodeEach)},
		{what: "memory of the program after that load (resident)", ours: fmt.Sprintf("%.0f MiB", float64(full)/(1<<20))},
	}
}

// pacing measures how long turns take that begin at a fixed rate.
func pacing(w *workshop) []line {
	p, pusher := w.serve("pace")
	c := &crowd{pusher: pusher}
	c.pace(w.b.Context(), 500, 2*time.Second) // connections are opened, pages of memory touched
	took := c.pace(w.b.Context(), 500, 10*time.Second)
	if n := c.wrong.Load(); n > 0 {
		w.b.Errorf("%d wrong answers", n)
	}
	w.must(p.Stop())
	p99 := percentile(took, .99)
	return []line{{
		what: "dialogue turn at 500 turns a second, p50 and p99", ours: milliseconds(percentile(took, .5)) + ", " + milliseconds(p99),
		target: "p99 < 50 ms", met: p99 < 50*time.Millisecond,
	}}
}

const dueAtOnce = 3

// publishing schedules articles for the next full minute and looks when they are submitted.
func publishing(w *workshop) []line {
	p, _ := w.serve("due")
	store, err := storage.Open(w.b.Context(), storage.Options{
		URL: w.redis.URL(), Account: "due", Key: dataKey, FilesDir: filepath.Join(w.dir, "files"), Now: time.Now,
	})
	w.must(err)
	defer store.Close()
	due := time.Now().Truncate(time.Minute).Add(time.Minute)
	if time.Until(due) < 8*time.Second {
		due = due.Add(time.Minute)
	}
	for i := range dueAtOnce {
		w.schedule(store, fmt.Sprintf("到点发布第%d篇", i+1), due)
	}
	var at []time.Time
	for end := due.Add(30 * time.Second); len(at) < dueAtOnce && time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		at = w.calls.times("/cgi-bin/freepublish/submit")
	}
	w.must(p.Stop())
	const what = "due articles submitted after their minute, the last of three"
	if len(at) < dueAtOnce {
		return []line{{what: what, ours: fmt.Sprintf("%d of %d in 30 s", len(at), dueAtOnce), target: "< 2 s"}}
	}
	took := at[dueAtOnce-1].Sub(due)
	return []line{{what: what, ours: milliseconds(took), target: "< 2 s", met: took < 2*time.Second && took > 0}}
}

// schedule writes an article, has it approved by three people, and schedules it.
func (w *workshop) schedule(store *storage.Store, title string, due time.Time) {
	ctx := w.b.Context()
	room := &posts.Newsroom{Shelf: store, Files: store, Now: time.Now}
	writer := staff.Member{ID: "author", Name: "张晓", Roles: []staff.Role{staff.Author}}
	p, err := room.Create(ctx, writer, posts.Account, posts.Content{Title: title, Markdown: "正文。", Origin: posts.Original, Topic: "工作动态"})
	w.must(err)
	_, err = room.Submit(ctx, writer, p.ID)
	w.must(err)
	last := staff.Member{ID: "c", Name: "丙", Roles: []staff.Role{staff.Approver}}
	for _, by := range []staff.Member{{ID: "a", Name: "甲", Roles: []staff.Role{staff.Reviewer}}, {ID: "b", Name: "乙", Roles: []staff.Role{staff.Reviewer}}, last} {
		_, err = room.Review(ctx, by, p.ID, true, "同意")
		w.must(err)
	}
	_, err = room.Schedule(ctx, last, p.ID, due, posts.FreePublish)
	w.must(err)
}
