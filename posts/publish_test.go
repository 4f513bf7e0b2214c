package posts_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"shoushan/fault"
	"shoushan/posts"
)

func steps(p posts.Post) []string {
	var names []string
	for _, s := range p.Publication.Steps {
		names = append(names, s.Name+" "+s.Outcome)
	}
	return names
}

// illustrated is a content with two pictures, one of them shown twice.
func (r *room) illustrated() posts.Content {
	r.t.Helper()
	c := content()
	c.Markdown += "\n\n![现场](file:" + pic("a") + ")\n\n![队伍](file:" + pic("b") + ")\n\n![现场](file:" + pic("a") + ")\n"
	r.files[pic("a")], r.files[pic("b")] = photo(r.t, "png", 40, 30), photo(r.t, "jpeg", 50, 20)
	return c
}

func TestPublishing(t *testing.T) {
	r := newRoom(t)
	p := r.due(r.illustrated())
	p = r.must(r.Advance(t.Context(), p.ID))
	wantState(t, p, posts.Published)
	want := []string{"upload_images ok", "add_cover ok", "add_draft ok", "submit ok", "poll ok"}
	if diff := cmp.Diff(want, steps(p)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"UploadImage", "UploadImage", "AddCover", "AddDraft", "SubmitPublish", "PublishStatus"}, r.platform.calls); diff != "" {
		t.Error(diff)
	}
	pub := p.Publication
	if pub.URL == "" || pub.ArticleID == "" || pub.MsgDataID == "" || !pub.PublishedAt.Equal(p.DueAt) || pub.Failure != "" {
		t.Errorf("publication = %+v", pub)
	}
	if err := p.Trail.Verify(); err != nil {
		t.Error(err)
	}
}

func TestTheDraftIsWhatWasApproved(t *testing.T) {
	r := newRoom(t)
	c := r.illustrated()
	c.Origin, c.Source = posts.Repost, &posts.Source{Name: "新华社", URL: "https://www.news.cn/1"}
	c.SourceLink = "https://www.news.cn/1"
	p := r.due(c)
	r.platform.at = time.Hour // so that the draft stays
	r.must(r.Advance(t.Context(), p.ID))
	for _, a := range r.platform.drafts {
		for _, want := range []string{"来源：新华社", "责任编辑：李明", "https://mmbiz.qpic.cn/img1", "https://mmbiz.qpic.cn/img2", "<strong"} {
			if !strings.Contains(a.HTML, want) {
				t.Errorf("the draft lacks %q:\n%s", want, a.HTML)
			}
		}
		if a.Title != c.Title || a.Author != c.Byline || a.Digest != c.Digest || a.SourceLink != c.SourceLink || a.CoverMediaID == "" {
			t.Errorf("draft = %+v", a)
		}
		return
	}
	t.Fatal("there is no draft")
}

func TestNothingIsSubmittedBeforeItsTime(t *testing.T) {
	r := newRoom(t)
	p := r.scheduled(content())
	r.clock = p.DueAt.Add(-11 * time.Minute)
	if ids, err := r.Due(t.Context()); err != nil || len(ids) != 0 {
		t.Errorf("Due = %v, %v, want none", ids, err)
	}
	wantState(t, r.must(r.Advance(t.Context(), p.ID)), posts.Scheduled)
	if len(r.platform.calls) != 0 {
		t.Errorf("the platform was called: %v", r.platform.calls)
	}
	r.clock = p.DueAt.Add(-time.Second) // a queue may fire up to a second early
	wantState(t, r.must(r.Advance(t.Context(), p.ID)), posts.Scheduled)
	if n := r.platform.count("SubmitPublish"); n != 0 {
		t.Errorf("submitted %d times before its time", n)
	}
}

func TestPendingIsAskedAgain(t *testing.T) {
	r := newRoom(t)
	r.platform.pending = 2
	p := r.due(content())
	for range 2 {
		p = r.must(r.Advance(t.Context(), p.ID))
		wantState(t, p, posts.Publishing)
		r.pass(2 * time.Second)
	}
	wantState(t, r.must(r.Advance(t.Context(), p.ID)), posts.Published)
	if n := r.platform.count("SubmitPublish"); n != 1 {
		t.Errorf("submitted %d times", n)
	}
}

