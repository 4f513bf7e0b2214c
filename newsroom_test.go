package main

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/jpeg"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"shoushan/bench"
	"shoushan/posts"
	"shoushan/simulator"
	"shoushan/staff"
)

func (row publishRow) run(t *testing.T) {
	w := newTown(t)
	t.Cleanup(func() {
		if t.Failed() {
			t.Log(w.diary)
		}
	})
	if row.tune != nil {
		w.configure(row.tune)
	}
	id := w.scheduled()
	w.clock.Set(w.clock.Now().Add(time.Minute + time.Second))
	w.order(row.order...)
	for path, do := range row.during {
		w.gate.on(path, func() { do(w) })
	}
	p := w.publish(id, row)
	if got, want := w.gate.count(submit), count(row.submits); got != want {
		t.Errorf("submitted %d times, want %d", got, want)
	}
	if row.then != nil {
		row.then(w, p)
	}
}

// count reads a number of a row.
func count(n int) int {
	switch n {
	case 0:
		return 1
	case -1:
		return 0
	}
	return n
}

// publish works as the clock does until the post comes to rest, and checks where.
func (w *town) publish(id string, row publishRow) posts.Post {
	w.t.Helper()
	leave, step := row.leave, row.step
	if leave == 0 {
		leave = 20 * time.Second
	}
	if step == 0 {
		step = 31 * time.Second
	}
	var failures []error
	for range 40 {
		ctx, cancel := contextFor(w.t, leave)
		_, err := w.newsroom.Advance(ctx, id)
		cancel()
		failures = append(failures, err)
		w.platform.Wait()
		w.road.quiet()
		if p := w.stored(id); slices.Contains([]posts.State{posts.Published, posts.Failed, posts.AwaitingPerson}, p.State) {
			break
		}
		w.clock.Set(w.clock.Now().Add(step))
	}
	state := row.state
	if state == "" {
		state = posts.Published
	}
	p := w.check(id, state)
	if w.t.Failed() {
		w.t.Logf("the runs ended with %v", failures)
	}
	if !strings.Contains(p.Publication.Failure, row.says) {
		w.t.Errorf("the record says %q, want %q in it", p.Publication.Failure, row.says)
	}
	if got := len(w.articles()); got != count(row.out) {
		w.t.Errorf("%d articles are out, want %d", got, count(row.out))
	}
	return p
}

// check looks at the record: its state, and that it was completed once at most.
func (w *town) check(id string, state posts.State) posts.Post {
	w.t.Helper()
	p := w.stored(id)
	if p.State != state {
		w.t.Errorf("the post is %s (%s), want %s", p.State, p.Publication.Failure, state)
	}
	completed := 0
	for _, e := range p.Trail {
		if e.Action == string(posts.Complete) {
			completed++
		}
	}
	if out := state == posts.Published || state == posts.Withdrawn; out != (completed == 1) {
		w.t.Errorf("%s, and completed %d times", p.State, completed)
	}
	return p
}

func (w *town) stored(id string) posts.Post {
	w.t.Helper()
	p, err := w.store.Post(context.WithoutCancel(w.t.Context()), id)
	if err != nil {
		w.t.Fatal(err)
	}
	return p
}

// articles returns the titles of what readers can open on the platform.
func (w *town) articles() (titles []string) {
	w.t.Helper()
	all, _ := w.answer(http.Get(w.address + "/sim/state"))["articles"].([]any)
	for _, a := range all {
		titles = append(titles, fmt.Sprint(a.(map[string]any)["title"]))
	}
	return titles
}

func (w *town) configure(change func(*simulator.Settings)) {
	w.t.Helper()
	if err := w.platform.Configure(change); err != nil {
		w.t.Fatal(err)
	}
}

// The people of the newsroom.
var (
	writer   = staff.Member{ID: "author", Name: "张晓", Roles: []staff.Role{staff.Author}}
	first    = staff.Member{ID: "reviewer", Name: "李敏", Roles: []staff.Role{staff.Reviewer}}
	second   = staff.Member{ID: "reviewer2", Name: "赵强", Roles: []staff.Role{staff.Reviewer}}
	approver = staff.Member{ID: "approver", Name: "王建国", Roles: []staff.Role{staff.Approver}}
)

