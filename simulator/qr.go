package simulator

import (
	"bytes"
	"errors"
	picture "image"
	"image/color"
	"image/png"
)

// A QR code of the versions 1 to 6, error correction level M, byte mode (ISO/IEC 18004): what a short address needs.

// qrVersions are the sizes: bytes of data in all, bytes of error correction for each block, and blocks, which are all alike.
var qrVersions = []struct{ data, check, blocks int }{{16, 10, 1}, {28, 16, 1}, {44, 26, 1}, {64, 18, 2}, {86, 24, 2}, {108, 16, 4}}

const (
	qrSide   = 430    // pixels, as the platform's own pictures
	qrQuiet  = 4      // modules of white around the code
	qrFormat = 0x5412 // level M with mask 0: 00 000 and its check bits, masked as the standard says
)

var errLongQR = errors.New("内容太长，画不成二维码")

// qrCode is a square of modules. What is fixed belongs to the patterns by which a reader finds its way, not to the data.
type qrCode struct {
	size        int
	dark, fixed [][]bool
}

// drawQR returns a picture (PNG) of the code that says text.
func drawQR(text string) ([]byte, error) {
	q, err := encodeQR(text)
	if err != nil {
		return nil, err
	}
	scale := qrSide / (q.size + 2*qrQuiet)
	margin := (qrSide - q.size*scale) / 2
	img := picture.NewPaletted(picture.Rect(0, 0, qrSide, qrSide), color.Palette{color.White, color.Black})
	for y := range q.size * scale {
		for x := range q.size * scale {
			if q.dark[y/scale][x/scale] {
				img.SetColorIndex(margin+x, margin+y, 1)
			}
		}
	}
	var out bytes.Buffer
	err = png.Encode(&out, img)
	return out.Bytes(), err
}

// encodeQR chooses the smallest version that holds the text.
func encodeQR(text string) (*qrCode, error) {
	for i, v := range qrVersions {
		if len(text)+2 > v.data { // mode, length and end take two bytes
			continue
		}
		q := newQR(17 + 4*(i+1))
		q.place(interleave(qrData(text, v.data), v.check, v.blocks))
		return q, nil
	}
	return nil, errLongQR
}

// qrData is the text in byte mode: 0100, the length in 8 bits, the bytes, 0000, then filling.
func qrData(text string, size int) []byte {
	n := byte(len(text))
	out := []byte{0x40 | n>>4}
	carried := n << 4
	for i := range len(text) {
		out = append(out, carried|text[i]>>4)
		carried = text[i] << 4
	}
	out = append(out, carried)
	for fill := byte(0xEC); len(out) < size; fill ^= 0xEC ^ 0x11 {
		out = append(out, fill)
	}
	return out
}

// interleave cuts the data into blocks, computes the check bytes of each, and writes both column by column.
func interleave(data []byte, check, blocks int) (out []byte) {
	each := len(data) / blocks
	divisor := qrDivisor(check)
	var checks [][]byte
	for b := range blocks {
		checks = append(checks, qrRemainder(data[b*each:(b+1)*each], divisor))
	}
	for i := range each {
		for b := range blocks {
			out = append(out, data[b*each+i])
		}
	}
	for i := range check {
		for b := range blocks {
			out = append(out, checks[b][i])
		}
	}
	return out
}

// gfMultiply multiplies in GF(2^8) modulo x^8 + x^4 + x^3 + x^2 + 1.
func gfMultiply(a, b byte) (product byte) {
	for i := 7; i >= 0; i-- {
		overflow := product >> 7
		product = product<<1 ^ overflow*0x1D
		product ^= (b >> i & 1) * a
	}
	return product
}

// qrDivisor is the product of (x - 2^i) for i below degree, without its leading 1, the highest power first.
func qrDivisor(degree int) []byte {
	out := make([]byte, degree)
	out[degree-1] = 1
	root := byte(1)
	for range degree {
		for i := range out {
			out[i] = gfMultiply(out[i], root)
			if i+1 < degree {
				out[i] ^= out[i+1]
			}
		}
		root = gfMultiply(root, 2)
	}
	return out
}

// qrRemainder is the Reed–Solomon check of a block.
func qrRemainder(data, divisor []byte) []byte {
	rest := make([]byte, len(divisor))
	for _, b := range data {
		factor := b ^ rest[0]
		rest = append(rest[1:], 0)
		for i := range rest {
			rest[i] ^= gfMultiply(divisor[i], factor)
		}
	}
	return rest
}

// newQR is a code with its fixed patterns.
func newQR(size int) *qrCode {
	q := &qrCode{size: size}
	for range size {
		q.dark, q.fixed = append(q.dark, make([]bool, size)), append(q.fixed, make([]bool, size))
	}
	for i := range size { // timing patterns
		q.fix(6, i, i%2 == 0)
		q.fix(i, 6, i%2 == 0)
	}
	for _, corner := range [][2]int{{3, 3}, {size - 4, 3}, {3, size - 4}} {
		q.rings(corner[0], corner[1], 4, func(distance int) bool { return distance != 2 && distance != 4 })
	}
	if size > 21 { // version 1 has no alignment pattern
		q.rings(size-7, size-7, 2, func(distance int) bool { return distance != 1 })
	}
	q.format()
	return q
}

func (q *qrCode) fix(x, y int, dark bool) { q.dark[y][x], q.fixed[y][x] = dark, true }

// rings draws squares around a middle, as far as they lie inside the code.
func (q *qrCode) rings(x, y, reach int, dark func(distance int) bool) {
	for dy := -reach; dy <= reach; dy++ {
		for dx := -reach; dx <= reach; dx++ {
			if px, py := x+dx, y+dy; px >= 0 && py >= 0 && px < q.size && py < q.size {
				q.fix(px, py, dark(max(dx, -dx, dy, -dy)))
			}
		}
	}
}

// format writes level and mask twice, and the one module that is always dark.
func (q *qrCode) format() {
	bit := func(i int) bool { return qrFormat>>i&1 == 1 }
	for i := range 15 {
		switch { // around the finder at the top left
		case i < 6:
			q.fix(8, i, bit(i))
		case i < 8:
			q.fix(8, i+1, bit(i))
		case i == 8:
			q.fix(7, 8, bit(i))
		default:
			q.fix(14-i, 8, bit(i))
		}
		if i < 8 { // beside the finder at the top right, under the one at the bottom left
			q.fix(q.size-1-i, 8, bit(i))
		} else {
			q.fix(8, q.size-15+i, bit(i))
		}
	}
	q.fix(8, q.size-8, true)
}

// place lays the bits up and down in columns of two, from the right, around what is fixed, and masks them: mask 0 turns every
// module with an even sum of coordinates.
func (q *qrCode) place(data []byte) {
	i := 0
	for right := q.size - 1; right > 0; right -= 2 {
		if right == 6 { // the column of the timing pattern does not count
			right--
		}
		for step := range q.size {
			y := step
			if (right+1)&2 == 0 {
				y = q.size - 1 - step
			}
			for _, x := range []int{right, right - 1} {
				if q.fixed[y][x] {
					continue
				}
				bit := i < len(data)*8 && data[i/8]>>(7-i%8)&1 == 1
				q.dark[y][x] = bit != ((x+y)%2 == 0)
				i++
			}
		}
	}
}
