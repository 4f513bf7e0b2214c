package staff_test

import (
	"testing"
	"time"

	"shoushan/staff"
)

func TestAMembersTrail(t *testing.T) {
	at := time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC)
	wang := staff.Member{ID: "wang", Name: "王管理"}
	m := staff.Member{ID: "sun", Name: "孙撰稿", Roles: []staff.Role{staff.Author, staff.Reviewer}, TOTPSecret: "x", CodeStep: 9}
	m.SetRoles(wang, at, []staff.Role{staff.Reviewer, staff.Author})
	m.SetDisabled(wang, at, false)
	if len(m.Trail) != 0 || m.Logins != 0 {
		t.Errorf("what changes nothing is on record: %+v", m.Trail)
	}
	m.SetRoles(wang, at, []staff.Role{staff.Approver})
	m.SetDisabled(wang, at, true)
	m.SetDisabled(staff.System, at, false)
	m.Reset(staff.System, at, "hash")
	want := []struct{ actor, action, note string }{
		{"王管理", staff.MemberRoles, "角色由“撰稿、审核”改为“签发”"}, {"王管理", staff.MemberDisabled, "停用账号"},
		{"命令行", staff.MemberEnabled, "启用账号"}, {"命令行", staff.MemberReset, "重置密码并清除动态口令"},
	}
	if len(m.Trail) != len(want) || m.Trail.Verify() != nil {
		t.Fatalf("trail = %+v", m.Trail)
	}
	for i, e := range m.Trail {
		if e.Actor != want[i].actor || e.Action != want[i].action || e.Note != want[i].note {
			t.Errorf("event %d = %+v, want %+v", i+1, e, want[i])
		}
	}
	if !m.MustChange || m.ResetBy != "命令行" || m.TOTPSecret != "" || m.PasswordHash != "hash" || m.Logins != 2 {
		t.Errorf("after the reset: %+v", m)
	}
}
