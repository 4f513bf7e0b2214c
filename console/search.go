package console

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"shoushan/disclosure"
	"shoushan/fault"
	"shoushan/staff"
)

var numberForm = regexp.MustCompile(`^[0-9]{0,4}-?[0-9]{0,4}$`)

// searchRequests looks through everything that a person remembers of a request: its number, the applicant, the agent, the
// telephone, the words of the application, letters' and files' numbers. What was typed may be a name, so it is posted and
// never stands in an address; a number leads to the register's own address.
func (c *Console) searchRequests(v *visit) error {
	words := strings.Fields(v.form("q"))
	if len(words) == 0 {
		return fault.New(fault.Invalid, "请填写要查找的编号、姓名、电话或者内容，例如：2026-0012，或者“低保名册”。")
	}
	if len(words) == 1 && numberForm.MatchString(words[0]) {
		return c.redirect(v, "/requests?queue=all&q="+url.QueryEscape(words[0]), "")
	}
	all, err := c.cfg.Requests.Requests(v.ctx(), disclosure.Query{})
	if err != nil {
		return err
	}
	found := keep(all, func(r disclosure.Request) bool {
		text := searchable(r, v.who.May(staff.RevealPersonal))
		return !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(text, strings.ToLower(w)) })
	})
	faces, err := c.faces(v, found)
	if err != nil {
		return err
	}
	slices.SortStableFunc(found, func(a, b disclosure.Request) int { return byUrgency(a, b, faces) })
	p := &requestsPage{frame: frame{Title: "查找申请", Here: "/requests"}, Search: v.form("q"), Empty: "没有找到。可以换一个说法，或者只填编号的一部分。"}
	shown := found[:min(len(found), perPage)]
	p.Paging = paging{Total: len(found), Page: 1, Pages: 1}
	if p.Rows, err = c.requestRows(v, shown, faces); err != nil {
		return err
	}
	return c.show(v, http.StatusOK, "requests", p)
}

// searchable is the text in which a request is looked for. Who may not see personal data cannot find out by guessing
// either.
func searchable(r disclosure.Request, personal bool) string {
	p := r.Filing.Personal
	if !personal {
		p = disclosure.Personal{Description: p.Masked().Description}
	}
	texts := []string{r.ID, p.Name, p.DocumentNumber, p.Representative, p.Agent, p.Phone, p.Email, p.Description}
	for _, l := range r.Letters {
		texts = append(texts, l.Number)
	}
	for _, m := range r.Remedies {
		texts = append(texts, m.Number)
	}
	if r.Archive != nil {
		texts = append(texts, r.Archive.Number)
	}
	return strings.ToLower(strings.Join(texts, "\n"))
}
