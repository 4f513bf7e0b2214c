package disclosure_test

import (
	"strings"
	"testing"

	"shoushan/disclosure"
	"shoushan/fault"
	"shoushan/staff"
	"shoushan/workday"
)

// TestRefusals plays acts that the table allows and the law does not: each is refused with a whole sentence, and nothing is
// stored.
func TestRefusals(t *testing.T) {
	someone := disclosure.Delivery("pigeon")
	tests := []struct {
		name string
		in   disclosure.State
		at   string
		do   func(p *player) (disclosure.Request, error)
		kind fault.Kind
		says string
	}{
		{"assigned to nobody", disclosure.Handling, "", func(p *player) (disclosure.Request, error) { return p.Assign(p.ctx, clerk, p.id, " ") }, fault.Invalid, "经办人"},
		{"art. 30: nothing to supplement", disclosure.Handling, "", func(p *player) (disclosure.Request, error) {
			return p.RequestSupplement(p.ctx, clerk, p.id, []string{" "}, date("2026-03-20"))
		}, fault.Invalid, "需要补正的内容"},
		{"art. 35: no facts", disclosure.Handling, "", func(p *player) (disclosure.Request, error) {
			return p.StateReasons(p.ctx, clerk, p.id, "", date("2026-03-20"))
		}, fault.Invalid, "数量和频次"},
		{"art. 35: no time to answer", disclosure.Handling, "", func(p *player) (disclosure.Request, error) {
			return p.StateReasons(p.ctx, clerk, p.id, "32件", date("2026-03-02"))
		}, fault.Invalid, "晚于今天"},
		{"art. 33: extended without a reason", disclosure.Handling, "", func(p *player) (disclosure.Request, error) { return p.Extend(p.ctx, head, p.id, 10, "") }, fault.Invalid, "原因"},
		{"109号: no basis", disclosure.Handling, "", func(p *player) (disclosure.Request, error) { return p.ChargeFee(p.ctx, clerk, p.id, "weight", 72) }, fault.Invalid, "计费标准"},
		{"109号: no number", disclosure.Handling, "", func(p *player) (disclosure.Request, error) {
			return p.ChargeFee(p.ctx, clerk, p.id, disclosure.ByPages, -5)
		}, fault.Invalid, "件数或者页数"},
		{"109号: a slip of the keyboard", disclosure.Handling, "", func(p *player) (disclosure.Request, error) {
			return p.ChargeFee(p.ctx, clerk, p.id, disclosure.ByPages, 7_200_000)
		}, fault.Invalid, "件数或者页数"},
		{"corrected to the same", disclosure.Handling, "", func(p *player) (disclosure.Request, error) {
			return p.Correct(p.ctx, clerk, p.id, disclosure.Correction{Medium: disclosure.Paper}, "看错了")
		}, fault.Invalid, "没有要更正"},
		{"corrected to something invalid", disclosure.Handling, "", func(p *player) (disclosure.Request, error) {
			return p.Correct(p.ctx, clerk, p.id, disclosure.Correction{ApplicantKind: disclosure.Company}, "看错了")
		}, fault.Invalid, "统一社会信用代码"},
		{"art. 31: no receipt to correct", disclosure.Submitted, "", func(p *player) (disclosure.Request, error) {
			return p.Correct(p.ctx, clerk, p.id, disclosure.Correction{ReceivedOn: date("2026-03-01")}, "看错了")
		}, fault.Conflict, "双方确认"},
		{"split into nothing", disclosure.Handling, "", func(p *player) (disclosure.Request, error) { return p.Split(p.ctx, clerk, p.id, "甲", nil) }, fault.Invalid, "每一件"},
		{"split into an empty part", disclosure.Handling, "", func(p *player) (disclosure.Request, error) { return p.Split(p.ctx, clerk, p.id, "甲", []string{""}) }, fault.Invalid, "每一件"},
		{"served by nothing known", disclosure.AwaitingDelivery, "", func(p *player) (disclosure.Request, error) { return p.Deliver(p.ctx, clerk, p.id, someone, "x") }, fault.Invalid, "送达方式"},
		{"235号: by another courier", disclosure.AwaitingDelivery, "", func(p *player) (disclosure.Request, error) {
			return p.Deliver(p.ctx, clerk, p.id, disclosure.DeliverByPost, "圆通 YT1234567890123")
		}, fault.Invalid, "EMS"},
		{"no such remedy", disclosure.Closed, "", func(p *player) (disclosure.Request, error) {
			return p.OpenRemedy(p.ctx, clerk, p.id, disclosure.Remedy{Kind: "petition"})
		}, fault.Invalid, "行政复议"},
		{"a remedy of tomorrow", disclosure.Closed, "", func(p *player) (disclosure.Request, error) {
			return p.OpenRemedy(p.ctx, clerk, p.id, disclosure.Remedy{Kind: disclosure.Reconsideration, OpenedOn: date("2026-03-03")})
		}, fault.Invalid, "晚于今天"},
		{"no remedy to close", disclosure.Closed, "", func(p *player) (disclosure.Request, error) {
			return p.CloseRemedy(p.ctx, clerk, p.id, disclosure.Upheld, workday.Date{})
		}, fault.Conflict, "没有尚未审结"},
		{"行诉法45: after a review that never was", disclosure.Closed, "", func(p *player) (disclosure.Request, error) {
			return p.OpenRemedy(p.ctx, clerk, p.id, disclosure.Remedy{Kind: disclosure.LitigationAfterwards})
		}, fault.Conflict, "没有登记过"},
		{"art. 30: lapsed on the last day", disclosure.AwaitingSupplement, "2026-03-16 23:59", func(p *player) (disclosure.Request, error) { return p.Lapse(p.ctx, staff.System, p.id) }, fault.Conflict, "才届满"},
		{"art. 32: lapsed on the last day", disclosure.Consulting, "2026-03-23 23:59", func(p *player) (disclosure.Request, error) { return p.Lapse(p.ctx, staff.System, p.id) }, fault.Conflict, "才届满"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := inState(t, tt.in)
			before := string(p.memory.records[p.id])
			if tt.at != "" {
				p.set(tt.at)
			}
			_, err := tt.do(p)
			refused(t, err, tt.kind)
			if !strings.Contains(fault.Message(err), tt.says) {
				t.Errorf("%q does not speak of %s", fault.Message(err), tt.says)
			}
			if string(p.memory.records[p.id]) != before {
				t.Error("the refused act changed the record")
			}
		})
	}
}

