package handlers_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"image"
	"image/jpeg"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"shoushan/bot"
	"shoushan/disclosure"
	"shoushan/fault"
	"shoushan/handlers"
	"shoushan/workday"
)

// cabinet is bot.Papers and bot.Memo in memory.
type cabinet struct {
	mu     sync.Mutex
	values map[string][]byte
	down   error
}

func newCabinet() *cabinet { return &cabinet{values: map[string][]byte{}} }

func (c *cabinet) Get(_ context.Context, name string) ([]byte, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if v, there := c.values[name]; there {
		return bytes.Clone(v), c.down
	}
	return nil, errors.Join(c.down, fault.New(fault.NotFound, "没有。"))
}

func (c *cabinet) Update(_ context.Context, name string, _ time.Duration, change func([]byte) ([]byte, error)) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.down != nil {
		return c.down
	}
	v, err := change(bytes.Clone(c.values[name]))
	if err != nil {
		return err
	}
	if c.values[name] = v; v == nil {
		delete(c.values, name)
	}
	return nil
}

func (c *cabinet) Delete(_ context.Context, name string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.values, name)
	return c.down
}

func (c *cabinet) Setting(ctx context.Context, name string, v any) error {
	data, err := c.Get(ctx, name)
	if err != nil {
		return err
	}
	return json.Unmarshal(data, v)
}

func (c *cabinet) ChangeSetting(ctx context.Context, name string, change func([]byte) ([]byte, error)) error {
	return c.Update(ctx, name, 0, change)
}

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
	agreed   []string
	forgot   []string
}

func newOffice(t testing.TB) *office {
	o := &office{world: newWorld(t), media: map[string][]byte{}, files: map[string][]byte{}}
	now := func() time.Time { return o.now }
	o.talks = &handlers.Talks{Papers: newCabinet(), Now: now}
	o.answers = &handlers.Answers{Memo: newCabinet()}
	o.pictures = &handlers.Pictures{Papers: newCabinet(), Media: o, Files: o, Now: now, Enqueue: func(_ context.Context, kind, id string) error {
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
	id := "file-" + string(rune('a'+len(o.files)))
	o.files[id] = data
	return id, nil
}

func (o *office) Link(_ context.Context, openID string) (string, error) {
	return "https://mp.weixin.qq.com/mp/subscribemsg?for=" + openID, nil
}

func (o *office) Answer(_ context.Context, openID, secret string, agreed bool) error {
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
	o.now = o.now.Add(25 * time.Hour)
	if got := o.says(t, "a", "在不在"); got == "" {
		t.Error("silent after a day")
	}
	o.says(t, "a", "人工")
	talk := o.talk(t, 0)
	if err := o.talks.Answered(t.Context(), talk.OpenID, "张经办", "请带身份证来。", bot.Sent); err != nil {
		t.Fatal(err)
	}
	after := o.talk(t, 0)
	if last := after.Lines[len(after.Lines)-1]; last.By != "张经办" || last.How != bot.Sent || after.Waiting || !after.HandedOver(o.now) {
		t.Errorf("after an answer %+v", after)
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
	o.citizen.Reminders = nil
	contains(t, o.says(t, "a", "提醒"), "打电话")
	if status, _ := page("openid=a&action=confirm&reserved=secret"); status != 404 {
		t.Errorf("without reminders: %d", status)
	}
}

// withExif is a JPEG that says where it was taken.
func withExif(t *testing.T) []byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 40, 30))
	for i := range img.Pix {
		img.Pix[i] = byte(i)
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		t.Fatal(err)
	}
	exif := append([]byte{0xff, 0xe1, 0, 40}, []byte("Exif\x00\x00GPS 35.77N 113.28E 陵川县..")...)
	exif = append(exif, make([]byte, 42-len(exif))...)
	return slices.Concat(b.Bytes()[:2], exif, b.Bytes()[2:])
}

func (o *office) sendPicture(t *testing.T, who string, data []byte) string {
	t.Helper()
	id := "media-" + string(rune('a'+len(o.media)))
	o.media[id] = data
	return o.sends(t, bot.Message{From: who, Type: bot.ImageMessage, MediaID: id})
}

// fetch does the background work that was asked for.
func (o *office) fetch(t *testing.T) (err error) {
	t.Helper()
	for _, id := range o.fetches {
		err = errors.Join(err, o.pictures.Fetch(t.Context(), id))
	}
	return err
}

