package fault_test

import (
	"errors"
	"fmt"
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
