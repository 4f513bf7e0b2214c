package storage

import (
	"context"
	"fmt"
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

// idsOfYear returns the ids that stand in an index scored by number, of one year or, for 0, of all, in the order of their
// numbers.
func (s *Store) idsOfYear(ctx context.Context, year int, index string) ([]string, error) {
	return s.idsByScore(ctx, index, scoresOfNumbers(year))
}

// scoresOfNumbers selects the numbers of a year, or of all for 0.
func scoresOfNumbers(year int) *redis.ZRangeBy {
	if year == 0 {
		return &redis.ZRangeBy{Min: "-inf", Max: "+inf"}
	}
	return &redis.ZRangeBy{Min: strconv.Itoa(year * numbersAYear), Max: "(" + strconv.Itoa((year+1)*numbersAYear)}
}
