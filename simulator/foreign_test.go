package simulator_test

import (
	"bufio"
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
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

// foreignAreas are what co-wechat-api is used for in client.js.
var foreignAreas = []string{"token", "menu", "material", "drafts", "messages", "users", "others"}

// TestForeignClient: co-wechat-api, which was not written for this platform, does its work against it, area by area.
func TestForeignClient(t *testing.T) {
	dir := foreign(t)
	p := newPlatform(t)
	who := p.follow("zhang")
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	client := exec.CommandContext(ctx, "node", "client.js", p.url, simulator.DefaultAppID, simulator.DefaultAppSecret, who)
	client.Dir, client.Stderr = dir, os.Stderr
	data, err := client.Output()
	if err != nil {
		t.Fatalf("client.js: %v\n%s", err, data)
	}
	var got map[string]string
	if err := json.Unmarshal(data, &got); err != nil {
		t.Fatalf("%v in %s", err, data)
	}
	for _, area := range foreignAreas {
		t.Run(area, func(t *testing.T) { equal(t, got[area], "ok") })
	}
	p.Wait()
	var seen []string
	for _, b := range p.chat("zhang") {
		if via := str(b, "via"); via != "" {
			seen = append(seen, via+" "+str(b, "kind")+" "+str(b, "text"))
		}
	}
	want := []string{"客服消息 text 您好 <&> \"引号\"", "客服消息 image ", "客服消息 voice ", "客服消息 news ", "客服消息 text 第五条", "群发 text 通知"}
	for _, line := range want {
		if !slices.Contains(seen, line) {
			t.Errorf("the phone has no %q among %q", line, seen)
		}
	}
}

// TestForeignPinned: the versions are pinned, and nothing in the lock file points at one particular registry.
func TestForeignPinned(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("testdata", "foreign", "package-lock.json"))
	if err != nil {
		t.Fatal(err)
	}
	var lock struct {
		Packages map[string]struct{ Version, Resolved, Integrity string }
	}
	if err := json.Unmarshal(data, &lock); err != nil {
		t.Fatal(err)
	}
	for name, p := range lock.Packages {
		if name != "" && (p.Version == "" || p.Integrity == "" || p.Resolved != "") {
			t.Errorf("%s: version %q, integrity %q, resolved %q", name, p.Version, p.Integrity, p.Resolved)
		}
	}
	for name, version := range map[string]string{"co-wechat": "2.4.0", "co-wechat-api": "3.11.0"} {
		equal(t, lock.Packages["node_modules/"+name].Version, version)
	}
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
