package console_test

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"shoushan/fault"
	"shoushan/posts"
)

func TestTheCalendarMovesDaysAndKeepsTimes(t *testing.T) {
	h := newHouse(t)
	id := h.approvedPost(t, "周末便民服务公告")
	zheng := h.as(t, "zheng")
	zheng.get("/posts/calendar").wants(t, 200, []string{"还没有安排时间", `data-tray="` + id}, nil)
	zheng.get("/posts/"+id+"?on=2026-11-27").wants(t, 200, []string{`value="2026-11-27 09:00"`}, nil)
	zheng.follow("/posts/"+id+"/schedule", url.Values{"at": {"2026-11-30T23:59"}})
	month := zheng.get("/posts/calendar?view=month&on=2026-11-23")
	month.wants(t, 200, []string{"2026年11月", `data-move="` + id, "23:59", `data-day="2026-11-30"`, `data-day="2026-12-06"`}, nil)
	zheng.get("/posts/calendar?view=week&on=2026-11-30").wants(t, 200, []string{"2026年11月30日至2026年12月6日", "23:59"}, nil)
	zheng.follow("/posts/"+id+"/move", url.Values{"day": {"2026-12-01"}, "view": {"week"}, "on": {"2026-11-30"}}).
		wants(t, 200, []string{"已移到 2026年12月1日 23:59", "2026年11月30日至"}, nil)
	zheng.post("/posts/"+id+"/move", url.Values{"day": {"2026-11-20"}}).wants(t, 422, []string{"已经过去", "发布日历"}, nil)
	zheng.post("/posts/"+id+"/move", url.Values{"day": {""}}).wants(t, 422, []string{"要移到的日期"}, nil)
	h.as(t, "sun").get("/posts/calendar?on=2026-12-01").wants(t, 200, []string{"周末便民服务公告"}, []string{"data-move"})
	h.as(t, "sun").get("/posts/calendar?on=2026-10-01").wants(t, 200, []string{`<small class="mark">休</small>`, `<small class="mark">班</small>`, "没有发布过稿件"}, nil)
}

func TestTheQueue(t *testing.T) {
	h := newHouse(t)
	zheng := h.as(t, "zheng")
	zheng.get("/posts/queue").wants(t, 200, []string{"队列是空的", "已用 0 / 1 次", "2026-11-23 09:29"}, []string{"几分钟没有检查"})
	s := seed(t, h)
	zheng.get("/posts/queue").wants(t, 200, []string{"还有 6 小时", "要人处理", "平台拒绝了发布", "等待安排", "立即发布"}, []string{"队列是空的"})
	h.as(t, "sun").get("/posts/queue").wants(t, 200, []string{"还有 6 小时"}, []string{"立即发布"})
	zheng.follow("/posts/"+s.posts[posts.Scheduled]+"/unschedule", nil).wants(t, 200, []string{"已审定"}, nil)
	h.jobs.list[0].LastRun = monday.Add(-10 * time.Minute)
	zheng.get("/posts/queue").wants(t, 200, []string{"已经几分钟没有检查"}, nil)
}

