// Package scheduler does what happens by the clock, and the background work.
//
// cron says when, the queue says who and once, the record says whether. Every minute a tick looks which jobs have a slot
// that has not been run yet and puts one task per job and slot into the queue; the task's id is job + slot, so any number
// of replicas run it once, and a slot missed while nobody was up is caught up at the next tick. Tasks hold an id, never a
// copy of a record, and are idempotent.
//
// It guards the periods of 政府信息公开条例 articles 30, 33 and 49 by running the deadline and report jobs in time; the
// rules themselves live in disclosure and report.
//
//	s, err := scheduler.New(scheduler.Config{Redis: store, Jobs: jobs, Work: work, …})
//	err = s.Run(ctx) // until ctx ends
package scheduler
