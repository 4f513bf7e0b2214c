package console

import (
	"fmt"
	"strings"

	"shoushan/report"
)

// figureTitles are the names of the figures that the console shows.
var figureTitles = map[string]string{
	"account.original": "公众号原创", "account.repost": "公众号转载", "account.total": "公众号发布", "portal.items": "门户网站信息",
	"requests.new": "本年新收申请", "requests.carried_in": "上年结转申请", "requests.closed": "本年办结申请",
	"requests.carried_out": "结转下年度继续办理的申请", "requests": "新收申请",
}

// countsRequests reports whether a figure counts requests or entries of registers, and not posts.
func countsRequests(figure string) bool {
	return strings.HasPrefix(figure, "requests.") || strings.HasPrefix(figure, "t2.") || strings.HasPrefix(figure, "t3.") || strings.HasPrefix(figure, "t4.") ||
		strings.HasPrefix(figure, "fee.") || strings.HasPrefix(figure, "month.") && strings.HasSuffix(figure, ".requests")
}

// figureTitle names a figure: month.3.account.repost is “3 月 · 公众号转载”.
func figureTitle(figure string) string {
	if topic, ok := strings.CutPrefix(figure, "topic."); ok {
		return "专题：" + topic
	}
	if rest, ok := strings.CutPrefix(figure, "month."); ok {
		month, name, _ := strings.Cut(rest, ".")
		return month + " 月 · " + figureTitles[name]
	}
	if title, ok := figureTitles[figure]; ok {
		return title
	}
	return report.FigureLabel(figure)
}

// reportName is the file name of a year's report: 崇文镇2026年政府信息公开工作年度报告.docx.
func reportName(organ string, year int, extension string) string {
	return fmt.Sprintf("%s%d年政府信息公开工作年度报告.%s", organ, year, extension)
}
