package handlers

// miss answers a text that is no answer: first what is wrong with an example, then also why it is asked, then the ways
// out. The draft is kept in any case.
func (f form) miss(d draft, problem string) (draft, string, act) {
	d.Wrong++
	switch {
	case d.Wrong == 2:
		problem = paragraphs(problem, f.step(d).why)
	case d.Wrong > 2:
		problem = paragraphs(problem, "要是填不下去，不用着急，您可以：\n· 回复“暂停”，内容保留 7 天\n· 打电话或者到窗口，工作人员帮您填写：\n"+counter(f.organ))
	}
	return d, problem, keep
}

// strays reports whether the text looks like a petition or an emergency instead of an answer (条例第三十九条第一款).
func (f form) strays(d draft, text string) bool {
	if find(emergencies, text) != "" && f.step(d).free {
		return true
	}
	if find(doors, text) == "" {
		return false
	}
	return f.step(d).key != stepDescription || petition.MatchString(text) || !nounForm.MatchString(text)
}

// redirect names the right door and keeps the draft. A description may still be meant as one: it waits for 就这样写.
func (f form) redirect(d draft, text string) (draft, string, act) {
	place := find(emergencies, text)
	if place == "" {
		place = "您说的像是投诉、举报或者信访事项，这类事项不能通过政府信息公开申请办理（条例第三十九条）。可以这样反映：\n" + find(doors, text)
	}
	if d.Step != stepDescription {
		return d, paragraphs(place, f.again(d)), keep
	}
	d.Asked, d.Held = askedDescribe, text
	return d, paragraphs(place, "如果您要的确实是政府已有的信息（例如某份文件、某项数据），回复“就这样写”，我就按您刚才的话记下；也可以换个说法重新写。"), keep
}

// describing reports whether the text is long enough to be a description that merely speaks of an emergency.
func (f form) describing(d draft, text string) bool {
	return !d.Paused && d.Step == stepDescription && nounForm.MatchString(text)
}

// stillHere tells a citizen in the middle of an application where it stands.
func (f form) stillHere(d draft) string {
	if d.Step == stepConsent {
		return notBegun
	}
	return "您没填完的申请草稿还在，填到“" + f.place(d) + "”。回复“继续”接着填。"
}

// waiting tells a citizen who asked something else that, beside what was filed, a draft waits.
func (f form) waiting(d draft) string {
	if d.Step == stepConsent {
		return notBegun
	}
	return "您另有一份没填完的申请草稿，填到“" + f.place(d) + "”。回复“继续”接着填。"
}

const notBegun = "您打开的申请还没有开始填。要填请回复“同意”；不申请了请回复“取消”。"

// again asks the open question once more; a long screen is only called to mind.
func (f form) again(d draft) string {
	if d.Step == stepConsent || d.Step == stepSummary {
		return f.stillHere(d)
	}
	return "我们接着填：\n" + f.ask(d)
}
