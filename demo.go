package main

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"shoushan/fault"
	"shoushan/simulator"
	"shoushan/storage"
)

// demoCommand is `shoushan demo`.
type demoCommand struct {
	Console string `default:"127.0.0.1:8080" help:"Address of the staff console, the callback and the public pages."`
	Phone   string `default:"127.0.0.1:8090" help:"Address of the simulated platform and its phone page."`
	Data    string `default:"data/demo" placeholder:"DIR" help:"Where records are kept when redis-server is installed."`
	Memory  bool   `help:"Keep everything in memory, even when redis-server is installed."`
	Clock   string `placeholder:"TIME" help:"Start the clock here, e.g. 2026-12-31T23:50:00+08:00, to rehearse a year's end."`
}

// Help shows an example.
func (demoCommand) Help() string {
	return "Example: shoushan demo --console 127.0.0.1:9080 --phone 127.0.0.1:9090\n\nNeeds no WeChat account and no network."
}

// Run starts platform, bot, console and clock, and serves until it is stopped.
func (c *demoCommand) Run(s *surroundings) (err error) {
	phone, err := net.Listen("tcp", c.Phone)
	if err != nil {
		return fmt.Errorf("listen on %s: %w; choose another with --phone", c.Phone, err)
	}
	desk, err := net.Listen("tcp", c.Console)
	if err != nil {
		return fmt.Errorf("listen on %s: %w; choose another with --console", c.Console, errors.Join(err, phone.Close()))
	}
	cfg, err := c.configure(phone, desk)
	if err != nil {
		return err
	}
	clock := &clock{}
	if c.Clock != "" {
		start, err := time.Parse(time.RFC3339, c.Clock)
		if err != nil {
			return fault.Newf(fault.Invalid, "--clock %q is not a time; write it as 2026-12-31T23:50:00+08:00", c.Clock)
		}
		clock.Set(start)
	}
	opened, err := c.openStore(s.ctx, cfg, clock)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, opened.close()) }()
	h, err := buildDemo(cfg, opened, clock, s.stderr)
	if err != nil {
		return err
	}
	platform := h.platform(s.ctx)
	c.keepPlatform(platform, opened, s.stderr)
	phoneServer := newServer(platform.Handler())
	seeding := func() error {
		if err := h.seed(s.ctx); err != nil {
			return fmt.Errorf("seed the demo: %w", err)
		}
		if err := errors.Join(h.store.EnsureFigures(s.ctx), h.store.EnsureSketches(s.ctx)); err != nil {
			return err
		}
		h.greet(s.stdout, opened.kept)
		return nil
	}
	return h.run(s.ctx, platform, seeding, serving{phoneServer, phone}, serving{newServer(h.handler), desk})
}

// keepPlatform lets the simulated platform keep its state where the records are kept, or say that nothing is kept.
func (c *demoCommand) keepPlatform(platform *simulator.Server, opened *openedStore, stderr io.Writer) {
	platform.Stderr = stderr
	if opened.kept == keptInMemory {
		platform.Notice = "演示数据保存在内存中，退出后不保留。"
		return
	}
	platform.StatePath = filepath.Join(c.Data, "platform.json")
}

// configure is the environment that the demo would have if it were the real service.
func (c *demoCommand) configure(phone, desk net.Listener) (Config, error) {
	cfg, err := LoadConfig(func(string) string { return "" })
	if err != nil {
		return cfg, err
	}
	cfg.DataDir = c.Data
	cfg.PublicURL = "http://" + desk.Addr().String()
	cfg.Listen = desk.Addr().String()
	cfg.WeChatAppID, cfg.WeChatAppSecret = simulator.DefaultAppID, simulator.DefaultAppSecret
	cfg.WeChatOneTimeTemplate = simulator.DefaultTemplateID
	cfg.WeChatToken, cfg.WeChatAESKey = simulator.DefaultToken, simulator.DefaultAESKey
	cfg.WeChatAPIBase = "http://" + phone.Addr().String()
	key, err := demoKey(c.Data)
	cfg.DataKey = Secret(base64.StdEncoding.EncodeToString(key))
	return cfg, err
}

