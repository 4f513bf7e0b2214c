package bot_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"shoushan/bot"
)

const secret = "0f1e2d3c4b5a69788796a5b4c3d2e1f0"

// platform is a small fake of the API over real HTTP: canned answers by path, and a record of what was asked.
type platform struct {
	*httptest.Server
	mu     sync.Mutex
	calls  []apiCall
	issued int                         // tokens handed out so far
	valid  string                      // the token that is accepted now
	answer map[string]func(int) string // by path; the argument counts the calls of that path from 1
	raw    map[string]http.HandlerFunc
	sticky bool // stable_token repeats the same token unless forced
}

type apiCall struct {
	path, query, body, contentType string
}

func newPlatform(t *testing.T) *platform {
	t.Helper()
	p := &platform{answer: map[string]func(int) string{}, raw: map[string]http.HandlerFunc{}}
	p.Server = httptest.NewServer(p)
	t.Cleanup(p.Close)
	return p
}

// says makes a path answer the given bodies in turn, the last one for ever.
func (p *platform) says(path string, bodies ...string) {
	p.answer[path] = func(n int) string { return bodies[min(n, len(bodies))-1] }
}

func (p *platform) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	n := p.record(apiCall{r.URL.Path, r.URL.RawQuery, string(body), r.Header.Get("Content-Type")})
	p.mu.Lock()
	raw, answer, good := p.raw[r.URL.Path], p.answer[r.URL.Path], r.URL.Query().Get("access_token") == p.valid
	p.mu.Unlock()
	switch {
	case r.URL.Path == "/cgi-bin/stable_token" && answer == nil:
		p.stableToken(w, body)
	case r.URL.Path != "/cgi-bin/stable_token" && !good:
		fmt.Fprint(w, `{"errcode":40001,"errmsg":"invalid credential rid: 1-2-3"}`)
	case raw != nil:
		raw(w, r)
	case answer != nil:
		fmt.Fprint(w, answer(n))
	default:
		fmt.Fprint(w, `{"errcode":40066,"errmsg":"invalid url"}`)
	}
}

// record notes a call and returns how often its path has been called.
func (p *platform) record(c apiCall) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.calls = append(p.calls, c)
	n := 0
	for _, other := range p.calls {
		if other.path == c.path {
			n++
		}
	}
	return n
}

func (p *platform) stableToken(w http.ResponseWriter, body []byte) {
	var req struct {
		AppID, Secret string
		Force         bool `json:"force_refresh"`
	}
	if json.Unmarshal(body, &req) != nil || req.Secret != secret {
		fmt.Fprint(w, `{"errcode":40125,"errmsg":"invalid appsecret"}`)
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.sticky || req.Force || p.issued == 0 {
		p.issued++
		p.valid = fmt.Sprintf("TOKEN-%d", p.issued)
	}
	fmt.Fprintf(w, `{"access_token":"TOKEN-%d","expires_in":7200}`, p.issued)
}

// expire makes the token that is out there worthless.
func (p *platform) expire() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.valid = "none"
}

func (p *platform) count(path string) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	n := 0
	for _, c := range p.calls {
		if c.path == path {
			n++
		}
	}
	return n
}

// last returns the latest call of a path.
func (p *platform) last(t *testing.T, path string) apiCall {
	t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	for i := len(p.calls) - 1; i >= 0; i-- {
		if p.calls[i].path == path {
			return p.calls[i]
		}
	}
	t.Fatalf("no call of %s in %+v", path, p.calls)
	return apiCall{}
}

func (p *platform) client(t *testing.T, change ...func(*bot.ClientConfig)) *bot.Client {
	t.Helper()
	cfg := bot.ClientConfig{AppID: appID, AppSecret: secret, BaseURL: p.URL, Now: time.Now, Log: quiet}
	for _, c := range change {
		c(&cfg)
	}
	return bot.NewClient(cfg)
}

// memoryTokens is TokenStore as its comment promises it.
type memoryTokens struct {
	mu    sync.Mutex
	token string
	ttl   time.Duration
	owner string
	saves int
	down  bool
}

func (s *memoryTokens) locked(do func()) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.down {
		return errDown
	}
	do()
	return nil
}

func (s *memoryTokens) Token(context.Context) (t string, err error) {
	err = s.locked(func() { t = s.token })
	return t, err
}

func (s *memoryTokens) SaveToken(_ context.Context, token string, ttl time.Duration) error {
	return s.locked(func() { s.token, s.ttl = token, ttl; s.saves++ })
}

func (s *memoryTokens) DropToken(_ context.Context, token string) error {
	return s.locked(func() {
		if s.token == token {
			s.token = ""
		}
	})
}

func (s *memoryTokens) LockRefresh(_ context.Context, owner string, _ time.Duration) (ok bool, err error) {
	err = s.locked(func() {
		if ok = s.owner == "" || s.owner == owner; ok {
			s.owner = owner
		}
	})
	return ok, err
}

func (s *memoryTokens) UnlockRefresh(_ context.Context, owner string) error {
	return s.locked(func() {
		if s.owner == owner {
			s.owner = ""
		}
	})
}
