package main

import (
	"net/http"
	"testing"
)

func TestClientAddress(t *testing.T) {
	trusted, err := parseProxies("127.0.0.1, 10.0.0.0/8")
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct{ name, peer, forwarded, want string }{
		{"no proxy", "203.0.113.7:1234", "", "203.0.113.7"},
		{"a stranger's word is not believed", "203.0.113.7:1234", "198.51.100.1", "203.0.113.7"},
		{"behind the proxy", "127.0.0.1:1234", "198.51.100.1", "198.51.100.1"},
		{"what the client made up stands further left", "127.0.0.1:1234", "1.2.3.4, 198.51.100.1", "198.51.100.1"},
		{"two trusted hops", "127.0.0.1:1234", "1.2.3.4, 198.51.100.1, 10.1.2.3", "198.51.100.1"},
		{"nonsense from the proxy", "127.0.0.1:1234", "unknown", "127.0.0.1"},
		{"the proxy without a header", "127.0.0.1:1234", "", "127.0.0.1"},
		{"IPv6 counts by household", "[2001:db8:1:2:3:4:5:6]:1234", "", "2001:db8:1:2::/64"},
		{"IPv4 in IPv6", "[::ffff:203.0.113.7]:1234", "", "203.0.113.7"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := &http.Request{RemoteAddr: tt.peer, Header: http.Header{}}
			if tt.forwarded != "" {
				r.Header.Set("X-Forwarded-For", tt.forwarded)
			}
			if got := trusted.clientAddress(r); got != tt.want {
				t.Errorf("clientAddress = %s, want %s", got, tt.want)
			}
		})
	}
	for _, bad := range []string{"proxy.example", "10.0.0.0/99", "10.0.0"} {
		if _, err := parseProxies(bad); err == nil {
			t.Errorf("parseProxies(%q) succeeded", bad)
		}
	}
}
