package posts

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	_ "image/gif" // decoder
	"image/jpeg"
	"image/png"

	_ "golang.org/x/image/bmp" // decoder
	"golang.org/x/image/draw"
	_ "golang.org/x/image/webp" // decoder

	"shoushan/fault"
)

// The limits for pictures: the platform takes jpg and png below 1 MB (media/uploadimg); phones show no more than 1440
// pixels across.
const (
	MaxPictureBytes = 1<<20 - 1
	MaxPictureWidth = 1440
	maxUpload       = 20 << 20
	maxPixels       = 25_000_000 // of 8 bits; those of 16 bits count double
)

// PreparePicture makes of any common picture one that the platform takes: jpg or png below 1 MB, at most 1440 pixels
// wide, turned upright, without EXIF (place and camera). The name has the right extension. What is no picture, or too
// large to open safely, is Invalid with a sentence. A picture that is already in this form comes back unchanged.
func PreparePicture(data []byte) (out []byte, name string, err error) {
	config, format, err := image.DecodeConfig(bytes.NewReader(data))
	switch {
	case len(data) > maxUpload:
		return nil, "", fault.New(fault.Invalid, "图片超过 20 MB，请缩小后再上传。")
	case err != nil:
		return nil, "", fault.Wrap(fault.Invalid, err, "这个文件不是能识别的图片。请上传 JPG、PNG、GIF、WebP 或 BMP 格式的图片。")
	case config.Width < 1 || config.Height < 1 || tooManyPixels(config):
		return nil, "", fault.Newf(fault.Invalid, "图片尺寸为 %d×%d，太大了，请缩小后再上传。", config.Width, config.Height)
	}
	img, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, "", fault.Wrap(fault.Invalid, err, "图片文件已损坏，打不开，请换一张。")
	}
	if config.Width <= MaxPictureWidth && len(data) <= MaxPictureBytes && plainFile(data, format) {
		return data, "picture." + suffix(format), nil
	}
	return encode(narrow(upright(img, orientation(data, format))), format)
}

// tooManyPixels reports whether a picture would need too much memory to open: about 100 MB.
func tooManyPixels(c image.Config) bool {
	allowed := maxPixels
	switch c.ColorModel {
	case color.RGBA64Model, color.NRGBA64Model, color.Gray16Model, color.Alpha16Model:
		allowed /= 2
	}
	return c.Width > allowed/c.Height
}

func suffix(format string) string {
	if format == "png" {
		return "png"
	}
	return "jpg"
}

// encode writes drawings as png while that is small enough, everything else as jpg, smaller until it fits.
func encode(img image.Image, format string) ([]byte, string, error) {
	var b bytes.Buffer
	if format == "png" || format == "gif" {
		if err := png.Encode(&b, img); err == nil && b.Len() <= MaxPictureBytes {
			return b.Bytes(), "picture.png", nil
		}
	}
	img = OnWhite(img)
	for range 6 {
		for _, quality := range []int{88, 75, 60} {
			b.Reset()
			if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: quality}); err != nil {
				return nil, "", fault.Wrap(fault.Invalid, err, "图片无法转换，请换一张。")
			}
			if b.Len() <= MaxPictureBytes {
				return b.Bytes(), "picture.jpg", nil
			}
		}
		img = scale(img, img.Bounds().Dx()*2/3)
	}
	return nil, "", fault.New(fault.Invalid, "图片压缩后仍超过 1 MB，请缩小后再上传。")
}

func narrow(img image.Image) image.Image {
	if img.Bounds().Dx() <= MaxPictureWidth {
		return img
	}
	return scale(img, MaxPictureWidth)
}

func scale(img image.Image, width int) image.Image {
	b := img.Bounds()
	height := max(1, b.Dy()*width/b.Dx())
	out := image.NewNRGBA(image.Rect(0, 0, width, height))
	draw.CatmullRom.Scale(out, out.Bounds(), img, b, draw.Src, nil)
	return out
}

// OnWhite puts what is transparent on white: JPEG would make it black, and black writing on it unreadable. What is opaque comes
// back as it is.
func OnWhite(img image.Image) image.Image {
	if seen, is := img.(interface{ Opaque() bool }); is && seen.Opaque() {
		return img
	}
	out := image.NewRGBA(image.Rect(0, 0, img.Bounds().Dx(), img.Bounds().Dy()))
	draw.Draw(out, out.Bounds(), image.NewUniform(color.White), image.Point{}, draw.Src)
	draw.Draw(out, out.Bounds(), img, img.Bounds().Min, draw.Over)
	return out
}

// PlainCover draws the cover of an article that has no picture, 900×383 as the platform's cards are.
func PlainCover() (data []byte, name string, err error) {
	const width, height = 900, 383
	img := image.NewRGBA(image.Rect(0, 0, width, height))
	draw.Draw(img, img.Bounds(), image.NewUniform(color.RGBA{0xa6, 0x1b, 0x1b, 0xff}), image.Point{}, draw.Src)
	gold := image.NewUniform(color.RGBA{0xe8, 0xc8, 0x7a, 0xff})
	for _, line := range []image.Rectangle{image.Rect(60, 60, width-60, 64), image.Rect(60, height-64, width-60, height-60)} {
		draw.Draw(img, line, gold, image.Point{}, draw.Src)
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		return nil, "", fault.Wrap(fault.Internal, err, "")
	}
	return b.Bytes(), "cover.png", nil
}

// plainFile reports whether the file holds a picture and nothing else: no EXIF, no comments, no profiles.
func plainFile(data []byte, format string) bool {
	switch format {
	case "jpeg":
		end, plain := walkJPEG(data, func(marker byte, _ []byte) bool { return marker < 0xe1 && marker != 0xfe })
		return plain && end
	case "png":
		return plainPNG(data)
	default:
		return false
	}
}

// walkJPEG calls visit for each segment before the picture data, until it returns false. whole tells whether the picture
// data was reached and the file ends with it.
func walkJPEG(data []byte, visit func(marker byte, body []byte) bool) (whole, plain bool) {
	for i := 2; i+4 <= len(data) && data[i] == 0xff; {
		marker, size := data[i+1], int(binary.BigEndian.Uint16(data[i+2:]))
		if i+2+size > len(data) || size < 2 {
			return false, false
		}
		if !visit(marker, data[i+4:i+2+size]) {
			return false, false
		}
		if marker == 0xda { // picture data; nothing may follow its end mark
			return bytes.Index(data[i:], []byte{0xff, 0xd9}) == len(data)-i-2, true
		}
		i += 2 + size
	}
	return false, false
}

func plainPNG(data []byte) bool {
	for i := 8; i+12 <= len(data); {
		size := int(binary.BigEndian.Uint32(data[i:]))
		switch string(data[i+4 : i+8]) {
		case "IHDR", "PLTE", "IDAT", "tRNS":
		case "IEND":
			return i+12 == len(data)
		default:
			return false
		}
		if size < 0 || size > len(data) {
			return false
		}
		i += 12 + size
	}
	return false
}
