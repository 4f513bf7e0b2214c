package storage_test

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"shoushan/disclosure"
	"shoushan/posts"
	"shoushan/report"
	"shoushan/workday"
)

// anyRequest is a request received and perhaps answered, reopened or taken to court between 2023 and 2026.
func anyRequest(rt *rapid.T, id string) disclosure.Request {
	day := func(label string, from workday.Date) workday.Date {
		return from.AddDays(rapid.IntRange(0, 500).Draw(rt, label))
	}
	r := disclosure.Request{ID: id, State: disclosure.Handling}
	r.Filing.Matter = rapid.SampledFrom([]disclosure.Matter{disclosure.Information, disclosure.Information, disclosure.OwnData}).Draw(rt, "matter")
	r.Filing.ApplicantKind = rapid.SampledFrom([]disclosure.ApplicantKind{disclosure.NaturalPerson, disclosure.Company, disclosure.OtherOrganization}).Draw(rt, "kind")
	if rapid.IntRange(0, 9).Draw(rt, "confirmed") == 0 {
		return r
	}
	r.ReceivedOn = day("received", workday.On(2023, 1, 1))
	row := rapid.SampledFrom([]disclosure.Outcome{"r1", "r2", "r3_4", "r6_3"})
	if rapid.Bool().Draw(rt, "served") {
		r.State = disclosure.Closed
		r.Decision = &disclosure.Decision{Outcome: row.Draw(rt, "outcome"), ServedOn: day("served on", r.ReceivedOn)}
		if rapid.IntRange(0, 3).Draw(rt, "reopened") == 0 {
			earlier := *r.Decision
			earlier.ReopenedOn = day("reopened on", earlier.ServedOn)
			r.Earlier, r.State, r.Decision = []disclosure.Decision{earlier}, disclosure.Handling, nil
			if rapid.Bool().Draw(rt, "again") {
				r.State, r.Decision = disclosure.Closed, &disclosure.Decision{Outcome: row.Draw(rt, "outcome again"), ServedOn: day("again on", earlier.ReopenedOn)}
			}
		}
	}
	for n := range rapid.IntRange(0, 2).Draw(rt, "remedies") {
		m := disclosure.Remedy{No: n + 1, Kind: rapid.SampledFrom(disclosure.RemedyKinds()).Draw(rt, "remedy"), OpenedOn: day("opened", r.ReceivedOn)}
		if rapid.Bool().Draw(rt, "decided") {
			m.ClosedOn, m.Result = day("closed", m.OpenedOn), disclosure.Upheld
		}
		r.Remedies = append(r.Remedies, m)
	}
	if rapid.IntRange(0, 4).Draw(rt, "fee") == 0 {
		r.Fee = &disclosure.Fee{Yuan: 420, PaidOn: day("paid", r.ReceivedOn)}
	}
	return r
}

func anyPost(rt *rapid.T) posts.Post {
	p := posts.Post{State: rapid.SampledFrom([]posts.State{posts.Published, posts.Published, posts.Withdrawn, posts.Draft}).Draw(rt, "state")}
	p.Channel = rapid.SampledFrom([]posts.Channel{posts.Account, posts.Portal}).Draw(rt, "channel")
	p.Content.Origin = rapid.SampledFrom([]posts.Origin{posts.Original, posts.Repost}).Draw(rt, "origin")
	p.Content.Topic = rapid.SampledFrom([]string{"", "防汛救灾", "a:b*"}).Draw(rt, "topic")
	if p.State != posts.Draft {
		p.Publication.PublishedAt = time.Date(2024, 12, 31, 0, 0, 0, 0, time.UTC).Add(time.Duration(rapid.IntRange(-8000, 8000).Draw(rt, "hours")) * time.Hour)
		if rapid.IntRange(0, 9).Draw(rt, "removed") == 0 {
			p.Publication.RemovedAt = noon
		}
	}
	return p
}

