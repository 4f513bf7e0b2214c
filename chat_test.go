package main

import (
	"bytes"
	"context"
	"image"
	"image/png"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"shoushan/bot"
	"shoushan/console"
	"shoushan/disclosure"
	"shoushan/fault"
	"shoushan/handlers"
	"shoushan/posts"
	"shoushan/scheduler"
	"shoushan/simulator"
	"shoushan/staff"
	"shoushan/workday"
)

var clerk = staff.Member{ID: "clerk", Name: "周经办", Roles: []staff.Role{staff.RequestDesk}}

// newChatTown is a town whose citizen follows the account.
func newChatTown(t *testing.T) *town {
	w := newTown(t)
	w.do("/phone/follow", map[string]any{})
	return w
}

// applied files an application and returns its number.
func (w *town) applied() string {
	w.t.Helper()
	for _, text := range []string{"申请公开", "同意", "1", "王小明", "140599199001010018", "13900000000", "2025年崇文镇农村低保对象名单", "2", "1", "确认"} {
		w.say(text)
	}
	all := w.requests()
	if len(all) == 0 {
		w.t.Fatalf("nothing was filed; the phone shows %q", w.shown())
	}
	return all[len(all)-1].ID
}

func (w *town) onlyTalk() console.Talk {
	w.t.Helper()
	all, err := w.chat.Talks(w.t.Context())
	if err != nil || len(all) != 1 {
		w.t.Fatalf("%d talks, %v, want one", len(all), err)
	}
	talk, err := w.chat.Talk(w.t.Context(), all[0].ID)
	if err != nil {
		w.t.Fatal(err)
	}
	return talk
}

// visit opens a public page of the house.
func (w *town) visit(address string, status int, says string) {
	w.t.Helper()
	rec := httptest.NewRecorder()
	w.house.handler.ServeHTTP(rec, httptest.NewRequest("GET", address, nil))
	if rec.Code != status || !strings.Contains(rec.Body.String(), says) {
		w.t.Errorf("GET %s: %d, want %d and %q", address, rec.Code, status, says)
	}
}

// A citizen asks for a person, the bot is silent, a member answers from the console, the phone shows it.
func TestTalkThroughTheHouse(t *testing.T) {
	w := newChatTown(t)
	id := w.applied()
	if got := w.say("人工"); len(got) != 1 || !strings.Contains(got[0], "结束人工") {
		t.Fatalf("人工: %q", got)
	}
	if got := w.say("我家低保什么时候复核"); len(got) != 0 {
		t.Errorf("the bot answers all the same: %q", got)
	}
	talk := w.onlyTalk()
	if !talk.Waiting || talk.Silent.IsZero() || len(talk.Lines) != 2 || !slices.Contains(talk.Requests, id) {
		t.Errorf("staff see %+v", talk)
	}
	how, err := w.chat.Reply(t.Context(), clerk, talk.ID, "下周三复核，请带户口本。")
	if err != nil || how != bot.Sent {
		t.Fatalf("Reply() = %q, %v", how, err)
	}
	if got := w.shown(); !strings.Contains(got[len(got)-1], "请带户口本") {
		t.Errorf("the phone shows %q last", got[len(got)-1])
	}
	if after := w.onlyTalk(); after.Waiting || after.Lines[2].By != "周经办" {
		t.Errorf("after the answer %+v", after)
	}
	if err := w.chat.Settle(t.Context(), clerk, talk.ID); err != nil {
		t.Fatal(err)
	}
	if got := w.say("你好"); len(got) != 1 {
		t.Errorf("after settling the bot says %q", got)
	}
}

// The ways to a citizen in their order, through the whole house: window, reminder, phone call.
func TestTellingACitizenThroughTheHouse(t *testing.T) {
	w := newChatTown(t)
	id := w.applied()
	link := regexp.MustCompile(`https://mp\.weixin\.qq\.com/mp/subscribemsg\S+`).FindString(strings.Join(w.say("提醒"), ""))
	out := w.post("/phone/consent", map[string]any{"citizen": townsman, "url": link, "agree": true})
	next, err := url.Parse(out["redirect"].(string))
	if err != nil || next.Path != handlers.RemindPath {
		t.Fatalf("WeChat leads to %v, %v", out, err)
	}
	w.visit(next.RequestURI(), 200, "提醒您一次")
	w.visit(next.RequestURI(), 404, "已经用过")
	w.clock.Set(w.clock.Now().Add(50 * time.Hour))
	for i, want := range []string{bot.SentOneTime, bot.QueuedWindow} {
		if how, err := w.chat.notifier.Notify(t.Context(), w.openID(), "您的申请"+id+"已答复。"); err != nil || how != want {
			t.Errorf("notice %d: %s, %v, want %s", i+1, how, err, want)
		}
	}
	calls, err := w.chat.Calls(t.Context())
	if err != nil || len(calls) != 1 || !slices.Equal(calls[0].Requests, []string{id}) || len(calls[0].Texts) != 1 {
		t.Fatalf("to be phoned: %+v, %v", calls, err)
	}
	if err := w.chat.CallDone(t.Context(), clerk, calls[0].ID); err != nil {
		t.Fatal(err)
	}
	r, err := w.store.Request(t.Context(), id)
	if err != nil || len(r.Notes) != 1 || r.Notes[0].By != "clerk" || !strings.Contains(r.Notes[0].Text, "打电话") {
		t.Errorf("the case notes %+v, %v", r.Notes, err)
	}
	if err := w.chat.CallDone(t.Context(), clerk, calls[0].ID); !fault.Is(err, fault.NotFound) {
		t.Errorf("done twice: %v", err)
	}
	if got := w.say("在吗"); len(got) != 1 || !strings.Contains(got[0], "之前没能送达") {
		t.Errorf("the next contact shows %q", got)
	}
}

