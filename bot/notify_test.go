package bot_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"shoushan/bot"
	"shoushan/fault"
)

// memoryWindows is WindowLedger as its comment promises it.
type memoryWindows struct {
	mu   sync.Mutex
	open map[string]map[string]*window
	down bool
}

type window struct {
	left  int
	until time.Time
}

func (l *memoryWindows) Grant(_ context.Context, openID, kind string, allowance int, until time.Time) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.down {
		return errDown
	}
	if l.open[openID] == nil {
		l.open[openID] = map[string]*window{}
	}
	l.open[openID][kind] = &window{allowance, until}
	return nil
}

func (l *memoryWindows) Spend(_ context.Context, openID string, now time.Time) (bool, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.down {
		return false, errDown
	}
	var best *window
	for _, w := range l.open[openID] {
		if w.left > 0 && now.Before(w.until) && (best == nil || w.until.Before(best.until)) {
			best = w
		}
	}
	if best != nil {
		best.left--
	}
	return best != nil, nil
}

func (l *memoryWindows) Revoke(_ context.Context, openID string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.open, openID)
	return nil
}

// memoryOutbox is Outbox as its comment promises it.
type memoryOutbox struct {
	mu    sync.Mutex
	texts map[string][]string
	down  bool
}

func (o *memoryOutbox) Queue(_ context.Context, openID, text string) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.down {
		return errDown
	}
	o.texts[openID] = append(o.texts[openID], text)
	return nil
}

func (o *memoryOutbox) Waiting(_ context.Context, openID string) ([]string, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.down {
		return nil, errDown
	}
	return slices.Clone(o.texts[openID]), nil
}

func (o *memoryOutbox) Remove(_ context.Context, openID string, texts []string) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, text := range texts {
		if i := slices.Index(o.texts[openID], text); i >= 0 {
			o.texts[openID] = slices.Delete(o.texts[openID], i, i+1)
		}
	}
	return nil
}

// phone receives customer-service messages, or fails.
type phone struct {
	got []string
	err error
}

func (p *phone) SendText(_ context.Context, _, text string) error {
	if p.err != nil {
		return p.err
	}
	p.got = append(p.got, text)
	return nil
}

const citizen = "o-citizen"

// desk is a Notifier with everything around it, and a clock that tests move.
type desk struct {
	*bot.Notifier
	phone   phone
	windows *memoryWindows
	outbox  *memoryOutbox
	now     time.Time
}

func newDesk() *desk {
	d := &desk{now: noon, windows: &memoryWindows{open: map[string]map[string]*window{}}, outbox: &memoryOutbox{texts: map[string][]string{}}}
	d.Notifier = &bot.Notifier{Sender: &d.phone, Windows: d.windows, Outbox: d.outbox, Now: func() time.Time { return d.now }, Log: quiet}
	return d
}

// contact lets a message through the middleware and returns what the citizen reads.
func (d *desk) contact(t *testing.T, m bot.Message, answer bot.Reply) bot.Reply {
	t.Helper()
	m.From = citizen
	h := d.Contact()(func(context.Context, bot.Message) (bot.Reply, error) { return answer, nil })
	r, err := h(t.Context(), m)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func (d *desk) notify(t *testing.T, text string) string {
	t.Helper()
	how, err := d.Notify(t.Context(), citizen, text)
	if err != nil {
		t.Fatal(err)
	}
	return how
}

var (
	typed = bot.Message{ID: "1", Type: bot.TextMessage, Text: "在吗"}
	tap   = bot.Message{Type: bot.EventMessage, Event: bot.Click, EventKey: "k"}
)

func TestNotifyWithinTheWindows(t *testing.T) {
	tests := []struct {
		name    string
		contact bot.Message
		after   time.Duration
		sent    int
	}{
		{"a message: 5 in 48 h", typed, 47*time.Hour + 59*time.Minute, 5},
		{"a message: none after 48 h", typed, 48 * time.Hour, 0},
		{"a tap: 3 in 1 min", tap, 59 * time.Second, 3},
		{"a tap: none after 1 min", tap, time.Minute, 0},
		{"a msgmenu item counts as a tap", bot.Message{ID: "2", Type: bot.TextMessage, MenuItemID: "1"}, time.Second, 3},
		{"a follow: 3 in 1 min", bot.Message{Type: bot.EventMessage, Event: bot.Subscribe}, time.Second, 3},
		{"a scan: 3 in 1 min", bot.Message{Type: bot.EventMessage, Event: bot.Scan}, time.Second, 3},
		{"a link in the menu: nothing", bot.Message{Type: bot.EventMessage, Event: bot.View}, time.Second, 0},
		{"a job of the platform: nothing", bot.Message{Type: bot.EventMessage, Event: bot.PublishDone}, time.Second, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := newDesk()
			d.contact(t, tt.contact, bot.Reply{})
			d.now = d.now.Add(tt.after)
			for i := range 6 {
				want := bot.Sent
				if i >= tt.sent {
					want = bot.QueuedWindow
				}
				if how := d.notify(t, "通知"+itoa(i)); how != want {
					t.Errorf("notice %d: %s, want %s", i+1, how, want)
				}
			}
			if len(d.phone.got) != tt.sent || len(d.outbox.texts[citizen]) != 6-tt.sent {
				t.Errorf("%d sent, %d queued, want %d and %d", len(d.phone.got), len(d.outbox.texts[citizen]), tt.sent, 6-tt.sent)
			}
		})
	}
}

