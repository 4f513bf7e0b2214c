package bot

import (
	"context"
	"net/url"
	"regexp"
	"time"

	"github.com/silenceper/wechat/v2/officialaccount/basic"
	sdkcontext "github.com/silenceper/wechat/v2/officialaccount/context"

	"shoushan/fault"
)

// QRCode is a code that leads to the account and tells where it was scanned (带参数的二维码): as EventKey of a SCAN event, or
// as qrscene_… of a subscribe event.
type QRCode struct {
	Ticket  string
	URL     string        // what the code says, for drawing it oneself
	Image   string        // address of its picture at the platform
	Expires time.Duration // 0: never
}

// maxQRLife is the longest life of a temporary code.
const maxQRLife = 2_592_000 * time.Second

var scenePattern = regexp.MustCompile(`^[A-Za-z0-9_.-]{1,64}$`)

// CreateQRCode makes a code for a scene of 1 to 64 letters, digits, _ . or -. A life of 0 makes it permanent, of which an
// account has 100 000; otherwise it lives at most 30 days (qrcode/create).
func (c *Client) CreateQRCode(ctx context.Context, scene string, life time.Duration) (QRCode, error) {
	if !scenePattern.MatchString(scene) || life < 0 || life > maxQRLife || (life > 0 && life < time.Second) {
		return QRCode{}, fault.New(fault.Invalid, "二维码的场景值应当是 1 到 64 个字母、数字，有效期不超过 30 天。")
	}
	req := &basic.Request{ActionName: "QR_LIMIT_STR_SCENE"}
	if life > 0 {
		req.ActionName, req.ExpireSeconds = "QR_STR_SCENE", int64(life/time.Second)
	}
	req.ActionInfo.Scene.SceneStr = scene
	var t *basic.Ticket
	err := c.viaSDK(ctx, repeatBusy, func(o *sdkcontext.Context) (err error) {
		t, err = basic.NewBasic(o).GetQRTicket(req)
		return err
	})
	if err != nil {
		return QRCode{}, err
	}
	if t.Ticket == "" {
		return QRCode{}, unreachable("/cgi-bin/qrcode/create", errUnreadable)
	}
	return QRCode{
		Ticket: t.Ticket, URL: t.URL, Image: c.pictures() + "/cgi-bin/showqrcode?ticket=" + url.QueryEscape(t.Ticket),
		Expires: time.Duration(t.ExpireSeconds) * time.Second,
	}, nil
}

// pictures is where pictures of codes are: Tencent has a host of its own for them, a simulated platform has one for everything.
func (c *Client) pictures() string {
	if c.base == DefaultBaseURL {
		return "https://mp.weixin.qq.com"
	}
	return c.base
}
