package console

import (
	"context"
	"net/http"
	"strconv"
	"time"

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

type talksPage struct {
	frame
	Talks []Talk
}

type talkPage struct {
	frame
	Talk    Talk
	Reply   string
	Problem problem
}

type callsPage struct {
	frame
	Calls []Call
}

var errNoChat = fault.New(fault.Unavailable, "这个程序没有接通公众号的留言。")

func (c *Console) talks(v *visit) error {
	p := &talksPage{frame: frame{Title: "群众留言", Here: "/talks"}}
	if c.cfg.Talks != nil {
		var err error
		if p.Talks, err = c.cfg.Talks.Talks(v.ctx()); err != nil {
			return err
		}
	}
	return c.show(v, http.StatusOK, "talks", p)
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
	return c.show(v, status, "talk", &talkPage{frame: frame{Title: "留言", Here: "/talks"}, Talk: t, Reply: typed, Problem: problem})
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
			g.Tasks = append(g.Tasks, task{What: "答复留言", About: "群众在微信里的留言", Path: "/talks/" + t.ID, Since: t.Last})
		}
	}
	return g, err
}
