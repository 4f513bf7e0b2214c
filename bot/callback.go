package bot

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"shoushan/fault"
)

var errStillRunning = errors.New("bot: another delivery is still at work, or the store does not answer")

// Mode is how callbacks are encoded (消息加解密方式). It is configured, never inferred from a request.
type Mode string

// The three modes. In Compatible and Safe mode only what is encrypted counts; a plaintext message is refused.
const (
	Plain      Mode = "plain"      // 明文模式
	Compatible Mode = "compatible" // 兼容模式: ciphertext beside the clear fields, which are ignored
	Safe       Mode = "safe"       // 安全模式
)

const (
	freshness    = 5 * time.Minute         // how far a timestamp may be from our clock, either way
	bodyLimit    = 1 << 20                 // bytes; a real callback has less than 10 KiB
	onceLease    = 10 * time.Second        // more than twice what a handler may take
	onceKeep     = 15 * time.Minute        // more than two freshness windows: a replay is always recognized
	patience     = 4500 * time.Millisecond // how long one delivery waits for the work of another
	cutAfter     = 5500 * time.Millisecond // WeChat cuts the connection at 5 s
	lastAttempt  = 9 * time.Second         // a delivery that arrives later than this is the third and last
	pollEvery    = 50 * time.Millisecond
	finishWithin = 500 * time.Millisecond
	ack          = "success"
)

// Config is what the account's page 消息与事件推送 says.
type Config struct {
	Token  string
	AESKey string // EncodingAESKey, 43 characters; not in Plain mode
	AppID  string
	Mode   Mode
}

// Check reports what is wrong with the configuration, as an Invalid fault that names the setting.
func (c Config) Check() error {
	switch {
	case c.Token == "":
		return fault.New(fault.Invalid, "没有填写令牌（WECHAT_TOKEN）。")
	case c.Mode != Plain && c.Mode != Compatible && c.Mode != Safe:
		return fault.Newf(fault.Invalid, "消息加解密方式“%s”不存在，可选 plain、compatible、safe。", c.Mode)
	case c.Mode == Plain && c.AESKey != "":
		return fault.New(fault.Invalid, "填写了消息加解密密钥（WECHAT_AES_KEY）就不能使用明文模式。")
	case c.Mode != Plain && (c.AESKey == "" || c.AppID == ""):
		return fault.New(fault.Invalid, "加密模式需要填写消息加解密密钥（WECHAT_AES_KEY）和 AppID（WECHAT_APP_ID）。")
	}
	if _, err := NewCipher(c.Token, c.AESKey, c.AppID); err != nil {
		return fault.Wrap(fault.Invalid, err, "消息加解密密钥（WECHAT_AES_KEY）应当是 43 个字母和数字。")
	}
	return nil
}

// Callback is the address to which WeChat pushes messages and events. All its fields but Ahead must be set before its first use.
//
// Whoever cannot prove to be WeChat gets 403 without content. WeChat itself always gets 200: the reply, or success when
// there is nothing to say or the content is of no use.
type Callback struct {
	Config  Config
	Once    Once
	Handler Handler
	Log     *slog.Logger
	Now     func() time.Time
	// Ahead, when it is set, returns a context in which Once.Begin also reads what the handler will need of the sender.
	Ahead func(ctx context.Context, openID string) context.Context

	prepare sync.Once
	cipher  Cipher
	wrong   error
}

// ServeHTTP implements http.Handler.
func (c *Callback) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c.prepare.Do(func() {
		if c.wrong = c.Config.Check(); c.wrong == nil {
			c.cipher, c.wrong = NewCipher(c.Config.Token, c.Config.AESKey, c.Config.AppID)
		}
	})
	h := w.Header()
	h.Set("Content-Type", "text/plain; charset=utf-8")
	h.Set("X-Content-Type-Options", "nosniff")
	switch {
	case c.wrong != nil:
		c.Log.Error("callback is not configured", "error", c.wrong)
		w.WriteHeader(http.StatusServiceUnavailable)
	case r.Method == http.MethodGet:
		c.verify(w, r.URL.Query())
	case r.Method == http.MethodPost:
		c.receive(w, r)
	default:
		h.Set("Allow", "GET, POST")
		w.WriteHeader(http.StatusMethodNotAllowed)
	}
}

