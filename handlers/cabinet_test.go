package handlers_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"sync"
	"time"

	"shoushan/fault"
)

// cabinet is bot.Papers and bot.Memo in memory.
type cabinet struct {
	mu     sync.Mutex
	values map[string][]byte
	down   error
}

func newCabinet() *cabinet { return &cabinet{values: map[string][]byte{}} }

func (c *cabinet) Get(_ context.Context, name string) ([]byte, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if v, there := c.values[name]; there {
		return bytes.Clone(v), c.down
	}
	return nil, errors.Join(c.down, fault.New(fault.NotFound, "没有。"))
}

func (c *cabinet) Update(_ context.Context, name string, _ time.Duration, change func([]byte) ([]byte, error)) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.down != nil {
		return c.down
	}
	v, err := change(bytes.Clone(c.values[name]))
	if err != nil {
		return err
	}
	if c.values[name] = v; v == nil {
		delete(c.values, name)
	}
	return nil
}

func (c *cabinet) Delete(_ context.Context, name string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.values, name)
	return c.down
}

func (c *cabinet) Setting(ctx context.Context, name string, v any) error {
	data, err := c.Get(ctx, name)
	if err != nil {
		return err
	}
	return json.Unmarshal(data, v)
}

func (c *cabinet) ChangeSetting(ctx context.Context, name string, change func([]byte) ([]byte, error)) error {
	return c.Update(ctx, name, 0, change)
}
