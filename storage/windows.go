package storage

import (
	"context"
	"encoding/json"
	"fmt"
	"time"
)

// Windows counts what may still be sent to a citizen. The method set is that of the bot's WindowLedger.
type Windows struct{ box box }

// Windows returns the account's ledger.
func (s *Store) Windows() Windows {
	return Windows{box{s: s, purpose: "window", key: s.keys.ephemeral}}
}

// window is an allowance of messages until an instant.
type window struct {
	Left  int       `json:"left"`
	Until time.Time `json:"until"`
}

// Grant opens the citizen's window of the kind until an instant, in place of one of the same kind. In a dialogue, where
// each message grants anew, an unused window that closes hardly earlier is left as it is: it is never open for longer than
// the platform's, and most messages are spared a write.
func (w Windows) Grant(ctx context.Context, openID, kind string, allowance int, until time.Time) error {
	return w.change(ctx, openID, func(open map[string]window) error {
		if open[kind].covers(allowance, until, w.box.s.now()) {
			return errUnchanged
		}
		open[kind] = window{allowance, until.UTC()}
		return nil
	})
}

// grantSlack is the part of a window's length by which an unused one may close early: 14 minutes of 48 hours.
const grantSlack = 200

// covers reports whether the window is as good as a new one.
func (o window) covers(allowance int, until, now time.Time) bool {
	earlier := until.Sub(o.Until)
	return o.Left == allowance && earlier >= 0 && earlier <= until.Sub(now)/grantSlack
}

// look reads the citizen's windows.
func (w Windows) look(ctx context.Context, openID string) (map[string]window, error) {
	var open map[string]window
	data, err := w.box.get(ctx, openID)
	if err == nil && data != nil {
		err = json.Unmarshal(data, &open)
	}
	return open, err
}

// Spend takes one message from the window that closes first among those that are open at now and not used up, and reports
// whether there was one.
func (w Windows) Spend(ctx context.Context, openID string, now time.Time) (bool, error) {
	spent := false
	err := w.change(ctx, openID, func(open map[string]window) error {
		kind := firstToClose(open, now)
		if spent = kind != ""; !spent {
			return errUnchanged
		}
		left := open[kind]
		left.Left--
		open[kind] = left
		return nil
	})
	return spent && err == nil, err
}

// Left tells how many messages the window that closes last still has at now, and when it closes; both are zero when nothing
// may be sent. A shorter window beside it may allow more for its moment.
func (w Windows) Left(ctx context.Context, openID string, now time.Time) (left int, until time.Time, err error) {
	open, err := w.look(ctx, openID)
	for _, o := range open {
		if o.Left > 0 && now.Before(o.Until) && o.Until.After(until) {
			left, until = o.Left, o.Until
		}
	}
	return left, until, err
}

func firstToClose(open map[string]window, now time.Time) string {
	first := ""
	for kind, o := range open {
		if o.Left < 1 || !now.Before(o.Until) {
			continue
		}
		if first == "" || o.Until.Before(open[first].Until) || (o.Until.Equal(open[first].Until) && kind < first) {
			first = kind
		}
	}
	return first
}

// Revoke closes all windows of the citizen.
func (w Windows) Revoke(ctx context.Context, openID string) error { return w.box.remove(ctx, openID) }

func (w Windows) change(ctx context.Context, openID string, change func(map[string]window) error) error {
	return w.box.update(ctx, openID, func(old []byte) ([]byte, time.Duration, error) {
		open := map[string]window{}
		if old != nil {
			if err := json.Unmarshal(old, &open); err != nil {
				return nil, 0, fmt.Errorf("storage: decode windows: %w", err)
			}
		}
		if err := change(open); err != nil {
			return nil, 0, err
		}
		data, err := json.Marshal(open)
		return data, w.lifetime(open), err
	})
}

// lifetime is the time until the last window closes, and a little more: whether a window is open is told by the caller's
// clock, never by expiry.
func (w Windows) lifetime(open map[string]window) time.Duration {
	longest := time.Duration(0)
	for _, o := range open {
		longest = max(longest, o.Until.Sub(w.box.s.now()))
	}
	return longest + time.Minute
}
