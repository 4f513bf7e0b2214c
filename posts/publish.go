package posts

import (
	"context"
	"errors"
	"slices"
	"time"

	"shoushan/fault"
	"shoushan/staff"
	"shoushan/workday"
)

const (
	defaultGrace = 10 * time.Minute
	// lease is how long a step that has begun is left to the process that began it. A second process that is wrong about
	// this does no harm: the submission is begun once per attempt whatever happens.
	lease = time.Minute
	// maxMoves bounds one call of Advance; a post needs eight at most.
	maxMoves = 20
	// bookkeeping is the time to record what happened after the caller has gone.
	bookkeeping = 10 * time.Second
)

// errMoved says that the record is no longer where the caller saw it: another process took the step.
var errMoved = errors.New("posts: another process moved this post")

// move takes a post further; again tells whether there may be more to do at once.
type mover func(ctx context.Context, p Post) (after Post, again bool, err error)

// Due returns the ids of the posts that need work now: scheduled and due, or due within ten minutes and not prepared yet, in
// the middle of publishing, or of unknown outcome and not looked into lately; the one that was due first comes first.
// Last come those with a discarded draft to delete.
func (n *Newsroom) Due(ctx context.Context) ([]string, error) {
	found, err := n.Shelf.Posts(ctx, Query{States: []State{Scheduled, Publishing, AwaitingAdmin, OutcomeUnknown, Combined}})
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(found, func(a, b Post) int { return a.DueAt.Compare(b.DueAt) })
	left, err := n.Shelf.Posts(ctx, Query{DiscardBefore: n.now()})
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, p := range append(found, left...) {
		if n.nextMove(p) != nil && !slices.Contains(ids, p.ID) {
			ids = append(ids, p.ID)
		}
	}
	return ids, nil
}

// Advance does for a post what publishing needs next, as far as it gets: claim, pictures, cover, draft, submission,
// result. It is safe to call at any time, by several processes at once, and after a crash at any point. An error means
// that a step did not succeed and can be tried again; the post it returns is the one stored.
func (n *Newsroom) Advance(ctx context.Context, id string) (Post, error) {
	p, err := n.Shelf.Post(ctx, id)
	for range maxMoves {
		if err != nil {
			return p, err
		}
		act := n.nextMove(p)
		if act == nil {
			return p, nil
		}
		after, again, failed := act(ctx, p)
		if errors.Is(failed, errMoved) {
			return n.Shelf.Post(ctx, id)
		}
		if failed != nil || !again {
			return after, failed
		}
		p = after
	}
	return p, nil
}

// nextMove reads off the record what is to be done now; nil when nothing is. What leads to the readers comes first,
// and a combined post has nothing to do for that but to look at its leading one, again and again.
func (n *Newsroom) nextMove(p Post) mover {
	act := n.publishingMove(p)
	if act != nil && p.State != Combined {
		return act
	}
	if tidy := n.discarding(p); tidy != nil {
		return tidy
	}
	return act
}

func (n *Newsroom) publishingMove(p Post) mover {
	now := n.now()
	switch p.State {
	case Scheduled:
		if p.DueAt.After(now) {
			return n.preparation(p)
		}
		return n.claim
	case Publishing:
		return n.nextStep(p)
	case AwaitingAdmin:
		return n.poll
	case Combined:
		return n.follow
	case OutcomeUnknown:
		if now.Sub(p.Publication.CheckedAt) < p.settlePause(now) {
			return nil
		}
		return n.settle
	default:
		return nil
	}
}

// nextStep is the next step of a post that is being published.
func (n *Newsroom) nextStep(p Post) mover {
	name := n.stepName(p)
	last := p.Publication.last()
	switch {
	case name == StepPoll:
		return n.poll
	case last.running() && n.now().Sub(last.Begun) < lease:
		return nil // somebody is at it
	case last.running() && irreversible(last.Name):
		return n.loseAnswer
	case p.Content.Hash() != p.ApprovedHash:
		return n.mismatch
	case n.late(p):
		return n.hold
	default:
		return func(ctx context.Context, p Post) (Post, bool, error) { return n.take(ctx, p, name) }
	}
}

