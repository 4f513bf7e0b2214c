package console

import (
	"encoding/base64"
	"net/http"

	"shoushan/fault"
	"shoushan/report"
)

// maxRegisterFile bounds a register file that comes through the browser, in bytes; larger ones go through the command.
const maxRegisterFile = 2 << 20

type importRow struct {
	Sheet, Outcome, Colour, Text string
	Line                         int
}

// importPage takes a register file: choose it, see what it would do, then store it. Between the two steps the file travels in
// the form, so that nothing is kept of a file that nobody stored.
type importPage struct {
	frame
	Headings []string
	Kinds    []string
	Name     string
	Data     string // base64
	Summary  string
	Rows     []importRow
	Bad      int
	Fresh    int
	Problem  problem
}

func (c *Console) showImport(v *visit, status int, p *importPage) error {
	p.Title, p.Here = "导入台账", "/registers"
	p.Headings, p.Kinds = report.RegisterHeadings(), c.kindsHere()
	return c.show(v, status, "registerimport", p)
}

func (c *Console) importForm(v *visit) error { return c.showImport(v, http.StatusOK, &importPage{}) }

// importTemplate is an empty register to fill in.
func (c *Console) importTemplate(v *visit) error {
	return headingsFile(v, "台账模板.csv", report.RegisterHeadings())
}

func (c *Console) importPreview(v *visit) error {
	name, data, err := importedFile(v)
	var plan report.Import
	if err == nil {
		plan, err = c.previewFile(v, name, data)
	}
	if err != nil {
		p := c.explain(v, err)
		return c.showImport(v, p.Status, &importPage{Problem: p})
	}
	return c.showImport(v, http.StatusOK, planned(name, data, plan))
}

func (c *Console) previewFile(v *visit, name string, data []byte) (report.Import, error) {
	release, err := c.openingTurn(v)
	if err != nil {
		return report.Import{}, err
	}
	defer release()
	return c.cfg.Clerk.PreviewFile(v.ctx(), name, data)
}

// planned lays out what a file would do, bad lines first.
func planned(name string, data []byte, plan report.Import) *importPage {
	p := &importPage{Name: name, Data: base64.StdEncoding.EncodeToString(data), Summary: plan.Summary(), Bad: plan.Count(report.ImportRefused)}
	p.Fresh = plan.Count(report.ImportNew) + plan.Count(report.ImportChanged)
	colours := map[report.ImportKind]string{report.ImportNew: "green", report.ImportChanged: "amber", report.ImportRefused: "red"}
	for _, bad := range []bool{true, false} {
		for _, l := range plan.Lines {
			if (l.Kind == report.ImportRefused) != bad {
				continue
			}
			row := importRow{Sheet: l.Sheet, Line: l.Line, Outcome: l.Kind.Chinese(), Colour: colours[l.Kind], Text: l.Problem}
			if row.Text == "" {
				row.Text = l.Entry.String()
			}
			p.Rows = append(p.Rows, row)
		}
	}
	return p
}

func (c *Console) importStore(v *visit) error {
	name := v.form("name")
	data, err := base64.StdEncoding.DecodeString(v.form("data"))
	if err != nil || len(data) == 0 {
		p := c.explain(v, fault.New(fault.Invalid, "没有收到文件的内容，请重新选择文件。"))
		return c.showImport(v, p.Status, &importPage{Problem: p})
	}
	done, err := c.cfg.Clerk.ImportFile(v.ctx(), v.who, name, data)
	if err == nil {
		return c.redirect(v, "/registers", "已导入："+done.Summary()+"。")
	}
	page := &importPage{}
	if len(done.Lines) > 0 {
		page = planned(name, data, done)
	}
	page.Problem = c.explain(v, err)
	return c.showImport(v, page.Problem.Status, page)
}