func TestWhatWaitsForAPerson(t *testing.T) {
	tests := []struct {
		name    string
		arrange func(r *room, p posts.Post)
		want    posts.State
	}{
		{"late within the grace period goes out", func(r *room, p posts.Post) { r.clock = p.DueAt.Add(10 * time.Minute) }, posts.Published},
		{"late by more waits", func(r *room, p posts.Post) { r.clock = p.DueAt.Add(10*time.Minute + time.Second) }, posts.AwaitingPerson},
		{"another grace period", func(r *room, p posts.Post) { r.Grace, r.clock = time.Hour, p.DueAt.Add(30*time.Minute) }, posts.Published},
		{"due before this process started waits, however little", func(r *room, p posts.Post) { r.clock = p.DueAt; r.restart(time.Second) }, posts.AwaitingPerson},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := newRoom(t)
			p := r.scheduled(content())
			tt.arrange(r, p)
			p = r.must(r.Advance(t.Context(), p.ID))
			wantState(t, p, tt.want)
			if p.State == posts.AwaitingPerson && (p.Publication.Failure == "" || len(r.platform.calls) != 0) {
				t.Errorf("failure %q, calls %v", p.Publication.Failure, r.platform.calls)
			}
		})
	}
}

func TestAPersonReleasesOrTakesBack(t *testing.T) {
	r := newRoom(t)
	p := r.scheduled(content())
	r.clock = p.DueAt.Add(time.Hour)
	r.work(0)
	p = r.must(r.Release(t.Context(), approver, p.ID))
	p = r.must(r.Advance(t.Context(), p.ID))
	wantState(t, p, posts.Published)
	if steps(p)[0] != "look_published ok" {
		t.Errorf("a released post was not looked for first: %v", steps(p))
	}

	q := r.scheduled(posts.Content{Title: "另一篇", Markdown: "正文", Origin: posts.Original})
	r.clock = q.DueAt.Add(time.Hour)
	r.work(0)
	wantState(t, r.must(r.Unschedule(t.Context(), approver, q.ID)), posts.Approved)
}

func TestARestoredBackupNeverSendsAgain(t *testing.T) {
	for _, moment := range []string{"scheduled", "publishing"} {
		t.Run(moment, func(t *testing.T) {
			r := newRoom(t)
			p := r.due(content())
			if moment == "publishing" {
				r.shelf.dieAt = r.shelf.writes + 5 // the cover is in, the draft not yet
				_, _ = r.Advance(t.Context(), p.ID)
				r.shelf.dead, r.shelf.dieAt = false, 0
				r.pass(2 * time.Minute)
			}
			backup := string(r.shelf.rows[p.ID])
			wantState(t, r.must(r.Advance(t.Context(), p.ID)), posts.Published)
			r.shelf.rows[p.ID] = []byte(backup)
			r.restart(3 * time.Minute)
			r.work(10 * time.Minute)
			if got := r.stored(p.ID); got.State == posts.AwaitingPerson {
				r.must(r.Release(t.Context(), approver, p.ID))
				r.work(time.Minute)
			}
			wantState(t, r.stored(p.ID), posts.Published)
			if len(r.platform.published) != 1 {
				t.Errorf("published %d times", len(r.platform.published))
			}
		})
	}
}

func TestOnlyWhatWasApprovedGoesOut(t *testing.T) {
	for _, moment := range []string{"before the claim", "in the middle"} {
		t.Run(moment, func(t *testing.T) {
			r := newRoom(t)
			p := r.due(content())
			if moment == "in the middle" {
				r.platform.failing["AddDraft"] = failure{err: fault.New(fault.Unavailable, "忙"), times: 1}
				_, _ = r.Advance(t.Context(), p.ID)
			}
			r.must(r.shelf.UpdatePost(t.Context(), p.ID, func(p *posts.Post) error { p.Content.Markdown += "！"; return nil }))
			p = r.must(r.Advance(t.Context(), p.ID))
			wantState(t, p, posts.Failed)
			if !strings.Contains(p.Publication.Failure, "终审") || r.platform.count("SubmitPublish") != 0 {
				t.Errorf("failure %q, calls %v", p.Publication.Failure, r.platform.calls)
			}
		})
	}
}

// kinds of answers that a call can get.
var (
	busy        = fault.New(fault.Unavailable, "平台忙。")
	refusal     = fault.New(fault.Invalid, "平台说内容不合规定。")
	silence     = &posts.UnansweredError{Err: errors.New("connection reset")}
	errNonsense = errors.New("something nobody classified")
)

