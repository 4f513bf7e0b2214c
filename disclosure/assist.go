package disclosure

import (
	"context"
	"fmt"

	"shoushan/fault"
	"shoushan/staff"
	"shoushan/workday"
)

// Assist asks another office to search for or prepare the information (协办函). The clock goes on: it is no consultation.
// until is the day by which an answer is asked for. The letter waits for SignNotice.
func (d *Desk) Assist(ctx context.Context, by staff.Member, id, office, about string, until workday.Date) (Request, error) {
	return d.draft(ctx, by, id, DoAssist, Terms{Name: office, About: about, Until: until})
}

func assist(r *Request, m moment, t Terms) (step, error) {
	switch due := r.Deadline(m.cal).Due; {
	case blank(t.Name) || blank(t.About):
		return step{}, fault.New(fault.Invalid, "请写明请谁协办、协办什么，例如：财政所，检索2025年采购合同。")
	case !t.Until.After(m.today):
		return step{}, fault.Newf(fault.Invalid, "请给协办单位办理的时间，应当晚于今天（%s）。", m.today)
	case !due.IsZero() && t.Until.After(due):
		return step{}, fault.Newf(fault.Invalid, "协办的期限不能晚于答复期限（%s），协办的时间计算在答复期限内。", due)
	}
	r.issue(assistLetter(*r, t, m), m)
	return step{to: r.State, note: "发出协办函，请在" + t.Until.Chinese() + "以前回复。"}, nil
}

// assistLetter is 协办函. It does not say who applied.
func assistLetter(r Request, t Terms, m moment) Letter {
	l := letter(r, m, "assistance", "政府信息公开申请协办函",
		fmt.Sprintf("本机关收到政府信息公开申请（编号%s），需要你单位协助：%s", r.ID, sentence(t.About)),
		fmt.Sprintf("请最迟于%s书面回复，写明检索的范围、方法和结果；拟不公开的，请写明事实、理由和依据。协办的时间计算在答复期限内，请按时回复。", t.Until.Chinese())+questions(m.organ))
	l.Recipient, l.Audience = t.Name, ToOrgan
	return l
}

// ReviewSheet is the sheet on which a drafted answer is examined and approved (审查呈批单, 条例第十七条), to be printed. It holds
// no personal data; name tells a member's name.
func ReviewSheet(r Request, o Organ, cal workday.Calendar, name func(id string) string) Letter {
	lines := []string{
		"申请编号：" + r.ID, "申请人类型：" + r.Filing.ApplicantKind.Chinese(), "收到申请之日：" + orNone(r.ReceivedOn),
		"答复期限：" + orNone(r.Deadline(cal).Due), "申请内容：" + r.Filing.Personal.Masked().Description,
	}
	if d := r.Decision; d != nil {
		lines = append(lines, "拟处理结果："+d.Outcome.Chinese(), "依据："+d.basis())
		lines = append(lines, d.grounds()...)
		lines = append(lines, "拟稿人："+orBlank(name(d.DraftedBy)), "保密审查意见：", "审核意见：", "签发："+orBlank(name(d.SignedBy)), "签发时间："+clockTime(d.SignedAt))
	}
	return sheet(r, o, "review_sheet", "政府信息公开审查呈批单", lines)
}

// grounds lists what the decision rests on, each under its name on the form.
func (d Decision) grounds() []string {
	var out []string
	for _, f := range d.Outcome.Info().Fields {
		if v := d.field(f.Key); v != "" && len(f.Choices) == 0 {
			out = append(out, f.Label+"："+v)
		}
	}
	return out
}

func orBlank(s string) string {
	if s == "" {
		return "＿＿＿＿"
	}
	return s
}
