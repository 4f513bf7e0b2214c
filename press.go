package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"shoushan/disclosure"
	"shoushan/report"
	"shoushan/scheduler"
	"shoushan/storage"
	"shoushan/workday"
)

// newPress is the press of a store: reports are counted from its records and kept in it.
func newPress(store *storage.Store, organ disclosure.Organ, now func() time.Time) *report.Press {
	return &report.Press{
		Editions: store, Vault: store, Organ: organ, Formats: sealedFormats(), Now: now,
		Prose: store.Prose, Counted: store.YearCounts, Lists: store,
		Records: func(ctx context.Context, year int) (report.Records, error) {
			r, err := storedRecords(ctx, store, organ, year)
			return r.records, err
		},
	}
}

// sealedFormats are the forms in which a report is published; PDF only where LibreOffice is installed, and PNG where there is
// a Chinese font, which is read when it is needed: it has some twenty megabytes.
func sealedFormats() []report.Format {
	formats := report.Formats()
	if soffice() != "" {
		formats = append(formats, report.Format{Extension: "pdf", Write: writePDF})
	}
	if findFont(fontPlaces[0]) != "" {
		formats = append(formats, report.Format{Extension: "png", Write: writePNG})
	}
	return formats
}

// annualDraft builds the report of a year and keeps it as a file; the console's report page always shows the live draft.
func (h *house) annualDraft(ctx context.Context, year int) (string, error) {
	work, err := newPress(h.store, h.organ, h.clock.Now).Work(ctx, year)
	if err != nil {
		return "", err
	}
	var out bytes.Buffer
	if err := report.WriteDOCX(&out, work.Annual); err != nil {
		return "", err
	}
	id, err := h.store.SaveFile(ctx, out.Bytes())
	if err != nil {
		return "", err
	}
	if err := h.store.SaveSetting(ctx, fmt.Sprintf("annual_draft:%d", year), id); err != nil {
		return "", err
	}
	return fmt.Sprintf("已生成《%s》草稿，核对结果 %d 项，请到“年度报告”页面查看。", work.Annual.Title, len(work.Findings)), nil
}

// reportDue reminds each morning from January to the end of April of a report that is not published yet (条例第四十九条).
func (h *house) reportDue() scheduler.Job {
	return scheduler.Job{
		Name: "report_due", Title: "年度报告期限检查", Schedule: "40 8 * 1-4 *",
		Body: func(ctx context.Context, now time.Time) (string, error) {
			year := workday.Of(now).Year() - 1
			due, err := report.Due(year, h.organ.ReportDue)
			if err != nil {
				return "", err
			}
			work, err := newPress(h.store, h.organ, h.clock.Now).Work(ctx, year)
			if err != nil {
				return "", err
			}
			text, urgent := work.Edition.Reminder(due, now)
			if urgent {
				h.log.Warn("the annual report is not published yet", "year", year, "due", due.String())
				text = "提醒：" + text
			}
			return text, nil
		},
	}
}

// verifySeals returns an error that names every sealed report that was altered.
func (h *house) verifySeals(ctx context.Context) error {
	editions, err := h.store.EditionsOnRecord(ctx)
	for _, e := range editions {
		err = errors.Join(err, e.VerifySeals())
	}
	return err
}
