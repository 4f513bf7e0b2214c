package console

import (
	"net/http"
	"slices"

	"shoushan/disclosure"
	"shoushan/fault"
	"shoushan/workday"
)

// intakePage is the form of article 29 as staff fill it in for an applicant. No purpose or reason is asked.
type intakePage struct {
	frame
	Groups  []fieldGroup
	Problem problem
}

// fieldGroup is a part of the form. A folded one is open once something is typed into it.
type fieldGroup struct {
	Legend       string
	Fields       []field
	Folded, Open bool
}

// intakeGroups cuts the questions into the parts of the paper form.
func intakeGroups(fields []field) []fieldGroup {
	groups := []fieldGroup{
		{Legend: "收到的申请", Fields: fields[:3]}, {Legend: "申请人", Fields: fields[3:7]}, {Legend: "代理人", Fields: fields[7:10], Folded: true},
		{Legend: "联系方式", Fields: fields[10:13]}, {Legend: "申请内容", Fields: fields[13:]},
	}
	for i, g := range groups {
		groups[i].Open = slices.ContainsFunc(g.Fields, func(f field) bool { return f.Value != "" })
	}
	return groups
}

// intakeFields are the questions of 条例第二十九条 in the order of the paper form.
func intakeFields(typed func(string) string) []field {
	fields := []field{
		{Name: "matter", Label: "申请事项", Kind: pickOne, Required: true, Options: matterOptions, Help: "要求更正与自己有关的政府信息的（条例第四十一条），选第二项；不计入表三。"},
		{Name: "channel", Label: "申请渠道", Kind: pickOne, Required: true, Options: choices(disclosure.Channel.Chinese, disclosure.Channels()[:4]...)},
		{Name: "announced_on", Label: "收到日期", Kind: dateField, Required: true, Help: "当面提交的填提交当天；EMS、挂号信填签收当天；平信、电子邮件、电话的填与申请人联系确认的当天（条例第三十一条）。"},
		{Name: "applicant_kind", Label: "申请人类型", Kind: pickOne, Required: true, Options: choices(disclosure.ApplicantKind.Chinese, disclosure.ApplicantKinds()...), Help: "律师代理公民申请的，选“自然人”。"},
		{Name: "name", Label: "姓名或名称", Kind: textLine, Required: true},
		{Name: "document", Label: "身份证号或统一社会信用代码", Kind: textLine, Required: true},
		{Name: "representative", Label: "法定代表人或联系人", Kind: textLine, Help: "法人和其他组织填写。"},
		{Name: "agent", Label: "代理人姓名", Kind: textLine, Help: "委托他人申请的，三项都要填。"},
		{Name: "agent_document", Label: "代理人身份证号", Kind: textLine},
		{Name: "authority", Label: "授权材料", Kind: textLine, Help: "例如：授权委托书，2026年3月1日。"},
		{Name: "phone", Label: "联系电话", Kind: textLine, Help: "电话、电子邮件、通信地址至少填一项。"},
		{Name: "email", Label: "电子邮件", Kind: textLine},
		{Name: "address", Label: "通信地址", Kind: textLine, Help: "以邮寄方式获取的必须填写。"},
		{Name: "description", Label: "所需信息的名称、文号或者其他特征性描述", Kind: textBlock, Required: true, Help: "照申请人的原话填写。不需要、也不能要求申请人说明用途。"},
		{Name: "medium", Label: "形式要求", Kind: pickOne, Required: true, Options: choices(disclosure.Medium.Chinese, disclosure.Media()...)},
		{Name: "delivery", Label: "获取方式", Kind: pickOne, Required: true, Options: choices(disclosure.Delivery.Chinese, disclosure.Deliveries()[:3]...)},
	}
	for i := range fields {
		fields[i].ID, fields[i].Value = "intake-"+fields[i].Name, typed(fields[i].Name)
	}
	return fields
}

func (c *Console) intake(v *visit) error {
	return c.showIntake(v, http.StatusOK, func(name string) string {
		if name == "announced_on" {
			return workday.Of(v.now).String()
		}
		return ""
	}, problem{})
}

func (c *Console) showIntake(v *visit, status int, typed func(string) string, p problem) error {
	return c.show(v, status, "intake", &intakePage{
		frame: frame{Title: "代为登记申请", Here: "/requests/new"}, Groups: intakeGroups(intakeFields(typed)), Problem: p,
	})
}

// matterOptions are the two matters; a required choice needs a value, and that of disclosure is empty.
var matterOptions = []option{
	{Value: "information", Label: disclosure.Information.Chinese()}, {Value: string(disclosure.OwnData), Label: disclosure.OwnData.Chinese()},
}

func typedMatter(v *visit) disclosure.Matter {
	if m := disclosure.Matter(v.form("matter")); m == disclosure.OwnData {
		return m
	}
	return disclosure.Information
}

func typedFiling(v *visit) (disclosure.Filing, error) {
	on, err := v.date("announced_on", "收到日期")
	if err == nil && on.After(workday.Of(v.now)) {
		err = fault.New(fault.Invalid, "收到日期不能晚于今天。")
	}
	return disclosure.Filing{
		Matter: typedMatter(v), Channel: disclosure.Channel(v.form("channel")), ApplicantKind: disclosure.ApplicantKind(v.form("applicant_kind")),
		Medium: disclosure.Medium(v.form("medium")), Delivery: disclosure.Delivery(v.form("delivery")), AnnouncedOn: on,
		Personal: disclosure.Personal{
			Name: v.form("name"), DocumentNumber: v.form("document"), Representative: v.form("representative"), Phone: v.form("phone"),
			Agent: v.form("agent"), AgentDocument: v.form("agent_document"), Authority: v.form("authority"),
			Email: v.form("email"), Address: v.form("address"), Description: v.form("description"),
		},
	}, err
}

func (c *Console) fileOnBehalf(v *visit) error {
	filing, err := typedFiling(v)
	if err == nil {
		var r disclosure.Request
		if r, err = c.cfg.Desk.Submit(v.ctx(), v.who, filing); err == nil {
			return c.redirect(v, "/requests/"+r.ID, "已登记，编号 "+r.ID+"。回执可以在“文书”里打印交给申请人。")
		}
	}
	p := c.explain(v, err)
	return c.showIntake(v, p.Status, v.form, p)
}
