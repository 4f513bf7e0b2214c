package posts

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"slices"
	"strconv"
	"time"

	"shoushan/fault"
	"shoushan/staff"
	"shoushan/workday"
)

// MassPlatform is what mass sending (群发) needs of the account, besides Platform.
type MassPlatform interface {
	// MassSend pushes a draft to followers. It is irreversible and never retried by the implementer; an error for which
	// UnansweredError is in the chain leaves the outcome unknown. An order whose ClientMsgID the platform has had within
	// 24 hours is not carried out again: it returns the msgID of the first (45065), without msgDataID.
	MassSend(ctx context.Context, o MassOrder) (msgID, msgDataID string, err error)
	// MassStatus asks what became of a mass send (message/mass/get).
	MassStatus(ctx context.Context, msgID string) (MassState, error)
	// PreviewTo shows a draft to one WeChat user by the WeChat name (towxname), and to nobody else.
	PreviewTo(ctx context.Context, mediaID, wechatName string) error
	// FollowerTags lists the tags of followers with how many carry each (tags/get), in the platform's order.
	FollowerTags(ctx context.Context) ([]FollowerTag, error)
}

// MassOrder is one mass send.
type MassOrder struct {
	MediaID       string
	TagID         int    // of the followers' tag; 0 means all followers
	ClientMsgID   string // at most 32 characters; the same for every repeat of one send
	IgnoreReprint bool   // send_ignore_reprint: go on although the platform judges it a reprint
}

// MassState is the platform's word on a mass send.
type MassState int

// The states of a mass send.
const (
	MassSending MassState = iota // also while the administrator has not confirmed it
	MassSent
	MassFailed
	MassDeleted
)

// MassOutcome is the end of a mass send (MASSSENDJOBFINISH).
type MassOutcome struct {
	MsgID   string        `json:"msg_id"`
	Sent    bool          `json:"sent"`
	Reason  string        `json:"reason,omitempty"` // a Chinese sentence when it was not sent
	URLs    []string      `json:"urls,omitempty"`   // of the articles in their order; may be empty
	Verdict VerdictKind   `json:"verdict,omitempty"`
	Items   []VerdictItem `json:"items,omitempty"`
	Reach   Reach         `json:"reach,omitzero"`
	At      time.Time     `json:"at,omitzero"`
}

// Reach is how many followers a mass send reached; the platform's counts are approximate.
type Reach struct {
	Total    int `json:"total"`
	Filtered int `json:"filtered"`
	Sent     int `json:"sent"`
	Errors   int `json:"errors"`
}

const (
	// massPause is how long a repeated mass send waits: within a minute the platform refuses it (45066).
	massPause = 65 * time.Second
	// adminPatience is how long an accepted mass send may stand still before it is shown as waiting for the administrator;
	// adminLimit is when waiting makes no sense any more: the administrator has 30 minutes.
	adminPatience = time.Minute
	adminLimit    = 2 * time.Hour
	// massSettleAfter is settleAfter for a mass send, whose draft lies there while the administrator is asked.
	massSettleAfter = 40 * time.Minute
	// clientMsgIDLength keeps below the platform's 64 bytes; 36 have been refused.
	clientMsgIDLength = 32
)

// clientMsgID is the same for every repeat of one send, also by another process or from a restored backup.
func clientMsgID(postID string, serial int) string {
	sum := sha256.Sum256([]byte("mass send|" + postID + "|" + strconv.Itoa(serial)))
	return hex.EncodeToString(sum[:])[:clientMsgIDLength]
}

// ScheduleMass schedules a mass send with its choices; see Schedule. A tag must be one that the platform has and that
// somebody carries.
func (n *Newsroom) ScheduleMass(ctx context.Context, by staff.Member, id string, at time.Time, choice MassChoice) (Post, error) {
	if !at.After(n.now()) {
		return Post{}, fault.New(fault.Invalid, "群发时间已经过去，请选择以后的时间。")
	}
	if err := n.mayPublish(by, MassSend); err != nil {
		return Post{}, err
	}
	choice, err := n.toAudience(ctx, by, choice)
	if err != nil {
		return Post{}, err
	}
	return n.arrange(ctx, by, id, Schedule, at, MassSend, &choice)
}

// sendMass makes the irreversible call of a mass send.
func (n *Newsroom) sendMass(ctx context.Context, p Post) (result, error) {
	if err := n.massOffered(); err != nil {
		return nil, err
	}
	pub := p.Publication
	msgID, msgDataID, err := n.Mass.MassSend(ctx, MassOrder{pub.MediaID, p.Mass.TagID, pub.ClientMsgID, p.Mass.IgnoreReprint})
	if err == nil && msgID == "" {
		err = &UnansweredError{Err: errors.New("posts: accepted without a message id")}
	}
	if err != nil {
		return nil, n.doubtful(ctx, p, err)
	}
	i := len(pub.Steps) - 1
	return func(q *Post) error {
		q.Publication.Steps[i].Answer = msgID
		return n.massAnswer(q, pub.Attempt, msgID, msgDataID)
	}, nil
}

// quotaLeft refuses, before the platform is asked, a send for which the records say that the quota is used up.
func (n *Newsroom) quotaLeft(ctx context.Context, p Post) error {
	m, err := n.meter(ctx, workday.Of(n.now()), p.ID)
	switch {
	case err != nil:
		return err
	case m.DayFull || m.MonthFull:
		return fault.New(fault.Conflict, "群发次数已经用完，没有提交。请改为“发布”，或者换一天再群发。")
	}
	return nil
}

func (n *Newsroom) massOffered() error {
	if n.Mass == nil {
		return fault.New(fault.Conflict, "本系统没有开通群发，请改为“发布”。")
	}
	return nil
}

func (n *Newsroom) massAnswer(p *Post, attempt int, msgID, msgDataID string) error {
	if p.Publication.Attempt != attempt {
		return nil
	}
	p.Publication.MsgID, p.Publication.MsgDataID = msgID, orElse(msgDataID, p.Publication.MsgDataID)
	return n.foundAnswer(p)
}

// mayRepeat reports whether the question of an unanswered mass send may be put by sending it again under the same
// clientmsgid: the platform carries it out once, and it is not too late to be carried out now.
func (n *Newsroom) mayRepeat(p Post) bool {
	pub := p.Publication
	return p.Method == MassSend && n.Mass != nil && pub.ClientMsgID != "" && pub.MediaID != "" && !n.late(p)
}

// repeatMass sends again under the same clientmsgid. Whatever is not an acceptance leaves the outcome unknown.
func (n *Newsroom) repeatMass(ctx context.Context, p Post) (Post, bool, error) {
	p, err := n.Shelf.UpdatePost(ctx, p.ID, func(q *Post) error {
		if q.State != OutcomeUnknown || n.now().Sub(q.Publication.CheckedAt) < q.settlePause(n.now()) {
			return errMoved
		}
		steps := slices.Clone(q.Publication.Steps)
		if last := len(steps) - 1; last >= 0 && steps[last].running() {
			steps[last].Ended, steps[last].Outcome = n.now(), unanswered
		}
		q.Publication.CheckedAt = n.now()
		q.Publication.Steps = append(steps, Step{Name: StepMass, Attempt: q.Publication.Attempt, Begun: n.now(), Ref: q.Publication.MediaID})
		return nil
	})
	if err != nil {
		return p, false, err
	}
	apply, failed := n.sendMass(ctx, p)
	if failed != nil {
		failed = &UnansweredError{Err: failed}
	}
	after, err := n.finish(ctx, p, len(p.Publication.Steps)-1, apply, failed)
	return after, err == nil && after.State == Publishing, err
}
