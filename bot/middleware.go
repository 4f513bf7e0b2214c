package bot

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"time"

	"shoushan/fault"
)

// Recover turns a panic of the handler into an internal error, so that the citizen gets an apology and nobody else
// notices. The stack goes to the log.
func Recover(log *slog.Logger) Middleware {
	return func(next Handler) Handler {
		return func(ctx context.Context, m Message) (r Reply, err error) {
			defer func() {
				if p := recover(); p != nil {
					log.Error("handler panicked", "ref", reference(m), "stack", string(debug.Stack()))
					r, err = Reply{}, fmt.Errorf("bot: panic: %T", p)
				}
			}()
			return next(ctx, m)
		}
	}
}

// LogWithoutContent logs every message by kind, duration and outcome: never who wrote or what. An error that is not the
// citizen's doing is logged with its cause, under the reference that the citizen is told.
func LogWithoutContent(log *slog.Logger, now func() time.Time) Middleware {
	return func(next Handler) Handler {
		return func(ctx context.Context, m Message) (Reply, error) {
			start := now()
			r, err := next(ctx, m)
			attrs := []any{"ref", reference(m), "type", string(m.Type), "event", string(m.Event), "took", now().Sub(start)}
			switch level := fault.Level(ctx, err); {
			case err == nil:
				log.InfoContext(ctx, "message answered", append(attrs, "silent", r.Empty())...)
			case level == slog.LevelError:
				log.Log(ctx, level, "message failed", append(attrs, "kind", fault.KindOf(err).String(), "error", err)...)
			default:
				log.Log(ctx, level, "message declined", append(attrs, "kind", fault.KindOf(err).String())...)
			}
			return r, err
		}
	}
}

// Deadline gives the handler at most d. WeChat waits 5 s; 4 s leave time for the reply.
func Deadline(d time.Duration) Middleware {
	return func(next Handler) Handler {
		return func(ctx context.Context, m Message) (Reply, error) {
			ctx, cancel := context.WithTimeout(ctx, d)
			defer cancel()
			return next(ctx, m)
		}
	}
}

// Route is one way for messages to go.
type Route struct {
	Match   func(Message) bool
	Handler Handler
}

// Router is a list of routes; the first that matches answers. What no route wants is acknowledged in silence.
type Router []Route

// Handler returns the router as a Handler.
func (rt Router) Handler() Handler {
	return func(ctx context.Context, m Message) (Reply, error) {
		for _, route := range rt {
			if route.Match(m) {
				return route.Handler(ctx, m)
			}
		}
		return Reply{}, nil
	}
}

// OnType matches messages of one of the types.
func OnType(types ...Type) func(Message) bool {
	return func(m Message) bool {
		for _, t := range types {
			if m.Type == t {
				return true
			}
		}
		return false
	}
}

// OnEvent matches one of the events.
func OnEvent(events ...Event) func(Message) bool {
	return func(m Message) bool {
		for _, e := range events {
			if m.Type == EventMessage && m.Event == e {
				return true
			}
		}
		return false
	}
}
