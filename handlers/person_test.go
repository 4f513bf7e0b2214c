package handlers_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"shoushan/bot"
	"shoushan/fault"
	"shoushan/handlers"
	"shoushan/workday"
)

// office is a world in which people answer too.
type office struct {
	*world
	talks    *handlers.Talks
	answers  *handlers.Answers
	pictures *handlers.Pictures
	fetches  []string
	media    map[string][]byte
	mediaErr error
	files    map[string][]byte
	saved    int // files so far
	agreed   []string
	forgot   []string
}

func newOffice(t testing.TB) *office {
	o := &office{world: newWorld(t), media: map[string][]byte{}, files: map[string][]byte{}}
	now := func() time.Time { return o.now }
	o.talks = &handlers.Talks{Papers: newCabinet(), Now: now}
	o.answers = &handlers.Answers{Memo: newCabinet()}
	o.pictures = &handlers.Pictures{Papers: newCabinet(), Media: o, Files: o, Filed: o.memory, Now: now, Enqueue: func(_ context.Context, kind, id string) error {
		if kind != handlers.FetchPictureWork {
			t.Errorf("enqueued %s", kind)
		}
		o.fetches = append(o.fetches, id)
		return nil
	}}
	o.citizen.Talks, o.citizen.Answers, o.citizen.Pictures, o.citizen.Reminders = o.talks, o.answers, o.pictures, o
	return o
}

func (o *office) DownloadMedia(_ context.Context, id string) ([]byte, string, error) {
	return o.media[id], "image/jpeg", o.mediaErr
}

func (o *office) SaveFile(_ context.Context, data []byte) (string, error) {
	o.saved++
	id := "file-" + string(rune('a'+o.saved))
	o.files[id] = data
	return id, nil
}

func (o *office) RemoveFile(_ context.Context, id string) error {
	delete(o.files, id)
	return nil
}

func (o *office) Link(_ context.Context, openID string) (string, error) {
	return "https://mp.weixin.qq.com/mp/subscribemsg?for=" + openID, nil
}

func (o *office) Answer(ctx context.Context, openID, secret string, agreed bool) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if secret != "secret" {
		return fault.New(fault.NotFound, "链接已经用过。")
	}
	if agreed {
		o.agreed = append(o.agreed, openID)
	}
	return nil
}

func (o *office) Forget(_ context.Context, openID string) error {
	o.forgot = append(o.forgot, openID)
	return nil
}

func (o *office) talk(t *testing.T, i int) handlers.Talk {
	t.Helper()
	all, err := o.talks.Talks(t.Context())
	if err != nil || i >= len(all) {
		t.Fatalf("%d talks, %v", len(all), err)
	}
	talk, err := o.talks.Talk(t.Context(), all[i].ID)
	if err != nil {
		t.Fatal(err)
	}
	return talk
}

func contains(t *testing.T, got string, want ...string) {
	t.Helper()
	for _, w := range want {
		if !strings.Contains(got, w) {
			t.Errorf("reply %q lacks %q", got, w)
		}
	}
}

func TestHandOver(t *testing.T) {
	o := newOffice(t)
	contains(t, o.says(t, "a", "人工"), town.Phone, "工作日 8:00", "不再自动回复", "结束人工")
	for _, text := range []string{"我家的补贴为什么没发", "是二组的", "3"} {
		if got := o.says(t, "a", text); got != "" {
			t.Errorf("the bot answers %q with %q although a person was asked for", text, got)
		}
	}
	if got := o.sends(t, bot.Message{From: "a", Type: bot.ImageMessage, MediaID: "m"}); got != "" {
		t.Errorf("a picture is answered with %q", got)
	}
	talk := o.talk(t, 0)
	if len(talk.Lines) != 5 || talk.Lines[1].Text != "我家的补贴为什么没发" || talk.Lines[4].Text != "[图片]" || !talk.Waiting || !talk.HandedOver(o.now) {
		t.Fatalf("staff see %+v", talk)
	}
	if got := o.says(t, "b", "你好"); got == "" {
		t.Error("another citizen is met with silence")
	}
	contains(t, o.says(t, "a", "结束人工"), "继续为您服务")
	if got := o.says(t, "a", "你好"); got == "" {
		t.Error("silent after 结束人工")
	}
}

// Whoever is silent for a person still answers what can only mean one thing.
func TestHandOverNeverHidesCommands(t *testing.T) {
	o := newOffice(t)
	r := o.file(t, "a")
	o.says(t, "a", "人工")
	for text, want := range map[string]string{
		"查进度": r.ID, r.ID: r.QueryCode, r.ID + " " + r.QueryCode: r.ID, "着火了": "119", "帮助": "申请公开", "转人工": town.Phone,
	} {
		contains(t, o.says(t, "a", text), want)
	}
	if got := o.sends(t, bot.Message{From: "a", Type: bot.EventMessage, Event: bot.Click, EventKey: handlers.KeyNews}); got == "" {
		t.Error("a tap on the menu is met with silence")
	}
}

