package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"shoushan/bot"
	"shoushan/console"
	"shoushan/disclosure"
	"shoushan/fault"
	"shoushan/handlers"
	"shoushan/scheduler"
	"shoushan/staff"
)

// chat is what stands between citizens and the people of the office: the ledgers of the account, of consents, of those
// who have to be phoned and of talks. To the console it is the account, its talks, calls and answers.
type chat struct {
	house    *house
	notifier *bot.Notifier
	talkBook *handlers.Talks
	replies  *handlers.Answers
	wording  *handlers.Wordings
	pictures *handlers.Pictures
}

var (
	_ console.Account    = chat{}
	_ console.Talks      = chat{}
	_ console.Contacts   = chat{}
	_ console.Calls      = chat{}
	_ console.Answers    = chat{}
	_ handlers.Reminders = chat{}
)

// newChat wires the ledgers for a house that has its client.
func newChat(h *house) chat {
	c, now := h.config, h.clock.Now
	ways := bot.Channels{
		Sender: h.client, Consents: &bot.Consents{Papers: h.store.Kept("consents"), Now: now},
		OneTimeTemplate: c.WeChatOneTimeTemplate, Page: c.PublicURL + handlers.ProgressPath,
	}
	if c.WeChatAccountKind == "service" {
		ways.Template, ways.Field = c.WeChatSubscribeTemplate, c.WeChatSubscribeField
	}
	return chat{
		house: h,
		notifier: &bot.Notifier{
			Sender: h.client, Windows: h.store.Windows(), Outbox: h.store.Outbox(), Channels: ways,
			Calls: &bot.Calls{Papers: h.store.Kept("calls"), Now: now}, Now: now, Log: h.log,
		},
		talkBook: &handlers.Talks{Papers: h.store.Kept("talks"), Now: now},
		replies:  &handlers.Answers{Memo: h.store},
		wording:  &handlers.Wordings{Memo: h.store, Now: now},
		pictures: &handlers.Pictures{
			Papers: h.store.Kept("pictures"), Opening: h.opening, Media: h.client, Files: h.store, Filed: h.store, Now: now,
			Enqueue: func(ctx context.Context, kind, id string) error { return h.scheduler.Enqueue(ctx, kind, id) },
		},
	}
}

// serve gives the citizens' side what it needs of the chat.
func (c chat) serve(citizen *handlers.Citizen) {
	citizen.Talks, citizen.Answers, citizen.Pictures, citizen.Wordings = c.talkBook, c.replies, c.pictures, c.wording
	if c.house.config.WeChatOneTimeTemplate != "" && c.house.config.PublicURL != "" {
		citizen.Reminders = c
	}
}

// Link implements handlers.Reminders.
func (c chat) Link(ctx context.Context, openID string) (string, error) {
	scene, secret, err := c.notifier.Channels.Consents.Offer(ctx, openID)
	if err != nil {
		return "", err
	}
	cfg := c.house.config
	return c.house.client.ConsentPage(cfg.WeChatOneTimeTemplate, scene, cfg.PublicURL+handlers.RemindPath, secret)
}

// Answer implements handlers.Reminders.
func (c chat) Answer(ctx context.Context, openID, secret string, agreed bool) error {
	return c.notifier.Channels.Consents.Answer(ctx, openID, secret, agreed)
}

// Forget implements handlers.Reminders.
func (c chat) Forget(ctx context.Context, openID string) error {
	return c.notifier.Channels.Consents.Forget(ctx, openID)
}

// healthPatience is how long the platform may take to answer while a page waits.
const healthPatience = 8 * time.Second

// Health implements console.Account.
func (c chat) Health(ctx context.Context) (console.AccountHealth, error) {
	ctx, cancel := context.WithTimeout(ctx, healthPatience)
	defer cancel()
	h, err := c.house.client.Health(ctx, c.house.gauge)
	out := console.AccountHealth{Checked: h.Checked}
	for _, f := range h.Findings {
		out.Findings = append(out.Findings, console.AccountFinding{Name: f.Name, Condition: string(f.Condition), Says: f.Says, Do: f.Do})
	}
	for _, q := range h.Quotas {
		out.Quotas = append(out.Quotas, console.AccountQuota{Name: q.Name, Ours: q.Ours, Used: q.Used, Limit: q.Limit, Left: q.Left, Note: q.Note})
	}
	return out, err
}

// Alerts implements console.Account.
func (c chat) Alerts(ctx context.Context) ([]console.AccountAlert, error) {
	list, err := c.house.gauge.Alerts(ctx)
	var out []console.AccountAlert
	for _, a := range list {
		out = append(out, console.AccountAlert{Name: a.Name, Says: a.Says, Do: a.Do, Since: a.Since})
	}
	return out, err
}

