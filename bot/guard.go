package bot

import (
	"context"
	"net/url"
	"strconv"
	"time"
)

// refusal is an error that says why a request is not WeChat's.
type refusal string

// Error returns the reason for the log.
func (r refusal) Error() string { return "bot: refused: " + string(r) }

// open returns the clear message of a delivery. A refusal means that it is not WeChat's or not in the configured mode; any
// other error that its content is of no use.
func (c *Callback) open(ctx context.Context, q url.Values, raw []byte) ([]byte, error) {
	if !c.fresh(q) {
		return nil, refusal("timestamp")
	}
	if c.Config.Mode == Plain {
		return raw, c.openPlain(ctx, q, raw)
	}
	outer, err := parseFields(raw)
	if err != nil {
		return nil, err
	}
	secret := outer.get("Encrypt")
	if secret == "" || q.Get("encrypt_type") != "aes" {
		return nil, refusal("plaintext")
	}
	if !c.cipher.Verify(q.Get("msg_signature"), q.Get("timestamp"), q.Get("nonce"), secret) {
		return nil, refusal("msg_signature")
	}
	body, _, err := c.cipher.Decrypt(secret)
	if err != nil {
		return nil, refusal("ciphertext")
	}
	return body, nil
}

// openPlain checks a delivery in plaintext mode. Its signature does not cover the body, so a nonce is good for one body
// only: whoever has seen a signed address cannot use it for another message.
func (c *Callback) openPlain(ctx context.Context, q url.Values, raw []byte) error {
	if !c.signed(q) {
		return refusal("signature")
	}
	key := digest("nonce", q.Get("timestamp"), q.Get("nonce"))
	body := digest("body", string(raw))
	bound, state, err := c.Once.Begin(ctx, key, onceKeep)
	switch {
	case err != nil:
		return nil // the store is down: nothing will be handled before it is up again
	case state == OnceFresh:
		c.note("nonce", Message{Raw: raw}, c.Once.Finish(ctx, key, []byte(body), onceKeep))
	case state != OnceDone || string(bound) != body:
		return refusal("nonce")
	}
	return nil
}

// signed reports whether the address carries the signature of a fresh timestamp and nonce.
func (c *Callback) signed(q url.Values) bool {
	return c.fresh(q) && c.cipher.Verify(q.Get("signature"), q.Get("timestamp"), q.Get("nonce"))
}

// fresh reports whether the timestamp is within five minutes of our clock.
func (c *Callback) fresh(q url.Values) bool {
	s, err := strconv.ParseInt(q.Get("timestamp"), 10, 64)
	if err != nil {
		return false
	}
	age := c.Now().Sub(time.Unix(s, 0))
	return age.Abs() <= freshness
}
