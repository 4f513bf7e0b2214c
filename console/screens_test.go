package console_test

import (
	"context"
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/chromedp"

	"shoushan/staff"
)

// TestScreens opens every page in a real browser at two widths, keeps the pictures in the folder that
// CONSOLE_SCREENS names, and fails when a page is wider than the screen or the browser's console complains (a blocked
// style or script is a hole in the content policy).
//
//	CONSOLE_SCREENS=/tmp/screens go test ./console -run TestScreens
func TestScreens(t *testing.T) {
	folder := os.Getenv("CONSOLE_SCREENS")
	if folder == "" {
		t.Skip("set CONSOLE_SCREENS to a folder to take pictures of every page")
	}
	h := newHouse(t)
	s := seed(t, h)
	server := httptest.NewServer(h.door)
	defer server.Close()
	for _, width := range []int{1280, 390} {
		ctx, heard := newBrowser(t, width)
		for _, shot := range s.shots {
			t.Run(fmt.Sprintf("%s %d", shot.name, width), func(t *testing.T) {
				picture, wide := photograph(t, ctx, server.URL, shot)
				file := filepath.Join(folder, fmt.Sprintf("%s-%d.png", shot.name, width))
				if err := os.WriteFile(file, picture, 0o644); err != nil {
					t.Fatal(err)
				}
				if wide > width {
					t.Errorf("the page is %d wide on a screen of %d", wide, width)
				}
				if said := heard.take(); len(said) > 0 {
					t.Errorf("the browser complains %d times, first: %.300s", len(said), said[0])
				}
			})
		}
	}
}

// shot is one page as one role sees it; script, when set, runs on the page before the picture is taken.
type shot struct {
	name   string
	role   staff.Role // "" before login
	path   string
	script string
}

// complaints collects what the browser's console says.
type complaints struct {
	mu   sync.Mutex
	said []string
}

func (c *complaints) listen(event any) {
	e, ok := event.(*log.EventEntryAdded)
	if !ok || strings.Contains(e.Entry.Text, "status of 4") {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.said = append(c.said, e.Entry.Text)
}

// take returns what was said since the last time.
func (c *complaints) take() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	said := c.said
	c.said = nil
	return said
}

func newBrowser(t *testing.T, width int) (context.Context, *complaints) {
	t.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath("/usr/bin/chromium"), chromedp.NoSandbox, chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true), chromedp.UserDataDir(t.TempDir()))
	alloc, cancel := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(cancel)
	heard := &complaints{}
	ctx, stop := chromedp.NewContext(alloc, chromedp.WithListener(heard.listen))
	t.Cleanup(stop)
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(int64(width), 900)); err != nil {
		t.Fatal(err)
	}
	return ctx, heard
}

const loginScript = `fetch("/logout",{method:"POST"}).then(()=>fetch("/login",{method:"POST",body:new URLSearchParams({login:%q,password:%q})})).then(r=>r.status)`

func photograph(t *testing.T, ctx context.Context, base string, s shot) (picture []byte, wide int) {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(chromedp.Do(ctx, chromedp.Navigate(base+"/login")))
	if s.role != "" {
		_, err := chromedp.Run(ctx, chromedp.Evaluate[int](fmt.Sprintf(loginScript, loginOf[s.role], password), chromedp.EvalAwaitPromise))
		must(err)
	}
	must(chromedp.Do(ctx, chromedp.Navigate(base+s.path), chromedp.WaitReady(chromedp.CSS("main"))))
	if s.script != "" {
		_, err := chromedp.Run(ctx, chromedp.Evaluate[int](s.script, chromedp.EvalAwaitPromise))
		must(err)
	}
	time.Sleep(500 * time.Millisecond) // the preview frame draws itself
	wide, err := chromedp.Run(ctx, chromedp.Evaluate[int]("document.documentElement.scrollWidth"))
	must(err)
	picture, err = chromedp.Run(ctx, chromedp.FullScreenshot(100))
	must(err)
	return picture, wide
}
