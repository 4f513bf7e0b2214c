package disclosure

import (
	"fmt"
	"time"

	"shoushan/workday"
)

// ApplicationForm is the application as the applicant gave it (申请表, 条例第二十九条), to be printed. It holds personal data: who
// shows it must hold the right to. There is no field for a purpose.
func ApplicationForm(r Request, o Organ) Letter {
	p := r.Filing.Personal
	lines := []string{
		"申请人类型：" + r.Filing.ApplicantKind.Chinese(), "姓名或者名称：" + p.Name, "证件号码：" + p.DocumentNumber,
	}
	for _, item := range [][2]string{
		{"法定代表人或者经办人", p.Representative}, {"代理人", p.Agent}, {"代理人证件号码", p.AgentDocument}, {"授权材料", p.Authority},
		{"联系电话", p.Phone}, {"电子邮箱", p.Email}, {"通信地址", p.Address},
	} {
		if item[1] != "" {
			lines = append(lines, item[0]+"："+item[1])
		}
	}
	lines = append(lines, "所需信息的名称、文号或者其他特征性描述："+p.Description,
		"信息的形式："+r.Filing.Medium.Chinese(), "获取方式："+r.Filing.Delivery.Chinese(), "提交渠道："+r.Filing.Channel.Chinese())
	return sheet(r, o, "application_form", r.Filing.Matter.Chinese()+"表", lines)
}

// CaseSheet is the request's entry in the register (登记表, 条例第四十五条): the four instants, the clock line by line and every
// event. It holds no personal data.
func CaseSheet(r Request, o Organ, cal workday.Calendar) Letter {
	d := r.Deadline(cal)
	lines := []string{
		"编号：" + r.ID, "渠道：" + r.Filing.Channel.Chinese(), "申请人类型：" + r.Filing.ApplicantKind.Chinese(), "状态：" + r.State.Chinese(),
		"提交时间：" + clockTime(r.SubmittedAt), "申请人确认时间：" + clockTime(r.ConfirmedAt), "系统回执时间：" + clockTime(r.ReceiptAt),
		"工作人员登记时间：" + clockTime(r.RegisterAt), "收到申请之日：" + orNone(r.ReceivedOn),
	}
	if !d.Due.IsZero() {
		lines = append(lines, "答复期限："+d.Due.Chinese()+map[bool]string{true: "（暂定）"}[d.Provisional])
	}
	for _, l := range d.Lines {
		lines = append(lines, "　"+l.String())
	}
	if r.served() {
		lines = append(lines, "处理结果："+r.Decision.Outcome.Chinese(), "送达日期："+r.Decision.ServedOn.Chinese())
	}
	for _, x := range r.Remedies {
		lines = append(lines, fmt.Sprintf("%s：%s提起，%s", x.Kind.Chinese(), x.OpenedOn.Chinese(), x.resultNow().Chinese()))
	}
	for _, e := range r.Trail {
		lines = append(lines, fmt.Sprintf("%d. %s %s %s %s%s", e.Seq, clockTime(e.At), e.Actor, Action(e.Action).Chinese(), e.Note, inBrackets(e.Article)))
	}
	return sheet(r, o, "case_sheet", "政府信息公开申请登记表", lines)
}

func sheet(r Request, o Organ, template, title string, lines []string) Letter {
	return Letter{Template: template, Organ: o.Name, Title: title, Paragraphs: lines, SignedBy: o.Name, Date: r.ReceivedOn, Audience: ToFile}
}

func (m Remedy) resultNow() RemedyResult {
	if m.open() {
		return Pending
	}
	return m.Result
}

func clockTime(t time.Time) string {
	if t.IsZero() {
		return "—"
	}
	return t.In(workday.Beijing).Format("2006-01-02 15:04:05")
}

func inBrackets(article string) string {
	if article == "" {
		return ""
	}
	return "（" + article + "）"
}
