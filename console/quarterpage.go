package console

import (
	"bytes"
	"fmt"
	"net/http"
	"strconv"

	"shoushan/fault"
	"shoushan/posts"
	"shoushan/report"
	"shoushan/workday"
)

// sheetLine is one line of the self-inspection sheet.
type sheetLine struct {
	Title, Value string
	Link         string // of the list that the number counts
	Trouble      bool
}

type quarterPage struct {
	frame
	Maker         string // the organ whose sheet it is
	Year, Quarter int
	Years         []int
	Quarters      []option
	Sheet         posts.QuarterSheet
	Range         string
	Lines         []sheetLine
	Sources       []tallyRow
	Topics        []tallyRow
	Gaps          []posts.Gap
	Made          string
}

// quarterAsked counts the quarter of the address; the running one when it names none.
func (c *Console) quarterAsked(v *visit) (posts.QuarterSheet, error) {
	year, err := c.yearAsked(v, v.ask("year"))
	if err != nil {
		return posts.QuarterSheet{}, err
	}
	quarter := (int(workday.Of(v.now).Month()) + 2) / 3
	if text := v.ask("quarter"); text != "" {
		if quarter, err = strconv.Atoi(text); err != nil {
			return posts.QuarterSheet{}, fault.Wrap(fault.NotFound, err, "没有这个季度。")
		}
	}
	return c.cfg.Newsroom.Quarter(v.ctx(), year, quarter)
}

func (c *Console) quarter(v *visit) error {
	s, err := c.quarterAsked(v)
	if err != nil {
		return err
	}
	asked := part{Year: s.Year, Key: fmt.Sprintf("q%d", s.Quarter)}
	p := &quarterPage{
		frame: frame{Title: fmt.Sprintf("%d 年第 %d 季度自查表", s.Year, s.Quarter), Here: "/tallies/quarter"}, Maker: c.cfg.Organ.Name,
		Year: s.Year, Quarter: s.Quarter, Years: c.years(v), Quarters: quarters(), Sheet: s, Lines: sheetLines(asked, s),
		Sources: asked.sourceRows(s.Sources), Topics: asked.rows("topic", s.Topics), Gaps: s.Gaps, Made: workday.Of(v.now).Chinese(),
		Range: s.From.Chinese() + "至" + s.To.Chinese(),
	}
	if s.To.Before(s.From) {
		p.Range = "这个季度还没有开始"
	}
	return c.show(v, http.StatusOK, "quarter", p)
}

func quarters() (list []option) {
	for q := range 4 {
		list = append(list, option{strconv.Itoa(q + 1), fmt.Sprintf("第 %d 季度", q+1)})
	}
	return list
}

// sheetLines are the numbers of the sheet, each with its list.
func sheetLines(asked part, s posts.QuarterSheet) []sheetLine {
	counted := func(title, kind string, ids []string, trouble bool) sheetLine {
		return sheetLine{title, fmt.Sprintf("%d 篇", len(ids)), asked.link("", title, posts.Number{Kind: kind}, 0).Path, trouble && len(ids) > 0}
	}
	tooLong := 0
	for _, g := range s.Gaps {
		if g.TooLong {
			tooLong++
		}
	}
	return []sheetLine{
		{Title: "公众号发布", Value: fmt.Sprintf("%d 篇", s.Total())},
		counted("其中：原创", "original", s.Originals, false), counted("其中：转载", "repost", s.Reposts, false),
		{Title: "原创率", Value: rate(s.Sheet)},
		counted("门户网站公开信息", "portal", s.Portal, false),
		{Title: fmt.Sprintf("超过 %d 天没有更新", posts.GapLimit), Value: fmt.Sprintf("%d 次", tooLong), Trouble: tooLong > 0},
		counted("转载没有注明来源", "without_source", s.WithoutSource, true), counted("转载来源不在稿源名单", "unapproved", s.Unapproved, true),
		counted("声明原创而平台判为转载", "differences", s.Differences, true), counted("发布后删除或封禁（不计数）", "removed", s.Removed, false),
	}
}

// quarterWorkbook is the sheet as XLSX, with the items behind its numbers on a second sheet.
func (c *Console) quarterWorkbook(v *visit) error {
	s, err := c.quarterAsked(v)
	if err != nil {
		return err
	}
	items, err := c.cfg.Posts.Posts(v.ctx(), posts.Query{Published: s.Span})
	if err != nil {
		return err
	}
	var out bytes.Buffer
	if err := report.WriteQuarterXLSX(&out, c.cfg.Organ.Name, s, items, v.now); err != nil {
		return err
	}
	return download(v, fmt.Sprintf("%d年第%d季度自查表.xlsx", s.Year, s.Quarter), workbookType, out.Bytes())
}
