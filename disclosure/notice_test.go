package disclosure_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"shoushan/disclosure"
	"shoushan/fault"
	"shoushan/staff"
	"shoushan/workday"
)

// drafting writes each notice, unsigned, on a request in the state in which it may.
var drafting = map[disclosure.Action]struct {
	in disclosure.State
	do func(p *player) (disclosure.Request, error)
}{
	disclosure.DoRequestSupplement: {disclosure.Handling, func(p *player) (disclosure.Request, error) {
		return p.RequestSupplement(p.ctx, clerk, p.id, []string{"请写明年份。"}, date("2026-03-20"))
	}},
	disclosure.DoConsult: {disclosure.Handling, func(p *player) (disclosure.Request, error) {
		return p.Consult(p.ctx, clerk, p.id, disclosure.ThirdParty, "某某公司", "报价")
	}},
	disclosure.DoStateReasons: {disclosure.Handling, func(p *player) (disclosure.Request, error) {
		return p.StateReasons(p.ctx, clerk, p.id, "3月共42件", date("2026-03-20"))
	}},
	disclosure.DoExtend: {disclosure.Handling, func(p *player) (disclosure.Request, error) {
		return p.Extend(p.ctx, clerk, p.id, 20, "档案较多")
	}},
	disclosure.DoChargeFee: {disclosure.Handling, func(p *player) (disclosure.Request, error) {
		return p.ChargeFee(p.ctx, clerk, p.id, disclosure.ByPages, 72)
	}},
	disclosure.DoAssist: {disclosure.Consulting, func(p *player) (disclosure.Request, error) {
		return p.Assist(p.ctx, clerk, p.id, "财政所", "检索合同", date("2026-03-10"))
	}},
	disclosure.DoLapse: {disclosure.AwaitingSupplement, func(p *player) (disclosure.Request, error) {
		p.set("2026-05-06")
		return p.Lapse(p.ctx, staff.System, p.id)
	}},
}