// art. 29(2)(1): proof of identity may come as a picture.
func TestPicturesGoWithTheApplication(t *testing.T) {
	o := newOffice(t)
	for _, text := range naturalAnswers[:4] {
		o.says(t, "a", text)
	}
	contains(t, o.sendPicture(t, "a", withExif(t)), "图片收到了", "第 1 张", "身份证号")
	webp, err := base64.StdEncoding.DecodeString("UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==")
	if err != nil {
		t.Fatal(err)
	}
	contains(t, o.sendPicture(t, "a", webp), "第 2 张")
	for _, text := range naturalAnswers[4:9] {
		o.says(t, "a", text)
	}
	contains(t, o.says(t, "a", "确认"), "还在保存")
	for range 2 { // work may run twice
		if err := o.fetch(t); err != nil {
			t.Fatal(err)
		}
	}
	contains(t, o.says(t, "a", "确认"), "登记回执")
	r := o.memory.requests[0]
	if len(r.Filing.Attachments) != 2 || len(o.files) != 2 || r.Filing.Attachments[0].Kind != disclosure.IdentityProof || r.Filing.ConsentAt.IsZero() {
		t.Fatalf("filed with %+v, %d files, consent %v", r.Filing.Attachments, len(o.files), r.Filing.ConsentAt)
	}
	for id, data := range o.files {
		if _, err := jpeg.Decode(bytes.NewReader(data)); err != nil || bytes.Contains(data, []byte("GPS")) || bytes.Contains(data, []byte("Exif")) {
			t.Errorf("%s is kept with more than the picture (%v)", id, err)
		}
	}
	o.file(t, "a")
	if n := len(o.memory.requests[1].Filing.Attachments); n != 0 {
		t.Errorf("the next application has %d pictures of the one before", n)
	}
}

func TestPicturesThatAreLost(t *testing.T) {
	tests := []struct {
		name string
		data []byte
		err  error
	}{
		{"not a picture", []byte("%PDF-1.7"), nil},
		{"damaged", withExif(t)[:60], nil},
		{"no longer there", nil, &bot.APIError{Code: 40007}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o := newOffice(t)
			for _, text := range naturalAnswers[:9] {
				o.says(t, "a", text)
			}
			o.mediaErr = tt.err
			o.sendPicture(t, "a", tt.data)
			if err := o.fetch(t); err != nil {
				t.Fatal(err)
			}
			contains(t, o.says(t, "a", "确认"), "1 张图片没能保存", "删除图片")
			contains(t, o.says(t, "a", "删除图片"), "都不附了")
			contains(t, o.says(t, "a", "确认"), "登记回执")
		})
	}
	o := newOffice(t)
	for _, text := range naturalAnswers[:9] {
		o.says(t, "a", text)
	}
	o.mediaErr = fault.New(fault.Unavailable, "连不上。")
	o.sendPicture(t, "a", withExif(t))
	if err := o.fetch(t); err == nil {
		t.Error("a download that may yet succeed is not tried again")
	}
	o.now = o.now.Add(11 * time.Minute)
	contains(t, o.says(t, "a", "确认"), "没能保存") // nobody waits for ever
}

func TestPicturesAreTakenOnlyForAnApplication(t *testing.T) {
	o := newOffice(t)
	contains(t, o.sendPicture(t, "a", withExif(t)), "也没有保存它")
	o.says(t, "a", "申请公开")
	contains(t, o.sendPicture(t, "a", withExif(t)), "也没有保存它") // before 同意
	o.says(t, "a", "同意")
	for range 9 {
		o.sendPicture(t, "a", withExif(t))
	}
	contains(t, o.sendPicture(t, "a", withExif(t)), "最多附 9 张")
	if len(o.fetches) != 9 {
		t.Errorf("%d pictures are fetched, want 9", len(o.fetches))
	}
}

// 个人信息保护法 art. 47: what was kept for the conversation goes at once; what was filed stays.
func TestUnsubscribeForgets(t *testing.T) {
	o := newOffice(t)
	filed := o.file(t, "a")
	for _, text := range naturalAnswers[:5] {
		o.says(t, "a", text)
	}
	o.sendPicture(t, "a", withExif(t))
	o.says(t, "a", "人工")
	o.says(t, "a", "我的事")
	o.says(t, "b", "呜里哇啦")
	if _, err := o.handle(t.Context(), bot.Message{From: "a", Type: bot.EventMessage, Event: bot.Unsubscribe}); err != nil {
		t.Fatal(err)
	}
	if all, err := o.talks.Talks(t.Context()); err != nil || len(all) != 1 || all[0].OpenID != "b" {
		t.Errorf("talks left %+v, %v, want only the other citizen's", all, err)
	}
	if len(o.memory.drafts) != 0 || !slices.Equal(o.forgot, []string{"a"}) {
		t.Errorf("drafts %v, consents forgotten of %v", o.memory.drafts, o.forgot)
	}
	if err := o.fetch(t); err != nil || len(o.files) != 0 {
		t.Errorf("a picture is fetched after all: %d files, %v", len(o.files), err)
	}
	contains(t, o.says(t, "a", "查进度"), filed.ID)
	contains(t, o.says(t, "a", "继续"), "没有正在填写的申请")
}

// One deletion that fails keeps no other from being done, and makes WeChat deliver the event again.
func TestUnsubscribeWithAFailure(t *testing.T) {
	o := newOffice(t)
	o.says(t, "a", "人工")
	o.memory.fail["delete"] = errBroken
	if _, err := o.handle(t.Context(), bot.Message{From: "a", Type: bot.EventMessage, Event: bot.Unsubscribe}); err == nil {
		t.Error("a deletion that failed is told as done")
	}
	if all, _ := o.talks.Talks(t.Context()); len(all) != 0 || len(o.forgot) != 1 {
		t.Errorf("talks %v, forgotten %v: the other deletions were not done", all, o.forgot)
	}
}
