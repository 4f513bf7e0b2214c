package disclosure

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"shoushan/fault"
	"shoushan/staff"
)

// Part is one request that another was split into (一事一申请, 国办函〔2020〕109号第四条).
type Part struct {
	Description string `json:"description"`
	ID          string `json:"id,omitempty"` // empty until it was filed
}

// Split makes one request for each matter of a filing that holds several: the request keeps keep, each part becomes a
// request of its own with the same receipt date and clock. From then on each counts by itself. When filing the parts is
// interrupted, FinishSplit goes on where it stopped.
func (d *Desk) Split(ctx context.Context, by staff.Member, id, keep string, parts []string) (Request, error) {
	_, err := d.act(ctx, by, id, DoSplit, func(r *Request, _ moment) (step, error) {
		if len(r.Parts) > 0 || r.SplitFrom != "" {
			return step{}, fault.New(fault.Conflict, "这件申请已经拆分过，请直接办理拆分出来的各件。")
		}
		if len(r.Earlier) > 0 {
			return step{}, fault.New(fault.Conflict, "这件申请已经答复过，重新办理的不能再拆分，以免改变以前年度的件数；请在一份答复里逐项答复。")
		}
		if blank(keep) || len(parts) == 0 {
			return step{}, fault.New(fault.Invalid, "请写明本件保留的内容，以及拆分出去的每一件的内容。")
		}
		r.Filing.Personal.Description = keep
		for _, p := range parts {
			if blank(p) {
				return step{}, fault.New(fault.Invalid, "拆分出去的每一件都要写明内容。")
			}
			r.Parts = append(r.Parts, Part{Description: p})
		}
		return step{to: Handling, note: fmt.Sprintf("一事一申请，拆分为%d件。", len(parts)+1)}, nil
	})
	if err != nil {
		return Request{}, err
	}
	return d.FinishSplit(ctx, by, id)
}

// splitText tells the applicant the numbers; each part has a receipt of its own.
func splitText(r Request) string {
	numbers := []string{r.ID}
	for _, p := range r.Parts {
		numbers = append(numbers, p.ID)
	}
	return fmt.Sprintf("您的申请包含几项内容，按照一事一申请分为%d件办理，编号：%s。", len(numbers), strings.Join(numbers, "、"))
}

// FinishSplit files the parts of a split request that have no number yet, and tells the applicant the numbers. Doing it again
// changes nothing.
func (d *Desk) FinishSplit(ctx context.Context, by staff.Member, id string) (Request, error) {
	if by.ID != staff.System.ID {
		if err := rules[DoSplit].permits(by, DoSplit); err != nil {
			return Request{}, err
		}
	}
	r, err := d.Register.Request(ctx, id)
	if err != nil {
		return Request{}, err
	}
	for i, p := range r.Parts {
		if p.ID != "" {
			continue
		}
		if r, err = d.filePart(ctx, by, r, i); err != nil {
			return Request{}, err
		}
	}
	return d.told(ctx, r, nil)
}

func (d *Desk) filePart(ctx context.Context, by staff.Member, whole Request, i int) (Request, error) {
	part, err := d.partOf(ctx, whole, i)
	if err != nil {
		return Request{}, err
	}
	if part == "" {
		created, err := d.createPart(ctx, by, whole, i)
		if err != nil {
			return Request{}, err
		}
		part = created.ID
	}
	return d.Register.Update(ctx, whole.ID, func(r *Request) error {
		if r.Parts[i].ID != "" {
			return nil
		}
		r.Parts[i].ID = part
		if !slices.ContainsFunc(r.Parts, func(p Part) bool { return p.ID == "" }) {
			r.owe(splitText(*r), d.Now().UTC())
		}
		return nil
	})
}

// partOf finds a part that was filed before an interruption.
func (d *Desk) partOf(ctx context.Context, whole Request, i int) (string, error) {
	all, err := d.Register.Requests(ctx, Query{})
	if err != nil {
		return "", err
	}
	for _, r := range all {
		if r.SplitFrom == whole.ID && r.Filing.Personal.Description == whole.Parts[i].Description && !whole.hasPart(r.ID) {
			return r.ID, nil
		}
	}
	return "", nil
}

func (r Request) hasPart(id string) bool {
	for _, p := range r.Parts {
		if p.ID == id {
			return true
		}
	}
	return false
}

func (d *Desk) createPart(ctx context.Context, by staff.Member, whole Request, i int) (Request, error) {
	m, err := d.moment(ctx, by)
	if err != nil {
		return Request{}, err
	}
	return d.Register.Create(ctx, m.today.Year(), func(id string) (Request, error) {
		r := Request{
			ID: id, Filing: whole.Filing, QueryCode: d.NewCode(), SubmittedAt: whole.SubmittedAt, ConfirmedAt: whole.ConfirmedAt,
			ReceiptAt: whole.ReceiptAt, RegisterAt: whole.RegisterAt, HandlerID: whole.HandlerID, SplitFrom: whole.ID,
			Supplement: whole.Supplement, Reasons: whole.Reasons,
		}
		r.Filing.Personal.Description = whole.Parts[i].Description
		err := r.do(DoSubmit, m, func(r *Request, m moment) (step, error) {
			r.ReceivedOn, r.Clock = whole.ReceivedOn, slices.Clone(whole.Clock)
			r.issue(receiptLetter(*r, m), m)
			return step{to: Handling, note: "由" + whole.ID + "拆分而来，收到日期不变。", article: rules[DoSplit].article}, nil
		})
		return r, err
	})
}
