package bot

import (
	"context"
	"net/url"
	"strconv"

	"shoushan/fault"
)

// The limits of a one-time message (一次性订阅消息), in characters, and of its scenes.
const (
	OneTimeTitle   = 15
	OneTimeContent = 200
	MaxScene       = 10000
)

// ConsentPage returns the address at which a citizen agrees to one message in the scene (0 to MaxScene). Afterwards the
// citizen is sent to back, which must lie on a registered business domain, with openid, action and reserved. Consents in one
// scene do not add up: each message needs a scene of its own.
func (c *Client) ConsentPage(templateID string, scene int, back, reserved string) (string, error) {
	if templateID == "" || scene < 0 || scene > MaxScene || back == "" {
		return "", fault.New(fault.Invalid, "一次性订阅的设置不完整。")
	}
	// The order is Tencent's, and the page wants it.
	return "https://mp.weixin.qq.com/mp/subscribemsg?action=get_confirm&appid=" + url.QueryEscape(c.cfg.AppID) +
		"&scene=" + strconv.Itoa(scene) + "&template_id=" + url.QueryEscape(templateID) +
		"&redirect_url=" + url.QueryEscape(back) + "&reserved=" + url.QueryEscape(reserved) + "#wechat_redirect", nil
}

// OneTime is a one-time message (一次性订阅消息): one for each consent; the citizen need not follow the account.
type OneTime struct {
	OpenID, TemplateID string
	Scene              int
	Title, Content     string // at most OneTimeTitle and OneTimeContent characters
	URL                string // opened by a tap; may be empty
}

// SendOneTime uses up the consent of its scene (message/template/subscribe). Without consent the refusal has code 43101. It
// is not repeated after a failure that leaves open whether it arrived.
func (c *Client) SendOneTime(ctx context.Context, m OneTime) error {
	if err := checkOpenID(m.OpenID); err != nil {
		return err
	}
	if m.Title == "" || m.Content == "" || len([]rune(m.Title)) > OneTimeTitle || len([]rune(m.Content)) > OneTimeContent {
		return fault.Newf(fault.Invalid, "一次性订阅消息的标题不超过 %d 个字，内容不超过 %d 个字。", OneTimeTitle, OneTimeContent)
	}
	req := map[string]any{
		"touser": m.OpenID, "template_id": m.TemplateID, "url": m.URL, "scene": strconv.Itoa(m.Scene), "title": m.Title,
		"data": map[string]any{"content": map[string]string{"value": m.Content}},
	}
	return c.ask(ctx, "/cgi-bin/message/template/subscribe", repeatToken, req, nil)
}

// SendSubscription sends a subscription message (订阅通知, message/subscribe/bizsend), which certified service accounts
// have; others are refused with 48001, and without consent the code is 43101. The names of the data are those of the template.
func (c *Client) SendSubscription(ctx context.Context, openID, templateID, page string, data map[string]string) error {
	if err := checkOpenID(openID); err != nil {
		return err
	}
	values := map[string]any{}
	for name, value := range data {
		values[name] = map[string]string{"value": value}
	}
	req := map[string]any{"touser": openID, "template_id": templateID, "data": values}
	if page != "" {
		req["page"] = page
	}
	return c.ask(ctx, "/cgi-bin/message/subscribe/bizsend", repeatToken, req, nil)
}
