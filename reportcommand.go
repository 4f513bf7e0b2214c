package main

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"shoushan/fault"
	"shoushan/report"
	"shoushan/workday"
)

// reportCommand is `shoushan report`.
type reportCommand struct {
	Year      int      `help:"The year to report on."`
	Out       string   `required:"" placeholder:"FILE" help:"Where to write; the ending decides: .docx .html .xlsx .json .svg, and .pdf .png where LibreOffice or a Chinese font is installed"`
	From      string   `placeholder:"ARCHIVE" help:"Answer from a backup file, with no server at all."`
	Registers string   `placeholder:"FILE" help:"Count the lines of a register file (.csv .xlsx) too, without storing them."`
	Live      bool     `help:"Draft from the records of this moment even when the report is published already."`
	Merge     []string `placeholder:"FILE" help:"Add up several organs' reports (.json .html .docx) into one."`
	Organ     string   `placeholder:"NAME" help:"With --merge: whose roll-up it is."`
	MoreFiles []string `arg:"" optional:"" name:"more" help:"With --merge: more reports to add."`
}

// Help shows an example.
func (reportCommand) Help() string {
	return "Example: shoushan report --year 2021 --from testdata/chongwen-2021.ndjson --out r.docx\n" +
		"A county's roll-up: shoushan report --merge a.json b.docx c.html --organ 陵川县 --out county.xlsx"
}

// reportWriters are the formats by file ending.
var reportWriters = map[string]func(io.Writer, report.Annual) error{
	".docx": report.WriteDOCX, ".html": report.WriteHTML, ".xlsx": report.WriteXLSX, ".json": report.WriteJSON,
	".svg": report.WriteSVG, ".png": writePNG, ".pdf": writePDF,
}

// Run writes the report, or the roll-up of several.
func (c *reportCommand) Run(s *surroundings) error {
	write, ok := reportWriters[strings.ToLower(filepath.Ext(c.Out))]
	if !ok {
		return fault.Newf(fault.Invalid, "--out %s: the ending must be .docx, .html, .xlsx, .json, .svg, .png or .pdf", c.Out)
	}
	annual, err := c.annual(s)
	if err != nil {
		return err
	}
	var out bytes.Buffer
	if err := write(&out, annual); err != nil {
		return err
	}
	if err := os.WriteFile(c.Out, out.Bytes(), 0o644); err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	fmt.Fprintf(s.stdout, "%s：%s\n", annual.Title, c.Out)
	return printViolations(s.stdout, report.Check(annual, nil), false)
}

// annual drafts a year's report, or merges the files that are named.
func (c *reportCommand) annual(s *surroundings) (report.Annual, error) {
	switch {
	case len(c.Merge) > 0:
		return c.merged()
	case len(c.MoreFiles) > 0:
		return report.Annual{}, fault.Newf(fault.Invalid, "%s: reports are only read with --merge", c.MoreFiles[0])
	case c.Year == 0:
		return report.Annual{}, fault.New(fault.Invalid, "--year is missing; or name reports to add up with --merge")
	}
	records, err := s.records(c.From, c.Year)
	if err != nil {
		return report.Annual{}, err
	}
	if published, ok := records.edition.Published(); ok && !c.Live && c.Registers == "" {
		return published.Annual, nil
	}
	if c.Registers != "" {
		if records.records.Registers, err = withRegisterFile(records, c.Registers); err != nil {
			return report.Annual{}, err
		}
	}
	return records.draft(c.Year)
}

// merged adds the reports up. A report that breaks its own sums is named before anything is added.
func (c *reportCommand) merged() (report.Annual, error) {
	files := append(append([]string{}, c.Merge...), c.MoreFiles...)
	var all []report.Annual
	for _, path := range files {
		a, err := readReport(path)
		if err != nil {
			return report.Annual{}, err
		}
		if err := report.Addable(path, a); err != nil {
			return report.Annual{}, err
		}
		all = append(all, a)
	}
	organ := cmp.Or(c.Organ, fmt.Sprintf("各机关汇总（%d个）", len(all)))
	merged, _, err := report.Merge(organ, all)
	return merged, err
}

// withRegisterFile adds the lines of a file to the registers, for this report only.
func withRegisterFile(r yearRecords, path string) (report.Registers, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return report.Registers{}, fmt.Errorf("read the register: %w", err)
	}
	rows, err := report.ReadRegisterFile(filepath.Base(path), data, workday.Of((&clock{}).Now()), r.organ)
	if err != nil {
		return report.Registers{}, err
	}
	return r.records.Registers.With(rows)
}
