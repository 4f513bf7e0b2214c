package main

import (
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"shoushan/disclosure"
	"shoushan/fault"
	"shoushan/posts"
	"shoushan/report"
	"shoushan/scheduler"
	"shoushan/staff"
	"shoushan/workday"
)

// yearEndHouse is a demo's house on a clock that a test moves, without its platform and its pages.
type yearEndHouse struct {
	*demo
	t        *testing.T
	desk     staff.Member
	approver staff.Member
}

func newYearEnd(t *testing.T, at string) *yearEndHouse {
	t.Helper()
	c := &demoCommand{Data: t.TempDir(), Memory: true}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close() // only its address is needed
	cfg, err := c.configure(listener, listener)
	if err != nil {
		t.Fatal(err)
	}
	clock := &clock{}
	clock.Set(beijing(t, at))
	opened, err := c.openStore(t.Context(), cfg, clock)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = opened.close() })
	d, err := buildDemo(cfg, opened, clock, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	h := &yearEndHouse{demo: d, t: t}
	h.desk = staff.Member{ID: "desk", Name: "陈静", Roles: []staff.Role{staff.RequestDesk}}
	h.approver = staff.Member{ID: "approver", Name: "王建国", Roles: []staff.Role{staff.Approver}}
	return h
}

func beijing(t *testing.T, at string) time.Time {
	t.Helper()
	instant, err := time.ParseInLocation("2006-01-02 15:04:05", at, workday.Beijing)
	if err != nil {
		t.Fatal(err)
	}
	return instant
}

// file takes a request on the desk whose clock stands at the given time, now for "".
func (h *yearEndHouse) file(channel disclosure.Channel, at string) disclosure.Request {
	h.t.Helper()
	desk, by := *h.house.desk, h.desk
	if at != "" {
		desk.Now = func() time.Time { return beijing(h.t, at) }
	}
	f := disclosure.Filing{
		Channel: channel, ApplicantKind: disclosure.NaturalPerson, Medium: disclosure.Paper, Delivery: disclosure.DeliverByPost,
		Personal: disclosure.Personal{Name: "示例甲", DocumentNumber: identity, Phone: mobile, Address: "示例地址", Description: "低保名单"},
	}
	if channel == disclosure.ByWeChat {
		f.OpenID, by = "o-year-end", staff.Citizen
	}
	r, err := desk.Submit(h.t.Context(), by, f)
	if err != nil {
		h.t.Fatal(err)
	}
	return r
}

// tally counts a year from the indexes and makes sure that the records say the same.
func (h *yearEndHouse) tally(year int) report.Tally {
	h.t.Helper()
	got, err := h.store.Tally(h.t.Context(), year)
	if err != nil {
		h.t.Fatal(err)
	}
	r, err := storedRecords(h.t.Context(), h.store, h.organ, year)
	if err != nil {
		h.t.Fatal(err)
	}
	if want := report.NewTally(year, r.records.Posts, r.records.Requests); want.Requests.New != got.Requests.New || want.Requests.CarriedOut != got.Requests.CarriedOut || want.Account != got.Account {
		h.t.Errorf("%d: indexes say %+v, records %+v", year, got, want)
	}
	return got
}

func (h *yearEndHouse) publishElsewhere(title string) {
	h.t.Helper()
	author := staff.Member{ID: "author", Name: "张晓", Roles: []staff.Role{staff.Author}}
	c := posts.Content{Title: title, Markdown: "正文。", Origin: posts.Original, Topic: "工作动态"}
	if _, err := h.newsroom.RecordElsewhere(h.t.Context(), author, posts.Account, c, "", h.clock.Now()); err != nil {
		h.t.Fatal(err)
	}
}

// ran waits until a job has run on or after an instant and returns what it said.
func (h *yearEndHouse) ran(job string, since time.Time) scheduler.Run {
	h.t.Helper()
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		run, err := history{h.store}.LastRun(h.t.Context(), job)
		if err != nil {
			h.t.Fatal(err)
		}
		if !run.Slot.Before(since) && !run.Ended.IsZero() {
			return run
		}
	}
	h.t.Fatalf("%s did not run", job)
	return scheduler.Run{}
}

