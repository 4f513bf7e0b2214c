package posts

import (
	"context"
	"errors"
	"slices"

	"shoushan/fault"
)

// finish records how a step ended, even when the caller has gone in the meantime.
func (n *Newsroom) finish(ctx context.Context, p Post, i int, apply result, failed error) (Post, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), bookkeeping)
	defer cancel()
	return n.Shelf.UpdatePost(ctx, p.ID, func(q *Post) error {
		steps := slices.Clone(q.Publication.Steps)
		step := &steps[i]
		q.Publication.Steps = steps
		step.Ended = n.now()
		if failed == nil {
			step.Outcome = ok
			return apply(q)
		}
		if apply != nil {
			if err := apply(q); err != nil {
				return err
			}
		}
		return n.endBadly(q, step, failed)
	})
}

// endBadly decides what a failed step means for the post.
func (n *Newsroom) endBadly(p *Post, step *Step, failed error) error {
	verdict := verdictOn(step.Name, failed)
	step.Outcome = fault.Message(failed)
	switch {
	case verdict == lost:
		step.Outcome = unanswered
		return n.lose(p)
	case verdict == refused && p.Can(Fail):
		return n.fail(p, fault.Message(failed))
	}
	return nil
}

// verdict is what an error of a step means.
type verdict int

const (
	later   verdict = iota // try again
	refused                // the platform said no, or the content cannot be published
	lost                   // nobody knows whether the platform acted
)

// verdictOn classifies an error. For the irreversible step whatever is not a clear answer counts as lost.
func verdictOn(step string, err error) verdict {
	_, noAnswer := errors.AsType[*UnansweredError](err)
	switch kind := fault.KindOf(err); {
	case irreversible(step) && (noAnswer || kind == fault.Internal):
		return lost
	case noAnswer || kind == fault.Internal || kind == fault.Unavailable:
		return later
	default:
		return refused
	}
}
