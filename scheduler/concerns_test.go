package scheduler_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"shoushan/opinion"
	"shoushan/scheduler"
	"shoushan/workday"
)

type concerns struct {
	found opinion.Alarmed
	err   error
}

func (c concerns) Alarm(context.Context, workday.Calendar) (opinion.Alarmed, error) {
	return c.found, c.err
}

func TestConcernLimits(t *testing.T) {
	calendar := func(context.Context) (workday.Calendar, error) { return workday.Embedded(), nil }
	tests := []struct {
		name  string
		found opinion.Alarmed
		want  string
	}{
		{"nothing open", opinion.Alarmed{}, "没有正在办理"},
		{"open and late", opinion.Alarmed{Open: 3, Fresh: 1, Late: 2}, "办理中 3 件，新提醒 1 项，超过时限没有做的 2 项"},
	}
	for _, tt := range tests {
		said, err := scheduler.ConcernLimits(concerns{found: tt.found}, calendar).Body(t.Context(), time.Time{})
		if err != nil || !strings.Contains(said, tt.want) {
			t.Errorf("%s: %q, %v", tt.name, said, err)
		}
	}
	down := errors.New("redis")
	if _, err := scheduler.ConcernLimits(concerns{err: down}, calendar).Body(t.Context(), time.Time{}); !errors.Is(err, down) {
		t.Errorf("a register that fails: %v", err)
	}
	unknown := func(context.Context) (workday.Calendar, error) { return workday.Calendar{}, down }
	if _, err := scheduler.ConcernLimits(concerns{}, unknown).Body(t.Context(), time.Time{}); !errors.Is(err, down) {
		t.Errorf("a calendar that fails: %v", err)
	}
}
