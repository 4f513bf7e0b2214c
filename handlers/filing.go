package handlers

import (
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"strings"
	"time"

	"shoushan/bot"
	"shoushan/disclosure"
	"shoushan/fault"
	"shoushan/staff"
	"shoushan/workday"
)

// filingsByPerson bounds what one account can file in an hour, so that a script cannot flood the register; whoever really
// wants more has the counter and the post (条例第三十五条 deals with excess by reasons, not by refusal).
const filingsByPerson = 10

// file hands a confirmed application in and answers with the receipt. The draft is marked before and deleted after, so
// that a crash in between neither loses the application nor files it twice; any failure keeps it.
func (c *Citizen) file(ctx context.Context, openID string, d draft) (bot.Reply, error) {
	if ok, err := c.Guesses.Take(ctx, "file:"+openID, filingsByPerson); err != nil {
		return bot.Reply{}, err
	} else if !ok {
		return bot.Reply{}, fault.Newf(fault.Conflict, "一个小时里最多在这里提交 %d 件申请。草稿还在，请过一个小时再回复“确认”；急的话请当面提交或者邮寄，这两种方式不限件数。", filingsByPerson)
	}
	filing, err := c.withPictures(ctx, openID, d.Filing)
	if err != nil {
		return bot.Reply{}, err
	}
	d.Filing = filing
	d.Filing.OpenID, d.Filing.ConsentAt = openID, d.ConsentAt
	d.FilingAt = c.Now().UTC()
	if d.Filing.Key == "" {
		d.Filing.Key = rand.Text() // the same for all who hand this draft in, however often
	}
	if err := c.save(ctx, openID, &d); err != nil {
		return bot.Reply{}, err
	}
	r, err := c.Desk.SubmitConfirmed(ctx, staff.Citizen, d.Filing)
	return c.received(ctx, openID, r, err)
}

// settle answers with the receipt when the draft's handing in was begun, got through, and was never answered; ok is
// false when the draft is still to be filled in or handed in.
func (c *Citizen) settle(ctx context.Context, openID string, d *draft) (reply bot.Reply, ok bool, err error) {
	if d == nil || d.FilingAt.IsZero() {
		return bot.Reply{}, false, nil
	}
	r, ok, err := c.filed(ctx, openID, *d)
	if err != nil || !ok {
		return bot.Reply{}, false, err
	}
	reply, err = c.received(ctx, openID, r, nil)
	return reply, true, err
}

// filed returns the request that came of a draft whose handing in was begun.
func (c *Citizen) filed(ctx context.Context, openID string, d draft) (disclosure.Request, bool, error) {
	own, err := c.Requests.Requests(ctx, disclosure.Query{OpenID: openID})
	if err != nil {
		return disclosure.Request{}, false, err
	}
	for _, r := range own {
		if d.cameTo(r) {
			return r, true, nil
		}
	}
	return disclosure.Request{}, false, nil
}

// justFiled is how long a second 确认 is answered with the receipt of what was filed: the first one's answer may have been
// lost, or the word was sent twice.
const justFiled = 30 * time.Minute

// receiptAgain answers 确认 when there is nothing to confirm any more because it is filed; ok is false when nothing was.
func (c *Citizen) receiptAgain(ctx context.Context, openID string) (reply bot.Reply, ok bool, err error) {
	own, err := c.Requests.Requests(ctx, disclosure.Query{OpenID: openID})
	if err != nil || len(own) == 0 {
		return bot.Reply{}, false, err
	}
	last := own[len(own)-1]
	if c.Now().Sub(last.SubmittedAt) >= justFiled || last.Filing.Channel != disclosure.ByWeChat {
		return bot.Reply{}, false, nil
	}
	cal, err := c.Calendar(ctx)
	if err != nil {
		return bot.Reply{}, true, err
	}
	return say(c.receipt(last, cal)), true, nil
}

// cameTo reports whether the request came of this draft. Drafts that were begun by an older program have no key.
func (d draft) cameTo(r disclosure.Request) bool {
	if d.Filing.Key != "" {
		return r.Filing.Key == d.Filing.Key
	}
	return !r.SubmittedAt.Before(d.FilingAt) && r.Filing.Personal.Description == d.Filing.Personal.Description
}

