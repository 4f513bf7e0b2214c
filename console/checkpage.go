package console

import (
	"fmt"
	"io"
	"mime/multipart"
	"net/http"

	"shoushan/fault"
	"shoushan/report"
)

type checkRow struct {
	Rule, Where, Sentence string
	Fails                 bool
}

func checkRows(violations []report.Violation) []checkRow {
	var out []checkRow
	for _, x := range violations {
		out = append(out, checkRow{Rule: x.Rule, Where: x.Where, Sentence: x.Message, Fails: x.Severity == report.Fail})
	}
	return out
}

// checkPage checks any organ's report by upload: the county office looks at its townships' with it. Nothing is stored.
type checkPage struct {
	frame
	File    string
	Organ   string
	Year    int
	Checks  []checkRow
	Blocked bool
	Problem problem
}

func (c *Console) checkForm(v *visit) error { return c.showCheck(v, http.StatusOK, &checkPage{}) }

func (c *Console) showCheck(v *visit, status int, p *checkPage) error {
	p.Title, p.Here = "检查年度报告", "/report/check"
	return c.show(v, status, "check", p)
}

func (c *Console) checkUpload(v *visit) error {
	name, data, err := uploadedFile(v, "report")
	if err != nil {
		p := c.explain(v, err)
		return c.showCheck(v, p.Status, &checkPage{Problem: p})
	}
	annual, err := c.readReport(v, name, data)
	if err != nil {
		p := c.explain(v, err)
		return c.showCheck(v, p.Status, &checkPage{File: name, Problem: p})
	}
	var previous *report.Annual
	if lastName, last, err := uploadedFile(v, "previous"); err == nil {
		before, err := c.readReport(v, lastName, last)
		if err != nil {
			p := c.explain(v, err)
			return c.showCheck(v, p.Status, &checkPage{File: lastName, Problem: p})
		}
		previous = &before
	}
	violations := report.Check(annual, previous)
	return c.showCheck(v, http.StatusOK, &checkPage{
		File: name, Organ: annual.Organ, Year: annual.Year, Checks: checkRows(violations), Blocked: report.Failed(violations),
	})
}

// readReport reads an uploaded report, a few at a time.
func (c *Console) readReport(v *visit, name string, data []byte) (report.Annual, error) {
	release, err := c.openingTurn(v)
	if err != nil {
		return report.Annual{}, err
	}
	defer release()
	return report.Read(name, data)
}

// uploadedFile reads one uploaded file.
func uploadedFile(v *visit, field string) (name string, data []byte, err error) {
	_, header, err := v.r.FormFile(field)
	if err != nil {
		return "", nil, fault.Wrap(fault.Invalid, err, "请选择要检查的文件：网页（.html）、Word 文档（.docx）或者 JSON。")
	}
	data, err = uploadedBytes(header)
	return header.Filename, data, err
}

func uploadedBytes(header *multipart.FileHeader) ([]byte, error) {
	f, err := header.Open()
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, fmt.Errorf("console: open upload: %w", err), "文件没有传完，请重试。")
	}
	defer f.Close()
	data, err := io.ReadAll(f)
	return data, fault.Wrap(fault.Invalid, err, "文件没有传完，请重试。")
}
