package bot_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"shoushan/bot"
	"shoushan/posts"
	"shoushan/simulator"
)

// house is the bot and the simulated platform, which share nothing but HTTP and a clock.
type house struct {
	*simulator.Server
	client   *bot.Client
	notifier *bot.Notifier
	outbox   *memoryOutbox
	counter  counter
	url      string // of the platform

	mu        sync.Mutex
	now       time.Time
	published []posts.PublishStatus // verdicts that came by event
	masses    []posts.MassOutcome   // likewise
	submitted int                   // calls of freepublish/submit that left
	massSent  int                   // calls of mass/sendall that left
}

func (h *house) clock() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.now
}

func (h *house) advance(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.now = h.now.Add(d)
}

func newHouse(t *testing.T, mode simulator.CallbackMode, change ...func(*simulator.Settings)) *house {
	t.Helper()
	h := &house{now: noon, outbox: &memoryOutbox{texts: map[string][]string{}}}
	settings := simulator.DefaultSettings()
	settings.RetryPauseMS, settings.PublishDelayMS = 1, 1
	for _, c := range change {
		c(&settings)
	}
	h.Server = &simulator.Server{Mode: mode, Settings: &settings, Now: h.clock}
	mux := http.NewServeMux()
	account := httptest.NewServer(mux)
	h.CallbackURL = account.URL + "/wechat"
	platform := httptest.NewServer(h.Handler())
	h.url = platform.URL
	t.Cleanup(account.Close)
	t.Cleanup(platform.Close)
	t.Cleanup(h.Close)
	h.client = bot.NewClient(bot.ClientConfig{
		AppID: simulator.DefaultAppID, AppSecret: simulator.DefaultAppSecret, BaseURL: platform.URL, Now: h.clock, Log: quiet,
		HTTP: &http.Client{Timeout: 2 * time.Second},
		Observe: func(path string, _ int, _ time.Duration) {
			h.mu.Lock()
			defer h.mu.Unlock()
			switch path {
			case "/cgi-bin/freepublish/submit":
				h.submitted++
			case sendAll:
				h.massSent++
			}
		},
	})
	windows := &memoryWindows{open: map[string]map[string]*window{}}
	h.notifier = &bot.Notifier{Sender: h.client, Windows: windows, Outbox: h.outbox, Now: h.clock, Log: quiet}
	mux.Handle("/wechat", h.callback(mode))
	return h
}

func (h *house) callback(mode simulator.CallbackMode) *bot.Callback {
	router := bot.Router{
		{Match: bot.OnEvent(bot.PublishDone, bot.MassDone), Handler: h.jobDone},
		{Match: bot.OnType(bot.TextMessage), Handler: h.counter.handle},
	}
	answer := bot.Chain(router.Handler(), bot.Recover(quiet), bot.LogWithoutContent(quiet, h.clock), bot.Deadline(4*time.Second), h.notifier.Contact())
	cfg := bot.Config{Token: simulator.DefaultToken, AESKey: simulator.DefaultAESKey, AppID: simulator.DefaultAppID, Mode: bot.Mode(mode.String())}
	if mode == simulator.Plain {
		cfg.AESKey = ""
	}
	return &bot.Callback{Config: cfg, Once: newOnce(time.Now), Handler: answer, Log: quiet, Now: h.clock}
}

func (h *house) jobDone(_ context.Context, m bot.Message) (bot.Reply, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if r, ok := bot.MassEvent(m); ok {
		h.masses = append(h.masses, r.Outcome(m.CreatedAt))
	}
	if _, st, ok := bot.PublishEvent(m); ok {
		h.published = append(h.published, st)
	}
	return bot.Reply{}, nil
}

