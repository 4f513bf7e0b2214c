package bench_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"

	"github.com/silenceper/wechat/v2/officialaccount/config"
	sdkcontext "github.com/silenceper/wechat/v2/officialaccount/context"
	"github.com/silenceper/wechat/v2/officialaccount/message"
	"github.com/silenceper/wechat/v2/officialaccount/server"
	"github.com/sirupsen/logrus"

	"shoushan/bench"
	"shoushan/bot"
	"shoushan/simulator"
)

// through lets every message through: what is compared is the work on a message, not a store.
type through struct{}

func (through) Begin(context.Context, string, time.Duration) ([]byte, bot.OnceState, error) {
	return nil, bot.OnceFresh, nil
}
func (through) Finish(context.Context, string, []byte, time.Duration) error { return nil }
func (through) Abandon(context.Context, string) error                       { return nil }

// codec compares one echo in safe mode, from request to encrypted reply: ours with all its guards, and the SDK's server.
func codec(w *workshop) []line {
	logrus.SetOutput(io.Discard)
	logrus.SetLevel(logrus.ErrorLevel)
	here, there := time.Hour, time.Hour // the best of many short turns each: what else runs on the machine only adds
	ourSide, theirSide := ourEcho(), theirEcho(w)
	for range 30 {
		here = min(here, echoTime(w, ourSide))
		there = min(there, echoTime(w, theirSide))
	}
	ratio := float64(there) / float64(here)
	return []line{{
		what: "callback codec, echo in safe mode (elsewhere: the SDK's server)", ours: here.String(), other: there.String(),
		ratio: fmt.Sprintf("%.2f ×", ratio), target: "≥ 1.3 ×", met: ratio >= 1.3,
	}}
}

func ourEcho() http.Handler {
	return &bot.Callback{
		Config: bot.Config{Token: simulator.DefaultToken, AESKey: simulator.DefaultAESKey, AppID: simulator.DefaultAppID, Mode: bot.Safe},
		Once:   through{}, Log: slog.New(slog.DiscardHandler), Now: time.Now,
		Handler: func(_ context.Context, m bot.Message) (bot.Reply, error) { return bot.Reply{Text: m.Text}, nil },
	}
}

func theirEcho(w *workshop) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		cfg := &config.Config{AppID: simulator.DefaultAppID, Token: simulator.DefaultToken, EncodingAESKey: simulator.DefaultAESKey}
		srv := server.NewServer(&sdkcontext.Context{Config: cfg})
		srv.Request, srv.Writer = r, rw
		srv.SetMessageHandler(func(m *message.MixMessage) *message.Reply {
			return &message.Reply{MsgType: message.MsgTypeText, MsgData: message.NewText(m.Content)}
		})
		w.must(srv.Serve(), srv.Send())
	})
}

// echoTime is the mean time of an echo over a twentieth of a second.
func echoTime(w *workshop, h http.Handler) time.Duration {
	d, err := w.pusher("http://x/wechat").Wrap(bench.Text("oBench", "23456789012345678", "我想申请公开崇文镇二〇二五年的预算", time.Now()))
	w.must(err)
	n, begun := 0, time.Now()
	for ; time.Since(begun) < 50*time.Millisecond; n++ {
		rec := httptest.NewRecorder()
		h.ServeHTTP(rec, httptest.NewRequestWithContext(w.b.Context(), http.MethodPost, "/wechat?"+d.Query.Encode(), strings.NewReader(d.Body)))
		if rec.Body.Len() < 100 {
			w.b.Fatalf("no reply: %q", rec.Body)
		}
	}
	return time.Since(begun) / time.Duration(n)
}
