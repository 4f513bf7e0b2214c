package bot_test

import (
	"context"
	"errors"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"shoushan/bot"
	"shoushan/fault"
)

const ipPath, tokenPath = "/cgi-bin/getcallbackip", "/cgi-bin/stable_token"

func withTokens(s bot.TokenStore) func(*bot.ClientConfig) {
	return func(c *bot.ClientConfig) { c.Tokens = s }
}

// together runs do n times at once and reports the errors.
func together(t *testing.T, n int, do func(i int) error) {
	t.Helper()
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() {
			if err := do(i); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}

func TestManyCallersAndProcessesFetchOneToken(t *testing.T) {
	p, store := newPlatform(t), &memoryTokens{}
	p.says(ipPath, `{"ip_list":["127.0.0.1"]}`)
	processes := []*bot.Client{p.client(t, withTokens(store)), p.client(t, withTokens(store))}
	together(t, 30, func(i int) error { return processes[i%2].Ping(t.Context()) })
	if n := p.count(tokenPath); n != 1 || store.saves != 1 {
		t.Errorf("%d fetches, %d saves, want 1 and 1", n, store.saves)
	}
	if store.ttl != 7200*time.Second-5*time.Minute {
		t.Errorf("ttl = %v: the token must be forgotten before the platform makes a new one", store.ttl)
	}
	if store.owner != "" {
		t.Error("the refresh lock was not given back")
	}
}

func TestManyCallersWithADeadTokenFetchOneMore(t *testing.T) {
	p, store := newPlatform(t), &memoryTokens{}
	p.says(ipPath, `{"ip_list":["127.0.0.1"]}`)
	processes := []*bot.Client{p.client(t, withTokens(store)), p.client(t, withTokens(store))}
	if err := processes[0].Ping(t.Context()); err != nil {
		t.Fatal(err)
	}
	p.expire()
	together(t, 30, func(i int) error { return processes[i%2].Ping(t.Context()) })
	if n := p.count(tokenPath); n != 2 {
		t.Errorf("%d fetches in all, want 2", n)
	}
}

func TestTokenRejectedCodes(t *testing.T) {
	for _, code := range []string{"40001", "40014", "42001", "41001"} {
		p := newPlatform(t)
		p.says(ipPath, `{"errcode":`+code+`,"errmsg":"x"}`, `{"ip_list":["127.0.0.1"]}`)
		if err := p.client(t).Ping(t.Context()); err != nil || p.count(ipPath) != 2 || p.count(tokenPath) != 2 {
			t.Errorf("%s: %v after %d calls and %d tokens, want success after 2 and 2", code, err, p.count(ipPath), p.count(tokenPath))
		}
	}
}

func TestTokenIsRenewedOnceOnly(t *testing.T) {
	p := newPlatform(t)
	p.says(ipPath, `{"errcode":40001,"errmsg":"x"}`)
	err := p.client(t).Ping(t.Context())
	if bot.Code(err) != 40001 || p.count(ipPath) != 2 {
		t.Errorf("Ping() = %v after %d calls, want 40001 after 2", err, p.count(ipPath))
	}
}

// Another process has already put a better token there: it must be used, and must not be dropped.
func TestABetterTokenIsNotDropped(t *testing.T) {
	p, store := newPlatform(t), &memoryTokens{token: "OLD"}
	p.says(ipPath, `{"ip_list":["127.0.0.1"]}`)
	p.valid = "BETTER"
	slow := p.client(t, withTokens(&replacedTokens{memoryTokens: store, with: "BETTER"}))
	if err := slow.Ping(t.Context()); err != nil || store.token != "BETTER" || p.count(tokenPath) != 0 {
		t.Errorf("%v, token %q, %d fetches, want none", err, store.token, p.count(tokenPath))
	}
}

// replacedTokens is a store in which another process saves a token after the first reading.
type replacedTokens struct {
	*memoryTokens
	with string
	once sync.Once
}

func (s *replacedTokens) Token(ctx context.Context) (string, error) {
	token, err := s.memoryTokens.Token(ctx)
	s.once.Do(func() { _ = s.SaveToken(ctx, s.with, time.Hour) })
	return token, err
}

// stable_token hands out the same token again although it is dead: then, and only then, it is forced.
func TestADeadStableTokenIsForced(t *testing.T) {
	p := newPlatform(t)
	p.sticky = true
	p.says(ipPath, `{"ip_list":["127.0.0.1"]}`)
	c := p.client(t)
	if err := c.Ping(t.Context()); err != nil {
		t.Fatal(err)
	}
	p.expire()
	if err := c.Ping(t.Context()); err != nil {
		t.Fatal(err)
	}
	if body := p.last(t, tokenPath).body; !strings.Contains(body, `"force_refresh":true`) || p.count(tokenPath) != 3 {
		t.Errorf("last of %d fetches: %s, want a forced third", p.count(tokenPath), body)
	}
	p.expire()
	if err := c.Ping(t.Context()); bot.Code(err) != 40001 {
		t.Errorf("Ping() = %v, want 40001", err)
	}
	if p.count(tokenPath) != 4 {
		t.Errorf("%d fetches: a second force within ten minutes would burn the 20 of a day", p.count(tokenPath))
	}
}

func TestTokenStoreDownBurnsNoQuota(t *testing.T) {
	p := newPlatform(t)
	p.says(ipPath, `{"ip_list":["127.0.0.1"]}`)
	c := p.client(t, withTokens(&memoryTokens{down: true}))
	together(t, 10, func(int) error { return c.Ping(t.Context()) })
	if n := p.count(tokenPath); n != 1 {
		t.Errorf("%d fetches, want 1", n)
	}
}

func TestWaitingForTheRefreshOfAnotherProcess(t *testing.T) {
	p, store := newPlatform(t), &memoryTokens{owner: "another process"}
	p.says(ipPath, `{"ip_list":["127.0.0.1"]}`)
	p.valid = "THEIRS"
	go func() {
		time.Sleep(150 * time.Millisecond)
		_ = store.SaveToken(t.Context(), "THEIRS", time.Hour)
	}()
	if err := p.client(t, withTokens(store)).Ping(t.Context()); err != nil || p.count(tokenPath) != 0 {
		t.Errorf("%v after %d fetches of our own, want none", err, p.count(tokenPath))
	}
	if store.owner != "another process" {
		t.Error("the lock of the other process was taken away")
	}
}

func TestWaitingForTheRefreshEndsWithTheContext(t *testing.T) {
	p, store := newPlatform(t), &memoryTokens{owner: "another process"}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	err := p.client(t, withTokens(store)).Ping(ctx)
	if !errors.Is(err, context.DeadlineExceeded) || !fault.Is(err, fault.Unavailable) {
		t.Errorf("Ping() = %v, want the deadline as Unavailable", err)
	}
}

func TestTokenRefusals(t *testing.T) {
	tests := []struct{ name, answer, want string }{
		{"wrong secret", `{"errcode":40125,"errmsg":"invalid appsecret ` + secret + ` rid: 6-7-8"}`, "AppSecret 不正确"},
		{"IP not allowed", `{"errcode":40164,"errmsg":"invalid ip 1.2.3.4 ipv6 ::ffff:1.2.3.4, not in whitelist"}`, "1.2.3.4"},
		{"no token inside", `{}`, "没有给出访问令牌"},
		{"no JSON", `<html>`, "没有给出访问令牌"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := newPlatform(t)
			p.says(tokenPath, tt.answer)
			err := p.client(t).Ping(t.Context())
			if !fault.Is(err, fault.Unavailable) || !strings.Contains(fault.Message(err), tt.want) || strings.Contains(err.Error(), secret) {
				t.Errorf("Ping() = %v, want %q", err, tt.want)
			}
		})
	}
}