func TestUnsubscribeThroughTheHouse(t *testing.T) {
	w := newChatTown(t)
	id := w.applied()
	w.say("呜里哇啦")
	w.say("申请公开")
	w.say("同意")
	openID := w.openID()
	w.do("/phone/unfollow", map[string]any{})
	if all, err := w.chat.Talks(t.Context()); err != nil || len(all) != 0 {
		t.Errorf("talks left: %+v, %v", all, err)
	}
	if draft, _, err := w.store.Drafts().Load(t.Context(), openID); err != nil || len(draft) != 0 {
		t.Errorf("a draft of %d bytes is left, %v", len(draft), err)
	}
	if _, err := w.store.Request(t.Context(), id); err != nil {
		t.Errorf("the filed request: %v", err)
	}
	if how, err := w.chat.notifier.Notify(t.Context(), openID, "您的申请"+id+"已答复。"); err != nil || how != bot.QueuedWindow {
		t.Errorf("after unfollowing: %s, %v", how, err)
	}
	if calls, err := w.chat.Calls(t.Context()); err != nil || len(calls) != 1 {
		t.Errorf("what is owed about it: %+v, %v, want a phone call", calls, err)
	}
}

// photograph sends a picture from the phone and returns what is new on it.
func (w *town) photograph(picture []byte) []string {
	w.t.Helper()
	before := len(w.shown())
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	_ = form.WriteField("citizen", townsman)
	file, err := form.CreateFormFile("image", "photo.png")
	if err != nil {
		w.t.Fatal(err)
	}
	_, _ = file.Write(picture)
	_ = form.Close()
	w.answer(http.Post(w.address+"/phone/image", form.FormDataContentType(), &body))
	w.platform.Wait()
	return w.shown()[before:]
}

// A picture is sent in chat, fetched by the queue, and lies in the case without its metadata.
func TestPictureThroughTheHouse(t *testing.T) {
	w := newChatTown(t)
	for _, text := range []string{"申请公开", "同意", "1", "王小明"} {
		w.say(text)
	}
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 30, 20))); err != nil {
		t.Fatal(err)
	}
	got := w.photograph(b.Bytes())
	if len(got) != 1 || !strings.Contains(got[0], "图片收到了") {
		t.Fatalf("the picture is answered with %q", got)
	}
	for _, text := range []string{"140599199001010018", "13900000000", "2025年崇文镇农村低保对象名单", "2", "1"} {
		w.say(text)
	}
	if got := w.say("确认"); !strings.Contains(got[0], "还在保存") {
		t.Errorf("before it is fetched: %q", got)
	}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- w.scheduler.Run(ctx) }()
	for range 50 {
		time.Sleep(100 * time.Millisecond)
		if got = w.say("确认"); strings.Contains(got[0], "登记回执") {
			break
		}
	}
	stop()
	<-done
	all := w.requests()
	if len(all) != 1 || len(all[0].Filing.Attachments) != 1 || all[0].Filing.Attachments[0].Kind != disclosure.IdentityProof {
		t.Fatalf("filed %+v after %q", all, got)
	}
	if data, err := w.store.File(t.Context(), all[0].Filing.Attachments[0].File); err != nil || !bytes.HasPrefix(data, []byte{0xff, 0xd8}) {
		t.Errorf("the file: %d bytes, %v, want a JPEG", len(data), err)
	}
}

func TestAnswersThroughTheHouse(t *testing.T) {
	w := newChatTown(t)
	if err := w.chat.AddAnswer(t.Context(), clerk, console.Answer{Words: []string{"老年证"}, Text: "三号窗口办理。"}); err != nil {
		t.Fatal(err)
	}
	if got := w.say("老年证怎么办"); len(got) != 1 || !strings.Contains(got[0], "三号窗口") {
		t.Errorf("the bot says %q", got)
	}
	if list, err := w.chat.Answers(t.Context()); err != nil || len(list) != 1 {
		t.Errorf("Answers() = %+v, %v", list, err)
	}
	if err := w.chat.RemoveAnswer(t.Context(), clerk, "老年证"); err != nil {
		t.Fatal(err)
	}
}

