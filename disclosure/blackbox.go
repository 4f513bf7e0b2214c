package disclosure

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"image/png"
	"math"
	"strconv"
	"strings"

	"shoushan/fault"
)

// Box is a part of a picture that is blacked out (遮盖, 条例第三十七条), in hundredths of its width and height from the upper left.
type Box struct{ X, Y, W, H float64 }

const (
	maxBoxes      = 200
	releasePixels = 50_000_000 // of a picture that is opened to be blacked out
	jpegQuality   = 90
)

// ParseBoxes reads one box a line: left, top, width and height in hundredths, e.g. 10.5 20 30 4.
func ParseBoxes(text string) ([]Box, error) {
	var out []Box
	for _, line := range strings.Split(text, "\n") {
		parts := strings.Fields(strings.NewReplacer("，", " ", ",", " ", "%", " ").Replace(line))
		if len(parts) == 0 {
			continue
		}
		var n [4]float64
		ok := len(parts) == len(n)
		for i := range n {
			if ok {
				v, err := strconv.ParseFloat(parts[i], 64)
				n[i], ok = v, err == nil && v >= 0 && v <= 100
			}
		}
		if !ok || n[2] == 0 || n[3] == 0 {
			return nil, fault.Newf(fault.Invalid, "遮盖的位置“%s”读不懂，请写成：左 上 宽 高，都是百分数，例如：10 20 30 5。", strings.TrimSpace(line))
		}
		out = append(out, Box{n[0], n[1], n[2], n[3]})
	}
	switch {
	case len(out) == 0:
		return nil, fault.New(fault.Invalid, "请至少画出一处要遮盖的地方。")
	case len(out) > maxBoxes:
		return nil, fault.Newf(fault.Invalid, "一张图片最多遮盖%d处，请把相邻的合成一处。", maxBoxes)
	}
	return out, nil
}

// BlackOut returns the picture with the boxes filled with black and written anew: what lay below is gone, and so is everything
// else that the file held beside its pixels. The picture is a JPEG or PNG and stays one.
func BlackOut(picture []byte, boxes []Box) ([]byte, error) {
	config, format, err := image.DecodeConfig(bytes.NewReader(picture))
	switch {
	case err != nil:
		return nil, fault.Wrap(fault.Invalid, err, "只有照片（JPG、PNG）可以在这里遮盖；PDF 请在别处遮盖以后上传公开版。")
	case config.Width*config.Height > releasePixels:
		return nil, fault.New(fault.Invalid, "图片太大，请缩小后再添加。")
	}
	from, _, err := image.Decode(bytes.NewReader(picture))
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "图片已损坏，打不开，请重新添加。")
	}
	to := image.NewNRGBA(image.Rect(0, 0, from.Bounds().Dx(), from.Bounds().Dy()))
	draw.Draw(to, to.Bounds(), from, from.Bounds().Min, draw.Src)
	for _, b := range boxes {
		draw.Draw(to, b.in(to.Bounds()), image.NewUniform(color.Black), image.Point{}, draw.Src)
	}
	var out bytes.Buffer
	if format == "png" {
		err = png.Encode(&out, to)
	} else {
		err = jpeg.Encode(&out, to, &jpeg.Options{Quality: jpegQuality})
	}
	return out.Bytes(), err
}

// in returns the pixels of the box, rounded outwards.
func (b Box) in(r image.Rectangle) image.Rectangle {
	at := func(hundredths float64, size int) float64 { return hundredths / 100 * float64(size) }
	return image.Rect(
		int(math.Floor(at(b.X, r.Dx()))), int(math.Floor(at(b.Y, r.Dy()))),
		int(math.Ceil(at(b.X+b.W, r.Dx()))), int(math.Ceil(at(b.Y+b.H, r.Dy()))),
	).Intersect(r)
}
