package disclosure_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"shoushan/disclosure"
	"shoushan/fault"
	"shoushan/staff"
	"shoushan/workday"
)

func actions(r disclosure.Request) []string {
	var out []string
	for _, e := range r.Trail {
		out = append(out, e.Action)
	}
	return out
}

func TestSubmitConfirmed(t *testing.T) {
	w := newWorld("2026-09-30 22:30")
	r := must(t)(w.SubmitConfirmed(t.Context(), staff.Citizen, byChat()))
	if r.ID != "2026-0001" || r.State != disclosure.Handling || r.QueryCode != "135790" {
		t.Errorf("filed as %s, %s, code %s", r.ID, r.State, r.QueryCode)
	}
	if r.ReceivedOn != date("2026-09-30") || r.Deadline(w.cal).Due != date("2026-11-03") {
		t.Errorf("received %s, due %s", r.ReceivedOn, r.Deadline(w.cal).Due)
	}
	if r.SubmittedAt.IsZero() || r.ConfirmedAt.IsZero() || r.ReceiptAt.IsZero() || !r.RegisterAt.IsZero() {
		t.Errorf("the four instants of art. 31: %v %v %v %v", r.SubmittedAt, r.ConfirmedAt, r.ReceiptAt, r.RegisterAt)
	}
	if got := actions(r); !slices.Equal(got, []string{"submit", "confirm"}) {
		t.Errorf("trail = %v", got)
	}
	if issued := r.Issued(); len(issued) != 1 || issued[0].Template != "receipt" || !strings.Contains(issued[0].Paragraphs[0], "135790") {
		t.Errorf("letters = %+v", issued)
	}
	if r.Version != 1 {
		t.Errorf("it took %d writes", r.Version)
	}
}

func TestSubmitRefusals(t *testing.T) {
	bad := byChat()
	bad.Personal.DocumentNumber = "1"
	future := atCounter()
	future.AnnouncedOn = date("2026-03-03")
	tests := []struct {
		name   string
		by     staff.Member
		filing disclosure.Filing
		kind   fault.Kind
	}{
		{"art. 29: incomplete", staff.Citizen, bad, fault.Invalid},
		{"a citizen does not file at the counter in chat", staff.Citizen, atCounter(), fault.Forbidden},
		{"an author does not file", author, atCounter(), fault.Forbidden},
		{"the clock does not file", staff.System, byChat(), fault.Forbidden},
		{"art. 31: not received in the future", clerk, future, fault.Invalid},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld("2026-03-02")
			_, err := w.Submit(t.Context(), tt.by, tt.filing)
			refused(t, err, tt.kind)
			if len(w.memory.records) != 0 {
				t.Error("it was stored all the same")
			}
		})
	}
}

func TestConfirmByPhoneIsEvidence(t *testing.T) {
	w := newWorld("2026-03-02")
	f := atCounter()
	f.Channel = disclosure.ByPhone
	r := must(t)(w.Submit(t.Context(), clerk, f))
	w.set("2026-03-05")
	r = must(t)(w.Confirm(t.Context(), clerk, r.ID))
	if r.ReceivedOn != date("2026-03-02") || r.ConfirmedAt.IsZero() {
		t.Errorf("received %s, confirmed %v", r.ReceivedOn, r.ConfirmedAt)
	}
	_, err := w.Confirm(t.Context(), clerk, r.ID)
	refused(t, err, fault.Conflict)
}

