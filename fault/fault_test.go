package fault_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"shoushan/fault"
)

func TestKindOfAndMessage(t *testing.T) {
	cause := errors.New("dial tcp: secret=abc")
	tests := []struct {
		name    string
		err     error
		kind    fault.Kind
		message string
	}{
		{"classified", fault.New(fault.Conflict, "已经办结。"), fault.Conflict, "已经办结。"},
		{"wrapped by fmt", fmt.Errorf("storage: load: %w", fault.Newf(fault.NotFound, "没有第 %d 号。", 7)), fault.NotFound, "没有第 7 号。"},
		{"with a cause", fault.Wrap(fault.Unavailable, cause, "暂时连不上。"), fault.Unavailable, "暂时连不上。"},
		{"outermost wins", fault.Wrap(fault.Invalid, fault.New(fault.Conflict, "内"), "外"), fault.Invalid, "外"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := fault.KindOf(tt.err); got != tt.kind {
				t.Errorf("KindOf() = %v, want %v", got, tt.kind)
			}
			if got := fault.Message(tt.err); got != tt.message {
				t.Errorf("Message() = %q, want %q", got, tt.message)
			}
		})
	}
}

func TestUnclassifiedErrorNeverReachesAPerson(t *testing.T) {
	for _, err := range []error{errors.New("secret=abc"), &fault.Error{Kind: fault.Internal, Message: "secret=abc"}} {
		if got := fault.Message(err); strings.Contains(got, "secret") || got == "" {
			t.Errorf("Message(%v) = %q, want the apology", err, got)
		}
		if fault.KindOf(err) != fault.Internal {
			t.Errorf("KindOf(%v) = %v, want Internal", err, fault.KindOf(err))
		}
	}
}

func TestWrapKeepsCauseAndNil(t *testing.T) {
	if fault.Wrap(fault.Invalid, nil, "x") != nil {
		t.Error("Wrap(nil) is not nil")
	}
	cause := errors.New("cause")
	err := fault.Wrap(fault.Invalid, cause, "话")
	if !errors.Is(err, cause) || !strings.Contains(err.Error(), "cause") {
		t.Errorf("Wrap lost its cause: %v", err)
	}
	if fault.Is(nil, fault.Internal) {
		t.Error("Is(nil, Internal) = true, want false")
	}
}

func TestKindNames(t *testing.T) {
	if got := fault.Forbidden.String(); got != "Forbidden" {
		t.Errorf("String() = %q, want Forbidden", got)
	}
	if got := fault.Kind(99).String(); got != "Kind(99)" {
		t.Errorf("String() = %q, want Kind(99)", got)
	}
}

// A person who leaves is no failure; a failure that merely coincides with somebody leaving still is one.
func TestLevel(t *testing.T) {
	here := t.Context()
	left, leave := context.WithCancel(here)
	leave()
	late, stop := context.WithTimeout(here, -1)
	defer stop()
	unanswered := func(cause error) error {
		return fault.Wrap(fault.Unavailable, fmt.Errorf("storage: load: %w", cause), "数据库暂时没有应答。")
	}
	tests := []struct {
		name string
		ctx  context.Context
		err  error
		want slog.Level
	}{
		{"the store is down", here, unanswered(errors.New("connection refused")), slog.LevelError},
		{"nobody classified it", here, errors.New("boom"), slog.LevelError},
		{"a wrong number", here, fault.New(fault.Invalid, "请填写编号。"), slog.LevelInfo},
		{"not found", here, fault.New(fault.NotFound, "没有。"), slog.LevelInfo},
		{"the visitor left and the work ended", left, unanswered(context.Canceled), slog.LevelInfo},
		{"the visitor left, and the store is down", left, unanswered(errors.New("connection refused")), slog.LevelError},
		{"our own deadline", late, unanswered(context.DeadlineExceeded), slog.LevelError},
		{"something of ours was cancelled, the visitor is here", here, unanswered(context.Canceled), slog.LevelError},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := fault.Level(tt.ctx, tt.err); got != tt.want {
				t.Errorf("Level() = %v, want %v", got, tt.want)
			}
		})
	}
}