// stepName names the step that the record still lacks.
func (n *Newsroom) stepName(p Post) string {
	pub := p.Publication
	switch {
	case pub.PublishID != "" || pub.MsgID != "":
		return StepPoll
	case (pub.Doubt || pub.ClaimedAt.Before(n.Started)) && !pub.did(StepLook):
		return StepLook
	case pub.MediaID != "" && p.Method == MassSend:
		return StepMass
	case pub.MediaID != "":
		return StepSubmit
	case len(missingPictures(p)) > 0:
		return StepImages
	case len(missingCovers(p)) > 0:
		return StepCover
	default:
		return StepDraft
	}
}

// late reports whether the post is too late to go out by itself.
func (n *Newsroom) late(p Post) bool {
	grace := n.Grace
	if grace == 0 {
		grace = defaultGrace
	}
	return n.now().After(p.DueAt.Add(grace))
}

// claim takes a due post for publishing by compare-and-set. One that is late, or was due before this process started,
// waits for a person; one whose content is not what 终审 approved fails.
func (n *Newsroom) claim(ctx context.Context, p Post) (Post, bool, error) {
	after, err := n.Shelf.UpdatePost(ctx, p.ID, func(p *Post) error {
		if p.State != Scheduled || p.DueAt.After(n.now()) {
			return errMoved
		}
		switch {
		case p.Content.Hash() != p.ApprovedHash:
			return n.fail(p, notApproved)
		case n.late(*p):
			return n.setAside(p, "已超过原定发布时间，没有自动发布。")
		case p.DueAt.Before(n.Started):
			return n.setAside(p, "原定发布时间在系统本次启动之前，没有自动发布。")
		}
		return n.start(p)
	})
	return after, after.State == Publishing, err
}

const notApproved = "稿件内容与终审通过的不一致，没有发布。请修改后重新提交审核。"

// mismatch fails a post whose content changed behind the newsroom's back while it was being published.
func (n *Newsroom) mismatch(ctx context.Context, p Post) (Post, bool, error) {
	after, err := n.Shelf.UpdatePost(ctx, p.ID, func(q *Post) error {
		if q.State != Publishing || q.Version != p.Version {
			return errMoved
		}
		return n.fail(q, notApproved)
	})
	return after, false, err
}

// start begins an attempt. A draft of an earlier attempt is used again when it holds the same content, so that the
// platform itself refuses to publish it twice.
func (n *Newsroom) start(p *Post) error {
	if err := p.move(Claim); err != nil {
		return err
	}
	pub := &p.Publication
	if pub.DraftHash != p.draftHash() {
		p.discardDraft(n.now())
	}
	pub.Attempt++
	pub.ClaimedAt, pub.SubmittedAt, pub.CheckedAt = n.now(), time.Time{}, time.Time{}
	pub.PublishID, pub.MsgDataID, pub.MsgID, pub.Failure = "", "", "", ""
	pub.ClientMsgID = ""
	if p.Method == MassSend {
		pub.ClientMsgID = clientMsgID(p.ID, pub.MassSerial)
	}
	if pub.Since.IsZero() {
		pub.Since = p.DueAt
	}
	n.record(p, staff.System, Claim, "到发布时间，开始发布。")
	return nil
}

// hold puts a post that got late in the middle of publishing, before its submission, into a person's hands.
func (n *Newsroom) hold(ctx context.Context, p Post) (Post, bool, error) {
	after, err := n.Shelf.UpdatePost(ctx, p.ID, func(q *Post) error {
		if q.State != Publishing || q.Version != p.Version {
			return errMoved
		}
		why := "发布没有在预定时间后完成，已停下。"
		if last := q.Publication.last(); last.Outcome != ok && last.Outcome != interrupted && !last.running() {
			why += "最近一次的原因：" + last.Outcome
		}
		return n.setAside(q, why)
	})
	return after, false, err
}

func (n *Newsroom) setAside(p *Post, why string) error {
	if err := p.move(Hold); err != nil {
		return err
	}
	if p.Publication.Since.IsZero() {
		p.Publication.Since = p.DueAt
	}
	p.Publication.Doubt = true
	p.Publication.Failure = why + "原定 " + p.DueAt.In(workday.Beijing).Format("2006-01-02 15:04") + "，请确认现在发布，或者取消发布安排。"
	n.record(p, staff.System, Hold, p.Publication.Failure)
	return nil
}

