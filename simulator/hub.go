package simulator

import (
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"time"
)

// hub tells every open phone page what has changed.
type hub struct {
	mu    sync.Mutex
	pages map[chan []byte]bool
}

// send never blocks: a page that does not keep up is told to load everything again.
func (h *hub) send(name string, data any) {
	body, err := encode(data)
	if err != nil {
		return
	}
	frame := fmt.Appendf(nil, "event: %s\ndata: %s\n\n", name, body)
	h.mu.Lock()
	defer h.mu.Unlock()
	for page := range h.pages {
		select {
		case page <- frame:
		default:
			delete(h.pages, page)
			close(page)
		}
	}
}

func (h *hub) join() chan []byte {
	page := make(chan []byte, 256)
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.pages == nil {
		h.pages = map[chan []byte]bool{}
	}
	h.pages[page] = true
	return page
}

func (h *hub) leave(page chan []byte) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.pages, page)
}

// serveEvents is the page's stream of server-sent events.
func (s *Server) serveEvents(w http.ResponseWriter, r *http.Request) {
	control := http.NewResponseController(w)
	_ = control.SetWriteDeadline(time.Time{}) // the stream outlives the server's write timeout, where there is one
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	page := s.hub.join()
	defer s.hub.leave(page)
	fmt.Fprint(w, "retry: 1000\n\n")
	for control.Flush() == nil {
		select {
		case frame, open := <-page:
			if !open {
				return
			}
			if _, err := w.Write(frame); err != nil {
				return
			}
		case <-r.Context().Done():
			return
		case <-s.quit:
			return
		}
	}
}

// encode writes JSON as the platform does: raw UTF-8, nothing escaped that need not be.
func encode(v any) ([]byte, error) {
	var out jsonBuffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return out[:len(out)-1], nil
}

type jsonBuffer []byte

func (b *jsonBuffer) Write(p []byte) (int, error) {
	*b = append(*b, p...)
	return len(p), nil
}
