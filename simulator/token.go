package simulator

import (
	"crypto/subtle"
	"net"
	"net/http"
	"slices"
	"time"
)

const (
	tokenLife    = 7200 * time.Second
	tokenOverlap = 5 * time.Minute  // an old token lives on after a new one
	refreshGap   = 30 * time.Second // between two forced refreshes of stable_token
	refreshDaily = 20
)

// tokens are the account's access tokens. /token and /stable_token each have a current one, independent of each other.
type tokens struct {
	Valid           map[string]time.Time // token: when it stops
	Current, Stable string
	ForcedAt        time.Time
	Forced          map[string]int // forced refreshes by day
}

// check tells whether a call may use this token.
func (t *tokens) check(token string, now time.Time) error {
	until, known := t.Valid[token]
	switch {
	case token == "":
		return fail(41001)
	case !known:
		return fail(40001)
	case !now.Before(until):
		return fail(42001)
	}
	return nil
}

// replace issues a new token; the old one lives on for the overlap at most.
func (t *tokens) replace(old string, now time.Time) string {
	if end := now.Add(tokenOverlap); old != "" && t.Valid[old].After(end) {
		t.Valid[old] = end
	}
	fresh := "90_" + token(96)
	t.Valid[fresh] = now.Add(tokenLife)
	return fresh
}

// issue is GET /cgi-bin/token: every call makes a new token.
func (t *tokens) issue(now time.Time) string {
	t.Current = t.replace(t.Current, now)
	return t.Current
}

// steady is POST /cgi-bin/stable_token: the same token until five minutes before its end, unless a refresh is forced
// and allowed (30 s apart, 20 a day).
func (t *tokens) steady(now time.Time, force bool) (string, int) {
	left := t.Valid[t.Stable].Sub(now)
	due := left < tokenOverlap
	if force && !due && now.Sub(t.ForcedAt) >= refreshGap && t.Forced[day(now)] < refreshDaily {
		t.ForcedAt, due = now, true
		t.Forced = map[string]int{day(now): t.Forced[day(now)] + 1}
	}
	if due {
		t.Stable = t.replace(t.Stable, now)
		left = tokenLife
	}
	return t.Stable, int(left / time.Second)
}

// drop makes every token invalid at once, as a reset of the AppSecret does.
func (t *tokens) drop() {
	*t = tokens{Valid: map[string]time.Time{}}
}

type credentials struct {
	GrantType    string `json:"grant_type"`
	AppID        string `json:"appid"`
	Secret       string `json:"secret"`
	ForceRefresh bool   `json:"force_refresh"`
}

func (c *call) checkCredentials(in credentials) error {
	switch {
	case in.GrantType != "client_credential":
		return fail(40002)
	case in.Secret == "":
		return fail(41004)
	}
	return c.checkSecret(in)
}

func (c *call) checkSecret(in credentials) error {
	switch {
	case in.AppID != c.AppID:
		return fail(40013)
	case subtle.ConstantTimeCompare([]byte(in.Secret), []byte(c.AppSecret)) != 1:
		return fail(40125)
	}
	return nil
}

func getToken(c *call) (any, error) {
	q := c.r.URL.Query()
	in := credentials{GrantType: q.Get("grant_type"), AppID: q.Get("appid"), Secret: q.Get("secret")}
	if err := c.checkCredentials(in); err != nil {
		return nil, err
	}
	return obj{"access_token": c.state.tokens.issue(c.now), "expires_in": int(tokenLife / time.Second)}, nil
}

func stableToken(c *call, in credentials) (any, error) {
	if err := c.checkCredentials(in); err != nil {
		return nil, err
	}
	value, left := c.state.tokens.steady(c.now, in.ForceRefresh)
	return obj{"access_token": value, "expires_in": left}, nil
}

// checkIP applies the IP list (IP 白名单), when there is one.
func (s *Server) checkIP(r *http.Request) error {
	list := s.state.settings.IPList
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	if len(list) == 0 || slices.Contains(list, host) {
		return nil
	}
	return &apiError{code: 40164, text: "invalid ip " + host + " ipv6 ::ffff:" + host + ", not in whitelist"}
}

