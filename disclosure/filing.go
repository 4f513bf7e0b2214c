package disclosure

import (
	"regexp"
	"slices"
	"strings"

	"shoushan/fault"
)

var otherDocument = regexp.MustCompile(`^[A-Za-z0-9]{5,20}$`) // passports, travel permits, an officer's card

// Organization reports whether the applicant is a legal person or another organization.
func (f Filing) Organization() bool { return f.ApplicantKind != NaturalPerson }

// Validate returns an Invalid fault that says of each item of article 29 what is wrong, each with an example.
func (f Filing) Validate() error {
	problems := slices.Concat(f.choiceProblems(), f.identityProblems(), f.contactProblems())
	if blank(f.Personal.Description) {
		problems = append(problems, "请写明需要什么信息，例如：崇文镇2025年低保发放名册。")
	}
	if len(problems) > 0 {
		return fault.New(fault.Invalid, strings.Join(problems, ""))
	}
	return nil
}

func (f Filing) choiceProblems() []string {
	var out []string
	if f.Channel.Chinese() == "" {
		out = append(out, "请选择申请渠道，例如：当面提交。")
	}
	if f.ApplicantKind.Chinese() == "" {
		out = append(out, "请选择申请人类型，例如：自然人。")
	}
	if f.Medium.Chinese() == "" {
		out = append(out, "请选择信息的形式，例如：纸质。")
	}
	if f.Delivery.Chinese() == "" {
		out = append(out, "请选择获取方式，例如：邮寄。")
	}
	if (f.Channel == ByWeChat) != (f.OpenID != "") {
		out = append(out, "只有通过微信提交的申请才带有微信身份，微信提交的也必须带有。")
	}
	if f.Channel == ByWeChat && !f.AnnouncedOn.IsZero() {
		out = append(out, "微信提交的申请，收到日期由双方确认的时间决定，不能另填。")
	}
	return out
}

func (f Filing) identityProblems() []string {
	var out []string
	p := f.Personal
	if blank(p.Name) {
		out = append(out, "请填写姓名或者名称，例如：张三。")
	}
	switch {
	case f.Organization() && !ValidCreditCode(p.DocumentNumber):
		out = append(out, "统一社会信用代码不正确，应为 18 位，例如：91140524MA0K12345C。")
	case !f.Organization() && !f.validDocument():
		out = append(out, "身份证号不正确，应为 18 位，最后一位可以是 X，例如：14052419900101005X。")
	}
	if f.Organization() && blank(p.Representative) {
		out = append(out, "请填写法定代表人或者经办人的姓名，例如：李四。")
	}
	return append(out, p.agentProblems()...)
}

func (p Personal) agentProblems() []string {
	if p.Agent == "" && p.AgentDocument == "" && p.Authority == "" {
		return nil
	}
	var out []string
	if blank(p.Agent) {
		out = append(out, "请填写代理人的姓名，例如：李四。")
	}
	if !ValidIdentityNumber(p.AgentDocument) {
		out = append(out, "代理人的身份证号不正确，应为 18 位，例如：14052419900101005X。")
	}
	if blank(p.Authority) {
		out = append(out, "请写明授权材料，例如：授权委托书，2026年3月1日。")
	}
	return out
}

// validDocument accepts identity numbers everywhere, and at the desk also what staff have seen with their own eyes.
func (f Filing) validDocument() bool {
	number := f.Personal.DocumentNumber
	if f.Channel == ByWeChat || len(number) == 18 {
		return ValidIdentityNumber(number)
	}
	return otherDocument.MatchString(number)
}

func (f Filing) contactProblems() []string {
	var out []string
	p := f.Personal
	if p.Phone == "" && p.Email == "" && blank(p.Address) {
		out = append(out, "请至少填写一种联系方式，例如：手机号13800001234。")
	}
	if p.Phone != "" && !ValidPhone(p.Phone) {
		out = append(out, "电话号码不正确，例如：13800001234，或者带区号的0356-6202000。")
	}
	if p.Email != "" && !ValidEmail(p.Email) {
		out = append(out, "电子邮箱不正确，例如：zhangsan@example.com。")
	}
	return append(out, f.deliveryProblems()...)
}

func (f Filing) deliveryProblems() []string {
	switch {
	case f.Delivery == DeliverByPost && blank(f.Personal.Address):
		return []string{"选择邮寄的，请填写收件地址，例如：陵川县崇文镇古陵路1号。"}
	case f.Delivery == DeliverByEmail && f.Personal.Email == "":
		return []string{"选择电子邮件的，请填写电子邮箱，例如：zhangsan@example.com。"}
	case f.Delivery == DeliverByWeChat && f.Channel != ByWeChat:
		return []string{"只有通过微信提交的申请才能用微信答复，请选择邮寄、当面领取或者电子邮件。"}
	}
	return nil
}
