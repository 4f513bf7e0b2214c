package bot

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"time"

	"shoushan/fault"
)

// origins are the addresses from which WeChat says that it pushes (getcallbackip), and what came from others.
type origins struct {
	List      []string  `json:"list,omitempty"` // addresses and networks
	At        time.Time `json:"at,omitzero"`    // when the platform was asked
	Strangers int       `json:"strangers,omitempty"`
	Last      string    `json:"last,omitempty"` // the latest address that is not on the list
	LastAt    time.Time `json:"last_at,omitzero"`
}

func (o *origins) add(later origins) {
	if later.At.After(o.At) { // a new list is a new count
		*o = origins{List: later.List, At: later.At}
	}
	o.Strangers += later.Strangers
	if later.LastAt.After(o.LastAt) {
		o.Last, o.LastAt = later.Last, later.LastAt
	}
}

// RefreshOrigins asks the platform for the addresses from which it pushes, and returns how many there are. They change; once
// a day is enough.
func (g *Gauge) RefreshOrigins(ctx context.Context, c *Client) (n int, err error) {
	list, err := c.CallbackIPs(ctx)
	if err != nil {
		return 0, err
	}
	if len(list) == 0 {
		return 0, fault.New(fault.Unavailable, "微信没有给出推送消息的服务器地址，沿用上一次的名单。")
	}
	g.mu.Lock()
	g.seen.Origins.add(origins{List: list, At: g.Now().UTC()})
	g.mu.Unlock()
	return len(list), g.Flush(ctx)
}

// From wraps the callback: it notes accepted deliveries that came from no address on the list, and those in JSON, which nobody
// here reads. Nothing is refused for an address, the signature is what counts: the platform adds addresses without a word.
func (g *Gauge) From(address func(*http.Request) string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen, body := &statusWriter{ResponseWriter: w, status: http.StatusOK}, &firstByte{ReadCloser: r.Body}
		r.Body = body
		next.ServeHTTP(seen, r)
		if r.Method != http.MethodPost || seen.status != http.StatusOK {
			return
		}
		g.cameFrom(address(r))
		if body.first == '{' {
			g.mu.Lock()
			g.seen.JSON = g.Now().UTC()
			g.mu.Unlock()
		}
	})
}

// firstByte remembers how a body begins.
type firstByte struct {
	io.ReadCloser
	first byte
}

// Read implements io.Reader.
func (b *firstByte) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if b.first == 0 && n > 0 {
		b.first = p[0]
	}
	return n, err
}

// statusWriter remembers the status.
type statusWriter struct {
	http.ResponseWriter
	status int
}

// WriteHeader implements http.ResponseWriter.
func (w *statusWriter) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

// Unwrap lets http.ResponseController reach the connection.
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// cameFrom counts an address that is on no list. Addresses of one's own network say nothing: there is a proxy that nobody has
// named, or the simulated platform.
func (g *Gauge) cameFrom(address string) {
	addr, err := netip.ParseAddr(address)
	if err != nil || addr.IsPrivate() || addr.IsLoopback() || addr.IsLinkLocalUnicast() {
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.known) == 0 || onList(g.known, addr) {
		return
	}
	o := &g.seen.Origins
	o.Strangers, o.Last, o.LastAt = o.Strangers+1, address, g.Now().UTC()
}

// onList reports whether an address is one of the addresses and networks.
func onList(list []string, addr netip.Addr) bool {
	for _, one := range list {
		if network, err := netip.ParsePrefix(one); err == nil && network.Contains(addr) {
			return true
		}
		if single, err := netip.ParseAddr(one); err == nil && single.Unmap() == addr.Unmap() {
			return true
		}
	}
	return false
}

// originFinding says whether what arrives comes from WeChat's published addresses.
func originFinding(seen reading) Finding {
	o, f := seen.Origins, Finding{Name: "推送来源", Condition: Good}
	switch {
	case o.At.IsZero():
		f.Condition, f.Says = Unknown, "还没有取得微信公布的服务器地址，每天自动核对一次。"
	case o.Strangers > 0:
		f.Condition = Attention
		f.Says = fmt.Sprintf("有 %d 次推送来自微信公布名单以外的地址，最近一次是 %s（%s）。签名都正确，消息照常处理。", o.Strangers, o.Last, beijingTime(o.LastAt))
		f.Do = "微信有时会增加地址，第二天核对后会消失。一直出现时，请检查反向代理是否写进了 TRUSTED_PROXY，再考虑更换 Token 和消息加解密密钥。"
	default:
		f.Says = fmt.Sprintf("推送都来自微信公布的服务器地址（%d 个，%s 核对）。", len(o.List), beijingTime(o.At))
	}
	return f
}
