// Package bot is the Official Account: the guarded callback through which citizens reach us, and the client through
// which we reach WeChat. It serves 条例第十五条 (公开渠道) and 第二十九条 (申请), and keeps personal data out of every log.
//
//	answer := bot.Chain(router.Handler(), bot.Recover(log), bot.LogWithoutContent(log, now), bot.Deadline(4*time.Second))
//	http.Handle("/wechat", &bot.Callback{Config: cfg, Once: once, Handler: answer, Log: log, Now: now})
//
// Inbound is ours; outbound goes through silenceper/wechat where it covers the call (docs/decisions/0003).
package bot