// healthJob looks after the account every hour; trouble shows as a failed job on the home page of the administrator.
func (c chat) healthJob() scheduler.Job {
	return scheduler.Job{
		Name: "account_health", Title: "公众号状态检查", Schedule: "7 * * * *",
		Body: func(ctx context.Context, _ time.Time) (string, error) {
			h, err := c.Health(ctx)
			if err != nil {
				return "", err
			}
			var bad []string
			for _, f := range h.Findings {
				if f.Condition == string(bot.Bad) {
					bad = append(bad, f.Name+"："+f.Says+f.Do)
				}
			}
			if len(bad) > 0 {
				return "", fault.New(fault.Unavailable, strings.Join(bad, "；"))
			}
			return "公众号可以正常使用。", nil
		},
	}
}

// upkeepJob keeps the account in step every day, as the start does.
func (c chat) upkeepJob() scheduler.Job {
	return scheduler.Job{
		Name: "account_upkeep", Title: "公众号菜单和推送地址核对", Schedule: "40 4 * * *",
		Body: func(ctx context.Context, _ time.Time) (string, error) { return c.upkeep(ctx) },
	}
}

// upkeep sets the menu when the account has a different one, and asks from where the platform pushes.
func (c chat) upkeep(ctx context.Context) (said string, err error) {
	changed, menuErr := c.house.client.EnsureMenu(ctx, menu(handlers.Menu()))
	n, originsErr := c.house.gauge.RefreshOrigins(ctx, c.house.client)
	if err := errors.Join(menuErr, originsErr); err != nil {
		return "", err
	}
	said = fmt.Sprintf("菜单与设置一致；微信推送用的服务器地址 %d 个。", n)
	if changed {
		said = "菜单与设置不同，已重新设置，粉丝一天内看到；" + said[len("菜单与设置一致；"):]
	}
	return said, nil
}

// keepGauge writes what the gauge has seen every minute, and once more at the end.
func (h *house) keepGauge(ctx context.Context) {
	ticker := time.NewTicker(time.Minute)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			h.flushGauge(ctx)
		case <-ctx.Done():
			last, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
			defer cancel()
			h.flushGauge(last)
			return
		}
	}
}

func (h *house) flushGauge(ctx context.Context) {
	if err := h.gauge.Flush(ctx); err != nil {
		h.log.Warn("the account's gauge was not written", "err", err)
	}
}

// Talks implements console.Talks.
func (c chat) Talks(ctx context.Context) ([]console.Talk, error) {
	all, err := c.talkBook.Talks(ctx)
	var out []console.Talk
	for _, t := range all {
		heading, err := c.shown(ctx, t)
		if err != nil {
			return nil, err
		}
		out = append(out, heading)
	}
	return out, err
}

// Talk implements console.Talks.
func (c chat) Talk(ctx context.Context, id string) (console.Talk, error) {
	t, err := c.talkBook.Talk(ctx, id)
	if err != nil {
		return console.Talk{}, err
	}
	return c.shown(ctx, t)
}

// shown is a talk as the console has it.
func (c chat) shown(ctx context.Context, t handlers.Talk) (out console.Talk, err error) {
	out = console.Talk{ID: t.ID, OpenID: t.OpenID, Last: t.Last, Waiting: t.Waiting}
	if t.HandedOver(c.house.clock.Now()) {
		out.Silent = t.Until
	}
	for _, l := range t.Lines {
		out.Lines = append(out.Lines, console.TalkLine{At: l.At, By: l.By, Text: l.Text, Guess: l.Guess, How: l.How, Filed: l.Filed})
	}
	out.Requests, err = c.requestsOf(ctx, t.OpenID)
	return out, err
}

// Contact implements console.Contacts.
func (c chat) Contact(ctx context.Context, openID string) (out console.Contact, err error) {
	if out.Left, out.Until, err = c.house.store.Windows().Left(ctx, openID, c.house.clock.Now()); err != nil {
		return out, err
	}
	waiting, err := c.house.store.Outbox().Waiting(ctx, openID)
	if err != nil {
		return out, err
	}
	out.Queued = len(waiting)
	t, err := c.talkBook.With(ctx, openID)
	if err != nil || t.ID == "" {
		return out, err
	}
	out.Talk, err = c.shown(ctx, t)
	return out, err
}

// File implements console.Contacts.
func (c chat) File(ctx context.Context, _ staff.Member, talk, request string) error {
	t, err := c.talkBook.Talk(ctx, talk)
	if err != nil {
		return err
	}
	return c.talkBook.Filed(ctx, t.OpenID, request)
}

