package bot_test

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"
	"time"

	"shoushan/bot"
	"shoushan/posts"
	"shoushan/simulator"
	"shoushan/workday"
)

func TestRefusedCallsAreLeftAlone(t *testing.T) {
	tests := []struct {
		name  string
		code  int
		until time.Time // when the call is made again; zero: at once
	}{
		{"day quota: till midnight in Beijing", 45009, workday.Of(noon).AddDays(1).At(0, 0)},
		{"minute quota: till the next minute", 45011, noon.Add(time.Minute)},
		{"no right: for an hour", 48001, noon.Add(time.Hour)},
		{"a mistake of ours", 45003, time.Time{}},
		{"busy", -1, time.Time{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := newPlatform(t)
			now := noon
			c := p.client(t, func(cfg *bot.ClientConfig) { cfg.Now = func() time.Time { return now } })
			p.says("/cgi-bin/draft/add", `{"errcode":`+itoa(tt.code)+`,"errmsg":"x"}`)
			draft := func() error { _, err := c.AddDraft(t.Context(), posts.Article{Title: "题"}); return err }
			first := draft()
			calls := p.count("/cgi-bin/draft/add")
			if bot.Code(first) != tt.code || calls == 0 {
				t.Fatalf("first call: %v after %d calls", first, calls)
			}
			if again := draft(); bot.Code(again) != tt.code {
				t.Fatalf("second call: %v, want the same refusal", again)
			}
			if parked := p.count("/cgi-bin/draft/add") == calls; parked != !tt.until.IsZero() {
				t.Fatalf("the second call was kept back: %v", parked)
			}
			if tt.until.IsZero() {
				return
			}
			now = tt.until.Add(-time.Nanosecond)
			_ = draft()
			if p.count("/cgi-bin/draft/add") != calls {
				t.Error("called before its time")
			}
			now = tt.until
			_ = draft()
			if p.count("/cgi-bin/draft/add") == calls {
				t.Error("not called when its time had come")
			}
		})
	}
}

// Two processes behave as one: what one has met, the other does not ask for again; what one lets go, the other may ask for.
func TestParkingIsShared(t *testing.T) {
	p := newPlatform(t)
	now, papers := noon, newPapers()
	process := func() *bot.Client {
		return p.client(t, func(cfg *bot.ClientConfig) { cfg.Now, cfg.Parked = func() time.Time { return now }, papers })
	}
	draft := func(c *bot.Client) error {
		_, err := c.AddDraft(t.Context(), posts.Article{Title: "题"})
		return err
	}
	const add, quota = "/cgi-bin/draft/add", "/cgi-bin/openapi/quota/get"
	one, two := process(), process()
	p.says(add, `{"errcode":45009,"errmsg":"x"}`)
	if err := draft(one); bot.Code(err) != 45009 {
		t.Fatal(err)
	}
	made := p.count(add)
	for name, c := range map[string]*bot.Client{"the same process": one, "the other": two, "one that starts later": process()} {
		if err := draft(c); bot.Code(err) != 45009 || p.count(add) != made {
			t.Errorf("%s: %v after %d calls, want the refusal without a call", name, err, p.count(add)-made)
		}
	}
	p.says(add, `{"media_id":"M"}`)
	p.says(quota, `{"quota":{"daily_limit":10,"used":0,"remain":10}}`) // somebody has had it cleared
	if _, err := two.QuotaOf(t.Context(), add); err != nil {
		t.Fatal(err)
	}
	if err := draft(one); err != nil {
		t.Errorf("after the other process saw it cleared: %v", err)
	}
	p.says(add, `{"errcode":45011,"errmsg":"x"}`)
	if err := draft(two); bot.Code(err) != 45011 {
		t.Fatal(err)
	}
	p.says(add, `{"media_id":"M"}`)
	if err := draft(one); bot.Code(err) != 45011 {
		t.Errorf("in the same minute: %v, want the refusal", err)
	}
	now = noon.Add(time.Minute)
	if err := draft(one); err != nil {
		t.Errorf("in the next minute: %v", err)
	}
}

// While the store does not answer, each process goes by what it has met itself, and calls go on.
func TestParkingWithoutTheStore(t *testing.T) {
	p := newPlatform(t)
	papers, log := newPapers(), &bytes.Buffer{}
	process := func() *bot.Client {
		return p.client(t, func(cfg *bot.ClientConfig) { cfg.Parked, cfg.Log = papers, slog.New(slog.NewTextHandler(log, nil)) })
	}
	const add = "/cgi-bin/draft/add"
	one, two := process(), process()
	draft := func(c *bot.Client) error {
		_, err := c.AddDraft(t.Context(), posts.Article{Title: "题"})
		return err
	}
	papers.down = true
	p.says(add, `{"errcode":45009,"errmsg":"x"}`)
	if err := draft(one); bot.Code(err) != 45009 {
		t.Fatal(err)
	}
	made := p.count(add)
	if err := draft(one); bot.Code(err) != 45009 || p.count(add) != made {
		t.Errorf("its own refusal is forgotten: %v", err)
	}
	p.says(add, `{"media_id":"M"}`)
	if err := draft(two); err != nil {
		t.Errorf("another process: %v, want the call to be made", err)
	}
	if !strings.Contains(log.String(), "level=WARN") || strings.Contains(log.String(), "level=ERROR") {
		t.Errorf("log: %s", log)
	}
	papers.down = false
	if err := draft(one); bot.Code(err) != 45009 {
		t.Errorf("when the store is back: %v, want what it has met to hold", err)
	}
}

