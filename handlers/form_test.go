package handlers_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"

	"shoushan/bot"
	"shoushan/disclosure"
	"shoushan/handlers"
)

// talk lists what citizens say, well-formed or not, in the middle of an application.
var talk = []string{
	"申请公开", "同意", "不同意", "1", "2", "3", "6", "7", "王小明", "陵川县示例种植有限公司", "140599199001010018", "91140599MA0TE0001P",
	"13900000000", "0356-6200000", "2025年崇文镇农村低保对象名单", "2024年信访事项办理情况统计", "我要举报", "就这样写", "上一步", "修改", "修改 3", "修改姓名",
	"修改99", "继续", "暂停", "取消", "重来", "确认", "好", "？", "帮助", "人工", "查进度", "最新发布", "年报", "2026-0001", "2026-0001 123456",
	"救命", "你好", "收费吗", "wang@example.cn", "山西省晋城市陵川县崇文镇示例路8号", "", " ", "\n", "\x00\xff\xfe", "。。。", "😀", "【收到不支持的消息类型，暂无法显示】",
	strings.Repeat("长", 700), strings.Repeat("9", 2048),
}

func anyText() *rapid.Generator[string] {
	return rapid.OneOf(rapid.SampledFrom(talk), rapid.String(), rapid.StringMatching(`(修改|确认|取消)? ?[0-9一二三]{0,3}.?`))
}

// leaving are the words after which a draft may be gone: they delete it, or hand it in.
func leaving(text string) bool {
	for _, w := range []string{"取消", "不同意", "确认", "确定", "提交", "不填了", "放弃", "是", "对", "好", "y", "ok", "退出", "不申请了", "删除草稿", "拒绝", "没问题"} {
		if strings.Contains(strings.ToLower(text), w) {
			return true
		}
	}
	return false
}

// Whatever is said, nothing panics, something is answered, the answer fits the platform, and only the words that say so
// end an application; answers that were taken stay.
func TestAnyTextKeepsTheDraft(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w := newWorld(t)
		w.says(t, "c", "申请公开")
		for range rapid.IntRange(1, 40).Draw(rt, "turns") {
			w.now = w.now.Add(time.Duration(rapid.IntRange(0, 300).Draw(rt, "minutes")) * time.Minute)
			before, had := w.memory.drafts["c"]
			text := anyText().Draw(rt, "text")
			reply := w.says(t, "c", text)
			checkReply(rt, text, reply)
			after, has := w.memory.drafts["c"]
			if had && !has && !leaving(text) {
				rt.Fatalf("%q lost the draft %s", text, before.data)
			}
			if has && !json.Valid(after.data) {
				rt.Fatalf("%q left a broken draft %s", text, after.data)
			}
		}
	})
}

func checkReply(rt *rapid.T, text, reply string) {
	switch {
	case reply == "":
		rt.Fatalf("no reply to %q", text)
	case len(reply) > 2048:
		rt.Fatalf("reply to %q has %d bytes, want at most 2048", text, len(reply))
	case !utf8.ValidString(reply):
		rt.Fatalf("reply to %q is cut inside a character", text)
	case strings.Contains(reply, "140599199001010018"):
		rt.Fatalf("reply to %q shows the identity number: %s", text, reply)
	}
}

// answerFor returns an answer to the question in a reply, or "" when it asks for a number.
func answerFor(reply string) string {
	for _, qa := range [][2]string{
		{"请核对", "确认"}, {"回复数字", ""}, {"申请人姓名", "王小明"}, {"单位全称", "陵川县示例种植有限公司"}, {"居民身份证号", "140599199001010018"},
		{"统一社会信用代码", "91140599MA0TE0001P"}, {"经办人的姓名", "李建国"}, {"联系电话", "13900000000"}, {"您要什么信息", "2025年崇文镇农村低保对象名单"},
		{"收件地址", "山西省晋城市陵川县崇文镇示例路8号"}, {"电子邮箱", "wang@example.cn"},
	} {
		if strings.Contains(reply, qa[0]) {
			return qa[1]
		}
	}
	return ""
}

// art. 29: whatever is filed is complete, for every kind of applicant and way of delivery.
func TestEveryFilingIsComplete(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w := newWorld(t)
		w.says(t, "c", "申请公开")
		reply := w.says(t, "c", "同意")
		for turns := 0; len(w.memory.requests) == 0; turns++ {
			if turns > 15 {
				rt.Fatalf("not filed after %d answers: %s", turns, reply)
			}
			answer := answerFor(reply)
			if answer == "" {
				answer = rapid.SampledFrom([]string{"1", "2", "3", "4", "5", "6"}).Draw(rt, "choice")
			}
			reply = w.says(t, "c", answer)
			if strings.HasPrefix(reply, "请回复") { // a number beyond the choices
				turns--
			}
		}
		f := w.memory.requests[0].Filing
		if f.OpenID != "c" || f.Channel != disclosure.ByWeChat {
			rt.Errorf("filed by %q through %q, want c through wechat", f.OpenID, f.Channel)
		}
		if err := f.Validate(); err != nil {
			rt.Errorf("filed %+v: %v", f, err)
		}
	})
}

