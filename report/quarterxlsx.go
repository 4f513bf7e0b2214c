package report

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"shoushan/posts"
	"shoushan/workday"
)

// WriteQuarterXLSX writes the quarterly self-inspection sheet as a workbook: the sheet itself, then the items that it
// counts. items are the posts of the quarter; those that are not counted are marked so. What people typed is text and
// never becomes a formula.
func WriteQuarterXLSX(w io.Writer, organ string, s posts.QuarterSheet, items []posts.Post, now time.Time) error {
	book := &workbook{file: excelize.NewFile()}
	book.fillRows("自查表", []float64{34, 18, 16, 16, 16}, quarterTable(organ, s, now))
	book.fillRows("稿件清单", []float64{18, 44, 12, 10, 22, 18, 14, 14, 46}, itemTable(items))
	book.do(book.file.DeleteSheet("Sheet1"))
	if book.err == nil {
		book.err = book.file.Write(w)
	}
	book.do(book.file.Close())
	if book.err != nil {
		return fmt.Errorf("report: write quarter sheet: %w", book.err)
	}
	return nil
}

// fillRows adds a sheet with rows; numbers stay numbers, and a string is stored as text.
func (b *workbook) fillRows(name string, widths []float64, rows [][]any) {
	b.sheet(name, widths, "portrait", 0)
	for i, row := range rows {
		for j, value := range row {
			b.do(b.file.SetCellValue(name, b.at(i, j), value))
		}
	}
}

func quarterTable(organ string, s posts.QuarterSheet, now time.Time) [][]any {
	rate := any("—")
	if s.Total() > 0 {
		rate = fmt.Sprintf("%.1f%%", s.OriginalRate())
	}
	table := [][]any{
		{fmt.Sprintf("%s政务新媒体季度自查表（%d 年第 %d 季度）", organ, s.Year, s.Quarter)},
		{"统计时段", s.From.Chinese() + "至" + s.To.Chinese()}, {"制表日期", workday.Of(now).Chinese()}, {},
		{"项目", "数量"},
		{"公众号发布", s.Total()}, {"其中：原创", len(s.Originals)}, {"其中：转载", len(s.Reposts)}, {"原创率", rate}, {"门户网站公开信息", len(s.Portal)},
		{"转载没有注明来源", len(s.WithoutSource)}, {"转载来源不在稿源名单", len(s.Unapproved)}, {"声明原创而平台判为转载", len(s.Differences)},
		{"发布后删除或封禁（不计数）", len(s.Removed)}, {},
		{"更新间隔（10 天及以上）", "起", "止", "天数", "是否超过 14 天"},
	}
	for _, g := range s.Gaps {
		table = append(table, []any{"", g.From.String(), g.To.String(), g.Days, map[bool]string{true: "超过", false: "没有"}[g.TooLong]})
	}
	table = append(table, []any{}, []any{"转载来源", "篇数", "稿源名单"})
	for _, t := range s.Sources {
		table = append(table, []any{t.Name, len(t.IDs()), map[bool]string{true: "在名单", false: "不在名单"}[t.Approved]})
	}
	table = append(table, []any{})
	for _, part := range []struct {
		title string
		list  []posts.Tally
	}{{"专题", s.Topics}, {"作者", s.Authors}} {
		table = append(table, []any{part.title, "原创", "转载", "门户网站", "合计"})
		for _, t := range part.list {
			table = append(table, []any{t.Name, len(t.Originals), len(t.Reposts), len(t.Portal), len(t.IDs())})
		}
		table = append(table, []any{})
	}
	return table
}

func itemTable(items []posts.Post) [][]any {
	table := [][]any{{"发布时间（北京）", "标题", "渠道", "类型", "来源", "专题", "责任编辑", "是否计数", "链接"}}
	for _, p := range items {
		source, counts := "", "计数"
		if p.Content.Source != nil {
			source = p.Content.Source.Name
		}
		if !p.Counts() {
			counts = "已删除，不计"
		}
		at := p.Publication.PublishedAt.In(workday.Beijing).Format("2006-01-02 15:04")
		table = append(table, []any{at, p.Content.Title, p.Channel.Chinese(), p.Content.Origin.Chinese(), source, TopicOf(p), p.Content.Editor, counts, strings.TrimSpace(p.Publication.URL)})
	}
	return table
}