func TestAnswerFromDraftToService(t *testing.T) {
	w := newWorld("2026-03-02")
	ctx := t.Context()
	r := must(t)(w.SubmitConfirmed(ctx, staff.Citizen, byChat()))
	w.set("2026-03-10")
	r = must(t)(w.Decide(ctx, clerk, r.ID, disclosure.Decision{
		Outcome: disclosure.Granted, How: disclosure.Attached, Content: "随函附后",
		SignedBy: "forged", ServedOn: date("2026-03-01"), DraftedBy: "forged",
	}))
	if d := r.Decision; d.DraftedBy != clerk.ID || d.SignedBy != "" || !d.ServedOn.IsZero() {
		t.Errorf("the draft is %+v", d)
	}
	if len(r.Issued()) != 1 {
		t.Errorf("the applicant sees the draft: %+v", r.Issued())
	}
	r = must(t)(w.SignOff(ctx, head, r.ID))
	letter := r.Letters[len(r.Letters)-1]
	if letter.Number != "崇政公复〔2026〕1号" || letter.Date != date("2026-03-10") || !letter.IssuedAt.IsZero() {
		t.Errorf("the signed letter is %+v", letter)
	}
	w.set("2026-03-12 16:00")
	r = must(t)(w.Deliver(ctx, clerk, r.ID, disclosure.DeliverByWeChat, "消息 1"))
	d := r.Decision
	if r.State != disclosure.Closed || d.ServedOn != date("2026-03-12") || d.ServedBy != disclosure.DeliverByWeChat || d.NotifiedOutcome != "已发送微信消息" {
		t.Errorf("closed as %s, %+v", r.State, d)
	}
	if len(w.memory.told) != 1 || !strings.Contains(w.memory.told[0], "崇政公复〔2026〕1号") || !strings.Contains(w.memory.told[0], "随函附后") {
		t.Errorf("the applicant was told %q", w.memory.told)
	}
	want := []string{"submit", "confirm", "decide", "sign_off", "deliver", "notify"}
	if got := actions(r); !slices.Equal(got, want) {
		t.Errorf("trail = %v, want %v", got, want)
	}
}

// TestDeliveryOutlivesTheNotice: that the applicant could not be told undoes nothing, and the record says so.
func TestDeliveryOutlivesTheNotice(t *testing.T) {
	w := newWorld("2026-03-02")
	ctx := t.Context()
	r := must(t)(w.SubmitConfirmed(ctx, staff.Citizen, byChat()))
	must(t)(w.Decide(ctx, clerk, r.ID, disclosure.Decision{Outcome: disclosure.Granted, How: disclosure.Attached}))
	must(t)(w.SignOff(ctx, head, r.ID))
	w.memory.silent = errSilent
	r = must(t)(w.Deliver(ctx, clerk, r.ID, disclosure.DeliverByPost, "1234567890123"))
	if r.State != disclosure.Closed || !strings.Contains(r.Decision.NotifiedOutcome, "没有发出") {
		t.Errorf("closed as %s, notice %q", r.State, r.Decision.NotifiedOutcome)
	}
}

// TestOnlyChatApplicantsAreTold: whoever came to the counter gets no message.
func TestOnlyChatApplicantsAreTold(t *testing.T) {
	p := inState(t, disclosure.Closed)
	if len(p.memory.told) != 0 {
		t.Errorf("told %q", p.memory.told)
	}
}

func TestDrafterWithBothRightsCannotSign(t *testing.T) {
	w := newWorld("2026-03-02")
	ctx := t.Context()
	r := must(t)(w.Submit(ctx, clerk, atCounter()))
	must(t)(w.Decide(ctx, second, r.ID, disclosure.Decision{Outcome: disclosure.Granted, How: disclosure.Attached}))
	_, err := w.SignOff(ctx, second, r.ID)
	refused(t, err, fault.Forbidden)
	r = must(t)(w.SignOff(ctx, head, r.ID))
	if number := r.Letters[len(r.Letters)-1].Number; number != "崇政公复〔2026〕1号" {
		t.Errorf("the refused signature used up a number: %s", number)
	}
}

