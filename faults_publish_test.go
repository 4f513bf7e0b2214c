package main

import (
	"slices"
	"strings"
	"testing"
	"time"

	"shoushan/posts"
	"shoushan/simulator"
	"shoushan/workday"
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
		} {
			rows = append(rows, publishRow{
				fault: f.name, point: strings.TrimPrefix(point, "/cgi-bin/"), effect: "tried again, published once",
				order: []simulator.Fault{f.fault}, leave: f.leave,
			})
		}
		rows = append(rows, publishRow{
			fault: "45009 day quota", point: strings.TrimPrefix(point, "/cgi-bin/"), order: []simulator.Fault{code(point, 45009, 1)},
			effect: "not called again that day; stopped before submission; a person lets it go out the next day",
			state:  posts.AwaitingPerson, out: -1, submits: -1, then: nextDay(point),
		})
	}
	return rows
}

// nextDay looks that the refused call was made once that day, and has a person let the article go out on the next.
func nextDay(point string) func(*town, posts.Post) {
	return func(w *town, p posts.Post) {
		if n := w.gate.count(point); n != 1 {
			w.t.Errorf("%s was called %d times on a day whose quota is used up, want once", point, n)
		}
		w.clock.Set(workday.Of(w.clock.Now()).AddDays(1).At(8, 0))
		if p.State == posts.AwaitingPerson {
			release(w, p)
			return
		}
		w.publish(p.ID, publishRow{})
	}
}

// askingRows are the faults of asking for the result, when no event comes.
func askingRows() (rows []publishRow) {
	for name, f := range map[string]simulator.Fault{
		"-1 busy": once(publishGet, simulator.FaultBusy), "502": once(publishGet, simulator.FaultStatus), "answer truncated": once(publishGet, simulator.FaultTruncate),
		"45011 minute quota": code(publishGet, 45011, 1), "40001": code(publishGet, 40001, 1),
	} {
		rows = append(rows, publishRow{fault: name, point: "freepublish/get, event never", effect: "asked again, published once", order: []simulator.Fault{f, lost()}})
	}
	rows = append(rows, publishRow{
		fault: "45009 day quota", point: "freepublish/get, event never", effect: "not asked again that day; known the next day",
		order: []simulator.Fault{code(publishGet, 45009, 1), lost()}, state: posts.Publishing, then: nextDay(publishGet),
	})
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
	{fault: "45009 day quota", point: "submit", effect: "not called again that day; a person lets it go out the next day", order: []simulator.Fault{code(submit, 45009, 1)},
		state: posts.AwaitingPerson, out: -1, then: nextDay(submit)},
	{fault: "45011 minute quota", point: "submit", effect: "called again in the next minute, published once", order: []simulator.Fault{code(submit, 45011, 1)}, submits: 2},
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
			w.clock.Set(workday.Of(w.clock.Now()).AddDays(1).At(8, 0))
			release(w, p)
		}},
	{fault: "quota used up, then cleared by an administrator", point: "draft/add", effect: "seen when the account is looked at; a person lets it go out the same day",
		tune: func(s *simulator.Settings) { s.Quota = map[string]int{draftAdd: 0} }, step: 4 * time.Minute, state: posts.AwaitingPerson, out: -1, submits: -1,
		then: func(w *town, p posts.Post) {
			w.configure(func(s *simulator.Settings) { s.Quota = nil })
			_, err := w.chat.Health(w.t.Context())
			w.must(err)
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
	{fault: "two processes work at once", point: "whole way", effect: "submitted once", during: map[string]func(*town){uploadImage: helpOut}},
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
