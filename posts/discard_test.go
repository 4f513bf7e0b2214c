package posts_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"shoushan/fault"
	"shoushan/posts"
)

// prepared is a scheduled post whose draft lies on the platform.
func (r *room) prepared() posts.Post {
	r.t.Helper()
	p := r.must(r.Advance(r.t.Context(), r.soon().ID))
	if len(r.platform.drafts) != 1 || p.Publication.MediaID == "" {
		r.t.Fatalf("%d drafts, media id %q, want one", len(r.platform.drafts), p.Publication.MediaID)
	}
	return p
}

func (r *room) edited(p posts.Post) posts.Post {
	r.t.Helper()
	c := p.Content
	c.Markdown += "\n\n又补了一段。\n"
	return r.must(r.Edit(r.t.Context(), author, p.ID, p.Version, c))
}

// wantBox compares how many drafts lie on the platform and how many the record has yet to delete.
func (r *room) wantBox(id string, drafts, discarded int) {
	r.t.Helper()
	if p := r.stored(id); len(r.platform.drafts) != drafts || len(p.Publication.Discarded) != discarded {
		r.t.Errorf("%d drafts on the platform and %d to delete, want %d and %d; calls %v", len(r.platform.drafts), len(p.Publication.Discarded), drafts, discarded, r.platform.calls)
	}
}

func TestADraftThatIsNotWantedAnyMoreIsDeleted(t *testing.T) {
	tests := []struct {
		name string
		act  func(r *room, p posts.Post) posts.Post
		want posts.State
	}{
		{"withdrawn", func(r *room, p posts.Post) posts.Post {
			return r.must(r.Withdraw(t.Context(), author, p.ID, "不发了"))
		}, posts.Withdrawn},
		{"taken out of the plan", func(r *room, p posts.Post) posts.Post {
			return r.must(r.Unschedule(t.Context(), approver, p.ID))
		}, posts.Approved},
		{"taken out of the plan and changed at once", func(r *room, p posts.Post) posts.Post {
			return r.edited(r.must(r.Unschedule(t.Context(), approver, p.ID)))
		}, posts.Draft},
		{"published by hand", func(r *room, p posts.Post) posts.Post {
			p = r.must(r.Unschedule(t.Context(), approver, p.ID))
			return r.must(r.RecordOutcome(t.Context(), approver, p.ID, "https://mp.weixin.qq.com/s/byhand", r.clock))
		}, posts.Published},
		{"refused by the platform", func(r *room, p posts.Post) posts.Post {
			r.platform.refuse = "原创校验没有通过。"
			r.clock = p.DueAt
			return r.must(r.Advance(t.Context(), p.ID))
		}, posts.Failed},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := newRoom(t)
			p := tt.act(r, r.prepared())
			wantState(t, p, tt.want)
			r.wantBox(p.ID, 1, 1)
			r.work(massSettle)
			r.wantBox(p.ID, 0, 0)
			if n := r.platform.count("DeleteDraft"); n != 1 {
				t.Errorf("asked %d times, want once", n)
			}
			wantState(t, r.stored(p.ID), tt.want)
		})
	}
}

// massSettle is longer than any draft waits that may have been submitted.
const massSettle = 45 * time.Minute

// A draft that was shown to a colleague stays for publishing until the words change.
func TestTheDraftOfAPreview(t *testing.T) {
	r, _ := massRoom(t)
	p := r.submitted(content())
	p = r.must(r.SendPreview(t.Context(), author, p.ID, "lileader"))
	r.work(time.Minute)
	r.wantBox(p.ID, 1, 0)
	p = r.edited(p)
	r.work(time.Minute)
	r.wantBox(p.ID, 0, 0)
	p = r.must(r.SendPreview(t.Context(), author, p.ID, "lileader"))
	r.must(r.Withdraw(t.Context(), author, p.ID, "重复"))
	r.work(time.Minute)
	r.wantBox(p.ID, 0, 0)
}