func TestMassSendingIsAChoiceOfItsOwn(t *testing.T) {
	h := newHouse(t)
	id := h.approvedPost(t, "停水通知")
	zheng, at := h.as(t, "zheng"), "/posts/"+id
	h.as(t, "wang").get(at).wants(t, 200, []string{`id="form-publish"`}, []string{`id="verb-form-mass"`})
	zheng.get(at).wants(t, 200, []string{"今天已用 0 次，每天 1 次", `<option value="all">全部关注者`}, []string{`name="sure"`})
	zheng.get(at+"?to=all").wants(t, 200, []string{"我确认推送给全部关注者", `name="sure"`}, []string{`name="tag"`})
	zheng.post(at+"/mass", url.Values{"sure": {"yes"}}).wants(t, 422, []string{"请先选择推送给谁"}, nil)
	zheng.post(at+"/mass", url.Values{"to": {"all"}, "at": {""}}).wants(t, 422, []string{"请勾选确认"}, nil)
	zheng.post(at+"/mass", url.Values{"to": {"all"}, "sure": {"yes"}, "at": {"2026-11-20T10:00"}, "ignore_reprint": {"yes"}}).
		wants(t, 422, []string{"已经过去", `value="2026-11-20T10:00"`, `name="ignore_reprint" value="yes" checked`}, nil)
	zheng.follow(at+"/mass", url.Values{"to": {"all"}, "sure": {"yes"}, "at": {"2026-11-23 10:00"}}).wants(t, 200, []string{"群发给全部关注者", "已定于 2026-11-23 10:00"}, nil)
	other := h.approvedPost(t, "第二篇")
	zheng.post("/posts/"+other+"/mass", url.Values{"to": {"all"}, "sure": {"yes"}, "at": {"2026-11-23 11:00"}}).wants(t, http.StatusConflict, []string{"已经用完或者已有安排"}, nil)
	zheng.follow(at+"/publish", nil).wants(t, 200, []string{"正在发布"}, nil)
	if p := h.advance(t, id); p.State != posts.Published || p.Method != posts.FreePublish || len(h.platform.sent) != 0 {
		t.Errorf("%s by %s, %d mass sends: the button that does not push has pushed", p.State, p.Method, len(h.platform.sent))
	}
	zheng.follow("/posts/"+other+"/mass", url.Values{"to": {"all"}, "sure": {"yes"}, "ignore_reprint": {"yes"}}).wants(t, 200, []string{"正在群发"}, nil)
	h.advance(t, other)
	if len(h.platform.sent) != 1 || !h.platform.sent[0].IgnoreReprint {
		t.Errorf("sent %+v", h.platform.sent)
	}
}

func TestMassSendingToATag(t *testing.T) {
	h := newHouse(t)
	h.platform.tags = []posts.FollowerTag{{ID: 2, Name: "星标组"}, {ID: 101, Name: "药农", Followers: 12}}
	id := h.approvedPost(t, "党参收购价格")
	zheng, at := h.as(t, "zheng"), "/posts/"+id
	zheng.get(at).wants(t, 200, []string{"有某个标签的关注者"}, []string{"药农"})
	zheng.get(at+"?to=tag").wants(t, 200, []string{`<option value="101">药农（12 人）`, "不进入公众号的历史消息列表", "今天已用 0 次，每天 1 次", "我确认推送给有这个标签的关注者"}, nil)
	tagged := func(tag, at string) url.Values {
		return url.Values{"to": {"tag"}, "tag": {tag}, "sure": {"yes"}, "at": {at}}
	}
	zheng.post(at+"/mass", tagged("", "")).wants(t, 422, []string{"请选择推送给哪个标签的关注者", `<option value="101"`}, nil)
	zheng.post(at+"/mass", tagged("9", "")).wants(t, 422, []string{"没有这个标签"}, nil)
	zheng.post(at+"/mass", tagged("2", "2026-11-23 10:00")).wants(t, 422, []string{"现在没有关注者", `value="2026-11-23 10:00"`}, nil)
	zheng.follow(at+"/mass", tagged("101", "2026-11-23 10:00")).wants(t, 200, []string{"已定于 2026-11-23 10:00（北京时间）群发给标签“药农”的关注者。"}, nil)
	for _, page := range []string{at, "/posts/queue", "/posts/calendar?on=2026-11-23"} {
		h.as(t, "qian").get(page).wants(t, 200, []string{"群发给标签“药农”的关注者"}, nil)
	}
	zheng.follow(at+"/unschedule", nil)
	zheng.follow(at+"/mass", tagged("101", "")).wants(t, 200, []string{"正在群发给标签“药农”的关注者"}, nil)
	h.advance(t, id)
	if len(h.platform.sent) != 1 || h.platform.sent[0].TagID != 101 {
		t.Errorf("sent %+v", h.platform.sent)
	}
}

func TestTagsThatCannotBeRead(t *testing.T) {
	h := newHouse(t)
	at := "/posts/" + h.approvedPost(t, "停水通知") + "?to=tag"
	zheng := h.as(t, "zheng")
	zheng.get(at).wants(t, 200, []string{"公众号还没有标签"}, nil)
	h.platform.refuse = map[string]error{"FollowerTags": fault.New(fault.Unavailable, "微信暂时没有答复。")}
	zheng.get(at).wants(t, 200, []string{"公众号上的标签现在读不到：微信暂时没有答复。"}, nil)
}

