package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"shoushan/fault"
)

// maxFile bounds what a reader takes in: a report page is a few hundred kilobytes.
const maxFile = 32 << 20

// Read reads a report from a file's bytes. The content decides; the name's extension only settles what the content leaves
// open. It returns an Invalid fault with a sentence for whoever chose the file.
func Read(name string, data []byte) (Annual, error) {
	if len(data) > maxFile {
		return Annual{}, fault.New(fault.Invalid, "这个文件超过 32 MB，不像是一份年度报告。")
	}
	head := bytes.TrimLeft(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")), " \t\r\n")
	switch ext := strings.ToLower(filepath.Ext(name)); {
	case bytes.HasPrefix(head, []byte("PK")):
		return ReadDOCX(bytes.NewReader(data), int64(len(data)))
	case bytes.HasPrefix(head, []byte("{")):
		return ReadJSON(bytes.NewReader(head))
	case bytes.HasPrefix(head, []byte("<")), ext == ".html", ext == ".htm":
		return ReadHTML(bytes.NewReader(data))
	}
	return Annual{}, fault.New(fault.Invalid, "认不出这个文件。请给出 JSON、网页（.html）或者 Word 文档（.docx）格式的年度报告。")
}

// ReadJSON reads a report in the schema xxgk-annual-report/1; unknown fields are ignored. Table 二 of the form of 2019 has
// other columns; when it does not fit it is left out.
func ReadJSON(r io.Reader) (Annual, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxFile))
	if err != nil {
		return Annual{}, fmt.Errorf("report: read json: %w", err)
	}
	a, err := decode(data)
	if err != nil {
		return Annual{}, fault.Wrap(fault.Invalid, err, "这个 JSON 文件读不懂：不是合规的 JSON，或者某个数填得不对。")
	}
	if a.Schema != "" && a.Schema != Schema {
		return Annual{}, fault.Newf(fault.Invalid, "这个 JSON 文件的格式是“%s”，这里只认识“%s”。", a.Schema, Schema)
	}
	if a.T2 == nil && a.T3 == nil && a.T4 == nil && len(a.Sections) == 0 && len(a.Narrative) == 0 {
		return Annual{}, fault.New(fault.Invalid, "这个 JSON 文件里没有年度报告的表格和文字。")
	}
	a.Schema = Schema
	return a, nil
}

func decode(data []byte) (Annual, error) {
	var a Annual
	err := json.Unmarshal(data, &a)
	if err == nil || !a.oldFormat() {
		return a, err
	}
	a = Annual{}
	return a, json.Unmarshal(data, &struct {
		*Annual
		T2 json.RawMessage `json:"t2"`
	}{Annual: &a})
}

// WriteJSON writes the report in the schema xxgk-annual-report/1; equal reports give equal bytes.
func WriteJSON(w io.Writer, a Annual) error {
	a.Schema = Schema
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	return enc.Encode(a)
}
