package bot_test

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"shoushan/bot"
	"shoushan/fault"
)

// deliverLater sends a delivery with WeChat's cut after 5 s and reports when and what it got; "" after a cut.
func deliverLater(t *testing.T, h http.Handler, w *wechat, d delivery) (content string, took time.Duration) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	begun := time.Now()
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, d.request(ctx))
	took = time.Since(begun)
	if ctx.Err() != nil {
		return "", took
	}
	return w.open(t, rec).Content, took
}

// slow takes so long, unless it is told to stop.
func slow(d time.Duration) *counter {
	return &counter{then: func(ctx context.Context, m bot.Message) (bot.Reply, error) {
		select {
		case <-ctx.Done():
			return bot.Reply{}, ctx.Err()
		case <-time.After(d):
			return bot.Reply{Text: "办好了：" + m.Text}, nil
		}
	}}
}

func TestRetryOfOneStillInWorkWaitsForIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, once, w := slow(7*time.Second), newOnce(time.Now), newWechat(t, bot.Safe, time.Now)
		one, two := newCallback(bot.Safe, once, c.handle, time.Now), newCallback(bot.Safe, once, c.handle, time.Now)
		inner := textXML("1", "你好", time.Now())
		var wg sync.WaitGroup
		wg.Go(func() {
			if got, _ := deliverLater(t, one, w, w.deliver(inner)); got != "" {
				t.Errorf("first delivery got %q, want a cut", got)
			}
		})
		time.Sleep(5 * time.Second)
		got, took := deliverLater(t, two, w, w.deliver(inner))
		if got != "办好了：你好" || took > 2100*time.Millisecond || took < 1900*time.Millisecond {
			t.Errorf("retry got %q after %v, want the reply after 2 s", got, took)
		}
		wg.Wait()
		if got, took := deliverLater(t, one, w, w.deliver(inner)); got != "办好了：你好" || took > 100*time.Millisecond {
			t.Errorf("third delivery got %q after %v", got, took)
		}
		if c.count() != 1 {
			t.Errorf("handled %d times, want 1", c.count())
		}
	})
}

// A delivery that WeChat cuts while another is at work is as it should be; one that the store does not answer is an error.
func TestACutDeliveryIsNoError(t *testing.T) {
	for _, down := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			c, once, w := slow(0), newOnce(time.Now), newWechat(t, bot.Safe, time.Now)
			h, log := newCallback(bot.Safe, once, c.handle, time.Now), &bytes.Buffer{}
			h.Log = slog.New(slog.NewTextHandler(log, nil))
			inner := textXML("1", "你好", time.Now())
			if _, _, err := once.Begin(t.Context(), keyOf(t, inner), 10*time.Second); err != nil { // another process is at it
				t.Fatal(err)
			}
			once.setDown(down)
			ctx, cut := context.WithCancel(t.Context())
			time.AfterFunc(2*time.Second, cut)
			h.ServeHTTP(httptest.NewRecorder(), w.deliver(inner).request(ctx))
			if loud := strings.Contains(log.String(), "level=ERROR"); loud != down || !strings.Contains(log.String(), "callback not answered") {
				t.Errorf("store down: %v, an error in the log: %v:\n%s", down, loud, log)
			}
		})
	}
}

// A process that dies in mid-work loses no message: success would have ended the deliveries.
func TestRetryTakesOverFromADeadProcess(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, once, w := slow(0), newOnce(time.Now), newWechat(t, bot.Safe, time.Now)
		h := newCallback(bot.Safe, once, c.handle, time.Now)
		inner := textXML("1", "你好", time.Now())
		if _, state, err := once.Begin(t.Context(), keyOf(t, inner), 10*time.Second); state != bot.OnceFresh || err != nil {
			t.Fatal(state, err)
		}
		time.Sleep(5 * time.Second)
		if got, took := deliverLater(t, h, w, w.deliver(inner)); got != "" || took < 4500*time.Millisecond {
			t.Errorf("second delivery got %q after %v, want no answer", got, took)
		}
		time.Sleep(time.Millisecond)
		if got, _ := deliverLater(t, h, w, w.deliver(inner)); got != "办好了：你好" {
			t.Errorf("third delivery got %q, want the reply", got)
		}
		if c.count() != 1 {
			t.Errorf("handled %d times, want 1", c.count())
		}
	})
}

// keyOf learns the key of a message by letting a callback begin it.
func keyOf(t *testing.T, inner string) string {
	t.Helper()
	once, w := newOnce(time.Now), newWechat(t, bot.Safe, time.Now)
	silent := func(context.Context, bot.Message) (bot.Reply, error) { return bot.Reply{}, nil }
	post(t, newCallback(bot.Safe, once, silent, time.Now), w.deliver(inner))
	for key := range once.entries {
		return key
	}
	t.Fatal("no key")
	return ""
}

