package bot_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"shoushan/bot"
)

// delivered lets the gauge see a delivery from an address that was answered with the status.
func delivered(t *testing.T, g *bot.Gauge, address, method string, status int) {
	t.Helper()
	answer := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) })
	rec := httptest.NewRecorder()
	g.From(func(*http.Request) string { return address }, answer).ServeHTTP(rec, httptest.NewRequest(method, "/wechat", nil))
	if rec.Code != status {
		t.Errorf("a delivery from %s was answered with %d, want %d: nothing is refused for its address", address, rec.Code, status)
	}
}

func TestWhereDeliveriesComeFrom(t *testing.T) {
	tests := []struct {
		name, address, method string
		status                int
		stranger              bool
	}{
		{"on the list", "101.226.103.60", http.MethodPost, 200, false},
		{"in a network on the list", "58.246.220.31", http.MethodPost, 200, false},
		{"written as IPv6", "::ffff:101.226.103.60", http.MethodPost, 200, false},
		{"a stranger", "203.0.113.7", http.MethodPost, 200, true},
		{"a stranger who was refused", "203.0.113.7", http.MethodPost, 403, false},
		{"somebody who only looks", "203.0.113.7", http.MethodGet, 200, false},
		{"a proxy of one's own", "10.0.0.7", http.MethodPost, 200, false},
		{"this machine", "127.0.0.1", http.MethodPost, 200, false},
		{"no address", "@", http.MethodPost, 200, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := newPlatform(t)
			p.says(ipPath, `{"ip_list":["101.226.103.60","58.246.220.0/24"]}`)
			g := newGauge(fixed)
			c := p.client(t, func(cfg *bot.ClientConfig) { cfg.Now = fixed })
			if n, err := g.RefreshOrigins(t.Context(), c); n != 2 || err != nil {
				t.Fatalf("RefreshOrigins() = %d, %v", n, err)
			}
			delivered(t, g, tt.address, tt.method, tt.status)
			h, err := c.Health(t.Context(), g)
			if err != nil {
				t.Fatal(err)
			}
			f := finding(t, h, "推送来源")
			if got := f.Condition == bot.Attention && strings.Contains(f.Says, tt.address); got != tt.stranger || !got && f.Condition != bot.Good {
				t.Errorf("%+v, want a stranger: %v", f, tt.stranger)
			}
		})
	}
}

// An account whose data format is JSON gets an answer to nothing: the administrator is told, until XML arrives.
func TestDeliveriesInJSON(t *testing.T) {
	tests := []struct {
		name, body string
		status     int
		told       bool
	}{
		{"JSON, signed", `{"ToUserName":"gh_1","Encrypt":"x"}`, 200, true},
		{"JSON from somebody else", `{"ToUserName":"gh_1"}`, 403, false},
		{"XML", `<xml></xml>`, 200, false},
		{"nothing", ``, 200, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			g := newGauge(fixed)
			answer := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				body, err := io.ReadAll(r.Body)
				if err != nil || string(body) != tt.body {
					t.Errorf("the callback gets %q, %v", body, err)
				}
				w.WriteHeader(tt.status)
			})
			post := httptest.NewRequest(http.MethodPost, "/wechat", strings.NewReader(tt.body))
			g.From(func(*http.Request) string { return "127.0.0.1" }, answer).ServeHTTP(httptest.NewRecorder(), post)
			list, err := g.Alerts(t.Context())
			if err != nil || (len(list) == 1 && strings.Contains(list[0].Says, "JSON") && strings.Contains(list[0].Do, "XML")) != tt.told || !tt.told && len(list) != 0 {
				t.Errorf("Alerts() = %+v, %v, want told: %v", list, err, tt.told)
			}
		})
	}
}

