package main

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"time"
)

// road carries callbacks from the platform to the house. Bends are used up one a delivery; without one the road is
// straight.
type road struct {
	mu    sync.Mutex
	next  http.Handler
	bends []bend
	took  int // deliveries so far
	here  int // deliveries on their way
}

// bend is what happens to one delivery on the road. The zero bend is straight.
type bend struct {
	refuse bool          // the connection breaks before the house sees anything
	lose   bool          // the house answers, the connection breaks before the answer arrives
	hold   time.Duration // the house sees it that late, even when the platform has cut the connection meanwhile
	answer time.Duration // the answer is not passed on before that long after the arrival
	do     func()        // happens on arrival
	after  <-chan struct{}
	also   http.Handler // another house gets the same delivery at the same time
}

func (r *road) set(h http.Handler) { r.mu.Lock(); defer r.mu.Unlock(); r.next = h }

// bend orders bends for the next deliveries.
func (r *road) bend(bends ...bend) { r.mu.Lock(); defer r.mu.Unlock(); r.bends = bends }

// deliveries returns how many deliveries have come.
func (r *road) deliveries() int { r.mu.Lock(); defer r.mu.Unlock(); return r.took }

// quiet waits until no delivery is on its way.
func (r *road) quiet() {
	for {
		r.mu.Lock()
		here := r.here
		r.mu.Unlock()
		if here == 0 {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
}

func (r *road) gone() { r.mu.Lock(); defer r.mu.Unlock(); r.here-- }

func (r *road) turn() (http.Handler, bend) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.took++
	r.here++
	if len(r.bends) == 0 {
		return r.next, bend{}
	}
	b := r.bends[0]
	r.bends = r.bends[1:]
	return r.next, b
}

// ServeHTTP implements http.Handler. The house gets the request with its connection: when the platform cuts, the
// request's context ends, unless it was held.
func (r *road) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	next, b := r.turn()
	defer r.gone()
	arrived := time.Now()
	body, err := io.ReadAll(req.Body)
	if err != nil || b.refuse {
		panic(http.ErrAbortHandler)
	}
	ctx := req.Context()
	if b.do != nil {
		b.do()
	}
	if b.hold > 0 || b.after != nil {
		ctx = context.WithoutCancel(ctx)
		time.Sleep(b.hold)
		if b.after != nil {
			<-b.after
		}
	}
	rec := r.carry(ctx, req, body, next, b.also)
	time.Sleep(time.Until(arrived.Add(b.answer)))
	if b.lose {
		panic(http.ErrAbortHandler)
	}
	for key, values := range rec.Header() {
		w.Header()[key] = values
	}
	w.WriteHeader(rec.Code)
	_, _ = w.Write(rec.Body.Bytes())
}

// carry hands the delivery over, to one house or to both at once.
func (r *road) carry(ctx context.Context, req *http.Request, body []byte, next, also http.Handler) *httptest.ResponseRecorder {
	hand := func(h http.Handler) *httptest.ResponseRecorder {
		rec := httptest.NewRecorder()
		again := req.Clone(ctx)
		again.Body = io.NopCloser(bytes.NewReader(body))
		h.ServeHTTP(rec, again)
		return rec
	}
	if also == nil {
		return hand(next)
	}
	done := make(chan struct{})
	go func() { defer close(done); hand(also) }()
	rec := hand(next)
	<-done
	return rec
}
