package simulator

import (
	"bytes"
	"embed"
	"encoding/json"
	"html/template"
	"net/http"
	"reflect"
	"strings"
)

// controlCall is one call of the control API: what the mux serves and what the page /sim/ tells about it.
type controlCall struct {
	Method, Path string
	About        string
	Example      string // a body; empty: the call takes none
	run          http.HandlerFunc
}

// controlCalls is the whole control API.
func (s *Server) controlCalls() []controlCall {
	return []controlCall{
		{"GET", "/sim/settings", "看全部设置。", "", s.locked(func(*http.Request) (any, error) { return s.state.settings, nil })},
		{"PATCH", "/sim/settings", "改设置，只写要改的字段；有一个写错就整体不改。", `{"publish_result":2,"publish_delay_ms":0}`, door(s.patchSettings)},
		{"GET", "/sim/clock", "看平台的时钟。", "", door(func(*http.Request) (any, error) { return obj{"now": stamp(s.clock.now())}, nil })},
		{"POST", "/sim/clock", "拨时钟：往前走一段（90s、30m、48h），或者到某时 {\"now\":\"2026-12-01T09:00:00+08:00\"}。", `{"advance":"48h"}`, door(s.setClock)},
		{"GET", "/sim/faults", "看安排了哪些故障、各发作了几次。", "", s.locked(func(*http.Request) (any, error) { return append([]*Fault{}, s.state.faults...), nil })},
		{"POST", "/sim/faults", "安排一个故障，见“故障”一节；答它的 id。", `{"on":"/cgi-bin/freepublish/submit","kind":"drop","times":1}`, door(s.postFault)},
		{"DELETE", "/sim/faults", "取消全部故障。", "", door(func(*http.Request) (any, error) { s.ClearFaults(); return nil, nil })},
		{"DELETE", "/sim/faults/{id}", "取消一个故障。", "", s.locked(s.deleteFault)},
		{"GET", "/sim/wire", "线路记录，最近 400 条，旧的在前。令牌和密钥总是遮盖，证件号和手机号按设置遮盖。", "", door(func(*http.Request) (any, error) { return s.Wire(), nil })},
		{"DELETE", "/sim/wire", "清空线路记录。", "", door(s.clearWire)},
		{"GET", "/sim/citizens", "看市民：id、openid、是否关注、编造的资料。", "", s.locked(func(*http.Request) (any, error) { return s.citizenViews(), nil })},
		{"POST", "/sim/citizens", "新增一位市民。", `{"id":"sun","name":"孙晓","followed":true}`, posted(s, s.addCitizen)},
		{"POST", "/sim/push", "推送手机上点不出来的消息或事件。fields 里文字、数字、对象、列表（同名元素重复）都可以；不写 citizen 就是平台自己发出的。", `{"event":"verify_expired","fields":{"ExpiredTime":1796000000}}`, posted(s, s.postPush)},
		{"POST", "/sim/consents", "登记一次订阅同意。scene 是一次性订阅消息的场景；不写就是订阅通知，次数累加并推送事件，refuse 为 true 是拒绝，withdraw 为 true 是事后关掉。", `{"citizen":"zhang","template_id":"` + DefaultTemplateID + `","scene":"7"}`, posted(s, s.addConsent)},
		{"POST", "/sim/readers", "让读者读、分享、点赞、在看、留言、收藏一篇文章，供统计接口使用。", `{"url":"http://…/s/…","read":12,"share":3,"like":2,"zaikan":1,"comment":1,"collection":1}`, posted(s, s.postReaders)},
		{"POST", "/sim/console", "像有人在公众平台后台手工发表一篇文章。notify 为 true 是通知关注者（群发，推送 MASSSENDJOBFINISH，带链接，没有 article_id）；false 是不通知（推送 PUBLISHJOBFINISH，列在 freepublish/batchget 里）。", `{"title":"手工发表的文章","content":"<p>正文</p>","notify":true}`, posted(s, s.postConsole)},
		{"POST", "/sim/verify", "像后台保存服务器地址那样用 echostr 验证回调地址；url 不写就是设置里的。答 {\"ok\":…,\"reason\":…}。", `{"url":"http://127.0.0.1:8080/wechat"}`, door(s.postVerify)},
		{"POST", "/sim/tokens/drop", "所有 access_token 立即失效，下一次调用得到 40001。", "", s.locked(func(*http.Request) (any, error) { s.state.tokens.drop(); return nil, nil })},
		{"POST", "/sim/publish/{publish_id}/ban", "已发布的内容被平台封禁：publish_status 6，推送第二次 PUBLISHJOBFINISH。", "", s.locked(s.postBan)},
		{"POST", "/sim/mass/{msg_id}", "管理员在手机上答复群发确认。", `{"agree":true}`, door(s.confirmMass)},
		{"GET", "/sim/state", "看草稿、发布、群发、文章、菜单、额度用量。", "", s.locked(s.controlState)},
		{"POST", "/sim/wait", "等到没有正在发布、正在推送的东西再应答，脚本里代替睡眠。", "", door(s.postWait)},
		{"POST", "/sim/reset", "忘掉一切，回到启动时的样子。", "", s.locked(s.postReset)},
	}
}

