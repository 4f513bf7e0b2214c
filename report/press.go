package report

import (
	"context"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"shoushan/disclosure"
	"shoushan/fault"
	"shoushan/posts"
	"shoushan/staff"
	"shoushan/workday"
)

// Editions is where the reports of the years are kept.
type Editions interface {
	// Edition returns the edition of a year, or a NotFound fault when nobody has worked on it yet.
	Edition(ctx context.Context, year int) (Edition, error)
	// UpdateEdition lets change alter the edition and stores it; all or nothing. An edition that is not there yet comes to change
	// with nothing but its year. When someone else wrote in between, change is run again. An error of change is returned as it is.
	UpdateEdition(ctx context.Context, year int, change func(*Edition) error) (Edition, error)
}

// Vault keeps the files of published reports.
type Vault interface {
	// SaveFile stores the data and returns the id under which it is found again.
	SaveFile(ctx context.Context, data []byte) (string, error)
}

// Format is a form in which a report is published.
type Format struct {
	Extension string // docx
	Write     func(io.Writer, Annual) error
}

// Formats are the forms that need nothing but this program, in the order in which they are offered.
func Formats() []Format {
	return []Format{{"docx", WriteDOCX}, {"html", WriteHTML}, {"xlsx", WriteXLSX}, {"json", WriteJSON}, {"svg", WriteSVG}}
}

// Press takes the report of a year from its draft to the public: written, reviewed by three people, sealed, and after that
// only corrected in the open (条例第四十九条、第五十条).
type Press struct {
	Editions Editions
	Vault    Vault
	Organ    disclosure.Organ
	// Prose returns the text that a year begins with: what was on record before editions were, else DefaultProse.
	Prose func(ctx context.Context, year int) (Prose, error)
	// Records returns what the figures of a year are counted from.
	Records func(ctx context.Context, year int) (Records, error)
	// Counted is optional: it counts a year from indexes, as Records would count to. A version is sealed from the records themselves.
	Counted func(ctx context.Context, year int) (YearCounts, error)
	// Lists is optional: it lists what a figure counts from indexes, as Records would list it.
	Lists Lists
	// Formats are written and sealed at publication.
	Formats []Format
	Now     func() time.Time
}

// Work is the report of a year as it stands now.
type Work struct {
	Edition  Edition
	Annual   Annual // counted from the records of this moment
	Findings []Violation
	Counted  YearCounts
	Last     *LastYear // nil when there is no report of the year before
}

// Offenders finds the records to which a finding can be laid; see Records.Offenders.
func (w Work) Offenders(records Records, v Violation) []Source {
	var sealed *Seal
	if w.Last != nil {
		sealed = w.Last.Seal
	}
	return records.Sources(records.Offenders(v, w.Edition.Year, sealed))
}

// Verdicts judges the draft rule by rule.
func (w Work) Verdicts() []Verdict { return Verdicts(w.Findings, w.Last != nil) }

// Work returns the report of a year with everything that is known about it: the live draft and what Check finds.
func (p *Press) Work(ctx context.Context, year int) (Work, error) {
	edition, err := p.edition(ctx, year)
	if err != nil {
		return Work{}, err
	}
	return p.work(ctx, edition)
}

func (p *Press) work(ctx context.Context, edition Edition) (Work, error) {
	counted, err := p.Count(ctx, edition.Year)
	if err != nil {
		return Work{}, err
	}
	return p.workOn(ctx, edition, counted)
}

// Count counts a year, from indexes where there are any.
func (p *Press) Count(ctx context.Context, year int) (YearCounts, error) {
	if p.Counted != nil {
		return p.Counted(ctx, year)
	}
	records, err := p.Records(ctx, year)
	return records.Year(year), err
}

func (p *Press) workOn(ctx context.Context, edition Edition, counted YearCounts) (Work, error) {
	w := Work{Edition: edition, Counted: counted}
	var err error
	if w.Annual, err = DraftFrom(edition.Year, p.Organ, edition.Prose, counted); err != nil {
		return Work{}, err
	}
	if w.Last, err = p.lastYear(ctx, edition); err != nil {
		return Work{}, err
	}
	var previous *Annual
	if w.Last != nil {
		previous = &w.Last.Annual
	}
	w.Findings = append(Check(w.Annual, previous), edition.Prose.check()...)
	return w, nil
}

