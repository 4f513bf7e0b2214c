package report

import (
	"io"
	"strings"
	"unicode/utf8"

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
	doc.add("Title", titleLines(l.Title))
	if l.Recipient != "" {
		doc.add("Plain", strings.TrimSuffix(l.Recipient, "：")+"：")
	}
	doc.add("Body", l.Paragraphs...)
	doc.add("Body", attachmentLines(l.Attachments)...)
	doc.Blocks[len(doc.Blocks)-1].Keep = true // a signature does not stand alone on a page
	doc.Blocks = append(doc.Blocks, docxBlock{Style: "Body", Keep: true})
	doc.sign(l.SignedBy, l.Date.Chinese())
	doc.addSlip(l.Slip)
	return doc.write(w)
}

// titleLine is how many characters of 二号 (22 points) stand on a line between the margins.
const titleLine = 20

// titleLines breaks a title that is longer than a line before its bracket, so that no word is torn (GB/T 9704, 7.3.1).
func titleLines(title string) string {
	if at := strings.Index(title, "（"); at > 0 && utf8.RuneCountInString(title) > titleLine {
		return title[:at] + "\n" + title[at:]
	}
	return title
}

// dateRight is how far the date stands from the right margin, in hundredths of a character (GB/T 9704, 7.3.5.1).
const dateRight = 400

// sign sets the signing organ centred over the date, which stands four characters from the right, as GB/T 9704 has it for
// what is sealed. A longer name begins to the left, and never runs over the margin.
func (d *docxDocument) sign(organ, date string) {
	right := max(dateRight-(hundredths(organ)-hundredths(date))/2, 0)
	d.Blocks = append(d.Blocks, docxBlock{Style: "Sign", Text: organ, Right: &right}, docxBlock{Style: "Sign", Text: date})
}

// hundredths is the width of a text in hundredths of a Chinese character; digits are half as wide.
func hundredths(text string) int {
	n := 0
	for _, r := range text {
		if r < 0x80 {
			n += 50
		} else {
			n += 100
		}
	}
	return n
}

// addSlip puts the slip for the answer (回执) on a page of its own.
func (d *docxDocument) addSlip(lines []string) {
	if len(lines) < 2 {
		return
	}
	d.Blocks = append(d.Blocks, docxBlock{Style: "Title", Text: lines[0], NewPage: true})
	d.add("Plain", lines[1])
	d.add("Body", lines[2:]...)
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
