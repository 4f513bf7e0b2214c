package console

import (
	"bytes"
	"encoding/csv"

	"shoushan/fault"
)

// headingsFile downloads an empty CSV file with the headings of an import, as spreadsheets in China open it.
func headingsFile(v *visit, name string, headings []string) error {
	var out bytes.Buffer
	out.WriteString("\uFEFF")
	w := csv.NewWriter(&out)
	_ = w.Write(headings) // a buffer takes everything
	w.Flush()
	return download(v, name, "text/csv; charset=utf-8", out.Bytes())
}

// importedFile reads the file of an import form, which is small enough to be shown line by line.
func importedFile(v *visit) (name string, data []byte, err error) {
	name, data, err = uploadedFile(v, "file")
	if err == nil && len(data) > maxRegisterFile {
		err = fault.New(fault.Invalid, "文件超过 2 MB，请分开导入，或者请管理员用命令导入。")
	}
	return name, data, err
}
