package console_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"shoushan/console"
	"shoushan/fault"
	"shoushan/staff"
)

// fakeChat is an account with one talk and one person to phone, in memory.
type fakeChat struct {
	health  console.AccountHealth
	talks   []console.Talk
	calls   []console.Call
	answers []console.Answer
	replies []string
	settled []string
	contact map[string]console.Contact // by OpenID
	alerts  []console.AccountAlert
	wording console.Wording
	failing error
}

func newFakeChat() *fakeChat {
	return &fakeChat{
		health: console.AccountHealth{
			Checked: monday,
			Findings: []console.AccountFinding{
				{Name: "访问令牌", Condition: "good", Says: "有效，可以调用微信接口。"},
				{Name: "IP 白名单", Condition: "bad", Says: "微信：服务器 IP 不在白名单里（服务器 IP 203.0.113.9）。", Do: "请把这个 IP 加入微信开发者平台的 IP 白名单。"},
			},
			Quotas: []console.AccountQuota{{Name: "新增草稿", Ours: 3, Used: 5, Limit: 1000, Left: 995, Note: "其中 2 次不是本系统用的"}},
		},
		contact: map[string]console.Contact{},
		talks: []console.Talk{{ID: "TALK1", Last: monday, Waiting: true, Silent: monday.AddDate(0, 0, 1), Lines: []console.TalkLine{
			{At: monday, Text: "人工", Guess: "要求人工服务"}, {At: monday, Text: "<b>补贴</b>没发"},
		}}},
		calls: []console.Call{{ID: "CALL1", Since: monday.AddDate(0, 0, -3), Texts: []string{"您的申请需要补正。"}, Why: "超出可发送时限，待下次联系时显示"}},
	}
}

func (f *fakeChat) Health(context.Context) (console.AccountHealth, error) {
	return f.health, f.failing
}
func (f *fakeChat) Alerts(context.Context) ([]console.AccountAlert, error) {
	return f.alerts, f.failing
}
func (f *fakeChat) Talks(context.Context) ([]console.Talk, error) { return f.talks, f.failing }
func (f *fakeChat) Talk(_ context.Context, id string) (console.Talk, error) {
	for _, t := range f.talks {
		if t.ID == id {
			return t, nil
		}
	}
	return console.Talk{}, fault.New(fault.NotFound, "没有这段留言。")
}

func (f *fakeChat) Reply(_ context.Context, by staff.Member, id, text string) (string, error) {
	if f.failing != nil {
		return "", f.failing
	}
	f.replies = append(f.replies, by.Name+" "+id+" "+text)
	return "已发送微信消息", nil
}

func (f *fakeChat) Settle(_ context.Context, _ staff.Member, id string) error {
	f.settled = append(f.settled, id)
	return nil
}
func (f *fakeChat) Contact(_ context.Context, openID string) (console.Contact, error) {
	return f.contact[openID], f.failing
}

func (f *fakeChat) File(_ context.Context, _ staff.Member, talk, request string) error {
	for i := range f.talks {
		for j := range f.talks[i].Lines {
			if f.talks[i].ID == talk && f.talks[i].Lines[j].By == "" {
				f.talks[i].Lines[j].Filed, f.talks[i].Waiting = request, false
			}
		}
	}
	return nil
}

func (f *fakeChat) Calls(context.Context) ([]console.Call, error) { return f.calls, nil }
func (f *fakeChat) CallDone(_ context.Context, _ staff.Member, id string) error {
	for i, c := range f.calls {
		if c.ID == id {
			f.calls = append(f.calls[:i:i], f.calls[i+1:]...)
			return nil
		}
	}
	return fault.New(fault.NotFound, "这一条已经不在了。")
}
func (f *fakeChat) Answers(context.Context) ([]console.Answer, error) { return f.answers, nil }
func (f *fakeChat) AddAnswer(_ context.Context, _ staff.Member, a console.Answer) error {
	if len(a.Words) == 0 {
		return fault.New(fault.Invalid, "请至少填写一个关键词。")
	}
	f.answers = append(f.answers, a)
	return nil
}

func (f *fakeChat) RemoveAnswer(_ context.Context, _ staff.Member, word string) error {
	for i, a := range f.answers {
		if a.Words[0] == word {
			f.answers = append(f.answers[:i:i], f.answers[i+1:]...)
			return nil
		}
	}
	return fault.New(fault.NotFound, "这条关键词回复已经删除了。")
}

