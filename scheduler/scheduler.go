package scheduler

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/hibiken/asynq"
	"github.com/robfig/cron/v3"

	"shoushan/fault"
	"shoushan/workday"
)

// Redis opens connections for the queue; each call is a new client, which the queue closes.
type Redis interface {
	MakeRedisClient() any
}

// Work does one piece of background work for the record with the id. Returning AgainError asks to be called once more later;
// any other error is retried with growing pauses.
type Work func(ctx context.Context, id string) error

// AgainError is returned by Work that is not finished for a good reason, such as a platform that is still publishing.
type AgainError struct{ After time.Duration }

// Error describes the wish to be called again.
func (a AgainError) Error() string { return fmt.Sprintf("scheduler: again after %v", a.After) }

// Config is what a Scheduler needs.
type Config struct {
	Redis   Redis
	Queue   string // the account's name; replicas of one account share it
	Jobs    []Job
	Work    map[string]Work // by kind
	History History
	Now     func() time.Time
	Log     *slog.Logger
}

// Scheduler runs jobs and background work. Create it with New.
type Scheduler struct {
	Config
	timetables map[string]timetable
	client     *asynq.Client
	inspector  *asynq.Inspector
}

const (
	jobTask   = "job"
	workTask  = "work"
	retention = 48 * time.Hour  // how long a finished slot keeps replicas from running it again
	timeLimit = 5 * time.Minute // for one job or one piece of work
	maxRetry  = 8
	// workers is how many pieces of work one process does at once. They wait for the platform most of the time, and what is
	// due in one minute should be submitted in its first two seconds.
	workers = 16
)

// New checks the jobs' schedules and connects to the queue.
func New(cfg Config) (*Scheduler, error) {
	s := &Scheduler{Config: cfg, timetables: map[string]timetable{}}
	for _, job := range cfg.Jobs {
		tt, err := parseTimetable(job.Schedule)
		if err != nil {
			return nil, err
		}
		if _, twice := s.timetables[job.Name]; twice {
			return nil, fmt.Errorf("scheduler: two jobs are named %q", job.Name)
		}
		s.timetables[job.Name] = tt
	}
	s.client = asynq.NewClient(cfg.Redis)
	s.inspector = asynq.NewInspector(cfg.Redis)
	return s, nil
}

// Run ticks and works until ctx ends, then lets running work finish.
func (s *Scheduler) Run(ctx context.Context) error {
	server := asynq.NewServer(s.Redis, s.serverConfig(ctx))
	mux := asynq.NewServeMux()
	mux.HandleFunc(jobTask, s.runJob)
	mux.HandleFunc(workTask, s.runWork)
	if err := server.Start(mux); err != nil {
		return fmt.Errorf("scheduler: start the queue: %w", err)
	}
	ticker := cron.New(cron.WithLocation(workday.Beijing),
		cron.WithChain(cron.Recover(cronLog{s.Log}), cron.SkipIfStillRunning(cronLog{s.Log})))
	if _, err := ticker.AddFunc("* * * * *", func() { s.tickOrLog(ctx) }); err != nil {
		return fmt.Errorf("scheduler: add the tick: %w", err)
	}
	s.tickOrLog(ctx) // what was missed while nobody was up
	ticker.Start()
	<-ctx.Done()
	<-ticker.Stop().Done()
	server.Shutdown()
	return errors.Join(s.client.Close(), s.inspector.Close())
}

func (s *Scheduler) serverConfig(ctx context.Context) asynq.Config {
	return asynq.Config{
		Concurrency:              workers,
		Queues:                   map[string]int{s.Queue: 1},
		BaseContext:              func() context.Context { return context.WithoutCancel(ctx) },
		TaskCheckInterval:        200 * time.Millisecond,
		DelayedTaskCheckInterval: time.Second,
		RetryDelayFunc:           retryDelay,
		IsFailure:                func(err error) bool { return !isAgain(err) },
		ShutdownTimeout:          10 * time.Second,
		Logger:                   queueLog{s.Log},
		LogLevel:                 asynq.WarnLevel,
	}
}

func retryDelay(n int, err error, t *asynq.Task) time.Duration {
	if again, ok := errors.AsType[AgainError](err); ok {
		return again.After
	}
	return asynq.DefaultRetryDelayFunc(n, err, t)
}

func isAgain(err error) bool { _, ok := errors.AsType[AgainError](err); return ok }

func (s *Scheduler) tickOrLog(ctx context.Context) {
	if err := s.Tick(ctx); err != nil && ctx.Err() == nil {
		s.Log.Error("tick failed", "err", err)
	}
}

// Tick enqueues every job that has a slot which was not run yet. It is called each minute, and may be called at any time,
// for instance after the clock was moved.
func (s *Scheduler) Tick(ctx context.Context) error {
	now := s.Now()
	var errs []error
	for _, job := range s.Jobs {
		last, err := s.History.LastRun(ctx, job.Name)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		since := last.Slot
		if since.IsZero() || since.After(now) {
			since = now.Add(-time.Minute) // it never ran, or the clock was set back: nothing was missed
		}
		if slot, due := s.timetables[job.Name].due(since, now); due {
			errs = append(errs, s.enqueueJob(ctx, job.Name, slot))
		}
	}
	return errors.Join(errs...)
}

