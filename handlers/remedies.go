package handlers

import (
	"cmp"

	"shoushan/disclosure"
)

// remedies tells whom to turn to: complaint (条例第五十一条), review first when information is refused, review or court
// otherwise (行政复议法第二十条、第二十三条，行政诉讼法第四十五条、第四十六条).
func remedies(o disclosure.Organ) []string {
	return []string{
		"认为我们没有依法公开政府信息的，可以向" + supervisor(o) + "投诉、举报（条例第五十一条）。",
		"收到不予公开的答复（依据条例第十四条、第十五条、第十六条，包括其中一部分不予公开）不服的，应当先自收到答复之日起 60 日内向" + reviewer(o) +
			"申请行政复议（行政复议法第二十三条）；对行政复议决定不服的，可以自收到复议决定书之日起 15 日内向" + court(o) + "提起行政诉讼。",
		"对其他答复不服的，可以自收到答复之日起 60 日内向" + reviewer(o) + "申请行政复议，也可以自收到答复之日起 6 个月内直接向" + court(o) +
			"提起行政诉讼。您的这一件适用哪一种，答复书上写明。",
		"超过期限没有答复的，" + noReply(o),
	}
}

// noReply names the remedy against a missing answer. Review is open in any case. Whether court is open without it is
// unsettled: 行政复议法第二十三条第一款第三项 demands review first for a duty not performed, 法释〔2025〕8号第二条 names both.
func noReply(o disclosure.Organ) string {
	return "可以向" + reviewer(o) + "申请行政复议。是否可以不经复议直接起诉，现有规定不一致，起诉前请先咨询" + court(o) + "，或者拨打 12348 公共法律服务热线。"
}

func supervisor(o disclosure.Organ) string {
	return cmp.Or(o.SupervisingOffice, "上一级行政机关或者政府信息公开工作主管部门")
}

func reviewer(o disclosure.Organ) string { return cmp.Or(o.ReviewingOrgan, "行政复议机关") }

func court(o disclosure.Organ) string { return cmp.Or(o.Court, "有管辖权的人民法院") }
