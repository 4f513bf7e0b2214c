package simulator

import (
	"context"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"
)

// The demo account. A bot that is configured with these talks to a zero Server.
const (
	DefaultAppID       = "wx5f3c0de1a2b49e70"
	DefaultAppSecret   = "0f1e2d3c4b5a69788796a5b4c3d2e1f0"
	DefaultToken       = "shoushanchongwen"
	DefaultAESKey      = "ShouShanChongWenDemoKeyNotASecret0123456789"
	DefaultOriginalID  = "gh_5f3c0de1a2b4"
	DefaultAccountName = "首善崇文"
	// DefaultAccountIntro is the account's introduction (功能介绍) on the follow screen.
	DefaultAccountIntro = "陵川县崇文镇人民政府：权威发布、办事指南、依申请公开。"
	// DefaultTemplateID is the account's one fixed template of one-time subscription messages (一次性订阅消息).
	DefaultTemplateID = "uDemo0neTimeTemplate_XcK9b2mVtQz7pLr4sYwE1"
)

// Server is one platform with one Official Account and its citizens. Set the fields before the first use of Handler;
// afterwards the control API changes what may change. The zero value is a certified subscription account in safe mode
// with the Default… credentials and no callback address.
type Server struct {
	AppID, AppSecret, Token string
	AESKey                  string // EncodingAESKey, 43 characters
	OriginalID              string // gh_…
	AccountName             string // on the phone
	AccountIntro            string

	CallbackURL string       // where messages and events are POSTed; empty: nowhere
	Mode        CallbackMode // how callbacks are encoded
	Kind        AccountKind  // decides which calls answer 48001
	PublicURL   string       // base of article links and images; empty: the Host of the request that makes them

	Settings *Settings // further behaviour; nil: DefaultSettings

	// Now is the platform's clock, time.Now when nil. SetClock, when set, is called by POST /sim/clock to move the
	// clock behind Now; with both nil the server keeps an offset of its own; with only Now set the clock cannot be moved.
	Now      func() time.Time
	SetClock func(time.Time)

	// StatePath is a file in which the platform's state outlives the process; empty: memory only. Pictures and other
	// uploads stand beside it in StatePath + ".files". It is written at most one second after a change, and by Close. A
	// file that cannot be read is moved aside and the platform starts empty. Ordered faults and the wire view are not
	// kept; callback address, mode and kind are always the program's. Two processes must not share a file.
	StatePath string
	Stderr    io.Writer // is told of trouble with StatePath; nil: os.Stderr

	Notice string // a line for whoever uses the phone page; empty: none

	Client *http.Client // carries callbacks; nil: a client of its own. The 5 s cut is applied on top.

	once    sync.Once
	clock   clock
	handler http.Handler
	table   map[string]endpoint // by path
	hub     hub
	wire    wireLog
	work    tasks // what Wait waits for
	watch   tasks // what only Close waits for
	quit    chan struct{}
	quitOne sync.Once

	keeping chan struct{} // closed when nothing more is written to StatePath

	mu    guard // guards everything below
	state state
	held  []chan struct{} // deliveries that let another one pass
}

// state is all that the platform remembers.
type state struct {
	settings  Settings
	faults    []*Fault
	faultSeq  int
	tokens    tokens
	quota     quota
	menu      *menu
	images    map[string]*image
	media     map[string]*media
	drafts    []*draft
	jobs      map[int64]*publishJob
	masses    []*massJob
	articles  []*article
	citizens  []*citizen
	tags      []*tag
	qrcodes   map[string]*qrcode
	consents  map[consent]int
	templates map[string]int64
	comments  []*comment
	seq       int64
}

func (s *Server) init() {
	s.once.Do(func() {
		fill(&s.AppID, DefaultAppID)
		fill(&s.AppSecret, DefaultAppSecret)
		fill(&s.Token, DefaultToken)
		fill(&s.AESKey, DefaultAESKey)
		fill(&s.OriginalID, DefaultOriginalID)
		fill(&s.AccountName, DefaultAccountName)
		fill(&s.AccountIntro, DefaultAccountIntro)
		s.PublicURL = strings.TrimSuffix(s.PublicURL, "/")
		s.clock = newClock(s.Now, s.SetClock)
		s.quit = make(chan struct{})
		if s.Client == nil {
			s.Client = &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
		}
		s.reset()
		s.handler = s.routes()
		s.keep()
	})
}

func fill(field *string, value string) {
	if *field == "" {
		*field = value
	}
}

// reset forgets everything but the configuration given by the program.
func (s *Server) reset() {
	settings := DefaultSettings()
	if s.Settings != nil {
		settings = *s.Settings
	}
	settings.CallbackURL, settings.Mode, settings.Kind = s.CallbackURL, s.Mode, s.Kind
	s.state = state{
		tokens:    tokens{Valid: map[string]time.Time{}},
		quota:     newQuota(),
		images:    map[string]*image{},
		media:     map[string]*media{},
		jobs:      map[int64]*publishJob{},
		qrcodes:   map[string]*qrcode{},
		consents:  map[consent]int{},
		templates: map[string]int64{},
		citizens:  defaultCitizens(),
	}
	s.apply(settings)
}

// Handler returns the whole platform as one handler. It may be called more than once.
func (s *Server) Handler() http.Handler {
	s.init()
	return s.handler
}

// Close ends the phone pages' event streams, cancels what is still to be published or pushed, waits for it, and writes
// StatePath. Call it before http.Server.Shutdown, which would otherwise wait for the streams. It may be called more than once.
func (s *Server) Close() {
	s.init()
	s.quitOne.Do(func() { close(s.quit) })
	<-s.watch.done()
	<-s.work.done()
	<-s.keeping
}

// Wait returns when nothing is being published or pushed any more. It is for tests and scripts (POST /sim/wait).
func (s *Server) Wait() { <-s.work.done() }

// background runs work that outlives the request it comes from, until Close.
func (s *Server) background(parent context.Context, work func(context.Context)) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(parent))
	s.work.start()
	done := make(chan struct{})
	go func() {
		select {
		case <-s.quit:
		case <-done:
		}
		cancel()
	}()
	go func() {
		defer s.work.end()
		defer close(done)
		work(ctx)
	}()
}

// pause waits in real time, whatever the platform's clock shows. It reports false when the server closes first.
func pause(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return ctx.Err() == nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// next returns a number that was not given before.
func (s *Server) next() int64 {
	s.state.seq++
	return s.state.seq
}
