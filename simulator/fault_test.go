package simulator_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"shoushan/simulator"
)

// TestAPIFaults: what the caller sees, and whether the call was carried out.
func TestAPIFaults(t *testing.T) {
	tests := []struct {
		name     string
		fault    simulator.Fault
		wantDone bool
		check    func(t *testing.T, status int, body []byte, err error)
	}{
		{"busy", simulator.Fault{Kind: simulator.FaultBusy}, false, wantCode(-1)},
		{"any code", simulator.Fault{Kind: simulator.FaultCode, Code: 53501}, false, wantCode(53501)},
		{"502", simulator.Fault{Kind: simulator.FaultStatus}, false, func(t *testing.T, status int, _ []byte, err error) {
			if err != nil || status != http.StatusBadGateway {
				t.Errorf("HTTP %d, %v, want 502", status, err)
			}
		}},
		{"503", simulator.Fault{Kind: simulator.FaultStatus, Status: 503}, false, func(t *testing.T, status int, _ []byte, _ error) {
			if status != 503 {
				t.Errorf("HTTP %d, want 503", status)
			}
		}},
		{"hang", simulator.Fault{Kind: simulator.FaultHang, DelayMS: 30}, false, wantBroken},
		{"drop after processing", simulator.Fault{Kind: simulator.FaultDrop}, true, wantBroken},
		{"truncated JSON", simulator.Fault{Kind: simulator.FaultTruncate}, true, func(t *testing.T, _ int, body []byte, err error) {
			if err != nil || json.Valid(body) || len(body) == 0 {
				t.Errorf("body %s, %v, want half of the JSON", body, err)
			}
		}},
		{"slow", simulator.Fault{Kind: simulator.FaultSlow, DelayMS: 30}, true, wantCode(0)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := newPlatform(t)
			tt.fault.On, tt.fault.Times = "/cgi-bin/draft/add", 1
			in, _ := json.Marshal(obj{"articles": []obj{{"title": "题", "content": "文", "thumb_media_id": p.cover()}}})
			path := p.withToken("draft/add")
			p.fault(tt.fault)
			began := time.Now()
			status, body, err := p.do("POST", path, "application/json", strings.NewReader(string(in)))
			tt.check(t, status, body, err)
			if took := time.Since(began); took < time.Duration(tt.fault.DelayMS)*time.Millisecond {
				t.Errorf("answered after %v, want at least %d ms", took, tt.fault.DelayMS)
			}
			want := 0
			if tt.wantDone {
				want = 1
			}
			if n := num(p.must("draft/count", nil), "total_count"); n != want {
				t.Errorf("%d drafts, want %d", n, want)
			}
			p.draft("再来") // the fault struck once
		})
	}
}

func wantCode(code int) func(*testing.T, int, []byte, error) {
	return func(t *testing.T, status int, body []byte, err error) {
		t.Helper()
		out := obj{}
		if err != nil || status != http.StatusOK || json.Unmarshal(body, &out) != nil || errcode(out) != code {
			t.Errorf("HTTP %d %s %v, want errcode %d", status, body, err, code)
		}
	}
}

func wantBroken(t *testing.T, _ int, body []byte, err error) {
	t.Helper()
	if err == nil {
		t.Errorf("answered %s, want a broken connection", body)
	}
}

func TestFaultEverywhere(t *testing.T) {
	p := newPlatform(t)
	token := p.accessToken()
	p.fault(simulator.Fault{On: "*", Kind: simulator.FaultBusy, Times: 2})
	for _, want := range []int{-1, -1, 46003} {
		if code := errcode(p.withTokenGet("menu/get", token)); code != want {
			t.Errorf("errcode %d, want %d", code, want)
		}
	}
}

func TestFaultChecks(t *testing.T) {
	p := newPlatform(t)
	tests := []struct {
		name  string
		fault simulator.Fault
		good  bool
	}{
		{"API", simulator.Fault{On: "/cgi-bin/draft/add", Kind: simulator.FaultDrop}, true},
		{"every API", simulator.Fault{On: "*", Kind: simulator.FaultHang}, true},
		{"event", simulator.Fault{On: "subscribe", Kind: simulator.FaultLose}, true},
		{"early job end", simulator.Fault{On: "MASSSENDJOBFINISH", Kind: simulator.FaultEarly}, true},
		{"nowhere", simulator.Fault{Kind: simulator.FaultBusy}, false},
		{"an API cannot be lost", simulator.Fault{On: "*", Kind: simulator.FaultLose}, false},
		{"an event cannot be busy", simulator.Fault{On: "subscribe", Kind: simulator.FaultBusy}, false},
		{"early for what is no job", simulator.Fault{On: "subscribe", Kind: simulator.FaultEarly}, false},
		{"unknown kind", simulator.Fault{On: "*", Kind: "dance"}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := p.AddFault(tt.fault); (err == nil) != tt.good {
				t.Errorf("AddFault: %v, want good %v", err, tt.good)
			}
		})
	}
}

