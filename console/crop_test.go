package console_test

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"

	"shoushan/staff"
)

// TestACoverIsCutInEitherShape: wide for the first article, square for the others and for cards; the frame moves by keyboard.
func TestACoverIsCutInEitherShape(t *testing.T) {
	h := newHouse(t)
	w, heard := openWindow(t, h, staff.Author, 390)
	w.do(chromedp.Navigate(w.base+"/posts/new"), chromedp.WaitReady(chromedp.CSS("#editor-title")))
	w.do(chromedp.SetUploadFiles(chromedp.CSS("#cover-file"), []string{wide(t)}))
	w.until(`document.getElementById("editor-cover").value !== "" && !document.getElementById("cover-crop").hidden`)
	frame := `document.getElementById("crop-frame").getBoundingClientRect()`
	for _, tt := range []struct{ shape, ratio string }{{"crop-wide", "2.35"}, {"crop-square", "1"}} {
		whole := w.text(`document.getElementById("editor-cover").value`)
		w.text(`document.getElementById("cover-crop").click(), ""`)
		w.until(`document.getElementById("crop").open && document.getElementById("crop-picture").complete && document.getElementById("crop-picture").naturalWidth > 0`)
		w.text(`document.getElementById("` + tt.shape + `").click(), ""`)
		w.until(`(r => r.width > 50 && Math.abs(r.width / r.height - ` + tt.ratio + `) < 0.05)(` + frame + `)`)
		w.text(`document.getElementById("crop-done").click(), ""`)
		w.until(`!document.getElementById("crop").open && document.getElementById("editor-cover").value !== "` + whole + `"`)
		config, err := png.DecodeConfig(bytes.NewReader(h.files[w.text(`document.getElementById("editor-cover").value`)]))
		if err != nil {
			t.Fatal(err)
		}
		if ratio := float64(config.Width) / float64(config.Height); ratio < map[string]float64{"2.35": 2.2, "1": 0.95}[tt.ratio] || ratio > map[string]float64{"2.35": 2.5, "1": 1.05}[tt.ratio] {
			t.Errorf("%s cut %d × %d", tt.shape, config.Width, config.Height)
		}
		w.text(`(l => { l.value = l.options[1].value; l.dispatchEvent(new Event("change", {bubbles: true})); return "" })(document.getElementById("editor-cover"))`)
	}
	if said := heard.take(); len(said) > 0 {
		t.Errorf("the browser complains: %.300s", said[0])
	}
}

// wide is a file with a picture large enough to be cut twice.
func wide(t *testing.T) string {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 800, 500))
	for x := range 800 {
		for y := range 500 {
			img.Set(x, y, color.RGBA{uint8(x / 4), uint8(y / 2), 90, 255})
		}
	}
	var buf bytes.Buffer
	if err := png.Encode(&buf, img); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "cover.png")
	if err := os.WriteFile(path, buf.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
