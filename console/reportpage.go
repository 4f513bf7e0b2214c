package console

import (
	"bytes"
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"shoushan/report"
	"shoushan/staff"
	"shoushan/workday"
)

// verdictRow is one rule with how the report stands with it.
type verdictRow struct {
	Rule, Title, Colour, Standing string
	Findings                      []findingRow
}

// findingRow is one place where a rule is broken or questioned, with the records to open.
type findingRow struct {
	Sentence string
	Fails    bool
	Records  []recordLink
	More     int // records that are not named
}

// recordLink names a record; Path is "" when the member may not open it.
type recordLink struct{ Title, Path string }

// verdictList parts the rules into those that want somebody and those that hold.
type verdictList struct {
	Open, Held []verdictRow
	Broken     int
	Folded     bool // show the rules that hold only on demand
}

type sealRow struct {
	report.Seal
	Files []figureLink
}

type reportPage struct {
	frame
	Year     int
	Years    []int
	State    word
	Deadline string
	Urgent   bool
	Running  bool
	Next     string // what has to be done now, in one sentence
	Rules    verdictList
	Files    []figureLink
	Reviews  []reviewRow
	Seals    []sealRow
	Moved    []report.Change // since publication
	Before   string          // which report of the year before it is checked against
	Asks     bool            // for that report, as a file
	MayEdit  bool
	Trail    staff.Trail
	Forms    []verbForm
	Verbs    verbBox
	Typed    []field
	Problem  problem
}

// reportYear is the year whose report is in hand: the one before until the end of March (条例第四十九条), then this one.
func (c *Console) reportYear(v *visit) string {
	today := workday.Of(v.now)
	if today.Month() <= time.March {
		return strconv.Itoa(today.Year() - 1)
	}
	return strconv.Itoa(today.Year())
}

func (c *Console) yearReport(v *visit, asked string) (yearReport, error) {
	year, err := c.yearAsked(v, asked)
	if err != nil {
		return yearReport{}, err
	}
	w, err := c.cfg.Press.Work(v.ctx(), year)
	return yearReport{w, workday.Of(v.now).Year() > year}, err
}

func (c *Console) reportPage(v *visit) error {
	r, err := c.yearReport(v, cmp.Or(v.ask("year"), c.reportYear(v)))
	if err != nil {
		return err
	}
	p, err := c.pageOfReport(v, r)
	if err != nil {
		return err
	}
	return c.showReport(v, http.StatusOK, p)
}

func (c *Console) showReport(v *visit, status int, p *reportPage) error {
	p.Verbs = boxed(p.Forms)
	return c.show(v, status, "report", p)
}

func reportPath(year int) string { return fmt.Sprintf("/report/%d", year) }

// pageOfReport gathers what a member may see of a year's report and do with it now.
func (c *Console) pageOfReport(v *visit, r yearReport) (*reportPage, error) {
	year, e := r.Edition.Year, r.Edition
	p := &reportPage{
		frame: frame{Title: fmt.Sprintf("%d 年度报告", year), Here: "/report"}, Year: year, Years: c.years(v),
		State: editionState(e.State), Running: !r.ended, Reviews: reportReviews(e), Trail: slices.Clone(e.Trail),
		MayEdit: v.who.May(staff.EditReport) && e.Can(report.WriteText), Seals: sealRows(e), Next: reportNext(r),
	}
	for i := range p.Trail {
		p.Trail[i].Action = report.Verb(p.Trail[i].Action).Chinese()
	}
	slices.Reverse(p.Trail)
	due, err := report.Due(year, c.cfg.Organ.ReportDue)
	if err != nil {
		return nil, err
	}
	if p.Deadline, p.Urgent = e.Reminder(due, v.now); p.Running {
		p.Deadline = fmt.Sprintf("公布期限 %s。", due.Chinese())
	}
	if p.Rules, err = c.verdictsOf(v, r.Work, func(string) bool { return true }); err != nil {
		return nil, err
	}
	p.Rules.Folded = true
	if seal, ok := e.Published(); ok && e.State == report.Sealed {
		p.Moved = report.Compare(seal.Annual, sameDay(r.Annual, seal))
	} else {
		p.Files = c.draftFiles(year)
	}
	p.Before, p.Asks = beforeText(r), p.MayEdit && (r.Last == nil || e.Before != nil)
	p.Forms, err = offers(c, v, reportVerbs, reportPath(year), r)
	return p, err
}

