package disclosure

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"

	"shoushan/fault"
	"shoushan/staff"
	"shoushan/workday"
)

// Submit files a request. What comes by chat waits for the double confirmation (Confirm); what staff file on someone's
// behalf (counter, post, phone, e-mail) is received on the spot, or on Filing.AnnouncedOn, the day a letter was signed for
// or an e-mail arrived (条例第三十一条).
func (d *Desk) Submit(ctx context.Context, by staff.Member, f Filing) (Request, error) {
	return d.create(ctx, by, f, func(r *Request, m moment) error {
		if f.Channel == ByWeChat {
			return r.do(DoSubmit, m, submitted)
		}
		return r.do(DoSubmit, m, received)
	})
}

// SubmitConfirmed files what a citizen has confirmed in chat. The organ's numbered receipt is given in the same breath, so
// both sides have confirmed and the clock starts (条例第三十一条第三项).
func (d *Desk) SubmitConfirmed(ctx context.Context, by staff.Member, f Filing) (Request, error) {
	return d.create(ctx, by, f, func(r *Request, m moment) error {
		if err := r.do(DoSubmit, m, submitted); err != nil {
			return err
		}
		return r.do(DoConfirm, m, confirmed)
	})
}

func (d *Desk) create(ctx context.Context, by staff.Member, f Filing, verbs func(*Request, moment) error) (Request, error) {
	if err := rules[DoSubmit].permits(by, DoSubmit); err != nil {
		return Request{}, err
	}
	if by.ID == staff.Citizen.ID && f.Channel != ByWeChat {
		return Request{}, fault.New(fault.Forbidden, "当面、邮寄、电话和电子邮件的申请由工作人员登记。")
	}
	if err := f.Validate(); err != nil {
		return Request{}, err
	}
	m, err := d.moment(ctx, by)
	if err != nil {
		return Request{}, err
	}
	if f.AnnouncedOn.After(m.today) {
		return Request{}, fault.Newf(fault.Invalid, "收到日期不能晚于今天（%s）。", m.today)
	}
	created, err := d.Register.Create(ctx, m.today.Year(), func(id string) (Request, error) {
		if err := d.notYetFiled(ctx, f); err != nil {
			return Request{}, err
		}
		r := Request{ID: id, Filing: f, QueryCode: d.NewCode(), SubmittedAt: m.at}
		err := verbs(&r, m)
		return r, err
	})
	if before, ok := errors.AsType[*alreadyFiledError](err); ok {
		return before.Request, nil
	}
	return created, err
}

// alreadyFiledError is the request that came of the same act of filing.
type alreadyFiledError struct{ Request Request }

// Error names the request.
func (a *alreadyFiledError) Error() string { return "disclosure: already filed as " + a.Request.ID }

// notYetFiled returns *alreadyFiledError when a request has the key of the filing. The register runs it while nobody else can be
// given a number: of two who file the same at the same instant, the second finds the first's.
func (d *Desk) notYetFiled(ctx context.Context, f Filing) error {
	if f.Key == "" {
		return nil
	}
	own, err := d.Register.Requests(ctx, Query{OpenID: f.OpenID})
	if err != nil {
		return err
	}
	for _, r := range own {
		if r.Filing.Key == f.Key {
			return &alreadyFiledError{r}
		}
	}
	return nil
}

func submitted(r *Request, m moment) (step, error) {
	r.ReceiptAt = m.at
	return step{to: Submitted, note: "收到" + r.Filing.Channel.Chinese() + "提交的申请，等待双方确认。"}, nil
}

// received takes in what needs no second confirmation.
func received(r *Request, m moment) (step, error) {
	on := r.Filing.AnnouncedOn
	if on.IsZero() {
		on = m.today
	}
	r.ReceiptAt, r.RegisterAt = m.at, m.at
	r.receive(on, m)
	note := fmt.Sprintf("登记%s的申请，收到日期为%s。", r.Filing.Channel.Chinese(), on.Chinese())
	return step{to: Handling, note: note, article: "条例第三十一条"}, nil
}

