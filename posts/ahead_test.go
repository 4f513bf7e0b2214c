package posts_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"shoushan/fault"
	"shoushan/posts"
	"shoushan/staff"
)

// soon is a scheduled post with pictures a few minutes before its time.
func (r *room) soon() posts.Post {
	r.t.Helper()
	p := r.scheduled(r.illustrated())
	r.clock = p.DueAt.Add(-5 * time.Minute)
	return p
}

func TestWhatIsDueSoonIsPrepared(t *testing.T) {
	r := newRoom(t)
	p := r.soon()
	if ids, err := r.Due(t.Context()); err != nil || len(ids) != 1 {
		t.Fatalf("Due = %v, %v, want the post", ids, err)
	}
	p = r.must(r.Advance(t.Context(), p.ID))
	wantState(t, p, posts.Scheduled)
	if diff := cmp.Diff([]string{"upload_images ok", "add_cover ok", "add_draft ok"}, steps(p)); diff != "" {
		t.Error(diff)
	}
	if ids, _ := r.Due(t.Context()); len(ids) != 0 {
		t.Errorf("Due = %v, want none: all is prepared", ids)
	}
	r.clock, r.platform.calls = p.DueAt, nil
	wantState(t, r.must(r.Advance(t.Context(), p.ID)), posts.Published)
	if diff := cmp.Diff([]string{"SubmitPublish", "PublishStatus"}, r.platform.calls); diff != "" {
		t.Errorf("at its minute: %s", diff)
	}
}

func TestAPreparedDraftOfOtherWordsIsMadeAnew(t *testing.T) {
	r := newRoom(t)
	p := r.soon()
	p = r.must(r.Advance(t.Context(), p.ID))
	r.must(r.Unschedule(t.Context(), approver, p.ID))
	p = r.stored(p.ID)
	c := p.Content
	c.Markdown += "\n\n又补了一段。\n"
	p = r.must(r.Edit(t.Context(), author, p.ID, p.Version, c))
	r.must(r.Submit(t.Context(), author, p.ID))
	for _, by := range []staff.Member{reviewer, second, approver} {
		r.must(r.Review(t.Context(), by, p.ID, true, ""))
	}
	p = r.must(r.Schedule(t.Context(), approver, p.ID, r.clock.Add(5*time.Minute), posts.FreePublish))
	old := p.Publication.MediaID
	p = r.must(r.Advance(t.Context(), p.ID))
	if id := p.Publication.MediaID; id == "" || id == old {
		t.Errorf("draft = %q after %q, want a new one", id, old)
	}
	r.clock = p.DueAt
	r.must(r.Advance(t.Context(), p.ID))
	if len(r.platform.published) != 1 {
		t.Errorf("published %d times", len(r.platform.published))
	}
}

func TestPreparationThatFails(t *testing.T) {
	tests := []struct {
		name string
		plan failure
		want posts.State // before its time
	}{
		{"a busy platform is asked again at the next sweep", failure{err: busy, times: 1}, posts.Scheduled},
		{"a platform that is busy until the minute is asked then", failure{err: busy, times: 12}, posts.Scheduled},
		{"what the platform refuses is known before its time", failure{err: fault.New(fault.Invalid, "标题太长。"), times: 1}, posts.Failed},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := newRoom(t)
			p := r.soon()
			r.platform.failing["AddDraft"] = tt.plan
			r.work(p.DueAt.Sub(r.clock) - time.Minute)
			p = r.stored(p.ID)
			wantState(t, p, tt.want)
			if p.State == posts.Failed {
				if p.Publication.Failure != "标题太长。" {
					t.Errorf("failure = %q", p.Publication.Failure)
				}
				return
			}
			r.clock = p.DueAt
			r.work(5 * time.Minute)
			wantState(t, r.stored(p.ID), posts.Published)
			if len(r.platform.published) != 1 {
				t.Errorf("published %d times", len(r.platform.published))
			}
		})
	}
}

// TestCrashWhilePreparing stops the process at every write of the preparation; another takes over in time.
func TestCrashWhilePreparing(t *testing.T) {
	for at := 1; ; at++ {
		reached := false
		for _, after := range []bool{false, true} {
			t.Run(fmt.Sprintf("write %d, after %v", at, after), func(t *testing.T) {
				r := newRoom(t)
				p := r.soon()
				r.shelf.dieAt, r.shelf.after = r.shelf.writes+at, after
				_, _ = r.Advance(t.Context(), p.ID)
				reached = reached || r.shelf.dead
				r.restart(2 * time.Second)
				r.work(10 * time.Minute)
				wantState(t, r.stored(p.ID), posts.Published)
				if len(r.platform.published) != 1 || r.platform.count("SubmitPublish") != 1 {
					t.Errorf("published %d times by %d submissions", len(r.platform.published), r.platform.count("SubmitPublish"))
				}
			})
		}
		if !reached {
			if at < 6 {
				t.Errorf("the preparation has %d writes, want 6: before and after each of three steps", at-1)
			}
			return
		}
	}
}

func TestASubmissionWithoutAnAnswerIsNotTidiedAwayByPreparing(t *testing.T) {
	r := newRoom(t)
	p := r.due(content())
	r.Platform = deadly{r.platform, "SubmitPublish", r.shelf}
	r.platform.at = time.Hour
	_, _ = r.Advance(t.Context(), p.ID)
	r.Platform = r.platform
	r.restart(2 * time.Minute)
	r.must(r.Advance(t.Context(), p.ID))
	r.must(r.RecordNotPublished(t.Context(), approver, p.ID, "后台没有"))
	p = r.must(r.Schedule(t.Context(), approver, p.ID, r.clock.Add(5*time.Minute), posts.FreePublish))
	p = r.must(r.Advance(t.Context(), p.ID))
	for _, s := range p.Publication.Steps {
		if s.Name == posts.StepSubmit && s.Outcome == "interrupted" {
			t.Error("the unanswered submission was closed as if it had not been made")
		}
	}
}
