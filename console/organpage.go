package console

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"

	"shoushan/disclosure"
	"shoushan/fault"
)

// organPage shows the organ's profile (机关概况) as this process works with it, and writes a corrected file. The profile stays a
// file of the operators: it is printed in documents with legal effect, all processes and commands have to agree on it, and
// doctor checks it before they start.
type organPage struct {
	frame
	Lines   []disclosure.ProfileLine
	Grave   int
	Advice  int
	Problem problem
}

func (c *Console) organ(v *visit) error {
	return c.showOrgan(v, http.StatusOK, c.cfg.Organ, problem{})
}

func (c *Console) showOrgan(v *visit, status int, o disclosure.Organ, why problem) error {
	p := &organPage{frame: frame{Title: "机关概况", Here: "/organ"}, Lines: o.Profile(), Grave: graveLines(o), Problem: why}
	for _, l := range p.Lines {
		if l.Problem != "" && !l.Grave {
			p.Advice++
		}
	}
	return c.show(v, status, "organ", p)
}

// graveLines counts what the service should not work with.
func graveLines(o disclosure.Organ) int {
	n := 0
	for _, l := range o.Profile() {
		if l.Grave {
			n++
		}
	}
	return n
}

// organFile answers with the profile as it was corrected in the form, as the file that the operators put in place.
func (c *Console) organFile(v *visit) error {
	o := c.cfg.Organ
	for _, l := range o.Profile() {
		o.SetProfile(l.Key, v.form(l.Key))
	}
	if n := graveLines(o); n > 0 {
		why := c.explain(v, fault.New(fault.Invalid, fmt.Sprintf("还有 %d 项必须改正，改好以后再下载。", n)))
		return c.showOrgan(v, why.Status, o, why)
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(o); err != nil {
		return fmt.Errorf("console: write the organ's profile: %w", err)
	}
	return download(v, "organ.json", "application/json; charset=utf-8", out.Bytes())
}
