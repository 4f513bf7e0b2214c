package storage_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"shoushan/disclosure"
	"shoushan/fault"
	"shoushan/storage"
)

func startPrivate(t *testing.T, dir string) *storage.Private {
	t.Helper()
	realURL(t) // skips or fails when there is no redis-server
	bin := must(exec.LookPath("redis-server"))(t)
	p, err := storage.StartPrivate(t.Context(), dir, bin)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func at(t *testing.T, url, dir string) house {
	t.Helper()
	return open(t, storage.Options{URL: url, Account: "private", Key: key(1), FilesDir: filepath.Join(dir, "files"), Now: fixed})
}

func TestPrivateServerIsDurable(t *testing.T) {
	dir := t.TempDir()
	p := startPrivate(t, dir)
	h := at(t, p.URL(), dir)
	if err := h.CheckDurability(t.Context()); err != nil {
		t.Errorf("CheckDurability() = %v, want nil", err)
	}
	for setting, want := range map[string]string{"appendonly": "yes", "appendfsync": "always", "maxmemory-policy": "noeviction", "port": "0"} {
		if got := must(h.raw.ConfigGet(t.Context(), setting).Result())(t)[setting]; got != want {
			t.Errorf("%s is %q, want %q", setting, got, want)
		}
	}
	if mode := must(os.Stat(strings.TrimPrefix(p.URL(), "unix://")))(t).Mode(); mode.Perm()&0o077 != 0 {
		t.Errorf("the socket has mode %v, others may open it", mode)
	}
	create(t, h, 2026, "o")
	if err := p.Stop(); err != nil {
		t.Fatal(err)
	}
	again := startPrivate(t, dir)
	defer again.Stop()
	if got := numbers(t, at(t, again.URL(), dir), disclosure.Query{}); got != "2026-0001" {
		t.Errorf("after a restart: %q, want the request", got)
	}
}

func TestPrivateServerComesBackAfterAKill(t *testing.T) {
	dir := t.TempDir()
	p := startPrivate(t, dir)
	defer p.Stop()
	h := at(t, p.URL(), dir)
	const n = 50
	for range n {
		create(t, h, 2026, "o")
	}
	pid := processID(t, h.raw)
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the server is back", func() bool { return h.Ping(t.Context()) == nil && processID(t, h.raw) != pid })
	if got := len(strings.Fields(numbers(t, h, disclosure.Query{}))); got != n {
		t.Errorf("%d requests are left of %d that were acknowledged", got, n)
	}
}

func processID(t *testing.T, r redis.UniversalClient) int {
	t.Helper()
	info, err := r.Info(t.Context(), "server").Result()
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(info, "process_id:")
	line, _, _ := strings.Cut(rest, "\r\n")
	return must(strconv.Atoi(line))(t)
}

func TestDataFolderInUse(t *testing.T) {
	dir := t.TempDir()
	p := startPrivate(t, dir)
	defer p.Stop()
	h := at(t, p.URL(), dir)
	if _, err := storage.StartPrivate(t.Context(), dir, "redis-server"); !fault.Is(err, fault.Conflict) {
		t.Errorf("a second server on the folder = %v, want Conflict", err)
	}
	create(t, h, 2026, "o") // the first is unharmed
}

func TestServerLeftBehindIsTakenOver(t *testing.T) {
	realURL(t)
	dir := t.TempDir()
	socket := filepath.Join(dir, "redis.sock")
	left := exec.Command("redis-server", "--port", "0", "--unixsocket", socket, "--dir", dir, "--save", "", "--appendonly", "yes", "--logfile", filepath.Join(dir, "log"))
	if err := left.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() { _ = left.Wait(); close(ended) }()
	eventually(t, "the server answers", func() bool { _, err := os.Stat(socket); return err == nil })
	p := startPrivate(t, dir)
	if got := processID(t, at(t, p.URL(), dir).raw); got != left.Process.Pid {
		t.Errorf("process %d serves the folder, want the one left behind, %d", got, left.Process.Pid)
	}
	if err := p.Stop(); err != nil {
		t.Fatal(err)
	}
	select {
	case <-ended:
	case <-time.After(10 * time.Second):
		_ = left.Process.Kill()
		t.Error("Stop did not end the server that was taken over")
	}
}

func TestLongDataFolder(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	dir := filepath.Join(t.TempDir(), strings.Repeat("long-name/", 12))
	p := startPrivate(t, dir)
	defer p.Stop()
	create(t, at(t, p.URL(), t.TempDir()), 2026, "o")
	if _, err := os.Stat(filepath.Join(dir, "appendonlydir")); err != nil {
		t.Errorf("the data is not in the folder: %v", err)
	}
	if _, err := storage.StartPrivate(t.Context(), dir, "redis-server"); !fault.Is(err, fault.Conflict) {
		t.Errorf("a second server on the long folder = %v, want Conflict", err)
	}
	if url, ok := storage.RunningPrivate(t.Context(), dir); !ok || url != p.URL() {
		t.Errorf("RunningPrivate() = %q, %v, want %q", url, ok, p.URL())
	}
}

func TestRunningPrivate(t *testing.T) {
	dir := t.TempDir()
	if url, ok := storage.RunningPrivate(t.Context(), dir); ok {
		t.Errorf("RunningPrivate() before the start = %q", url)
	}
	p := startPrivate(t, dir)
	url, ok := storage.RunningPrivate(t.Context(), dir)
	if !ok || url != p.URL() {
		t.Errorf("RunningPrivate() = %q, %v, want %q", url, ok, p.URL())
	}
	create(t, at(t, url, dir), 2026, "o")
	if err := p.Stop(); err != nil {
		t.Fatal(err)
	}
	if _, ok := storage.RunningPrivate(t.Context(), dir); ok {
		t.Error("a stopped server is running")
	}
	if _, ok := storage.RunningPrivate(t.Context(), filepath.Join(dir, strings.Repeat("long-name/", 12))); ok {
		t.Error("a folder that is not there has a server")
	}
}

func TestPrivateServerThatCannotStart(t *testing.T) {
	dir := t.TempDir()
	if _, err := storage.StartPrivate(t.Context(), dir, filepath.Join(dir, "none")); !fault.Is(err, fault.Unavailable) || !strings.Contains(fault.Message(err), "apt-get install") {
		t.Errorf("without the program: %v, want Unavailable and how to install it", err)
	}
	if _, err := storage.StartPrivate(t.Context(), dir, "false"); !fault.Is(err, fault.Unavailable) {
		t.Errorf("with a program that ends at once: %v, want Unavailable", err)
	}
	if err := os.WriteFile(filepath.Join(dir, "file"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := storage.StartPrivate(t.Context(), filepath.Join(dir, "file"), "false"); !fault.Is(err, fault.Unavailable) {
		t.Errorf("with a file for a folder: %v, want Unavailable", err)
	}
}

func TestDurabilityNamesWhatToSet(t *testing.T) {
	tests := []struct{ setting, value string }{
		{"appendonly", "no"}, {"appendfsync", "everysec"}, {"maxmemory-policy", "allkeys-lru"},
	}
	h := newHouse(t, realURL(t))
	for _, tt := range tests {
		before := must(h.raw.ConfigGet(t.Context(), tt.setting).Result())(t)[tt.setting]
		set := func(value string) {
			if err := h.raw.ConfigSet(context.Background(), tt.setting, value).Err(); err != nil {
				t.Fatal(err)
			}
		}
		set(tt.value)
		err := h.CheckDurability(t.Context())
		set(before)
		want := fmt.Sprintf("CONFIG SET %s %s", tt.setting, before)
		if !fault.Is(err, fault.Unavailable) || !strings.Contains(fault.Message(err), want) {
			t.Errorf("with %s %s: %v, want a message with %q", tt.setting, tt.value, err, want)
		}
	}
	if err := h.CheckDurability(t.Context()); err != nil {
		t.Errorf("with everything set back: %v", err)
	}
}

func TestMemoryIsNotDurable(t *testing.T) {
	h := newHouse(t, servers.memory.URL())
	if err := h.CheckDurability(t.Context()); !fault.Is(err, fault.Unavailable) {
		t.Errorf("CheckDurability() in memory = %v, want Unavailable", err)
	}
	if _, err := storage.Open(t.Context(), storage.Options{
		URL: "redis://" + strings.SplitN(servers.memory.URL(), "@", 2)[1], Account: "x", Key: key(1), FilesDir: t.TempDir(), Now: fixed,
	}); err == nil {
		t.Error("the server in memory takes anybody on this machine")
	}
}
