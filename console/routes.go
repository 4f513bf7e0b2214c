package console

import (
	"cmp"
	"slices"
	"time"

	"shoushan/staff"
)

// route is one line of the site map.
type route struct {
	pattern string
	rights  []staff.Right // any one of these opens it; none listed: every member
	public  bool          // before login
	upload  bool          // takes pictures
	limit   int64         // of the posted form in bytes; 0 for the usual
	// patience is how long the page may take; 0 for the usual.
	patience time.Duration
	serve    handler
}

func (rt route) allows(who staff.Member) bool {
	return rt.public || len(rt.rights) == 0 || slices.ContainsFunc(rt.rights, who.May)
}

func (rt route) bodyLimit() int64 {
	if rt.upload {
		return uploadLimit
	}
	return cmp.Or(rt.limit, bodyLimit)
}

// Who may open what. A page that shows several verbs asks each verb's own right again before it offers the form.
var (
	everyone   []staff.Right
	requests   = []staff.Right{staff.ViewRequests, staff.HandleRequests}
	newsroom   = []staff.Right{staff.WritePosts, staff.ReviewPosts, staff.ApprovePosts, staff.PublishPosts}
	handling   = []staff.Right{staff.HandleRequests}
	signing    = []staff.Right{staff.SignReplies}
	drafting   = []staff.Right{staff.HandleRequests, staff.SignReplies}
	revealing  = []staff.Right{staff.RevealPersonal}
	writing    = []staff.Right{staff.WritePosts}
	reviewing  = []staff.Right{staff.ReviewPosts, staff.ApprovePosts}
	publishing = []staff.Right{staff.PublishPosts}
	recording  = []staff.Right{staff.WritePosts, staff.PublishPosts}
	remedying  = []staff.Right{staff.HandleRequests, staff.ManageRegisters}
	management = []staff.Right{staff.ManageStaff}
	settings   = []staff.Right{staff.ManageSettings}
)

// siteMap is the whole console: every address, who may use it, and what answers.
func siteMap(c *Console) []route {
	pages := []route{
		{pattern: "GET /login", public: true, serve: c.loginForm},
		{pattern: "POST /login", public: true, limit: loginLimit, serve: c.login},
		{pattern: "GET /login/code", public: true, serve: c.codeForm},
		{pattern: "POST /login/code", public: true, limit: loginLimit, serve: c.code},
		{pattern: "POST /logout", public: true, serve: c.logout},

		{pattern: "GET /{$}", rights: everyone, serve: c.home},
		{pattern: "GET /help", rights: everyone, serve: c.help},
		{pattern: "GET /account", rights: everyone, serve: c.account},
		{pattern: "POST /account/password", rights: everyone, serve: c.changePassword},
		{pattern: "GET /account/code", rights: everyone, serve: c.codeSetup},
		{pattern: "GET /account/code.png", rights: everyone, serve: c.codePicture},
		{pattern: "POST /account/code", rights: everyone, serve: c.codeOn},
		{pattern: "POST /account/code/off", rights: everyone, serve: c.codeOff},

		{pattern: "GET /requests", rights: requests, serve: c.requests},
		{pattern: "GET /requests/new", rights: handling, serve: c.intake},
		{pattern: "POST /requests", rights: handling, serve: c.fileOnBehalf},
		{pattern: "GET /requests/{id}", rights: requests, serve: c.requestCase},
		{pattern: "GET /requests/{id}/why", rights: requests, serve: c.why},
		{pattern: "GET /requests/{id}/letters/{n}", rights: requests, serve: c.letter},
		{pattern: "GET /requests/{id}/letters/{n}/docx", rights: revealing, serve: c.letterDOCX},
		{pattern: "POST /requests/{id}/reveal", rights: revealing, serve: c.reveal},

		{pattern: "GET /posts", rights: newsroom, serve: c.posts},
		{pattern: "GET /posts/new", rights: writing, serve: c.newPost},
		{pattern: "POST /posts", rights: writing, serve: c.createPost},
		{pattern: "GET /posts/elsewhere", rights: recording, serve: c.elsewhere},
		{pattern: "POST /posts/elsewhere", rights: recording, serve: c.recordElsewhere},
		{pattern: "GET /posts/preview", rights: writing, serve: c.emptyPreview},
		{pattern: "POST /posts/preview", rights: writing, serve: c.previewTyped},
		{pattern: "GET /posts/{id}", rights: newsroom, serve: c.postPage},
		{pattern: "GET /posts/{id}/edit", rights: writing, serve: c.editPost},
		{pattern: "POST /posts/{id}/edit", rights: writing, serve: c.savePost},
		{pattern: "GET /posts/{id}/preview", rights: newsroom, serve: c.previewPost},
		{pattern: "GET /posts/{id}/approval", rights: newsroom, serve: c.approval},
		{pattern: "POST /files", rights: writing, upload: true, serve: c.upload},
		{pattern: "GET /files/{id}", rights: newsroom, serve: c.file},

		{pattern: "GET /members", rights: management, serve: c.members},
		{pattern: "POST /members", rights: management, serve: c.addMember},
		{pattern: "GET /members/{id}", rights: management, serve: c.member},
		{pattern: "POST /members/{id}", rights: management, serve: c.changeMember},
		{pattern: "POST /members/{id}/password", rights: management, serve: c.resetPassword},

		{pattern: "GET /jobs", rights: settings, serve: c.jobs},
		{pattern: "POST /jobs/{name}/run", rights: settings, serve: c.runJob},
	}
	pages = append(pages, deskRoutes(c)...)
	pages = append(pages, concernRoutes(c)...)
	pages = append(pages, accountPages(c)...)
	pages = append(pages, newsRoutes(c)...)
	pages = append(pages, reportRoutes(c)...)
	pages = append(pages, tallyRoutes(c)...)
	pages = append(pages, matchingRoutes(c)...)
	pages = append(pages, keepingRoutes(c)...)
	pages = append(pages, postImportRoutes(c)...)
	for _, a := range requestVerbs {
		pages = append(pages, route{pattern: "POST /requests/{id}/" + a.name, rights: a.rights, serve: c.actOnRequest(a)})
	}
	for _, a := range postVerbs {
		pages = append(pages, route{pattern: "POST /posts/{id}/" + a.name, rights: a.rights, serve: c.actOnPost(a)})
	}
	return pages
}

