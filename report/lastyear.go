package report

import (
	"context"
	"fmt"

	"shoushan/fault"
	"shoushan/staff"
)

// LastYear is the report of the year before: the published one or, for one published elsewhere, what its text on record makes,
// or the file that somebody gave.
type LastYear struct {
	Annual Annual
	Prose  Prose // its Year is 0 when only the printed report is known
	Seal   *Seal // nil when it was not published here
}

// Written reports whether its text is on record, so that the next year can begin with it.
func (l *LastYear) Written() bool { return l != nil && l.Prose.Year != 0 }

// lastYear is the report of the year before the one in hand; nil when nobody wrote or gave one.
func (p *Press) lastYear(ctx context.Context, now Edition) (*LastYear, error) {
	year := now.Year - 1
	e, err := p.edition(ctx, year)
	if err != nil {
		return nil, err
	}
	if s, ok := e.Published(); ok {
		return &LastYear{s.Annual, s.Prose, &s}, nil
	}
	if e.Prose.untouched() {
		if now.Before == nil {
			return nil, nil
		}
		return &LastYear{Annual: *now.Before}, nil
	}
	counted, err := p.Count(ctx, year)
	if err != nil {
		return nil, err
	}
	a, err := DraftFrom(year, p.Organ, e.Prose, counted)
	return &LastYear{Annual: a, Prose: e.Prose}, err
}

// Begin takes last year's text as the start of a year's report on which nobody has worked yet; see FromLastYear. A text that
// somebody has written already is a Conflict: it is not thrown away.
func (p *Press) Begin(ctx context.Context, by staff.Member, year int) (Edition, error) {
	w, err := p.Work(ctx, year)
	switch {
	case err != nil:
		return Edition{}, err
	case !w.Last.Written():
		return Edition{}, fault.Newf(fault.Conflict, "这里没有 %d 年报告的文字，没有可以沿用的。", year-1)
	case !w.Edition.Untouched():
		return Edition{}, fault.New(fault.Conflict, "这份报告已经写过文字，不能整体换成上一年的；可以在编辑页逐段参考上一年的文字。")
	}
	return p.Edit(ctx, by, year, w.Edition.Version, FromLastYear(w.Last.Prose))
}

// Compare gives the report of the year before, which was published elsewhere, so that carried-over requests, documents in force
// and copied text are checked against it. One that was written here is not replaced.
func (p *Press) Compare(ctx context.Context, by staff.Member, year int, before Annual) (Edition, error) {
	if err := by.Require(staff.EditReport, "给出上一年的报告"); err != nil {
		return Edition{}, err
	}
	switch w, err := p.Work(ctx, year); {
	case err != nil:
		return Edition{}, err
	case before.Year != year-1:
		return Edition{}, fault.Newf(fault.Invalid, "这是 %d 年的报告，要的是 %d 年的。", before.Year, year-1)
	case before.T2 == nil && before.T3 == nil:
		return Edition{}, fault.New(fault.Invalid, "这个文件里没有表二、表三，不能用来核对。")
	case w.Last != nil && w.Edition.Before == nil:
		return Edition{}, fault.Newf(fault.Conflict, "%d 年的报告就在本系统里，用它核对，不需要另外给出。", year-1)
	}
	return p.update(ctx, year, func(e *Edition) error {
		if err := e.move(Compared); err != nil {
			return err
		}
		e.Before = &before
		e.note(by, p.Now(), Compared, fmt.Sprintf("给出%s%d年的报告，用于核对结转和现行有效件数。", before.Organ, before.Year), "")
		return nil
	})
}
