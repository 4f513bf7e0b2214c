package handlers

import (
	"cmp"
	"slices"

	"shoushan/disclosure"
)

// The keys of the steps, as they are kept in drafts.
const (
	stepConsent        = "consent"
	stepKind           = "kind"
	stepName           = "name"
	stepDocument       = "document"
	stepRepresentative = "representative"
	stepAgent          = "agent"
	stepAgentDocument  = "agent_document"
	stepAuthority      = "authority"
	stepPhone          = "phone"
	stepDescription    = "description"
	stepMedium         = "medium"
	stepDelivery       = "delivery"
	stepAddress        = "address"
	stepEmail          = "email"
	stepSummary        = "summary"
)

// applicationSteps are the items of article 29, one question each. There is no question about a purpose or reason.
func applicationSteps() []step {
	return slices.Concat([]step{consentStep()}, applicantSteps(), agentSteps(), []step{phoneStep()}, informationSteps(), []step{summaryStep()})
}

func consentStep() step {
	return step{
		key: stepConsent, label: unlisted,
		ask: func(f form, _ draft) string { return privacyNotice(f) },
		why: "填写申请需要您的个人信息，依法要先告诉您怎么使用，得到您的同意才能开始。",
		value: func(d draft) string {
			if d.ConsentAt.IsZero() {
				return ""
			}
			return "同意"
		},
	}
}

func summaryStep() step {
	return step{
		key: stepSummary, label: unlisted,
		ask: func(f form, d draft) string {
			next := cmp.Or(f.missing(d), "全部正确请回复“确认”，申请就正式提交给"+f.organ.Name+"。")
			return paragraphs("请核对，现在还没有提交：", f.listing(d), next+"\n要改某一项请回复“修改”加数字，例如：修改 3\n不申请了请回复“取消”。")
		},
		why:   "只有您回复“确认”，申请才算提交，答复期限才开始计算（条例第三十一条）。",
		value: func(draft) string { return "" },
	}
}

func applicantSteps() []step {
	return []step{
		{
			key: stepKind, label: always("申请人类别"), ask: askKind, accept: acceptKind,
			why:   "个人申请和单位申请要填的内容不一样，所以先问这一项。选哪一类都不影响怎么答复您。",
			value: func(d draft) string { return kindName(d.Filing.ApplicantKind) },
		},
		{
			key: stepName, label: nameLabel, ask: askName, accept: acceptName, free: true,
			why:   "条例第二十九条规定，申请要写明申请人的姓名或者名称。",
			value: func(d draft) string { return d.Filing.Personal.Name },
		},
		{
			key: stepDocument, label: documentLabel, ask: askDocument, accept: acceptDocument,
			why:   "条例第二十九条规定，申请要有身份证明。号码加密保存，只用于办理这件申请。",
			value: func(d draft) string { return d.Filing.Personal.Masked().DocumentNumber },
		},
		{
			key: stepRepresentative, label: always("法定代表人或经办人"), accept: acceptRepresentative, free: true, applies: organization,
			ask:   asking("请填写法定代表人或者经办人的姓名，办理中有事好找到人。"),
			why:   "单位申请要有具体的联系人，需要补正或者送达时才能找到您。",
			value: func(d draft) string { return d.Filing.Personal.Representative },
		},
	}
}

func phoneStep() step {
	return step{
		key: stepPhone, label: always("联系电话"), accept: acceptPhone,
		ask:   asking("请填写联系电话，手机或者座机都可以（座机请带区号）。"),
		why:   "条例第二十九条规定，申请要写明联系方式。微信过了 48 小时可能发不出消息，电话能保证找到您。",
		value: func(d draft) string { return d.Filing.Personal.Phone },
	}
}

