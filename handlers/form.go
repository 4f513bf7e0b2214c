package handlers

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"shoushan/disclosure"
)

// step is one question of the application. All of it is data; form asks them in order.
type step struct {
	key     string
	label   func(d draft) string            // its name on the summary; "" keeps it off
	ask     func(f form, d draft) string    // the question
	accept  func(d *draft, s string) string // takes the answer, or returns what is wrong with it and an example
	why     string                          // why it is asked, told at the second wrong answer
	value   func(d draft) string            // the answer as the summary shows it; "" when it is open
	applies func(d draft) bool              // nil: always
	free    bool                            // any text may be an answer
}

// form is the application dialogue. It has no state and does no I/O.
type form struct {
	organ   disclosure.Organ
	privacy string // address of the privacy page, may be empty
	photos  bool   // pictures can be sent for the application
	steps   []step
}

// act tells the caller what has to become of the draft after a turn.
type act int

const (
	keep    act = iota // save it
	discard            // delete it
	file               // hand it in
	pass               // the text is not for the application: answer it elsewhere and save nothing
)

// start opens a new application with the privacy notice, before any personal question.
func (f form) start(now time.Time, easy bool) (draft, string) {
	d := draft{Version: draftVersion, Step: f.steps[0].key, StartedAt: now.UTC(), TouchedAt: now.UTC(), Easy: easy}
	d.Filing.Channel = disclosure.ByWeChat
	return d, f.ask(d)
}

// resume goes on with an application where its first question is open.
func (f form) resume(d draft, now time.Time) (draft, string) {
	d.Paused, d.Wrong, d.Asked, d.Held = false, 0, "", ""
	d.Step, d.TouchedAt = f.firstOpen(d), now.UTC()
	return d, paragraphs("我们接着填。", f.ask(d))
}

// turn answers one text: global words first, then the question that is open. It is a pure function of its arguments.
func (f form) turn(d draft, text string, now time.Time) (draft, string, act) {
	text = clean(text)
	away := now.Sub(d.TouchedAt) > idle
	d.TouchedAt = now.UTC()
	if place := find(emergencies, text); place != "" && !f.describing(d, text) {
		return d, paragraphs(place, f.stillHere(d)), keep
	}
	if d.Asked != "" {
		if next, reply, a, ok := f.settle(d, text, now); ok {
			return next, reply, a
		}
		d.Asked, d.Held = "", ""
	}
	if next, reply, a, ok := f.global(d, text); ok {
		return next, reply, a
	}
	switch {
	case d.Paused && (said(text, confirmWords) || said(text, agreeWords)):
		d, reply := f.resume(d, now)
		return d, reply, keep
	case d.Paused:
		return f.whilePaused(d, text)
	}
	if away && f.step(d).free {
		return d, paragraphs("您有一份没填完的申请，我们接着填。不填了请回复“取消”。", f.ask(d)), keep
	}
	return f.current(d, text, now)
}

// settle deals with the answer to what was asked back; ok is false when the text is about something else.
func (f form) settle(d draft, text string, now time.Time) (draft, string, act, bool) {
	switch {
	case d.Asked == askedCancel && (said(text, cancelWords) || said(text, yesWords)):
		return d, cancelled(f.organ), discard, true
	case d.Asked == askedRestart && (said(text, restartWords) || said(text, yesWords)):
		fresh, reply := f.start(now, d.Easy)
		return fresh, paragraphs("已清空，我们重新开始。", reply), keep, true
	case d.Asked == askedDescribe && said(text, asIsWords):
		held := d.Held
		d.Asked, d.Held = "", ""
		next, reply, a := f.take(d, held)
		return next, reply, a, true
	}
	return d, "", keep, false
}

// global answers the words that mean the same at every step; ok is false when the text is none of them.
func (f form) global(d draft, text string) (draft, string, act, bool) {
	reply := ""
	switch {
	case said(text, cancelWords):
		if !f.answered(d) {
			return d, cancelled(f.organ), discard, true
		}
		d.Asked, reply = askedCancel, "取消会删除已经填的内容。确定取消请再回复一次“取消”；接着填请回复“继续”；想留着以后填请回复“暂停”（保留 7 天）。"
	case said(text, restartWords):
		d.Asked, reply = askedRestart, "重新开始会清空已经填的内容。确定请再回复一次“重来”；接着填请回复“继续”。"
	case said(text, pauseWords):
		d.Paused, reply = true, "好的，您填的内容给您留着，7 天内回复“继续”就能接着填。"
	case said(text, resumeWords), entryNamed(text) == KeyApply && word(text) != "1":
		d, reply = f.resume(d, d.TouchedAt)
	case said(text, backWords):
		return f.back(d)
	case said(text, agentWords):
		return f.forAnother(d)
	case said(text, selfWords) && d.Agent:
		return f.forOneself(d)
	case entryNamed(text) == KeyHelp && word(text) != "4":
		reply = paragraphs(formHelp, f.ask(d))
	default:
		return f.edit(d, text)
	}
	return d, reply, keep, true
}

