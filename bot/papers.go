package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"shoushan/fault"
)

// Papers keeps small values under names, for one purpose. Names may be OpenIDs and values personal data: both are unreadable
// at rest.
type Papers interface {
	// Get returns the bytes under the name, or a NotFound fault.
	Get(ctx context.Context, name string) ([]byte, error)
	// Update replaces the bytes under the name with what change makes of them, in one atomic step; change gets nil when there
	// are none, may be run again, and returns nil to forget the name. An error of change is returned as it is and nothing is
	// written. A ttl of 0 keeps them until they are removed.
	Update(ctx context.Context, name string, ttl time.Duration, change func([]byte) ([]byte, error)) error
	// Delete forgets the name; there being nothing is no error.
	Delete(ctx context.Context, name string) error
}

// errAsItWas, returned by a change, leaves a paper as it was.
var errAsItWas = errors.New("bot: unchanged")

// ReadPaper decodes the value under a name; its zero value when there is none.
func ReadPaper[T any](ctx context.Context, p Papers, name string) (v T, err error) {
	data, err := p.Get(ctx, name)
	if fault.Is(err, fault.NotFound) {
		return v, nil
	}
	if err != nil {
		return v, err
	}
	if err := json.Unmarshal(data, &v); err != nil {
		return v, fmt.Errorf("bot: decode paper: %w", err)
	}
	return v, nil
}

// ChangePaper changes the value under a name. When keep returns false the name is forgotten.
func ChangePaper[T any](ctx context.Context, p Papers, name string, ttl time.Duration, change func(*T) (keep bool, err error)) error {
	err := p.Update(ctx, name, ttl, func(old []byte) ([]byte, error) {
		var v T
		if old != nil {
			if err := json.Unmarshal(old, &v); err != nil {
				return nil, fmt.Errorf("bot: decode paper: %w", err)
			}
		}
		keep, err := change(&v)
		if err != nil || !keep {
			return nil, err
		}
		return json.Marshal(v)
	})
	if errors.Is(err, errAsItWas) {
		return nil
	}
	return err
}
