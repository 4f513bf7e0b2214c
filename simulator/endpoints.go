package simulator

import (
	"net/http"
	"slices"
)

const (
	get  = http.MethodGet
	post = http.MethodPost
)

const many = 100_000 // calls a day, where no limit is known

// endpoints is the API: one row for each call. Daily limits are those that Tencent publishes or that accounts have
// been seen with.
func endpoints() []endpoint {
	return slices.Concat(accountEndpoints(), publishingEndpoints(), messageEndpoints(), readerEndpoints())
}

// accountEndpoints are tokens, quotas, the menu and materials.
func accountEndpoints() []endpoint {
	return []endpoint{
		{get, "/cgi-bin/token", everyone, 2000, "取 access_token", getToken},
		{post, "/cgi-bin/stable_token", everyone, 500_000, "取稳定 access_token", with(stableToken)},
		{get, "/cgi-bin/getcallbackip", everyone, many, "回调服务器 IP", ipList},
		{get, "/cgi-bin/get_api_domain_ip", everyone, many, "接口服务器 IP", ipList},
		{post, "/cgi-bin/openapi/quota/get", everyone, many, "查接口额度", with(quotaGet)},
		{post, "/cgi-bin/openapi/rid/get", everyone, many, "查 rid", with(ridGet)},
		{post, "/cgi-bin/clear_quota", everyone, many, "清零额度", with(clearQuota)},
		{post, "/cgi-bin/clear_quota/v2", everyone, many, "清零额度（密钥）", clearQuotaBySecret},

		{post, "/cgi-bin/menu/create", everyone, 1000, "创建菜单", with(menuCreate)},
		{get, "/cgi-bin/menu/get", everyone, 10_000, "查菜单", menuGet},
		{"", "/cgi-bin/menu/delete", everyone, 1000, "删除菜单", menuDelete},
		{get, "/cgi-bin/get_current_selfmenu_info", everyone, 10_000, "查当前菜单", selfMenu},

		{post, "/cgi-bin/media/uploadimg", everyone, many, "上传图文内图片", uploadImage},
		{post, "/cgi-bin/media/upload", everyone, many, "上传临时素材", uploadMedia},
		{get, "/cgi-bin/media/get", everyone, 200_000, "取临时素材", getMedia},
		{post, "/cgi-bin/material/add_material", everyone, 1000, "上传永久素材", addMaterial},
		{post, "/cgi-bin/material/get_material", everyone, 1000, "取永久素材", with(getMaterial)},
		{post, "/cgi-bin/material/del_material", everyone, 1000, "删永久素材", with(deleteMaterial)},
		{get, "/cgi-bin/material/get_materialcount", everyone, 1000, "素材总数", materialCount},
		{post, "/cgi-bin/material/batchget_material", everyone, 1000, "素材列表", with(listMaterial)},
		{post, "/cgi-bin/material/add_news", everyone, 1000, "旧图文素材", withdrawn},
		{post, "/cgi-bin/material/update_news", everyone, 1000, "旧图文素材", withdrawn},
	}
}

// publishingEndpoints are drafts and the two ways to publish them.
func publishingEndpoints() []endpoint {
	return []endpoint{
		{post, "/cgi-bin/draft/add", everyone, 1000, "新增草稿", with(draftAdd)},
		{post, "/cgi-bin/draft/get", everyone, 1000, "取草稿", with(draftGet)},
		{post, "/cgi-bin/draft/update", everyone, 1000, "改草稿", with(draftUpdate)},
		{post, "/cgi-bin/draft/delete", everyone, 1000, "删草稿", with(draftDelete)},
		{get, "/cgi-bin/draft/count", everyone, 1000, "草稿总数", draftCount},
		{post, "/cgi-bin/draft/batchget", everyone, 1000, "草稿列表", with(draftList)},
		{post, "/cgi-bin/draft/switch", everyone, 1000, "草稿箱开关", draftSwitch},

		{post, "/cgi-bin/freepublish/submit", certified, 1000, "发布草稿", with(publishSubmit)},
		{post, "/cgi-bin/freepublish/get", certified, 1000, "查发布状态", with(publishGet)},
		{post, "/cgi-bin/freepublish/delete", certified, 1000, "删除发布", with(publishDelete)},
		{post, "/cgi-bin/freepublish/getarticle", certified, 1000, "取已发布文章", with(publishArticle)},
		{post, "/cgi-bin/freepublish/batchget", certified, 1000, "已发布列表", with(publishList)},

		{post, "/cgi-bin/message/mass/sendall", certified, 100, "群发", with(sendAll)},
		{post, "/cgi-bin/message/mass/send", serviceOnly, 100, "按 openid 群发", with(sendByOpenID)},
		{post, "/cgi-bin/message/mass/preview", certified, 100, "群发预览", with(preview)},
		{post, "/cgi-bin/message/mass/get", certified, many, "查群发状态", with(massGet)},
		{post, "/cgi-bin/message/mass/delete", certified, 10, "删除群发", with(massDelete)},
		{post, "/cgi-bin/message/mass/speed/get", certified, many, "查群发速度", speedGet},
		{post, "/cgi-bin/message/mass/speed/set", certified, many, "设群发速度", with(speedSet)},
	}
}

