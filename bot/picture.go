package bot

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	_ "image/gif" // decoded here, sent as JPEG
	"image/jpeg"
	"image/png"

	_ "golang.org/x/image/bmp"  // decoded here, sent as JPEG
	_ "golang.org/x/image/webp" // decoded here, sent as JPEG

	"shoushan/fault"
)

const (
	maxPixels = 40_000_000 // a picture that claims more is not unpacked
	minSide   = 200        // below this a picture is not made smaller
)

// acceptable returns a picture as the platform takes it inside an article: JPEG or PNG of at most limit bytes, with a
// harmless file name. What is already so is left as it is; the rest is re-encoded as JPEG, smaller if need be.
func acceptable(name string, data []byte, limit int) (string, []byte, error) {
	conf, format, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return "", nil, fault.Wrap(fault.Invalid, err, "这个文件不是 jpg、png、gif、bmp 或者 webp 图片，请换一张。")
	}
	if conf.Width <= 0 || conf.Height <= 0 || conf.Width > maxPixels/conf.Height {
		return "", nil, fault.New(fault.Invalid, "图片尺寸太大，请缩小后再上传。")
	}
	if format == "jpeg" && len(data) <= limit {
		return fileName(name, ".jpg"), data, nil
	}
	if format == "png" && len(data) <= limit {
		return fileName(name, ".png"), data, nil
	}
	img, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		return "", nil, fault.Wrap(fault.Invalid, err, "这张图片已损坏，请换一张。")
	}
	small, err := fit(img, limit)
	return fileName(name, ".jpg"), small, err
}

// fit encodes a picture as JPEG of at most limit bytes: first with less quality, then with fewer pixels.
func fit(img image.Image, limit int) ([]byte, error) {
	img = opaque(img)
	for {
		for _, quality := range []int{88, 75, 60} {
			var b bytes.Buffer
			if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: quality}); err != nil {
				return nil, fault.Wrap(fault.Invalid, err, "这张图片无法转换，请换一张。")
			}
			if b.Len() <= limit {
				return b.Bytes(), nil
			}
		}
		if size := img.Bounds().Size(); min(size.X, size.Y) < minSide {
			return nil, fault.New(fault.Invalid, "图片太大，无法压缩到微信允许的大小，请换一张。")
		}
		img = halved(img)
	}
}

// opaque puts a picture on white, since JPEG knows no transparency.
func opaque(img image.Image) image.Image {
	size := img.Bounds().Size()
	out := image.NewRGBA(image.Rectangle{Max: size})
	draw.Draw(out, out.Bounds(), image.NewUniform(color.White), image.Point{}, draw.Src)
	draw.Draw(out, out.Bounds(), img, img.Bounds().Min, draw.Over)
	return out
}

// halved returns a picture of half the width and height; each pixel is the mean of four.
func halved(img image.Image) image.Image {
	size := img.Bounds().Size()
	out := image.NewRGBA(image.Rect(0, 0, size.X/2, size.Y/2))
	for y := range size.Y / 2 {
		for x := range size.X / 2 {
			out.Set(x, y, mean(img, 2*x, 2*y))
		}
	}
	return out
}

func mean(img image.Image, x, y int) color.Color {
	var r, g, b uint32
	for _, p := range []image.Point{{x, y}, {x + 1, y}, {x, y + 1}, {x + 1, y + 1}} {
		pr, pg, pb, _ := img.At(p.X, p.Y).RGBA()
		r, g, b = r+pr, g+pg, b+pb
	}
	return color.RGBA{uint8(r >> 10), uint8(g >> 10), uint8(b >> 10), 0xff}
}

var _ = png.Decode // registers the PNG format
