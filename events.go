package main

import (
	"context"

	"shoushan/bot"
	"shoushan/fault"
	"shoushan/posts"
	"shoushan/scheduler"
)

// platformEvents handles what the platform tells about our own jobs, and leaves the rest to next.
func (h *house) platformEvents(next bot.Handler) bot.Handler {
	return func(ctx context.Context, m bot.Message) (bot.Reply, error) {
		if id, status, ok := bot.PublishEvent(m); ok {
			return bot.Reply{}, h.outside(h.newsroom.HandlePublishEvent(ctx, id, status), "publish_id", id)
		}
		if result, ok := bot.MassEvent(m); ok {
			return bot.Reply{}, h.outside(h.newsroom.HandleMassEvent(ctx, result.Outcome(m.CreatedAt)), "msg_id", result.MsgID)
		}
		return next(ctx, m)
	}
}

// outside lets pass that no post belongs to an event: it was published by hand in Tencent's back end, and the newsroom
// keeps what it saw of it.
func (h *house) outside(err error, key, id string) error {
	if fault.Is(err, fault.NotFound) {
		h.log.Warn("an article was published outside this system", key, id)
		return nil
	}
	return err
}

// massLimit is how often the account may mass-send.
func (c Config) massLimit() posts.MassLimit {
	if c.WeChatAccountKind == "service" {
		return posts.MassLimit{PerDay: 1, PerMonth: 4}
	}
	return posts.MassLimit{PerDay: 1}
}

// wake has a post taken further at once; when the queue does not take it, the sweep finds it within a minute.
func (h *house) wake(ctx context.Context, id string) {
	if err := h.scheduler.Enqueue(ctx, scheduler.AdvancePostWork, id); err != nil {
		h.log.Warn("a post waits for the sweep", "err", err)
	}
}
