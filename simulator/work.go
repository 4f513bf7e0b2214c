package simulator

import "sync"

// tasks counts background work. Unlike a sync.WaitGroup it may be waited for while new work arrives.
type tasks struct {
	mu   sync.Mutex
	n    int
	idle chan struct{} // closed when n falls to 0; nil while nobody waits
}

func (t *tasks) start() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.n++
}

func (t *tasks) end() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.n--
	if t.n == 0 && t.idle != nil {
		close(t.idle)
		t.idle = nil
	}
}

// done returns a channel that is closed when nothing runs.
func (t *tasks) done() <-chan struct{} {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.n == 0 {
		idle := make(chan struct{})
		close(idle)
		return idle
	}
	if t.idle == nil {
		t.idle = make(chan struct{})
	}
	return t.idle
}
