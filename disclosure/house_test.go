package disclosure_test

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"shoushan/disclosure"
	"shoushan/fault"
	"shoushan/staff"
	"shoushan/workday"
)

// memory is a small register: every record goes through JSON, so what is not stored is lost as it would be in a real one.
type memory struct {
	mu      sync.Mutex
	records map[string][]byte
	serials map[string]int
	told    []string
	silent  error    // what the notifier answers
	pause   *meeting // when set, whoever read a record waits there for the others
	writing sync.Mutex
}

// meeting makes so many readers wait for each other once, so that all of them have seen the same record.
type meeting struct{ all sync.WaitGroup }

func newMeeting(n int) *meeting {
	var m meeting
	m.all.Add(n)
	return &m
}

func (m *meeting) wait() {
	m.all.Done()
	m.all.Wait()
}

func newMemory() *memory { return &memory{records: map[string][]byte{}, serials: map[string]int{}} }

func (m *memory) NextSerial(_ context.Context, series string, year int) (int, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	key := fmt.Sprint(series, year)
	m.serials[key]++
	return m.serials[key], nil
}

func (m *memory) Create(ctx context.Context, year int, build func(id string) (disclosure.Request, error)) (disclosure.Request, error) {
	n, _ := m.NextSerial(ctx, "request", year)
	r, err := build(fmt.Sprintf("%d-%04d", year, n))
	if err != nil {
		return disclosure.Request{}, err
	}
	return m.save(r)
}

func (m *memory) save(r disclosure.Request) (disclosure.Request, error) {
	r.Version++
	data, err := json.Marshal(r)
	if err != nil {
		return disclosure.Request{}, err
	}
	m.mu.Lock()
	m.records[r.ID] = data
	m.mu.Unlock()
	var back disclosure.Request
	return back, json.Unmarshal(data, &back)
}

func (m *memory) Update(ctx context.Context, id string, change func(*disclosure.Request) error) (disclosure.Request, error) {
	m.writing.Lock() // one writer after the other, each on the newest record
	defer m.writing.Unlock()
	r, err := m.load(ctx, id)
	if err != nil {
		return disclosure.Request{}, err
	}
	if err := change(&r); err != nil {
		return disclosure.Request{}, err
	}
	return m.save(r)
}

func (m *memory) Request(ctx context.Context, id string) (disclosure.Request, error) {
	r, err := m.load(ctx, id)
	if m.pause != nil {
		m.pause.wait()
	}
	return r, err
}

func (m *memory) load(_ context.Context, id string) (disclosure.Request, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	data, ok := m.records[id]
	if !ok {
		return disclosure.Request{}, fault.New(fault.NotFound, "没有这件申请。")
	}
	var r disclosure.Request
	return r, json.Unmarshal(data, &r)
}

func (m *memory) Requests(ctx context.Context, q disclosure.Query) ([]disclosure.Request, error) {
	var out []disclosure.Request
	for id := range m.records {
		r, err := m.load(ctx, id)
		if err != nil {
			return nil, err
		}
		if (q.OpenID == "" || q.OpenID == r.Filing.OpenID) && !(q.Open && r.State == disclosure.Closed) {
			out = append(out, r)
		}
	}
	slices.SortFunc(out, func(a, b disclosure.Request) int { return cmp.Compare(a.ID, b.ID) })
	return out, nil
}

func (m *memory) Notify(_ context.Context, _, text string) (string, error) {
	if m.silent != nil {
		return "", m.silent
	}
	m.told = append(m.told, text)
	return "已发送微信消息", nil
}

var errSilent = errors.New("no window")

// Those who work at the desk in the tests.
var (
	clerk  = staff.Member{ID: "wang", Name: "王经办", Roles: []staff.Role{staff.RequestDesk}}
	second = staff.Member{ID: "zhao", Name: "赵经办", Roles: []staff.Role{staff.RequestDesk, staff.Approver}}
	head   = staff.Member{ID: "li", Name: "李主任", Roles: []staff.Role{staff.Approver}}
	author = staff.Member{ID: "sun", Name: "孙撰稿", Roles: []staff.Role{staff.Author}}
)