func TestFailuresOfEachCall(t *testing.T) {
	tests := []struct {
		call  string
		plan  failure
		first posts.State // after the first Advance
		last  posts.State // after a quarter of an hour of sweeps
		sent  int         // calls of SubmitPublish
	}{
		{"UploadImage", failure{err: busy, times: 2}, posts.Publishing, posts.Published, 1},
		{"UploadImage", failure{err: silence, times: 1}, posts.Publishing, posts.Published, 1},
		{"UploadImage", failure{err: refusal}, posts.Failed, posts.Failed, 0},
		{"AddCover", failure{err: busy, times: 2}, posts.Publishing, posts.Published, 1},
		{"AddCover", failure{err: errNonsense, times: 1}, posts.Publishing, posts.Published, 1},
		{"AddCover", failure{err: refusal}, posts.Failed, posts.Failed, 0},
		{"AddDraft", failure{err: busy, times: 2}, posts.Publishing, posts.Published, 1},
		{"AddDraft", failure{err: silence, acted: true, times: 1}, posts.Publishing, posts.Published, 1},
		{"AddDraft", failure{err: refusal}, posts.Failed, posts.Failed, 0},
		{"AddDraft", failure{err: busy}, posts.Publishing, posts.AwaitingPerson, 0},
		{"SubmitPublish", failure{err: busy, times: 1}, posts.Publishing, posts.Published, 2},
		{"SubmitPublish", failure{err: refusal}, posts.Failed, posts.Failed, 1},
		{"SubmitPublish", failure{err: silence, acted: true}, posts.OutcomeUnknown, posts.Published, 1},
		{"SubmitPublish", failure{err: silence}, posts.OutcomeUnknown, posts.Failed, 1},
		{"SubmitPublish", failure{err: errNonsense, acted: true}, posts.OutcomeUnknown, posts.Published, 1},
		{"SubmitPublish", failure{err: context.DeadlineExceeded}, posts.OutcomeUnknown, posts.Failed, 1},
		{"PublishStatus", failure{err: busy, times: 3}, posts.Publishing, posts.Published, 1},
		{"PublishStatus", failure{err: silence, times: 1}, posts.Publishing, posts.Published, 1},
		{"PublishStatus", failure{err: refusal}, posts.OutcomeUnknown, posts.Published, 1},
	}
	for _, tt := range tests {
		t.Run(fmt.Sprintf("%s: %v, acted %v", tt.call, tt.plan.err, tt.plan.acted), func(t *testing.T) {
			r := newRoom(t)
			p := r.due(r.illustrated())
			r.platform.failing[tt.call] = tt.plan
			p, err := r.Advance(t.Context(), p.ID)
			wantState(t, p, tt.first)
			if (tt.first == posts.Publishing) != (err != nil) {
				t.Errorf("error = %v in state %s", err, p.State)
			}
			r.work(15 * time.Minute)
			p = r.stored(p.ID)
			wantState(t, p, tt.last)
			if n := r.platform.count("SubmitPublish"); n != tt.sent {
				t.Errorf("submitted %d times, want %d", n, tt.sent)
			}
			if p.State != posts.Published && p.Publication.Failure == "" {
				t.Error("there is no sentence for the person who has to mend it")
			}
		})
	}
}

func TestEmptyPublishIDIsNoAnswer(t *testing.T) {
	r := newRoom(t)
	r.Platform = mute{r.platform}
	p := r.due(content())
	wantState(t, r.must(r.Advance(t.Context(), p.ID)), posts.OutcomeUnknown)
}

// mute accepts submissions without saying under which id.
type mute struct{ *platform }

func (m mute) SubmitPublish(ctx context.Context, id string) (string, string, error) {
	_, _, err := m.platform.SubmitPublish(ctx, id)
	return "", "", err
}

func TestAnUnknownOutcomeStaysUntilSomebodyKnows(t *testing.T) {
	r := newRoom(t)
	p := r.due(content())
	r.platform.failing["SubmitPublish"] = failure{err: silence}
	r.must(r.Advance(t.Context(), p.ID))
	r.platform.drafts = map[string]posts.Article{} // somebody tidied up by hand
	r.work(3 * time.Hour)
	p = r.stored(p.ID)
	wantState(t, p, posts.OutcomeUnknown)
	if n := r.platform.count("FindPublished"); n < 5 || n > 60 {
		t.Errorf("looked %d times in three hours", n)
	}
	if ids, _ := r.Due(t.Context()); len(ids) > 1 {
		t.Errorf("Due = %v", ids)
	}

	t.Run("a person saw it published", func(t *testing.T) {
		p := r.must(r.RecordOutcome(t.Context(), approver, p.ID, "https://mp.weixin.qq.com/s/x", r.clock.Add(-time.Hour)))
		wantState(t, p, posts.Published)
		if p.Method != posts.FreePublish {
			t.Errorf("method = %s", p.Method)
		}
	})
}

