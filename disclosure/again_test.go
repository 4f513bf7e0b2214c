package disclosure_test

import (
	"testing"

	"shoushan/staff"
)

func TestFiledAgainUnderOneKey(t *testing.T) {
	tests := []struct {
		name         string
		first, again string
		same         bool
	}{
		{"the same act of filing", "k1", "k1", true},
		{"two acts", "k1", "k2", false},
		{"no keys, as at the counter", "", "", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld("2026-11-23 09:00")
			f := byChat()
			f.Key = tt.first
			one := must(t)(w.SubmitConfirmed(t.Context(), staff.Citizen, f))
			f.Key = tt.again
			two := must(t)(w.SubmitConfirmed(t.Context(), staff.Citizen, f))
			if (one.ID == two.ID) != tt.same {
				t.Errorf("filed as %s and %s, want the same: %v", one.ID, two.ID, tt.same)
			}
			if tt.same && (two.QueryCode != one.QueryCode || two.Version != one.Version) {
				t.Errorf("the second answer is %+v, want the first request as it is", two)
			}
		})
	}
}
