package simulator

import (
	"embed"
	"errors"
	"io/fs"
	"net/http"
	"strings"
)

//go:embed web
var webFiles embed.FS

// doorError is a refusal by the phone's or the control API: a status and a sentence for the person at the page.
type doorError struct {
	status  int
	message string
}

func (e *doorError) Error() string { return e.message }

func badRequest(message string) error { return &doorError{http.StatusBadRequest, message} }
func notFound(message string) error   { return &doorError{http.StatusNotFound, message} }
func conflict(message string) error   { return &doorError{http.StatusConflict, message} }

// routes builds the one mux. Browsers of other sites may not post to it.
func (s *Server) routes() http.Handler {
	mux := http.NewServeMux()
	s.table = map[string]endpoint{}
	for _, e := range endpoints() {
		s.table[e.path] = e
		mux.HandleFunc(e.path, s.serveAPI(e))
	}
	for _, prefix := range unknownPrefixes {
		unknown := endpoint{name: "未知接口", path: prefix, daily: 1 << 30, run: unknownPath}
		s.table[prefix] = unknown
		mux.HandleFunc(prefix, s.serveAPI(unknown))
	}
	mux.HandleFunc("GET /s/{id}", s.serveArticle)
	mux.HandleFunc("GET /mmbiz/{id}/0", s.serveImage)
	s.phoneRoutes(mux)
	s.controlRoutes(mux)
	return http.NewCrossOriginProtection().Handler(limitBody(mux))
}

func limitBody(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, maxBody)
		next.ServeHTTP(w, r)
	})
}

// door answers a request of the phone's or the control API with JSON.
func door(run func(*http.Request) (any, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		out, err := run(r)
		status := http.StatusOK
		if err != nil {
			status, out = http.StatusBadRequest, obj{"error": err.Error()}
			if refusal, isOurs := errors.AsType[*doorError](err); isOurs {
				status = refusal.status
			}
		}
		if out == nil {
			out = obj{"ok": true}
		}
		body, _ := encode(out)
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		w.Header().Set("Cache-Control", "no-store")
		w.WriteHeader(status)
		_, _ = w.Write(body)
	}
}

// locked is a door whose work runs under the server's lock.
func (s *Server) locked(run func(*http.Request) (any, error)) http.HandlerFunc {
	return door(func(r *http.Request) (any, error) {
		s.mu.Lock()
		defer s.mu.Unlock()
		return run(r)
	})
}

// posted is a locked door that takes JSON; a field that is not known is refused.
func posted[T any](s *Server, run func(*http.Request, T) (any, error)) http.HandlerFunc {
	return door(func(r *http.Request) (any, error) {
		in, err := readJSON[T](r)
		if err != nil {
			return nil, err
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		return run(r, in)
	})
}

// policy lets the page load nothing but its own files, and pictures.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; " +
	"img-src 'self' data: blob: http: https:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// serveWeb is the page and its files.
func serveWeb() http.Handler {
	web, _ := fs.Sub(webFiles, "web")
	files := http.FileServerFS(web)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, ".html") {
			http.NotFound(w, r)
			return
		}
		guardPage(w)
		files.ServeHTTP(w, r)
	})
}

// guardPage sets the headers of the platform's own pages.
func guardPage(w http.ResponseWriter) {
	w.Header().Set("Content-Security-Policy", policy)
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Referrer-Policy", "no-referrer")
	w.Header().Set("Cache-Control", "no-cache")
}
