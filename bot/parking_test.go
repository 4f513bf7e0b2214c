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
