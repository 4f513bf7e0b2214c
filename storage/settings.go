package storage

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/redis/go-redis/v9"

	"shoushan/fault"
	"shoushan/workday"
)

// Setting reads a small named value into v, or returns a NotFound fault. Settings are in clear: nothing personal or
// secret belongs there.
func (s *Store) Setting(ctx context.Context, name string, v any) error {
	return s.field(ctx, s.keys.settings(), name, v)
}

// SaveSetting stores a small named value as JSON, in place of what was there.
func (s *Store) SaveSetting(ctx context.Context, name string, v any) error {
	return s.saveField(ctx, s.keys.settings(), name, v)
}

// SaveNotice stores a year's notice (国务院办公厅关于部分节假日安排的通知) in place of an earlier entry. A notice that does not
// hold together is Invalid.
func (s *Store) SaveNotice(ctx context.Context, n workday.Notice) error {
	if err := n.Validate(); err != nil {
		return fault.Wrap(fault.Invalid, err, "节假日安排通知填写有误，请核对日期。")
	}
	return s.saveField(ctx, s.keys.notices(), strconv.Itoa(n.Year), n)
}

// Notices returns the notices that staff entered, in the order of their years; for workday.Calendar.With.
func (s *Store) Notices(ctx context.Context) ([]workday.Notice, error) {
	values, err := s.together.HGetAll(ctx, s.keys.notices()).Result()
	if err != nil {
		return nil, unavailable(err, "list notices")
	}
	var out []workday.Notice
	for year, text := range values {
		var n workday.Notice
		if err := json.Unmarshal([]byte(text), &n); err != nil {
			return nil, fmt.Errorf("storage: decode notice of %s: %w", year, err)
		}
		out = append(out, n)
	}
	slices.SortFunc(out, func(a, b workday.Notice) int { return a.Year - b.Year })
	return out, nil
}

func (s *Store) field(ctx context.Context, key, name string, v any) error {
	data, err := s.rdb.HGet(ctx, key, name).Bytes()
	if errors.Is(err, redis.Nil) {
		return fault.Newf(fault.NotFound, "还没有设置“%s”。", name)
	}
	if err != nil {
		return unavailable(err, "read "+name)
	}
	if err := json.Unmarshal(data, v); err != nil {
		return fmt.Errorf("storage: decode %s: %w", name, err)
	}
	return nil
}

func (s *Store) saveField(ctx context.Context, key, name string, v any) error {
	if name == "" {
		return errEmptyName
	}
	data, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("storage: encode %s: %w", name, err)
	}
	return unavailable(s.rdb.HSet(ctx, key, name, data).Err(), "store "+name)
}