// navigation lists the entries that the member may open, in the order of a working day.
func navigation(who staff.Member) []navGroup {
	if who.ID == "" {
		return nil
	}
	all := []struct {
		group, path, title string
		rights             []staff.Right
	}{
		{"", "/", "等待处理的事", everyone},
		{"依申请公开", "/requests", "申请台账", requests},
		{"依申请公开", "/requests/new", "代为登记申请", handling},
		{"依申请公开", "/remedies", "复议和诉讼", registering},
		{"依申请公开", "/calendar", "工作日历", registering},
		{"群众来信", "/talks", "群众留言", handling},
		{"群众来信", "/calls", "需要打电话", handling},
		{"群众来信", "/answers", "自动回复", []staff.Right{staff.HandleRequests, staff.ManageSettings}},
		{"群众来信", "/concerns", "政务舆情台账", concerned},
		{"稿件", "/posts", "稿件列表", newsroom},
		{"稿件", "/posts/new", "写新稿件", writing},
		{"稿件", "/posts/queue", "发布队列", newsroom},
		{"稿件", "/posts/calendar", "发布日历", newsroom},
		{"稿件", "/posts/elsewhere", "补录已发布内容", recording},
		{"稿件", "/import/posts", "导入已发布内容", publishing},
		{"稿件", "/silence", "更新间隔", newsroom},
		{"稿件", "/matching", "发布核对", newsroom},
		{"稿件", "/posts/differences", "原创转载不一致", newsroom},
		{"稿件", "/posts/rules", "词库和稿源", newsroom},
		{"稿件", "/posts/reviewplan", "审核流程", newsroom},
		{"统计与年报", "/figures", "统计数字", everyone},
		{"统计与年报", "/tallies", "发稿统计", newsroom},
		{"统计与年报", "/tallies/quarter", "季度自查表", newsroom},
		{"统计与年报", "/readings", "阅读数据", newsroom},
		{"统计与年报", "/tables", "年报表格", everyone},
		{"统计与年报", "/registers", "年报台账", registering},
		{"统计与年报", "/report", "年度报告", everyone},
		{"统计与年报", "/report/check", "检查年度报告", checking},
		{"管理", "/members", "人员", management},
		{"管理", "/jobs", "定时任务", settings},
		{"管理", "/platform", "公众号状态", []staff.Right{staff.ManageSettings, staff.PublishPosts}},
		{"管理", "/calendar", "放假通知", settings},
		{"我", "/account", "我的账号", everyone},
		{"我", "/help", "使用帮助", everyone},
	}
	var out []navGroup
	for _, e := range all {
		if !(route{rights: e.rights}).allows(who) {
			continue
		}
		if len(out) == 0 || out[len(out)-1].Title != e.group {
			out = append(out, navGroup{Title: e.group})
		}
		last := &out[len(out)-1]
		last.Items = append(last.Items, navItem{Path: e.path, Title: e.title})
	}
	return out
}
