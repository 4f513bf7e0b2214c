package disclosure

// Chinese returns the state's name as people see it.
func (s State) Chinese() string { return stateNames[s] }

var stateNames = map[State]string{
	Submitted: "待双方确认", Handling: "办理中", AwaitingSupplement: "待补正", Consulting: "征求意见中",
	AwaitingPayment: "待缴费", AwaitingSignoff: "待签发", AwaitingDelivery: "待送达", Closed: "已办结",
}

// States lists the states in the order of a request's way.
func States() []State {
	return []State{Submitted, Handling, AwaitingSupplement, Consulting, AwaitingPayment, AwaitingSignoff, AwaitingDelivery, Closed}
}

// Chinese returns the channel's name as people see it.
func (c Channel) Chinese() string { return channelNames[c] }

var channelNames = map[Channel]string{ByWeChat: "微信公众号", AtCounter: "当面提交", ByPost: "邮寄", ByPhone: "电话口述", ByEmail: "电子邮件"}

// Channels lists the channels in the order in which forms offer them.
func Channels() []Channel { return []Channel{AtCounter, ByPost, ByPhone, ByEmail, ByWeChat} }

// Chinese returns the kind's name, verbatim as the column of table 三.
func (k ApplicantKind) Chinese() string { return applicantKindNames[k] }

var applicantKindNames = map[ApplicantKind]string{
	NaturalPerson: "自然人", Company: "商业企业", ResearchInstitute: "科研机构", SocialOrganization: "社会公益组织",
	LegalService: "法律服务机构", OtherOrganization: "其他",
}

// Chinese returns the medium's name as people see it.
func (m Medium) Chinese() string { return mediumNames[m] }

var mediumNames = map[Medium]string{Paper: "纸质", Electronic: "电子文档", Inspection: "当面查阅、抄录"}

// Media lists the media in the order in which forms offer them.
func Media() []Medium { return []Medium{Paper, Electronic, Inspection} }

// Chinese returns the name of the way of delivery as people see it.
func (d Delivery) Chinese() string { return deliveryNames[d] }

var deliveryNames = map[Delivery]string{
	DeliverByWeChat: "微信", DeliverByPost: "邮寄（EMS）", DeliverByPickup: "当面领取", DeliverByEmail: "电子邮件",
}

// Deliveries lists the ways of delivery in the order in which forms offer them.
func Deliveries() []Delivery {
	return []Delivery{DeliverByPickup, DeliverByPost, DeliverByEmail, DeliverByWeChat}
}

// Chinese returns the matter's name as people see it.
func (m Matter) Chinese() string {
	if m == OwnData {
		return "更正与本人有关的政府信息的申请"
	}
	return "政府信息公开申请"
}
