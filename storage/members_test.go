package storage_test

import (
	"testing"

	"shoushan/fault"
	"shoushan/staff"
)

func TestMembers(t *testing.T) {
	everywhere(t, func(t *testing.T, h house) {
		ctx := t.Context()
		for _, id := range []string{"li", "an", "zhao"} {
			if err := h.SaveMember(ctx, staff.Member{ID: id, Name: "某" + id, Roles: []staff.Role{staff.Author}, TOTPSecret: "S", PasswordHash: "H"}); err != nil {
				t.Fatal(err)
			}
		}
		m := must(h.Member(ctx, "li"))(t)
		want := staff.Member{ID: "li", Name: "某li", Roles: []staff.Role{staff.Author}, TOTPSecret: "S", PasswordHash: "H", Version: 1}
		if d := diff(want, m); d != "" {
			t.Errorf("Member(li) (-want +got):\n%s", d)
		}
		if err := h.SaveMember(ctx, staff.Member{ID: "li", Name: "again"}); !fault.Is(err, fault.Conflict) {
			t.Errorf("saving over an existing member as new = %v, want Conflict", err)
		}
		m.Disabled = true
		if err := h.SaveMember(ctx, m); err != nil {
			t.Fatal(err)
		}
		if err := h.SaveMember(ctx, m); !fault.Is(err, fault.Conflict) {
			t.Errorf("saving an old version = %v, want Conflict", err)
		}
		if err := h.SaveMember(ctx, staff.Member{ID: "new", Version: 3}); !fault.Is(err, fault.Conflict) {
			t.Errorf("saving a version of nobody = %v, want Conflict", err)
		}
		if err := h.SaveMember(ctx, staff.Member{}); !fault.Is(err, fault.Invalid) {
			t.Errorf("saving without a login = %v, want Invalid", err)
		}
		if _, err := h.Member(ctx, "nobody"); !fault.Is(err, fault.NotFound) {
			t.Errorf("Member(nobody) = %v, want NotFound", err)
		}
		var ids string
		for _, m := range must(h.Members(ctx))(t) {
			ids += m.ID + " "
		}
		if ids != "an li zhao " {
			t.Errorf("Members() = %q, want them in the order of their logins, disabled ones too", ids)
		}
	})
}
