package posts

import (
	"context"
	"slices"

	"shoushan/fault"
	"shoushan/staff"
)

// pollMass asks what became of an accepted mass send. The event says more; when it came first, it is used.
func (n *Newsroom) pollMass(ctx context.Context, p Post) (Post, bool, error) {
	msgID := p.Publication.MsgID
	if o, came := n.earlyEvent(ctx, msgID); came {
		return n.updateMass(ctx, p, func(q *Post) error { return n.applyMass(q, o) })
	}
	if err := n.massOffered(); err != nil {
		return p, false, err
	}
	st, err := n.Mass.MassStatus(ctx, msgID)
	switch {
	case err != nil && verdictOn(StepPoll, err) == later:
		return p, false, fault.Wrap(fault.Unavailable, err, "暂时查不到群发结果，稍后再查。")
	case err != nil:
		return n.updateMass(ctx, p, func(q *Post) error {
			q.Publication.MsgID, q.Publication.CheckedAt = "", n.now()
			return n.lose(q)
		})
	case st == MassSending && !n.massStands(p):
		return p, false, nil
	}
	return n.updateMass(ctx, p, func(q *Post) error { return n.applyMassState(q, st) })
}

// massStands reports whether a mass send that is still under way has to be shown in another state than it is.
func (n *Newsroom) massStands(p Post) bool {
	age := n.now().Sub(p.Publication.SubmittedAt)
	switch p.State {
	case Publishing:
		return age >= adminPatience
	case AwaitingAdmin:
		return age >= adminLimit
	default:
		return true // unknown: note that it was looked into
	}
}

func (n *Newsroom) updateMass(ctx context.Context, p Post, change func(*Post) error) (Post, bool, error) {
	after, err := n.Shelf.UpdatePost(ctx, p.ID, func(q *Post) error {
		if q.Publication.MsgID != p.Publication.MsgID || q.State != p.State {
			return errMoved
		}
		return change(q)
	})
	return after, false, err
}

// applyMassState writes the platform's short word into the record.
func (n *Newsroom) applyMassState(p *Post, st MassState) error {
	switch st {
	case MassSent:
		return n.applyMass(p, MassOutcome{MsgID: p.Publication.MsgID, Sent: true})
	case MassFailed:
		return n.applyMass(p, MassOutcome{MsgID: p.Publication.MsgID, Reason: noReason})
	case MassDeleted:
		return n.removed(p, PublishStatus{State: PublishRemoved, Reason: "群发后，文章在公众号后台被删除，不再计数。", URL: p.Publication.URL})
	case MassSending:
	}
	p.Publication.CheckedAt = n.now()
	switch p.State {
	case Publishing:
		return n.askAdmin(p)
	case AwaitingAdmin:
		return n.lose(p)
	default:
		return nil
	}
}

const noReason = "群发没有成功，平台没有说明原因。请到微信公众平台后台查看。"

func (n *Newsroom) askAdmin(p *Post) error {
	if err := p.move(AskAdmin); err != nil {
		return err
	}
	p.Publication.Failure = "平台已接受群发，但还没有开始。可能在等公众号管理员在手机上确认，三十分钟内没有确认就不会发出。"
	n.record(p, staff.System, AskAdmin, p.Publication.Failure)
	return nil
}

// applyMass writes the end of a mass send into the record. The platform's word wins over ours; what comes a second time,
// or by poll before the event, only adds what was missing.
func (n *Newsroom) applyMass(p *Post, o MassOutcome) error {
	pub := &p.Publication
	pub.judge(o.Verdict, n.now(), o.Items...)
	if o.Reach != (Reach{}) {
		pub.Reach = &o.Reach
	}
	switch {
	case o.Sent && p.Can(Complete):
		st := PublishStatus{State: PublishDone, At: o.At, ArticleID: pub.ArticleID}
		if len(o.URLs) > 0 {
			st.URL = o.URLs[0]
		}
		if st.At.IsZero() && p.State == AwaitingAdmin {
			st.At = n.now()
		}
		pub.URLs = o.URLs
		return n.complete(p, st)
	case o.Sent && pub.URL == "" && len(o.URLs) > 0:
		pub.URL, pub.URLs = o.URLs[0], o.URLs
	case !o.Sent && p.State == Failed && pub.Failure == noReason:
		pub.Failure = orElse(o.Reason, noReason)
	case !o.Sent && p.Can(Fail) && p.State != Scheduled:
		pub.MassSerial++ // the job is over: the next send is another one
		return n.fail(p, orElse(o.Reason, noReason))
	}
	return nil
}

// HandleMassEvent takes the platform's event on a mass send. NotFound means that no post here was sent under that
// number: it was sent in Tencent's own back end, or the event overtook the answer; it is kept as a sighting.
func (n *Newsroom) HandleMassEvent(ctx context.Context, o MassOutcome) error {
	p, err := n.byMassSend(ctx, o.MsgID)
	if fault.Is(err, fault.NotFound) {
		if noted := n.noteMass(ctx, o); noted != nil {
			return noted // so that the platform tells again
		}
		return err
	}
	if err != nil {
		return err
	}
	_, err = n.Shelf.UpdatePost(ctx, p.ID, func(q *Post) error {
		if q.Publication.MsgID != o.MsgID && q.State != OutcomeUnknown && q.State != Failed {
			return nil // about an earlier attempt
		}
		return n.applyMass(q, o)
	})
	return err
}

// byMassSend finds the post that was sent under the number; posts still in motion first, they are few.
func (n *Newsroom) byMassSend(ctx context.Context, msgID string) (Post, error) {
	for _, states := range [][]State{{Publishing, AwaitingAdmin, OutcomeUnknown, Failed, Scheduled, AwaitingPerson}, {Published}} {
		some, err := n.Shelf.Posts(ctx, Query{States: states})
		if err != nil {
			return Post{}, err
		}
		if i := slices.IndexFunc(some, func(p Post) bool { return p.Publication.answered(StepMass, msgID) }); i >= 0 {
			return some[i], nil
		}
	}
	return Post{}, fault.New(fault.NotFound, "没有以这个编号群发过的稿件。")
}
