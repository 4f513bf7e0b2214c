package scheduler

import "time"

// DueSlot exposes the slot arithmetic.
func DueSlot(spec string, last, now time.Time) (time.Time, bool, error) {
	tt, err := parseTimetable(spec)
	if err != nil {
		return time.Time{}, false, err
	}
	slot, ok := tt.due(last, now)
	return slot, ok, nil
}

// Silence exposes the sentence about the days since the last update.
var Silence = silence

// PollPause exposes the pause between two looks at a submission.
var PollPause = pollPause
