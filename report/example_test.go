package report_test

import (
	"fmt"

	"shoushan/disclosure"
	"shoushan/posts"
	"shoushan/report"
)

func ExampleCheck() {
	page := `{"schema":"xxgk-annual-report/1","organ":"某区人民政府","year":2023,
	  "t4":{"reconsideration":{"upheld":10,"corrected":1,"other":0,"pending":0,"total":0}}}`
	annual, err := report.Read("2023.json", []byte(page))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, v := range report.Check(annual, nil) {
		fmt.Println(v.Rule, v.Severity, v.Message)
	}
	// Output:
	// T4-SUM FAIL 表四“行政复议”：维持 10、纠正 1、其他 0、尚未审结 0 相加等于 11 件，而总计填的是 0 件。
}

func ExampleDraft() {
	prose := report.DefaultProse(2025)
	prose.Proactive = []string{"公众号发布原创信息{{account.original}}条。"}
	records := report.Records{Posts: []posts.Post{post("p1", posts.Account, posts.Original, "2025-06-01T02:00:00Z")}}
	annual, err := report.Draft(2025, disclosure.Organ{Name: "陵川县崇文镇人民政府"}, prose, records)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(annual.Title)
	fmt.Println(annual.Sections[0].Parts[0].Paragraphs[0])
	// Output:
	// 陵川县崇文镇人民政府2025年政府信息公开工作年度报告
	// 公众号发布原创信息1条。
}