// slotPayload names a job and the minute it is for.
type slotPayload struct {
	Job  string    `json:"job"`
	Slot time.Time `json:"slot"`
}

func (s *Scheduler) enqueueJob(ctx context.Context, name string, slot time.Time) error {
	payload, err := json.Marshal(slotPayload{name, slot.UTC()})
	if err != nil {
		return fmt.Errorf("scheduler: encode slot of %s: %w", name, err)
	}
	id := "job:" + name + ":" + slot.UTC().Format(time.RFC3339)
	_, err = s.client.EnqueueContext(ctx, asynq.NewTask(jobTask, payload),
		asynq.TaskID(id), asynq.Queue(s.Queue), asynq.MaxRetry(maxRetry), asynq.Timeout(timeLimit), asynq.Retention(retention))
	if err != nil && !errors.Is(err, asynq.ErrTaskIDConflict) {
		return fmt.Errorf("scheduler: enqueue %s: %w", id, err)
	}
	return nil
}

// Enqueue asks for background work on a record. While the same work on the same record is waiting or running it does
// nothing; after it was given up (dead letter) it starts afresh.
func (s *Scheduler) Enqueue(ctx context.Context, kind, id string) error {
	if s.Work[kind] == nil {
		return fmt.Errorf("scheduler: no work of kind %q", kind)
	}
	payload, err := json.Marshal(workPayload{kind, id})
	if err != nil {
		return fmt.Errorf("scheduler: encode work %s %s: %w", kind, id, err)
	}
	taskID := "work:" + kind + ":" + id
	enqueue := func() error {
		_, err := s.client.EnqueueContext(ctx, asynq.NewTask(workTask, payload),
			asynq.TaskID(taskID), asynq.Queue(s.Queue), asynq.MaxRetry(maxRetry), asynq.Timeout(timeLimit))
		return err
	}
	err = enqueue()
	if errors.Is(err, asynq.ErrTaskIDConflict) && s.buried(taskID) {
		err = enqueue()
	}
	if err != nil && !errors.Is(err, asynq.ErrTaskIDConflict) {
		return fmt.Errorf("scheduler: enqueue %s: %w", taskID, err)
	}
	return nil
}

// buried removes a dead letter that would keep its id from being used again, and reports whether there was one.
func (s *Scheduler) buried(taskID string) bool {
	info, err := s.inspector.GetTaskInfo(s.Queue, taskID)
	if err != nil || info.State != asynq.TaskStateArchived {
		return false
	}
	return s.inspector.DeleteTask(s.Queue, taskID) == nil
}

// Ask puts one run of the job into the queue, whatever its schedule, and does not wait for it.
func (s *Scheduler) Ask(ctx context.Context, name string) error {
	if _, known := s.timetables[name]; !known {
		return unknownJob(name)
	}
	return s.enqueueJob(ctx, name, s.Now().Truncate(time.Second))
}

func unknownJob(name string) error {
	return fault.Newf(fault.NotFound, "没有名为“%s”的定时任务。", name)
}

// RunNow runs a job at once, whatever its schedule, and waits for it.
func (s *Scheduler) RunNow(ctx context.Context, name string) (Run, error) {
	return s.execute(ctx, name, s.Now().Truncate(time.Second))
}

// Status returns each job with its last and next run.
func (s *Scheduler) Status(ctx context.Context) ([]Status, error) {
	var out []Status
	for _, job := range s.Jobs {
		last, err := s.History.LastRun(ctx, job.Name)
		if err != nil {
			return nil, err
		}
		out = append(out, Status{Job: job, Last: last, Next: s.timetables[job.Name].next(s.Now())})
	}
	return out, nil
}

func (s *Scheduler) runJob(ctx context.Context, t *asynq.Task) error {
	var p slotPayload
	if err := json.Unmarshal(t.Payload(), &p); err != nil {
		return fmt.Errorf("scheduler: decode slot: %w: %w", err, asynq.SkipRetry)
	}
	_, err := s.execute(ctx, p.Job, p.Slot)
	return err
}

func (s *Scheduler) execute(ctx context.Context, name string, slot time.Time) (Run, error) {
	for _, job := range s.Jobs {
		if job.Name != name {
			continue
		}
		run := Run{Job: name, Slot: slot, Started: s.Now()}
		result, err := job.Body(ctx, run.Started)
		run.Ended, run.Result = s.Now(), result
		if err != nil {
			run.Failure = fault.Message(err)
			s.Log.Error("job failed", "job", name, "slot", slot, "err", err)
		}
		return run, errors.Join(err, s.History.SaveRun(ctx, run))
	}
	return Run{}, unknownJob(name)
}

// workPayload names a kind of work and the record.
type workPayload struct {
	Kind string `json:"kind"`
	ID   string `json:"id"`
}

func (s *Scheduler) runWork(ctx context.Context, t *asynq.Task) error {
	var p workPayload
	if err := json.Unmarshal(t.Payload(), &p); err != nil {
		return fmt.Errorf("scheduler: decode work: %w: %w", err, asynq.SkipRetry)
	}
	work := s.Work[p.Kind]
	if work == nil {
		return fmt.Errorf("scheduler: no work of kind %q: %w", p.Kind, asynq.SkipRetry)
	}
	err := work(ctx, p.ID)
	if err != nil && !isAgain(err) {
		s.Log.Error("work failed", "kind", p.Kind, "id", p.ID, "err", err)
	}
	return err
}
