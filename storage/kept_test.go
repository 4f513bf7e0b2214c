package storage_test

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"

	"shoushan/fault"
	"shoushan/storage"
)

// keep puts a value under a name, for as long as ttl says.
func keep(t *testing.T, e storage.Ephemeral, name, value string, ttl time.Duration) {
	t.Helper()
	if err := e.Update(t.Context(), name, ttl, func([]byte) ([]byte, error) { return []byte(value), nil }); err != nil {
		t.Fatal(err)
	}
}

// lost reports whether nothing is under the name.
func lost(t *testing.T, e storage.Ephemeral, name string) bool {
	t.Helper()
	_, err := e.Get(t.Context(), name)
	if err != nil && !fault.Is(err, fault.NotFound) {
		t.Fatal(err)
	}
	return err != nil
}

func TestKeptIsInBackups(t *testing.T) {
	everywhere(t, func(t *testing.T, h house) {
		keep(t, h.Kept("talks"), "oWangOpenID", "王小满问何时答复", time.Hour)
		keep(t, h.Kept("consents"), "oWangOpenID", `{"scenes":[1]}`, 0)
		keep(t, h.Ephemeral("newsroom"), "x", "passing", time.Hour)
		archive := backup(t, h)
		if text := string(archive) + h.everything(t); strings.Contains(text, "oWangOpenID") || strings.Contains(text, "王小满") {
			t.Error("a name or a value stands in clear")
		}
		other := newHouse(t, h.opts.URL)
		if err := other.Restore(t.Context(), bytes.NewReader(archive)); err != nil {
			t.Fatal(err)
		}
		for purpose, want := range map[string]string{"talks": "王小满问何时答复", "consents": `{"scenes":[1]}`} {
			if got := must(other.Kept(purpose).Get(t.Context(), "oWangOpenID"))(t); string(got) != want {
				t.Errorf("%s = %q after the restore, want %q", purpose, got, want)
			}
		}
		if !lost(t, other.Kept("talks"), "oLi") || !lost(t, other.Kept("calls"), "oWangOpenID") || !lost(t, other.Ephemeral("newsroom"), "x") {
			t.Error("something is there that nobody kept")
		}
		left := must(other.raw.PTTL(t.Context(), must(other.raw.Keys(t.Context(), other.key("kept:*")).Result())(t)[0]).Result())(t)
		if left > time.Hour {
			t.Errorf("a value that ended within an hour lives for %v", left)
		}
	})
}

func TestWhatHasEndedIsNotRestored(t *testing.T) {
	everywhere(t, func(t *testing.T, h house) {
		keep(t, h.Kept("talks"), "oWang", "old", time.Hour)
		must(h.Drafts().Save(t.Context(), "oWang", []byte("half"), "", time.Hour))(t)
		archive := backup(t, h)
		o := newHouse(t, h.opts.URL).opts
		o.Now = func() time.Time { return noon.Add(2 * time.Hour) }
		other := open(t, o)
		if err := other.Restore(t.Context(), bytes.NewReader(archive)); err != nil {
			t.Fatal(err)
		}
		if data, _, err := other.Drafts().Load(t.Context(), "oWang"); data != nil || err != nil || !lost(t, other.Kept("talks"), "oWang") {
			t.Errorf("what had ended two hours after the backup is back: %q, %v", data, err)
		}
	})
}

func TestKeptOutlivesTheKey(t *testing.T) {
	everywhere(t, func(t *testing.T, h house) {
		keep(t, h.Kept("talks"), "oWang", "a question", time.Hour)
		keep(t, h.Kept("calls"), "list", "whom to phone", 0)
		both := h.opts
		both.Key, both.OldKeys = key(2), [][]byte{h.opts.Key}
		if err := open(t, both).Reseal(t.Context()); err != nil {
			t.Fatal(err)
		}
		both.OldKeys = nil
		turned := open(t, both)
		for purpose, name := range map[string]string{"talks": "oWang", "calls": "list"} {
			if lost(t, turned.Kept(purpose), name) {
				t.Errorf("%s are gone with the old key", purpose)
			}
		}
		for _, k := range must(h.raw.Keys(t.Context(), h.key("kept:*")).Result())(t) {
			if left := must(h.raw.PTTL(t.Context(), k).Result())(t); left > time.Hour {
				t.Errorf("resealing has given %s a life of %v", k, left)
			}
		}
		if n := len(must(h.raw.Keys(t.Context(), h.key("kept:*")).Result())(t)); n != 2 {
			t.Errorf("%d values are kept, want 2", n)
		}
	})
}

// A value must not count for anybody but the one under whose name it was kept, even for who can write to Redis.
func TestKeptValueCannotBeMoved(t *testing.T) {
	everywhere(t, func(t *testing.T, h house) {
		keep(t, h.Kept("talks"), "oWang", "Wang's", time.Hour)
		wangs := must(h.raw.Keys(t.Context(), h.key("kept:*")).Result())(t)[0]
		keep(t, h.Kept("talks"), "oLi", "Li's", time.Hour)
		for _, k := range must(h.raw.Keys(t.Context(), h.key("kept:*")).Result())(t) {
			if k != wangs {
				h.raw.Set(t.Context(), k, h.raw.Get(t.Context(), wangs).Val(), time.Hour)
			}
		}
		if data, err := h.Kept("talks").Get(context.WithoutCancel(t.Context()), "oLi"); err == nil {
			t.Errorf("Li reads %q", data)
		}
	})
}