func TestPreviewToOnePerson(t *testing.T) {
	h := newHouse(t)
	id := h.newPost(t, "通知", posts.Original).ID
	sun, at := h.as(t, "sun"), "/posts/"+id
	sun.follow(at+"/sendpreview", url.Values{"name": {"zhang_wx"}}).wants(t, 200, []string{"预览已发给“zhang_wx”", "发送预览"}, nil)
	if !slices.Equal(h.platform.previews, []string{"zhang_wx"}) {
		t.Errorf("sent to %v", h.platform.previews)
	}
	sun.post(at+"/sendpreview", url.Values{"name": {""}}).wants(t, 422, []string{"微信号"}, nil)
	h.platform.refuse["PreviewTo"] = fault.New(fault.Invalid, "微信：OpenID 不正确（代码 40003）。对方可能没有关注过本公众号。")
	sun.post(at+"/sendpreview", url.Values{"name": {"nobody"}}).wants(t, 422, []string{"没有关注过本公众号", `value="nobody"`}, nil)
}

// A draft that lies in the account's draft box and is of no use is the system's to delete; a person is told when it fails for
// long, and nobody is held up by it.
func TestAUselessDraftThatCannotBeDeleted(t *testing.T) {
	h := newHouse(t)
	id := h.newPost(t, "通知", posts.Original).ID
	sun, zheng, at := h.as(t, "sun"), h.as(t, "zheng"), "/posts/"+id
	sun.follow(at+"/sendpreview", url.Values{"name": {"zhang_wx"}}).wants(t, 200, nil, []string{"作废的草稿"})
	sun.follow(at+"/withdraw", url.Values{"reason": {"不发了"}}).wants(t, 200, []string{"已撤稿", "还有这篇稿件作废的草稿（1 份），系统会自动删除"}, []string{"没有成功"})
	h.platform.refuse["DeleteDraft"] = fault.New(fault.Forbidden, "微信：没有这个接口的权限（代码 48001）。")
	h.advance(t, id)
	zheng.get(at).wants(t, 200, []string{"09:31", "已试 1 次", "代码 48001"}, nil)
	zheng.get("/").wants(t, 200, nil, []string{"作废的草稿"})
	for range 5 {
		h.now = h.now.Add(time.Hour)
		h.advance(t, id)
	}
	zheng.get("/").wants(t, 200, []string{"作废的草稿还在公众号草稿箱里"}, nil)
	delete(h.platform.refuse, "DeleteDraft")
	h.now = h.now.Add(time.Hour)
	h.advance(t, id)
	zheng.get(at).wants(t, 200, []string{"已撤稿"}, []string{"作废的草稿"})
	zheng.get("/").wants(t, 200, nil, []string{"作废的草稿"})
}

func TestAFailedPublicationIsSeenAndMended(t *testing.T) {
	h := newHouse(t)
	id := h.approvedPost(t, "通知")
	zheng, at := h.as(t, "zheng"), "/posts/"+id
	h.platform.refuse["AddDraft"] = fault.New(fault.Invalid, "微信：标题太长（代码 45003）。请缩短标题后再试。")
	zheng.follow(at+"/publish", nil)
	if p := h.advance(t, id); p.State != posts.Failed {
		t.Fatalf("state = %s", p.State)
	}
	zheng.get("/").wants(t, 200, []string{"发布失败，要人处理"}, nil)
	zheng.get(at).wants(t, 200, []string{"标题太长", "没有发布出去，也不会自动重试", "审核仍然有效", `id="form-publish"`}, nil)
	h.as(t, "sun").get("/").wants(t, 200, []string{"发布失败，要人处理"}, nil)
	delete(h.platform.refuse, "AddDraft")
	zheng.follow(at+"/publish", nil)
	if p := h.advance(t, id); p.State != posts.Published || p.Publication.URL == "" {
		t.Fatalf("state = %s", p.State)
	}
	zheng.get(at).wants(t, 200, []string{"永久链接", "https://mp.weixin.qq.com/s/abc"}, []string{`id="publication-failure"`})
}

