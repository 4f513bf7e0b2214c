package bot

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"shoushan/fault"
)

// DefaultBaseURL is the address of the platform's API.
const DefaultBaseURL = "https://api.weixin.qq.com"

const (
	callTimeout = 10 * time.Second // one call, from connecting to the last byte
	answerLimit = 12 << 20         // bytes; the largest answer is a picture of 10 MiB
	jsonType    = "application/json; charset=utf-8"
	busyRetries = 2
	busyPause   = 300 * time.Millisecond
)

var (
	errUnreadable = errors.New("wechat: the answer cannot be read")
	errTooLong    = errors.New("wechat: the answer is too long")
)

// ClientConfig says which account to act for, and with what.
type ClientConfig struct {
	AppID, AppSecret string
	BaseURL          string       // DefaultBaseURL when empty; the simulator's address in demo and tests
	HTTP             *http.Client // its Transport and Timeout are used; nil: ten seconds for a call, no redirects
	Tokens           TokenStore   // nil: the token is kept in this process only
	Parked           Papers       // which calls wait for their quota; nil: known in this process only
	Now              func() time.Time
	Log              *slog.Logger
	// Observe, when not nil, is told of every call that went out: errcode (0: fine, -2: no readable answer) and duration.
	Observe func(path string, code int, took time.Duration)
	// Alarm, when not nil, is told of every refusal after which nothing works until a person has acted (40164 and the like).
	Alarm func(*APIError)
}

// Client calls the platform for one account. It is safe for concurrent use. Its errors are *APIError when the platform
// refused, and Unavailable faults when it could not be reached or understood; none holds a secret or token. On a rejected
// token it fetches a new one and repeats the call once; SubmitPublish, which cannot be undone, is never repeated.
type Client struct {
	cfg    ClientConfig
	http   *http.Client
	base   string
	tokens *tokenSource
	parked *parking
}

