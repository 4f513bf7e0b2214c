package storage_test

import (
	"bytes"
	"context"
	"errors"
	"testing"
	"time"

	"github.com/alexedwards/scs/v2"

	"shoushan/disclosure"
	"shoushan/fault"
	"shoushan/opinion"
	"shoushan/posts"
	"shoushan/report"
	"shoushan/staff"
	"shoushan/storage"
)

// TestWhenRedisFails calls everything while Redis answers with errors: nobody may take a failure for “not there”, “not
// allowed” or success.
func TestWhenRedisFails(t *testing.T) {
	memory, err := storage.StartMemory()
	if err != nil {
		t.Fatal(err)
	}
	defer memory.Stop()
	h := newHouse(t, memory.URL())
	furnished(t, h)
	archive := backup(t, h)
	sessions := h.Sessions().(scs.CtxStore)
	storage.Fail(memory, "ERR something is broken")
	calls := map[string]func(ctx context.Context) error{
		"Ping":            h.Ping,
		"CheckDurability": h.CheckDurability,
		"Create": func(ctx context.Context) error {
			_, err := h.Create(ctx, 2026, func(id string) (disclosure.Request, error) { return filed(id, "o") })
			return err
		},
		"Update": func(ctx context.Context) error {
			_, err := h.Update(ctx, "2026-0001", func(*disclosure.Request) error { return nil })
			return err
		},
		"Request":     func(ctx context.Context) error { _, err := h.Request(ctx, "2026-0001"); return err },
		"Requests":    func(ctx context.Context) error { _, err := h.Requests(ctx, disclosure.Query{}); return err },
		"NextSerial":  func(ctx context.Context) error { _, err := h.NextSerial(ctx, "s", 2026); return err },
		"CreatePost":  func(ctx context.Context) error { _, err := h.CreatePost(ctx, posts.Post{}); return err },
		"Post":        func(ctx context.Context) error { _, err := h.Post(ctx, "x"); return err },
		"Posts":       func(ctx context.Context) error { _, err := h.Posts(ctx, posts.Query{}); return err },
		"Concerns":    func(ctx context.Context) error { _, err := h.Concerns(ctx, opinion.Query{}); return err },
		"Member":      func(ctx context.Context) error { _, err := h.Member(ctx, "desk"); return err },
		"Members":     func(ctx context.Context) error { _, err := h.Members(ctx); return err },
		"SaveMember":  func(ctx context.Context) error { return h.SaveMember(ctx, staff.Member{ID: "x"}) },
		"Setting":     func(ctx context.Context) error { return h.Setting(ctx, "a", new(int)) },
		"SaveSetting": func(ctx context.Context) error { return h.SaveSetting(ctx, "a", 1) },
		"Notices":     func(ctx context.Context) error { _, err := h.Notices(ctx); return err },
		"SaveNotice":  func(ctx context.Context) error { return h.SaveNotice(ctx, notice2027) },
		"Prose":       func(ctx context.Context) error { _, err := h.Prose(ctx, 2026); return err },
		"Registers":   func(ctx context.Context) error { _, err := h.Registers(ctx); return err },
		"UpdateRegisters": func(ctx context.Context) error {
			return h.UpdateRegisters(ctx, func(*report.Registers) error { return nil })
		},
		"Recount":      func(ctx context.Context) error { _, err := h.Recount(ctx, true); return err },
		"VerifyTrails": func(ctx context.Context) error { _, err := h.VerifyTrails(ctx); return err },
		"Anchor":       func(ctx context.Context) error { _, err := h.Anchor(ctx); return err },
		"Backup":       func(ctx context.Context) error { return h.Backup(ctx, new(bytes.Buffer)) },
		"Restore":      func(ctx context.Context) error { return h.Restore(ctx, bytes.NewReader(archive)) },
		"Once":         func(ctx context.Context) error { _, _, err := h.Once().Begin(ctx, "m", time.Minute); return err },
		"Once.Finish":  func(ctx context.Context) error { return h.Once().Finish(ctx, "m", nil, time.Minute) },
		"Once.Abandon": func(ctx context.Context) error { return h.Once().Abandon(ctx, "m") },
		"Ephemeral":    func(ctx context.Context) error { _, err := h.Ephemeral("p").Get(ctx, "n"); return err },
		"Drafts":       func(ctx context.Context) error { _, _, err := h.Drafts().Load(ctx, "o"); return err },
		"Guesses":      func(ctx context.Context) error { _, err := h.Guesses(time.Minute).Take(ctx, "n", 9); return err },
		"GiveBack":     func(ctx context.Context) error { return h.Guesses(time.Minute).GiveBack(ctx, "n") },
		"Allow":        func(ctx context.Context) error { _, _, err := h.Allow(ctx, "n", 1, time.Minute); return err },
		"Token":        func(ctx context.Context) error { _, err := h.Tokens().Token(ctx); return err },
		"LockRefresh":  func(ctx context.Context) error { _, err := h.Tokens().LockRefresh(ctx, "o", time.Minute); return err },
		"Spend":        func(ctx context.Context) error { _, err := h.Windows().Spend(ctx, "o", noon); return err },
		"Left":         func(ctx context.Context) error { _, _, err := h.Windows().Left(ctx, "o", noon); return err },
		"Revoke":       func(ctx context.Context) error { return h.Windows().Revoke(ctx, "o") },
		"Queue":        func(ctx context.Context) error { return h.Outbox().Queue(ctx, "o", "t") },
		"Waiting":      func(ctx context.Context) error { _, err := h.Outbox().Waiting(ctx, "o"); return err },
		"FindCtx":      func(ctx context.Context) error { _, _, err := sessions.FindCtx(ctx, "t"); return err },
		"CommitCtx":    func(ctx context.Context) error { return sessions.CommitCtx(ctx, "t", nil, time.Now().Add(time.Hour)) },
	}
	for name, call := range calls {
		t.Run(name, func(t *testing.T) {
			err := call(t.Context())
			if !fault.Is(err, fault.Unavailable) {
				t.Errorf("%v, want Unavailable", err)
			}
			if errors.Unwrap(err) == nil {
				t.Error("the cause is lost")
			}
		})
	}
}

func TestWhenRedisIsGone(t *testing.T) {
	memory, err := storage.StartMemory()
	if err != nil {
		t.Fatal(err)
	}
	h := newHouse(t, memory.URL())
	create(t, h, 2026, "o")
	if err := memory.Stop(); err != nil {
		t.Fatal(err)
	}
	if _, err := h.Update(t.Context(), "2026-0001", func(*disclosure.Request) error { return nil }); !fault.Is(err, fault.Unavailable) {
		t.Errorf("Update() = %v, want Unavailable", err)
	}
}
