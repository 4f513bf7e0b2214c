package storage

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"shoushan/fault"
)

const (
	startLimit   = 30 * time.Second // to read its data and answer
	stopLimit    = 20 * time.Second // to end after being asked
	restartPause = time.Second
	socketPath   = 100 // bytes: the longest path of a unix socket that every system takes
	socketName   = "redis.sock"
	socketNote   = "redis.socket" // names the socket when it is elsewhere
)

// Private is a Redis server of our own: a child process with durable settings, on a unix socket in the data folder that
// nobody else may open. Should it die it is started again, with its data.
type Private struct {
	bin, dir, socket string
	quit             chan struct{} // closed by Stop
	ended            chan struct{} // closed when the child has ended and nobody keeps it any more
	err              error         // how the end went; read after ended
}

// child is a running server. done is closed when it has ended; it is nil for a server that an earlier, killed run of this
// program left behind.
type child struct {
	cmd  *exec.Cmd
	done chan struct{}
}

// StartPrivate starts bin (redis-server) with its data in dir and returns when it answers. A server that a killed program
// left behind on the same folder is taken over; one that is in use by another program is a Conflict.
func StartPrivate(ctx context.Context, dir, bin string) (*Private, error) {
	dir, err := filepath.Abs(dir)
	if err == nil {
		err = os.MkdirAll(dir, 0o700)
	}
	if err != nil {
		return nil, fault.Wrap(fault.Unavailable, fmt.Errorf("storage: data folder: %w", err), "数据目录建不出来，请检查路径和权限。")
	}
	p := &Private{bin: bin, dir: dir, quit: make(chan struct{}), ended: make(chan struct{})}
	if p.socket, err = socketFor(dir); err != nil {
		return nil, err
	}
	c, err := p.adopt(ctx)
	if err == nil && c == nil {
		c, err = p.launch(ctx)
	}
	if err != nil {
		return nil, err
	}
	go p.keep(context.WithoutCancel(ctx), c)
	return p, nil
}

// socketFor puts the socket into the data folder or, where that path is too long for a socket, into a new folder of its
// own among the temporary files, whose name is noted in the data folder for whoever comes next.
func socketFor(dir string) (string, error) {
	if socket, known := knownSocket(dir); known {
		return socket, nil
	}
	short, err := os.MkdirTemp("", "shoushan-") // 0700
	if err != nil {
		return "", fmt.Errorf("storage: folder of the socket: %w", err)
	}
	socket := filepath.Join(short, socketName)
	if err := os.WriteFile(filepath.Join(dir, socketNote), []byte(socket), 0o600); err != nil {
		return "", fmt.Errorf("storage: note the socket: %w", err)
	}
	return socket, nil
}

// knownSocket returns where the socket of a data folder is; known is false when the folder has none yet.
func knownSocket(dir string) (socket string, known bool) {
	if socket = filepath.Join(dir, socketName); len(socket) <= socketPath {
		return socket, true
	}
	noted, err := os.ReadFile(filepath.Join(dir, socketNote))
	if err != nil {
		return "", false
	}
	_, err = os.Stat(filepath.Dir(string(noted))) // temporary files may have been cleared
	return string(noted), err == nil
}

// URL is the server's address for Options.
func (p *Private) URL() string { return "unix://" + p.socket }

// Stop ends the server gracefully, with everything it has acknowledged on disk. It is the last thing to stop.
func (p *Private) Stop() error {
	close(p.quit)
	<-p.ended
	return p.err
}

// adopt takes over a server that answers on the socket, or returns nil when there is none.
func (p *Private) adopt(ctx context.Context) (*child, error) {
	if !p.listens(ctx) {
		return nil, nil //nolint:nilnil // no server is the ordinary case, not a failure
	}
	r := p.client()
	defer r.Close()
	clients, err := r.ClientList(ctx).Result()
	if err != nil {
		return nil, unavailable(err, "list the clients of the private server")
	}
	if strings.Count(strings.TrimSpace(clients), "\n") > 0 {
		return nil, fault.New(fault.Conflict, "数据目录正被另一个首善进程使用，请先停止它，或用 --data 指定别的目录。")
	}
	return &child{}, nil
}

