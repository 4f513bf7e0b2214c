package bot

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/silenceper/wechat/v2/officialaccount/basic"
	sdkcontext "github.com/silenceper/wechat/v2/officialaccount/context"
	"github.com/silenceper/wechat/v2/officialaccount/customerservice"
	"github.com/silenceper/wechat/v2/officialaccount/menu"
	"github.com/silenceper/wechat/v2/officialaccount/message"
	"github.com/silenceper/wechat/v2/officialaccount/user"

	"shoushan/fault"
)

// Ping reports whether the account can be reached with a valid token; it renews the token when it must.
func (c *Client) Ping(ctx context.Context) error {
	_, err := c.CallbackIPs(ctx)
	return err
}

// CallbackIPs returns the addresses from which WeChat pushes (getcallbackip). They change; refresh them daily and never
// refuse a callback for one that is missing.
func (c *Client) CallbackIPs(ctx context.Context) (ips []string, err error) {
	err = c.viaSDK(ctx, repeatBusy, func(o *sdkcontext.Context) (err error) {
		ips, err = basic.NewBasic(o).GetCallbackIP()
		return err
	})
	return ips, err
}

var openIDPattern = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

// checkOpenID keeps what is no OpenID out of addresses.
func checkOpenID(openID string) error {
	if !openIDPattern.MatchString(openID) {
		return fault.New(fault.Invalid, "没有这个人的微信身份，不能发微信消息。")
	}
	return nil
}

// SendText sends a customer-service message (客服消息) of at most MaxTextBytes. It is repeated only when the token was
// rejected; after an Unavailable fault it may have arrived. Use Notifier, which minds the windows.
func (c *Client) SendText(ctx context.Context, openID, text string) error {
	if err := checkOpenID(openID); err != nil {
		return err
	}
	if text == "" || len(text) > MaxTextBytes {
		return fault.Newf(fault.Invalid, "一条微信消息应当有内容，并且不超过 %d 字节。", MaxTextBytes)
	}
	return c.viaSDK(ctx, repeatToken, func(o *sdkcontext.Context) error {
		return message.NewMessageManager(o).Send(message.NewCustomerTextMessage(openID, text))
	})
}

// Typing shows the citizen that an answer is being written, or no longer is (客服输入状态).
func (c *Client) Typing(ctx context.Context, openID string, on bool) error {
	if err := checkOpenID(openID); err != nil {
		return err
	}
	status := customerservice.CancelTyping
	if on {
		status = customerservice.Typing
	}
	return c.viaSDK(ctx, repeatToken, func(o *sdkcontext.Context) error {
		return customerservice.NewCustomerServiceManager(o).SendTypingStatus(openID, status)
	})
}

// User is what the platform tells about a follower; since 2021 neither name nor picture.
type User struct {
	OpenID     string
	Subscribed bool
	Since      time.Time // of the latest follow
	Scene      string    // how they came, such as ADD_SCENE_QR_CODE
	Remark     string
}

// UserInfo asks about one follower (user/info).
func (c *Client) UserInfo(ctx context.Context, openID string) (User, error) {
	if err := checkOpenID(openID); err != nil {
		return User{}, err
	}
	var u User
	err := c.viaSDK(ctx, repeatBusy, func(o *sdkcontext.Context) error {
		info, err := user.NewUser(o).GetUserInfo(openID)
		if err != nil {
			return err
		}
		u = User{info.OpenID, info.Subscribe == 1, time.Unix(int64(info.SubscribeTime), 0).UTC(), info.SubscribeScene, info.Remark}
		return nil
	})
	return u, err
}

// DownloadMedia fetches temporary media, such as a picture that a citizen sent less than three days ago (media/get).
func (c *Client) DownloadMedia(ctx context.Context, mediaID string) (data []byte, contentType string, err error) {
	const from = "/cgi-bin/media/get"
	a, err := c.exchange(ctx, call{
		method: http.MethodGet, path: from, query: url.Values{"media_id": {mediaID}}, repeat: repeatBusy,
	})
	if err != nil {
		return nil, "", err
	}
	if len(a.body) == 0 || strings.Contains(a.contentType, "json") {
		return nil, "", unreachable(from, errUnreadable)
	}
	return a.body, a.contentType, nil
}

