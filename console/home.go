package console

import (
	"fmt"
	"net/http"
	"slices"
	"time"

	"shoushan/posts"
	"shoushan/staff"
)

// task is one thing that waits for a person.
type task struct {
	What, About, Path string
	Since             time.Time
	Age               string // 等了 3 天
	Clock             string // 还剩 2 个工作日
	Due, Target       string // the statutory day and the desk's own; "" where no clock runs
	Late              bool
}

// taskGroup is one kind of waiting things.
type taskGroup struct {
	Title string
	Tasks []task
}

type homePage struct {
	frame
	Groups []taskGroup
	Count  int
	Reset  string // who reset the password lately
}

// home lists every unattended thing that this member can do something about; an empty page means nothing is waiting.
func (c *Console) home(v *visit) error {
	p := &homePage{Reset: resetLately(v.who, v.now), frame: frame{Title: "等待处理的事", Here: "/"}}
	for _, source := range []func(*visit) (taskGroup, error){c.requestTasks, c.citizenTasks, c.proactiveTasks, c.concernTasks, c.postTasks, c.silenceTasks, c.reportTasks, c.houseTasks} {
		g, err := source(v)
		if err != nil {
			return err
		}
		if len(g.Tasks) == 0 {
			continue
		}
		for i := range g.Tasks {
			g.Tasks[i].Age = age(g.Tasks[i].Since, v.now)
		}
		slices.SortStableFunc(g.Tasks, func(a, b task) int { return compareTasks(a, b) })
		p.Count += len(g.Tasks)
		p.Groups = append(p.Groups, g)
	}
	return c.show(v, http.StatusOK, "home", p)
}

// compareTasks puts what is late first, then what waits longest.
func compareTasks(a, b task) int {
	if a.Late != b.Late {
		if a.Late {
			return -1
		}
		return 1
	}
	return a.Since.Compare(b.Since)
}

func (c *Console) postTasks(v *visit) (taskGroup, error) {
	g := taskGroup{Title: "稿件"}
	if !(route{rights: newsroom}).allows(v.who) {
		return g, nil
	}
	open, err := c.cfg.Posts.Posts(v.ctx(), posts.Query{States: []posts.State{
		posts.Draft, posts.InReview, posts.Approved, posts.Failed, posts.OutcomeUnknown, posts.AwaitingPerson, posts.AwaitingAdmin,
	}})
	if err != nil {
		return g, err
	}
	for _, p := range open {
		if what := postTask(p, v.who); what != "" {
			g.Tasks = append(g.Tasks, task{What: what, About: p.Content.Title, Path: "/posts/" + p.ID, Since: p.UpdatedAt,
				Late: slices.Contains(troubled, p.State)})
		}
	}
	stuck, err := c.stuckDrafts(v)
	g.Tasks = append(g.Tasks, stuck...)
	return g, err
}

// stuckTries is how often the deletion of a draft has to fail, over an hour, before a person is told.
const stuckTries = 6

// stuckDrafts are the posts whose discarded draft still lies in the account's draft box, where somebody could publish it.
func (c *Console) stuckDrafts(v *visit) (tasks []task, err error) {
	if !v.who.May(staff.PublishPosts) {
		return nil, nil
	}
	found, err := c.cfg.Posts.Posts(v.ctx(), posts.Query{DiscardBefore: v.now.Add(24 * time.Hour)})
	for _, p := range found {
		if slices.ContainsFunc(p.Publication.Discarded, func(d posts.Discarded) bool { return d.Tries >= stuckTries }) {
			tasks = append(tasks, task{What: "作废的草稿还在公众号草稿箱里", About: p.Content.Title, Path: "/posts/" + p.ID, Since: p.UpdatedAt})
		}
	}
	return tasks, err
}

// postTask says what this member has to do about a post, or "".
func postTask(p posts.Post, who staff.Member) string {
	switch p.State {
	case posts.Draft:
		switch {
		case p.AuthorID == who.ID && returned(p):
			return "退回修改"
		case p.AuthorID == who.ID && remarked(p):
			return "有新的批注"
		}
	case posts.InReview:
		if mayReview(p, who) {
			return "等待" + p.NextRound().Chinese()
		}
	case posts.Approved:
		if who.May(staff.PublishPosts) {
			return "已审定，等待安排发布"
		}
	case posts.AwaitingAdmin:
		if who.May(staff.PublishPosts) {
			return "等公众号管理员在手机上确认"
		}
	case posts.Failed, posts.OutcomeUnknown, posts.AwaitingPerson:
		if who.May(staff.PublishPosts) || p.AuthorID == who.ID {
			return p.State.Chinese() + "，要人处理"
		}
	default: // moves by itself, or is done
	}
	return ""
}

// returned reports whether the last thing that happened to a draft was that a reviewer sent it back.
func returned(p posts.Post) bool {
	return len(p.Reviews) > 0 && !p.Reviews[len(p.Reviews)-1].Approved
}

// remarked reports whether the last word on a post is somebody else's comment.
func remarked(p posts.Post) bool {
	n := len(p.Trail)
	return n > 0 && p.Trail[n-1].Action == string(posts.Remark) && p.Trail[n-1].ActorID != p.AuthorID
}

// houseTasks are the things that an administrator must see to: failed jobs and a calendar that ends too soon.
func (c *Console) houseTasks(v *visit) (taskGroup, error) {
	g := taskGroup{Title: "系统"}
	if !v.who.May(staff.ManageSettings) {
		return g, nil
	}
	if t, due, err := c.calendarTask(v); err != nil {
		return g, err
	} else if due {
		g.Tasks = append(g.Tasks, t)
	}
	if n := graveLines(c.cfg.Organ); n > 0 {
		g.Tasks = append(g.Tasks, task{What: "机关概况要改正", About: fmt.Sprintf("%d 项没有填或者还是示例，会印到文书和回执上", n), Path: "/organ", Late: true})
	}
	alerts, err := c.accountTasks(v)
	if err != nil {
		return g, err
	}
	g.Tasks = append(g.Tasks, alerts...)
	if c.cfg.Jobs != nil {
		jobs, err := c.cfg.Jobs.Jobs(v.ctx())
		if err != nil {
			return g, err
		}
		for _, j := range jobs {
			if j.Failure != "" {
				g.Tasks = append(g.Tasks, task{What: "定时任务失败：" + j.Title, About: j.Failure, Path: "/jobs", Since: j.LastRun, Late: true})
			}
		}
	}
	return g, nil
}
