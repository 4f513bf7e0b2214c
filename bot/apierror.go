package bot

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"shoushan/fault"
)

// APIError is a refusal by the platform: the call arrived and had no effect. Its text never holds a secret or token.
type APIError struct {
	Code int    // errcode
	Path string // of the call, such as /cgi-bin/draft/add
	RID  string // the platform's reference of the call, kept there for seven days
	Note string // an address that the platform names, when an IP is not allowed; otherwise ""

	MsgID string // of the mass send that exists already (45065); otherwise ""

	// Until is when the call may be made again, after a quota that is used up or a right that is missing; until then the
	// client refuses it without a call. Zero for other codes.
	Until time.Time
}

// Error returns the code, its meaning and what to do, for the log and for staff.
func (e *APIError) Error() string {
	text := fmt.Sprintf("wechat %s: %d %s", e.Path, e.Code, e.sentence())
	if e.RID != "" {
		text += " (rid " + e.RID + ")"
	}
	return text
}

// Unwrap returns the fault that it means, so that fault.KindOf and fault.Message work.
func (e *APIError) Unwrap() error { return fault.New(e.advice().kind, e.sentence()) }

func (e *APIError) sentence() string {
	a := e.advice()
	text := fmt.Sprintf("微信：%s（代码 %d", a.meaning, e.Code)
	if e.Note != "" {
		text += "，" + e.Note
	}
	return text + "）。" + a.action
}

func (e *APIError) advice() advice {
	if a, known := advices[e.Code]; known {
		return a
	}
	return advice{fault.Unavailable, "没有执行这次操作", "请在微信开发者平台查询这个代码，或者稍后再试。"}
}

// Code returns the platform's error code in err's chain, or 0.
func Code(err error) int {
	if e, ok := errors.AsType[*APIError](err); ok {
		return e.Code
	}
	return 0
}

var (
	ridPattern  = regexp.MustCompile(`rid: ([0-9a-zA-Z-]{1,64})`)
	addrPattern = regexp.MustCompile(`invalid ip (\S{1,64})`)
)

// newAPIError keeps of errmsg only what is known to be harmless: it may quote what was sent.
func newAPIError(path string, code int, errmsg string) *APIError {
	e := &APIError{Code: code, Path: path}
	if m := ridPattern.FindStringSubmatch(errmsg); m != nil {
		e.RID = m[1]
	}
	if m := addrPattern.FindStringSubmatch(errmsg); m != nil {
		e.Note = "服务器 IP " + strings.Trim(m[1], ",;")
	}
	return e
}

// Codes that the client itself acts on.
const (
	codeBusy        = -1
	codeNoMenu      = 46003
	codeBadMedia    = 40007
	codeNoConsent   = 43101
	codeOutOfWindow = 45015
	codeOutOfCount  = 45047
	codeMassExists  = 45065
)

// tokenRejected reports whether the platform refused the access token, so that a new one may help.
func tokenRejected(err error) bool {
	switch Code(err) {
	case 40001, 40014, 41001, 42001:
		return true
	}
	return false
}

// advice is what a code means and what to do about it (wechat.md §2.11).
type advice struct {
	kind            fault.Kind
	meaning, action string
}

const (
	waitDay    = "请在明天零点以后再试。"
	askAdmin   = "请系统管理员检查公众号设置。"
	editAgain  = "请修改后再试。"
	toConsole  = "请到微信公众平台后台的草稿箱里打开这篇稿件处理。"
	askHuman   = "请公众号管理员登录微信公众平台处理。"
	otherRoute = "请改用其他方式告知对方，例如打电话。"
)

