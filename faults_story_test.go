package main

import (
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"shoushan/bench"
	"shoushan/bot"
	"shoushan/simulator"
)

// storyRow is a fault that is more than one disturbed delivery.
type storyRow struct {
	fault, point, effect string
	run                  func(w *town)
}

var storyRows = []storyRow{
	{"two messages in the wrong order", "two answers", "each counts for the question that was open; one request in the end", func(w *town) {
		w.tellScript(0, atKind)
		passed := make(chan struct{})
		w.road.bend(bend{after: passed}) // “1” is held up until the name has passed
		w.post("/phone/text", map[string]any{"citizen": townsman, "text": script[atKind].say})
		w.await(func() bool { return w.road.deliveries() == atKind+2 }) // following and what was said before count too
		w.post("/phone/text", map[string]any{"citizen": townsman, "text": script[atName].say})
		w.await(func() bool {
			return strings.Contains(strings.Join(w.shown(), ""), "没有看懂") || w.diary.count() == atKind+2
		})
		close(passed)
		w.platform.Wait()
		w.finish(atName)
	}},
	{"确认 sent twice, as two messages", "two processes, the same instant", "one request; both hear the same receipt", func(w *town) {
		w.tellScript(0, atConfirm)
		heard := w.atOnce(script[atConfirm].say)
		if heard[0] != heard[1] || !strings.Contains(heard[0], script[atConfirm].see) {
			w.t.Errorf("the two processes answer %q", heard)
		}
		w.finish(len(script))
	}},
	{"one answer sent twice, as two messages", "two processes, the same instant", "the dialogue moves one question, nothing typed is lost", func(w *town) {
		w.tellScript(0, atName)
		w.atOnce(script[atName].say)
		w.finish(atName + 1)
	}},
	{"unsubscribes", "in the middle of an application", "the draft is deleted at once; nothing is filed", func(w *town) {
		w.tellScript(0, atConfirm)
		w.do("/phone/unfollow", map[string]any{})
		if data, _, err := w.store.Drafts().Load(w.t.Context(), w.openID()); err != nil || len(data) > 0 {
			w.t.Errorf("%d bytes of the draft are left, %v", len(data), err)
		}
		w.do("/phone/follow", map[string]any{})
		w.expect(w.say("确认"), []string{"没有正在填写的申请"}, "确认")
		w.finish(atFirst)
	}},
	{"unsubscribes", "after the receipt", "the request is kept; a notice is queued without a call", func(w *town) {
		w.tellScript(0, len(script))
		id := w.openID()
		w.do("/phone/unfollow", map[string]any{})
		ctx, cancel := contextFor(w.t, time.Second)
		defer cancel()
		if how, err := w.desk.Notifier.Notify(ctx, id, notice); err != nil || how != bot.QueuedWindow || w.gate.count(customSend) != 0 {
			w.t.Errorf("notice: %s, %v, %d calls", how, err, w.gate.count(customSend))
		}
		w.clock.Set(w.clock.Now().Add(time.Minute))
		w.expect(w.do("/phone/follow", map[string]any{}), []string{notice}, "following again")
		w.finish(len(script))
	}},
	{"unsubscribe event pushed twice", "in the middle of an application", "the draft is deleted; following again starts afresh", func(w *town) {
		w.tellScript(0, atName)
		w.order(simulator.Fault{On: "unsubscribe", Kind: simulator.FaultDuplicate, Times: 1})
		w.do("/phone/unfollow", map[string]any{})
		w.do("/phone/follow", map[string]any{})
		w.finish(atFirst)
	}},
	{"unsubscribe event comes after following again", "a new application", "deleted all the same: leaving counts, whatever the clocks say; begun again, filed once", func(w *town) {
		w.tellScript(0, atName)
		w.order(simulator.Fault{On: "unsubscribe", Kind: simulator.FaultLate, DelayMS: 600, Times: 1})
		w.post("/phone/unfollow", map[string]any{"citizen": townsman})
		w.clock.Set(w.clock.Now().Add(10 * time.Second))
		w.post("/phone/follow", map[string]any{"citizen": townsman})
		w.await(func() bool { return len(w.shown()) == 1 })
		w.post("/phone/text", map[string]any{"citizen": townsman, "text": "申请公开"})
		w.await(func() bool { return len(w.shown()) == 2 })
		w.platform.Wait()
		w.expect(w.say("同意"), []string{"请回复数字或者文字"}, "同意")
		w.finish(atFirst)
	}},
	{"unknown event in mid dialogue", "an application", "the dialogue goes on where it was", func(w *town) {
		w.tellScript(0, atName)
		w.post("/sim/push", map[string]any{"citizen": townsman, "event": "brand_new_event", "fields": map[string]string{"X": "1"}})
		w.platform.Wait()
		w.finish(atName)
	}},
	{"a picture, a voice and a place in mid dialogue", "an application", "told to type; the dialogue goes on where it was", func(w *town) {
		w.tellScript(0, atName)
		w.expect(w.do("/phone/voice", map[string]any{"seconds": 3}), []string{script[atKind].see}, "voice")
		w.expect(w.do("/phone/location", map[string]any{"text": "镇上", "latitude": 35.7, "longitude": 113.2}), []string{script[atKind].see}, "place")
		w.finish(atName)
	}},
}

func TestFaultsOfLongerStories(t *testing.T) {
	var table printed
	table.print(t, "faults in the course of a dialogue")
	for _, row := range storyRows {
		table.row(t, row.fault, row.point, row.effect, func(t *testing.T) {
			w := newTown(t)
			w.post("/phone/follow", map[string]any{"citizen": townsman})
			w.platform.Wait()
			row.run(w)
		})
	}
}

// atOnce has the citizen say a text in two messages that reach two processes at the same instant, and returns the answers.
func (w *town) atOnce(text string) (heard [2]string) {
	w.t.Helper()
	other := httptest.NewServer(w.neighbour().handler)
	w.t.Cleanup(other.Close)
	there, err := bench.NewPusher(other.URL+"/wechat", simulator.DefaultToken, simulator.DefaultAESKey, simulator.DefaultAppID, w.clock.Now)
	if err != nil {
		w.t.Fatal(err)
	}
	citizen := w.openID()
	var both sync.WaitGroup
	for i, pusher := range []*bench.Pusher{w.pusher, there} {
		both.Go(func() {
			a, err := pusher.Push(w.t.Context(), bench.Text(citizen, strconv.Itoa(880000+i), text, w.clock.Now()))
			if err != nil {
				w.t.Error(err)
			}
			heard[i] = a.Text
		})
	}
	both.Wait()
	return heard
}

// tellScript says the lines of the script from one to before another.
func (w *town) tellScript(from, to int) {
	w.t.Helper()
	for _, line := range script[from:to] {
		w.expect(w.say(line.say), []string{line.see}, line.say)
	}
}

// await waits for something to become true, for ten seconds at most.
func (w *town) await(ready func() bool) {
	w.t.Helper()
	for deadline := time.Now().Add(10 * time.Second); !ready(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			w.t.Fatalf("waited in vain; the phone shows %q", w.shown())
		}
	}
}
