package disclosure

import (
	"context"
	"fmt"

	"shoushan/fault"
	"shoushan/staff"
	"shoushan/workday"
)

// FeeBasis is how a fee for processing information is reckoned: one basis per request (国办函〔2020〕109号第三条).
type FeeBasis string

// The bases.
const (
	ByPieces FeeBasis = "pieces" // 按件: how many applications of this applicant in this natural month
	ByPages  FeeBasis = "pages"  // 按量: A4 pages of this request
)

// Chinese returns the basis as notices write it.
func (b FeeBasis) Chinese() string {
	return map[FeeBasis]string{ByPieces: "按件计收", ByPages: "按量计收"}[b]
}

// Fee is the charge for processing information (信息处理费, 条例第四十二条).
type Fee struct {
	Basis     FeeBasis     `json:"basis"`
	Count     int          `json:"count"` // pieces in the month, or pages
	Yuan      int          `json:"yuan"`
	NoticedOn workday.Date `json:"noticed_on"`
	// ReceivedOn is when the applicant got the notice; zero while unknown.
	ReceivedOn workday.Date `json:"received_on,omitzero"`
	Until      workday.Date `json:"until"` // the last day to pay
	PaidOn     workday.Date `json:"paid_on,omitzero"`
	Receipt    string       `json:"receipt,omitempty"` // 财政票据号
}

// tier is a price in yuan for each unit above From.
type tier struct{ above, yuan int }

var pageTiers = []tier{{30, 10}, {100, 20}, {200, 40}} // 109号: 31–100, 101–200, from 201

// PageFee returns what so many pages cost in yuan (按量计收, progressive): free to 30, then 10, from 101 on 20, from 201
// on 40 yuan a page.
func PageFee(pages int) int {
	sum := 0
	for i, t := range pageTiers {
		top := pages
		if i+1 < len(pageTiers) {
			top = min(pages, pageTiers[i+1].above)
		}
		sum += max(top-t.above, 0) * t.yuan
	}
	return sum
}

// PieceFee returns what so many applications of one applicant in one natural month cost together in yuan (按件计收,
// progressive): free to 10, then 100 yuan each to 30, and from 31 on each band of ten costs 100 yuan a piece more.
func PieceFee(pieces int) int {
	sum := 0
	for n := 11; n <= pieces; n++ {
		sum += piecePrice(n)
	}
	return sum
}

// piecePrice is the price of the n-th application, n ≥ 11.
func piecePrice(n int) int {
	if n <= 30 {
		return 100
	}
	return 200 + (n-31)/10*100
}

// maxFeeCount keeps a slip of the keyboard from becoming a bill.
const maxFeeCount = 100_000

// ChargeFee sends the notice of a fee (收费通知书) within the reply period, once for a request and on one basis. Applications
// of the same applicant that were charged by the piece in the same month are taken off. The clock stands until it is
// paid; it must be paid within 20 working days. The notice waits for SignNotice.
func (d *Desk) ChargeFee(ctx context.Context, by staff.Member, id string, basis FeeBasis, count int) (Request, error) {
	return d.draft(ctx, by, id, DoChargeFee, Terms{Basis: basis, Count: count})
}

// chargeAbove charges what goes beyond the yuan that the applicant was already charged this month.
func chargeAbove(charged int) actUnderNotice {
	return func(r *Request, m moment, t Terms) (step, error) {
		if err := r.mayCharge(t.Basis, t.Count, m); err != nil {
			return step{}, err
		}
		fee := Fee{Basis: t.Basis, Count: t.Count, Yuan: feeOf(t.Basis, t.Count) - charged, NoticedOn: m.today, Until: m.cal.Add(m.today, PaymentDays).Date}
		if fee.Yuan <= 0 {
			return step{}, fault.New(fault.Invalid, "按这个数量不收信息处理费：按件每月10件以内、按量30页以内免费，已经收过的不重复收。")
		}
		r.Fee = &fee
		r.suspend(m, "通知缴纳信息处理费", "国办函〔2020〕109号")
		r.issue(feeLetter(*r, m), m)
		note := fmt.Sprintf("通知缴纳信息处理费%d元（%s），缴费期限到%s。", fee.Yuan, t.Basis.Chinese(), fee.Until.Chinese())
		return step{to: AwaitingPayment, note: note}, nil
	}
}

func feeOf(basis FeeBasis, count int) int {
	if basis == ByPieces {
		return PieceFee(count)
	}
	return PageFee(count)
}

