package storage_test

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"shoushan/posts"
	"shoushan/storage"
)

// TestCluster runs the main paths on a Redis Cluster of one node that holds all slots. The node would refuse any
// transaction or script over keys of several slots.
func TestCluster(t *testing.T) {
	realURL(t)
	h := open(t, storage.Options{
		URL: startCluster(t), Account: "cluster", Key: key(1), FilesDir: filepath.Join(t.TempDir(), "files"), Now: fixed,
	})
	if _, ok := h.raw.(*redis.ClusterClient); !ok {
		t.Fatalf("the client is a %T", h.raw)
	}
	furnished(t, h)
	if _, _, err := h.Once().Begin(t.Context(), "m", time.Minute); err != nil {
		t.Error(err)
	}
	if _, _, err := h.Allow(t.Context(), "a", 1, time.Minute); err != nil {
		t.Error(err)
	}
	if _, err := h.Guesses(time.Minute).Take(t.Context(), "a", 1); err != nil {
		t.Error(err)
	}
	if err := h.CheckDurability(t.Context()); err != nil {
		t.Errorf("CheckDurability() = %v", err)
	}
	if got := len(must(h.Posts(t.Context(), posts.Query{}))(t)); got != 2 {
		t.Errorf("%d posts, want 2", got)
	}
	agree(t, h)
	expectFinding(t, h, "")
	o := h.opts
	o.Account, o.FilesDir = "another", filepath.Join(t.TempDir(), "files")
	if err := open(t, o).Restore(t.Context(), bytes.NewReader(backup(t, h))); err != nil {
		t.Error(err)
	}
}

// startCluster starts the node on free ports and returns its address.
func startCluster(t *testing.T) string {
	t.Helper()
	port, bus := freePort(t), freePort(t)
	node := exec.Command("redis-server", "--bind", "127.0.0.1", "--port", port, "--cluster-enabled", "yes", "--cluster-port", bus,
		"--dir", t.TempDir(), "--save", "", "--appendonly", "yes", "--appendfsync", "always")
	if err := node.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = node.Process.Kill(); _ = node.Wait() })
	c := redis.NewClient(&redis.Options{Addr: "127.0.0.1:" + port})
	defer c.Close()
	eventually(t, "the node listens", func() bool {
		conn, err := net.Dial("tcp", "127.0.0.1:"+port)
		return err == nil && conn.Close() == nil
	})
	ctx := context.Background()
	if err := c.ClusterAddSlotsRange(ctx, 0, 16383).Err(); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the cluster is up", func() bool {
		return c.Set(ctx, "probe", "1", 0).Err() == nil
	})
	return fmt.Sprintf("redis://127.0.0.1:%s?cluster=true", port)
}

func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return port
}
