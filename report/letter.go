package report

import (
	"io"
	"strings"

	"shoushan/disclosure"
)

// WriteLetterDOCX writes a letter of a request's case (答复书, 告知书 …) in the layout of official documents: the organ in
// red on top, letter number over the red line, title, recipient, text, attachments, and the signing organ with the date.
func WriteLetterDOCX(w io.Writer, l disclosure.Letter) error {
	doc := docxDocument{Title: l.Title, Creator: l.Organ}
	if l.Organ != "" {
		doc.add("Organ", l.Organ)
	}
	doc.add("Number", l.Number) // its lower edge is the red line, also where there is no number
	doc.add("Title", l.Title)
	if l.Recipient != "" {
		doc.add("Plain", strings.TrimSuffix(l.Recipient, "：")+"：")
	}
	doc.add("Body", l.Paragraphs...)
	doc.add("Body", attachmentLines(l.Attachments)...)
	doc.add("Body", "")
	doc.add("Sign", l.SignedBy, l.Date.Chinese())
	return doc.write(w)
}

// attachmentLines lists attachments as GB/T 9704 does: 附件：1. … on the first line, the others numbered below.
func attachmentLines(names []string) []string {
	switch len(names) {
	case 0:
		return nil
	case 1:
		return []string{"", "附件：" + names[0]}
	}
	out := []string{""}
	for i, name := range names {
		lead := "　　　"
		if i == 0 {
			lead = "附件："
		}
		out = append(out, lead+Int(i+1).String()+". "+name)
	}
	return out
}
