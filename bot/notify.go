package bot

import (
	"context"
	"log/slog"
	"strings"
	"time"

	"shoushan/disclosure"
	"shoushan/fault"
)

var _ disclosure.Notifier = (*Notifier)(nil)

// WindowLedger counts what may still be sent to a citizen (客服消息的下发条件, wechat.md §2.6): each contact opens a window
// with an allowance.
type WindowLedger interface {
	// Grant opens the citizen's window of that kind (message, menu, follow or scan) until an instant, with so many messages;
	// a window of the same kind is replaced, those of other kinds stay.
	Grant(ctx context.Context, openID, kind string, allowance int, until time.Time) error
	// Spend takes one message, in one atomic step, from a window that is still open at now and not used up; when there are
	// several, from the one that closes first. It returns false when there is none.
	Spend(ctx context.Context, openID string, now time.Time) (bool, error)
	// Revoke closes all windows of the citizen: the platform has said that nothing may be sent.
	Revoke(ctx context.Context, openID string) error
}

// Outbox keeps what could not be sent, for the citizen's next contact. The texts are personal data and encrypted at
// rest; they are kept until they are removed.
type Outbox interface {
	// Queue appends a text.
	Queue(ctx context.Context, openID, text string) error
	// Waiting returns the texts in the order in which they were queued, and leaves them there.
	Waiting(ctx context.Context, openID string) ([]string, error)
	// Remove removes, for each of the texts, its first occurrence; a text that is not there is no error.
	Remove(ctx context.Context, openID string, texts []string) error
}

// Sender sends one text to a citizen; Client is one.
type Sender interface {
	SendText(ctx context.Context, openID, text string) error
}

// What Notify answers: phrases for the record.
const (
	Sent          = "已发送微信消息"
	QueuedWindow  = "超出可发送时限，待下次联系时显示"
	QueuedRefused = "微信未能送达，待下次联系时显示"
	QueuedUnsure  = "微信暂时连不上，不确定是否送达，待下次联系时再显示"
)

const (
	messageWindow, messageAllowance = 48 * time.Hour, 5
	tapWindow, tapAllowance         = time.Minute, 3
	// queuedPart is how long a queued text may be, in bytes, so that it finds room beside the reply to the next contact.
	queuedPart  = 1000
	queueWithin = 5 * time.Second
)

// Notifier tells citizens something outside the dialogue. It takes the first way that is open: a customer-service message in
// the citizen's window, a one-time message, a subscription message; otherwise the text is shown at the next contact, and the
// citizen is put on the list of those who have to be phoned. It implements disclosure.Notifier.
type Notifier struct {
	Sender   Sender
	Windows  WindowLedger
	Outbox   Outbox
	Channels Channels // further ways; none when zero
	Calls    *Calls   // nil: nobody is put on a list
	Now      func() time.Time
	Log      *slog.Logger
}

// Notify sends the text, or queues it, and says which. It fails only when the text could neither be sent nor queued. A
// text that may have arrived is queued all the same: better told twice than never.
func (n *Notifier) Notify(ctx context.Context, openID, text string) (how string, err error) {
	if err := checkOpenID(openID); err != nil {
		return "", err
	}
	parts := SplitText(text, MaxTextBytes)
	for i, part := range parts {
		open, err := n.Windows.Spend(ctx, openID, n.Now())
		if err != nil {
			n.Log.Warn("window ledger", "error", err)
		}
		if !open {
			return n.keep(ctx, openID, parts[i:], QueuedWindow)
		}
		if err := n.Sender.SendText(ctx, openID, part); err != nil {
			return n.keep(ctx, openID, parts[i:], n.failed(ctx, openID, err))
		}
	}
	return Sent, nil
}

// failed says how a send went wrong, and closes the windows when the platform says that they are closed.
func (n *Notifier) failed(ctx context.Context, openID string, err error) (how string) {
	n.Log.Warn("customer-service message not sent", "error", err)
	switch Code(err) {
	case 0, codeBusy:
		return QueuedUnsure
	case codeOutOfWindow, codeOutOfCount:
		if err := n.Windows.Revoke(ctx, openID); err != nil {
			n.Log.Warn("window ledger", "error", err)
		}
		return QueuedWindow
	}
	return QueuedRefused
}

// keep takes the next way for what was not sent, and queues it when there is none. When the platform does not answer, the
// other ways would not go through it either.
func (n *Notifier) keep(ctx context.Context, openID string, parts []string, how string) (string, error) {
	text := strings.Join(parts, "\n")
	if how != QueuedUnsure {
		said, whole := n.consented(ctx, openID, text)
		switch {
		case whole:
			return said, nil
		case said != "":
			return n.queueAnyway(ctx, openID, parts, said)
		}
	}
	how, err := n.queueAnyway(ctx, openID, parts, how)
	if err == nil && n.Calls != nil {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), queueWithin)
		defer cancel()
		if err := n.Calls.Ask(ctx, openID, text, how); err != nil {
			n.Log.Warn("list of calls", "error", err)
		}
	}
	return how, err
}

// queueAnyway queues even when the caller's time was used up by the attempt to send.
func (n *Notifier) queueAnyway(ctx context.Context, openID string, parts []string, how string) (string, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), queueWithin)
	defer cancel()
	return n.queue(ctx, openID, parts, how)
}

func (n *Notifier) queue(ctx context.Context, openID string, parts []string, how string) (string, error) {
	for _, part := range parts {
		for _, small := range SplitText(part, queuedPart) {
			if err := n.Outbox.Queue(ctx, openID, small); err != nil {
				return "", fault.Wrap(fault.Unavailable, err, "这条消息没有发出，也没能保存，请稍后再试。")
			}
		}
	}
	return how, nil
}