var town = disclosure.Organ{
	Name: "陵川县崇文镇人民政府", ShortName: "崇文镇", AccountName: "首善崇文", Level: "township", Address: "陵川县崇文镇古陵路1号",
	PostCode: "048300", Hours: "工作日8:00—12:00，14:30—18:00", Phone: "0356-6202000", Email: "xxgk@example.gov.cn",
	ReviewingOrgan: "陵川县人民政府", ReviewOnline: "https://review.example.gov.cn", Court: "有管辖权的人民法院", LetterPrefix: "崇政公复", ReportDue: "01-31",
}

// world is a desk with its register and a clock that the test sets.
type world struct {
	*disclosure.Desk
	memory *memory
	now    time.Time
	cal    workday.Calendar
}

func newWorld(at string) *world {
	w := &world{memory: newMemory(), cal: workday.Embedded()}
	w.set(at)
	w.Desk = &disclosure.Desk{
		Register: w.memory, Serials: w.memory, Notifier: w.memory, Organ: town,
		Calendar: func(context.Context) (workday.Calendar, error) { return w.cal, nil },
		Now:      func() time.Time { return w.now },
		NewCode:  func() string { return "135790" },
	}
	return w
}

// set moves the clock to a Beijing date, or date and time.
func (w *world) set(at string) {
	for _, layout := range []string{time.RFC3339, "2006-01-02 15:04", "2006-01-02"} {
		if t, err := time.ParseInLocation(layout, at, workday.Beijing); err == nil {
			if layout == "2006-01-02" {
				t = t.Add(9 * time.Hour)
			}
			w.now = t
			return
		}
	}
	panic("not a time: " + at)
}

func date(s string) workday.Date { return workday.MustParse(s) }

func byChat() disclosure.Filing {
	f := atCounter()
	f.Channel, f.OpenID, f.Delivery = disclosure.ByWeChat, "oCitizen1", disclosure.DeliverByWeChat
	return f
}

func atCounter() disclosure.Filing {
	return disclosure.Filing{
		Channel: disclosure.AtCounter, ApplicantKind: disclosure.NaturalPerson, Medium: disclosure.Paper, Delivery: disclosure.DeliverByPost,
		Personal: disclosure.Personal{
			Name: "张小三", DocumentNumber: "14052419900101005X", Phone: "13800001234", Email: "zhang@example.com",
			Address: "陵川县崇文镇古陵路9号", Description: "崇文镇2025年低保发放名册",
		},
	}
}

func ofCompany() disclosure.Filing {
	f := atCounter()
	f.ApplicantKind = disclosure.Company
	f.Personal.Name, f.Personal.DocumentNumber, f.Personal.Representative = "陵川某某商贸有限公司", "91140524MA0K12345C", "李四"
	return f
}

// must returns the request of a verb that may not fail.
func must(tb testing.TB) func(disclosure.Request, error) disclosure.Request {
	return func(r disclosure.Request, err error) disclosure.Request {
		tb.Helper()
		if err != nil {
			tb.Fatal(err)
		}
		return r
	}
}

// refused fails the test unless err is of the kind and says a Chinese sentence.
func refused(tb testing.TB, err error, kind fault.Kind) {
	tb.Helper()
	if fault.KindOf(err) != kind || err == nil {
		tb.Errorf("error = %v, want %v", err, kind)
		return
	}
	if message := []rune(fault.Message(err)); message[len(message)-1] != '。' {
		tb.Errorf("%q is not a whole sentence", string(message))
	}
}

// signs has a second person sign the notice that a verb has drafted, and returns the request.
func (w *world) signs(tb testing.TB) func(disclosure.Request, error) disclosure.Request {
	return func(r disclosure.Request, err error) disclosure.Request {
		tb.Helper()
		drafted := must(tb)(r, err)
		signer := head
		if drafted.Notice == nil || drafted.Notice.DraftedBy == head.ID {
			signer = second
		}
		return must(tb)(w.SignNotice(tb.Context(), signer, drafted.ID))
	}
}

// signedBy is signs for a scenario's player, whatever comes of it.
func (p *player) signedBy(signer staff.Member) func(disclosure.Request, error) (disclosure.Request, error) {
	return func(r disclosure.Request, err error) (disclosure.Request, error) { return p.signed(r, err, signer) }
}
