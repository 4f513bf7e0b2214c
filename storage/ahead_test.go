package storage_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"shoushan/storage"
)

// claimed returns a context in which a message of the citizen was begun and the citizen's values were read ahead.
func claimed(t *testing.T, h house, openID, message string) context.Context {
	t.Helper()
	ctx := h.Ahead(t.Context(), openID)
	if _, state, err := h.Once().Begin(ctx, message, time.Minute); state != storage.OnceFresh || err != nil {
		t.Fatalf("begun %s, %v", state, err)
	}
	return ctx
}

// TestAClaimBringsAlongWhatItsAnswerNeeds: windows, unfinished application and waiting texts are there without being read
// again, once each, and for this citizen only.
func TestAClaimBringsAlongWhatItsAnswerNeeds(t *testing.T) {
	h := newHouse(t, realURL(t))
	for _, openID := range []string{"o1", "o2"} {
		if _, err := h.Drafts().Save(t.Context(), openID, []byte("draft of "+openID), "", time.Minute); err != nil {
			t.Fatal(err)
		}
		if err := h.Outbox().Queue(t.Context(), openID, "waits for "+openID); err != nil {
			t.Fatal(err)
		}
	}
	ctx := claimed(t, h, "o1", "m1")
	before := commands(t, h, "get")
	draft, mark, err := h.Drafts().Load(ctx, "o1")
	if string(draft) != "draft of o1" || mark == "" || err != nil {
		t.Errorf("draft %q, mark %q, %v", draft, mark, err)
	}
	if texts := must(h.Outbox().Waiting(ctx, "o1"))(t); !slices.Equal(texts, []string{"waits for o1"}) {
		t.Errorf("waiting %q", texts)
	}
	if left, _, err := h.Windows().Left(ctx, "o1", noon); left != 0 || err != nil {
		t.Errorf("windows %d, %v", left, err)
	}
	if n := commands(t, h, "get") - before; n != 0 {
		t.Errorf("%d values were read again", n)
	}
	if draft, _, err := h.Drafts().Load(ctx, "o2"); string(draft) != "draft of o2" || err != nil {
		t.Errorf("the other's draft is %q, %v", draft, err)
	}
	if draft, _, err := h.Drafts().Load(ctx, "o1"); string(draft) != "draft of o1" || err != nil {
		t.Errorf("read again, the draft is %q, %v", draft, err)
	}
	if n := commands(t, h, "get") - before; n != 2 {
		t.Errorf("%d values were read, want 2", n)
	}
}

// TestWhatWasReadAheadGivesWayToWhatIsWritten: after a change nobody sees the value of before.
func TestWhatWasReadAheadGivesWayToWhatIsWritten(t *testing.T) {
	everywhere(t, func(t *testing.T, h house) {
		mark := must(h.Drafts().Save(t.Context(), "o", []byte("old"), "", time.Minute))(t)
		if err := h.Outbox().Queue(t.Context(), "o", "old"); err != nil {
			t.Fatal(err)
		}
		ctx := claimed(t, h, "o", "m1")
		if _, err := h.Drafts().Save(ctx, "o", []byte("new"), mark, time.Minute); err != nil {
			t.Fatal(err)
		}
		if draft, _, err := h.Drafts().Load(ctx, "o"); string(draft) != "new" || err != nil {
			t.Errorf("the draft saved reads %q, %v", draft, err)
		}
		if err := h.Outbox().Queue(ctx, "o", "new"); err != nil {
			t.Fatal(err)
		}
		if texts := must(h.Outbox().Waiting(ctx, "o"))(t); !slices.Equal(texts, []string{"old", "new"}) {
			t.Errorf("waiting %q", texts)
		}
		if err := h.Windows().Grant(ctx, "o", "message", 5, noon.Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
		ctx = claimed(t, h, "o", "m2")
		if err := h.Windows().Revoke(ctx, "o"); err != nil {
			t.Fatal(err)
		}
		if left, _, err := h.Windows().Left(ctx, "o", noon); left != 0 || err != nil {
			t.Errorf("after the windows were closed %d messages are left, %v", left, err)
		}
		if err := h.Drafts().Delete(ctx, "o"); err != nil {
			t.Fatal(err)
		}
		if draft, _, err := h.Drafts().Load(ctx, "o"); draft != nil || err != nil {
			t.Errorf("the draft deleted reads %q, %v", draft, err)
		}
	})
}

// TestReadAheadUnderAnOldKey: a value that an old data key has sealed is found although only the new key's place was read.
func TestReadAheadUnderAnOldKey(t *testing.T) {
	everywhere(t, func(t *testing.T, h house) {
		if _, err := h.Drafts().Save(t.Context(), "o", []byte("old"), "", time.Minute); err != nil {
			t.Fatal(err)
		}
		o := h.opts
		o.Key, o.OldKeys = slices.Repeat([]byte{7}, storage.KeySize), [][]byte{h.opts.Key}
		later := open(t, o)
		ctx := claimed(t, later, "o", "m1")
		if draft, _, err := later.Drafts().Load(ctx, "o"); string(draft) != "old" || err != nil {
			t.Errorf("the draft reads %q, %v", draft, err)
		}
	})
}

// TestWhoDoesNotHoldTheClaimHasReadNothing: what came with a claim that somebody else holds would be stale by the time it is
// of use.
func TestWhoDoesNotHoldTheClaimHasReadNothing(t *testing.T) {
	everywhere(t, func(t *testing.T, h house) {
		claimed(t, h, "o", "m1")
		ctx := h.Ahead(t.Context(), "o")
		if _, state, err := h.Once().Begin(ctx, "m1", time.Minute); state != storage.OnceRunning || err != nil {
			t.Fatalf("begun %s, %v", state, err)
		}
		if _, err := h.Drafts().Save(t.Context(), "o", []byte("new"), "", time.Minute); err != nil {
			t.Fatal(err)
		}
		if draft, _, err := h.Drafts().Load(ctx, "o"); string(draft) != "new" || err != nil {
			t.Errorf("the draft reads %q, %v", draft, err)
		}
	})
}
