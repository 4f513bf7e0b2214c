package console_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"
	"github.com/alexedwards/scs/v2/memstore"

	"shoushan/console"
	"shoushan/disclosure"
	"shoushan/fault"
	"shoushan/opinion"
	"shoushan/posts"
	"shoushan/report"
	"shoushan/staff"
	"shoushan/workday"
)

var beijing = workday.Beijing

// monday is the morning on which all tests take place, unless they move the clock.
var monday = time.Date(2026, 11, 23, 9, 30, 0, 0, beijing)

const password = "correct horse battery"

// cheapHash is the password at the lowest cost, so that a hundred logins do not take a minute.
var cheapHash = sync.OnceValue(func() string {
	hash, err := argon2id.CreateHash(password, &argon2id.Params{Memory: 64, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32})
	if err != nil {
		panic(err)
	}
	return hash
})

// The people of the office, one per role; zhao reviews beside qian, wu works at the desk beside zhou.
var people = []staff.Member{
	{ID: "sun", Name: "孙撰稿", Roles: []staff.Role{staff.Author}},
	{ID: "li2", Name: "李撰稿", Roles: []staff.Role{staff.Author}},
	{ID: "qian", Name: "钱审核", Roles: []staff.Role{staff.Reviewer}},
	{ID: "zhao", Name: "赵审核", Roles: []staff.Role{staff.Reviewer}},
	{ID: "zheng", Name: "郑签发", Roles: []staff.Role{staff.Approver}},
	{ID: "han", Name: "韩发布", Roles: []staff.Role{staff.Publisher}},
	{ID: "zhou", Name: "周经办", Roles: []staff.Role{staff.RequestDesk}},
	{ID: "wu", Name: "吴经办", Roles: []staff.Role{staff.RequestDesk}},
	{ID: "wang", Name: "王管理", Roles: []staff.Role{staff.Administrator}},
}

var loginOf = map[staff.Role]string{
	staff.Author: "sun", staff.Reviewer: "qian", staff.Approver: "zheng", staff.Publisher: "han", staff.RequestDesk: "zhou", staff.Administrator: "wang",
}

var organ = disclosure.Organ{
	Name: "陵川县崇文镇人民政府", ShortName: "崇文镇", AccountName: "首善崇文", Level: "township", Address: "山西省晋城市陵川县崇文镇",
	PostCode: "048300", Hours: "工作日 8:00–12:00，14:30–18:00", Phone: "0356-6200000", ReviewingOrgan: "陵川县人民政府",
	Court: "有管辖权的人民法院", LetterPrefix: "崇政公复", ReportDue: "01-31",
}

// house is a whole office in memory with its console.
type house struct {
	*store
	now      time.Time
	cal      workday.Calendar
	desk     *disclosure.Desk
	press    *report.Press
	clerk    *report.Clerk
	newsroom *posts.Newsroom
	platform *platform
	jobs     *fakeJobs
	chat     *fakeChat
	log      *bytes.Buffer
	sessions *sessions
	door     http.Handler
	console  *console.Console
}

func newHouse(t testing.TB) *house {
	t.Helper()
	h := &house{store: newStore(), now: monday, cal: workday.Embedded(), jobs: newFakeJobs(), chat: newFakeChat(), log: &bytes.Buffer{}, sessions: &sessions{MemStore: memstore.NewWithCleanupInterval(0)}, platform: &platform{refuse: map[string]error{}}}
	for _, m := range people {
		m.PasswordHash, m.CreatedAt = cheapHash(), monday.AddDate(-1, 0, 0)
		if err := h.SaveMember(t.Context(), m); err != nil {
			t.Fatal(err)
		}
	}
	now := func() time.Time { return h.now }
	calendar := func(context.Context) (workday.Calendar, error) { return h.cal, nil }
	h.desk = &disclosure.Desk{Register: h, Serials: h, Notifier: h, Calendar: calendar, Organ: organ, Now: now, NewCode: func() string { return "246810" }}
	h.newsroom = &posts.Newsroom{Shelf: h, Files: h, Platform: h.platform, Now: now, Started: monday.Add(-time.Hour),
		Mass: h.platform, Bundles: h.platform, Fetcher: h.platform, Cabinet: &drawers{rows: map[string][]byte{}}, Notepad: &drawers{rows: map[string][]byte{}}}
	h.press, h.clerk = newPress(h, now), &report.Clerk{Register: h, Organ: organ, Now: now, NewID: func() string { h.entries++; return fmt.Sprintf("e%d", h.entries) }}
	c, err := console.New(console.Config{
		Desk: h.desk, Requests: h, Newsroom: h.newsroom, Posts: h, Files: h, Catalogue: h, Members: h, Calendar: calendar, Organ: organ,
		Press: h.press, Clerk: h.clerk,
		Account: h.chat, Talks: h.chat, Contacts: h.chat, Concerns: &opinion.Ledger{Register: h, Now: now}, Calls: h.chat, Answers: h.chat,
		SaveNotice: func(_ context.Context, n workday.Notice) error {
			h.cal = h.cal.With(n)
			return n.Validate()
		},
		Jobs: h.jobs, Sessions: h.sessions, Now: now, Log: slog.New(slog.NewTextHandler(h.log, nil)),
		Banner: "演示环境：数据不保存",
	})
	if err != nil {
		t.Fatal(err)
	}
	h.door, h.console = c.Handler(), c
	return h
}