func (r *Request) receive(on workday.Date, m moment) {
	r.ReceivedOn = on
	r.Clock = StartClock(on, m.at)
	r.issue(receiptLetter(*r, m), m)
}

// Confirm records that both sides have confirmed an application that came by chat; the clock starts today. For an ordinary
// letter, phone and e-mail it is kept as evidence and never moves the clock: the organ had to ask on the day of arrival
// (条例第三十一条第二项), so asking late gains it nothing.
func (d *Desk) Confirm(ctx context.Context, by staff.Member, id string) (Request, error) {
	return d.act(ctx, by, id, DoConfirm, confirmed)
}

func confirmed(r *Request, m moment) (step, error) {
	late := r.State == Handling
	if late && (!r.ConfirmedAt.IsZero() || r.Filing.Channel == AtCounter || r.Filing.Channel == ByWeChat) {
		return step{}, fault.Newf(fault.Conflict, "这件申请已于%s收到，不需要再次确认。", r.ReceivedOn.Chinese())
	}
	r.ConfirmedAt = m.at
	if late {
		return step{to: Handling, note: "申请人确认了申请内容，收到日期不变。"}, nil
	}
	r.receive(m.today, m)
	return step{to: Handling, note: "申请人确认申请内容，本机关按公开指南同时出具登记回执，双方已确认，收到申请之日为" + m.today.Chinese() + "。"}, nil
}

// Accept records that staff have registered the request (登记, 条例第四十五条; the trail's “register”). It may come late and
// never moves the clock; what staff filed themselves keeps the instant at which they did. A second time is a Conflict.
func (d *Desk) Accept(ctx context.Context, by staff.Member, id string) (Request, error) {
	return d.act(ctx, by, id, DoRegister, func(r *Request, m moment) (step, error) {
		if r.did(DoRegister) {
			return step{}, fault.Newf(fault.Conflict, "这件申请已经在%s登记过了。", workday.Of(r.RegisterAt).Chinese())
		}
		if r.RegisterAt.IsZero() {
			r.RegisterAt = m.at
		}
		return step{to: r.State, note: "登记入册，收到日期不变。"}, nil
	})
}

// Assign hands the request to a member (分办), named by login name.
func (d *Desk) Assign(ctx context.Context, by staff.Member, id, handlerID string) (Request, error) {
	return d.act(ctx, by, id, DoAssign, func(r *Request, _ moment) (step, error) {
		if blank(handlerID) {
			return step{}, fault.New(fault.Invalid, "请选择经办人。")
		}
		r.HandlerID = handlerID
		return step{to: r.State, note: "分给 " + handlerID + " 办理。"}, nil
	})
}

// Progress is the applicant's look-up by number and query code. A wrong number and a wrong code get the same NotFound.
func (d *Desk) Progress(ctx context.Context, id, code string) (Request, error) {
	notFound := fault.New(fault.NotFound, "没有找到这件申请，请核对编号和查询码，例如：2026-0012，123456。")
	r, err := d.Register.Request(ctx, id)
	if fault.Is(err, fault.NotFound) {
		return Request{}, notFound
	}
	if err != nil {
		return Request{}, err
	}
	if r.QueryCode == "" || subtle.ConstantTimeCompare([]byte(r.QueryCode), []byte(code)) != 1 {
		return Request{}, notFound
	}
	return r, nil
}

// Reveal returns the applicant's data unmasked. It needs the right and a reason, and leaves an event
// (个人信息保护法第六条).
func (d *Desk) Reveal(ctx context.Context, by staff.Member, id, why string) (Personal, error) {
	if err := by.Require(staff.RevealPersonal, "查看未遮盖的个人信息"); err != nil {
		return Personal{}, err
	}
	if blank(why) {
		return Personal{}, fault.New(fault.Invalid, "请写明为什么要查看，例如：电话通知申请人领取答复。")
	}
	r, err := d.Register.Update(ctx, id, func(r *Request) error {
		r.Trail = r.Trail.Append(by, d.Now(), string(DoReveal), r.scrub("查看个人信息："+why), "个人信息保护法第六条")
		return nil
	})
	return r.Filing.Personal, err
}
