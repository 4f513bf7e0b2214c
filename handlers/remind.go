package handlers

import (
	"context"
	"net/http"
	"net/url"

	"shoushan/bot"
	"shoushan/fault"
)

// RemindPath is where WeChat leads after a citizen has answered whether to be told once (一次性订阅消息).
const RemindPath = "/remind"

var remindWords = []string{"提醒", "提醒我", "订阅提醒", "开通提醒", "通知我"}

// Reminders lets citizens agree to be told of progress after the 48 hours in which they can be written to.
type Reminders interface {
	// Link returns the address of WeChat's page at which the citizen agrees to one message.
	Link(ctx context.Context, openID string) (string, error)
	// Answer notes the citizen's answer there, or returns NotFound for an answer to nothing.
	Answer(ctx context.Context, openID, secret string, agreed bool) error
	// Forget deletes what the citizen has agreed to.
	Forget(ctx context.Context, openID string) error
}

// remind offers the page at which a citizen agrees to one message.
func (c *Citizen) remind(ctx context.Context, openID string) (bot.Reply, error) {
	if c.Reminders == nil {
		return say("申请有进展，48 小时内会在这里通知您；过后请回复“查进度”，我们也会打电话通知您。"), nil
	}
	link, err := c.Reminders.Link(ctx, openID)
	if err != nil {
		return bot.Reply{}, err
	}
	return say(paragraphs("微信只允许我们在您发消息后的 48 小时内主动通知您。想在以后有进展时也收到一次微信提醒，请打开下面的链接，点“允许”：\n"+link,
		"每同意一次，可以提醒一次；不同意也不影响办理，我们会打电话通知您。")), nil
}

// remindPage takes the citizen's answer at WeChat's page. It shows nothing of anybody. Who closes the page at once has
// answered all the same.
func (p pages) remindPage(w http.ResponseWriter, r *http.Request) {
	said, status := p.reminded(context.WithoutCancel(r.Context()), r.URL.Query())
	p.write(w, status, "remind", remindedPage{p.titled("微信提醒"), said})
}

type remindedPage struct {
	page
	Says string
}

func (p pages) reminded(ctx context.Context, q url.Values) (says string, status int) {
	c := p.citizen
	if c.Reminders == nil {
		return "没有开通微信提醒。", http.StatusNotFound
	}
	agreed := q.Get("action") == "confirm"
	err := c.Reminders.Answer(ctx, q.Get("openid"), q.Get("reserved"), agreed)
	switch {
	case fault.Is(err, fault.NotFound):
		return fault.Message(err), http.StatusNotFound
	case err != nil:
		if c.Log != nil {
			c.Log.ErrorContext(ctx, "an answer about reminders was lost", "error", err)
		}
		return "系统暂时出了问题，没有记下来，请过一会儿再试。", http.StatusServiceUnavailable
	case agreed:
		return "好的，申请有进展时会在微信里提醒您一次。现在可以关闭这个页面。", http.StatusOK
	}
	return "没有开通提醒，不影响办理。申请有进展时我们会打电话通知您，您也可以随时在公众号里查进度。", http.StatusOK
}
