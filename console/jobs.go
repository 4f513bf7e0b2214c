package console

import (
	"context"
	"net/http"
	"time"

	"shoushan/fault"
)

// Job is one thing that happens by the clock, as staff see it.
type Job struct {
	Name     string // stable, lower case
	Title    string // what staff read: 到点发布
	Schedule string // in words or cron fields
	LastRun  time.Time
	NextRun  time.Time
	Result   string // what the last run said
	Failure  string // a sentence; empty when it went well
}

// Jobs is the clock as the console needs it.
type Jobs interface {
	// Jobs lists all jobs in a fixed order.
	Jobs(ctx context.Context) ([]Job, error)
	// RunNow asks for one run of the job soon; it does not wait for it. An unknown name is a NotFound fault.
	RunNow(ctx context.Context, name string) error
}

type jobsPage struct {
	frame
	Jobs    []Job
	Stopped bool
}

func (c *Console) jobs(v *visit) error {
	p := &jobsPage{frame: frame{Title: "定时任务", Here: "/jobs"}, Stopped: c.cfg.Jobs == nil}
	if c.cfg.Jobs != nil {
		var err error
		if p.Jobs, err = c.cfg.Jobs.Jobs(v.ctx()); err != nil {
			return err
		}
	}
	return c.show(v, http.StatusOK, "jobs", p)
}

func (c *Console) runJob(v *visit) error {
	if c.cfg.Jobs == nil {
		return fault.New(fault.Unavailable, "这个程序没有启动定时任务。")
	}
	if err := c.cfg.Jobs.RunNow(v.ctx(), v.r.PathValue("name")); err != nil {
		return err
	}
	return c.redirect(v, "/jobs", "已经安排立即运行，几秒后刷新本页看结果。")
}
