package main

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"

	"shoushan/fault"
)

func TestPublicWeb(t *testing.T) {
	for address, want := range map[string]bool{
		"93.184.216.34:443": true, "93.184.216.34:80": true, "[2606:2800:220:1:248:1893:25c8:1946]:443": true,
		"93.184.216.34:22": false, "93.184.216.34:6379": false, "127.0.0.1:80": false, "127.9.9.9:443": false, "0.0.0.0:80": false,
		"10.1.2.3:80": false, "172.16.0.1:80": false, "172.31.255.255:80": false, "192.168.1.1:80": false, "169.254.169.254:80": false,
		"100.64.0.1:80": false, "198.18.0.1:80": false, "224.0.0.1:80": false, "240.0.0.1:80": false, "255.255.255.255:80": false,
		"192.0.2.1:80": false, "[::1]:80": false, "[::]:80": false, "[fe80::1]:80": false, "[fc00::1]:80": false, "[ff02::1]:80": false,
		"[::ffff:127.0.0.1]:80": false, "[::ffff:10.0.0.1]:80": false, "[::ffff:93.184.216.34]:80": true, "[64:ff9b::7f00:1]:80": false,
		"[2002:7f00:1::]:80": false, "[2001:db8::1]:80": false, "[::7f00:1]:80": false,
	} {
		if got := publicWeb(netip.MustParseAddrPort(address)); got != want {
			t.Errorf("publicWeb(%s) = %v, want %v", address, got, want)
		}
	}
}

func TestTheInnerNetworkIsOutOfReach(t *testing.T) {
	var reached atomic.Int32
	inner := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached.Add(1) }))
	defer inner.Close()
	port := inner.Listener.Addr().(*net.TCPAddr).Port
	f := newPictureFetcher(publicWeb)
	for _, address := range []string{
		inner.URL, fmt.Sprintf("http://localhost:%d/", port), fmt.Sprintf("http://127.1:%d/", port), fmt.Sprintf("http://2130706433:%d/", port),
		fmt.Sprintf("http://[::ffff:127.0.0.1]:%d/", port), fmt.Sprintf("http://0x7f000001:%d/", port), "http://169.254.169.254/latest/meta-data/",
		"http://localhost/", "http://user:pass@127.0.0.1/", "ftp://127.0.0.1/x.png", "file:///etc/passwd", "gopher://127.0.0.1:6379/_FLUSHALL",
		"//127.0.0.1/", "http://", "javascript:alert(1)", "http://[fe80::1%25eth0]/",
	} {
		if _, err := f.FetchPicture(t.Context(), address); err == nil {
			t.Errorf("%s was fetched", address)
		} else if k := fault.KindOf(err); k != fault.Invalid && k != fault.Unavailable {
			t.Errorf("%s: %v without a sentence", address, err)
		}
	}
	if n := reached.Load(); n != 0 {
		t.Errorf("the inner server was reached %d times", n)
	}
}

// outside permits one server of the test besides nothing else, as if it were on the public web.
func outside(server *httptest.Server) func(netip.AddrPort) bool {
	open := netip.MustParseAddrPort(server.Listener.Addr().String())
	return func(to netip.AddrPort) bool { return to == open }
}

func TestRedirectsAreJudgedAgain(t *testing.T) {
	var reached atomic.Int32
	inner := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached.Add(1) }))
	defer inner.Close()
	var public *httptest.Server
	public = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/inner":
			http.Redirect(w, r, inner.URL, http.StatusFound)
		case "/file":
			w.Header().Set("Location", "file:///etc/passwd")
			w.WriteHeader(http.StatusFound)
		case "/round":
			http.Redirect(w, r, public.URL+"/round", http.StatusFound)
		case "/fine":
			http.Redirect(w, r, public.URL+"/picture", http.StatusFound)
		case "/picture":
			_, _ = w.Write(smallPNG(t))
		}
	}))
	defer public.Close()
	f := newPictureFetcher(outside(public))
	for _, path := range []string{"/inner", "/file", "/round"} {
		if _, err := f.FetchPicture(t.Context(), public.URL+path); err == nil {
			t.Errorf("%s was followed", path)
		}
	}
	if data, err := f.FetchPicture(t.Context(), public.URL+"/fine"); err != nil || !bytes.Equal(data, smallPNG(t)) {
		t.Errorf("a redirect within the public web: %d bytes, %v", len(data), err)
	}
	if reached.Load() != 0 {
		t.Error("a redirect led to the inner network")
	}
}

func smallPNG(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 2, 2))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestOnlyPicturesOfBearableSize(t *testing.T) {
	public := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/page":
			w.Header().Set("Content-Type", "image/png")
			_, _ = w.Write([]byte("<html><script>alert(1)</script>"))
		case "/svg":
			w.Header().Set("Content-Type", "image/svg+xml")
			_, _ = w.Write([]byte(`<svg xmlns="http://www.w3.org/2000/svg"/>`))
		case "/announced":
			w.Header().Set("Content-Length", "99999999")
			_, _ = w.Write(smallPNG(t))
		case "/endless":
			_, _ = w.Write(smallPNG(t))
			chunk := make([]byte, 1<<20)
			for range 22 {
				if _, err := w.Write(chunk); err != nil {
					return
				}
			}
		case "/missing":
			w.WriteHeader(http.StatusNotFound)
		}
	}))
	defer public.Close()
	f := newPictureFetcher(outside(public))
	for path, want := range map[string]string{"/page": "不是图片", "/svg": "不是图片", "/announced": "20 MB", "/endless": "20 MB", "/missing": "404"} {
		_, err := f.FetchPicture(t.Context(), public.URL+path)
		if err == nil || !strings.Contains(fault.Message(err), want) {
			t.Errorf("%s: %v, want %q", path, err, want)
		}
	}
}
