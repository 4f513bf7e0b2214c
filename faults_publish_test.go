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

// The calls of publishing, in their order.
const (
	uploadImage = "/cgi-bin/media/uploadimg"
	addMaterial = "/cgi-bin/material/add_material"
	draftAdd    = "/cgi-bin/draft/add"
	callbackIPs = "/cgi-bin/getcallbackip" // makes sure that the token is good
	submit      = "/cgi-bin/freepublish/submit"
	publishGet  = "/cgi-bin/freepublish/get"
	batchGet    = "/cgi-bin/freepublish/batchget"
	draftGet    = "/cgi-bin/draft/get"
	doneEvent   = "PUBLISHJOBFINISH"
)

// publishRow is a fault that strikes while a due article with one picture is published.
type publishRow struct {
	fault, point, effect string

	tune    func(*simulator.Settings)
	order   []simulator.Fault
	during  map[string]func(w *town) // when the next call of the path arrives
	leave   time.Duration            // for one run of the work; 0: 20 s
	step    time.Duration            // by the clock, between two runs; 0: 31 s
	state   posts.State              // in the end; "": published
	out     int                      // articles on the platform; 0: one, -1: none
	submits int                      // calls of submit; 0: one, -1: none
	says    string                   // part of what the record tells staff
	then    func(w *town, p posts.Post)
}

func once(on string, kind simulator.FaultKind) simulator.Fault {
	return simulator.Fault{On: on, Kind: kind, Times: 1, DelayMS: 3000}
}

func code(on string, n, times int) simulator.Fault {
	return simulator.Fault{On: on, Kind: simulator.FaultCode, Code: n, Times: times}
}

func lost() simulator.Fault { return simulator.Fault{On: doneEvent, Kind: simulator.FaultLose} }

// safeRows are the calls that may be made again, with each way to fail once: the article goes out once, by itself.
func safeRows() (rows []publishRow) {
	for _, point := range []string{uploadImage, addMaterial, draftAdd, callbackIPs} {
		for _, f := range []struct {
			name  string
			fault simulator.Fault
			leave time.Duration
		}{
			{"-1 busy", once(point, simulator.FaultBusy), 0},
			{"502", once(point, simulator.FaultStatus), 0},
			{"hangs", once(point, simulator.FaultHang), patient},
			{"done, answer dropped", once(point, simulator.FaultDrop), 0},
			{"done, answer truncated", once(point, simulator.FaultTruncate), 0},
			{"40001", code(point, 40001, 1), 0},
			{"42001", code(point, 42001, 1), 0},
			{"45011 minute quota", code(point, 45011, 1), 0},
			{"45009 day quota, till the next try", code(point, 45009, 1), 0},
		} {
			rows = append(rows, publishRow{
				fault: f.name, point: strings.TrimPrefix(point, "/cgi-bin/"), effect: "tried again, published once",
				order: []simulator.Fault{f.fault}, leave: f.leave,
			})
		}
	}
	return rows
}

// askingRows are the faults of asking for the result, when no event comes.
func askingRows() (rows []publishRow) {
	for name, f := range map[string]simulator.Fault{
		"-1 busy": once(publishGet, simulator.FaultBusy), "502": once(publishGet, simulator.FaultStatus), "answer truncated": once(publishGet, simulator.FaultTruncate),
		"45009 day quota": code(publishGet, 45009, 1), "40001": code(publishGet, 40001, 1),
	} {
		rows = append(rows, publishRow{fault: name, point: "freepublish/get, event never", effect: "asked again, published once", order: []simulator.Fault{f, lost()}})
	}
	slices.SortFunc(rows, func(a, b publishRow) int { return strings.Compare(a.fault, b.fault) })
	return rows
}

