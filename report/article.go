package report

import (
	"fmt"
	"strings"

	"shoushan/posts"
)

// Article drafts the account's article about the published report: the picture, the figures in words, and where the report
// can be read. picture is the id of the picture's file, "" when there is none. It is a draft like any other: a person edits
// it and three review it.
func Article(a Annual, picture, link string) posts.Content {
	var b strings.Builder
	if picture != "" {
		fmt.Fprintf(&b, "![%d年政府信息公开工作年度报告图解](file:%s)\n\n", a.Year, picture)
	}
	fmt.Fprintf(&b, "%s发布%d年政府信息公开工作年度报告。主要情况如下：\n\n", a.Organ, a.Year)
	if t := a.Tally; t != nil {
		fmt.Fprintf(&b, "## 主动公开\n\n全年通过公众号发布原创信息%d条、转载信息%d条，通过门户网站发布信息%d条。\n\n", t.Account.Original, t.Account.Repost, t.Portal.Items)
	}
	b.WriteString(a.articleTables())
	fmt.Fprintf(&b, "以上数字均出自年度报告，统计期限为%d年1月1日至%d年12月31日。", a.Year, a.Year)
	if link != "" {
		fmt.Fprintf(&b, "报告全文见：%s", link)
	}
	b.WriteString("\n")
	return posts.Content{
		Title:    fmt.Sprintf("图解：%d年政府信息公开年度报告", a.Year),
		Digest:   fmt.Sprintf("%s%d年政府信息公开工作年度报告已经发布，一图看懂。", a.Organ, a.Year),
		Markdown: b.String(), Origin: posts.Original, Topic: "政府信息公开",
	}
}

// articleTables tells tables 三 and 四 in words.
func (a Annual) articleTables() string {
	var b strings.Builder
	if a.T3 != nil {
		total := func(row string) string { return a.T3.Rows[row][totalColumn].figure() }
		fmt.Fprintf(&b, "## 依申请公开\n\n上年结转%s件，本年新收%s件，办结%s件，结转下年度继续办理%s件。\n\n", total("carried_in"), total("new"), total("r7"), total("carried_out"))
		var groups []string
		for _, g := range outcomeGroups {
			if n := a.T3.total(g.prefix); !n.IsZero() {
				groups = append(groups, g.name+n.String()+"件")
			}
		}
		if len(groups) > 0 {
			fmt.Fprintf(&b, "办理结果：%s。\n\n", strings.Join(groups, "，"))
		}
	}
	if a.T4 != nil {
		fmt.Fprintf(&b, "## 行政复议和行政诉讼\n\n行政复议%s件，未经复议直接起诉%s件，复议后起诉%s件。\n\n", a.T4.Reconsideration.Total.figure(), a.T4.Direct.Total.figure(), a.T4.After.Total.figure())
	}
	return b.String()
}