// Whoever is overtaken while the preview is made leaves no draft behind either.
func TestAPreviewThatIsOvertaken(t *testing.T) {
	r, _ := massRoom(t)
	p := r.submitted(content())
	r.shelf.overtakeAt, r.shelf.overtake = 1, func() { r.shelf.overtake = nil; r.edited(r.stored(p.ID)) }
	_, err := r.SendPreview(t.Context(), author, p.ID, "lileader")
	wantFault(t, err, fault.Conflict)
	r.wantBox(p.ID, 1, 1)
	r.work(time.Minute)
	r.wantBox(p.ID, 0, 0)
}

// What was published is not there to be deleted, and nothing asks for it.
func TestAPublishedDraftIsNotTouched(t *testing.T) {
	r := newRoom(t)
	p := r.prepared()
	r.clock = p.DueAt
	r.work(massSettle)
	wantState(t, r.stored(p.ID), posts.Published)
	r.must(r.RecordRemoval(t.Context(), approver, p.ID, r.clock, "有误"))
	r.work(massSettle)
	r.wantBox(p.ID, 0, 0)
	if n := r.platform.count("DeleteDraft"); n != 0 {
		t.Errorf("asked %d times to delete what is published", n)
	}
}

// A draft that may have been submitted is left alone for as long as the submission may be under way.
func TestADraftOnItsWayIsLeftAlone(t *testing.T) {
	r := newRoom(t)
	p := r.prepared()
	r.platform.at = time.Hour // accepted, but the draft still lies there
	r.platform.failing["SubmitPublish"] = failure{err: silence, acted: true, times: 1}
	r.clock = p.DueAt
	p = r.must(r.Advance(t.Context(), p.ID))
	wantState(t, p, posts.OutcomeUnknown)
	p = r.must(r.RecordNotPublished(t.Context(), approver, p.ID, "后台没有看到"))
	p = r.edited(p)
	r.work(9 * time.Minute)
	r.wantBox(p.ID, 1, 1)
	r.platform.at = 0 // now it comes out
	r.work(5 * time.Minute)
	r.wantBox(p.ID, 0, 0)
	if len(r.platform.published) != 1 {
		t.Errorf("published %d times, want once", len(r.platform.published))
	}
}

// A post that was taken out of the plan and is scheduled again goes out once, with a new draft.
func TestScheduledAgainAfterItsDraftWasDiscarded(t *testing.T) {
	r := newRoom(t)
	p := r.prepared()
	r.must(r.Unschedule(t.Context(), approver, p.ID))
	p = r.must(r.Schedule(t.Context(), approver, p.ID, r.clock.Add(5*time.Minute), posts.FreePublish))
	r.work(10 * time.Minute)
	wantState(t, r.stored(p.ID), posts.Published)
	r.wantBox(p.ID, 0, 0)
	if len(r.platform.published) != 1 {
		t.Errorf("published %d times, want once", len(r.platform.published))
	}
}

// While its draft cannot be deleted a post is withdrawn, changed and published as ever; the record says why the draft still
// lies there, and it is asked for less and less often until it is gone.
func TestADraftThatCannotBeDeleted(t *testing.T) {
	tests := []struct {
		name   string
		fails  failure
		asked  int // in the first hour
		reason string
	}{
		{"the answer is lost", failure{err: fault.New(fault.Unavailable, "平台没有答复。"), acted: true, times: 1}, 2, "平台没有答复。"},
		{"unreachable for a while", failure{err: fault.New(fault.Unavailable, "暂时连不上微信平台。"), times: 3}, 4, "暂时连不上微信平台。"},
		{"never allowed", failure{err: fault.New(fault.Forbidden, "公众号没有这个接口的权限（48001）。")}, 6, "公众号没有这个接口的权限（48001）。"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := newRoom(t)
			p := r.prepared()
			r.platform.failing["DeleteDraft"] = tt.fails
			p = r.must(r.Withdraw(t.Context(), author, p.ID, "不发了"))
			version := p.Version
			p = r.must(r.Advance(t.Context(), p.ID))
			if d := p.Publication.Discarded; len(d) != 1 || d[0].Tries != 1 || d[0].Failure != tt.reason || !d[0].NextTry.After(r.clock) {
				t.Errorf("discarded = %+v, want one failure %q and a later try", d, tt.reason)
			}
			if p.Overtaken(version) {
				t.Error("the housekeeping takes the text out of an editor's hands")
			}
			r.work(time.Hour)
			left := 0
			if tt.fails.times == 0 {
				left = 1
			}
			r.wantBox(p.ID, left, left)
			if n := r.platform.count("DeleteDraft"); n != tt.asked {
				t.Errorf("asked %d times in an hour, want %d", n, tt.asked)
			}
			wantState(t, r.stored(p.ID), posts.Withdrawn)
		})
	}
}

