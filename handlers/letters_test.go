package handlers_test

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"shoushan/bot"
	"shoushan/disclosure"
	"shoushan/workday"
)

// answered returns a world in which the request of citizen c was answered by WeChat.
func answered(t testing.TB) (*world, disclosure.Request) {
	t.Helper()
	w := newWorld(t)
	r := w.file(t, "c")
	w.draftReply(t, r.ID)
	w.serveReply(t, r.ID)
	return w, w.memory.requests[0]
}

// askForReasons has the desk ask why there are so many applications, for a week.
func (w *world) askForReasons(t testing.TB, id string) {
	t.Helper()
	if _, err := w.desk.StateReasons(t.Context(), desk, id, "本月共申请三十二件", workday.Of(w.now).AddDays(7)); err != nil {
		t.Fatal(err)
	}
	if _, err := w.desk.SignNotice(t.Context(), signer, id); err != nil {
		t.Fatal(err)
	}
}

// reply is the answer's letter as it is on record.
func (w *world) reply() disclosure.Letter {
	r := w.memory.requests[0]
	return r.Letters[r.ReplyIndex()]
}

// 国办公开办函〔2016〕235号: what the citizen says and opens is kept as evidence, and moves nothing.
func TestCitizenAcknowledges(t *testing.T) {
	tests := []struct {
		name         string
		do           func(t *testing.T, w *world) string
		says         string
		acked, opens bool
	}{
		{"收到 with the number", func(t *testing.T, w *world) string { return w.says(t, "c", "收到 2026-0001") }, "已经记下您收到了", true, false},
		{"in other words", func(t *testing.T, w *world) string { return w.says(t, "c", "已收到答复：2026-0001。") }, "已经记下您收到了", true, false},
		{"收到 alone may answer anything: it asks", func(t *testing.T, w *world) string { return w.says(t, "c", "收到") }, "收到 2026-0001（《政府信息公开申请答复书》）", false, false},
		{"another citizen", func(t *testing.T, w *world) string { return w.says(t, "other", "收到 2026-0001") }, "不是在您的微信上提交的", false, false},
		{"reading it in chat", func(t *testing.T, w *world) string { return w.says(t, "c", "2026-0001") }, "低保对象共 12 户", false, true},
		{"a wrong code opens nothing", func(t *testing.T, w *world) string { return w.says(t, "other", "2026-0001 000000") }, "对不上", false, false},
		{"reading it on the page", func(t *testing.T, w *world) string {
			return w.visit(t, http.MethodPost, "/progress", url.Values{"id": {"2026-0001"}, "code": {"123456"}}).Body.String()
		}, "低保对象共 12 户", false, true},
		{"the list of one's own is no reading", func(t *testing.T, w *world) string { return w.says(t, "c", "查进度") }, "2026-0001", false, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w, before := answered(t)
			if got := tt.do(t, w); !strings.Contains(got, tt.says) {
				t.Errorf("reply = %s, want %s", got, tt.says)
			}
			if l := w.reply(); !l.AcknowledgedAt.IsZero() != tt.acked || !l.OpenedAt.IsZero() != tt.opens {
				t.Errorf("acknowledged %v, opened %v", l.AcknowledgedAt, l.OpenedAt)
			}
			if after := w.memory.requests[0]; after.State != before.State || after.Decision.ServedOn != before.Decision.ServedOn {
				t.Errorf("it moved the case to %s, served %s", after.State, after.Decision.ServedOn)
			}
		})
	}
}

// What cannot be written down is shown all the same.
func TestReadingOutlivesABrokenStore(t *testing.T) {
	w, _ := answered(t)
	w.memory.fail["update"] = errors.New("down")
	if got := w.says(t, "c", "2026-0001"); !strings.Contains(got, "低保对象共 12 户") {
		t.Errorf("reply = %s", got)
	}
}