func TestStoreAwayForThreeSeconds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var c counter
		once, w := newOnce(time.Now), newWechat(t, bot.Safe, time.Now)
		h := newCallback(bot.Safe, once, c.handle, time.Now)
		once.setDown(true)
		time.AfterFunc(3*time.Second, func() { once.setDown(false) })
		if got, took := deliverLater(t, h, w, w.deliver(textXML("1", "你好", time.Now()))); got != "第1次：你好" || took > 3100*time.Millisecond {
			t.Errorf("got %q after %v, want the reply after 3 s", got, took)
		}
		synctest.Wait()
	})
}

func TestStoreAwayForGood(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var c counter
		once, w := newOnce(time.Now), newWechat(t, bot.Safe, time.Now)
		h := newCallback(bot.Safe, once, c.handle, time.Now)
		once.setDown(true)
		inner := textXML("1", "你好", time.Now())
		for i := range 2 {
			if got, _ := deliverLater(t, h, w, w.deliver(inner)); got != "" {
				t.Errorf("delivery %d got %q, want no answer so that it is repeated", i+1, got)
			}
		}
		if got, took := deliverLater(t, h, w, w.deliver(inner)); !strings.Contains(got, "请稍后再试") || took > 4600*time.Millisecond {
			t.Errorf("last delivery got %q after %v, want an apology in time", got, took)
		}
		if c.count() != 0 {
			t.Errorf("handled %d times without a store", c.count())
		}
	})
}

// The reply could not be remembered at once: it is tried again for as long as WeChat waits, so that a retry finds it.
func TestFinishIsTriedAgain(t *testing.T) {
	for _, away := range []time.Duration{200 * time.Millisecond, 3 * time.Second} {
		t.Run(away.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				once, w := newOnce(time.Now), newWechat(t, bot.Safe, time.Now)
				c := counter{then: func(context.Context, bot.Message) (bot.Reply, error) {
					once.setDown(true)
					time.AfterFunc(away, func() { once.setDown(false) })
					return bot.Reply{Text: "好"}, nil
				}}
				h := newCallback(bot.Safe, once, c.handle, time.Now)
				inner := textXML("1", "你好", time.Now())
				for range 2 {
					if got, took := deliverLater(t, h, w, w.deliver(inner)); got != "好" || took > 4600*time.Millisecond {
						t.Errorf("got %q after %v", got, took)
					}
				}
				if c.count() != 1 {
					t.Errorf("handled %d times, want 1", c.count())
				}
			})
		})
	}
}

// A handler that took all the time there was still has a moment to have its reply remembered, and no more.
func TestFinishEndsInTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		once, w := newOnce(time.Now), newWechat(t, bot.Safe, time.Now)
		c := counter{then: func(context.Context, bot.Message) (bot.Reply, error) {
			time.Sleep(4400 * time.Millisecond)
			once.setDown(true)
			return bot.Reply{Text: "好"}, nil
		}}
		h := newCallback(bot.Safe, once, c.handle, time.Now)
		if got, took := deliverLater(t, h, w, w.deliver(textXML("1", "你好", time.Now()))); got != "好" || took > 4950*time.Millisecond {
			t.Errorf("got %q after %v, want the reply before WeChat cuts", got, took)
		}
	})
}

func TestPanicWithoutRecoverGivesTheMessageBack(t *testing.T) {
	c := counter{then: func(context.Context, bot.Message) (bot.Reply, error) { panic("x") }}
	w := newWechat(t, bot.Safe, fixed)
	h := newCallback(bot.Safe, newOnce(fixed), c.handle, fixed)
	for range 2 {
		func() {
			defer func() {
				if recover() == nil {
					t.Error("the panic was swallowed")
				}
			}()
			post(t, h, w.deliver(textXML("1", "x", noon)))
		}()
	}
	if c.count() != 2 {
		t.Errorf("handled %d times, want 2", c.count())
	}
}

