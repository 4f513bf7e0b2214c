package bot_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/silenceper/wechat/v2/officialaccount/config"
	sdkcontext "github.com/silenceper/wechat/v2/officialaccount/context"
	"github.com/silenceper/wechat/v2/officialaccount/message"
	"github.com/silenceper/wechat/v2/officialaccount/server"
	"github.com/sirupsen/logrus"

	"shoushan/bot"
)

// silentOnce lets every message through: the benchmark compares what is done to a message, not a store.
type silentOnce struct{}

func (silentOnce) Begin(context.Context, string, time.Duration) ([]byte, bot.OnceState, error) {
	return nil, bot.OnceFresh, nil
}
func (silentOnce) Finish(context.Context, string, []byte, time.Duration) error { return nil }
func (silentOnce) Abandon(context.Context, string) error                       { return nil }

// BenchmarkEcho is one echo in safe mode from request to encrypted reply: ours with all its guards, and the SDK's server.
func BenchmarkEcho(b *testing.B) {
	logrus.SetOutput(io.Discard)
	logrus.SetLevel(logrus.ErrorLevel)
	echo := func(_ context.Context, m bot.Message) (bot.Reply, error) { return bot.Reply{Text: m.Text}, nil }
	ours := newCallback(bot.Safe, silentOnce{}, echo, time.Now)
	theirs := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		cfg := &config.Config{AppID: appID, Token: token, EncodingAESKey: aesKey}
		srv := server.NewServer(&sdkcontext.Context{Config: cfg})
		srv.Request, srv.Writer = r, w
		srv.SetMessageHandler(func(m *message.MixMessage) *message.Reply {
			return &message.Reply{MsgType: message.MsgTypeText, MsgData: message.NewText(m.Content)}
		})
		if err := srv.Serve(); err != nil {
			b.Fatal(err)
		}
		if err := srv.Send(); err != nil {
			b.Fatal(err)
		}
	})
	for _, side := range []struct {
		name    string
		handler http.Handler
	}{{"ours", ours}, {"sdk", theirs}} {
		b.Run(side.name, func(b *testing.B) {
			w := newWechat(b, bot.Safe, time.Now)
			d := w.deliver(textXML("23456789012345678", "我想申请公开崇文镇二〇二五年的预算", time.Now()))
			b.ReportAllocs()
			for b.Loop() {
				rec := httptest.NewRecorder()
				side.handler.ServeHTTP(rec, d.request(b.Context()))
				if rec.Body.Len() < 100 {
					b.Fatalf("no reply: %q", rec.Body)
				}
			}
		})
	}
}