var advices = map[int]advice{
	-1:    {fault.Unavailable, "系统繁忙", "请稍后再试。"},
	40001: {fault.Unavailable, "访问令牌或 AppSecret 不正确", "系统会自动更换令牌；反复出现时" + askAdmin},
	40002: {fault.Invalid, "凭证类型不正确", askAdmin},
	40003: {fault.Invalid, "OpenID 不正确", "对方可能没有关注过本公众号。"},
	40004: {fault.Invalid, "素材类型不正确", "请换成 jpg 或者 png 图片。"},
	40005: {fault.Invalid, "文件类型不支持", "请换成 jpg 或者 png 图片。"},
	40006: {fault.Invalid, "文件太大", "请压缩图片后再试。"},
	40007: {fault.Conflict, "素材或者草稿不存在，可能已经发布或者被删除", "请查看稿件是否已经发布，不要直接重发。"},
	40008: {fault.Invalid, "消息类型不正确", askAdmin},
	40009: {fault.Invalid, "图片太大", "请压缩图片后再试。"},
	40013: {fault.Unavailable, "AppID 不正确", askAdmin},
	40014: {fault.Unavailable, "访问令牌不正确", "系统会自动更换令牌；反复出现时" + askAdmin},
	40016: {fault.Invalid, "菜单按钮数量不正确", editAgain},
	40017: {fault.Invalid, "菜单按钮类型不正确", editAgain},
	40018: {fault.Invalid, "菜单按钮名称太长", editAgain},
	40019: {fault.Invalid, "菜单按钮的 KEY 太长", editAgain},
	40020: {fault.Invalid, "菜单按钮的链接太长", editAgain},
	40023: {fault.Invalid, "子菜单按钮数量不正确", editAgain},
	40024: {fault.Invalid, "子菜单按钮类型不正确", editAgain},
	40025: {fault.Invalid, "子菜单按钮名称太长", editAgain},
	40026: {fault.Invalid, "子菜单按钮的 KEY 太长", editAgain},
	40027: {fault.Invalid, "子菜单按钮的链接太长", editAgain},
	40035: {fault.Invalid, "参数不正确", askAdmin},
	40037: {fault.Invalid, "消息模板不正确", askAdmin},
	40059: {fault.Invalid, "群发消息编号不正确", askAdmin},
	40060: {fault.Invalid, "没有这一篇", editAgain},
	40066: {fault.Invalid, "接口地址不存在", askAdmin},
	40125: {fault.Unavailable, "AppSecret 不正确", askAdmin},
	40130: {fault.Invalid, "群发对象太少", editAgain},
	40137: {fault.Invalid, "图片格式不支持", "请换成 jpg 或者 png 图片。"},
	40152: {fault.Invalid, "群发的标签不存在或者已经删除", "请重新选择推送给谁。"},
	40164: {fault.Unavailable, "服务器 IP 不在白名单里", "请把这个 IP 加入微信开发者平台的 IP 白名单。"},
	40243: {fault.Unavailable, "AppSecret 已被冻结", askHuman},
	41001: {fault.Unavailable, "缺少访问令牌", "系统会自动更换令牌；反复出现时" + askAdmin},
	41004: {fault.Unavailable, "缺少 AppSecret", askAdmin},
	41030: {fault.Invalid, "跳转的页面不正确", askAdmin},
	41005: {fault.Invalid, "没有文件内容", "请重新上传。"},
	42001: {fault.Unavailable, "访问令牌已过期", "系统会自动更换令牌；反复出现时" + askAdmin},
	43004: {fault.Conflict, "对方没有关注公众号", otherRoute},
	43101: {fault.Conflict, "对方没有同意接收这类消息", otherRoute},
	44003: {fault.Invalid, "图文内容为空", editAgain},
	45001: {fault.Invalid, "文件太大", "请压缩后再试。"},
	45002: {fault.Invalid, "消息内容太长", editAgain},
	45003: {fault.Invalid, "标题太长", "请缩短标题后再试。"},
	45004: {fault.Invalid, "摘要太长", "请缩短摘要后再试。"},
	45005: {fault.Invalid, "链接太长", "请换成短一些的链接。"},
	45008: {fault.Invalid, "图文条数太多", editAgain},
	45009: {fault.Unavailable, "今天的接口调用次数已用完", waitDay},
	45010: {fault.Invalid, "菜单的设置不正确", editAgain},
	45011: {fault.Unavailable, "接口调用太频繁", "请一分钟以后再试。"},
	45015: {fault.Conflict, "已经超过可以主动发消息的时限，或者对方取消了关注", otherRoute},
	45028: {fault.Conflict, "没有剩余的群发次数", "稿件保留为已发布、未推送。"},
	45047: {fault.Conflict, "可以主动发送的条数已用完", "等对方再次联系以后才能发送。"},
	45056: {fault.Conflict, "标签太多，最多 100 个", "请先删除不用的标签。"},
	45057: {fault.Conflict, "标签下的粉丝超过十万，不能直接删除", "请先取消这些粉丝的标签。"},
	45058: {fault.Forbidden, "系统自带的标签不能修改", "请换一个标签。"},
	45059: {fault.Conflict, "这位粉丝的标签太多，最多 20 个", "请先取消几个标签。"},
	45065: {fault.Conflict, "这次群发已经提交过", "请查询群发结果，不要重发。"},
	45066: {fault.Unavailable, "群发请求太频繁", "请一分钟以后再试。"},
	45067: {fault.Invalid, "群发标识太长", askAdmin},
	45072: {fault.Invalid, "输入状态的命令不正确", askAdmin},
	45080: {fault.Conflict, "对方最近没有联系过，不能显示正在输入", "不影响答复本身。"},
	45081: {fault.Conflict, "已经在显示正在输入", "不影响答复本身。"},
	45083: {fault.Invalid, "群发速度的级别不正确", askAdmin},
	45084: {fault.Invalid, "没有设置群发速度", askAdmin},
	45106: {fault.Invalid, "这个接口微信已经停用", askAdmin},
	45110: {fault.Invalid, "作者太长", "作者不能超过 16 个字。"},
	45157: {fault.Conflict, "标签重名", "请换一个名称。"},
	45158: {fault.Invalid, "标签名太长", "标签名不能超过 30 个字。"},
	45159: {fault.NotFound, "没有这个标签", editAgain},
	45166: {fault.Invalid, "正文里有微信不接受的内容", editAgain},
	46003: {fault.NotFound, "还没有菜单", "请先创建菜单。"},
	47003: {fault.Invalid, "模板消息的内容不合要求", editAgain},
	48001: {fault.Forbidden, "这个公众号没有这项权限", "需要已认证的公众号。"},
	48002: {fault.Conflict, "对方拒收公众号的消息", otherRoute},
	48003: {fault.Forbidden, "管理员没有同意群发协议", askHuman},
	48004: {fault.Forbidden, "这项接口已被封禁", askHuman},
	48006: {fault.Unavailable, "清零次数已用完", waitDay},
	48021: {fault.Conflict, "自动保存的草稿不能发布", toConsole},
	50002: {fault.Forbidden, "公众号已被限制", askHuman},
	50004: {fault.Forbidden, "账号已被冻结", askHuman},
	50005: {fault.Conflict, "对方没有关注公众号", otherRoute},
	50007: {fault.Forbidden, "账号已被屏蔽", askHuman},
	53402: {fault.Invalid, "封面裁剪失败", "请换一张封面图片。"},
	53404: {fault.Forbidden, "这个账号不能在文章里带商品", askHuman},
	53405: {fault.Invalid, "文章里的商品信息不正确", editAgain},
	53406: {fault.Forbidden, "这个账号还没有开通商品功能", askHuman},
	53500: {fault.Forbidden, "发布功能已被封禁", askHuman},
	53501: {fault.Unavailable, "发布太频繁", "请过几分钟再试一次。"},
	53502: {fault.NotFound, "发布任务编号不正确", "请到微信公众平台后台查看这篇稿件。"},
	53503: {fault.Conflict, "草稿没有通过发布检查", toConsole},
	53504: {fault.Conflict, "这篇草稿只能在后台发布", toConsole},
	53505: {fault.Conflict, "这篇草稿要先在后台手动保存", toConsole},
	53600: {fault.NotFound, "文章编号不正确", "请到微信公众平台后台查看这篇稿件。"},
	61500: {fault.Invalid, "日期写法不正确", editAgain},
	61501: {fault.Invalid, "统计的日期范围不正确", "最多 30 天，最晚到昨天。"},
	65316: {fault.Invalid, "菜单里的外部链接超过三个域名", editAgain},
	76021: {fault.Invalid, "没有这个接口", askAdmin},
	88000: {fault.Forbidden, "没有留言权限", askHuman},
	88001: {fault.NotFound, "没有这篇文章的留言", editAgain},
	88002: {fault.Forbidden, "这篇文章的留言被安全限制", askHuman},
	88003: {fault.Conflict, "精选留言已满", "请先取消几条精选。"},
	88004: {fault.Forbidden, "这条留言不能设为精选", editAgain},
	88005: {fault.Conflict, "这条留言没有精选", editAgain},
	88007: {fault.Conflict, "这条留言已经回复过", "要改请先删除原回复。"},
	88008: {fault.NotFound, "没有这条留言，可能已经删除", editAgain},
	88010: {fault.Invalid, "一次列出的留言太多", "一次最多 49 条。"},
	89501: {fault.Unavailable, "服务器 IP 等待管理员确认", askHuman},
	89503: {fault.Unavailable, "服务器 IP 需要管理员确认", askHuman},
	89506: {fault.Unavailable, "服务器 IP 被管理员拒绝", askHuman},
	89507: {fault.Unavailable, "服务器 IP 被管理员拒绝", askHuman},
}