// scheduled writes an article with a picture, has it approved, and schedules it in a minute.
func (w *town) scheduled() string {
	w.t.Helper()
	ctx := w.t.Context()
	var picture bytes.Buffer
	err := jpeg.Encode(&picture, image.NewGray(image.Rect(0, 0, 400, 200)), nil)
	file, stored := w.store.SaveFile(ctx, picture.Bytes())
	w.must(err, stored)
	p, err := w.newsroom.Create(ctx, writer, posts.Account, posts.Content{
		Title: "崇文镇森林防火巡查", Origin: posts.Original, Topic: "工作动态", Markdown: "巡查安排如下。\n\n![巡查](file:" + file + ")\n",
	})
	w.must(err)
	_, err = w.newsroom.Submit(ctx, writer, p.ID)
	w.must(err)
	for _, by := range []staff.Member{first, second, approver} {
		_, err = w.newsroom.Review(ctx, by, p.ID, true, "同意")
		w.must(err)
	}
	_, err = w.newsroom.Schedule(ctx, approver, p.ID, w.clock.Now().Add(time.Minute), posts.FreePublish)
	w.must(err)
	return p.ID
}

func (w *town) must(errs ...error) {
	w.t.Helper()
	for _, err := range errs {
		if err != nil {
			w.t.Fatal(err)
		}
	}
}

// helpOut lets another process work on the one post there is, at the same time.
func helpOut(w *town) {
	all, err := w.store.Posts(w.t.Context(), posts.Query{})
	if err != nil || len(all) != 1 {
		w.t.Errorf("%d posts, %v, want one", len(all), err)
		return
	}
	other, done := w.neighbour(), make(chan struct{})
	w.t.Cleanup(func() { <-done })
	go func() {
		defer close(done)
		_, _ = other.newsroom.Advance(w.t.Context(), all[0].ID)
	}()
}

// publishAgain is a person who tries once more when the fault is over.
func publishAgain(w *town, p posts.Post) {
	w.platform.ClearFaults()
	w.configure(func(s *simulator.Settings) { s.PublishResult = 0 })
	_, err := w.newsroom.PublishNow(w.t.Context(), approver, p.ID)
	w.must(err)
	w.publish(p.ID, publishRow{})
}

// release is a person who lets a late article go out.
func release(w *town, p posts.Post) {
	w.platform.ClearFaults()
	_, err := w.newsroom.Release(w.t.Context(), approver, p.ID)
	w.must(err)
	w.publish(p.ID, publishRow{})
}

// event pushes the platform's word on the post's submission.
func (w *town) event(p posts.Post, status int) {
	w.t.Helper()
	w.clock.Set(w.clock.Now().Add(time.Minute))
	inner := bench.Event("oPlatform", doneEvent, fmt.Sprintf("<PublishEventInfo><publish_id>%s</publish_id><publish_status>%d</publish_status></PublishEventInfo>",
		p.Publication.PublishID, status), w.clock.Now())
	a, err := w.pusher.Push(w.t.Context(), inner)
	if err != nil || a.Raw != "success" {
		w.t.Fatalf("the event was answered with %q, %v", a.Raw, err)
	}
}

// w5 deletes the article in Tencent's back end, w6 is the platform that bans it.
func w5(w *town, p posts.Post) {
	w.api("/cgi-bin/freepublish/delete", map[string]any{"article_id": p.Publication.ArticleID})
}

func w6(w *town, p posts.Post) { w.post("/sim/publish/"+p.Publication.PublishID+"/ban", nil) }

// removed checks what becomes of the record when the article is taken away.
func removed(how func(*town, posts.Post)) func(*town, posts.Post) {
	return func(w *town, p posts.Post) {
		how(w, p)
		w.platform.Wait()
		after := w.check(p.ID, posts.Withdrawn)
		removals := 0
		for _, e := range after.Trail {
			if e.Action == string(posts.Remove) {
				removals++
			}
		}
		if after.Publication.RemovedAt.IsZero() || removals != 1 {
			w.t.Errorf("removed at %v, %d entries in the trail, want one", after.Publication.RemovedAt, removals)
		}
	}
}

// deleteDrafts is somebody in Tencent's back end who clears the draft box.
func deleteDrafts(w *town) {
	drafts, _ := w.answer(http.Get(w.address + "/sim/state"))["drafts"].([]any)
	for _, d := range drafts {
		w.api("/cgi-bin/draft/delete", map[string]any{"media_id": d.(map[string]any)["media_id"]})
	}
}

// api calls the platform as somebody else who works for the account.
func (w *town) api(path string, in any) {
	w.t.Helper()
	token := w.post(stableToken, map[string]any{"grant_type": "client_credential", "appid": simulator.DefaultAppID, "secret": simulator.DefaultAppSecret})
	if out := w.post(path+"?access_token="+fmt.Sprint(token["access_token"]), in); fmt.Sprint(out["errcode"]) != "0" {
		w.t.Fatalf("%s: %v", path, out)
	}
}

// moveOut ends the process that is publishing, as far as its records are concerned, and lets another one take over.
func moveOut(w *town) {
	other := w.neighbour()
	w.must(w.store.Close())
	w.house = other
	w.road.set(other.handler)
}
