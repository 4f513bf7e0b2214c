package main

import (
	"fmt"
	"net"
	"net/http"

	"shoushan/fault"
	"shoushan/simulator"
)

// simulateCommand is `shoushan simulate`.
type simulateCommand struct {
	Listen    string `default:"127.0.0.1:8090" help:"Address of the platform and its phone page."`
	Callback  string `required:"" placeholder:"URL" help:"Where the platform sends callbacks, e.g. http://127.0.0.1:8080/wechat"`
	AppID     string `name:"app-id" help:"AppID of the account; the demo's own when empty, as with the other credentials."`
	AppSecret string `name:"app-secret" help:"AppSecret of the account."`
	Token     string `help:"Token of the callback."`
	AESKey    string `name:"aes-key" help:"EncodingAESKey, 43 characters."`

	Mode simulator.CallbackMode `default:"safe" help:"How callbacks are encoded: safe, compatible or plain."`
	Kind simulator.AccountKind  `default:"certified_subscription" help:"certified_subscription, certified_service, uncertified or personal."`
}

// Help shows an example.
func (simulateCommand) Help() string {
	return "Example: shoushan simulate --callback http://127.0.0.1:8080/wechat\n\nThe control API under /sim/ is described in simulator/README.md."
}

// Run serves the platform until it is stopped.
func (c *simulateCommand) Run(s *surroundings) error {
	platform := &simulator.Server{
		AppID: c.AppID, AppSecret: c.AppSecret, Token: c.Token, AESKey: c.AESKey, CallbackURL: c.Callback,
		Mode: c.Mode, Kind: c.Kind,
	}
	if err := platform.Check(); err != nil {
		return fault.Newf(fault.Invalid, "%v", err)
	}
	listener, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return fmt.Errorf("listen on %s: %w; choose another with --listen", c.Listen, err)
	}
	fmt.Fprintf(s.stdout, "手机页面和接口：http://%s\n回调发往：%s\n", listener.Addr(), c.Callback)
	server := &http.Server{Handler: platform.Handler(), ReadHeaderTimeout: headerTimeout}
	return serveUntilDone(s.ctx, platform.Close, serving{server, listener})
}
