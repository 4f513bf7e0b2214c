package simulator_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"shoushan/simulator"
)

func credentials(change func(obj)) obj {
	in := obj{"grant_type": "client_credential", "appid": simulator.DefaultAppID, "secret": simulator.DefaultAppSecret}
	if change != nil {
		change(in)
	}
	return in
}

func TestStableToken(t *testing.T) {
	p := newPlatform(t)
	stable := func(force bool) (string, int) {
		t.Helper()
		_, out := p.json("POST", "/cgi-bin/stable_token", credentials(func(in obj) { in["force_refresh"] = force }))
		return str(out, "access_token"), num(out, "expires_in")
	}
	first, left := stable(false)
	if left != 7200 {
		t.Errorf("expires_in %d, want 7200", left)
	}
	p.advance(time.Hour)
	again, left := stable(false)
	if again != first || left != 3600 {
		t.Errorf("after an hour: same %v, expires_in %d; want the same token with 3600 left", again == first, left)
	}
	p.advance(56 * time.Minute)
	second, left := stable(false)
	if second == first || left != 7200 {
		t.Errorf("4 min before the end: same %v, expires_in %d; want a new token", second == first, left)
	}
	if out := p.withTokenGet("menu/get", first); errcode(out) != 46003 {
		t.Errorf("old token in the hand-over: %v, want it to be still good", out)
	}
	p.advance(5 * time.Minute)
	if out := p.withTokenGet("menu/get", first); errcode(out) != 42001 {
		t.Errorf("old token after its end: %v, want 42001", out)
	}
}

// withTokenGet calls an API with this token.
func (p *platform) withTokenGet(path, token string) obj {
	p.Helper()
	_, out := p.json("GET", "/cgi-bin/"+path+"?access_token="+token, nil)
	return out
}

func TestStableTokenForced(t *testing.T) {
	p := newPlatform(t)
	force := credentials(func(in obj) { in["force_refresh"] = true })
	refresh := func() string {
		_, out := p.json("POST", "/cgi-bin/stable_token", force)
		return str(out, "access_token")
	}
	first := refresh()
	p.advance(time.Minute)
	second := refresh()
	if second == first {
		t.Error("a forced refresh changed nothing")
	}
	p.advance(29 * time.Second)
	if refresh() != second {
		t.Error("a second forced refresh within 30 s must change nothing")
	}
	changed := 0
	for last := second; changed < 40; changed++ {
		p.advance(31 * time.Second)
		next := refresh()
		if next == last {
			break
		}
		last = next
	}
	if changed != 19 {
		t.Errorf("%d more forced refreshes worked, want 19: 20 a day", changed)
	}
}

func TestPlainToken(t *testing.T) {
	p := newPlatform(t)
	fetch := func() string {
		_, out := p.json("GET", "/cgi-bin/token?grant_type=client_credential&appid="+simulator.DefaultAppID+"&secret="+simulator.DefaultAppSecret, nil)
		return str(out, "access_token")
	}
	first := fetch()
	if second := fetch(); second == first {
		t.Error("every call must make a new token")
	}
	if errcode(p.withTokenGet("menu/get", first)) != 46003 {
		t.Error("the old token must live on for five minutes")
	}
	p.advance(5*time.Minute + time.Second)
	if code := errcode(p.withTokenGet("menu/get", first)); code != 42001 {
		t.Errorf("the old token after five minutes: %d, want 42001", code)
	}
}

func TestTokenErrors(t *testing.T) {
	p := newPlatform(t)
	tests := []struct {
		name   string
		change func(obj)
		want   int
	}{
		{"grant type", func(in obj) { in["grant_type"] = "x" }, 40002},
		{"unknown appid", func(in obj) { in["appid"] = "wx0" }, 40013},
		{"wrong secret", func(in obj) { in["secret"] = "x" }, 40125},
		{"no secret", func(in obj) { delete(in, "secret") }, 41004},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, out := p.json("POST", "/cgi-bin/stable_token", credentials(tt.change))
			if errcode(out) != tt.want {
				t.Errorf("%v, want %d", out, tt.want)
			}
		})
	}
	if code := errcode(p.withTokenGet("menu/get", "")); code != 41001 {
		t.Errorf("no token: %d, want 41001", code)
	}
	if code := errcode(p.withTokenGet("menu/get", "made-up")); code != 40001 {
		t.Errorf("made-up token: %d, want 40001", code)
	}
}