func (n *Newsroom) fail(p *Post, why string) error {
	if err := p.move(Fail); err != nil {
		return err
	}
	p.Publication.Failure = why
	n.record(p, staff.System, Fail, why)
	return nil
}

// loseAnswer marks a submission whose process stopped before it could record the answer.
func (n *Newsroom) loseAnswer(ctx context.Context, p Post) (Post, bool, error) {
	after, err := n.Shelf.UpdatePost(ctx, p.ID, func(q *Post) error {
		if q.State != Publishing || q.Version != p.Version {
			return errMoved
		}
		return n.lose(q)
	})
	return after, true, err
}

// lose marks the outcome as unknown, unless it has become known in the meantime.
func (n *Newsroom) lose(p *Post) error {
	if !p.Can(LoseAnswer) {
		return nil
	}
	if err := p.move(LoseAnswer); err != nil {
		return err
	}
	p.Publication.Doubt = true
	p.Publication.Failure = "提交发布后没有得到平台的答复，不知道是否已经发布。系统正在核对，请不要重复发布。"
	n.record(p, staff.System, LoseAnswer, p.Publication.Failure)
	return nil
}

// result is what a step adds to the record.
type result func(p *Post) error

// take runs one step between its two records.
func (n *Newsroom) take(ctx context.Context, p Post, name string) (Post, bool, error) {
	p, i, err := n.begin(ctx, p, name)
	if err != nil {
		return p, false, err
	}
	apply, failed := n.work(ctx, p, name)
	after, err := n.finish(ctx, p, i, apply, failed)
	if err != nil {
		return p, false, err
	}
	if failed != nil && after.State == p.State {
		return after, false, fault.Wrap(fault.Unavailable, failed, "发布的一步没有成功，稍后再试。")
	}
	return after, after.State == p.State, nil
}

// begin records that a step begins, if it still is the step that the record lacks: the compare-and-set which makes a
// submission begin once. Only a claimed post is submitted; a scheduled one is prepared.
func (n *Newsroom) begin(ctx context.Context, p Post, name string) (Post, int, error) {
	after, err := n.Shelf.UpdatePost(ctx, p.ID, func(q *Post) error {
		if q.State != p.State || q.Version != p.Version {
			return errMoved
		}
		if irreversible(name) && (q.State != Publishing || q.Publication.begunSubmit()) {
			return errMoved
		}
		if q.State == Scheduled {
			q.discardOldDraft(n.now())
		}
		n.closeInterrupted(q)
		step := Step{Name: name, Attempt: q.Publication.Attempt, Begun: n.now()}
		if irreversible(name) {
			step.Ref, q.Publication.SubmittedAt = q.Publication.MediaID, step.Begun
		}
		q.Publication.Steps = append(slices.Clone(q.Publication.Steps), step)
		return nil
	})
	return after, len(after.Publication.Steps) - 1, err
}

// closeInterrupted ends a step whose process is gone. It is never a submission; see loseAnswer.
func (n *Newsroom) closeInterrupted(p *Post) {
	if last := p.Publication.last(); last.Name != "" && last.running() {
		steps := slices.Clone(p.Publication.Steps)
		steps[len(steps)-1].Ended, steps[len(steps)-1].Outcome = n.now(), interrupted
		p.Publication.Steps = steps
	}
}

// work makes the step's calls to the platform and returns what they add to the record.
func (n *Newsroom) work(ctx context.Context, p Post, name string) (result, error) {
	switch name {
	case StepLook:
		return n.look(ctx, p)
	case StepImages:
		return n.uploadImages(ctx, p)
	case StepCover:
		return n.addCover(ctx, p)
	case StepDraft:
		return n.addDraft(ctx, p)
	case StepMass:
		if err := n.quotaLeft(ctx, p); err != nil {
			return nil, err
		}
		return n.sendMass(ctx, p)
	default:
		return n.submit(ctx, p)
	}
}