func TestAPersonSaysItWasNotPublished(t *testing.T) {
	r := newRoom(t)
	p := r.due(content())
	r.platform.failing["SubmitPublish"] = failure{err: silence, times: 1}
	r.must(r.Advance(t.Context(), p.ID))
	r.platform.drafts = map[string]posts.Article{}
	_, err := r.RecordNotPublished(t.Context(), approver, p.ID, " ")
	wantFault(t, err, fault.Invalid)
	_, err = r.RecordNotPublished(t.Context(), author, p.ID, "后台没有")
	wantFault(t, err, fault.Forbidden)
	wantState(t, r.must(r.RecordNotPublished(t.Context(), approver, p.ID, "后台没有")), posts.Failed)
	r.must(r.PublishNow(t.Context(), approver, p.ID))
	r.work(time.Minute)
	wantState(t, r.stored(p.ID), posts.Published)
	if len(r.platform.published) != 1 {
		t.Errorf("published %d times", len(r.platform.published))
	}
}

func TestASecondAttemptUsesTheSameDraft(t *testing.T) {
	r := newRoom(t)
	p := r.due(content())
	r.platform.failing["SubmitPublish"] = failure{err: silence, times: 1}
	r.work(12 * time.Minute) // long enough to find the draft still there
	wantState(t, r.stored(p.ID), posts.Failed)
	r.must(r.PublishNow(t.Context(), approver, p.ID))
	r.work(time.Minute)
	p = r.stored(p.ID)
	wantState(t, p, posts.Published)
	if n := r.platform.count("AddDraft"); n != 1 || p.Publication.Attempt != 2 {
		t.Errorf("%d drafts in %d attempts", n, p.Publication.Attempt)
	}
}

func TestASlowFirstSubmissionIsAdoptedBySecondAttempt(t *testing.T) {
	r := newRoom(t)
	p := r.due(content())
	r.platform.at = time.Hour // accepted, but the platform takes its time and the draft still lies there
	r.platform.failing["SubmitPublish"] = failure{err: silence, acted: true, times: 1}
	r.work(12 * time.Minute)
	wantState(t, r.stored(p.ID), posts.Failed)
	r.platform.at = 0 // now it is out
	r.must(r.PublishNow(t.Context(), approver, p.ID))
	r.work(time.Minute)
	wantState(t, r.stored(p.ID), posts.Published)
	if len(r.platform.published) != 1 || r.platform.count("SubmitPublish") != 1 {
		t.Errorf("published %d times by %d submissions", len(r.platform.published), r.platform.count("SubmitPublish"))
	}
}

func TestADraftThatVanishedIsNotSubmittedAnew(t *testing.T) {
	r := newRoom(t)
	p := r.due(content())
	r.platform.failing["SubmitPublish"] = failure{err: silence, times: 1}
	r.work(12 * time.Minute)
	wantState(t, r.stored(p.ID), posts.Failed)
	r.platform.drafts = map[string]posts.Article{} // published and deleted again, or tidied up: nobody knows
	r.must(r.PublishNow(t.Context(), approver, p.ID))
	r.work(time.Minute)
	wantState(t, r.stored(p.ID), posts.OutcomeUnknown)
	if n := r.platform.count("SubmitPublish"); n != 1 {
		t.Errorf("submitted %d times", n)
	}
}

// TestADraftThatGoesOutBeforeTheSecondSubmission: the platform publishes the first submission after the look.
func TestADraftThatGoesOutBeforeTheSecondSubmission(t *testing.T) {
	r := newRoom(t)
	p := r.due(content())
	r.platform.at = time.Hour
	r.platform.failing["SubmitPublish"] = failure{err: silence, acted: true, times: 1}
	r.work(12 * time.Minute)
	wantState(t, r.stored(p.ID), posts.Failed)
	r.must(r.PublishNow(t.Context(), approver, p.ID))
	r.Platform = early{r.platform}
	p = r.must(r.Advance(t.Context(), p.ID))
	wantState(t, p, posts.OutcomeUnknown)
	r.Platform = r.platform
	r.work(2 * time.Minute)
	wantState(t, r.stored(p.ID), posts.Published)
	if len(r.platform.published) != 1 {
		t.Errorf("published %d times", len(r.platform.published))
	}
}

// early lets everything come out just before a submission.
type early struct{ *platform }

func (e early) SubmitPublish(ctx context.Context, id string) (string, string, error) {
	e.at = 0
	if _, err := e.DraftExists(ctx, id); err != nil {
		return "", "", err
	}
	return e.platform.SubmitPublish(ctx, id)
}

func TestARefusalOfADraftThatIsThereIsARefusal(t *testing.T) {
	r := newRoom(t)
	p := r.due(content())
	r.platform.failing["SubmitPublish"] = failure{err: fault.New(fault.Conflict, "这篇草稿只能在后台发布（53504）。")}
	p = r.must(r.Advance(t.Context(), p.ID))
	wantState(t, p, posts.Failed)
	if !strings.Contains(p.Publication.Failure, "53504") {
		t.Errorf("failure = %q", p.Publication.Failure)
	}
}

