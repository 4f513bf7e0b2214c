package report

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"shoushan/fault"
)

// The most that is read of one XML part, unpacked: a small file may unpack to a thousand times its size.
const (
	maxPart     = 4 << 20
	maxElements = 200_000
)

const notDOCX = "这个文件不是 Word 文档（.docx）。旧的 .doc 文件请先另存为 .docx；Excel 文件不能检查。"

// ReadDOCX reads a report from a Word document of the given size.
func ReadDOCX(r io.ReaderAt, size int64) (Annual, error) {
	archive, err := zip.NewReader(r, size)
	if err != nil {
		return Annual{}, fault.Wrap(fault.Invalid, err, notDOCX)
	}
	body, err := readPart(archive, "word/document.xml")
	if errors.Is(err, errBigPart) {
		return Annual{}, fault.Wrap(fault.Invalid, err, "这个 Word 文档的内容太多（超过 4 MB 或者 20 万个元素），不像是一份年度报告。")
	}
	if err != nil {
		return Annual{}, fault.Wrap(fault.Invalid, err, notDOCX)
	}
	p := page{meta: documentProperties(archive)}
	p.addNodes(body.Nodes)
	return p.annual()
}

// xmlNode is an element of WordprocessingML with everything below it.
type xmlNode struct {
	XMLName xml.Name
	Attrs   []xml.Attr `xml:",any,attr"`
	Nodes   []xmlNode  `xml:",any"`
	Text    string     `xml:",chardata"`
}

func readPart(archive *zip.Reader, name string) (xmlNode, error) {
	var root xmlNode
	f, err := archive.Open(name)
	if err != nil {
		return root, fmt.Errorf("report: docx: %w", err)
	}
	limited := &io.LimitedReader{R: f, N: maxPart + 1}
	err = xml.NewTokenDecoder(&countedTokens{in: xml.NewDecoder(limited), left: maxElements}).Decode(&root)
	if limited.N <= 0 {
		err = fmt.Errorf("report: docx: %s: %w", name, errBigPart)
	}
	return root, errors.Join(err, f.Close())
}

var errBigPart = errors.New("too large")

// countedTokens ends with errBigPart after so many elements.
type countedTokens struct {
	in   *xml.Decoder
	left int
}

// Token returns the next token as it is written; the reader above resolves the name spaces.
func (c *countedTokens) Token() (xml.Token, error) {
	t, err := c.in.RawToken()
	if _, starts := t.(xml.StartElement); starts {
		if c.left--; c.left < 0 {
			return nil, errBigPart
		}
	}
	return t, err
}

// documentProperties reads our own marks; a document of someone else has none.
func documentProperties(archive *zip.Reader) map[string]string {
	out := map[string]string{}
	root, err := readPart(archive, "docProps/custom.xml")
	if err != nil {
		return out
	}
	for _, property := range root.Nodes {
		name := property.attribute("name")
		if strings.HasPrefix(name, metaPrefix) && len(property.Nodes) == 1 {
			out[strings.TrimPrefix(name, metaPrefix)] = property.Nodes[0].Text
		}
	}
	return out
}

func (p *page) addNodes(nodes []xmlNode) {
	for _, n := range nodes {
		switch n.XMLName.Local {
		case "p":
			p.blocks = append(p.blocks, block{text: squeeze(n.words())})
		case "tbl":
			p.blocks = append(p.blocks, block{table: n.rows()})
		default:
			p.addNodes(n.Nodes)
		}
	}
}

// words returns the text of a paragraph or cell; deleted text and field codes are not text.
func (n xmlNode) words() string {
	switch n.XMLName.Local {
	case "t":
		return n.Text
	case "tab", "br", "cr":
		return " "
	case "del", "instrText", "pPr", "rPr", "tcPr":
		return ""
	}
	var b strings.Builder
	for _, c := range n.Nodes {
		b.WriteString(c.words())
	}
	return b.String()
}

// rows returns the texts of a table's cells, each in the row in which it begins.
func (n xmlNode) rows() rawTable {
	var out rawTable
	for _, tr := range n.children("tr") {
		var row []string
		for _, tc := range tr.children("tc") {
			if !tc.continuesMerge() {
				row = append(row, squeeze(tc.words()))
			}
		}
		out = append(out, row)
	}
	return out
}

// continuesMerge reports whether a cell is only the lower part of one that began in a row above.
func (n xmlNode) continuesMerge() bool {
	for _, properties := range n.children("tcPr") {
		for _, merge := range properties.children("vMerge") {
			return merge.attribute("val") != "restart"
		}
	}
	return false
}

// children returns the elements of that name, through wrappers such as content controls.
func (n xmlNode) children(name string) []xmlNode {
	var out []xmlNode
	for _, c := range n.Nodes {
		switch c.XMLName.Local {
		case name:
			out = append(out, c)
		case "sdt", "sdtContent", "ins":
			out = append(out, c.children(name)...)
		}
	}
	return out
}

func (n xmlNode) attribute(name string) string {
	for _, a := range n.Attrs {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}
