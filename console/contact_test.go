package console_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"shoushan/console"
	"shoushan/disclosure"
	"shoushan/fault"
)

func TestReplyWindowOnACase(t *testing.T) {
	h := newHouse(t)
	s := seed(t, h)
	path := "/requests/" + s.requests["unopened"]
	zhou := h.as(t, "zhou")
	tests := []struct {
		name    string
		contact console.Contact
		want    []string
		notWant []string
	}{
		{"open", console.Contact{Left: 3, Until: monday.Add(11*time.Hour + 59*time.Minute)}, []string{"可发送 3 条，剩 11 小时", "没有给工作人员留过言"}, []string{"现在不能发微信"}},
		{"the last minutes", console.Contact{Left: 1, Until: monday.Add(90 * time.Second)}, []string{"可发送 1 条，剩 1 分钟"}, nil},
		{"closed at this very instant", console.Contact{Left: 3, Until: monday}, []string{"现在不能发微信", "需要打电话"}, []string{"可发送"}},
		{"used up, two wait", console.Contact{Queued: 2}, []string{"现在不能发微信", "有 2 条消息还没有送达"}, nil},
		{"masked words", console.Contact{Talk: console.Talk{ID: "TALK9", Waiting: true, Lines: []console.TalkLine{{At: monday, Text: "我是" + secretName + "，电话" + secretPhone}}}},
			[]string{"我是牛**", "139******01", "/talks/TALK9", "去处理留言"}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h.chat.contact["oAbC"] = tt.contact
			zhou.get(path).wants(t, 200, tt.want, append(tt.notWant, secrets...))
		})
	}
	zhou.get("/requests/"+s.requests["handling"]).wants(t, 200, []string{"不是在微信上提出的申请"}, []string{"可发送", "现在不能发微信"})
	h.as(t, "zheng").get(path).wants(t, 200, []string{"我是牛**"}, append([]string{"/talks/TALK9"}, secrets...))
	h.chat.failing = fault.New(fault.Unavailable, "读不到。")
	zhou.get(path).wants(t, 200, []string{"暂时读不到微信的记录", "form-accept"}, secrets)
}

// TestGuesses: what a citizen wrote is offered to the cases that it may belong to, the likeliest first.
func TestGuesses(t *testing.T) {
	h := newHouse(t)
	s := seed(t, h)
	says := func(own []string, texts ...string) string {
		talk := console.Talk{ID: "TALK1", Last: monday, Waiting: true, Requests: own}
		for _, text := range texts {
			talk.Lines = append(talk.Lines, console.TalkLine{At: monday, Text: text})
		}
		h.chat.talks = []console.Talk{talk}
		return h.as(t, "zhou").get("/talks").body
	}
	first := func(body string) string {
		_, rest, _ := strings.Cut(body, `<input type="hidden" name="request" value="`)
		id, _, _ := strings.Cut(rest, `"`)
		return id
	}
	if got := first(says(nil, "请问 "+s.requests["signoff"]+" 怎么样了")); got != s.requests["signoff"] {
		t.Errorf("named by number, first is %q", got)
	}
	if got := first(says([]string{s.requests["unopened"]}, "还要多久")); got != s.requests["unopened"] {
		t.Errorf("the citizen's own, first is %q", got)
	}
	if body := says(nil, "电话"+secretPhone+"，"+secretName); first(body) == "" || strings.Contains(body, secretPhone) || strings.Contains(body, secretName) ||
		!strings.Contains(body, "写了申请人留下的电话，写了申请人的姓名") {
		t.Errorf("by telephone and name: %q", first(body))
	}
	if got := first(says(nil, "今天天气不错")); got != "" {
		t.Errorf("nothing tells, yet %q is proposed", got)
	}
	answered := console.Talk{ID: "TALK1", Last: monday, Waiting: true, Lines: []console.TalkLine{
		{At: monday, Text: s.requests["signoff"]}, {At: monday, By: "周经办", Text: "已答复"}, {At: monday, Text: "谢谢"},
	}}
	h.chat.talks = []console.Talk{answered}
	if got := first(h.as(t, "zhou").get("/talks").body); got != "" {
		t.Errorf("what was answered is proposed again: %q", got)
	}
}

func TestAMessageIsFiledWithOneClick(t *testing.T) {
	h := newHouse(t)
	s := seed(t, h)
	if _, err := h.desk.SignNotice(t.Context(), h.member("zheng"), s.requests["notice"]); err != nil {
		t.Fatal(err)
	}
	h.chat.talks = []console.Talk{{ID: "TALK1", Last: monday, Waiting: true, OpenID: "oAbC", Lines: []console.TalkLine{{At: monday, Text: s.requests["notice"] + " 要的是2025年的"}}}}
	zhou := h.as(t, "zhou")
	zhou.get("/requests").wants(t, 200, []string{`href="/talks">未归入的留言<span class="count">1<`}, nil)
	h.as(t, "zheng").get("/requests").wants(t, 200, nil, []string{"未归入的留言"})
	zhou.get("/talks").wants(t, 200, []string{"归入 " + s.requests["notice"], "正在等补正"}, secrets)
	zhou.post("/talks/TALK1/accept", url.Values{"request": {"2026-0999"}}).wants(t, 404, []string{"没有这件申请", `value="2026-0999"`}, nil)
	zhou.post("/talks/TALK1/accept", nil).wants(t, 422, []string{"请填写申请的编号"}, nil)
	zhou.follow("/talks/TALK1/accept", url.Values{"request": {s.requests["notice"]}}).wants(t, 200, []string{"留言已归入", "登记“收到补正”", "要的是2025年的", "form-supplemented"}, secrets)
	r, err := h.Request(t.Context(), s.requests["notice"])
	if err != nil || len(r.Notes) != 1 || r.Notes[0].By != "zhou" || r.State != disclosure.AwaitingSupplement {
		t.Errorf("notes %+v in %s, %v", r.Notes, r.State, err)
	}
	h.as(t, "wu").post("/talks/TALK1/accept", url.Values{"request": {s.requests["handling"]}}).wants(t, 409, []string{"已经有人归入案卷"}, nil)
	zhou.get("/talks/TALK1").wants(t, 200, []string{"已归入"}, []string{"form-accept"})
	zhou.get("/").wants(t, 200, nil, []string{"/talks/TALK1"})
	h.as(t, "zheng").post("/talks/TALK1/accept", url.Values{"request": {s.requests["notice"]}}).wants(t, 403, nil, nil)
}