func TestADraftThatIsStillThereProvesNothingAtFirst(t *testing.T) {
	r := newRoom(t)
	p := r.due(content())
	r.platform.at = time.Hour
	r.platform.failing["SubmitPublish"] = failure{err: silence, acted: true, times: 1}
	r.work(9 * time.Minute)
	wantState(t, r.stored(p.ID), posts.OutcomeUnknown)
	r.platform.at = 0
	r.work(2 * time.Minute)
	wantState(t, r.stored(p.ID), posts.Published)
}

func TestAPostPutOffAtTheLastMomentWaits(t *testing.T) {
	r := newRoom(t)
	p := r.due(content())
	r.shelf.overtakeAt = 1
	r.shelf.overtake = func() {
		r.must(r.Schedule(t.Context(), approver, p.ID, r.clock.Add(time.Hour), posts.FreePublish))
	}
	wantState(t, r.must(r.Advance(t.Context(), p.ID)), posts.Scheduled)
	if len(r.platform.calls) != 0 {
		t.Errorf("calls = %v", r.platform.calls)
	}
}

func TestAnotherArticleOfTheSameTitleIsNotOurs(t *testing.T) {
	r := newRoom(t)
	first := r.due(content())
	r.work(0)
	p := r.approved(content())
	r.must(r.PublishNow(t.Context(), approver, p.ID))
	r.platform.failing["SubmitPublish"] = failure{err: silence}
	r.work(12 * time.Minute)
	wantState(t, r.stored(first.ID), posts.Published)
	wantState(t, r.stored(p.ID), posts.Failed)
}

func TestRefusalByThePlatformGoesBackToTheEditor(t *testing.T) {
	r := newRoom(t)
	r.platform.refuse = "平台审核没有通过：标题夸大。"
	p := r.due(content())
	p = r.must(r.Advance(t.Context(), p.ID))
	wantState(t, p, posts.Failed)
	if p.Publication.Failure != r.platform.refuse {
		t.Errorf("failure = %q", p.Publication.Failure)
	}
	r.platform.refuse = ""
	c := p.Content
	c.Title = "崇文镇举行防汛演练"
	p = r.must(r.Edit(t.Context(), author, p.ID, p.Version, c))
	wantState(t, p, posts.Draft)
	p = r.must(r.Submit(t.Context(), author, p.ID))
	r.must(r.Review(t.Context(), reviewer, p.ID, true, ""))
	r.must(r.Review(t.Context(), second, p.ID, true, ""))
	r.must(r.Review(t.Context(), approver, p.ID, true, ""))
	r.must(r.PublishNow(t.Context(), approver, p.ID))
	wantState(t, r.must(r.Advance(t.Context(), p.ID)), posts.Published)
	if got := r.platform.published[0].title; got != c.Title {
		t.Errorf("published %q, want the new title", got)
	}
}

func TestARefusedDraftIsNotUsedAgain(t *testing.T) {
	r := newRoom(t)
	r.platform.refuse = "微信没有发布成功。"
	p := r.due(content())
	wantState(t, r.must(r.Advance(t.Context(), p.ID)), posts.Failed)
	r.platform.refuse, r.platform.drafts = "", map[string]posts.Article{} // the platform threw it away
	r.must(r.PublishNow(t.Context(), approver, p.ID))
	wantState(t, r.must(r.Advance(t.Context(), p.ID)), posts.Published)
	if n := r.platform.count("AddDraft"); n != 2 {
		t.Errorf("%d drafts, want a second one", n)
	}
}

func TestPublishEvents(t *testing.T) {
	done := posts.PublishStatus{State: posts.PublishDone, ArticleID: "a1", URL: "https://mp.weixin.qq.com/s/a1"}
	r := newRoom(t)
	r.platform.pending = 1000
	p := r.due(content())
	p = r.must(r.Advance(t.Context(), p.ID))
	id := p.Publication.PublishID
	for range 2 { // events are delivered more than once
		if err := r.HandlePublishEvent(t.Context(), id, done); err != nil {
			t.Fatal(err)
		}
	}
	p = r.stored(p.ID)
	wantState(t, p, posts.Published)
	if p.Publication.URL != done.URL {
		t.Errorf("publication = %+v", p.Publication)
	}
	events := len(p.Trail)
	if err := r.HandlePublishEvent(t.Context(), id, posts.PublishStatus{State: posts.PublishRefused}); err != nil {
		t.Fatal(err)
	}
	if p = r.stored(p.ID); p.State != posts.Published || len(p.Trail) != events {
		t.Errorf("a late refusal changed a published post: %s", p.State)
	}
	r.pass(time.Hour)
	if err := r.HandlePublishEvent(t.Context(), id, posts.PublishStatus{State: posts.PublishRemoved}); err != nil {
		t.Fatal(err)
	}
	p = r.stored(p.ID)
	wantState(t, p, posts.Withdrawn)
	if !p.Publication.RemovedAt.Equal(r.clock) || p.Publication.PublishedAt.IsZero() {
		t.Errorf("publication = %+v", p.Publication)
	}
	wantFault(t, r.HandlePublishEvent(t.Context(), "foreign", done), fault.NotFound)
}

