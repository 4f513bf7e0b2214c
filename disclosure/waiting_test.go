package disclosure_test

import (
	"strings"
	"testing"

	"shoushan/disclosure"
	"shoushan/fault"
	"shoushan/staff"
	"shoushan/workday"
)

func TestSupplementInChat(t *testing.T) {
	w := newWorld("2026-03-02")
	ctx := t.Context()
	r := must(t)(w.SubmitConfirmed(ctx, staff.Citizen, byChat()))
	r = w.signs(t)(w.RequestSupplement(ctx, clerk, r.ID, []string{"请写明年份。", "请写明村名。"}, date("2026-03-20")))
	letter := r.Letters[len(r.Letters)-1]
	if letter.Number != "崇政公告〔2026〕1号" || !strings.Contains(strings.Join(letter.Paragraphs, ""), "2. 请写明村名。") {
		t.Errorf("the notice is %+v", letter)
	}
	if len(w.memory.told) != 1 || !strings.Contains(w.memory.told[0], "请写明年份") {
		t.Errorf("told %q", w.memory.told)
	}
	w.set("2026-03-10")
	for name, on := range map[string]workday.Date{"in the future": date("2026-03-11"), "before the notice": date("2026-03-01")} {
		_, err := w.ReceiveSupplement(ctx, clerk, r.ID, disclosure.SupplementAnswer{On: on})
		if err == nil {
			t.Errorf("received %s", name)
		}
		refused(t, err, fault.Invalid)
	}
	r = must(t)(w.ReceiveSupplement(ctx, staff.Citizen, r.ID, disclosure.SupplementAnswer{Description: "北街村2025年低保发放名册"}))
	if r.Filing.Personal.Description != "北街村2025年低保发放名册" || r.Clock[len(r.Clock)-1].On != date("2026-03-10") {
		t.Errorf("description %q, clock %+v", r.Filing.Personal.Description, r.Clock)
	}
}

func TestConsultations(t *testing.T) {
	w := newWorld("2026-03-02")
	ctx := t.Context()
	r := must(t)(w.Submit(ctx, clerk, atCounter()))
	_, err := w.Consult(ctx, clerk, r.ID, "neighbour", "某人", "报价")
	refused(t, err, fault.Invalid)
	r = w.signs(t)(w.Consult(ctx, clerk, r.ID, disclosure.ThirdParty, "某某公司", "采购合同的报价"))
	w.signs(t)(w.Consult(ctx, clerk, r.ID, disclosure.OtherOrgan, "陵川县财政局", "采购合同的报价"))
	if number := r.Letters[1].Number; number != "崇政公告〔2026〕1号" {
		t.Errorf("the refused consultation used up a number: %s", number)
	}
	for _, l := range r.Issued() {
		if strings.Contains(l.Recipient+strings.Join(l.Paragraphs, ""), "某某公司") {
			t.Errorf("the applicant learns who was asked: %+v", l)
		}
	}
	_, err = w.ConsultationReply(ctx, clerk, r.ID, disclosure.ConsultationAnswer{Answer: disclosure.Agrees})
	refused(t, err, fault.Invalid) // which of the two?
	_, err = w.ConsultationReply(ctx, clerk, r.ID, disclosure.ConsultationAnswer{No: 1, Answer: disclosure.Refuses})
	refused(t, err, fault.Invalid) // art. 32: a refusal needs reasons
	_, err = w.ConsultationReply(ctx, clerk, r.ID, disclosure.ConsultationAnswer{No: 1, Answer: "perhaps"})
	refused(t, err, fault.Invalid)
	r = must(t)(w.ConsultationReply(ctx, clerk, r.ID, disclosure.ConsultationAnswer{No: 1, Answer: disclosure.Refuses, Ground: "商业秘密"}))
	if r.State != disclosure.Consulting {
		t.Errorf("state = %s while one is open", r.State)
	}
	_, err = w.ConsultationReply(ctx, clerk, r.ID, disclosure.ConsultationAnswer{No: 1, Answer: disclosure.Agrees})
	refused(t, err, fault.Conflict)
	r = must(t)(w.ConsultationReply(ctx, clerk, r.ID, disclosure.ConsultationAnswer{Answer: disclosure.Agrees}))
	if r.State != disclosure.Handling || r.Consultations[0].Ground != "商业秘密" || r.Consultations[1].Answer != disclosure.Agrees {
		t.Errorf("state %s, %+v", r.State, r.Consultations)
	}
}

