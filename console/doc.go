// Package console is what staff meet in the browser: server-rendered pages for the request desk (依申请公开), the newsroom
// (稿件、三审、发布), the figures and the annual report, and the administration of the house.
//
// It decides nothing that the law decides: every act is a verb of disclosure.Desk or posts.Newsroom, and what a page
// offers is only what those rooms would allow this member. It enforces 政府信息公开条例 article 45 (every act leaves its
// trace, also looking at personal data) and the separation of hands that 三审 and 签发 ask for, by asking the rooms.
//
//	c, err := console.New(cfg)
//	if err != nil {
//		return err
//	}
//	http.ListenAndServe("127.0.0.1:8080", c.Handler())
//
// routes.go is the site map: every page, who may open it, and nothing else. README.md lists the element ids that
// browser tests may rely on.
package console