// TestEveryVerbChecksTheRight: somebody without rights is refused everywhere, before anything is read of the case.
func TestEveryVerbChecksTheRight(t *testing.T) {
	p := inState(t, disclosure.Handling)
	for name, verb := range verbs {
		s := stepData{"by": "author"}
		for k, v := range arguments[name] {
			s[k] = v
		}
		_, err := verb(p, s)
		refused(t, err, fault.Forbidden)
	}
	for _, do := range []func() error{
		func() error { _, err := p.Split(p.ctx, author, p.id, "甲", []string{"乙"}); return err },
		func() error { _, err := p.FinishSplit(p.ctx, author, p.id); return err },
		func() error { _, err := p.Reveal(p.ctx, author, p.id, "why"); return err },
		func() error { _, err := p.Recalculate(p.ctx, author); return err },
	} {
		refused(t, do(), fault.Forbidden)
	}
}

func TestRemedyClosingNeedsAResult(t *testing.T) {
	p := inState(t, disclosure.Closed)
	must(t)(p.OpenRemedy(p.ctx, clerk, p.id, disclosure.Remedy{Kind: disclosure.Reconsideration, Number: "陵政复〔2026〕1号"}))
	_, err := p.CloseRemedy(p.ctx, clerk, p.id, disclosure.Pending, workday.Date{})
	refused(t, err, fault.Invalid)
	r := must(t)(p.CloseRemedy(p.ctx, clerk, p.id, disclosure.Upheld, workday.Date{}))
	if got := r.Remedies[0]; got.Result != disclosure.Upheld || got.ClosedOn != date("2026-03-02") || got.Number != "陵政复〔2026〕1号" {
		t.Errorf("the remedy is %+v", got)
	}
	_, err = p.OpenRemedy(p.ctx, clerk, p.id, disclosure.Remedy{Kind: disclosure.LitigationDirect})
	refused(t, err, fault.Conflict) // it was reviewed
}

func TestReopenedCaseMayBeReviewedAgain(t *testing.T) {
	p := inState(t, disclosure.Closed)
	must(t)(p.OpenRemedy(p.ctx, clerk, p.id, disclosure.Remedy{Kind: disclosure.Reconsideration}))
	p.set("2026-04-02")
	must(t)(p.CloseRemedy(p.ctx, clerk, p.id, disclosure.Corrected, workday.Date{}))
	p.set("2026-04-03")
	r := must(t)(p.Reopen(p.ctx, head, p.id, "复议决定撤销原答复"))
	if len(r.Earlier) != 1 || r.Earlier[0].ReopenedOn != date("2026-04-03") || r.Decision != nil || len(r.Issued()) != 2 {
		t.Errorf("earlier %+v, decision %v, %d letters", r.Earlier, r.Decision, len(r.Issued()))
	}
	must(t)(p.Decide(p.ctx, clerk, p.id, decisions["r4_2"]))
	must(t)(p.SignOff(p.ctx, head, p.id))
	must(t)(p.Deliver(p.ctx, clerk, p.id, disclosure.DeliverByPickup, "签收"))
	must(t)(p.OpenRemedy(p.ctx, clerk, p.id, disclosure.Remedy{Kind: disclosure.LitigationDirect}))
}