func TestHealthThroughTheHouse(t *testing.T) {
	w := newChatTown(t)
	if said, err := w.chat.healthJob().Body(t.Context(), w.clock.Now()); err != nil || said == "" {
		t.Errorf("a good account: %q, %v", said, err)
	}
	w.order(simulator.Fault{On: "*", Kind: simulator.FaultCode, Code: 40164})
	if _, err := w.chat.healthJob().Body(t.Context(), w.clock.Now()); !fault.Is(err, fault.Unavailable) || !strings.Contains(fault.Message(err), "白名单") {
		t.Errorf("40164: %v", err)
	}
}

// An account whose data format was set to JSON answers nobody and breaks nothing; the administrator is told until it is XML.
func TestJSONThroughTheHouse(t *testing.T) {
	w := newChatTown(t)
	told := func() bool {
		list, err := w.gauge.Alerts(t.Context())
		w.must(err)
		return len(list) == 1 && strings.Contains(list[0].Do, "数据格式改为 XML")
	}
	w.configure(func(s *simulator.Settings) { s.Format = simulator.JSON })
	if got := w.say("帮助"); len(got) != 0 || !told() {
		t.Errorf("in JSON: the phone shows %v, the administrator is told: %v", got, told())
	}
	w.clock.Set(w.clock.Now().Add(time.Minute))
	w.configure(func(s *simulator.Settings) { s.Format = simulator.XML })
	if got := w.say("帮助"); len(got) != 1 || told() {
		t.Errorf("in XML again: the phone shows %v, the administrator is told: %v", got, told())
	}
}

// A mass send by the newsroom's own hand ends by the platform's event; one from Tencent's back end becomes a sighting.
func TestMassEventThroughTheHouse(t *testing.T) {
	w := newChatTown(t)
	w.post("/sim/push", map[string]any{"event": "MASSSENDJOBFINISH", "fields": map[string]any{"MsgID": "4711", "Status": "send success", "TotalCount": "3"}})
	w.platform.Wait()
	seen, err := w.newsroom.Sightings(t.Context(), 2026)
	if err != nil || len(seen) != 1 || seen[0].Mass == nil || seen[0].Mass.MsgID != "4711" || !seen[0].Mass.Sent {
		t.Errorf("sightings %+v, %v", seen, err)
	}
	if limit := (Config{WeChatAccountKind: "service"}).massLimit(); limit != (posts.MassLimit{PerDay: 1, PerMonth: 4}) {
		t.Errorf("a service account's limit %+v", limit)
	}
}

// The account is kept in step: at the start, and every day after somebody has changed it in Tencent's back end.
func TestUpkeepOfTheAccount(t *testing.T) {
	w := newTown(t)
	say := func() string {
		t.Helper()
		said, err := w.chat.upkeep(t.Context())
		w.must(err)
		return said
	}
	if first := say(); !strings.Contains(first, "已重新设置") {
		t.Errorf("first: %s", first)
	}
	if again := say(); !strings.Contains(again, "菜单与设置一致") || w.gate.count("/cgi-bin/menu/create") != 1 {
		t.Errorf("again: %s after %d creations", again, w.gate.count("/cgi-bin/menu/create"))
	}
	_, err := w.client.EnsureMenu(t.Context(), bot.Menu{{Name: "别的", Type: "click", Key: "other"}})
	w.must(err)
	if said := say(); !strings.Contains(said, "已重新设置") {
		t.Errorf("after a change by hand: %s", said)
	}
	h, err := w.chat.Health(t.Context())
	w.must(err)
	if !slices.ContainsFunc(h.Findings, func(f console.AccountFinding) bool { return f.Name == "推送来源" && f.Condition == "good" }) {
		t.Errorf("the platform's addresses are not known: %+v", h.Findings)
	}
	if !slices.ContainsFunc(w.jobs(nil), func(j scheduler.Job) bool { return j.Name == "account_upkeep" }) {
		t.Error("nothing repeats this by the clock")
	}
}

// Office hours that staff enter are told in chat, on the public pages and in the letters that are written from then on.
func TestOfficeHoursAreChangedInOnePlace(t *testing.T) {
	const hours = "工作日 8:30—12:00，15:00—18:30"
	w := newChatTown(t)
	w.must(w.chat.SaveWording(t.Context(), clerk, console.Wording{Hours: hours}))
	w.expect(w.say("人工"), []string{hours}, "人工")
	w.expect(w.say("结束人工"), []string{"继续为您服务"}, "结束人工")
	id := w.applied()
	_, err := w.desk.RequestSupplement(t.Context(), clerk, id, []string{"请写明年度。"}, workday.Of(w.clock.Now()).AddDays(20))
	w.must(err)
	r, err := w.desk.SignNotice(t.Context(), approver, id)
	w.must(err)
	if letter := r.Letters[len(r.Letters)-1]; !strings.Contains(strings.Join(letter.Paragraphs, "\n"), hours) {
		t.Errorf("the letter does not name the new hours: %q", letter.Paragraphs)
	}
}
