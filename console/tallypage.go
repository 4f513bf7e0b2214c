package console

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"shoushan/fault"
	"shoushan/posts"
)

// tallyRoutes are the pages that count what was published.
func tallyRoutes(c *Console) []route {
	return []route{
		{pattern: "GET /tallies", menu: place{figuresAndReport, "发稿统计"}, rights: newsroom, serve: c.tallies},
		{pattern: "GET /tallies/list", rights: newsroom, serve: c.tallyList},
		{pattern: "GET /tallies/quarter", menu: place{figuresAndReport, "季度自查表"}, rights: newsroom, serve: c.quarter},
		{pattern: "GET /tallies/quarter.xlsx", rights: newsroom, serve: c.quarterWorkbook},
	}
}

// part is the piece of a year that is counted: all of it, a quarter (q1 to q4) or a month (m1 to m12).
type part struct {
	Year int
	Key  string
	Span posts.Span
}

func partOf(year int, key string) (part, error) {
	p := part{Year: year, Key: key, Span: posts.YearSpan(year)}
	if key == "" || key == "year" {
		p.Key = "year"
		return p, nil
	}
	n, err := strconv.Atoi(key[1:])
	switch {
	case err == nil && key[0] == 'q' && n >= 1 && n <= 4:
		p.Span = posts.QuarterSpan(year, n)
	case err == nil && key[0] == 'm' && n >= 1 && n <= 12:
		p.Span = posts.MonthSpan(year, time.Month(n))
	default:
		return p, fault.New(fault.NotFound, "没有这个统计时段。")
	}
	return p, nil
}

// Title names the part: 2026年, 2026年第3季度, 2026年8月.
func (p part) Title() string {
	switch p.Key[0] {
	case 'q':
		return fmt.Sprintf("%d 年第 %s 季度", p.Year, p.Key[1:])
	case 'm':
		return fmt.Sprintf("%d 年 %s 月", p.Year, p.Key[1:])
	}
	return fmt.Sprintf("%d 年", p.Year)
}

func parts() []option {
	list := []option{{"year", "全年"}}
	for q := range 4 {
		list = append(list, option{fmt.Sprintf("q%d", q+1), fmt.Sprintf("第 %d 季度", q+1)})
	}
	for m := range 12 {
		list = append(list, option{fmt.Sprintf("m%d", m+1), fmt.Sprintf("%d 月", m+1)})
	}
	return list
}

// link is one number of the part's sheet with the address of its list.
func (p part) link(id, title string, n posts.Number, count int) figureLink {
	q := url.Values{"year": {strconv.Itoa(p.Year)}, "part": {p.Key}}
	for key, value := range map[string]string{"of": n.Of, "name": n.Name, "kind": n.Kind} {
		if value != "" {
			q.Set(key, value)
		}
	}
	return figureLink{ID: id, Title: title, Count: count, Path: "/tallies/list?" + q.Encode()}
}

// tallyRow is one line of a table: original, repost, portal, all.
type tallyRow struct {
	Name  string
	Path  string // of what the line stands for; "" when it has no page
	Cells []figureLink
	Note  string
}

func (p part) row(of string, t posts.Tally) tallyRow {
	cell := func(kind, title string, n int) figureLink {
		return p.link("", title, posts.Number{Of: of, Name: t.Name, Kind: kind}, n)
	}
	return tallyRow{Name: t.Name, Cells: []figureLink{
		cell("original", "原创", len(t.Originals)), cell("repost", "转载", len(t.Reposts)), cell("portal", "门户网站", len(t.Portal)), cell("", "合计", len(t.IDs())),
	}}
}

func (p part) rows(of string, list []posts.Tally) (rows []tallyRow) {
	for _, t := range list {
		rows = append(rows, p.row(of, t))
	}
	return rows
}

type talliesPage struct {
	frame
	Part                    part
	Years                   []int
	Parts                   []option
	Through                 string
	Rate                    string
	Totals                  []figureLink
	Months, Quarters        []tallyRow
	Topics, Authors, Origin []tallyRow
	Removed                 figureLink
	Total                   int
}

// sheetAsked counts the part that the address asks for: the running year when it asks for none.
func (c *Console) sheetAsked(v *visit) (part, posts.Sheet, error) {
	year, err := c.yearAsked(v, v.ask("year"))
	if err != nil {
		return part{}, posts.Sheet{}, err
	}
	p, err := partOf(year, v.ask("part"))
	if err != nil {
		return p, posts.Sheet{}, err
	}
	s, err := c.cfg.Newsroom.Count(v.ctx(), p.Span)
	return p, s, err
}

