package console

import (
	"context"
	"net/http"
	"time"

	"shoushan/posts"
	"shoushan/staff"
	"shoushan/workday"
)

// Account is the Official Account as the console needs it.
type Account interface {
	// Health asks the platform how the account is. A platform that does not answer is a finding, not an error.
	Health(ctx context.Context) (AccountHealth, error)
	// Alerts tells, without asking the platform, what stops the account until a person acts.
	Alerts(ctx context.Context) ([]AccountAlert, error)
}

// AccountAlert is a finding that cannot wait.
type AccountAlert struct {
	Name, Says, Do string
	Since          time.Time
}

// accountTasks are the alerts, before those who can see to them.
func (c *Console) accountTasks(v *visit) ([]task, error) {
	if c.cfg.Account == nil {
		return nil, nil
	}
	alerts, err := c.cfg.Account.Alerts(v.ctx())
	var tasks []task
	for _, a := range alerts {
		tasks = append(tasks, task{What: "公众号出了问题：" + a.Name, About: a.Says + a.Do, Path: "/platform", Since: a.Since, Late: true})
	}
	return tasks, err
}

// AccountHealth is how the Official Account is.
type AccountHealth struct {
	Checked  time.Time
	Findings []AccountFinding
	Quotas   []AccountQuota
}

// AccountFinding is one line of it: what is so, and what to do.
type AccountFinding struct {
	Name      string
	Condition string // good, attention, bad or unknown
	Says, Do  string
}

var conditions = map[string]shade{
	"good": {"正常", "green"}, "attention": {"请留意", "amber"}, "bad": {"有问题", "red"}, "unknown": {"不清楚", ""},
}

type shade struct{ Text, Colour string }

// Shade is the condition as the page shows it.
func (f AccountFinding) Shade() shade { return conditions[f.Condition] }

// AccountQuota is one call's quota today: our own count beside the platform's.
type AccountQuota struct {
	Name                    string
	Ours, Used, Limit, Left int
	Note                    string
}

type platformPage struct {
	frame
	Absent bool
	Health AccountHealth
	Mass   posts.MassMeter
	Month  int // of the meter
}

// platform shows the account's health, its quotas and the mass sends of the day.
func (c *Console) platform(v *visit) error {
	today := workday.Of(v.now)
	p := &platformPage{frame: frame{Title: "公众号状态", Here: "/platform"}, Absent: c.cfg.Account == nil, Month: int(today.Month())}
	if p.Absent {
		return c.show(v, http.StatusOK, "platform", p)
	}
	var err error
	if p.Health, err = c.cfg.Account.Health(v.ctx()); err != nil {
		return err
	}
	if p.Mass, err = c.cfg.Newsroom.MassMeter(v.ctx(), today); err != nil {
		return err
	}
	return c.show(v, http.StatusOK, "platform", p)
}

// accountPages are the addresses around the Official Account and those who write to it.
func accountPages(c *Console) []route {
	answering := []staff.Right{staff.HandleRequests, staff.ManageSettings}
	return []route{
		{pattern: "GET /platform", menu: place{officialAccount, "公众号状态"}, rights: []staff.Right{staff.ManageSettings, staff.PublishPosts}, serve: c.platform},
		{pattern: "GET /talks", menu: place{requestsAndLetters, "群众留言"}, rights: handling, serve: c.talks},
		{pattern: "GET /talks/{id}", rights: handling, serve: c.talk},
		{pattern: "POST /talks/{id}/reply", rights: handling, serve: c.replyTalk},
		{pattern: "POST /talks/{id}/accept", rights: handling, serve: c.acceptTalk},
		{pattern: "POST /talks/{id}/settle", rights: handling, serve: c.settleTalk},
		{pattern: "GET /calls", menu: place{requestsAndLetters, "需要打电话"}, rights: handling, serve: c.calls},
		{pattern: "POST /calls/{id}/done", rights: handling, serve: c.callDone},
		{pattern: "GET /answers", menu: place{officialAccount, "自动回复"}, rights: answering, serve: c.answers},
		{pattern: "POST /answers", rights: answering, serve: c.addAnswer},
		{pattern: "POST /answers/wording", rights: answering, serve: c.saveWording},
		{pattern: "POST /answers/remove", rights: answering, serve: c.removeAnswer},
	}
}
