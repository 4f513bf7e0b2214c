package storage

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/redis/go-redis/v9"
)

// nextSerial gives the next number of a series and remembers the series' name.
// KEYS: serial (string), serials (set). ARGV: the series' name. Returns the number.
var nextSerial = redis.NewScript(`
redis.call("SADD", KEYS[2], ARGV[1])
return redis.call("INCR", KEYS[1])
`)

// NextSerial gives the next number of a series within a year, from 1. No number is given twice; one whose answer was lost
// on the way is skipped.
func (s *Store) NextSerial(ctx context.Context, series string, year int) (int, error) {
	n, err := nextSerial.Run(ctx, s.rdb, []string{s.keys.serial(series, year), s.keys.serials()}, seriesName(series, year)).Int()
	if err != nil {
		return 0, unavailable(err, "number series "+series)
	}
	return n, nil
}

// lastSerial returns the last number given, 0 when none was.
func (s *Store) lastSerial(ctx context.Context, r redis.Cmdable, series string, year int) (int, error) {
	n, err := r.Get(ctx, s.keys.serial(series, year)).Int()
	if errors.Is(err, redis.Nil) {
		return 0, nil
	}
	return n, unavailable(err, "read number series "+series)
}

func seriesName(series string, year int) string { return strconv.Itoa(year) + ":" + series }

func parseSeries(name string) (series string, year int, err error) {
	before, series, _ := strings.Cut(name, ":")
	if year, err = strconv.Atoi(before); err != nil {
		return "", 0, fmt.Errorf("storage: number series %q: %w", name, err)
	}
	return series, year, nil
}
