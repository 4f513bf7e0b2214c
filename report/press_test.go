package report_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"shoushan/disclosure"
	"shoushan/fault"
	"shoushan/report"
	"shoushan/staff"
)

// shelf keeps editions and files in memory, as JSON so that nothing is shared.
type shelf struct {
	editions map[int][]byte
	files    map[string][]byte
}

func (s *shelf) Edition(_ context.Context, year int) (report.Edition, error) {
	data, ok := s.editions[year]
	if !ok {
		return report.Edition{}, fault.New(fault.NotFound, "没有")
	}
	var e report.Edition
	return e, json.Unmarshal(data, &e)
}

func (s *shelf) UpdateEdition(ctx context.Context, year int, change func(*report.Edition) error) (report.Edition, error) {
	e, err := s.Edition(ctx, year)
	if fault.Is(err, fault.NotFound) {
		e = report.Edition{Year: year}
	} else if err != nil {
		return e, err
	}
	version := e.Version
	if err := change(&e); err != nil {
		return report.Edition{}, err
	}
	e.Version = version + 1
	data, err := json.Marshal(e)
	s.editions[year] = data
	return e, err
}

func (s *shelf) SaveFile(_ context.Context, data []byte) (string, error) {
	id := fmt.Sprint("f", len(s.files))
	s.files[id] = data
	return id, nil
}

func member(id string, roles ...staff.Role) staff.Member {
	return staff.Member{ID: id, Name: "成员" + id, Roles: roles}
}

var (
	clerk    = member("desk", staff.RequestDesk)
	first    = member("reviewer", staff.Reviewer)
	second   = member("reviewer2", staff.Reviewer)
	approver = member("approver", staff.Approver)
)

// pressHouse is a press with its records and clock in hand.
type pressHouse struct {
	*report.Press
	t       *testing.T
	shelf   *shelf
	records report.Records
	now     time.Time
}

func newPress(t *testing.T) *pressHouse {
	h := &pressHouse{t: t, shelf: &shelf{map[int][]byte{}, map[string][]byte{}}, now: time.Date(2026, 1, 5, 1, 0, 0, 0, time.UTC)}
	h.records.Requests = []disclosure.Request{request("2025-0001", disclosure.NaturalPerson, "2025-03-03", "2025-03-20", "r1")}
	h.Press = &report.Press{
		Editions: h.shelf, Vault: h.shelf, Organ: disclosure.Organ{Name: "陵川县崇文镇人民政府", ShortName: "崇文镇", AccountName: "首善崇文", Level: "township"},
		Prose:   func(_ context.Context, year int) (report.Prose, error) { return report.DefaultProse(year), nil },
		Records: func(context.Context, int) (report.Records, error) { return h.records, nil },
		Formats: report.Formats(), Now: func() time.Time { return h.now },
	}
	return h
}

func finished(year int) report.Prose {
	p := prose2021()
	p.Year = year
	return p
}

// must fails the test on an error, mustNot on none of the kind with the words.
func (h *pressHouse) must(_ report.Edition, err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *pressHouse) mustNot(_ report.Edition, err error) func(kind fault.Kind, want string) {
	return func(kind fault.Kind, want string) {
		h.t.Helper()
		if !fault.Is(err, kind) || !strings.Contains(fault.Message(err), want) {
			h.t.Errorf("got %v, want %v with %q", err, kind, want)
		}
	}
}

func (h *pressHouse) edition() report.Edition {
	h.t.Helper()
	w, err := h.Work(h.t.Context(), 2025)
	if err != nil {
		h.t.Fatal(err)
	}
	return w.Edition
}

// approve takes the report of 2025 from writing to approved.
func (h *pressHouse) approve() {
	h.t.Helper()
	ctx := h.t.Context()
	h.must(h.Submit(ctx, clerk, 2025))
	h.must(h.Review(ctx, first, 2025, true, ""))
	h.must(h.Review(ctx, second, 2025, true, "同意"))
	h.must(h.Review(ctx, approver, 2025, true, "同意发布"))
}