func TestAnEventWithoutAnAnswerSettlesTheUnknown(t *testing.T) {
	r := newRoom(t)
	p := r.due(content())
	r.platform.failing["SubmitPublish"] = failure{err: silence, acted: true}
	p = r.must(r.Advance(t.Context(), p.ID))
	wantState(t, p, posts.OutcomeUnknown)
	out := r.platform.published[0]
	err := r.HandlePublishEvent(t.Context(), "publish9", posts.PublishStatus{State: posts.PublishDone, ArticleID: out.article, URL: out.url})
	if err != nil {
		t.Fatal(err)
	}
	wantState(t, r.stored(p.ID), posts.Published)
}

func TestAnEventThatOvertakesTheAnswer(t *testing.T) {
	r := newRoom(t)
	p := r.due(content())
	r.Platform = slow{r.platform, func() {
		delete(r.platform.failing, "FindPublished")
		out := r.platform.published[0]
		err := r.HandlePublishEvent(t.Context(), "publish3", posts.PublishStatus{State: posts.PublishDone, ArticleID: out.article, URL: out.url})
		if err != nil {
			t.Errorf("the event is taken for somebody else's: %v", err)
		}
	}}
	p = r.must(r.Advance(t.Context(), p.ID))
	wantState(t, p, posts.Published)
	if p.Publication.PublishID == "" || len(r.platform.published) != 1 || r.platform.count("SubmitPublish") != 1 {
		t.Errorf("publication = %+v", p.Publication)
	}
}

func TestTheFirstWordOfThePlatformMayBeItsDeletion(t *testing.T) {
	r := newRoom(t)
	r.platform.pending = 1000
	p := r.must(r.Advance(t.Context(), r.due(content()).ID))
	err := r.HandlePublishEvent(t.Context(), p.Publication.PublishID, posts.PublishStatus{State: posts.PublishRemoved, Reason: "已被封禁。"})
	if err != nil {
		t.Fatal(err)
	}
	p = r.stored(p.ID)
	wantState(t, p, posts.Withdrawn)
	if p.Publication.PublishedAt.IsZero() || p.Publication.RemovedAt.IsZero() {
		t.Errorf("publication = %+v", p.Publication)
	}
}

func TestPublishedAtCountsInTheYearOfTheSubmission(t *testing.T) {
	r := newRoom(t)
	p := r.approved(content())
	at := beijing("2026-12-31 23:59:58")
	r.must(r.Schedule(t.Context(), approver, p.ID, at, posts.FreePublish))
	r.clock = at
	r.platform.pending = 1
	r.must(r.Advance(t.Context(), p.ID))
	r.clock = beijing("2027-01-01 00:00:03")
	p = r.must(r.Advance(t.Context(), p.ID))
	if !p.Publication.PublishedAt.Equal(at) {
		t.Errorf("published at %v, want %v", p.Publication.PublishedAt, at)
	}
}

// TestCrashAtEveryWrite stops the process before or after each record, under each fate of the submission's answer, with
// and without a restart long afterwards, and lets the next process take over.
func TestCrashAtEveryWrite(t *testing.T) {
	fates := map[string]failure{
		"answered": {}, "answer lost, done": {err: silence, acted: true}, "answer lost, not done": {err: silence},
		"turned away once": {err: busy, times: 1},
	}
	combinations, held, unknown := 0, 0, 0
	for fate, plan := range fates {
		for _, pause := range []time.Duration{2 * time.Second, 2 * time.Minute, time.Hour} {
			for at := 1; ; at++ {
				reached := false
				for _, after := range []bool{false, true} {
					name := fmt.Sprintf("%s, write %d, after %v, restart after %v", fate, at, after, pause)
					r := newRoom(t)
					p := r.due(r.illustrated())
					if plan.err != nil {
						r.platform.failing["SubmitPublish"] = plan
					}
					r.shelf.dieAt, r.shelf.after = r.shelf.writes+at, after
					_, _ = r.Advance(t.Context(), p.ID)
					reached = r.shelf.dead
					delete(r.platform.failing, "SubmitPublish")
					r.restart(pause)
					r.work(15 * time.Minute)
					combinations++
					p = r.stored(p.ID)
					out := len(r.platform.published)
					switch {
					case out > 1:
						t.Fatalf("%s: published %d times", name, out)
					case p.State == posts.Published && out != 1:
						t.Fatalf("%s: called published, but nothing is out", name)
					case out == 1 && p.State != posts.Published && p.State != posts.OutcomeUnknown:
						t.Fatalf("%s: is out, but stands as %s", name, p.State)
					case p.State == posts.AwaitingPerson:
						held++
					case p.State == posts.OutcomeUnknown:
						unknown++
					case p.State != posts.Published && p.State != posts.Failed:
						t.Fatalf("%s: stuck in %s", name, p.State)
					}
					r.finishByHand(p)
					if n := len(r.platform.published); n != 1 {
						t.Fatalf("%s: after a person saw to it, published %d times", name, n)
					}
				}
				if !reached {
					break
				}
			}
		}
	}
	t.Logf("%d combinations, %d waited for a person, %d stayed unknown", combinations, held, unknown)
	if combinations < 100 {
		t.Errorf("only %d combinations", combinations)
	}
}

