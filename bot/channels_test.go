package bot_test

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"shoushan/bot"
	"shoushan/fault"
	"shoushan/simulator"
)

// memoryPapers is Papers as its comment promises it.
type memoryPapers struct {
	mu     sync.Mutex
	values map[string][]byte
	down   bool
}

func newPapers() *memoryPapers { return &memoryPapers{values: map[string][]byte{}} }

func (p *memoryPapers) Get(_ context.Context, name string) ([]byte, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.down {
		return nil, errDown
	}
	if v, there := p.values[name]; there {
		return bytes.Clone(v), nil
	}
	return nil, fault.New(fault.NotFound, "没有。")
}

func (p *memoryPapers) Update(_ context.Context, name string, _ time.Duration, change func([]byte) ([]byte, error)) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.down {
		return errDown
	}
	v, err := change(bytes.Clone(p.values[name]))
	switch {
	case err != nil:
		return err
	case v == nil:
		delete(p.values, name)
	default:
		p.values[name] = v
	}
	return nil
}

func (p *memoryPapers) Delete(_ context.Context, name string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.values, name)
	return nil
}

// ways is a desk with all the ways to a citizen, over fake senders.
type ways struct {
	*desk
	consents *bot.Consents
	calls    *bot.Calls
	oneTime  []bot.OneTime
	template []map[string]string
	err      error // of the consented senders
}

func (w *ways) SendOneTime(_ context.Context, m bot.OneTime) error {
	if w.err == nil {
		w.oneTime = append(w.oneTime, m)
	}
	return w.err
}

func (w *ways) SendSubscription(_ context.Context, _, _, _ string, data map[string]string) error {
	if w.err == nil {
		w.template = append(w.template, data)
	}
	return w.err
}

func newWays() *ways {
	w := &ways{desk: newDesk()}
	w.consents = &bot.Consents{Papers: newPapers(), Now: w.Now}
	w.calls = &bot.Calls{Papers: newPapers(), Now: w.Now}
	w.Channels = bot.Channels{Sender: w, Consents: w.consents, OneTimeTemplate: "once", Template: "tpl", Field: "thing1", Page: "https://example.org/progress"}
	w.Calls = w.calls
	return w
}