func TestShortLivedTokens(t *testing.T) {
	for left, want := range map[string]time.Duration{"300": 150 * time.Second, "1": time.Second, `"7200"`: 6900 * time.Second} {
		p, store := newPlatform(t), &memoryTokens{}
		p.valid = "T"
		p.says(tokenPath, `{"access_token":"T","expires_in":`+left+`}`)
		p.says(ipPath, `{"ip_list":[]}`)
		if err := p.client(t, withTokens(store)).Ping(t.Context()); err != nil || store.ttl != want {
			t.Errorf("expires_in %s: ttl %v, %v, want %v", left, store.ttl, err, want)
		}
	}
}

// A caller that learns late that its token is dead must not make this process forget the better one of another caller.
func TestALateRejectionForgetsNothingBetter(t *testing.T) {
	p := newPlatform(t)
	p.says(ipPath, `{"ip_list":[]}`)
	release := make(chan struct{})
	p.raw["/cgi-bin/menu/get"] = func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("access_token") == "TOKEN-1" {
			<-release
			_, _ = w.Write([]byte(`{"errcode":40001,"errmsg":"x"}`))
			return
		}
		_, _ = w.Write([]byte(`{"menu":{"button":[]}}`))
	}
	c := p.client(t)
	late := make(chan error)
	go func() { _, err := c.Menu(t.Context()); late <- err }()
	for p.count("/cgi-bin/menu/get") == 0 {
		runtime.Gosched()
	}
	p.expire()
	if err := c.Ping(t.Context()); err != nil { // fetches TOKEN-2
		t.Fatal(err)
	}
	close(release)
	if err := <-late; err != nil || p.count(tokenPath) != 2 {
		t.Errorf("%v after %d fetches, want 2", err, p.count(tokenPath))
	}
}
