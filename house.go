package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/big"
	"net/http"
	"time"

	"shoushan/bot"
	"shoushan/console"
	"shoushan/disclosure"
	"shoushan/fault"
	"shoushan/handlers"
	"shoushan/opinion"
	"shoushan/posts"
	"shoushan/scheduler"
	"shoushan/staff"
	"shoushan/storage"
	"shoushan/workday"
)

// picturesAtOnce bounds the memory for opened pictures: each takes up to a hundred megabytes.
const picturesAtOnce = 2

// plan is what a house is built from.
type plan struct {
	config Config
	organ  disclosure.Organ
	store  *storage.Store
	clock  *clock
	log    *slog.Logger
	secure bool // pages are reached over https
	// articleHost is where the account's articles live; "" is Tencent's.
	articleHost string
	banner      string   // shown on every page, staff and public
	hints       []string // shown under the login form
}

// house is all rooms, wired.
type house struct {
	plan
	desk      *disclosure.Desk
	newsroom  *posts.Newsroom
	opening   chan struct{} // how many pictures are open at once, the newsroom's and the citizens' together
	client    *bot.Client
	gauge     *bot.Gauge
	chat      chat
	scheduler *scheduler.Scheduler
	handler   http.Handler // callback, public pages, console, health
}

// build wires the rooms. Nothing runs yet.
func build(p plan) (*house, error) {
	h := &house{plan: p}
	h.gauge = &bot.Gauge{Memo: p.store, Now: p.clock.Now, Log: p.log}
	h.client = bot.NewClient(bot.ClientConfig{
		AppID: p.config.WeChatAppID, AppSecret: string(p.config.WeChatAppSecret), BaseURL: p.config.WeChatAPIBase,
		Tokens: p.store.Tokens(), Parked: p.store.Ephemeral("parked"), Now: p.clock.Now, Log: p.log, Observe: h.gauge.Observe, Alarm: h.gauge.Alarm,
	})
	h.opening = make(chan struct{}, picturesAtOnce)
	h.chat = newChat(h)
	h.desk = &disclosure.Desk{
		Register: p.store, Serials: p.store, Notifier: h.chat.notifier, Calendar: h.calendar, Organ: p.organ, Hours: h.chat.hours, Now: p.clock.Now, NewCode: newQueryCode,
	}
	h.newsroom = &posts.Newsroom{
		Shelf: p.store, Files: p.store, Platform: h.client, Now: p.clock.Now, Started: p.clock.Now(),
		Mass: h.client, Limit: p.config.massLimit(), Cabinet: p.store, Sketches: p.store, Wake: h.wake,
		Bundles: h.client, Lister: platformList{h.client}, Statistics: platformStatistics{h.client}, Opening: h.opening, Fetcher: newPictureFetcher(publicWeb), Notepad: p.store.Ephemeral("newsroom"),
		ArticleHost: p.articleHost,
	}
	var err error
	if h.scheduler, err = h.buildScheduler(); err != nil {
		return nil, err
	}
	h.handler, err = h.buildHandler()
	return h, err
}

// calendar is the working-day calendar with the notices that staff have entered.
func (h *house) calendar(ctx context.Context) (workday.Calendar, error) {
	entered, err := h.store.Notices(ctx)
	if err != nil {
		return workday.Calendar{}, err
	}
	return workday.Embedded().With(entered...), nil
}

// newQueryCode returns six random digits.
func newQueryCode() string {
	n, err := rand.Int(rand.Reader, big.NewInt(1_000_000))
	if err != nil {
		panic(err) // crypto/rand never fails on a supported system
	}
	return fmt.Sprintf("%06d", n)
}

func (h *house) buildHandler() (http.Handler, error) {
	trusted, err := parseProxies(h.config.TrustedProxy)
	if err != nil {
		return nil, err
	}
	citizen := &handlers.Citizen{
		Desk: h.desk, Requests: h.store, Drafts: h.store.Drafts(), Articles: h.store,
		Guesses: h.store.Guesses(time.Hour), Organ: h.organ, Calendar: h.calendar, Now: h.clock.Now, PublicURL: h.config.PublicURL,
		Log: h.log, ClientIP: trusted.clientAddress, Banner: h.banner, Reports: publicReports{h.store}, Letters: h.desk, Enclosures: h.store,
	}
	h.chat.serve(citizen)
	callback := &bot.Callback{
		Config: bot.Config{
			Token: string(h.config.WeChatToken), AESKey: string(h.config.WeChatAESKey), AppID: h.config.WeChatAppID, Mode: h.config.mode(),
		},
		Once: h.store.Once(), Ahead: h.store.Ahead, Log: h.log, Now: h.clock.Now,
		Handler: bot.Chain(h.platformEvents(citizen.Handler()),
			bot.Recover(h.log), bot.LogWithoutContent(h.log, h.clock.Now), bot.Deadline(4*time.Second), h.gauge.Watch(), h.chat.notifier.Contact()),
	}
	if err := callback.Config.Check(); err != nil {
		return nil, err
	}
	staffPages, err := console.New(console.Config{
		Desk: h.desk, Requests: h.store, Newsroom: h.newsroom, Posts: h.store, Files: h.store, Members: h.store,
		Catalogue: h.store, Calendar: h.calendar, SaveNotice: h.store.SaveNotice, Organ: h.organ, Press: newPress(h.store, h.organ, h.clock.Now), Clerk: newClerk(h.store, h.organ, h.clock), Jobs: jobBoard{h.scheduler}, Account: h.chat, Talks: h.chat, Contacts: h.chat, Concerns: h.concerns(), Calls: h.chat, Answers: h.chat, Sessions: h.store.Sessions(),
		Secure: h.secure, Now: h.clock.Now, Log: h.log, Banner: h.banner, LoginHint: h.hints,
		ClientIP: trusted.clientAddress, Attempts: h.store.Guesses(15 * time.Minute),
	})
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle("/wechat", h.gauge.From(trusted.sender, callback))
	public := citizen.Pages()
	for _, path := range []string{"/guide", "/privacy", "/progress", "/progress/file", "/remind", "/reports", "/reports/"} {
		mux.Handle(path, public)
	}
	mux.HandleFunc("GET /healthz", h.healthz)
	mux.Handle("/", staffPages.Handler())
	return mux, nil
}

