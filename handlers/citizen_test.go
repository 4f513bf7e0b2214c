package handlers_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"shoushan/bot"
	"shoushan/disclosure"
	"shoushan/fault"
	"shoushan/handlers"
	"shoushan/posts"
	"shoushan/staff"
	"shoushan/workday"
)

var town = disclosure.Organ{
	Name: "陵川县崇文镇人民政府", ShortName: "崇文镇", AccountName: "首善崇文", Level: "township",
	Address: "山西省晋城市陵川县崇文镇示例街1号", PostCode: "048300", Hours: "工作日 8:00—12:00，14:30—18:00", Phone: "0356-0000000",
	Website: "https://lingchuan.example/xxgk", ReviewingOrgan: "陵川县人民政府", Court: "示例人民法院", LetterPrefix: "崇政公复",
}

// memory is everything that the dialogue is kept in, in memory: the register, the drafts, the articles. Fail makes the
// named store refuse.
type memory struct {
	mu       sync.Mutex
	creating sync.Mutex // held while a request is built, as the store does
	requests []disclosure.Request
	drafts   map[string]kept
	posts    []posts.Post
	serials  map[string]int
	now      func() time.Time
	fail     map[string]error
	writes   int // of drafts
}

type kept struct {
	data  []byte
	mark  string
	until time.Time
}

func (m *memory) failing(what string) error { return m.fail[what] }

