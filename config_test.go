package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func environment(pairs ...string) func(string) string {
	m := map[string]string{}
	for i := 0; i < len(pairs); i += 2 {
		m[pairs[i]] = pairs[i+1]
	}
	return func(name string) string { return m[name] }
}

func TestLoadConfigReadsValuesAndFiles(t *testing.T) {
	file := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(file, []byte("s3cret\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	cfg, err := LoadConfig(environment("LISTEN", "127.0.0.1:9", "WECHAT_APP_SECRET_FILE", file))
	if err != nil {
		t.Fatal(err)
	}
	if cfg.Listen != "127.0.0.1:9" || cfg.WeChatAppSecret != "s3cret" || cfg.WeChatAPIBase != "https://api.weixin.qq.com" {
		t.Errorf("LoadConfig = %+v", cfg)
	}
	if printed := fmt.Sprintf("%v %+v %#v", cfg, cfg, cfg); strings.Contains(printed, "s3cret") {
		t.Errorf("printing the configuration shows a secret: %s", printed)
	}
}

func TestLoadConfigReportsAllProblems(t *testing.T) {
	_, err := LoadConfig(environment("LISTEN", "a", "LISTEN_FILE", "b", "DATA_KEY_FILE", "/does/not/exist"))
	if err == nil || !strings.Contains(err.Error(), "LISTEN_FILE are both set") || !strings.Contains(err.Error(), "DATA_KEY_FILE") {
		t.Errorf("LoadConfig = %v, want both problems", err)
	}
}

func TestServiceNeedsItsConfiguration(t *testing.T) {
	cfg, err := LoadConfig(environment())
	if err != nil {
		t.Fatal(err)
	}
	err = cfg.CheckForService()
	for _, name := range []string{"WECHAT_APP_ID", "WECHAT_APP_SECRET", "WECHAT_TOKEN", "WECHAT_AES_KEY", "ORGAN_FILE", "DATA_KEY", "PUBLIC_URL"} {
		if err == nil || !strings.Contains(err.Error(), name+":") {
			t.Errorf("CheckForService does not speak of %s: %v", name, err)
		}
	}
	good, err := LoadConfig(environment(
		"WECHAT_APP_ID", "wx1", "WECHAT_APP_SECRET", "s", "WECHAT_TOKEN", "t", "WECHAT_AES_KEY", strings.Repeat("A", 43), "ORGAN_FILE", "organ.json",
		"DATA_KEY", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "PUBLIC_URL", "https://example.gov.cn"))
	if err != nil {
		t.Fatal(err)
	}
	if err := good.CheckForService(); err != nil {
		t.Errorf("CheckForService = %v, want nil", err)
	}
	for _, tt := range []struct {
		mode, key string
		ok        bool
	}{
		{"safe", strings.Repeat("A", 43), true},
		{"compatible", strings.Repeat("A", 43), true},
		{"plain", "", true},
		{"plain", strings.Repeat("A", 43), false},
		{"compatible", "", false},
		{"auto", strings.Repeat("A", 43), false},
	} {
		good.WeChatMode, good.WeChatAESKey = tt.mode, Secret(tt.key)
		if err := good.CheckForService(); (err == nil) != tt.ok {
			t.Errorf("mode %s with %d characters of key: %v, want it accepted: %v", tt.mode, len(tt.key), err, tt.ok)
		}
	}
}

func TestLoadOrgan(t *testing.T) {
	organ, err := LoadOrgan("testdata/organ.json")
	if err != nil || organ.Name != "陵川县崇文镇人民政府" {
		t.Errorf("LoadOrgan = %+v, %v", organ, err)
	}
	if err := checkOrgan(organ); err == nil || !strings.Contains(err.Error(), "请核对") {
		t.Errorf("checkOrgan of the example = %v, want a complaint", err)
	}
	organ.Address, organ.Phone, organ.Email, organ.ReviewOnline = "崇文镇某街1号", "0356-6200000", "", ""
	if err := checkOrgan(organ); err != nil {
		t.Errorf("checkOrgan of a corrected profile = %v", err)
	}
	bad := filepath.Join(t.TempDir(), "organ.json")
	for content, want := range map[string]string{"{": "not valid JSON", `{"name":"x"}`: "required"} {
		if err := os.WriteFile(bad, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := LoadOrgan(bad); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("LoadOrgan(%s) = %v, want %q", content, err, want)
		}
	}
	if _, err := LoadOrgan(""); err == nil || !strings.Contains(err.Error(), "ORGAN_FILE is not set") {
		t.Errorf("LoadOrgan of nothing = %v", err)
	}
	if _, err := LoadOrgan("none.json"); err == nil {
		t.Error("a missing file was accepted")
	}
}
