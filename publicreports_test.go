package main

import (
	"bytes"
	"context"
	"testing"
	"time"

	"shoushan/fault"
	"shoushan/report"
	"shoushan/staff"
	"shoushan/storage"
	"shoushan/workday"
)

func memoryStore(t *testing.T) *storage.Store {
	t.Helper()
	cfg, err := LoadConfig(withStore(t))
	if err != nil {
		t.Fatal(err)
	}
	opened, err := openRunning(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = opened.close() })
	return opened.store
}

// 条例第五十条: citizens read what was sealed; a draft and a report in review are none, and an altered seal is not shown.
func TestPublicReports(t *testing.T) {
	archive, err := readRecords("testdata/chongwen-2021.ndjson", 2021)
	if err != nil {
		t.Fatal(err)
	}
	store, ctx := memoryStore(t), t.Context()
	press := newPress(store, archive.organ, func() time.Time { return workday.MustParse("2022-01-10").At(9, 0) })
	press.Records, press.Counted = func(context.Context, int) (report.Records, error) { return archive.records, nil }, nil
	press.Formats = report.Formats()
	shown := publicReports{store}
	person := func(id string, role staff.Role) staff.Member {
		return staff.Member{ID: id, Name: id, Roles: []staff.Role{role}}
	}
	review := func(id string, role staff.Role) func() error {
		return func() error { _, err := press.Review(ctx, person(id, role), 2021, true, ""); return err }
	}
	for _, step := range []func() error{
		func() error { return nil },
		func() error {
			_, err := press.Edit(ctx, person("a", staff.RequestDesk), 2021, 0, archive.prose)
			return err
		},
		func() error { _, err := press.Submit(ctx, person("a", staff.RequestDesk), 2021); return err },
		review("b", staff.Reviewer), review("c", staff.Reviewer), review("d", staff.Approver),
	} {
		if err := step(); err != nil {
			t.Fatal(err)
		}
		if years, err := shown.Years(ctx); err != nil || len(years) > 0 {
			t.Fatalf("Years before publication = %v, %v", years, err)
		}
		if _, err := shown.HTML(ctx, 2021); !fault.Is(err, fault.NotFound) {
			t.Fatalf("HTML before publication = %v, want NotFound", err)
		}
	}
	if _, err := press.Publish(ctx, person("d", staff.Approver), 2021); err != nil {
		t.Fatal(err)
	}
	checkPublished(t, shown)
	if _, err := store.UpdateEdition(ctx, 2021, func(e *report.Edition) error { e.Seals[0].ByName = "别人"; return nil }); err != nil {
		t.Fatal(err)
	}
	if page, err := shown.HTML(ctx, 2021); err == nil {
		t.Errorf("an altered seal is shown: %.40s", page)
	}
}

func checkPublished(t *testing.T, shown publicReports) {
	t.Helper()
	years, err := shown.Years(t.Context())
	if err != nil || len(years) != 1 || years[0] != 2021 {
		t.Errorf("Years = %v, %v; want 2021", years, err)
	}
	page, err := shown.HTML(t.Context(), 2021)
	if err != nil || !bytes.Contains(page, []byte("<body>")) || !bytes.Contains(page, []byte("2021年")) {
		t.Errorf("HTML = %.80s, %v; want the report", page, err)
	}
}