// settingTexts explains the settings by their JSON names.
var settingTexts = map[string]string{
	"callback_url":         "回调地址，空着就不推送",
	"mode":                 "加密方式：safe 安全、compatible 兼容、plain 明文",
	"kind":                 "账号：certified_subscription 认证公众号、certified_service 认证服务号、uncertified 未认证、personal 个人。没有权限的接口答 48001",
	"reply_timeout_ms":     "回调多久不应答就断开（真实的时间）",
	"push_attempts":        "一条消息总共推几次",
	"retry_pause_ms":       "两次推送的间隔",
	"publish_delay_ms":     "提交发布到完成的时间",
	"publish_result":       "之后的发布结果：0 成功、2 原创失败、3 常规失败、4 审核不通过；5、6 是先成功（推送 0），再被用户删除、被平台封禁（推送 5、6）",
	"fail_idx":             "结果是 2、4 时哪几篇没有通过，从 1 数",
	"format":               "推送的数据格式：xml 或 json（账号的设置；应答仍是 XML 或 success）",
	"publish_id_as_string": "publish_id 用字符串（腾讯两处文档写法不一）",
	"draft_stays":          "草稿到发布完成才消失，期间再次提交会发两遍",
	"title_limit":          "标题字数上限，32 或 64（腾讯两处文档不一）",
	"mass_delay_ms":        "群发多久完成",
	"mass_status":          "群发结果：send success、send fail 或 err(N)，如 err(20001)",
	"mass_confirm":         "群发保护：空 不问；wait 等管理员答复，平台时钟过了 30 分钟得 err(40002)；refuse 立即拒绝 err(40001)；timeout 立即当作没人理 err(40002)",
	"copyright":            "之后群发的原创校验，如 {\"check_state\":2,\"items\":[{\"article_idx\":1,\"can_reprint\":1}]}；2 且 send_ignore_reprint=0 得 err(30003)，3 得 err(30002)",
	"omit_article_urls":    "群发完成事件的 ArticleUrlResult 是空的（真实平台有时如此）",
	"tag_id_required":      "群发不带 tag_id 就答 40152，发给全部人也一样（有的账号如此）",
	"template_status":      "模板消息的结果：success、failed:user block、failed: system failed、failed:freq limit",
	"ip_list":              "IP 白名单，不在其中答 40164；空的不限制",
	"quota":                "按接口路径改每日额度，如 {\"/cgi-bin/draft/add\":2}；用完答 45009",
	"minute_quota":         "每个接口每分钟的额度，用完答 45011；0 只有微信公布的那些（stable_token 一万次，群发 60 次）",
	"minute_quotas":        "按接口路径改每分钟的额度，如 {\"/cgi-bin/draft/add\":2}；0 不限制",
	"mass_quota":           "每天可以群发几次，用完答 45028",
	"show_identity":        "线路里显示完整的身份证号和手机号",
}

// faultRow explains one failure.
type faultRow struct {
	Kind  FaultKind
	About string
	API   bool // of an API call, not of a callback
}

var faultRows = []faultRow{
	{FaultBusy, "答 errcode -1，没有处理", true},
	{FaultCode, "答任意 errcode（字段 code），没有处理", true},
	{FaultStatus, "答 HTTP 502，或字段 status，没有处理", true},
	{FaultHang, "不应答，delay_ms（默认 60000）后断开，没有处理", true},
	{FaultSlow, "处理了，delay_ms 后才应答", true},
	{FaultDrop, "处理了，应答前断开", true},
	{FaultTruncate, "处理了，应答的 JSON 只有一半", true},
	{FaultRepeat, "只用于 /cgi-bin/message/mass/sendall、send：群发受理了，却答 45065，带 msg_id（平台内部重试，真实发生过）", true},
	{FaultLose, "不推送", false},
	{FaultLate, "晚 delay_ms（默认 10000）推送", false},
	{FaultSwap, "与下一条对调：等下一条推送完再推（乱序）；没有下一条就等 delay_ms（默认 10000）", false},
	{FaultDuplicate, "已经应答仍再推一次", false},
	{FaultEarly, "只用于 PUBLISHJOBFINISH、MASSSENDJOBFINISH：事件先到，提交的应答后到", false},
}

