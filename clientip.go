package main

import (
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strings"
)

// proxies are the peers whose word on the client's address is believed.
type proxies []netip.Prefix

// parseProxies reads TRUSTED_PROXY: addresses and networks, separated by commas.
func parseProxies(text string) (proxies, error) {
	var out proxies
	for part := range strings.SplitSeq(text, ",") {
		part = strings.TrimSpace(part)
		if part == "" {
			continue
		}
		if !strings.Contains(part, "/") {
			addr, err := netip.ParseAddr(part)
			if err != nil {
				return nil, fmt.Errorf("TRUSTED_PROXY: %q is neither an address nor a network like 10.0.0.0/8", part)
			}
			out = append(out, netip.PrefixFrom(addr, addr.BitLen()))
			continue
		}
		prefix, err := netip.ParsePrefix(part)
		if err != nil {
			return nil, fmt.Errorf("TRUSTED_PROXY: %q is neither an address nor a network like 10.0.0.0/8", part)
		}
		out = append(out, prefix.Masked())
	}
	return out, nil
}

func (p proxies) trusts(addr netip.Addr) bool {
	for _, prefix := range p {
		if prefix.Contains(addr) {
			return true
		}
	}
	return false
}

// clientAddress names where a request comes from, for counting attempts: the peer itself, or behind a trusted proxy the
// last hop of X-Forwarded-For that is not a trusted proxy. An IPv6 client counts by its /64, which is one household.
func (p proxies) clientAddress(r *http.Request) string {
	addr := p.origin(r)
	switch {
	case !addr.IsValid():
		return r.RemoteAddr
	case addr.Is6():
		return netip.PrefixFrom(addr.WithZone(""), 64).Masked().String()
	}
	return addr.String()
}

// origin is the address that a request comes from; it is not valid when the peer has none.
func (p proxies) origin(r *http.Request) netip.Addr {
	addr, ok := peer(r.RemoteAddr)
	if !ok {
		return netip.Addr{}
	}
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0 && p.trusts(addr); i-- {
		hop, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			break
		}
		addr = hop.Unmap()
	}
	return addr
}

// sender is clientAddress with the whole of an IPv6 address.
func (p proxies) sender(r *http.Request) string { return p.origin(r).String() }

func peer(remote string) (netip.Addr, bool) {
	host, _, err := net.SplitHostPort(remote)
	if err != nil {
		host = remote
	}
	addr, err := netip.ParseAddr(host)
	return addr.Unmap(), err == nil
}
