package console

import (
	"time"

	"shoushan/staff"
)

// Who may do what with figures, registers and the annual report. The report itself is read by everyone: it is written to be
// published and holds counts only.
var (
	keeping      = []staff.Right{staff.ManageRegisters}
	reporting    = []staff.Right{staff.EditReport}
	checking     = []staff.Right{staff.EditReport, staff.ReviewPosts}
	reportReader = []staff.Right{staff.ReviewPosts, staff.ApprovePosts}
)

// printing is how long a page may take that makes a PDF: LibreOffice starts anew each time.
const printing = 3 * time.Minute

// storeLimit bounds the form in which a checked register file comes back to be stored, in bytes.
const storeLimit = 4 << 20

// reportRoutes are the figures, the registers behind them, and the annual report.
func reportRoutes(c *Console) []route {
	pages := []route{
		{pattern: "GET /figures", menu: place{figuresAndReport, "统计数字"}, rights: everyone, serve: c.figures},
		{pattern: "GET /figures/{year}/{figure}", rights: everyone, serve: c.figureList},
		{pattern: "GET /tables", menu: place{figuresAndReport, "年报表格"}, rights: everyone, serve: c.tables},

		{pattern: "GET /registers", menu: place{figuresAndReport, "年报台账"}, rights: registering, serve: c.registers},
		{pattern: "GET /registers/new", rights: keeping, serve: c.newEntry},
		{pattern: "POST /registers", rights: keeping, serve: c.enterEntry},
		{pattern: "GET /registers/import", rights: keeping, serve: c.importForm},
		{pattern: "GET /registers/template.csv", rights: keeping, serve: c.importTemplate},
		{pattern: "POST /registers/import", rights: keeping, upload: true, serve: c.importPreview},
		{pattern: "POST /registers/import/store", rights: keeping, limit: storeLimit, serve: c.importStore},
		{pattern: "POST /registers/notes", rights: keeping, serve: c.noteCell},
		{pattern: "GET /registers/{id}", rights: registering, serve: c.entry},
		{pattern: "POST /registers/{id}", rights: keeping, serve: c.amendEntry},
		{pattern: "POST /registers/{id}/remove", rights: keeping, serve: c.removeEntry},

		{pattern: "GET /report", menu: place{figuresAndReport, "年度报告"}, rights: everyone, serve: c.reportPage},
		{pattern: "GET /report/check", menu: place{figuresAndReport, "检查年度报告"}, rights: checking, serve: c.checkForm},
		{pattern: "POST /report/check", rights: checking, upload: true, serve: c.checkUpload},
		{pattern: "GET /report/merge", menu: place{figuresAndReport, "汇总各机关年报"}, rights: checking, serve: c.mergeForm},
		{pattern: "POST /report/merge", rights: checking, upload: true, serve: c.mergeUpload},
		{pattern: "POST /report/merge/download", rights: checking, upload: true, patience: printing, serve: c.mergedFile},
		{pattern: "GET /report/{year}/edit", rights: reporting, serve: c.editReport},
		{pattern: "POST /report/{year}/edit", rights: reporting, serve: c.saveReport},
		{pattern: "POST /report/{year}/before", rights: reporting, upload: true, serve: c.giveBefore},
		{pattern: "POST /report/{year}/read", rights: reporting, serve: c.readTyped},
		{pattern: "GET /report/{year}/preview", rights: everyone, serve: c.reportPreview},
		{pattern: "GET /report/{year}/sealed/{n}/{file}", rights: everyone, serve: c.sealedFile},
		{pattern: "GET /report/{year}/{file}", rights: everyone, patience: printing, serve: c.reportFile},
	}
	for _, a := range reportVerbs {
		pages = append(pages, route{pattern: "POST /report/{year}/" + a.name, rights: a.rights, patience: printing, serve: c.actOnReport(a)})
	}
	return pages
}
