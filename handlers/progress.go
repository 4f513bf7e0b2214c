package handlers

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"shoushan/bot"
	"shoushan/disclosure"
	"shoushan/fault"
	"shoushan/workday"
)

// How many wrong query codes one person may try within the window of Guesses, and how many all together on one request:
// at 30 in 15 minutes a six-digit code holds for months.
const (
	wrongByPerson  = 5
	wrongByRequest = 30
)

// newestShown is how many requests the list of one's own shows.
const newestShown = 5

// progress lists the citizen's own requests, newest first.
func (c *Citizen) progress(ctx context.Context, openID string) (bot.Reply, error) {
	own, err := c.Requests.Requests(ctx, disclosure.Query{OpenID: openID})
	if err != nil {
		return bot.Reply{}, err
	}
	if len(own) == 0 {
		return say(paragraphs("您在这个微信上还没有提交过申请。",
			"在别处提交的，请发送“编号 查询码”，例如：2026-0012 123456"+c.progressLink(),
			"要申请请回复“申请公开”。")), nil
	}
	cal, err := c.Calendar(ctx)
	if err != nil {
		return bot.Reply{}, err
	}
	slices.Reverse(own)
	parts := []string{fmt.Sprintf("您一共提交了 %d 件申请，最新的在前：", len(own))}
	for _, r := range own[:min(newestShown, len(own))] {
		parts = append(parts, c.inList(r, cal))
	}
	parts = append(parts, "看某一件的详情，请回复它的编号，例如："+own[0].ID)
	return say(paragraphs(parts...)), nil
}

// inList is one request on the list of one's own.
func (c *Citizen) inList(r disclosure.Request, cal workday.Calendar) string {
	return lines(r.ID+"　"+stateText(r), shorten(r.Filing.Personal.Description, 30), c.dueLine(r, cal))
}

// lookup answers a request number alone for whoever filed it, and a number with its query code for anybody; ok is false
// when the text is neither.
func (c *Citizen) lookup(ctx context.Context, openID, text string) (bot.Reply, bool, error) {
	if m := lookupForm.FindStringSubmatch(text); m != nil {
		r, err := c.withCode(ctx, "chat:"+openID, m[1], m[2])
		return c.shown(ctx, r, "", err)
	}
	if !numberForm.MatchString(text) {
		return bot.Reply{}, false, nil
	}
	if r, ok, err := c.own(ctx, openID, text); ok || err != nil {
		return c.shown(ctx, r, labelled("查询码", r.QueryCode), err)
	}
	return say("这个编号不是在您的微信上提交的。请连同查询码一起发送，例如：" + text + " 123456"), true, nil
}

// shown shows a request that was found; extra is for the eyes of whoever filed it.
func (c *Citizen) shown(ctx context.Context, r disclosure.Request, extra string, err error) (bot.Reply, bool, error) {
	if err != nil {
		return bot.Reply{}, true, err
	}
	cal, err := c.Calendar(ctx)
	if err != nil {
		return bot.Reply{}, true, err
	}
	text, whole := c.detail(r, cal, extra)
	if whole && extra != "" {
		c.opened(ctx, r, disclosure.OpenedInChat)
	} else if whole {
		c.opened(ctx, r, disclosure.OpenedByCode)
	}
	return bot.Reply{Text: text}, true, nil
}

// withCode opens a request by number and code. An attempt is counted for the person and for the request before the code is
// compared, so that attempts made at once are counted too; a right one is given back.
func (c *Citizen) withCode(ctx context.Context, person, id, code string) (disclosure.Request, error) {
	attempts := map[string]int{person: wrongByPerson, "request:" + id: wrongByRequest}
	for key, limit := range attempts {
		if ok, err := c.Guesses.Take(ctx, key, limit); err != nil {
			return disclosure.Request{}, err
		} else if !ok {
			return disclosure.Request{}, fault.New(fault.Forbidden, "查询码输错的次数太多了，请过一个小时再试。忘了查询码请打电话："+c.organ().Phone)
		}
	}
	r, err := c.Desk.Progress(ctx, id, code)
	if !fault.Is(err, fault.NotFound) {
		for key := range attempts {
			err = errors.Join(err, c.Guesses.GiveBack(ctx, key))
		}
		return r, err
	}
	return disclosure.Request{}, fault.Wrap(fault.NotFound, err, "编号和查询码对不上，请对照登记回执再看一遍。编号像 2026-0012，查询码是 6 位数字。")
}