func TestAccountPages(t *testing.T) {
	h := newHouse(t)
	runAll(t, h, []scenario{
		{"what is wrong, and what to do", "wang", "GET", "/platform", nil, 200, []string{"有问题", "203.0.113.9", "请把这个 IP 加入", "正常", "不用处理", "5 / 1000", "其中 2 次", "每天 1 次"}, nil},
		{"the desk sees whom to phone", "zhou", "GET", "/", nil, 200, []string{"打电话告知申请人", "处理留言", "没有提交过申请的群众", "/talks/TALK1"}, nil},
		{"an author does not", "sun", "GET", "/", nil, 200, nil, []string{"打电话告知", "TALK1"}},
		{"the talks", "zhou", "GET", "/talks", nil, 200, []string{"等待处理", "/talks/TALK1", "&lt;b&gt;补贴"}, nil},
		{"a talk, escaped", "zhou", "GET", "/talks/TALK1", nil, 200, []string{"要求人工服务", "&lt;b&gt;补贴", "保持安静"}, []string{"<b>补贴"}},
		{"no such talk", "zhou", "GET", "/talks/NONE", nil, 404, []string{"没有这段留言"}, nil},
		{"an empty answer", "zhou", "POST", "/talks/TALK1/reply", url.Values{"text": {" "}}, 422, []string{"请填写答复", "补贴"}, nil},
		{"an answer that is too long is not lost", "zhou", "POST", "/talks/TALK1/reply", url.Values{"text": {strings.Repeat("长", 601)}}, 422, []string{"不超过 600 个字", "长长长"}, nil},
		{"whom to phone", "zhou", "GET", "/calls", nil, 200, []string{"您的申请需要补正。", "超出可发送时限", "已经打过电话"}, nil},
		{"a call that is gone", "zhou", "POST", "/calls/NONE/done", nil, 404, []string{"已经不在了"}, nil},
		{"no answers yet", "wang", "GET", "/answers", nil, 200, []string{"还没有关键词回复"}, nil},
		{"an answer without a word", "zhou", "POST", "/answers", url.Values{"words": {" ， "}, "text": {"写好的回复"}}, 422, []string{"请至少填写一个关键词", "写好的回复"}, nil},
		{"removing what is gone", "zhou", "POST", "/answers/remove", url.Values{"word": {"没有"}}, 303, nil, nil},
	})
}

func TestAnsweringCitizens(t *testing.T) {
	h := newHouse(t)
	b := h.as(t, "zhou")
	b.follow("/talks/TALK1/reply", url.Values{"text": {"请带身份证来。"}}).wants(t, 200, []string{"答复：已发送微信消息"}, nil)
	if len(h.chat.replies) != 1 || h.chat.replies[0] != "周经办 TALK1 请带身份证来。" {
		t.Errorf("sent %q", h.chat.replies)
	}
	b.follow("/talks/TALK1/settle", nil).wants(t, 200, []string{"机器人恢复自动回复"}, nil)
	if len(h.chat.settled) != 1 {
		t.Errorf("settled %v", h.chat.settled)
	}
	b.follow("/calls/CALL1/done", nil).wants(t, 200, []string{"打过电话了", "现在没有需要打电话"}, nil)
	b.follow("/answers", url.Values{"words": {"老年证，优待证"}, "text": {"三号窗口。"}, "whole": {"1"}}).wants(t, 200, []string{"老年证", "优待证", "三号窗口", "整句相同"}, nil)
	b.follow("/answers/remove", url.Values{"word": {"老年证"}}).wants(t, 200, []string{"已删除"}, []string{"三号窗口"})
	h.chat.failing = fault.New(fault.Unavailable, "这条消息没有发出，也没能保存，请稍后再试。")
	b.post("/talks/TALK1/reply", url.Values{"text": {"没发出去的话"}}).wants(t, 503, []string{"没有发出", "没发出去的话"}, nil)
}

// Without an account the pages say so instead of failing.
func TestAccountPagesWithoutAnAccount(t *testing.T) {
	h := newHouse(t)
	h.chat.talks, h.chat.calls = nil, nil
	h.as(t, "zhou").get("/talks").wants(t, 200, []string{"现在没有留言"}, nil)
	h.as(t, "zhou").get("/calls").wants(t, 200, []string{"现在没有需要打电话"}, nil)
}

func TestAlertsStandOnTheAdministratorsHomePage(t *testing.T) {
	h := newHouse(t)
	h.chat.alerts = []console.AccountAlert{{Name: "微信接口", Says: "微信：服务器 IP 不在白名单里（代码 40164，服务器 IP 203.0.113.9）。", Do: "请加入白名单。", Since: monday.Add(-time.Hour)}}
	h.as(t, "wang").get("/").wants(t, 200, []string{"公众号出了问题：微信接口", "203.0.113.9", `href="/platform"`}, nil)
	h.as(t, "sun").get("/").wants(t, 200, nil, []string{"203.0.113.9"})
}

func (f *fakeChat) Wording(context.Context) (console.Wording, error) { return f.wording, f.failing }
func (f *fakeChat) SaveWording(_ context.Context, by staff.Member, w console.Wording) error {
	if w.Hours == "" {
		return fault.New(fault.Invalid, "请填写办公时间。")
	}
	f.wording, f.wording.By = w, by.Name
	return nil
}

func TestWordingIsEdited(t *testing.T) {
	h := newHouse(t)
	h.chat.wording = console.Wording{Welcome: "原来的欢迎语", Help: "原来的帮助", Hours: "8:00"}
	b := h.as(t, "zhou")
	b.get("/answers").wants(t, 200, []string{"欢迎语", "原来的欢迎语", "原来的帮助", `value="8:00"`, "机器人自己的说法"}, nil)
	b.follow("/answers/wording", url.Values{"welcome": {"<b>新</b>"}, "help": {"帮"}, "hours": {"9:00"}}).
		wants(t, 200, []string{"已保存", "&lt;b&gt;新&lt;/b&gt;", `value="9:00"`, "上次由周经办"}, nil)
	b.post("/answers/wording", url.Values{"welcome": {"没有时间"}}).wants(t, http.StatusUnprocessableEntity, []string{"请填写办公时间", "没有时间"}, nil)
	h.as(t, "sun").post("/answers/wording", url.Values{"hours": {"10:00"}}).wants(t, http.StatusForbidden, nil, nil)
}