func TestHandOverInAnApplication(t *testing.T) {
	o := newOffice(t)
	for _, text := range naturalAnswers[:5] {
		o.says(t, "a", text)
	}
	contains(t, o.says(t, "a", "人工"), "给您留着", "继续")
	if got := o.says(t, "a", "我想问一下"); got != "" {
		t.Errorf("answered %q", got)
	}
	contains(t, o.says(t, "a", "继续"), "电话")
	contains(t, o.says(t, "a", "13900000000"), "您要什么信息")
	if n := len(o.talk(t, 0).Lines); n != 2 {
		t.Errorf("%d lines for staff, want 2: answers to the form are none of theirs", n)
	}
}

func TestHandOverEnds(t *testing.T) {
	o := newOffice(t)
	o.says(t, "a", "人工")
	o.says(t, "a", "我的补贴")
	o.now = o.now.Add(25 * time.Hour) // the bot is silent until it is released; who has waited for a day learns how to come back
	contains(t, o.says(t, "a", "在不在"), "久等", town.Phone, town.Hours, "结束人工")
	if got := o.says(t, "a", "喂"); got != "" {
		t.Errorf("told twice on one day: %q", got)
	}
	o.now = o.now.Add(10 * 24 * time.Hour)
	contains(t, o.says(t, "a", "还在吗"), "久等")
	talk := o.talk(t, 0)
	if err := o.talks.Answered(t.Context(), talk.OpenID, "张经办", "请带身份证来。", bot.Sent); err != nil {
		t.Fatal(err)
	}
	after := o.talk(t, 0)
	if last := after.Lines[len(after.Lines)-1]; last.By != "张经办" || last.How != bot.Sent || after.Waiting || !after.HandedOver(o.now) {
		t.Errorf("after an answer %+v", after)
	}
	o.now = o.now.Add(30 * time.Hour)
	if got := o.says(t, "a", "谢谢，还想问一下"); got != "" {
		t.Errorf("an answered citizen's next question is met with %q, want silence for the person", got)
	}
	if err := o.talks.Settled(t.Context(), talk.OpenID); err != nil || o.says(t, "a", "你好") == "" {
		t.Errorf("released by staff, still silent (%v)", err)
	}
	if _, err := o.talks.Talk(t.Context(), "nobody"); !fault.Is(err, fault.NotFound) {
		t.Errorf("an unknown talk: %v", err)
	}
}

// art. 12: on a day off citizens are told when people are back.
func TestHandOverOnADayOff(t *testing.T) {
	o := newOffice(t)
	o.now = workday.MustParse("2026-11-21").At(10, 0)
	contains(t, o.says(t, "a", "人工"), "今天休息", "2026年11月23日")
}

func TestUnmatchedIsKeptWithAGuess(t *testing.T) {
	o := newOffice(t)
	before := o.says(t, "a", "呜里哇啦")
	o.says(t, "a", "政务信息咋公示")
	talk := o.talk(t, 0)
	if len(talk.Lines) != 2 || talk.Lines[0].Guess != "" || !strings.Contains(talk.Lines[1].Guess, "申请公开") || talk.HandedOver(o.now) {
		t.Errorf("staff see %+v", talk)
	}
	contains(t, before, "申请公开")
	o.talks.Papers.(*cabinet).down = errBroken
	contains(t, o.says(t, "b", "呜里哇啦"), "申请公开") // the talks' store is down
}

// TestFiled: what was put into a case waits no longer; what is written later does.
func TestFiled(t *testing.T) {
	o := newOffice(t)
	o.says(t, "a", "呜里哇啦")
	if err := o.talks.Filed(t.Context(), "a", "2026-0003"); err != nil {
		t.Fatal(err)
	}
	o.says(t, "a", "又呜里哇啦")
	talk, err := o.talks.With(t.Context(), "a")
	if err != nil || !talk.Waiting || talk.Lines[0].Filed != "2026-0003" || talk.Lines[1].Filed != "" {
		t.Errorf("%+v, %v", talk, err)
	}
	if none, err := o.talks.With(t.Context(), "nobody"); err != nil || none.ID != "" {
		t.Errorf("who never wrote has the talk %+v, %v", none, err)
	}
}

func TestTalksAreListedAndBounded(t *testing.T) {
	o := newOffice(t)
	for i := range 120 {
		o.now = o.now.Add(time.Minute)
		if err := o.talks.Note(t.Context(), "a", strings.Repeat("长", i+1), ""); err != nil {
			t.Fatal(err)
		}
	}
	if err := o.talks.Note(t.Context(), "b", "早", ""); err != nil {
		t.Fatal(err)
	}
	if err := o.talks.Settled(t.Context(), "b"); err != nil {
		t.Fatal(err)
	}
	if talk := o.talk(t, 0); len(talk.Lines) != 100 || talk.OpenID != "a" {
		t.Errorf("%d lines of %s first, want the latest 100 of the one that waits", len(talk.Lines), talk.OpenID)
	}
	o.now = o.now.Add(91 * 24 * time.Hour)
	if err := o.talks.Note(t.Context(), "c", "新", ""); err != nil {
		t.Fatal(err)
	}
	if all, err := o.talks.Talks(t.Context()); err != nil || len(all) != 1 {
		t.Errorf("after 90 days %d talks, %v, want the new one", len(all), err)
	}
}