// The process dies at each write of withdrawing and tidying up, before or after it; another one takes over.
func TestCrashWhileDiscarding(t *testing.T) {
	for at := 1; at <= 2; at++ {
		for _, after := range []bool{false, true} {
			t.Run(fmt.Sprintf("write %d, after %v", at, after), func(t *testing.T) {
				r := newRoom(t)
				p := r.prepared()
				r.shelf.writes, r.shelf.dieAt, r.shelf.after = 0, at, after
				_, err := r.Withdraw(t.Context(), author, p.ID, "不发了")
				if err == nil {
					_, err = r.Advance(t.Context(), p.ID)
				}
				if !errors.Is(err, errDead) {
					t.Fatalf("err = %v, want the process dead", err)
				}
				r.restart(time.Second)
				if r.stored(p.ID).State != posts.Withdrawn {
					r.must(r.Withdraw(t.Context(), author, p.ID, "不发了"))
				}
				r.work(massSettle)
				wantState(t, r.stored(p.ID), posts.Withdrawn)
				r.wantBox(p.ID, 0, 0)
				if len(r.platform.published) != 0 {
					t.Errorf("published %d times", len(r.platform.published))
				}
			})
		}
	}
}

// Somebody withdraws the post just before each write of its preparation: a draft that comes too late is deleted too.
func TestWithdrawnWhileItIsPrepared(t *testing.T) {
	for at := 1; at <= 6; at++ {
		r := newRoom(t)
		p := r.soon()
		withdrawn := false
		r.shelf.updates, r.shelf.overtakeAt = 0, at
		r.shelf.overtake = func() {
			r.shelf.overtake, withdrawn = nil, true
			r.must(r.Withdraw(t.Context(), author, p.ID, "不发了"))
		}
		r.work(massSettle)
		if !withdrawn {
			t.Fatalf("preparing has fewer than %d writes", at)
		}
		wantState(t, r.stored(p.ID), posts.Withdrawn)
		r.wantBox(p.ID, 0, 0)
	}
}

// Two processes delete the same draft: the second finds it gone.
func TestTwoProcessesDiscard(t *testing.T) {
	r := newRoom(t)
	p := r.prepared()
	p = r.must(r.Withdraw(t.Context(), author, p.ID, "不发了"))
	r.shelf.updates, r.shelf.overtakeAt = 0, 1
	r.shelf.overtake = func() { r.shelf.overtake = nil; r.must(r.Advance(t.Context(), p.ID)) }
	wantState(t, r.must(r.Advance(t.Context(), p.ID)), posts.Withdrawn)
	r.wantBox(p.ID, 0, 0)
}

// The lead's draft is of no use after a companion has left, and a companion's own draft none after it has joined.
func TestCombiningDiscardsDrafts(t *testing.T) {
	r, _ := massRoom(t)
	r.Bundles = &bundler{platform: r.platform}
	lead, other := r.prepared(), r.approved(content())
	other = r.must(r.SendPreview(t.Context(), author, other.ID, "lileader"))
	r.must(r.Combine(t.Context(), approver, lead.ID, []string{other.ID}))
	r.work(time.Minute)
	r.wantBox(other.ID, 1, 0) // the lead's new one
	if p := r.stored(lead.ID); p.Publication.MediaID == lead.Publication.MediaID || len(p.Publication.Discarded) != 0 {
		t.Errorf("the lead's draft is %q with %v to delete, want a new one", p.Publication.MediaID, p.Publication.Discarded)
	}
}
