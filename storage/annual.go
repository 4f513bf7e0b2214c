package storage

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"github.com/redis/go-redis/v9"

	"shoushan/disclosure"
	"shoushan/fault"
	"shoushan/report"
)

const organSetting = "organ"

// SaveOrgan keeps the organ's profile beside the records, so that a backup can be reported from without any configuration.
func (s *Store) SaveOrgan(ctx context.Context, o disclosure.Organ) error {
	return s.SaveSetting(ctx, organSetting, o)
}

// Organ returns the profile that was saved, or a NotFound fault.
func (s *Store) Organ(ctx context.Context) (disclosure.Organ, error) {
	var o disclosure.Organ
	return o, s.Setting(ctx, organSetting, &o)
}

// SaveProse keeps the text of a year's report in place of what was there.
func (s *Store) SaveProse(ctx context.Context, p report.Prose) error {
	return s.saveField(ctx, s.keys.prose(), strconv.Itoa(p.Year), p)
}

// Prose returns the text of a year's report, report.DefaultProse when nobody has written one yet.
func (s *Store) Prose(ctx context.Context, year int) (report.Prose, error) {
	var p report.Prose
	err := s.field(ctx, s.keys.prose(), strconv.Itoa(year), &p)
	if fault.Is(err, fault.NotFound) {
		return report.DefaultProse(year), nil
	}
	return p, err
}

// Registers returns what the annual report counts beside posts and requests.
func (s *Store) Registers(ctx context.Context) (report.Registers, error) {
	return s.registers(ctx, s.rdb)
}

func (s *Store) registers(ctx context.Context, r redis.Cmdable) (report.Registers, error) {
	var out report.Registers
	data, err := r.Get(ctx, s.keys.registers()).Bytes()
	if errors.Is(err, redis.Nil) {
		return out, nil
	}
	if err != nil {
		return out, unavailable(err, "read the registers")
	}
	if err := json.Unmarshal(data, &out); err != nil {
		return out, fmt.Errorf("storage: decode the registers: %w", err)
	}
	return out, nil
}

// UpdateRegisters lets change alter the registers; all or nothing. When someone else wrote in between, change is run again
// on the newer registers. An error of change is returned as it is.
func (s *Store) UpdateRegisters(ctx context.Context, change func(*report.Registers) error) error {
	return s.transact(ctx, func(tx *redis.Tx) error {
		r, err := s.registers(ctx, tx)
		if err != nil {
			return err
		}
		if err := change(&r); err != nil {
			return err
		}
		data, err := json.Marshal(r)
		if err != nil {
			return fmt.Errorf("storage: encode the registers: %w", err)
		}
		_, err = tx.TxPipelined(ctx, func(p redis.Pipeliner) error {
			p.Set(ctx, s.keys.registers(), data, 0)
			return nil
		})
		if errors.Is(err, redis.TxFailedErr) {
			return err
		}
		return unavailable(err, "store the registers")
	}, s.keys.registers())
}
