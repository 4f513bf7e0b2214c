package report

import (
	"io"
	"strings"
)

// WriteDOCX writes the report as a Word document in the layout of official documents; equal reports give equal bytes.
func WriteDOCX(w io.Writer, a Annual) error {
	printed, err := a.printed()
	if err != nil {
		return err
	}
	doc := docxDocument{Title: printed.Title, Creator: a.Organ, Marks: printed.Marks}
	doc.add("Title", strings.Join(printed.TitleLines(), "\n"))
	doc.add("Body", printed.Preface...)
	for _, s := range printed.Sections {
		doc.addSection(s)
	}
	if printed.SignedOn != "" {
		doc.add("Body", "")
		doc.add("Sign", printed.SignedBy, printed.SignedOn)
	}
	if len(printed.Corrections) > 0 {
		doc.add("Heading1", correctionsTitle)
		doc.add("Body", printed.Corrections...)
	}
	return doc.write(w)
}

func (d *docxDocument) add(style string, texts ...string) {
	for _, text := range texts {
		d.Blocks = append(d.Blocks, docxBlock{Style: style, Text: text})
	}
}

func (d *docxDocument) addSection(s printedSection) {
	// Table 三 fills a page; beginning it on a new one keeps it whole.
	d.Blocks = append(d.Blocks, docxBlock{Style: "Heading1", Text: s.Title, NewPage: s.TableName == "三"})
	d.add("Body", s.Paragraphs...)
	for _, part := range s.Parts {
		d.add("Heading2", part.Title)
		d.add("Body", part.Paragraphs...)
	}
	if s.Table != nil {
		d.Blocks = append(d.Blocks, docxBlock{Table: s.Table.docx()})
		d.add("Gap", "")
	}
}