// TestFiguresFromIndexesAreThoseOfTheRecords stores random years, changes some records, and counts both ways.
func TestFiguresFromIndexesAreThoseOfTheRecords(t *testing.T) {
	everywhere(t, func(t *testing.T, server house) {
		n := 0
		rapid.Check(t, func(rt *rapid.T) {
			n++
			h := newHouse(t, server.opts.URL)
			var records report.Records
			for i := range rapid.IntRange(0, 6).Draw(rt, "posts") {
				p, err := h.CreatePost(t.Context(), anyPost(rt))
				if err == nil && i%2 == 1 {
					p, err = h.UpdatePost(t.Context(), p.ID, func(old *posts.Post) error {
						id, version := old.ID, old.Version
						*old = anyPost(rt)
						old.ID, old.Version = id, version
						return nil
					})
				}
				if err != nil {
					rt.Fatal(err)
				}
				records.Posts = append(records.Posts, p)
			}
			for i := range rapid.IntRange(0, 6).Draw(rt, "requests") {
				r, err := h.Create(t.Context(), 2023, func(id string) (disclosure.Request, error) { return anyRequest(rt, id), nil })
				if err == nil && i%2 == 1 {
					r, err = h.Update(t.Context(), r.ID, func(old *disclosure.Request) error {
						version := old.Version
						*old = anyRequest(rt, old.ID)
						old.Version = version
						return nil
					})
				}
				if err != nil {
					rt.Fatal(err)
				}
				records.Requests = append(records.Requests, r)
			}
			if err := h.UpdateRegisters(t.Context(), func(r *report.Registers) error {
				r.Decisions = []report.Decision{{ID: "d", Kind: report.Penalty, On: workday.On(2024, 5, 5)}}
				records.Registers = *r
				return nil
			}); err != nil {
				rt.Fatal(err)
			}
			for year := 2023; year <= 2027; year++ {
				got, err := h.YearCounts(t.Context(), year)
				if err != nil {
					rt.Fatal(err)
				}
				if d := diff(records.Counts(year), got.Figures); d != "" {
					rt.Fatalf("%d: indexes differ from records (-records +indexes):\n%s", year, d)
				}
				listsAreThoseOfTheRecords(rt, h, records, year)
				want, errWant := report.Draft(year, disclosure.Organ{}, report.DefaultProse(year), records)
				drafted, errGot := report.DraftFrom(year, disclosure.Organ{}, report.DefaultProse(year), got)
				if errWant != nil || errGot != nil || want.Fingerprint() != drafted.Fingerprint() {
					rt.Fatalf("%d: the report from indexes is not that from records (%v, %v)", year, errWant, errGot)
				}
			}
			if r, err := h.Recount(t.Context(), false); err != nil || len(r.Differences) > 0 {
				rt.Fatalf("Recount = %v, %v", r.Differences, err)
			}
		})
	})
}

func TestEnsureFiguresBringsAnOldStoreUpToDate(t *testing.T) {
	everywhere(t, func(t *testing.T, h house) {
		ctx := t.Context()
		p := posts.Post{Channel: posts.Account, State: posts.Published, Content: posts.Content{Origin: posts.Original, Topic: "防汛救灾"}}
		p.Publication.PublishedAt = noon
		must(h.CreatePost(ctx, p))(t)
		for _, key := range []string{"posts:topic:防汛救灾", "topics"} {
			if n := must(h.raw.Del(ctx, h.key(key)).Result())(t); n != 1 {
				t.Fatalf("no key %s", key)
			}
		}
		if got := must(h.Tally(ctx, 2026))(t); len(got.ByTopic) != 0 {
			t.Fatalf("by topic = %v", got.ByTopic)
		}
		for range 2 {
			if err := h.EnsureFigures(ctx); err != nil {
				t.Fatal(err)
			}
		}
		if got := must(h.Tally(ctx, 2026))(t); fmt.Sprint(got.ByTopic) != "map[防汛救灾:1]" || got.Account.Original != 1 {
			t.Errorf("tally = %+v", got)
		}
	})
}