func TestAnswersOfStaff(t *testing.T) {
	o := newOffice(t)
	add := func(text string, whole bool, words ...string) error {
		return o.answers.Add(t.Context(), handlers.Answer{Words: words, Text: text, Whole: whole})
	}
	if err := errors.Join(add("老年证在一楼3号窗口办。", false, "老年证", " 老年 优待证 "), add("周三停电。", true, "停电吗")); err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{"请问老年证在哪儿办？": "3号窗口", "老年优待证": "3号窗口", "停电吗？": "周三停电"} {
		contains(t, o.says(t, "a", text), want)
	}
	if got := o.says(t, "a", "今天停电吗还是明天"); strings.Contains(got, "周三") {
		t.Errorf("a part of the message is taken for the whole: %q", got)
	}
	for _, text := range naturalAnswers[:6] {
		o.says(t, "f", text)
	}
	contains(t, o.says(t, "f", "2025年老年证发放名单"), "记下了") // an application is not interrupted
	refused := []struct {
		name  string
		text  string
		words []string
		kind  fault.Kind
	}{
		{"no word", "文", nil, fault.Invalid},
		{"one character", "文", []string{"证"}, fault.Invalid},
		{"too long", "文", []string{strings.Repeat("长", 21)}, fault.Invalid},
		{"no text", " ", []string{"老人"}, fault.Invalid},
		{"long text", strings.Repeat("长", 601), []string{"老人"}, fault.Invalid},
		{"a command", "文", []string{"查进度"}, fault.Invalid},
		{"a word of the dialogue", "文", []string{"确认"}, fault.Invalid},
		{"taken", "文", []string{"老年证"}, fault.Conflict},
	}
	for _, tt := range refused {
		if err := add(tt.text, false, tt.words...); !fault.Is(err, tt.kind) {
			t.Errorf("%s: %v, want %v", tt.name, err, tt.kind)
		}
	}
	if err := o.answers.Remove(t.Context(), "老年证"); err != nil {
		t.Fatal(err)
	}
	if list, err := o.answers.List(t.Context()); err != nil || len(list) != 1 || list[0].Words[0] != "停电吗" {
		t.Errorf("left %+v, %v", list, err)
	}
	if err := o.answers.Remove(t.Context(), "老年证"); !fault.Is(err, fault.NotFound) {
		t.Errorf("removed twice: %v", err)
	}
	contains(t, o.says(t, "a", "不想活了，停电吗"), "12356") // an emergency comes first
	o.answers.Memo.(*cabinet).down = errBroken
	if got := o.says(t, "a", "老年证"); got == "" || strings.Contains(got, "系统") {
		t.Errorf("with the store of answers down: %q", got)
	}
}

func TestReminder(t *testing.T) {
	o := newOffice(t)
	contains(t, o.says(t, "a", "提醒"), "https://mp.weixin.qq.com/mp/subscribemsg?for=a", "48 小时")
	page := func(query string) (int, string) {
		w := httptest.NewRecorder()
		o.citizen.Pages().ServeHTTP(w, httptest.NewRequest(http.MethodGet, handlers.RemindPath+"?"+query, nil))
		return w.Code, w.Body.String()
	}
	tests := []struct {
		query  string
		status int
		says   string
		agreed int
	}{
		{"openid=a&action=confirm&scene=1&reserved=secret", 200, "提醒您一次", 1},
		{"openid=a&action=cancel&scene=1&reserved=secret", 200, "没有开通提醒", 1},
		{"openid=a&action=confirm&reserved=guess", 404, "链接已经用过", 1},
		{"", 404, "链接已经用过", 1},
	}
	for _, tt := range tests {
		if status, body := page(tt.query); status != tt.status || !strings.Contains(body, tt.says) || len(o.agreed) != tt.agreed {
			t.Errorf("%s: %d, %d agreed, body lacks %q", tt.query, status, len(o.agreed), tt.says)
		}
	}
	gone, leave := context.WithCancel(t.Context()) // the page is closed as soon as 允许 is tapped
	leave()
	r := httptest.NewRequestWithContext(gone, http.MethodGet, handlers.RemindPath+"?openid=a&action=confirm&reserved=secret", nil)
	if o.citizen.Pages().ServeHTTP(httptest.NewRecorder(), r); len(o.agreed) != 2 {
		t.Errorf("%d agreed after the page was closed, want 2", len(o.agreed))
	}
	o.citizen.Reminders = nil
	contains(t, o.says(t, "a", "提醒"), "打电话")
	if status, _ := page("openid=a&action=confirm&reserved=secret"); status != 404 {
		t.Errorf("without reminders: %d", status)
	}
}
