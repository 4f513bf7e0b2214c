package simulator

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// unavailable is what WeChat shows when the account does not answer, or not in a form that it understands.
const unavailable = "该公众号暂时无法提供服务，请稍后再试"

const maxReply = 256 << 10

// pushLater pushes in the background. The server's lock may be held.
func (s *Server) pushLater(parent context.Context, d delivery) {
	s.background(parent, func(ctx context.Context) { s.push(ctx, d) })
}

// push delivers one message or event, with the ordered faults, and returns when it is answered or given up.
func (s *Server) push(ctx context.Context, d delivery) {
	s.mu.Lock()
	blocked := d.to != nil && d.to.Blocked
	_, lost := s.strike(d.name, FaultLose)
	late, isLate := s.strike(d.name, FaultLate)
	swap, isSwapped := s.strike(d.name, FaultSwap)
	turn := make(chan struct{})
	if isSwapped {
		s.held = append(s.held, turn)
	}
	_, twice := s.strike(d.name, FaultDuplicate)
	s.mu.Unlock()
	switch {
	case blocked:
		s.notPushed(d, "市民在黑名单里，没有推送")
		return
	case lost:
		s.notPushed(d, "故障：没有推送")
		return
	case isLate && !pause(ctx, late.delay(10_000)):
		return
	case isSwapped && !awaitTurn(ctx, turn, swap.delay(10_000)):
		return
	}
	s.deliverUntilAnswered(ctx, d)
	if !isSwapped {
		s.passed()
	}
	if twice {
		again := d
		again.to, again.tips, again.title = nil, false, d.title+"（重复）"
		s.deliverUntilAnswered(ctx, again)
	}
}

// awaitTurn waits until another message or event has been delivered, at most for the limit. It reports false when the
// server closes first.
func awaitTurn(ctx context.Context, turn <-chan struct{}, limit time.Duration) bool {
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case <-turn:
	case <-timer.C:
	case <-ctx.Done():
		return false
	}
	return true
}

// passed lets go what waits behind the delivery that is done.
func (s *Server) passed() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, turn := range s.held {
		close(turn)
	}
	s.held = nil
}

func (s *Server) format() DataFormat {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.state.settings.Format
}

// notPushed records what never leaves the platform, and why.
func (s *Server) notPushed(d delivery, why string) {
	ex := d.exchange(stamp(s.clock.now()))
	ex.Note, ex.RequestClear = why, s.format().pretty(d.fields)
	s.record(ex)
}

func (f Fault) delay(def int) time.Duration {
	if f.DelayMS == 0 {
		f.DelayMS = def
	}
	return time.Duration(f.DelayMS) * time.Millisecond
}

// deliverUntilAnswered is the platform's retry rule: cut after 5 s and push again, three times in all; a malformed
// answer is not retried. A status other than 200 counts as no answer [M].
func (s *Server) deliverUntilAnswered(ctx context.Context, d delivery) {
	for attempt := 1; ; attempt++ {
		s.mu.Lock()
		set := s.state.settings
		s.mu.Unlock()
		if set.CallbackURL == "" {
			s.notPushed(d, "没有设置回调地址，未推送")
			return
		}
		answered, err := s.pushOnce(ctx, d, set, attempt)
		if err == nil {
			return
		}
		if answered || attempt >= set.PushAttempts || !pause(ctx, time.Duration(set.RetryPauseMS)*time.Millisecond) {
			break
		}
	}
	s.tip(d)
}