// edition returns what is stored, or the edition that a year begins with.
func (p *Press) edition(ctx context.Context, year int) (Edition, error) {
	e, err := p.Editions.Edition(ctx, year)
	if fault.Is(err, fault.NotFound) {
		prose, err := p.Prose(ctx, year)
		return Edition{Year: year, State: Writing, Prose: prose}, err
	}
	return e, err
}

// update runs a change on the stored edition, or on the one that a year begins with.
func (p *Press) update(ctx context.Context, year int, change func(*Edition) error) (Edition, error) {
	start, err := p.edition(ctx, year)
	if err != nil {
		return Edition{}, err
	}
	return p.Editions.UpdateEdition(ctx, year, func(e *Edition) error {
		if e.State == "" {
			*e = start
		}
		return change(e)
	})
}

// Edit replaces the text. version is that of the edition which the member read, 0 for one that nobody had worked on; a
// newer one is a Conflict, so that nobody overwrites what he has not seen. A text whose numbers cannot be put in is Invalid.
func (p *Press) Edit(ctx context.Context, by staff.Member, year, version int, prose Prose) (Edition, error) {
	if err := by.Require(staff.EditReport, "编写年度报告"); err != nil {
		return Edition{}, err
	}
	prose.Year = year
	counted, err := p.Count(ctx, year)
	if err != nil {
		return Edition{}, err
	}
	if _, err := DraftFrom(year, p.Organ, prose, counted); err != nil {
		return Edition{}, err
	}
	return p.update(ctx, year, func(e *Edition) error {
		if e.Version != version {
			return fault.New(fault.Conflict, "别人刚刚改过这份报告。请重新打开，再写上您的修改。")
		}
		if err := e.move(WriteText); err != nil {
			return err
		}
		changed := changedParts(e.Prose, prose)
		if len(changed) == 0 {
			return fault.New(fault.Invalid, "文字没有变化。")
		}
		e.Prose = prose
		e.Writers = appendOnce(e.Writers, by.ID)
		e.note(by, p.Now(), WriteText, "修改："+strings.Join(changed, "、")+"。", "")
		return nil
	})
}

func appendOnce(list []string, s string) []string {
	if slices.Contains(list, s) {
		return list
	}
	return append(slices.Clone(list), s)
}

// Submit hands a finished report of a finished year to the reviewers. What Check calls FAIL has to be mended first.
func (p *Press) Submit(ctx context.Context, by staff.Member, year int) (Edition, error) {
	if err := by.Require(staff.EditReport, "报送年度报告"); err != nil {
		return Edition{}, err
	}
	if workday.Of(p.Now()).Year() <= year {
		return Edition{}, fault.Newf(fault.Conflict, "%d 年还没有结束，数字还会变化；从%d年1月1日起可以送审。", year, year+1)
	}
	return p.update(ctx, year, func(e *Edition) error {
		w, err := p.work(ctx, *e)
		if err != nil {
			return err
		}
		if err := mustPass(w.Findings, "送审"); err != nil {
			return err
		}
		if err := e.move(Submit); err != nil {
			return err
		}
		e.Writers = appendOnce(e.Writers, by.ID)
		e.Reviews, e.ApprovedHash, e.ApprovedAs = nil, "", nil
		e.note(by, p.Now(), Submit, "送审，内容指纹 "+w.Annual.Fingerprint()[:12]+"。", "")
		return nil
	})
}

// mustPass refuses a report that breaks a rule, naming the first.
func mustPass(findings []Violation, doing string) error {
	count, first := 0, ""
	for _, v := range findings {
		if v.Severity == Fail {
			if count++; count == 1 {
				first = v.Message
			}
		}
	}
	if count == 0 {
		return nil
	}
	return fault.Newf(fault.Conflict, "报告有 %d 处必须改正，改正后才能%s。第一处：%s", count, doing, first)
}

// Review decides the round that the report waits for: 初审, 复审, then 终审 by someone who may approve. Three distinct people
// read the same figures and words; none of them wrote in it. A return needs a comment.
func (p *Press) Review(ctx context.Context, by staff.Member, year int, approved bool, comment string) (Edition, error) {
	comment = strings.TrimSpace(comment)
	if !approved && comment == "" {
		return Edition{}, fault.New(fault.Invalid, "请写明退回的理由。")
	}
	return p.update(ctx, year, func(e *Edition) error {
		w, err := p.work(ctx, *e)
		if err != nil {
			return err
		}
		return p.review(e, w.Annual, by, approved, comment)
	})
}