func (m *memory) Create(_ context.Context, year int, build func(string) (disclosure.Request, error)) (disclosure.Request, error) {
	m.creating.Lock()
	defer m.creating.Unlock()
	if err := m.failing("register"); err != nil {
		return disclosure.Request{}, err
	}
	r, err := build(fmt.Sprintf("%d-%04d", year, len(m.requests)+1))
	if err != nil {
		return disclosure.Request{}, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	r.Version = 1
	m.requests = append(m.requests, r)
	return r, m.failing("register answer")
}

func (m *memory) Update(_ context.Context, id string, change func(*disclosure.Request) error) (disclosure.Request, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.failing("update"); err != nil {
		return disclosure.Request{}, err
	}
	for i, r := range m.requests {
		if r.ID == id {
			if err := change(&r); err != nil {
				return disclosure.Request{}, err
			}
			r.Version++
			m.requests[i] = r
			return r, nil
		}
	}
	return disclosure.Request{}, fault.New(fault.NotFound, "没有这件申请。")
}

func (m *memory) Request(_ context.Context, id string) (disclosure.Request, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, r := range m.requests {
		if r.ID == id {
			return r, nil
		}
	}
	return disclosure.Request{}, fault.New(fault.NotFound, "没有这件申请。")
}

func (m *memory) Requests(_ context.Context, q disclosure.Query) ([]disclosure.Request, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.failing("list"); err != nil {
		return nil, err
	}
	var out []disclosure.Request
	for _, r := range m.requests {
		if q.OpenID == "" || q.OpenID == r.Filing.OpenID {
			out = append(out, r)
		}
	}
	return out, nil
}

func (m *memory) NextSerial(_ context.Context, series string, year int) (int, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.serials[fmt.Sprint(series, year)]++
	return m.serials[fmt.Sprint(series, year)], nil
}

func (m *memory) Notify(context.Context, string, string) (string, error) {
	return "已发送微信消息", nil
}

func (m *memory) Load(_ context.Context, openID string) ([]byte, string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if d, ok := m.drafts[openID]; ok && m.now().Before(d.until) {
		return slices.Clone(d.data), d.mark, m.failing("drafts")
	}
	return nil, "", m.failing("drafts")
}

func (m *memory) Save(_ context.Context, openID string, data []byte, mark string, ttl time.Duration) (string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.failing("drafts"); err != nil {
		return "", err
	}
	d, there := m.drafts[openID]
	if there = there && m.now().Before(d.until); there && d.mark != mark || !there && mark != "" {
		return "", fault.New(fault.Conflict, "这一步已经在另一处填好了，请按最新的提示继续。")
	}
	m.writes++
	next := fmt.Sprint("mark ", m.writes)
	m.drafts[openID] = kept{slices.Clone(data), next, m.now().Add(ttl)}
	return next, nil
}

func (m *memory) Delete(_ context.Context, openID string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.failing("delete"); err != nil {
		return err
	}
	delete(m.drafts, openID)
	return nil
}

func (m *memory) Latest(_ context.Context, n int) ([]posts.Post, error) {
	out := slices.DeleteFunc(slices.Clone(m.posts), func(p posts.Post) bool { return !p.Readable() })
	slices.SortFunc(out, func(a, b posts.Post) int { return b.Publication.PublishedAt.Compare(a.Publication.PublishedAt) })
	return out[:min(n, len(out))], m.failing("posts")
}

func (m *memory) publish(title string, at time.Time) {
	m.posts = append(m.posts, posts.Post{
		ID: fmt.Sprint(len(m.posts) + 1), Channel: posts.Account, State: posts.Published,
		Content: posts.Content{Title: title, Digest: "摘要：" + title},
		Publication: posts.Publication{URL: fmt.Sprintf("https://mp.weixin.qq.com/s/example%d", len(m.posts)+1), PublishedAt: at,
			CoverURL: fmt.Sprintf("https://mmbiz.qpic.cn/cover%d", len(m.posts)+1)},
	})
}

// world is one town with its desk, its memory and a clock that the test sets.
type world struct {
	memory  *memory
	desk    *disclosure.Desk
	citizen *handlers.Citizen
	handle  bot.Handler
	now     time.Time
}

func newWorld(t testing.TB) *world {
	t.Helper()
	w := &world{now: workday.MustParse("2026-11-23").At(9, 0)}
	now := func() time.Time { return w.now }
	calendar := func(context.Context) (workday.Calendar, error) { return workday.Embedded(), nil }
	w.memory = &memory{drafts: map[string]kept{}, serials: map[string]int{}, fail: map[string]error{}, now: now}
	codes := 0
	w.desk = &disclosure.Desk{
		Register: w.memory, Serials: w.memory, Notifier: w.memory, Calendar: calendar, Organ: town, Now: now,
		NewCode: func() string { codes++; return fmt.Sprintf("%06d", 100000*codes+23456) },
	}
	w.citizen = &handlers.Citizen{
		Desk: w.desk, Requests: w.memory, Drafts: w.memory, Guesses: &handlers.Window{Now: now}, Organ: town, Calendar: calendar, Now: now,
		Articles:  w.memory,
		PublicURL: "https://xxgk.example", Letters: w.desk,
	}
	w.handle = w.citizen.Handler()
	return w
}

// says sends one text message and returns the reply's text, or the sentence of the fault as the bot would tell it.
func (w *world) says(t testing.TB, who, text string) string {
	t.Helper()
	return w.sends(t, bot.Message{From: who, Type: bot.TextMessage, Text: text})
}

func (w *world) sends(t testing.TB, m bot.Message) string {
	t.Helper()
	r, err := w.handle(t.Context(), m)
	if err != nil {
		return fault.Message(err)
	}
	return r.Text
}

// file files a natural person's application and returns the request.
func (w *world) file(t testing.TB, who string) disclosure.Request {
	t.Helper()
	before := len(w.memory.requests)
	for _, text := range naturalAnswers {
		w.says(t, who, text)
	}
	if len(w.memory.requests) != before+1 {
		t.Fatalf("%d requests on record, want %d", len(w.memory.requests), before+1)
	}
	return w.memory.requests[before]
}

var naturalAnswers = []string{
	"申请公开", "同意", "1", "王小明", "140599199001010018", "13900000000", "2025年崇文镇农村低保对象名单", "2", "1", "确认",
}

var errBroken = errors.New("dial tcp 127.0.0.1:6379: connection refused")

var desk = staff.Member{ID: "zhang", Name: "张经办", Roles: []staff.Role{staff.RequestDesk}}

var signer = staff.Member{ID: "li", Name: "李签发", Roles: []staff.Role{staff.Approver}}

// draftReply has the desk draft an answer that grants the request.
func (w *world) draftReply(t testing.TB, id string) {
	t.Helper()
	content := "2025年崇文镇农村低保对象共 12 户，名单见附件。"
	if _, err := w.desk.Decide(t.Context(), desk, id, disclosure.Decision{Outcome: disclosure.Granted, How: disclosure.Attached, Content: content}); err != nil {
		t.Fatal(err)
	}
}

// serveReply has the drafted answer signed by another person and served by WeChat.
func (w *world) serveReply(t testing.TB, id string) {
	t.Helper()
	if _, err := w.desk.SignOff(t.Context(), signer, id); err != nil {
		t.Fatal(err)
	}
	if _, err := w.desk.Deliver(t.Context(), desk, id, disclosure.DeliverByWeChat, "微信消息"); err != nil {
		t.Fatal(err)
	}
}

// findUnclear has the desk ask for a supplement.
func (w *world) findUnclear(t testing.TB, id string) {
	t.Helper()
	until := workday.Of(w.now).AddDays(14)
	if _, err := w.desk.RequestSupplement(t.Context(), desk, id, []string{"请写明是哪一年、哪个村的名单。", "请写明是城市低保还是农村低保。"}, until); err != nil {
		t.Fatal(err)
	}
	if _, err := w.desk.SignNotice(t.Context(), signer, id); err != nil {
		t.Fatal(err)
	}
}
