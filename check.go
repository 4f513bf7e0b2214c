package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"

	"shoushan/report"
)

// checkCommand is `shoushan check`.
type checkCommand struct {
	File     string `arg:"" help:"The report: .json in our schema, a published .html page, or .docx."`
	Previous string `placeholder:"FILE" help:"Last year's report of the same organ, to compare what was carried over."`
	From     string `placeholder:"ARCHIVE" help:"A backup of the organ's records, to compare every cell with what they count to."`
	JSON     bool   `name:"json" help:"Print JSON."`
}

// Help shows an example.
func (checkCommand) Help() string {
	return "Example: shoushan check 2025.docx --previous 2024.docx\n\nExit status 1 when a rule FAILs."
}

// Run checks the file and prints what breaks a rule.
func (c *checkCommand) Run(s *surroundings) error {
	annual, err := readReport(c.File)
	if err != nil {
		return err
	}
	var previous *report.Annual
	if c.Previous != "" {
		p, err := readReport(c.Previous)
		if err != nil {
			return err
		}
		previous = &p
	}
	violations := report.Check(annual, previous)
	if c.From != "" {
		records, err := readRecords(c.From, annual.Year)
		if err != nil {
			return err
		}
		counted, err := records.draft(annual.Year)
		if err != nil {
			return err
		}
		violations = append(violations, report.CheckRecords(annual, counted)...)
	}
	if err := printViolations(s.stdout, violations, c.JSON); err != nil {
		return err
	}
	if report.Failed(violations) {
		return errReported
	}
	return nil
}

func readReport(path string) (report.Annual, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return report.Annual{}, fmt.Errorf("read the report: %w", err)
	}
	return report.Read(filepath.Base(path), data)
}

func printViolations(w io.Writer, violations []report.Violation, asJSON bool) error {
	if asJSON {
		if violations == nil {
			violations = []report.Violation{}
		}
		return printJSON(w, map[string][]report.Violation{"violations": violations})
	}
	if len(violations) == 0 {
		_, err := fmt.Fprintln(w, "没有发现问题。")
		return err
	}
	for _, v := range violations {
		if _, err := fmt.Fprintf(w, "%-4s  %s  %s：%s\n", v.Severity, v.Rule, v.Where, v.Message); err != nil {
			return err
		}
	}
	return nil
}
