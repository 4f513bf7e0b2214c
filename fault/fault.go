package fault

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
)

// Kind says what sort of failure an error is.
type Kind uint8

// The kinds of failure. Internal is the zero value: whatever nobody has classified.
const (
	Internal    Kind = iota
	Invalid          // the input breaks a rule; correcting it helps
	NotFound         // the thing asked for does not exist, or may not be known to exist
	Conflict         // the thing is not in a state that allows this
	Forbidden        // this person may not do this
	Unavailable      // something outside failed; trying again later may help
)

var kindNames = [...]string{"Internal", "Invalid", "NotFound", "Conflict", "Forbidden", "Unavailable"}

// String returns the kind's English name, as used in scenario files and logs.
func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return fmt.Sprintf("Kind(%d)", uint8(k))
}

// apology is what a person reads when the cause is ours to find, not theirs to know.
const apology = "系统出了点问题，您填写的内容没有丢失。请稍后再试；仍不行请电话联系我们。"

// Error is a classified failure. Message is a whole Chinese sentence for a person; Err, which may be nil, is for the log.
type Error struct {
	Kind    Kind
	Message string
	Err     error
}

// Error returns the text for the log: the message and the cause.
func (e *Error) Error() string {
	if e.Err == nil {
		return e.Kind.String() + ": " + e.Message
	}
	return e.Kind.String() + ": " + e.Message + ": " + e.Err.Error()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// New returns an error of the given kind with a sentence for the person who meets it.
func New(kind Kind, message string) error { return &Error{Kind: kind, Message: message} }

// Newf is New with formatting.
func Newf(kind Kind, format string, args ...any) error {
	return &Error{Kind: kind, Message: fmt.Sprintf(format, args...)}
}

// Wrap classifies err and gives it a sentence. It returns nil when err is nil.
func Wrap(kind Kind, err error, message string) error {
	if err == nil {
		return nil
	}
	return &Error{Kind: kind, Message: message, Err: err}
}

// KindOf returns the kind of the outermost classified error in err's chain, or Internal.
func KindOf(err error) Kind {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Kind
	}
	return Internal
}

// Is reports whether err is of the given kind.
func Is(err error, kind Kind) bool { return err != nil && KindOf(err) == kind }

// Message returns the sentence for the person who meets err: its own, or for an unclassified error always the same
// apology, so that no cause leaks.
func Message(err error) string {
	if e, ok := errors.AsType[*Error](err); ok && e.Kind != Internal && e.Message != "" {
		return e.Message
	}
	return apology
}

// Level is how loudly a door logs an error that it met while it served ctx. What is ours to find (Internal, Unavailable) is an
// Error; what the person at the door can mend is Info, and so is whatever ended because that person has left: a browser that
// closes a page in mid-request cancels ctx, and no part of the system failed.
func Level(ctx context.Context, err error) slog.Level {
	left := errors.Is(ctx.Err(), context.Canceled) && errors.Is(err, context.Canceled)
	if kind := KindOf(err); !left && (kind == Internal || kind == Unavailable) {
		return slog.LevelError
	}
	return slog.LevelInfo
}
