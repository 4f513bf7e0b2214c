package posts

import (
	"bytes"
	"context"
	"fmt"
	"image"

	"golang.org/x/image/draw"

	"shoushan/fault"
	"shoushan/staff"
)

// The shape of a cover in the platform's lists, 2.35 to 1, and the width in pixels to which a larger one is brought.
const (
	CoverWidth  = 900
	CoverHeight = 383
	leastCover  = 90 // pixels across; less cannot be told apart on a phone
)

// CropPicture cuts a part, in pixels, out of a picture and brings it to at most CoverWidth across. A part that is not in
// the picture, or too small to be seen, is Invalid.
func CropPicture(data []byte, part image.Rectangle) (out []byte, name string, err error) {
	config, format, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil || tooManyPixels(config) {
		return nil, "", fault.Wrap(fault.Invalid, errOr(err, "too large"), "这张图片打不开，请换一张。")
	}
	img, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, "", fault.Wrap(fault.Invalid, err, "图片文件已损坏，打不开，请换一张。")
	}
	part = part.Add(img.Bounds().Min)
	if part.Empty() || !part.In(img.Bounds()) || part.Dx() < leastCover {
		return nil, "", fault.Newf(fault.Invalid, "裁剪的范围要在图片以内，并且至少宽 %d 像素。", leastCover)
	}
	cut := image.NewNRGBA(image.Rect(0, 0, part.Dx(), part.Dy()))
	draw.Draw(cut, cut.Bounds(), img, part.Min, draw.Src)
	if cut.Bounds().Dx() <= CoverWidth {
		return encode(cut, format)
	}
	return encode(scale(cut, CoverWidth), format)
}

func errOr(err error, otherwise string) error {
	if err != nil {
		return err
	}
	return fmt.Errorf("posts: %s", otherwise)
}

// CropCover cuts a cover out of a stored picture and returns the new picture's id; the whole one stays.
func (n *Newsroom) CropCover(ctx context.Context, by staff.Member, id string, part image.Rectangle) (cover string, err error) {
	if err := by.Require(staff.WritePosts, "裁剪封面"); err != nil {
		return "", err
	}
	if !fileForm.MatchString(id) {
		return "", fault.New(fault.NotFound, "没有这张图片。")
	}
	data, err := n.Files.File(ctx, id)
	if err != nil {
		return "", err
	}
	cut, _, err := CropPicture(data, part)
	if err != nil {
		return "", err
	}
	if cover, err = n.Files.SaveFile(ctx, cut); err != nil {
		return "", fmt.Errorf("posts: save a cover: %w", err)
	}
	return cover, nil
}
