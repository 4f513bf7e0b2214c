package disclosure_test

import (
	"strings"
	"testing"

	"shoushan/disclosure"
	"shoushan/fault"
	"shoushan/staff"
	"shoushan/workday"
)

// servedInChat returns a world in which a request filed in chat was answered there on 2026-03-12, a Thursday.
func servedInChat(t *testing.T, via disclosure.Delivery) (*world, string) {
	t.Helper()
	w := newWorld("2026-03-02")
	ctx := t.Context()
	r := must(t)(w.SubmitConfirmed(ctx, staff.Citizen, byChat()))
	must(t)(w.Decide(ctx, clerk, r.ID, disclosure.Decision{Outcome: disclosure.Granted, How: disclosure.Attached}))
	must(t)(w.SignOff(ctx, head, r.ID))
	w.set("2026-03-12 16:00")
	must(t)(w.Deliver(ctx, clerk, r.ID, via, "1234567890123"))
	return w, r.ID
}

// TestAcknowledgementIsEvidenceOnly is 国办公开办函〔2016〕235号: that the applicant has the answer moves no date.
func TestAcknowledgementIsEvidenceOnly(t *testing.T) {
	for _, how := range []disclosure.Sight{disclosure.Acknowledged, disclosure.OpenedInChat, disclosure.OpenedByCode} {
		t.Run(string(how), func(t *testing.T) {
			w, id := servedInChat(t, disclosure.DeliverByWeChat)
			before := must(t)(w.memory.Request(t.Context(), id))
			w.set("2026-04-20 20:15") // long after the answer was due
			r := must(t)(w.LettersSeen(t.Context(), staff.Citizen, id, how))
			letter := r.Letters[r.ReplyIndex()]
			if acked := how == disclosure.Acknowledged; letter.AcknowledgedAt.IsZero() == acked || letter.OpenedAt.IsZero() != acked || !acked && letter.OpenedHow != how {
				t.Errorf("the letter is %+v", letter)
			}
			if r.State != before.State || r.Decision.ServedOn != before.Decision.ServedOn || r.Deadline(w.cal).Due != before.Deadline(w.cal).Due || r.Overdue(w.cal, w.now) {
				t.Errorf("it moved the case: %+v", r.Decision)
			}
			last := r.Trail[len(r.Trail)-1]
			if last.Action != "letters_seen" || !strings.Contains(last.Note, "政府信息公开申请答复书》崇政公复〔2026〕1号") || last.Article != "国办公开办函〔2016〕235号" {
				t.Errorf("the event is %+v", last)
			}
			again := must(t)(w.LettersSeen(t.Context(), staff.Citizen, id, how))
			if again.Version != r.Version || len(again.Trail) != len(r.Trail) {
				t.Error("the second time wrote something")
			}
		})
	}
}

// TestWhatHasNotLeftIsNotSeen: drafts, signed answers that nobody has sent, and letters to others are never marked.
func TestWhatHasNotLeftIsNotSeen(t *testing.T) {
	p := inState(t, disclosure.AwaitingDelivery)
	r := must(t)(p.LettersSeen(p.ctx, staff.Citizen, p.id, disclosure.Acknowledged))
	if l := r.Letters[r.ReplyIndex()]; !l.AcknowledgedAt.IsZero() {
		t.Error("an answer that has not left was acknowledged")
	}
	p = inState(t, disclosure.Consulting)
	r = must(t)(p.LettersSeen(p.ctx, clerk, p.id, disclosure.Acknowledged))
	for _, l := range r.Letters {
		if (l.Template == "consult_notice") == l.AcknowledgedAt.IsZero() {
			t.Errorf("%s to %s acknowledged at %v", l.Template, l.Audience, l.AcknowledgedAt)
		}
	}
	_, err := p.LettersSeen(p.ctx, author, p.id, disclosure.Acknowledged)
	refused(t, err, fault.Forbidden)
	_, err = p.LettersSeen(p.ctx, staff.System, p.id, disclosure.OpenedInChat)
	refused(t, err, fault.Forbidden)
	_, err = p.LettersSeen(p.ctx, clerk, p.id, "heard of")
	refused(t, err, fault.Invalid)
}

// TestUnreceived is 国办公开办函〔2016〕235号: chat is no service of record, so silence is followed up.
func TestUnreceived(t *testing.T) {
	tests := []struct {
		name string
		via  disclosure.Delivery
		on   string
		do   func(w *world, id string) error
		want bool
	}{
		{"two working days later", disclosure.DeliverByWeChat, "2026-03-16", nil, false},
		{"three working days later", disclosure.DeliverByWeChat, "2026-03-17", nil, true},
		{"by post there is a proof", disclosure.DeliverByPost, "2026-03-27", nil, false},
		{"acknowledged", disclosure.DeliverByWeChat, "2026-03-17", func(w *world, id string) error {
			_, err := w.LettersSeen(t.Context(), staff.Citizen, id, disclosure.Acknowledged)
			return err
		}, false},
		{"opened", disclosure.DeliverByWeChat, "2026-03-17", func(w *world, id string) error {
			_, err := w.LettersSeen(t.Context(), staff.Citizen, id, disclosure.OpenedInChat)
			return err
		}, false},
		{"sent by post as well", disclosure.DeliverByWeChat, "2026-03-17", func(w *world, id string) error {
			_, err := w.Attach(t.Context(), clerk, id, disclosure.Attachment{File: "f1", Name: "EMS.jpg", Kind: disclosure.ServiceProof})
			return err
		}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w, id := servedInChat(t, tt.via)
			w.set(tt.on)
			if tt.do != nil {
				if err := tt.do(w, id); err != nil {
					t.Fatal(err)
				}
			}
			r := must(t)(w.memory.Request(t.Context(), id))
			if got := r.Unreceived(w.cal, workday.Of(w.now)); got != tt.want {
				t.Errorf("Unreceived on %s = %v, want %v", tt.on, got, tt.want)
			}
		})
	}
}

// TestChatAsksForAnAcknowledgement: every letter that goes by chat says how to confirm it.
func TestChatAsksForAnAcknowledgement(t *testing.T) {
	w, id := servedInChat(t, disclosure.DeliverByWeChat)
	if told := w.memory.told; len(told) != 1 || !strings.Contains(told[0], "收到请回复“收到 "+id+"”。") {
		t.Errorf("told %q", told)
	}
}
