package console

import (
	"bytes"
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"shoushan/disclosure"
	"shoushan/fault"
	"shoushan/staff"
)

const workbookType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

// mostExported keeps one export within the time of a page: with personal data every request gets an event.
const mostExported = 2000

type exportView struct {
	frame
	Years       []option
	Year        string
	Count       int
	MayPersonal bool
	Why         string
	Problem     problem
}

func (c *Console) exportForm(v *visit) error { return c.showExport(v, http.StatusOK, "", problem{}) }

func (c *Console) showExport(v *visit, status int, why string, p problem) error {
	all, err := c.cfg.Requests.Requests(v.ctx(), disclosure.Query{})
	if err != nil {
		return err
	}
	page := &exportView{frame: frame{Title: "导出台账", Here: "/requests"}, Count: len(all), MayPersonal: v.who.May(staff.RevealPersonal), Why: why, Problem: p, Year: v.choice("year")}
	var years []string
	for _, r := range all {
		years = append(years, r.ID[:4])
	}
	slices.Sort(years)
	for _, y := range slices.Backward(slices.Compact(years)) {
		page.Years = append(page.Years, option{Value: y, Label: y + "年"})
	}
	page.Years = append(page.Years, option{Value: "0", Label: "全部年份"})
	return c.show(v, status, "export", page)
}

// exportPlain is the register as a workbook, without anything that tells who applied or what for.
func (c *Console) exportPlain(v *visit) error { return c.exportRegister(v, v.ask("year"), false) }

// exportPersonal is the register with the applicants' data. It needs the right and a reason, and leaves an event in every
// request that it contains; when one cannot be written nothing is handed out.
func (c *Console) exportPersonal(v *visit) error {
	why := v.form("why")
	err := c.revealAll(v, v.form("year"), why)
	if err == nil {
		return c.exportRegister(v, v.form("year"), true)
	}
	p := c.explain(v, err)
	return c.showExport(v, p.Status, why, p)
}

func (c *Console) revealAll(v *visit, year, why string) error {
	if why == "" {
		return fault.New(fault.Invalid, "请写明为什么要导出个人信息，例如：移交档案室归档。")
	}
	list, err := c.requestsOf(v, year)
	if err != nil {
		return err
	}
	if len(list) > mostExported {
		return fault.Newf(fault.Invalid, "一次最多导出%d件带个人信息的申请，请按年份导出。", mostExported)
	}
	for _, r := range list {
		if _, err := c.cfg.Desk.Reveal(v.ctx(), v.who, r.ID, "导出台账："+why); err != nil {
			return err
		}
	}
	return nil
}

func (c *Console) requestsOf(v *visit, year string) ([]disclosure.Request, error) {
	n, err := strconv.Atoi(year)
	if err != nil || n < 0 {
		return nil, fault.New(fault.Invalid, "请选择年份。")
	}
	return c.cfg.Requests.Requests(v.ctx(), disclosure.Query{Year: n})
}

func (c *Console) exportRegister(v *visit, year string, personal bool) error {
	list, err := c.requestsOf(v, year)
	if err != nil {
		return err
	}
	faces, err := c.faces(v, list)
	if err != nil {
		return err
	}
	names, err := c.memberNames(v)
	if err != nil {
		return err
	}
	table := [][]string{registerHead(personal)}
	for _, r := range list {
		table = append(table, registerRow(r, faces[r.ID], names, personal))
	}
	name := "依申请公开台账-" + cmp.Or(strings.TrimLeft(year, "0"), "全部")
	if personal {
		name += "（含个人信息）"
	}
	return c.workbook(v, "依申请公开台账", name, table)
}

// workbook answers with a table as a file of one sheet.
func (c *Console) workbook(v *visit, title, name string, table [][]string) error {
	var buf bytes.Buffer
	made := excelize.DocProperties{Creator: c.cfg.Organ.Name, Created: v.now.UTC().Format(time.RFC3339), Modified: v.now.UTC().Format(time.RFC3339), Title: title}
	if err := writeWorkbook(&buf, title, made, table); err != nil {
		return err
	}
	return download(v, name+".xlsx", workbookType, buf.Bytes())
}

