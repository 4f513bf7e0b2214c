package console

import (
	"context"
	"errors"
	"html/template"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/alexedwards/scs/v2"

	"shoushan/disclosure"
	"shoushan/opinion"
	"shoushan/posts"
	"shoushan/report"
	"shoushan/staff"
	"shoushan/workday"
)

// Config is what the console needs of the house. All fields are required unless marked optional.
type Config struct {
	Desk     *disclosure.Desk
	Requests disclosure.Register
	Newsroom *posts.Newsroom
	Posts    posts.Shelf
	// Catalogue is optional: it counts and lists posts from indexes; without it the list of posts reads them all.
	Catalogue posts.Catalogue
	Files     posts.Files
	Members   staff.Directory
	Calendar  func(context.Context) (workday.Calendar, error) // with the notices entered so far
	Organ     disclosure.Organ
	Press     *report.Press   // the annual report of each year, and the records it counts
	Clerk     *report.Clerk   // the registers of tables 二 and 四
	Account   Account         // optional: how the Official Account is
	Talks     Talks           // optional: what citizens have written to people
	Contacts  Contacts        // optional: how citizens can be reached in chat, and into which case their words go
	Concerns  *opinion.Ledger // optional: the register of public concerns (政务舆情回应台账)
	Calls     Calls           // optional: who has to be phoned
	Answers   Answers         // optional: staff's own replies in chat
	// SaveNotice is optional: it stores a year's notice of holidays; without it the calendar page only shows.
	SaveNotice func(context.Context, workday.Notice) error
	Jobs       Jobs // optional: without it the page says that no clock runs here
	Sessions   scs.Store
	Secure     bool // cookies only over HTTPS, and HSTS
	Now        func() time.Time
	Log        *slog.Logger
	Banner     string // optional: shown on every page, e.g. 演示环境：数据保存在内存中，退出后不保留。
	// LoginHint is optional and shown under the login form, one line each; the demo lists its accounts here.
	LoginHint []string
	// Attempts is optional: it makes the limits of login attempts hold for all processes together.
	Attempts Attempts
	// ClientIP is optional: it names the address that login attempts are counted by. The default is the connection's own;
	// behind a proxy that is known to set it, main reads the proxy's header here.
	ClientIP func(*http.Request) string
}

// Console serves the staff pages.
type Console struct {
	cfg      Config
	sessions *scs.SessionManager
	pages    map[string]*template.Template
	assets   assets
	menu     []route // the pages of the site map that the menu lists
	attempts *limiter
	hashing  chan struct{} // at most two argon2id computations of 64 MiB at once
	opening  chan struct{} // at most two uploads unpacked at once: a small file may unpack to a hundred megabytes
	fetching chan struct{} // at most two pages or pictures taken from the web at once, for the same reason
}

// New checks the configuration and prepares the console. It returns an error that names every missing field.
func New(cfg Config) (*Console, error) {
	if err := cfg.validate(); err != nil {
		return nil, err
	}
	if cfg.ClientIP == nil {
		cfg.ClientIP = connectionAddress
	}
	c := &Console{
		cfg: cfg, sessions: newSessions(cfg), assets: loadAssets(),
		attempts: newLimiter(cfg.Attempts, cfg.Now), hashing: make(chan struct{}, 2), opening: make(chan struct{}, 2), fetching: make(chan struct{}, 2),
	}
	c.sessions.ErrorFunc = func(w http.ResponseWriter, r *http.Request, err error) {
		c.fail(&visit{w: w, r: r, now: cfg.Now()}, err)
		if answer, inside := w.(*endableWriter); inside {
			answer.ended = true
		}
	}
	c.menu = menuOf(siteMap(c))
	var err error
	c.pages, err = parsePages(c.assets)
	return c, err
}

func (cfg Config) validate() error {
	var missing []error
	for name, absent := range map[string]bool{
		"Desk": cfg.Desk == nil, "Requests": cfg.Requests == nil, "Newsroom": cfg.Newsroom == nil, "Posts": cfg.Posts == nil,
		"Files": cfg.Files == nil, "Members": cfg.Members == nil, "Calendar": cfg.Calendar == nil, "Press": cfg.Press == nil, "Clerk": cfg.Clerk == nil,
		"Sessions": cfg.Sessions == nil, "Now": cfg.Now == nil, "Log": cfg.Log == nil,
	} {
		if absent {
			missing = append(missing, errors.New("console: Config."+name+" is missing"))
		}
	}
	return errors.Join(missing...)
}

func newSessions(cfg Config) *scs.SessionManager {
	s := scs.New()
	s.Store = cfg.Sessions
	s.Lifetime = 12 * time.Hour
	s.IdleTimeout = 2 * time.Hour
	s.HashTokenInStore = true
	s.Cookie.Name = "shoushan"
	s.Cookie.HttpOnly = true
	s.Cookie.Persist = false
	s.Cookie.SameSite = http.SameSiteLaxMode
	s.Cookie.Secure = cfg.Secure
	return s
}

// connectionAddress is the address that the connection comes from, without its port.
func connectionAddress(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}
