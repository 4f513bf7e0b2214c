package console

import (
	"net/http"
	"slices"
	"strconv"
	"time"

	"shoushan/posts"
	"shoushan/staff"
	"shoushan/workday"
)

// queuePage is everything on its way to the readers.
type queuePage struct {
	frame
	Trouble, Running, Waiting, Tray []queueRow
	Mass                            posts.MassMeter
	MayMass, MayAct                 bool
	Beat                            time.Time // when the clock last looked for what is due
	Silent                          bool      // it has not looked for some minutes
}

type queueRow struct {
	slot
	Say string // 还有 2 小时
	Act bool
}

// Used is how many mass sends today's quota has lost.
func (p queuePage) Used() int { return len(p.Mass.Sent) + p.Mass.Outside }

// Any reports whether there is anything on its way.
func (p queuePage) Any() bool {
	return len(p.Trouble)+len(p.Running)+len(p.Waiting)+len(p.Tray) > 0
}

// heartbeat is how long the clock may be silent before the page says so.
const heartbeat = 3 * time.Minute

func (c *Console) queue(v *visit) error {
	p := &queuePage{frame: frame{Title: "发布队列", Here: "/posts/queue"}, MayAct: v.who.May(staff.PublishPosts), MayMass: v.who.May(staff.MassSend)}
	names, err := c.memberNames(v)
	if err != nil {
		return err
	}
	found, err := c.cfg.Posts.Posts(v.ctx(), posts.Query{States: []posts.State{
		posts.Approved, posts.Scheduled, posts.Publishing, posts.AwaitingAdmin, posts.Failed, posts.OutcomeUnknown, posts.AwaitingPerson,
	}})
	if err != nil {
		return err
	}
	for _, post := range found {
		row := queueRow{slot: slotOf(post, names, v.who), Act: p.MayAct}
		switch post.State {
		case posts.Scheduled:
			row.Say = until(post.DueAt.Sub(v.now))
			p.Waiting = append(p.Waiting, row)
		case posts.Publishing, posts.AwaitingAdmin:
			p.Running = append(p.Running, row)
		case posts.Approved:
			p.Tray = append(p.Tray, row)
		default:
			row.Say = post.Publication.Failure
			p.Trouble = append(p.Trouble, row)
		}
	}
	for _, rows := range [][]queueRow{p.Waiting, p.Running, p.Trouble, p.Tray} {
		slices.SortStableFunc(rows, func(a, b queueRow) int { return a.At.Compare(b.At) })
	}
	if p.Mass, err = c.cfg.Newsroom.MassMeter(v.ctx(), workday.Of(v.now)); err != nil {
		return err
	}
	if p.Beat, err = c.lastSweep(v); err != nil {
		return err
	}
	p.Silent = !p.Beat.IsZero() && v.now.Sub(p.Beat) > heartbeat
	return c.show(v, http.StatusOK, "queue", p)
}

// sweepJob is the name of the job that publishes what is due.
const sweepJob = "due_posts"

// lastSweep is when the clock last looked for what is due; zero where no clock runs.
func (c *Console) lastSweep(v *visit) (time.Time, error) {
	if c.cfg.Jobs == nil {
		return time.Time{}, nil
	}
	jobs, err := c.cfg.Jobs.Jobs(v.ctx())
	for _, j := range jobs {
		if j.Name == sweepJob {
			return j.LastRun, err
		}
	}
	return time.Time{}, err
}

// until says how long it is to a time.
func until(d time.Duration) string {
	switch {
	case d < time.Minute:
		return "马上"
	case d < time.Hour:
		return "还有 " + strconv.Itoa(int(d/time.Minute)) + " 分钟"
	case d < 48*time.Hour:
		return "还有 " + strconv.Itoa(int(d/time.Hour)) + " 小时"
	default:
		return "还有 " + strconv.Itoa(int(d/(24*time.Hour))) + " 天"
	}
}
