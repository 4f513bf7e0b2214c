package main

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/caarlos0/env/v11"

	"shoushan/bot"
	"shoushan/disclosure"
)

// Config is everything that the environment decides. Each name can also be given as NAME_FILE, the path of a file that
// holds the value; secrets should be.
type Config struct {
	Listen        string `env:"LISTEN" envDefault:"127.0.0.1:8080"`
	MetricsListen string `env:"METRICS_LISTEN"`
	PublicURL     string `env:"PUBLIC_URL"`
	RedisURL      Secret `env:"REDIS_URL"`
	DataDir       string `env:"DATA_DIR" envDefault:"data"`
	DataKey       Secret `env:"DATA_KEY"`
	Account       string `env:"ACCOUNT" envDefault:"chongwen"`

	WeChatAppID     string `env:"WECHAT_APP_ID"`
	WeChatAppSecret Secret `env:"WECHAT_APP_SECRET"`
	WeChatToken     Secret `env:"WECHAT_TOKEN"`
	WeChatAESKey    Secret `env:"WECHAT_AES_KEY"`
	// WeChatMode is how callbacks are encoded: safe, compatible or plain, as the account's page says.
	WeChatMode        string `env:"WECHAT_MODE" envDefault:"safe"`
	WeChatAccountKind string `env:"WECHAT_ACCOUNT_KIND" envDefault:"subscription"`
	// The template of one-time messages; and for service accounts that of subscription messages, with the keyword that takes
	// a sentence of 20 characters.
	WeChatOneTimeTemplate   string `env:"WECHAT_ONE_TIME_TEMPLATE"`
	WeChatSubscribeTemplate string `env:"WECHAT_SUBSCRIBE_TEMPLATE"`
	WeChatSubscribeField    string `env:"WECHAT_SUBSCRIBE_FIELD" envDefault:"thing1"`
	WeChatAPIBase           string `env:"WECHAT_API_BASE" envDefault:"https://api.weixin.qq.com"`

	OrganFile    string `env:"ORGAN_FILE"`
	TrustedProxy string `env:"TRUSTED_PROXY"`
}

// Secret is a value that must not be printed.
type Secret string

// String hides the value.
func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return "[secret]"
}

// GoString hides the value.
func (s Secret) GoString() string { return s.String() }

// configNames lists the names that LoadConfig reads.
func configNames() []string {
	params, err := env.GetFieldParams(&Config{})
	if err != nil {
		panic(err) // the struct above is malformed
	}
	var names []string
	for _, p := range params {
		names = append(names, p.Key)
	}
	return names
}

// LoadConfig reads the environment. Problems of single values are reported together.
func LoadConfig(getenv func(string) string) (Config, error) {
	var cfg Config
	environment, err := gather(getenv)
	if err != nil {
		return cfg, err
	}
	if err := env.ParseWithOptions(&cfg, env.Options{Environment: environment}); err != nil {
		return cfg, fmt.Errorf("read the environment: %w", err)
	}
	return cfg, nil
}

// gather reads each name from the environment or from the file that NAME_FILE points to.
func gather(getenv func(string) string) (map[string]string, error) {
	environment := map[string]string{}
	var errs []error
	for _, name := range configNames() {
		value, path := getenv(name), getenv(name+"_FILE")
		switch {
		case value != "" && path != "":
			errs = append(errs, fmt.Errorf("%s and %s_FILE are both set; keep one", name, name))
		case value != "":
			environment[name] = value
		case path != "":
			data, err := os.ReadFile(path)
			if err != nil {
				errs = append(errs, fmt.Errorf("%s_FILE: %w", name, err))
				continue
			}
			environment[name] = strings.TrimSpace(string(data))
		}
	}
	return environment, errors.Join(errs...)
}

