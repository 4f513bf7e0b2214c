package disclosure_test

import (
	"encoding/json"
	"strings"
	"testing"

	"shoushan/disclosure"
	"shoushan/fault"
	"shoushan/staff"
	"shoushan/workday"
)

// reasonsAsked returns a world in which the reasons of a request were asked on Tuesday, until the 10th.
func reasonsAsked(t *testing.T) (*world, string) {
	t.Helper()
	w := newWorld("2026-03-02")
	r := must(t)(w.SubmitConfirmed(t.Context(), staff.Citizen, byChat()))
	w.set("2026-03-03")
	r = w.signs(t)(w.StateReasons(t.Context(), clerk, r.ID, "3月共申请32件", date("2026-03-10")))
	return w, r.ID
}

var tooMany = disclosure.Decision{Outcome: disclosure.Excessive, Ground: "同一内容反复申请32次"}

// TestExcessiveOnlyAfterTheApplicantWasHeard is 条例第三十五条: reasons are asked first, and nobody is judged before they are in or
// their period is over.
func TestExcessiveOnlyAfterTheApplicantWasHeard(t *testing.T) {
	tests := []struct {
		name, on, given string // given: the day on which reasons arrive, "" for never
		refused         bool
		says            string // in the letter
	}{
		{"art. 35: not on the day after the notice", "2026-03-04", "", true, ""},
		{"art. 35: not on the last day of the period", "2026-03-10", "", true, ""},
		{"art. 35: after the period, in silence", "2026-03-11", "", false, "您在期限（2026年3月10日）内没有说明，对本申请不予处理"},
		{"art. 35: before its end, when the reasons are in", "2026-03-06", "2026-03-05", false, "您于2026年3月5日作了说明，本机关认为理由不合理"},
		{"art. 35: reasons that come late are weighed too", "2026-03-16", "2026-03-13", false, "您于2026年3月13日作了说明"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w, id := reasonsAsked(t)
			if tt.given != "" {
				w.set(tt.given)
				must(t)(w.ReceiveReasons(t.Context(), staff.Citizen, id, "要逐年核对承包地的面积", workday.Date{}))
			}
			w.set(tt.on)
			r, err := w.Decide(t.Context(), clerk, id, tooMany)
			if tt.refused {
				refused(t, err, fault.Conflict)
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			text := strings.Join(r.Letters[r.ReplyIndex()].Paragraphs, "\n")
			if !strings.Contains(text, tt.says) || !strings.Contains(text, "本机关于2026年3月3日以《政府信息公开申请说明理由告知书》（崇政公告〔2026〕1号）要求您说明理由") {
				t.Errorf("the letter says\n%s\nwant %q", text, tt.says)
			}
		})
	}
}

// TestReasonsAreRecorded: what the applicant says stands in the case with its day, and its text in no trail.
func TestReasonsAreRecorded(t *testing.T) {
	w, id := reasonsAsked(t)
	w.set("2026-03-09")
	due := must(t)(w.memory.Request(t.Context(), id)).Deadline(w.cal).Due
	must(t)(w.ReceiveReasons(t.Context(), clerk, id, "要逐年核对承包地的面积", date("2026-03-06")))
	r := must(t)(w.ReceiveReasons(t.Context(), staff.Citizen, id, "还有宅基地的面积", workday.Date{}))
	want := []disclosure.Reason{{On: date("2026-03-06"), Text: "要逐年核对承包地的面积"}, {On: date("2026-03-09"), Text: "还有宅基地的面积"}}
	if got := r.Reasons.Given; len(got) != 2 || got[0] != want[0] || got[1] != want[1] {
		t.Errorf("given = %+v, want %+v", got, want)
	}
	if got := r.Deadline(w.cal).Due; got != due {
		t.Errorf("the reasons moved the due date from %s to %s", due, got)
	}
	if trail, err := json.Marshal(r.Trail); err != nil || strings.Contains(string(trail), "承包地") || !strings.Contains(string(trail), "申请人于2026年3月6日说明了理由。") {
		t.Errorf("%v: the trail is %s", err, trail)
	}
}

func TestReasonsRefused(t *testing.T) {
	tests := []struct {
		name     string
		by       staff.Member
		text, on string
		kind     fault.Kind
	}{
		{"art. 35: an empty statement", staff.Citizen, " ", "", fault.Invalid},
		{"art. 35: before they were asked", clerk, "要核对", "2026-03-02", fault.Invalid},
		{"art. 35: in the future", clerk, "要核对", "2026-03-04", fault.Invalid},
		{"art. 35: too long for a record", clerk, strings.Repeat("长", 2001), "", fault.Invalid},
		{"who does not work at the desk", author, "要核对", "", fault.Forbidden},
		{"the clock gives no reasons", staff.System, "要核对", "", fault.Forbidden},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w, id := reasonsAsked(t)
			on := workday.Date{}
			if tt.on != "" {
				on = date(tt.on)
			}
			_, err := w.ReceiveReasons(t.Context(), tt.by, id, tt.text, on)
			refused(t, err, tt.kind)
		})
	}
	w := newWorld("2026-03-02")
	r := must(t)(w.Submit(t.Context(), clerk, atCounter()))
	_, err := w.ReceiveReasons(t.Context(), clerk, r.ID, "没人问", workday.Date{})
	refused(t, err, fault.Conflict) // art. 29: nobody has to say why
	w, id := reasonsAsked(t)
	must(t)(w.ReceiveReasons(t.Context(), clerk, id, "要核对", workday.Date{}))
	_, err = w.ReceiveReasons(t.Context(), clerk, id, "要核对", workday.Date{})
	refused(t, err, fault.Conflict)
}

// TestReasonsAfterTheDraftSendItBack: an answer that nobody has weighed the reasons for is not signed (条例第三十五条).
func TestReasonsAfterTheDraftSendItBack(t *testing.T) {
	w, id := reasonsAsked(t)
	ctx := t.Context()
	w.set("2026-03-11")
	must(t)(w.Decide(ctx, clerk, id, tooMany))
	r := must(t)(w.ReceiveReasons(ctx, staff.Citizen, id, "住院，刚刚出院", workday.Date{}))
	if r.State != disclosure.AwaitingSignoff || !r.UnheardReasons() {
		t.Errorf("state %s, unheard %v", r.State, r.UnheardReasons())
	}
	_, err := w.SignOff(ctx, head, id)
	refused(t, err, fault.Conflict)
	must(t)(w.ReturnDraft(ctx, head, id, "申请人说明了理由"))
	must(t)(w.Decide(ctx, clerk, id, tooMany))
	if r = must(t)(w.SignOff(ctx, head, id)); r.UnheardReasons() || r.Letters[r.ReplyIndex()].Number != "崇政公复〔2026〕1号" {
		t.Errorf("signed as %s, unheard %v", r.Letters[r.ReplyIndex()].Number, r.UnheardReasons())
	}
}

// TestReasonsPeriodEndsBeforeTheAnswerIsDue: asking does not stop the clock (条例第三十三条、第三十五条).
func TestReasonsPeriodEndsBeforeTheAnswerIsDue(t *testing.T) {
	w := newWorld("2026-03-02") // due 2026-03-30
	r := must(t)(w.Submit(t.Context(), clerk, atCounter()))
	_, err := w.StateReasons(t.Context(), clerk, r.ID, "32件", date("2026-03-30"))
	refused(t, err, fault.Invalid)
	w.signs(t)(w.StateReasons(t.Context(), clerk, r.ID, "32件", date("2026-03-29")))
}
