package handlers

import (
	"context"
	"errors"
	"fmt"

	"shoushan/bot"
	"shoushan/disclosure"
	"shoushan/fault"
	"shoushan/staff"
)

// supplementPicture takes a picture for the supplement that is being written; ok is false when it is for something else.
func (c *Citizen) supplementPicture(ctx context.Context, m bot.Message, d *draft) (reply bot.Reply, ok bool, err error) {
	if m.Type != bot.ImageMessage || c.Pictures == nil || d != nil && !d.Paused {
		return bot.Reply{}, false, nil
	}
	s, err := c.loadSupplement(ctx, m.From)
	if err != nil || s == nil {
		return bot.Reply{}, false, err
	}
	n, err := c.Pictures.add(ctx, supplementKey(m.From), m.MediaID, disclosure.SupplementMaterial)
	if err != nil {
		return bot.Reply{}, true, err
	}
	next := "请把所需信息重新写完整发给我。"
	if s.Text != "" {
		next = "确认提交请回复“确认”。"
	}
	return say(fmt.Sprintf("图片收到了，会和补正一起提交（第 %d 张，加密保存，只有经办人员能看）。不想附图片了，回复“删除图片”。\n\n%s", n, next)), true, nil
}

// attachSupplement puts the pictures into the case before the supplement itself, so that a failure loses neither; one that is
// there already, from an attempt before, stays.
func (c *Citizen) attachSupplement(ctx context.Context, openID, id string) error {
	if c.Pictures == nil {
		return nil
	}
	list, lost, err := c.Pictures.attachments(ctx, supplementKey(openID))
	switch {
	case err != nil:
		return err
	case lost > 0:
		return lostPictures(lost)
	}
	for _, a := range list {
		if _, err := c.Desk.Attach(ctx, staff.Citizen, id, a); err != nil && !fault.Is(err, fault.Conflict) {
			return err
		}
	}
	return nil
}

// supplementDone deletes what was kept for a supplement that is over, handed in or put off.
func (c *Citizen) supplementDone(ctx context.Context, openID string) error {
	err := c.Drafts.Delete(ctx, supplementKey(openID))
	if c.Pictures != nil {
		err = errors.Join(err, c.Pictures.Forget(ctx, supplementKey(openID)))
	}
	return err
}
