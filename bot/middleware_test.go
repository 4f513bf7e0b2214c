package bot_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"shoushan/bot"
	"shoushan/fault"
)

func TestRecover(t *testing.T) {
	var out bytes.Buffer
	h := bot.Recover(slog.New(slog.NewTextHandler(&out, nil)))(func(context.Context, bot.Message) (bot.Reply, error) { panic("张三") })
	r, err := h(t.Context(), bot.Message{ID: "1"})
	if !r.Empty() || !fault.Is(err, fault.Internal) {
		t.Errorf("reply %+v, error %v, want an internal error", r, err)
	}
	if log := out.String(); !strings.Contains(log, "middleware_test.go") || strings.Contains(log, "张三") {
		t.Errorf("log = %s: want the stack, and not what was panicked with", log)
	}
}

func TestDeadline(t *testing.T) {
	h := bot.Deadline(time.Millisecond)(func(ctx context.Context, _ bot.Message) (bot.Reply, error) {
		<-ctx.Done()
		return bot.Reply{}, ctx.Err()
	})
	if _, err := h(t.Context(), bot.Message{}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error = %v", err)
	}
}

func TestLogKnowsWhoseFaultItIs(t *testing.T) {
	for want, err := range map[string]error{
		"level=INFO msg=\"message answered\"": nil,
		"level=INFO msg=\"message declined\"": fault.New(fault.Conflict, "已经办结。"),
		"level=ERROR msg=\"message failed\"":  fault.New(fault.Unavailable, "暂时存不了。"),
	} {
		var out bytes.Buffer
		h := bot.LogWithoutContent(slog.New(slog.NewTextHandler(&out, nil)), fixed)(func(context.Context, bot.Message) (bot.Reply, error) { return bot.Reply{}, err })
		if _, got := h(t.Context(), bot.Message{ID: "1"}); !errors.Is(got, err) || !strings.Contains(out.String(), want) {
			t.Errorf("%v: log = %s, want %s", err, out.String(), want)
		}
	}
}

func TestChainAndRouter(t *testing.T) {
	var order []string
	mark := func(name string) bot.Middleware {
		return func(next bot.Handler) bot.Handler {
			return func(ctx context.Context, m bot.Message) (bot.Reply, error) {
				order = append(order, name)
				return next(ctx, m)
			}
		}
	}
	says := func(text string) bot.Handler {
		return func(context.Context, bot.Message) (bot.Reply, error) { return bot.Reply{Text: text}, nil }
	}
	h := bot.Chain(bot.Router{
		{Match: bot.OnType(bot.TextMessage, bot.ImageMessage), Handler: says("typed")},
		{Match: bot.OnEvent(bot.Click), Handler: says("tapped")},
		{Match: bot.OnType(bot.ImageMessage), Handler: says("never")},
	}.Handler(), mark("outer"), mark("inner"))
	tests := []struct {
		m    bot.Message
		want string
	}{
		{bot.Message{Type: bot.ImageMessage}, "typed"},
		{bot.Message{Type: bot.EventMessage, Event: bot.Click}, "tapped"},
		{bot.Message{Type: bot.TextMessage, Event: bot.Click}, "typed"},
		{bot.Message{Type: bot.EventMessage, Event: bot.View}, ""},
		{bot.Message{Type: "hologram"}, ""},
	}
	for _, tt := range tests {
		if r, err := h(t.Context(), tt.m); r.Text != tt.want || err != nil {
			t.Errorf("%+v: %q, %v, want %q", tt.m, r.Text, err, tt.want)
		}
	}
	if strings.Join(order[:2], " ") != "outer inner" {
		t.Errorf("order = %v", order)
	}
}
