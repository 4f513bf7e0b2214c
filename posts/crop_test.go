package posts_test

import (
	"image"
	"testing"

	"shoushan/fault"
	"shoushan/posts"
)

func TestCropPicture(t *testing.T) {
	tests := []struct {
		name          string
		part          image.Rectangle
		width, height int
	}{
		{"the platform's shape, brought to its size", image.Rect(0, 0, 1128, 480), 900, 382},
		{"a small part stays small", image.Rect(100, 50, 335, 150), 235, 100},
		{"the least that can be seen", image.Rect(1110, 0, 1200, 38), 90, 38},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			data, name, err := posts.CropPicture(photo(t, "jpeg", 1200, 800), tt.part)
			if err != nil {
				t.Fatal(err)
			}
			img, format := decoded(t, data)
			if size := img.Bounds(); size.Dx() != tt.width || size.Dy() != tt.height || format != "jpeg" || name != "picture.jpg" || len(data) > posts.MaxPictureBytes {
				t.Errorf("%v as %s named %s, %d bytes", size, format, name, len(data))
			}
		})
	}
	for name, part := range map[string]image.Rectangle{
		"outside": image.Rect(1100, 0, 1300, 85), "empty": {}, "before the edge": image.Rect(-10, 0, 300, 100), "too small": image.Rect(0, 0, 89, 40),
	} {
		_, _, err := posts.CropPicture(photo(t, "jpeg", 1200, 800), part)
		if fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, _, err := posts.CropPicture([]byte("not a picture"), image.Rect(0, 0, 200, 85)); fault.KindOf(err) != fault.Invalid {
		t.Errorf("no picture: %v", err)
	}
}

func TestTheCroppedPartIsTheOneAskedFor(t *testing.T) {
	whole := photo(t, "png", 400, 300)
	data, _, err := posts.CropPicture(whole, image.Rect(150, 100, 300, 164))
	if err != nil {
		t.Fatal(err)
	}
	before, _ := decoded(t, whole)
	after, _ := decoded(t, data)
	for _, at := range []image.Point{{0, 0}, {149, 63}, {70, 30}} {
		r1, g1, b1, _ := before.At(150+at.X, 100+at.Y).RGBA()
		if r2, g2, b2, _ := after.At(at.X, at.Y).RGBA(); r1 != r2 || g1 != g2 || b1 != b2 {
			t.Errorf("pixel %v differs", at)
		}
	}
}

func TestCropCover(t *testing.T) {
	r := newRoom(t)
	whole := photo(t, "png", 400, 300)
	id, err := r.files.SaveFile(t.Context(), whole)
	if err != nil {
		t.Fatal(err)
	}
	cover, err := r.CropCover(t.Context(), author, id, image.Rect(0, 0, 235, 100))
	if err != nil || cover == id {
		t.Fatalf("cover %q, %v", cover, err)
	}
	if _, err := r.files.File(t.Context(), id); err != nil {
		t.Error("the whole picture is gone")
	}
	_, err = r.CropCover(t.Context(), reviewer, id, image.Rect(0, 0, 235, 100))
	wantFault(t, err, fault.Forbidden)
	for _, none := range []string{"", "../secret", "0000000000000000000000000000000000000000000000000000000000000000"} {
		_, err = r.CropCover(t.Context(), author, none, image.Rect(0, 0, 235, 100))
		wantFault(t, err, fault.NotFound)
	}
}