func FuzzText(f *testing.F) {
	for _, s := range talk {
		f.Add(uint8(3), s)
	}
	f.Fuzz(func(t *testing.T, answered uint8, text string) {
		w := newWorld(t)
		for _, a := range naturalAnswers[:int(answered)%len(naturalAnswers)] {
			w.says(t, "c", a)
		}
		if reply := w.says(t, "c", text); reply == "" || len(reply) > 2048 {
			t.Errorf("reply to %q has %d bytes", text, len(reply))
		}
	})
}

// The longest answers that are accepted, with a long-winded organ, still give screens that fit.
func TestLongestScreensFit(t *testing.T) {
	w := newWorld(t)
	w.citizen.Organ.Name = strings.Repeat("很长的机关名称", 4)
	w.citizen.Organ.Address = strings.Repeat("山西省晋城市陵川县崇文镇", 4)
	w.citizen.Organ.Hours = strings.Repeat("周一至周五上午八点到十二点，", 3)
	w.memory.publish(strings.Repeat("危房改造补助", 8), w.now)
	name := strings.Repeat("李", 14) + "·" + strings.Repeat("李", 15)
	texts := []string{
		"申请公开", "代办", "同意", "6", strings.Repeat("社", 100), "91140599MA0TE0001P", name, name, "11010519491231002X", strings.Repeat("授权", 50), "0356-6200000",
		strings.Repeat("危房改造补助", 100), "1", "1", strings.Repeat("址", 200), "取消", "继续", "x", "x", "x", "帮助", "人工", "指南", "确认", "查进度", "2026-0001", "帮助",
	}
	for _, text := range texts {
		if reply := w.says(t, "c", text); reply == "" || len(reply) > 2048 {
			t.Errorf("reply to %.20q has %d bytes, want 1 to 2048", text, len(reply))
		} else if strings.HasSuffix(reply, "…") {
			t.Errorf("reply to %.20q is cut: %s", text, reply)
		}
	}
	if len(w.memory.requests) != 1 {
		t.Errorf("%d requests filed, want 1", len(w.memory.requests))
	}
}

// art. 29 asks for no purpose and no reason; neither may the dialogue.
func TestPurposeIsNeverAsked(t *testing.T) {
	w := newWorld(t)
	for _, text := range naturalAnswers {
		for line := range strings.SplitSeq(w.says(t, "c", text), "\n") {
			if (strings.Contains(line, "用途") || strings.Contains(line, "理由")) && !strings.Contains(line, "不需要说明") && !strings.Contains(line, "不用说明") {
				t.Errorf("after %q: %s", text, line)
			}
		}
	}
}

// 个人信息保护法: nothing personal is asked or kept before 同意, and its time is on the draft.
func TestConsentComesFirst(t *testing.T) {
	w := newWorld(t)
	w.says(t, "c", "申请公开")
	for _, text := range []string{"王小明", "1", "140599199001010018", "修改 2", "上一步", "确认"} {
		w.says(t, "c", text)
		if kept := string(w.memory.drafts["c"].data); strings.Contains(kept, "王小明") || strings.Contains(kept, "1405991990") {
			t.Errorf("after %q the draft holds personal data without consent: %s", text, kept)
		}
	}
	w.now = w.now.Add(time.Minute)
	w.says(t, "c", "同意")
	if kept := string(w.memory.drafts["c"].data); !strings.Contains(kept, `"consent_at":"2026-11-23T01:01:00Z"`) {
		t.Errorf("the draft does not hold the time of consent: %s", kept)
	}
}

// A draft that another program wrote, or nobody can read, is no draft; it must not lock a citizen out.
func TestUnreadableDraft(t *testing.T) {
	for name, data := range map[string]string{"not JSON": "\x00", "another version": `{"version":99,"touched_at":"2026-11-23T00:00:00Z"}`} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.memory.drafts["c"] = kept{[]byte(data), "theirs", w.now.Add(time.Hour)}
			if got := w.says(t, "c", "申请公开"); !strings.Contains(got, "个人信息告知") {
				t.Errorf("reply = %s, want the privacy notice", got)
			}
		})
	}
}