// tap does something on a citizen's phone and waits until the platform is quiet.
func (h *house) tap(t *testing.T, path string, in map[string]any) {
	t.Helper()
	body, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.Post(h.url+path, "application/json", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	if out, _ := io.ReadAll(res.Body); res.StatusCode != http.StatusOK {
		t.Fatalf("%s: %d %s", path, res.StatusCode, out)
	}
	h.Wait()
}

// bubble is what a phone shows.
type bubble struct{ From, Text string }

// chat returns the texts that the account has sent to a citizen, and the citizen's OpenID.
func (h *house) chat(t *testing.T, citizen string) (texts []string, openID string) {
	t.Helper()
	res, err := http.Get(h.url + "/phone/chat?citizen=" + citizen)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	var out struct {
		Citizen struct{ OpenID string }
		Bubbles []bubble
	}
	if err := json.NewDecoder(res.Body).Decode(&out); err != nil {
		t.Fatal(err)
	}
	for _, b := range out.Bubbles {
		if b.From == "account" {
			texts = append(texts, b.Text)
		}
	}
	return texts, out.Citizen.OpenID
}

func TestChatAgainstTheSimulator(t *testing.T) {
	for _, mode := range []simulator.CallbackMode{simulator.Plain, simulator.Compatible, simulator.Safe} {
		t.Run(mode.String(), func(t *testing.T) {
			h := newHouse(t, mode)
			h.tap(t, "/phone/follow", map[string]any{"citizen": "zhang"})
			h.tap(t, "/phone/text", map[string]any{"citizen": "zhang", "text": "你好 <我> & ]]> 😀"})
			if got, _ := h.chat(t, "zhang"); len(got) != 1 || got[0] != "第1次：你好 <我> & ]]> 😀" {
				t.Errorf("the phone shows %q", got)
			}
			for _, ex := range h.Wire() {
				if ex.Direction == "callback" && (!ex.OK || ex.Attempt != 1) {
					t.Errorf("callback %s: attempt %d, status %d, %s", ex.Title, ex.Attempt, ex.Status, ex.Note)
				}
			}
		})
	}
}

// The platform delivers again although it has been answered, or cuts a slow answer: one effect, one reply.
func TestDuplicatesAndCutsAgainstTheSimulator(t *testing.T) {
	h := newHouse(t, simulator.Safe, func(s *simulator.Settings) { s.ReplyTimeoutMS = 300 })
	h.tap(t, "/phone/follow", map[string]any{"citizen": "zhang"})
	if _, err := h.AddFault(simulator.Fault{On: "message", Kind: simulator.FaultDuplicate, Times: 1}); err != nil {
		t.Fatal(err)
	}
	h.tap(t, "/phone/text", map[string]any{"citizen": "zhang", "text": "一"})
	if h.counter.count() != 1 {
		t.Errorf("a duplicate: handled %d times, want 1", h.counter.count())
	}
	h.counter.then = func(context.Context, bot.Message) (bot.Reply, error) {
		time.Sleep(450 * time.Millisecond) // longer than one delivery, shorter than two
		return bot.Reply{Text: "慢慢答"}, nil
	}
	h.tap(t, "/phone/text", map[string]any{"citizen": "zhang", "text": "二"})
	got, _ := h.chat(t, "zhang")
	if h.counter.count() != 2 || got[len(got)-1] != "慢慢答" {
		t.Errorf("a cut: handled %d times in all, the phone shows %q, want 2 and the reply", h.counter.count(), got)
	}
}

func TestNoticesAgainstTheSimulator(t *testing.T) {
	h := newHouse(t, simulator.Safe)
	h.tap(t, "/phone/follow", map[string]any{"citizen": "zhang"})
	h.tap(t, "/phone/text", map[string]any{"citizen": "zhang", "text": "在吗"})
	_, openID := h.chat(t, "zhang")
	if u, err := h.client.UserInfo(t.Context(), openID); err != nil || !u.Subscribed || u.OpenID != openID {
		t.Errorf("UserInfo() = %+v, %v", u, err)
	}
	if err := h.client.Typing(t.Context(), openID, true); err != nil {
		t.Errorf("Typing() = %v", err)
	}
	for i := range 9 { // 5 by the message, 3 by following a moment ago, then nothing: both sides must agree
		how, err := h.notifier.Notify(t.Context(), openID, "通知"+itoa(i))
		if err != nil || (how == bot.Sent) != (i < 8) {
			t.Errorf("notice %d: %s, %v", i+1, how, err)
		}
	}
	h.advance(49 * time.Hour)
	if how, err := h.notifier.Notify(t.Context(), openID, "隔了两天"); err != nil || how != bot.QueuedWindow {
		t.Errorf("after two days: %s, %v", how, err)
	}
	h.tap(t, "/phone/text", map[string]any{"citizen": "zhang", "text": "有消息吗"})
	got, _ := h.chat(t, "zhang")
	last := got[len(got)-1]
	for _, want := range []string{"通知8", "隔了两天", "有消息吗"} {
		if !strings.Contains(last, want) {
			t.Errorf("the phone shows %q, want also %q", last, want)
		}
	}
	for _, ex := range h.Wire() {
		if strings.Contains(ex.URL, "custom/send") && ex.ErrCode != 0 {
			t.Errorf("the platform refused a notice that our ledger allowed: %d", ex.ErrCode)
		}
	}
}

func TestMenuAndTokenAgainstTheSimulator(t *testing.T) {
	h := newHouse(t, simulator.Safe)
	for i, want := range []bool{true, false} {
		if changed, err := h.client.EnsureMenu(t.Context(), townMenu); err != nil || changed != want {
			t.Errorf("EnsureMenu() %d = %v, %v, want %v", i+1, changed, err, want)
		}
	}
	h.tap(t, "/sim/tokens/drop", nil)
	if m, err := h.client.Menu(t.Context()); err != nil || len(m) != 2 {
		t.Errorf("after the token died: %v, %v", m, err)
	}
	if _, _, err := h.client.DownloadMedia(t.Context(), "nothing"); bot.Code(err) != 40007 {
		t.Errorf("DownloadMedia() = %v, want 40007", err)
	}
}

// addDraft takes an article as far as the draft box.
func (h *house) addDraft(t *testing.T, title string) string {
	t.Helper()
	url, err := h.client.UploadImage(t.Context(), "图.png", dot(20, 20))
	if err != nil {
		t.Fatal(err)
	}
	cover, err := h.client.AddCover(t.Context(), "封面.png", dot(90, 40))
	if err != nil {
		t.Fatal(err)
	}
	id, err := h.client.AddDraft(t.Context(), posts.Article{Title: title, Author: "党政办", HTML: `<p>正文<img src="` + url + `"></p>`, CoverMediaID: cover.MediaID})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func TestPublishingAgainstTheSimulator(t *testing.T) {
	for _, asString := range []bool{false, true} {
		h := newHouse(t, simulator.Safe, func(s *simulator.Settings) { s.PublishIDAsString = asString })
		id := h.addDraft(t, "崇文镇要闻")
		if there, err := h.client.DraftExists(t.Context(), id); err != nil || !there {
			t.Fatalf("DraftExists() = %v, %v", there, err)
		}
		publishID, dataID, err := h.client.SubmitPublish(t.Context(), id)
		if err != nil || publishID == "" || dataID == "" {
			t.Fatalf("SubmitPublish() = %q, %q, %v", publishID, dataID, err)
		}
		h.Wait()
		st, err := h.client.PublishStatus(t.Context(), publishID)
		if err != nil || st.State != posts.PublishDone || st.URL == "" {
			t.Fatalf("PublishStatus() = %+v, %v", st, err)
		}
		found, ok, err := h.client.FindPublished(t.Context(), "崇文镇要闻", noon)
		if err != nil || !ok || found != st {
			t.Errorf("FindPublished() = %+v, %v, %v, want %+v", found, ok, err, st)
		}
		if len(h.published) != 1 || h.published[0] != st {
			t.Errorf("by event: %+v, want %+v once", h.published, st)
		}
		if there, err := h.client.DraftExists(t.Context(), id); err != nil || there {
			t.Errorf("the published draft exists: %v, %v", there, err)
		}
		if _, _, err := h.client.SubmitPublish(t.Context(), id); bot.Code(err) == 0 {
			t.Errorf("a second submission: %v, want a refusal", err)
		}
	}
}

// Whatever goes wrong at the one call that cannot be undone, it is made once, and what happened can be found out.
func TestPublishingFaultsAgainstTheSimulator(t *testing.T) {
	const submit = "/cgi-bin/freepublish/submit"
	tests := []struct {
		name       string
		fault      simulator.Fault
		unanswered bool
		happened   bool
	}{
		{"busy", simulator.Fault{Kind: simulator.FaultBusy}, true, false},
		{"status 502", simulator.Fault{Kind: simulator.FaultStatus}, true, false},
		{"hangs", simulator.Fault{Kind: simulator.FaultHang, DelayMS: 4000}, true, false},
		{"acts, then drops the connection", simulator.Fault{Kind: simulator.FaultDrop}, true, true},
		{"acts, answer truncated", simulator.Fault{Kind: simulator.FaultTruncate}, true, true},
		{"acts, answers too late", simulator.Fault{Kind: simulator.FaultSlow, DelayMS: 4000}, true, true},
		{"refuses", simulator.Fault{Kind: simulator.FaultCode, Code: 53503}, false, false},
		{"token dies in between", simulator.Fault{Kind: simulator.FaultCode, Code: 42001}, false, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t, simulator.Safe)
			id := h.addDraft(t, "题")
			tt.fault.On, tt.fault.Times = submit, 1
			if _, err := h.AddFault(tt.fault); err != nil {
				t.Fatal(err)
			}
			_, _, err := h.client.SubmitPublish(t.Context(), id)
			if _, unanswered := errors.AsType[*posts.UnansweredError](err); err == nil || unanswered != tt.unanswered {
				t.Errorf("SubmitPublish() = %v, want unanswered %v", err, tt.unanswered)
			}
			if h.submitted != 1 {
				t.Errorf("submitted %d times, want once", h.submitted)
			}
			h.reconcile(t, id, tt.happened)
		})
	}
}

// reconcile finds out, as the newsroom does, whether an unanswered submission happened.
func (h *house) reconcile(t *testing.T, mediaID string, happened bool) {
	t.Helper()
	h.Wait()
	there, err := h.client.DraftExists(t.Context(), mediaID)
	if err != nil || there == happened {
		t.Errorf("DraftExists() = %v, %v, want %v", there, err, !happened)
	}
	if _, found, err := h.client.FindPublished(t.Context(), "题", noon); err != nil || found != happened {
		t.Errorf("FindPublished() = %v, %v, want %v", found, err, happened)
	}
}