// beforeText says what carried-over requests and documents in force are checked against.
func beforeText(r yearReport) string {
	switch last := r.Edition.Year - 1; {
	case r.Last == nil:
		return fmt.Sprintf("这里没有 %d 年的报告，上年结转、现行有效件数没有核对。如果它是在别处发布的，请选择当时发布的网页、Word 文档或者 JSON。", last)
	case r.Edition.Before != nil:
		return fmt.Sprintf("上年结转、现行有效件数与给出的 %s%d 年报告核对。", r.Last.Annual.Organ, last)
	case r.Last.Seal != nil:
		return fmt.Sprintf("上年结转、现行有效件数与已发布的 %d 年报告核对。", last)
	default:
		return fmt.Sprintf("上年结转、现行有效件数与这里的 %d 年报告核对，那一年的报告还没有在这里发布。", last)
	}
}

// giveBefore takes last year's report, published elsewhere, for the comparison.
func (c *Console) giveBefore(v *visit) error {
	r, err := c.yearReport(v, v.r.PathValue("year"))
	if err != nil {
		return err
	}
	name, data, cause := uploadedFile(v, "before")
	if cause == nil {
		var before report.Annual
		if before, cause = c.readReport(v, name, data); cause == nil {
			_, cause = c.cfg.Press.Compare(v.ctx(), v.who, r.Edition.Year, before)
		}
	}
	if cause == nil {
		return c.redirect(v, fmt.Sprintf("/report?year=%d", r.Edition.Year), "已用这份报告核对。")
	}
	p, err := c.pageOfReport(v, r)
	if err != nil {
		return err
	}
	p.Problem = c.explain(v, cause)
	return c.showReport(v, p.Problem.Status, p)
}

// sameDay gives the live draft what only publication adds, so that the two compare.
func sameDay(live report.Annual, seal report.Seal) report.Annual {
	live.SignedOn, live.Corrections = seal.Annual.SignedOn, seal.Annual.Corrections
	return live
}

func editionState(s report.EditionState) word {
	colours := map[report.EditionState]string{report.Writing: "blue", report.Reviewed: "amber", report.Passed: "amber", report.Sealed: "green"}
	return word{s.Chinese(), colours[s]}
}

// reportNext says who has to do what now.
func reportNext(r yearReport) string {
	e := r.Edition
	switch {
	case e.Correcting != "" && e.State == report.Writing:
		return "正在更正已发布的报告，原因：" + e.Correcting
	case e.State == report.Writing && !r.ended:
		return "这一年还没有结束，数字随记录变化；年度结束以后可以送审。文字现在就可以写。"
	case e.State == report.Writing && report.Failed(r.Findings):
		return "还有不通过的项目，改正以后才能送审。"
	case e.State == report.Writing:
		return "检查都通过了，可以送审。"
	case e.State == report.Reviewed:
		return "等待" + e.NextRound(r.Annual.Fingerprint()).Chinese() + "。写过这份报告的人不能审核它，三审由三个人进行。"
	case e.State == report.Passed:
		return "已经审定，等待有发布权限的人发布并封存。"
	}
	return ""
}

func reportReviews(e report.Edition) []reviewRow {
	var out []reviewRow
	for _, r := range e.Reviews {
		out = append(out, reviewRow{Round: r.Round.Chinese(), By: r.ByName, Comment: r.Comment, At: r.At, Approved: r.Approved})
	}
	return out
}

