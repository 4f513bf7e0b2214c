package handlers

import (
	"slices"
	"strings"

	"shoushan/disclosure"
)

// door is a place that a citizen is looking for when it is not this one.
type door struct {
	words []string // any of these in the text
	place string   // where to go, in whole sentences
}

// emergencies are answered at once, whatever the citizen was doing.
var emergencies = []door{
	{[]string{"不想活", "自杀", "轻生", "活不下去", "想死", "结束生命"},
		"您现在的感受很重要，请马上和人说说话：全国统一心理援助热线 12356（免费）；有生命危险请拨 120 或 110。"},
	{[]string{"着火", "起火了", "失火", "煤气泄漏", "燃气泄漏"}, "火灾、被困：请立即拨打 119。"},
	{[]string{"煤气中毒", "昏迷", "心脏病发", "大出血", "快不行了", "喝了农药", "触电了", "叫救护车"}, "急病、受伤：请立即拨打 120。"},
	{[]string{"救命", "报警", "打人了", "杀人", "被打了", "家暴", "被抢", "抢劫", "被绑架", "拐走", "出人命"},
		"遇到危险或者违法侵害：请立即拨打 110；有人受伤同时拨打 120。"},
}

// doors are the right places for what a request for information cannot do (条例第三十九条第一款).
var doors = []door{
	{[]string{"贪污", "受贿", "行贿", "违纪", "吃拿卡要", "以权谋私", "作风问题"}, "举报党员、干部违纪违法：拨打 12388，或到县纪委监委。"},
	{[]string{"假货", "过期食品", "价格欺诈", "消费纠纷", "缺斤少两"}, "消费投诉、食品药品和价格举报：拨打 12315。"},
	{[]string{"欠薪", "拖欠工资", "讨薪", "不发工资"}, "拖欠工资：拨打 12333，或到劳动保障监察机构。"},
	{[]string{"信访", "上访"}, "信访：国家信访局网上信访平台，或到县信访局。"},
	{[]string{"举报", "投诉", "告状", "申诉", "控告", "检举", "反映问题", "反映一下", "讨个说法", "没人管", "维权"},
		"投诉、举报、求助：拨打 12345 政务服务便民热线（24小时），或当面、来电向我们反映。"},
}

// find returns the place of the first door that the text knocks at, or "".
func find(list []door, text string) string {
	w := strings.ReplaceAll(text, " ", "")
	for _, d := range list {
		if slices.ContainsFunc(d.words, func(s string) bool { return strings.Contains(w, s) }) {
			return d.place
		}
	}
	return ""
}

// faq is a question that citizens ask in the middle of something else.
type faq struct {
	words  []string
	answer string
}

var faqs = []faq{
	{[]string{"收费", "要钱", "花钱", "多少钱", "费用", "免费"}, "申请政府信息公开一般不收费。只有数量、频次明显超过合理范围时才可能收取信息处理费（条例第四十二条），收之前会书面通知您。"},
	{[]string{"多久", "几天", "多长时间", "什么时候答复", "多少天"}, "一般在收到申请之日起 20 个工作日内答复；需要延长的最多再延 20 个工作日，并会告诉您（条例第三十三条）。"},
	{[]string{"为什么要身份证", "为啥要身份证", "为什么要填身份证", "要身份证干", "身份证干什么", "身份证干嘛"}, "条例第二十九条规定，申请应当写明姓名或者名称、身份证明、联系方式。身份证号加密保存，只用于办理这件申请。"},
	{[]string{"匿名", "不写姓名", "不留姓名"}, "条例第二十九条要求写明申请人的姓名或者名称，所以不能匿名申请。您的个人信息加密保存，不会公开。"},
	{[]string{"谁能看", "泄露", "安全吗", "隐私"}, "您的个人信息加密保存，只有经办工作人员因办理需要才能查看，每次查看都有记录。"},
	{[]string{"要写理由", "要理由", "要说明用途", "写用途"}, "不需要。申请时不用说明用途和理由。"},
	{[]string{"代办", "替别人", "帮别人", "委托", "律师"}, "可以代办：开始申请以后回复“代办”，先填委托人（律师替张三申请，申请人是张三），再填您自己和授权委托书。"},
}

// answerTo returns the answer to a frequent question, or "". A long text is a description, not a question.
func answerTo(text string) string {
	if len([]rune(text)) > 20 || !question.MatchString(text) {
		return ""
	}
	w := word(text)
	for _, f := range faqs {
		if slices.ContainsFunc(f.words, func(s string) bool { return strings.Contains(w, s) }) {
			return f.answer
		}
	}
	return ""
}

// counter says where people are: the phone and the counter, open to whoever cannot or will not type.
func counter(o disclosure.Organ) string {
	return lines(labelled("电话", o.Phone), labelled("地址", o.Address), labelled("办公时间", o.Hours))
}

// basicChannels names the two channels that may never be refused (国办公开办函〔2017〕19号).
func basicChannels(o disclosure.Organ) string {
	return lines(
		"【当面】"+o.Address+"（"+o.Hours+"）",
		"【邮寄】"+o.Address+" "+o.Name+" 收，邮编 "+o.PostCode+"，信封注明“政府信息公开申请”",
	)
}

// labelled returns “label：value”, or "" when there is no value.
func labelled(label, value string) string {
	if value == "" {
		return ""
	}
	return label + "：" + value
}

// lines joins what there is to say, one line each, leaving out what is empty.
func lines(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), "\n")
}

// paragraphs joins what there is to say with an empty line in between.
func paragraphs(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), "\n\n")
}