func TestProgress(t *testing.T) {
	w := newWorld("2026-03-02")
	r := must(t)(w.SubmitConfirmed(t.Context(), staff.Citizen, byChat()))
	if got, err := w.Progress(t.Context(), r.ID, "135790"); err != nil || got.ID != r.ID {
		t.Errorf("Progress = %s, %v", got.ID, err)
	}
	_, wrongNumber := w.Progress(t.Context(), "2026-0099", "135790")
	_, wrongCode := w.Progress(t.Context(), r.ID, "135791")
	_, noCode := w.Progress(t.Context(), r.ID, "")
	for _, err := range []error{wrongNumber, wrongCode, noCode} {
		refused(t, err, fault.NotFound)
		if fault.Message(err) != fault.Message(wrongNumber) {
			t.Errorf("the sentences tell what is wrong: %q, %q", fault.Message(err), fault.Message(wrongNumber))
		}
	}
}

func TestReveal(t *testing.T) {
	w := newWorld("2026-03-02")
	r := must(t)(w.Submit(t.Context(), clerk, atCounter()))
	_, err := w.Reveal(t.Context(), head, r.ID, "好奇")
	refused(t, err, fault.Forbidden)
	_, err = w.Reveal(t.Context(), clerk, r.ID, " ")
	refused(t, err, fault.Invalid)
	p, err := w.Reveal(t.Context(), clerk, r.ID, "电话13800001234通知张小三领取")
	if err != nil || p != atCounter().Personal {
		t.Errorf("Reveal = %q, %v", fields(p), err)
	}
	r, _ = w.memory.Request(t.Context(), r.ID)
	last := r.Trail[len(r.Trail)-1]
	if last.Action != "reveal" || last.ActorID != clerk.ID || strings.Contains(last.Note, "13800001234") || strings.Contains(last.Note, "张小三") {
		t.Errorf("the event is %+v", last)
	}
}

// TestReasonsAreScrubbed: what staff type into a reason does not carry personal data into the trail.
func TestReasonsAreScrubbed(t *testing.T) {
	p := inState(t, disclosure.AwaitingSignoff)
	r := must(t)(p.ReturnDraft(p.ctx, head, p.id, "张小三（14052419900101005X）的地址写错了"))
	if note := r.Trail[len(r.Trail)-1].Note; note != "退回修改：（略）（（略））的地址写错了" {
		t.Errorf("the note is %q", note)
	}
}

func TestSupplementInChat(t *testing.T) {
	w := newWorld("2026-03-02")
	ctx := t.Context()
	r := must(t)(w.SubmitConfirmed(ctx, staff.Citizen, byChat()))
	r = must(t)(w.RequestSupplement(ctx, clerk, r.ID, []string{"请写明年份。", "请写明村名。"}, date("2026-03-20")))
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
	r = must(t)(w.Consult(ctx, clerk, r.ID, disclosure.ThirdParty, "某某公司", "采购合同的报价"))
	must(t)(w.Consult(ctx, clerk, r.ID, disclosure.OtherOrgan, "陵川县财政局", "采购合同的报价"))
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
	must(t)(w.Consult(ctx, clerk, r.ID, disclosure.ThirdParty, "某某公司", "报价"))
	w.set("2026-03-16")
	must(t)(w.Consult(ctx, clerk, r.ID, disclosure.CoMaker, "陵川县财政局", "报价"))
	w.set("2026-03-24")
	r = must(t)(w.Lapse(ctx, staff.System, r.ID))
	if r.State != disclosure.Consulting || r.Consultations[0].Answer != disclosure.Silent || r.Consultations[1].Answer != "" {
		t.Errorf("state %s, %+v", r.State, r.Consultations)
	}
}

