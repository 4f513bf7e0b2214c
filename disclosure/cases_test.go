package disclosure_test

import (
	"strings"
	"testing"

	"shoushan/disclosure"
	"shoushan/fault"
	"shoushan/staff"
	"shoushan/workday"
)

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
	before := w.cal
	w.cal = after
	_, err := w.Recalculate(ctx, clerk)
	refused(t, err, fault.Forbidden)
	moved, err := w.Recalculate(ctx, staff.System)
	if err != nil || len(moved) != 1 || moved[0].Request.ID != late.ID {
		t.Fatalf("moved %+v, %v", moved, err)
	}
	if want := before.Add(date("2026-12-21"), 21).Date; moved[0].To != want {
		t.Errorf("moved to %s, want %s", moved[0].To, want)
	}
	if last := moved[0].Request.Trail[len(moved[0].Request.Trail)-1]; last.Action != "recalculate" || !strings.Contains(last.Note, moved[0].To.Chinese()) {
		t.Errorf("the event is %+v", last)
	}
	if r, _ := w.memory.Request(ctx, settled.ID); r.Version != 1 {
		t.Error("a request whose date stays was written")
	}
	if again, err := w.Recalculate(ctx, staff.System); err != nil || len(again) != 0 {
		t.Errorf("again moved %+v, %v", again, err)
	}
}

// TestCorrectKeepsWhatIsNotNamed: a correction touches the items it names, and the trail tells which, never their content.
func TestCorrectKeepsWhatIsNotNamed(t *testing.T) {
	w := newWorld("2026-03-02")
	ctx := t.Context()
	before := must(t)(w.Submit(ctx, clerk, atCounter())).Filing.Personal
	r := must(t)(w.Correct(ctx, clerk, "2026-0001", disclosure.Correction{Personal: disclosure.Personal{Name: "张小山", Phone: " "}}, "姓名写错"))
	want := before
	want.Name = "张小山"
	if r.Filing.Personal != want {
		t.Error("the correction changed more than the name")
	}
	if last := r.Trail[len(r.Trail)-1].Note; strings.Contains(last, "张小山") || !strings.Contains(last, "申请人信息") {
		t.Errorf("the trail says %q", last)
	}
	company := ofCompany().Personal
	_, err := w.Correct(ctx, clerk, r.ID, disclosure.Correction{ApplicantKind: disclosure.Company}, "营业执照")
	refused(t, err, fault.Invalid)
	r = must(t)(w.Correct(ctx, clerk, r.ID, disclosure.Correction{ApplicantKind: disclosure.Company, Personal: company}, "营业执照"))
	if r.Filing.ApplicantKind != disclosure.Company || r.Filing.Personal.Representative != company.Representative {
		t.Errorf("corrected to %s", r.Filing.ApplicantKind)
	}
	r = must(t)(w.Correct(ctx, clerk, r.ID, disclosure.Correction{ApplicantKind: disclosure.NaturalPerson, Personal: before}, "以个人名义"))
	if r.Filing.Personal != before {
		t.Error("the representative of the company stayed")
	}
}

// TestRecalculationIsToldInChat: the receipt promises that a provisional date which moves will be told.
func TestRecalculationIsToldInChat(t *testing.T) {
	w := newWorld("2026-12-21")
	r := must(t)(w.SubmitConfirmed(t.Context(), staff.Citizen, byChat()))
	w.memory.told = nil
	after := w.cal.With(workday.Notice{Year: 2027, Off: map[workday.Date]string{date("2027-01-01"): "元旦", date("2027-01-04"): "元旦"}})
	w.cal = after
	moved, err := w.Recalculate(t.Context(), staff.System)
	if err != nil || len(moved) != 1 {
		t.Fatalf("moved %+v, %v", moved, err)
	}
	want := moved[0].From.Chinese() + "改为" + moved[0].To.Chinese()
	if len(w.memory.told) != 1 || !strings.Contains(w.memory.told[0], r.ID) || !strings.Contains(w.memory.told[0], want) {
		t.Errorf("told %q, want one message with %q", w.memory.told, want)
	}
	if after, _ := w.memory.Request(t.Context(), r.ID); after.Recalculated() == "" {
		t.Error("the message to the applicant hid the news from the handler")
	}
}

// TestReopenedIsNotSplit: parts of a case that was answered would change the figures of a year that is published.
func TestReopenedIsNotSplit(t *testing.T) {
	p := inState(t, disclosure.Closed)
	must(t)(p.Reopen(p.ctx, head, p.id, "复议决定撤销"))
	_, err := p.Split(p.ctx, clerk, p.id, "第一项", []string{"第二项"})
	refused(t, err, fault.Conflict)
}

// TestRecalculateMovesWhatOthersMustKeep: a notice of holidays also moves the last days to answer and to pay, and never
// takes back a day that the applicant was told.
func TestRecalculateMovesWhatOthersMustKeep(t *testing.T) {
	w := newWorld("2026-12-14")
	ctx := t.Context()
	asked, charged := must(t)(w.Submit(ctx, clerk, atCounter())), must(t)(w.Submit(ctx, clerk, ofCompany()))
	asked = w.signs(t)(w.Consult(ctx, clerk, asked.ID, disclosure.ThirdParty, "某某公司", "报价"))
	charged = w.signs(t)(w.ChargeFee(ctx, clerk, charged.ID, disclosure.ByPages, 72))
	if text := strings.Join(charged.Letters[len(charged.Letters)-1].Paragraphs, ""); !strings.Contains(text, "（暂定：") {
		t.Errorf("the notice does not say that its date may move: %s", text)
	}
	longer := w.cal.With(workday.Notice{Year: 2027, Number: "国办发明电〔2026〕0号", Off: map[workday.Date]string{
		date("2027-01-01"): "元旦", date("2027-01-04"): "元旦",
	}})
	shorter := w.cal
	w.cal = longer
	moved, err := w.Recalculate(ctx, staff.System)
	if err != nil || len(moved) != 2 {
		t.Fatalf("moved %+v, %v", moved, err)
	}
	after, _ := w.memory.Request(ctx, asked.ID)
	if was, is := asked.Consultations[0].Until, after.Consultations[0].Until; is != longer.Add(date("2026-12-14"), 15).Date || is == was {
		t.Errorf("the answer was due %s, is due %s", was, is)
	}
	paying, _ := w.memory.Request(ctx, charged.ID)
	if was, is := charged.Fee.Until, paying.Fee.Until; is != longer.Add(date("2026-12-14"), 20).Date || is == was {
		t.Errorf("the fee was due %s, is due %s", was, is)
	}
	w.cal = shorter
	if _, err := w.Recalculate(ctx, staff.System); err != nil {
		t.Fatal(err)
	}
	if again, _ := w.memory.Request(ctx, charged.ID); again.Fee.Until != paying.Fee.Until {
		t.Errorf("a day was taken back: %s, then %s", paying.Fee.Until, again.Fee.Until)
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