// submitRows are the faults of the one call that cannot be undone.
var submitRows = []publishRow{
	{fault: "-1 busy", point: "submit", effect: "not repeated; looked into; the draft is still there: a person decides", order: []simulator.Fault{once(submit, simulator.FaultBusy)},
		state: posts.Failed, out: -1, says: "没有发布成功"},
	{fault: "502", point: "submit", effect: "not repeated; the draft is still there: a person decides", order: []simulator.Fault{once(submit, simulator.FaultStatus)},
		state: posts.Failed, out: -1, says: "没有发布成功"},
	{fault: "502, then published again by a person", point: "submit", effect: "the same draft, published once", order: []simulator.Fault{once(submit, simulator.FaultStatus)},
		state: posts.Failed, out: -1, then: publishAgain},
	{fault: "hangs", point: "submit", effect: "not repeated; the draft is still there: a person decides", order: []simulator.Fault{once(submit, simulator.FaultHang)}, leave: patient,
		state: posts.Failed, out: -1, says: "没有发布成功"},
	{fault: "hangs for the ten seconds of a call", point: "submit", effect: "given up; not repeated", order: []simulator.Fault{{On: submit, Kind: simulator.FaultHang, Times: 1}},
		state: posts.Failed, out: -1, says: "没有发布成功"},
	{fault: "done, answer dropped", point: "submit", effect: "found as published, submitted once", order: []simulator.Fault{once(submit, simulator.FaultDrop)}},
	{fault: "done, answer dropped, event never", point: "submit", effect: "found on the platform's list", order: []simulator.Fault{once(submit, simulator.FaultDrop), lost()}},
	{fault: "done, answer dropped, draft stays till the end", point: "submit", effect: "submitted once all the same",
		tune: func(s *simulator.Settings) { s.DraftStays, s.PublishDelayMS = true, 300 }, order: []simulator.Fault{once(submit, simulator.FaultDrop), lost()}},
	{fault: "done, answer truncated", point: "submit", effect: "found as published, submitted once", order: []simulator.Fault{once(submit, simulator.FaultTruncate), lost()}},
	{fault: "done, answered too late", point: "submit", effect: "found as published, submitted once", order: []simulator.Fault{once(submit, simulator.FaultSlow), lost()}, leave: patient},
	{fault: "answer dropped, then the list cannot be read", point: "submit, batchget", effect: "asked again later, submitted once",
		order: []simulator.Fault{once(submit, simulator.FaultDrop), lost(), {On: batchGet, Kind: simulator.FaultStatus, Times: 2}}},
	{fault: "40001: refused, nothing done", point: "submit", effect: "new token, tried again, published once", order: []simulator.Fault{code(submit, 40001, 1)}, submits: 2},
	{fault: "all tokens die", point: "submit", effect: "new token, tried again, published once",
		during: map[string]func(*town){submit: func(w *town) { w.post("/sim/tokens/drop", nil) }}, submits: 2},
	{fault: "token expires by the clock", point: "draft/add", effect: "new token, published once", step: 3 * time.Minute,
		during: map[string]func(*town){draftAdd: func(w *town) { w.post("/sim/tokens/drop", nil) }}},
	{fault: "45009 day quota", point: "submit", effect: "tried again within the grace, published once", order: []simulator.Fault{code(submit, 45009, 1)}, submits: 2},
	{fault: "53501 too often", point: "submit", effect: "tried again, published once", order: []simulator.Fault{code(submit, 53501, 1)}, submits: 2},
	{fault: "53503 draft failed the check", point: "submit", effect: "failed, with what to do", order: []simulator.Fault{code(submit, 53503, 0)}, state: posts.Failed, out: -1},
	{fault: "48001 right withdrawn", point: "submit", effect: "failed, with what to do", order: []simulator.Fault{code(submit, 48001, 0)}, state: posts.Failed, out: -1},
	{fault: "53500 publishing banned", point: "submit", effect: "failed, with what to do", order: []simulator.Fault{code(submit, 53500, 0)}, state: posts.Failed, out: -1},
	{fault: "platform down for longer than the grace", point: "draft/add", effect: "stopped before submission; a person lets it go out once",
		order: []simulator.Fault{{On: draftAdd, Kind: simulator.FaultStatus}}, step: 4 * time.Minute, state: posts.AwaitingPerson, out: -1, submits: -1, then: release},
	{fault: "quota of the whole day used up", point: "draft/add", effect: "stopped before submission; a person lets it go out the next day",
		tune: func(s *simulator.Settings) { s.Quota = map[string]int{draftAdd: 0} }, step: 4 * time.Minute, state: posts.AwaitingPerson, out: -1, submits: -1,
		then: func(w *town, p posts.Post) {
			w.configure(func(s *simulator.Settings) { s.Quota = nil })
			release(w, p)
		}},
	{fault: "draft deleted by hand", point: "before submit", effect: "nothing known to be out; settled by a person", during: map[string]func(*town){callbackIPs: deleteDrafts},
		state: posts.OutcomeUnknown, out: -1, says: "不知道是否已经发布"},
}

