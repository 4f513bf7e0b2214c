package posts

import (
	"context"
	"slices"
	"time"

	"shoushan/fault"
)

// Discarded is a draft in the account's draft box that this system made and will not publish any more: the post was
// withdrawn, changed, or taken out of the plan. It is deleted there, so that nobody publishes it by mistake.
type Discarded struct {
	MediaID string    `json:"media_id"`
	NextTry time.Time `json:"next_try"`
	Tries   int       `json:"tries,omitempty"`   // that did not succeed
	Failure string    `json:"failure,omitempty"` // a Chinese sentence: why the last one did not
}

// The pauses between two tries to delete a draft.
const (
	discardPause    = time.Minute // after the first try; it doubles
	discardMaxPause = time.Hour
)

// discardDraft lets go of the platform's draft and leaves it to be deleted. One that may have been submitted is left alone
// until an accepted submission must have taken it out of the draft box: what is published then is not there to be deleted.
func (p *Post) discardDraft(now time.Time) {
	pub := &p.Publication
	if pub.MediaID != "" {
		first := now
		if pub.submittedDraft() {
			first = pub.submittedDraftAt().Add(p.settleAfter())
		}
		pub.leave(pub.MediaID, first)
	}
	pub.MediaID, pub.CoverMediaID, pub.CoverURL, pub.DraftHash = "", "", "", ""
}

// leave notes a draft that is to be deleted from the instant on.
func (p *Publication) leave(mediaID string, from time.Time) {
	p.Discarded = append(slices.Clone(p.Discarded), Discarded{MediaID: mediaID, NextTry: from})
}

// submittedDraftAt is when the present draft was last submitted.
func (p Publication) submittedDraftAt() (at time.Time) {
	for _, s := range p.Steps {
		if irreversible(s.Name) && s.Ref == p.MediaID && s.maySubmit() {
			at = s.Begun
		}
	}
	return at
}

// discardUnneeded lets go of a draft after an act that leaves no use for it. Taken out of the plan, or published in another
// way, a post has no use for a draft either, unless that may be the one that went out.
func (p *Post) discardUnneeded(do Action, now time.Time) {
	pub := p.Publication
	switch {
	case do == Withdraw, do == Join, pub.DraftHash != p.draftHash():
	case (do == Unschedule || do == Complete || do == RecordPublished) && !pub.submittedDraft():
	default:
		return
	}
	if pub.MediaID != "" {
		p.discardDraft(now)
	}
}

// DiscardAt is when the next discarded draft is to be deleted; the zero time when there is none.
func (p Publication) DiscardAt() (at time.Time) {
	for _, d := range p.Discarded {
		if at.IsZero() || d.NextTry.Before(at) {
			at = d.NextTry
		}
	}
	return at
}

// discarding is the deletion that is due now; nil when none is.
func (n *Newsroom) discarding(p Post) mover {
	if at := p.Publication.DiscardAt(); at.IsZero() || at.After(n.now()) {
		return nil
	}
	return n.deleteDraft
}

// deleteDraft deletes the discarded draft that is due first. A failure is kept in the record and tried again later; it never
// stands in anybody's way. Doing it twice does no harm: a draft that is gone is deleted.
func (n *Newsroom) deleteDraft(ctx context.Context, p Post) (Post, bool, error) {
	i := slices.IndexFunc(p.Publication.Discarded, func(d Discarded) bool { return d.NextTry.Equal(p.Publication.DiscardAt()) })
	mediaID := p.Publication.Discarded[i].MediaID
	failed := n.Platform.DeleteDraft(ctx, mediaID)
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), bookkeeping)
	defer cancel()
	after, err := n.Shelf.UpdatePost(ctx, p.ID, func(q *Post) error {
		left := slices.Clone(q.Publication.Discarded)
		i := slices.IndexFunc(left, func(d Discarded) bool { return d.MediaID == mediaID })
		switch {
		case i < 0:
			return errMoved
		case failed == nil:
			left = slices.Delete(left, i, i+1)
		default:
			left[i] = left[i].again(n.now(), fault.Message(failed))
		}
		q.Publication.Discarded = left
		return nil
	})
	return after, true, err
}

// again is the draft after a try that did not succeed.
func (d Discarded) again(now time.Time, why string) Discarded {
	pause := min(discardPause<<min(d.Tries, 10), discardMaxPause)
	return Discarded{d.MediaID, now.Add(pause), d.Tries + 1, why}
}
