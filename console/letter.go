package console

import (
	"bytes"
	"net/http"
	"strconv"
	"strings"

	"shoushan/disclosure"
	"shoushan/fault"
	"shoushan/report"
	"shoushan/staff"
)

var errNoLetter = fault.New(fault.NotFound, "这件申请没有这份文书。")

type letterPage struct {
	frame
	ID          string
	Index       int
	Letter      disclosure.Letter
	Draft       bool
	MayDownload bool
}

// letterOf returns the letter that the address names, from 1.
func (c *Console) letterOf(v *visit) (disclosure.Request, int, error) {
	r, err := c.cfg.Requests.Request(v.ctx(), v.r.PathValue("id"))
	if err != nil {
		return r, 0, err
	}
	n, err := strconv.Atoi(v.r.PathValue("n"))
	if err != nil || n < 1 || n > len(r.Letters) {
		return r, 0, errNoLetter
	}
	return r, n, nil
}

// letter previews a document with the applicant masked: it is read for its reasons, not for the name.
func (c *Console) letter(v *visit) error {
	r, n, err := c.letterOf(v)
	if err != nil {
		return err
	}
	l := maskLetter(r.Letters[n-1], r.Filing.Personal)
	return c.show(v, http.StatusOK, "letter", &letterPage{
		frame: frame{Title: l.Title + " · " + r.ID, Here: "/requests"}, ID: r.ID, Index: n, Letter: l,
		Draft: unsigned(l), MayDownload: !unsigned(l) && v.who.May(staff.RevealPersonal),
	})
}

// unsigned reports whether a letter is a draft: nothing leaves the house without a second person's signature.
func unsigned(l disclosure.Letter) bool { return l.IssuedAt.IsZero() && l.Number == "" }

// maskLetter puts the masked personal data in place of what the letter quotes.
func maskLetter(l disclosure.Letter, p disclosure.Personal) disclosure.Letter {
	m := p.Masked()
	var pairs []string
	for _, pair := range [][2]string{
		{p.Description, m.Description}, {p.Address, m.Address}, {p.DocumentNumber, m.DocumentNumber}, {p.Email, m.Email},
		{p.Phone, m.Phone}, {p.Name, m.Name}, {p.Representative, m.Representative},
	} {
		if pair[0] != "" {
			pairs = append(pairs, pair[0], pair[1])
		}
	}
	replacer := strings.NewReplacer(pairs...)
	l.Recipient = replacer.Replace(l.Recipient)
	paragraphs := make([]string, len(l.Paragraphs))
	for i, text := range l.Paragraphs {
		paragraphs[i] = replacer.Replace(text)
	}
	l.Paragraphs = paragraphs
	return l
}

// letterDOCX hands out the document as it is served. It names the applicant, so it asks for the same right as looking at
// the personal data, and leaves the same trace.
func (c *Console) letterDOCX(v *visit) error {
	r, n, err := c.letterOf(v)
	if err != nil {
		return err
	}
	l := r.Letters[n-1]
	if unsigned(l) {
		return fault.New(fault.Conflict, "这份答复还没有签发，不能下载。签发之后会有文号。")
	}
	if _, err := c.cfg.Desk.Reveal(v.ctx(), v.who, r.ID, "下载文书："+l.Title); err != nil {
		return err
	}
	var buf bytes.Buffer
	if err := report.WriteLetterDOCX(&buf, l); err != nil {
		return err
	}
	return download(v, l.Title+r.ID+".docx", reportWriters["docx"].kind, buf.Bytes())
}