// quota counts calls by API and Beijing day.
type quota struct {
	Day, Month string
	Used       map[string]int
	Minute     map[string]int
	MinuteAt   int64
	Cleared    int // clear_quota calls this month
}

const clearMonthly = 10

func newQuota() quota { return quota{Used: map[string]int{}, Minute: map[string]int{}} }

// roll starts a new day, minute or month when the clock has moved on.
func (q *quota) roll(now time.Time) {
	if d := day(now); d != q.Day {
		q.Day, q.Used = d, map[string]int{}
	}
	if m := now.Unix() / 60; m != q.MinuteAt {
		q.MinuteAt, q.Minute = m, map[string]int{}
	}
	if m := month(now); m != q.Month {
		q.Month, q.Cleared = m, 0
	}
}

// limit is the daily limit of an API; 0 when the path is unknown.
func (s *Server) limit(path string) int {
	if n, set := s.state.settings.Quota[path]; set {
		return n
	}
	return s.table[path].daily
}

// minuteLimits are the limits for a minute that Tencent publishes.
var minuteLimits = map[string]int{
	"/cgi-bin/stable_token": 10_000, "/cgi-bin/message/mass/sendall": 60, "/cgi-bin/message/mass/send": 60,
}

// minuteLimit is how often an API may be called in one minute; 0 when there is no limit.
func (s *Server) minuteLimit(path string) int {
	set := s.state.settings
	if n, given := set.MinuteQuotas[path]; given {
		return n
	}
	limit := minuteLimits[path]
	if set.MinuteQuota > 0 && (limit == 0 || set.MinuteQuota < limit) {
		return set.MinuteQuota
	}
	return limit
}

// spend counts one call, or answers 45009 (day) or 45011 (minute).
func (s *Server) spend(path string, now time.Time) error {
	q := &s.state.quota
	q.roll(now)
	if q.Used[path] >= s.limit(path) {
		return fail(45009)
	}
	if most := s.minuteLimit(path); most > 0 && q.Minute[path] >= most {
		return fail(45011)
	}
	q.Used[path]++
	q.Minute[path]++
	return nil
}

func quotaGet(c *call, in struct {
	Path string `json:"cgi_path"`
}) (any, error) {
	most := c.limit(in.Path)
	if most == 0 {
		return nil, fail(76021)
	}
	used := c.state.quota.Used[in.Path]
	return ok(obj{
		"quota":      obj{"daily_limit": most, "used": used, "remain": max(most-used, 0)},
		"rate_limit": obj{"call_count": c.minuteLimit(in.Path), "refresh_second": 60},
	}), nil
}

func clearQuota(c *call, in credentials) (any, error) {
	if in.AppID != c.AppID {
		return nil, fail(40013)
	}
	if c.state.quota.Cleared >= clearMonthly {
		return nil, fail(48006)
	}
	c.state.quota.Cleared++
	clear(c.state.quota.Used)
	return ok(nil), nil
}

func clearQuotaBySecret(c *call) (any, error) {
	in := credentials{AppID: c.r.FormValue("appid"), Secret: c.r.FormValue("appsecret")}
	if err := c.checkSecret(in); err != nil {
		return nil, err
	}
	return clearQuota(c, in)
}

func ridGet(c *call, in struct {
	RID string `json:"rid"`
}) (any, error) {
	for _, e := range c.wire.all() {
		if e.RID == in.RID && in.RID != "" {
			return ok(obj{"request": obj{
				"invoke_time": c.now.Unix(), "cost_in_ms": e.Millis, "request_url": e.URL,
				"request_body": e.Request, "response_body": e.Response, "client_ip": "127.0.0.1",
			}}), nil
		}
	}
	return nil, fail(76022)
}

func ipList(*call) (any, error) { return obj{"ip_list": []string{"127.0.0.1"}}, nil }
