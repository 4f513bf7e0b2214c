package bench

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
)

// Program is the compiled program, running `serve` as a process of its own.
type Program struct {
	URL     string // where it serves
	cmd     *exec.Cmd
	handled atomic.Int64
	mu      sync.Mutex
	trouble []string // what it logged as errors
	done    chan struct{}
}

// Build compiles the program into a folder and returns its path.
func Build(ctx context.Context, dir string) (string, error) {
	bin := filepath.Join(dir, "shoushan")
	out, err := exec.CommandContext(ctx, "go", "build", "-o", bin, "shoushan").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("bench: build: %w\n%s", err, out)
	}
	return bin, nil
}

// Start starts `serve` with the environment given and returns when it says where it serves. End it with Stop.
func Start(bin string, environment ...string) (*Program, error) {
	p := &Program{cmd: exec.Command(bin, "serve"), done: make(chan struct{})}
	p.cmd.Env = append(os.Environ(), environment...)
	p.cmd.Env = append(p.cmd.Env, "LISTEN=127.0.0.1:0")
	p.cmd.Stderr = os.Stderr
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("bench: %w", err)
	}
	if err := p.cmd.Start(); err != nil {
		return nil, fmt.Errorf("bench: %w", err)
	}
	serving := make(chan string, 1)
	go p.read(out, serving)
	select {
	case p.URL = <-serving:
		return p, nil
	case <-p.done:
		return nil, errors.Join(errors.New("bench: serve ended at once"), p.cmd.Wait())
	}
}

// read follows the program's log.
func (p *Program) read(out io.Reader, serving chan<- string) {
	defer close(p.done)
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if bytes.Contains(lines.Bytes(), []byte(`"msg":"message `)) {
			p.handled.Add(1)
		}
		var line struct{ Level, Msg, Address string }
		switch {
		case bytes.Contains(lines.Bytes(), []byte(`"level":"INFO"`)) && !bytes.Contains(lines.Bytes(), []byte(`"msg":"serving"`)):
		case json.Unmarshal(lines.Bytes(), &line) != nil:
		case line.Msg == "serving":
			serving <- "http://" + line.Address
		default:
			p.mu.Lock()
			p.trouble = append(p.trouble, lines.Text())
			p.mu.Unlock()
		}
	}
}

// Handled returns how many messages were given to a handler so far, by the program's own log.
func (p *Program) Handled() int { return int(p.handled.Load()) }

// Trouble returns what the program logged above the level of information.
func (p *Program) Trouble() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]string(nil), p.trouble...)
}

// PID is the process id.
func (p *Program) PID() int { return p.cmd.Process.Pid }

// Stop ends the program gracefully and waits for it.
func (p *Program) Stop() error {
	err := p.cmd.Process.Signal(syscall.SIGTERM)
	<-p.done
	return errors.Join(err, p.cmd.Wait())
}

// Resident returns a process's resident memory in bytes (VmRSS, Linux).
func Resident(pid int) (int64, error) {
	data, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "status"))
	if err != nil {
		return 0, fmt.Errorf("bench: %w", err)
	}
	for line := range strings.SplitSeq(string(data), "\n") {
		var kib int64
		if _, err := fmt.Sscanf(line, "VmRSS: %d kB", &kib); err == nil {
			return kib << 10, nil
		}
	}
	return 0, errors.New("bench: no VmRSS")
}