func TestReportFromDraftToSeal(t *testing.T) {
	h, ctx := newPress(t), t.Context()
	h.mustNot(h.Edit(ctx, first, 2025, 0, finished(2025)))(fault.Forbidden, "编写年度报告")
	h.mustNot(h.Submit(ctx, clerk, 2025))(fault.Conflict, "必须改正")
	h.must(h.Edit(ctx, clerk, 2025, 0, finished(2025)))
	h.mustNot(h.Edit(ctx, clerk, 2025, 0, finished(2025)))(fault.Conflict, "别人刚刚改过")
	h.mustNot(h.Publish(ctx, approver, 2025))(fault.Conflict, "编写中")
	h.must(h.Submit(ctx, clerk, 2025))
	h.mustNot(h.Edit(ctx, clerk, 2025, 2, report.DefaultProse(2025)))(fault.Conflict, "审核中")
	h.mustNot(h.Review(ctx, clerk, 2025, true, ""))(fault.Forbidden, "初审")
	h.must(h.Review(ctx, first, 2025, true, ""))
	h.mustNot(h.Review(ctx, first, 2025, true, ""))(fault.Forbidden, "不同的人")
	h.must(h.Review(ctx, second, 2025, true, ""))
	h.mustNot(h.Review(ctx, member("third", staff.Reviewer), 2025, true, ""))(fault.Forbidden, "终审")
	h.must(h.Review(ctx, approver, 2025, true, ""))
	h.mustNot(h.Publish(ctx, clerk, 2025))(fault.Forbidden, "发布年度报告")
	h.must(h.Publish(ctx, approver, 2025))

	e := h.edition()
	seal, ok := e.Published()
	if !ok || seal.No != 1 || seal.Annual.SignedOn != date("2026-01-05") || e.State != report.Sealed {
		t.Fatalf("edition = %+v", e)
	}
	if got := seal.Counted["t3.r1.natural"]; len(got) != 1 || got[0] != "2025-0001" {
		t.Errorf("the seal counts %v in r1, want 2025-0001", got)
	}
	for _, f := range seal.Files {
		if len(h.shelf.files[f.ID]) != f.Bytes || f.Bytes == 0 {
			t.Errorf("%s has %d bytes on the shelf, %d in the seal", f.Name, len(h.shelf.files[f.ID]), f.Bytes)
		}
	}
	if err := e.VerifySeals(); err != nil || e.Trail.Verify() != nil {
		t.Errorf("VerifySeals = %v, trail %v", err, e.Trail.Verify())
	}
	e.Seals[0].Annual.T4.Direct.Total = report.Count(1)
	if e.VerifySeals() == nil {
		t.Error("a changed cell in a seal is not found")
	}
}

func TestApprovalIsOfFiguresToo(t *testing.T) {
	h, ctx := newPress(t), t.Context()
	h.must(h.Edit(ctx, clerk, 2025, 0, finished(2025)))
	h.approve()
	h.records.Requests = append(h.records.Requests, request("2025-0002", disclosure.Company, "2025-12-30", "", ""))
	h.mustNot(h.Publish(ctx, approver, 2025))(fault.Conflict, "商业企业")
	h.must(h.TakeBack(ctx, clerk, 2025, "补登一件申请"))
	h.approve()
	h.must(h.Publish(ctx, approver, 2025))
}

func TestReviewOfOtherFiguresDoesNotCount(t *testing.T) {
	h, ctx := newPress(t), t.Context()
	h.must(h.Edit(ctx, clerk, 2025, 0, finished(2025)))
	h.must(h.Submit(ctx, clerk, 2025))
	h.must(h.Review(ctx, first, 2025, true, ""))
	h.records.Requests = append(h.records.Requests, request("2025-0002", disclosure.Company, "2025-12-30", "", ""))
	h.must(h.Review(ctx, second, 2025, true, "")) // 初审 anew
	h.mustNot(h.Publish(ctx, approver, 2025))(fault.Conflict, "审核中")
	h.must(h.Review(ctx, first, 2025, true, "")) // the first reader reads the new figures
	h.must(h.Review(ctx, approver, 2025, true, ""))
	h.must(h.Publish(ctx, approver, 2025))
}

func TestReportOfARunningYearIsNotSubmitted(t *testing.T) {
	h, ctx := newPress(t), t.Context()
	h.must(h.Edit(ctx, clerk, 2025, 0, finished(2025)))
	h.now = time.Date(2025, 12, 31, 15, 59, 59, 0, time.UTC)
	h.mustNot(h.Submit(ctx, clerk, 2025))(fault.Conflict, "还没有结束")
	h.now = h.now.Add(time.Second) // 1 January in Beijing
	h.must(h.Submit(ctx, clerk, 2025))
}

func TestReturnNeedsAReasonAndStartsAnew(t *testing.T) {
	h, ctx := newPress(t), t.Context()
	h.must(h.Edit(ctx, clerk, 2025, 0, finished(2025)))
	h.must(h.Submit(ctx, clerk, 2025))
	h.mustNot(h.Review(ctx, first, 2025, false, " "))(fault.Invalid, "退回的理由")
	h.must(h.Review(ctx, first, 2025, false, "第五部分太笼统"))
	if e := h.edition(); e.State != report.Writing || !strings.Contains(e.Trail[len(e.Trail)-1].Note, "太笼统") {
		t.Errorf("edition = %+v", e)
	}
}

