package report

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"

	"shoushan/disclosure"
	"shoushan/fault"
	"shoushan/workday"
)

// FileRow is one line of a register file: the entry that it makes, or why it makes none.
type FileRow struct {
	Sheet   string // of a workbook
	Line    int    // from 1, as spreadsheets count
	Entry   RegisterEntry
	Problem string // a Chinese sentence, "" when the line is good
}

// maxRows bounds a file; a town's register of a year has hundreds of lines.
const maxRows = 20000

// columnNames are the headings under which a file may bring each value.
var columnNames = map[string][]string{
	"kind":   {"类别", "种类", "事项类别"},
	"title":  {"名称", "标题", "文件名称", "决定名称", "项目", "案由", "事项"},
	"number": {"文号", "编号", "案号", "决定书文号", "票据号"},
	"url":    {"链接", "网址"},
	"on":     {"日期", "制发日期", "作出日期", "收费日期", "立案日期", "受理日期", "缴费日期"},
	"end":    {"废止日期", "审结日期", "废止（审结）日期"},
	"amount": {"金额", "收费金额"},
	"result": {"结果", "审理结果"},
}

// RegisterHeadings are the headings of a file that has everything, for a template.
func RegisterHeadings() []string {
	return []string{"类别", "名称", "文号", "链接", "日期", "废止（审结）日期", "金额（万元）", "结果"}
}

// ReadRegisterFile reads a register from CSV (UTF-8, or the GB18030 that spreadsheets in China write) or XLSX. Lines are
// judged one by one; a file in which no heading is found is an Invalid fault. Nothing is stored.
func ReadRegisterFile(name string, data []byte, today workday.Date, organ disclosure.Organ) ([]FileRow, error) {
	if len(data) > maxFile {
		return nil, fault.New(fault.Invalid, "这个文件超过 32 MB，不像是一份台账。")
	}
	sheets, err := registerSheets(name, data)
	if err != nil {
		return nil, err
	}
	var out []FileRow
	found := false
	for _, s := range sheets {
		rows, headed := s.read(today, organ)
		found = found || headed
		out = append(out, rows...)
	}
	if !found {
		return nil, fault.Newf(fault.Invalid, "找不到表头。第一行应当写明各列：%s；其中“类别”和“日期”必须有。", strings.Join(RegisterHeadings(), "、"))
	}
	if len(out) > maxRows {
		return nil, fault.Newf(fault.Invalid, "文件有 %d 行，一次最多导入 %d 行，请分开导入。", len(out), maxRows)
	}
	return out, markRepeats(out)
}

// markRepeats finds lines of one file that are the same entry.
func markRepeats(rows []FileRow) error {
	seen := map[string]int{}
	for i, r := range rows {
		if r.Problem != "" || r.Entry.Number == "" {
			continue
		}
		key := string(r.Entry.Kind) + "\x00" + r.Entry.Number
		if line, again := seen[key]; again {
			rows[i].Problem = fmt.Sprintf("文号（案号）“%s”与第 %d 行重复。", r.Entry.Number, line)
			continue
		}
		seen[key] = r.Line
	}
	return nil
}

// registerSheet is one table of texts.
type registerSheet struct {
	name string
	rows [][]string
}

func registerSheets(name string, data []byte) ([]registerSheet, error) {
	switch ext := strings.ToLower(filepath.Ext(name)); {
	case bytes.HasPrefix(data, []byte("PK")):
		return workbookSheets(data)
	case ext == ".csv" || ext == ".txt":
		return csvSheet(data)
	}
	return nil, fault.New(fault.Invalid, "台账文件应当是 .csv 或者 .xlsx。")
}

func workbookSheets(data []byte) ([]registerSheet, error) {
	book, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "这个 Excel 文件打不开。")
	}
	defer book.Close()
	var out []registerSheet
	for _, name := range book.GetSheetList() {
		rows, err := book.GetRows(name, excelize.Options{RawCellValue: true})
		if err != nil {
			return nil, fault.Wrap(fault.Invalid, err, "这个 Excel 文件打不开。")
		}
		out = append(out, registerSheet{name, rows})
	}
	return out, nil
}

func csvSheet(data []byte) ([]registerSheet, error) {
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	if !utf8.Valid(data) {
		decoded, err := simplifiedchinese.GB18030.NewDecoder().Bytes(data)
		if err != nil {
			return nil, fault.Wrap(fault.Invalid, err, "认不出这个文件的文字编码，请另存为 UTF-8 的 CSV。")
		}
		data = decoded
	}
	r := csv.NewReader(bytes.NewReader(data))
	r.FieldsPerRecord, r.LazyQuotes = -1, true
	s := registerSheet{}
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			return []registerSheet{s}, nil
		}
		if err != nil {
			return nil, fault.Wrap(fault.Invalid, err, "这个 CSV 文件的格式不对，请用表格软件重新另存一次。")
		}
		for line, _ := r.FieldPos(0); len(s.rows) < line-1; {
			s.rows = append(s.rows, nil) // empty lines keep the count of lines right
		}
		s.rows = append(s.rows, row)
	}
}

