package disclosure

import (
	"context"
	"fmt"
	"strings"

	"shoushan/fault"
	"shoushan/staff"
	"shoushan/workday"
)

// Correction is what was entered wrongly; zero fields stay as they are.
type Correction struct {
	ApplicantKind ApplicantKind
	Medium        Medium
	Delivery      Delivery
	Personal      Personal     // each item that is not empty takes the place of what stands there
	ReceivedOn    workday.Date // an earlier day may be entered by the desk, a later one only by who signs replies
}

// Correct puts right what was entered wrongly (更正登记), with a reason. The trail tells which items changed, never their
// content.
func (d *Desk) Correct(ctx context.Context, by staff.Member, id string, c Correction, reason string) (Request, error) {
	return d.act(ctx, by, id, DoCorrect, func(r *Request, m moment) (step, error) {
		if blank(reason) {
			return step{}, fault.New(fault.Invalid, "请写明更正的原因，例如：登记时看错了申请人类型。")
		}
		changed, err := r.correct(c, m)
		if err != nil {
			return step{}, err
		}
		if len(changed) == 0 {
			return step{}, fault.New(fault.Invalid, "没有要更正的内容，请先修改。")
		}
		note := fmt.Sprintf("更正%s。原因：%s", strings.Join(changed, "、"), reason)
		return step{to: r.State, note: note}, nil
	})
}

func (r *Request) correct(c Correction, m moment) (changed []string, err error) {
	f := &r.Filing
	if c.ApplicantKind != "" && c.ApplicantKind != f.ApplicantKind {
		changed = append(changed, fmt.Sprintf("申请人类型（%s改为%s）", f.ApplicantKind.Chinese(), c.ApplicantKind.Chinese()))
		f.ApplicantKind = c.ApplicantKind
	}
	if c.Medium != "" && c.Medium != f.Medium {
		changed, f.Medium = append(changed, "信息形式"), c.Medium
	}
	if c.Delivery != "" && c.Delivery != f.Delivery {
		changed, f.Delivery = append(changed, "获取方式"), c.Delivery
	}
	if p := f.Personal.with(c.Personal, f.ApplicantKind); p != f.Personal {
		r.Formerly = append(r.Formerly, f.Personal)
		changed, f.Personal = append(changed, "申请人信息"), p
	}
	if !c.ReceivedOn.IsZero() && c.ReceivedOn != r.ReceivedOn {
		note, err := r.correctReceipt(c.ReceivedOn, m)
		if err != nil {
			return nil, err
		}
		changed = append(changed, note)
	}
	return changed, f.validateCorrected(changed)
}

// with returns the data with every item replaced that the other has. A natural person has no representative.
func (p Personal) with(c Personal, kind ApplicantKind) Personal {
	for _, item := range []struct {
		to   *string
		from string
	}{
		{&p.Name, c.Name}, {&p.DocumentNumber, c.DocumentNumber}, {&p.Representative, c.Representative}, {&p.Phone, c.Phone}, {&p.Email, c.Email},
		{&p.Address, c.Address}, {&p.Description, c.Description}, {&p.Agent, c.Agent}, {&p.AgentDocument, c.AgentDocument}, {&p.Authority, c.Authority},
	} {
		if !blank(item.from) {
			*item.to = item.from
		}
	}
	if kind == NaturalPerson {
		p.Representative = ""
	}
	return p
}

// validateCorrected checks the corrected filing as a new one, apart from a kind that no longer fits the document number:
// that is asked for by name.
func (f Filing) validateCorrected(changed []string) error {
	if len(changed) == 0 {
		return nil
	}
	return f.Validate()
}

// correctReceipt moves the legal receipt. Later is harder than earlier: late registration must never move the clock.
func (r *Request) correctReceipt(on workday.Date, m moment) (string, error) {
	switch {
	case r.ReceivedOn.IsZero():
		return "", fault.New(fault.Conflict, "这件申请还没有经双方确认，没有收到日期；请先确认。")
	case on.After(m.today):
		return "", fault.Newf(fault.Invalid, "收到日期不能晚于今天（%s）。", m.today)
	case on.After(r.ReceivedOn) && !m.by.May(staff.SignReplies):
		return "", fault.New(fault.Forbidden, "收到日期只能改早；确实登记得太早的，请由有签发权限的人员更正。")
	}
	note := fmt.Sprintf("收到日期（%s改为%s）", r.ReceivedOn, on)
	r.ReceivedOn, r.Clock[0].On = on, on
	return note, nil
}

// Reopen takes a closed case up again (重新办理), with a reason: the decision was set aside by review or court, or closing it
// was a mistake. A new reply period starts today; the earlier decision stays on the record.
func (d *Desk) Reopen(ctx context.Context, by staff.Member, id, reason string) (Request, error) {
	return d.act(ctx, by, id, DoReopen, func(r *Request, m moment) (step, error) {
		switch {
		case r.ReceivedOn.IsZero():
			return step{}, fault.New(fault.Conflict, "这件申请在双方确认以前就撤回了，不能重新办理；申请人可以另行申请。")
		case blank(reason):
			return step{}, fault.New(fault.Invalid, "请写明重新办理的原因，例如：行政复议决定撤销原答复。")
		}
		set := *r.Decision
		set.ReopenedOn = m.today
		r.Earlier, r.Decision, r.Archive = append(r.Earlier, set), nil, nil
		r.restart(m.today, m, "重新办理", "条例第三十三条")
		return step{to: Handling, note: "重新办理：" + reason}, nil
	})
}