// NewClient returns a client; it makes no call yet.
func NewClient(cfg ClientConfig) *Client {
	if cfg.BaseURL == "" {
		cfg.BaseURL = DefaultBaseURL
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	c := &Client{cfg: cfg, http: hardened(cfg.HTTP), base: strings.TrimSuffix(cfg.BaseURL, "/"), parked: &parking{shared: cfg.Parked, now: cfg.Now, log: cfg.Log, own: parkedCalls{}}}
	c.tokens = &tokenSource{store: cfg.Tokens, fetch: c.fetchToken, now: cfg.Now, log: cfg.Log, turn: make(chan struct{}, 1)}
	c.tokens.turn <- struct{}{}
	return c
}

// hardened returns a client that has a timeout and follows no redirect, which would carry the token elsewhere.
func hardened(given *http.Client) *http.Client {
	h := &http.Client{Timeout: callTimeout}
	if given != nil {
		h.Transport = given.Transport
		if given.Timeout > 0 {
			h.Timeout = given.Timeout
		}
	}
	h.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return h
}

// repeat says which failed calls may be made again.
type repeat int

const (
	repeatToken repeat = iota // after a rejected token: the platform did nothing
	repeatBusy                // also when busy: asking twice has no effect
	repeatNever               // the call cannot be undone
)

// call is one call of the API.
type call struct {
	method, path string
	query        url.Values
	body         []byte
	contentType  string
	repeat       repeat
}

// answer is what came back with status 200 and no errcode.
type answer struct {
	body        []byte
	contentType string
}

// exchange makes a call, unless it is known that the platform would refuse it.
func (c *Client) exchange(ctx context.Context, q call) (answer, error) {
	if err := c.parked.refusal(ctx, q.path); err != nil {
		return answer{}, err
	}
	a, err := c.attempt(ctx, q)
	c.alarm(err)
	return a, c.parked.note(ctx, q.path, err)
}

// attempt makes a call with a token, and again where that is safe.
func (c *Client) attempt(ctx context.Context, q call) (answer, error) {
	token, err := c.tokens.token(ctx, "")
	if err != nil {
		return answer{}, err
	}
	a, err := c.send(ctx, q, token)
	if tokenRejected(err) {
		c.tokens.drop(ctx, token)
		if q.repeat == repeatNever {
			return a, err
		}
		if token, err = c.tokens.token(ctx, token); err != nil {
			return answer{}, err
		}
		a, err = c.send(ctx, q, token)
	}
	for i := 0; i < busyRetries && q.repeat == repeatBusy && Code(err) == codeBusy; i++ {
		if sleep(ctx, busyPause<<i) != nil {
			return a, err
		}
		a, err = c.send(ctx, q, token)
	}
	return a, err
}

// send makes a call once.
func (c *Client) send(ctx context.Context, q call, token string) (answer, error) {
	begun := c.cfg.Now()
	a, err := c.carry(ctx, q, token)
	if c.cfg.Observe != nil {
		code := Code(err)
		if err != nil && code == 0 {
			code = -2
		}
		c.cfg.Observe(q.path, code, c.cfg.Now().Sub(begun))
	}
	return a, err
}

func (c *Client) carry(ctx context.Context, q call, token string) (answer, error) {
	req, err := http.NewRequestWithContext(ctx, q.method, c.address(q, token), bytes.NewReader(q.body))
	if err != nil {
		return answer{}, unreachable(q.path, errors.New("bad address"))
	}
	if q.contentType != "" {
		req.Header.Set("Content-Type", q.contentType)
	}
	res, err := c.http.Do(req)
	if err != nil {
		return answer{}, unreachable(q.path, err)
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(res.Body, answerLimit+1))
	switch {
	case err != nil:
		return answer{}, unreachable(q.path, err)
	case res.StatusCode != http.StatusOK:
		return answer{}, unreachable(q.path, errors.New("status "+strconv.Itoa(res.StatusCode)))
	case len(body) > answerLimit:
		return answer{}, unreachable(q.path, errTooLong)
	}
	a := answer{body: body, contentType: res.Header.Get("Content-Type")}
	return a, refused(q.path, body)
}

func (c *Client) address(q call, token string) string {
	query := url.Values{}
	for k, v := range q.query {
		query[k] = v
	}
	query.Del("access_token")
	if token != "" {
		query.Set("access_token", token)
	}
	if len(query) == 0 {
		return c.base + q.path
	}
	return c.base + q.path + "?" + query.Encode()
}

// refused returns the platform's errcode as an error. An answer that is no JSON, such as a picture, is no refusal.
func refused(path string, body []byte) error {
	if len(body) == 0 || body[0] != '{' {
		return nil
	}
	var status struct {
		Code  number     `json:"errcode"`
		Text  string     `json:"errmsg"`
		MsgID identifier `json:"msg_id"`
	}
	if err := json.Unmarshal(body, &status); err != nil {
		return unreachable(path, errUnreadable)
	}
	if status.Code == 0 {
		return nil
	}
	e := newAPIError(path, int(status.Code), status.Text)
	if e.Code == codeMassExists {
		e.MsgID = string(status.MsgID)
	}
	return e
}

// unreachable returns the fault for a call without a readable answer. The cause keeps no address, because addresses hold
// the token.
func unreachable(path string, cause error) error {
	if e, ok := errors.AsType[*url.Error](cause); ok {
		cause = e.Err
	}
	return fault.Wrap(fault.Unavailable, &transportError{path, cause}, "暂时连不上微信平台，请稍后再试。")
}

// transportError is a call that got no readable answer.
type transportError struct {
	path  string
	cause error
}

// Error returns the path and the cause, without the query.
func (e *transportError) Error() string { return "wechat " + e.path + ": " + e.cause.Error() }

// Unwrap returns the cause.
func (e *transportError) Unwrap() error { return e.cause }

// neverLeft reports whether a call failed before anything was sent: the connection could not be made.
func neverLeft(err error) bool {
	op, ok := errors.AsType[*net.OpError](err)
	return ok && op.Op == "dial"
}

// ask makes a call with a JSON body and reads the JSON answer into res, which may be nil.
func (c *Client) ask(ctx context.Context, path string, r repeat, req, res any) error {
	body, err := encodeJSON(req)
	if err != nil {
		return err
	}
	a, err := c.exchange(ctx, call{method: http.MethodPost, path: path, body: body, contentType: jsonType, repeat: r})
	if err != nil || res == nil {
		return err
	}
	if json.Unmarshal(a.body, res) != nil {
		return unreachable(path, errUnreadable)
	}
	return nil
}

// encodeJSON writes raw UTF-8: the platform shows \u003c as it stands.
func encodeJSON(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, fault.Wrap(fault.Internal, err, "")
	}
	return b.Bytes(), nil
}

// number reads 12, "12" and null alike; what is no number is an error.
type number int64

// UnmarshalJSON implements json.Unmarshaler.
func (n *number) UnmarshalJSON(b []byte) error {
	text := strings.Trim(string(b), `"`)
	if text == "null" || text == "" {
		return nil
	}
	v, err := strconv.ParseInt(text, 10, 64)
	*n = number(v)
	return err
}

// numbers reads a list of numbers, and one number as a list of it.
type numbers []number

// UnmarshalJSON implements json.Unmarshaler.
func (l *numbers) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '[' {
		return json.Unmarshal(b, (*[]number)(l))
	}
	*l = numbers{0}
	return json.Unmarshal(b, &(*l)[0])
}

// identifier reads a string or a number as a string: the documents disagree about publish_id and msg_data_id.
type identifier string

// UnmarshalJSON implements json.Unmarshaler.
func (id *identifier) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '"' {
		return json.Unmarshal(b, (*string)(id))
	}
	if string(b) != "null" {
		*id = identifier(b)
	}
	return nil
}
