package scheduler

import (
	"fmt"
	"log/slog"
)

// cronLog lets cron speak through slog; only its errors are worth a line.
type cronLog struct{ log *slog.Logger }

// Info drops cron's chatter.
func (cronLog) Info(string, ...any) {}

// Error logs what cron recovered from.
func (l cronLog) Error(err error, msg string, keysAndValues ...any) {
	l.log.Error("cron: "+msg, append([]any{"err", err}, keysAndValues...)...)
}

// queueLog lets the queue speak through slog.
type queueLog struct{ log *slog.Logger }

// Debug, Info, Warn, Error and Fatal pass a line on; the queue calls Fatal only for programmer mistakes.
func (l queueLog) Debug(args ...any) { l.log.Debug("queue: " + fmt.Sprint(args...)) }
func (l queueLog) Info(args ...any)  { l.log.Info("queue: " + fmt.Sprint(args...)) }
func (l queueLog) Warn(args ...any)  { l.log.Warn("queue: " + fmt.Sprint(args...)) }
func (l queueLog) Error(args ...any) { l.log.Error("queue: " + fmt.Sprint(args...)) }
func (l queueLog) Fatal(args ...any) { l.log.Error("queue: fatal: " + fmt.Sprint(args...)) }
