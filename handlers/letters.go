package handlers

import (
	"context"
	"regexp"
	"strings"

	"shoushan/bot"
	"shoushan/disclosure"
	"shoushan/fault"
	"shoushan/staff"
	"shoushan/workday"
)

// Letters is what a citizen can say about the letters of a request; the desk takes it in.
type Letters interface {
	// LettersSeen records that what has left the house was received or read; it moves no date.
	LettersSeen(ctx context.Context, by staff.Member, id string, how disclosure.Sight) (disclosure.Request, error)
	// SuggestProactive records that the applicant suggests publishing what was given; it is a Conflict when nothing was given
	// or it was suggested before.
	SuggestProactive(ctx context.Context, by staff.Member, id string) (disclosure.Request, error)
	// ReceiveReasons records the reasons that were asked under 条例第三十五条; on is zero for today. The same once more is a
	// Conflict.
	ReceiveReasons(ctx context.Context, by staff.Member, id, text string, on workday.Date) (disclosure.Request, error)
}

var (
	gotIt   = regexp.MustCompile(`^(?:已|我已|已经)?收到(?:了|答复|文书)?[ :：，,]*(\d{4}-\d{3,6})?[。！!.]?$`)
	suggest = regexp.MustCompile(`^建议(?:主动)?公开[ :：，,]*(\d{4}-\d{3,6})[。！!.]?$`)
	because = regexp.MustCompile(`(?s)^说明理由[ :：，,]*(\d{4}-\d{3,6})?[ :：，,\n]*(.*)$`)
)

// aboutLetters answers 收到, 建议公开 and 说明理由; ok is false when the text is none of them, or 收到 is said to something else.
func (c *Citizen) aboutLetters(ctx context.Context, openID, text string) (bot.Reply, bool, error) {
	if c.Letters == nil {
		return bot.Reply{}, false, nil
	}
	if m := gotIt.FindStringSubmatch(text); m != nil {
		return c.acknowledge(ctx, openID, m[1])
	}
	if m := suggest.FindStringSubmatch(text); m != nil {
		reply, err := c.suggestProactive(ctx, openID, m[1])
		return reply, true, err
	}
	if m := because.FindStringSubmatch(text); m != nil {
		reply, err := c.giveReasons(ctx, openID, m[1], m[2])
		if place := find(emergencies, text); place != "" && err == nil {
			reply = say(paragraphs(place, reply.Text))
		}
		return reply, true, err
	}
	return bot.Reply{}, false, nil
}

// acknowledge records that a letter has arrived when its request is named. A bare 收到 may answer anything, so it only asks;
// to a person it is left.
func (c *Citizen) acknowledge(ctx context.Context, openID, id string) (bot.Reply, bool, error) {
	if id == "" {
		return c.whichArrived(ctx, openID)
	}
	r, ok, err := c.own(ctx, openID, id)
	switch {
	case err != nil:
		return bot.Reply{}, true, err
	case !ok:
		return say("这个编号不是在您的微信上提交的，不用在这里确认收到。"), true, nil
	case len(served(r)) == 0:
		return say("申请 " + id + " 还没有发给您的文书。回复编号可以看办到哪一步。"), true, nil
	}
	if _, err := c.Letters.LettersSeen(ctx, staff.Citizen, id, disclosure.Acknowledged); err != nil {
		return bot.Reply{}, true, err
	}
	return say("好的，已经记下您收到了《" + served(r)[0].Title + "》。确认收到不影响您申请行政复议、提起诉讼的权利。回复编号可以随时再看全文。"), true, nil
}

func (c *Citizen) whichArrived(ctx context.Context, openID string) (bot.Reply, bool, error) {
	if c.Talks != nil {
		if silent, err := c.Talks.Silent(ctx, openID); silent || err != nil {
			return bot.Reply{}, false, err
		}
	}
	list, err := c.Requests.Requests(ctx, disclosure.Query{OpenID: openID})
	if err != nil {
		return bot.Reply{}, true, err
	}
	var open []string
	for _, r := range list {
		if r.UnseenLetters(disclosure.Acknowledged) {
			open = append(open, "收到 "+r.ID+"（《"+served(r)[0].Title+"》）")
		}
	}
	if len(open) == 0 {
		return bot.Reply{}, false, nil
	}
	return say("您收到的是哪一份？请回复括号前面的话：\n" + strings.Join(open[max(0, len(open)-newestShown):], "\n")), true, nil
}

// giveReasons takes in what the applicant says when the reasons were asked, and only then: nobody else has to say why
// (条例第二十九条、第三十五条).
func (c *Citizen) giveReasons(ctx context.Context, openID, id, text string) (bot.Reply, error) {
	list, err := c.Requests.Requests(ctx, disclosure.Query{OpenID: openID, Open: true})
	if err != nil {
		return bot.Reply{}, err
	}
	var asked []disclosure.Request
	for _, r := range list {
		if r.Reasons != nil && r.State != disclosure.Closed && (id == "" || id == r.ID) {
			asked = append(asked, r)
		}
	}
	switch {
	case len(asked) == 0:
		return say("您现在没有需要说明理由的申请。申请公开政府信息不用说明用途和理由。"), nil
	case len(asked) > 1:
		return say("您有几件申请需要说明理由，请写上编号，例如：说明理由 " + asked[0].ID + " " + reasonExample), nil
	case strings.TrimSpace(text) == "":
		return say("请在一条消息里写明理由（" + asked[0].Reasons.Until.Chinese() + "以前），例如：说明理由 " + asked[0].ID + " " + reasonExample), nil
	}
	return c.fileReasons(ctx, asked[0].ID, text)
}

const reasonExample = "办理承包地确权纠纷，需要逐年核对面积"

func (c *Citizen) fileReasons(ctx context.Context, id, text string) (bot.Reply, error) {
	_, err := c.Letters.ReceiveReasons(ctx, staff.Citizen, id, text, workday.Date{})
	switch {
	case fault.Is(err, fault.Invalid):
		return say(fault.Message(err)), nil
	case err != nil && !fault.Is(err, fault.Conflict):
		return bot.Reply{}, err
	}
	return say("您说明的理由已经记入申请 " + id + "，经办人员会一并考虑。要补充请再发一条“说明理由”。回复编号可以看办理情况。"), nil
}

// suggestProactive takes the applicant's suggestion to publish what was given for everybody (条例第四十四条第二款).
func (c *Citizen) suggestProactive(ctx context.Context, openID, id string) (bot.Reply, error) {
	_, ok, err := c.own(ctx, openID, id)
	switch {
	case err != nil:
		return bot.Reply{}, err
	case !ok:
		return say("这个编号不是在您的微信上提交的，不能在这里提建议。"), nil
	}
	switch _, err := c.Letters.SuggestProactive(ctx, staff.Citizen, id); {
	case fault.Is(err, fault.Conflict):
		return say(fault.Message(err)), nil
	case err != nil:
		return bot.Reply{}, err
	}
	return say("谢谢您的建议。我们会审核这项信息是否纳入主动公开的范围（条例第四十四条）；属于主动公开范围的，会在公众号或者政府网站上公开。"), nil
}

// opened records that the letters of a request were read in full. That it failed is no reason not to show them.
func (c *Citizen) opened(ctx context.Context, r disclosure.Request, how disclosure.Sight) {
	if c.Letters == nil || !r.UnseenLetters(how) {
		return
	}
	if _, err := c.Letters.LettersSeen(ctx, staff.Citizen, r.ID, how); err != nil && c.Log != nil {
		c.Log.WarnContext(ctx, "letters were read and it was not recorded", "request", r.ID, "error", err)
	}
}