//go:embed pages
var pageFiles embed.FS

var controlPage = template.Must(template.ParseFS(pageFiles, "pages/control.html"))

type settingRow struct{ Name, Default, About string }

type apiRow struct {
	Method, Path, Name, Right string
	Daily                     int
}

// controlPageData is what the page /sim/ shows.
type controlPageData struct {
	Base                              string
	AppID, Secret, Token, AESKey, Own string
	Callback                          string
	Calls                             []controlCall
	Settings                          []settingRow
	Faults                            []faultRow
	APIs                              []apiRow
	Citizens                          []citizenView
}

var rightNames = map[right]string{everyone: "都可以", certified: "已认证", serviceOnly: "认证服务号"}

// controlRoutes serves the control API, the page that describes it, and a sentence for everything else below /sim/.
func (s *Server) controlRoutes(mux *http.ServeMux) {
	for _, c := range s.controlCalls() {
		mux.HandleFunc(c.Method+" "+c.Path, c.run)
	}
	mux.HandleFunc("GET /sim/{$}", s.serveControlPage)
	mux.HandleFunc("/sim/", s.unknownControl)
}

// unknownControl tells a wrong method from a wrong path.
func (s *Server) unknownControl(w http.ResponseWriter, r *http.Request) {
	known := http.NewServeMux()
	for _, c := range s.controlCalls() {
		known.HandleFunc(c.Method+" "+c.Path, c.run)
	}
	var methods []string
	for _, method := range []string{"GET", "POST", "PATCH", "DELETE"} {
		probe := r.Clone(r.Context())
		probe.Method = method
		if _, pattern := known.Handler(probe); pattern != "" {
			methods = append(methods, method)
		}
	}
	refusal := notFound("没有 " + r.Method + " " + r.URL.Path + " 这个控制接口，全部列在 /sim/")
	if len(methods) > 0 {
		refusal = &doorError{http.StatusMethodNotAllowed, r.URL.Path + " 要用 " + strings.Join(methods, "、") + "，不能用 " + r.Method}
	}
	door(func(*http.Request) (any, error) { return nil, refusal })(w, r)
}

// serveControlPage is GET /sim/: the control API in Chinese, written from the tables that serve it.
func (s *Server) serveControlPage(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	data := controlPageData{
		Base: s.base(r), AppID: s.AppID, Secret: publicValue(s.AppSecret, DefaultAppSecret), Token: publicValue(s.Token, DefaultToken),
		AESKey: publicValue(s.AESKey, DefaultAESKey), Own: s.OriginalID, Callback: s.state.settings.CallbackURL,
		Calls: s.controlCalls(), Settings: settingRows(s.state.settings), Faults: faultRows, Citizens: s.citizenViews(),
	}
	s.mu.Unlock()
	for _, e := range endpoints() {
		data.APIs = append(data.APIs, apiRow{e.methodName(), e.path, e.name, rightNames[e.need], e.daily})
	}
	var page bytes.Buffer
	if err := controlPage.Execute(&page, data); err != nil {
		http.Error(w, "page", http.StatusInternalServerError)
		return
	}
	guardPage(w)
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write(page.Bytes())
}

func (e endpoint) methodName() string {
	if e.method == "" {
		return "GET POST"
	}
	return e.method
}

// publicValue shows a credential only when it is the one printed in the documentation.
func publicValue(value, public string) string {
	if value == public {
		return value
	}
	return "（启动时给出的值）"
}

// settingRows lists the settings in the order of the struct, with their present values.
func settingRows(set Settings) []settingRow {
	body, _ := encode(set)
	values := map[string]json.RawMessage{}
	_ = json.Unmarshal(body, &values)
	var rows []settingRow
	for _, name := range fieldNames(reflect.TypeOf(set)) {
		rows = append(rows, settingRow{name, string(values[name]), settingTexts[name]})
	}
	return rows
}

// Targets is where a failure can strike, for the page.
func (f faultRow) Targets() string {
	if f.API {
		return "接口"
	}
	return "回调"
}

// Curl is a command that a reader can paste.
func (c controlCall) Curl(base string) string {
	path := strings.NewReplacer("{id}", "1", "{publish_id}", "100000002", "{msg_id}", "1000000003").Replace(c.Path)
	command := "curl -s " + base + path
	if c.Method != http.MethodGet {
		command = "curl -s -X " + c.Method + " " + base + path
	}
	if c.Example != "" {
		command += " -d '" + c.Example + "'"
	}
	return command
}
