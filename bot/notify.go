package bot

import (
	"context"
	"time"
)

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
