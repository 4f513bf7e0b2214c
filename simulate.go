package main

import (
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"

	"shoushan/fault"
	"shoushan/simulator"
	"shoushan/workday"
)

// simulateCommand is `shoushan simulate`. Every flag has a default: without any it is a platform with a phone, whose
// account's address is entered on the page.
type simulateCommand struct {
	Listen    string `default:"127.0.0.1:8090" help:"Address of the platform and its phone page."`
	Callback  string `placeholder:"URL" help:"Where the platform sends callbacks, e.g. http://127.0.0.1:8080/wechat; can be entered on the page later."`
	AppID     string `name:"app-id" help:"AppID of the account; the demo's own when empty, as with the other credentials."`
	AppSecret string `name:"app-secret" help:"AppSecret of the account."`
	Token     string `help:"Token of the callback."`
	AESKey    string `name:"aes-key" help:"EncodingAESKey, 43 characters."`
	Name      string `help:"Name of the account on the phone."`

	Mode simulator.CallbackMode `default:"safe" help:"How callbacks are encoded: safe, compatible or plain."`
	Kind simulator.AccountKind  `default:"certified_subscription" help:"certified_subscription, certified_service, uncertified or personal."`

	PublicURL string   `name:"public-url" placeholder:"URL" help:"Base of article links and pictures, when others reach the platform by another address."`
	State     string   `placeholder:"FILE" help:"File in which the platform outlives this process; memory only when empty."`
	Clock     string   `placeholder:"TIME" help:"Beijing time at which the platform's clock starts, e.g. \"2026-12-01 09:00\"."`
	Set       []string `sep:"none" placeholder:"NAME=VALUE" help:"A setting of /sim/settings, e.g. publish_delay_ms=0; may be repeated."`
	Fault     []string `sep:"none" placeholder:"JSON" help:"A failure as for POST /sim/faults; may be repeated."`
}

// Help shows examples.
func (simulateCommand) Help() string {
	return `Examples:
  shoushan simulate
  shoushan simulate --callback http://127.0.0.1:8080/wechat --mode plain
  shoushan simulate --kind certified_service --set title_limit=32 --set 'ip_list=["127.0.0.1"]'
  shoushan simulate --fault '{"on":"/cgi-bin/freepublish/submit","kind":"drop","times":1}'

The control API is described on the page /sim/ of the running platform, and in simulator/README.md.`
}

// Run serves the platform until it is stopped.
func (c *simulateCommand) Run(s *surroundings) error {
	platform := &simulator.Server{
		AppID: c.AppID, AppSecret: c.AppSecret, Token: c.Token, AESKey: c.AESKey, AccountName: c.Name, CallbackURL: c.Callback,
		Mode: c.Mode, Kind: c.Kind, PublicURL: c.PublicURL, StatePath: c.State, Stderr: s.stderr,
	}
	if err := platform.Check(); err != nil {
		return fault.Newf(fault.Invalid, "%v", err)
	}
	if err := c.arrange(platform); err != nil {
		platform.Close()
		return fault.Newf(fault.Invalid, "%v", err)
	}
	listener, err := net.Listen("tcp", c.Listen)
	if err != nil {
		platform.Close()
		return fmt.Errorf("listen on %s: %w; choose another with --listen", c.Listen, err)
	}
	server := &http.Server{Handler: platform.Handler(), ReadHeaderTimeout: headerTimeout}
	fmt.Fprint(s.stdout, c.greeting(platform, listener.Addr()))
	return serveUntilDone(s.ctx, platform.Close, serving{server, listener})
}

// arrange applies the flags that stand for calls of the control API.
func (c *simulateCommand) arrange(platform *simulator.Server) error {
	for _, pair := range c.Set {
		name, value, found := strings.Cut(pair, "=")
		if !found {
			return fmt.Errorf("--set 要写成 名称=值，例如 publish_delay_ms=0，现在是 %q", pair)
		}
		if err := platform.Set(name, value); err != nil {
			return fmt.Errorf("--set %s：%w", pair, err)
		}
	}
	for _, text := range c.Fault {
		var f simulator.Fault
		if err := json.Unmarshal([]byte(text), &f); err != nil {
			return fmt.Errorf("--fault 要写成 JSON，例如 {\"on\":\"*\",\"kind\":\"busy\",\"times\":1}，现在是 %q", text)
		}
		if _, err := platform.AddFault(f); err != nil {
			return fmt.Errorf("--fault %s：%w", text, err)
		}
	}
	if c.Clock == "" {
		return nil
	}
	at, err := time.ParseInLocation("2006-01-02 15:04", c.Clock, workday.Beijing)
	if err != nil {
		return fmt.Errorf("--clock 要写成北京时间，例如 \"2026-12-01 09:00\"，现在是 %q", c.Clock)
	}
	return platform.MoveClock(at)
}

// greeting says what is where, and what a client needs to know to talk to the platform, which has filled in its defaults.
func (c *simulateCommand) greeting(platform *simulator.Server, at net.Addr) string {
	callback := c.Callback
	if callback == "" {
		callback = "还没有设置（在页面左边填写，或加 --callback URL）"
	}
	return fmt.Sprintf(`微信平台模拟器已经启动，按 Ctrl-C 结束。

  手机和线路    http://%[1]s/
  接口地址      http://%[1]s/cgi-bin/…（代替 https://api.weixin.qq.com）
  控制接口说明  http://%[1]s/sim/
  回调发往      %[2]s

  AppID           %[3]s
  AppSecret       %[4]s
  Token           %[5]s
  EncodingAESKey  %[6]s
`, at, callback, platform.AppID, secretOf(c.AppSecret, platform.AppSecret), secretOf(c.Token, platform.Token), secretOf(c.AESKey, platform.AESKey))
}

// secretOf shows the demo's public values; what the user has given is not repeated on the screen.
func secretOf(given, value string) string {
	if given != "" {
		return "（您给出的值）"
	}
	return value
}
