package simulator_test

import (
	"bytes"
	"image"
	"image/png"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"shoushan/simulator"
)

// readQR reads the picture of a code as a reader does: the size of a module from the finder at the top left, then the format,
// the bits in their order, the blocks, and the text. What is wrong with a check byte is an error of the test.
func readQR(t testing.TB, data []byte) string {
	t.Helper()
	img, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	grid := modules(t, img)
	if got := formatOf(grid); got != 0b101010000010010 { // the table of ISO/IEC 18004: level M, mask 0
		t.Fatalf("format %015b, want level M with mask 0", got)
	}
	return textOf(t, deinterleave(t, bitsOf(grid), len(grid)))
}

func modules(t testing.TB, img image.Image) (grid [][]bool) {
	t.Helper()
	dark := func(x, y int) bool { r, _, _, _ := img.At(x, y).RGBA(); return r < 0x8000 }
	side, left, width := img.Bounds().Dx(), 0, 0
	for !dark(left, left) {
		left++
	}
	for dark(left+width, left) {
		width++
	}
	scale := width / 7
	size := (side - 2*left) / scale
	if width%7 != 0 || (size-17)%4 != 0 || left < 4*scale {
		t.Fatalf("finder %d wide, %d modules, margin %d", width, size, left)
	}
	for y := range size {
		row := make([]bool, size)
		for x := range size {
			row[x] = dark(left+x*scale+scale/2, left+y*scale+scale/2)
		}
		grid = append(grid, row)
	}
	return grid
}

// formatOf reads the copy beside the other two finders, whose highest bit lies at the bottom.
func formatOf(grid [][]bool) (format int) {
	size := len(grid)
	for i := range 15 {
		x, y := size-15+i, 8
		if i < 7 {
			x, y = 8, size-1-i
		}
		format = format<<1 | map[bool]int{true: 1}[grid[y][x]]
	}
	return format
}

func bitsOf(grid [][]bool) (bits []bool) {
	size := len(grid)
	patterns := func(x, y int) bool {
		return x == 6 || y == 6 || x < 9 && y < 9 || x >= size-8 && y < 9 || x < 9 && y >= size-8 ||
			size > 21 && x >= size-9 && x < size-4 && y >= size-9 && y < size-4
	}
	up := true
	for x := size - 1; x > 0; x -= 2 {
		if x == 6 {
			x = 5
		}
		for i := range size {
			y := i
			if up {
				y = size - 1 - i
			}
			for _, c := range []int{x, x - 1} {
				if !patterns(c, y) {
					bits = append(bits, grid[y][c] != ((y+c)%2 == 0))
				}
			}
		}
		up = !up
	}
	return bits
}

// deinterleave puts the blocks together again and checks that each is a multiple of the generator: all its syndromes are 0.
func deinterleave(t testing.TB, bits []bool, size int) (data []byte) {
	t.Helper()
	shape := map[int][3]int{21: {26, 10, 1}, 25: {44, 16, 1}, 29: {70, 26, 1}, 33: {100, 18, 2}, 37: {134, 24, 2}, 41: {172, 16, 4}}[size]
	total, check, blocks := shape[0], shape[1], shape[2]
	words := make([]byte, total)
	for i := range total * 8 {
		words[i/8] = words[i/8]<<1 | map[bool]byte{true: 1}[bits[i]]
	}
	for b := range blocks {
		var block []byte
		for i := b; i < total; i += blocks {
			block = append(block, words[i])
		}
		root := 1
		for range check {
			if s := evaluate(block, root); s != 0 {
				t.Errorf("block %d has syndrome %d at %d", b, s, root)
			}
			root = times(root, 2)
		}
		data = append(data, block[:len(block)-check]...)
	}
	return data
}

// evaluate is the block as a polynomial at x, by Horner's rule in GF(256).
func evaluate(block []byte, x int) (value int) {
	for _, b := range block {
		value = times(value, x) ^ int(b)
	}
	return value
}

func times(a, b int) (product int) {
	for ; b > 0; b >>= 1 {
		if b&1 == 1 {
			product ^= a
		}
		if a <<= 1; a > 255 {
			a ^= 0x11D
		}
	}
	return product
}

func textOf(t testing.TB, data []byte) string {
	t.Helper()
	if data[0]>>4 != 4 {
		t.Fatalf("mode %04b, want bytes", data[0]>>4)
	}
	n := int(data[0]&15)<<4 | int(data[1]>>4)
	var out strings.Builder
	for i := range n {
		out.WriteByte(data[i+1]<<4 | data[i+2]>>4)
	}
	return out.String()
}

