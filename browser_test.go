package main

import (
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// browser is one window of a headless Chromium.
type browser struct {
	t   *testing.T
	ctx context.Context
}

const patience = 20 * time.Second

// newBrowser opens a window of the given width. Without Chromium the test is skipped, or fails when REQUIRE_BROWSER is set.
func newBrowser(t *testing.T, width, height int64) *browser {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		if os.Getenv("REQUIRE_BROWSER") != "" {
			t.Fatal("chromium is not installed; run: make tools")
		}
		t.Skip("chromium is not installed; make test installs it")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.UserDataDir(t.TempDir()),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("lang", "zh-CN"))
	allocator, stopBrowser := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(stopBrowser)
	ctx, closeWindow := chromedp.NewContext(allocator)
	t.Cleanup(closeWindow)
	b := &browser{t, ctx}
	b.do("open a window", chromedp.EmulateViewport(width, height))
	return b
}

// do runs an action, and on failure keeps a picture of what the window shows.
func (b *browser) do(what string, actions ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if len(actions) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	if what == "open a window" {
		ctx = b.ctx // the first call starts the browser, which lives as long as its context
	}
	b.must(what, chromedp.Do(ctx, actions...))
}

func (b *browser) must(what string, err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatalf("%s: %v\nthe page says: %.1500s", what, err, b.page())
	}
}

// page returns the visible text of the page, for messages.
func (b *browser) page() string {
	text, err := chromedp.Run(b.ctx, chromedp.Evaluate[string](`location.href + "\n" + document.body.innerText`))
	if err != nil {
		return err.Error()
	}
	return text
}

func (b *browser) open(url string) {
	b.t.Helper()
	b.do("open "+url, chromedp.Navigate(url), chromedp.WaitReady(chromedp.CSS("body")))
}

// click clicks what the selector names. A page that draws itself anew may take it away between the look and the click; then
// nothing was clicked yet, and click looks again.
func (b *browser) click(selector string) {
	b.t.Helper()
	css := chromedp.CSS(selector)
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	err := chromedp.Do(ctx, chromedp.ScrollIntoView(css), chromedp.WaitVisible(css), chromedp.Click(css))
	for err != nil && strings.Contains(err.Error(), "node with given id") && ctx.Err() == nil {
		err = chromedp.Do(ctx, chromedp.ScrollIntoView(css), chromedp.WaitVisible(css), chromedp.Click(css))
	}
	b.must("click "+selector, err)
}

// write replaces what a field holds.
func (b *browser) write(selector, text string) {
	b.t.Helper()
	b.do("write into "+selector, chromedp.WaitVisible(chromedp.CSS(selector)))
	b.js(fmt.Sprintf(`(() => { const e = document.querySelector(%s); e.focus(); e.value = %s;
		e.dispatchEvent(new Event("input", {bubbles: true})); e.dispatchEvent(new Event("change", {bubbles: true})); return true })()`,
		strconv.Quote(selector), strconv.Quote(text)))
}

// js evaluates an expression whose value is true or false.
func (b *browser) js(expression string) bool {
	b.t.Helper()
	value, err := chromedp.Run(b.ctx, chromedp.Evaluate[bool](expression))
	if err != nil {
		b.t.Fatalf("evaluate %s: %v\nthe page says: %.1500s", expression, err, b.page())
	}
	return value
}

// words evaluates an expression whose value is a text.
func (b *browser) words(expression string) string {
	b.t.Helper()
	text, err := chromedp.Run(b.ctx, chromedp.Evaluate[string](expression))
	if err != nil {
		b.t.Fatalf("evaluate %s: %v", expression, err)
	}
	return text
}

// see waits until an element that matches the selector shows the text.
func (b *browser) see(selector, text string) {
	b.t.Helper()
	expression := fmt.Sprintf(`[...document.querySelectorAll(%s)].some(e => e.innerText.includes(%s))`, strconv.Quote(selector), strconv.Quote(text))
	for deadline := time.Now().Add(patience); ; time.Sleep(100 * time.Millisecond) {
		// The page may be in the middle of loading; then the expression fails and is asked again.
		if seen, err := chromedp.Run(b.ctx, chromedp.Evaluate[bool](expression)); err == nil && seen {
			return
		}
		if time.Now().After(deadline) {
			b.t.Fatalf("%s never showed %q\nthe page says: %.3000s", selector, text, b.page())
		}
	}
}

// never fails when the page shows the text anywhere.
func (b *browser) never(text string) {
	b.t.Helper()
	if b.js(fmt.Sprintf(`document.documentElement.outerHTML.includes(%s)`, strconv.Quote(text))) {
		b.t.Errorf("the page shows %q: %.1500s", text, b.page())
	}
}

