package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"shoushan/fault"
)

func TestTold(t *testing.T) {
	refusal := fault.New(fault.Invalid, "标题太长")
	for want, err := range map[string]error{
		"标题太长":       refusal,
		"load: 标题太长": fmt.Errorf("load: %w", refusal),
		"no fault":   errors.New("no fault"),
	} {
		if got := told(err); got != want {
			t.Errorf("told(%v) = %q, want %q", err, got, want)
		}
	}
}

// startSimulate runs `shoushan simulate` with these flags and returns what it printed and its address.
func startSimulate(t *testing.T, args ...string) (printed, base string) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	in, out := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		ended <- run(ctx, append([]string{"simulate", "--listen", "127.0.0.1:0"}, args...), func(string) string { return "" }, out, io.Discard)
		_ = out.Close()
	}()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("simulate ended with %v", err)
		}
	})
	lines := bufio.NewScanner(in)
	for lines.Scan() {
		printed += lines.Text() + "\n"
		if strings.Contains(lines.Text(), "EncodingAESKey") {
			break
		}
	}
	go func() { _, _ = io.Copy(io.Discard, in) }()
	address := regexp.MustCompile(`http://127\.0\.0\.1:\d+`).FindString(printed)
	if address == "" {
		t.Fatalf("no address in %q", printed)
	}
	return printed, address
}

func fetchJSON(t *testing.T, address string) map[string]any {
	t.Helper()
	resp, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	out := map[string]any{}
	if err := json.NewDecoder(resp.Body).Decode(&out); err != nil {
		t.Fatalf("%s: %v", address, err)
	}
	return out
}

// TestSimulateWithoutFlags: zero configuration works, and says what a client needs.
func TestSimulateWithoutFlags(t *testing.T) {
	printed, base := startSimulate(t)
	for _, want := range []string{"/sim/", "还没有设置", "AppID", "wx5f3c0de1a2b49e70", "0f1e2d3c4b5a69788796a5b4c3d2e1f0", "shoushanchongwen", "ShouShanChongWenDemoKeyNotASecret0123456789"} {
		if !strings.Contains(printed, want) {
			t.Errorf("it does not print %s:\n%s", want, printed)
		}
	}
	token := fetchJSON(t, base+"/cgi-bin/token?grant_type=client_credential&appid=wx5f3c0de1a2b49e70&secret=0f1e2d3c4b5a69788796a5b4c3d2e1f0")
	if token["access_token"] == nil {
		t.Errorf("token: %v", token)
	}
}

// TestSimulateFlags: what the control API can set, flags can set.
func TestSimulateFlags(t *testing.T) {
	printed, base := startSimulate(t, "--callback", "http://127.0.0.1:9/wechat", "--app-secret", "not-to-be-printed", "--mode", "plain",
		"--kind", "personal", "--set", "title_limit=32", "--set", `quota={"/cgi-bin/token":1,"/cgi-bin/draft/add":2}`,
		"--fault", `{"on":"message","kind":"lose","times":2}`, "--clock", "2030-01-02 09:30", "--name", "测试镇")
	if strings.Contains(printed, "not-to-be-printed") || !strings.Contains(printed, "http://127.0.0.1:9/wechat") {
		t.Errorf("printed %s", printed)
	}
	set := fetchJSON(t, base+"/sim/settings")
	if set["mode"] != "plain" || set["kind"] != "personal" || set["title_limit"] != 32.0 || set["callback_url"] != "http://127.0.0.1:9/wechat" || len(set["quota"].(map[string]any)) != 2 {
		t.Errorf("settings %v", set)
	}
	state := fetchJSON(t, base+"/phone/state")
	if faults := state["faults"].([]any); len(faults) != 1 || faults[0].(map[string]any)["times"] != 2.0 || state["account"].(map[string]any)["name"] != "测试镇" {
		t.Errorf("state %v", state)
	}
	at, err := time.Parse(time.RFC3339, fetchJSON(t, base+"/sim/clock")["now"].(string))
	if err != nil || at.Format("2006-01-02 15") != "2030-01-02 09" {
		t.Errorf("clock %v, %v", at, err)
	}
}

// TestSimulateRefuses: what cannot work is refused at once, in a sentence.
func TestSimulateRefuses(t *testing.T) {
	tests := []struct {
		name, want string
		args       []string
	}{
		{"a callback that is no address", "回调地址", []string{"--callback", "notaurl"}},
		{"a short key", "43 个字符", []string{"--callback", "http://127.0.0.1:8080/wechat", "--aes-key", "short"}},
		{"a setting without a value", "名称=值", []string{"--set", "title_limit"}},
		{"an unknown setting", "没有 \"titel\" 这个字段", []string{"--set", "titel=32"}},
		{"a setting that makes no sense", "只能是 32 或 64", []string{"--set", "title_limit=33"}},
		{"a fault that is no JSON", "--fault 要写成 JSON", []string{"--fault", "busy"}},
		{"a fault that makes no sense", "只能是 busy", []string{"--fault", `{"on":"*","kind":"lose"}`}},
		{"a clock that is no time", "北京时间", []string{"--clock", "tomorrow"}},
		{"an unknown mode", "可选：safe、compatible、plain", []string{"--mode", "morse"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
			defer cancel()
			args := append([]string{"simulate", "--listen", "127.0.0.1:0"}, tt.args...)
			err := run(ctx, args, func(string) string { return "" }, io.Discard, io.Discard)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("simulate: %v, want %q", err, tt.want)
			}
		})
	}
}
