package console

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"shoushan/disclosure"
	"shoushan/fault"
	"shoushan/staff"
)

// Talks is what citizens have written to people in chat (留言), as the console needs it.
type Talks interface {
	// Talks lists the talks without their lines: those that wait for an answer first, then the newest.
	Talks(ctx context.Context) ([]Talk, error)
	// Talk returns one talk, or a NotFound fault.
	Talk(ctx context.Context, id string) (Talk, error)
	// Reply sends an answer to the citizen, or keeps it for the next contact, and says which.
	Reply(ctx context.Context, by staff.Member, id, text string) (how string, err error)
	// Settle says that nothing needs an answer any more, and lets the bot answer the citizen again.
	Settle(ctx context.Context, by staff.Member, id string) error
}

// Talk is what one citizen wrote to people. Who it is stands in the requests, if there are any.
type Talk struct {
	ID       string
	Last     time.Time
	Waiting  bool
	Silent   time.Time // the bot is silent until then; zero when it answers
	OpenID   string    // whom Contacts knows; never shown
	Requests []string  // numbers of the citizen's requests
	Lines    []TalkLine
}

// TalkLine is one message of a talk.
type TalkLine struct {
	At    time.Time
	By    string // the member's name; "" is the citizen
	Text  string
	Guess string // what the bot makes of it
	How   string // how an answer went out
	Filed string // the number of the request into whose case it was put
}

// Calls is the list of those whom WeChat does not let us reach.
type Calls interface {
	// Calls lists who has to be phoned, who waits longest first.
	Calls(ctx context.Context) ([]Call, error)
	// CallDone takes a row off the list, and notes the call in the case.
	CallDone(ctx context.Context, by staff.Member, id string) error
}

// Call is one citizen who has to be phoned.
type Call struct {
	ID       string
	Since    time.Time
	Texts    []string
	Why      string
	Requests []string // numbers of the citizen's requests; the phone number is revealed there
}

// talkRow is one talk on the list; of one that waits it has what was written and where it may belong.
type talkRow struct {
	Talk
	Said    string
	Guesses []guess
	Age     string
}

type talksPage struct {
	frame
	Talks []talkRow
}

type talkPage struct {
	frame
	Talk    Talk
	Reach   reach
	Queued  int
	Guesses []guess
	Unfiled bool // something stands in no case yet
	Reply   string
	Typed   string // the number typed for a case
	Problem problem
}

type callsPage struct {
	frame
	Calls []Call
}

var errNoChat = fault.New(fault.Unavailable, "这个程序没有接通公众号的留言。")

func (c *Console) talks(v *visit) error {
	p := &talksPage{frame: frame{Title: "群众留言", Here: "/talks"}}
	if c.cfg.Talks == nil {
		return c.show(v, http.StatusOK, "talks", p)
	}
	list, err := c.cfg.Talks.Talks(v.ctx())
	if err != nil {
		return err
	}
	all, err := c.cfg.Requests.Requests(v.ctx(), disclosure.Query{})
	if err != nil {
		return err
	}
	for _, t := range list {
		row, err := c.talkRow(v, t, all)
		if err != nil {
			return err
		}
		p.Talks = append(p.Talks, row)
	}
	return c.show(v, http.StatusOK, "talks", p)
}

// talkRow reads a talk that waits in full, to say what it is about; of the others the heading is enough.
func (c *Console) talkRow(v *visit, t Talk, all []disclosure.Request) (talkRow, error) {
	row := talkRow{Talk: t, Age: age(t.Last, v.now)}
	if !t.Waiting {
		return row, nil
	}
	full, err := c.cfg.Talks.Talk(v.ctx(), t.ID)
	if fault.Is(err, fault.NotFound) { // unsubscribed in this very moment
		return row, nil
	}
	if err != nil {
		return row, err
	}
	row.Guesses = guessesFor(full, all)
	full.Lines = maskedLines(full.Lines, ownOf(full, all))
	row.Said, row.Requests = unfiled(full), full.Requests
	return row, nil
}

// ownOf are the requests that may be quoted in a talk: the citizen's own, and those that it seems to be about.
func ownOf(t Talk, all []disclosure.Request) []disclosure.Request {
	ids := t.Requests
	for _, g := range guessesFor(t, all) {
		ids = append(slices.Clone(ids), g.ID)
	}
	return keep(slices.Clone(all), func(r disclosure.Request) bool { return slices.Contains(ids, r.ID) })
}

func (c *Console) talk(v *visit) error { return c.showTalk(v, http.StatusOK, "", problem{}) }

