package main

import (
	"context"

	"shoushan/bot"
	"shoushan/console"
	"shoushan/fault"
	"shoushan/handlers"
	"shoushan/scheduler"
	"shoushan/storage"
)

// history keeps the last run of each job as a setting of the store.
type history struct{ store *storage.Store }

// LastRun returns the last run, or the zero Run when the job never ran.
func (h history) LastRun(ctx context.Context, job string) (scheduler.Run, error) {
	var run scheduler.Run
	err := h.store.Setting(ctx, "run:"+job, &run)
	if fault.Is(err, fault.NotFound) {
		return scheduler.Run{}, nil
	}
	return run, err
}

// SaveRun stores the run as the job's last one.
func (h history) SaveRun(ctx context.Context, r scheduler.Run) error {
	return h.store.SaveSetting(ctx, "run:"+r.Job, r)
}

// jobBoard shows the scheduler's jobs to the console.
type jobBoard struct{ scheduler *scheduler.Scheduler }

// Jobs lists all jobs with their last and next run.
func (b jobBoard) Jobs(ctx context.Context) ([]console.Job, error) {
	all, err := b.scheduler.Status(ctx)
	if err != nil {
		return nil, err
	}
	var out []console.Job
	for _, s := range all {
		out = append(out, console.Job{
			Name: s.Job.Name, Title: s.Job.Title, Schedule: s.Job.Schedule, LastRun: s.Last.Ended, NextRun: s.Next,
			Result: s.Last.Result, Failure: s.Last.Failure,
		})
	}
	return out, nil
}

// RunNow asks for one run of the job soon.
func (b jobBoard) RunNow(ctx context.Context, name string) error { return b.scheduler.Ask(ctx, name) }

// menu is the citizens' menu in the bot's words.
func menu(buttons []handlers.Button) bot.Menu {
	var out bot.Menu
	for _, b := range buttons {
		button := bot.Button{Name: b.Name, Key: b.Key, Sub: menu(b.Sub)}
		if b.Key != "" {
			button.Type = "click"
		}
		out = append(out, button)
	}
	return out
}
