package handlers

import (
	"context"
	"errors"
	"hash/fnv"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"shoushan/bot"
	"shoushan/disclosure"
	"shoushan/posts"
	"shoushan/staff"
	"shoushan/workday"
)

// Desk is what the dialogue needs of the request desk.
type Desk interface {
	// SubmitConfirmed files what the applicant has confirmed and returns it with its number, query code and receipt
	// date; it returns only after the record is durable.
	SubmitConfirmed(ctx context.Context, by staff.Member, f disclosure.Filing) (disclosure.Request, error)
	// Progress returns the request with the number and query code, or a NotFound fault that does not tell which is wrong.
	Progress(ctx context.Context, id, code string) (disclosure.Request, error)
	// Withdraw closes the request because the applicant takes it back, or returns a Conflict when it is too late.
	Withdraw(ctx context.Context, by staff.Member, id, reason string) (disclosure.Request, error)
	// ReceiveSupplement takes in what the applicant adds after a notice of 补正.
	ReceiveSupplement(ctx context.Context, by staff.Member, id string, a disclosure.SupplementAnswer) (disclosure.Request, error)
	// Attach adds a kept file to the request; one that is already there is a Conflict.
	Attach(ctx context.Context, by staff.Member, id string, a disclosure.Attachment) (disclosure.Request, error)
}

// Requests lists a citizen's own requests; the desk's register is one.
type Requests interface {
	Requests(ctx context.Context, q disclosure.Query) ([]disclosure.Request, error)
}

// Drafts keeps unfinished applications, one for each citizen, as opaque bytes that hold personal data. An answer to a
// notice of 补正 is kept under the OpenID with a suffix.
type Drafts interface {
	// Load returns the draft with the mark of what was read; no bytes, the mark "" and no error when there is none or it has
	// expired.
	Load(ctx context.Context, openID string) (data []byte, mark string, err error)
	// Save replaces the draft, in one atomic step, if it is still the one that was read with the mark, and returns the mark of
	// the new one; otherwise it writes nothing and returns a Conflict. The draft vanishes after ttl.
	Save(ctx context.Context, openID string, data []byte, mark string, ttl time.Duration) (next string, err error)
	// Delete removes the draft at once; there being none is no error.
	Delete(ctx context.Context, openID string) error
}

// Articles lists what the account has published.
type Articles interface {
	// Latest returns at most n published posts that have a permanent link and are still there, newest first.
	Latest(ctx context.Context, n int) ([]posts.Post, error)
}

// Guesses limits how often query codes may be tried and requests be filed.
type Guesses interface {
	// Take counts one attempt under key (a citizen, an address or a request) and reports, in the same atomic step, whether
	// at most limit attempts are counted lately: of any number made at once no more than limit are allowed.
	Take(ctx context.Context, key string, limit int) (bool, error)
	// GiveBack takes one attempt off the count: it was a right one.
	GiveBack(ctx context.Context, key string) error
}

// Citizen answers citizens in chat and on the public pages. All fields but PublicURL, Banner, Reports, ClientIP and Log are
// required. Use it by pointer.
type Citizen struct {
	Desk      Desk
	Requests  Requests
	Drafts    Drafts
	Articles  Articles
	Guesses   Guesses
	Organ     disclosure.Organ
	Calendar  func(context.Context) (workday.Calendar, error) // with the notices entered so far
	Now       func() time.Time
	PublicURL string                     // where Pages is reached, without a slash at the end; "" leaves the links out
	Banner    string                     // shown on top of every public page, e.g. 演示环境：申请人都是编造的示例。
	Reports   Reports                    // nil: no annual reports are shown here
	ClientIP  func(*http.Request) string // nil: the peer's address; set it when a proxy stands in front
	Log       *slog.Logger               // of the public pages; nil logs nothing. In chat bot's middleware logs

	Talks      *Talks     // what is kept for people; nil: the bot always answers
	Answers    *Answers   // what staff have written for words; nil: nothing
	Wordings   *Wordings  // staff's welcome, help and office hours; nil: the bot's own and the organ's
	Reminders  Reminders  // nil: nobody is offered a reminder
	Pictures   *Pictures  // pictures for an application; nil: none are taken
	Enclosures Enclosures // files that go with answers; nil: none are handed out
	Letters    Letters    // what citizens say about letters; nil: nothing is taken down

	stepsOnce sync.Once
	steps     []step
	turns     [64]sync.Mutex // one citizen's messages are answered one after the other
}

// Handler returns the handler of everything that citizens say and do in chat. Events that are none of theirs get the
// empty reply. It panics when a required field is missing, which is a mistake in the wiring.
func (c *Citizen) Handler() bot.Handler {
	c.mustBeWired()
	return func(ctx context.Context, m bot.Message) (bot.Reply, error) {
		turn := c.turnOf(m.From)
		turn.Lock()
		defer turn.Unlock()
		reply, err := c.answer(ctx, m)
		for n := 0; n < rivals && errors.Is(err, errOvertaken); n++ {
			reply, err = c.answer(ctx, m)
		}
		return reply, err
	}
}

