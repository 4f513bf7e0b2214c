package handlers

import (
	"context"
	"strings"

	"shoushan/bot"
	"shoushan/disclosure"
	"shoushan/workday"
)

// welcome greets a new follower. Nothing here depends on following: every service is also at the counter and by post.
func welcome(o disclosure.Organ) string {
	return paragraphs(
		"您好，欢迎来到“"+o.AccountName+"”，这里是"+o.Name+"。",
		"在这里可以（点下面的菜单，或者直接打字）：\n"+
			"1 申请公开　申请政府信息公开\n"+
			"2 查进度　　看看申请办到哪一步\n"+
			"3 最新发布　镇里的新消息\n"+
			"4 帮助　　　怎么用、怎么找人",
		"申请政府信息公开，不关注公众号也一样受理：\n"+basicChannels(o),
		labelled("联系电话", o.Phone),
		"看着费劲，回复“大字”，我说短一点。",
	)
}

// fallback answers what nobody understood with what can be done here.
func fallback(o disclosure.Organ) string {
	return paragraphs(
		"我能帮您办这几件事，请回复数字或者文字：\n1 申请公开\n2 查进度\n3 最新发布\n4 帮助",
		"想和工作人员说，请打电话："+o.Phone+"（"+o.Hours+"）",
	)
}

// helpText explains everything on one screen.
func helpText(o disclosure.Organ) string {
	return paragraphs(
		"【申请公开】回复“申请公开”，一问一答填完，大约 3 分钟。一般不收费（条例第四十二条），不用说明理由。填到一半离开，内容保留 7 天，回复“继续”接着填。",
		"【查进度】回复“查进度”看自己的申请；在别的手机上，发“编号 查询码”，例如：2026-0012 123456",
		"【撤回】要撤回已经提交的申请，回复“撤回”加编号。",
		"【最新发布】回复“最新发布”。【公开指南】回复“公开指南”。【年度报告】回复“年报”。",
		"投诉、举报、求助请拨 12345；紧急情况请拨 110、119、120。",
		"【大字】看着费劲，回复“大字”，我说短一点。【代办】替别人申请，填写时回复“代办”。",
		"打字不方便，可以打电话或者到窗口，工作人员帮您填写：\n"+counter(o),
	)
}

// person tells how to reach people, and on a day off when they are back.
func (c *Citizen) person(ctx context.Context) (bot.Reply, error) {
	cal, err := c.Calendar(ctx)
	if err != nil {
		return bot.Reply{}, err
	}
	off := ""
	if today := workday.Of(c.Now()); !cal.Workday(today) {
		next := cal.Next(today)
		off = "今天休息，" + next.Chinese() + "（" + next.ChineseWeekday() + "）上班。申请随时可以在这里提交，不用等上班。"
	}
	return say(paragraphs("打电话或者到窗口都可以，工作人员解答问题，也可以帮您填写申请（条例第二十九条）：\n"+counter(c.organ()), off)), nil
}

func noVoice(o disclosure.Organ) string {
	return paragraphs("收到您的语音，很抱歉，我还听不懂语音，请打字告诉我。",
		"打字、阅读不方便的，请打电话或者到窗口来，工作人员免费帮您填写申请：\n"+counter(o),
		"能打字、嫌话太长的，回复“大字”，我说短一点。")
}

func noPicture(o disclosure.Organ) string {
	return paragraphs("收到您的图片，这里暂时不能接收图片和视频，也没有保存它，请打字告诉我。",
		"证件只填号码，不用拍照；授权委托书等材料请交到窗口或者邮寄：\n"+o.Address+"，邮编 "+o.PostCode)
}

func onlyText(o disclosure.Organ) string {
	return "这种消息我看不懂，请打字告诉我。需要帮助请打电话：" + o.Phone
}

// unsupported reports whether the text is the platform's stand-in for something it could not pass on (a sticker).
func unsupported(text string) bool {
	return strings.HasPrefix(text, "【收到不支持的消息类型")
}

// guideText is the guide in short (条例第十二条).
func guideText(o disclosure.Organ, page string) string {
	link := ""
	if page != "" {
		link = "指南全文：" + page
	}
	return paragraphs("【政府信息公开指南】"+o.Name,
		lines(labelled("地址", o.Address), labelled("邮编", o.PostCode), labelled("办公时间", o.Hours), labelled("电话", o.Phone),
			labelled("传真", o.Fax), labelled("电子邮箱", o.Email), labelled("网站", o.Website)),
		"申请渠道：\n"+basicChannels(o)+"\n【微信】在本公众号回复“申请公开”", link)
}
