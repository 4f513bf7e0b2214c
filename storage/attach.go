package storage

import (
	"context"
	"path/filepath"
)

// RunningPrivate returns the address of the private server that another process of this program keeps in dir, so that a
// command can look at the records while the service runs; ok is false when none answers there.
func RunningPrivate(ctx context.Context, dir string) (url string, ok bool) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", false
	}
	socket, known := knownSocket(dir)
	if !known {
		return "", false
	}
	p := &Private{dir: dir, socket: socket}
	return p.URL(), p.listens(ctx)
}
