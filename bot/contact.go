package bot

import (
	"context"
	"fmt"
	"strings"
	"time"
)

// Contact returns the middleware that keeps the ledgers of windows and consents and shows what is waiting in the outbox. It goes around the
// router, inside Deadline. When ledger or outbox fail, the citizen is answered all the same.
func (n *Notifier) Contact() Middleware {
	return func(next Handler) Handler {
		return func(ctx context.Context, m Message) (Reply, error) {
			n.record(ctx, m)
			r, err := next(ctx, m)
			if err != nil || !showsReply(m) || r.ImageMediaID != "" || len(r.News) > 0 {
				return r, err
			}
			r.Text = n.withWaiting(ctx, m, r.Text)
			return r, nil
		}
	}
}

// showsReply reports whether the citizen sees a passive reply to the message.
func showsReply(m Message) bool { return m.Type != EventMessage || answerable(m.Event) }

// record notes what the contact allows us to send.
func (n *Notifier) record(ctx context.Context, m Message) {
	kind, allowance, window := windowOf(m)
	var err error
	switch {
	case kind != "":
		err = n.Windows.Grant(ctx, m.From, kind, allowance, n.Now().Add(window))
	case m.Type == EventMessage && m.Event == Unsubscribe:
		err = n.Windows.Revoke(ctx, m.From)
	}
	if err != nil {
		n.Log.Warn("window ledger", "error", err)
	}
	n.heedDeliveries(ctx, m)
	if n.Channels.Consents == nil {
		return
	}
	if err := n.Channels.Consents.Record(ctx, m); err != nil {
		n.Log.Warn("consents", "error", err)
	}
}

// notDelivered stands for a text that is queued no more.
const notDelivered = "（之前发出的一条微信通知没有送达，请对照办理记录告知）"

// heedDeliveries puts a citizen on the list of those who have to be phoned when the platform says, after it had accepted a
// message, that it did not arrive.
func (n *Notifier) heedDeliveries(ctx context.Context, m Message) {
	for _, d := range Deliveries(m) {
		if !d.Failed || n.Calls == nil {
			continue
		}
		waiting, err := n.Outbox.Waiting(ctx, m.From)
		if err != nil {
			n.Log.Warn("outbox", "error", err)
		}
		text := notDelivered
		if len(waiting) > 0 {
			text = strings.Join(waiting, "\n")
		}
		if err := n.Calls.Ask(ctx, m.From, text, d.Reason); err != nil {
			n.Log.Warn("list of calls", "error", err)
		}
	}
}

// windowOf returns the window that a message opens, "" for none. An item of a msgmenu counts as a tap.
func windowOf(m Message) (kind string, allowance int, window time.Duration) {
	if m.Type != EventMessage {
		if m.MenuItemID != "" {
			return "menu", tapAllowance, tapWindow
		}
		return "message", messageAllowance, messageWindow
	}
	switch m.Event {
	case Click, ScanPush, ScanWait:
		return "menu", tapAllowance, tapWindow
	case Subscribe:
		return "follow", tapAllowance, tapWindow
	case Scan:
		return "scan", tapAllowance, tapWindow
	default:
		return "", 0, 0
	}
}

const (
	waitingHead = "【之前没能送达的消息】\n"
	waitingTail = "\n────────\n"
	moreHint    = "\n（还有 %d 条消息，回复任意内容查看）"
	nextHint    = "\n（未完，回复任意内容看下文）"
	hintRoom    = 80 // bytes for the longest hint
)

// withWaiting puts what is waiting for the citizen before the reply, as far as there is room, and what has no room in
// the reply behind what is waiting.
func (n *Notifier) withWaiting(ctx context.Context, m Message, text string) string {
	waiting, err := n.Outbox.Waiting(ctx, m.From)
	if err != nil {
		n.Log.Warn("outbox", "error", err)
	}
	text = n.shortened(ctx, m, text)
	var head string
	var shown []string
	for _, w := range waiting {
		room := MaxTextBytes - len(text) - hintRoom
		if len(head)+len(waitingHead)+len(w)+len(waitingTail) > room {
			break
		}
		head += waitingHead + w + waitingTail
		shown = append(shown, w)
	}
	if len(shown) > 0 {
		if err := n.Outbox.Remove(ctx, m.From, shown); err != nil {
			n.Log.Warn("outbox", "error", err)
		}
	}
	text = head + text
	if more := len(waiting) - len(shown); more > 0 {
		return text + fmt.Sprintf(moreHint, more)
	}
	if len(shown) > 0 && n.Calls != nil {
		if err := n.Calls.Reached(ctx, m.From); err != nil {
			n.Log.Warn("list of calls", "error", err)
		}
	}
	return text
}

// shortened returns a reply that fits; the rest of a longer one is queued for the next contact.
func (n *Notifier) shortened(ctx context.Context, m Message, text string) string {
	if len(text) <= MaxTextBytes-hintRoom {
		return text
	}
	parts := SplitText(text, MaxTextBytes-2*hintRoom)
	if _, err := n.queue(ctx, m.From, parts[1:], ""); err != nil {
		n.Log.Warn("outbox", "error", err)
		return Shorten(text, MaxTextBytes-hintRoom, shortenedHint)
	}
	return parts[0] + nextHint
}
