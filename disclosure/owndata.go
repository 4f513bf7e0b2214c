package disclosure

// The outcomes of a request to correct information about oneself (条例第四十一条). They are no rows of table 三.
const (
	DataCorrected    Outcome = "c1" // 予以更正
	DataNotCorrected Outcome = "c2" // 不予更正
	DataElsewhere    Outcome = "c3" // 不属于本机关职能, 转送或者告知
)

// How a request is passed on that another organ can grant (Decision.How).
const (
	Transferred = "transferred" // 转送有权更正的行政机关处理并告知申请人
	Told        = "told"        // 告知申请人向有权更正的行政机关提出
)

var dataOutcomes = []OutcomeInfo{
	{Outcome: DataCorrected, Label: "予以更正", Articles: "第四十一条", Template: "reply_correction", Matter: OwnData, Remedy: Ordinary, Fields: []Field{
		{Key: "content", Label: "更正的内容", Required: true, Help: "写清改了哪里，例如：家庭人口由3人更正为4人。"},
	}},
	{Outcome: DataNotCorrected, Label: "不予更正", Articles: "第四十一条", Template: "reply_correction", Matter: OwnData, Remedy: Ordinary, Fields: []Field{groundField}},
	{Outcome: DataElsewhere, Label: "不属于本机关职能，转送或者告知", Articles: "第四十一条", Template: "reply_correction", Matter: OwnData, Remedy: Ordinary, Fields: []Field{
		{Key: "right_organ", Label: "有权更正的机关", Required: true, Help: "写清名称和联系方式，例如：陵川县民政局，0356-1234567。"},
		{Key: "how", Label: "怎样处理", Help: "已经转送的选“已转送”，否则告知申请人自己去提出。", Choices: []Choice{{Transferred, "已转送有权更正的机关"}, {Told, "告知申请人向有权更正的机关提出"}}},
	}},
}

// DataOutcomes lists how a request to correct information about oneself can end (条例第四十一条).
func DataOutcomes() []OutcomeInfo { return append([]OutcomeInfo(nil), dataOutcomes...) }

func correction(d Decision) []string {
	switch d.Outcome {
	case DataCorrected:
		return []string{"您要求更正的政府信息记录经核实不准确，本机关已予以更正。更正的内容：" + sentence(d.Content)}
	case DataElsewhere:
		next := "请您向该机关提出更正申请。"
		if d.How == Transferred {
			next = "本机关已将您的申请转送该机关处理。"
		}
		return []string{"您要求更正的政府信息不属于本机关职能范围，有权更正的机关为：" + sentence(d.RightOrgan) + next}
	default:
		return because("您要求更正的政府信息记录经核实，本机关决定不予更正。", d.Ground)
	}
}