func (r Request) mayCharge(basis FeeBasis, count int, m moment) error {
	due := r.Deadline(m.cal).Due
	switch {
	case r.Fee != nil:
		return fault.New(fault.Conflict, "这件申请已经通知过缴费，一件申请只能按一种标准收一次。")
	case basis != ByPieces && basis != ByPages:
		return fault.New(fault.Invalid, "请选择一种计费标准：按件计收或者按量计收。")
	case count < 1 || count > maxFeeCount:
		return fault.New(fault.Invalid, "请填写件数或者页数，例如：72。")
	case m.today.After(due):
		return fault.Newf(fault.Conflict, "收费通知应当在答复期限内发出，期限已于%s届满，不能再收费。", due.Chinese())
	}
	return nil
}

// chargedThisMonth sums what the same applicant was already charged by the piece for applications of the same month.
func (d *Desk) chargedThisMonth(ctx context.Context, id string, basis FeeBasis) (int, error) {
	if basis != ByPieces {
		return 0, nil
	}
	r, err := d.Register.Request(ctx, id)
	if err != nil {
		return 0, err
	}
	all, err := d.Register.Requests(ctx, Query{})
	if err != nil {
		return 0, err
	}
	sum := 0
	for _, other := range all {
		if other.ID != id && other.Fee != nil && other.Fee.Basis == ByPieces && r.sameApplicant(other) && sameMonth(r.ReceivedOn, other.ReceivedOn) {
			sum += other.Fee.Yuan
		}
	}
	return sum, nil
}

func (r Request) sameApplicant(o Request) bool {
	return r.Filing.Personal.DocumentNumber == o.Filing.Personal.DocumentNumber
}

func sameMonth(a, b workday.Date) bool { return a.Year() == b.Year() && a.Month() == b.Month() }

// PayFee enters the payment in full, made on the given day, zero for today; the reply period starts anew on the day after,
// however late it is entered. A payment made after the 20 working days is a Conflict, since the application counts as
// abandoned.
func (d *Desk) PayFee(ctx context.Context, by staff.Member, id, receipt string, on workday.Date) (Request, error) {
	return d.act(ctx, by, id, DoPayFee, func(r *Request, m moment) (step, error) {
		paid, err := m.dayOrToday(on, r.Fee.NoticedOn)
		switch {
		case err != nil:
			return step{}, err
		case paid.After(r.Fee.Until):
			return step{}, fault.Newf(fault.Conflict, "缴费期限已于%s届满，视为放弃申请；请用“逾期处理”办结，申请人可以另行提出申请。", r.Fee.Until.Chinese())
		case blank(receipt):
			return step{}, fault.New(fault.Invalid, "请填写财政票据号，例如：晋财票0012345。")
		}
		r.Fee.PaidOn, r.Fee.Receipt = paid, receipt
		r.restart(paid, m, "缴清信息处理费", "国办函〔2020〕109号")
		return step{to: Handling, note: fmt.Sprintf("%s缴清信息处理费%d元，期限自次日起重新计算。", paid.Chinese(), r.Fee.Yuan)}, nil
	})
}

// FeeNoticeReceived enters the day on which the applicant got the notice of the fee: the 20 working days to pay run from
// the day after it (国办函〔2020〕109号). Until it is known they run from the day of the notice. It never shortens the period
// that the notice names.
func (d *Desk) FeeNoticeReceived(ctx context.Context, by staff.Member, id string, on workday.Date) (Request, error) {
	return d.act(ctx, by, id, DoFeeNoticeSeen, func(r *Request, m moment) (step, error) {
		if !r.Fee.ReceivedOn.IsZero() {
			return step{}, fault.Newf(fault.Conflict, "已经登记申请人在%s收到收费通知书。", r.Fee.ReceivedOn.Chinese())
		}
		seen, err := m.dayOrToday(on, r.Fee.NoticedOn)
		if err != nil {
			return step{}, err
		}
		r.Fee.ReceivedOn, r.Fee.Until = seen, m.cal.Add(seen, PaymentDays).Date
		note := fmt.Sprintf("申请人在%s收到收费通知书，缴费期限到%s。", seen.Chinese(), r.Fee.Until.Chinese())
		return step{to: AwaitingPayment, note: note}, nil
	})
}

// provisional reports whether the last day to pay lies beyond the notices of holidays on record.
func (f Fee) provisional(cal workday.Calendar) bool {
	return cal.Add(later(f.NoticedOn, f.ReceivedOn), PaymentDays).Provisional
}

// payBy returns the last day to pay under another calendar: never earlier than what the applicant was told.
func (f Fee) payBy(cal workday.Calendar) workday.Date {
	from := later(f.NoticedOn, f.ReceivedOn)
	return later(f.Until, cal.Add(from, PaymentDays).Date)
}
