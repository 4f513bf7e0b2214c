package handlers

import (
	"bytes"
	"context"
	"fmt"
	"html/template"
	"net/http"
	"strconv"

	"shoushan/bot"
	"shoushan/disclosure"
	"shoushan/fault"
)

// Reports are the published annual reports (条例第四十九条、第五十条). A draft is none.
type Reports interface {
	// Years lists the years whose report is published, newest first.
	Years(ctx context.Context) ([]int, error)
	// HTML returns the published report of a year as a page that stands alone, or a NotFound fault.
	HTML(ctx context.Context, year int) ([]byte, error)
}

type reportsPage struct {
	page
	Problem string
	Years   []int
}

// reports tells where the annual reports stand: on the page here when there is one to read, else on the website.
func (c *Citizen) reports(ctx context.Context) (bot.Reply, error) {
	if c.Reports == nil || c.PublicURL == "" {
		return say(reportText(c.organ())), nil
	}
	years, err := c.Reports.Years(ctx)
	if err != nil || len(years) == 0 {
		return say(reportText(c.organ())), err
	}
	text := fmt.Sprintf("%s%d年政府信息公开工作年度报告：%s/%d", c.organ().Name, years[0], c.page(ReportsPath), years[0])
	if len(years) > 1 {
		text += "\n历年的报告：" + c.page(ReportsPath)
	}
	return say(text), nil
}

// reportText tells where the annual reports stand when they are not here.
func reportText(o disclosure.Organ) string {
	if o.Website == "" {
		return "年度报告在县政府网站的政府信息公开栏目公布。需要帮助请打电话：" + o.Phone
	}
	return o.Name + "的政府信息公开工作年度报告在这里公布：" + o.Website
}

// reports lists the published reports.
func (p pages) reports(w http.ResponseWriter, r *http.Request) {
	shown := reportsPage{page: p.titled("政府信息公开工作年度报告")}
	status := http.StatusOK
	var err error
	if shown.Years, err = p.citizen.Reports.Years(r.Context()); err != nil {
		shown.Problem, status = p.problem(r, err), statusOf(err)
	}
	p.write(w, status, "reports", shown)
}

// report shows one report as it was published.
func (p pages) report(w http.ResponseWriter, r *http.Request) {
	year, err := strconv.Atoi(r.PathValue("year"))
	if err != nil {
		err = fault.Wrap(fault.NotFound, err, "没有这一年的年度报告。")
	}
	var html []byte
	if err == nil {
		html, err = p.citizen.Reports.HTML(r.Context(), year)
	}
	if err != nil {
		p.write(w, statusOf(err), "reports", reportsPage{page: p.titled("政府信息公开工作年度报告"), Problem: p.problem(r, err)})
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", reportPolicy)
	_, _ = w.Write(bannered(html, p.citizen.Banner))
}

// reportPolicy lets a report, which brings styles of its own, do nothing else.
const reportPolicy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; base-uri 'none'; frame-ancestors 'none'; sandbox"

// bannered puts the banner, if any, on top of a page that stands alone; what is kept of the page stays as it is.
func bannered(html []byte, banner string) []byte {
	const body = "<body>"
	at := bytes.Index(html, []byte(body))
	if banner == "" || at < 0 {
		return html
	}
	at += len(body)
	note := `<p role="note" style="margin:0;padding:8px 20px;text-indent:0;background:#fff3cd;color:#5c4300">` + template.HTMLEscapeString(banner) + "</p>"
	return append(append(append([]byte{}, html[:at]...), note...), html[at:]...)
}