// verdictsOf judges the rules that are wanted, in the order of the report. The records are read only when a finding can be laid
// to some of them.
func (c *Console) verdictsOf(v *visit, w report.Work, wanted func(rule string) bool) (out verdictList, err error) {
	var records report.Records
	if slices.ContainsFunc(w.Findings, func(f report.Violation) bool { return report.Traceable(f.Rule) }) {
		if records, err = c.cfg.Press.Records(v.ctx(), w.Edition.Year); err != nil {
			return out, err
		}
	}
	colours := map[report.Standing]string{report.Held: "green", report.Questioned: "amber", report.Broken: "red"}
	for _, x := range w.Verdicts() {
		if !wanted(x.Rule) || x.Rule == report.RulePreviousFor { // the house itself picks last year's report
			continue
		}
		row := verdictRow{Rule: x.Rule, Title: x.Title, Colour: colours[x.Standing], Standing: x.Standing.Chinese()}
		for _, f := range x.Findings {
			row.Findings = append(row.Findings, findingOf(f, w.Offenders(records, f), v.who))
		}
		switch x.Standing {
		case report.Held:
			out.Held = append(out.Held, row)
			continue
		case report.Broken:
			out.Broken++
			out.Open = slices.Insert(out.Open, out.Broken-1, row)
			continue
		case report.Questioned, report.NotChecked:
		}
		out.Open = append(out.Open, row)
	}
	return out, nil
}

// maxOffenders bounds the records that are named under one finding; the figure's own list has them all.
const maxOffenders = 20

func findingOf(f report.Violation, offenders []report.Source, who staff.Member) findingRow {
	row := findingRow{Sentence: f.Message, Fails: f.Severity == report.Fail}
	for _, s := range offenders {
		if len(row.Records) == maxOffenders {
			row.More++
			continue
		}
		row.Records = append(row.Records, recordLinkOf(s, who))
	}
	return row
}

func recordLinkOf(s report.Source, who staff.Member) recordLink {
	link := recordLink{Title: s.Title}
	base, rights := "/posts/", newsroom
	switch s.Kind {
	case report.RequestRecord:
		base, rights = "/requests/", requests
	case report.RegisterRecord:
		base, rights = "/registers/", registering
	case report.PostRecord:
	}
	if (route{rights: rights}).allows(who) {
		link.Path = base + url.PathEscape(s.ID)
	} else if s.Kind == report.RegisterRecord {
		link.Title = "台账记录" // its title may name a person
	}
	return link
}

// actOnReport does one verb on a year's report; when it is refused the page comes back with what was typed and the sentence.
func (c *Console) actOnReport(a verb[yearReport]) handler {
	return func(v *visit) error {
		r, err := c.yearReport(v, v.r.PathValue("year"))
		if err != nil {
			return err
		}
		done, cause := a.do(c, v, r)
		if cause == nil {
			return c.redirect(v, fmt.Sprintf("/report?year=%d", r.Edition.Year), done)
		}
		if r, err = c.yearReport(v, v.r.PathValue("year")); err != nil {
			return err
		}
		p, err := c.pageOfReport(v, r)
		if err != nil {
			return err
		}
		why := c.explain(v, cause)
		fresh, err := a.form(c, v, reportPath(p.Year), r)
		if err != nil {
			return err
		}
		if typed := fresh.refill(v.r.PostForm, why); !reopen(p.Forms, typed) {
			p.Problem, p.Typed = why, typedAgain(typed)
		}
		return c.showReport(v, why.Status, p)
	}
}

// reportPreview shows the version that the public reads, or the live draft while somebody works on it.
func (c *Console) reportPreview(v *visit) error {
	r, err := c.yearReport(v, v.r.PathValue("year"))
	if err != nil {
		return err
	}
	annual := r.Annual
	if seal, ok := r.Edition.Published(); ok && r.Edition.State == report.Sealed {
		annual = seal.Annual
	}
	var buf bytes.Buffer
	if err := report.WriteHTML(&buf, annual); err != nil {
		return err
	}
	return showDocument(v, buf.Bytes())
}