// tip tells the citizen that the account did not answer.
func (s *Server) tip(d delivery) {
	if d.to == nil || !d.tips {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.show(d.to, bubble{From: fromSystem, Kind: "text", Text: unavailable})
}

// pushOnce sends one attempt. It reports whether the account answered, and what was wrong.
func (s *Server) pushOnce(ctx context.Context, d delivery, set Settings, attempt int) (bool, error) {
	elapsed := stopwatch()
	target, body, err := s.envelope(d, set)
	if err != nil {
		return true, err
	}
	ex := d.exchange(stamp(s.clock.now()))
	ex.URL, ex.Attempt, ex.Attempts, ex.Pending = target, attempt, set.PushAttempts, true
	ex.Request, ex.RequestClear = body, set.Format.pretty(d.fields)
	ex = s.record(ex)
	ex.Pending = false
	status, reply, err := s.post(ctx, target, set.Format, body, time.Duration(set.ReplyTimeoutMS)*time.Millisecond)
	ex.Status, ex.Response, ex.Millis = status, string(reply), elapsed().Milliseconds()
	answered := err == nil
	if err == nil {
		err = s.takeReply(d, set, reply, &ex)
	}
	ex.OK = err == nil
	if err != nil {
		ex.Note = err.Error()
	}
	s.record(ex)
	return answered, err
}

// envelope returns the address with its signed query and the body, in the account's mode.
func (s *Server) envelope(d delivery, set Settings) (string, string, error) {
	u, err := url.Parse(set.CallbackURL)
	if err != nil {
		return "", "", fmt.Errorf("回调地址无法解析：%w", err)
	}
	stamp, nonce := strconv.FormatInt(s.clock.now().Unix(), 10), digits(9)
	q := u.Query()
	q.Set("signature", sign(s.Token, stamp, nonce))
	q.Set("timestamp", stamp)
	q.Set("nonce", nonce)
	q.Set("openid", d.openID)
	clear := set.Format.document(d.fields)
	if set.Mode == Plain {
		u.RawQuery = q.Encode()
		return u.String(), clear, nil
	}
	encrypted, err := s.encrypt(clear)
	if err != nil {
		return "", "", err
	}
	q.Set("encrypt_type", "aes")
	q.Set("msg_signature", sign(s.Token, stamp, nonce, encrypted))
	u.RawQuery = q.Encode()
	if set.Mode == Compatible {
		return u.String(), set.Format.document(join(d.fields, text("Encrypt", encrypted))), nil
	}
	return u.String(), set.Format.document([]node{text("ToUserName", s.OriginalID), text("Encrypt", encrypted)}), nil
}

func (s *Server) encrypt(message string) (string, error) {
	key, err := aesKey(s.AESKey)
	if err != nil {
		return "", err
	}
	random := make([]byte, 16)
	if _, err := rand.Read(random); err != nil {
		return "", err
	}
	return seal(key, random, []byte(message), s.AppID)
}

// post sends a callback and reads the answer, all within the limit.
func (s *Server) post(ctx context.Context, target string, format DataFormat, body string, limit time.Duration) (int, []byte, error) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, target, strings.NewReader(body))
	if err != nil {
		return 0, nil, err
	}
	req.Header.Set("Content-Type", format.contentType())
	req.Header.Set("User-Agent", "Mozilla/4.0")
	resp, err := s.Client.Do(req)
	if err != nil {
		return 0, nil, describeFailure(err, limit)
	}
	defer func() { _ = resp.Body.Close() }()
	reply, err := io.ReadAll(io.LimitReader(resp.Body, maxReply))
	if err != nil {
		return resp.StatusCode, reply, describeFailure(err, limit)
	}
	if resp.StatusCode != http.StatusOK {
		return resp.StatusCode, reply, fmt.Errorf("应答的 HTTP 状态是 %d，不是 200", resp.StatusCode)
	}
	return resp.StatusCode, reply, nil
}

func describeFailure(err error, limit time.Duration) error {
	if timeout, isNet := errors.AsType[net.Error](err); isNet && timeout.Timeout() {
		return fmt.Errorf("%v 内没有应答，平台断开了连接", limit)
	}
	if errors.Is(err, context.Canceled) {
		return errors.New("平台正在关闭")
	}
	if errors.Is(err, syscall.ECONNREFUSED) {
		return errors.New("连不上公众号的服务器：那个地址没有程序在监听")
	}
	if errors.Is(err, io.EOF) || errors.Is(err, syscall.ECONNRESET) {
		return errors.New("公众号的服务器没有应答就断开了连接")
	}
	return fmt.Errorf("连不上公众号的服务器：%w", errors.Unwrap(err))
}

// verify does the URL verification (GET with echostr) that the platform does when the address is saved.
func (s *Server) verify(ctx context.Context, address string, limit time.Duration) error {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return errors.New("回调地址不是完整的网址")
	}
	stamp, nonce, echo := strconv.FormatInt(s.clock.now().Unix(), 10), digits(9), digits(19)
	q := u.Query()
	q.Set("signature", sign(s.Token, stamp, nonce))
	q.Set("timestamp", stamp)
	q.Set("nonce", nonce)
	q.Set("echostr", echo)
	u.RawQuery = q.Encode()
	elapsed := stopwatch()
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	reply, status, err := s.get(ctx, u.String(), limit)
	if err == nil && (status != http.StatusOK || !bytes.Equal(reply, []byte(echo))) {
		err = fmt.Errorf("应答不是原样的 echostr：HTTP %d，内容 %q", status, shorten(string(reply)))
	}
	ex := Exchange{
		At: stampNow(s), Direction: directionCallback, Name: "verify", Title: "验证回调地址", Method: http.MethodGet, URL: u.String(), Attempt: 1,
		Status: status, OK: err == nil, Millis: elapsed().Milliseconds(), Response: string(reply), Note: "地址验证通过",
	}
	if err != nil {
		ex.Note = err.Error()
	}
	s.record(ex)
	return err
}

func stampNow(s *Server) string { return stamp(s.clock.now()) }

func (s *Server) get(ctx context.Context, target string, limit time.Duration) ([]byte, int, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, target, nil)
	if err != nil {
		return nil, 0, err
	}
	resp, err := s.Client.Do(req)
	if err != nil {
		return nil, 0, describeFailure(err, limit)
	}
	defer func() { _ = resp.Body.Close() }()
	reply, err := io.ReadAll(io.LimitReader(resp.Body, maxReply))
	return reply, resp.StatusCode, err
}
