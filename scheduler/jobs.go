package scheduler

import (
	"context"
	"fmt"
	"strings"
	"time"

	"shoushan/disclosure"
	"shoushan/posts"
	"shoushan/workday"
)

// Newsroom is what publishing by the clock needs of posts.
type Newsroom interface {
	Due(ctx context.Context) ([]string, error)
	Advance(ctx context.Context, id string) (posts.Post, error)
}

// Requests lists requests.
type Requests interface {
	Requests(ctx context.Context, q disclosure.Query) ([]disclosure.Request, error)
}

// Calendar returns the working-day calendar with the notices entered so far.
type Calendar func(ctx context.Context) (workday.Calendar, error)

// AdvancePostWork is the kind of work that takes a post one step further.
const AdvancePostWork = "advance_post"

// DuePosts enqueues every minute whatever a post still needs: due now, in the middle of publishing, or outcome unknown.
// A crash between a write and its task heals itself here.
func DuePosts(n Newsroom, enqueue func(ctx context.Context, kind, id string) error) Job {
	return Job{
		Name: "due_posts", Title: "到点发布", Schedule: "* * * * *",
		Body: func(ctx context.Context, _ time.Time) (string, error) {
			ids, err := n.Due(ctx)
			if err != nil {
				return "", err
			}
			for _, id := range ids {
				if err := enqueue(ctx, AdvancePostWork, id); err != nil {
					return "", err
				}
			}
			if len(ids) == 0 {
				return "没有到点的稿件。", nil
			}
			return fmt.Sprintf("有 %d 篇稿件需要处理，已交给发布队列。", len(ids)), nil
		},
	}
}

// AdvancePost takes a post through its publishing steps and asks to come back while the platform is still at work. What a
// post lacks before its time is left to the next sweep: a retry with growing pauses would hold the post's place in the
// queue past its minute.
func AdvancePost(n Newsroom, now func() time.Time) Work {
	return func(ctx context.Context, id string) error {
		p, err := n.Advance(ctx, id)
		switch {
		case err != nil && p.State == posts.Scheduled:
			return nil
		case err != nil:
			return err
		}
		switch p.State {
		case posts.Publishing:
			return AgainError{pollPause(p.Publication.SubmittedAt, now())}
		case posts.AwaitingAdmin:
			return AgainError{adminPause}
		case posts.OutcomeUnknown:
			return AgainError{time.Minute}
		default:
			return nil
		}
	}
}

// adminPause is the time between two looks at a mass send that waits for the administrator's phone.
const adminPause = 20 * time.Second

// pollPause asks often while an answer is likely and seldom later: most drafts are out within seconds, a review by the
// platform's staff takes hours.
// What is not submitted yet is in another worker's hands and looked at again soon.
func pollPause(submitted, now time.Time) time.Duration {
	age := now.Sub(submitted)
	switch {
	case submitted.IsZero() || age < time.Minute:
		return 2 * time.Second
	case age < 10*time.Minute:
		return 20 * time.Second
	default:
		return 5 * time.Minute
	}
}

// Deadlines looks at every open request each workday morning and says how many are late or close to it: the ladder of
// 5, 3 and 1 working days, today and late (条例第三十三条).
func Deadlines(r Requests, calendar Calendar) Job {
	return Job{
		Name: "deadlines", Title: "办理期限检查", Schedule: "30 8 * * *",
		Body: func(ctx context.Context, now time.Time) (string, error) {
			cal, err := calendar(ctx)
			if err != nil {
				return "", err
			}
			open, err := r.Requests(ctx, disclosure.Query{Open: true})
			if err != nil {
				return "", err
			}
			return ladder(open, cal, now), nil
		},
	}
}

// rungs are the steps of the reminder ladder, in working days left.
var rungs = []struct {
	most int
	name string
}{{-1, "已超期"}, {0, "今天到期"}, {1, "剩 1 个工作日"}, {3, "剩 3 个工作日以内"}, {5, "剩 5 个工作日以内"}}

func ladder(open []disclosure.Request, cal workday.Calendar, now time.Time) string {
	counts := make([]int, len(rungs))
	for _, r := range open {
		if len(r.Clock) == 0 || r.Deadline(cal).Paused {
			continue
		}
		left := r.DaysLeft(cal, now)
		if r.Overdue(cal, now) {
			left = -1 // also on a weekend after the due date, when no working day has passed yet
		}
		for i, rung := range rungs {
			if left <= rung.most {
				counts[i]++
				break
			}
		}
	}
	var parts []string
	for i, rung := range rungs {
		if counts[i] > 0 {
			parts = append(parts, fmt.Sprintf("%s %d 件", rung.name, counts[i]))
		}
	}
	if len(parts) == 0 {
		return fmt.Sprintf("在办 %d 件，没有 5 个工作日内到期的。", len(open))
	}
	return fmt.Sprintf("在办 %d 件：%s。", len(open), strings.Join(parts, "，"))
}

// The days of silence at which the account's keepers are warned; regulators fault an account without an update within
// the 14 days before they look (国办秘函〔2019〕19号检查指标).
const (
	silenceWarning = 10
	silenceAlarm   = 13
	silenceLimit   = 14
)

// SilentAccount looks each morning how long ago the account last published. latest returns the instant of the latest
// publication on the account, or the zero time.
func SilentAccount(latest func(ctx context.Context) (time.Time, error)) Job {
	return Job{
		Name: "silent_account", Title: "更新间隔检查", Schedule: "0 8 * * *",
		Body: func(ctx context.Context, now time.Time) (string, error) {
			at, err := latest(ctx)
			if err != nil {
				return "", err
			}
			if at.IsZero() {
				return "公众号还没有发布记录。", nil
			}
			return silence(int(now.Sub(at) / (24 * time.Hour))), nil
		},
	}
}

func silence(days int) string {
	switch {
	case days >= silenceLimit:
		return fmt.Sprintf("公众号已 %d 天没有更新，超过 %d 天上限，请立即发布。", days, silenceLimit)
	case days >= silenceAlarm:
		return fmt.Sprintf("警报：公众号已 %d 天没有更新，明天就到 %d 天上限。", days, silenceLimit)
	case days >= silenceWarning:
		return fmt.Sprintf("提醒：公众号已 %d 天没有更新，请在 %d 天内发布。", days, silenceLimit-days)
	default:
		return fmt.Sprintf("最近一次更新在 %d 天前，正常。", days)
	}
}

// AnnualDraft builds the draft report of the year before on 1 January (条例第五十条). build returns a sentence for staff.
func AnnualDraft(build func(ctx context.Context, year int) (string, error)) Job {
	return Job{
		Name: "annual_draft", Title: "生成上年度报告草稿", Schedule: "10 0 1 1 *",
		Body: func(ctx context.Context, now time.Time) (string, error) {
			return build(ctx, workday.Of(now).Year()-1)
		},
	}
}

// Nightly wraps a check that runs at night, such as the recount of the indexes or the verification of all trails.
func Nightly(name, title string, check func(ctx context.Context) (string, error)) Job {
	return Job{
		Name: name, Title: title, Schedule: "20 2 * * *",
		Body: func(ctx context.Context, _ time.Time) (string, error) { return check(ctx) },
	}
}
