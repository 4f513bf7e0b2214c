package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"golang.org/x/sync/errgroup"
)

const (
	headerTimeout   = 10 * time.Second
	readTimeout     = 30 * time.Second // a whole request with its body, pictures too
	idleTimeout     = 60 * time.Second
	headerLimit     = 64 << 10 // bytes
	shutdownTimeout = 10 * time.Second
)

// serving is a server with the address it listens on.
type serving struct {
	server   *http.Server
	listener net.Listener
}

// serveUntilDone serves until ctx ends or a server fails, then calls stopping, stops accepting and lets running requests
// finish.
func serveUntilDone(ctx context.Context, stopping func(), all ...serving) error {
	group, ctx := errgroup.WithContext(ctx)
	for _, s := range all {
		group.Go(func() error {
			if err := s.server.Serve(s.listener); !errors.Is(err, http.ErrServerClosed) {
				return fmt.Errorf("serve on %s: %w", s.listener.Addr(), err)
			}
			return nil
		})
	}
	group.Go(func() error {
		<-ctx.Done()
		stopping()
		grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTimeout)
		defer cancel()
		var errs []error
		for _, s := range all {
			errs = append(errs, s.server.Shutdown(grace))
		}
		return errors.Join(errs...)
	})
	return group.Wait()
}
