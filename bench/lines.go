package bench

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"
)

// patience is how long an answer may take.
const patience = 30 * time.Second

// lines are kept connections, over each of which one request goes at a time. The client of net/http passes every request
// through two more goroutines; on a machine that the load shares with what is measured, that would be measured too.
type lines struct {
	mu   sync.Mutex
	idle map[string][]*line
}

type line struct {
	net.Conn
	in   *bufio.Reader
	used bool // an answer has come over it before
}

// exchange sends a request to the address, http://host/path?query, and returns the answer.
func (l *lines) exchange(ctx context.Context, method, address, body string) (status int, answer string, err error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	host, path, _ := strings.Cut(strings.TrimPrefix(address, "http://"), "/")
	request := method + " /" + path + " HTTP/1.1\r\nHost: " + host + "\r\nContent-Type: text/xml\r\n" +
		fmt.Sprintf("Content-Length: %d\r\n\r\n", len(body)) + body
	for {
		c, err := l.take(ctx, host)
		if err != nil {
			return 0, "", err
		}
		begun := false
		status, answer, begun, err = l.over(ctx, c, host, method, request)
		if err == nil || begun || !c.used || ctx.Err() != nil {
			return status, answer, errors.Join(err, ctx.Err())
		}
		// The other side had closed the connection while it was idle: the request goes over the next.
	}
}

func (l *lines) take(ctx context.Context, host string) (*line, error) {
	if c := l.kept(host); c != nil {
		return c, nil
	}
	c, err := (&net.Dialer{}).DialContext(ctx, "tcp", host)
	if err != nil {
		return nil, err
	}
	return &line{Conn: c, in: bufio.NewReader(c)}, nil
}

// kept returns an idle connection, or nil.
func (l *lines) kept(host string) *line {
	l.mu.Lock()
	defer l.mu.Unlock()
	idle := l.idle[host]
	if len(idle) == 0 {
		return nil
	}
	l.idle[host] = idle[:len(idle)-1]
	return idle[len(idle)-1]
}

func (l *lines) keep(host string, c *line) {
	l.mu.Lock()
	defer l.mu.Unlock()
	c.used = true
	l.idle[host] = append(l.idle[host], c)
}

// over sends the request over one connection; begun reports whether an answer began to come.
func (l *lines) over(ctx context.Context, c *line, host, method, request string) (status int, answer string, begun bool, err error) {
	stop := context.AfterFunc(ctx, func() { _ = c.Close() })
	if _, err = io.WriteString(c, request); err == nil {
		_, err = c.in.Peek(1)
	}
	if err != nil {
		stop()
		return 0, "", false, errors.Join(err, c.Close())
	}
	res, err := http.ReadResponse(c.in, &http.Request{Method: method})
	if err != nil {
		stop()
		return 0, "", true, errors.Join(err, c.Close())
	}
	text, err := io.ReadAll(res.Body)
	err = errors.Join(err, res.Body.Close())
	if !stop() || err != nil || res.Close {
		_ = c.Close()
		return res.StatusCode, string(text), true, err
	}
	l.keep(host, c)
	return res.StatusCode, string(text), true, nil
}