// verify answers the check that WeChat makes when the address is saved: echostr, byte for byte, in every mode.
func (c *Callback) verify(w http.ResponseWriter, q url.Values) {
	if !c.signed(q) {
		c.refuse(w, "signature")
		return
	}
	_, _ = io.WriteString(w, q.Get("echostr"))
}

// receive takes one delivery from the request to the answer.
func (c *Callback) receive(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	raw, err := io.ReadAll(http.MaxBytesReader(w, r.Body, bodyLimit))
	if err != nil {
		c.useless(w, q, "body")
		return
	}
	body, err := c.open(r.Context(), q, raw)
	if reason, refused := errors.AsType[refusal](err); refused {
		c.refuse(w, string(reason))
		return
	}
	if err != nil {
		c.useless(w, q, "content")
		return
	}
	m, err := parseMessage(body)
	if err != nil || m.From == "" {
		c.acknowledge(w, "message")
		return
	}
	c.answer(w, r, m, q.Get("nonce"))
}

// useless ends a delivery whose body cannot be read: only the address can show whether it is WeChat's.
func (c *Callback) useless(w http.ResponseWriter, q url.Values, what string) {
	if !c.signed(q) {
		c.refuse(w, "signature")
		return
	}
	c.acknowledge(w, what)
}

// acknowledge accepts what is WeChat's but of no use, so that it is not pushed again.
func (c *Callback) acknowledge(w http.ResponseWriter, what string) {
	c.Log.Warn("callback of no use", "what", what)
	_, _ = io.WriteString(w, ack)
}

func (c *Callback) refuse(w http.ResponseWriter, reason string) {
	c.Log.Warn("callback refused", "reason", reason)
	w.WriteHeader(http.StatusForbidden)
}

// answer does the work once and writes the reply.
func (c *Callback) answer(w http.ResponseWriter, r *http.Request, m Message, nonce string) {
	ctx := r.Context()
	if c.Ahead != nil && showsReply(m) {
		ctx = c.Ahead(ctx, m.From)
	}
	reply, answered := c.reply(ctx, m)
	switch {
	case !answered: // WeChat has cut the connection by now, and delivers again
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	case len(reply) == 0:
		_, _ = io.WriteString(w, ack)
		return
	}
	if c.Config.Mode != Plain {
		sealed, err := renderEnvelope(c.cipher, reply, nonce, c.Now())
		if err != nil {
			c.Log.Error("callback reply not encrypted", "error", err)
			_, _ = io.WriteString(w, ack)
			return
		}
		reply = sealed
	}
	w.Header().Set("Content-Type", "text/xml; charset=utf-8")
	_, _ = w.Write(reply)
}

// reply returns the reply to a message that may have arrived before, and whether there is one. While someone else works
// on it, or the store is down, it tries again until WeChat is about to cut. Then it gives no answer at all, because
// success would end the deliveries of a message that nobody may have handled; the next delivery finds the answer, or
// finds the lease expired and does the work. Only the last delivery gets an apology instead.
func (c *Callback) reply(ctx context.Context, m Message) (reply []byte, answered bool) {
	key, last := onceKey(m), c.Now().Sub(m.CreatedAt) >= lastAttempt
	cut, stop := context.WithTimeout(ctx, cutAfter)
	defer stop()
	reply, err := c.once(ctx, key, m)
	if err == nil {
		return reply, true
	}
	c.Log.Log(ctx, fault.Level(ctx, err), "callback not answered", "ref", reference(m), "last", last, "error", err)
	if last {
		return renderReply(m, apology(m, fault.New(fault.Unavailable, "")), c.Now()), true
	}
	<-cut.Done()
	return nil, false
}

// once returns the reply, of this or an earlier delivery. An error means that the message has had no effect that we know
// of, and should be delivered again. That WeChat has gone is no reason to let go of a lease that is being asked for: the
// next delivery would have to wait until it expires.
func (c *Callback) once(ctx context.Context, key string, m Message) ([]byte, error) {
	waiting, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	for {
		reply, state, err := c.Once.Begin(waiting, key, onceLease)
		switch {
		case err == nil && state == OnceDone:
			return reply, nil
		case err == nil && state == OnceFresh:
			until, _ := waiting.Deadline()
			return c.work(ctx, key, m, until)
		}
		select {
		case <-ctx.Done():
			return nil, errors.Join(errStillRunning, cmp.Or(err, ctx.Err()))
		case <-waiting.Done():
			return nil, errors.Join(errStillRunning, err)
		case <-time.After(pollEvery):
		}
	}
}

