package staff_test

import (
	"encoding/json"
	"testing"
	"time"

	"shoushan/fault"
	"shoushan/staff"
)

func TestRightsByRole(t *testing.T) {
	all := []staff.Right{
		staff.WritePosts, staff.ReviewPosts, staff.ApprovePosts, staff.PublishPosts, staff.MassSend, staff.HandleRequests,
		staff.SignReplies, staff.RevealPersonal, staff.ViewRequests, staff.ManageRegisters, staff.EditReport, staff.ManageStaff,
		staff.ManageSettings,
	}
	want := map[staff.Role]map[staff.Right]bool{
		staff.Author:   {staff.WritePosts: true},
		staff.Reviewer: {staff.ReviewPosts: true},
		staff.Approver: {staff.ReviewPosts: true, staff.ApprovePosts: true, staff.PublishPosts: true, staff.MassSend: true,
			staff.SignReplies: true, staff.ViewRequests: true, staff.EditReport: true},
		staff.Publisher: {staff.PublishPosts: true, staff.MassSend: true},
		staff.RequestDesk: {staff.HandleRequests: true, staff.ViewRequests: true, staff.RevealPersonal: true,
			staff.ManageRegisters: true, staff.EditReport: true},
		staff.Administrator: {staff.ManageStaff: true, staff.ManageSettings: true, staff.PublishPosts: true},
	}
	for _, role := range staff.Roles() {
		if role.Chinese() == "" {
			t.Errorf("%s has no Chinese name", role)
		}
		m := staff.Member{ID: "x", Roles: []staff.Role{role}}
		for _, right := range all {
			if got := m.May(right); got != want[role][right] {
				t.Errorf("%s May(%s) = %v, want %v", role, right, got, want[role][right])
			}
		}
	}
}

func TestRequire(t *testing.T) {
	m := staff.Member{ID: "li", Roles: []staff.Role{staff.Approver}}
	if err := m.Require(staff.SignReplies, "签发答复"); err != nil {
		t.Errorf("Require = %v, want nil", err)
	}
	m.Disabled = true
	if err := m.Require(staff.SignReplies, "签发答复"); !fault.Is(err, fault.Forbidden) {
		t.Errorf("a disabled member: %v, want Forbidden", err)
	}
	if staff.System.May(staff.HandleRequests) || staff.Citizen.May(staff.HandleRequests) {
		t.Error("System and Citizen hold no rights")
	}
}

func TestTrailFindsTampering(t *testing.T) {
	now := time.Date(2026, 11, 23, 1, 2, 3, 456789, time.UTC)
	var trail staff.Trail
	for _, action := range []string{"submit", "confirm", "decide"} {
		trail = trail.Append(staff.System, now, action, "说明", "条例第三十一条")
	}
	if err := trail.Verify(); err != nil {
		t.Fatalf("an untouched trail: %v", err)
	}
	tests := []struct {
		name   string
		tamper func(staff.Trail) staff.Trail
	}{
		{"a changed note", func(t staff.Trail) staff.Trail { t[1].Note = "别的"; return t }},
		{"a changed time", func(t staff.Trail) staff.Trail { t[0].At = t[0].At.Add(time.Hour); return t }},
		{"a removed event", func(t staff.Trail) staff.Trail { return append(t[:1], t[2]) }},
		{"a removed and renumbered event", func(t staff.Trail) staff.Trail { t = append(t[:1], t[2]); t[1].Seq = 2; return t }},
		{"a swapped order", func(t staff.Trail) staff.Trail { t[0], t[1] = t[1], t[0]; return t }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if err := tt.tamper(append(staff.Trail(nil), trail...)).Verify(); err == nil {
				t.Error("Verify() = nil, want an error")
			}
		})
	}
}

func TestTrailSurvivesJSON(t *testing.T) {
	trail := staff.Trail(nil).Append(staff.Citizen, time.Now(), "submit", "", "")
	data, err := json.Marshal(trail)
	if err != nil {
		t.Fatal(err)
	}
	var back staff.Trail
	if err := json.Unmarshal(data, &back); err != nil {
		t.Fatal(err)
	}
	if err := back.Verify(); err != nil {
		t.Error(err)
	}
}

func TestAppendDoesNotShareMemory(t *testing.T) {
	base := staff.Trail(nil).Append(staff.System, time.Now(), "a", "", "")
	b, c := base.Append(staff.System, time.Now(), "b", "", ""), base.Append(staff.System, time.Now(), "c", "", "")
	if b[1].Action != "b" || c[1].Action != "c" {
		t.Error("two trails grown from one share an event")
	}
}
