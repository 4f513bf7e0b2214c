package storage_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"shoushan/disclosure"
	"shoushan/fault"
	"shoushan/staff"
)

var person = disclosure.Personal{
	Name: "王小满", DocumentNumber: "140524199003071234", Phone: "13835600001", Email: "xiaoman@example.cn",
	Address: "陵川县崇文镇古陵路一号", Description: "二〇二五年崇文镇道路养护经费明细",
}

func filed(id, openID string) (disclosure.Request, error) {
	return disclosure.Request{
		ID: id, QueryCode: "836251", SubmittedAt: noon, State: disclosure.Handling, HandlerID: "desk",
		Filing: disclosure.Filing{
			Channel: disclosure.ByWeChat, ApplicantKind: disclosure.NaturalPerson, OpenID: openID, Personal: person,
			Medium: disclosure.Paper, Delivery: disclosure.DeliverByPost,
		},
		Trail: staff.Trail(nil).Append(staff.Citizen, noon, "submit", "", "条例第二十九条"),
	}, nil
}

func create(t *testing.T, h house, year int, openID string) disclosure.Request {
	t.Helper()
	r, err := h.Create(t.Context(), year, func(id string) (disclosure.Request, error) { return filed(id, openID) })
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestCreateThenRead(t *testing.T) {
	everywhere(t, func(t *testing.T, h house) {
		created := create(t, h, 2026, "oWang")
		if created.ID != "2026-0001" || created.Version != 1 {
			t.Errorf("Create() = id %s version %d, want 2026-0001 version 1", created.ID, created.Version)
		}
		read := must(h.Request(t.Context(), created.ID))(t)
		if d := diff(created, read); d != "" {
			t.Errorf("read differs from created (-created +read):\n%s", d)
		}
		for _, id := range []string{"2026-0002", "", "nonsense", "2026-0001:x"} {
			if _, err := h.Request(t.Context(), id); !fault.Is(err, fault.NotFound) {
				t.Errorf("Request(%q) = %v, want NotFound", id, err)
			}
		}
	})
}

func TestNumbersHaveNoGaps(t *testing.T) {
	everywhere(t, func(t *testing.T, h house) {
		refused := errors.New("no")
		if _, err := h.Create(t.Context(), 2026, func(string) (disclosure.Request, error) { return disclosure.Request{}, refused }); !errors.Is(err, refused) {
			t.Fatalf("Create() = %v, want the builder's own error", err)
		}
		if _, err := h.Create(t.Context(), 2026, func(string) (disclosure.Request, error) { return filed("2026-0099", "o") }); err == nil {
			t.Fatal("a request with a number of its own was stored")
		}
		if got := create(t, h, 2026, "o").ID; got != "2026-0001" {
			t.Errorf("after two failures the first number is %s, want 2026-0001", got)
		}
		if got := create(t, h, 2027, "o").ID; got != "2027-0001" {
			t.Errorf("the first number of the next year is %s, want 2027-0001", got)
		}
	})
}

func TestConcurrentCreatorsInTwoProcesses(t *testing.T) {
	everywhere(t, func(t *testing.T, h house) {
		const each = 15
		other := open(t, h.opts)
		var wg sync.WaitGroup
		for _, house := range []house{h, other} {
			wg.Go(func() {
				for range each {
					create(t, house, 2026, "o")
				}
			})
		}
		wg.Wait()
		var ids, want []string
		for _, r := range must(h.Requests(t.Context(), disclosure.Query{}))(t) {
			ids = append(ids, r.ID)
		}
		for i := range 2 * each {
			want = append(want, fmt.Sprintf("2026-%04d", i+1))
		}
		if d := diff(want, ids); d != "" {
			t.Errorf("numbers (-want +got):\n%s", d)
		}
	})
}

func TestUpdate(t *testing.T) {
	everywhere(t, func(t *testing.T, h house) {
		r := create(t, h, 2026, "oWang")
		refused := fault.New(fault.Conflict, "不行。")
		_, err := h.Update(t.Context(), r.ID, func(r *disclosure.Request) error {
			r.HandlerID = "nobody"
			r.Trail[0].Action = "tampered"
			return refused
		})
		if !errors.Is(err, refused) {
			t.Errorf("Update() = %v, want the change's own error", err)
		}
		if d := diff(r, must(h.Request(t.Context(), r.ID))(t)); d != "" {
			t.Errorf("a refused change left a trace:\n%s", d)
		}
		changed := must(h.Update(t.Context(), r.ID, func(r *disclosure.Request) error {
			r.State = disclosure.Closed
			return nil
		}))(t)
		if changed.Version != 2 {
			t.Errorf("version %d after the first change, want 2", changed.Version)
		}
		if d := diff(changed, must(h.Request(t.Context(), r.ID))(t)); d != "" {
			t.Errorf("read differs from what Update returned:\n%s", d)
		}
		if _, err := h.Update(t.Context(), "2026-0999", func(*disclosure.Request) error { return nil }); !fault.Is(err, fault.NotFound) {
			t.Errorf("Update of nothing = %v, want NotFound", err)
		}
	})
}

func TestUpdateLosesNothingUnderConcurrency(t *testing.T) {
	everywhere(t, func(t *testing.T, h house) {
		const each = 60
		id := create(t, h, 2026, "o").ID
		other := open(t, h.opts)
		var wg sync.WaitGroup
		for i, house := range []house{h, other} {
			by := staff.Member{ID: fmt.Sprint("writer", i)}
			wg.Go(func() {
				for n := range each {
					_, err := house.Update(t.Context(), id, func(r *disclosure.Request) error {
						r.Trail = r.Trail.Append(by, noon, "note", fmt.Sprint(n), "")
						return nil
					})
					if err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		r := must(h.Request(t.Context(), id))(t)
		if len(r.Trail) != 1+2*each || r.Version != 1+2*each {
			t.Errorf("%d events, version %d; want %d of each", len(r.Trail), r.Version, 1+2*each)
		}
		if err := r.Trail.Verify(); err != nil {
			t.Error(err)
		}
	})
}

func TestRequestsByQuery(t *testing.T) {
	everywhere(t, func(t *testing.T, h house) {
		for _, f := range []struct {
			year   int
			openID string
		}{{2025, "oWang"}, {2026, "oLi"}, {2026, "oWang"}, {2026, "oWang"}} {
			create(t, h, f.year, f.openID)
		}
		for _, id := range []string{"2025-0001", "2026-0002"} {
			must(h.Update(t.Context(), id, func(r *disclosure.Request) error { r.State = disclosure.Closed; return nil }))(t)
		}
		tests := []struct {
			name string
			q    disclosure.Query
			want string
		}{
			{"everything, by number", disclosure.Query{}, "2025-0001 2026-0001 2026-0002 2026-0003"},
			{"a year", disclosure.Query{Year: 2026}, "2026-0001 2026-0002 2026-0003"},
			{"a year without requests", disclosure.Query{Year: 2024}, ""},
			{"a citizen", disclosure.Query{OpenID: "oWang"}, "2025-0001 2026-0002 2026-0003"},
			{"a stranger", disclosure.Query{OpenID: "oNobody"}, ""},
			{"open", disclosure.Query{Open: true}, "2026-0001 2026-0003"},
			{"open of a year and a citizen", disclosure.Query{Year: 2026, Open: true, OpenID: "oWang"}, "2026-0003"},
		}
		for _, tt := range tests {
			if got := numbers(t, h, tt.q); got != tt.want {
				t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
			}
		}
	})
}

func numbers(t *testing.T, h house, q disclosure.Query) string {
	t.Helper()
	var ids []string
	for _, r := range must(h.Requests(t.Context(), q))(t) {
		ids = append(ids, r.ID)
	}
	return strings.Join(ids, " ")
}

func TestSerialsNeverRepeat(t *testing.T) {
	everywhere(t, func(t *testing.T, h house) {
		const writers, each = 4, 50
		var mu sync.Mutex
		var got []int
		var wg sync.WaitGroup
		for range writers {
			wg.Go(func() {
				for range each {
					n, err := h.NextSerial(t.Context(), "崇政公复", 2026)
					if err != nil {
						t.Error(err)
					}
					mu.Lock()
					got = append(got, n)
					mu.Unlock()
				}
			})
		}
		wg.Wait()
		slices.Sort(got)
		for i, n := range got {
			if n != i+1 {
				t.Fatalf("the %d-th number is %d", i+1, n)
			}
		}
		if n := must(h.NextSerial(t.Context(), "崇政公复", 2027))(t); n != 1 {
			t.Errorf("the next year starts with %d, want 1", n)
		}
		if n := must(h.NextSerial(t.Context(), "崇政公补", 2026))(t); n != 1 {
			t.Errorf("another series starts with %d, want 1", n)
		}
	})
}

func TestCancelledContextIsUnavailable(t *testing.T) {
	everywhere(t, func(t *testing.T, h house) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := h.Requests(ctx, disclosure.Query{}); !fault.Is(err, fault.Unavailable) || !errors.Is(err, context.Canceled) {
			t.Errorf("Requests() = %v, want Unavailable because of Canceled", err)
		}
	})
}