// heading says where each value stands, and in which unit amounts are.
type heading struct {
	at    map[string]int
	tenth bool // amounts are in 万元
	unit  bool // the heading names a unit
}

// maxLead is how many lines of titles may stand before the headings.
const maxLead = 10

// read judges the lines below the headings; headed is false for a sheet without any.
func (s registerSheet) read(today workday.Date, organ disclosure.Organ) (out []FileRow, headed bool) {
	for i, row := range s.rows[:min(maxLead, len(s.rows))] {
		h, ok := readHeading(row)
		if !ok {
			continue
		}
		for n, cells := range s.rows[i+1:] {
			if strings.TrimSpace(strings.Join(cells, "")) == "" {
				continue
			}
			out = append(out, s.row(h, i+2+n, cells, today, organ))
		}
		return out, true
	}
	return nil, false
}

func readHeading(row []string) (heading, bool) {
	h := heading{at: map[string]int{}}
	for i, cell := range row {
		plain := narrow(cell)
		name, unit, _ := strings.Cut(plain, "(")
		for key, names := range columnNames {
			for _, n := range names {
				if _, taken := h.at[key]; !taken && (plain == narrow(n) || name == n && key == "amount") {
					h.at[key] = i
				}
			}
		}
		if at, ok := h.at["amount"]; ok && at == i {
			h.unit, h.tenth = strings.Contains(unit, "元"), strings.Contains(unit, "万元")
		}
	}
	_, kind := h.at["kind"]
	_, on := h.at["on"]
	return h, kind && on
}

func (s registerSheet) row(h heading, line int, cells []string, today workday.Date, organ disclosure.Organ) FileRow {
	value := func(key string) string {
		if at, ok := h.at[key]; ok && at < len(cells) {
			return strings.TrimSpace(cells[at])
		}
		return ""
	}
	out := FileRow{Sheet: s.name, Line: line}
	e := RegisterEntry{Kind: RegisterKind(value("kind")), Title: value("title"), Number: value("number"), URL: value("url")}
	problem := func(text string) {
		if out.Problem == "" {
			out.Problem = text
		}
	}
	var ok bool
	if e.On, ok = looseDate(value("on")); !ok {
		problem(fmt.Sprintf("日期“%s”看不懂，请写成 2026-03-01。", value("on")))
	}
	if e.EndOn, ok = looseDate(value("end")); !ok {
		problem(fmt.Sprintf("日期“%s”看不懂，请写成 2026-03-01。", value("end")))
	}
	if e.Result, ok = resultNamed(value("result")); !ok {
		problem(fmt.Sprintf("结果“%s”不认识，可以是：结果维持、结果纠正、其他结果、尚未审结。", value("result")))
	}
	amount, trouble := h.amount(e, value("amount"))
	if trouble != "" {
		problem(trouble)
	}
	e.Amount = amount
	if err := e.validate(today, isTownship(organ)); err != nil {
		problem(fault.Message(err))
	}
	out.Entry = e
	return out
}

// amount reads an amount into the unit that its register keeps: 万元 of a charge, 元 of a fee.
func (h heading) amount(e RegisterEntry, text string) (Number, string) {
	if text == "" || text == "0" {
		return Number{}, ""
	}
	n, err := ParseNumber(strings.ReplaceAll(narrow(text), ",", ""))
	switch {
	case err != nil:
		return n, fmt.Sprintf("金额“%s”不是数。", text)
	case !h.unit:
		return n, "金额一列的表头没有写明单位，请写成“金额（万元）”或者“金额（元）”。"
	case e.Kind == KindCharge && !h.tenth:
		return Number{n.units, n.scale + 4}.normal(), ""
	case e.Kind == KindProcessingFee && h.tenth:
		return Number{n.units * 10_000, n.scale}.normal(), ""
	}
	return n, ""
}

func resultNamed(text string) (disclosure.RemedyResult, bool) {
	switch narrow(text) {
	case "", "尚未审结", "未审结":
		return "", true
	case "结果维持", "维持":
		return disclosure.Upheld, true
	case "结果纠正", "纠正":
		return disclosure.Corrected, true
	case "其他结果", "其他":
		return disclosure.OtherResult, true
	}
	return "", false
}

var looseDatePattern = regexp.MustCompile(`^([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?$`)

// The days of spreadsheets are counted from 30 December 1899; these bounds are 1954 and 2064.
const (
	firstSerial = 20000
	lastSerial  = 60000
)

// looseDate reads a date as people and spreadsheets write it; "" is no date.
func looseDate(text string) (workday.Date, bool) {
	plain := narrow(strings.SplitN(strings.TrimSpace(text), " ", 2)[0])
	if plain == "" {
		return workday.Date{}, true
	}
	if m := looseDatePattern.FindStringSubmatch(plain); m != nil {
		d, err := workday.Parse(fmt.Sprintf("%s-%02s-%02s", m[1], m[2], m[3]))
		return d, err == nil
	}
	whole, _, _ := strings.Cut(plain, ".")
	if n, err := strconv.Atoi(whole); err == nil && n >= firstSerial && n <= lastSerial {
		return workday.On(1899, time.December, 30).AddDays(n), true
	}
	return workday.Date{}, false
}
