package console

import (
	"slices"
	"strconv"

	"shoushan/disclosure"
	"shoushan/staff"
	"shoushan/workday"
)

// besideVerbs are the acts around a case: what is told, asked and filed away.
var besideVerbs = []verb[disclosure.Request]{
	{name: "handback", title: "退回分派", more: true, danger: true, explain: "不归您办的，写明原因退回，由分派的人重新分派；期限照常计算。", rights: handling, offered: mayHandBack,
		fields: asks[disclosure.Request](field{Name: "reason", Label: "退回的原因", Kind: textBlock, Required: true}),
		do: func(c *Console, v *visit, r disclosure.Request) (string, error) {
			_, err := c.deskAsSeen(v).HandBack(v.ctx(), v.who, r.ID, v.form("reason"))
			return "已退回，等待重新分派。", err
		}},
	{name: "acknowledge", title: "知道了", hidden: true, rights: drafting, offered: always, // stands beside the reminder
		do: plain((*disclosure.Desk).Acknowledge, "已确认。")},
	{name: "received", title: "登记对方收到征求意见书", explain: "对方的 15 个工作日从收到的次日起算（条例第三十二条、第三十四条）。不知道收到日期的，按发出日期计算。", rights: handling,
		offered: mayEnterReceipt, fields: receivedFields,
		do: func(c *Console, v *visit, r disclosure.Request) (string, error) {
			on, err := v.dateOrNone("on", "收到日期")
			if err == nil {
				_, err = c.deskAsSeen(v).ConsultationReceived(v.ctx(), v.who, r.ID, v.number("no"), on)
			}
			return "已登记，期限重新推算。", err
		}},
	{name: "fee-received", title: "登记申请人收到收费通知书", explain: "20 个工作日的缴费期限从收到通知的次日起算；邮寄的，按邮件签收日填写。", rights: handling, offered: feeUnseen,
		fields: feeSeenFields,
		do: func(c *Console, v *visit, r disclosure.Request) (string, error) {
			on, err := v.dateOrNone("on", "收到日期")
			if err == nil {
				_, err = c.deskAsSeen(v).FeeNoticeReceived(v.ctx(), v.who, r.ID, on)
			}
			return "已登记，缴费期限从收到的次日起算。", err
		}},
	{name: "got", title: "登记申请人确认收到", more: true, explain: "申请人打电话或者当面说收到了文书的，在这里登记，作为证据保留；送达日期和期限都不变。", rights: handling, offered: ungot,
		do: func(c *Console, v *visit, r disclosure.Request) (string, error) {
			_, err := c.deskAsSeen(v).LettersSeen(v.ctx(), v.who, r.ID, disclosure.Acknowledged)
			return "已登记申请人确认收到。", err
		}},
	{name: "suggested", title: "登记申请人建议主动公开", more: true, explain: "申请人认为已经公开的信息应当让公众知晓的，可以建议纳入主动公开的范围（条例第四十四条）。", rights: handling, offered: maySuggest,
		do: plain((*disclosure.Desk).SuggestProactive, "已登记，请在“转为主动公开”里审核。")},
	{name: "assist", title: "发协办函", more: true, explain: "请其他部门协助检索或者提供信息；不是征求意见，协办的时间计算在答复期限内。", rights: handling, offered: legal(disclosure.DoAssist),
		fields: asks[disclosure.Request](
			field{Name: "office", Label: "协办单位", Kind: textLine, Required: true},
			field{Name: "about", Label: "需要协办的内容", Kind: textBlock, Required: true},
			field{Name: "until", Label: "请在哪一天以前回复", Kind: dateField, Required: true}),
		do: func(c *Console, v *visit, r disclosure.Request) (string, error) {
			until, err := v.date("until", "回复的日期")
			if err == nil {
				_, err = c.deskAsSeen(v).Assist(v.ctx(), v.who, r.ID, v.form("office"), v.form("about"), until)
			}
			return drafted, err
		}},
	{name: "archive", title: "归档", explain: "案卷整理完毕后填写归档号（条例第四十五条）。", rights: handling, offered: mayArchive,
		fields: asks[disclosure.Request](field{Name: "number", Label: "归档号", Kind: textLine, Required: true, Help: "例如：2026-XXGK-012。"}),
		do: func(c *Console, v *visit, r disclosure.Request) (string, error) {
			_, err := c.deskAsSeen(v).ArchiveCase(v.ctx(), v.who, r.ID, v.form("number"))
			return "已归档。", err
		}},
	{name: "assign", title: "分派经办人", rights: []staff.Right{staff.HandleRequests, staff.SignReplies}, offered: legal(disclosure.DoAssign), fields: handlerFields,
		beside: func(r disclosure.Request) bool {
			return r.State != disclosure.Handling || r.HandlerID != "" || r.Notice != nil
		},
		do: func(c *Console, v *visit, r disclosure.Request) (string, error) {
			_, err := c.deskAsSeen(v).Assign(v.ctx(), v.who, r.ID, v.form("handler"))
			return "已分派。", err
		}},
	{name: "note", title: "添加备注", hidden: true, rights: drafting, offered: always,
		fields: asks[disclosure.Request](field{Name: "text", Label: "备注", Kind: textBlock, Required: true}),
		do: func(c *Console, v *visit, r disclosure.Request) (string, error) {
			_, err := c.deskAsSeen(v).AddNote(v.ctx(), v.who, r.ID, v.form("text"))
			return "已添加备注。", err
		}},
}

