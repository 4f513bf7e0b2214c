package console

import (
	"bytes"
	"fmt"
	"html"
	"net/http"
	"slices"
	"strings"

	"shoushan/fault"
	"shoushan/report"
	"shoushan/workday"
)

// partRow is one part of a report's text in the editor.
type partRow struct {
	report.ProsePart
	Text     string
	Lines    int
	Told     [][]report.Told // as the report will print it, paragraph by paragraph
	Problem  string          // why it cannot be told
	Typed    bool            // it holds numbers typed by hand
	Shown    bool            // telling it shows more than the text itself
	Compared bool            // last year's text is at hand
	Diff     report.PartDiff
}

// bindingGroup is one group of figures to insert.
type bindingGroup struct {
	Title string
	Items []report.Binding
}

type reportEditPage struct {
	frame
	Year, Last int
	Version    int
	Parts      []partRow
	SignedOn   string
	Usual      []report.Binding
	Groups     []bindingGroup
	Theirs     []report.PartDiff // what somebody else saved meanwhile, against what was typed
	Problem    problem
}

func (c *Console) editReport(v *visit) error {
	r, err := c.yearReport(v, v.r.PathValue("year"))
	if err != nil {
		return err
	}
	if !r.Edition.Can(report.WriteText) {
		return fault.Newf(fault.Conflict, "%d 年的报告现在是“%s”，不能修改文字。", r.Edition.Year, r.Edition.State.Chinese())
	}
	return c.show(v, http.StatusOK, "reportedit", c.editorOf(r, r.Edition.Prose, r.Edition.Version))
}

// editorOf is the editor with a text in it: the stored one, or what was typed.
func (c *Console) editorOf(r yearReport, prose report.Prose, version int) *reportEditPage {
	year := r.Edition.Year
	b := report.NewBinder(year, c.cfg.Organ, r.Counted)
	p := &reportEditPage{
		frame: frame{Title: fmt.Sprintf("编写 %d 年度报告", year), Here: "/report"}, Year: year, Last: year - 1, Version: version,
		SignedOn: prose.SignedOn.String(),
	}
	p.Usual, p.Groups = groupBindings(b.Bindings())
	var diff []report.PartDiff
	if r.Last.Written() {
		diff = report.DiffProse(r.Last.Prose, prose)
	}
	for i, part := range prose.Parts() {
		row := partRow{ProsePart: part, Text: strings.Join(part.Texts, "\n"), Compared: r.Last.Written()}
		row.Lines = min(max(3, len([]rune(row.Text))/34+len(part.Texts)+1), 14)
		if row.Compared {
			row.Diff = diff[i]
		}
		row.tell(b)
		p.Parts = append(p.Parts, row)
	}
	return p
}

// tell puts the figures in.
func (p *partRow) tell(b report.Binder) {
	for _, text := range p.Texts {
		told, err := b.Tell(text)
		if err != nil {
			p.Problem = fault.Message(err)
			return
		}
		p.Told = append(p.Told, told)
		p.Typed = p.Typed || slices.ContainsFunc(told, func(x report.Told) bool { return x.Typed })
		p.Shown = p.Shown || slices.ContainsFunc(told, func(x report.Told) bool { return x.Typed || x.Binding != "" })
	}
}

// groupBindings parts the figures into those that every report uses and the cells of each table.
func groupBindings(all []report.Binding) (usual []report.Binding, groups []bindingGroup) {
	titles := map[string]string{"t2": "表二的数字", "t3": "表三的数字", "t4": "表四的数字"}
	for _, x := range all {
		table, _, _ := strings.Cut(x.Name, ".")
		title, cell := titles[table]
		if !cell {
			usual = append(usual, x)
			continue
		}
		if len(groups) == 0 || groups[len(groups)-1].Title != title {
			groups = append(groups, bindingGroup{Title: title})
		}
		last := &groups[len(groups)-1]
		x.Label = strings.TrimPrefix(x.Label, strings.TrimSuffix(title, "的数字")+" ")
		last.Items = append(last.Items, x)
	}
	return usual, groups
}

// typedProse reads the posted text.
func typedProse(v *visit, stored report.Prose) (report.Prose, error) {
	prose := stored
	for _, part := range stored.Parts() {
		prose = prose.With(part.ID, v.form(part.ID))
	}
	prose.SignedOn = workday.Date{}
	if v.form("signed_on") == "" {
		return prose, nil
	}
	var err error
	prose.SignedOn, err = v.date("signed_on", "落款日期")
	return prose, err
}

func (c *Console) saveReport(v *visit) error {
	r, err := c.yearReport(v, v.r.PathValue("year"))
	if err != nil {
		return err
	}
	version := v.number("version")
	prose, err := typedProse(v, r.Edition.Prose)
	if err == nil {
		if _, err = c.cfg.Press.Edit(v.ctx(), v.who, r.Edition.Year, version, prose); err == nil {
			to := fmt.Sprintf("/report?year=%d", r.Edition.Year)
			if v.form("stay") != "" {
				to = reportPath(r.Edition.Year) + "/edit"
			}
			return c.redirect(v, to, "已保存。")
		}
	}
	return c.retype(v, r, prose, version, err)
}

// retype shows the editor again with everything that was typed and the sentence. When somebody else saved meanwhile, their
// text stands beside it, and the next save is against theirs.
func (c *Console) retype(v *visit, r yearReport, prose report.Prose, version int, cause error) error {
	p := c.editorOf(r, prose, version)
	p.Problem = c.explain(v, cause)
	if version != r.Edition.Version && r.Edition.Can(report.WriteText) {
		p.Version = r.Edition.Version
		for _, d := range report.DiffProse(r.Edition.Prose, prose) {
			if d.Changed {
				p.Theirs = append(p.Theirs, d)
			}
		}
	}
	return c.show(v, p.Problem.Status, "reportedit", p)
}

// readTyped shows the report with the text as it is typed, saved or not.
func (c *Console) readTyped(v *visit) error {
	r, err := c.yearReport(v, v.r.PathValue("year"))
	if err != nil {
		return err
	}
	prose, err := typedProse(v, r.Edition.Prose)
	var annual report.Annual
	if err == nil {
		annual, err = report.DraftFrom(r.Edition.Year, c.cfg.Organ, prose, r.Counted)
	}
	if err != nil {
		return showDocument(v, []byte(`<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>预览</title></head><body><p>`+
			html.EscapeString(c.explain(v, err).Sentence)+`</p></body></html>`))
	}
	var buf bytes.Buffer
	if err := report.WriteHTML(&buf, annual); err != nil {
		return err
	}
	return showDocument(v, buf.Bytes())
}
