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
	r.Letters = r.Papers()
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
	l := maskLetter(r, n, c.cfg.Organ.Phone, c.cfg.Organ.Fax)
	return c.show(v, http.StatusOK, "letter", &letterPage{
		frame: frame{Title: l.Title + " · " + r.ID, Here: "/requests"}, ID: r.ID, Index: n, Letter: l,
		Draft: unsigned(l), MayDownload: !unsigned(l) && v.who.May(staff.RevealPersonal),
	})
}

// unsigned reports whether a letter is a draft: nothing leaves the house without a second person's signature.
func unsigned(l disclosure.Letter) bool { return l.IssuedAt.IsZero() && l.Number == "" }

// maskLetter returns letter n, from 1, with the masked data in place of what it quotes: of the applicant, of each third
// party that was asked, and the code that opens the progress page. Other long numbers are masked wherever they stand, but
// for those that the organ itself has published.
func maskLetter(r disclosure.Request, n int, published ...string) disclosure.Letter {
	l := r.Letters[n-1]
	replacer := strings.NewReplacer(maskedPairs(r)...)
	l.Recipient = replacer.Replace(l.Recipient)
	paragraphs := make([]string, len(l.Paragraphs))
	for i, text := range l.Paragraphs {
		paragraphs[i] = maskNumbersBut(published, replacer.Replace(text))
	}
	l.Paragraphs = paragraphs
	return l
}

// maskedPairs lists what a letter may quote, each followed by what stands in its place. The description comes first: it
// may hold the others.
func maskedPairs(r disclosure.Request) []string {
	var all [][2]string
	people := append([]disclosure.Personal{r.Filing.Personal}, r.Formerly...)
	for _, p := range people {
		all = append(all, [2]string{p.Description, p.Masked().Description})
	}
	for _, c := range r.Consultations { // before the applicant, whose name may be a part of a company's
		all = append(all, [2]string{c.Name, disclosure.Personal{Name: c.Name}.Masked().Name})
	}
	for _, p := range people {
		m := p.Masked()
		all = append(all, [][2]string{
			{p.Address, m.Address}, {p.DocumentNumber, m.DocumentNumber}, {p.Email, m.Email}, {p.Phone, m.Phone}, {p.Name, m.Name},
			{p.Representative, m.Representative}, {p.AgentDocument, m.AgentDocument}, {p.Agent, m.Agent},
		}...)
	}
	all = append(all, [2]string{r.QueryCode, "******"})
	var pairs []string
	for _, pair := range all {
		if pair[0] != "" {
			pairs = append(pairs, pair[0], pair[1])
		}
	}
	return pairs
}

// maskNumbersBut is maskNumbers for what stands around the numbers that are published.
func maskNumbersBut(published []string, text string) string {
	for _, number := range published {
		if number == "" {
			continue
		}
		if before, after, found := strings.Cut(text, number); found {
			return maskNumbersBut(published, before) + number + maskNumbersBut(published, after)
		}
	}
	return maskNumbers(text)
}

// maskNumbers masks the long numbers of a text as disclosure masks those of a description.
func maskNumbers(text string) string {
	return disclosure.Personal{Description: text}.Masked().Description
}

// letterDOCX hands out the document as it is served. It names the applicant, so it asks for the same right as looking at
// the personal data, and leaves the same trace.
func (c *Console) letterDOCX(v *visit) error {
	if !navigated(v.r) {
		return fault.New(fault.Forbidden, "文书只能在办理页面上点击下载，不能由别的内容引用。")
	}
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
	return download(v, l.Title+r.ID+".docx", fileKinds["docx"].kind, buf.Bytes())
}

// navigated reports whether a person asked for the address: a picture or script of a page that names it does not count,
// because the answer leaves a trace. Browsers too old for the header pass.
func navigated(r *http.Request) bool {
	switch r.Header.Get("Sec-Fetch-Dest") {
	case "", "document", "empty", "none":
		return true
	}
	return false
}
