package console

import (
	"context"
	"fmt"
	"strings"
	"time"

	"shoushan/disclosure"
	"shoushan/fault"
	"shoushan/staff"
)

// Contacts is the chat with the citizen behind a case, as pages need it.
type Contacts interface {
	// Contact tells what may be sent to a citizen now, and what was written lately.
	Contact(ctx context.Context, openID string) (Contact, error)
	// File notes that what a talk's citizen has written was put into the case of a request; the talk waits no longer.
	File(ctx context.Context, by staff.Member, talk, request string) error
}

// Contact is how one citizen can be reached in chat (微信客服消息的下发条件).
type Contact struct {
	Left   int       // how many messages may be sent now
	Until  time.Time // when the last of them may be sent; zero when none
	Queued int       // how many messages wait for the citizen's next contact
	Talk   Talk      // what the citizen wrote to people; without an ID when nothing
}

// reach is the reply window in words: 可发送 3 条，剩 11 小时.
type reach struct {
	Open bool
	Says string
}

func reachOf(c Contact, now time.Time) reach {
	if c.Left > 0 && now.Before(c.Until) {
		return reach{true, fmt.Sprintf("可发送 %d 条，剩 %s", c.Left, lasting(c.Until.Sub(now)))}
	}
	return reach{false, "现在不能发微信：对方 48 小时内没有发来消息"}
}

// lasting writes how long something still lasts, rounded down: never longer than it is.
func lasting(d time.Duration) string {
	switch {
	case d >= 72*time.Hour:
		return fmt.Sprintf("%d 天 %d 小时", int(d/(24*time.Hour)), int(d%(24*time.Hour)/time.Hour))
	case d >= time.Hour:
		return fmt.Sprintf("%d 小时", int(d/time.Hour))
	case d >= time.Minute:
		return fmt.Sprintf("%d 分钟", int(d/time.Minute))
	}
	return "不到 1 分钟"
}

// mostLines is how many messages a case page shows.
const mostLines = 5

// messages are what a case page shows of the chat with its applicant.
type messages struct {
	Chat   bool // the request came in chat, so there is one
	Reach  reach
	Queued int
	TalkID string // "" when the citizen has not written to people
	Waits  bool
	Lines  []TalkLine
	MayAct bool
}

// messagesOf gathers the messages of a case, masked. When the ledgers do not answer the case is shown all the same.
func (c *Console) messagesOf(v *visit, r disclosure.Request) messages {
	m := messages{Chat: r.Filing.OpenID != "" && c.cfg.Contacts != nil, MayAct: v.who.May(staff.HandleRequests)}
	if !m.Chat {
		return m
	}
	contact, err := c.cfg.Contacts.Contact(v.ctx(), r.Filing.OpenID)
	if err != nil {
		m.Reach = reach{false, c.explain(v, fault.Wrap(fault.Unavailable, err, "暂时读不到微信的记录。")).Sentence}
		return m
	}
	m.Reach, m.Queued, m.TalkID, m.Waits = reachOf(contact, v.now), contact.Queued, contact.Talk.ID, contact.Talk.Waiting
	lines := maskedLines(contact.Talk.Lines, []disclosure.Request{r})
	m.Lines = lines[max(0, len(lines)-mostLines):]
	return m
}

// maskedLines masks what a talk quotes of the applicants of the requests, and every long number.
func maskedLines(lines []TalkLine, of []disclosure.Request) []TalkLine {
	var pairs []string
	for _, r := range of {
		pairs = append(pairs, maskedPairs(r)...)
	}
	replacer := strings.NewReplacer(pairs...)
	out := make([]TalkLine, len(lines))
	for i, l := range lines {
		l.Text = maskNumbers(replacer.Replace(l.Text))
		out[i] = l
	}
	return out
}

// acceptTalk puts what a citizen wrote into the case of a request, as a note of whoever decided that it belongs there.
func (c *Console) acceptTalk(v *visit) error {
	if c.cfg.Talks == nil || c.cfg.Contacts == nil {
		return errNoChat
	}
	t, err := c.cfg.Talks.Talk(v.ctx(), v.r.PathValue("id"))
	if err != nil {
		return err
	}
	r, err := c.fileTalk(v, t, v.form("request"))
	if fault.Is(err, fault.Invalid) || fault.Is(err, fault.NotFound) || fault.Is(err, fault.Conflict) {
		p := c.explain(v, err)
		return c.showTalk(v, p.Status, "", p)
	}
	if err != nil {
		return err
	}
	done := "留言已归入 " + r.ID + " 的案卷（备注）。"
	if r.State == disclosure.AwaitingSupplement {
		done += "这件申请在等补正：是补正的，请在下面登记“收到补正”。"
	}
	return c.redirect(v, "/requests/"+r.ID, done)
}

func (c *Console) fileTalk(v *visit, t Talk, id string) (disclosure.Request, error) {
	said := unfiled(t)
	switch {
	case id == "":
		return disclosure.Request{}, fault.New(fault.Invalid, "请填写申请的编号，例如：2026-0012。")
	case said == "":
		return disclosure.Request{}, fault.New(fault.Conflict, "这段留言已经有人归入案卷或者答复了，不用再归入。")
	}
	r, err := c.cfg.Desk.AddNote(v.ctx(), v.who, id, "群众在微信里的留言：\n"+said)
	if err == nil {
		err = c.cfg.Contacts.File(v.ctx(), v.who, t.ID, r.ID)
	}
	return r, err
}
