package posts

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"shoushan/fault"
	"shoushan/staff"
	"shoushan/workday"
)

const (
	// settleAfter is how long a draft must still lie on the platform after a lost answer before it counts as not
	// submitted: an accepted submission takes the draft away within minutes.
	settleAfter = 10 * time.Minute
	// clockSlack allows for the platform's clock being behind ours.
	clockSlack = time.Minute
)

// settlePause is how long to wait between two looks into an unknown outcome: longer as it gets older.
func (p Post) settlePause(now time.Time) time.Duration {
	least := 30 * time.Second
	if p.Method == MassSend {
		least = massPause
	}
	return max(least, min(now.Sub(p.Publication.SubmittedAt)/10, time.Hour))
}

// settleAfter is how long the draft must lie there after a lost answer to prove that it was not submitted.
func (p Post) settleAfter() time.Duration {
	if p.Method == MassSend {
		return massSettleAfter
	}
	return settleAfter
}

// poll asks the platform what became of the submission. A pending answer writes nothing.
func (n *Newsroom) poll(ctx context.Context, p Post) (Post, bool, error) {
	if p.Publication.MsgID != "" {
		return n.pollMass(ctx, p)
	}
	begun := n.now()
	st, err := n.Platform.PublishStatus(ctx, p.Publication.PublishID)
	switch {
	case err != nil && verdictOn(StepPoll, err) == later:
		return p, false, fault.Wrap(fault.Unavailable, err, "暂时查不到发布结果，稍后再查。")
	case err == nil && st.State == PublishPending:
		return p, false, nil
	}
	after, stored := n.Shelf.UpdatePost(ctx, p.ID, func(q *Post) error {
		if q.State != Publishing || q.Publication.PublishID != p.Publication.PublishID {
			return errMoved
		}
		step := Step{Name: StepPoll, Attempt: q.Publication.Attempt, Begun: begun, Ended: n.now(), Outcome: ok}
		if err != nil {
			step.Outcome = fault.Message(err)
		}
		q.Publication.Steps = append(slices.Clone(q.Publication.Steps), step)
		if err != nil {
			q.Publication.PublishID = "" // the platform does not know it; look for the article instead
			return n.lose(q)
		}
		return n.apply(q, st)
	})
	return after, false, stored
}

