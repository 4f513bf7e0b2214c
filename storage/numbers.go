package storage

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/redis/go-redis/v9"
)

// numbersAYear spreads scores: that of a numbered record is year × this + serial.
const numbersAYear = 10_000_000

// numberOf spells a number: 2026-0012.
func numberOf(year, serial int) string { return fmt.Sprintf("%d-%04d", year, serial) }

// parseNumber reads year and serial of a number.
func parseNumber(id string) (year, serial int, err error) {
	before, after, _ := strings.Cut(id, "-")
	year, errYear := strconv.Atoi(before)
	serial, errSerial := strconv.Atoi(after)
	if errYear != nil || errSerial != nil || year < 1 || serial < 1 {
		return 0, 0, fmt.Errorf("storage: %q is not the number of a record", id)
	}
	return year, serial, nil
}

// numberScore puts records in the order of their numbers.
func numberScore(id string) float64 {
	year, serial, _ := parseNumber(id)
	return float64(year)*numbersAYear + float64(serial)
}

// createNumbered stores what build returns under the next number of the year. The number is used up only together with
// the record that bears it, so numbers have no gaps.
func (c *collection[T]) createNumbered(ctx context.Context, year int, build func(id string) (T, error)) (T, error) {
	c.s.creating.Lock()
	defer c.s.creating.Unlock()
	var created T
	err := c.s.transact(ctx, func(tx *redis.Tx) (err error) {
		created, err = c.createNext(ctx, tx, year, build)
		return err
	}, c.s.keys.serial(c.series, year))
	if err != nil {
		var zero T
		return zero, err
	}
	return created, nil
}

func (c *collection[T]) createNext(ctx context.Context, tx *redis.Tx, year int, build func(string) (T, error)) (T, error) {
	var zero T
	serial, err := c.s.lastSerial(ctx, tx, c.series, year)
	if err != nil {
		return zero, err
	}
	id := numberOf(year, serial+1)
	record, err := build(id)
	if err != nil {
		return zero, err
	}
	if c.id(&record) != id {
		return zero, fmt.Errorf("storage: the %s built for number %s says it is %q", c.kind, id, c.id(&record))
	}
	*c.version(&record) = 1
	return record, c.commit(ctx, tx, nil, &record, func(p redis.Pipeliner) {
		p.Set(ctx, c.s.keys.serial(c.series, year), serial+1, 0)
		p.SAdd(ctx, c.s.keys.serials(), seriesName(c.series, year))
	})
}

// idsOfYear returns the ids that stand in any of the indexes, scored by number, of one year or, for 0, of all, in the order
// of their numbers.
func (s *Store) idsOfYear(ctx context.Context, year int, indexes ...string) ([]string, error) {
	by := &redis.ZRangeBy{Min: "-inf", Max: "+inf"}
	if year != 0 {
		by = scoresOfNumbers(year)
	}
	var ids []string
	for _, key := range indexes {
		some, err := s.idsByScore(ctx, key, by)
		if err != nil {
			return nil, err
		}
		ids = append(ids, some...)
	}
	if len(indexes) > 1 {
		slices.SortFunc(ids, func(a, b string) int { return int(numberScore(a) - numberScore(b)) })
		ids = slices.Compact(ids)
	}
	return ids, nil
}
