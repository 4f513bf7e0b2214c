package scheduler

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"sync"
	"time"

	"shoushan/disclosure"
	"shoushan/fault"
	"shoushan/staff"
	"shoushan/workday"
)

// RequestDesk is what the clock needs of the request desk.
type RequestDesk interface {
	Resume(ctx context.Context) (disclosure.Resumed, error)
	TellOwed(ctx context.Context) (requests int, err error)
	Remind(ctx context.Context, id string) (changed bool, err error)
	Lapse(ctx context.Context, by staff.Member, id string) (disclosure.Request, error)
}

// Reminders climbs the ladder (5, 3, 1 working days, today, late) for every open request, several times on a working day:
// each case has one live reminder at most, and what is no longer due loses it. A case that cannot be updated does not hold
// up the others.
func Reminders(list Requests, desk RequestDesk) Job {
	return Job{
		Name: "reminders", Title: "期限提醒", Schedule: "35 0,8,14 * * *",
		Body: func(ctx context.Context, _ time.Time) (string, error) {
			changed, total, err := overAll(ctx, list, func(r disclosure.Request) (bool, error) { return desk.Remind(ctx, r.ID) })
			if err != nil {
				return "", err
			}
			return fmt.Sprintf("看过 %d 件，更新提醒 %d 件。", total, changed), nil
		},
	}
}

// Silences enters each night that a consulted party has let its 15 working days pass (条例第三十二条、第三十四条), so that the case
// goes on; only where the day on which it received the letter is known. Periods of the applicant lapse by a person's hand: lateness may have a good reason (条例第三十条).
func Silences(list Requests, desk RequestDesk) Job {
	return Job{
		Name: "silences", Title: "征求意见到期", Schedule: "25 0 * * *",
		Body: func(ctx context.Context, now time.Time) (string, error) {
			today := workday.Of(now)
			changed, _, err := overAll(ctx, list, func(r disclosure.Request) (bool, error) {
				if !r.SilenceDue(today) {
					return false, nil
				}
				_, err := desk.Lapse(ctx, staff.System, r.ID)
				if fault.Is(err, fault.Conflict) {
					return false, nil // somebody was faster
				}
				return err == nil, err
			})
			if err != nil {
				return "", err
			}
			return fmt.Sprintf("登记逾期未答复 %d 件。", changed), nil
		},
	}
}

// Resume does every minute what a process left undone when it died: messages that are owed go out; and when this process has
// not looked yet, or the notices of holidays have changed since it did, every open request is reckoned anew. What fails is
// tried again in the next minute.
func Resume(desk RequestDesk, calendar Calendar) Job {
	var last lookedAt
	return Job{
		Name: "resume", Title: "补做中断的重算和告知", Schedule: "* * * * *",
		Body: func(ctx context.Context, _ time.Time) (string, error) {
			cal, err := calendar(ctx)
			if err != nil {
				return "", err
			}
			if last.same(cal.Notices()) {
				told, err := desk.TellOwed(ctx)
				return resumedText(disclosure.Resumed{Told: told}), err
			}
			done, err := desk.Resume(ctx)
			if err != nil {
				return "", err
			}
			last.set(cal.Notices())
			return resumedText(done), nil
		},
	}
}

func resumedText(r disclosure.Resumed) string {
	if r == (disclosure.Resumed{}) {
		return "没有中断的事。"
	}
	return fmt.Sprintf("重新计算期限 %d 件，补发告知 %d 件，补拆分 %d 件。", r.Moved, r.Told, r.Split)
}

// lookedAt remembers the notices under which every open request was reckoned last.
type lookedAt struct {
	mu      sync.Mutex
	looked  bool
	notices []workday.Notice
}

func (l *lookedAt) same(notices []workday.Notice) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.looked && reflect.DeepEqual(l.notices, notices)
}

func (l *lookedAt) set(notices []workday.Notice) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.looked, l.notices = true, notices
}

// overAll does one thing to every open request and joins what went wrong.
func overAll(ctx context.Context, list Requests, do func(disclosure.Request) (changed bool, err error)) (changed, total int, err error) {
	open, err := list.Requests(ctx, disclosure.Query{Open: true})
	if err != nil {
		return 0, 0, err
	}
	var errs []error
	for _, r := range open {
		did, err := do(r)
		if err != nil {
			errs = append(errs, fmt.Errorf("request %s: %w", r.ID, err))
		}
		if did {
			changed++
		}
	}
	return changed, len(open), errors.Join(errs...)
}
