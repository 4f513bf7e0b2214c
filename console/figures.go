package console

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"shoushan/fault"
	"shoushan/report"
	"shoushan/staff"
	"shoushan/workday"
)

// firstYear is the earliest year that the console offers; the archive of the town begins with it.
const firstYear = 2021

// figureLink is one number with the list that it counts.
type figureLink struct {
	ID, Title, Path string
	Count           int
}

type monthRow struct {
	Month int
	Cells []figureLink
}

// bar is one month of the chart, drawn from bottom to top: original, repost, portal.
type bar struct {
	Month, X, Middle, Top, Total int
	Original, Repost, Portal     segment
}

type segment struct{ Y, Height int }

type figuresPage struct {
	frame
	Year    int
	Years   []int
	Through string
	Totals  []figureLink
	Columns []string
	Months  []monthRow
	Bars    []bar
	Topics  []figureLink
}

// yearAsked returns the year in the address: this year when none is given.
func (c *Console) yearAsked(v *visit, text string) (int, error) {
	now := v.now.In(beijing).Year()
	if text == "" {
		return now, nil
	}
	year, err := strconv.Atoi(text)
	if err != nil || year < 2000 || year > now {
		return 0, fault.New(fault.NotFound, "没有这个年度的记录。")
	}
	return year, nil
}

func (c *Console) years(v *visit) []int {
	var out []int
	for y := v.now.In(beijing).Year(); y >= firstYear; y-- {
		out = append(out, y)
	}
	return out
}

// tally counts a year, from indexes where there are any.
func (c *Console) tally(v *visit, year int) (report.Tally, error) {
	counted, err := c.cfg.Press.Count(v.ctx(), year)
	return report.TallyOf(year, counted.Figures), err
}

func (c *Console) figures(v *visit) error {
	year, err := c.yearAsked(v, v.ask("year"))
	if err != nil {
		return err
	}
	t, err := c.tally(v, year)
	if err != nil {
		return err
	}
	p := &figuresPage{
		frame: frame{Title: fmt.Sprintf("%d 年统计数字", year), Here: "/figures"}, Year: year, Years: c.years(v),
		Columns: []string{"公众号原创", "公众号转载", "门户网站", "新收申请"}, Bars: barsOf(t.ByMonth), Totals: totalsOf(t, v.who),
	}
	if year == v.now.In(beijing).Year() {
		p.Through = workday.Of(v.now).Chinese()
	}
	for _, m := range t.ByMonth {
		p.Months = append(p.Months, monthRowOf(year, m, v.who))
	}
	for _, topic := range slices.Sorted(maps.Keys(t.ByTopic)) {
		p.Topics = append(p.Topics, figureLink{Title: topic, Count: t.ByTopic[topic], Path: figurePath(year, "topic."+topic, v.who)})
	}
	slices.SortStableFunc(p.Topics, func(a, b figureLink) int { return b.Count - a.Count })
	return c.show(v, http.StatusOK, "figures", p)
}

// figurePath is the address of the list that a figure counts, or "" when the member may not read that list.
func figurePath(year int, figure string, who staff.Member) string {
	if !mayList(figure, who) {
		return ""
	}
	return fmt.Sprintf("/figures/%d/%s", year, url.PathEscape(figure))
}

// mayList reports whether the member may open the list behind a figure: everybody those of posts, the desk and the signer
// those of requests and registers.
func mayList(figure string, who staff.Member) bool {
	return !countsRequests(figure) || (route{rights: registering}).allows(who)
}

func totalsOf(t report.Tally, who staff.Member) []figureLink {
	total := func(id, title, figure string, n int) figureLink {
		return figureLink{ID: "figure-" + id, Title: title, Count: n, Path: figurePath(t.Year, figure, who)}
	}
	return []figureLink{
		total("account-original", "公众号原创", "account.original", t.Account.Original),
		total("account-repost", "公众号转载", "account.repost", t.Account.Repost),
		total("portal-items", "门户网站信息", "portal.items", t.Portal.Items),
		total("requests-new", "新收公开申请", "requests.new", t.Requests.New),
		total("requests-carried-in", "上年结转申请", "requests.carried_in", t.Requests.CarriedIn),
		total("requests-closed", "办结申请", "requests.closed", t.Requests.Closed),
		total("requests-carried-out", "尚未办结", "requests.carried_out", t.Requests.CarriedOut),
	}
}

func monthRowOf(year int, m report.MonthTally, who staff.Member) monthRow {
	cell := func(title, figure string, n int) figureLink {
		return figureLink{Title: title, Count: n, Path: figurePath(year, fmt.Sprintf("month.%d.%s", m.Month, figure), who)}
	}
	return monthRow{Month: m.Month, Cells: []figureLink{
		cell("公众号原创", "account.original", m.Original), cell("公众号转载", "account.repost", m.Repost),
		cell("门户网站", "portal.items", m.Portal), cell("新收申请", "requests", m.Requests),
	}}
}

// The chart is 720 × 190: bars stand on y = 166 and reach at most 140 up.
const (
	chartFloor  = 166
	chartHeight = 140
)

func barsOf(months []report.MonthTally) []bar {
	peak := 0
	for _, m := range months {
		peak = max(peak, m.Original+m.Repost+m.Portal)
	}
	var out []bar
	for i, m := range months {
		b := bar{Month: m.Month, X: i*60 + 14, Middle: i*60 + 30, Total: m.Original + m.Repost + m.Portal}
		floor := chartFloor
		stack := func(n int) segment {
			s := segment{Height: scale(n, peak, chartHeight)}
			floor -= s.Height
			s.Y = floor
			return s
		}
		b.Original, b.Repost, b.Portal = stack(m.Original), stack(m.Repost), stack(m.Portal)
		b.Top = floor - 5
		out = append(out, b)
	}
	return out
}

// scale returns part of length in proportion to part of whole.
func scale(part, whole, length int) int {
	if whole == 0 {
		return 0
	}
	return part * length / whole
}