// finishByHand is what a person does with a post that did not come out by itself.
func (r *room) finishByHand(p posts.Post) {
	r.t.Helper()
	switch p.State {
	case posts.AwaitingPerson:
		r.must(r.Release(r.t.Context(), approver, p.ID))
	case posts.Failed:
		r.must(r.PublishNow(r.t.Context(), approver, p.ID))
	default:
		return
	}
	r.work(15 * time.Minute)
	wantState(r.t, r.stored(p.ID), posts.Published)
}

// TestCrashWithinACall stops the process after the platform acted and before anything could be recorded.
func TestCrashWithinACall(t *testing.T) {
	for _, call := range []string{"UploadImage", "AddCover", "AddDraft", "SubmitPublish"} {
		t.Run(call, func(t *testing.T) {
			r := newRoom(t)
			p := r.due(r.illustrated())
			r.Platform = deadly{r.platform, call, r.shelf}
			_, _ = r.Advance(t.Context(), p.ID)
			r.Platform = r.platform
			r.restart(10 * time.Second)
			r.work(9 * time.Minute)
			wantState(t, r.stored(p.ID), posts.Published)
			if len(r.platform.published) != 1 || r.platform.count("SubmitPublish") != 1 {
				t.Errorf("published %d times by %d submissions", len(r.platform.published), r.platform.count("SubmitPublish"))
			}
		})
	}
}

// deadly kills the process within one call, after the platform acted.
type deadly struct {
	*platform
	call  string
	shelf *shelf
}

func (d deadly) die(call string) {
	if call == d.call {
		d.shelf.mu.Lock()
		d.shelf.dead = true
		d.shelf.mu.Unlock()
	}
}

func (d deadly) UploadImage(ctx context.Context, n string, b []byte) (string, error) {
	defer d.die("UploadImage")
	return d.platform.UploadImage(ctx, n, b)
}

func (d deadly) AddCover(ctx context.Context, n string, b []byte) (posts.Material, error) {
	defer d.die("AddCover")
	return d.platform.AddCover(ctx, n, b)
}

func (d deadly) AddDraft(ctx context.Context, a posts.Article) (string, error) {
	defer d.die("AddDraft")
	return d.platform.AddDraft(ctx, a)
}

func (d deadly) SubmitPublish(ctx context.Context, id string) (string, string, error) {
	defer d.die("SubmitPublish")
	return d.platform.SubmitPublish(ctx, id)
}

func TestManyProcessesPublishOnce(t *testing.T) {
	for range 20 {
		r := newRoom(t)
		p := r.due(r.illustrated())
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() { _, _ = r.Advance(t.Context(), p.ID) })
		}
		all.Wait()
		r.work(2 * time.Minute)
		wantState(t, r.stored(p.ID), posts.Published)
		if len(r.platform.published) != 1 || r.platform.count("SubmitPublish") != 1 {
			t.Fatalf("published %d times by %d submissions", len(r.platform.published), r.platform.count("SubmitPublish"))
		}
	}
}

