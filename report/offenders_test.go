package report_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"shoushan/disclosure"
	"shoushan/fault"
	"shoushan/posts"
	"shoushan/report"
	"shoushan/workday"
)

// answered is a request for information of a natural person received and served in 2025.
func answered(id string, outcome disclosure.Outcome, change func(*disclosure.Request)) disclosure.Request {
	r := disclosure.Request{ID: id, State: disclosure.Closed, ReceivedOn: workday.On(2025, time.March, 3)}
	r.Filing.Matter, r.Filing.ApplicantKind = disclosure.Information, disclosure.NaturalPerson
	r.Decision = &disclosure.Decision{Outcome: outcome, ServedOn: workday.On(2025, time.March, 20)}
	if change != nil {
		change(&r)
	}
	return r
}

// TestOffenders: a finding is laid to the records that cause it, and to no other.
func TestOffenders(t *testing.T) {
	good := answered("good", "r1", nil)
	tests := []struct {
		name   string
		bad    disclosure.Request
		v      report.Violation
		sealed *report.Seal
		want   []string
	}{
		{"T3-COLSUM: an outcome that the form does not know", answered("bad", "r9", nil), report.Violation{Rule: report.RuleColumnSum, Where: "natural"}, nil, []string{"bad"}},
		{"T3-COLSUM of another column", answered("bad", "r9", nil), report.Violation{Rule: report.RuleColumnSum, Where: report.Columns()[1]}, nil, nil},
		{"T3-ROWSUM: an applicant of a kind that the form does not know", answered("bad", "r1", func(r *disclosure.Request) { r.Filing.ApplicantKind = "alien" }),
			report.Violation{Rule: report.RuleRowSum, Where: "r1"}, nil, []string{"bad"}},
		{"T3-BALANCE: what came in also went out", answered("other", "r2", nil), report.Violation{Rule: report.RuleBalance, Where: "natural"}, nil, nil},
		{"T4-SUM: a result that the form does not know", answered("bad", "r1", func(r *disclosure.Request) {
			r.Remedies = []disclosure.Remedy{{No: 1, Kind: disclosure.RemedyKinds()[0], OpenedOn: workday.On(2025, time.May, 1), ClosedOn: workday.On(2025, time.June, 1), Result: "odd"}}
		}), report.Violation{Rule: report.RuleSum4, Where: string(disclosure.RemedyKinds()[0])}, nil, []string{"bad"}},
		{"NARR: the records of the figure", answered("other", "r2", nil), report.Violation{Rule: report.RuleNarrative, Where: "t3.r2.total"}, nil, []string{"other"}},
		{"FEE-SEC6: those that paid", answered("paid", "r1", func(r *disclosure.Request) {
			r.Fee = &disclosure.Fee{Yuan: 420, PaidOn: workday.On(2025, time.April, 1)}
		}),
			report.Violation{Rule: report.RuleFee}, nil, []string{"paid"}},
		{"T3-CARRY: carried out last year and not carried in", answered("other", "r2", nil), report.Violation{Rule: report.RuleCarry, Where: "total"},
			&report.Seal{Counted: map[string][]string{"t3.carried_out.natural": {"lost"}, "t3.carried_out." + report.Columns()[1]: {"lost too"}}}, []string{"lost", "lost too"}},
		{"T3-CARRY without last year's report", answered("other", "r2", nil), report.Violation{Rule: report.RuleCarry, Where: "total"}, nil, nil},
		{"a rule about words", answered("other", "r2", nil), report.Violation{Rule: report.RuleTitle}, nil, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			records := report.Records{Requests: []disclosure.Request{good, tt.bad}}
			if got := records.Offenders(tt.v, 2025, tt.sealed); !slices.Equal(got, tt.want) {
				t.Errorf("Offenders = %v, want %v", got, tt.want)
			}
			if len(tt.want) > 0 && !report.Traceable(tt.v.Rule) {
				t.Errorf("%s is said not to be traceable", tt.v.Rule)
			}
		})
	}
}

// lists knows one figure.
type lists struct {
	listing report.Listing
	few     report.Records
	err     error
}

func (l lists) FigureList(_ context.Context, _ int, figure string, _, _ int) (report.Listing, error) {
	if figure == "account.original" {
		return l.listing, l.err
	}
	return report.Listing{}, l.err
}

func (l lists) FewRecords(context.Context) (report.Records, error) { return l.few, l.err }

func TestPressListsFromTheIndexOrTheRecords(t *testing.T) {
	all := report.Records{Requests: []disclosure.Request{answered("a", "r1", nil), answered("b", "r1", nil), answered("c", "r2", nil)}}
	for _, id := range []string{"p1", "p2", "p3"} {
		p := posts.Post{ID: id, State: posts.Published, Channel: posts.Account, Content: posts.Content{Origin: posts.Original}}
		p.Publication.PublishedAt = time.Date(2025, 3, 3, 1, 0, 0, 0, time.UTC)
		all.Posts = append(all.Posts, p)
	}
	reads := 0
	press := &report.Press{Records: func(context.Context, int) (report.Records, error) { reads++; return all, nil }}
	if l, err := press.List(t.Context(), 2025, "account.original", 1, 1); err != nil || l.Total != 3 || !slices.Equal(l.IDs, []string{"p2"}) || len(l.Records.Posts) != 3 {
		t.Errorf("from records: %+v, %v", l, err)
	}
	if l, err := press.List(t.Context(), 2025, "t3.r1.natural", 5, 10); err != nil || l.Total != 2 || len(l.IDs) != 0 {
		t.Errorf("past the end: %+v, %v", l, err)
	}
	if _, err := press.List(t.Context(), 2025, "no.figure", 0, 1); !fault.Is(err, fault.Invalid) {
		t.Errorf("a name that is no figure: %v", err)
	}
	reads = 0
	index := lists{listing: report.Listing{Known: true, IDs: []string{"p9"}, Total: 7}, few: report.Records{Requests: []disclosure.Request{answered("a", "r1", func(r *disclosure.Request) {
		r.Fee = &disclosure.Fee{Yuan: 420, PaidOn: workday.On(2025, time.April, 1)}
	})}}}
	press.Lists = index
	if l, err := press.List(t.Context(), 2025, "account.original", 0, 1); err != nil || l.Total != 7 || len(l.Records.Posts) != 0 {
		t.Errorf("from the index: %+v, %v", l, err)
	}
	if l, err := press.List(t.Context(), 2025, "fee.cases", 0, 10); err != nil || !slices.Equal(l.IDs, []string{"a"}) {
		t.Errorf("from the few records: %+v, %v", l, err)
	}
	if reads != 0 {
		t.Errorf("the whole year was read %d times", reads)
	}
	index.err = errors.New("redis")
	press.Lists = index
	for _, figure := range []string{"account.original", "fee.cases"} {
		if _, err := press.List(t.Context(), 2025, figure, 0, 1); !errors.Is(err, index.err) {
			t.Errorf("%s from a broken index: %v", figure, err)
		}
	}
}