const formHelp = "填写时随时可以回复：\n上一步　修改 3（改第 3 项）　核对\n暂停（保留 7 天）　取消　重来　人工\n代办（替别人申请）　大字（说得短一点）"

// back goes to the question before the open one.
func (f form) back(d draft) (draft, string, act, bool) {
	before := ""
	for _, s := range f.steps {
		if s.key == d.Step {
			break
		}
		if s.on(d) && s.key != stepConsent {
			before = s.key
		}
	}
	if before == "" || d.Step == stepConsent {
		return d, paragraphs("这已经是第一项了。", f.ask(d)), keep, true
	}
	return f.goTo(d, before)
}

// edit goes to the item that 修改 3, 修改姓名 or, on the summary, a bare 3 names.
func (f form) edit(d draft, text string) (draft, string, act, bool) {
	if d.ConsentAt.IsZero() {
		return d, "", keep, false
	}
	w := word(text)
	items := f.items(d)
	switch {
	case said(text, editWords), said(text, summaryWords):
		return d, paragraphs(f.listing(d), lines(f.missing(d), "要改哪一项，请回复“修改”加数字，例如：修改 2")), keep, true
	case editForm.MatchString(w):
		return f.editItem(d, items, editForm.FindStringSubmatch(w)[1])
	case d.Step == stepSummary && isDigits(w) && len(w) <= 2:
		return f.editItem(d, items, w)
	}
	for _, verb := range editWords {
		for _, s := range items {
			if w == verb+s.label(d) {
				return f.goTo(d, s.key)
			}
		}
	}
	return d, "", keep, false
}

func (f form) editItem(d draft, items []step, number string) (draft, string, act, bool) {
	n, err := strconv.Atoi(number)
	if err != nil {
		n = chineseDigs[number]
	}
	if n < 1 || n > len(items) {
		return d, paragraphs(fmt.Sprintf("现在只有 1 到 %d 项可以修改。", len(items)), f.ask(d)), keep, true
	}
	return f.goTo(d, items[n-1].key)
}

func (f form) goTo(d draft, key string) (draft, string, act, bool) {
	d.Step, d.Wrong, d.Paused = key, 0, false
	now := ""
	if v := f.step(d).value(d); v != "" {
		now = "现在填的是：" + v + "\n（不改请回复“继续”）"
	}
	return d, paragraphs(f.ask(d), now), keep, true
}

// current gives the text to the open question.
func (f form) current(d draft, text string, now time.Time) (draft, string, act) {
	s := f.step(d)
	switch {
	case s.key == stepConsent:
		return f.consent(d, text, now)
	case s.key == stepSummary:
		return f.summary(d, text)
	case said(text, confirmWords):
		return f.early(d)
	case answerTo(text) != "":
		return d, paragraphs(answerTo(text), f.ask(d)), keep
	case s.free && said(text, chatterWords):
		return d, paragraphs("您好，我在。", f.again(d)), keep
	case f.strays(d, text):
		return f.redirect(d, text)
	}
	return f.take(d, text)
}

// early answers 确认 in the middle: with what is not filled in yet, or with the summary when only a change was under way.
func (f form) early(d draft) (draft, string, act) {
	d.Step, d.Wrong = f.firstOpen(d), 0
	left := ""
	if d.Step != stepSummary {
		left = "申请还没有提交，这一项还没填："
	}
	return d, paragraphs(left, f.ask(d)), keep
}

// consent takes 同意 to the privacy notice and its time.
func (f form) consent(d draft, text string, now time.Time) (draft, string, act) {
	switch {
	case said(text, agreeWords):
		d.ConsentAt, d.Wrong = now.UTC(), 0
		d.Step = f.firstOpen(d)
		return d, paragraphs("谢谢。下面一项一项来，随时可以回复“上一步”“修改”“帮助”“取消”。", f.ask(d)), keep
	case said(text, disagreeWords):
		return d, "好的，什么也没有保存。您仍然可以用下面的方式申请，我们同样办理：\n" + basicChannels(f.organ), discard
	case find(doors, text) != "":
		return f.redirect(d, text)
	case answerTo(text) != "":
		return d, paragraphs(answerTo(text), "愿意继续请回复“同意”；不申请了请回复“取消”。"), keep
	case beside(text):
		return d, "", pass
	}
	return f.miss(d, "请回复“同意”继续，或者回复“不同意”；不申请了也可以回复“取消”。")
}

