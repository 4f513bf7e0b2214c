package storage_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/redis/go-redis/v9"

	"shoushan/storage"
	"shoushan/workday"
)

// The suite runs on miniredis and again on a real redis-server. REQUIRE_REDIS=1 makes a missing server a failure.
var servers struct {
	memory  *storage.Memory
	private *storage.Private
	missing string // why there is no real server
}

func TestMain(m *testing.M) { os.Exit(runAll(m)) }

func runAll(m *testing.M) int {
	var err error
	if servers.memory, err = storage.StartMemory(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer servers.memory.Stop()
	bin, err := exec.LookPath("redis-server")
	if err != nil {
		servers.missing = "redis-server is not installed: this half of the suite did not run"
		return m.Run()
	}
	dir, err := os.MkdirTemp("", "storage-test-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	if servers.private, err = storage.StartPrivate(context.Background(), dir, bin); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer servers.private.Stop()
	return m.Run()
}

var noon = time.Date(2026, 11, 23, 4, 0, 0, 0, time.UTC)

// house is a fresh account on one of the servers.
type house struct {
	*storage.Store
	opts storage.Options
	raw  redis.UniversalClient // what an attacker or a curious administrator sees
}

// everywhere runs a test on every server there is.
func everywhere(t *testing.T, test func(t *testing.T, h house)) {
	t.Helper()
	t.Run("miniredis", func(t *testing.T) { test(t, newHouse(t, servers.memory.URL())) })
	t.Run("redis-server", func(t *testing.T) { test(t, newHouse(t, realURL(t))) })
}

func realURL(t *testing.T) string {
	t.Helper()
	if servers.private != nil {
		return servers.private.URL()
	}
	if os.Getenv("REQUIRE_REDIS") == "1" {
		t.Fatal(servers.missing)
	}
	t.Skip(servers.missing)
	return ""
}

var accounts atomic.Int64

func newHouse(t *testing.T, url string) house {
	t.Helper()
	return open(t, storage.Options{
		URL: url, Account: fmt.Sprintf("a%d", accounts.Add(1)), Key: key(1),
		FilesDir: filepath.Join(t.TempDir(), "files"), Now: fixed,
	})
}

func open(t *testing.T, o storage.Options) house {
	t.Helper()
	s, err := storage.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	raw := s.MakeRedisClient().(redis.UniversalClient)
	t.Cleanup(func() { _ = raw.Close() })
	return house{s, o, raw}
}

// key returns a data key that is the same for the same number.
func key(n byte) []byte { return bytes.Repeat([]byte{n}, storage.KeySize) }

func (h house) key(parts string) string { return "{" + h.opts.Account + "}:" + parts }

// everything returns all keys and values of the account as text, as a dump of Redis would show them.
func (h house) everything(t *testing.T) string {
	t.Helper()
	var out bytes.Buffer
	keys := must(h.raw.Keys(t.Context(), "*"+h.opts.Account+"}*").Result())(t)
	for _, k := range keys {
		fmt.Fprintf(&out, "%s = %v\n", k, h.value(t, k))
	}
	return out.String()
}

func (h house) value(t *testing.T, key string) any {
	t.Helper()
	ctx := t.Context()
	switch kind := must(h.raw.Type(ctx, key).Result())(t); kind {
	case "string":
		return must(h.raw.Get(ctx, key).Result())(t)
	case "hash":
		return must(h.raw.HGetAll(ctx, key).Result())(t)
	case "zset":
		return must(h.raw.ZRangeWithScores(ctx, key, 0, -1).Result())(t)
	case "set":
		return must(h.raw.SMembers(ctx, key).Result())(t)
	case "list":
		return must(h.raw.LRange(ctx, key, 0, -1).Result())(t)
	default:
		t.Fatalf("key %s has type %s, which keys.go does not mention", key, kind)
		return nil
	}
}

// diff compares two values field by field.
func diff(want, got any) string { return cmp.Diff(want, got, cmpopts.EquateComparable(workday.Date{})) }

// must turns a result with an error into a function that fails the test on the error: must(f())(t).
func must[T any](v T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func fixed() time.Time { return noon }

func z(score float64, member string) redis.Z { return redis.Z{Score: score, Member: member} }
