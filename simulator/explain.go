package simulator

import (
	"net/url"
	"strconv"
)

// explain says in plain words what an exchange is about, for people who want to understand the platform.
func (e Exchange) explain() string {
	if e.Direction == directionCallback {
		if text, known := callbackTexts[e.Name]; known {
			return text
		}
		return "平台把它推送到公众号的服务器。不认识的消息和事件也要在 5 秒内应答 success，否则平台会重推。"
	}
	u, err := url.Parse(e.URL)
	if err != nil {
		return ""
	}
	if text, known := apiTexts[u.Path]; known {
		return text
	}
	return "平台没有这个接口。"
}

// meaning says what an errcode means and what to do; empty for 0.
func meaning(code int) string {
	if code == 0 {
		return ""
	}
	if text, known := codeMeanings[code]; known {
		return text
	}
	return "errcode " + strconv.Itoa(code) + "：微信的返回码，含义见官方文档“全局返回码”。"
}

// callbackTexts explains callbacks by event or message type.
var callbackTexts = map[string]string{
	"verify": "在后台保存服务器地址时，平台用 GET 带上 echostr 来验证。服务器核对 signature 后原样返回 echostr，一个字节都不能多。",

	"text":       "市民发来文字。服务器要在 5 秒内应答：被动回复一条消息，或者 success。超时平台会断开并重推，MsgId 不变，要按 MsgId 排重。",
	"image":      "市民发来图片。PicUrl 可以直接下载；MediaId 是临时素材，3 天内有效。",
	"voice":      "市民发来语音。MediaId 是临时素材，Format 多为 amr；语音识别结果早已不提供。",
	"video":      "市民发来视频。视频和缩略图都是临时素材，3 天内有效。",
	"shortvideo": "市民发来小视频，字段与视频相同。",
	"location":   "市民发来位置：Location_X 是纬度，Location_Y 是经度，Label 是地名。",
	"link":       "市民转发来一个链接：标题、描述和网址。",
	"file":       "市民发来文件。官方文档没有写这种类型，真实账号会收到，服务器不能因此出错。",

	"subscribe":          "市民关注了公众号。扫带参数的二维码关注时，EventKey 以 qrscene_ 开头。此后 1 分钟内可以主动发 3 条客服消息。",
	"unsubscribe":        "市民不再关注。平台要求删除这位用户的数据；此后什么也发不到。应答的内容不会显示。",
	"SCAN":               "已关注的市民扫了带参数的二维码，EventKey 就是参数（没有 qrscene_ 前缀）。",
	"CLICK":              "市民点了类型为 click 的菜单，EventKey 是菜单的 key。此后 1 分钟内可以主动发 3 条客服消息。",
	"VIEW":               "市民点了打开网页的菜单，EventKey 是网址。只是告知，回复不会显示。",
	"view_miniprogram":   "市民点了打开小程序的菜单，EventKey 是小程序的页面路径。",
	"LOCATION":           "市民进入会话时上报的位置（要市民同意）。",
	"scancode_push":      "市民点了扫码菜单，ScanCodeInfo 里是扫到的内容，扫完由微信打开。",
	"scancode_waitmsg":   "市民点了扫码菜单，ScanCodeInfo 里是扫到的内容，微信等公众号回复。",
	"pic_sysphoto":       "市民点了拍照菜单。事件里只有张数和图片的 MD5，图片本身随后作为图片消息发来。",
	"pic_photo_or_album": "市民点了拍照或相册菜单。事件里只有张数和图片的 MD5，图片本身随后作为图片消息发来。",
	"pic_weixin":         "市民点了微信相册菜单。事件里只有张数和图片的 MD5，图片本身随后作为图片消息发来。",
	"location_select":    "市民点了选位置的菜单，随后还有一条位置消息。",

	"PUBLISHJOBFINISH":             "发布任务结束。publish_status：0 成功，2 原创声明失败，3 常规失败，4 平台审核不通过，5 成功后用户删除了全部文章，6 成功后平台封禁。只有 0 带 article_id 和链接。",
	"MASSSENDJOBFINISH":            "群发任务结束。Status 是结果；CopyrightCheckResult 是原创校验（CheckState 1 不是转载，2 转载可发，3 转载不可发）。这个事件可能丢失，而且没有接口能再查到原创校验结果。",
	"TEMPLATESENDJOBFINISH":        "一条模板消息送达与否。这里的编号字段叫 MsgID。",
	"subscribe_msg_popup_event":    "市民在订阅通知的弹窗里同意（accept）或拒绝（reject）。一次同意可以发一条，要自己记账。",
	"subscribe_msg_change_event":   "市民在设置里关掉了订阅通知，之前的同意作废。",
	"subscribe_msg_sent_event":     "一条订阅通知送达与否。",
	"debug_demo":                   "腾讯的推送调试工具发来的测试事件。",
	"verify_expired":               "微信认证过期了：发布、群发、客服消息等接口会被收回，要尽快年审。",
	"annual_renew":                 "该做微信认证年审了。",
	"qualification_verify_success": "资质认证通过，可以使用认证号的接口了。",
	"qualification_verify_fail":    "资质认证没有通过，FailReason 是原因。",
	"naming_verify_success":        "名称认证通过。",
	"naming_verify_fail":           "名称认证没有通过，资质认证可能仍有效。",
}

