package bot_test

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"sync"
	"testing"
	"time"

	"shoushan/bot"
	"shoushan/fault"
	"shoushan/simulator"
)

// memoryMemo is Memo as its comment promises it.
type memoryMemo struct {
	mu     sync.Mutex
	values map[string][]byte
	down   bool
}

func (m *memoryMemo) Setting(_ context.Context, name string, v any) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if data, there := m.values[name]; there {
		return json.Unmarshal(data, v)
	}
	return fault.New(fault.NotFound, "没有。")
}

func (m *memoryMemo) ChangeSetting(_ context.Context, name string, change func([]byte) ([]byte, error)) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.down {
		return errDown
	}
	data, err := change(bytes.Clone(m.values[name]))
	if err == nil {
		m.values[name] = data
	}
	return err
}

func newGauge(now func() time.Time) *bot.Gauge {
	return &bot.Gauge{Memo: &memoryMemo{values: map[string][]byte{}}, Now: now, Log: quiet}
}

// gauged is a house whose client is watched.
type gauged struct {
	*house
	gauge *bot.Gauge
}

func newGauged(t *testing.T) *gauged {
	h := &gauged{house: newHouse(t, simulator.Safe)}
	h.gauge = newGauge(h.clock)
	h.client = bot.NewClient(bot.ClientConfig{
		AppID: simulator.DefaultAppID, AppSecret: simulator.DefaultAppSecret, BaseURL: h.url, Now: h.clock, Log: quiet, Observe: h.gauge.Observe,
	})
	return h
}

// hear lets a message through the gauge.
func hear(t *testing.T, g *bot.Gauge, m bot.Message) {
	t.Helper()
	if _, err := g.Watch()(func(context.Context, bot.Message) (bot.Reply, error) { return bot.Reply{}, nil })(t.Context(), m); err != nil {
		t.Fatal(err)
	}
}

func (h *gauged) health(t *testing.T) bot.Health {
	t.Helper()
	got, err := h.client.Health(t.Context(), h.gauge)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func finding(t *testing.T, h bot.Health, name string) bot.Finding {
	t.Helper()
	for _, f := range h.Findings {
		if f.Name == name {
			return f
		}
	}
	t.Fatalf("no finding %q in %+v", name, h.Findings)
	return bot.Finding{}
}

func quota(t *testing.T, h bot.Health, name string) bot.QuotaLine {
	t.Helper()
	for _, q := range h.Quotas {
		if q.Name == name {
			return q
		}
	}
	t.Fatalf("no quota %q in %+v", name, h.Quotas)
	return bot.QuotaLine{}
}

func TestHealthOfAWorkingAccount(t *testing.T) {
	h := newGauged(t)
	h.addDraft(t, "一")
	hear(t, h.gauge, bot.Message{Type: bot.TextMessage})
	got := h.health(t)
	for _, name := range []string{"访问令牌", "IP 白名单", "消息推送"} {
		if f := finding(t, got, name); f.Condition != bot.Good || f.Says == "" || f.Do != "" {
			t.Errorf("%s: %+v, want good with nothing to do", name, f)
		}
	}
	if f := finding(t, got, "公众号认证"); f.Condition != bot.Unknown || f.Do == "" {
		t.Errorf("certificate: %+v, want unknown with advice", f)
	}
	if q := quota(t, got, "新增草稿"); q.Ours != 1 || q.Used != 1 || q.Left != 999 || q.Note != "" {
		t.Errorf("drafts: %+v", q)
	}
	if got.Trouble() || !got.Checked.Equal(noon) {
		t.Errorf("Trouble() of %+v", got)
	}
}

func TestHealthSeesAnotherProgram(t *testing.T) {
	h := newGauged(t)
	other := bot.NewClient(bot.ClientConfig{AppID: simulator.DefaultAppID, AppSecret: simulator.DefaultAppSecret, BaseURL: h.url, Now: h.clock, Log: quiet})
	ours := h.client
	h.client = other
	h.addDraft(t, "别的程序")
	h.client = ours
	h.addDraft(t, "我们")
	if q := quota(t, h.health(t), "新增草稿"); q.Ours != 1 || q.Used != 2 || !strings.Contains(q.Note, "1 次不是本系统用的") {
		t.Errorf("drafts: %+v", q)
	}
	if err := h.Configure(func(s *simulator.Settings) { s.Quota = map[string]int{"/cgi-bin/draft/add": 2} }); err != nil {
		t.Fatal(err)
	}
	if q := quota(t, h.health(t), "新增草稿"); q.Left != 0 || !strings.Contains(q.Note, "用完") {
		t.Errorf("used up: %+v", q)
	}
	h.advance(24 * time.Hour)
	if q := quota(t, h.health(t), "新增草稿"); q.Ours != 0 || q.Used != 0 {
		t.Errorf("on the next day: %+v", q)
	}
}

func TestHealthOfABrokenAccount(t *testing.T) {
	tests := []struct {
		name, finding string
		fault         simulator.Fault
		says, do      string
	}{
		{"40164", "IP 白名单", simulator.Fault{On: "*", Kind: simulator.FaultCode, Code: 40164}, "白名单", "加入"},
		{"89503", "IP 白名单", simulator.Fault{On: "*", Kind: simulator.FaultCode, Code: 89503}, "管理员确认", "管理员"},
		{"40125", "访问令牌", simulator.Fault{On: "*", Kind: simulator.FaultCode, Code: 40125}, "AppSecret", "管理员"},
		{"50007", "访问令牌", simulator.Fault{On: "*", Kind: simulator.FaultCode, Code: 50007}, "屏蔽", "管理员"},
		{"502", "访问令牌", simulator.Fault{On: "*", Kind: simulator.FaultStatus}, "连不上", "api.weixin.qq.com"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := newGauged(t)
			if _, err := h.AddFault(tt.fault); err != nil {
				t.Fatal(err)
			}
			got := h.health(t)
			if f := finding(t, got, tt.finding); f.Condition != bot.Bad || !strings.Contains(f.Says, tt.says) || !strings.Contains(f.Do, tt.do) || !got.Trouble() {
				t.Errorf("%+v, want bad, %q and %q", f, tt.says, tt.do)
			}
			if q := quota(t, got, "发布"); q.Note == "" {
				t.Errorf("quota without the platform: %+v, want a note", q)
			}
			for _, f := range got.Findings {
				if strings.Contains(f.Says+f.Do, simulator.DefaultAppSecret) {
					t.Errorf("%s tells the secret", f.Name)
				}
			}
		})
	}
}