func (c *Console) tallies(v *visit) error {
	asked, s, err := c.sheetAsked(v)
	if err != nil {
		return err
	}
	p := &talliesPage{
		frame: frame{Title: asked.Title() + "发稿统计", Here: "/tallies"}, Part: asked, Years: c.years(v), Parts: parts(), Rate: rate(s), Total: s.Total(),
		Totals: []figureLink{
			asked.link("tally-original", "公众号原创", posts.Number{Kind: "original"}, len(s.Originals)),
			asked.link("tally-repost", "公众号转载", posts.Number{Kind: "repost"}, len(s.Reposts)),
			asked.link("tally-portal", "门户网站", posts.Number{Kind: "portal"}, len(s.Portal)),
		},
		Removed: asked.link("tally-removed", "已删除或封禁", posts.Number{Kind: "removed"}, len(s.Removed)),
		Topics:  asked.rows("topic", s.Topics), Authors: asked.rows("author", s.Authors), Origin: asked.sourceRows(s.Sources),
	}
	if s.To != asked.Span.To {
		p.Through = s.To.Chinese()
	}
	if asked.Key[0] != 'm' {
		p.Months = asked.monthRows(s.Months)
	}
	if asked.Key == "year" {
		p.Quarters = quarterRows(asked.Year, s.Months)
	}
	return c.show(v, http.StatusOK, "tallies", p)
}

func rate(s posts.Sheet) string {
	if s.Total() == 0 {
		return "—"
	}
	return strconv.FormatFloat(s.OriginalRate(), 'f', 1, 64) + "%"
}

func (p part) monthRows(months []posts.Tally) []tallyRow {
	rows := p.rows("month", months)
	for i := range rows {
		month := monthNumber(rows[i].Name)
		rows[i].Name = fmt.Sprintf("%d 月", month)
		rows[i].Path = fmt.Sprintf("/tallies?year=%d&part=m%d", p.Year, month)
	}
	return rows
}

func monthNumber(name string) int {
	_, month, _ := strings.Cut(name, "-")
	n, _ := strconv.Atoi(month) // made by posts, always a number
	return n
}

// quarterRows adds the months up; the list of a quarter is that of the quarter's own sheet.
func quarterRows(year int, months []posts.Tally) (rows []tallyRow) {
	for q := 1; q <= 4; q++ {
		var sum posts.Tally
		for _, m := range months {
			if (monthNumber(m.Name)+2)/3 == q {
				sum.Originals, sum.Reposts, sum.Portal = append(sum.Originals, m.Originals...), append(sum.Reposts, m.Reposts...), append(sum.Portal, m.Portal...)
			}
		}
		asked := part{Year: year, Key: fmt.Sprintf("q%d", q)}
		row := asked.row("", sum)
		row.Name, row.Path = fmt.Sprintf("第 %d 季度", q), fmt.Sprintf("/tallies/quarter?year=%d&quarter=%d", year, q)
		rows = append(rows, row)
	}
	return rows
}

func (p part) sourceRows(sources []posts.Tally) (rows []tallyRow) {
	for _, t := range sources {
		row := tallyRow{Name: t.Name, Cells: []figureLink{p.link("", "转载", posts.Number{Of: "source", Name: t.Name}, len(t.IDs()))}, Note: "不在稿源名单"}
		if t.Approved {
			row.Note = "在稿源名单"
		}
		rows = append(rows, row)
	}
	return rows
}

type tallyListPage struct {
	frame
	Back, BackTitle string
	Count           int
	Posts           []postRow
	Paging          paging
	Note            string
}

// tallyList is the list of items that a number counts, and nothing else.
func (c *Console) tallyList(v *visit) error {
	asked, s, err := c.sheetAsked(v)
	if err != nil {
		return err
	}
	number := posts.Number{Of: v.ask("of"), Name: v.ask("name"), Kind: v.ask("kind")}
	ids, ok := s.List(number)
	if !ok && len(s.Months) > 0 {
		return fault.New(fault.NotFound, "没有这个统计数字。")
	}
	p := &tallyListPage{
		frame: frame{Title: asked.Title() + numberTitle(number), Here: "/tallies"}, Count: len(ids), BackTitle: asked.Title() + "发稿统计",
		Back: fmt.Sprintf("/tallies?year=%d&part=%s", asked.Year, asked.Key),
	}
	if number.Kind == "removed" {
		p.Note = "这些稿件发布后被删除或封禁，不计入发稿数。"
	}
	ids, p.Paging = cut(ids, v.r.URL)
	p.Posts, err = c.rowsOf(v, ids)
	if err != nil {
		return err
	}
	return c.show(v, http.StatusOK, "tallylist", p)
}

// rowsOf loads the posts of one page of a list.
func (c *Console) rowsOf(v *visit, ids []string) ([]postRow, error) {
	var list []posts.Post
	for _, id := range ids {
		p, err := c.cfg.Posts.Post(v.ctx(), id)
		if err != nil {
			return nil, err
		}
		list = append(list, p)
	}
	return c.postRows(v, list)
}

var kindTitles = map[string]string{
	"": "全部稿件", "original": "公众号原创", "repost": "公众号转载", "portal": "门户网站", "removed": "已删除或封禁", "without_source": "未注明来源的转载",
	"unapproved": "来源不在稿源名单的转载", "differences": "声明与平台判定不一致",
}

func numberTitle(n posts.Number) string {
	title := kindTitles[n.Kind]
	switch n.Of {
	case "month":
		return fmt.Sprintf(" %d 月：%s", monthNumber(n.Name), title)
	case "":
		return "：" + title
	}
	return "“" + n.Name + "”：" + title
}