// work starts the scheduler until the test ends.
func (h *yearEndHouse) work() {
	h.t.Helper()
	ctx, stop := context.WithCancel(h.t.Context())
	done := make(chan error, 1)
	go func() { done <- h.scheduler.Run(ctx) }()
	h.t.Cleanup(func() {
		stop()
		if err := <-done; err != nil && !errors.Is(err, context.Canceled) {
			h.t.Errorf("the scheduler ended with %v", err)
		}
	})
}

// TestYearBoundary walks the house over New Year: what is received, numbered, counted, due and drafted on either side.
func TestYearBoundary(t *testing.T) {
	h := newYearEnd(t, "2026-12-31 23:59:30")
	ctx := t.Context()
	open := h.file(disclosure.AtCounter, "2026-12-21 10:00:00")
	late := h.file(disclosure.AtCounter, "")
	chat := h.file(disclosure.ByWeChat, "")
	h.publishElsewhere("岁末")
	h.work()

	before := h.tally(2026)
	if before.Requests.New != 2 || before.Account.Original != 1 || h.tally(2027).Requests.New != 0 {
		t.Errorf("art. 31: at 23:59:30 the year counts %+v, want 2 requests; one in chat is not confirmed yet", before.Requests)
	}
	press := newPress(h.store, h.organ, h.clock.Now)
	h.writeReport(press)
	if _, err := press.Submit(ctx, h.desk, 2026); !fault.Is(err, fault.Conflict) || !strings.Contains(fault.Message(err), "还没有结束") {
		t.Errorf("the report of a running year is submitted: %v", err)
	}

	h.clock.Set(beijing(t, "2027-01-01 00:00:05"))
	h.publishElsewhere("元旦")
	confirmed, err := h.house.desk.Confirm(ctx, staff.Citizen, chat.ID)
	if err != nil {
		t.Fatal(err)
	}
	first := h.file(disclosure.AtCounter, "")
	h.checkNumbers(late, chat, first, confirmed)
	h.checkClocks(open, late)

	past, now := h.tally(2026), h.tally(2027)
	if past.Requests.New != 2 || past.Requests.CarriedOut != 2 || past.Requests.Closed != 0 || past.Account.Original != 1 {
		t.Errorf("2026 = %+v %+v, want 2 new and 2 carried out", past.Requests, past.Account)
	}
	if now.Requests.CarriedIn != 2 || now.Requests.New != 2 || now.Account.Original != 1 || now.ByMonth[0].Requests != 2 {
		t.Errorf("2027 = %+v %+v, want 2 carried in and 2 new", now.Requests, now.Account)
	}
	h.checkDraftJob()
	h.checkReports(press)
}

// writeReport fills in what a person has to write.
func (h *yearEndHouse) writeReport(press *report.Press) {
	h.t.Helper()
	prose := report.DefaultProse(2026).With("preface", "本报告的统计期限为2026年1月1日至2026年12月31日。") // the example organ's contact does not pass
	for _, part := range prose.Parts() {
		if strings.Contains(strings.Join(part.Texts, ""), "（请填写") {
			prose = prose.With(part.ID, part.Title+"：本年度的情况已经写明，没有其他事项。")
		}
	}
	if _, err := press.Edit(h.t.Context(), h.desk, 2026, 0, prose); err != nil {
		h.t.Fatal(err)
	}
}

func (h *yearEndHouse) checkNumbers(late, chat, first, confirmed disclosure.Request) {
	h.t.Helper()
	if late.ID != "2026-0002" || chat.ID != "2026-0003" || first.ID != "2027-0001" {
		h.t.Errorf("numbers are %s, %s and %s, want the new year to begin with 2027-0001", late.ID, chat.ID, first.ID)
	}
	if late.ReceivedOn.String() != "2026-12-31" || first.ReceivedOn.String() != "2027-01-01" || confirmed.ReceivedOn.String() != "2027-01-01" {
		h.t.Errorf("art. 31: received on %s, %s and, confirmed in the new year, %s", late.ReceivedOn, first.ReceivedOn, confirmed.ReceivedOn)
	}
}

