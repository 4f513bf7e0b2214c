package disclosure_test

import (
	"strings"
	"testing"

	"shoushan/disclosure"
	"shoushan/fault"
	"shoushan/staff"
)

// TestHandBack: art. 45, every stage leaves its trace; art. 33, who has the case does not touch the clock.
func TestHandBack(t *testing.T) {
	w := newWorld("2026-03-02")
	ctx := t.Context()
	r := must(t)(w.Submit(ctx, clerk, atCounter()))
	_, err := w.HandBack(ctx, clerk, r.ID, "不归我办")
	refused(t, err, fault.Conflict) // it is nobody's yet
	r = must(t)(w.Assign(ctx, clerk, r.ID, clerk.ID))
	for name, try := range map[string]struct {
		by     staff.Member
		reason string
		want   fault.Kind
	}{
		"without a reason": {clerk, " ", fault.Invalid}, "by somebody else": {staff.Member{ID: "li", Name: "李经办", Roles: clerk.Roles}, "改派", fault.Conflict}, "by the applicant": {staff.Citizen, "改派", fault.Forbidden},
	} {
		if _, err := w.HandBack(ctx, try.by, r.ID, try.reason); !fault.Is(err, try.want) {
			t.Errorf("%s: %v, want %s", name, err, try.want)
		}
	}
	due := len(r.Clock)
	r = must(t)(w.HandBack(ctx, clerk, r.ID, "由民政办负责，"+r.Filing.Personal.Name+"也同意"))
	if r.HandlerID != "" || r.State != disclosure.Handling || len(r.Clock) != due {
		t.Errorf("handler %q, state %s, %d entries of the clock", r.HandlerID, r.State, len(r.Clock))
	}
	if said := r.HandedBack(); !strings.Contains(said, "由民政办负责") || strings.Contains(said, r.Filing.Personal.Name) {
		t.Errorf("handed back with %q", said)
	}
	r = must(t)(w.Assign(ctx, clerk, r.ID, clerk.ID))
	if said := r.HandedBack(); said != "" {
		t.Errorf("assigned anew, still handed back: %q", said)
	}
	r = must(t)(w.Withdraw(ctx, staff.Citizen, r.ID, "不要了"))
	_, err = w.HandBack(ctx, clerk, r.ID, "办完了")
	refused(t, err, fault.Conflict)
	if err := r.Trail.Verify(); err != nil {
		t.Error(err)
	}
}
