package report_test

import (
	"bytes"
	"html"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"shoushan/disclosure"
	"shoushan/report"
	"shoushan/workday"
)

func letter() disclosure.Letter {
	return disclosure.Letter{
		Organ: "陵川县崇文镇人民政府", Title: "政府信息公开申请答复书", Number: "崇政公复〔2026〕3号", Recipient: "王某某",
		Paragraphs: []string{"我机关于2026年11月23日收到您提出的政府信息公开申请（编号：2026-0012）。经研究，现答复如下：",
			"根据《中华人民共和国政府信息公开条例》第三十六条第（二）项的规定，您申请的信息予以公开，具体内容见附件。"},
		Attachments: []string{"资金使用情况表", "资金拨付明细 <2025> & 说明"}, SignedBy: "陵川县崇文镇人民政府", Date: date("2026-12-01"),
	}
}

func TestLetter(t *testing.T) {
	tests := []struct {
		name   string
		change func(*disclosure.Letter)
		want   []string
		not    []string
	}{
		{"all parts", func(*disclosure.Letter) {}, []string{"崇政公复〔2026〕3号", "王某某：", "附件：1. 资金使用情况表", "　　　2. 资金拨付明细 &lt;2025&gt; &amp; 说明", "2026年12月1日"}, nil},
		{"one attachment is not numbered", func(l *disclosure.Letter) { l.Attachments = l.Attachments[:1] }, []string{"附件：资金使用情况表"}, []string{"1. "}},
		{"no attachment", func(l *disclosure.Letter) { l.Attachments = nil }, nil, []string{"附件："}},
		{"recipient already with a colon", func(l *disclosure.Letter) { l.Recipient = "王某某：" }, []string{"王某某："}, []string{"王某某：："}},
		{"the organ is centred over the date", func(*disclosure.Letter) {}, []string{`<w:ind w:rightChars="225" w:right="720"/></w:pPr><w:r><w:rPr><w:rFonts w:hint="eastAsia"/></w:rPr><w:t xml:space="preserve">陵川县崇文镇人民政府`}, nil},
		{"a long name stays inside the margin", func(l *disclosure.Letter) { l.SignedBy = strings.Repeat("陵川县", 9) }, []string{`w:rightChars="0" w:right="0"`}, nil},
		{"the signature keeps a part of the text on its page", func(l *disclosure.Letter) { l.Attachments = nil }, []string{`<w:pStyle w:val="Body"/><w:keepNext/></w:pPr><w:r><w:rPr><w:rFonts w:hint="eastAsia"/></w:rPr><w:t xml:space="preserve">根据`}, nil},
		{"a long title is broken before its bracket", func(l *disclosure.Letter) {
			l.Title = "政府信息公开申请不予处理告知书（信访投诉举报）"
		},
			[]string{`告知书</w:t><w:br/><w:t xml:space="preserve">（信访投诉举报）`}, nil},
		{"a title that fits is not", func(l *disclosure.Letter) { l.Title = "政府信息公开申请告知书（行政查询事项）" }, []string{"告知书（行政查询事项）"}, nil},
		{"a line before the address of a page is not stretched", func(l *disclosure.Letter) {
			l.Paragraphs = []string{"行政复议申请也可以通过互联网提交：https://fuyi.example.gov.cn/。", "特此告知。"}
		}, []string{`<w:jc w:val="left"/></w:pPr><w:r><w:rPr><w:rFonts w:hint="eastAsia"/></w:rPr><w:t xml:space="preserve">行政复议`}, []string{`<w:jc w:val="left"/></w:pPr><w:r><w:rPr><w:rFonts w:hint="eastAsia"/></w:rPr><w:t xml:space="preserve">特此告知`}},
		{"no slip", func(*disclosure.Letter) {}, nil, []string{"pageBreakBefore"}},
		{"a slip on a page of its own", func(l *disclosure.Letter) {
			l.Slip = []string{"征求第三方意见书回执", "陵川县崇文镇人民政府：", "□ 同意公开。"}
		}, []string{`<w:pStyle w:val="Title"/><w:pageBreakBefore/></w:pPr>`, "□ 同意公开。"}, nil},
		{"no red heading", func(l *disclosure.Letter) { l.Organ = "" }, nil, []string{`w:val="Organ"`}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			l := letter()
			tt.change(&l)
			var b bytes.Buffer
			if err := report.WriteLetterDOCX(&b, l); err != nil {
				t.Fatal(err)
			}
			document := string(part(t, b.Bytes(), "word/document.xml"))
			for _, want := range tt.want {
				if !strings.Contains(document, want) {
					t.Errorf("the letter lacks %q", want)
				}
			}
			for _, not := range tt.not {
				if strings.Contains(document, not) {
					t.Errorf("the letter has %q", not)
				}
			}
		})
	}
}

func TestGoldenLetter(t *testing.T) {
	var b bytes.Buffer
	if err := report.WriteLetterDOCX(&b, letter()); err != nil {
		t.Fatal(err)
	}
	golden(t, "letter.document.xml", part(t, b.Bytes(), "word/document.xml"))
}

// TestEveryDocumentIsTypeset: each document whose text disclosure fixes becomes a whole Word file, and shows all of its text.
func TestEveryDocumentIsTypeset(t *testing.T) {
	files, err := filepath.Glob("../disclosure/testdata/letters/*.golden")
	if err != nil || len(files) < 40 {
		t.Fatalf("%d documents, %v", len(files), err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range lettersIn(t, string(text)) {
			var b bytes.Buffer
			if err := report.WriteLetterDOCX(&b, l); err != nil {
				t.Fatalf("%s: %v", file, err)
			}
			document := string(part(t, b.Bytes(), "word/document.xml"))
			for _, want := range slices.Concat(l.Paragraphs, l.Slip, []string{strings.Split(l.Title, "（")[0], l.Number, l.SignedBy, l.Date.Chinese()}) {
				if !strings.Contains(document, html.EscapeString(want)) {
					t.Errorf("%s: the document lacks %q", file, want)
				}
			}
		}
	}
}

var letterHead = regexp.MustCompile(`(?m)^\[\w+ → \w+\]\n`)

// lettersIn reads the letters of a golden file back.
func lettersIn(t *testing.T, text string) []disclosure.Letter {
	t.Helper()
	var out []disclosure.Letter
	for _, block := range letterHead.Split(text, -1)[1:] {
		lines := strings.Split(strings.TrimRight(block, "\n"), "\n")
		l := disclosure.Letter{Organ: lines[0], Title: lines[1], Number: lines[2], Recipient: strings.TrimSuffix(lines[3], "：")}
		for _, line := range lines[4:] {
			text, isText := strings.CutPrefix(line, "　　")
			switch {
			case !isText && l.SignedBy == "":
				l.SignedBy = line
			case !isText:
				l.Date = chineseDate(t, line)
			case !l.Date.IsZero():
				l.Slip = append(l.Slip, text)
			default:
				l.Paragraphs = append(l.Paragraphs, text)
			}
		}
		out = append(out, l)
	}
	return out
}

func chineseDate(t *testing.T, text string) workday.Date {
	t.Helper()
	on, err := time.Parse("2006年1月2日", text)
	if err != nil {
		t.Fatal(err)
	}
	return workday.On(on.Year(), on.Month(), on.Day())
}
