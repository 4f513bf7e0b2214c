package report_test

import (
	"bytes"
	"strings"
	"testing"

	"shoushan/disclosure"
	"shoushan/report"
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