func TestUnsubscribeClosesTheWindows(t *testing.T) {
	d := newDesk()
	d.contact(t, typed, bot.Reply{})
	d.contact(t, bot.Message{Type: bot.EventMessage, Event: bot.Unsubscribe}, bot.Reply{})
	if how := d.notify(t, "x"); how != bot.QueuedWindow {
		t.Errorf("after unsubscribing: %s", how)
	}
}

func TestNotifyWhenSendingFails(t *testing.T) {
	unreachable := fault.New(fault.Unavailable, "暂时连不上。")
	tests := []struct {
		name string
		err  error
		how  string
		left bool // whether the window is still used afterwards
	}{
		{"window closed, says the platform", &bot.APIError{Code: 45015}, bot.QueuedWindow, false},
		{"allowance used up, says the platform", &bot.APIError{Code: 45047}, bot.QueuedWindow, false},
		{"account not certified", &bot.APIError{Code: 48001}, bot.QueuedRefused, true},
		{"busy", &bot.APIError{Code: -1}, bot.QueuedUnsure, true},
		{"no answer", unreachable, bot.QueuedUnsure, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := newDesk()
			d.contact(t, typed, bot.Reply{})
			d.phone.err = tt.err
			if how := d.notify(t, "通知"); how != tt.how || len(d.outbox.texts[citizen]) != 1 {
				t.Errorf("%s, %v queued, want %s and the text", how, d.outbox.texts, tt.how)
			}
			d.phone.err = nil
			if how := d.notify(t, "下一条"); (how == bot.Sent) != tt.left {
				t.Errorf("next notice: %s", how)
			}
		})
	}
}

func TestNotifyLosesNothing(t *testing.T) {
	d := newDesk()
	if _, err := d.Notify(t.Context(), "", "x"); !fault.Is(err, fault.Invalid) {
		t.Errorf("nobody: %v, want Invalid", err)
	}
	d.outbox.down = true
	if how, err := d.Notify(t.Context(), citizen, "x"); !fault.Is(err, fault.Unavailable) || how != "" {
		t.Errorf("neither sent nor queued: %q, %v, want Unavailable", how, err)
	}
	d.outbox.down, d.windows.down = false, true
	if how := d.notify(t, "x"); how != bot.QueuedWindow {
		t.Errorf("ledger down: %s, want queued", how)
	}
}

// hangingPhone gives no answer in the caller's time.
type hangingPhone struct{}

func (hangingPhone) SendText(ctx context.Context, _, _ string) error {
	<-ctx.Done()
	return ctx.Err()
}

func TestNotifyQueuesAfterTheCallersTime(t *testing.T) {
	d := newDesk()
	d.contact(t, typed, bot.Reply{})
	d.Sender, d.Outbox = hangingPhone{}, punctualOutbox{d.outbox}
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	how, err := d.Notify(ctx, citizen, "通知")
	if err != nil || how != bot.QueuedUnsure || len(d.outbox.texts[citizen]) != 1 {
		t.Errorf("%s, %v, %v queued, want the text", how, err, d.outbox.texts)
	}
}

// punctualOutbox works in the caller's time only, as a store does.
type punctualOutbox struct{ *memoryOutbox }

func (o punctualOutbox) Queue(ctx context.Context, openID, text string) error {
	return errors.Join(ctx.Err(), o.memoryOutbox.Queue(ctx, openID, text))
}

func TestNotifySplitsLongTexts(t *testing.T) {
	d := newDesk()
	d.contact(t, typed, bot.Reply{})
	long := strings.Repeat("长", 1000) // 3000 bytes
	if how := d.notify(t, long); how != bot.Sent || len(d.phone.got) != 2 || strings.Join(d.phone.got, "") != long {
		t.Errorf("%s in %d parts", how, len(d.phone.got))
	}
	for range 3 {
		d.notify(t, "x")
	}
	d.notify(t, long)
	for _, part := range d.outbox.texts[citizen] {
		if len(part) > 1000 {
			t.Errorf("a queued part has %d bytes: no reply would have room for it", len(part))
		}
	}
	if strings.Join(d.outbox.texts[citizen], "") != long {
		t.Error("the queued parts are not the text")
	}
}

