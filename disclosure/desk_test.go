package disclosure_test

import (
	"slices"
	"strings"
	"testing"

	"shoushan/disclosure"
	"shoushan/fault"
	"shoushan/staff"
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