// apiTexts explains the API by path.
var apiTexts = map[string]string{
	"/cgi-bin/token":             "取 access_token，有效 7200 秒。每调一次就换一个新的，旧的 5 分钟后失效，所以只能有一处来取。",
	"/cgi-bin/stable_token":      "取稳定版 access_token：没到期就一直给同一个，多个进程各自取也不会互相顶掉。expires_in 是剩余秒数。",
	"/cgi-bin/getcallbackip":     "查平台推送消息时用的 IP，可用来设防火墙。",
	"/cgi-bin/get_api_domain_ip": "查接口服务器的 IP。",
	"/cgi-bin/openapi/quota/get": "查一个接口今天的额度：上限、已用、剩余。",
	"/cgi-bin/openapi/rid/get":   "凭出错信息里的 rid 查那次调用的细节。",
	"/cgi-bin/clear_quota":       "把所有接口今天的用量清零，每月只能 10 次。",
	"/cgi-bin/clear_quota/v2":    "用 AppSecret 把用量清零，每月只能 10 次。",

	"/cgi-bin/menu/create":               "设置底部菜单：1–3 个按钮，每个下面最多 5 个子菜单。整个覆盖。真实手机上有缓存，最长 24 小时才看到。",
	"/cgi-bin/menu/get":                  "查接口设置的菜单；没有设置过答 46003。",
	"/cgi-bin/menu/delete":               "删除菜单。",
	"/cgi-bin/get_current_selfmenu_info": "查当前生效的菜单，也包括在后台设置的。",

	"/cgi-bin/media/uploadimg":            "上传文章里的图片，换来 mmbiz.qpic.cn 的地址。文章里只有这种地址的图片会保留。只收 1 MB 以内的 jpg、png。",
	"/cgi-bin/media/upload":               "上传临时素材，3 天后失效。",
	"/cgi-bin/media/get":                  "下载临时素材，例如市民发来的图片。",
	"/cgi-bin/material/add_material":      "上传永久素材。文章封面要用永久图片的 media_id。",
	"/cgi-bin/material/get_material":      "取永久素材。",
	"/cgi-bin/material/del_material":      "删除永久素材。",
	"/cgi-bin/material/get_materialcount": "各类永久素材的数量。",
	"/cgi-bin/material/batchget_material": "分页列出永久素材。",
	"/cgi-bin/material/add_news":          "旧的图文素材接口，2022 年收回，现在用草稿箱。",
	"/cgi-bin/material/update_news":       "旧的图文素材接口，2022 年收回，现在用草稿箱。",

	"/cgi-bin/draft/add":      "把文章放进草稿箱。平台会去掉脚本和外站图片，检查标题、作者、摘要的长度。草稿发布或群发后就从草稿箱消失。接口不能声明原创。",
	"/cgi-bin/draft/get":      "取一份草稿。已经发布或群发的取不到（40007）。",
	"/cgi-bin/draft/update":   "改草稿里的一篇，index 从 0 数。",
	"/cgi-bin/draft/delete":   "删除草稿。",
	"/cgi-bin/draft/count":    "草稿箱里有几份草稿。",
	"/cgi-bin/draft/batchget": "分页列出草稿。",
	"/cgi-bin/draft/switch":   "草稿箱开关，开了就不能关。",

	"/cgi-bin/freepublish/submit":     "发布草稿：得到永久链接，不推送给关注者，也不在主页出现。应答 0 只表示收下了，结果要等 PUBLISHJOBFINISH 或自己去查。超时不能盲目重试，可能会发两遍。",
	"/cgi-bin/freepublish/get":        "查发布任务的状态；1 是还在发布。",
	"/cgi-bin/freepublish/delete":     "删除已发布的文章，不能撤回。",
	"/cgi-bin/freepublish/getarticle": "取已发布的文章。",
	"/cgi-bin/freepublish/batchget":   "分页列出“发布”过的文章。群发的不在里面，也没有接口能列出群发的文章。",

	"/cgi-bin/message/mass/sendall":   "群发给全部关注者或一个标签。公众号每天 1 次。带上 clientmsgid，超时后用同一个值再调就不会发两遍。结果看 MASSSENDJOBFINISH。",
	"/cgi-bin/message/mass/send":      "按 openid 群发，只有服务号可以。",
	"/cgi-bin/message/mass/preview":   "只发给一个人预览，草稿还在。",
	"/cgi-bin/message/mass/get":       "查群发任务：SENDING、SEND_SUCCESS、SEND_FAIL、DELETE。",
	"/cgi-bin/message/mass/delete":    "删除群发的文章；手机上的卡片还在，只是打不开了。",
	"/cgi-bin/message/mass/speed/get": "查群发速度。",
	"/cgi-bin/message/mass/speed/set": "设群发速度，0（最快）到 4。",

	"/cgi-bin/message/custom/send":        "主动发一条客服消息。只有市民最近和公众号互动过才行：发消息后 48 小时内 5 条，点菜单、扫码、关注后 1 分钟内 3 条。",
	"/cgi-bin/message/custom/typing":      "让手机上显示“对方正在输入”，最多 15 秒。",
	"/cgi-bin/message/template/subscribe": "一次性订阅消息：市民在授权页同意一次，可以发一条，不必关注。",
	"/cgi-bin/message/template/send":      "模板消息，只有认证服务号可以，只能发给关注者。",
	"/wxa/sec/queryblocktmplmsg":          "查被平台拦截的模板消息。",
	"/cgi-bin/message/subscribe/bizsend":  "订阅通知，只有认证服务号可以；每同意一次可以发一条。",

	"/cgi-bin/user/info":                     "查一位关注者。2021 年起没有昵称和头像。",
	"/cgi-bin/user/info/batchget":            "一次查最多 100 位。",
	"/cgi-bin/user/get":                      "列出关注者的 openid，一页 10000。",
	"/cgi-bin/user/info/updateremark":        "给关注者写备注名。",
	"/cgi-bin/tags/create":                   "建标签，最多 100 个。",
	"/cgi-bin/tags/get":                      "列出标签。",
	"/cgi-bin/tags/update":                   "改标签名。",
	"/cgi-bin/tags/delete":                   "删标签。",
	"/cgi-bin/user/tag/get":                  "列出有某个标签的关注者。",
	"/cgi-bin/tags/members/batchtagging":     "给最多 50 位关注者打标签。",
	"/cgi-bin/tags/members/batchuntagging":   "取下标签。",
	"/cgi-bin/tags/getidlist":                "查一位关注者有哪些标签。",
	"/cgi-bin/tags/members/getblacklist":     "列出黑名单。",
	"/cgi-bin/tags/members/batchblacklist":   "拉黑：不再收到群发，发来的消息也不推送。",
	"/cgi-bin/tags/members/batchunblacklist": "取消拉黑。",
	"/cgi-bin/qrcode/create":                 "生成带参数的二维码。扫了会推送 SCAN，没关注的人扫了先关注。",

	"/cgi-bin/comment/open":         "打开一篇文章的留言。",
	"/cgi-bin/comment/close":        "关闭一篇文章的留言。",
	"/cgi-bin/comment/list":         "列出留言，用 msg_data_id 和第几篇（从 0 数）来指文章。",
	"/cgi-bin/comment/markelect":    "把留言设为精选，读者才看得到。",
	"/cgi-bin/comment/unmarkelect":  "取消精选。",
	"/cgi-bin/comment/delete":       "删除留言。",
	"/cgi-bin/comment/reply/add":    "回复留言。",
	"/cgi-bin/comment/reply/delete": "删除回复。",

	"/datacube/getarticleread":        "按天的阅读数。前一天的数据早上 8 点以后才有。",
	"/datacube/getarticleshare":       "按天的分享数。",
	"/datacube/getbizsummary":         "发表内容的概况：阅读、分享、在看、点赞、留言。",
	"/datacube/getarticletotaldetail": "每篇文章发表以后逐日的数据；publish_type 0 是通知过的（群发），1 没有通知（发布）。",
}