// TestDrawQR: every version at its ends says what it was made for.
func TestDrawQR(t *testing.T) {
	for _, n := range []int{1, 14, 15, 26, 27, 42, 43, 62, 63, 84, 85, 106} {
		want := strings.Repeat("http://127.0.0.1:8090/q/", 5)[:n]
		data, err := simulator.DrawQR(want)
		if err != nil {
			t.Fatal(err)
		}
		if got := readQR(t, data); got != want {
			t.Errorf("%d bytes: read %q, want %q", n, got, want)
		}
	}
	if _, err := simulator.DrawQR(strings.Repeat("x", 107)); err == nil {
		t.Error("107 bytes were drawn, want an error")
	}
}

func hall(seconds int) obj {
	return obj{"action_name": "QR_STR_SCENE", "expire_seconds": seconds, "action_info": obj{"scene": obj{"scene_str": "hall"}}}
}

// TestShowQRCode: the picture says the address that qrcode/create returned; the phone scans either.
func TestShowQRCode(t *testing.T) {
	p := newPlatform(t)
	made := p.must("qrcode/create", hall(60))
	picture := "/cgi-bin/showqrcode?ticket=" + url.QueryEscape(str(made, "ticket"))
	status, data, err := p.do("GET", picture, "", nil)
	if err != nil || status != http.StatusOK {
		t.Fatalf("HTTP %d, %v", status, err)
	}
	said := readQR(t, data)
	equal(t, said, str(made, "url"))
	if !strings.HasPrefix(said, p.url+"/q/") {
		t.Errorf("the code says %q, want an address of this platform", said)
	}
	p.phone("scan", obj{"citizen": "zhang", "ticket": said})
	if e := p.account.last().msg; e.Event != "subscribe" || e.EventKey != "qrscene_hall" || e.Ticket != str(made, "ticket") {
		t.Errorf("first scan: %+v", e)
	}
	p.phone("scan", obj{"citizen": "zhang", "ticket": strings.TrimPrefix(said, p.url)})
	if e := p.account.last().msg; e.Event != "SCAN" || e.EventKey != "hall" {
		t.Errorf("second scan: %+v", e)
	}
	for _, wrong := range []string{"", "/q/", "/q/unknown", "/", str(made, "ticket")[1:]} {
		if status, _ := p.json("POST", "/phone/scan", obj{"citizen": "zhang", "ticket": wrong}); status != http.StatusNotFound {
			t.Errorf("scan of %q: HTTP %d, want 404", wrong, status)
		}
	}
	p.advance(time.Minute)
	if status, _, _ := p.do("GET", picture, "", nil); status != http.StatusNotFound {
		t.Errorf("expired picture: HTTP %d, want 404", status)
	}
}

// TestCodesOnThePhone: what can be scanned is offered, the next to expire first.
func TestCodesOnThePhone(t *testing.T) {
	p := newPlatform(t)
	p.must("qrcode/create", obj{"action_name": "QR_LIMIT_STR_SCENE", "action_info": obj{"scene": obj{"scene_str": "for ever"}}})
	p.must("qrcode/create", hall(3600))
	p.must("qrcode/create", obj{"action_name": "QR_SCENE", "expire_seconds": 60, "action_info": obj{"scene": obj{"scene_id": 7}}})
	scenes := func() (list []string) {
		_, state := p.json("GET", "/phone/state", nil)
		for _, s := range state["scenes"].([]any) {
			list = append(list, str(s.(obj), "scene"))
		}
		return list
	}
	equal(t, strings.Join(scenes(), ", "), "7, hall, for ever")
	p.advance(time.Minute)
	equal(t, strings.Join(scenes(), ", "), "hall, for ever")
}

// TestAddressOfACodeOpensThePhone: another scanner's browser is led to the phone.
func TestAddressOfACodeOpensThePhone(t *testing.T) {
	p := newPlatform(t)
	stay := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := stay.Get(str(p.must("qrcode/create", hall(60)), "url"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	if to := res.Header.Get("Location"); res.StatusCode != http.StatusSeeOther || !strings.HasPrefix(to, "/?open=%2Fq%2F") {
		t.Errorf("HTTP %d to %q", res.StatusCode, to)
	}
}
