package posts

var (
	originNames  = map[Origin]string{Original: "原创", Repost: "转载"}
	channelNames = map[Channel]string{Account: "微信公众号", Portal: "政府门户网站"}
	methodNames  = map[Method]string{FreePublish: "发布（不推送）", MassSend: "群发（推送给关注者）", Elsewhere: "在其他渠道发布"}
	kindNames    = map[Kind]string{News: "图文", PictureMessage: "图片消息"}
	roundNames   = map[Round]string{First: "初审", Second: "复审", Final: "终审"}
	stepNames    = map[string]string{
		StepLook: "查对是否已发布", StepImages: "上传图片", StepCover: "上传封面", StepDraft: "存入草稿箱", StepSubmit: "提交发布", StepMass: "提交群发",
		StepPoll: "查询发布结果", StepSettle: "核对结果",
	}
)

// Chinese returns 原创 or 转载.
func (o Origin) Chinese() string { return originNames[o] }

// Chinese returns the channel's name as people see it.
func (c Channel) Chinese() string { return channelNames[c] }

// Chinese returns the method's name as people see it.
func (m Method) Chinese() string { return methodNames[m] }

// Chinese returns the kind's name as people see it.
func (k Kind) Chinese() string { return kindNames[k] }

// Chinese returns 初审, 复审 or 终审.
func (r Round) Chinese() string { return roundNames[r] }

// Chinese returns the step's name as people see it.
func (s Step) Chinese() string { return stepNames[s.Name] }
