package bench

import (
	"context"
	"encoding/xml"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"shoushan/bot"
)

// Pusher pushes callbacks as WeChat does in safe mode: signed, encrypted, each with a nonce of its own. It is safe for
// concurrent use.
type Pusher struct {
	URL    string
	lines  *lines
	cipher bot.Cipher
	now    func() time.Time
	nonces *atomic.Int64
}

// Delivery is one callback as it goes out; tests spoil it.
type Delivery struct {
	Query url.Values
	Body  string
}

// Answer is what came back.
type Answer struct {
	Status int
	Raw    string // as sent
	Clear  string // decrypted; Raw when it is not encrypted
	Text   string // of a text reply
}

// NewPusher returns a pusher for the address and the account's settings.
func NewPusher(address, token, aesKey, appID string, now func() time.Time) (*Pusher, error) {
	cipher, err := bot.NewCipher(token, aesKey, appID)
	if err != nil {
		return nil, fmt.Errorf("bench: %w", err)
	}
	return &Pusher{address, &lines{idle: map[string][]*line{}}, cipher, now, &atomic.Int64{}}, nil
}

// At returns the same pusher for another address.
func (p *Pusher) At(address string) *Pusher {
	other := *p
	other.URL = address
	return &other
}

// Wrap signs and encrypts a message.
func (p *Pusher) Wrap(inner string) (Delivery, error) {
	secret, err := p.cipher.Encrypt([]byte(inner))
	if err != nil {
		return Delivery{}, fmt.Errorf("bench: %w", err)
	}
	return p.Sign("<xml><ToUserName><![CDATA[gh_bench]]></ToUserName><Encrypt><![CDATA["+secret+"]]></Encrypt></xml>", secret, p.now()), nil
}

// Sign puts a body on its way with the signatures of that moment.
func (p *Pusher) Sign(body, secret string, at time.Time) Delivery {
	stamp, nonce := strconv.FormatInt(at.Unix(), 10), strconv.FormatInt(p.nonces.Add(1), 10)
	return Delivery{url.Values{
		"timestamp": {stamp}, "nonce": {nonce}, "encrypt_type": {"aes"},
		"signature": {p.cipher.Sign(stamp, nonce)}, "msg_signature": {p.cipher.Sign(stamp, nonce, secret)},
	}, body}
}

// Push wraps a message, sends it and reads the answer.
func (p *Pusher) Push(ctx context.Context, inner string) (Answer, error) {
	d, err := p.Wrap(inner)
	if err != nil {
		return Answer{}, err
	}
	return p.Send(ctx, http.MethodPost, d)
}

// Fire pushes a message and reports whether an encrypted reply came; it does not look inside.
func (p *Pusher) Fire(ctx context.Context, inner string) (bool, error) {
	d, err := p.Wrap(inner)
	if err != nil {
		return false, err
	}
	status, raw, err := p.exchange(ctx, http.MethodPost, d)
	return status == http.StatusOK && strings.HasPrefix(raw, "<xml>") && strings.Contains(raw, "<Encrypt>"), err
}

// Send sends a delivery and reads the answer.
func (p *Pusher) Send(ctx context.Context, method string, d Delivery) (Answer, error) {
	status, raw, err := p.exchange(ctx, method, d)
	if err != nil {
		return Answer{}, err
	}
	return p.read(status, raw)
}

func (p *Pusher) exchange(ctx context.Context, method string, d Delivery) (int, string, error) {
	status, raw, err := p.lines.exchange(ctx, method, p.URL+"?"+d.Query.Encode(), d.Body)
	if err != nil {
		return 0, "", fmt.Errorf("bench: %w", err)
	}
	return status, raw, nil
}

// read decrypts an answer.
func (p *Pusher) read(status int, raw string) (Answer, error) {
	a := Answer{Status: status, Raw: raw, Clear: raw}
	if !strings.HasPrefix(raw, "<xml>") {
		return a, nil
	}
	var reply struct{ Encrypt, Content string }
	if err := xml.Unmarshal([]byte(raw), &reply); err != nil {
		return a, fmt.Errorf("bench: answer: %w", err)
	}
	clear, _, err := p.cipher.Decrypt(reply.Encrypt)
	if err != nil {
		return a, fmt.Errorf("bench: answer: %w", err)
	}
	a.Clear = string(clear)
	if err := xml.Unmarshal(clear, &reply); err != nil {
		return a, fmt.Errorf("bench: answer: %w", err)
	}
	a.Text = reply.Content
	return a, nil
}

// Text is a citizen's text message.
func Text(openID, msgID, text string, at time.Time) string {
	return fmt.Sprintf("<xml><ToUserName><![CDATA[gh_bench]]></ToUserName><FromUserName><![CDATA[%s]]></FromUserName><CreateTime>%d</CreateTime>"+
		"<MsgType><![CDATA[text]]></MsgType><Content><![CDATA[%s]]></Content><MsgId>%s</MsgId></xml>", openID, at.Unix(), text, msgID)
}

// Event is an event of a citizen or, with no further elements, of anything else.
func Event(openID, event, more string, at time.Time) string {
	return fmt.Sprintf("<xml><ToUserName><![CDATA[gh_bench]]></ToUserName><FromUserName><![CDATA[%s]]></FromUserName><CreateTime>%d</CreateTime>"+
		"<MsgType><![CDATA[event]]></MsgType><Event><![CDATA[%s]]></Event>%s</xml>", openID, at.Unix(), event, more)
}
