package console

import (
	"fmt"
	"strconv"

	"shoushan/fault"
	"shoushan/posts"
	"shoushan/workday"
)

// To whom a mass send goes, as the form says it.
const (
	toAll = "all"
	toTag = "tag"
)

// massPicker asks first to whom: what the form asks next depends on it, and nobody pushes to everybody by default.
func massPicker(v *visit, _ posts.Post) *picker {
	return &picker{Name: "to", Label: "推送给谁", Value: v.choice("to"), Groups: []optionGroup{{Title: "关注者", Options: []option{
		{toAll, "全部关注者"}, {toTag, "有某个标签的关注者"},
	}}}}
}

// massNote tells the quota before anybody spends it.
func massNote(c *Console, v *visit, _ posts.Post) (string, error) {
	m, err := c.cfg.Newsroom.MassMeter(v.ctx(), workday.Of(v.now))
	if err != nil {
		return "", err
	}
	note := "会推送到关注者的手机上，发出后不能撤回；推送给一个标签的也占一次。"
	if v.choice("to") == toTag {
		note += "只推送给一个标签的，不进入公众号的历史消息列表。"
	}
	note += fmt.Sprintf("今天已用 %d 次，每天 %d 次", len(m.Sent)+m.Outside, m.PerDay)
	if len(m.Planned) > 0 {
		note += fmt.Sprintf("，另有 %d 次安排在今天", len(m.Planned))
	}
	if m.PerMonth > 0 {
		note += fmt.Sprintf("；本月已用 %d 次，每月 %d 次", m.MonthSent, m.PerMonth)
	}
	return note + "。公众号开了群发保护的，管理员要在 30 分钟内在手机上确认。", nil
}

func massFields(c *Console, v *visit, _ posts.Post) ([]field, error) {
	sure := "我确认推送给全部关注者"
	var fields []field
	if v.choice("to") == toTag {
		sure = "我确认推送给有这个标签的关注者"
		fields = append(fields, c.tagField(v))
	}
	return append(fields,
		field{Name: "at", Label: "群发时间（北京时间）", Kind: timeField, Help: "不填就是现在。"},
		field{Name: "ignore_reprint", Label: "平台判为转载时仍然发出", Kind: checkBox, Help: "不勾选时，平台判为转载就不发，由您再决定。"},
		field{Name: "sure", Label: sure, Kind: checkBox, Required: true},
	), nil
}

// tagField offers the tags as the platform has them now, or says why there are none.
func (c *Console) tagField(v *visit) field {
	f := field{Name: "tag", Label: "标签", Kind: pickOne, Required: true, Options: []option{{"", "请选择"}}}
	tags, err := c.cfg.Newsroom.FollowerTags(v.ctx(), v.who)
	switch {
	case err != nil:
		f.Help = "公众号上的标签现在读不到：" + fault.Message(err)
	case len(tags) == 0:
		f.Help = "公众号还没有标签。请先在微信公众平台的“用户管理”里给关注者打标签。"
	default:
		f.Help = "人数是微信统计的，可能稍有出入。"
	}
	for _, t := range tags {
		f.Options = append(f.Options, option{strconv.Itoa(t.ID), fmt.Sprintf("%s（%d 人）", t.Name, t.Followers)})
	}
	return f
}

// massChoice reads to whom a mass send goes and how; what is left open is refused, never taken for everybody.
func massChoice(v *visit) (posts.MassChoice, error) {
	choice := posts.MassChoice{IgnoreReprint: v.form("ignore_reprint") != ""}
	switch v.form("to") {
	case toAll:
	case toTag:
		id, err := strconv.Atoi(v.form("tag"))
		if err != nil || id <= 0 {
			return choice, fault.New(fault.Invalid, "请选择推送给哪个标签的关注者。")
		}
		choice.TagID = id
	default:
		return choice, fault.New(fault.Invalid, "请先选择推送给谁：全部关注者，还是有某个标签的关注者。")
	}
	if v.form("sure") == "" {
		return choice, fault.New(fault.Invalid, "请勾选确认，群发会推送到关注者的手机上，不能撤回。")
	}
	return choice, nil
}

func massSend(c *Console, v *visit, p posts.Post) (string, error) {
	choice, err := massChoice(v)
	if err != nil {
		return "", err
	}
	if v.form("at") == "" {
		p, err = c.cfg.Newsroom.SendNow(v.ctx(), v.who, p.ID, posts.MassSend, choice)
		return "正在群发给" + p.Mass.Audience() + "，稍后刷新本页看结果。", err
	}
	at, err := v.instant("at", "群发时间")
	if err != nil {
		return "", err
	}
	p, err = c.cfg.Newsroom.ScheduleMass(v.ctx(), v.who, p.ID, at, choice)
	return "已定于 " + clockText(at, "2006-01-02 15:04") + "（北京时间）群发给" + p.Mass.Audience() + "。", err
}