func (c *Console) showTalk(v *visit, status int, typed string, problem problem) error {
	if c.cfg.Talks == nil {
		return errNoChat
	}
	t, err := c.cfg.Talks.Talk(v.ctx(), v.r.PathValue("id"))
	if err != nil {
		return err
	}
	all, err := c.cfg.Requests.Requests(v.ctx(), disclosure.Query{})
	if err != nil {
		return err
	}
	p := &talkPage{
		frame: frame{Title: "留言", Here: "/talks"}, Guesses: guessesFor(t, all), Unfiled: unfiled(t) != "" && c.cfg.Contacts != nil,
		Reply: typed, Typed: v.form("request"), Problem: problem,
	}
	if c.cfg.Contacts != nil && t.OpenID != "" {
		contact, err := c.cfg.Contacts.Contact(v.ctx(), t.OpenID)
		if err != nil {
			return err
		}
		p.Reach, p.Queued = reachOf(contact, v.now), contact.Queued
	}
	t.Lines = maskedLines(t.Lines, ownOf(t, all))
	p.Talk = t
	return c.show(v, status, "talk", p)
}

// maxReply is how many characters an answer may have; WeChat takes about 680.
const maxReply = 600

func (c *Console) replyTalk(v *visit) error {
	text := v.form("text")
	how, err := c.sendReply(v, text)
	if fault.Is(err, fault.Invalid) || fault.Is(err, fault.Conflict) || fault.Is(err, fault.Unavailable) && c.cfg.Talks != nil {
		p := c.explain(v, err)
		return c.showTalk(v, p.Status, text, p)
	}
	if err != nil {
		return err
	}
	return c.redirect(v, "/talks/"+v.r.PathValue("id"), "答复："+how+"。")
}

func (c *Console) sendReply(v *visit, text string) (how string, err error) {
	switch n := len([]rune(text)); {
	case c.cfg.Talks == nil:
		return "", errNoChat
	case n == 0 || n > maxReply:
		return "", fault.Newf(fault.Invalid, "请填写答复，不超过 %d 个字。", maxReply)
	}
	return c.cfg.Talks.Reply(v.ctx(), v.who, v.r.PathValue("id"), text)
}

func (c *Console) settleTalk(v *visit) error {
	if c.cfg.Talks == nil {
		return errNoChat
	}
	if err := c.cfg.Talks.Settle(v.ctx(), v.who, v.r.PathValue("id")); err != nil {
		return err
	}
	return c.redirect(v, "/talks", "已办结，机器人恢复自动回复。")
}

func (c *Console) calls(v *visit) error {
	p := &callsPage{frame: frame{Title: "需要打电话", Here: "/calls"}}
	if c.cfg.Calls != nil {
		var err error
		if p.Calls, err = c.cfg.Calls.Calls(v.ctx()); err != nil {
			return err
		}
	}
	return c.show(v, http.StatusOK, "calls", p)
}

func (c *Console) callDone(v *visit) error {
	if c.cfg.Calls == nil {
		return errNoChat
	}
	if err := c.cfg.Calls.CallDone(v.ctx(), v.who, v.r.PathValue("id")); err != nil {
		return err
	}
	return c.redirect(v, "/calls", "已记下：打过电话了。")
}

// talkAbout says whose talk it is without saying who.
func talkAbout(t Talk) string {
	if len(t.Requests) == 0 {
		return "没有提交过申请的群众，在微信里"
	}
	return "申请 " + strings.Join(t.Requests, "、") + " 的申请人，在微信里"
}

// citizenTasks are those who have to be phoned and those who wait for an answer in chat.
func (c *Console) citizenTasks(v *visit) (taskGroup, error) {
	g := taskGroup{Title: "群众来信"}
	if !v.who.May(staff.HandleRequests) {
		return g, nil
	}
	if c.cfg.Calls != nil {
		calls, err := c.cfg.Calls.Calls(v.ctx())
		if err != nil {
			return g, err
		}
		for _, call := range calls {
			g.Tasks = append(g.Tasks, task{What: "打电话告知申请人", About: "微信没有送达 " + strconv.Itoa(len(call.Texts)) + " 条消息", Path: "/calls", Since: call.Since, Late: true})
		}
	}
	if c.cfg.Talks == nil {
		return g, nil
	}
	talks, err := c.cfg.Talks.Talks(v.ctx())
	for _, t := range talks {
		if t.Waiting {
			g.Tasks = append(g.Tasks, task{What: "处理留言", About: talkAbout(t), Path: "/talks/" + t.ID, Since: t.Last})
		}
	}
	return g, err
}
