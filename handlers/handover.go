package handlers

import (
	"context"
	"slices"

	"shoushan/bot"
	"shoushan/workday"
)

// The words that hand a citizen over to a person, and back.
var (
	personWords = []string{"人工", "人工服务", "转人工", "找人工", "人工客服", "我要人工"}
	robotWords  = []string{"结束人工", "退出人工", "结束", "机器人", "自助", "自助服务"}
)

// toPerson answers 人工: how to reach people, that the citizen may write here, and that the bot is silent from now on. An
// open application (d, may be nil) is put aside, never lost.
func (c *Citizen) toPerson(ctx context.Context, m bot.Message, d *draft) (bot.Reply, error) {
	reply, err := c.person(ctx)
	if err != nil || c.Talks == nil {
		return c.reminding(d, reply), err
	}
	aside := ""
	if d != nil {
		d.Paused, d.Asked = true, ""
		if err := c.save(ctx, m.From, d); err != nil {
			return reply, err
		}
		aside = "您填到一半的申请给您留着（7 天），回复“继续”接着填。"
	}
	if err := c.Talks.HandOver(ctx, m.From, clean(m.Text)); err != nil {
		return reply, err
	}
	when, err := c.answeredWhen(ctx)
	return say(paragraphs(reply.Text,
		"也可以直接在这里留言。"+when+"从现在起我不再自动回复，等工作人员看到后在这里答复您；要回到自助服务，随时回复“结束人工”。", aside)), err
}

// answeredWhen tells when people are there to answer.
func (c *Citizen) answeredWhen(ctx context.Context) (string, error) {
	cal, err := c.Calendar(ctx)
	if err != nil {
		return "", err
	}
	if today := workday.Of(c.Now()); !cal.Workday(today) {
		next := cal.Next(today)
		return "今天休息，工作人员 " + next.Chinese() + "上班后看到。", nil
	}
	return "工作人员在办公时间（" + c.organ().Hours + "）看到。", nil
}

// withPerson keeps what a citizen writes to a person; ok is false when the bot is to answer. Commands that are
// unmistakable, emergencies and everything within an open dialogue always get the bot's answer: nobody is left without
// one by accident.
func (c *Citizen) withPerson(ctx context.Context, m bot.Message, d *draft, text string) (reply bot.Reply, ok bool, err error) {
	if c.Talks == nil || c.commands(d, text) {
		return bot.Reply{}, false, nil
	}
	silent, err := c.Talks.Silent(ctx, m.From)
	if err != nil || !silent {
		return bot.Reply{}, false, err
	}
	if said(text, robotWords) {
		return c.reminding(d, say("好的，我来继续为您服务。回复“帮助”看我能做什么。")), true, c.Talks.Release(ctx, m.From)
	}
	tellHow, err := c.Talks.Write(ctx, m.From, text, c.guess(ctx, text))
	return c.stillWaiting(tellHow), true, err
}

// stillWaiting is silence, or, once a day, what a citizen whom nobody has answered for a day can do.
func (c *Citizen) stillWaiting(tellHow bool) bot.Reply {
	if !tellHow {
		return bot.Reply{}
	}
	o := c.organ()
	return say("您的留言已经转给工作人员，还没有人答复，很抱歉让您久等。急的话请打电话：" + o.Phone + "（" + o.Hours + "）；要回到自助服务，回复“结束人工”。")
}

// commands reports whether a text means one thing only, whoever the citizen is talking to. A bare number may be an answer
// to a person's question.
func (c *Citizen) commands(d *draft, text string) bool {
	switch {
	case find(emergencies, text) != "", numberForm.MatchString(text), lookupForm.MatchString(text), takeBack.MatchString(text):
		return true
	case d != nil && said(text, slices.Concat(resumeWords, cancelWords)):
		return true
	}
	return entryNamed(text) != "" && !isDigits(word(text))
}

// picture keeps, for a person, that something came which is no text; ok is false when the bot is to answer.
func (c *Citizen) toldPerson(ctx context.Context, m bot.Message, d *draft) (ok bool, err error) {
	if c.Talks == nil || (d != nil && !d.Paused) {
		return false, nil
	}
	silent, err := c.Talks.Silent(ctx, m.From)
	if err != nil || !silent {
		return false, err
	}
	what := map[bot.Type]string{bot.ImageMessage: "[图片]", bot.VoiceMessage: "[语音]", bot.VideoMessage: "[视频]", bot.LocationMessage: "[位置] " + m.Location.Label}[m.Type]
	if what == "" {
		what = "[其他消息]"
	}
	_, err = c.Talks.Write(ctx, m.From, what, "")
	return true, err
}

// unmatched keeps for staff what the bot did not understand. It never stands in the way of the answer.
func (c *Citizen) unmatched(ctx context.Context, openID, text string) {
	if c.Talks == nil || text == "" {
		return
	}
	if err := c.Talks.Note(ctx, openID, text, c.guess(ctx, text)); err != nil && c.Log != nil {
		c.Log.WarnContext(ctx, "a message was not kept for staff", "error", err)
	}
}

// guess says which entry point or staff's answer the text is most like, or "".
func (c *Citizen) guess(ctx context.Context, text string) string {
	best, most := "", 0
	consider := func(name string, words []string) {
		for _, w := range words {
			if n := shared(text, w); n > most {
				best, most = name, n
			}
		}
	}
	for _, e := range entries {
		consider(e.words[0], append(slices.Clone(e.words), e.hints...))
	}
	for _, a := range c.answers(ctx) {
		consider(a.Words[0], a.Words)
	}
	if most < 2 {
		return ""
	}
	return "可能想说：" + best
}

// shared counts the characters of a word that the text has too.
func shared(text, w string) (n int) {
	letters := []rune(word(text))
	for _, r := range w {
		if i := slices.Index(letters, r); i >= 0 && r > 127 {
			letters = slices.Delete(letters, i, i+1)
			n++
		}
	}
	return n
}