// The promise of seven days does not hang on the store alone.
func TestDraftThatTheStoreForgotToForget(t *testing.T) {
	w := asked(t, atPhone)
	w.memory.drafts["c"] = kept{w.memory.drafts["c"].data, "theirs", w.now.AddDate(1, 0, 0)}
	w.now = w.now.Add(handlers.DraftTTL)
	if got := w.says(t, "c", "继续"); !strings.Contains(got, "没有正在填写的申请") || len(w.memory.drafts) != 0 {
		t.Errorf("reply = %s with %d drafts, want none", got, len(w.memory.drafts))
	}
}

func TestUnknownStepOfAnOlderProgram(t *testing.T) {
	w := newWorld(t)
	w.memory.drafts["c"] = kept{[]byte(`{"version":1,"step":"blood_type","touched_at":"2026-11-23T00:00:00Z","consent_at":"2026-11-23T00:00:00Z","filing":{"applicant_kind":"natural"}}`), "theirs", w.now.Add(time.Hour)}
	if got := w.says(t, "c", "王小明"); !strings.Contains(got, "记下了：王小明") {
		t.Errorf("reply = %s, want the name taken", got)
	}
}

// Two messages of one citizen at the same moment are answered one after the other: 确认 twice files once.
func TestTwoConfirmationsAtOnceFileOnce(t *testing.T) {
	w := newWorld(t)
	for _, text := range naturalAnswers[:len(naturalAnswers)-1] {
		w.says(t, "c", text)
	}
	done := make(chan error, 2)
	for range 2 {
		go func() {
			_, err := w.handle(t.Context(), bot.Message{From: "c", Type: bot.TextMessage, Text: "确认"})
			done <- err
		}()
	}
	for range 2 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	if len(w.memory.requests) != 1 {
		t.Errorf("%d requests on record, want 1", len(w.memory.requests))
	}
}

// A receipt is not withheld because the draft could not be deleted; the left-over draft files nothing again.
func TestReceiptSurvivesAFailingDelete(t *testing.T) {
	w := newWorld(t)
	for _, text := range naturalAnswers[:len(naturalAnswers)-1] {
		w.says(t, "c", text)
	}
	w.memory.fail["delete"] = errBroken
	if got := w.says(t, "c", "确认"); !strings.Contains(got, "申请编号：2026-0001") {
		t.Errorf("reply = %s, want the receipt", got)
	}
	clear(w.memory.fail)
	if got := w.says(t, "c", "确认"); !strings.Contains(got, "申请编号：2026-0001") || len(w.memory.requests) != 1 {
		t.Errorf("reply = %s with %d requests, want the same receipt and 1", got, len(w.memory.requests))
	}
}

// What was asked back is answered at once or not at all: after something else a “好的” cancels nothing.
func TestAskedBackIsNotAnsweredLater(t *testing.T) {
	for _, between := range []string{"查进度", "2026-0001", "【收到不支持的消息类型，暂无法显示】", "最新发布"} {
		for _, question := range []string{"取消", "重来"} {
			t.Run(question+" "+between, func(t *testing.T) {
				w := afterSummary(t, question, between)
				w.says(t, "c", "好的")
				if got := w.says(t, "c", "核对"); !strings.Contains(got, "2 姓名：王小明") {
					t.Errorf("the answers are gone: %s", got)
				}
			})
		}
	}
}

func afterSummary(t testing.TB, texts ...string) *world {
	w := asked(t, atSummary)
	for _, text := range texts {
		w.says(t, "c", text)
	}
	return w
}

// On the summary 确定 after 取消 cancels; it must not file.
func TestSureAfterCancelCancels(t *testing.T) {
	w := afterSummary(t, "取消", "确定")
	if len(w.memory.requests) != 0 || len(w.memory.drafts) != 0 {
		t.Errorf("%d requests and %d drafts, want none", len(w.memory.requests), len(w.memory.drafts))
	}
}

// TestANumberAfterThePauseIsKept: what was sent together with 暂停 and came after it is not lost; other texts go elsewhere.
func TestANumberAfterThePauseIsKept(t *testing.T) {
	w := newWorld(t)
	for _, text := range append(naturalAnswers[:4:4], "暂停") {
		w.says(t, "c", text)
	}
	if got := w.says(t, "c", "今天有集吗"); strings.Contains(got, "记下了") {
		t.Errorf("reply = %s", got)
	}
	if got := w.says(t, "c", "140599199001010018"); !strings.Contains(got, "记下了：140*************18") || !strings.Contains(got, "联系电话") {
		t.Errorf("reply = %s", got)
	}
	if draft := string(w.memory.drafts["c"].data); !strings.Contains(draft, `"paused":true`) || !strings.Contains(draft, "140599199001010018") {
		t.Errorf("the draft is %s", draft)
	}
}