// TestOneLapsesTheOtherGoesOn: the silence of one party does not end the question to another.
func TestOneLapsesTheOtherGoesOn(t *testing.T) {
	w := newWorld("2026-03-02")
	ctx := t.Context()
	r := must(t)(w.Submit(ctx, clerk, atCounter()))
	w.signs(t)(w.Consult(ctx, clerk, r.ID, disclosure.ThirdParty, "某某公司", "报价"))
	w.set("2026-03-16")
	w.signs(t)(w.Consult(ctx, clerk, r.ID, disclosure.CoMaker, "陵川县财政局", "报价"))
	w.set("2026-03-24")
	r = must(t)(w.Lapse(ctx, staff.System, r.ID))
	if r.State != disclosure.Consulting || r.Consultations[0].Answer != disclosure.Silent || r.Consultations[0].RepliedOn != date("2026-03-23") || r.Consultations[1].Answer != "" {
		t.Errorf("state %s, %+v", r.State, r.Consultations)
	}
}

func TestPieceFeeTakesOffWhatWasCharged(t *testing.T) {
	w := newWorld("2026-03-02")
	ctx := t.Context()
	first := must(t)(w.Submit(ctx, clerk, atCounter()))
	another := must(t)(w.Submit(ctx, clerk, atCounter()))
	stranger := must(t)(w.Submit(ctx, clerk, ofCompany()))
	first = w.signs(t)(w.ChargeFee(ctx, clerk, first.ID, disclosure.ByPieces, 15))
	another = w.signs(t)(w.ChargeFee(ctx, clerk, another.ID, disclosure.ByPieces, 16))
	stranger = w.signs(t)(w.ChargeFee(ctx, clerk, stranger.ID, disclosure.ByPieces, 16))
	if first.Fee.Yuan != 500 || another.Fee.Yuan != 100 || stranger.Fee.Yuan != 600 {
		t.Errorf("charged %d, %d and %d yuan, want 500, 100 and 600", first.Fee.Yuan, another.Fee.Yuan, stranger.Fee.Yuan)
	}
	_, err := w.PayFee(ctx, clerk, first.ID, "", workday.Date{})
	refused(t, err, fault.Invalid)
}

func TestDelay(t *testing.T) {
	w := newWorld("2026-03-02")
	ctx := t.Context()
	r := must(t)(w.Submit(ctx, clerk, atCounter()))
	_, err := w.Delay(ctx, head, r.ID, date("2026-06-30"), "一次申请32件")
	refused(t, err, fault.Conflict) // art. 35: reasons come first
	w.signs(t)(w.StateReasons(ctx, clerk, r.ID, "3月共申请32件", date("2026-03-10")))
	_, err = w.Delay(ctx, head, r.ID, date("2026-06-30"), "一次申请32件")
	refused(t, err, fault.Conflict) // art. 35: nobody can find reasons good that were not given
	must(t)(w.ReceiveReasons(ctx, staff.Citizen, r.ID, "逐年核对承包地", workday.Date{}))
	_, err = w.Delay(ctx, head, r.ID, date("2026-03-05"), "一次申请32件")
	refused(t, err, fault.Invalid)
	r = w.signs(t)(w.Delay(ctx, head, r.ID, date("2026-06-30"), "一次申请32件"))
	if due := r.Deadline(w.cal).Due; due != date("2026-06-30") {
		t.Errorf("due %s, want 2026-06-30", due)
	}
	_, err = w.Delay(ctx, head, r.ID, date("2026-07-30"), "一次申请32件")
	refused(t, err, fault.Conflict)
}