func TestHealthNamesTheAddress(t *testing.T) {
	h := newGauged(t)
	if err := h.Configure(func(s *simulator.Settings) { s.IPList = []string{"203.0.113.9"} }); err != nil {
		t.Fatal(err)
	}
	if f := finding(t, h.health(t), "IP 白名单"); f.Condition != bot.Bad || !strings.Contains(f.Says, "127.0.0.1") {
		t.Errorf("%+v, want the address that has to be entered", f)
	}
}

func TestHealthOfTheCallback(t *testing.T) {
	h := newGauged(t)
	if f := finding(t, h.health(t), "消息推送"); f.Condition != bot.Attention || !strings.Contains(f.Do, "手机") {
		t.Errorf("never: %+v", f)
	}
	hear(t, h.gauge, bot.Message{Type: bot.TextMessage})
	h.advance(73 * time.Hour)
	if f := finding(t, h.health(t), "消息推送"); f.Condition != bot.Attention || !strings.Contains(f.Says, "2026-11-23 12:00") {
		t.Errorf("three days ago: %+v", f)
	}
}

func TestHealthOfTheCertificate(t *testing.T) {
	expires := func(name bot.Event, at time.Time) bot.Message {
		m := event(name, "<xml><Event>"+string(name)+"</Event><ExpiredTime>"+itoa(int(at.Unix()))+"</ExpiredTime><FailReason>材料不全</FailReason></xml>")
		m.CreatedAt = noon
		return m
	}
	tests := []struct {
		name string
		m    bot.Message
		want bot.Condition
		says string
	}{
		{"renewed", expires("qualification_verify_success", noon.AddDate(1, 0, 0)), bot.Good, "2027年11月23日"},
		{"soon", expires("annual_renew", noon.AddDate(0, 1, 0)), bot.Attention, "2026年12月23日"},
		{"over by date", expires("annual_renew", noon.AddDate(0, 0, -1)), bot.Bad, "过期"},
		{"expired", expires("verify_expired", noon.AddDate(0, 0, -1)), bot.Bad, "过期"},
		{"refused", expires("qualification_verify_fail", time.Unix(0, 0)), bot.Bad, "材料不全"},
		{"reminded without a date", expires("annual_renew", time.Unix(0, 0)), bot.Attention, "年审"},
	}
	for _, tt := range tests {
		h := newGauged(t)
		hear(t, h.gauge, tt.m)
		if f := finding(t, h.health(t), "公众号认证"); f.Condition != tt.want || !strings.Contains(f.Says, tt.says) || (f.Do == "") != (tt.want == bot.Good) {
			t.Errorf("%s: %+v, want %s and %q", tt.name, f, tt.want, tt.says)
		}
	}
	h := newGauged(t)
	if err := h.Configure(func(s *simulator.Settings) { s.Kind = simulator.Uncertified }); err != nil {
		t.Fatal(err)
	}
	_, _, _ = h.client.SubmitPublish(t.Context(), "m")
	if f := finding(t, h.health(t), "公众号认证"); f.Condition != bot.Bad || !strings.Contains(f.Says, "freepublish/submit") {
		t.Errorf("after 48001: %+v", f)
	}
	h.advance(25 * time.Hour)
	if f := finding(t, h.health(t), "公众号认证"); f.Condition != bot.Unknown {
		t.Errorf("a day after 48001: %+v", f)
	}
}

// Two processes count together; what could not be written is not lost.
func TestGaugeFlush(t *testing.T) {
	h := newGauged(t)
	memo := h.gauge.Memo.(*memoryMemo)
	second := &bot.Gauge{Memo: memo, Now: h.clock, Log: quiet}
	second.Observe("/cgi-bin/draft/add", 0, 0)
	second.Observe("/cgi-bin/draft/add", 42001, 0) // refused at the door: not counted
	if err := second.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	memo.down = true
	h.gauge.Observe("/cgi-bin/draft/add", -2, 0)
	if err := h.gauge.Flush(t.Context()); err == nil {
		t.Error("a ledger that is down was written")
	}
	if _, err := h.client.Health(t.Context(), h.gauge); err == nil {
		t.Error("health without its ledger is no answer")
	}
	memo.down = false
	if q := quota(t, h.health(t), "新增草稿"); q.Ours != 2 {
		t.Errorf("%d, want both", q.Ours)
	}
	if q := quota(t, h.health(t), "新增草稿"); q.Ours != 2 {
		t.Errorf("asked again %d, want 2 still", q.Ours)
	}
}
