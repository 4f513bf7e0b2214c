// Package handlers is what citizens meet: the menu, the application dialogue, the progress of their requests, the latest
// news, and the public pages behind links in chat.
//
// It serves 政府信息公开条例 article 12 (the guide), 29 (what an application says, and never why), 31 (the applicant's
// confirmation), 33 (the due date on the receipt), 40 (form and delivery), 43 (help for those who cannot type) and
// 国办公开办函〔2017〕19号 (the counter and the post may never be refused, so every receipt names them).
//
// The dialogue is data: a list of steps, each with a question, an acceptor and a reason. One turn is a pure function of
// the draft, the text and the time; place and answers are one value that is kept for seven days.
//
//	citizen := &handlers.Citizen{Desk: desk, Requests: register, Drafts: drafts, Articles: articles, Guesses: guesses,
//		Organ: organ, Calendar: calendar, Now: now, PublicURL: "https://xxgk.example.gov.cn"}
//	answer := citizen.Handler()     // bot.Handler
//	mux.Handle("/guide", citizen.Pages())
package handlers