// demoKey reads the demo's own data key, or makes one.
func demoKey(dir string) ([]byte, error) {
	path := filepath.Join(dir, "data_key")
	text, err := os.ReadFile(path)
	if err == nil {
		return base64.StdEncoding.DecodeString(strings.TrimSpace(string(text)))
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("read the demo's key: %w", err)
	}
	key := make([]byte, 32)
	if _, err := rand.Read(key); err != nil {
		return nil, fmt.Errorf("make the demo's key: %w", err)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the demo's folder: %w", err)
	}
	return key, os.WriteFile(path, []byte(base64.StdEncoding.EncodeToString(key)+"\n"), 0o600)
}

// openStore opens a private durable Redis, or memory when redis-server is missing.
func (c *demoCommand) openStore(ctx context.Context, cfg Config, clock *clock) (*openedStore, error) {
	if _, err := exec.LookPath("redis-server"); err == nil && !c.Memory {
		return openStore(ctx, cfg, clock)
	}
	memory, err := storage.StartMemory()
	if err != nil {
		return nil, err
	}
	key, err := cfg.Key()
	if err != nil {
		return nil, err
	}
	files, err := os.MkdirTemp("", "shoushan-demo-")
	if err != nil {
		return nil, errors.Join(err, memory.Stop())
	}
	options := storage.Options{URL: memory.URL(), Account: cfg.Account, Key: key, FilesDir: files, Now: clock.Now}
	stop := func() error { return errors.Join(memory.Stop(), os.RemoveAll(files)) }
	opened, err := openAt(ctx, options, keptInMemory, stop)
	return opened, err
}

// keptInMemory marks a store that forgets.
const keptInMemory = ""

func buildDemo(cfg Config, opened *openedStore, clock *clock, stderr io.Writer) (*demo, error) {
	organ, err := demoOrgan()
	if err != nil {
		return nil, err
	}
	banner := "演示环境：申请人、稿件都是编造的示例。"
	if opened.kept == keptInMemory {
		banner = "演示环境，数据保存在内存中，退出后不保留。"
	}
	log := slog.New(slog.NewTextHandler(stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	h, err := build(plan{
		config: cfg, organ: organ, store: opened.store, clock: clock, log: log, banner: banner, hints: loginHints(),
		articleHost: strings.TrimPrefix(cfg.WeChatAPIBase, "http://"),
	})
	if err != nil {
		return nil, err
	}
	return &demo{house: h}, nil
}

// demo is a house with a platform beside it.
type demo struct{ *house }

// platform is the simulated WeChat, on the same clock.
func (d *demo) platform(ctx context.Context) *simulator.Server {
	return &simulator.Server{
		CallbackURL: d.config.PublicURL + "/wechat", PublicURL: d.config.WeChatAPIBase, Now: d.clock.Now,
		SetClock: func(t time.Time) {
			d.clock.Set(t)
			if err := d.scheduler.Tick(ctx); err != nil {
				d.log.Error("tick after the clock was moved", "err", err)
			}
		},
	}
}

// run serves the platform and the house; once both answer it seeds.
func (d *demo) run(ctx context.Context, platform *simulator.Server, seeding func() error, all ...serving) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	go func() {
		if err := seeding(); err != nil && ctx.Err() == nil {
			cancel(err)
		}
	}()
	err := runHouse(ctx, d.house, platform.Close, all...)
	if cause := context.Cause(ctx); cause != nil && !errors.Is(cause, context.Canceled) {
		return errors.Join(cause, err)
	}
	return err
}

// greet prints where to go and what to try.
func (d *demo) greet(w io.Writer, kept string) {
	if kept == keptInMemory {
		kept = "内存（没有安装 redis-server，退出后不保留）"
	} else {
		kept = "本机专用 redis-server，写入磁盘后才算数（" + d.config.DataDir + "）"
	}
	fmt.Fprintf(w, "\n首善已经启动。数据保存在：%s\n\n  手机（群众）  %s\n  后台（人员）  %s\n\n", kept, d.config.WeChatAPIBase, d.config.PublicURL)
	fmt.Fprintf(w, "  登录名和密码：\n")
	for _, hint := range loginHints() {
		fmt.Fprintf(w, "    %s\n", hint)
	}
	fmt.Fprint(w, `
  可以试试：
    1. 在手机上关注公众号，输入“申请公开”，回答几个问题并确认，拿到回执。
    2. 用 desk 登录后台，打开这件申请，作出“予以公开”的决定；用 approver 签发；再用 desk 送达，看手机。
    3. 用 author 写一篇稿件并送审，reviewer、reviewer2、approver 依次审核，approver 定时发布，看手机。

  按 Ctrl-C 结束。
`)
}
