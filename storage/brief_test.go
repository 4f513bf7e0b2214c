package storage_test

import (
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/alexedwards/scs/v2"

	"shoushan/fault"
	"shoushan/storage"
)

// eventually waits for something that another clock brings about.
func eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !is(); {
		if time.Now().After(deadline) {
			t.Fatalf("%s: not within 20 s", what)
		}
		time.Sleep(5 * time.Millisecond)
	}
}

func TestEphemeral(t *testing.T) {
	everywhere(t, func(t *testing.T, h house) {
		ctx, e := t.Context(), h.Ephemeral("dialogue")
		if _, err := e.Get(ctx, "oWang"); !fault.Is(err, fault.NotFound) {
			t.Errorf("Get before Put = %v, want NotFound", err)
		}
		if err := e.Put(ctx, "oWang", []byte("王小满的草稿"), time.Minute); err != nil {
			t.Fatal(err)
		}
		if got := must(e.Get(ctx, "oWang"))(t); string(got) != "王小满的草稿" {
			t.Errorf("Get = %q", got)
		}
		if _, err := h.Ephemeral("other").Get(ctx, "oWang"); !fault.Is(err, fault.NotFound) {
			t.Errorf("another purpose sees the draft: %v", err)
		}
		if dump := h.everything(t); strings.Contains(dump, "oWang") || strings.Contains(dump, "王小满") {
			t.Errorf("the dump shows name or content:\n%s", dump)
		}
		if err := e.Delete(ctx, "oWang"); err != nil {
			t.Fatal(err)
		}
		if err := e.Delete(ctx, "oWang"); err != nil {
			t.Errorf("deleting nothing = %v, want nil", err)
		}
		if _, err := e.Get(ctx, "oWang"); !fault.Is(err, fault.NotFound) {
			t.Errorf("Get after Delete = %v, want NotFound", err)
		}
		for _, ttl := range []time.Duration{0, -time.Second} {
			if e.Put(ctx, "oWang", nil, ttl) == nil {
				t.Errorf("Put with time to live %v succeeded", ttl)
			}
		}
	})
}

func TestEphemeralExpires(t *testing.T) {
	everywhere(t, func(t *testing.T, h house) {
		ctx, e := t.Context(), h.Ephemeral("dialogue")
		for name, ttl := range map[string]time.Duration{"short": 200 * time.Millisecond, "long": time.Minute} {
			if err := e.Put(ctx, name, []byte{}, ttl); err != nil {
				t.Fatal(err)
			}
		}
		eventually(t, "expiry", func() bool { _, err := e.Get(ctx, "short"); return fault.Is(err, fault.NotFound) })
		must(e.Get(ctx, "long"))(t)
	})
}

