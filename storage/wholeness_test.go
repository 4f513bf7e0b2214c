package storage_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"shoushan/disclosure"
	"shoushan/opinion"
	"shoushan/staff"
)

// Whoever can write to Redis but has no data key changes nothing unseen.

func memberOf(t *testing.T, h house, id string) {
	t.Helper()
	if err := h.SaveMember(t.Context(), staff.Member{ID: id, Name: "王芳", Roles: []staff.Role{staff.Author}}); err != nil {
		t.Fatal(err)
	}
}

// alter rewrites the stored text of a record.
func alter(t *testing.T, h house, key, old, now string) {
	t.Helper()
	before := h.value(t, h.key(key)).(string)
	after := strings.Replace(before, old, now, 1)
	if after == before {
		t.Fatalf("%s does not hold %s: %s", key, old, before)
	}
	if err := h.raw.Set(t.Context(), h.key(key), after, 0).Err(); err != nil {
		t.Fatal(err)
	}
}

func TestAnAlteredRecordIsFound(t *testing.T) {
	everywhere(t, func(t *testing.T, h house) {
		request, post := eventful(t, h)
		c := must(h.CreateConcern(t.Context(), 2026, func(id string) (opinion.Concern, error) {
			return opinion.Concern{ID: id, State: opinion.Open, Entry: opinion.Entry{FoundAt: noon, Summary: "某某反映停水"}}, nil
		}))(t)
		memberOf(t, h, "wang")
		expectFinding(t, h, "")
		for _, key := range []string{"request:" + request, "post:" + post, "concern:" + c.ID, "member:wang"} {
			before := h.value(t, h.key(key))
			alter(t, h, key, `"version":`, `"version":7`)
			expectFinding(t, h, "封印")
			h.raw.Set(t.Context(), h.key(key), before, 0)
			expectFinding(t, h, "")
		}
	})
}

func TestAMemberWhoWasGivenRightsOutsideIsRefused(t *testing.T) {
	everywhere(t, func(t *testing.T, h house) {
		memberOf(t, h, "wang")
		alter(t, h, "member:wang", `"roles":["`, `"forged":["x"],"roles":["`)
		_, err := h.Member(t.Context(), "wang")
		if err == nil || !strings.Contains(err.Error(), "changed outside the program") {
			t.Errorf("Member() = %v, want a refusal", err)
		}
		if _, err := h.Members(t.Context()); err == nil {
			t.Error("Members() lists a forged member")
		}
		if err := h.SaveMember(t.Context(), staff.Member{ID: "wang", Name: "x", Version: 1}); err == nil {
			t.Error("SaveMember() made a forged member good")
		}
	})
}

func TestAChangeDoesNotMakeAnAlteredRecordGood(t *testing.T) {
	everywhere(t, func(t *testing.T, h house) {
		request, _ := eventful(t, h)
		alter(t, h, "request:"+request, `"state":"`, `"forged":1,"state":"`)
		must(h.Update(t.Context(), request, func(r *disclosure.Request) error { r.HandlerID = "wang"; return nil }))(t)
		expectFinding(t, h, "封印")
		if err := h.Reseal(t.Context()); err == nil {
			t.Error("Reseal() anchored an altered record")
		}
		expectFinding(t, h, "封印")
		other := newHouse(t, h.opts.URL)
		if err := other.Restore(t.Context(), bytes.NewReader(backup(t, h))); err != nil {
			t.Fatal(err)
		}
		expectFinding(t, other, "封印")
	})
}

func TestRecordsOfAnOlderVersionAreSealedOnce(t *testing.T) {
	everywhere(t, func(t *testing.T, h house) {
		_, post := eventful(t, h)
		memberOf(t, h, "wang")
		h.raw.Del(t.Context(), h.key("seals"))
		again := open(t, h.opts)
		expectFinding(t, again, "")
		must(again.Member(t.Context(), "wang"))(t)
		if n := must(h.raw.HLen(t.Context(), h.key("seals")).Result())(t); n != 3 {
			t.Errorf("%d seals, want 3", n)
		}
		h.raw.HDel(t.Context(), h.key("seals"), "post:"+post)
		expectFinding(t, open(t, h.opts), "封印")
		other := newHouse(t, h.opts.URL)
		if err := other.Restore(t.Context(), bytes.NewReader(backup(t, h))); err != nil {
			t.Fatal(err)
		}
		if found := fmt.Sprint(must(other.VerifyTrails(t.Context()))(t)); !strings.Contains(found, "封印") {
			t.Errorf("a record that had lost its seal came back good: %s", found)
		}
	})
}

func TestSealsSurviveANewKey(t *testing.T) {
	h := newHouse(t, servers.memory.URL())
	eventful(t, h)
	memberOf(t, h, "wang")
	rotated := h.opts
	rotated.Key, rotated.OldKeys = key(2), [][]byte{key(1)}
	r := open(t, rotated)
	must(r.Member(t.Context(), "wang"))(t)
	if err := r.Reseal(t.Context()); err != nil {
		t.Fatal(err)
	}
	rotated.OldKeys = nil
	alone := open(t, rotated)
	must(alone.Member(t.Context(), "wang"))(t)
	expectFinding(t, alone, "")
}