func TestALostAnswerWaitsForAPersonAndNeverRepeats(t *testing.T) {
	h := newHouse(t)
	id := h.approvedPost(t, "通知")
	zheng, at := h.as(t, "zheng"), "/posts/"+id
	h.platform.refuse["SubmitPublish"] = &posts.UnansweredError{Err: errors.New("timeout")}
	zheng.follow(at+"/publish", nil)
	if p := h.advance(t, id); p.State != posts.OutcomeUnknown {
		t.Fatalf("state = %s", p.State)
	}
	zheng.get("/").wants(t, 200, []string{"结果未知，要人处理"}, nil)
	zheng.get(at).wants(t, 200, []string{"不会再发第二遍", `id="form-published"`, `id="form-unpublished"`}, []string{`id="form-publish"`})
	zheng.get("/posts/queue").wants(t, 200, []string{"结果未知"}, nil)
}

func TestSeveralItemsInOneSend(t *testing.T) {
	h := newHouse(t)
	lead, second, third := h.approvedPost(t, "头条"), h.approvedPost(t, "次条"), h.approvedPost(t, "三条")
	zheng, at := h.as(t, "zheng"), "/posts/"+lead
	zheng.get(at+"/bundle").wants(t, 200, []string{"《头条》排第一", "次条", "三条"}, nil)
	zheng.follow(at+"/bundle", url.Values{"place-" + second: {"2"}, "place-" + third: {"1"}}).wants(t, 200, []string{"共 3 篇一起发布", "一起发布的稿件"}, nil)
	zheng.get("/posts/"+second).wants(t, 200, []string{"随主稿发布", "不能单独发布", at}, []string{`id="form-publish"`})
	zheng.get(at+"/bundle").wants(t, 200, []string{`<option value="2" selected>`}, nil)
	zheng.follow(at+"/publish", nil)
	if p := h.advance(t, lead); p.State != posts.Published {
		t.Fatalf("lead = %s: %s", p.State, p.Publication.Failure)
	}
	if want := []string{"头条", "三条", "次条"}; len(h.platform.bundles) != 1 || !slices.Equal(h.platform.bundles[0], want) {
		t.Errorf("sent %v, want %v", h.platform.bundles, want)
	}
	zheng.post(at+"/bundle", url.Values{"place-" + second: {"1"}}).wants(t, http.StatusConflict, []string{"已发布"}, nil)
}

func TestListsThatStaffMaintain(t *testing.T) {
	h := newHouse(t)
	zheng, sun := h.as(t, "zheng"), h.as(t, "sun")
	sun.get("/posts/rules").wants(t, 200, []string{"截止目前 | 截至目前", "新华社 | news.cn", "readonly"}, []string{`id="rules-save"`})
	form := url.Values{
		"wrong": {"崇汶镇 ｜ 崇文镇 | 镇名 | 必须改\n防讯|防汛"}, "sensitive": {"内部资料 | 不应公开 | 必须改"}, "ads": {""},
		"sources": {"太行日报 | thrb.com，www.thrb.cn"}, "links": {"gov.cn"}, "shops": {"taobao.com jd.com"}, "local": {"我镇"}, "title_limit": {"64"},
	}
	zheng.follow("/posts/rules", form).wants(t, 200, []string{"马上生效", "崇汶镇 | 崇文镇 | 镇名 | 必须改", "太行日报 | thrb.com www.thrb.cn"}, nil)
	sun.post("/posts/check", editorForm("markdown", "崇汶镇开展防讯。限时抢购！")).wants(t, 200, []string{"“崇汶镇”应写作“崇文镇”", "1 处必须改"}, []string{"广告"})
	for _, bad := range []struct{ list, text, want string }{
		{"wrong", "一 | 二 | 三 | 四 | 五", "读不懂"}, {"sources", "太行日报", "读不懂"}, {"sources", "太行日报 | http://thrb.com/", "域名"}, {"sensitive", " | 没有词", "读不懂"},
	} {
		form.Set(bad.list, bad.text)
		zheng.post("/posts/rules", form).wants(t, 422, []string{bad.want, strings.TrimSpace(bad.text)}, nil)
		form.Set("wrong", "崇汶镇|崇文镇")
		form.Set("sources", "")
	}
	zheng.follow("/posts/topics", url.Values{"topics": {"防汛救灾\n移民搬迁\n"}}).wants(t, 200, []string{"专题已保存", "移民搬迁"}, []string{"疫情防控"})
	sun.get("/posts/new").wants(t, 200, []string{`<option value="移民搬迁">`}, nil)
}

