package bench_test

import (
	"bufio"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"shoushan/bench"
	"shoushan/simulator"
	"shoushan/storage"
)

// workshop is what the measurements share: the compiled program, a simulated platform, a durable Redis.
type workshop struct {
	b        *testing.B
	dir      string
	program  string
	platform *httptest.Server
	redis    *storage.Private
	calls    *calls // before the platform's API
}

func newWorkshop(b *testing.B) *workshop {
	b.Helper()
	w := &workshop{b: b, dir: b.TempDir()}
	bin, err := exec.LookPath("redis-server")
	if err != nil {
		b.Skip("redis-server is not installed; run: make tools")
	}
	w.program, err = bench.Build(b.Context(), w.dir)
	w.must(err)
	w.redis, err = storage.StartPrivate(b.Context(), filepath.Join(w.dir, "redis"), bin)
	w.must(err)
	b.Cleanup(func() { _ = w.redis.Stop() })
	settings := simulator.DefaultSettings()
	platform := &simulator.Server{Settings: &settings}
	w.calls = &calls{next: platform.Handler(), at: map[string][]time.Time{}}
	w.platform = httptest.NewServer(w.calls)
	b.Cleanup(w.platform.Close)
	b.Cleanup(platform.Close)
	return w
}

func (w *workshop) must(errs ...error) {
	w.b.Helper()
	if err := errors.Join(errs...); err != nil {
		w.b.Fatal(err)
	}
}

var dataKey = []byte(strings.Repeat("b", 32))

// environment is what `serve` needs. Without redis the program starts a private one in the folder.
func (w *workshop) environment(account, dir string, redis bool) []string {
	organ, err := filepath.Abs(filepath.Join("..", "testdata", "organ.json"))
	w.must(err)
	out := []string{
		"ACCOUNT=" + account, "DATA_DIR=" + dir, "DATA_KEY=" + base64.StdEncoding.EncodeToString(dataKey),
		"WECHAT_APP_ID=" + simulator.DefaultAppID, "WECHAT_APP_SECRET=" + simulator.DefaultAppSecret, "WECHAT_TOKEN=" + simulator.DefaultToken,
		"WECHAT_AES_KEY=" + simulator.DefaultAESKey, "WECHAT_API_BASE=" + w.platform.URL, "PUBLIC_URL=https://example.org", "ORGAN_FILE=" + organ,
	}
	if redis {
		out = append(out, "REDIS_URL="+w.redis.URL())
	}
	return out
}

// serve starts the program until the benchmark ends.
func (w *workshop) serve(account string) (*bench.Program, *bench.Pusher) {
	w.b.Helper()
	p, err := bench.Start(w.program, w.environment(account, w.dir, true)...)
	w.must(err)
	w.b.Cleanup(func() { _ = p.Stop() })
	return p, w.pusher(p.URL + "/wechat")
}

func (w *workshop) pusher(url string) *bench.Pusher {
	w.b.Helper()
	p, err := bench.NewPusher(url, simulator.DefaultToken, simulator.DefaultAESKey, simulator.DefaultAppID, time.Now)
	w.must(err)
	return p
}

var errNoNode = errors.New("node or npm is missing; run: make tools")

// echo starts the npm library co-wechat as a stateless echo (simulator/testdata/foreign, versions pinned there) and
// returns its process id too.
func (w *workshop) echo() (*bench.Pusher, int, error) {
	for _, name := range []string{"node", "npm"} {
		if _, err := exec.LookPath(name); err != nil {
			return nil, 0, errNoNode
		}
	}
	dir := filepath.Join(w.dir, "echo")
	if err := os.CopyFS(dir, os.DirFS(filepath.Join("..", "simulator", "testdata", "foreign"))); err != nil {
		return nil, 0, fmt.Errorf("copy the echo: %w", err)
	}
	install := exec.CommandContext(w.b.Context(), "npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts")
	install.Dir = dir
	if out, err := install.CombinedOutput(); err != nil {
		return nil, 0, fmt.Errorf("npm ci: %w\n%s", err, out)
	}
	ctx, stop := context.WithCancel(context.WithoutCancel(w.b.Context()))
	server := exec.CommandContext(ctx, "node", "account.js", simulator.DefaultToken, simulator.DefaultAESKey, simulator.DefaultAppID)
	server.Dir = dir
	out, err := server.StdoutPipe()
	if err == nil {
		err = server.Start()
	}
	w.b.Cleanup(func() { stop(); _ = server.Wait() })
	address := bufio.NewScanner(out)
	if err != nil || !address.Scan() {
		return nil, 0, fmt.Errorf("the echo gave no address: %w", err)
	}
	return w.pusher(address.Text()), server.Process.Pid, nil
}

// redisProcess returns the process id of the workshop's Redis.
func (w *workshop) redisProcess() int {
	w.b.Helper()
	options, err := redis.ParseURL(w.redis.URL())
	w.must(err)
	client := redis.NewClient(options)
	defer client.Close()
	info, err := client.Info(w.b.Context(), "server").Result()
	w.must(err)
	pid := 0
	for line := range strings.SplitSeq(info, "\r\n") {
		_, _ = fmt.Sscanf(line, "process_id:%d", &pid)
	}
	return pid
}

// cpu returns the processor seconds that a process has used (Linux, clock ticks of 10 ms).
func cpu(pid int) float64 {
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0
	}
	fields := strings.Fields(string(data[strings.LastIndexByte(string(data), ')')+1:]))
	user, _ := strconv.Atoi(fields[11])
	system, _ := strconv.Atoi(fields[12])
	return float64(user+system) / 100
}
