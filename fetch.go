package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"syscall"
	"time"

	"shoushan/fault"
	"shoushan/posts"
)

var _ posts.Fetcher = (*pictureFetcher)(nil)

const (
	fetchLimit     = 20 << 20 // bytes of one picture
	fetchTimeout   = 15 * time.Second
	fetchRedirects = 4
)

// pictureFetcher gets pictures from the public web and keeps the inner network out of reach: the address is judged when
// the connection is made, after the name was resolved, so neither a redirect nor a name that resolves to an inner
// address leads there.
type pictureFetcher struct {
	permitted func(netip.AddrPort) bool
	client    *http.Client
}

// newPictureFetcher returns a fetcher that connects to the addresses that permitted allows; publicWeb in the house.
func newPictureFetcher(permitted func(netip.AddrPort) bool) *pictureFetcher {
	f := &pictureFetcher{permitted: permitted}
	dialer := &net.Dialer{Timeout: 5 * time.Second, Control: f.control}
	f.client = &http.Client{
		Timeout: fetchTimeout,
		Transport: &http.Transport{
			Proxy:       nil, // a proxy would judge addresses, not we
			DialContext: dialer.DialContext, TLSHandshakeTimeout: 5 * time.Second, ResponseHeaderTimeout: 10 * time.Second,
			MaxResponseHeaderBytes: 64 << 10, DisableKeepAlives: true,
		},
		CheckRedirect: f.redirect,
	}
	return f
}

// errNotPublic says that an address is not one of the public web.
var errNotPublic = errors.New("not an address of the public web")

// control is called with the address of every connection, after names were resolved and before anything is sent.
func (f *pictureFetcher) control(_, address string, _ syscall.RawConn) error {
	to, err := netip.ParseAddrPort(address)
	if err != nil {
		return errNotPublic
	}
	if to = netip.AddrPortFrom(to.Addr().Unmap().WithZone(""), to.Port()); !f.permitted(to) {
		return errNotPublic
	}
	return nil
}

func (f *pictureFetcher) redirect(req *http.Request, via []*http.Request) error {
	if len(via) > fetchRedirects {
		return errors.New("too many redirects")
	}
	return plainAddress(req.URL)
}

// plainAddress refuses what is no ordinary web address. Where it leads is judged when the connection is made.
func plainAddress(u *url.URL) error {
	if u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || u.User != nil {
		return errNotPublic
	}
	return nil
}

// notPublic are the ranges that are not the public internet (IANA special-purpose registries) beyond those that netip
// knows.
var notPublic = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"), netip.MustParsePrefix("100.64.0.0/10"), netip.MustParsePrefix("192.0.0.0/24"),
	netip.MustParsePrefix("192.0.2.0/24"), netip.MustParsePrefix("192.88.99.0/24"), netip.MustParsePrefix("198.18.0.0/15"),
	netip.MustParsePrefix("198.51.100.0/24"), netip.MustParsePrefix("203.0.113.0/24"), netip.MustParsePrefix("240.0.0.0/4"),
	netip.MustParsePrefix("::/96"), netip.MustParsePrefix("64:ff9b::/96"), netip.MustParsePrefix("64:ff9b:1::/48"),
	netip.MustParsePrefix("100::/64"), netip.MustParsePrefix("2001::/23"), netip.MustParsePrefix("2001:db8::/32"),
	netip.MustParsePrefix("2002::/16"), netip.MustParsePrefix("fec0::/10"),
}

// publicWeb reports whether the address is one of the public web: a public unicast address, port 80 or 443.
func publicWeb(to netip.AddrPort) bool {
	a := to.Addr().Unmap()
	if !a.IsGlobalUnicast() || a.IsPrivate() || (to.Port() != 80 && to.Port() != 443) {
		return false
	}
	for _, p := range notPublic {
		if p.Contains(a) {
			return false
		}
	}
	return true
}

// FetchPicture implements posts.Fetcher.
func (f *pictureFetcher) FetchPicture(ctx context.Context, address string) ([]byte, error) {
	u, err := url.Parse(address)
	if err != nil || plainAddress(u) != nil {
		return nil, fault.New(fault.Invalid, "图片地址应是以 http:// 或 https:// 开头的公开网址。")
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "图片地址不正确。")
	}
	req.Header.Set("Accept", "image/*")
	res, err := f.client.Do(req)
	if err != nil {
		return nil, fetchFault(err)
	}
	defer func() { _ = res.Body.Close() }()
	return pictureOf(res)
}

func fetchFault(err error) error {
	if errors.Is(err, errNotPublic) {
		return fault.Wrap(fault.Invalid, err, "这个地址不是公开的网址，不能取图片。请下载后上传。")
	}
	return fault.Wrap(fault.Unavailable, fmt.Errorf("fetch a picture: %w", err), "图片没有取到，请稍后再试，或者下载后上传。")
}

// pictureOf reads the picture in an answer, up to the limit, and looks at what it really is.
func pictureOf(res *http.Response) ([]byte, error) {
	if res.StatusCode != http.StatusOK {
		return nil, fault.Newf(fault.Invalid, "对方网站没有给出图片（状态 %d）。请下载后上传。", res.StatusCode)
	}
	if res.ContentLength > fetchLimit {
		return nil, fault.New(fault.Invalid, "图片超过 20 MB，请缩小后上传。")
	}
	data, err := io.ReadAll(io.LimitReader(res.Body, fetchLimit+1))
	switch {
	case err != nil:
		return nil, fetchFault(err)
	case len(data) > fetchLimit:
		return nil, fault.New(fault.Invalid, "图片超过 20 MB，请缩小后上传。")
	case !strings.HasPrefix(http.DetectContentType(data), "image/"):
		return nil, fault.New(fault.Invalid, "这个地址给出的不是图片。请下载图片后上传。")
	}
	return data, nil
}
