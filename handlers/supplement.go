package handlers

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"shoushan/bot"
	"shoushan/disclosure"
	"shoushan/staff"
)

// supplement is an answer to a notice of 补正 that is being written (条例第三十条). Only the description is asked again.
type supplement struct {
	Version   int       `json:"version"`
	ID        string    `json:"id"`             // of the request
	Text      string    `json:"text,omitempty"` // the new description, which waits for 确认
	TouchedAt time.Time `json:"touched_at"`

	mark string // of the stored bytes that this was read from
}

// supplementKey is where a citizen's supplement is kept beside the draft of an application.
func supplementKey(openID string) string { return openID + "/supplement" }

// loadSupplement returns what the citizen is writing, or nil.
func (c *Citizen) loadSupplement(ctx context.Context, openID string) (*supplement, error) {
	data, mark, err := c.Drafts.Load(ctx, supplementKey(openID))
	if err != nil || len(data) == 0 {
		return nil, err
	}
	s := supplement{mark: mark}
	if json.Unmarshal(data, &s) != nil || s.Version != draftVersion || !c.Now().Before(s.TouchedAt.Add(DraftTTL)) {
		return nil, c.Drafts.Delete(ctx, supplementKey(openID))
	}
	return &s, nil
}

func (c *Citizen) saveSupplement(ctx context.Context, openID string, s supplement) error {
	s.Version, s.TouchedAt = draftVersion, c.Now().UTC()
	_, err := c.keep(ctx, supplementKey(openID), s, s.mark)
	return err
}

// startSupplement opens the answer to a notice; an application that is open (d, may be nil) waits meanwhile.
func (c *Citizen) startSupplement(ctx context.Context, openID, id string, d *draft) (bot.Reply, error) {
	list, err := c.Requests.Requests(ctx, disclosure.Query{OpenID: openID, Open: true})
	if err != nil {
		return bot.Reply{}, err
	}
	var waiting []disclosure.Request
	for _, r := range list {
		if r.State == disclosure.AwaitingSupplement && r.Supplement != nil && (id == "" || id == r.ID) {
			waiting = append(waiting, r)
		}
	}
	switch len(waiting) {
	case 0:
		return say("您现在没有需要补正的申请。要看申请办到哪一步，请回复“查进度”。"), nil
	case 1:
		return c.openSupplement(ctx, openID, waiting[0], d)
	}
	var ids []string
	for _, r := range waiting {
		ids = append(ids, "补正 "+r.ID+"（"+shorten(r.Filing.Personal.Description, 20)+"）")
	}
	return say("您有几件申请需要补正，请回复其中一行前面的话，例如：补正 " + waiting[0].ID + "\n" + strings.Join(ids, "\n")), nil
}

func (c *Citizen) openSupplement(ctx context.Context, openID string, r disclosure.Request, d *draft) (bot.Reply, error) {
	if d != nil && !d.Paused {
		d.Paused = true
		if err := c.save(ctx, openID, d); err != nil {
			return bot.Reply{}, err
		}
	}
	begun, err := c.loadSupplement(ctx, openID)
	if err != nil {
		return bot.Reply{}, err
	}
	fresh := supplement{ID: r.ID}
	if begun != nil {
		fresh.mark = begun.mark
	}
	if err := c.saveSupplement(ctx, openID, fresh); err != nil {
		return bot.Reply{}, err
	}
	return say(c.askSupplement(r)), nil
}

// itemsBytes leaves room for the rest of the question.
const itemsBytes = 1200

// askSupplement tells what is unclear and asks for the whole description anew.
func (c *Citizen) askSupplement(r disclosure.Request) string {
	photos := ""
	if c.Pictures != nil {
		photos = "有材料的，可以拍照发到这里，和补正一起提交。"
	}
	var items []string
	for i, item := range r.Supplement.Items {
		items = append(items, fmt.Sprintf("%d. %s", i+1, shorten(item, 120)))
	}
	return paragraphs(
		"申请 "+r.ID+" 需要补正（"+r.Supplement.Until.Chinese()+"以前）：\n"+fit(strings.Join(items, "\n"), itemsBytes),
		"您原来写的是：“"+shorten(r.Filing.Personal.Description, 120)+"”",
		"请把所需信息重新写完整发给我，一段话就行，其他内容不用再填。"+photos+"先不补正请回复“取消”。",
	)
}

