package console

import (
	"bytes"
	"cmp"
	"fmt"
	"net/http"
	"strings"

	"shoushan/fault"
	"shoushan/report"
)

// mostMerged bounds how many reports one roll-up adds: a county has some twenty townships and forty departments.
const mostMerged = 100

// mergePage adds several organs' reports into one (汇总). Nothing is stored: the roll-up travels in the form with which it is
// downloaded.
type mergePage struct {
	frame
	Organ   string // whose roll-up it is
	Merged  string // the roll-up as JSON; "" before there is one
	Heading string
	Organs  []string
	Grids   []gridView
	Sums    []report.Sum
	Checks  []checkRow
	Files   []figureLink // Path is the ending
	Problem problem
}

func (c *Console) mergeForm(v *visit) error { return c.showMerge(v, http.StatusOK, &mergePage{}) }

func (c *Console) showMerge(v *visit, status int, p *mergePage) error {
	p.Title, p.Here = "汇总各机关年报", "/report/merge"
	return c.show(v, status, "merge", p)
}

func (c *Console) mergeUpload(v *visit) error {
	p, err := c.rollUp(v)
	if err != nil {
		why := c.explain(v, err)
		return c.showMerge(v, why.Status, &mergePage{Organ: v.form("organ"), Problem: why})
	}
	return c.showMerge(v, http.StatusOK, p)
}

// rollUp reads what was uploaded, refuses what would hide a mistake in a sum, and adds the rest.
func (c *Console) rollUp(v *visit) (*mergePage, error) {
	all, err := c.uploadedReports(v)
	if err != nil {
		return nil, err
	}
	organ := cmp.Or(v.form("organ"), fmt.Sprintf("各机关汇总（%d个）", len(all)))
	merged, _, err := report.Merge(organ, all)
	if err != nil {
		return nil, err
	}
	p := &mergePage{Organ: organ, Heading: merged.Title, Checks: checkRows(report.Check(merged, nil)), Sums: merged.Sums()}
	for _, a := range all {
		p.Organs = append(p.Organs, a.Organ)
	}
	grids, err := merged.Grids()
	if err != nil {
		return nil, err
	}
	for _, g := range grids {
		p.Grids = append(p.Grids, plainGrid(g))
	}
	for _, f := range c.cfg.Press.Formats {
		p.Files = append(p.Files, figureLink{ID: "merge-" + f.Extension, Title: fileKinds[f.Extension].title, Path: f.Extension})
	}
	var out bytes.Buffer
	err = report.WriteJSON(&out, merged)
	p.Merged = out.String()
	return p, err
}

// uploadedReports reads every file of the form, each with the rules of its own tables.
func (c *Console) uploadedReports(v *visit) ([]report.Annual, error) {
	if v.r.MultipartForm == nil || len(v.r.MultipartForm.File["report"]) == 0 {
		return nil, fault.New(fault.Invalid, "请选择要汇总的报告，可以一次选几个：网页（.html）、Word 文档（.docx）或者 JSON。")
	}
	headers := v.r.MultipartForm.File["report"]
	if len(headers) > mostMerged {
		return nil, fault.Newf(fault.Invalid, "一次最多汇总 %d 份报告。", mostMerged)
	}
	var all []report.Annual
	for _, header := range headers {
		data, err := uploadedBytes(header)
		if err != nil {
			return nil, err
		}
		a, err := c.readReport(v, header.Filename, data)
		if err != nil {
			return nil, fault.Wrap(fault.Invalid, err, header.Filename+"："+fault.Message(err))
		}
		if err := report.Addable(header.Filename, a); err != nil {
			return nil, err
		}
		all = append(all, a)
	}
	return all, nil
}

// mergedFile writes the roll-up that the page has just shown in one of the forms.
func (c *Console) mergedFile(v *visit) error {
	merged, err := report.ReadJSON(strings.NewReader(v.form("merged")))
	if err != nil {
		why := c.explain(v, fault.Wrap(fault.Invalid, err, "没有收到汇总的内容，请重新选择文件汇总。"))
		return c.showMerge(v, why.Status, &mergePage{Problem: why})
	}
	extension := v.form("as")
	for _, f := range c.cfg.Press.Formats {
		if f.Extension != extension {
			continue
		}
		data, err := c.written(v, f, merged)
		if err != nil {
			return err
		}
		return download(v, reportName(merged.Organ, merged.Year, extension), fileKinds[extension].kind, data)
	}
	return fault.New(fault.NotFound, "没有这种格式的报告。")
}

// plainGrid is an official table whose figures open nothing.
func plainGrid(g report.Grid) gridView {
	return gridOf(g, func(report.GridCell) string { return "" })
}
