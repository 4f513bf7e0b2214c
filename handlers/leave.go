package handlers

import (
	"context"
	"errors"
)

// left deletes, at once, what was kept only for the conversation with a citizen who has unfollowed: unfinished applications
// and answers, pictures for them, talks, and consents to be told. What was filed stays, with what is owed about it
// (docs/decisions/0005-unsubscribe.md). One deletion that fails does not keep the others from being done.
func (c *Citizen) left(ctx context.Context, openID string) error {
	errs := []error{c.Drafts.Delete(ctx, openID), c.Drafts.Delete(ctx, supplementKey(openID)), c.Drafts.Delete(ctx, easyKey(openID))}
	if c.Talks != nil {
		errs = append(errs, c.Talks.Forget(ctx, openID))
	}
	if c.Reminders != nil {
		errs = append(errs, c.Reminders.Forget(ctx, openID))
	}
	if c.Pictures != nil {
		errs = append(errs, c.Pictures.Forget(ctx, openID), c.Pictures.Forget(ctx, supplementKey(openID)))
	}
	return errors.Join(errs...)
}

// discarded deletes an application that is over, filed or given up, with the pictures that were sent for it.
func (c *Citizen) discarded(ctx context.Context, openID string) error {
	err := c.Drafts.Delete(ctx, openID)
	if c.Pictures != nil {
		err = errors.Join(err, c.Pictures.Forget(ctx, openID))
	}
	return err
}
