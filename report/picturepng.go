package report

import (
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"io"
	"strings"

	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"golang.org/x/image/vector"

	"shoushan/fault"
)

// Fonts are font files (.ttf, .otf or .ttc) with Chinese characters: one for text, and one for bold text, which may be
// empty. This program carries none: a Chinese font is larger than all the rest of it.
type Fonts struct {
	Regular []byte
	Bold    []byte
}

// WritePNG writes the picture of WriteSVG as PNG, with the fonts given. A file that is no font, or has no Chinese, is an
// Invalid fault.
func WritePNG(w io.Writer, a Annual, fonts Fonts) error {
	c, err := newCanvas(a.draw(), fonts)
	if err != nil {
		return err
	}
	for _, s := range c.picture.shapes {
		if err := c.shape(s); err != nil {
			return err
		}
	}
	if err := png.Encode(w, c.image); err != nil {
		return fmt.Errorf("report: write png: %w", err)
	}
	return nil
}

// canvas draws a picture's shapes on an image.
type canvas struct {
	picture picture
	image   *image.NRGBA
	fonts   [2]*sfnt.Font // regular, bold
	faces   map[faceKey]font.Face
}

type faceKey struct {
	size int
	bold bool
}

func newCanvas(p picture, fonts Fonts) (*canvas, error) {
	c := &canvas{picture: p, image: image.NewNRGBA(image.Rect(0, 0, pictureWidth, p.height)), faces: map[faceKey]font.Face{}}
	draw.Draw(c.image, c.image.Bounds(), image.NewUniform(ground.rgba()), image.Point{}, draw.Src)
	if len(fonts.Bold) == 0 {
		fonts.Bold = fonts.Regular
	}
	for i, data := range [][]byte{fonts.Regular, fonts.Bold} {
		f, err := chineseFont(data)
		if err != nil {
			return nil, fault.Wrap(fault.Invalid, err, "这个字体文件不能用来画中文图片，请安装中文字体（例如 fonts-noto-cjk）。")
		}
		c.fonts[i] = f
	}
	return c, nil
}

// chineseFont reads a font, of a collection the one for simplified Chinese, and makes sure that it has Chinese characters.
func chineseFont(data []byte) (*sfnt.Font, error) {
	if len(data) == 0 {
		return nil, errors.New("report: no font is given") // the parser panics on it
	}
	all, err := opentype.ParseCollection(data)
	if err != nil {
		return nil, fmt.Errorf("report: parse font: %w", err)
	}
	var chosen *sfnt.Font
	for i := range all.NumFonts() {
		f, err := all.Font(i)
		if err != nil {
			return nil, fmt.Errorf("report: parse font %d: %w", i, err)
		}
		glyph, err := f.GlyphIndex(nil, '崇')
		if err != nil || glyph == 0 {
			continue
		}
		name, err := f.Name(nil, sfnt.NameIDFull)
		if chosen == nil || err == nil && strings.Contains(name, " SC") {
			chosen = f
		}
		if strings.Contains(name, "CJK SC") {
			break
		}
	}
	if chosen == nil {
		return nil, errors.New("report: the font has no Chinese characters")
	}
	return chosen, nil
}

func (c colour) rgba() color.NRGBA { return color.NRGBA{byte(c >> 16), byte(c >> 8), byte(c), 255} }

func (c *canvas) shape(s shape) error {
	if s.Text != "" {
		return c.text(s)
	}
	c.rect(s)
	return nil
}

// rect fills a rectangle with round corners.
func (c *canvas) rect(s shape) {
	r := vector.NewRasterizer(s.W, s.H)
	w, h, o := float32(s.W), float32(s.H), float32(min(s.Round, s.W/2, s.H/2))
	k := o * 0.4477 // 1 − 0.5523, the handle of a quarter circle
	r.MoveTo(o, 0)
	r.LineTo(w-o, 0)
	r.CubeTo(w-k, 0, w, k, w, o)
	r.LineTo(w, h-o)
	r.CubeTo(w, h-k, w-k, h, w-o, h)
	r.LineTo(o, h)
	r.CubeTo(k, h, 0, h-k, 0, h-o)
	r.LineTo(0, o)
	r.CubeTo(0, k, k, 0, o, 0)
	r.ClosePath()
	r.Draw(c.image, image.Rect(s.X, s.Y, s.X+s.W, s.Y+s.H), image.NewUniform(s.Colour.rgba()), image.Point{})
}

func (c *canvas) text(s shape) error {
	face, err := c.face(s.Size, s.Bold)
	if err != nil {
		return err
	}
	d := font.Drawer{Dst: c.image, Src: image.NewUniform(s.Colour.rgba()), Face: face}
	x := fixed.I(s.X)
	switch s.Anchor {
	case "middle":
		x -= d.MeasureString(s.Text) / 2
	case "end":
		x -= d.MeasureString(s.Text)
	}
	d.Dot = fixed.Point26_6{X: x, Y: fixed.I(s.Y)}
	d.DrawString(s.Text)
	return nil
}

func (c *canvas) face(size int, bold bool) (font.Face, error) {
	key := faceKey{size, bold}
	if f, ok := c.faces[key]; ok {
		return f, nil
	}
	source := c.fonts[0]
	if bold {
		source = c.fonts[1]
	}
	f, err := opentype.NewFace(source, &opentype.FaceOptions{Size: float64(size), DPI: 72, Hinting: font.HintingNone})
	if err != nil {
		return nil, fmt.Errorf("report: size a font: %w", err)
	}
	c.faces[key] = f
	return f, nil
}
