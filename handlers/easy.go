package handlers

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"shoushan/bot"
	"shoushan/disclosure"
)

// The easy mode (大字、简明, 条例第四十三条): for whoever finds the questions too long. Each says one thing, in short lines and
// everyday words; what the law makes us say stays said.

// easyTexts are the short questions. Steps that are not here ask as ever.
var easyTexts = map[string]string{
	stepRepresentative: "单位里谁管这件事？\n\n请写他的名字。",
	stepAgent:          "您自己叫什么名字？\n\n要和身份证上一样。",
	stepAgentDocument:  "您自己的身份证号是多少？\n\n一共 18 位，加密保存。",
	stepPhone:          "您的电话是多少？",
	stepDescription:    "您想要什么材料？\n\n哪一年、哪个村、什么事，\n写清楚就行，不用说为什么要。\n\n比如：2025年城关村农村低保名单",
	stepMedium:         "材料要哪一种？\n\n纸的，请回：1\n手机上看的，请回：2\n自己到镇里看，请回：3",
	stepAddress:        "寄到哪里？\n\n从省写到门牌号。",
	stepEmail:          "您的邮箱是什么？",
}

// easyAsk returns the open question in the easy mode, or "" when it is asked as ever.
func easyAsk(f form, s step, d draft) string {
	if !d.Easy {
		return ""
	}
	switch s.key {
	case stepConsent:
		return easyNotice(f)
	case stepKind:
		return easyKind(d)
	case stepName:
		return easyName(d)
	case stepDocument:
		return easyDocument(d)
	case stepDelivery:
		return easyDelivery(d)
	case stepAuthority:
		if f.photos {
			return "有委托书吗？\n\n请写：授权委托书，再写上面的日期。\n委托书可以拍照发到这里。"
		}
		return "有委托书吗？\n\n请写：授权委托书，再写上面的日期。\n委托书送来或者寄来都行。"
	case stepSummary:
		if left := f.missing(d); left != "" {
			return paragraphs("还没有交。", f.listing(d), left)
		}
		return paragraphs("请看一遍，还没有交：", f.listing(d), "都对，请回：确认\n有错，请回：修改 和前面的数字，比如：修改 2\n不办了，请回：取消")
	}
	return easyTexts[s.key]
}

// easyNotice is the privacy notice in short; nothing that 个人信息保护法第十七条 asks for is left out.
func easyNotice(f form) string {
	return paragraphs(
		"要材料，得先留下姓名、身份证号和电话。",
		f.organ.Name+"只用它办这件事，\n加密保存，只有办事的人能看。\n没填完的，7 天后自动删掉。\n想查、想改自己的信息，打电话：\n"+f.organ.Phone,
		labelled("全文", f.privacy),
		"愿意，请回：同意\n不愿意，请回：不同意\n（也可以自己到镇里办，或者寄信来）",
	)
}

func easyKind(d draft) string {
	who, own, other := "您是替谁要材料？", "自己要", "\n替别人来办，请回：代办"
	if d.Agent {
		who, own, other = "委托您的是谁？", "一个人", ""
	}
	return who + "\n\n" + own + "，请回：1\n公司、店铺要，请回：2\n村委会、合作社要，请回：6\n\n研究所、学校回 3，慈善组织回 4，\n律师事务所、公证处回 5。" + other
}

func easyName(d draft) string {
	switch {
	case organization(d):
		return "单位叫什么？\n\n要写全名。"
	case d.Agent:
		return "委托您的人叫什么名字？\n\n要和他身份证上一样。"
	}
	return "您叫什么名字？\n\n要和身份证上一样。"
}

func easyDocument(d draft) string {
	switch {
	case organization(d):
		return "单位的统一社会信用代码是多少？\n\n一共 18 位，在营业执照上。"
	case d.Agent:
		return "委托您的人身份证号是多少？\n\n一共 18 位，加密保存。"
	}
	return "您的身份证号是多少？\n\n一共 18 位，加密保存。"
}

func easyDelivery(d draft) string {
	var out []string
	for i, way := range deliveryChoices(d.Filing.Medium) {
		out = append(out, fmt.Sprintf("%s，请回：%d", way.name, i+1))
	}
	return "怎么给您？\n\n" + strings.Join(out, "\n")
}

// easyWish is kept beside the draft for as long as one: the next application begins in the same way.
type easyWish struct{ Easy bool }

func easyKey(openID string) string { return openID + "/easy" }

// wantsEasy reports whether the citizen has asked for the easy mode lately. A store that fails is no reason to say nothing.
func (c *Citizen) wantsEasy(ctx context.Context, openID string) bool {
	data, _, err := c.Drafts.Load(ctx, easyKey(openID))
	var w easyWish
	return err == nil && json.Unmarshal(data, &w) == nil && w.Easy
}

// mode answers 大字 and 普通版; ok is false when the text is neither.
func (c *Citizen) mode(ctx context.Context, openID string, d *draft, text string) (reply bot.Reply, ok bool, err error) {
	easy := said(text, easyWords)
	if !easy && !said(text, fullWords) {
		return bot.Reply{}, false, nil
	}
	if err := c.keepMode(ctx, openID, easy); err != nil {
		return bot.Reply{}, true, err
	}
	answer := "好的，恢复普通版。"
	if easy {
		answer = easyHelp(c.organ())
	}
	if d == nil {
		return say(paragraphs(answer, "要材料，请回：1\n查办到哪了，请回：2\n看镇里的消息，请回：3")), true, nil
	}
	d.Easy = easy
	if err := c.save(ctx, openID, d); err != nil {
		return bot.Reply{}, true, err
	}
	if d.Paused {
		return c.reminding(d, say(answer)), true, nil
	}
	return say(paragraphs(answer, c.form().ask(*d))), true, nil
}

func (c *Citizen) keepMode(ctx context.Context, openID string, easy bool) error {
	_, mark, err := c.Drafts.Load(ctx, easyKey(openID))
	if err != nil {
		return err
	}
	_, err = c.keep(ctx, easyKey(openID), easyWish{easy}, mark)
	return err
}

// easyHelp says how the letters become larger, and that people help.
func easyHelp(o disclosure.Organ) string {
	return paragraphs("好的，下面我说短一点，一次只问一件事。",
		"想让字变大：微信 → 我 → 设置 → 关怀模式，打开就行。",
		"不会打字，打电话，我们帮您填：\n"+o.Phone)
}

// easyReceipt is the receipt in short.
func (c *Citizen) easyReceipt(r disclosure.Request, d disclosure.Deadline) string {
	return paragraphs(
		"收到了，这是回执。",
		"编号："+r.ID+"\n查询码："+r.QueryCode+"\n（请抄下来，不要告诉别人）",
		"收到的日子："+r.ReceivedOn.Chinese()+"\n最晚 "+dueText(d)+" 答复您。",
		provisionalNote(d),
		"想问办到哪了，请回：查进度",
		"有材料要补，可以送来或者寄来：\n"+basicChannels(c.organ()),
		labelled("电话", c.organ().Phone),
	)
}