func TestPieceFeeTakesOffWhatWasCharged(t *testing.T) {
	w := newWorld("2026-03-02")
	ctx := t.Context()
	first := must(t)(w.Submit(ctx, clerk, atCounter()))
	another := must(t)(w.Submit(ctx, clerk, atCounter()))
	stranger := must(t)(w.Submit(ctx, clerk, ofCompany()))
	first = must(t)(w.ChargeFee(ctx, clerk, first.ID, disclosure.ByPieces, 15))
	another = must(t)(w.ChargeFee(ctx, clerk, another.ID, disclosure.ByPieces, 16))
	stranger = must(t)(w.ChargeFee(ctx, clerk, stranger.ID, disclosure.ByPieces, 16))
	if first.Fee.Yuan != 500 || another.Fee.Yuan != 100 || stranger.Fee.Yuan != 600 {
		t.Errorf("charged %d, %d and %d yuan, want 500, 100 and 600", first.Fee.Yuan, another.Fee.Yuan, stranger.Fee.Yuan)
	}
	_, err := w.PayFee(ctx, clerk, first.ID, "")
	refused(t, err, fault.Invalid)
}

func TestDelay(t *testing.T) {
	w := newWorld("2026-03-02")
	ctx := t.Context()
	r := must(t)(w.Submit(ctx, clerk, atCounter()))
	_, err := w.Delay(ctx, head, r.ID, date("2026-06-30"), "一次申请32件")
	refused(t, err, fault.Conflict) // art. 35: reasons come first
	must(t)(w.StateReasons(ctx, clerk, r.ID, "3月共申请32件", date("2026-03-10")))
	_, err = w.Delay(ctx, head, r.ID, date("2026-03-05"), "一次申请32件")
	refused(t, err, fault.Invalid)
	r = must(t)(w.Delay(ctx, head, r.ID, date("2026-06-30"), "一次申请32件"))
	if due := r.Deadline(w.cal).Due; due != date("2026-06-30") {
		t.Errorf("due %s, want 2026-06-30", due)
	}
	_, err = w.Delay(ctx, head, r.ID, date("2026-07-30"), "一次申请32件")
	refused(t, err, fault.Conflict)
}

func TestSplit(t *testing.T) {
	w := newWorld("2026-03-02")
	ctx := t.Context()
	r := must(t)(w.SubmitConfirmed(ctx, staff.Citizen, byChat()))
	w.set("2026-03-05")
	_, err := w.Split(ctx, clerk, r.ID, "", []string{"村级财务"})
	refused(t, err, fault.Invalid)
	r = must(t)(w.Split(ctx, clerk, r.ID, "低保名册", []string{"村级财务", "征地公告"}))
	if len(r.Parts) != 2 || r.Filing.Personal.Description != "低保名册" || r.State != disclosure.Handling {
		t.Fatalf("split into %+v", r.Parts)
	}
	part, err := w.memory.Request(ctx, r.Parts[1].ID)
	if err != nil || part.SplitFrom != r.ID || part.Filing.Personal.Description != "征地公告" || part.ReceivedOn != r.ReceivedOn {
		t.Errorf("the part is %+v, %v", part, err)
	}
	if a, b := part.Deadline(w.cal).Due, r.Deadline(w.cal).Due; a != b {
		t.Errorf("the part is due %s, the whole %s", a, b)
	}
	all, _ := w.memory.Requests(ctx, disclosure.Query{})
	cell := disclosure.Cell{Year: 2026, Row: disclosure.RowNew, Col: "natural"}
	if got := disclosure.Count(2026, all, date("2026-03-06"))[cell]; got != 3 {
		t.Errorf("counted %d new requests, want 3", got)
	}
	_, err = w.Split(ctx, clerk, r.ID, "x", []string{"y"})
	refused(t, err, fault.Conflict)
}

