package posts

import (
	"context"
	"time"
)

// ahead is how long before its time a post's pictures and draft are put on the platform, so that nothing but the
// submission is left for its minute.
const ahead = 10 * time.Minute

// preparation is what a scheduled post still needs on the platform before its time; nil when nothing, or when somebody is
// at it. What an earlier attempt may have submitted is left alone.
func (n *Newsroom) preparation(p Post) mover {
	now, last := n.now(), p.Publication.last()
	switch {
	case p.DueAt.Sub(now) > ahead, p.Publication.Doubt, p.Content.Hash() != p.ApprovedHash:
		return nil
	case last.running() && last.Name != "" && (irreversible(last.Name) || now.Sub(last.Begun) < lease):
		return nil
	}
	name := p.unprepared()
	if name == "" {
		return nil
	}
	return func(ctx context.Context, p Post) (Post, bool, error) { return n.take(ctx, p, name) }
}

// unprepared names the step before the submission that the record lacks; "" when the draft lies ready.
func (p Post) unprepared() string {
	p.discardOldDraft(time.Time{})
	switch {
	case p.Publication.MediaID != "":
		return ""
	case len(missingPictures(p)) > 0:
		return StepImages
	case len(missingCovers(p)) > 0:
		return StepCover
	default:
		return StepDraft
	}
}

// discardOldDraft lets go of a draft that holds another content than the post now has.
func (p *Post) discardOldDraft(now time.Time) {
	if pub := p.Publication; pub.DraftHash != "" && pub.DraftHash != p.draftHash() {
		p.discardDraft(now)
	}
}
