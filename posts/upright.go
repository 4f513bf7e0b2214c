package posts

import (
	"bytes"
	"encoding/binary"
	"image"

	"golang.org/x/image/draw"
	"golang.org/x/image/math/f64"
)

// Upright returns the picture that was decoded from a file of a format (as image.Decode names it) the way the file says it is to
// be held. A picture that is encoded anew needs it: what says so is not in the pixels and is lost.
func Upright(img image.Image, file []byte, format string) image.Image {
	return upright(img, orientation(file, format))
}

// orientation reads the EXIF orientation of a JPEG, PNG or WebP, 1 to 8; 1, upright, when there is none.
func orientation(data []byte, format string) int {
	found := 1
	switch format {
	case "jpeg":
		walkJPEG(data, func(marker byte, body []byte) bool {
			if tiff, is := bytes.CutPrefix(body, exifMark); is && marker == 0xe1 {
				found = tiffOrientation(tiff)
			}
			return true
		})
	case "png": // after 8 bytes, chunks of length, name, body, checksum
		found = chunkOrientation(data, 8, "eXIf", func(head []byte) (name string, size int) {
			return string(head[4:8]), int(binary.BigEndian.Uint32(head)) + 4
		})
	case "webp": // after RIFF, length and WEBP, chunks of name, length, body of an even length
		found = chunkOrientation(data, 12, "EXIF", func(head []byte) (name string, size int) {
			n := int(binary.LittleEndian.Uint32(head[4:]))
			return string(head[:4]), n + n%2
		})
	}
	return found
}

var exifMark = []byte("Exif\x00\x00")

// chunkOrientation looks for a chunk with EXIF data; parse reads a chunk's head of 8 bytes.
func chunkOrientation(data []byte, at int, wanted string, parse func(head []byte) (name string, size int)) int {
	for at+8 <= len(data) {
		name, size := parse(data[at : at+8])
		if size < 0 || size > len(data)-at-8 {
			return 1
		}
		if name == wanted {
			return tiffOrientation(bytes.TrimPrefix(data[at+8:at+8+size], exifMark))
		}
		at += 8 + size
	}
	return 1
}

// tiffOrientation finds tag 0x0112 in the first directory.
func tiffOrientation(tiff []byte) int {
	if len(tiff) < 8 {
		return 1
	}
	var order binary.ByteOrder = binary.BigEndian
	if tiff[0] == 'I' {
		order = binary.LittleEndian
	}
	at := uint64(order.Uint32(tiff[4:]))
	if at+2 > uint64(len(tiff)) {
		return 1
	}
	count := uint64(order.Uint16(tiff[at:]))
	for i := range count {
		entry := at + 2 + 12*i
		if entry+12 > uint64(len(tiff)) {
			return 1
		}
		if order.Uint16(tiff[entry:]) == 0x0112 {
			if v := int(order.Uint16(tiff[entry+8:])); v >= 1 && v <= 8 {
				return v
			}
		}
	}
	return 1
}

// upright turns and mirrors a picture as its EXIF orientation asks, since the tag itself is dropped.
func upright(img image.Image, orientation int) image.Image {
	b := img.Bounds()
	w, h := float64(b.Dx()), float64(b.Dy())
	m, is := map[int]f64.Aff3{
		2: {-1, 0, w, 0, 1, 0}, 3: {-1, 0, w, 0, -1, h}, 4: {1, 0, 0, 0, -1, h},
		5: {0, 1, 0, 1, 0, 0}, 6: {0, -1, h, 1, 0, 0}, 7: {0, -1, h, -1, 0, w}, 8: {0, 1, 0, -1, 0, w},
	}[orientation]
	if !is {
		return img
	}
	size := image.Rect(0, 0, b.Dx(), b.Dy())
	if orientation >= 5 {
		size = image.Rect(0, 0, b.Dy(), b.Dx())
	}
	at := image.NewNRGBA(image.Rect(0, 0, b.Dx(), b.Dy()))
	draw.Draw(at, at.Bounds(), img, b.Min, draw.Src)
	out := image.NewNRGBA(size)
	draw.NearestNeighbor.Transform(out, m, at, at.Bounds(), draw.Src, nil)
	return out
}
