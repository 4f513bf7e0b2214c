package scheduler

import (
	"context"
	"fmt"
	"time"

	"shoushan/posts"
	"shoushan/workday"
)

// Watch is what the daily looks at the account need of the newsroom.
type Watch interface {
	Silence(ctx context.Context, cal workday.Calendar) (posts.Silence, error)
	Look(ctx context.Context, since time.Time) (posts.FoundOutside, error)
}

// SilenceWatch looks each morning how long ago the account last published, with holidays, quota and approved items in
// mind. It stands in for SilentAccount, under the same name.
func SilenceWatch(w Watch, calendar Calendar) Job {
	return Job{
		Name: "silent_account", Title: "更新间隔检查", Schedule: "0 8 * * *",
		Body: func(ctx context.Context, _ time.Time) (string, error) {
			cal, err := calendar(ctx)
			if err != nil {
				return "", err
			}
			s, err := w.Silence(ctx, cal)
			if err != nil {
				return "", err
			}
			return s.Sentence(), nil
		},
	}
}

// lookBack is how far the nightly look at the platform's list goes.
const lookBack = 40 * 24 * time.Hour

// ReconcileAccount compares the platform's list with the records each night: what was published by hand is kept as a
// sighting, what was deleted or banned there is no longer counted.
func ReconcileAccount(w Watch) Job {
	return Job{
		Name: "reconcile_account", Title: "与公众号核对发布记录", Schedule: "40 3 * * *",
		Body: func(ctx context.Context, now time.Time) (string, error) {
			found, err := w.Look(ctx, now.Add(-lookBack))
			if err != nil {
				return "", err
			}
			return fmt.Sprintf("核对平台列出的 %d 篇：本系统没有登记的 %d 篇，发布后被删除的 %d 篇。", found.Listed, found.Sightings, len(found.Removed)), nil
		},
	}
}

// Readers takes the figures of what readers did.
type Readers interface {
	TakeReadings(ctx context.Context) (posts.ReadingsTaken, error)
}

// ReadingFigures takes the reading figures of the last thirty days each morning, after the platform has counted the day
// before.
func ReadingFigures(r Readers) Job {
	return Job{
		Name: "reading_figures", Title: "取阅读数据", Schedule: "30 9 * * *",
		Body: func(ctx context.Context, _ time.Time) (string, error) {
			taken, err := r.TakeReadings(ctx)
			if err != nil {
				return "", err
			}
			text := fmt.Sprintf("取到 %d 篇文章的阅读数据，补上永久链接 %d 篇，本系统没有登记的 %d 篇。", taken.Articles, taken.Linked, taken.Sightings)
			if taken.Late {
				text += "平台还没有统计完昨天，明天再取。"
			}
			return text, nil
		},
	}
}
