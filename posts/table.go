package posts

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"

	"shoushan/fault"
)

const (
	// MaxTableBytes bounds a file of items, maxUnpacked what a spreadsheet of it may unpack to.
	MaxTableBytes = 64 << 20
	maxUnpacked   = 256 << 20
)

// ReadTable reads the lines of a CSV file (UTF-8, or GB18030 as older spreadsheets write it) or of the first sheet of an
// XLSX file; the name tells which it is. Empty lines stay, so that a line keeps its number. What cannot be read is Invalid.
func ReadTable(name string, data []byte) ([][]string, error) {
	if len(data) > MaxTableBytes {
		return nil, fault.New(fault.Invalid, "文件超过 64 MB，请分成几个文件。")
	}
	switch strings.ToLower(filepath.Ext(name)) {
	case ".xlsx":
		return xlsxTable(data)
	case ".csv":
		return csvTable(data)
	}
	return nil, fault.New(fault.Invalid, "只能导入 .csv 或 .xlsx 文件。")
}

func xlsxTable(data []byte) ([][]string, error) {
	book, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{UnzipSizeLimit: maxUnpacked, UnzipXMLSizeLimit: maxUnpacked})
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "这个 Excel 文件打不开。")
	}
	defer func() { _ = book.Close() }()
	rows, err := book.GetRows(book.GetSheetName(0), excelize.Options{RawCellValue: true})
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "这个 Excel 文件的第一张表读不出来。")
	}
	return rows, nil
}

func csvTable(data []byte) ([][]string, error) {
	if !utf8.Valid(data) {
		decoded, err := simplifiedchinese.GB18030.NewDecoder().Bytes(data)
		if err != nil {
			return nil, fault.Wrap(fault.Invalid, err, "文件的编码不能识别，请另存为 UTF-8 编码的 CSV。")
		}
		data = decoded
	}
	r := csv.NewReader(bytes.NewReader(data))
	r.FieldsPerRecord, r.LazyQuotes = -1, true
	var rows [][]string
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			return rows, nil
		}
		if err != nil {
			return nil, fault.Wrap(fault.Invalid, err, "CSV 文件的格式有错误，请用表格软件重新保存。")
		}
		for line, _ := r.FieldPos(0); len(rows) < line-1; {
			rows = append(rows, nil)
		}
		rows = append(rows, row)
	}
}
