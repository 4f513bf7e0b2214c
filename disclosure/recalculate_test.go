package disclosure_test

import (
	"strings"
	"testing"

	"shoushan/staff"
	"shoushan/workday"
)

// TestANoticeThatOnlySettlesADate: a due date that stays where it was is told to stay, and to be provisional no longer.
func TestANoticeThatOnlySettlesADate(t *testing.T) {
	w := newWorld("2026-12-21")
	r := must(t)(w.Submit(t.Context(), clerk, atCounter()))
	was := r.Deadline(w.cal)
	after := w.cal.With(workday.Notice{Year: 2027, Number: "国办发明电〔2026〕0号", Off: map[workday.Date]string{date("2027-01-01"): "元旦"}})
	w.cal = after
	moved, err := w.Recalculate(t.Context(), staff.System)
	if err != nil || len(moved) != 1 || moved[0].From != moved[0].To || !was.Provisional {
		t.Fatalf("moved %+v, %v", moved, err)
	}
	trail := moved[0].Request.Trail
	if note := trail[len(trail)-1].Note; !strings.Contains(note, was.Due.Chinese()+"重新计算后不变，不再是暂定") {
		t.Errorf("the event says %q", note)
	}
}