func TestWaitingTextsAreShownAtTheNextContact(t *testing.T) {
	d := newDesk()
	d.notify(t, "您的申请已答复。")
	silent := d.contact(t, bot.Message{Type: bot.EventMessage, Event: bot.View}, bot.Reply{})
	if !silent.Empty() {
		t.Errorf("a link tap got %+v: the citizen would not see it", silent)
	}
	cards := d.contact(t, tap, bot.Reply{News: []bot.NewsItem{{Title: "x"}}})
	if cards.Text != "" || len(d.outbox.texts[citizen]) != 1 {
		t.Errorf("cards cannot carry text: %+v", cards)
	}
	got := d.contact(t, typed, bot.Reply{Text: "您好。"})
	if !strings.Contains(got.Text, "您的申请已答复。") || !strings.HasSuffix(got.Text, "您好。") || len(d.outbox.texts[citizen]) != 0 {
		t.Errorf("reply = %q, waiting %v", got.Text, d.outbox.texts)
	}
	if again := d.contact(t, typed, bot.Reply{Text: "您好。"}); again.Text != "您好。" {
		t.Errorf("shown again: %q", again.Text)
	}
}

func TestWaitingTextsAndSilence(t *testing.T) {
	d := newDesk()
	d.notify(t, "通知")
	if got := d.contact(t, typed, bot.Reply{}); !strings.Contains(got.Text, "通知") {
		t.Errorf("reply = %q", got.Text)
	}
}

// Whatever waits and however long replies are: no reply is longer than the platform takes, and every text is shown,
// whole and in order, within a number of contacts.
func TestEveryWaitingTextIsShown(t *testing.T) {
	for _, length := range []int{0, 10, 500, 900, 1900, 5000} {
		d := newDesk()
		var want []string
		for i := range 7 {
			text := itoa(i) + strings.Repeat("告", 300)
			want = append(want, text)
			d.notify(t, text)
		}
		answer := strings.Repeat("答", length/3)
		var shown strings.Builder
		for range 30 {
			r := d.contact(t, typed, bot.Reply{Text: answer})
			if len(r.Text) > bot.MaxTextBytes {
				t.Fatalf("reply of %d bytes", len(r.Text))
			}
			shown.WriteString(r.Text)
			answer = "好"
			if len(d.outbox.texts[citizen]) == 0 {
				break
			}
		}
		at := 0
		for _, text := range want {
			i := strings.Index(shown.String()[at:], text)
			if i < 0 {
				t.Fatalf("answer of %d bytes: %.6q was never shown", length, text)
			}
			at += i
		}
		if n := strings.Count(shown.String(), "答"); n != length/3 {
			t.Errorf("answer of %d bytes: %d of %d characters shown", length, n, length/3)
		}
	}
}

func TestContactWhenStorageFails(t *testing.T) {
	d := newDesk()
	d.outbox.down, d.windows.down = true, true
	if got := d.contact(t, typed, bot.Reply{Text: "您好。"}); got.Text != "您好。" {
		t.Errorf("reply = %q, want the answer all the same", got.Text)
	}
	long := d.contact(t, typed, bot.Reply{Text: strings.Repeat("长", 1000)})
	if len(long.Text) > bot.MaxTextBytes || !strings.Contains(long.Text, "未能全部显示") {
		t.Errorf("long reply of %d bytes ends %q", len(long.Text), long.Text[len(long.Text)-60:])
	}
}

func TestContactPassesErrorsOn(t *testing.T) {
	d := newDesk()
	d.notify(t, "通知")
	h := d.Contact()(func(context.Context, bot.Message) (bot.Reply, error) { return bot.Reply{}, errDown })
	m := typed
	m.From = citizen
	if _, err := h(t.Context(), m); !errors.Is(err, errDown) || len(d.outbox.texts[citizen]) != 1 {
		t.Errorf("error = %v, waiting %v", err, d.outbox.texts)
	}
}

func TestSplitText(t *testing.T) {
	tests := []struct {
		name, text string
		limit      int
		want       []string
	}{
		{"short", "短", 10, []string{"短"}},
		{"empty", "", 10, []string{""}},
		{"between characters", "一二三四", 7, []string{"一二", "三四"}},
		{"at a line", "abcdef\nghi", 8, []string{"abcdef", "ghi"}},
		{"at a sentence", "你好吗。再见", 15, []string{"你好吗。", "再见"}},
		{"four-byte characters", "😀😀", 5, []string{"😀", "😀"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, bot.SplitText(tt.text, tt.limit)); diff != "" {
				t.Errorf("SplitText (-want +got):\n%s", diff)
			}
		})
	}
}
