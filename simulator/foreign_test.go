package simulator_test

import (
	"bufio"
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"shoushan/simulator"
)

// foreign installs the pinned npm packages of testdata/foreign in a folder of its own. It needs node and a package
// registry, so it runs only when SIMULATOR_FOREIGN is set, as make test does.
func foreign(t *testing.T) string {
	t.Helper()
	if os.Getenv("SIMULATOR_FOREIGN") == "" {
		t.Skip("SIMULATOR_FOREIGN is not set")
	}
	dir := t.TempDir()
	for _, name := range []string{"package.json", "package-lock.json", "client.js", "account.js"} {
		data, err := os.ReadFile(filepath.Join("testdata", "foreign", name))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	install := exec.CommandContext(t.Context(), "npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts")
	install.Dir = dir
	if out, err := install.CombinedOutput(); err != nil {
		t.Fatalf("npm ci: %v\n%s", err, out)
	}
	return dir
}

// TestForeignClient: co-wechat-api, which was not written for this platform, does its work against it.
func TestForeignClient(t *testing.T) {
	dir := foreign(t)
	p := newPlatform(t)
	who := p.follow("zhang")
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	client := exec.CommandContext(ctx, "node", "client.js", p.url, simulator.DefaultAppID, simulator.DefaultAppSecret, who)
	client.Dir, client.Stderr = dir, os.Stderr
	data, err := client.Output()
	if err != nil {
		t.Fatalf("client.js: %v\n%s", err, data)
	}
	var got obj
	if err := json.Unmarshal(data, &got); err != nil {
		t.Fatalf("%v in %s", err, data)
	}
	inner := str(got, "inner")
	for key, want := range map[string]any{
		"menu": "PROGRESS", "count": 1.0, "draft": `<p>文</p><img src="` + inner + `">`, "follower": who, "subscribe": 1.0,
		"sent": 0.0, "tag": "药农", "mass": "send job submission success", "code": 40007.0, "name": "WeChatAPIError",
	} {
		if got[key] != want {
			t.Errorf("%s = %v, want %v", key, got[key], want)
		}
	}
	for _, key := range []string{"temporary", "material", "publish", "ticket"} {
		if str(got, key) == "" {
			t.Errorf("no %s in %s", key, data)
		}
	}
	p.Wait()
	equal(t, str(p.lastBubble("zhang"), "text"), "通知")
}

// TestForeignAccount: co-wechat decrypts the callbacks in safe and compatible mode, and its replies reach the phone.
func TestForeignAccount(t *testing.T) {
	dir := foreign(t)
	ctx, cancel := context.WithCancel(t.Context())
	server := exec.CommandContext(ctx, "node", "account.js", simulator.DefaultToken, simulator.DefaultAESKey, simulator.DefaultAppID)
	server.Dir, server.Stderr = dir, os.Stderr
	out, err := server.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cancel(); _ = server.Wait() })
	address := bufio.NewScanner(out)
	if !address.Scan() {
		t.Fatal("account.js gave no address")
	}
	p := newPlatform(t)
	p.configure(func(s *simulator.Settings) { s.CallbackURL = address.Text() })
	if _, out := p.json("POST", "/sim/verify", nil); out["ok"] != true {
		t.Errorf("verify: %v", out)
	}
	p.follow("zhang")
	equal(t, str(p.lastBubble("zhang"), "text"), "事件 subscribe")
	for _, mode := range []simulator.CallbackMode{simulator.Safe, simulator.Compatible, simulator.Plain} {
		p.configure(func(s *simulator.Settings) { s.Mode = mode })
		text := "你好，" + mode.String() + strings.Repeat("。", 20)
		p.say("zhang", text)
		equal(t, str(p.lastBubble("zhang"), "text"), "回声 "+text)
	}
	p.say("zhang", "图文")
	equal(t, str(p.lastBubble("zhang")["cards"].([]any)[0].(obj), "title"), "题")
}