// checkClocks holds the due dates against the list of workdays: 2027 has no notice yet, so they are provisional.
func (h *yearEndHouse) checkClocks(open, late disclosure.Request) {
	h.t.Helper()
	cal, err := h.calendar(h.t.Context())
	if err != nil {
		h.t.Fatal(err)
	}
	for r, want := range map[*disclosure.Request]string{&open: "2027-01-19", &late: "2027-01-29"} {
		d := r.Deadline(cal)
		if d.Due.String() != want || !d.Provisional {
			h.t.Errorf("art. 33: %s received on %s is due on %s (provisional %v), want %s, provisional", r.ID, r.ReceivedOn, d.Due, d.Provisional, want)
		}
	}
}

func (h *yearEndHouse) checkDraftJob() {
	h.t.Helper()
	at := beijing(h.t, "2027-01-01 00:10:01")
	h.clock.Set(at)
	if err := h.scheduler.Tick(h.t.Context()); err != nil {
		h.t.Fatal(err)
	}
	if run := h.ran("annual_draft", beijing(h.t, "2027-01-01 00:10:00")); run.Failure != "" || !strings.Contains(run.Result, "2026年政府信息公开工作年度报告") {
		h.t.Errorf("annual_draft said %q %q", run.Result, run.Failure)
	}
	var id string
	if err := h.store.Setting(h.t.Context(), "annual_draft:2026", &id); err != nil {
		h.t.Fatal(err)
	}
	data, err := h.store.File(h.t.Context(), id)
	if err != nil {
		h.t.Fatal(err)
	}
	a, err := report.Read("draft.docx", data)
	if err != nil || a.Cells()["t3.carried_out.natural"] != report.Count(2) {
		h.t.Errorf("the draft carries %v out (%v), want 2", a.Cells()["t3.carried_out.natural"], err)
	}
	h.clock.Set(beijing(h.t, "2027-01-21 08:40:01"))
	if err := h.scheduler.Tick(h.t.Context()); err != nil {
		h.t.Fatal(err)
	}
	if run := h.ran("report_due", beijing(h.t, "2027-01-21 08:40:00")); !strings.Contains(run.Result, "提醒：2026 年度报告应当在2027年1月31日前发布，还有 10 天") {
		h.t.Errorf("report_due said %q %q", run.Result, run.Failure)
	}
}

// checkReports publishes the report of 2026 and holds the running year against it.
func (h *yearEndHouse) checkReports(press *report.Press) {
	h.t.Helper()
	ctx := h.t.Context()
	reader := func(id string, role staff.Role) staff.Member {
		return staff.Member{ID: id, Name: id, Roles: []staff.Role{role}}
	}
	_, errSubmit := press.Submit(ctx, h.desk, 2026)
	_, errFirst := press.Review(ctx, reader("reviewer", staff.Reviewer), 2026, true, "")
	_, errSecond := press.Review(ctx, reader("reviewer2", staff.Reviewer), 2026, true, "")
	_, errFinal := press.Review(ctx, h.approver, 2026, true, "")
	e, errPublish := press.Publish(ctx, h.approver, 2026)
	if err := errors.Join(errSubmit, errFirst, errSecond, errFinal, errPublish); err != nil {
		h.t.Fatal(err)
	}
	seal, ok := e.Published()
	if !ok || len(seal.Counted["t3.carried_out.natural"]) != 2 || e.VerifySeals() != nil {
		h.t.Errorf("the seal counts %v carried out, chained %v", seal.Counted["t3.carried_out.natural"], e.VerifySeals())
	}
	w, err := press.Work(ctx, 2027)
	if err != nil {
		h.t.Fatal(err)
	}
	for _, v := range w.Findings {
		if v.Rule != report.RuleOpen {
			h.t.Errorf("2027 against the sealed 2026: %s %s", v.Rule, v.Message)
		}
	}
	if err := h.verifySeals(ctx); err != nil {
		h.t.Errorf("nightly: %v", err)
	}
}
