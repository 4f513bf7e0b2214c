package bot

import (
	"context"
	"encoding/json"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"shoushan/workday"
)

// Memo keeps small values in clear under names; nothing personal or secret belongs there.
type Memo interface {
	// Setting reads the value under the name into v, or returns a NotFound fault.
	Setting(ctx context.Context, name string, v any) error
	// ChangeSetting replaces the value under the name with what change makes of it, atomically; change gets nil when there is
	// none, and may be run again.
	ChangeSetting(ctx context.Context, name string, change func(old []byte) ([]byte, error)) error
}

const (
	gaugeName = "account:gauge"
	gaugeDays = 3 // how many days of counts are kept
)

// Gauge watches the account from all that passes: it counts calls by day, and remembers the last refusals, the last
// callback and what was said about the certificate (认证). What it has seen is written by Flush, for all processes together.
type Gauge struct {
	Memo Memo
	Now  func() time.Time
	Log  *slog.Logger

	mu    sync.Mutex
	seen  reading
	known []string // addresses from which the platform pushes, as of the last Flush
}

// reading is what the gauges of all processes have seen.
type reading struct {
	Calls       map[string]map[string]int `json:"calls,omitempty"`    // day → path → calls that the platform counted
	Refusals    map[string]refusedCall    `json:"refusals,omitempty"` // path → the last refusal
	Callback    time.Time                 `json:"callback,omitzero"`
	JSON        time.Time                 `json:"json,omitzero"` // of the last delivery in a form that nobody here reads
	Good        time.Time                 `json:"good,omitzero"` // of the last call that was not refused
	Certificate Certificate               `json:"certificate,omitzero"`
	Alarm       alarmed                   `json:"alarm,omitzero"`
	Origins     origins                   `json:"origins,omitzero"`
}

// refusedCall is a refusal of a call.
type refusedCall struct {
	Code int       `json:"code"`
	At   time.Time `json:"at"`
}

// Certificate is what the platform last said about the account's certification (认证). Without it the calls for publishing
// are taken away.
type Certificate struct {
	Event   Event     `json:"event"` // verify_expired, annual_renew, qualification_verify_success …
	At      time.Time `json:"at"`
	Expires time.Time `json:"expires,omitzero"`
	Failed  time.Time `json:"failed,omitzero"`  // when it was refused
	Reason  string    `json:"reason,omitempty"` // of a failure, in Tencent's words
}

// Observe is ClientConfig.Observe: it counts a call. What got no readable answer may or may not have been counted by the
// platform; it is.
func (g *Gauge) Observe(path string, code int, _ time.Duration) {
	g.mu.Lock()
	defer g.mu.Unlock()
	day := workday.Of(g.Now()).String()
	if g.seen.Calls == nil {
		g.seen.Calls = map[string]map[string]int{}
	}
	if g.seen.Calls[day] == nil {
		g.seen.Calls[day] = map[string]int{}
	}
	if counted(code) {
		g.seen.Calls[day][path]++
	}
	switch {
	case code == 0:
		g.seen.Good = g.Now().UTC()
	case code != -2:
		if g.seen.Refusals == nil {
			g.seen.Refusals = map[string]refusedCall{}
		}
		g.seen.Refusals[path] = refusedCall{code, g.Now().UTC()}
	}
}

// counted reports whether the platform counts a call that ended so: refusals at the door are not.
func counted(code int) bool {
	switch code {
	case 40001, 40014, 41001, 42001, 40164, 45009, 45011, 48001:
		return false
	}
	return true
}

// Watch returns the middleware that notes callbacks and what they say about the certificate.
func (g *Gauge) Watch() Middleware {
	return func(next Handler) Handler {
		return func(ctx context.Context, m Message) (Reply, error) {
			g.mu.Lock()
			g.seen.Callback = g.Now().UTC()
			if c, ok := CertificateEvent(m); ok {
				g.seen.Certificate = c
			}
			g.mu.Unlock()
			return next(ctx, m)
		}
	}
}

// CertificateEvent reads what an event says about the account's certification; ok is false for other messages.
func CertificateEvent(m Message) (Certificate, bool) {
	if !OnEvent(Qualified, QualifiedNot, NameVerified, NameVerifiedNot, RenewalDue, VerifyExpired)(m) {
		return Certificate{}, false
	}
	f, err := parseFields(m.Raw)
	if err != nil {
		return Certificate{}, false
	}
	return Certificate{
		Event: m.Event, At: m.CreatedAt, Expires: f.time("ExpiredTime"), Failed: f.time("FailTime"), Reason: f.get("FailReason"),
	}, true
}

// Flush adds what was seen since the last time to what all processes know. What cannot be written is kept for the next.
func (g *Gauge) Flush(ctx context.Context) error {
	_, err := g.flush(ctx)
	return err
}

func (g *Gauge) flush(ctx context.Context) (all reading, err error) {
	g.mu.Lock()
	seen := g.seen
	g.seen = reading{}
	g.mu.Unlock()
	oldest := workday.Of(g.Now()).AddDays(1 - gaugeDays).String()
	err = g.Memo.ChangeSetting(ctx, gaugeName, func(old []byte) ([]byte, error) {
		all = reading{}
		if old != nil && json.Unmarshal(old, &all) != nil {
			g.Log.Warn("the account's gauge could not be read and begins anew")
		}
		all.add(seen)
		maps.DeleteFunc(all.Calls, func(day string, _ map[string]int) bool { return day < oldest })
		return json.Marshal(all)
	})
	if err != nil {
		g.mu.Lock()
		defer g.mu.Unlock()
		seen.add(g.seen)
		g.seen = seen
		return seen, err
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.known = all.Origins.List
	return all, nil
}

// add adds what was seen later.
func (r *reading) add(later reading) {
	if r.Calls == nil {
		r.Calls = map[string]map[string]int{}
	}
	for day, paths := range later.Calls {
		if r.Calls[day] == nil {
			r.Calls[day] = map[string]int{}
		}
		for path, n := range paths {
			r.Calls[day][path] += n
		}
	}
	if r.Refusals == nil {
		r.Refusals = map[string]refusedCall{}
	}
	maps.Copy(r.Refusals, later.Refusals)
	if later.Callback.After(r.Callback) {
		r.Callback = later.Callback
	}
	if later.JSON.After(r.JSON) {
		r.JSON = later.JSON
	}
	if later.Good.After(r.Good) {
		r.Good = later.Good
	}
	r.Origins.add(later.Origins)
	if later.Alarm.At.After(r.Alarm.At) {
		r.Alarm = later.Alarm
	}
	if later.Certificate.At.After(r.Certificate.At) {
		r.Certificate = later.Certificate
	}
}

// lastWith returns the latest refusal with one of the codes.
func (r reading) lastWith(codes ...int) (path string, last refusedCall) {
	for p, f := range r.Refusals {
		if slices.Contains(codes, f.Code) && f.At.After(last.At) {
			path, last = p, f
		}
	}
	return path, last
}
