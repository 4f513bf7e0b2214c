package posts_test

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/jpeg"
	"image/png"
	"math/rand/v2"
	"strings"
	"testing"

	"shoushan/fault"
	"shoushan/posts"
)

func decoded(t *testing.T, data []byte) (image.Image, string) {
	t.Helper()
	img, format, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return img, format
}

func TestPreparePicture(t *testing.T) {
	tests := []struct {
		name          string
		data          []byte
		file, format  string
		width, height int
	}{
		{"uploadimg takes png", photo(t, "png", 60, 40), "picture.png", "png", 60, 40},
		{"uploadimg takes jpg", photo(t, "jpeg", 60, 40), "picture.jpg", "jpeg", 60, 40},
		{"gif becomes png", photo(t, "gif", 60, 40), "picture.png", "png", 60, 40},
		{"bmp becomes jpg", photo(t, "bmp", 60, 40), "picture.jpg", "jpeg", 60, 40},
		{"webp becomes jpg", photo(t, "webp", 60, 40), "picture.jpg", "jpeg", 60, 40},
		{"wider than 1440 shrinks", photo(t, "jpeg", 2880, 100), "picture.jpg", "jpeg", 1440, 50},
		{"1440 stays", photo(t, "png", 1440, 10), "picture.png", "png", 1440, 10},
		{"a line keeps one pixel", photo(t, "png", 5000, 1), "picture.png", "png", 1440, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			out, name, err := posts.PreparePicture(tt.data)
			if err != nil {
				t.Fatal(err)
			}
			img, format := decoded(t, out)
			if b := img.Bounds(); name != tt.file || format != tt.format || b.Dx() != tt.width || b.Dy() != tt.height {
				t.Errorf("%s, a %s of %v; want %s, a %s of %d×%d", name, format, b, tt.file, tt.format, tt.width, tt.height)
			}
			if b := img.Bounds(); b.Dy() > 1 {
				left, _, _, _ := img.At(b.Dx()/5, b.Dy()/2).RGBA()
				_, _, right, _ := img.At(b.Dx()*4/5, b.Dy()/2).RGBA()
				if left < 0x8000 || right < 0x8000 {
					t.Errorf("the colours changed: %x, %x", left, right)
				}
			}
			again, _, err := posts.PreparePicture(out)
			if err != nil || !bytes.Equal(again, out) {
				t.Errorf("a prepared picture changes when prepared again; %v", err)
			}
		})
	}
}

func TestPreparePictureRefuses(t *testing.T) {
	huge := photo(t, "bmp", 4, 4)
	binary.LittleEndian.PutUint32(huge[18:], 100000)
	binary.LittleEndian.PutUint32(huge[22:], 100000)
	whole := photo(t, "png", 60, 40)
	tests := []struct {
		name string
		data []byte
		say  string
	}{
		{"nothing", nil, "不是能识别的图片"},
		{"text", []byte("<svg onload=alert(1)>"), "不是能识别的图片"},
		{"a document", []byte("%PDF-1.7 ..."), "不是能识别的图片"},
		{"half a picture", whole[:len(whole)/2], "损坏"},
		{"a bomb", huge, "太大"},
		{"26 million pixels", bmpOf(t, 5200, 5000), "太大"},
		{"13 million pixels of 16 bits", blank16(t, 3700, 3600), "太大"},
		{"20 MB", append(whole, make([]byte, 21<<20)...), "20 MB"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, _, err := posts.PreparePicture(tt.data)
			wantFault(t, err, fault.Invalid)
			if !strings.Contains(fault.Message(err), tt.say) {
				t.Errorf("message = %q, want %q", fault.Message(err), tt.say)
			}
		})
	}
}

func TestNoisyPicturesFitTheLimit(t *testing.T) {
	img := image.NewRGBA(image.Rect(0, 0, 1600, 1600))
	noise := rand.NewChaCha8([32]byte{1})
	_, _ = noise.Read(img.Pix)
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: 100}); err != nil {
		t.Fatal(err)
	}
	out, _, err := posts.PreparePicture(b.Bytes())
	if err != nil || len(out) > posts.MaxPictureBytes {
		t.Errorf("%d bytes, %v", len(out), err)
	}
}

// withEXIF puts an EXIF segment with the orientation and a place into a JPEG.
func withEXIF(jpg []byte, orientation uint16) []byte {
	tiff := []byte("MM\x00\x2a\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01")
	tiff = binary.BigEndian.AppendUint16(tiff, orientation)
	tiff = append(tiff, 0, 0, 0, 0, 0, 0)
	body := append([]byte("Exif\x00\x00"), append(tiff, []byte("GPS 35.77N 113.28E")...)...)
	out := append([]byte{}, jpg[:2]...)
	out = append(out, 0xff, 0xe1)
	out = binary.BigEndian.AppendUint16(out, uint16(len(body)+2))
	return append(append(out, body...), jpg[2:]...)
}