func (p *Press) review(e *Edition, annual Annual, by staff.Member, approved bool, comment string) error {
	hash := annual.Fingerprint()
	if e.State != Reviewed {
		return e.move(PassRound)
	}
	if err := e.MayReview(by, hash); err != nil {
		return err
	}
	round, do := e.NextRound(hash), PassRound
	switch {
	case !approved:
		do = Return
	case round == posts.Final:
		do = Approve
	}
	if err := e.move(do); err != nil {
		return err
	}
	e.Reviews = append(slices.Clone(e.Reviews), posts.Review{
		Round: round, By: by.ID, ByName: by.Name, At: p.Now().UTC(), Approved: approved, Comment: comment, Hash: hash,
	})
	text := round.Chinese() + "通过，内容指纹 " + hash[:12] + "。"
	switch do {
	case Approve:
		e.ApprovedHash, e.ApprovedAs = hash, &annual
	case Return:
		text = round.Chinese() + "退回，理由：" + comment
	default: // passed on to the next round
	}
	e.note(by, p.Now(), do, text, "")
	return nil
}

// TakeBack returns a report from review, or one that is approved and not yet published, to its writers.
func (p *Press) TakeBack(ctx context.Context, by staff.Member, year int, reason string) (Edition, error) {
	if err := by.Require(staff.EditReport, "撤回年度报告"); err != nil {
		return Edition{}, err
	}
	if reason = strings.TrimSpace(reason); reason == "" {
		return Edition{}, fault.New(fault.Invalid, "请写明撤回的理由。")
	}
	return p.update(ctx, year, func(e *Edition) error {
		do := Withdraw
		if e.State == Passed {
			do = Return
		}
		if err := e.move(do); err != nil {
			return err
		}
		e.Reviews, e.ApprovedHash, e.ApprovedAs = nil, "", nil
		e.note(by, p.Now(), do, "退回编写，理由："+reason, "")
		return nil
	})
}

// Correct opens a published report for a correction. The published version stands until a corrected one is approved and
// published, with this reason and every change listed in it.
func (p *Press) Correct(ctx context.Context, by staff.Member, year int, reason string) (Edition, error) {
	if err := by.Require(staff.EditReport, "更正年度报告"); err != nil {
		return Edition{}, err
	}
	if reason = strings.TrimSpace(reason); reason == "" {
		return Edition{}, fault.New(fault.Invalid, "请写明更正的原因，它会列在更正后的报告里。")
	}
	return p.update(ctx, year, func(e *Edition) error {
		if err := e.move(Reopen); err != nil {
			return err
		}
		e.Correcting = reason
		e.note(by, p.Now(), Reopen, "开始更正，原因："+reason, "条例第四十九条、第五十条")
		return nil
	})
}

// Abandon gives up a correction; the published version stands.
func (p *Press) Abandon(ctx context.Context, by staff.Member, year int) (Edition, error) {
	if err := by.Require(staff.EditReport, "更正年度报告"); err != nil {
		return Edition{}, err
	}
	return p.update(ctx, year, func(e *Edition) error {
		if err := e.move(Abandon); err != nil {
			return err
		}
		published, _ := e.Published()
		e.Prose, e.Correcting, e.Writers = published.Prose, "", nil
		e.note(by, p.Now(), Abandon, "放弃更正，已发布的版本不变。", "")
		return nil
	})
}

// counted lists the records behind every cell of tables 二, 三 and 四 that is no sum.
func (r Records) counted(year int) map[string][]string {
	out := map[string][]string{}
	r.each(year, func(figure, id string) {
		if strings.HasPrefix(figure, "t") && !strings.HasPrefix(figure, "topic.") && !strings.HasSuffix(figure, ".total") && !strings.HasPrefix(figure, "t3.r7.") {
			out[figure] = append(out[figure], id)
		}
	})
	for _, figure := range slices.Collect(maps.Keys(out)) {
		slices.Sort(out[figure])
	}
	return out
}