func TestEphemeralUpdateLosesNothing(t *testing.T) {
	everywhere(t, func(t *testing.T, h house) {
		e := h.Ephemeral("count")
		var wg sync.WaitGroup
		for range 3 {
			wg.Go(func() {
				for range 20 {
					err := e.Update(t.Context(), "n", time.Minute, func(old []byte) ([]byte, error) { return append(old, '.'), nil })
					if err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		if got := len(must(e.Get(t.Context(), "n"))(t)); got != 60 {
			t.Errorf("%d updates are left of 60", got)
		}
		refused := errors.New("no")
		if err := e.Update(t.Context(), "n", time.Minute, func([]byte) ([]byte, error) { return nil, refused }); !errors.Is(err, refused) {
			t.Errorf("Update = %v, want the change's own error", err)
		}
		if err := e.Update(t.Context(), "n", time.Minute, func([]byte) ([]byte, error) { return nil, nil }); err != nil {
			t.Fatal(err)
		}
		if _, err := e.Get(t.Context(), "n"); !fault.Is(err, fault.NotFound) {
			t.Errorf("after an update to nothing: %v, want NotFound", err)
		}
	})
}

func TestSessions(t *testing.T) {
	everywhere(t, func(t *testing.T, h house) {
		store, ok := h.Sessions().(scs.CtxStore)
		if !ok {
			t.Fatal("the session store takes no context")
		}
		ctx := t.Context()
		if _, found, err := store.FindCtx(ctx, "token"); found || err != nil {
			t.Errorf("Find of nothing = %v, %v, want not found and no error", found, err)
		}
		if err := store.CommitCtx(ctx, "token", []byte("data"), time.Now().Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
		if data, found, err := store.FindCtx(ctx, "token"); string(data) != "data" || !found || err != nil {
			t.Errorf("Find = %q, %v, %v", data, found, err)
		}
		if dump := h.everything(t); strings.Contains(dump, "token") || strings.Contains(dump, "data") {
			t.Errorf("the dump shows the session:\n%s", dump)
		}
		if err := store.DeleteCtx(ctx, "token"); err != nil {
			t.Fatal(err)
		}
		if _, found, _ := store.FindCtx(ctx, "token"); found {
			t.Error("a deleted session was found")
		}
		if err := store.CommitCtx(ctx, "over", []byte("data"), time.Now().Add(1500*time.Millisecond)); err != nil {
			t.Fatal(err)
		}
		eventually(t, "expiry", func() bool { _, found, _ := store.FindCtx(ctx, "over"); return !found })
		if store.Commit("t", nil, time.Time{}) == nil || store.Delete("t") == nil {
			t.Error("the methods without a context pretend to work")
		}
	})
}

func TestOnce(t *testing.T) {
	everywhere(t, func(t *testing.T, h house) {
		ctx, once := t.Context(), h.Once()
		begin := func(name, wantState, wantReply string) {
			t.Helper()
			reply, state, err := once.Begin(ctx, name, time.Minute)
			if err != nil || state != wantState || string(reply) != wantReply {
				t.Errorf("Begin(%s) = %q, %s, %v; want %q, %s", name, reply, state, err, wantReply, wantState)
			}
		}
		begin("m1", storage.OnceFresh, "")
		begin("m1", storage.OnceRunning, "")
		begin("m2", storage.OnceFresh, "")
		for _, reply := range []string{"您的编号是 2026-0001", "a second answer"} {
			if err := once.Finish(ctx, "m1", []byte(reply), time.Minute); err != nil {
				t.Fatal(err)
			}
		}
		begin("m1", storage.OnceDone, "您的编号是 2026-0001")
		for _, name := range []string{"m1", "m2", "unknown"} {
			if err := once.Abandon(ctx, name); err != nil {
				t.Fatal(err)
			}
		}
		begin("m1", storage.OnceDone, "您的编号是 2026-0001")
		begin("m2", storage.OnceFresh, "")
		if dump := h.everything(t); strings.Contains(dump, "2026-0001") || strings.Contains(dump, "m1") {
			t.Errorf("the dump shows message or reply:\n%s", dump)
		}
	})
}

func TestOnceLeaseAndReplyExpire(t *testing.T) {
	everywhere(t, func(t *testing.T, h house) {
		ctx, once := t.Context(), h.Once()
		fresh := func(name string) func() bool {
			return func() bool {
				_, state, err := once.Begin(ctx, name, 2*time.Second)
				return err == nil && state == storage.OnceFresh
			}
		}
		if !fresh("lease")() || fresh("lease")() {
			t.Fatal("want fresh, then running")
		}
		eventually(t, "the lease runs out", fresh("lease"))
		if err := once.Finish(ctx, "kept", nil, 2*time.Second); err != nil {
			t.Fatal(err)
		}
		if fresh("kept")() {
			t.Fatal("a finished message is fresh")
		}
		eventually(t, "the reply is forgotten", fresh("kept"))
	})
}

func TestOnceUnderConcurrency(t *testing.T) {
	everywhere(t, func(t *testing.T, h house) {
		var fresh atomic.Int32
		var wg sync.WaitGroup
		for range 20 {
			wg.Go(func() {
				_, state, err := h.Once().Begin(t.Context(), "m", time.Minute)
				if err != nil {
					t.Error(err)
				}
				if state == storage.OnceFresh {
					fresh.Add(1)
				}
			})
		}
		wg.Wait()
		if fresh.Load() != 1 {
			t.Errorf("%d callers were told to do the work, want 1", fresh.Load())
		}
	})
}

func TestTokens(t *testing.T) {
	everywhere(t, func(t *testing.T, h house) {
		ctx, tokens := t.Context(), h.Tokens()
		want := func(token string) {
			t.Helper()
			if got := must(tokens.Token(ctx))(t); got != token {
				t.Errorf("Token() = %q, want %q", got, token)
			}
		}
		want("")
		if err := errors.Join(tokens.SaveToken(ctx, "T1", time.Minute), tokens.SaveToken(ctx, "T2", time.Minute), tokens.DropToken(ctx, "T1")); err != nil {
			t.Fatal(err)
		}
		want("T2")
		if strings.Contains(h.everything(t), "T2") {
			t.Error("the dump shows the token")
		}
		if err := errors.Join(tokens.DropToken(ctx, "T2"), tokens.DropToken(ctx, "T2")); err != nil {
			t.Fatal(err)
		}
		want("")
		lock := func(owner string, held bool) {
			t.Helper()
			if got := must(tokens.LockRefresh(ctx, owner, time.Minute))(t); got != held {
				t.Errorf("LockRefresh(%s) = %v, want %v", owner, got, held)
			}
		}
		lock("a", true)
		lock("a", true)
		lock("b", false)
		if err := tokens.UnlockRefresh(ctx, "b"); err != nil {
			t.Fatal(err)
		}
		lock("b", false)
		if err := tokens.UnlockRefresh(ctx, "a"); err != nil {
			t.Fatal(err)
		}
		lock("b", true)
	})
}

func TestWindows(t *testing.T) {
	everywhere(t, func(t *testing.T, h house) {
		ctx, w := t.Context(), h.Windows()
		grant := func(kind string, allowance int, until time.Duration) {
			t.Helper()
			if err := w.Grant(ctx, "oWang", kind, allowance, noon.Add(until)); err != nil {
				t.Fatal(err)
			}
		}
		spend := func(at time.Duration, want bool) {
			t.Helper()
			if got := must(w.Spend(ctx, "oWang", noon.Add(at)))(t); got != want {
				t.Errorf("Spend at %v = %v, want %v", at, got, want)
			}
		}
		left := func(at time.Duration, want int, until time.Duration) {
			t.Helper()
			n, closes, err := w.Left(ctx, "oWang", noon.Add(at))
			if err != nil || n != want || n > 0 && !closes.Equal(noon.Add(until)) || n == 0 && !closes.IsZero() {
				t.Errorf("Left at %v = %d until %v, %v, want %d until %v", at, n, closes, err, want, until)
			}
		}
		spend(0, false)
		left(0, 0, 0)
		grant("message", 2, 48*time.Hour)
		grant("menu", 1, time.Minute)
		left(0, 2, 48*time.Hour) // the menu's minute is not what a person can plan with
		spend(0, true)           // from the menu's, which closes first
		spend(2*time.Minute, true)
		spend(2*time.Minute, true)
		spend(2*time.Minute, false)
		left(2*time.Minute, 0, 0)
		grant("message", 1, 48*time.Hour)
		left(48*time.Hour, 0, 0)
		spend(48*time.Hour, false) // closed at that very instant
		spend(48*time.Hour-1, true)
		grant("message", 5, 48*time.Hour)
		grant("message", 5, 48*time.Hour+10*time.Minute) // hardly later, and nothing was used: left as it is
		spend(48*time.Hour+5*time.Minute, false)
		grant("message", 5, 48*time.Hour+20*time.Minute)
		spend(48*time.Hour+15*time.Minute, true)
		grant("message", 5, 48*time.Hour+21*time.Minute) // one was used: granted anew
		for range 5 {
			spend(48*time.Hour+15*time.Minute, true)
		}
		spend(48*time.Hour+15*time.Minute, false)
		if err := w.Revoke(ctx, "oWang"); err != nil {
			t.Fatal(err)
		}
		spend(0, false)
		if strings.Contains(h.everything(t), "oWang") {
			t.Error("the dump shows the citizen")
		}
	})
}

func TestOutbox(t *testing.T) {
	everywhere(t, func(t *testing.T, h house) {
		ctx, o := t.Context(), h.Outbox()
		want := func(texts string) {
			t.Helper()
			if got := strings.Join(must(o.Waiting(ctx, "oWang"))(t), " "); got != texts {
				t.Errorf("Waiting() = %q, want %q", got, texts)
			}
		}
		want("")
		for _, text := range []string{"甲", "乙", "甲", "丙"} {
			if err := o.Queue(ctx, "oWang", text); err != nil {
				t.Fatal(err)
			}
		}
		want("甲 乙 甲 丙")
		if dump := h.everything(t); strings.Contains(dump, "甲") || strings.Contains(dump, "oWang") {
			t.Errorf("the dump shows citizen or text:\n%s", dump)
		}
		if err := o.Remove(ctx, "oWang", []string{"甲", "none", "丙"}); err != nil {
			t.Fatal(err)
		}
		want("乙 甲")
		if err := o.Remove(ctx, "oWang", []string{"乙", "甲"}); err != nil {
			t.Fatal(err)
		}
		want("")
		if dump := h.everything(t); dump != "" {
			t.Errorf("an empty outbox leaves something behind:\n%s", dump)
		}
	})
}

func TestDraftsAndGuesses(t *testing.T) {
	everywhere(t, func(t *testing.T, h house) {
		ctx, d := t.Context(), h.Drafts()
		if data, mark, err := d.Load(ctx, "oWang"); data != nil || mark != "" || err != nil {
			t.Errorf("Load of nothing = %q, %q, %v, want nothing and no error", data, mark, err)
		}
		first := must(d.Save(ctx, "oWang", []byte("x"), "", time.Minute))(t)
		if got, mark, err := d.Load(ctx, "oWang"); string(got) != "x" || mark != first || err != nil {
			t.Errorf("Load = %q with mark %q, %v, want x with %q", got, mark, err, first)
		}
		second := must(d.Save(ctx, "oWang", []byte("x"), first, time.Minute))(t)
		for name, mark := range map[string]string{"as if there were none": "", "of an earlier one": first} {
			if _, err := d.Save(ctx, "oWang", []byte("y"), mark, time.Minute); !fault.Is(err, fault.Conflict) {
				t.Errorf("Save with the mark %s = %v, want a Conflict", name, err)
			}
		}
		if got, mark, _ := d.Load(ctx, "oWang"); string(got) != "x" || mark != second {
			t.Errorf("a refused Save has changed the draft to %q", got)
		}
		if err := errors.Join(d.Delete(ctx, "oWang"), d.Delete(ctx, "oWang")); err != nil {
			t.Fatal(err)
		}
		if _, err := d.Save(ctx, "oWang", []byte("z"), second, time.Minute); !fault.Is(err, fault.Conflict) {
			t.Errorf("Save over a deleted draft = %v, want a Conflict: it would bring back what was deleted", err)
		}
		g := h.Guesses(2 * time.Second)
		var taken atomic.Int32
		var all sync.WaitGroup
		for range 50 { // all at once, as an attacker would
			all.Go(func() {
				if must(g.Take(ctx, "2026-0001", 2))(t) {
					taken.Add(1)
				}
			})
		}
		all.Wait()
		if taken.Load() != 2 {
			t.Errorf("%d of 50 attempts at once were allowed, want 2", taken.Load())
		}
		for range 49 {
			if err := g.GiveBack(ctx, "2026-0001"); err != nil {
				t.Fatal(err)
			}
		}
		if !must(g.Take(ctx, "2026-0001", 2))(t) {
			t.Error("not allowed after the attempts were given back")
		}
		g.Take(ctx, "2026-0001", 2)
		if err := g.GiveBack(ctx, "of nobody"); err != nil {
			t.Fatal(err)
		}
		if !must(g.Take(ctx, "of nobody", 1))(t) || must(g.Take(ctx, "of nobody", 1))(t) {
			t.Error("giving back what was not taken allows more than the limit")
		}
		eventually(t, "attempts are forgotten", func() bool { return must(g.Take(ctx, "2026-0001", 1))(t) })
	})
}

// saved drops the mark.
func saved(_ string, err error) error { return err }

// TestOfManyWhoSaveADraftOneDoes: processes that have read the same draft and answer at the same instant.
func TestOfManyWhoSaveADraftOneDoes(t *testing.T) {
	everywhere(t, func(t *testing.T, h house) {
		mark := must(h.Drafts().Save(t.Context(), "oWang", []byte("begun"), "", time.Minute))(t)
		var done, refused atomic.Int32
		var all sync.WaitGroup
		for n := range 16 {
			process := open(t, h.opts)
			all.Go(func() {
				switch _, err := process.Drafts().Save(t.Context(), "oWang", []byte{byte(n)}, mark, time.Minute); {
				case err == nil:
					done.Add(1)
				case fault.Is(err, fault.Conflict):
					refused.Add(1)
				default:
					t.Error(err)
				}
			})
		}
		all.Wait()
		if done.Load() != 1 || refused.Load() != 15 {
			t.Errorf("%d saved, %d were refused, want 1 and 15", done.Load(), refused.Load())
		}
	})
}

func TestDraftSavedUnderAnOldKeyIsReplaced(t *testing.T) {
	everywhere(t, func(t *testing.T, h house) {
		mark := must(h.Drafts().Save(t.Context(), "oWang", []byte("old"), "", time.Minute))(t)
		o := h.opts
		o.Key, o.OldKeys = key(2), [][]byte{o.Key}
		turned := open(t, o)
		if data, again, err := turned.Drafts().Load(t.Context(), "oWang"); string(data) != "old" || again != mark || err != nil {
			t.Fatalf("Load under the new key = %q, %q, %v", data, again, err)
		}
		must(turned.Drafts().Save(t.Context(), "oWang", []byte("new"), mark, time.Minute))(t)
		if data, _, err := h.Drafts().Load(t.Context(), "oWang"); data != nil || err != nil {
			t.Errorf("the draft of the old key is still there: %q, %v", data, err)
		}
		if data, _, err := turned.Drafts().Load(t.Context(), "oWang"); string(data) != "new" || err != nil {
			t.Errorf("Load = %q, %v, want new", data, err)
		}
	})
}

func TestAllow(t *testing.T) {
	everywhere(t, func(t *testing.T, h house) {
		for turn := range 4 {
			ok, wait, err := h.Allow(t.Context(), "127.0.0.1", 3, time.Hour)
			if err != nil {
				t.Fatal(err)
			}
			if ok != (turn < 3) || (wait > 0) != (turn == 3) {
				t.Errorf("turn %d: allowed %v, wait %v", turn+1, ok, wait)
			}
		}
		if ok, _, err := h.Allow(t.Context(), "127.0.0.2", 3, time.Hour); !ok || err != nil {
			t.Errorf("another address: allowed %v, %v", ok, err)
		}
	})
}
