package posts_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"shoushan/fault"
	"shoushan/posts"
	"shoushan/workday"
)

// statistics answers with fixed figures and notes what it was asked.
type statistics struct {
	list  []posts.Reading
	late  bool
	err   error
	asked posts.Span
}

func (s *statistics) Readings(_ context.Context, span posts.Span) ([]posts.Reading, bool, error) {
	s.asked = span
	return s.list, s.late, s.err
}

func reading(id, title, url, on, upTo string, readers int) posts.Reading {
	return posts.Reading{MsgDataID: id, Index: 1, Title: title, URL: url, PublishedOn: workday.MustParse(on), UpTo: workday.MustParse(upTo), Readers: readers}
}

func TestReadings(t *testing.T) {
	r, _ := massRoom(t)
	linked := r.elsewhere("有链接的", link("a"), "2026-11-03 09:00:00")
	bare := r.elsewhere("没有链接的", "", "2026-10-31 23:59:59")
	figures := &statistics{late: true, list: []posts.Reading{
		reading("1", "有链接的", link("a"), "2026-11-03", "2026-11-05", 30),
		reading("2", "没有链接的", link("b"), "2026-10-31", "2026-11-05", 50),
		reading("3", "后台群发的", link("c"), "2026-11-08", "2026-11-09", 70),
	}}
	r.Statistics = figures
	taken, err := r.TakeReadings(t.Context())
	if diff := cmp.Diff(posts.ReadingsTaken{Articles: 3, Linked: 1, Sightings: 1, Late: true}, taken); err != nil || diff != "" {
		t.Fatalf("%v %s", err, diff)
	}
	if want := (posts.Span{From: workday.MustParse("2026-10-24"), To: workday.MustParse("2026-11-22")}); figures.asked != want {
		t.Errorf("asked for %v, want the thirty days up to yesterday", figures.asked)
	}
	if p := r.stored(bare.ID); p.Publication.URL != link("b") {
		t.Errorf("the item got the link %q", p.Publication.URL)
	}
	seen, err := r.Sightings(t.Context(), 2026)
	if err != nil || len(seen) != 1 || seen[0].Title != "后台群发的" || !seen[0].Open() {
		t.Errorf("sightings = %+v, %v", seen, err)
	}
	figures.list = []posts.Reading{reading("1", "有链接的", link("a"), "2026-11-03", "2026-11-04", 10), reading("3", "后台群发的", link("c"), "2026-11-08", "2026-11-10", 90)}
	if _, err := r.TakeReadings(t.Context()); err != nil {
		t.Fatal(err)
	}
	list, err := r.Readings(t.Context(), 2026, time.November)
	if err != nil || len(list) != 2 || list[0].Readers != 90 || list[1].Readers != 30 || list[1].PostID != linked.ID || list[0].PostID != "" {
		t.Errorf("November = %+v, %v: newer totals replace older ones, older ones nothing", list, err)
	}
	if list, err = r.Readings(t.Context(), 2026, time.October); err != nil || len(list) != 1 || list[0].PostID != bare.ID {
		t.Errorf("October = %+v, %v", list, err)
	}
}

func TestReadingsThatCannotBeTaken(t *testing.T) {
	r, _ := massRoom(t)
	if _, err := r.TakeReadings(t.Context()); !fault.Is(err, fault.Unavailable) {
		t.Errorf("without statistics: %v", err)
	}
	r.Statistics = &statistics{err: busy}
	if _, err := r.TakeReadings(t.Context()); err == nil {
		t.Error("an error of the platform went unnoticed")
	}
	if list, err := r.Readings(t.Context(), 2026, time.January); err != nil || len(list) != 0 {
		t.Errorf("a month without figures: %v, %v", list, err)
	}
}

func TestWeeksBeginOnMonday(t *testing.T) {
	weeks := posts.Weeks([]posts.Reading{
		reading("1", "周日", "", "2026-11-08", "2026-11-09", 90), reading("2", "周一", "", "2026-11-09", "2026-11-09", 80), reading("3", "同周", "", "2026-11-02", "2026-11-09", 70),
	})
	if len(weeks) != 2 || weeks[0].From.String() != "2026-11-09" || weeks[1].From.String() != "2026-11-02" || weeks[1].To.String() != "2026-11-08" || weeks[1].Articles[0].Title != "周日" {
		t.Errorf("weeks = %+v", weeks)
	}
}
