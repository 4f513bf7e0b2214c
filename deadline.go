package main

import (
	"encoding/json"
	"fmt"
	"io"

	"shoushan/disclosure"
	"shoushan/fault"
	"shoushan/workday"
)

// deadlineCommand is `shoushan deadline`.
type deadlineCommand struct {
	Received string `required:"" placeholder:"2026-09-30" help:"The day of receipt (收到申请之日); it is not counted."`
	Days     int    `default:"20" help:"Working days: 20 for the reply, 7 for a supplement notice, 15 for a consultation."`
	JSON     bool   `name:"json" help:"Print JSON."`
}

// Help shows an example.
func (deadlineCommand) Help() string {
	return "Example: shoushan deadline --received 2026-09-30 --json"
}

// deadlineAnswer is the JSON shape of `deadline --json`.
type deadlineAnswer struct {
	Received    workday.Date      `json:"received"`
	Days        int               `json:"days"`
	Due         workday.Date      `json:"due"`
	Provisional bool              `json:"provisional"`
	Ledger      []disclosure.Line `json:"ledger"`
}

// Run answers when the period ends and why.
func (c *deadlineCommand) Run(s *surroundings) error {
	received, err := workday.Parse(c.Received)
	if err != nil {
		return fault.Newf(fault.Invalid, "--received %q is not a date; write it as 2026-09-30", c.Received)
	}
	if c.Days < 1 || c.Days > 1000 {
		return fault.Newf(fault.Invalid, "--days %d: the number of working days must be between 1 and 1000", c.Days)
	}
	d := disclosure.Explain(received, c.Days, workday.Embedded())
	answer := deadlineAnswer{received, c.Days, d.Due, d.Provisional, d.Lines}
	if c.JSON {
		return printJSON(s.stdout, answer)
	}
	return printDeadline(s.stdout, answer)
}

func printDeadline(w io.Writer, a deadlineAnswer) error {
	provisional := ""
	if a.Provisional {
		provisional = "（暂定：期限所及年份的放假安排尚未公布，公布后重新计算）"
	}
	if _, err := fmt.Fprintf(w, "%s 收到，%d 个工作日：%s %s到期%s\n", a.Received, a.Days, a.Due, a.Due.ChineseWeekday(), provisional); err != nil {
		return err
	}
	for _, line := range a.Ledger {
		if _, err := fmt.Fprintf(w, "  %s\n", line); err != nil {
			return err
		}
	}
	return nil
}

func printJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}
