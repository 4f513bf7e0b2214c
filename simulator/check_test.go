package simulator_test

import (
	"strings"
	"testing"

	"shoushan/simulator"
)

func TestCheck(t *testing.T) {
	tests := []struct {
		name   string
		server simulator.Server
		want   string // empty: no complaint
	}{
		{"zero value", simulator.Server{}, ""},
		{"all of the demo's", simulator.Server{AESKey: simulator.DefaultAESKey, Token: simulator.DefaultToken, CallbackURL: "http://127.0.0.1:8080/wechat", PublicURL: "https://example.org"}, ""},
		{"callback is a word", simulator.Server{CallbackURL: "notaurl"}, "回调地址"},
		{"callback without scheme", simulator.Server{CallbackURL: "127.0.0.1:8080/wechat"}, "回调地址"},
		{"callback by ftp", simulator.Server{CallbackURL: "ftp://example.org/wechat"}, "回调地址"},
		{"callback without host", simulator.Server{CallbackURL: "http:///wechat"}, "回调地址"},
		{"short key", simulator.Server{AESKey: "short"}, "43 个字符"},
		{"key with a sign", simulator.Server{AESKey: "!" + simulator.DefaultAESKey[1:]}, "43 个字符"},
		{"token of two letters", simulator.Server{Token: "ab"}, "Token"},
		{"token with a space", simulator.Server{Token: "a b c"}, "Token"},
		{"public address", simulator.Server{PublicURL: "example.org"}, "PublicURL"},
		{"no such mode", simulator.Server{Mode: 3}, "加解密方式"},
		{"no such kind", simulator.Server{Kind: -1}, "账号类型"},
		{"settings", simulator.Server{Settings: &simulator.Settings{}}, "push_attempts"},
	}
	for i := range tests {
		tt := &tests[i]
		t.Run(tt.name, func(t *testing.T) {
			err := tt.server.Check()
			if tt.want == "" && err != nil || tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)) {
				t.Errorf("Check() = %v, want %q", err, tt.want)
			}
		})
	}
	both := simulator.Server{AESKey: "short", CallbackURL: "notaurl"}
	if err := both.Check(); strings.Count(err.Error(), "。") != 2 {
		t.Errorf("two problems, told as %v", err)
	}
}