// agree makes the citizen agree to one one-time message.
func (w *ways) agree(t *testing.T) {
	t.Helper()
	_, nonce, err := w.consents.Offer(t.Context(), citizen)
	if err == nil {
		err = w.consents.Answer(t.Context(), citizen, nonce, true)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func (w *ways) subscribe(t *testing.T, answer string) {
	t.Helper()
	raw := "<xml><SubscribeMsgPopupEvent><List><TemplateId>tpl</TemplateId><SubscribeStatusString>" + answer + "</SubscribeStatusString></List></SubscribeMsgPopupEvent></xml>"
	w.contact(t, event("subscribe_msg_popup_event", raw), bot.Reply{})
}

func (w *ways) rows(t *testing.T) []bot.CallRow {
	t.Helper()
	rows, err := w.calls.Rows(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func TestChannelOrder(t *testing.T) {
	w := newWays()
	w.contact(t, bot.Message{Type: bot.TextMessage}, bot.Reply{Text: "好"})
	w.agree(t)
	w.subscribe(t, "accept")
	for i := range 5 {
		if how := w.notify(t, "窗口内"+itoa(i)); how != bot.Sent {
			t.Errorf("message %d of the window: %s", i+1, how)
		}
	}
	if how := w.notify(t, "请补正"); how != bot.SentOneTime || len(w.oneTime) != 1 || w.oneTime[0].Content != "请补正" || w.oneTime[0].URL == "" {
		t.Errorf("after the window: %s, %+v, want the one-time message", how, w.oneTime)
	}
	if len(w.outbox.texts[citizen]) != 0 {
		t.Error("a text that was sent whole is queued as well")
	}
	if how := w.notify(t, "已答复"); how != bot.SentSubscription || len(w.template) != 1 || w.template[0]["thing1"] == "" {
		t.Errorf("after the one-time message: %s, %v, want the subscription message", how, w.template)
	}
	if got := w.outbox.texts[citizen]; !slices.Equal(got, []string{"已答复"}) {
		t.Errorf("queued %q, want the whole text of what the template cannot say", got)
	}
	if rows := w.rows(t); len(rows) != 0 {
		t.Errorf("somebody is to phone already: %+v", rows)
	}
	if how := w.notify(t, "最后一条"); how != bot.QueuedWindow {
		t.Errorf("with no way left: %s", how)
	}
	rows := w.rows(t)
	if len(rows) != 1 || rows[0].OpenID != citizen || !slices.Equal(rows[0].Texts, []string{"最后一条"}) || rows[0].Why != bot.QueuedWindow || !rows[0].Since.Equal(noon) {
		t.Fatalf("to be phoned: %+v", rows)
	}
	w.contact(t, bot.Message{Type: bot.TextMessage}, bot.Reply{Text: "好"})
	if rows := w.rows(t); len(rows) != 0 {
		t.Errorf("after the texts were shown somebody is still to phone: %+v", rows)
	}
}

func TestChannelsThatFail(t *testing.T) {
	tests := []struct {
		name    string
		err     error
		oneTime int // consents left afterwards
	}{
		{"no consent, says the platform", apiError(43101), 0},
		{"quota", apiError(45009), 1},
		{"unreachable", fault.New(fault.Unavailable, "连不上。"), 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newWays()
			w.agree(t)
			w.err = tt.err
			if how := w.notify(t, "通知"); how != bot.QueuedWindow || len(w.rows(t)) != 1 || len(w.outbox.texts[citizen]) != 1 {
				t.Errorf("%s, rows %+v, queued %q", how, w.rows(t), w.outbox.texts[citizen])
			}
			if left, _, err := w.consents.Left(t.Context(), citizen, "tpl"); err != nil || left != tt.oneTime {
				t.Errorf("%d consents left, %v, want %d", left, err, tt.oneTime)
			}
		})
	}
}

// When WeChat does not answer at all, the consent is not tried, and somebody is asked to phone.
func TestChannelsWhenThePlatformIsSilent(t *testing.T) {
	w := newWays()
	w.agree(t)
	w.contact(t, bot.Message{Type: bot.TextMessage}, bot.Reply{Text: "好"})
	w.phone.err = fault.New(fault.Unavailable, "连不上。")
	if how := w.notify(t, "通知"); how != bot.QueuedUnsure || len(w.oneTime) != 0 || len(w.rows(t)) != 1 {
		t.Errorf("%s, %v, %+v", how, w.oneTime, w.rows(t))
	}
}

func TestLongTextByOneTimeMessage(t *testing.T) {
	w := newWays()
	w.agree(t)
	long := strings.Repeat("长", 201)
	if how := w.notify(t, long); how != bot.SentOneTime || len([]rune(w.oneTime[0].Content)) != bot.OneTimeContent {
		t.Errorf("%s, %d characters", how, len([]rune(w.oneTime[0].Content)))
	}
	if got := w.outbox.texts[citizen]; !slices.Equal(got, []string{long}) {
		t.Errorf("queued %q, want the whole text", got)
	}
}

func TestOffers(t *testing.T) {
	w := newWays()
	scene1, nonce1, err1 := w.consents.Offer(t.Context(), citizen)
	scene2, nonce2, err2 := w.consents.Offer(t.Context(), citizen)
	if err1 != nil || err2 != nil || scene1 == scene2 || nonce1 == nonce2 || len(nonce1) < 16 {
		t.Fatalf("offers %d %q %v, %d %q %v", scene1, nonce1, err1, scene2, nonce2, err2)
	}
	for name, answer := range map[string]struct{ openID, nonce string }{
		"a guess": {citizen, "GUESS"}, "nothing": {citizen, ""}, "another citizen": {"o-other", nonce1}, "no citizen": {"<script>", nonce1},
	} {
		if err := w.consents.Answer(t.Context(), answer.openID, answer.nonce, true); !fault.Is(err, fault.NotFound) {
			t.Errorf("%s: %v, want NotFound", name, err)
		}
	}
	if err := w.consents.Answer(t.Context(), citizen, nonce1, false); err != nil {
		t.Error(err)
	}
	if err := w.consents.Answer(t.Context(), citizen, nonce1, true); !fault.Is(err, fault.NotFound) {
		t.Errorf("a second answer: %v, want NotFound", err)
	}
	if err := w.consents.Answer(t.Context(), citizen, nonce2, true); err != nil {
		t.Error(err)
	}
	_, late, err := w.consents.Offer(t.Context(), citizen)
	if err != nil {
		t.Fatal(err)
	}
	w.now = w.now.Add(8 * 24 * time.Hour)
	if err := w.consents.Answer(t.Context(), citizen, late, true); !fault.Is(err, fault.NotFound) {
		t.Errorf("after a week: %v, want NotFound", err)
	}
	if left, _, err := w.consents.Left(t.Context(), citizen, ""); err != nil || left != 1 {
		t.Errorf("%d consents, %v, want one", left, err)
	}
	if err := w.consents.Forget(t.Context(), citizen); err != nil {
		t.Fatal(err)
	}
	if left, _, err := w.consents.Left(t.Context(), citizen, ""); err != nil || left != 0 {
		t.Errorf("after Forget %d, %v", left, err)
	}
}

func TestSubscriptionIsTakenBack(t *testing.T) {
	w := newWays()
	w.subscribe(t, "accept")
	w.subscribe(t, "accept")
	if _, n, _ := w.consents.Left(t.Context(), citizen, "tpl"); n != 2 {
		t.Errorf("%d, want 2", n)
	}
	w.subscribe(t, "reject")
	if _, n, _ := w.consents.Left(t.Context(), citizen, "tpl"); n != 0 {
		t.Errorf("after a refusal %d, want 0", n)
	}
}

func TestCalls(t *testing.T) {
	w := newWays()
	w.notify(t, "一")
	w.now = w.now.Add(time.Hour)
	w.notify(t, "二")
	if _, err := w.Notify(t.Context(), "o-second", "三"); err != nil {
		t.Fatal(err)
	}
	rows := w.rows(t)
	if len(rows) != 2 || !slices.Equal(rows[0].Texts, []string{"一", "二"}) || !rows[0].Since.Equal(noon) || rows[0].ID == rows[1].ID {
		t.Fatalf("rows %+v", rows)
	}
	if done, err := w.calls.Done(t.Context(), rows[0].ID); err != nil || done.OpenID != citizen {
		t.Errorf("Done() = %+v, %v", done, err)
	}
	if _, err := w.calls.Done(t.Context(), rows[0].ID); !fault.Is(err, fault.NotFound) {
		t.Errorf("done twice: %v, want NotFound", err)
	}
	if rows := w.rows(t); len(rows) != 1 || rows[0].OpenID != "o-second" {
		t.Errorf("left %+v", rows)
	}
}

// A ledger that fails keeps nobody from being told.
func TestChannelsWithoutLedgers(t *testing.T) {
	w := newWays()
	w.consents.Papers.(*memoryPapers).down, w.calls.Papers.(*memoryPapers).down = true, true
	if how := w.notify(t, "通知"); how != bot.QueuedWindow || len(w.outbox.texts[citizen]) != 1 {
		t.Errorf("%s, %q", how, w.outbox.texts[citizen])
	}
	if r := w.contact(t, bot.Message{Type: bot.TextMessage}, bot.Reply{Text: "好"}); !strings.Contains(r.Text, "通知") {
		t.Errorf("at the next contact: %q", r.Text)
	}
}

// The same over HTTP: the citizen agrees on WeChat's page, the window closes, the one-time message arrives.
func TestOneTimeChannelAgainstTheSimulator(t *testing.T) {
	h := newHouse(t, simulator.Safe)
	consents := &bot.Consents{Papers: newPapers(), Now: h.clock}
	h.notifier.Channels = bot.Channels{Sender: h.client, Consents: consents, OneTimeTemplate: simulator.DefaultTemplateID}
	h.notifier.Calls = &bot.Calls{Papers: newPapers(), Now: h.clock}
	_, openID := h.chat(t, "zhang")
	scene, nonce, err := consents.Offer(t.Context(), openID)
	if err != nil {
		t.Fatal(err)
	}
	page, err := h.client.ConsentPage(simulator.DefaultTemplateID, scene, "https://example.org/remind", nonce)
	if err != nil {
		t.Fatal(err)
	}
	h.tap(t, "/phone/consent", map[string]any{"citizen": "zhang", "url": page, "agree": true})
	if err := consents.Answer(t.Context(), openID, nonce, true); err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{bot.SentOneTime, bot.QueuedWindow} {
		if how, err := h.notifier.Notify(t.Context(), openID, "您的申请已答复"); err != nil || how != want {
			t.Errorf("notice %d: %s, %v, want %s", i+1, how, err, want)
		}
	}
	if got, _ := h.chat(t, "zhang"); len(got) != 1 || got[0] != "您的申请已答复" {
		t.Errorf("the phone shows %q", got)
	}
	if rows, err := h.notifier.Calls.Rows(t.Context()); err != nil || len(rows) != 1 {
		t.Errorf("to be phoned: %+v, %v", rows, err)
	}
}

func apiError(code int) error { return errors.Join(&bot.APIError{Code: code, Path: "/x"}) }

// The platform accepts a message and says later that it did not arrive: then somebody has to phone.
func TestAcceptedAndNotDelivered(t *testing.T) {
	failed := func(code string) bot.Message {
		return event(bot.SubscriptionSent, "<xml><SubscribeMsgSentEvent><List><TemplateId>tpl</TemplateId><MsgID>1</MsgID><ErrorCode>"+code+"</ErrorCode></List></SubscribeMsgSentEvent></xml>")
	}
	w := newWays()
	w.subscribe(t, "accept")
	if how := w.notify(t, "请补正"); how != bot.SentSubscription {
		t.Fatal(how)
	}
	w.contact(t, failed("0"), bot.Reply{})
	if rows := w.rows(t); len(rows) != 0 {
		t.Errorf("delivered, and somebody is to phone: %+v", rows)
	}
	w.contact(t, failed("43101"), bot.Reply{})
	rows := w.rows(t)
	if len(rows) != 1 || !slices.Equal(rows[0].Texts, []string{"请补正"}) || !strings.Contains(rows[0].Why, "43101") {
		t.Fatalf("to be phoned: %+v", rows)
	}
	w.contact(t, bot.Message{Type: bot.TextMessage}, bot.Reply{Text: "好"}) // sees the text
	if rows := w.rows(t); len(rows) != 0 {
		t.Errorf("after the text was shown: %+v", rows)
	}
	w.contact(t, event(bot.TemplateDone, "<xml><MsgID>2</MsgID><Status>failed:user block</Status></xml>"), bot.Reply{})
	if rows := w.rows(t); len(rows) != 1 || !strings.Contains(rows[0].Texts[0], "没有送达") || !strings.Contains(rows[0].Why, "拒收") {
		t.Errorf("with nothing queued: %+v", rows)
	}
}
