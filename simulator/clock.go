package simulator

import (
	"errors"
	"sync/atomic"
	"time"
)

// beijing is the zone of every day-bound rule of the platform: quotas start again at its midnight.
var beijing = time.FixedZone("CST", 8*3600)

var errClockFixed = errors.New("这个平台的时钟由启动它的程序掌管，不能在这里拨动。")

// clock is the one place where this package asks for the time.
type clock struct {
	now func() time.Time
	set func(time.Time) error
}

// newClock returns the clock for a Server's Now and SetClock fields.
func newClock(now func() time.Time, set func(time.Time)) clock {
	switch {
	case set != nil && now != nil:
		return clock{now, func(t time.Time) error { set(t); return nil }}
	case now != nil:
		return clock{now, func(time.Time) error { return errClockFixed }}
	}
	var offset atomic.Int64
	return clock{
		now: func() time.Time { return time.Now().Add(time.Duration(offset.Load())) },
		set: func(t time.Time) error {
			offset.Store(int64(time.Until(t)))
			if set != nil {
				set(t)
			}
			return nil
		},
	}
}

// stopwatch returns a function that tells the real time passed, for the wire view.
func stopwatch() func() time.Duration {
	start := time.Now()
	return func() time.Duration { return time.Since(start) }
}

// day names the platform's calendar day, the unit of daily quotas.
func day(t time.Time) string { return t.In(beijing).Format("2006-01-02") }

// month names the platform's calendar month, the unit of the monthly ones.
func month(t time.Time) string { return t.In(beijing).Format("2006-01") }