func TestJSONIsMended(t *testing.T) {
	h := newGauged(t)
	door := h.gauge.From(func(*http.Request) string { return "127.0.0.1" }, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { _, _ = io.ReadAll(r.Body) }))
	door.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodPost, "/wechat", strings.NewReader("{}")))
	if f := finding(t, h.health(t), "消息推送"); f.Condition != bot.Bad || !strings.Contains(f.Do, "数据格式改为 XML") {
		t.Errorf("after JSON: %+v", f)
	}
	h.advance(time.Minute)
	hear(t, h.gauge, bot.Message{Type: bot.TextMessage})
	if f := finding(t, h.health(t), "消息推送"); f.Condition != bot.Good {
		t.Errorf("after XML: %+v", f)
	}
}

func TestOriginsAreAskedAnewAndKept(t *testing.T) {
	p := newPlatform(t)
	p.says(ipPath, `{"ip_list":["101.226.103.60"]}`, `{"ip_list":[]}`, `{"ip_list":["203.0.113.7"]}`)
	now := noon
	clock := func() time.Time { return now }
	g := newGauge(clock)
	c := p.client(t, func(cfg *bot.ClientConfig) { cfg.Now = clock })
	delivered(t, g, "203.0.113.7", http.MethodPost, 200) // before there is a list nobody is a stranger
	if _, err := g.RefreshOrigins(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	delivered(t, g, "203.0.113.7", http.MethodPost, 200)
	now = now.Add(24 * time.Hour)
	if _, err := g.RefreshOrigins(t.Context(), c); err == nil {
		t.Error("an empty list is taken for one")
	}
	other := &bot.Gauge{Memo: g.Memo, Now: clock, Log: quiet} // another process knows the list, too
	if err := other.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	delivered(t, other, "203.0.113.7", http.MethodPost, 200)
	strangers := func() bot.Finding {
		h, err := c.Health(t.Context(), other)
		if err != nil {
			t.Fatal(err)
		}
		return finding(t, h, "推送来源")
	}
	if err := g.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	if f := strangers(); !strings.Contains(f.Says, "有 2 次") {
		t.Errorf("two processes saw %+v, want 2", f)
	}
	now = now.Add(24 * time.Hour)
	if _, err := g.RefreshOrigins(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	if f := strangers(); f.Condition != bot.Good {
		t.Errorf("with the new list: %+v", f)
	}
}

// codes are those that the platform documents for the calls of this package, with the ones that were seen in the field.
var codes = []int{
	-1, 40001, 40002, 40003, 40004, 40005, 40006, 40007, 40008, 40009, 40013, 40014, 40016, 40017, 40018, 40019, 40020, 40023, 40024, 40025,
	40026, 40027, 40037, 40059, 40060, 40125, 40130, 40137, 40152, 40164, 40243, 41001, 41004, 41005, 41030, 42001, 43004, 43101, 44003,
	45001, 45002, 45003, 45004, 45005, 45008, 45009, 45010, 45011, 45015, 45028, 45047, 45056, 45057, 45058, 45059, 45065, 45066, 45067,
	45072, 45080, 45081, 45083, 45084, 45106, 45110, 45157, 45158, 45159, 45166, 46003, 47003, 48001, 48002, 48003, 48004, 48006, 48021,
	50002, 50004, 50005, 50007, 53402, 53404, 53405, 53406, 53500, 53501, 53502, 53503, 53504, 53505, 53600, 65316, 88000, 88001, 88002,
	88003, 88004, 88005, 88007, 88008, 88010, 89501, 89503, 89506, 89507,
}

func TestEveryCodeSaysWhatItMeansAndWhatToDo(t *testing.T) {
	for _, code := range codes {
		text := (&bot.APIError{Code: code, Path: "/cgi-bin/x"}).Error()
		meaning, action, _ := strings.Cut(text, "）。")
		if strings.Contains(text, "没有执行这次操作") || len([]rune(meaning)) < 20 || len([]rune(action)) < 4 {
			t.Errorf("%d: %s", code, text)
		}
	}
}
