package bot

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"

	"github.com/silenceper/wechat/v2/officialaccount/config"
	sdkcontext "github.com/silenceper/wechat/v2/officialaccount/context"
	"github.com/silenceper/wechat/v2/util"
)

// door is the one way out for the SDK's calls in this process. It has to be a package variable because the SDK's HTTP
// client is one; docs/decisions/0003-outbound-client.md tells why this is safe.
var door sdkDoor

var errNoTicket = errors.New("wechat: a call of the SDK that nobody has asked for")

// sdkDoor is the Transport of the SDK's HTTP client. The SDK gets a ticket where it expects an access token; the door
// finds by it the call that is being made, with its context and client, and sends it like our own calls. So no token, and
// no secret, ever is in the hands of the SDK or in its errors.
type sdkDoor struct {
	hang  sync.Once
	last  atomic.Uint64
	calls sync.Map // ticket -> *sdkCall
}

// sdkCall is one call that the SDK makes for us.
type sdkCall struct {
	ctx    context.Context //nolint:containedctx // the SDK has no way to pass it
	client *Client
	repeat repeat
	err    error // what became of it; the SDK's own errors lose the code
}

// viaSDK runs do with a context of the SDK, whose calls then go through client under ctx.
func (c *Client) viaSDK(ctx context.Context, r repeat, do func(*sdkcontext.Context) error) error {
	door.hang.Do(func() { util.DefaultHTTPClient = &http.Client{Transport: &door} })
	t := ticket("call-" + strconv.FormatUint(door.last.Add(1), 10))
	sc := &sdkCall{ctx: ctx, client: c, repeat: r}
	door.calls.Store(t, sc)
	defer door.calls.Delete(t)
	err := do(&sdkcontext.Context{Config: &config.Config{AppID: c.cfg.AppID}, AccessTokenHandle: t})
	if sc.err != nil {
		return sc.err
	}
	if err != nil {
		return unreachable("sdk", err)
	}
	return nil
}

// ticket stands where the SDK expects an access token.
type ticket string

// GetAccessToken implements credential.AccessTokenHandle.
func (t ticket) GetAccessToken() (string, error) { return string(t), nil }

// RoundTrip implements http.RoundTripper.
func (d *sdkDoor) RoundTrip(req *http.Request) (*http.Response, error) {
	query := req.URL.Query()
	found, ok := d.calls.Load(ticket(query.Get("access_token")))
	if !ok {
		return nil, errNoTicket
	}
	sc := found.(*sdkCall)
	var body []byte
	if req.Body != nil {
		var err error
		body, err = io.ReadAll(req.Body)
		_ = req.Body.Close()
		if err != nil {
			return nil, err
		}
	}
	a, err := sc.client.exchange(sc.ctx, call{
		method: req.Method, path: req.URL.Path, query: query, body: body,
		contentType: req.Header.Get("Content-Type"), repeat: sc.repeat,
	})
	if sc.err = err; err != nil {
		return nil, err
	}
	return &http.Response{
		Status: "200 OK", StatusCode: http.StatusOK, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header:        http.Header{"Content-Type": {a.contentType}},
		Body:          io.NopCloser(bytes.NewReader(a.body)),
		ContentLength: int64(len(a.body)), Request: req,
	}, nil
}
