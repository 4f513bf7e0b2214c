package bot

import (
	"context"
	"strings"
)

// Channels are the ways to a citizen beside customer-service messages. The zero value has none.
type Channels struct {
	Sender   ConsentedSender
	Consents *Consents // nil: nobody is asked to agree to anything

	OneTimeTemplate string // the account's template of one-time messages; "": not used

	// Template is that of subscription messages, for certified service accounts; "": not used. Field is its keyword that takes
	// a sentence of at most 20 characters, such as thing1.
	Template, Field string

	Page string // opened by a tap on such a message; may be ""
}

// ConsentedSender sends what citizens have agreed to; Client is one.
type ConsentedSender interface {
	SendOneTime(ctx context.Context, m OneTime) error
	SendSubscription(ctx context.Context, openID, templateID, page string, data map[string]string) error
}

// What Notify answers for these ways.
const (
	SentOneTime      = "已发送一次性订阅消息"
	SentSubscription = "已发送订阅通知，全文待下次联系时显示"
)

const (
	oneTimeTitle     = "办理进展"
	subscriptionText = "您的申请有新进展，请查看" // of thing: at most 20 characters
	wholeText        = "……全文请在公众号里回复任意内容查看"
)

// consented tries the ways that need consent. Whole reports whether the citizen has got the entire text; how is "" when no
// way was open. What may have arrived counts as not sent: better told twice than never.
func (n *Notifier) consented(ctx context.Context, openID, text string) (how string, whole bool) {
	ch := n.Channels
	if ch.Consents == nil {
		return "", false
	}
	if ch.OneTimeTemplate != "" {
		if whole, ok := n.sendOneTime(ctx, openID, text); ok {
			return SentOneTime, whole
		}
	}
	if ch.Template != "" && n.sendSubscription(ctx, openID) {
		return SentSubscription, false
	}
	return "", false
}

func (n *Notifier) sendOneTime(ctx context.Context, openID, text string) (whole, ok bool) {
	scene, agreed, err := n.Channels.Consents.takeScene(ctx, openID)
	if err != nil {
		n.Log.Warn("consents", "error", err)
	}
	if !agreed {
		return false, false
	}
	content, whole := short(text, OneTimeContent)
	err = n.Channels.Sender.SendOneTime(ctx, OneTime{
		OpenID: openID, TemplateID: n.Channels.OneTimeTemplate, Scene: scene, Title: oneTimeTitle, Content: content, URL: n.Channels.Page,
	})
	if err != nil {
		n.Log.Warn("one-time message not sent", "error", err)
		n.giveBack(ctx, openID, err, func(p *consentPaper) { p.Scenes = append([]int{scene}, p.Scenes...) })
	}
	return whole, err == nil
}

func (n *Notifier) sendSubscription(ctx context.Context, openID string) bool {
	ch := n.Channels
	agreed, err := ch.Consents.takeSubscription(ctx, openID, ch.Template)
	if err != nil {
		n.Log.Warn("consents", "error", err)
	}
	if !agreed {
		return false
	}
	err = ch.Sender.SendSubscription(ctx, openID, ch.Template, ch.Page, map[string]string{ch.Field: subscriptionText})
	if err != nil {
		n.Log.Warn("subscription message not sent", "error", err)
		n.giveBack(ctx, openID, err, func(p *consentPaper) { p.Subscribed[ch.Template]++ })
	}
	return err == nil
}

// giveBack restores a consent that was not used, unless the platform says that there is none.
func (n *Notifier) giveBack(ctx context.Context, openID string, why error, restore func(*consentPaper)) {
	if Code(why) == codeNoConsent {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), queueWithin)
	defer cancel()
	err := n.Channels.Consents.change(ctx, openID, func(p *consentPaper) error {
		if p.Subscribed == nil {
			p.Subscribed = map[string]int{}
		}
		restore(p)
		return nil
	})
	if err != nil {
		n.Log.Warn("consents", "error", err)
	}
}

// short returns a text of at most limit characters, and whether it is the whole one.
func short(text string, limit int) (string, bool) {
	runes := []rune(strings.TrimSpace(text))
	if len(runes) <= limit {
		return string(runes), true
	}
	return string(runes[:limit-len([]rune(wholeText))]) + wholeText, false
}