// 收到 to a person is for the person: no evidence comes of it.
func TestAcknowledgementInATalkIsForThePerson(t *testing.T) {
	o := newOffice(t)
	r := o.file(t, "c")
	o.draftReply(t, r.ID)
	o.serveReply(t, r.ID)
	o.says(t, "c", "人工")
	o.says(t, "c", "在吗")
	o.says(t, "c", "收到")
	talk, err := o.talks.With(t.Context(), "c")
	if l := o.reply(); err != nil || !l.AcknowledgedAt.IsZero() || talk.Lines[len(talk.Lines)-1].Text != "收到" {
		t.Errorf("acknowledged %v; the talk %+v, %v", l.AcknowledgedAt, talk, err)
	}
}

// 条例第三十五条: reasons are taken in chat when they were asked, and from nobody else.
func TestReasonsInChat(t *testing.T) {
	w := newWorld(t)
	w.file(t, "c")
	if got := w.says(t, "c", "说明理由 2026-0001 办证"); !strings.Contains(got, "没有需要说明理由的申请") {
		t.Errorf("nobody asked, reply = %s", got)
	}
	w.askForReasons(t, "2026-0001")
	for _, tt := range []struct{ who, text, want string }{
		{"c", "2026-0001", "请在2026年11月30日以前说明理由"},
		{"c", "说明理由", "例如：说明理由 2026-0001"},
		{"other", "说明理由 2026-0001 别人的", "没有需要说明理由的申请"},
		{"c", "说明理由：逐年核对承包地", "已经记入申请 2026-0001"},
		{"c", "说明理由 2026-0001 逐年核对承包地", "已经记入申请 2026-0001"},
		{"c", "说明理由 2026-0001\n还有宅基地", "已经记入申请 2026-0001"},
		{"c", "说明理由 2026-0001 低保停了，不想活了", "12356"},
		{"c", "说明理由 " + strings.Repeat("长", 2001), "最多写2000个字"},
	} {
		if got := w.sends(t, bot.Message{From: tt.who, Type: bot.TextMessage, Text: tt.text}); !strings.Contains(got, tt.want) {
			t.Errorf("%s: %.30s: reply = %s, want %s", tt.who, tt.text, got, tt.want)
		}
	}
	want := []string{"逐年核对承包地", "还有宅基地"}
	given := w.memory.requests[0].Reasons.Given
	if len(given) != 3 || given[0].Text != want[0] || given[1].Text != want[1] || given[0].On != workday.Of(w.now) {
		t.Errorf("on record: %+v", given)
	}
	w.file(t, "c")
	w.askForReasons(t, "2026-0002")
	if got := w.says(t, "c", "说明理由 都要核对"); !strings.Contains(got, "请写上编号") {
		t.Errorf("two were asked, reply = %s", got)
	}
}

// 条例第四十四条第二款: who was given information may suggest publishing it for everybody, once, and nobody else.
func TestCitizenSuggestsPublishing(t *testing.T) {
	w, _ := answered(t)
	for _, tt := range []struct{ who, text, want string }{
		{"c", "2026-0001", "建议公开 2026-0001"},
		{"other", "建议公开 2026-0001", "不是在您的微信上提交的"},
		{"c", "建议公开 2026-0001", "审核这项信息是否纳入主动公开"},
		{"c", "建议主动公开：2026-0001", "已经在2026年11月23日提出过建议"},
	} {
		if got := w.says(t, tt.who, tt.text); !strings.Contains(got, tt.want) {
			t.Errorf("%s: %s: reply = %s, want %s", tt.who, tt.text, got, tt.want)
		}
	}
	if got := w.memory.requests[0].SuggestedOn; got != workday.Of(w.now) {
		t.Errorf("suggested on %s", got)
	}
	w.file(t, "c")
	if got := w.says(t, "c", "建议公开 2026-0002"); !strings.Contains(got, "只有已经依申请公开的信息") {
		t.Errorf("nothing was given yet, reply = %s", got)
	}
}