func (c chat) requestsOf(ctx context.Context, openID string) (ids []string, err error) {
	own, err := c.house.store.Requests(ctx, disclosure.Query{OpenID: openID})
	for _, r := range own {
		ids = append(ids, r.ID)
	}
	return ids, err
}

// Reply implements console.Talks.
func (c chat) Reply(ctx context.Context, by staff.Member, id, text string) (how string, err error) {
	t, err := c.talkBook.Talk(ctx, id)
	if err != nil {
		return "", err
	}
	if how, err = c.notifier.Notify(ctx, t.OpenID, "【工作人员答复】"+text); err != nil {
		return "", err
	}
	return how, c.talkBook.Answered(ctx, t.OpenID, by.Name, text, how)
}

// Settle implements console.Talks.
func (c chat) Settle(ctx context.Context, _ staff.Member, id string) error {
	t, err := c.talkBook.Talk(ctx, id)
	if err != nil {
		return err
	}
	return c.talkBook.Settled(ctx, t.OpenID)
}

// Calls implements console.Calls.
func (c chat) Calls(ctx context.Context) ([]console.Call, error) {
	rows, err := c.notifier.Calls.Rows(ctx)
	if err != nil {
		return nil, err
	}
	var out []console.Call
	for _, r := range rows {
		ids, err := c.requestsOf(ctx, r.OpenID)
		if err != nil {
			return nil, err
		}
		out = append(out, console.Call{ID: r.ID, Since: r.Since, Texts: r.Texts, Why: r.Why, Requests: ids})
	}
	return out, nil
}

// CallDone implements console.Calls. The call is noted in the cases that the undelivered texts name.
func (c chat) CallDone(ctx context.Context, by staff.Member, id string) error {
	row, err := c.notifier.Calls.Done(ctx, id)
	if err != nil {
		return err
	}
	ids, err := c.requestsOf(ctx, row.OpenID)
	errs := []error{err}
	for _, id := range ids {
		if slices.ContainsFunc(row.Texts, func(t string) bool { return strings.Contains(t, id) }) {
			_, err := c.house.desk.AddNote(ctx, by, id, "微信没有送达，已打电话告知申请人：\n"+strings.Join(row.Texts, "\n"))
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// Answers implements console.Answers.
func (c chat) Answers(ctx context.Context) ([]console.Answer, error) {
	list, err := c.replies.List(ctx)
	var out []console.Answer
	for _, a := range list {
		out = append(out, console.Answer(a))
	}
	return out, err
}

// AddAnswer implements console.Answers.
func (c chat) AddAnswer(ctx context.Context, by staff.Member, a console.Answer) error {
	c.house.log.Info("a keyword answer is added", "by", by.ID)
	return c.replies.Add(ctx, handlers.Answer(a))
}

// RemoveAnswer implements console.Answers.
func (c chat) RemoveAnswer(ctx context.Context, by staff.Member, word string) error {
	c.house.log.Info("a keyword answer is removed", "by", by.ID)
	return c.replies.Remove(ctx, word)
}

// Wording implements console.Answers.
func (c chat) Wording(ctx context.Context) (console.Wording, error) {
	w, err := c.wording.Current(ctx)
	own := c.ownWording(w)
	return console.Wording{
		Welcome: cmp.Or(w.Welcome, own.Welcome), Help: cmp.Or(w.Help, own.Help), Hours: cmp.Or(w.Hours, c.house.organ.Hours), By: w.By, At: w.At,
	}, err
}

// SaveWording implements console.Answers.
func (c chat) SaveWording(ctx context.Context, by staff.Member, w console.Wording) error {
	before, err := c.wording.Current(ctx)
	if err != nil {
		return err
	}
	own := c.ownWording(before)
	own.Hours = c.house.organ.Hours
	c.house.log.Info("what the bot says is changed", "by", by.ID)
	return c.wording.Save(ctx, own, handlers.Wording{Welcome: w.Welcome, Help: w.Help, Hours: w.Hours, By: by.Name})
}

// ownWording is the bot's own wording with the office hours that it names now.
func (c chat) ownWording(w handlers.Wording) handlers.Wording {
	o := c.house.organ
	o.Hours = cmp.Or(w.Hours, o.Hours)
	return handlers.Own(o)
}

// hours are the office hours that staff have entered, "" for the organ's own.
func (c chat) hours(ctx context.Context) string {
	w, err := c.wording.Current(ctx)
	if err != nil {
		c.house.log.Warn("staff's wording could not be read", "err", err)
	}
	return w.Hours
}