// inSupplement gives a text to the open supplement; ok is false when the text is for something else.
func (c *Citizen) inSupplement(ctx context.Context, openID, text string) (reply bot.Reply, ok bool, err error) {
	s, err := c.loadSupplement(ctx, openID)
	if err != nil || s == nil || entryNamed(text) != "" || said(text, resumeWords) || find(emergencies, text) != "" {
		return bot.Reply{}, false, err
	}
	r, found, err := c.own(ctx, openID, s.ID)
	if err != nil {
		return bot.Reply{}, false, err
	}
	if !found || r.State != disclosure.AwaitingSupplement {
		return c.supplementOver(ctx, openID, r)
	}
	reply, err = c.writeSupplement(ctx, openID, *s, r, text)
	return reply, true, err
}

// supplementOver ends the dialogue about a request that no longer waits for a supplement: it got through without an
// answer, or staff have acted.
func (c *Citizen) supplementOver(ctx context.Context, openID string, r disclosure.Request) (bot.Reply, bool, error) {
	if err := c.supplementDone(ctx, openID); err != nil {
		return bot.Reply{}, true, err
	}
	if r.Supplement == nil || r.Supplement.ReceivedOn.IsZero() {
		return say("申请 " + r.ID + " 现在不需要补正了。回复编号可以看办理情况。"), true, nil
	}
	reply, err := c.supplementReceived(ctx, r)
	return reply, true, err
}

func (c *Citizen) writeSupplement(ctx context.Context, openID string, s supplement, r disclosure.Request, text string) (bot.Reply, error) {
	away := c.Now().Sub(s.TouchedAt) > idle
	switch {
	case said(text, cancelWords), said(text, pauseWords):
		return say("好的，先不补正。请在" + r.Supplement.Until.Chinese() + "以前补正，随时回复“补正”就能再来；逾期没有正当理由的，视为放弃申请（条例第三十条）。"),
			c.supplementDone(ctx, openID)
	case c.Pictures != nil && said(text, dropPictures):
		return say(paragraphs("好的，图片都不附了。", c.askSupplement(r))), c.Pictures.Forget(ctx, supplementKey(openID))
	case s.Text != "" && (said(text, confirmWords) || said(text, asIsWords)):
		return c.fileSupplement(ctx, openID, s)
	case away, said(text, chatterWords), said(text, confirmWords):
		return say(c.askSupplement(r)), c.saveSupplement(ctx, openID, supplement{ID: s.ID, mark: s.mark})
	case petition.MatchString(text) && find(doors, text) != "":
		return say(paragraphs("投诉、举报请走这里：\n"+find(doors, text), c.askSupplement(r))), nil
	}
	d := draft{}
	if problem := acceptDescription(&d, text); problem != "" {
		return say(problem), nil
	}
	s.Text = d.Filing.Personal.Description
	if err := c.saveSupplement(ctx, openID, s); err != nil {
		return bot.Reply{}, err
	}
	return say(paragraphs("补正以后，所需信息写成：\n“"+shorten(s.Text, 300)+"”", "确认提交请回复“确认”；要改请直接重写一遍；先不补正请回复“取消”。")), nil
}

// fileSupplement hands the supplement in. A failure keeps what was written.
func (c *Citizen) fileSupplement(ctx context.Context, openID string, s supplement) (bot.Reply, error) {
	if err := c.attachSupplement(ctx, openID, s.ID); err != nil {
		return bot.Reply{}, c.notFiled(err)
	}
	r, err := c.Desk.ReceiveSupplement(ctx, staff.Citizen, s.ID, disclosure.SupplementAnswer{Description: s.Text})
	if err != nil {
		return bot.Reply{}, c.notFiled(err)
	}
	_ = c.supplementDone(ctx, openID) // supplementOver finds a left-over one
	return c.supplementReceived(ctx, r)
}

func (c *Citizen) supplementReceived(ctx context.Context, r disclosure.Request) (bot.Reply, error) {
	cal, err := c.Calendar(ctx)
	if err != nil {
		return bot.Reply{}, err
	}
	return say(paragraphs(
		"补正已收到。",
		lines("申请编号："+r.ID, "收到补正日期："+r.Supplement.ReceivedOn.Chinese(), c.dueLine(r, cal)),
		"答复期限从收到补正的第二天起重新计算 20 个工作日（条例第三十条）。回复“查进度”随时可以查看。",
	)), nil
}