// Menu is the account's menu (自定义菜单): one to three buttons.
type Menu []Button

// Button is an entry of the menu; one with Sub has a name only.
type Button struct {
	Type     string // click, view, miniprogram …
	Name     string // at most 16 bytes at the top, 60 below
	Key      string // click: what the event carries
	URL      string // view
	AppID    string // miniprogram
	PagePath string // miniprogram
	MediaID  string
	Sub      []Button // one to five
}

// Menu returns the menu that is set; an empty one when there is none (menu/get).
func (c *Client) Menu(ctx context.Context) (Menu, error) {
	var res menu.ResMenu
	err := c.viaSDK(ctx, repeatBusy, func(o *sdkcontext.Context) (err error) {
		res, err = menu.NewMenu(o).GetMenu()
		return err
	})
	if Code(err) == codeNoMenu {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var m Menu
	for i := range res.Menu.Button {
		m = append(m, fromSDK(&res.Menu.Button[i]))
	}
	return m, nil
}

// SetMenu replaces the menu (menu/create). Followers see it within a day, or on following anew.
func (c *Client) SetMenu(ctx context.Context, m Menu) error {
	if err := m.check(); err != nil {
		return err
	}
	return c.viaSDK(ctx, repeatBusy, func(o *sdkcontext.Context) error {
		return menu.NewMenu(o).SetMenu(toSDK(m))
	})
}

// EnsureMenu sets the menu when the platform has a different one, and reports whether it did.
func (c *Client) EnsureMenu(ctx context.Context, want Menu) (changed bool, err error) {
	have, err := c.Menu(ctx)
	if err != nil || sameButtons(have, want) {
		return false, err
	}
	return true, c.SetMenu(ctx, want)
}

func sameButtons(a, b []Button) bool { return slices.EqualFunc(a, b, Button.same) }

func (b Button) same(o Button) bool {
	return b.Type == o.Type && b.Name == o.Name && b.Key == o.Key && b.URL == o.URL && b.AppID == o.AppID &&
		b.PagePath == o.PagePath && b.MediaID == o.MediaID && sameButtons(b.Sub, o.Sub)
}

// check reports what the platform would refuse: the number of buttons and the length of their names.
func (m Menu) check() error {
	if len(m) < 1 || len(m) > 3 {
		return fault.New(fault.Invalid, "菜单应当有 1 到 3 个一级按钮。")
	}
	for _, b := range m {
		if len(b.Name) > 16 || b.Name == "" || len(b.Sub) > 5 {
			return fault.New(fault.Invalid, fmt.Sprintf("菜单“%s”的名称不能超过 16 字节，子菜单不能超过 5 个。", b.Name))
		}
		for _, s := range b.Sub {
			if len(s.Name) > 60 || s.Name == "" {
				return fault.New(fault.Invalid, fmt.Sprintf("子菜单“%s”的名称不能超过 60 字节。", s.Name))
			}
		}
	}
	return nil
}

func toSDK(buttons []Button) []*menu.Button {
	var out []*menu.Button
	for _, b := range buttons {
		out = append(out, &menu.Button{
			Type: b.Type, Name: b.Name, Key: b.Key, URL: b.URL, AppID: b.AppID, PagePath: b.PagePath, MediaID: b.MediaID,
			SubButtons: toSDK(b.Sub),
		})
	}
	return out
}

func fromSDK(b *menu.Button) Button {
	out := Button{Type: b.Type, Name: b.Name, Key: b.Key, URL: b.URL, AppID: b.AppID, PagePath: b.PagePath, MediaID: b.MediaID}
	for _, s := range b.SubButtons {
		out.Sub = append(out.Sub, fromSDK(s))
	}
	return out
}