// rivals is how often a turn is begun again because another process has answered another message of the same citizen in
// between. Each time it finds what the other left.
const rivals = 5

func (c *Citizen) answer(ctx context.Context, m bot.Message) (bot.Reply, error) {
	c.hearWording(ctx)
	switch m.Type {
	case bot.TextMessage:
		return c.text(ctx, m)
	case bot.EventMessage:
		return c.event(ctx, m)
	default:
		return c.other(ctx, m)
	}
}

func (c *Citizen) turnOf(openID string) *sync.Mutex {
	h := fnv.New32a()
	h.Write([]byte(openID))
	return &c.turns[h.Sum32()%uint32(len(c.turns))]
}

func (c *Citizen) mustBeWired() {
	if c.Desk == nil || c.Requests == nil || c.Drafts == nil || c.Articles == nil || c.Guesses == nil || c.Calendar == nil || c.Now == nil {
		panic("handlers: Citizen lacks a required field")
	}
}

func (c *Citizen) form() form {
	return form{organ: c.organ(), privacy: c.page(PrivacyPath), photos: c.Pictures != nil, steps: c.allSteps()}
}

// allSteps are the steps of an application, which never change.
func (c *Citizen) allSteps() []step {
	c.stepsOnce.Do(func() { c.steps = applicationSteps() })
	return c.steps
}

// page returns the address of a public page, or "" when none is reachable.
func (c *Citizen) page(path string) string {
	if c.PublicURL == "" {
		return ""
	}
	return c.PublicURL + path
}

// text answers a typed message: what is unmistakable first, then the application, then entry points, then the fallback.
func (c *Citizen) text(ctx context.Context, m bot.Message) (bot.Reply, error) {
	d, err := c.load(ctx, m.From)
	if err != nil {
		return bot.Reply{}, err
	}
	if reply, ok, err := c.settle(ctx, m.From, d); ok || err != nil {
		return reply, err
	}
	text := clean(m.Text)
	if unsupported(text) {
		return c.aside(ctx, m.From, d, c.told(d, onlyText(c.organ())), nil)
	}
	if reply, ok, err := c.mode(ctx, m.From, d, text); ok || err != nil {
		return reply, err
	}
	if named := addTo.FindStringSubmatch(text); named != nil {
		return c.startSupplement(ctx, m.From, named[1], d)
	}
	if reply, ok, err := c.aboutRequest(ctx, m.From, text); ok || err != nil {
		return c.aside(ctx, m.From, d, c.reminding(d, reply), err)
	}
	if d == nil || d.Paused {
		if reply, ok, err := c.inSupplement(ctx, m.From, text); ok || err != nil {
			return reply, err
		}
		if reply, ok, err := c.withPerson(ctx, m, d, text); ok || err != nil {
			return reply, err
		}
	}
	if d != nil {
		return c.inForm(ctx, m, *d, text)
	}
	return c.atDoor(ctx, m, nil, text)
}

// atDoor answers a citizen who has no application open, or has left it (d).
func (c *Citizen) atDoor(ctx context.Context, m bot.Message, d *draft, text string) (bot.Reply, error) {
	if key := entryNamed(text); key != "" {
		return c.open(ctx, m, d, key)
	}
	if said(text, remindWords) {
		reply, err := c.remind(ctx, m.From)
		return c.reminding(d, reply), err
	}
	if d == nil && said(text, confirmWords) {
		if reply, ok, err := c.receiptAgain(ctx, m.From); ok || err != nil {
			return reply, err
		}
	}
	if find(emergencies, text) == "" {
		if reply := c.written(ctx, text); reply != "" {
			return c.reminding(d, say(reply)), nil
		}
	}
	if reply := c.understood(text); reply != "" {
		return c.reminding(d, say(reply)), nil
	}
	if key := entryHinted(text); key != "" {
		return c.open(ctx, m, d, key)
	}
	c.unmatched(ctx, m.From, text)
	return c.reminding(d, say(fallback(c.organ()))), nil
}

// understood answers what is neither an entry point nor for the application, or returns "".
func (c *Citizen) understood(text string) string {
	if place := find(emergencies, text); place != "" {
		return place
	}
	if place := find(doors, text); place != "" {
		return place + "\n\n如果您要的是政府已有的信息，回复“申请公开”。"
	}
	if answer := answerTo(text); answer != "" {
		return answer + "\n\n要申请请回复“申请公开”。"
	}
	switch {
	case said(text, resumeWords), said(text, backWords), said(text, confirmWords), said(text, cancelWords), said(text, restartWords), said(text, pauseWords):
		return "您现在没有正在填写的申请（草稿保留 7 天，超过就删除了）。要申请请回复“申请公开”，查已提交的请回复“查进度”。"
	case said(text, agentWords):
		return "可以代办：回复“申请公开”开始，再回复“代办”。先填委托人，再填您自己和授权委托书。"
	case said(text, chatterWords):
		return "您好！" + fallback(c.organ())
	}
	return ""
}

