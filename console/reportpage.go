package console

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"shoushan/fault"
	"shoushan/report"
	"shoushan/workday"
)

type checkRow struct {
	Rule, Where, Sentence string
	Fails                 bool
}

type reportPage struct {
	frame
	Year    int
	Years   []int
	Due     string
	Running bool
	Checks  []checkRow
	Blocked bool
	Files   []figureLink
}

// reportWriters are the forms in which a report can be downloaded.
var reportWriters = map[string]struct {
	title, kind string
	write       func(io.Writer, report.Annual) error
}{
	"docx": {"下载 DOCX", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", report.WriteDOCX},
	"html": {"下载网页", "text/html; charset=utf-8", report.WriteHTML},
	"xlsx": {"下载 XLSX", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", report.WriteXLSX},
	"json": {"下载 JSON", "application/json; charset=utf-8", report.WriteJSON},
}

// draft makes the report of a year from the records as they are now.
func (c *Console) draft(v *visit, year int) (report.Annual, error) {
	records, err := c.records(v, year)
	if err != nil {
		return report.Annual{}, err
	}
	prose, err := c.cfg.Prose(v.ctx(), year)
	if err != nil {
		return report.Annual{}, err
	}
	return report.Draft(year, c.cfg.Organ, prose, records)
}

// reportYear is the year whose report is in hand: the one before until the end of March (条例第四十九条), then this one.
func (c *Console) reportYear(v *visit) string {
	today := workday.Of(v.now)
	if today.Month() <= time.March {
		return strconv.Itoa(today.Year() - 1)
	}
	return strconv.Itoa(today.Year())
}

func (c *Console) reportPage(v *visit) error {
	year, err := c.yearAsked(v, cmp.Or(v.ask("year"), c.reportYear(v)))
	if err != nil {
		return err
	}
	annual, err := c.draft(v, year)
	if err != nil {
		return err
	}
	violations := report.Check(annual, nil)
	p := &reportPage{
		frame: frame{Title: fmt.Sprintf("%d 年度报告", year), Here: "/report"}, Year: year, Years: c.years(v),
		Due: c.reportDue(year), Running: year == v.now.In(beijing).Year(), Blocked: report.Failed(violations),
	}
	p.Checks = checkRows(violations)
	for _, extension := range []string{"docx", "html", "xlsx", "json"} {
		if w, ok := reportWriters[extension]; ok {
			p.Files = append(p.Files, figureLink{ID: "report-" + extension, Title: w.title, Path: fmt.Sprintf("/report/%d/report.%s", year, extension)})
		}
	}
	return c.show(v, http.StatusOK, "report", p)
}

func checkRows(violations []report.Violation) []checkRow {
	var out []checkRow
	for _, x := range violations {
		out = append(out, checkRow{Rule: x.Rule, Where: x.Where, Sentence: x.Message, Fails: x.Severity == report.Fail})
	}
	return out
}

// reportDue is the day by which the report of a year must be out: the organ's own month and day in the year after.
func (c *Console) reportDue(year int) string {
	due, err := time.Parse("01-02", c.cfg.Organ.ReportDue)
	if err != nil {
		return ""
	}
	return workday.On(year+1, due.Month(), due.Day()).Chinese()
}

// previewPolicy is for documents that we render ourselves and show in a frame: inline styles, our own pictures, nothing
// that runs. Same-origin, so that pictures get the session and the editor can exchange the body.
const previewPolicy = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data: https://mmbiz.qpic.cn; base-uri 'none'; " +
	"form-action 'none'; frame-ancestors 'self'; sandbox allow-same-origin"

// showDocument answers with a page of its own for a frame.
func showDocument(v *visit, html []byte) error {
	v.w.Header().Set("Content-Security-Policy", previewPolicy)
	v.w.Header().Set("X-Frame-Options", "SAMEORIGIN")
	v.w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = v.w.Write(html)
	return nil
}

func (c *Console) reportPreview(v *visit) error {
	year, err := c.yearAsked(v, v.r.PathValue("year"))
	if err != nil {
		return err
	}
	annual, err := c.draft(v, year)
	if err != nil {
		return err
	}
	var buf bytes.Buffer
	if err := report.WriteHTML(&buf, annual); err != nil {
		return err
	}
	return showDocument(v, buf.Bytes())
}

func (c *Console) reportFile(v *visit) error {
	year, err := c.yearAsked(v, v.r.PathValue("year"))
	if err != nil {
		return err
	}
	extension, found := extensionOf(v.r.PathValue("file"))
	if !found {
		return fault.New(fault.NotFound, "没有这种格式的报告。")
	}
	annual, err := c.draft(v, year)
	if err != nil {
		return err
	}
	var buf bytes.Buffer
	if err := reportWriters[extension].write(&buf, annual); err != nil {
		return err
	}
	return download(v, reportName(c.cfg.Organ.Name, year, extension), reportWriters[extension].kind, buf.Bytes())
}

func extensionOf(name string) (string, bool) {
	for extension := range reportWriters {
		if name == "report."+extension {
			return extension, true
		}
	}
	return "", false
}

// download answers with a file to keep.
func download(v *visit, name, kind string, data []byte) error {
	v.w.Header().Set("Content-Type", kind)
	v.w.Header().Set("Content-Disposition", "attachment; filename*=UTF-8''"+url.PathEscape(name))
	v.w.Header().Set("Content-Security-Policy", "default-src 'none'; sandbox")
	_, _ = v.w.Write(data)
	return nil
}
