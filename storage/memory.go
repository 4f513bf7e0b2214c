package storage

import (
	"fmt"
	"time"

	"github.com/alicebob/miniredis/v2"
)

const memoryTick = 100 * time.Millisecond

// Memory is a Redis in this process's memory, for demonstrations and tests on machines without redis-server. Nothing in it
// is kept: CheckDurability refuses it.
type Memory struct {
	server   *miniredis.Miniredis
	password string
	quit     chan struct{}
	ended    chan struct{}
}

// StartMemory starts it on a free port of this machine, behind a random password, and lets its expiries run in real time.
func StartMemory() (*Memory, error) {
	m := &Memory{server: miniredis.NewMiniRedis(), password: token(), quit: make(chan struct{}), ended: make(chan struct{})}
	m.server.RequireAuth(m.password)
	if err := m.server.StartAddr("127.0.0.1:0"); err != nil {
		return nil, fmt.Errorf("storage: start in memory: %w", err)
	}
	go m.tick()
	return m, nil
}

// URL is the server's address for Options.
func (m *Memory) URL() string { return "redis://:" + m.password + "@" + m.server.Addr() }

// Stop ends the server; everything in it is gone.
func (m *Memory) Stop() error {
	close(m.quit)
	<-m.ended
	m.server.Close()
	return nil
}

// tick lets time pass for keys that expire, which this server does not do by itself.
func (m *Memory) tick() {
	defer close(m.ended)
	ticker := time.NewTicker(memoryTick)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			m.server.FastForward(memoryTick)
		case <-m.quit:
			return
		}
	}
}
