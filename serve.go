package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/pprof"
	"os/exec"
	"runtime/debug"

	"github.com/prometheus/client_golang/prometheus/promhttp"
	"golang.org/x/sync/errgroup"

	"shoushan/storage"
)

// serveCommand is `shoushan serve`.
type serveCommand struct{}

// Help shows an example.
func (serveCommand) Help() string {
	return "Example: REDIS_URL=redis://127.0.0.1:6379/0 DATA_KEY_FILE=/etc/shoushan/data_key … shoushan serve\n\n" +
		"The README lists all variables; shoushan doctor checks them."
}

// gcPercent lets garbage grow to three times what is in use before it is collected: a turn of a dialogue leaves much garbage
// and keeps nothing. GOGC in the environment says otherwise.
const gcPercent = 300

// Run serves until it is stopped.
func (c *serveCommand) Run(s *surroundings) (err error) {
	cfg, err := LoadConfig(s.getenv)
	if err != nil {
		return err
	}
	if err := cfg.CheckForService(); err != nil {
		return fmt.Errorf("the service is not configured yet:\n%w", err)
	}
	clock := &clock{}
	opened, err := openStore(s.ctx, cfg, clock)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, opened.close()) }()
	if err := errors.Join(opened.store.CheckDurability(s.ctx), opened.store.EnsureFigures(s.ctx), opened.store.EnsureSketches(s.ctx)); err != nil {
		return err
	}
	organ, err := LoadOrgan(cfg.OrganFile)
	if err != nil {
		return err
	}
	if s.getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
	log := slog.New(slog.NewJSONHandler(s.stdout, nil))
	h, err := build(plan{
		config: cfg, organ: organ, store: opened.store, clock: clock, log: log, secure: true,
	})
	if err != nil {
		return err
	}
	return serveHouse(s.ctx, cfg, h, log)
}

func serveHouse(ctx context.Context, cfg Config, h *house, log *slog.Logger) error {
	listener, err := net.Listen("tcp", cfg.Listen)
	if err != nil {
		return fmt.Errorf("listen on %s: %w; choose another with LISTEN", cfg.Listen, err)
	}
	all := []serving{{newServer(h.handler), listener}}
	if cfg.MetricsListen != "" {
		metrics, err := net.Listen("tcp", cfg.MetricsListen)
		if err != nil {
			return fmt.Errorf("listen on %s: %w; choose another with METRICS_LISTEN", cfg.MetricsListen, err)
		}
		all = append(all, serving{newServer(operatorPages()), metrics})
	}
	log.Info("serving", "address", listener.Addr().String())
	return runHouse(ctx, h, func() {}, all...)
}

// operatorPages is what operators look at, on an address of its own: metrics, and where processor time and memory go.
func operatorPages() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/metrics", promhttp.Handler())
	mux.HandleFunc("/debug/pprof/", pprof.Index)
	mux.HandleFunc("/debug/pprof/profile", pprof.Profile)
	return mux
}

// runHouse serves and works until ctx ends or something fails.
func runHouse(ctx context.Context, h *house, stopping func(), all ...serving) error {
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return h.scheduler.Run(ctx) })
	group.Go(func() error { return serveUntilDone(ctx, stopping, all...) })
	group.Go(func() error { h.keepGauge(ctx); return nil })
	group.Go(func() error {
		if said, err := h.chat.upkeep(ctx); err != nil && ctx.Err() == nil {
			h.log.Error("the account could not be brought up to date", "err", err)
		} else if err == nil {
			h.log.Info("the account is up to date", "said", said)
		}
		return nil
	})
	return group.Wait()
}

// newServer bounds what one connection may take: a slow or silent client is let go.
func newServer(h http.Handler) *http.Server {
	return &http.Server{
		Handler: h, ReadHeaderTimeout: headerTimeout, ReadTimeout: readTimeout, IdleTimeout: idleTimeout, MaxHeaderBytes: headerLimit,
	}
}

// openedStore is a store with what was started for it.
type openedStore struct {
	store *storage.Store
	stop  func() error // ends a server of our own, last
	kept  string       // says where records are kept
}

func (o *openedStore) close() error { return errors.Join(o.store.Close(), o.stop()) }

// openStore opens the Redis that is configured, or else a private one on this machine.
func openStore(ctx context.Context, cfg Config, clock *clock) (*openedStore, error) {
	key, err := cfg.Key()
	if err != nil {
		return nil, err
	}
	options := storage.Options{Account: cfg.Account, Key: key, FilesDir: cfg.FilesDir(), Now: clock.Now}
	if cfg.RedisURL != "" {
		options.URL = string(cfg.RedisURL)
		return openAt(ctx, options, "REDIS_URL", func() error { return nil })
	}
	bin, err := exec.LookPath("redis-server")
	if err != nil {
		return nil, errors.New("no REDIS_URL is set and redis-server is not installed; install it with: apt-get install redis-server")
	}
	private, err := storage.StartPrivate(ctx, cfg.redisDir(), bin)
	if err != nil {
		return nil, err
	}
	options.URL = private.URL()
	return openAt(ctx, options, "private redis-server in "+cfg.DataDir, private.Stop)
}

func openAt(ctx context.Context, options storage.Options, kept string, stop func() error) (*openedStore, error) {
	store, err := storage.Open(ctx, options)
	if err != nil {
		return nil, errors.Join(err, stop())
	}
	return &openedStore{store, stop, kept}, nil
}

// openRunning opens the store for one command: the private server of a running service when there is one.
func openRunning(ctx context.Context, cfg Config) (*openedStore, error) {
	if cfg.RedisURL == "" {
		if url, ok := storage.RunningPrivate(ctx, cfg.redisDir()); ok {
			return openPrivateAt(ctx, cfg, url)
		}
	}
	return openStore(ctx, cfg, &clock{})
}

func openPrivateAt(ctx context.Context, cfg Config, url string) (*openedStore, error) {
	key, err := cfg.Key()
	if err != nil {
		return nil, err
	}
	clock := &clock{}
	options := storage.Options{URL: url, Account: cfg.Account, Key: key, FilesDir: cfg.FilesDir(), Now: clock.Now}
	return openAt(ctx, options, "running service", func() error { return nil })
}
