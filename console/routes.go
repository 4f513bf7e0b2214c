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
	menu    place         // where the menu lists it
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
	return slices.Concat(
		doorRoutes(c), requestRoutes(c), deskRoutes(c), accountPages(c), proactiveRoutes(c), redactRoutes(c), concernRoutes(c),
		itemRoutes(c), newsRoutes(c), reportRoutes(c), tallyRoutes(c), keepingRoutes(c), matchingRoutes(c), postImportRoutes(c),
		houseRoutes(c),
	)
}

// doorRoutes are the way in and out, the home page, and what everybody has of their own.
func doorRoutes(c *Console) []route {
	return []route{
		{pattern: "GET /login", public: true, serve: c.loginForm},
		{pattern: "POST /login", public: true, limit: loginLimit, serve: c.login},
		{pattern: "GET /login/code", public: true, serve: c.codeForm},
		{pattern: "POST /login/code", public: true, limit: loginLimit, serve: c.code},
		{pattern: "POST /logout", public: true, serve: c.logout},

		{pattern: "GET /{$}", menu: place{today, "等待处理的事"}, rights: everyone, serve: c.home},
		{pattern: "GET /help", menu: place{myself, "使用帮助"}, rights: everyone, serve: c.help},
		{pattern: "GET /account", menu: place{myself, "我的账号"}, rights: everyone, serve: c.account},
		{pattern: "POST /account/password", rights: everyone, serve: c.changePassword},
		{pattern: "GET /account/code", rights: everyone, serve: c.codeSetup},
		{pattern: "GET /account/code.png", rights: everyone, serve: c.codePicture},
		{pattern: "POST /account/code", rights: everyone, serve: c.codeOn},
		{pattern: "POST /account/code/off", rights: everyone, serve: c.codeOff},
	}
}

// requestRoutes are the register of requests, one case, and every act on it.
func requestRoutes(c *Console) []route {
	pages := []route{
		{pattern: "GET /requests", menu: place{requestsAndLetters, "申请台账"}, rights: requests, serve: c.requests},
		{pattern: "GET /requests/new", menu: place{requestsAndLetters, "代为登记申请"}, rights: handling, serve: c.intake},
		{pattern: "POST /requests", rights: handling, serve: c.fileOnBehalf},
		{pattern: "GET /requests/{id}", rights: requests, serve: c.requestCase},
		{pattern: "GET /requests/{id}/why", rights: requests, serve: c.why},
		{pattern: "GET /requests/{id}/letters/{n}", rights: requests, serve: c.letter},
		{pattern: "GET /requests/{id}/letters/{n}/docx", rights: revealing, serve: c.letterDOCX},
		{pattern: "POST /requests/{id}/reveal", rights: revealing, serve: c.reveal},
	}
	for _, a := range requestVerbs {
		pages = append(pages, route{pattern: "POST /requests/{id}/" + a.name, rights: a.rights, serve: c.actOnRequest(a)})
	}
	return pages
}

// itemRoutes are the list of items, one item with its editor, and every act on it.
func itemRoutes(c *Console) []route {
	pages := []route{
		{pattern: "GET /posts", menu: place{articles, "稿件列表"}, rights: newsroom, serve: c.posts},
		{pattern: "GET /posts/new", menu: place{articles, "写新稿件"}, rights: writing, serve: c.newPost},
		{pattern: "POST /posts", rights: writing, serve: c.createPost},
		{pattern: "GET /posts/preview", rights: writing, serve: c.emptyPreview},
		{pattern: "POST /posts/preview", rights: writing, serve: c.previewTyped},
		{pattern: "GET /posts/{id}", rights: newsroom, serve: c.postPage},
		{pattern: "GET /posts/{id}/edit", rights: writing, serve: c.editPost},
		{pattern: "POST /posts/{id}/edit", rights: writing, serve: c.savePost},
		{pattern: "GET /posts/{id}/preview", rights: newsroom, serve: c.previewPost},
		{pattern: "GET /posts/{id}/approval", rights: newsroom, serve: c.approval},
		{pattern: "POST /files", rights: writing, upload: true, serve: c.upload},
		{pattern: "GET /files/{id}", rights: newsroom, serve: c.file},
	}
	for _, a := range postVerbs {
		pages = append(pages, route{pattern: "POST /posts/{id}/" + a.name, rights: a.rights, serve: c.actOnPost(a)})
	}
	return pages
}

// houseRoutes are the administration of the house.
func houseRoutes(c *Console) []route {
	return []route{
		{pattern: "GET /members", menu: place{administration, "人员"}, rights: management, serve: c.members},
		{pattern: "POST /members", rights: management, serve: c.addMember},
		{pattern: "GET /members/{id}", rights: management, serve: c.member},
		{pattern: "POST /members/{id}", rights: management, serve: c.changeMember},
		{pattern: "POST /members/{id}/password", rights: management, serve: c.resetPassword},

		{pattern: "GET /organ", menu: place{administration, "机关概况"}, rights: settings, serve: c.organ},
		{pattern: "POST /organ/file", rights: settings, serve: c.organFile},

		{pattern: "GET /jobs", menu: place{administration, "定时任务"}, rights: settings, serve: c.jobs},
		{pattern: "POST /jobs/{name}/run", rights: settings, serve: c.runJob},
	}
}
