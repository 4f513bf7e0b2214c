package posts_test

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"testing"

	"golang.org/x/image/bmp"
)

// photo makes a picture whose left half is red and right half is blue.
func photo(t testing.TB, format string, width, height int) []byte {
	t.Helper()
	img := image.NewNRGBA(image.Rect(0, 0, width, height))
	for x := range width {
		for y := range height {
			c := color.NRGBA{200, 0, 0, 255}
			if x >= width/2 {
				c = color.NRGBA{0, 0, 200, 255}
			}
			img.SetNRGBA(x, y, c)
		}
	}
	var b bytes.Buffer
	var err error
	switch format {
	case "png":
		err = png.Encode(&b, img)
	case "jpeg":
		err = jpeg.Encode(&b, img, nil)
	case "gif":
		err = gif.Encode(&b, img, nil)
	case "bmp":
		err = bmp.Encode(&b, img)
	case "webp":
		return webp(width, height)
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// bitWriter packs bits, the lowest first, as WebP does.
type bitWriter struct {
	data []byte
	n    int
}

func (w *bitWriter) put(value, bits int) {
	for i := range bits {
		if w.n%8 == 0 {
			w.data = append(w.data, 0)
		}
		w.data[w.n/8] |= byte(value>>i&1) << (w.n % 8)
		w.n++
	}
}

// webp writes the same picture as lossless WebP: no transforms, one group of simple prefix codes.
func webp(width, height int) []byte {
	w := &bitWriter{}
	w.put(0x2f, 8)
	w.put(width-1, 14)
	w.put(height-1, 14)
	w.put(0, 4+3)   // no alpha, version 0, no transform, no colour cache, no meta codes
	w.put(0b001, 3) // green: one symbol of one bit,
	w.put(0, 1)     // 0
	for range 2 {   // red and blue:
		w.put(0b011, 3) // two symbols, the first of one bit,
		w.put(0, 1)     // 0
		w.put(200, 8)   // and 200
	}
	w.put(0b101, 3) // alpha: one symbol of eight bits,
	w.put(255, 8)
	w.put(0b001, 3) // distance: one symbol of one bit,
	w.put(0, 1)
	for range height {
		for x := range width {
			blue := 2 * x / width
			w.put(1-blue, 1)
			w.put(blue, 1)
		}
	}
	if len(w.data)%2 == 1 {
		w.data = append(w.data, 0)
	}
	chunk := append([]byte("VP8L"), binary.LittleEndian.AppendUint32(nil, uint32(len(w.data)))...)
	body := append([]byte("WEBP"), append(chunk, w.data...)...)
	return append(binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(len(body))), body...)
}
