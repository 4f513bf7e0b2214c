package handlers

import (
	"strings"

	"shoushan/disclosure"
)

// forAnother asks for the agent too, and goes on with the first question that is open.
func (f form) forAnother(d draft) (draft, string, act, bool) {
	d.Agent, d.Wrong, d.Paused = true, 0, false
	d.Step = f.firstOpen(d)
	return d, paragraphs("好的，您替别人申请（代办）。申请人填委托人，也就是要信息的人；后面再填您自己和授权材料。给自己申请的，请回复“自己申请”。", f.ask(d)), keep, true
}

// forOneself forgets the agent.
func (f form) forOneself(d draft) (draft, string, act, bool) {
	p := &d.Filing.Personal
	d.Agent, d.Wrong, d.Paused, p.Agent, p.AgentDocument, p.Authority = false, 0, false, "", "", ""
	d.Step = f.firstOpen(d)
	return d, paragraphs("好的，改成给自己申请，代理人的内容已经删除。", f.ask(d)), keep, true
}

// agentSteps ask who files for the applicant and on what paper; only whoever says 代办 is asked.
func agentSteps() []step {
	return []step{
		{
			key: stepAgent, label: always("代理人"), accept: acceptAgent, free: true, applies: byAgent,
			ask:   asking("请填写代理人（替人来办的您自己）的姓名，与身份证一致。"),
			why:   "代办的申请要写明是谁来办的，办理中才能和您联系。",
			value: func(d draft) string { return d.Filing.Personal.Agent },
		},
		{
			key: stepAgentDocument, label: always("代理人身份证号"), accept: acceptAgentDocument, applies: byAgent,
			ask:   asking("请填写代理人的居民身份证号（18 位）。号码加密保存，显示时遮盖。"),
			why:   "代办的申请要能确认代理人是谁。号码加密保存，只用于办理这件申请。",
			value: func(d draft) string { return d.Filing.Personal.Masked().AgentDocument },
		},
		{
			key: stepAuthority, label: always("授权材料"), accept: acceptAuthority, free: true, applies: byAgent,
			ask:   askAuthority,
			why:   "没有委托人签名的授权材料，不能替别人申请。",
			value: func(d draft) string { return d.Filing.Personal.Authority },
		},
	}
}

func askAuthority(f form, _ draft) string {
	hand := "材料请交到窗口或者邮寄。"
	if f.photos {
		hand = "材料可以拍照发到这里，也可以交到窗口或者邮寄。"
	}
	return "有什么授权材料？请写名称和日期，例如：授权委托书，2026年3月1日。\n" + hand
}

func byAgent(d draft) bool { return d.Agent }

func acceptAgent(d *draft, s string) string {
	name := saidName.ReplaceAllString(shorten(s, 200), "")
	if !isName(name) {
		return nameProblem
	}
	d.Filing.Personal.Agent = name
	return ""
}

func acceptAgentDocument(d *draft, s string) string {
	number := strings.ToUpper(strings.Map(alphanumeric, itsLabel.ReplaceAllString(s, "")))
	switch {
	case !disclosure.ValidIdentityNumber(number):
		return wrongIdentityNumber(number)
	case number == d.Filing.Personal.DocumentNumber:
		return "这是委托人的身份证号，这里要填代理人（您自己）的，像这样：14052419900101××××。给自己申请的，请回复“自己申请”。"
	}
	d.Filing.Personal.AgentDocument = number
	return ""
}

func acceptAuthority(d *draft, s string) string {
	if s = shorten(s, 60); len([]rune(s)) < 3 || isDigits(s) || helpless.MatchString(s) {
		return "代办要有委托人签名的授权材料，例如：授权委托书，2026年3月1日。没有的，请委托人自己申请；给自己申请的，请回复“自己申请”。"
	}
	d.Filing.Personal.Authority = s
	return ""
}