// CheckForService reports all that is missing or wrong for `serve`, each with what to do.
func (c Config) CheckForService() error {
	var errs []error
	need := func(ok bool, name, what string) {
		if !ok {
			errs = append(errs, fmt.Errorf("%s: %s", name, what))
		}
	}
	need(c.WeChatAppID != "", "WECHAT_APP_ID", "set it to the account's AppID (微信开发者平台 → 我的业务 → 公众号 → 开发信息)")
	need(c.WeChatAppSecret != "", "WECHAT_APP_SECRET", "set it (or WECHAT_APP_SECRET_FILE) to the account's AppSecret")
	need(c.WeChatToken != "", "WECHAT_TOKEN", "set it to the Token of 消息与事件推送")
	need(slices.Contains([]string{"safe", "compatible", "plain"}, c.WeChatMode), "WECHAT_MODE", "must be safe, compatible or plain, as 消息加解密方式 on the account's page says")
	need(len(c.WeChatAESKey) == 43 || c.WeChatMode == "plain", "WECHAT_AES_KEY", "set it to the 43 characters of the EncodingAESKey")
	need(c.WeChatAESKey == "" || c.WeChatMode != "plain", "WECHAT_MODE", "is plain although WECHAT_AES_KEY is set; use safe, or remove the key")
	need(c.WeChatAccountKind == "subscription" || c.WeChatAccountKind == "service", "WECHAT_ACCOUNT_KIND", "must be subscription or service")
	need(c.OrganFile != "", "ORGAN_FILE", "point it to the organ's profile; testdata/organ.json is an example")
	_, err := parseProxies(c.TrustedProxy)
	need(err == nil, "TRUSTED_PROXY", "list the addresses or networks of the proxy in front, separated by commas, e.g. 127.0.0.1")
	_, err = c.Key()
	need(err == nil, "DATA_KEY", "set it to 32 random bytes in base64, e.g. from `openssl rand -base64 32`; keep a copy outside this machine")
	u, err := url.Parse(c.PublicURL)
	need(err == nil && u.Scheme == "https" && u.Host != "", "PUBLIC_URL", "set it to the https address under which citizens and staff reach the service")
	return errors.Join(errs...)
}

// Key decodes DATA_KEY: 32 bytes in base64 or hex.
func (c Config) Key() ([]byte, error) {
	if c.DataKey == "" {
		return nil, errors.New("DATA_KEY is not set; it is 32 random bytes in base64, e.g. from: openssl rand -base64 32")
	}
	for _, decode := range []func(string) ([]byte, error){base64.StdEncoding.DecodeString, hex.DecodeString} {
		if key, err := decode(string(c.DataKey)); err == nil && len(key) == 32 {
			return key, nil
		}
	}
	return nil, errors.New("DATA_KEY is not 32 bytes in base64 or hex")
}

// mode is how callbacks are encoded; it is never taken from a request.
func (c Config) mode() bot.Mode {
	if c.WeChatMode == "" {
		return bot.Safe
	}
	return bot.Mode(c.WeChatMode)
}

// FilesDir is where encrypted files lie.
func (c Config) FilesDir() string { return filepath.Join(c.DataDir, "files") }

// redisDir is where the private Redis keeps its data.
func (c Config) redisDir() string { return filepath.Join(c.DataDir, "redis") }

// LoadOrgan reads the organ's profile.
func LoadOrgan(path string) (disclosure.Organ, error) {
	var organ disclosure.Organ
	if path == "" {
		return organ, errors.New("ORGAN_FILE is not set; point it to the organ's profile, for instance a corrected copy of testdata/organ.json")
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return organ, fmt.Errorf("ORGAN_FILE: %w", err)
	}
	if err := json.Unmarshal(data, &organ); err != nil {
		return organ, fmt.Errorf("ORGAN_FILE %s is not valid JSON: %w", path, err)
	}
	if organ.Name == "" || organ.Address == "" || organ.Phone == "" || organ.PostCode == "" {
		return organ, fmt.Errorf("ORGAN_FILE %s: name, address, phone and post_code are required; citizens are told them in every receipt", path)
	}
	return organ, nil
}

// checkOrgan finds what the service should not work with, such as values of the example that nobody has corrected; they would
// be printed on letters and receipts.
func checkOrgan(organ disclosure.Organ) error {
	var errs []error
	for _, line := range organ.Profile() {
		if line.Grave {
			errs = append(errs, fmt.Errorf("%s (%s) %q: %s", line.Key, line.Label, line.Value, line.Problem))
		}
	}
	return errors.Join(errs...)
}
