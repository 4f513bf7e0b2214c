package disclosure

import (
	"context"

	"shoushan/fault"
	"shoushan/staff"
)

// HandBack gives an assigned request back to whoever assigns (退回分派), with the reason: wrongly assigned, or a conflict of
// interest. Only its handler can, and not once it is closed. The clock runs on (条例第三十三条 knows no such pause), so the
// request stands on the home page until somebody else has it.
func (d *Desk) HandBack(ctx context.Context, by staff.Member, id, reason string) (Request, error) {
	if err := rules[DoHandBack].permits(by, DoHandBack); err != nil {
		return Request{}, err
	}
	if blank(reason) {
		return Request{}, fault.New(fault.Invalid, "请写明退回的原因，例如：这项工作由民政办负责，请改派。")
	}
	return d.aside(ctx, by, id, DoHandBack, "退回分派："+reason, func(r *Request) error {
		switch {
		case r.State == Closed:
			return fault.New(fault.Conflict, "这件申请已经办结，不能退回分派。")
		case r.HandlerID != by.ID:
			return fault.New(fault.Conflict, "这件申请现在不是分给您的，不用退回。")
		}
		r.HandlerID = ""
		return nil
	})
}

// HandedBack returns what the last handler said when giving the request back, until somebody is assigned anew.
func (r Request) HandedBack() string {
	for i := len(r.Trail) - 1; i >= 0 && r.HandlerID == ""; i-- {
		if r.Trail[i].Action == string(DoHandBack) {
			return r.Trail[i].Note
		}
	}
	return ""
}