func informationSteps() []step {
	return []step{
		{
			key: stepDescription, label: always("所需信息"), accept: acceptDescription, free: true,
			ask:   asking("您要什么信息？请写名称、文号，或者便于查找的其他特征，比如时间、地点、事项。写得越具体，找得越快。不需要说明用途和理由。\n例如：2025年崇文镇农村低保对象名单"),
			why:   "条例第二十九条规定，要写明信息的名称、文号或者便于查询的其他特征性描述；写不清楚的，我们还得请您补正。",
			value: func(d draft) string { return d.Filing.Personal.Description },
		},
		{
			key: stepMedium, label: always("信息形式"), accept: acceptMedium,
			ask: func(form, draft) string {
				return "希望得到哪种形式的信息？请回复数字：\n" + mediumChoices.list()
			},
			why:   "条例第二十九条规定，申请要写明对信息的形式要求，包括获取信息的方式、途径。",
			value: func(d draft) string { return mediumChoices.name(string(d.Filing.Medium)) },
		},
		{
			key: stepDelivery, label: always("获取方式"), accept: acceptDelivery,
			ask: func(_ form, d draft) string {
				return "怎样拿到答复和信息？请回复数字：\n" + deliveryChoices(d.Filing.Medium).list()
			},
			why:   "知道怎样送达，答复才能按时到您手里（条例第四十条）。",
			value: func(d draft) string { return deliveryChoices(d.Filing.Medium).name(string(d.Filing.Delivery)) },
		},
		{
			key: stepAddress, label: always("收件地址"), accept: acceptAddress, free: true, applies: delivered(disclosure.DeliverByPost),
			ask:   asking("请填写收件地址，写到门牌号，并写上邮政编码（不知道可以不写）。"),
			why:   "答复书通过邮政特快专递寄给您，地址不全会退回来。",
			value: func(d draft) string { return d.Filing.Personal.Address },
		},
		{
			key: stepEmail, label: always("电子邮箱"), accept: acceptEmail, applies: delivered(disclosure.DeliverByEmail),
			ask:   asking("请填写电子邮箱。"),
			why:   "答复会发到这个邮箱，写错了就收不到。",
			value: func(d draft) string { return d.Filing.Personal.Email },
		},
	}
}

func unlisted(draft) string { return "" }

func always(label string) func(draft) string { return func(draft) string { return label } }

func asking(text string) func(form, draft) string { return func(form, draft) string { return text } }

func organization(d draft) bool {
	return d.Filing.ApplicantKind != "" && d.Filing.ApplicantKind != disclosure.NaturalPerson
}

func delivered(by disclosure.Delivery) func(draft) bool {
	return func(d draft) bool { return d.Filing.Delivery == by }
}

func kindName(k disclosure.ApplicantKind) string { return kindChoices.name(string(k)) }

func askKind(form, draft) string {
	return "申请人是哪一类？请回复数字：\n" + kindChoices.list() + "\n替别人申请的（代办）请回复“代办”，按委托人选：律师替张三申请，申请人是张三，选 1。"
}

func nameLabel(d draft) string {
	if organization(d) {
		return "单位名称"
	}
	return "姓名"
}

func askName(_ form, d draft) string {
	if organization(d) {
		return "请填写单位全称，与营业执照或者登记证书一致。"
	}
	if d.Agent {
		return "请填写委托人（要信息的人）的姓名，与身份证一致。"
	}
	return "请填写申请人姓名，与身份证一致。"
}

func documentLabel(d draft) string {
	if organization(d) {
		return "统一社会信用代码"
	}
	return "身份证号"
}

func askDocument(f form, d draft) string {
	if organization(d) {
		return "请填写统一社会信用代码（18 位，在营业执照或者登记证书上）。"
	}
	whose, photo := "申请人", ""
	if d.Agent {
		whose = "委托人"
	}
	if f.photos {
		photo = "\n身份证照片愿意发的，可以直接发到这里，不发也行。"
	}
	return "请填写" + whose + "的居民身份证号（18 位）。号码加密保存，显示时遮盖。" + photo
}

// privacyNotice says what is collected, why, how long it is kept and who sees it (个人信息保护法第十七条、第三十五条).
func privacyNotice(f form) string {
	page := ""
	if f.privacy != "" {
		page = "全文：" + f.privacy
	}
	return paragraphs(
		"您要申请"+f.organ.Name+"的政府信息。开始之前请先看个人信息告知：",
		"· 依照《政府信息公开条例》第二十九条，需要姓名或名称、身份证明、联系方式和所需信息的描述，只用于办理这件申请。\n"+
			"· 全部加密保存，只有经办人员能看，不公开、不作他用。\n"+
			"· 没填完的草稿保留 7 天；取消申请或者取消关注，草稿立即删除。\n"+
			"· 您可以查询、更正自己的信息，电话："+f.organ.Phone,
		page,
		"同意并开始填写请回复“同意”；不同意请回复“不同意”，您可以改为当面或者邮寄申请。全程大约 3 分钟，一般不收费（只有申请特别多、特别频繁时才可能收，条例第四十二条），不用说明理由。",
	)
}
