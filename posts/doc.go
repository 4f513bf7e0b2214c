// Package posts is the newsroom: news items (稿件) written or taken over, reviewed by three people (三审), and published
// exactly once on the town's WeChat account, or recorded when they were published elsewhere.
//
// It enforces 政府信息公开条例 article 17 (审查机制) through 《政府信息发布审核制度》 (分级审核、先审后发: three distinct people,
// none of them a writer of the item, and only the content that passed 终审 is published), article 15 (个人隐私: no identity
// number, phone number or bank card in print), and the rule of the inspection indicators that a repost names its source.
//
//	p, err := newsroom.Create(ctx, author, posts.Account, posts.Content{Title: "汛期安全提示", Markdown: text, Origin: posts.Original})
//	p, err = newsroom.Submit(ctx, author, p.ID)
//	p, err = newsroom.Review(ctx, reviewer, p.ID, true, "")       // 初审, then 复审 and 终审 by two more people
//	p, err = newsroom.Schedule(ctx, approver, p.ID, at, posts.FreePublish)
//	p, err = newsroom.Advance(ctx, p.ID)                          // by the clock, until it is published
//
// The irreversible call is begun at most once in an attempt: its record is written by compare-and-set before it, so that
// two processes, a crash or a lost answer leave a post published once or marked 结果未知, never twice.
package posts