// open answers an entry point, typed or tapped. An open application (d, may be nil) waits, and is told of.
func (c *Citizen) open(ctx context.Context, m bot.Message, d *draft, key string) (bot.Reply, error) {
	switch {
	case key == KeyApply:
		return c.apply(ctx, m.From, d)
	case key == KeyPerson && said(m.Text, personWords):
		return c.toPerson(ctx, m, d)
	}
	reply, err := c.enter(ctx, m, key)
	return c.aside(ctx, m.From, d, c.reminding(d, reply), err)
}

// aside is a reply to something beside the open application (d, may be nil): the question whether to cancel or to start
// again is no longer in the air, so that a later “好的” cannot be taken for its answer.
func (c *Citizen) aside(ctx context.Context, openID string, d *draft, r bot.Reply, err error) (bot.Reply, error) {
	if err != nil || d == nil || (d.Asked != askedCancel && d.Asked != askedRestart) {
		return r, err
	}
	d.Asked = ""
	return r, c.save(ctx, openID, d)
}

func (c *Citizen) enter(ctx context.Context, m bot.Message, key string) (bot.Reply, error) {
	switch key {
	case KeyProgress:
		return c.progress(ctx, m.From)
	case KeyNews:
		return c.news(ctx, m)
	case KeyGuide:
		return say(guideText(c.organ(), c.page(GuidePath))), nil
	case KeyReport:
		return c.reports(ctx)
	case KeyPerson:
		return c.person(ctx)
	default:
		return c.helped(), nil
	}
}

// apply opens a new application with the privacy notice, before any personal question, or goes on with the open one.
func (c *Citizen) apply(ctx context.Context, openID string, open *draft) (bot.Reply, error) {
	d, reply := c.form().start(c.Now(), c.wantsEasy(ctx, openID))
	if open != nil {
		d, reply = c.form().resume(*open, c.Now())
	}
	d.Filing.OpenID = openID
	if err := c.save(ctx, openID, &d); err != nil {
		return bot.Reply{}, err
	}
	return say(reply), nil
}

// inForm gives a text to the open application, unless it names another entry point.
func (c *Citizen) inForm(ctx context.Context, m bot.Message, d draft, text string) (bot.Reply, error) {
	if key := entryNamed(text); elsewhere(key) && !isDigits(word(text)) {
		return c.open(ctx, m, &d, key)
	}
	if c.takesPictures(&d) && said(text, dropPictures) {
		return c.told(&d, "好的，图片都不附了。"), c.Pictures.Forget(ctx, m.From)
	}
	next, reply, what := c.form().turn(d, text, c.Now())
	switch what {
	case file:
		return c.file(ctx, m.From, next)
	case discard:
		return say(reply), c.discarded(ctx, m.From)
	case pass:
		return c.atDoor(ctx, m, &d, text)
	case keep:
	}
	next.mark = d.mark // also of one that begins anew
	if err := c.save(ctx, m.From, &next); err != nil {
		return bot.Reply{}, err
	}
	return say(paragraphs(c.alreadyPublic(ctx, d, next), reply)), nil
}

// elsewhere reports whether the entry point is answered outside the application.
func elsewhere(key string) bool {
	return key != "" && key != KeyApply && key != KeyHelp
}

// event answers following, leaving and the menu.
func (c *Citizen) event(ctx context.Context, m bot.Message) (bot.Reply, error) {
	switch m.Event {
	case bot.Subscribe:
		return c.welcomed(), nil
	case bot.Unsubscribe:
		return bot.Reply{}, c.left(ctx, m.From)
	case bot.Scan: // a follower stands before one of our codes and wants to know what there is to do
		m.EventKey = KeyHelp
		return c.click(ctx, m)
	case bot.Click:
		return c.click(ctx, m)
	default:
		return bot.Reply{}, nil
	}
}

// click answers a tap on the menu. An open application is never lost by it.
func (c *Citizen) click(ctx context.Context, m bot.Message) (bot.Reply, error) {
	d, err := c.load(ctx, m.From)
	if err != nil {
		return bot.Reply{}, err
	}
	if reply, ok, err := c.settle(ctx, m.From, d); ok || err != nil {
		return reply, err
	}
	return c.open(ctx, m, d, m.EventKey)
}

// other answers pictures, voice, places and whatever else is not text (条例第四十三条).
func (c *Citizen) other(ctx context.Context, m bot.Message) (bot.Reply, error) {
	d, err := c.load(ctx, m.From)
	if err != nil {
		return bot.Reply{}, err
	}
	if ok, err := c.toldPerson(ctx, m, d); ok || err != nil {
		return bot.Reply{}, err
	}
	if m.Type == bot.ImageMessage && c.takesPictures(d) {
		return c.picture(ctx, m, *d)
	}
	if reply, ok, err := c.supplementPicture(ctx, m, d); ok || err != nil {
		return reply, err
	}
	var reply string
	switch m.Type {
	case bot.VoiceMessage:
		reply = noVoice(c.organ())
	case bot.ImageMessage, bot.VideoMessage:
		reply = noPicture(c.organ())
	case bot.LocationMessage:
		reply = "收到您的位置。填写地址请直接打字；我们的地址是：" + c.organ().Address
	default:
		reply = onlyText(c.organ())
	}
	return c.aside(ctx, m.From, d, c.told(d, reply), nil)
}
