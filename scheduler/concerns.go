package scheduler

import (
	"context"
	"fmt"
	"time"

	"shoushan/opinion"
	"shoushan/workday"
)

// Concerns is what the clock needs of the register of public concerns.
type Concerns interface {
	Alarm(ctx context.Context, cal workday.Calendar) (opinion.Alarmed, error)
}

// ConcernLimits looks every five minutes, day and night, at the limits of public concerns, which run in clock hours
// (国办发〔2016〕61号, 80号 and the town's own rule: 2, 5, 24 and 48 h): each duty alarms when half of its time is over, in its
// last hour, and when it is late.
func ConcernLimits(c Concerns, calendar Calendar) Job {
	return Job{
		Name: "concern_limits", Title: "政务舆情时限检查", Schedule: "*/5 * * * *",
		Body: func(ctx context.Context, _ time.Time) (string, error) {
			cal, err := calendar(ctx)
			if err != nil {
				return "", err
			}
			a, err := c.Alarm(ctx, cal)
			if err != nil {
				return "", err
			}
			if a.Open == 0 {
				return "没有正在办理的舆情。", nil
			}
			return fmt.Sprintf("办理中 %d 件，新提醒 %d 项，超过时限没有做的 %d 项。", a.Open, a.Fresh, a.Late), nil
		},
	}
}