func TestTheReviewPlan(t *testing.T) {
	h := newHouse(t)
	wang := h.as(t, "wang")
	h.as(t, "zheng").get("/posts/reviewplan").wants(t, 200, []string{"一般流程", "disabled"}, []string{`id="reviewplan-save"`})
	form := url.Values{
		"usual-name": {"三审"}, "usual-first": {"yes"}, "usual-second": {"yes"},
		"path0-name": {"权威转载"}, "path0-origin": {"repost"}, "path0-source": {"yes"}, "path0-first": {"yes"}, "path0-who-first": {"zhao"}, "path1-name": {""},
	}
	wang.follow("/posts/reviewplan", form).wants(t, 200, []string{"审核流程已保存", `value="权威转载"`, `name="path0-who-first" value="zhao" checked`}, nil)
	p := h.newPost(t, "转载", posts.Repost)
	at := "/posts/" + p.ID
	sun := h.as(t, "sun")
	sun.follow(at+"/edit", editorForm("version", "1", "origin", "repost", "source_name", "新华社", "source_url", "https://www.news.cn/1.html"))
	sun.get(at).wants(t, 200, []string{"依次初审、终审（流程：权威转载）"}, nil)
	sun.follow(at+"/submit", nil).wants(t, 200, []string{"由赵审核审核"}, []string{"复审"})
	h.as(t, "qian").get(at).wants(t, 200, []string{"由指定的人进行"}, []string{`id="form-approve"`})
	h.as(t, "zhao").get(at).wants(t, 200, []string{`id="form-approve"`}, nil)
	form.Set("usual-name", "")
	wang.post("/posts/reviewplan", form).wants(t, 422, []string{"起一个名称", "权威转载"}, nil)
}

func TestDifferencesOfOrigin(t *testing.T) {
	h := newHouse(t)
	sun := h.as(t, "sun")
	sun.get("/posts/differences").wants(t, 200, []string{"2026 年没有不一致"}, nil)
	c := posts.Content{Title: "全国会议", Markdown: "来源：新华社\n\n新华社北京11月22日电（记者 王明）会议召开。", Origin: posts.Original}
	p, err := h.newsroom.Create(t.Context(), h.member("sun"), posts.Account, c)
	if err != nil {
		t.Fatal(err)
	}
	h.reviewed(t, p.ID, 0)
	sun.get("/posts/differences").wants(t, 200, []string{"全国会议", `<span class="tag amber">转载</span>`, "新华社北京11月22日电"}, nil)
	sun.get("/posts/"+p.ID).wants(t, 200, []string{`id="origin-suggestion">转载 <span class="tag amber">与声明不同`, "没有给出"}, nil)
	h.force(t, p.ID, func(p *posts.Post) error {
		p.Publication.Verdict = &posts.Verdict{Kind: posts.ReprintForbidden, At: monday}
		return nil
	})
	sun.get("/posts/differences?year=2026").wants(t, 200, []string{"判为转载，不允许转载"}, nil)
	sun.get("/posts/differences?year=1").wants(t, 404, []string{"没有这个年度的记录"}, nil)
	sun.get("/posts/differences?year=2025").wants(t, 200, []string{"year=2026"}, nil)
	sun.get("/posts/differences").wants(t, 200, nil, []string{"year=2027"})
}

func TestWhoPublishesNeedNotApprove(t *testing.T) {
	h := newHouse(t)
	id := h.approvedPost(t, "停水通知")
	under := h.newPost(t, "还在审的", posts.Original)
	h.reviewed(t, under.ID, 2)
	han, at := h.as(t, "han"), "/posts/"+id
	han.get("/").wants(t, 200, []string{"已审定，等待安排发布"}, []string{"等待终审"})
	han.get("/posts/"+under.ID).wants(t, 200, nil, []string{`id="form-approve"`, `id="post-edit"`, `id="form-publish"`})
	han.get(at).wants(t, 200, []string{`id="form-publish"`, `id="verb-form-mass"`}, []string{`id="post-edit"`})
	han.follow(at+"/publish", nil)
	if p := h.advance(t, id); p.State != posts.Published {
		t.Errorf("state = %s", p.State)
	}
}