func mayHandBack(r disclosure.Request, who staff.Member) bool {
	return r.State != disclosure.Closed && r.HandlerID == who.ID && disclosure.MayDo(who, disclosure.DoHandBack)
}

func always(disclosure.Request, staff.Member) bool { return true }

// ungot: some letter has left the house and nobody has said that it arrived.
func ungot(r disclosure.Request, who staff.Member) bool {
	return r.UnseenLetters(disclosure.Acknowledged) && disclosure.MayDo(who, disclosure.DoSeeLetters)
}

func maySuggest(r disclosure.Request, who staff.Member) bool {
	return r.Released() && r.SuggestedOn.IsZero() && r.Proactive == nil && disclosure.MayDo(who, disclosure.DoSuggest)
}

// feeSeenFields propose the day on which the applicant is known to have had the notice; a person enters it.
func feeSeenFields(_ *Console, _ *visit, r disclosure.Request) ([]field, error) {
	f := arrivedField("收到日期")
	for _, l := range r.Letters {
		at := l.AcknowledgedAt
		if at.IsZero() || !l.OpenedAt.IsZero() && l.OpenedAt.Before(at) {
			at = l.OpenedAt
		}
		if l.Template == "fee_notice" && !at.IsZero() {
			f.Value, f.Help = workday.Of(at).String(), "申请人这一天已经看到通知（见文书旁边的记录），请核对。"
		}
	}
	return []field{f}, nil
}

// feeUnseen: the day on which the notice of the fee arrived is still to be entered.
func feeUnseen(r disclosure.Request, who staff.Member) bool {
	return r.Fee != nil && r.Fee.ReceivedOn.IsZero() && legal(disclosure.DoFeeNoticeSeen)(r, who)
}

func mayArchive(r disclosure.Request, who staff.Member) bool {
	open := slices.ContainsFunc(r.Remedies, func(m disclosure.Remedy) bool { return m.ClosedOn.IsZero() })
	return r.Archive == nil && !open && legal(disclosure.DoArchive)(r, who)
}

// unreceived are the consultations whose receipt is not known yet.
func unreceived(r disclosure.Request) []disclosure.Consultation {
	return keep(slices.Clone(r.Consultations), func(q disclosure.Consultation) bool { return q.Answer == "" && q.ReceivedOn.IsZero() })
}

func mayEnterReceipt(r disclosure.Request, who staff.Member) bool {
	return len(unreceived(r)) > 0 && legal(disclosure.DoConsultationSeen)(r, who)
}

func receivedFields(_ *Console, _ *visit, r disclosure.Request) ([]field, error) {
	which := field{Name: "no", Label: "哪一份征求意见书", Kind: pickOne, Required: true}
	for _, q := range unreceived(r) {
		which.Options = append(which.Options, option{strconv.Itoa(q.No), q.Party.Chinese() + "，" + q.SentOn.Chinese() + "发出"})
	}
	return []field{which, arrivedField("对方收到的日期")}, nil
}