// sessions keeps sessions in memory until it is told to refuse.
type sessions struct {
	*memstore.MemStore
	refuse error
}

func (s *sessions) Commit(token string, data []byte, expiry time.Time) error {
	if s.refuse != nil {
		return s.refuse
	}
	return s.MemStore.Commit(token, data, expiry)
}

func newPress(h *house, now func() time.Time) *report.Press {
	return &report.Press{
		Editions: h, Vault: h, Organ: organ, Formats: report.Formats(), Now: now,
		Prose: func(_ context.Context, year int) (report.Prose, error) { return report.DefaultProse(year), nil },
		Records: func(ctx context.Context, year int) (r report.Records, err error) {
			var errPosts, errRequests, errRegisters error
			r.Posts, errPosts = h.Posts(ctx, posts.Query{PublishedYear: year})
			r.Requests, errRequests = h.Requests(ctx, disclosure.Query{})
			r.Registers, errRegisters = h.Registers(ctx)
			return r, errors.Join(errPosts, errRequests, errRegisters)
		},
	}
}

// browser is one person's browser: it keeps cookies and does not follow redirects.
type browser struct {
	t       testing.TB
	h       *house
	source  string // the address it comes from; "" is httptest's
	cookies map[string]string
}

func (h *house) browser(t testing.TB) *browser {
	return &browser{t: t, h: h, cookies: map[string]string{}}
}

// as returns a browser in which the member is logged in.
func (h *house) as(t testing.TB, login string) *browser {
	t.Helper()
	b := h.browser(t)
	got := b.post("/login", url.Values{"login": {login}, "password": {password}})
	if got.status != http.StatusSeeOther {
		t.Fatalf("login as %s: status %d: %s", login, got.status, got.sentence())
	}
	return b
}

// answer is what came back.
type answer struct {
	status int
	body   string
	header http.Header
}

func (a answer) location() string { return a.header.Get("Location") }

// sentence is the part of an error page that a person reads.
func (a answer) sentence() string {
	_, rest, ok := strings.Cut(a.body, `role="alert" id="problem"><p>`)
	if !ok {
		return ""
	}
	text, _, _ := strings.Cut(rest, "</p>")
	return text
}

func (b *browser) get(path string) answer { return b.send(httptest.NewRequest("GET", path, nil)) }

func (b *browser) post(path string, form url.Values) answer {
	r := httptest.NewRequest("POST", path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return b.send(r)
}

// follow posts, expects the redirect of a success, and returns the page it leads to.
func (b *browser) follow(path string, form url.Values) answer {
	b.t.Helper()
	got := b.post(path, form)
	if got.status != http.StatusSeeOther {
		b.t.Fatalf("POST %s = %d, want 303: %s", path, got.status, got.sentence())
	}
	path, _, _ = strings.Cut(got.location(), "#") // a browser keeps the fragment to itself
	return b.get(path)
}

func (b *browser) send(r *http.Request) answer {
	if b.source != "" {
		r.RemoteAddr = b.source
	}
	for name, value := range b.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	w := httptest.NewRecorder()
	b.h.door.ServeHTTP(w, r)
	res := w.Result()
	defer res.Body.Close()
	for _, c := range res.Cookies() {
		b.cookies[c.Name] = c.Value
		if c.MaxAge < 0 {
			delete(b.cookies, c.Name)
		}
	}
	body, err := io.ReadAll(res.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return answer{status: res.StatusCode, body: string(body), header: res.Header}
}

// wants checks a page for what must and must not be on it.
func (a answer) wants(t testing.TB, status int, want, notWant []string) {
	t.Helper()
	if a.status != status {
		t.Errorf("status = %d, want %d: %s", a.status, status, a.sentence())
	}
	for _, s := range want {
		if !strings.Contains(a.body, s) {
			t.Errorf("page lacks %q", s)
		}
	}
	for _, s := range notWant {
		if strings.Contains(a.body, s) {
			t.Errorf("page shows %q", s)
		}
	}
}

// fakeJobs is a clock that only remembers what it was asked.
type fakeJobs struct {
	list []console.Job
	ran  []string
}

func newFakeJobs() *fakeJobs {
	return &fakeJobs{list: []console.Job{
		{Name: "due_posts", Title: "到点发布", Schedule: "每分钟", LastRun: monday.Add(-time.Minute), NextRun: monday.Add(time.Minute), Result: "没有到点的稿件。"},
		{Name: "deadline_ladder", Title: "期限提醒", Schedule: "每天 08:00", LastRun: monday.Add(-90 * time.Minute), NextRun: monday.Add(23 * time.Hour), Failure: "读取台账失败，下次会重试。"},
	}}
}

func (f *fakeJobs) Jobs(context.Context) ([]console.Job, error) { return f.list, nil }

func (f *fakeJobs) RunNow(_ context.Context, name string) error {
	for _, j := range f.list {
		if j.Name == name {
			f.ran = append(f.ran, name)
			return nil
		}
	}
	return fault.New(fault.NotFound, "没有这个定时任务。")
}