func registerHead(personal bool) []string {
	head := []string{
		"编号", "申请渠道", "申请人类型", "收到日期", "状态", "答复期限", "暂定", "超期", "经办", "补正告知", "延期", "征求意见", "信息处理费（元）",
		"处理结果", "文号", "送达日期", "送达方式", "复议诉讼", "归档号",
	}
	if personal {
		head = append(head, "姓名或名称", "证件号码", "法定代表人或联系人", "代理人", "电话", "电子邮件", "地址", "所需信息")
	}
	return head
}

func registerRow(r disclosure.Request, f clockFace, names map[string]string, personal bool) []string {
	row := []string{
		r.ID, r.Filing.Channel.Chinese(), r.Filing.ApplicantKind.Chinese(), r.ReceivedOn.String(), r.State.Chinese(), f.DueText,
		yes(f.Provisional), yes(f.Overdue), nameOf(names, r.HandlerID), supplementDay(r), yes(extended(r)), count(len(r.Consultations)), feeOf(r),
	}
	row = append(row, answerCells(r)...)
	row = append(row, count(len(r.Remedies)), archiveNumber(r))
	if personal {
		p := r.Filing.Personal
		row = append(row, p.Name, p.DocumentNumber, p.Representative, p.Agent, p.Phone, p.Email, p.Address, p.Description)
	}
	return row
}

func answerCells(r disclosure.Request) []string {
	d := r.Decision
	if d == nil {
		return []string{"", "", "", ""}
	}
	number := ""
	if i := r.ReplyIndex(); i >= 0 {
		number = r.Letters[i].Number
	}
	return []string{d.Outcome.Chinese(), number, d.ServedOn.String(), d.ServedBy.Chinese()}
}

func yes(b bool) string {
	if b {
		return "是"
	}
	return ""
}

func count(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

func supplementDay(r disclosure.Request) string {
	if r.Supplement == nil {
		return ""
	}
	return r.Supplement.NoticedOn.String()
}

func extended(r disclosure.Request) bool {
	return slices.ContainsFunc(r.Clock, func(e disclosure.Entry) bool { return e.Kind == disclosure.Extend })
}

func feeOf(r disclosure.Request) string {
	if r.Fee == nil {
		return ""
	}
	return strconv.Itoa(r.Fee.Yuan)
}

func archiveNumber(r disclosure.Request) string {
	if r.Archive == nil {
		return ""
	}
	return r.Archive.Number
}

// numericHeads are the columns that a spreadsheet should be able to add up.
var numericHeads = []string{"征求意见", "信息处理费（元）", "复议诉讼", "跟踪次数"}

// writeWorkbook writes a table as one sheet. Every cell is text, so that what somebody typed never becomes a formula, save
// those of the columns that count.
func writeWorkbook(buf *bytes.Buffer, name string, made excelize.DocProperties, table [][]string) error {
	f := excelize.NewFile()
	defer func() { _ = f.Close() }() // nothing of it is on disk
	if err := f.SetDocProps(&made); err != nil {
		return fmt.Errorf("console: tell who made it: %w", err)
	}
	if err := f.SetSheetName("Sheet1", name); err != nil {
		return fmt.Errorf("console: name sheet: %w", err)
	}
	for i, row := range table {
		for j, text := range row {
			cell, err := excelize.CoordinatesToCellName(j+1, i+1)
			if err != nil {
				return fmt.Errorf("console: name cell: %w", err)
			}
			if err := setCell(f, name, cell, table[0][j], text); err != nil {
				return fmt.Errorf("console: set cell: %w", err)
			}
		}
	}
	if err := f.SetPanes(name, &excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return fmt.Errorf("console: freeze the head: %w", err)
	}
	if err := f.SetColWidth(name, "A", "Z", 16); err != nil {
		return fmt.Errorf("console: set widths: %w", err)
	}
	return f.Write(buf)
}

func setCell(f *excelize.File, sheet, cell, head, text string) error {
	if n, err := strconv.Atoi(text); err == nil && slices.Contains(numericHeads, head) {
		return f.SetCellInt(sheet, cell, int64(n))
	}
	return f.SetCellStr(sheet, cell, text)
}
