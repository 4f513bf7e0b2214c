package bot

import (
	"bytes"
	"image"
	_ "image/jpeg" // what is already in a form that the platform takes is told by its header
	_ "image/png"  // likewise
	"path"

	"shoushan/posts"
)

const maxPixels = 40_000_000 // a picture that claims more is not sent as it is

// acceptable returns a picture as the platform takes it: JPEG or PNG of at most limit bytes, with a harmless file name. What is
// already so is left as it is; the rest is made so (posts.PreparePicture), or is Invalid with a sentence.
func acceptable(name string, data []byte, limit int) (string, []byte, error) {
	conf, format, err := image.DecodeConfig(bytes.NewReader(data))
	if err == nil && len(data) <= limit && conf.Height > 0 && conf.Width <= maxPixels/conf.Height && (format == "jpeg" || format == "png") {
		return fileName(name, map[string]string{"jpeg": ".jpg", "png": ".png"}[format]), data, nil
	}
	made, as, err := posts.PreparePicture(data)
	return fileName(name, path.Ext(as)), made, err
}