// beside reports whether the text is no answer to the privacy notice but a question or an entry point, also by its number.
func beside(text string) bool {
	if key := entryNamed(text); key != "" {
		return key != KeyApply
	}
	if key := entryHinted(text); key != "" {
		return key != KeyApply
	}
	return question.MatchString(text)
}

// summary takes the last word on the whole application.
func (f form) summary(d draft, text string) (draft, string, act) {
	switch {
	case said(text, confirmWords) && f.missing(d) != "":
		return d, paragraphs("申请还没有提交。", f.missing(d)), keep
	case said(text, confirmWords):
		return d, "", file
	case find(doors, text) != "":
		return f.redirect(d, text)
	case answerTo(text) != "":
		return d, paragraphs(answerTo(text), "申请还没有提交，核对无误请回复“确认”。"), keep
	}
	return f.miss(d, "申请还没有提交。核对无误请回复“确认”；要改请回复“修改”加数字，例如：修改 3")
}

// take gives the text to the step's acceptor and goes on to the next open question.
func (f form) take(d draft, text string) (draft, string, act) {
	next := d
	if problem := f.step(d).accept(&next, text); problem != "" {
		return f.miss(d, problem)
	}
	next.Wrong = 0
	answer := f.step(d).value(next)
	next.Step = f.firstOpen(next)
	return next, paragraphs("好的，记下了："+shorten(answer, 60), f.ask(next)), keep
}

// place names the open question.
func (f form) place(d draft) string {
	switch s := f.step(d); s.key {
	case stepConsent:
		return "个人信息告知"
	case stepSummary:
		return "核对确认"
	default:
		return s.label(d)
	}
}

// ask returns the open question with its number on the summary. How many there are depends on the answers to come.
func (f form) ask(d draft) string {
	s := f.step(d)
	if easy := easyAsk(f, s, d); easy != "" {
		return easy
	}
	if s.key == stepConsent || s.key == stepSummary {
		return s.ask(f, d)
	}
	for i, item := range f.items(d) {
		if item.key == s.key {
			return fmt.Sprintf("【第%d项】%s", i+1, s.ask(f, d))
		}
	}
	return s.ask(f, d)
}

// step returns the step that waits for an answer; one that is unknown (an older program's) falls back to the first open one.
func (f form) step(d draft) step {
	for _, s := range f.steps {
		if s.key == d.Step && s.on(d) {
			return s
		}
	}
	d.Step = f.firstOpen(d)
	for _, s := range f.steps {
		if s.key == d.Step {
			return s
		}
	}
	return f.steps[0]
}

// firstOpen returns the key of the first question without an answer; the summary is never answered.
func (f form) firstOpen(d draft) string {
	for _, s := range f.steps {
		if s.on(d) && s.value(d) == "" {
			return s.key
		}
	}
	return stepSummary
}

// items lists the questions that stand on the summary, in the order of their numbers.
func (f form) items(d draft) []step {
	out := make([]step, 0, len(f.steps))
	for _, s := range f.steps {
		if s.on(d) && s.label(d) != "" {
			out = append(out, s)
		}
	}
	return out
}

// listing shows the items with their numbers and answers.
func (f form) listing(d draft) string {
	var b strings.Builder
	for i, s := range f.items(d) {
		value := s.value(d)
		if value == "" {
			value = "（还没填）"
		}
		fmt.Fprintf(&b, "%d %s：%s\n", i+1, s.label(d), shorten(value, 80))
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// missing says what is not filled in yet and what to type for it, or returns "".
func (f form) missing(d draft) string {
	for i, s := range f.items(d) {
		if s.value(d) == "" {
			return fmt.Sprintf("第 %d 项“%s”还没填，请回复“继续”来填这一项。", i+1, s.label(d))
		}
	}
	return ""
}

// answered reports whether the draft holds anything about a person.
func (f form) answered(d draft) bool { return d.Filing.Personal.Name != "" }

func (s step) on(d draft) bool { return s.applies == nil || s.applies(d) }

// cancelled says good-bye and leaves the other doors open.
func cancelled(o disclosure.Organ) string {
	return "已取消，填写的内容已经删除，没有提交任何申请。以后想申请，随时回复“申请公开”，也可以：\n" + basicChannels(o)
}

func isDigits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

// shorten cuts a text to n characters on one line.
func shorten(s string, n int) string {
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > n {
		return string(r[:n]) + "…"
	}
	return s
}
