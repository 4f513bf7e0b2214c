package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"shoushan/disclosure"
	"shoushan/simulator"
)

// startDemoIn runs `shoushan demo` on a data folder and returns how to end it.
func startDemoIn(t *testing.T, data string, more ...string) (*running, func()) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	r := &running{t: t, out: &lines{}, problems: &lines{}}
	done := make(chan error, 1)
	args := append([]string{"demo", "--console", "127.0.0.1:0", "--phone", "127.0.0.1:0", "--data", data}, more...)
	go func() { done <- run(ctx, args, environment(), r.out, r.problems) }()
	end := func() {
		stop()
		if err := <-done; err != nil {
			t.Errorf("demo ended with %v", err)
		}
	}
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if m := addresses.FindStringSubmatch(r.out.String()); m != nil {
			r.phone, r.console = m[1], m[2]
			return r, end
		}
	}
	end()
	t.Fatalf("demo did not start: %s\n%s", r.out, r.problems)
	return nil, nil
}

// phoneState is what the phone page is told about the citizen zhang and the notice.
func phoneState(t *testing.T, r *running) (followed bool, notice string) {
	t.Helper()
	response, err := http.Get(r.phone + "/phone/state")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	var state struct {
		Notice   string
		Citizens []struct {
			ID       string
			Followed bool
		}
	}
	if err := json.NewDecoder(response.Body).Decode(&state); err != nil {
		t.Fatal(err)
	}
	return state.Citizens[0].Followed, state.Notice
}

func follow(t *testing.T, r *running) {
	t.Helper()
	response, err := http.Post(r.phone+"/phone/follow", "application/json", strings.NewReader(`{"citizen":"zhang"}`))
	if err != nil || response.StatusCode != http.StatusOK {
		t.Fatalf("follow: %v, %v", response, err)
	}
	_ = response.Body.Close()
}

// TestDemoKeepsThePlatform: a demo started again on its folder still has its followers.
func TestDemoKeepsThePlatform(t *testing.T) {
	if _, err := exec.LookPath("redis-server"); err != nil {
		t.Skip("redis-server is not installed; make test installs it")
	}
	data := t.TempDir()
	first, end := startDemoIn(t, data)
	follow(t, first)
	end()
	second, end := startDemoIn(t, data)
	defer end()
	if followed, notice := phoneState(t, second); !followed || notice != "" {
		t.Errorf("after the restart: followed %v, notice %q", followed, notice)
	}
}

// TestDemoInMemorySaysSo: nothing is written, and the page says that nothing is kept.
func TestDemoInMemorySaysSo(t *testing.T) {
	data := t.TempDir()
	r, end := startDemoIn(t, data, "--memory")
	follow(t, r)
	if _, notice := phoneState(t, r); !strings.Contains(notice, "退出后不保留") {
		t.Errorf("notice %q", notice)
	}
	end()
	if _, err := os.Stat(filepath.Join(data, "platform.json")); err == nil {
		t.Error("the platform's state was written all the same")
	}
}

// TestPapersPassTheBot: what the phone page offers as a citizen's data is what the house accepts.
func TestPapersPassTheBot(t *testing.T) {
	platform := &simulator.Server{}
	t.Cleanup(platform.Close)
	answer := httptest.NewRecorder()
	platform.Handler().ServeHTTP(answer, httptest.NewRequestWithContext(t.Context(), "GET", "/sim/citizens", nil))
	var citizens []struct {
		Papers []struct{ Label, Value string }
	}
	if err := json.Unmarshal(answer.Body.Bytes(), &citizens); err != nil || len(citizens) != 5 {
		t.Fatalf("%d citizens, %v", len(citizens), err)
	}
	valid := map[string]func(string) bool{
		"身份证号": disclosure.ValidIdentityNumber, "法定代表人身份证号": disclosure.ValidIdentityNumber,
		"统一社会信用代码": disclosure.ValidCreditCode, "手机号": disclosure.ValidPhone,
	}
	checked := 0
	for _, c := range citizens {
		for _, p := range c.Papers {
			if check := valid[p.Label]; check != nil {
				checked++
				if !check(p.Value) {
					t.Errorf("%s %s is refused", p.Label, p.Value)
				}
			}
		}
	}
	if checked != 4*2+3 {
		t.Errorf("%d numbers checked, want 11", checked)
	}
}

// TestPhonePanel: a tap on a paper fills the input, on a narrow screen too; the clock is typed.
func TestPhonePanel(t *testing.T) {
	for _, width := range []int64{1280, 390} {
		t.Run(fmt.Sprint(width), func(t *testing.T) {
			platform := &simulator.Server{Notice: "演示数据保存在内存中，退出后不保留。"}
			server := httptest.NewServer(platform.Handler())
			t.Cleanup(server.Close)
			t.Cleanup(platform.Close)
			b := newBrowser(t, width, 844)
			b.open(server.URL)
			b.see("#notice", "退出后不保留")
			b.click("#follow")
			b.waitFor(`document.querySelector("#profile-screen").hidden`) // followed: before, a paper is only copied
			narrow := width < 1100
			if narrow {
				b.click(`[data-open="platform"]`)
			}
			b.see("#papers-box", "编造")
			b.keep(fmt.Sprintf("panel-%d", width))
			b.click(`[data-paper="身份证号"]`)
			b.waitFor(`document.querySelector("#input").value.startsWith("110101190001")`)
			b.waitFor(`document.body.dataset.tab === "phone"`)
			b.keep(fmt.Sprintf("filled-%d", width))
			if narrow {
				b.click(`[data-open="platform"]`)
			}
			b.write("#clock-input", "明天")
			b.click("#clock-set")
			b.see("#clock-wrong", "2026-11-23 09:00")
			b.write("#clock-input", "2026-11-23 09:00")
			b.click("#clock-set")
			b.see("#clock-now", "2026年11月23日")
			b.keep(fmt.Sprintf("clock-%d", width))
		})
	}
}