// detail shows one request: where it is, until when, and the text of the letters that were served. What does not fit is
// cut at the end, after saying where the whole can be read; whole reports that nothing was.
func (c *Citizen) detail(r disclosure.Request, cal workday.Calendar, extra string) (text string, whole bool) {
	head := paragraphs(
		lines("申请编号："+r.ID, extra, "收到日期："+r.ReceivedOn.Chinese(), "状态："+stateText(r), c.dueLine(r, cal), c.lateNote(r, cal)),
		c.enclosureNote(r), stateHint(r),
	)
	var letters []string
	for _, l := range served(r) {
		letters = append(letters, letterText(l))
	}
	text = paragraphs(append([]string{head}, letters...)...)
	if len(text) <= replyBytes {
		return text, true
	}
	more := "\n（全文较长，请打电话 " + c.organ().Phone + " 或者到窗口查阅）"
	if page := c.page(ProgressPath); page != "" {
		more = "\n（全文请打开 " + page + " ，用编号和查询码查看）"
	}
	return fit(text, replyBytes-len(more)) + more, false
}

// owed reports whether an answer is owed and its clock runs.
func owed(r disclosure.Request, d disclosure.Deadline) bool {
	switch r.State {
	case disclosure.Closed, disclosure.AwaitingSupplement, disclosure.AwaitingPayment:
		return false
	default:
		return !d.Due.IsZero()
	}
}

// dueLine tells the due date while an answer is owed, and the day of service afterwards.
func (c *Citizen) dueLine(r disclosure.Request, cal workday.Calendar) string {
	switch deadline := r.Deadline(cal); {
	case owed(r, deadline):
		return labelled("答复期限", dueText(deadline))
	case r.State == disclosure.Closed && r.Decision != nil:
		return labelled(endLabel(r), r.Decision.ServedOn.Chinese())
	}
	return ""
}

// endLabel names the day on which a request ended: with an answer, or without one when it was withdrawn or lapsed.
func endLabel(r disclosure.Request) string {
	if slices.ContainsFunc(r.Issued(), func(l disclosure.Letter) bool { return strings.HasPrefix(l.Template, "reply_") }) {
		return "答复日期"
	}
	return "办结日期"
}

// lateNote is honest about a passed due date and names the remedies (条例第五十一条、行政复议法第二十三条).
func (c *Citizen) lateNote(r disclosure.Request, cal workday.Calendar) string {
	if deadline := r.Deadline(cal); !owed(r, deadline) || !workday.Of(c.Now()).After(deadline.Due) {
		return ""
	}
	return "已经超过答复期限，很抱歉。请打电话催办：" + c.organ().Phone + "。您可以依照条例第五十一条向" + supervisor(c.organ()) + "投诉、举报，也" + noReply(c.organ())
}

// stateText names the state for citizens.
func stateText(r disclosure.Request) string { return r.State.Chinese() }

// stateHint says what the citizen can or must do now.
func stateHint(r disclosure.Request) string {
	if r.State == disclosure.Handling && r.Reasons != nil && len(r.Reasons.Given) == 0 {
		return "请在" + r.Reasons.Until.Chinese() + "以前说明理由：在提交申请的微信上回复“说明理由 " + r.ID + "”加您的理由，或者当面、邮寄（条例第三十五条）。"
	}
	if r.Released() && r.SuggestedOn.IsZero() && r.Filing.OpenID != "" {
		return "您认为这项信息应当让公众知晓的，可以在提交申请的微信上回复“建议公开 " + r.ID + "”（条例第四十四条）。"
	}
	switch r.State {
	case disclosure.AwaitingSupplement:
		return "请按补正告知书补充内容：在提交申请的微信上回复“补正”，或者当面、邮寄、打电话。收到补正之日起重新计算答复期限（条例第三十条）。"
	case disclosure.Consulting:
		return "正在征求第三方或者其他机关的意见，这段时间不计算在答复期限内（条例第三十三条）。"
	case disclosure.AwaitingPayment:
		return "请按收费通知书缴费，缴费后继续办理（条例第四十二条）。"
	default:
		return ""
	}
}

// letterText is a letter as it reads on a phone.
func letterText(l disclosure.Letter) string {
	return lines(strings.TrimSpace("《"+l.Title+"》"+l.Number), l.Recipient+"：", strings.Join(l.Paragraphs, "\n"), l.SignedBy, l.Date.Chinese())
}

// served returns the letters that have reached the applicant, newest first, without the receipt, which says nothing that
// is not above it.
func served(r disclosure.Request) []disclosure.Letter {
	letters := slices.DeleteFunc(r.Issued(), func(l disclosure.Letter) bool { return l.Template == "receipt" })
	slices.Reverse(letters)
	return letters
}
