package bench_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"shoushan/bench"
	"shoushan/simulator"
)

// TestPusherKeepsConnections: one connection serves one citizen after the other, and one that the program has closed
// meanwhile is replaced without a word.
func TestPusherKeepsConnections(t *testing.T) {
	var opened atomic.Int32
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if r.Method != http.MethodPost || r.URL.Path != "/wechat" || r.URL.Query().Get("encrypt_type") != "aes" || len(body) < 100 || err != nil {
			t.Errorf("%s %s with %d bytes, %v", r.Method, r.URL.Path, len(body), err)
		}
		_, _ = io.WriteString(w, "success")
	}))
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			opened.Add(1)
		}
	}
	server.Start()
	defer server.Close()
	p := newPusher(t, server.URL+"/wechat")
	push := func() {
		t.Helper()
		a, err := p.Push(t.Context(), bench.Text("o", "1", "您好", time.Now()))
		if err != nil || a.Status != http.StatusOK || a.Clear != "success" {
			t.Fatalf("%+v, %v", a, err)
		}
	}
	for range 5 {
		push()
	}
	if opened.Load() != 1 {
		t.Errorf("%d connections for one after the other, want 1", opened.Load())
	}
	server.CloseClientConnections()
	push()
	if opened.Load() != 2 {
		t.Errorf("%d connections after the first was closed, want 2", opened.Load())
	}
}

func TestPusherGivesUpWithItsContext(t *testing.T) {
	silent := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-silent }))
	defer server.Close()
	defer close(silent)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_, err := newPusher(t, server.URL+"/wechat").Push(ctx, bench.Text("o", "1", "您好", time.Now()))
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v, want that the time is over", err)
	}
}

func newPusher(t *testing.T, url string) *bench.Pusher {
	t.Helper()
	p, err := bench.NewPusher(url, simulator.DefaultToken, simulator.DefaultAESKey, simulator.DefaultAppID, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	return p
}