// TestAnotherProcessOvertakesBeforeEveryWrite lets a second process do all it can between what the first has read and what
// it writes, at once or after the first one's lease.
func TestAnotherProcessOvertakesBeforeEveryWrite(t *testing.T) {
	for _, pause := range []time.Duration{0, 2 * time.Minute} { // the lease is one minute
		for at := 1; at <= 11; at++ {
			t.Run(fmt.Sprintf("write %d after %v", at, pause), func(t *testing.T) {
				r := newRoom(t)
				p := r.due(r.illustrated())
				r.platform.pending = 2 // the second process leaves the post in the middle of publishing
				r.shelf.overtakeAt = at
				r.shelf.overtake = func() {
					r.pass(pause)
					_, _ = r.Advance(t.Context(), p.ID)
				}
				_, _ = r.Advance(t.Context(), p.ID)
				r.work(2 * time.Minute)
				wantState(t, r.stored(p.ID), posts.Published)
				if len(r.platform.published) != 1 || r.platform.count("SubmitPublish") != 1 {
					t.Errorf("published %d times by %d submissions", len(r.platform.published), r.platform.count("SubmitPublish"))
				}
			})
		}
	}
}

// TestASlowProcessAndATakeover lets a submission outlast its lease: the second process gives the answer up as lost, the
// first one's answer still arrives.
func TestASlowProcessAndATakeover(t *testing.T) {
	r := newRoom(t)
	p := r.due(content())
	r.Platform = slow{r.platform, func() {
		r.pass(2 * time.Minute)
		after, _ := r.Advance(t.Context(), p.ID) // gives the answer up, then finds the list of articles unavailable
		wantState(t, after, posts.OutcomeUnknown)
	}}
	p = r.must(r.Advance(t.Context(), p.ID))
	wantState(t, p, posts.Published)
	if n := r.platform.count("SubmitPublish"); n != 1 {
		t.Errorf("submitted %d times", n)
	}
}

type slow struct {
	*platform
	meanwhile func()
}

func (s slow) SubmitPublish(ctx context.Context, id string) (string, string, error) {
	a, b, err := s.platform.SubmitPublish(ctx, id)
	find := failure{err: busy, times: 1}
	s.failing["FindPublished"] = find
	s.meanwhile()
	return a, b, err
}

// TestAStaleDraftAnswerIsDropped: two processes make a draft each; both submit the first that was recorded.
func TestAStaleDraftAnswerIsDropped(t *testing.T) {
	r := newRoom(t)
	p := r.due(content())
	first := true
	r.Platform = slowDraft{r.platform, func() {
		if first {
			first = false
			r.pass(2 * time.Minute)
			wantState(t, r.must(r.Advance(t.Context(), p.ID)), posts.Published)
		}
	}}
	_, _ = r.Advance(t.Context(), p.ID)
	wantState(t, r.stored(p.ID), posts.Published)
	if len(r.platform.published) != 1 || r.platform.count("AddDraft") != 2 {
		t.Errorf("published %d times from %d drafts", len(r.platform.published), r.platform.count("AddDraft"))
	}
	if p = r.stored(p.ID); p.Publication.MediaID != "draft3" {
		t.Errorf("the record names %s, but the second draft was submitted", p.Publication.MediaID)
	}
}

type slowDraft struct {
	*platform
	meanwhile func()
}

func (s slowDraft) AddDraft(ctx context.Context, a posts.Article) (string, error) {
	id, err := s.platform.AddDraft(ctx, a)
	s.meanwhile()
	return id, err
}

func TestTheRecordIsWrittenWhenTheCallerIsGone(t *testing.T) {
	r := newRoom(t)
	p := r.due(content())
	ctx, cancel := context.WithCancel(t.Context())
	r.Platform = slow{r.platform, cancel}
	_, _ = r.Advance(ctx, p.ID)
	p = r.stored(p.ID)
	if p.Publication.PublishID == "" {
		t.Errorf("the accepted submission was not recorded: %v", steps(p))
	}
}

func TestDueListsWhatNeedsWork(t *testing.T) {
	r := newRoom(t)
	late := r.scheduled(posts.Content{Title: "先到点的", Markdown: "正文", Origin: posts.Original})
	r.pass(10 * time.Minute)
	later := r.scheduled(posts.Content{Title: "后到点的", Markdown: "正文", Origin: posts.Original})
	r.approved(content())
	r.pass(2 * time.Hour)
	ids, err := r.Due(t.Context())
	if diff := cmp.Diff([]string{late.ID, later.ID}, ids); diff != "" || err != nil {
		t.Errorf("%v %s", err, diff)
	}
}

func TestAdvanceOfAnUnknownPost(t *testing.T) {
	_, err := newRoom(t).Advance(t.Context(), "nobody")
	wantFault(t, err, fault.NotFound)
}

func TestALostPictureFailsWithASentence(t *testing.T) {
	r := newRoom(t)
	p := r.due(r.illustrated())
	delete(r.files, pic("a"))
	p = r.must(r.Advance(t.Context(), p.ID))
	wantState(t, p, posts.Failed)
	if !strings.Contains(p.Publication.Failure, "图片") {
		t.Errorf("failure = %q", p.Publication.Failure)
	}
}