// healthz answers 200 when the store does.
func (h *house) healthz(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), 2*time.Second)
	defer cancel()
	if err := h.store.Ping(ctx); err != nil {
		h.log.Log(r.Context(), fault.Level(r.Context(), err), "health: the store does not answer", "err", err)
		http.Error(w, "the store does not answer", http.StatusServiceUnavailable)
		return
	}
	_, _ = io.WriteString(w, "ok\n")
}

func (h *house) buildScheduler() (*scheduler.Scheduler, error) {
	var s *scheduler.Scheduler
	enqueue := func(ctx context.Context, kind, id string) error { return s.Enqueue(ctx, kind, id) }
	s, err := scheduler.New(scheduler.Config{
		Redis: h.store, Queue: h.config.Account, Now: h.clock.Now, Log: h.log, History: history{h.store},
		Jobs: h.jobs(enqueue),
		Work: map[string]scheduler.Work{
			scheduler.AdvancePostWork: scheduler.AdvancePost(h.newsroom, h.clock.Now),
			handlers.FetchPictureWork: h.chat.pictures.Fetch,
		},
	})
	return s, err
}

// jobs lists all that happens by the clock.
func (h *house) jobs(enqueue func(ctx context.Context, kind, id string) error) []scheduler.Job {
	return []scheduler.Job{
		scheduler.DuePosts(h.newsroom, enqueue),
		scheduler.Deadlines(h.store, h.calendar),
		scheduler.Reminders(h.store, h.desk),
		scheduler.Silences(h.store, h.desk),
		scheduler.Resume(h.desk, h.calendar),
		scheduler.ConcernLimits(h.concerns(), h.calendar),
		scheduler.SilenceWatch(h.newsroom, h.calendar),
		scheduler.ReconcileAccount(h.newsroom),
		scheduler.ReadingFigures(h.newsroom),
		h.chat.healthJob(),
		h.chat.upkeepJob(),
		scheduler.Nightly("pictures", "清理未提交的图片", func(ctx context.Context) (string, error) { return h.chat.pictures.Sweep(ctx, h.clock.Now()) }),
		scheduler.Nightly("recount", "统计索引复核", h.recount),
		scheduler.Nightly("trails", "留痕校验", h.verifyTrails),
		scheduler.AnnualDraft(h.annualDraft),
		h.reportDue(),
	}
}

// concerns is the register of public concerns.
func (h *house) concerns() *opinion.Ledger {
	return &opinion.Ledger{Register: h.store, Now: h.clock.Now}
}

func (h *house) recount(ctx context.Context) (string, error) {
	result, err := h.store.Recount(ctx, true)
	if err != nil {
		return "", err
	}
	if len(result.Differences) == 0 {
		return fmt.Sprintf("复核 %d 条记录，索引与记录一致。", total(result.Records)), nil
	}
	return fmt.Sprintf("复核 %d 条记录，修正了 %d 处不一致。", total(result.Records), len(result.Differences)), nil
}

func total(counts map[string]int) (n int) {
	for _, c := range counts {
		n += c
	}
	return n
}

func (h *house) verifyTrails(ctx context.Context) (string, error) {
	findings, err := h.store.VerifyTrails(ctx)
	if err != nil {
		return "", err
	}
	if err := h.verifySeals(ctx); err != nil {
		return "", err
	}
	if len(findings) == 0 {
		if _, err := h.store.Anchor(ctx); err != nil {
			return "", err
		}
		return "全部留痕完整，已做锚定。", nil
	}
	var errs []error
	for _, f := range findings {
		errs = append(errs, errors.New(f.String()))
	}
	h.log.Error("trails are damaged", "err", errors.Join(errs...))
	return fmt.Sprintf("发现 %d 处留痕被改动或缺失，请运行 shoushan doctor 查看。", len(findings)), nil
}

// newMember returns a member with a hashed password.
func newMember(id, name, password string, now time.Time, roles ...staff.Role) (staff.Member, error) {
	hash, err := console.HashPassword(password)
	if err != nil {
		return staff.Member{}, err
	}
	return staff.Member{ID: id, Name: name, Roles: roles, PasswordHash: hash, CreatedAt: now.UTC()}, nil
}