// resultRows are what comes back from a submission, and when.
var resultRows = []publishRow{
	{fault: "none", point: "whole way", effect: "published once"},
	{fault: "publish_id is a string", point: "submit", effect: "published once", tune: func(s *simulator.Settings) { s.PublishIDAsString = true }},
	{fault: "event before the answer", point: doneEvent, effect: "published once", order: []simulator.Fault{once(doneEvent, simulator.FaultEarly)}},
	{fault: "event before the answer, which is dropped", point: doneEvent, effect: "published once", order: []simulator.Fault{once(doneEvent, simulator.FaultEarly), once(submit, simulator.FaultDrop)}},
	{fault: "event never", point: doneEvent, effect: "found by asking, published once", order: []simulator.Fault{lost()}},
	{fault: "event late", point: doneEvent, effect: "found by asking; the event changes nothing", order: []simulator.Fault{{On: doneEvent, Kind: simulator.FaultLate, DelayMS: 400, Times: 1}}},
	{fault: "event twice", point: doneEvent, effect: "published once, one entry in the trail", order: []simulator.Fault{once(doneEvent, simulator.FaultDuplicate)}},
	{fault: "event's delivery refused twice", point: doneEvent, effect: "taken at the third delivery", during: map[string]func(*town){submit: func(w *town) {
		w.road.bend(bend{refuse: true}, bend{refuse: true})
	}}},
	{fault: "result 2, originality", point: doneEvent, effect: "failed, says why; changed and published once", tune: ending(2), state: posts.Failed, out: -1, says: "原创校验", then: publishAgain},
	{fault: "result 3", point: doneEvent, effect: "failed, says why; published again by a person", tune: ending(3), state: posts.Failed, out: -1, says: "没有发布成功", then: publishAgain},
	{fault: "result 4, review", point: doneEvent, effect: "failed, says why; published again by a person", tune: ending(4), state: posts.Failed, out: -1, says: "审核", then: publishAgain},
	{fault: "result 2, event never", point: "freepublish/get", effect: "failed, says why", tune: ending(2), order: []simulator.Fault{lost()}, state: posts.Failed, out: -1, says: "原创校验"},
	{fault: "result 4, event never", point: "freepublish/get", effect: "failed, says why", tune: ending(4), order: []simulator.Fault{lost()}, state: posts.Failed, out: -1, says: "审核"},
	{fault: "result 5, deleted afterwards", point: doneEvent, effect: "counted no more, stays listed", then: removed(w5)},
	{fault: "result 6, banned afterwards", point: doneEvent, effect: "counted no more, stays listed", then: removed(w6)},
	{fault: "result 6 twice", point: doneEvent, effect: "recorded once", then: func(w *town, p posts.Post) { removed(w6)(w, p); removed(w6)(w, p) }},
	{fault: "result 3 after success", point: doneEvent, effect: "changes nothing", then: func(w *town, p posts.Post) {
		w.event(p, 3)
		w.check(p.ID, posts.Published)
	}},
	{fault: "Redis stands still for 3 s", point: "draft/add", effect: "published once", during: map[string]func(*town){draftAdd: func(w *town) { w.freeze(3 * time.Second)() }}},
	{fault: "Redis stands still for 3 s", point: "submit", effect: "the answer is recorded, submitted once", during: map[string]func(*town){submit: func(w *town) { w.freeze(3 * time.Second)() }}},
	{fault: "Redis killed", point: "submit", effect: "the answer is recorded, submitted once", during: map[string]func(*town){submit: func(w *town) { w.kill()() }}},
	{fault: "process ends before it can record the answer", point: "submit", effect: "another process finds the article, submitted once",
		during: map[string]func(*town){submit: moveOut}, step: 2 * time.Minute},
	{fault: "process ends before it can record the answer, event never", point: "submit", effect: "another process finds the article, submitted once",
		during: map[string]func(*town){submit: moveOut}, order: []simulator.Fault{lost()}, step: 2 * time.Minute},
	{fault: "two processes work at once", point: "whole way", effect: "submitted once", during: map[string]func(*town){uploadImage: func(w *town) {
		go func() { _, _ = w.neighbour().newsroom.Advance(w.t.Context(), w.only()) }()
	}}},
}

func ending(result int) func(*simulator.Settings) {
	return func(s *simulator.Settings) { s.PublishResult = result }
}

func TestFaultsOfPublishing(t *testing.T) {
	var table printed
	table.print(t, "faults between the due minute and the published article")
	for _, row := range slices.Concat(safeRows(), askingRows(), submitRows, resultRows) {
		table.row(t, row.fault, row.point, row.effect, func(t *testing.T) { row.run(t) })
	}
}

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

// only returns the id of the one post there is.
func (w *town) only() string {
	all, err := w.store.Posts(w.t.Context(), posts.Query{})
	if err != nil || len(all) != 1 {
		panic(fmt.Sprint("no single post: ", err))
	}
	return all[0].ID
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
