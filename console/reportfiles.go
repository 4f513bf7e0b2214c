package console

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/url"
	"path"
	"strconv"
	"strings"

	"shoushan/fault"
	"shoushan/report"
)

// fileKinds are the forms of a report by their ending: what people call them, and their type for the browser.
var fileKinds = map[string]struct{ title, kind string }{
	"docx": {"Word 文档", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
	"html": {"网页", "text/html; charset=utf-8"},
	"xlsx": {"Excel 表格", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
	"json": {"JSON 数据", "application/json; charset=utf-8"},
	"pdf":  {"PDF", "application/pdf"},
	"svg":  {"图解 SVG", "image/svg+xml"},
	"png":  {"图解 PNG", "image/png"},
}

// draftFiles are the downloads of the live draft.
func (c *Console) draftFiles(year int) []figureLink {
	var out []figureLink
	for _, f := range c.cfg.Press.Formats {
		out = append(out, figureLink{ID: "report-" + f.Extension, Title: fileKinds[f.Extension].title, Path: reportPath(year) + "/report." + f.Extension})
	}
	return out
}

func sealRows(e report.Edition) []sealRow {
	var out []sealRow
	for i := len(e.Seals) - 1; i >= 0; i-- {
		row := sealRow{Seal: e.Seals[i]}
		for _, f := range row.Seal.Files {
			extension := strings.TrimPrefix(path.Ext(f.Name), ".")
			row.Files = append(row.Files, figureLink{
				ID: fmt.Sprintf("sealed-%d-%s", row.No, extension), Title: fileKinds[extension].title,
				Path: fmt.Sprintf("%s/sealed/%d/%s", reportPath(e.Year), row.No, url.PathEscape(f.Name)),
			})
		}
		out = append(out, row)
	}
	return out
}

// reportFile makes the live draft in one of the forms.
func (c *Console) reportFile(v *visit) error {
	extension, named := strings.CutPrefix(v.r.PathValue("file"), "report.")
	for _, f := range c.cfg.Press.Formats {
		if !named || f.Extension != extension {
			continue
		}
		r, err := c.yearReport(v, v.r.PathValue("year"))
		if err != nil {
			return err
		}
		data, err := c.written(v, f, r.Annual)
		if err != nil {
			return err
		}
		return download(v, reportName(c.cfg.Organ.Name, r.Edition.Year, extension), fileKinds[extension].kind, data)
	}
	return fault.New(fault.NotFound, "没有这种格式的报告。")
}

// written writes a report, a few at a time: a PDF takes a whole word processor.
func (c *Console) written(v *visit, f report.Format, a report.Annual) ([]byte, error) {
	release, err := c.openingTurn(v)
	if err != nil {
		return nil, err
	}
	defer release()
	var out bytes.Buffer
	err = f.Write(&out, a)
	return out.Bytes(), err
}

// sealedFile is a file of a published version, as it was on that day; one that was altered since is not handed out.
func (c *Console) sealedFile(v *visit) error {
	year, err := c.yearAsked(v, v.r.PathValue("year"))
	if err != nil {
		return err
	}
	e, err := c.cfg.Press.Editions.Edition(v.ctx(), year)
	if err != nil {
		return err
	}
	for _, s := range e.Seals {
		for _, f := range s.Files {
			if strconv.Itoa(s.No) != v.r.PathValue("n") || f.Name != v.r.PathValue("file") {
				continue
			}
			data, err := c.cfg.Files.File(v.ctx(), f.ID)
			if err != nil {
				return err
			}
			if sum := sha256.Sum256(data); hex.EncodeToString(sum[:]) != f.SHA256 {
				return fmt.Errorf("console: %s of seal %d of the report of %d does not match its hash", f.Name, s.No, year)
			}
			extension := strings.TrimPrefix(path.Ext(f.Name), ".")
			return download(v, reportName(c.cfg.Organ.Name, year, extension), fileKinds[extension].kind, data)
		}
	}
	return fault.New(fault.NotFound, "已发布的版本里没有这个文件。")
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

// download answers with a file to keep.
func download(v *visit, name, kind string, data []byte) error {
	v.w.Header().Set("Content-Type", kind)
	v.w.Header().Set("Content-Disposition", "attachment; filename*=UTF-8''"+url.PathEscape(name))
	v.w.Header().Set("Content-Security-Policy", "default-src 'none'; sandbox")
	_, _ = v.w.Write(data)
	return nil
}
