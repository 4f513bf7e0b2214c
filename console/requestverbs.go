package console

import (
	"context"
	"slices"

	"shoushan/disclosure"
	"shoushan/staff"
)

// legal offers a verb of the desk wherever its table has it and the member has the right.
func legal(do disclosure.Action) func(disclosure.Request, staff.Member) bool {
	return func(r disclosure.Request, who staff.Member) bool {
		return r.Allows(do) && disclosure.MayDo(who, do)
	}
}

// requestVerbs is every act on a request that pages offer, in the order in which they do.
var requestVerbs = slices.Concat(noticeVerbs, mainVerbs, lawVerbs, besideVerbs)

// mainVerbs are the steps that every request takes.
var mainVerbs = []verb[disclosure.Request]{
	{name: "confirm", title: "双方已确认", explain: "与申请人联系、确认了申请内容之后点这里，期限从今天的次日起算（条例第三十一条）。", rights: handling,
		offered: mayConfirm, do: plain((*disclosure.Desk).Confirm, "已确认，期限开始计算。")},
	{name: "accept", title: "签收登记", explain: "表示已经看到这件申请并登记入册；不影响期限。", rights: handling, offered: mayAccept,
		do: plain((*disclosure.Desk).Accept, "已签收登记。")},
	{name: "signoff", title: "签发答复", explain: "请先看过上面的处理结果和答复书全文。签发后编文号，等待送达；自己拟的答复不能自己签发。", rights: signing, offered: maySign,
		do: plain((*disclosure.Desk).SignOff, "已签发，等待送达。")},
	{name: "return", title: "退回修改", danger: true, rights: signing, offered: legal(disclosure.DoReturnDraft), fields: asks[disclosure.Request](field{Name: "reason", Label: "退回原因", Kind: textBlock, Required: true}),
		do: func(c *Console, v *visit, r disclosure.Request) (string, error) {
			_, err := c.deskAsSeen(v).ReturnDraft(v.ctx(), v.who, r.ID, v.form("reason"))
			return "已退回经办人。", err
		}},
	{name: "deliver", title: "登记送达", explain: "答复当面交付、寄出或者发出之后在这里登记；送达之日决定计入哪一年。", rights: handling, offered: legal(disclosure.DoDeliver), fields: deliveryFields,
		do: func(c *Console, v *visit, r disclosure.Request) (string, error) {
			on, err := v.dateOrNone("on", "送达日期")
			if err == nil {
				_, err = c.deskAsSeen(v).DeliverOn(v.ctx(), v.who, r.ID, disclosure.Delivery(v.form("via")), v.form("proof"), on)
			}
			return "已登记送达，申请办结。", err
		}},
	{name: "decide", title: "拟定答复", explain: "选择处理结果，系统只问这种结果法定要写的内容，并拟出文书。", rights: handling, offered: legal(disclosure.DoDecide),
		pick: outcomePicker, fields: decideFields,
		do: func(c *Console, v *visit, r disclosure.Request) (string, error) {
			_, err := c.deskAsSeen(v).Decide(v.ctx(), v.who, r.ID, typedDecision(v))
			return "答复已拟定，等待另一位有权限的人签发。", err
		}},
}

// deskVerb is a verb of the desk that asks nothing.
type deskVerb = func(d *disclosure.Desk, ctx context.Context, by staff.Member, id string) (disclosure.Request, error)

// plain does a verb that asks nothing.
func plain(do deskVerb, done string) func(*Console, *visit, disclosure.Request) (string, error) {
	return func(c *Console, v *visit, r disclosure.Request) (string, error) {
		_, err := do(c.deskAsSeen(v), v.ctx(), v.who, r.ID)
		return done, err
	}
}

// asks is a fixed list of fields.
func asks[T any](fields ...field) func(*Console, *visit, T) ([]field, error) {
	return func(*Console, *visit, T) ([]field, error) { return append([]field(nil), fields...), nil }
}

// mayConfirm offers the confirmation for what came by chat; the other channels have been confirmed by being received.
func mayConfirm(r disclosure.Request, who staff.Member) bool {
	return r.State == disclosure.Submitted && legal(disclosure.DoConfirm)(r, who)
}

func mayAccept(r disclosure.Request, who staff.Member) bool {
	return r.RegisterAt.IsZero() && legal(disclosure.DoRegister)(r, who)
}

func maySign(r disclosure.Request, who staff.Member) bool {
	return legal(disclosure.DoSignOff)(r, who) && (r.Decision == nil || r.Decision.DraftedBy != who.ID)
}

// deliveryFields proposes the way that the applicant asked for.
func deliveryFields(_ *Console, _ *visit, r disclosure.Request) ([]field, error) {
	return []field{
		{Name: "via", Label: "送达方式", Kind: pickOne, Required: true, Help: "微信送达的，会请申请人回复“收到”；三个工作日没有回音的，列入“微信送达未确认”。", Value: string(r.Filing.Delivery), Options: choices(disclosure.Delivery.Chinese, disclosure.Deliveries()...)},
		{Name: "proof", Label: "送达凭证", Kind: textLine, Help: "邮寄的填 EMS 邮件号（不能用其他快递）；当面领取的填签收情况；微信的可以不填。"},
		{Name: "on", Label: "送达日期", Kind: dateField, Help: "邮寄的是交给邮政企业的日期，当面领取的是签收的日期；不填就是今天。不能早于签发日期。"},
	}, nil
}

// handlerFields lists the people of the desk.
func handlerFields(c *Console, v *visit, r disclosure.Request) ([]field, error) {
	all, err := c.cfg.Members.Members(v.ctx())
	f := field{Name: "handler", Label: "经办人", Kind: pickOne, Required: true, Value: r.HandlerID}
	if f.Value == "" {
		f.Value = v.who.ID
	}
	for _, m := range all {
		if m.May(staff.HandleRequests) {
			f.Options = append(f.Options, option{Value: m.ID, Label: m.Name})
		}
	}
	return []field{f}, err
}