// outside is what a request says to anybody but those who work on it.
func outside(t testing.TB, r disclosure.Request) string {
	t.Helper()
	r.Notice, r.Trail, r.Version = nil, nil, 0
	data, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// TestNothingHappensBeforeTheSignature: a drafted notice moves no state, no clock and no letter, and tells nobody.
func TestNothingHappensBeforeTheSignature(t *testing.T) {
	for v, d := range drafting {
		t.Run(string(v), func(t *testing.T) {
			p := inState(t, d.in)
			before, _ := p.memory.Request(p.ctx, p.id)
			told := len(p.memory.told)
			r := must(t)(d.do(p))
			if diff := cmp.Diff(outside(t, before), outside(t, r)); diff != "" {
				t.Errorf("the draft changed the case:\n%s", diff)
			}
			if r.Notice == nil || r.Notice.Action != v || len(r.Notice.Letters) == 0 || len(p.memory.told) != told {
				t.Fatalf("notice %+v, told %v", r.Notice, p.memory.told)
			}
			for _, l := range r.Notice.Letters {
				if l.Number != "" || !l.IssuedAt.IsZero() {
					t.Errorf("the draft is numbered %q, issued %v", l.Number, l.IssuedAt)
				}
			}
			if papers := r.Papers(); len(papers) != len(r.Letters)+len(r.Notice.Letters) {
				t.Errorf("%d papers", len(papers))
			}
			signed := must(t)(p.SignNotice(p.ctx, head, p.id))
			last := signed.Letters[len(r.Letters)]
			if signed.Notice != nil || last.Number == "" || last.IssuedAt.IsZero() || last.Title != r.Notice.Title() {
				t.Errorf("signed: notice %v, letter %+v", signed.Notice, last)
			}
		})
	}
}

// TestEveryNoticeIsCovered: what needs a signature is in the table above, or is played in TestDelay.
func TestEveryNoticeIsCovered(t *testing.T) {
	for _, a := range disclosure.Actions() {
		if _, ok := drafting[a]; a.NeedsSignature() && !ok && a != disclosure.DoDelay {
			t.Errorf("%s is not tried without its signature", a)
		}
	}
}

func TestWhoSignsANotice(t *testing.T) {
	p := inState(t, disclosure.Handling)
	_, err := p.SignNotice(p.ctx, head, p.id)
	refused(t, err, fault.Conflict) // nothing to sign
	r := must(t)(p.RequestSupplement(p.ctx, second, p.id, []string{"请写明年份。"}, date("2026-03-20")))
	for name, by := range map[string]staff.Member{"the drafter, with both rights": second, "another of the desk": clerk, "the clock": staff.System, "the applicant": staff.Citizen} {
		t.Run(name, func(t *testing.T) {
			_, err := p.SignNotice(p.ctx, by, r.ID)
			refused(t, err, fault.Forbidden)
		})
	}
	r = must(t)(p.SignNotice(p.ctx, head, r.ID))
	if l := r.Letters[len(r.Letters)-1]; l.Number != "崇政公告〔2026〕1号" {
		t.Errorf("the refused signatures used up numbers: %s", l.Number)
	}
	if e := r.Trail[len(r.Trail)-1]; e.Action != "request_supplement" || e.ActorID != head.ID {
		t.Errorf("the event is %+v", e)
	}
	if e := r.Trail[len(r.Trail)-2]; e.Action != "draft_notice" || e.ActorID != second.ID {
		t.Errorf("the draft's event is %+v", e)
	}
}

// TestSignedTooLate: the law is asked on the day of the signature, not of the draft (条例第三十条).
func TestSignedTooLate(t *testing.T) {
	p := inState(t, disclosure.Handling)
	must(t)(p.RequestSupplement(p.ctx, clerk, p.id, []string{"请写明年份。"}, date("2026-04-20")))
	p.set("2026-03-12")
	_, err := p.SignNotice(p.ctx, head, p.id)
	refused(t, err, fault.Conflict)
	_, err = p.ReturnNotice(p.ctx, head, p.id, "")
	refused(t, err, fault.Invalid)
	r := must(t)(p.ReturnNotice(p.ctx, head, p.id, "已经超过7个工作日"))
	if r.Notice != nil || r.State != disclosure.Handling {
		t.Errorf("returned: %+v in %s", r.Notice, r.State)
	}
	_, err = p.ReturnNotice(p.ctx, head, p.id, "再退一次")
	refused(t, err, fault.Conflict)
}

// TestAConsultationCountsFromTheSignature: drafted on Monday, signed on Thursday, sent on Thursday.
func TestAConsultationCountsFromTheSignature(t *testing.T) {
	p := inState(t, disclosure.Handling)
	must(t)(p.Consult(p.ctx, clerk, p.id, disclosure.ThirdParty, "某某公司", "报价"))
	p.set("2026-03-05")
	r := must(t)(p.SignNotice(p.ctx, head, p.id))
	if c := r.Consultations[0]; c.SentOn != date("2026-03-05") || c.Until != date("2026-03-26") {
		t.Errorf("sent %s, until %s", c.SentOn, c.Until)
	}
}

// TestWhatANoticeHoldsUp: an answer cannot overtake a notice, and the applicant's own acts take the notice with them.
func TestWhatANoticeHoldsUp(t *testing.T) {
	p := inState(t, disclosure.Handling)
	must(t)(p.Extend(p.ctx, clerk, p.id, 20, "档案较多"))
	for name, err := range map[string]error{
		"an answer":      p.try("decide"),
		"another notice": p.try("request_supplement"),
		"a correction":   p.try("correct"),
	} {
		t.Run(name, func(t *testing.T) {
			refused(t, err, fault.Conflict)
			if !strings.Contains(fault.Message(err), "延期答复告知书") {
				t.Errorf("%q does not say what waits", fault.Message(err))
			}
		})
	}
	if r := must(t)(p.Withdraw(p.ctx, staff.Citizen, p.id, "")); r.Notice != nil || r.State != disclosure.Closed {
		t.Errorf("withdrawn: %+v in %s", r.Notice, r.State)
	}

	late := inState(t, disclosure.AwaitingSupplement)
	late.set("2026-05-06")
	must(t)(late.Lapse(late.ctx, clerk, late.id))
	r := must(t)(late.ReceiveSupplement(late.ctx, staff.Citizen, late.id, disclosure.SupplementAnswer{Description: "2025年的名册"}))
	if r.Notice != nil || r.State != disclosure.Handling {
		t.Errorf("a supplement before the signature (art. 30: lateness may have a reason): %+v in %s", r.Notice, r.State)
	}
}

// TestTheReceiptOfAConsultation: 15 working days run from the party's receipt (条例第三十二条).
func TestTheReceiptOfAConsultation(t *testing.T) {
	p := inState(t, disclosure.Consulting)
	p.set("2026-03-09")
	_, err := p.ConsultationReceived(p.ctx, clerk, p.id, 0, date("2026-03-01"))
	refused(t, err, fault.Invalid) // before it was sent
	_, err = p.ConsultationReceived(p.ctx, clerk, p.id, 0, date("2026-03-10"))
	refused(t, err, fault.Invalid) // not yet
	r := must(t)(p.ConsultationReceived(p.ctx, clerk, p.id, 0, date("2026-03-06")))
	if c := r.Consultations[0]; c.ReceivedOn != date("2026-03-06") || c.Until != date("2026-03-27") {
		t.Errorf("received %s, until %s", c.ReceivedOn, c.Until)
	}
	_, err = p.ConsultationReceived(p.ctx, clerk, p.id, 0, workday.Date{})
	refused(t, err, fault.Conflict)
	p.set("2026-03-27")
	_, err = p.Lapse(p.ctx, staff.System, p.id)
	refused(t, err, fault.Conflict)
	p.set("2026-03-28")
	r = must(t)(p.Lapse(p.ctx, staff.System, p.id))
	// 20 working days from 2 March, and the 19 from 3 March to 27 March that do not count.
	if due := r.Deadline(p.cal).Due; due != p.cal.Add(date("2026-03-02"), 20+19).Date {
		t.Errorf("due %s\n%s", due, explained(r.Deadline(p.cal)))
	}
}

// TestServedOn: the posting or signing day counts, within the signature and today (国办公开办函〔2016〕235号).
func TestServedOn(t *testing.T) {
	p := inState(t, disclosure.AwaitingDelivery) // signed on 2 March
	p.set("2026-03-06")
	for on, via := range map[string]disclosure.Delivery{"2026-03-01": disclosure.DeliverByPost, "2026-03-07": disclosure.DeliverByPost} {
		_, err := p.DeliverOn(p.ctx, clerk, p.id, via, "1234567890123", date(on))
		refused(t, err, fault.Invalid)
	}
	r := must(t)(p.DeliverOn(p.ctx, clerk, p.id, disclosure.DeliverByPost, "1234567890123", date("2026-03-04")))
	if r.Decision.ServedOn != date("2026-03-04") || r.Clock[len(r.Clock)-1].On != date("2026-03-04") || !r.Decision.DeliveredAt.Equal(p.now) {
		t.Errorf("served %s, clock %+v, entered %v", r.Decision.ServedOn, r.Clock[len(r.Clock)-1], r.Decision.DeliveredAt)
	}
}

// TestDaysLeftWhenLate: late is negative, also on the weekend right after the due date.
func TestDaysLeftWhenLate(t *testing.T) {
	p := inState(t, disclosure.Handling) // received Monday 2 March, due Monday 30 March
	r, _ := p.memory.Request(p.ctx, p.id)
	r.Clock[0].On = date("2026-02-28") // a make-up Saturday: due Friday 27 March
	rapid.Check(t, func(t *rapid.T) {
		now := date("2026-03-20").AddDays(rapid.IntRange(0, 40).Draw(t, "day")).At(rapid.IntRange(0, 23).Draw(t, "hour"), 0)
		if late, left := r.Overdue(p.cal, now), r.DaysLeft(p.cal, now); late != (left < 0) {
			t.Fatalf("%v: overdue %v, %d days left", now, late, left)
		}
	})
	if left := r.DaysLeft(p.cal, date("2026-03-28").At(10, 0)); left != -1 {
		t.Errorf("on the Saturday after it: %d days left", left)
	}
}

// TestReviewSheet: 审查呈批单 names the outcome, its ground and who signed, and nothing personal.
func TestReviewSheet(t *testing.T) {
	p := inState(t, disclosure.Handling)
	must(t)(p.Decide(p.ctx, clerk, p.id, decisions["r3_6"]))
	r := must(t)(p.SignOff(p.ctx, head, p.id))
	names := map[string]string{clerk.ID: clerk.Name, head.ID: head.Name}
	text := print(disclosure.ReviewSheet(r, town, p.cal, func(id string) string { return names[id] }))
	for _, want := range []string{"属于四类过程性信息", "集体讨论的记录", "拟稿人：王经办", "签发：李主任", "第十六条第二款", "保密审查意见"} {
		if !strings.Contains(text, want) {
			t.Errorf("the sheet lacks %q:\n%s", want, text)
		}
	}
	for _, secret := range []string{"张小三", "14052419900101005X", "13800001234"} {
		if strings.Contains(text, secret) {
			t.Errorf("the sheet shows %q", secret)
		}
	}
}

// TestTwoSignersOneNotice: of two signatures in the same instant one wins, the other is told, and the notice leaves once.
func TestTwoSignersOneNotice(t *testing.T) {
	p := inState(t, disclosure.Handling)
	must(t)(p.RequestSupplement(p.ctx, clerk, p.id, []string{"请写明年份。"}, date("2026-03-20")))
	p.memory.pause = newMeeting(2)
	errs := make([]error, 2)
	var both sync.WaitGroup
	for i, by := range []staff.Member{head, second} {
		both.Go(func() { _, errs[i] = p.SignNotice(p.ctx, by, p.id) })
	}
	both.Wait()
	p.memory.pause = nil
	if won := slices.Index(errs, nil); won < 0 || fault.KindOf(errs[1-won]) != fault.Conflict {
		t.Fatalf("errors: %v", errs)
	}
	r, _ := p.memory.Request(p.ctx, p.id)
	var titles []string
	for _, l := range r.Letters {
		titles = append(titles, fmt.Sprint(l.Template, l.Number))
	}
	if len(titles) != 2 || r.State != disclosure.AwaitingSupplement || r.Trail.Verify() != nil {
		t.Errorf("letters %v in %s", titles, r.State)
	}
}

// TestThirdPartyIsToldOnlyOfDisclosure: art. 32; who refused is told when its information is disclosed all the same, with the
// reason, and not when it is what the answer withholds.
func TestThirdPartyIsToldOnlyOfDisclosure(t *testing.T) {
	tests := []struct {
		name string
		d    disclosure.Decision
		want string // in the notice; "" when there is none
	}{
		{"disclosed", disclosure.Decision{Outcome: "r1", How: "attached"}, "不公开可能对公共利益造成重大影响。"},
		{"disclosed, with the reason", disclosure.Decision{Outcome: "r1", How: "attached", Ground: "合同使用财政资金"}, "公开的理由：合同使用财政资金。"},
		{"another part withheld", disclosure.Decision{Outcome: "r2", Ground: "其余为讨论记录", RefusedRow: "r3_6"}, "公开的理由："},
		{"its own part withheld", disclosure.Decision{Outcome: "r2", Ground: "报价是商业秘密", RefusedRow: "r3_4"}, ""},
		{"its own part blacked out", disclosure.Decision{Outcome: "r2", Ground: "讨论记录和报价", RefusedRow: "r3_6", Redactions: "第七条报价｜r3_4｜商业秘密"}, ""},
		{"refused", disclosure.Decision{Outcome: "r3_4", Ground: "商业秘密"}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := inState(t, disclosure.Consulting)
			must(t)(p.ConsultationReply(p.ctx, clerk, p.id, disclosure.ConsultationAnswer{Answer: disclosure.Refuses, Ground: "商业秘密"}))
			r := must(t)(p.Decide(p.ctx, clerk, p.id, tt.d))
			last := r.Letters[len(r.Letters)-1]
			if told := last.Audience == disclosure.ToThirdParty; told != (tt.want != "") || !strings.Contains(strings.Join(last.Paragraphs, ""), tt.want) {
				t.Errorf("the last letter is %s to %s: %q, want %q", last.Template, last.Audience, last.Paragraphs, tt.want)
			}
		})
	}
}

// TestOnlyLettersToTheApplicantAreTold: a letter to another office or to a third party is none of the applicant's, and nothing that was
// told before is told again because of it.
func TestOnlyLettersToTheApplicantAreTold(t *testing.T) {
	w := newWorld("2026-03-02")
	ctx := t.Context()
	r := must(t)(w.SubmitConfirmed(ctx, staff.Citizen, byChat()))
	w.signs(t)(w.Assist(ctx, clerk, r.ID, "财政所", "检索2025年采购合同", date("2026-03-06")))
	if len(w.memory.told) != 0 {
		t.Errorf("the applicant was told of a letter to another office: %q", w.memory.told)
	}
	w.signs(t)(w.Consult(ctx, clerk, r.ID, disclosure.ThirdParty, "某某公司", "采购合同的报价"))
	if told := w.memory.told; len(told) != 1 || !strings.Contains(told[0], "【征求意见告知书】") || strings.Contains(told[0], "某某公司") {
		t.Errorf("told %q, want the notice to the applicant alone", told)
	}
}
