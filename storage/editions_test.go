package storage_test

import (
	"bytes"
	"errors"
	"sync"
	"testing"

	"shoushan/fault"
	"shoushan/report"
	"shoushan/staff"
	"shoushan/storage"
)

// sealed is the report of a year with one published version.
func sealed(year int) func(*report.Edition) error {
	return func(e *report.Edition) error {
		e.State, e.Prose = report.Sealed, report.DefaultProse(year)
		e.Seals = []report.Seal{{No: 1, At: noon, Annual: report.Annual{Organ: "某镇", Year: year, T4: &report.Table4{}}, Counted: map[string][]string{"t3.r1.natural": {"2025-0001"}}}}
		e.Trail = e.Trail.Append(staff.System, noon, "publish", "发布。", "")
		return nil
	}
}

func TestEditions(t *testing.T) {
	everywhere(t, func(t *testing.T, h house) {
		ctx := t.Context()
		if _, err := h.Edition(ctx, 2025); !fault.Is(err, fault.NotFound) {
			t.Fatalf("Edition of an untouched year = %v, want NotFound", err)
		}
		stored := must(h.UpdateEdition(ctx, 2025, sealed(2025)))(t)
		got := must(h.Edition(ctx, 2025))(t)
		if stored.Version != 1 || got.Version != 1 || got.Seals[0].Annual.Fingerprint() != stored.Seals[0].Annual.Fingerprint() {
			t.Errorf("Edition = %+v, want %+v", got, stored)
		}
		refused := errors.New("no")
		if _, err := h.UpdateEdition(ctx, 2025, func(e *report.Edition) error { e.State = report.Writing; return refused }); !errors.Is(err, refused) {
			t.Errorf("a refused change = %v", err)
		}
		if got := must(h.Edition(ctx, 2025))(t); got.State != report.Sealed {
			t.Errorf("a refused change was stored: %s", got.State)
		}
		must(h.UpdateEdition(ctx, 2024, sealed(2024)))(t)
		all := must(h.EditionsOnRecord(ctx))(t)
		if len(all) != 2 || all[0].Year != 2024 {
			t.Errorf("EditionsOnRecord = %d, first of %d", len(all), all[0].Year)
		}
	})
}

func TestEditionsUpdatedByMany(t *testing.T) {
	everywhere(t, func(t *testing.T, h house) {
		var wait sync.WaitGroup
		for range 8 {
			wait.Go(func() {
				_, err := h.UpdateEdition(t.Context(), 2025, func(e *report.Edition) error {
					e.Trail = e.Trail.Append(staff.System, noon, "edit", "", "")
					return nil
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		wait.Wait()
		if got := must(h.Edition(t.Context(), 2025))(t); got.Version != 8 || len(got.Trail) != 8 || got.Trail.Verify() != nil {
			t.Errorf("version %d with %d events (%v), want 8", got.Version, len(got.Trail), got.Trail.Verify())
		}
	})
}

func TestEditionsAreInBackupsAndTrailsAreVerified(t *testing.T) {
	everywhere(t, func(t *testing.T, h house) {
		ctx := t.Context()
		must(h.UpdateEdition(ctx, 2025, sealed(2025)))(t)
		var backup bytes.Buffer
		if err := h.Backup(ctx, &backup); err != nil {
			t.Fatal(err)
		}
		archive, err := storage.ReadArchive(bytes.NewReader(backup.Bytes()))
		if err != nil || len(archive.Editions) != 1 || archive.Editions[0].Seals[0].Counted["t3.r1.natural"][0] != "2025-0001" {
			t.Fatalf("ReadArchive = %+v, %v", archive.Editions, err)
		}
		other := newHouse(t, h.opts.URL)
		if err := other.Restore(ctx, bytes.NewReader(backup.Bytes())); err != nil {
			t.Fatal(err)
		}
		if got := must(other.Edition(ctx, 2025))(t); got.State != report.Sealed {
			t.Errorf("restored edition is %s", got.State)
		}
		if found := must(other.VerifyTrails(ctx))(t); len(found) != 0 {
			t.Errorf("VerifyTrails = %v", found)
		}
		if r := must(other.Recount(ctx, false))(t); len(r.Differences) != 0 || r.Records["edition"] != 1 {
			t.Errorf("Recount = %+v", r)
		}
		must(h.UpdateEdition(ctx, 2025, func(e *report.Edition) error { e.Trail[0].Note = "没有发布。"; return nil }))(t)
		if found := must(h.VerifyTrails(ctx))(t); len(found) == 0 {
			t.Error("a changed event in an edition's trail is not found")
		}
	})
}
