package disclosure

import (
	"context"
	"fmt"
	"slices"

	"shoushan/fault"
	"shoushan/staff"
	"shoushan/workday"
)

// RemedyKind is a group of columns of table 四.
type RemedyKind string

// The kinds of remedies.
const (
	Reconsideration      RemedyKind = "reconsideration"                  // 行政复议
	LitigationDirect     RemedyKind = "litigation_direct"                // 未经复议直接起诉
	LitigationAfterwards RemedyKind = "litigation_after_reconsideration" // 复议后起诉
)

// RemedyKinds lists the kinds in the order of table 四.
func RemedyKinds() []RemedyKind {
	return []RemedyKind{Reconsideration, LitigationDirect, LitigationAfterwards}
}

// Chinese returns the kind's label in table 四.
func (k RemedyKind) Chinese() string {
	return map[RemedyKind]string{Reconsideration: "行政复议", LitigationDirect: "未经复议直接起诉", LitigationAfterwards: "复议后起诉"}[k]
}

// RemedyResult is a column of table 四; Pending is what has no result yet.
type RemedyResult string

// The results of remedies.
const (
	Upheld      RemedyResult = "upheld"    // 结果维持
	Corrected   RemedyResult = "corrected" // 结果纠正
	OtherResult RemedyResult = "other"     // 其他结果
	Pending     RemedyResult = "pending"   // 尚未审结
)

// RemedyResults lists what a remedy can end with.
func RemedyResults() []RemedyResult { return []RemedyResult{Upheld, Corrected, OtherResult} }

// Chinese returns the result's label in table 四.
func (r RemedyResult) Chinese() string {
	return map[RemedyResult]string{Upheld: "结果维持", Corrected: "结果纠正", OtherResult: "其他结果", Pending: "尚未审结"}[r]
}

// Remedy is one case of reconsideration or litigation over a request (条例第五十一条).
type Remedy struct {
	No       int          `json:"no"` // from 1
	Kind     RemedyKind   `json:"kind"`
	Number   string       `json:"number,omitempty"` // 案号
	OpenedOn workday.Date `json:"opened_on"`
	ClosedOn workday.Date `json:"closed_on,omitzero"`
	Result   RemedyResult `json:"result,omitempty"`
}

// pending reports whether it had been opened and not closed on the day.
func (m Remedy) pending(on workday.Date) bool {
	return !m.OpenedOn.After(on) && (m.ClosedOn.IsZero() || m.ClosedOn.After(on))
}

// OpenRemedy enters a case of reconsideration or litigation: over a decision that was served, or over an answer that is
// late. OpenedOn may be zero for today. Paths that the law does not have are a Conflict: a lawsuit before the review
// when review comes first, a lawsuit during a review, and one “after review” without it (行政复议法第二十三条).
func (d *Desk) OpenRemedy(ctx context.Context, by staff.Member, id string, remedy Remedy) (Request, error) {
	return d.act(ctx, by, id, DoRemedyOpen, func(r *Request, m moment) (step, error) {
		on, err := m.dayOrToday(remedy.OpenedOn, r.ReceivedOn)
		if err != nil {
			return step{}, err
		}
		if err := r.mayOpen(remedy.Kind, m); err != nil {
			return step{}, err
		}
		no := len(r.Remedies) + 1
		r.Remedies = append(r.Remedies, Remedy{No: no, Kind: remedy.Kind, Number: remedy.Number, OpenedOn: on})
		return step{to: r.State, note: fmt.Sprintf("登记%s（第%d件），日期%s。", remedy.Kind.Chinese(), no, on.Chinese())}, nil
	})
}

func (r Request) mayOpen(kind RemedyKind, m moment) error {
	open, reviewed := slices.ContainsFunc(r.Remedies, Remedy.open), r.reviewed()
	switch {
	case kind.Chinese() == "":
		return fault.New(fault.Invalid, "请选择行政复议、未经复议直接起诉或者复议后起诉。")
	case !r.served() && len(r.Earlier) == 0 && !r.Overdue(m.cal, m.at):
		return fault.New(fault.Conflict, "答复还没有送达，也没有逾期，没有可以复议或者起诉的行为；请先核对是不是这件申请。")
	case open:
		return fault.New(fault.Conflict, "这件申请还有没有审结的复议或者诉讼；请先登记它的结果。")
	case kind == LitigationAfterwards && !reviewed:
		return fault.New(fault.Conflict, "没有登记过已经审结的行政复议，不能登记“复议后起诉”；请登记行政复议，或者选择“未经复议直接起诉”。")
	case kind == LitigationDirect && reviewed:
		return fault.New(fault.Conflict, "这件申请已经复议，请选择“复议后起诉”。")
	case kind == LitigationDirect && r.served() && r.Decision.Remedy() == ReviewFirst:
		return fault.New(fault.Conflict, "不予公开的答复必须先申请行政复议（行政复议法第二十三条）；请登记行政复议。")
	}
	return nil
}

func (m Remedy) open() bool { return m.ClosedOn.IsZero() }

// reviewed reports whether the decision in force, or the missing one, went through a review that is over.
func (r Request) reviewed() bool {
	var since workday.Date
	if n := len(r.Earlier); n > 0 {
		since = r.Earlier[n-1].ReopenedOn
	}
	return slices.ContainsFunc(r.Remedies, func(m Remedy) bool {
		return m.Kind == Reconsideration && !m.open() && !m.OpenedOn.Before(since)
	})
}

func (r Request) served() bool { return r.Decision != nil && !r.Decision.ServedOn.IsZero() }

// CloseRemedy enters the result of the open case. closedOn may be zero for today.
func (d *Desk) CloseRemedy(ctx context.Context, by staff.Member, id string, result RemedyResult, closedOn workday.Date) (Request, error) {
	return d.act(ctx, by, id, DoRemedyClose, func(r *Request, m moment) (step, error) {
		i := slices.IndexFunc(r.Remedies, Remedy.open)
		if i < 0 {
			return step{}, fault.New(fault.Conflict, "这件申请没有尚未审结的复议或者诉讼。")
		}
		if !slices.Contains(RemedyResults(), result) {
			return step{}, fault.New(fault.Invalid, "请选择结果：结果维持、结果纠正或者其他结果。")
		}
		on, err := m.dayOrToday(closedOn, r.Remedies[i].OpenedOn)
		if err != nil {
			return step{}, err
		}
		r.Remedies[i].ClosedOn, r.Remedies[i].Result = on, result
		return step{to: r.State, note: fmt.Sprintf("%s审结：%s。", r.Remedies[i].Kind.Chinese(), result.Chinese())}, nil
	})
}