// text returns what the last element that matches the selector shows.
func (b *browser) text(selector string) string {
	b.t.Helper()
	text, err := chromedp.Run(b.ctx, chromedp.Evaluate[string](fmt.Sprintf(
		`[...document.querySelectorAll(%s)].at(-1)?.innerText ?? ""`, strconv.Quote(selector))))
	if err != nil {
		b.t.Fatalf("read %s: %v", selector, err)
	}
	return text
}

// keep saves a picture of the window into the folder that SCREENSHOTS names.
func (b *browser) keep(name string) {
	b.t.Helper()
	folder := os.Getenv("SCREENSHOTS")
	if folder == "" {
		return
	}
	picture, err := chromedp.Run(b.ctx, chromedp.CaptureScreenshot())
	if err == nil {
		err = os.MkdirAll(folder, 0o755)
	}
	if err == nil {
		err = os.WriteFile(filepath.Join(folder, name+".png"), picture, 0o644)
	}
	if err != nil {
		b.t.Fatalf("keep the picture %s: %v", name, err)
	}
}

// attributes returns an attribute of every element that matches the selector.
func (b *browser) attributes(selector, name string) []string {
	b.t.Helper()
	values, err := chromedp.Run(b.ctx, chromedp.Evaluate[[]string](fmt.Sprintf(
		`[...document.querySelectorAll(%s)].map(e => e.getAttribute(%s))`, strconv.Quote(selector), strconv.Quote(name))))
	if err != nil {
		b.t.Fatalf("read %s of %s: %v", name, selector, err)
	}
	return values
}

// upload gives a file to a file field, which may be hidden.
func (b *browser) upload(selector, file string) {
	b.t.Helper()
	b.do("upload into "+selector, chromedp.SetUploadFiles(chromedp.CSS(selector), []string{file}))
}

// waitFor waits until the expression is true.
func (b *browser) waitFor(expression string) {
	b.t.Helper()
	for deadline := time.Now().Add(patience); ; time.Sleep(100 * time.Millisecond) {
		if ok, err := chromedp.Run(b.ctx, chromedp.Evaluate[bool](expression)); err == nil && ok {
			return
		}
		if time.Now().After(deadline) {
			b.t.Fatalf("%s never became true\nthe page says: %.1500s", expression, b.page())
		}
	}
}

// seeValue waits until a field holds the text.
func (b *browser) seeValue(selector, text string) {
	b.t.Helper()
	b.waitFor(fmt.Sprintf(`document.querySelector(%s).value.includes(%s)`, strconv.Quote(selector), strconv.Quote(text)))
}

// seeFrame waits until a frame of our own shows the text.
func (b *browser) seeFrame(selector, text string) {
	b.t.Helper()
	b.waitFor(fmt.Sprintf(`document.querySelector(%s).contentDocument.body.innerText.includes(%s)`, strconv.Quote(selector), strconv.Quote(text)))
}

// unfold opens the form of a verb.
func (b *browser) unfold(verb string) {
	b.t.Helper()
	b.waitFor(fmt.Sprintf(`(document.querySelector("#verb-form-%s").open = true)`, verb))
}

// act sends the form of a verb.
func (b *browser) act(verb string) {
	b.t.Helper()
	b.unfold(verb)
	b.click("#form-" + verb + " > button")
}

// address returns where the window is.
func (b *browser) address() string {
	b.t.Helper()
	address, err := chromedp.Run(b.ctx, chromedp.Evaluate[string](`location.origin + location.pathname`))
	if err != nil {
		b.t.Fatal(err)
	}
	return address
}

// testPicture writes a picture file as a phone's camera would, and returns its path.
func testPicture(t *testing.T) string {
	t.Helper()
	picture := image.NewRGBA(image.Rect(0, 0, 900, 500))
	for y := range 500 {
		for x := range 900 {
			picture.Set(x, y, color.RGBA{uint8(40 + y/5), uint8(110 + x/12), 70, 255})
		}
	}
	path := filepath.Join(t.TempDir(), "巡查.jpg")
	file, err := os.Create(path)
	if err == nil {
		err = errors.Join(jpeg.Encode(file, picture, nil), file.Close())
	}
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// keepFile saves a downloaded file beside the pictures, so that it can be opened and looked at.
func keepFile(t *testing.T, name string, data []byte) {
	t.Helper()
	folder := os.Getenv("SCREENSHOTS")
	if folder == "" {
		return
	}
	if err := os.WriteFile(filepath.Join(folder, name), data, 0o644); err != nil {
		t.Fatal(err)
	}
}