// Distinct messages stay distinct, whatever they have in common; the same event delivered twice is one.
func TestWhatCountsAsTheSame(t *testing.T) {
	tests := []struct {
		name  string
		a, b  string
		count int
	}{
		{"same MsgId", textXML("1", "x", noon), textXML("1", "x", noon), 1},
		{"other MsgId, same words", textXML("1", "x", noon), textXML("2", "x", noon), 2},
		{"same event again", eventXML("CLICK", "k", noon), eventXML("CLICK", "k", noon), 1},
		{"two keys in one second", eventXML("CLICK", "k", noon), eventXML("CLICK", "l", noon), 2},
		{"two events in one second", eventXML("SCAN", "k", noon), eventXML("subscribe", "k", noon), 2},
		{"same event a second later", eventXML("CLICK", "k", noon), eventXML("CLICK", "k", noon.Add(time.Second)), 2},
		{"two jobs in one second", jobXML("7"), jobXML("8"), 2},
		{"two publications done in one second", publishedXML("7", "0"), publishedXML("8", "0"), 2},
		{"done and banned in one second", publishedXML("7", "0"), publishedXML("7", "6"), 2},
		{"same publication again", publishedXML("7", "0"), publishedXML("7", "0"), 1},
		{"no id, no time, same body", "<xml><FromUserName>o</FromUserName><MsgType>text</MsgType></xml>", "<xml><FromUserName>o</FromUserName><MsgType>text</MsgType></xml>", 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var c counter
			w := newWechat(t, bot.Safe, fixed)
			h := newCallback(bot.Safe, newOnce(fixed), c.handle, fixed)
			post(t, h, w.deliver(tt.a))
			post(t, h, w.deliver(tt.b))
			if c.count() != tt.count {
				t.Errorf("handled %d times, want %d", c.count(), tt.count)
			}
		})
	}
}

func publishedXML(id, status string) string {
	return strings.NewReplacer("2247503051", id, "<publish_status>0", "<publish_status>"+status).Replace(publishXML)
}

func jobXML(id string) string {
	return "<xml><FromUserName>o</FromUserName><CreateTime>" + strconv.FormatInt(noon.Unix(), 10) +
		"</CreateTime><MsgType>event</MsgType><Event>MASSSENDJOBFINISH</Event><MsgID>" + id + "</MsgID></xml>"
}

// Two processes, many deliveries at once, five duplicates of each message: every message has exactly one effect and
// every delivery of it the same reply.
func TestManyDeliveriesAtOnceHaveOneEffectEach(t *testing.T) {
	const messages, copies = 60, 5
	var c counter
	effects := sync.Map{}
	c.then = func(_ context.Context, m bot.Message) (bot.Reply, error) {
		if _, twice := effects.LoadOrStore(m.ID, true); twice {
			t.Errorf("message %s had two effects", m.ID)
		}
		time.Sleep(time.Millisecond)
		return bot.Reply{Text: "答" + m.ID}, nil
	}
	once := newOnce(time.Now)
	w := newWechat(t, bot.Safe, time.Now)
	processes := []*bot.Callback{newCallback(bot.Safe, once, c.handle, time.Now), newCallback(bot.Safe, once, c.handle, time.Now)}
	var wg sync.WaitGroup
	for i := range messages * copies {
		id := strconv.Itoa(i % messages)
		d := w.deliver(textXML(id, "x", time.Now()))
		wg.Go(func() {
			if p := w.open(t, post(t, processes[i%2], d)); p.Content != "答"+id {
				t.Errorf("message %s got %q", id, p.Content)
			}
		})
	}
	wg.Wait()
	if c.count() != messages {
		t.Errorf("handled %d times, want %d", c.count(), messages)
	}
}

// A job's event that could not be handled is delivered again: nobody would see an apology, and the event would be lost.
func TestPlatformEventsAreRepeatedUntilHandled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		left := 1
		c := counter{then: func(context.Context, bot.Message) (bot.Reply, error) {
			if left--; left >= 0 {
				return bot.Reply{}, fault.New(fault.Unavailable, "暂时存不了。")
			}
			return bot.Reply{}, nil
		}}
		w := newWechat(t, bot.Safe, time.Now)
		h := newCallback(bot.Safe, newOnce(time.Now), c.handle, time.Now)
		inner := eventXML("PUBLISHJOBFINISH", "", time.Now())
		if _, took := deliverLater(t, h, w, w.deliver(inner)); took < 5*time.Second {
			t.Errorf("the first delivery was answered after %v: WeChat would not repeat it", took)
		}
		if _, took := deliverLater(t, h, w, w.deliver(inner)); took > time.Second || c.count() != 2 {
			t.Errorf("the second took %v, handled %d times, want 2", took, c.count())
		}
		left = 1
		inner = eventXML("PUBLISHJOBFINISH", "", time.Now().Add(-10*time.Second))
		if _, took := deliverLater(t, h, w, w.deliver(inner)); took > time.Second {
			t.Errorf("the last delivery took %v, want an end", took)
		}
	})
}