func TestParkedCallsAreSeenAndReleased(t *testing.T) {
	h := newGauged(t)
	_, err := h.AddFault(simulator.Fault{On: "/cgi-bin/draft/add", Kind: simulator.FaultCode, Code: 48001})
	if err != nil {
		t.Fatal(err)
	}
	draft := func() error {
		_, err := h.client.AddDraft(t.Context(), posts.Article{Title: "题", HTML: "<p>x</p>"})
		return err
	}
	if err := draft(); bot.Code(err) != 48001 {
		t.Fatal(err)
	}
	f := finding(t, h.health(t), "暂停的功能：新增草稿")
	if f.Condition != bot.Bad || !strings.Contains(f.Do, "已认证的公众号") || !strings.Contains(f.Says, "13:00") {
		t.Errorf("a missing right shows as %+v", f)
	}
	h.ClearFaults()
	if err := draft(); bot.Code(err) != 48001 {
		t.Errorf("within the hour: %v, want the call to be left alone", err)
	}
	m := event(bot.Qualified, "<xml><ExpiredTime>1900000000</ExpiredTime></xml>")
	m.CreatedAt = noon.Add(time.Minute)
	hear(t, h.gauge, m)
	for _, f := range h.health(t).Findings {
		if strings.HasPrefix(f.Name, "暂停") {
			t.Errorf("after the certificate was renewed: %+v", f)
		}
	}
	if err := draft(); bot.Code(err) == 48001 {
		t.Errorf("after the certificate was renewed: %v", err)
	}
}

// What waits is told by a name that staff know, not by a path.
func TestParkedCallsHaveNames(t *testing.T) {
	h := newGauged(t)
	for path, name := range map[string]string{"/cgi-bin/draft/delete": "删除作废的草稿", "/cgi-bin/draft/count": "/cgi-bin/draft/count"} {
		if _, err := h.AddFault(simulator.Fault{On: path, Kind: simulator.FaultCode, Code: 45009}); err != nil {
			t.Fatal(err)
		}
		_ = h.client.DeleteDraft(t.Context(), "m")
		_, _ = h.client.DraftCount(t.Context())
		if f := finding(t, h.health(t), "暂停的功能："+name); f.Condition != bot.Attention || !strings.Contains(f.Says, "2026-11-24 00:00") {
			t.Errorf("%s shows as %+v", path, f)
		}
	}
}

func TestAlarms(t *testing.T) {
	h := newGauged(t)
	var log bytes.Buffer
	client := bot.NewClient(bot.ClientConfig{
		AppID: simulator.DefaultAppID, AppSecret: simulator.DefaultAppSecret, BaseURL: h.url, Now: h.clock,
		Log: slog.New(slog.NewTextHandler(&log, nil)), Observe: h.gauge.Observe, Alarm: h.gauge.Alarm,
	})
	alerts := func() []bot.Alert {
		t.Helper()
		list, err := h.gauge.Alerts(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return list
	}
	if got := alerts(); len(got) != 0 {
		t.Errorf("before anything: %+v", got)
	}
	configure := func(ips []string) {
		if err := h.Configure(func(s *simulator.Settings) { s.IPList = ips }); err != nil {
			t.Fatal(err)
		}
	}
	configure([]string{"203.0.113.9"})
	if err := client.Ping(t.Context()); bot.Code(err) != 40164 {
		t.Fatal(err)
	}
	got := alerts()
	if len(got) != 1 || got[0].Condition != bot.Bad || !strings.Contains(got[0].Says, "127.0.0.1") || !got[0].Since.Equal(noon) {
		t.Errorf("after 40164: %+v, want the address to enter", got)
	}
	if text := log.String(); !strings.Contains(text, "level=ERROR") || !strings.Contains(text, "127.0.0.1") || strings.Contains(text, simulator.DefaultAppSecret) {
		t.Errorf("log: %s", text)
	}
	configure(nil)
	h.advance(time.Minute)
	if err := client.Ping(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := alerts(); len(got) != 0 {
		t.Errorf("after a call got through: %+v", got)
	}
	m := event(bot.VerifyExpired, "<xml><ExpiredTime>1700000000</ExpiredTime></xml>")
	m.CreatedAt = noon
	hear(t, h.gauge, m)
	if got := alerts(); len(got) != 1 || !strings.Contains(got[0].Says, "认证已经过期") {
		t.Errorf("after the certificate expired: %+v", got)
	}
}