func TestFaultsByControl(t *testing.T) {
	p := newPlatform(t)
	_, out := p.json("POST", "/sim/faults", obj{"on": "/cgi-bin/menu/get", "kind": "busy"})
	p.wants(-1, "menu/get", nil)
	p.wants(-1, "menu/get", nil)
	if status, _ := p.json("DELETE", "/sim/faults/"+jsonID(out["id"]), nil); status != http.StatusOK {
		t.Errorf("delete: HTTP %d", status)
	}
	p.wants(46003, "menu/get", nil)
	if status, _ := p.json("DELETE", "/sim/faults/99", nil); status != http.StatusNotFound {
		t.Errorf("delete of nothing: HTTP %d", status)
	}
	if status, out := p.json("POST", "/sim/faults", obj{"on": "*", "kind": "dance"}); status != http.StatusBadRequest || str(out, "error") == "" {
		t.Errorf("bad fault: HTTP %d %v", status, out)
	}
	p.json("POST", "/sim/faults", obj{"on": "*", "kind": "busy"})
	p.json("DELETE", "/sim/faults", nil)
	p.wants(46003, "menu/get", nil)
}

// TestWireShowsCiphertextAndClear: what was sent and what it says, and the verdict on the answer.
func TestWireShowsCiphertextAndClear(t *testing.T) {
	p := newPlatform(t)
	p.follow("zhang")
	p.account.answers(func(r received) string { return textReply(r, "明白") })
	p.say("zhang", "查进度")
	wire := p.Wire()
	e := wire[len(wire)-1]
	if !e.OK || e.Status != 200 || e.Attempt != 1 || e.Pending || e.Note != "被动回复" || e.Title != "文本消息 · 张秀兰" {
		t.Errorf("exchange %+v", e)
	}
	for _, want := range []struct{ in, part string }{
		{e.Request, "<Encrypt>"}, {e.RequestClear, "<Content><![CDATA[查进度]]></Content>"}, {e.Response, "<MsgSignature>"},
		{e.ResponseClear, "<Content><![CDATA[明白]]></Content>"}, {e.URL, "msg_signature="}, {e.At, "2026-11-23T09:00:00+08:00"},
	} {
		if !strings.Contains(want.in, want.part) {
			t.Errorf("%q has no %s", want.in, want.part)
		}
	}
	p.account.answers(func(received) string { return "raw:{}" })
	p.say("zhang", "再查")
	wire = p.Wire()
	if e := wire[len(wire)-1]; e.OK || !strings.Contains(e.Note, "格式不对") {
		t.Errorf("exchange %+v", e)
	}
}

// TestWireHidesSecrets: neither token nor AppSecret is in anything the page can see.
func TestWireHidesSecrets(t *testing.T) {
	p := newPlatform(t)
	token := p.accessToken()
	p.json("GET", "/cgi-bin/token?grant_type=client_credential&appid="+simulator.DefaultAppID+"&secret="+simulator.DefaultAppSecret, nil)
	p.must("menu/create", obj{"button": []obj{{"type": "click", "name": "一", "key": "K"}}})
	p.json("POST", "/cgi-bin/clear_quota/v2?appid="+simulator.DefaultAppID+"&appsecret="+simulator.DefaultAppSecret, obj{})
	for _, path := range []string{"/sim/wire", "/sim/state", "/phone/state", "/sim/settings"} {
		_, data, err := p.do("GET", path, "", http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(data), token) || strings.Contains(string(data), simulator.DefaultAppSecret) {
			t.Errorf("%s shows a secret", path)
		}
		if path == "/sim/wire" && !strings.Contains(string(data), token[:4]+"****") {
			t.Errorf("%s has lost the beginning of the token, by which two can be told apart", path)
		}
	}
}

func TestWireLimits(t *testing.T) {
	p := newPlatform(t)
	p.must("draft/add", obj{"articles": []obj{{"title": "题", "content": strings.Repeat("长", 19000), "thumb_media_id": p.cover()}}})
	wire := p.Wire()
	if n := len(wire[len(wire)-1].Request); n > 17<<10 {
		t.Errorf("a request of %d bytes is shown", n)
	}
	token := p.accessToken()
	for range 450 {
		p.withTokenGet("menu/get", token)
	}
	if n := len(p.Wire()); n != 400 {
		t.Errorf("%d exchanges are kept, want 400", n)
	}
	p.json("DELETE", "/sim/wire", nil)
	if n := len(p.Wire()); n != 0 {
		t.Errorf("%d exchanges after clearing", n)
	}
}

func TestBodyLimit(t *testing.T) {
	p := newPlatform(t)
	status, _, err := p.do("POST", p.withToken("draft/add"), "application/json", io.LimitReader(zeros{}, 13<<20))
	if err == nil && status != http.StatusRequestEntityTooLarge {
		t.Errorf("13 MB: HTTP %d, want 413", status)
	}
}

type zeros struct{}

func (zeros) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = ' '
	}
	return len(b), nil
}
