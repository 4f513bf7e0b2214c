package main

import (
	"strings"
	"testing"
	"time"

	"shoushan/bot"
	"shoushan/posts"
	"shoushan/simulator"
	"shoushan/workday"
)

const draftDelete = "/cgi-bin/draft/delete"

// discardRow is a fault that strikes while the prepared draft of a withdrawn post is deleted.
type discardRow struct {
	fault, effect string

	order  []simulator.Fault
	before func(w *town, p posts.Post) // what somebody does in the platform's own back end before that
	left   int                         // drafts on the platform after an hour
	calls  int                         // of draft/delete in that hour; 0: not counted
	out    int                         // articles; 0: none
	says   string                      // in the record, after an hour
}

func discardRows() []discardRow {
	return []discardRow{
		{fault: "none", effect: "deleted at once", calls: 1},
		{fault: "-1 busy", effect: "asked again in the same run", order: []simulator.Fault{once(draftDelete, simulator.FaultBusy)}, calls: 2},
		{fault: "502", effect: "asked again a minute later", order: []simulator.Fault{once(draftDelete, simulator.FaultStatus)}, calls: 2},
		{fault: "hangs", effect: "given up in time, asked again", order: []simulator.Fault{once(draftDelete, simulator.FaultHang)}, calls: 2},
		{fault: "done, answer dropped", effect: "the second call finds it gone", order: []simulator.Fault{once(draftDelete, simulator.FaultDrop)}, calls: 2},
		{fault: "done, answer truncated", effect: "the second call finds it gone", order: []simulator.Fault{once(draftDelete, simulator.FaultTruncate)}, calls: 2},
		{fault: "40001", effect: "a new token, asked again in the same run", order: []simulator.Fault{code(draftDelete, 40001, 1)}, calls: 2},
		{fault: "45011 minute quota", effect: "asked again in the next minute", order: []simulator.Fault{code(draftDelete, 45011, 1)}},
		{fault: "45009 day quota", effect: "not called again that day, the record says why", order: []simulator.Fault{code(draftDelete, 45009, 1)}, left: 1, calls: 1, says: "45009"},
		{fault: "48001 no right", effect: "called once an hour, the record says why", order: []simulator.Fault{code(draftDelete, 48001, 0)}, left: 1, calls: 1, says: "48001"},
		{fault: "deleted by hand", effect: "found gone", before: func(w *town, p posts.Post) {
			w.must(w.client.DeleteDraft(w.t.Context(), p.Publication.Discarded[0].MediaID))
		}},
		{fault: "published by hand", effect: "found gone, the article stays", before: func(w *town, p posts.Post) {
			_, _, err := w.client.SubmitPublish(w.t.Context(), p.Publication.Discarded[0].MediaID)
			w.must(err)
			w.platform.Wait()
		}, out: 1, calls: 1},
	}
}

func TestFaultsOfDiscarding(t *testing.T) {
	var table printed
	table.print(t, "faults after the withdrawal of a prepared post: it is withdrawn at once whatever happens")
	for _, row := range discardRows() {
		table.row(t, row.fault, "draft/delete", row.effect, func(t *testing.T) { row.run(t) })
	}
}

func (row discardRow) run(t *testing.T) {
	w := newTown(t)
	ctx := t.Context()
	id := w.scheduled()
	_, err := w.newsroom.Advance(ctx, id)
	w.must(err)
	w.wantDrafts(1)
	w.order(row.order...)
	p, err := w.newsroom.Withdraw(ctx, writer, id, "不发了")
	w.must(err)
	if row.before != nil {
		row.before(w, p)
	}
	made := w.gate.count(draftDelete)
	for end := w.clock.Now().Add(55 * time.Minute); w.clock.Now().Before(end); w.clock.Set(w.clock.Now().Add(time.Minute)) {
		due, err := w.newsroom.Due(ctx)
		w.must(err)
		for _, id := range due {
			run, cancel := contextFor(t, patient)
			_, err := w.newsroom.Advance(run, id)
			cancel()
			w.must(err)
		}
	}
	row.check(w, id, w.gate.count(draftDelete)-made)
}

func (row discardRow) check(w *town, id string, calls int) {
	w.wantDrafts(row.left)
	if row.calls != 0 && calls != row.calls {
		w.t.Errorf("draft/delete was called %d times, want %d", calls, row.calls)
	}
	if got := len(w.articles()); got != row.out {
		w.t.Errorf("%d articles are out, want %d", got, row.out)
	}
	p := w.stored(id)
	if p.State != posts.Withdrawn || len(p.Publication.Discarded) != row.left {
		w.t.Errorf("the post is %s with %+v to delete, want withdrawn with %d", p.State, p.Publication.Discarded, row.left)
	}
	for _, d := range p.Publication.Discarded {
		if !strings.Contains(d.Failure, row.says) || d.Tries == 0 {
			w.t.Errorf("the record says %q after %d tries, want %q in it", d.Failure, d.Tries, row.says)
		}
	}
	if row.left == 0 {
		return
	}
	w.platform.ClearFaults() // the next day all is well again
	w.clock.Set(workday.Of(w.clock.Now()).AddDays(1).At(8, 0))
	due, err := w.newsroom.Due(w.t.Context())
	w.must(err)
	for _, id := range due {
		_, err := w.newsroom.Advance(w.t.Context(), id)
		w.must(err)
	}
	w.wantDrafts(0)
}

// wantDrafts looks into the platform's draft box.
func (w *town) wantDrafts(want int) {
	w.t.Helper()
	if got, err := w.client.DraftCount(w.t.Context()); err != nil || got != want {
		w.t.Errorf("%d drafts on the platform (%v), want %d", got, err, want)
	}
}

// TestTwoProcessesLeaveACallAlone: what the platform has refused to one process for the day, the other does not ask for, and both
// ask again after midnight.
func TestTwoProcessesLeaveACallAlone(t *testing.T) {
	w := newTown(t)
	other := w.neighbour()
	w.order(code(draftDelete, 45009, 1))
	ask := func(h *house) int { return bot.Code(h.client.DeleteDraft(t.Context(), "none")) }
	if got := ask(w.house); got != 45009 {
		t.Fatalf("first call: %d, want 45009", got)
	}
	if got := ask(other); got != 45009 || w.gate.count(draftDelete) != 1 {
		t.Errorf("the other process: %d after %d calls, want the refusal without a call", got, w.gate.count(draftDelete))
	}
	w.clock.Set(workday.Of(w.clock.Now()).AddDays(1).At(0, 0))
	for _, h := range []*house{w.house, other} {
		if got := ask(h); got != 0 { // a draft that is not there is deleted
			t.Errorf("after midnight: %d", got)
		}
	}
}