func TestTokensDropped(t *testing.T) {
	p := newPlatform(t)
	old := p.accessToken()
	p.json("POST", "/sim/tokens/drop", nil)
	if code := errcode(p.withTokenGet("menu/get", old)); code != 40001 {
		t.Errorf("dropped token: %d, want 40001", code)
	}
	if p.accessToken() == old {
		t.Error("a new token is the dropped one")
	}
}

func TestIPList(t *testing.T) {
	p := newPlatform(t)
	p.configure(func(s *simulator.Settings) { s.IPList = []string{"203.0.113.7"} })
	_, out := p.json("POST", "/cgi-bin/stable_token", credentials(nil))
	if errcode(out) != 40164 || !strings.Contains(str(out, "errmsg"), "invalid ip 127.0.0.1") {
		t.Errorf("%v, want 40164 with the caller's address", out)
	}
	p.configure(func(s *simulator.Settings) { s.IPList = []string{"127.0.0.1"} })
	p.accessToken()
}

func TestQuota(t *testing.T) {
	p := newPlatform(t)
	p.configure(func(s *simulator.Settings) { s.Quota = map[string]int{"/cgi-bin/draft/count": 2} })
	p.must("draft/count", nil)
	p.must("draft/count", nil)
	p.wants(45009, "draft/count", nil)
	got := p.must("openapi/quota/get", obj{"cgi_path": "/cgi-bin/draft/count"})["quota"].(obj)
	if num(got, "daily_limit") != 2 || num(got, "used") != 2 || num(got, "remain") != 0 {
		t.Errorf("quota %v", got)
	}
	p.advance(15 * time.Hour) // past midnight in Beijing
	p.must("draft/count", nil)
	p.wants(76021, "openapi/quota/get", obj{"cgi_path": "/cgi-bin/nothing"})
}

func TestClearQuota(t *testing.T) {
	p := newPlatform(t)
	p.configure(func(s *simulator.Settings) { s.Quota = map[string]int{"/cgi-bin/draft/count": 1} })
	p.must("draft/count", nil)
	p.wants(45009, "draft/count", nil)
	p.must("clear_quota", obj{"appid": simulator.DefaultAppID})
	p.must("draft/count", nil)
	for range 9 {
		p.must("clear_quota", obj{"appid": simulator.DefaultAppID})
	}
	p.wants(48006, "clear_quota", obj{"appid": simulator.DefaultAppID})
	p.wants(40013, "clear_quota", obj{"appid": "wx0"})
}

func TestMinuteQuota(t *testing.T) {
	p := newPlatform(t)
	p.configure(func(s *simulator.Settings) { s.MinuteQuota = 2 })
	token := p.accessToken()
	for _, want := range []int{46003, 46003, 45011} {
		if code := errcode(p.withTokenGet("menu/get", token)); code != want {
			t.Errorf("errcode %d, want %d", code, want)
		}
	}
	p.advance(time.Minute)
	if code := errcode(p.withTokenGet("menu/get", token)); code != 46003 {
		t.Errorf("next minute: %d", code)
	}
}

// TestMinuteQuotas: the limits that Tencent publishes hold by themselves; a path's own limit goes before all others.
func TestMinuteQuotas(t *testing.T) {
	p := newPlatform(t)
	rate := func(path string) int {
		return num(p.must("openapi/quota/get", obj{"cgi_path": path})["rate_limit"].(obj), "call_count")
	}
	const mass, draft = "/cgi-bin/message/mass/sendall", "/cgi-bin/draft/count"
	if rate(mass) != 60 || rate("/cgi-bin/stable_token") != 10_000 || rate(draft) != 0 {
		t.Errorf("published limits: %d, %d, %d", rate(mass), rate("/cgi-bin/stable_token"), rate(draft))
	}
	all := obj{"filter": obj{"is_to_all": true, "tag_id": 0}, "msgtype": "text"} // refused for its content, and counted
	for range 60 {
		p.wants(44004, "message/mass/sendall", all)
	}
	p.wants(45011, "message/mass/sendall", all)
	p.must("draft/count", nil)
	p.advance(time.Minute)
	p.wants(44004, "message/mass/sendall", all)
	p.configure(func(s *simulator.Settings) { s.MinuteQuota, s.MinuteQuotas = 80, map[string]int{draft: 1, mass: 0} })
	if rate(mass) != 0 || rate(draft) != 1 || rate("/cgi-bin/draft/add") != 80 {
		t.Errorf("limits by path: %d, %d, %d", rate(mass), rate(draft), rate("/cgi-bin/draft/add"))
	}
	p.must("draft/count", nil)
	p.wants(45011, "draft/count", nil)
	if err := p.Configure(func(s *simulator.Settings) { s.MinuteQuotas = map[string]int{"draft/count": 1} }); err == nil {
		t.Error("a limit without a path was taken")
	}
}

