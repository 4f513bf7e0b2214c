package handlers

import (
	"fmt"
	"slices"
	"strings"

	"shoushan/disclosure"
)

// choice is one numbered answer.
type choice struct {
	value string
	name  string
	note  string   // shown behind the name
	words []string // other ways to say it
}

type choices []choice

// list numbers the choices, one line each.
func (cs choices) list() string {
	var out []string
	for i, c := range cs {
		out = append(out, fmt.Sprintf("%d %s%s", i+1, c.name, c.note))
	}
	return strings.Join(out, "\n")
}

// name returns the name of the value, or "" when it is not among the choices.
func (cs choices) name(value string) string {
	for _, c := range cs {
		if c.value == value {
			return c.name
		}
	}
	return ""
}

// pick returns the value that a number, a name or another word for it chooses, or "".
func (cs choices) pick(text string) string {
	w := strings.TrimPrefix(strings.TrimSuffix(word(text), "项"), "第")
	if n, ok := chineseDigs[w]; ok {
		w = fmt.Sprint(n)
	}
	for i, c := range cs {
		if w == fmt.Sprint(i+1) || w == c.name || w == fmt.Sprint(i+1)+c.name || slices.Contains(c.words, w) {
			return c.value
		}
	}
	return ""
}

var kindChoices = choices{
	{string(disclosure.NaturalPerson), "自然人", "（公民个人）", []string{"个人", "公民", "公民个人", "自己", "本人"}},
	{string(disclosure.Company), "商业企业", "（公司、个体工商户等）", []string{"公司", "企业", "个体户", "个体工商户"}},
	{string(disclosure.ResearchInstitute), "科研机构", "（研究院所、高校等）", []string{"研究所", "研究院", "大学", "高校"}},
	{string(disclosure.SocialOrganization), "社会公益组织", "（慈善组织、基金会等）", []string{"公益组织", "基金会", "慈善组织"}},
	{string(disclosure.LegalService), "法律服务机构", "（律师事务所、公证处等，以机构自己的名义）", []string{"律所", "律师事务所", "公证处"}},
	{string(disclosure.OtherOrganization), "其他组织", "（村委会、合作社、协会等）", []string{"其他", "村委会", "合作社", "协会"}},
}

var mediumChoices = choices{
	{string(disclosure.Paper), "纸质", "", []string{"纸", "纸质版", "纸质件", "复印件"}},
	{string(disclosure.Electronic), "电子文档", "", []string{"电子", "电子版", "电子件"}},
	{string(disclosure.Inspection), "当面查阅、抄录", "", []string{"查阅", "抄录", "当面查阅", "当面"}},
}

var (
	byWeChat = choice{string(disclosure.DeliverByWeChat), "在微信里查收", "", []string{"微信", "微信查收"}}
	byEmail  = choice{string(disclosure.DeliverByEmail), "电子邮件", "", []string{"邮箱", "邮件", "email"}}
	byPost   = choice{string(disclosure.DeliverByPost), "邮寄", "（邮政特快专递）", []string{"快递", "寄", "ems", "邮政"}}
	byPickup = choice{string(disclosure.DeliverByPickup), "到窗口领取", "", []string{"自取", "自己取", "领取", "窗口", "当面领取"}}
)

// deliveryChoices returns the ways of delivery that go with a medium (条例第四十条).
func deliveryChoices(m disclosure.Medium) choices {
	switch m {
	case disclosure.Paper:
		return choices{byPost, byPickup}
	case disclosure.Electronic:
		return choices{byWeChat, byEmail, byPickup}
	default:
		return choices{byPickup}
	}
}
