package posts

import (
	"context"
	"time"

	"shoushan/fault"
	"shoushan/staff"
	"shoushan/workday"
)

// MoveTo puts a post that has a time on another Beijing day, at the same time of day and by the same method. What the
// time of day makes past on that day is Invalid. It needs the rights of Schedule.
func (n *Newsroom) MoveTo(ctx context.Context, by staff.Member, id string, day workday.Date) (Post, error) {
	p, err := n.Shelf.Post(ctx, id)
	if err != nil {
		return Post{}, err
	}
	if p.DueAt.IsZero() {
		return Post{}, fault.New(fault.Conflict, "这篇稿件还没有定时，请先选择发布时间。")
	}
	at := p.DueAt.In(workday.Beijing)
	moved := day.At(at.Hour(), at.Minute()).Add(time.Duration(at.Second()) * time.Second)
	if !moved.After(n.now()) {
		return Post{}, fault.Newf(fault.Invalid, "%s %s 已经过去，请换一天，或者打开稿件另选时间。", day.Chinese(), at.Format("15:04"))
	}
	return n.Schedule(ctx, by, id, moved, p.Method)
}

// SendNow makes a post due at once by the method that is chosen now, whatever was chosen before; the clock takes it from
// there within seconds. It needs the rights of Schedule; choice counts for a mass send only, as in ScheduleMass.
func (n *Newsroom) SendNow(ctx context.Context, by staff.Member, id string, m Method, choice MassChoice) (Post, error) {
	if err := n.mayPublish(by, m); err != nil {
		return Post{}, err
	}
	if m == MassSend {
		var err error
		if choice, err = n.toAudience(ctx, by, choice); err != nil {
			return Post{}, err
		}
	}
	p, err := n.arrange(ctx, by, id, PublishNow, n.now(), m, &choice)
	if err == nil && n.Wake != nil {
		n.Wake(ctx, id)
	}
	return p, err
}
