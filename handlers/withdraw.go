package handlers

import (
	"context"

	"shoushan/bot"
	"shoushan/disclosure"
	"shoushan/staff"
)

// aboutRequest answers texts about a filed request: 撤回 with its number, 收到 and 说明理由, the number alone, the number with its
// code.
func (c *Citizen) aboutRequest(ctx context.Context, openID, text string) (bot.Reply, bool, error) {
	if m := takeBack.FindStringSubmatch(text); m != nil {
		reply, err := c.withdraw(ctx, openID, m[2], m[1] != "")
		return reply, true, err
	}
	if reply, ok, err := c.aboutLetters(ctx, openID, text); ok || err != nil {
		return reply, ok, err
	}
	return c.lookup(ctx, openID, text)
}

// withdraw takes back a request that this citizen filed here: first asking, then at 确定撤回 with the number. A query code
// is not enough for it.
func (c *Citizen) withdraw(ctx context.Context, openID, id string, sure bool) (bot.Reply, error) {
	r, ok, err := c.own(ctx, openID, id)
	switch {
	case err != nil:
		return bot.Reply{}, err
	case id == "":
		return say("要撤回已经提交的申请，请回复“撤回”加编号，例如：撤回 2026-0012。编号可以回复“查进度”查到；没提交的草稿回复“取消”。"), nil
	case !ok:
		return say("这个编号不是在您的微信上提交的，不能在这里撤回。请打电话：" + c.organ().Phone), nil
	case r.State == disclosure.Closed:
		return say("申请 " + id + " 已经办结，不能撤回。回复编号可以再看答复。"), nil
	case !sure:
		return say("撤回以后，申请 " + id + "（" + shorten(r.Filing.Personal.Description, 30) + "）就不再办理了。确定撤回请回复：确定撤回 " + id), nil
	}
	if _, err := c.Desk.Withdraw(ctx, staff.Citizen, id, "申请人在微信中撤回"); err != nil {
		return bot.Reply{}, err
	}
	return say("申请 " + id + " 已经撤回，不再办理。以后需要可以随时重新申请。"), nil
}

// own returns the request with the number when this citizen filed it here.
func (c *Citizen) own(ctx context.Context, openID, id string) (disclosure.Request, bool, error) {
	list, err := c.Requests.Requests(ctx, disclosure.Query{OpenID: openID})
	for _, r := range list {
		if r.ID == id {
			return r, true, err
		}
	}
	return disclosure.Request{}, false, err
}
