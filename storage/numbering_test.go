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
	"shoushan/storage"
)

// rush holds the server still while the first filing is under way, lets others wait for their numbers meanwhile, and
// returns when all are served.
func rush(t *testing.T, h house, filings ...func()) {
	t.Helper()
	release, before := still(t, h), commands(t, h, "watch")
	var all sync.WaitGroup
	all.Go(func() { create(t, h, 2026, "oFirst") })
	eventually(t, "the first is under way", func() bool { return commands(t, h, "watch") > before })
	for i, file := range filings {
		all.Go(file)
		eventually(t, "the others wait", func() bool { return storage.WaitingForNumbers(h.Store) > i })
	}
	release()
	all.Wait()
}

// numbered lists what is stored, number and citizen.
func numbered(t *testing.T, h house, year int) (out []string) {
	t.Helper()
	for _, r := range must(h.Requests(t.Context(), disclosure.Query{Year: year}))(t) {
		out = append(out, r.ID+" "+r.Filing.OpenID)
	}
	return out
}

// commands is how often the server has executed a command.
func commands(t *testing.T, h house, name string) (n int) {
	t.Helper()
	info := must(h.raw.Info(t.Context(), "commandstats").Result())(t)
	_, after, found := strings.Cut(info, "cmdstat_"+name+":calls=")
	if !found {
		return 0
	}
	if _, err := fmt.Sscan(strings.SplitN(after, ",", 2)[0], &n); err != nil {
		t.Fatal(err)
	}
	return n
}

// TestWaitingFilingsAreNumberedTogether: sixty filings that wait need a handful of transactions, and each has its own number.
func TestWaitingFilingsAreNumberedTogether(t *testing.T) {
	h := newHouse(t, realURL(t))
	const many = 60
	var filings []func()
	for i := range many {
		filings = append(filings, func() { create(t, h, 2026, fmt.Sprint("o", i)) })
	}
	before := commands(t, h, "exec")
	rush(t, h, filings...)
	if n := commands(t, h, "exec") - before; n < 2 || n > 6 {
		t.Errorf("%d filings took %d transactions", many+1, n)
	}
	list := numbered(t, h, 2026)
	for i, line := range list {
		if want := fmt.Sprintf("2026-%04d ", i+1); !strings.HasPrefix(line, want) {
			t.Fatalf("number %d is %q", i+1, line)
		}
	}
	if len(list) != many+1 {
		t.Errorf("%d requests, want %d", len(list), many+1)
	}
}

// TestNumberedTogetherLeavesNoGap: of those who wait together some make no record, leave, or file in another year; the
// others' numbers follow each other in the order in which they came.
func TestNumberedTogetherLeavesNoGap(t *testing.T) {
	h := newHouse(t, realURL(t))
	refused := errors.New("no")
	impatient, leave := context.WithCancel(t.Context())
	refuse := func() {
		_, err := h.Create(t.Context(), 2026, func(string) (disclosure.Request, error) { return disclosure.Request{}, refused })
		if !errors.Is(err, refused) {
			t.Errorf("the one who makes no record got %v", err)
		}
	}
	rush(
		t, h,
		func() { create(t, h, 2026, "oA") },
		refuse,
		func() {
			_, err := h.Create(impatient, 2026, func(id string) (disclosure.Request, error) { return filed(id, "oGone") })
			if !errors.Is(err, context.Canceled) || !fault.Is(err, fault.Unavailable) {
				t.Errorf("the one who left got %v", err)
			}
		},
		func() { create(t, h, 2027, "oNext") },
		func() { create(t, h, 2026, "oB") },
		func() {
			defer func() {
				if recover() == nil {
					t.Error("a panic was swallowed")
				}
			}()
			_, _ = h.Create(t.Context(), 2026, func(string) (disclosure.Request, error) { panic("broken builder") })
		},
		refuse,
		func() { leave(); create(t, h, 2026, "oC") },
	)
	want := []string{"2026-0001 oFirst", "2026-0002 oA", "2026-0003 oB", "2026-0004 oC", "2027-0001 oNext"}
	if d := diff(want, append(numbered(t, h, 2026), numbered(t, h, 2027)...)); d != "" {
		t.Errorf("numbers (-want +got):\n%s", d)
	}
}

// TestFilingsOfOneCitizenSeeEachOther: the second is made when the first is stored, however many are filed at once: a
// citizen's 确认 that arrives twice becomes one request.
func TestFilingsOfOneCitizenSeeEachOther(t *testing.T) {
	h := newHouse(t, realURL(t))
	already := errors.New("already filed")
	var mu sync.Mutex
	outcome := map[string][]bool{}
	file := func(citizen string) func() {
		return func() {
			_, err := h.Create(t.Context(), 2026, func(id string) (disclosure.Request, error) {
				if own := must(h.Requests(t.Context(), disclosure.Query{OpenID: citizen}))(t); len(own) > 0 {
					return disclosure.Request{}, already
				}
				return filed(id, citizen)
			})
			if err != nil && !errors.Is(err, already) {
				t.Error(err)
			}
			mu.Lock()
			defer mu.Unlock()
			outcome[citizen] = append(outcome[citizen], err == nil)
		}
	}
	rush(t, h, file("oA"), file("oA"), file("oB"), file("oA"), file("oB"), file("oC"))
	for citizen, made := range outcome {
		if n := len(slices.DeleteFunc(made, func(ok bool) bool { return !ok })); n != 1 {
			t.Errorf("%s has filed %d times", citizen, n)
		}
	}
	if d := diff([]string{"2026-0001 oFirst", "2026-0002 oA", "2026-0003 oB", "2026-0004 oC"}, numbered(t, h, 2026)); d != "" {
		t.Errorf("numbers (-want +got):\n%s", d)
	}
}

// TestNumberingGoesOnAfterAFailure: those who wait hear that nothing was stored, and the next ones are served.
func TestNumberingGoesOnAfterAFailure(t *testing.T) {
	memory := must(storage.StartMemory())(t)
	defer memory.Stop()
	h := newHouse(t, memory.URL())
	storage.Fail(memory, "ERR broken")
	var all sync.WaitGroup
	for i := range 10 {
		all.Go(func() {
			_, err := h.Create(t.Context(), 2026, func(id string) (disclosure.Request, error) { return filed(id, fmt.Sprint(i)) })
			if !fault.Is(err, fault.Unavailable) {
				t.Errorf("%v, want Unavailable", err)
			}
		})
	}
	all.Wait()
	storage.Fail(memory, "")
	if r := create(t, h, 2026, "o"); r.ID != "2026-0001" {
		t.Errorf("the first number is %s", r.ID)
	}
}