// TestRights: which kind of account may call what.
func TestRights(t *testing.T) {
	tests := []struct {
		kind simulator.AccountKind
		path string
		in   obj
		want int
	}{
		{simulator.CertifiedSubscription, "freepublish/submit", obj{"media_id": "x"}, 40007},
		{simulator.CertifiedService, "freepublish/submit", obj{"media_id": "x"}, 40007},
		{simulator.Uncertified, "freepublish/submit", obj{"media_id": "x"}, 48001},
		{simulator.Personal, "freepublish/submit", obj{"media_id": "x"}, 48001},
		{simulator.Personal, "draft/get", obj{"media_id": "x"}, 40007},
		{simulator.Uncertified, "message/custom/send", obj{"touser": "x"}, 48001},
		{simulator.CertifiedSubscription, "message/mass/send", obj{}, 48001},
		{simulator.CertifiedService, "message/mass/send", obj{}, 40130},
		{simulator.CertifiedSubscription, "message/template/send", obj{"touser": "x"}, 48001},
		{simulator.CertifiedService, "message/template/send", obj{"touser": "x"}, 40003},
		{simulator.CertifiedSubscription, "message/subscribe/bizsend", obj{"touser": "x"}, 48001},
	}
	for _, tt := range tests {
		t.Run(tt.kind.String()+" "+tt.path, func(t *testing.T) {
			p := newPlatform(t, func(s *simulator.Server) { s.Kind = tt.kind })
			p.wants(tt.want, tt.path, tt.in)
		})
	}
}

func TestRequestForm(t *testing.T) {
	p := newPlatform(t)
	_, out := p.json("GET", p.withToken("draft/add"), nil)
	if errcode(out) != 43002 {
		t.Errorf("GET where POST is needed: %v, want 43002", out)
	}
	_, out = p.json("POST", p.withToken("menu/get"), obj{})
	if errcode(out) != 43001 {
		t.Errorf("POST where GET is needed: %v, want 43001", out)
	}
	_, out = p.json("POST", p.withToken("draft/add"), nil)
	if errcode(out) != 44002 {
		t.Errorf("no body: %v, want 44002", out)
	}
	_, data, err := p.do("POST", p.withToken("draft/add"), "application/json", strings.NewReader("{"))
	if err != nil || !strings.Contains(string(data), `"errcode":47001`) {
		t.Errorf("broken JSON: %s %v, want 47001", data, err)
	}
	p.wants(40066, "no/such/call", obj{})
	p.wants(45106, "material/add_news", obj{})
}

func TestRawUTF8(t *testing.T) {
	p := newPlatform(t)
	p.must("menu/create", obj{"button": []obj{{"type": "view", "name": "看<新闻>", "url": "http://a/?b=1&c=2"}}})
	status, data, err := p.do(http.MethodGet, p.withToken("menu/get"), "", http.NoBody)
	if err != nil || status != http.StatusOK {
		t.Fatal(status, err)
	}
	if !strings.Contains(string(data), `"看<新闻>"`) || !strings.Contains(string(data), "b=1&c=2") {
		t.Errorf("answer is escaped: %s", data)
	}
}

func TestRID(t *testing.T) {
	p := newPlatform(t)
	out := p.wants(40007, "draft/get", obj{"media_id": "x"})
	_, rid, _ := strings.Cut(str(out, "errmsg"), "rid: ")
	got := p.must("openapi/rid/get", obj{"rid": rid})["request"].(obj)
	if body := str(got, "request_body"); body != `{"media_id":"x"}` {
		t.Errorf("request_body %q", body)
	}
	p.wants(76022, "openapi/rid/get", obj{"rid": "0-0-0"})
}

func TestAddresses(t *testing.T) {
	p := newPlatform(t)
	for _, path := range []string{"getcallbackip", "get_api_domain_ip"} {
		if list := p.must(path, nil)["ip_list"].([]any); len(list) != 1 || list[0] != "127.0.0.1" {
			t.Errorf("%s: %v", path, list)
		}
	}
}