// work runs the handler and remembers the reply. It is finished even when WeChat has gone meanwhile: the next delivery
// gets the reply. An error of the handler is an answer too, because the work may have had its effect and the citizen
// decides what to do next; but when nobody would see the answer, as with the events of jobs, and trying again may
// help, the message is given back.
func (c *Callback) work(ctx context.Context, key string, m Message, until time.Time) ([]byte, error) {
	ctx = context.WithoutCancel(ctx)
	done := false
	defer func() {
		if !done { // also on a panic, which goes on to the server
			c.note("abandon", m, c.Once.Abandon(ctx, key))
		}
	}()
	answer, err := c.Handler(ctx, m)
	if kind := fault.KindOf(err); err != nil && !showsReply(m) && (kind == fault.Unavailable || kind == fault.Internal) {
		return nil, err
	}
	if err != nil {
		answer = apology(m, err)
	}
	done = true
	reply := renderReply(m, answer, c.Now())
	c.finish(ctx, key, m, reply, until)
	return reply, nil
}

// finish remembers the reply. When the store does not answer it tries until then, for as long as WeChat waits, and at least
// for a short while.
func (c *Callback) finish(ctx context.Context, key string, m Message, reply []byte, until time.Time) {
	ctx, cancel := atLeast(ctx, finishWithin, until)
	defer cancel()
	for {
		err := c.Once.Finish(ctx, key, reply, onceKeep)
		if err == nil {
			return
		}
		pause := time.NewTimer(pollEvery)
		select {
		case <-ctx.Done():
			pause.Stop()
			c.note("finish", m, err)
			return
		case <-pause.C:
		}
	}
}

// atLeast returns a context that ends at an instant, but not before so much time has passed.
func atLeast(ctx context.Context, least time.Duration, until time.Time) (context.Context, context.CancelFunc) {
	short, cancel := context.WithTimeout(ctx, least)
	if end, _ := short.Deadline(); !until.After(end) {
		return short, cancel
	}
	cancel()
	return context.WithDeadline(ctx, until)
}

func (c *Callback) note(step string, m Message, err error) {
	if err != nil {
		c.Log.Error("callback once", "step", step, "ref", reference(m), "error", err)
	}
}

// apology turns an error into what the citizen reads: its sentence, and for what is not the citizen's doing the number
// under which the log has it. Platform events get no reply.
func apology(m Message, err error) Reply {
	if !showsReply(m) {
		return Reply{}
	}
	text := fault.Message(err)
	if kind := fault.KindOf(err); kind == fault.Internal || kind == fault.Unavailable {
		text += "（编号 " + reference(m) + "）"
	}
	return Reply{Text: text}
}

// answerable reports whether a citizen sees a passive reply to the event.
func answerable(e Event) bool { return e == Subscribe || e == Scan || e == Click || e == ScanWait }

// onceKey identifies a message by MsgId, an event by sender, time, event, key and job (wechat.md §1.4). It is a hash, so
// that no OpenID stands in a key.
func onceKey(m Message) string {
	if m.ID != "" {
		return digest("message", m.ID)
	}
	if m.Type == EventMessage && !m.CreatedAt.IsZero() {
		return digest("event", m.From, strconv.FormatInt(m.CreatedAt.Unix(), 10), string(m.Event), m.EventKey, jobOf(m))
	}
	return digest("body", string(m.Raw))
}

// jobOf tells apart events of one second that differ in their job only.
func jobOf(m Message) string {
	if m.EventKey != "" {
		return ""
	}
	if id, st, ok := PublishEvent(m); ok { // two articles done at once, or one that is done and then banned
		return id + " " + strconv.Itoa(int(st.State))
	}
	f, err := parseFields(m.Raw)
	if err != nil {
		return ""
	}
	return f.first("MsgID", "MsgId")
}

// digest returns 32 hex digits of the parts.
func digest(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return hex.EncodeToString(sum[:16])
}

// reference is the number under which the log has a message; it tells nothing about the citizen.
func reference(m Message) string { return onceKey(m)[:8] }