func TestCorrectionIsListedNeverSilent(t *testing.T) {
	h, ctx := newPress(t), t.Context()
	h.must(h.Edit(ctx, clerk, 2025, 0, finished(2025)))
	h.approve()
	h.must(h.Publish(ctx, approver, 2025))
	h.mustNot(h.Edit(ctx, clerk, 2025, h.edition().Version, report.DefaultProse(2025)))(fault.Conflict, "已发布")
	h.mustNot(h.Correct(ctx, clerk, 2025, ""))(fault.Invalid, "更正的原因")
	h.must(h.Correct(ctx, clerk, 2025, "漏计一件邮寄申请"))
	h.approve()
	h.mustNot(h.Publish(ctx, approver, 2025))(fault.Conflict, "没有变化")
	h.must(h.TakeBack(ctx, clerk, 2025, "补登"))
	h.records.Requests = append(h.records.Requests, request("2025-0002", disclosure.Company, "2025-12-30", "", ""))
	h.approve()
	h.now = time.Date(2026, 3, 2, 1, 0, 0, 0, time.UTC)
	h.must(h.Publish(ctx, approver, 2025))

	e := h.edition()
	seal, _ := e.Published()
	if len(e.Seals) != 2 || seal.Previous != e.Seals[0].Hash || e.VerifySeals() != nil {
		t.Fatalf("seals = %d, chained %v", len(e.Seals), e.VerifySeals())
	}
	want := "2026年3月2日更正：“一、本年新收政府信息公开申请数量 / 商业企业”由“0”改为“1”"
	if got := seal.Annual.Corrections; len(got) != 1 || !strings.HasPrefix(got[0], want) || !strings.HasSuffix(got[0], "更正原因：漏计一件邮寄申请。") {
		t.Errorf("corrections = %q, want them to begin with %q", got, want)
	}
	for _, f := range seal.Files {
		if f.Name != "report.docx" && f.Name != "report.html" && f.Name != "report.json" {
			continue
		}
		a, err := report.Read(f.Name, h.shelf.files[f.ID])
		if err != nil || len(a.Corrections) != 1 || a.Corrections[0] != seal.Annual.Corrections[0] || a.SignedOn.IsZero() {
			t.Errorf("%s tells %q, signed %s (%v)", f.Name, a.Corrections, a.SignedOn, err)
		}
		if v := report.Check(a, nil); len(v) > 0 {
			t.Errorf("Check(%s) = %v", f.Name, v)
		}
	}
}

func TestAbandonedCorrectionRestoresTheText(t *testing.T) {
	h, ctx := newPress(t), t.Context()
	h.mustNot(h.Abandon(ctx, clerk, 2025))(fault.Conflict, "编写中")
	h.must(h.Edit(ctx, clerk, 2025, 0, finished(2025)))
	h.approve()
	h.must(h.Publish(ctx, approver, 2025))
	h.must(h.Correct(ctx, clerk, 2025, "错字"))
	h.must(h.Edit(ctx, clerk, 2025, h.edition().Version, finished(2025).With("overview", "另一段话。")))
	h.must(h.Abandon(ctx, clerk, 2025))
	if e := h.edition(); e.State != report.Sealed || e.Prose.Overview[0] != finished(2025).Overview[0] {
		t.Errorf("after abandoning: %s, %q", e.State, e.Prose.Overview)
	}
}

// TestPublicationIsBlockedByFail breaks the town's carried-in against the sealed report of the year before.
func TestPublicationIsBlockedByFail(t *testing.T) {
	h, ctx := newPress(t), t.Context()
	h.must(h.Edit(ctx, clerk, 2025, 0, finished(2025)))
	h.approve()
	h.must(h.Publish(ctx, approver, 2025))
	h.now = time.Date(2027, 1, 5, 1, 0, 0, 0, time.UTC)
	h.records.Requests = append(h.records.Requests, request("2025-0009", disclosure.NaturalPerson, "2025-12-30", "2026-02-01", "r1"))
	next := finished(2026).With("problems", "今年的问题是解读材料偏少，明年将逐件配发解读。")
	h.must(h.Edit(ctx, clerk, 2026, 0, next))
	h.mustNot(h.Submit(ctx, clerk, 2026))(fault.Conflict, "上年结转填的是 1 件")
	w, err := h.Work(ctx, 2026)
	if err != nil {
		t.Fatal(err)
	}
	sealed, _ := h.edition().Published()
	for _, v := range w.Findings {
		if v.Rule != report.RuleCarry {
			continue
		}
		if got := h.records.Offenders(v, 2026, &sealed); len(got) != 1 || got[0] != "2025-0009" {
			t.Errorf("%s@%s is laid to %v, want 2025-0009", v.Rule, v.Where, got)
		}
	}
}

// TestEveryVerbNeedsItsState tries every verb in every state; only the moves of the table succeed.
func TestEveryVerbNeedsItsState(t *testing.T) {
	tests := []struct {
		state report.EditionState
		can   []report.Verb
	}{
		{report.Writing, []report.Verb{report.WriteText, report.Submit}},
		{report.Reviewed, []report.Verb{report.PassRound, report.Approve, report.Return, report.Withdraw}},
		{report.Passed, []report.Verb{report.Return, report.Publish}},
		{report.Sealed, []report.Verb{report.Reopen}},
	}
	all := []report.Verb{report.WriteText, report.Submit, report.PassRound, report.Approve, report.Return, report.Publish, report.Reopen, report.Abandon, report.Withdraw}
	for _, tt := range tests {
		for _, verb := range all {
			want := false
			for _, v := range tt.can {
				want = want || v == verb
			}
			if got := (report.Edition{State: tt.state}).Can(verb); got != want {
				t.Errorf("Can(%s) in %s = %v, want %v", verb, tt.state, got, want)
			}
		}
	}
}
