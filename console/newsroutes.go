package console

import (
	"time"

	"shoushan/staff"
)

// ruling may change what lint works with; configuring lays down who reviews.
var (
	massSending = []staff.Right{staff.MassSend}
	ruling      = []staff.Right{staff.ApprovePosts, staff.ManageSettings}
	previewing  = []staff.Right{staff.WritePosts, staff.ReviewPosts, staff.PublishPosts}
)

// pasteLimit is a little over what posts.CleanHTML takes: a page with its pictures inside.
const pasteLimit = 17 << 20

// gathering is the time to fetch the pictures of a page that was pasted.
const gathering = 50 * time.Second

// newsRoutes are the pages around writing, reviewing and publishing beside the list and the item.
func newsRoutes(c *Console) []route {
	return []route{
		{pattern: "POST /posts/assist", rights: writing, upload: true, patience: gathering, serve: c.assist},
		{pattern: "POST /posts/check", rights: writing, serve: c.checkTyped},
		{pattern: "POST /posts/paste", rights: writing, limit: pasteLimit, patience: gathering, serve: c.paste},
		{pattern: "POST /posts/autosave", rights: writing, serve: c.autosave},
		{pattern: "POST /posts/forget", rights: writing, serve: c.forgetUnsaved},
		{pattern: "POST /posts/{id}/presence", rights: writing, serve: c.presence},
		{pattern: "POST /posts/{id}/leave", rights: writing, serve: c.leave},
		{pattern: "GET /posts/calendar", menu: place{articles, "发布日历"}, rights: newsroom, serve: c.timetable},
		{pattern: "GET /posts/queue", menu: place{articles, "发布队列"}, rights: newsroom, serve: c.queue},
		{pattern: "POST /posts/{id}/move", rights: publishing, serve: c.movePost},
		{pattern: "GET /posts/{id}/bundle", rights: publishing, serve: c.bundle},
		{pattern: "POST /posts/{id}/bundle", rights: publishing, serve: c.combine},
		{pattern: "GET /posts/{id}/revisions", rights: newsroom, serve: c.revisions},
		{pattern: "GET /posts/{id}/revisions/{n}/preview", rights: newsroom, serve: c.previewRevision},
		{pattern: "POST /posts/{id}/revisions/{n}/restore", rights: writing, serve: c.restoreRevision},
		{pattern: "GET /posts/differences", menu: place{articles, "原创转载不一致"}, rights: newsroom, serve: c.differences},
		{pattern: "GET /posts/rules", menu: place{articles, "词库和稿源"}, rights: newsroom, serve: c.rules},
		{pattern: "POST /posts/rules", rights: ruling, serve: c.saveRules},
		{pattern: "POST /posts/topics", rights: []staff.Right{staff.PublishPosts, staff.ManageSettings}, serve: c.saveTopics},
		{pattern: "GET /posts/reviewplan", menu: place{articles, "审核流程"}, rights: newsroom, serve: c.reviewPlan},
		{pattern: "POST /posts/reviewplan", rights: settings, serve: c.saveReviewPlan},
		{pattern: "POST /files/fetch", rights: writing, patience: gathering, serve: c.fetchPicture},
		{pattern: "POST /files/crop", rights: writing, serve: c.cropCover},
	}
}