func (p *Private) client() *redis.Client {
	return redis.NewClient(&redis.Options{
		Network: "unix", Addr: p.socket, PoolSize: 1, MaxRetries: -1, DialerRetries: 1,
		DialTimeout: time.Second, ContextTimeoutEnabled: true,
	})
}

// launch starts the child and waits until it has read its data and answers.
func (p *Private) launch(ctx context.Context) (*child, error) {
	c := &child{cmd: exec.Command(p.bin, p.arguments()...), done: make(chan struct{})}
	detach(c.cmd)
	if err := c.cmd.Start(); err != nil {
		return nil, fault.Wrap(fault.Unavailable, fmt.Errorf("storage: start %s: %w", p.bin, err),
			"redis-server 启动不了，请先安装：apt-get install redis-server")
	}
	go func() {
		_ = c.cmd.Wait() // however it ended, it has ended
		close(c.done)
	}()
	if err := p.await(ctx, c); err != nil {
		_ = c.cmd.Process.Kill()
		<-c.done
		return nil, err
	}
	return c, nil
}

func (p *Private) arguments() []string {
	args := []string{
		"--port", "0", "--unixsocket", p.socket, "--unixsocketperm", "700", "--dir", p.dir,
		"--logfile", filepath.Join(p.dir, "redis.log"), "--daemonize", "no", "--save", "",
	}
	for _, d := range durable {
		args = append(args, "--"+d.name, d.want)
	}
	return args
}

// await returns when the server answers. While it reads its data it refuses with LOADING.
func (p *Private) await(ctx context.Context, c *child) error {
	ctx, cancel := context.WithTimeout(ctx, startLimit)
	defer cancel()
	r := p.client()
	defer r.Close()
	for {
		if p.listens(ctx) && r.Ping(ctx).Err() == nil {
			return nil
		}
		select {
		case <-c.done:
		case <-ctx.Done():
		case <-time.After(5 * time.Millisecond):
			continue
		}
		return fault.New(fault.Unavailable, "数据库没有启动成功，原因见 "+filepath.Join(p.dir, "redis.log"))
	}
}

// listens reports whether anything takes connections on the socket.
func (p *Private) listens(ctx context.Context) bool {
	conn, err := (&net.Dialer{}).DialContext(ctx, "unix", p.socket)
	return err == nil && conn.Close() == nil
}

// keep starts the child again whenever it dies, until Stop.
func (p *Private) keep(ctx context.Context, c *child) {
	defer close(p.ended)
	for {
		select {
		case <-p.quit:
			p.err = p.shutDown(ctx, c)
			return
		case <-c.done:
		}
		if c = p.relaunch(ctx); c == nil {
			return
		}
	}
}

// relaunch tries to start the child until it succeeds, or returns nil after Stop.
func (p *Private) relaunch(ctx context.Context) *child {
	for {
		if c, err := p.launch(ctx); err == nil {
			return c
		}
		select {
		case <-p.quit:
			return nil
		case <-time.After(restartPause):
		}
	}
}

// shutDown asks the server to end and, should it not within its time, kills the child.
func (p *Private) shutDown(ctx context.Context, c *child) error {
	ctx, cancel := context.WithTimeout(ctx, stopLimit)
	defer cancel()
	r := p.client()
	defer r.Close()
	_ = r.Do(ctx, "SHUTDOWN", "NOSAVE").Err() // success is a broken connection
	if c.cmd == nil {
		return nil
	}
	select {
	case <-c.done:
		return nil
	case <-ctx.Done():
		return errors.Join(fmt.Errorf("storage: the private server did not end within %v", stopLimit), c.cmd.Process.Kill())
	}
}
