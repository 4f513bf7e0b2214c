package report

import (
	"regexp"
	"strings"

	"shoushan/disclosure"
	"shoushan/fault"
	"shoushan/workday"
)

// Prose is the text of a year's report, written by people. Numbers in it are bound: {{account.original}} stands for the
// figure at the moment of drafting, so that a changed record changes the sentence. After the name a form may follow:
//
//	{{portal.items|approx}}                                    80余
//	{{requests.new|none:未收到过申请|some:共收到申请#件}}      a phrase for 0, and one for more, with # for the number
//
// {{year}}, {{organ.name}}, {{organ.short}} and {{organ.account}} are bound too.
type Prose struct {
	Year       int      `json:"year"`
	Preface    []string `json:"preface,omitempty"`  // empty: the usual one, from the organ's profile
	Overview   []string `json:"overview,omitempty"` // 一, before its five parts
	Proactive  []string `json:"proactive"`          // （一）主动公开
	OnRequest  []string `json:"on_request"`         // （二）依申请公开
	Management []string `json:"management"`         // （三）政府信息管理
	Platforms  []string `json:"platforms"`          // （四）政府信息公开平台建设
	Safeguards []string `json:"safeguards"`         // （五）监督保障
	// The three results that 条例第五十条第一款第（四）项 asks of governments of every level; none must be said, not omitted.
	Appraisal      string       `json:"appraisal"`      // 工作考核
	SocialReview   string       `json:"social_review"`  // 社会评议
	Accountability string       `json:"accountability"` // 责任追究结果
	Problems       []string     `json:"problems"`       // 五
	Others         []string     `json:"others"`         // 六, after the fee
	SignedOn       workday.Date `json:"signed_on,omitzero"`
}

// openMark begins what a draft leaves for a person to write; Check does not let it through.
const openMark = "（请填写："

func open(what string) string { return openMark + what + "）" }

// DefaultProse is the text a year begins with when nobody has written one: figures told in the usual words, and a clear
// gap wherever a person has to write.
func DefaultProse(year int) Prose {
	return Prose{
		Year: year,
		Overview: []string{
			"{{year}}年，{{organ.name}}认真贯彻落实《中华人民共和国政府信息公开条例》，扎实推进政府信息公开各项工作。",
		},
		Proactive: []string{"全年通过政府信息公开门户网站发布信息{{portal.items}}条；“{{organ.account}}”微信公众号发布原创信息" +
			"{{account.original}}条，转载信息{{account.repost}}条。"},
		OnRequest: []string{"{{requests.new|none:全年未收到政府信息公开申请|some:全年新收政府信息公开申请#件}}" +
			"，{{requests.carried_in|none:没有上年结转的申请|some:上年结转#件}}。" +
			"{{requests.closed|none:本年没有需要办结的申请|some:全年办结#件}}，{{requests.carried_out|none:没有结转下年度的申请|some:结转下年度继续办理#件}}。"},
		Management:     []string{open("制度建设、信息审核、规范性文件管理等情况")},
		Platforms:      []string{open("政府信息公开专栏、公众号等平台建设情况")},
		Safeguards:     []string{open("组织领导、人员和培训情况")},
		Appraisal:      open("工作考核情况；没有的写明“无”"),
		SocialReview:   open("社会评议情况；没有的写明“无”"),
		Accountability: open("责任追究结果；没有的写明“无”"),
		Problems:       []string{open("存在的主要问题"), open("改进情况和下一步措施")},
		Others:         []string{"除上述事项外，没有其他需要报告的事项。"},
	}
}

// values are what names in prose stand for.
type values struct {
	text    map[string]string
	numbers map[string]Number
}

func newValues(year int, organ disclosure.Organ, counts map[string]int, charged Number, fee Fee) values {
	v := values{numbers: map[string]Number{}, text: map[string]string{
		"year": Int(year).String(), "last_year": Int(year - 1).String(), "next_year": Int(year + 1).String(),
		"organ.name": organ.Name, "organ.short": organ.ShortName, "organ.account": organ.AccountName,
	}}
	for _, name := range FigureNames() {
		v.numbers[name] = Int(counts[name])
	}
	for name, n := range counts {
		v.numbers[name] = Int(n)
	}
	v.numbers["t2.行政事业性收费"] = charged
	v.numbers["fee.cases"], v.numbers["fee.yuan"] = *fee.Cases, *fee.Yuan
	return v
}

var bindingPattern = regexp.MustCompile(`\{\{([^{}]*)\}\}`)

// resolve puts values in place of the names in a text. An unknown name, an unknown form or an unclosed brace is an Invalid
// fault that quotes it.
func (v values) resolve(text string) (string, error) {
	var failure error
	out := bindingPattern.ReplaceAllStringFunc(text, func(binding string) string {
		value, err := v.value(binding[2 : len(binding)-2])
		if err != nil && failure == nil {
			failure = err
		}
		return value
	})
	if failure == nil && (strings.Contains(out, "{{") || strings.Contains(out, "}}")) {
		failure = fault.Newf(fault.Invalid, "这段文字里的“{{”和“}}”不成对：%s", text)
	}
	return out, failure
}

func (v values) value(binding string) (string, error) {
	name, forms, formed := strings.Cut(binding, "|")
	name = strings.TrimSpace(name)
	if text, ok := v.text[name]; ok && !formed {
		return text, nil
	}
	n, ok := v.numbers[name]
	if !ok && !strings.HasPrefix(name, "topic.") {
		return "", fault.Newf(fault.Invalid, "文字里的“{{%s}}”不是可以引用的数字，请从列表中选择，例如 {{account.original}}。", binding)
	}
	if !formed {
		return n.String(), nil
	}
	return formNumber(n, binding, strings.Split(forms, "|"))
}

// formNumber applies the forms after a name: approx, none:…, some:….
func formNumber(n Number, binding string, forms []string) (string, error) {
	text := n.String()
	for _, form := range forms {
		kind, phrase, _ := strings.Cut(form, ":")
		switch strings.TrimSpace(kind) {
		case "approx":
			text = approx(n)
		case "none":
			if n.IsZero() {
				text = phrase
			}
		case "some":
			if !n.IsZero() {
				text = strings.ReplaceAll(phrase, "#", n.String())
			}
		default:
			return "", fault.Newf(fault.Invalid, "文字里的“{{%s}}”用了不认识的写法“%s”，可用 approx、none:、some:。", binding, form)
		}
	}
	return text, nil
}

// approx says a number as official prose rounds it: 85 is 80余, 505 is 500余, 1234 is 1200余; what is round or below ten
// stays exact.
func approx(n Number) string {
	if !n.Whole() || n.units < 10 {
		return n.String()
	}
	unit := int64(10)
	for unit*10 <= n.units && unit < 100 || n.units/unit >= 100 {
		unit *= 10
	}
	rounded := n.units / unit * unit
	text := Number{units: rounded}.String()
	if rounded != n.units {
		text += "余"
	}
	return text
}

var typedNumber = regexp.MustCompile(`[0-9]+余?(?:条|件|篇|份|次|宗|起)`)

// Unbound returns the numbers that a text types by hand where a bound figure should stand: “127条”.
func Unbound(text string) []string {
	return typedNumber.FindAllString(bindingPattern.ReplaceAllString(text, ""), -1)
}