// received tells the citizen what became of the application. That the draft could not be deleted afterwards must not
// hide the receipt; settle finds such a draft at the next message.
func (c *Citizen) received(ctx context.Context, openID string, r disclosure.Request, err error) (bot.Reply, error) {
	if err != nil {
		return bot.Reply{}, c.notFiled(err)
	}
	cal, err := c.Calendar(ctx)
	if err != nil {
		return bot.Reply{}, err
	}
	_ = c.discarded(ctx, openID)
	if c.wantsEasy(ctx, openID) {
		return say(c.easyReceipt(r, r.Deadline(cal))), nil
	}
	return say(c.receipt(r, cal)), nil
}

// notFiled says that the application is not in, that nothing typed is lost, and what to do.
func (c *Citizen) notFiled(err error) error {
	switch fault.KindOf(err) {
	case fault.Invalid:
		return fault.Wrap(fault.Invalid, err, paragraphs("申请还没有提交："+fault.Message(err), "您填的内容都在。回复“核对”看每一项的数字，回复“修改”加数字改好（例如：修改 3），再回复“确认”。"))
	case fault.Conflict, fault.Forbidden, fault.NotFound: // the sentence says what can be done instead
		return err
	default:
		return fault.Wrap(fault.Unavailable, err, paragraphs("系统暂时出了问题，这次提交没有得到确认。您填的内容都在（保留 7 天），请过几分钟再回复“确认”；已经收到的不会重复登记。", "着急的话也可以用这两种方式申请：\n"+basicChannels(c.organ())))
	}
}

// receipt is the numbered receipt (登记回执): what was received when, until when the answer is due and why, how to follow
// it, and the two channels that are always open.
func (c *Citizen) receipt(r disclosure.Request, cal workday.Calendar) string {
	deadline := r.Deadline(cal)
	return paragraphs(
		"您的申请已收到，这是登记回执。",
		lines("申请编号："+r.ID, "查询码："+r.QueryCode+"（请保存，不要告诉别人）",
			"收到日期："+r.ReceivedOn.Chinese(), "答复期限："+dueText(deadline)),
		"期限怎么算：从收到的第二天起数 20 个工作日，周末和法定节假日不算"+onTheWay(cal, r.ReceivedOn, deadline.Due)+"（条例第三十三条）。"+provisionalNote(deadline),
		"查进度：回复“查进度”，或者发送“"+r.ID+" "+r.QueryCode+"”"+c.progressLink()+"。需要您补正或者延期答复的，会通知您。",
		"当面、邮寄这两种方式始终受理，补交材料、另外申请都可以：\n"+basicChannels(c.organ()),
		labelled("联系电话", c.organ().Phone),
	)
}

func (c *Citizen) progressLink() string {
	if c.page(ProgressPath) == "" {
		return ""
	}
	return "，或者打开 " + c.page(ProgressPath)
}

// dueText is the due date as citizens read it; one that reaches into a year without a notice is provisional (暂定).
func dueText(d disclosure.Deadline) string {
	if d.Provisional {
		return d.Due.Chinese() + "（暂定）"
	}
	return d.Due.Chinese()
}

// onTheWay names the holidays and make-up workdays between the receipt and the due date.
func onTheWay(cal workday.Calendar, from, to workday.Date) string {
	var holidays, makeups []string
	for d := from.AddDays(1); !d.After(to); d = d.AddDays(1) {
		day := cal.Day(d)
		switch {
		case day.Workday && day.Reason != "":
			makeups = append(makeups, fmt.Sprintf("%d月%d日", d.Month(), d.Day()))
		case !day.Workday && day.Reason != "周末" && !slices.Contains(holidays, day.Reason):
			holidays = append(holidays, day.Reason)
		}
	}
	out := ""
	if len(holidays) > 0 {
		out += "，遇" + strings.Join(holidays, "、") + "放假顺延"
	}
	if len(makeups) > 0 {
		out += "，" + strings.Join(makeups, "、") + "调休上班算工作日"
	}
	return out
}

func provisionalNote(d disclosure.Deadline) string {
	if !d.Provisional {
		return ""
	}
	return fmt.Sprintf("%d年的放假安排还没有公布，公布后如有变化会告诉您。", d.Due.Year())
}
