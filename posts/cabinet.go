package posts

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"shoushan/fault"
)

// Cabinet keeps the newsroom's own lists (word lists, sources, topics, sightings) as small JSON values under a name.
type Cabinet interface {
	// Setting reads the value under the name into v, or returns a NotFound fault.
	Setting(ctx context.Context, name string, v any) error
	// ChangeSetting replaces the value under the name with what change makes of it, atomically: when someone else writes
	// in between, change is run again on the newer value. Change gets nil when there is none. An error of change is
	// returned as it is and nothing is written.
	ChangeSetting(ctx context.Context, name string, change func(old []byte) ([]byte, error)) error
}

// errNoCabinet says that this newsroom keeps no lists.
var errNoCabinet = errors.New("posts: the newsroom has no cabinet")

// drawer reads one value of the cabinet; its zero value when there is none.
func drawer[T any](ctx context.Context, c Cabinet, name string) (v T, err error) {
	if c == nil {
		return v, nil
	}
	err = c.Setting(ctx, name, &v)
	if fault.Is(err, fault.NotFound) {
		return v, nil
	}
	if err != nil {
		return v, fmt.Errorf("posts: read %s: %w", name, err)
	}
	return v, nil
}

// refile changes one value of the cabinet.
func refile[T any](ctx context.Context, c Cabinet, name string, change func(*T) error) error {
	if c == nil {
		return errNoCabinet
	}
	return c.ChangeSetting(ctx, name, func(old []byte) ([]byte, error) {
		var v T
		if old != nil {
			if err := json.Unmarshal(old, &v); err != nil {
				return nil, fmt.Errorf("posts: decode %s: %w", name, err)
			}
		}
		if err := change(&v); err != nil {
			return nil, err
		}
		return json.Marshal(v)
	})
}