// TestFinishSplit: an interruption between the parts loses none and files none twice.
func TestFinishSplit(t *testing.T) {
	w := newWorld("2026-03-02")
	ctx := t.Context()
	r := must(t)(w.SubmitConfirmed(ctx, staff.Citizen, byChat()))
	must(t)(w.Split(ctx, clerk, r.ID, "低保名册", []string{"村级财务", "村级财务"}))
	_, err := w.memory.Update(ctx, r.ID, func(r *disclosure.Request) error {
		r.Parts[1].ID = "" // as if the process had died before this number was noted
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	r = must(t)(w.FinishSplit(ctx, clerk, r.ID))
	r = must(t)(w.FinishSplit(ctx, clerk, r.ID))
	if all, _ := w.memory.Requests(ctx, disclosure.Query{}); len(all) != 3 || r.Parts[0].ID == r.Parts[1].ID || r.Parts[1].ID == "" {
		t.Errorf("%d requests, parts %+v", len(all), r.Parts)
	}
}

func TestOwnDataIsNotCounted(t *testing.T) {
	w := newWorld("2026-03-02")
	ctx := t.Context()
	f := atCounter()
	f.Matter = disclosure.OwnData
	r := must(t)(w.Submit(ctx, clerk, f))
	_, err := w.Decide(ctx, clerk, r.ID, disclosure.Decision{Outcome: disclosure.Granted, How: disclosure.Attached})
	refused(t, err, fault.Conflict)
	_, err = w.Decide(ctx, clerk, r.ID, disclosure.Decision{Outcome: disclosure.DataCorrected})
	refused(t, err, fault.Invalid)
	must(t)(w.Decide(ctx, clerk, r.ID, disclosure.Decision{Outcome: disclosure.DataCorrected, Content: "家庭人口由3人更正为4人"}))
	must(t)(w.SignOff(ctx, head, r.ID))
	r = must(t)(w.Deliver(ctx, clerk, r.ID, disclosure.DeliverByPickup, "签收"))
	if cells := r.Cells(2026, date("2027-01-01")); len(cells) != 0 {
		t.Errorf("art. 41: counted in %v", cells)
	}
	other := must(t)(w.Submit(ctx, clerk, atCounter()))
	_, err = w.Decide(ctx, clerk, other.ID, disclosure.Decision{Outcome: disclosure.DataCorrected, Content: "x"})
	refused(t, err, fault.Conflict)
}

func TestRecalculate(t *testing.T) {
	w := newWorld("2026-12-21")
	ctx := t.Context()
	late := must(t)(w.Submit(ctx, clerk, atCounter()))
	early := atCounter()
	early.AnnouncedOn = date("2026-11-02")
	settled := must(t)(w.Submit(ctx, clerk, early))
	after := w.cal.With(workday.Notice{Year: 2027, Number: "国办发明电〔2026〕0号", Off: map[workday.Date]string{
		date("2027-01-01"): "元旦", date("2027-01-04"): "元旦",
	}})
	_, err := w.Recalculate(ctx, clerk, w.cal, after)
	refused(t, err, fault.Forbidden)
	moved, err := w.Recalculate(ctx, staff.System, w.cal, after)
	if err != nil || len(moved) != 1 || moved[0].Request.ID != late.ID {
		t.Fatalf("moved %+v, %v", moved, err)
	}
	if want := w.cal.Add(date("2026-12-21"), 21).Date; moved[0].To != want {
		t.Errorf("moved to %s, want %s", moved[0].To, want)
	}
	if last := moved[0].Request.Trail[len(moved[0].Request.Trail)-1]; last.Action != "recalculate" || !strings.Contains(last.Note, moved[0].To.Chinese()) {
		t.Errorf("the event is %+v", last)
	}
	if r, _ := w.memory.Request(ctx, settled.ID); r.Version != 1 {
		t.Error("a request whose date stays was written")
	}
	if again, err := w.Recalculate(ctx, staff.System, after, after); err != nil || len(again) != 0 {
		t.Errorf("again moved %+v, %v", again, err)
	}
}

// TestTwoAtOnce: two people sign the same draft; one wins, the other is told, nothing is lost.
func TestTwoAtOnce(t *testing.T) {
	p := inState(t, disclosure.AwaitingSignoff)
	must(t)(p.SignOff(p.ctx, head, p.id))
	_, err := p.SignOff(p.ctx, second, p.id)
	refused(t, err, fault.Conflict)
	r, _ := p.memory.Request(p.ctx, p.id)
	if r.Decision.SignedBy != head.ID || len(r.Letters) != 2 {
		t.Errorf("signed by %s, %d letters", r.Decision.SignedBy, len(r.Letters))
	}
}

func TestUnknownRequest(t *testing.T) {
	w := newWorld("2026-03-02")
	_, err := w.Assign(t.Context(), clerk, "2026-0404", clerk.ID)
	refused(t, err, fault.NotFound)
	_, err = w.SignOff(t.Context(), head, "2026-0404")
	refused(t, err, fault.NotFound)
}

func TestFeeTables(t *testing.T) {
	for _, tt := range []struct{ n, pages, pieces int }{
		{0, 0, 0}, {10, 0, 0}, {11, 0, 100}, {30, 0, 2000}, {31, 10, 2200}, {40, 100, 4000}, {41, 110, 4300}, {50, 200, 7000}, {51, 210, 7400},
		{100, 700, 37000}, {101, 720, 37900}, {200, 2700, 172000},
	} {
		if pages, pieces := disclosure.PageFee(tt.n), disclosure.PieceFee(tt.n); pages != tt.pages || pieces != tt.pieces {
			t.Errorf("109号: %d cost %d by pages and %d by pieces, want %d and %d", tt.n, pages, pieces, tt.pages, tt.pieces)
		}
	}
}

func TestOutcomesAreTableThree(t *testing.T) {
	want := "r1 r2 r3_1 r3_2 r3_3 r3_4 r3_5 r3_6 r3_7 r3_8 r4_1 r4_2 r4_3 r5_1 r5_2 r5_3 r5_4 r5_5 r6_1 r6_2 r6_3"
	var got []string
	for _, info := range disclosure.Outcomes() {
		got = append(got, string(info.Outcome))
		if info.Label == "" || info.Articles == "" || info.Template == "" || info.Remedy == disclosure.NoRemedy {
			t.Errorf("%s lacks something: %+v", info.Outcome, info)
		}
		for _, f := range info.Fields {
			if f.Label == "" || !strings.HasSuffix(f.Help, "。") {
				t.Errorf("%s: the field %s has no help", info.Outcome, f.Key)
			}
		}
	}
	if strings.Join(got, " ") != want {
		t.Errorf("Outcomes() = %v", got)
	}
	if info := disclosure.Outcome("r9").Info(); info.Outcome != "" {
		t.Errorf("r9 is %+v", info)
	}
	if got := disclosure.ThirdPartyInterest.Chinese(); got != "（三）不予公开 4.保护第三方合法权益" {
		t.Errorf("Chinese() = %q", got)
	}
}

// TestRemedyMatrix is law.md's matrix: review first for a refusal on articles 14 to 16, the ordinary clause for the rest.
func TestRemedyMatrix(t *testing.T) {
	for _, info := range disclosure.Outcomes() {
		want := disclosure.Ordinary
		if strings.HasPrefix(string(info.Outcome), "r3_") && info.Outcome != disclosure.AdministrativeQuery {
			want = disclosure.ReviewFirst
		}
		if got := (disclosure.Decision{Outcome: info.Outcome}).Remedy(); info.Outcome != disclosure.PartlyGranted && got != want {
			t.Errorf("复议法23: %s has the clause %q, want %q", info.Outcome, got, want)
		}
		partly := disclosure.Decision{Outcome: disclosure.PartlyGranted, RefusedRow: info.Outcome}
		if got := partly.Remedy(); got != want {
			t.Errorf("复议法23: 部分公开 over %s has the clause %q, want %q", info.Outcome, got, want)
		}
	}
}

func ExampleExplain() {
	d := disclosure.Explain(workday.MustParse("2026-09-30"), 20, workday.Embedded())
	fmt.Println(d.Due, d.Target, d.Provisional)
	// Output: 2026-11-03 2026-11-02 false
}