// messageEndpoints are messages to one person.
func messageEndpoints() []endpoint {
	return []endpoint{
		{post, "/cgi-bin/message/custom/send", certified, 500_000, "客服消息", with(customSend)},
		{post, "/cgi-bin/message/custom/typing", certified, 500_000, "输入状态", with(customTyping)},
		{post, "/cgi-bin/message/template/subscribe", certified, many, "一次性订阅消息", with(subscribeSend)},
		{post, "/cgi-bin/message/template/send", serviceOnly, many, "模板消息", with(templateSend)},
		{post, "/wxa/sec/queryblocktmplmsg", serviceOnly, many, "被拦截的模板消息", blockedTemplates},
		{post, "/cgi-bin/message/subscribe/bizsend", serviceOnly, many, "订阅通知", with(bizSend)},
	}
}

// readerEndpoints are followers, comments and statistics.
func readerEndpoints() []endpoint {
	return []endpoint{
		{get, "/cgi-bin/user/info", certified, 5_000_000, "用户信息", userInfo},
		{post, "/cgi-bin/user/info/batchget", certified, many, "批量用户信息", with(userInfoBatch)},
		{get, "/cgi-bin/user/get", certified, 500, "关注者列表", userGet},
		{post, "/cgi-bin/user/info/updateremark", certified, 10_000, "备注", with(userRemark)},
		{post, "/cgi-bin/tags/create", certified, 1000, "建标签", with(tagCreate)},
		{get, "/cgi-bin/tags/get", certified, 1000, "标签列表", tagList},
		{post, "/cgi-bin/tags/update", certified, 1000, "改标签", with(tagUpdate)},
		{post, "/cgi-bin/tags/delete", certified, 1000, "删标签", with(tagDelete)},
		{post, "/cgi-bin/user/tag/get", certified, 1000, "标签下的用户", with(tagUsers)},
		{post, "/cgi-bin/tags/members/batchtagging", certified, many, "打标签", with(tagMembers(true))},
		{post, "/cgi-bin/tags/members/batchuntagging", certified, many, "去标签", with(tagMembers(false))},
		{post, "/cgi-bin/tags/getidlist", certified, many, "用户的标签", with(tagsOf)},
		{post, "/cgi-bin/tags/members/getblacklist", certified, many, "黑名单", with(blacklisted)},
		{post, "/cgi-bin/tags/members/batchblacklist", certified, many, "拉黑", with(blacklist(true))},
		{post, "/cgi-bin/tags/members/batchunblacklist", certified, many, "取消拉黑", with(blacklist(false))},
		{post, "/cgi-bin/qrcode/create", certified, many, "带参二维码", with(qrCreate)},

		{post, "/cgi-bin/comment/open", certified, 1000, "打开留言", with(commentSwitch(true))},
		{post, "/cgi-bin/comment/close", certified, 1000, "关闭留言", with(commentSwitch(false))},
		{post, "/cgi-bin/comment/list", certified, 1000, "留言列表", with(commentList)},
		{post, "/cgi-bin/comment/markelect", certified, 1000, "精选留言", with(onComment(electComment))},
		{post, "/cgi-bin/comment/unmarkelect", certified, 1000, "取消精选", with(onComment(unelectComment))},
		{post, "/cgi-bin/comment/delete", certified, 1000, "删留言", with(onComment(deleteComment))},
		{post, "/cgi-bin/comment/reply/add", certified, 1000, "回复留言", with(onComment(replyComment))},
		{post, "/cgi-bin/comment/reply/delete", certified, 1000, "删回复", with(onComment(unreplyComment))},

		{post, "/datacube/getarticleread", certified, 1000, "每日阅读", with(articleDays(func(r *readers) int { return r.Read }))},
		{post, "/datacube/getarticleshare", certified, 1000, "每日分享", with(articleDays(func(r *readers) int { return r.Share }))},
		{post, "/datacube/getbizsummary", certified, 1000, "发表概况", with(bizSummary)},
		{post, "/datacube/getarticletotaldetail", certified, 1000, "发表明细", with(articleTotals)},
	}
}

// withdrawn answers for calls that Tencent took back in 2022.
func withdrawn(*call) (any, error) { return nil, fail(45106) }

// unknownPrefixes are where Tencent's calls begin; what has no row of its own answers 40066.
var unknownPrefixes = []string{"/cgi-bin/", "/datacube/", "/wxa/"}

// unknownPath answers for everything else under the prefixes.
func unknownPath(*call) (any, error) { return nil, fail(40066) }