// apply writes the platform's word into the record. The platform's word wins over ours; a word that says nothing new
// changes nothing.
func (n *Newsroom) apply(p *Post, st PublishStatus) error {
	switch st.State {
	case PublishDone:
		return n.complete(p, st)
	case PublishRefused:
		if !p.Can(Fail) {
			return nil
		}
		p.discardDraft(n.now())
		p.Publication.judge(st.Verdict, n.now())
		return n.fail(p, orElse(st.Reason, "平台没有通过这篇稿件的发布，请在公众号后台查看原因。"))
	case PublishRemoved:
		return n.removed(p, st)
	case PublishPending:
	}
	return nil
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

func (n *Newsroom) complete(p *Post, st PublishStatus) error {
	if !p.Can(Complete) {
		return nil
	}
	if err := p.move(Complete); err != nil {
		return err
	}
	pub := &p.Publication
	pub.ArticleID, pub.URL, pub.Failure, pub.Doubt = st.ArticleID, st.URL, "", false
	pub.PublishedAt = n.publishedAt(*p, st)
	if st.MoreURLs != "" {
		pub.URLs = append([]string{st.URL}, strings.Split(st.MoreURLs, "\n")...)
	}
	n.record(p, staff.System, Complete, "已在公众号发布。")
	return nil
}

// publishedAt is the platform's time if it gave one, else that of the submission, so that what goes out at 23:59 on
// 31 December counts in that year even when the result is read after midnight.
func (n *Newsroom) publishedAt(p Post, st PublishStatus) time.Time {
	switch {
	case !st.At.IsZero():
		return st.At.UTC()
	case !p.Publication.SubmittedAt.IsZero():
		return p.Publication.SubmittedAt
	default:
		return n.now()
	}
}

func (n *Newsroom) removed(p *Post, st PublishStatus) error {
	if p.Can(Complete) {
		if err := n.complete(p, st); err != nil {
			return err
		}
	}
	if !p.Can(Remove) {
		return nil
	}
	if err := p.move(Remove); err != nil {
		return err
	}
	p.Publication.RemovedAt = n.now()
	n.record(p, staff.System, Remove, orElse(st.Reason, "文章发布后在平台上被删除或封禁，不再计数。"))
	return nil
}

// settle looks into an unknown outcome: the article is found as published, or its draft still lies on the platform long
// after the submission, or it stays unknown.
func (n *Newsroom) settle(ctx context.Context, p Post) (Post, bool, error) {
	if p.Method == MassSend && p.Publication.MsgID != "" {
		return n.pollMass(ctx, p)
	}
	if n.mayRepeat(p) {
		return n.repeatMass(ctx, p)
	}
	st, found, err := n.findPublished(ctx, p)
	if err != nil {
		return p, false, fault.Wrap(fault.Unavailable, err, "暂时无法核对发布结果，稍后再试。")
	}
	there := false
	if !found && n.now().Sub(p.Publication.SubmittedAt) >= p.settleAfter() && p.Publication.MediaID != "" {
		if there, err = n.Platform.DraftExists(ctx, p.Publication.MediaID); err != nil {
			return p, false, fault.Wrap(fault.Unavailable, err, "暂时无法核对草稿箱，稍后再试。")
		}
	}
	after, err := n.Shelf.UpdatePost(ctx, p.ID, func(q *Post) error {
		if q.State != OutcomeUnknown || q.Publication.Attempt != p.Publication.Attempt {
			return errMoved
		}
		q.Publication.CheckedAt = n.now()
		switch {
		case found:
			return n.apply(q, st)
		case there:
			return n.fail(q, "已核对：平台上没有这篇文章，草稿还在草稿箱里，上次没有发布成功。可以再次发布。")
		}
		return nil
	})
	return after, false, err
}

// findPublished looks for the article among what the platform lists since this post can have been published. An article
// that is already another post's is not ours.
func (n *Newsroom) findPublished(ctx context.Context, p Post) (PublishStatus, bool, error) {
	since := p.Publication.Since
	if since.IsZero() {
		since = p.Publication.ClaimedAt
	}
	if p.Method == MassSend && !p.Publication.tookFreely() {
		return PublishStatus{}, false, nil // no list of the platform has mass-sent articles
	}
	st, found, err := n.Platform.FindPublished(ctx, p.Content.Title, since.Add(-clockSlack))
	if err != nil || !found {
		return st, false, err
	}
	taken, err := n.belongsToAnother(ctx, p.ID, st)
	if err != nil {
		return st, false, fmt.Errorf("posts: compare with published posts: %w", err)
	}
	return st, !taken && st.State != PublishPending && st.State != PublishRefused, nil
}

func (n *Newsroom) belongsToAnother(ctx context.Context, id string, st PublishStatus) (bool, error) {
	year := n.now().In(workday.Beijing).Year()
	for _, y := range []int{year, year - 1} {
		known, err := n.Shelf.Posts(ctx, Query{PublishedYear: y})
		if err != nil {
			return false, err
		}
		if slices.ContainsFunc(known, func(k Post) bool { return k.ID != id && k.Publication.sameArticle(st) }) {
			return true, nil
		}
	}
	return false, nil
}

func (p Publication) sameArticle(st PublishStatus) bool {
	return st.ArticleID != "" && p.ArticleID == st.ArticleID || st.URL != "" && p.URL == st.URL
}

// HandlePublishEvent takes the platform's event on a submission. An event about a submission whose answer never reached
// us makes the unknown posts be looked into at once. NotFound means that no post here was submitted under that id: it
// was published by hand or by another system.
func (n *Newsroom) HandlePublishEvent(ctx context.Context, publishID string, st PublishStatus) error {
	p, err := n.bySubmission(ctx, publishID)
	if fault.Is(err, fault.NotFound) {
		return n.settleUnknown(ctx, st)
	}
	if err != nil {
		return err
	}
	_, err = n.Shelf.UpdatePost(ctx, p.ID, func(q *Post) error {
		if !q.Publication.knows(publishID) {
			return errMoved
		}
		return n.apply(q, st)
	})
	return err
}

// bySubmission finds the post that was submitted under the id; posts still in motion first, they are few.
func (n *Newsroom) bySubmission(ctx context.Context, publishID string) (Post, error) {
	for _, states := range [][]State{{Publishing, OutcomeUnknown, Failed, Scheduled, AwaitingPerson}, {Published}} {
		some, err := n.Shelf.Posts(ctx, Query{States: states})
		if err != nil {
			return Post{}, err
		}
		if i := slices.IndexFunc(some, func(p Post) bool { return p.Publication.knows(publishID) }); i >= 0 {
			return some[i], nil
		}
	}
	return Post{}, fault.New(fault.NotFound, "没有以这个发布编号提交过的稿件。")
}

// settleUnknown looks for the article of every post that has an unanswered submission, because an event came that none
// of our records knows: its answer was lost, or the event overtook the answer.
func (n *Newsroom) settleUnknown(ctx context.Context, st PublishStatus) error {
	candidates, err := n.Shelf.Posts(ctx, Query{States: []State{Publishing, OutcomeUnknown, Failed, Scheduled, AwaitingPerson}})
	if err != nil {
		return err
	}
	for _, p := range candidates {
		if !p.Publication.unsure(StepSubmit) {
			continue
		}
		after, err := n.adopt(ctx, p)
		if err != nil {
			return err
		}
		if after.Publication.sameArticle(st) {
			return nil
		}
	}
	return fault.New(fault.NotFound, "没有以这个发布编号提交过的稿件。")
}

// adopt makes the post published if its article is found on the platform.
func (n *Newsroom) adopt(ctx context.Context, p Post) (Post, error) {
	found, there, err := n.findPublished(ctx, p)
	if err != nil || !there {
		return p, err
	}
	return n.Shelf.UpdatePost(ctx, p.ID, func(q *Post) error { return n.apply(q, found) })
}
