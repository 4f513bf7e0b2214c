package bot

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"slices"
	"time"

	"shoushan/fault"
)

// offerLife is how long an offer to agree to a one-time message may be taken up; maxOffers how many one citizen may have.
const (
	offerLife = 7 * 24 * time.Hour
	maxOffers = 5
)

// Consents is the ledger of what citizens have agreed to be told outside a conversation: one-time messages, one for each
// consent (一次性订阅消息), and subscription messages by template (订阅通知).
type Consents struct {
	Papers Papers
	Now    func() time.Time
}

// offer is a consent page that was shown and not answered yet.
type offer struct {
	Nonce string    `json:"nonce"`
	Scene int       `json:"scene"`
	Until time.Time `json:"until"`
}

// consentPaper is what one citizen has agreed to.
type consentPaper struct {
	NextScene  int            `json:"next_scene"`
	Offers     []offer        `json:"offers,omitempty"`
	Scenes     []int          `json:"scenes,omitempty"`     // agreed to and unused, oldest first
	Subscribed map[string]int `json:"subscribed,omitempty"` // template → messages agreed to
}

func (c *Consents) change(ctx context.Context, openID string, change func(*consentPaper) error) error {
	return ChangePaper(ctx, c.Papers, openID, 0, func(p *consentPaper) (bool, error) { return true, change(p) })
}

// Offer notes that a consent page is shown to the citizen, and returns the scene and the secret that the answer must bring.
// Each offer has a scene of its own, because consents in one scene do not add up.
func (c *Consents) Offer(ctx context.Context, openID string) (scene int, nonce string, err error) {
	if err := checkOpenID(openID); err != nil {
		return 0, "", err
	}
	err = c.change(ctx, openID, func(p *consentPaper) error {
		p.forgetOffers(c.Now())
		scene, nonce = p.NextScene, rand.Text()
		p.NextScene = (p.NextScene + 1) % (MaxScene + 1)
		p.Offers = append(p.Offers, offer{nonce, scene, c.Now().Add(offerLife).UTC()})
		if len(p.Offers) > maxOffers {
			p.Offers = p.Offers[len(p.Offers)-maxOffers:]
		}
		return nil
	})
	return scene, nonce, err
}

func (p *consentPaper) forgetOffers(now time.Time) {
	p.Offers = slices.DeleteFunc(p.Offers, func(o offer) bool { return !now.Before(o.Until) })
}

// Answer notes the citizen's answer to an offer. An answer to no offer, or a second one, is NotFound: anybody can open the
// address that WeChat leads to afterwards, but only who saw the page knows the secret.
func (c *Consents) Answer(ctx context.Context, openID, nonce string, agreed bool) error {
	none := fault.New(fault.NotFound, "这个提醒链接已经用过或者过期了，请在公众号里重新回复“提醒”。")
	if checkOpenID(openID) != nil || nonce == "" {
		return none
	}
	return c.change(ctx, openID, func(p *consentPaper) error {
		p.forgetOffers(c.Now())
		i := slices.IndexFunc(p.Offers, func(o offer) bool { return subtle.ConstantTimeCompare([]byte(o.Nonce), []byte(nonce)) == 1 })
		if i < 0 {
			return none
		}
		if agreed {
			p.Scenes = append(p.Scenes, p.Offers[i].Scene)
		}
		p.Offers = slices.Delete(p.Offers, i, i+1)
		return nil
	})
}

// Record notes what a message says about subscription messages: the citizen's answer in a pop-up, or a later refusal.
func (c *Consents) Record(ctx context.Context, m Message) error {
	answers := ConsentEvents(m)
	if len(answers) == 0 {
		return nil
	}
	return c.change(ctx, m.From, func(p *consentPaper) error {
		if p.Subscribed == nil {
			p.Subscribed = map[string]int{}
		}
		for _, a := range answers {
			if a.Accepted {
				p.Subscribed[a.TemplateID]++
			} else {
				delete(p.Subscribed, a.TemplateID)
			}
		}
		return nil
	})
}

// takeScene uses up the citizen's oldest consent to a one-time message; ok is false when there is none.
func (c *Consents) takeScene(ctx context.Context, openID string) (scene int, ok bool, err error) {
	err = c.change(ctx, openID, func(p *consentPaper) error {
		if ok = len(p.Scenes) > 0; !ok {
			return errAsItWas
		}
		scene, p.Scenes = p.Scenes[0], slices.Delete(p.Scenes, 0, 1)
		return nil
	})
	return scene, ok && err == nil, err
}

// takeSubscription uses up one consent to a template.
func (c *Consents) takeSubscription(ctx context.Context, openID, template string) (ok bool, err error) {
	err = c.change(ctx, openID, func(p *consentPaper) error {
		if ok = p.Subscribed[template] > 0; !ok {
			return errAsItWas
		}
		p.Subscribed[template]--
		return nil
	})
	return ok && err == nil, err
}

// Left tells how many one-time messages, and how many of a template, the citizen has agreed to and not got.
func (c *Consents) Left(ctx context.Context, openID, template string) (oneTime, subscription int, err error) {
	p, err := ReadPaper[consentPaper](ctx, c.Papers, openID)
	return len(p.Scenes), p.Subscribed[template], err
}

// Forget deletes everything that the citizen has agreed to.
func (c *Consents) Forget(ctx context.Context, openID string) error {
	return c.Papers.Delete(ctx, openID)
}