func TestEXIFIsDroppedAndThePictureStandsUpright(t *testing.T) {
	red := func(c interface{ RGBA() (r, g, b, a uint32) }) bool { r, _, b, _ := c.RGBA(); return r > b }
	tests := []struct {
		orientation   uint16
		width, height int
		red           [2]int // percent across and down of a point that must be red; the opposite one is blue
	}{
		{1, 80, 40, [2]int{10, 50}}, {2, 80, 40, [2]int{90, 50}}, {3, 80, 40, [2]int{90, 50}}, {4, 80, 40, [2]int{10, 50}},
		{5, 40, 80, [2]int{50, 10}}, {6, 40, 80, [2]int{50, 10}}, {7, 40, 80, [2]int{50, 90}}, {8, 40, 80, [2]int{50, 90}},
	}
	for _, tt := range tests {
		out, _, err := posts.PreparePicture(withEXIF(photo(t, "jpeg", 80, 40), tt.orientation))
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(out, []byte("Exif")) || bytes.Contains(out, []byte("GPS")) {
			t.Errorf("orientation %d: EXIF is still there", tt.orientation)
		}
		img, _ := decoded(t, out)
		b := img.Bounds()
		x, y := b.Dx()*tt.red[0]/100, b.Dy()*tt.red[1]/100
		if b.Dx() != tt.width || b.Dy() != tt.height || !red(img.At(x, y)) || red(img.At(b.Dx()-1-x, b.Dy()-1-y)) {
			t.Errorf("orientation %d: %v with red %v and %v", tt.orientation, b, red(img.At(x, y)), red(img.At(b.Dx()-1-x, b.Dy()-1-y)))
		}
	}
}

func TestWhatHidesInAFileIsDropped(t *testing.T) {
	jpg, png := photo(t, "jpeg", 60, 40), photo(t, "png", 60, 40)
	for name, data := range map[string][]byte{
		"after the end of a jpg": append(bytes.Clone(jpg), "secret"...),
		"after the end of a png": append(bytes.Clone(png), "secret"...),
		"in a text chunk of a png": bytes.Replace(png, []byte("\x00\x00\x00\x00IEND"),
			[]byte("\x00\x00\x00\x06tEXtsecret\x00\x00\x00\x00\x00\x00\x00\x00IEND"), 1),
	} {
		out, _, err := posts.PreparePicture(data)
		if err == nil && bytes.Contains(out, []byte("secret")) {
			t.Errorf("%s: it is still there", name)
		}
	}
}

func TestPlainCover(t *testing.T) {
	data, name, err := posts.PlainCover()
	if err != nil {
		t.Fatal(err)
	}
	img, format := decoded(t, data)
	if b := img.Bounds(); format != "png" || name != "cover.png" || b.Dx() != 900 || b.Dy() != 383 {
		t.Errorf("%s: %s of %v", name, format, b)
	}
}

func FuzzPreparePicture(f *testing.F) {
	for _, format := range []string{"png", "jpeg", "gif", "bmp"} {
		f.Add(photo(f, format, 8, 8))
	}
	f.Add(withEXIF(photo(f, "jpeg", 8, 8), 6))
	f.Fuzz(func(t *testing.T, data []byte) {
		out, name, err := posts.PreparePicture(data)
		if err != nil {
			if !fault.Is(err, fault.Invalid) {
				t.Errorf("error = %v, want Invalid", err)
			}
			return
		}
		if len(out) > posts.MaxPictureBytes || name == "" {
			t.Errorf("%d bytes named %q", len(out), name)
		}
	})
}

// bmpOf is the head of a bmp of that size.
func bmpOf(t *testing.T, width, height uint32) []byte {
	t.Helper()
	data := photo(t, "bmp", 4, 4)
	binary.LittleEndian.PutUint32(data[18:], width)
	binary.LittleEndian.PutUint32(data[22:], height)
	return data
}

// blank16 is the head of a png of that size with 16 bits for each colour.
func blank16(t *testing.T, width, height uint32) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewNRGBA64(image.Rect(0, 0, 1, 1))); err != nil {
		t.Fatal(err)
	}
	data := b.Bytes()
	binary.BigEndian.PutUint32(data[16:], width)
	binary.BigEndian.PutUint32(data[20:], height)
	binary.BigEndian.PutUint32(data[29:], crc32.ChecksumIEEE(data[12:29]))
	return data
}

// chunked puts an EXIF chunk with an orientation into a PNG or WebP.
func chunked(t testing.TB, format string, orientation byte) []byte {
	tiff := append([]byte("II\x2a\x00\x08\x00\x00\x00\x01\x00\x12\x01\x03\x00\x01\x00\x00\x00"), orientation, 0, 0, 0, 0, 0, 0, 0)
	if format == "png" {
		data := photo(t, "png", 80, 40)
		chunk := append([]byte("eXIf"), tiff...)
		out := binary.BigEndian.AppendUint32(append([]byte{}, data[:33]...), uint32(len(tiff))) // after the signature and IHDR
		out = binary.BigEndian.AppendUint32(append(out, chunk...), crc32.ChecksumIEEE(chunk))
		return append(out, data[33:]...)
	}
	data := append(webp(80, 40), "EXIF"...)
	return append(binary.LittleEndian.AppendUint32(data, uint32(len(tiff))), tiff...)
}

func TestTheOrientationOfOtherFormats(t *testing.T) {
	for _, format := range []string{"png", "webp"} {
		for orientation, want := range map[byte]image.Point{1: {80, 40}, 6: {40, 80}, 9: {80, 40}} {
			data := chunked(t, format, orientation)
			img, got, err := image.Decode(bytes.NewReader(data))
			if err != nil || got != format {
				t.Fatalf("%s: %s, %v", format, got, err)
			}
			if size := posts.Upright(img, data, format).Bounds().Size(); size != want {
				t.Errorf("%s with orientation %d: %v, want %v", format, orientation, size, want)
			}
			for n := range data { // cut anywhere, it does no harm
				posts.Upright(img, data[:n], format)
			}
		}
	}
}
