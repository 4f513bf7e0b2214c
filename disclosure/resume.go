package disclosure

import (
	"context"
	"errors"
	"slices"

	"shoushan/staff"
)

// Resumed tells what Resume has found undone.
type Resumed struct {
	Moved int // requests whose dates a notice of holidays had moved
	Told  int // requests whose applicant was owed a message
	Split int // requests whose parts had not all been filed
}

// Resume does what was left undone when a process died between two steps: it reckons anew after a notice of holidays, files
// the parts of a split request and sends the messages that are owed. It is for the clock; doing it again, or by two
// processes at once, enters and tells nothing twice.
func (d *Desk) Resume(ctx context.Context) (Resumed, error) {
	var out Resumed
	moved, err := d.Recalculate(ctx, staff.System)
	out.Moved = len(moved)
	errs := []error{err}
	open, err := d.Register.Requests(ctx, Query{Open: true})
	errs = append(errs, err)
	for _, r := range open {
		if slices.ContainsFunc(r.Parts, func(p Part) bool { return p.ID == "" }) {
			_, err := d.FinishSplit(ctx, staff.System, r.ID)
			errs = append(errs, err)
			out.Split++
		}
	}
	told, err := d.TellOwed(ctx)
	out.Told = told
	return out, errors.Join(append(errs, err)...)
}
