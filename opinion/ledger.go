package opinion

import (
	"context"
	"slices"
	"strings"
	"time"

	"shoushan/fault"
	"shoushan/staff"
	"shoushan/workday"
)

// Register is where concerns are kept.
type Register interface {
	// CreateConcern gives a new concern its number within the year (from 1, never twice) and stores what build returns.
	CreateConcern(ctx context.Context, year int, build func(id string) (Concern, error)) (Concern, error)
	// UpdateConcern loads the concern, lets change alter it, and stores it; all or nothing, run again on the newer record
	// when someone else wrote in between. An error of change is returned as it is and nothing is stored.
	UpdateConcern(ctx context.Context, id string, change func(*Concern) error) (Concern, error)
	// Concern returns one concern, or a NotFound fault.
	Concern(ctx context.Context, id string) (Concern, error)
	// Concerns returns the concerns that match, in the order of their numbers.
	Concerns(ctx context.Context, q Query) ([]Concern, error)
}

// Query selects concerns. Zero fields select everything.
type Query struct {
	Year int // the Beijing year in which they were found
	Open bool
}

// Ledger is the only way to change a concern. Every verb takes the member who acts, checks the right and the state,
// appends one event and stores the record.
type Ledger struct {
	Register Register
	Now      func() time.Time
}

const keeping = "管理政务舆情台账"

// Record enters a concern that was found. FoundAt may not be in the future.
func (l *Ledger) Record(ctx context.Context, by staff.Member, e Entry) (Concern, error) {
	if err := by.Require(staff.ManageRegisters, keeping); err != nil {
		return Concern{}, err
	}
	e.Platform, e.Summary, e.Unit = strings.TrimSpace(e.Platform), strings.TrimSpace(e.Summary), strings.TrimSpace(e.Unit)
	if err := l.check(e); err != nil {
		return Concern{}, err
	}
	e.FoundAt = e.FoundAt.UTC()
	return l.Register.CreateConcern(ctx, workday.Of(e.FoundAt).Year(), func(id string) (Concern, error) {
		c := Concern{ID: id, Entry: e, AssessedBy: by.Name, State: Open, CreatedAt: l.Now().UTC()}
		l.note(&c, by, "record", "登记舆情，类别“"+e.Class.Chinese()+"”，等级“"+e.Level.Chinese()+"”。", groundTown)
		return c, nil
	})
}

func (l *Ledger) check(e Entry) error {
	switch {
	case e.FoundAt.IsZero():
		return fault.New(fault.Invalid, "请填写发现时间。")
	case e.FoundAt.After(l.Now()):
		return fault.New(fault.Invalid, "发现时间不能晚于现在。")
	case e.Platform == "":
		return fault.New(fault.Invalid, "请填写舆情来自哪个平台。")
	case e.Summary == "":
		return fault.New(fault.Invalid, "请填写舆情摘要。")
	case e.Class.Chinese() == "":
		return fault.New(fault.Invalid, "请选择舆情类别。")
	case e.Level.Chinese() == "":
		return fault.New(fault.Invalid, "请选择舆情等级。")
	}
	return nil
}

// change runs one verb on a concern in one of the states.
func (l *Ledger) change(ctx context.Context, by staff.Member, id, action, ground string, in []State, alter func(*Concern) (note string, err error)) (Concern, error) {
	if err := by.Require(staff.ManageRegisters, keeping); err != nil {
		return Concern{}, err
	}
	return l.Register.UpdateConcern(ctx, id, func(c *Concern) error {
		if !slices.Contains(in, c.State) {
			return fault.Newf(fault.Conflict, "这件舆情%s，不能再这样操作。", c.State.Chinese())
		}
		note, err := alter(c)
		if err != nil {
			return err
		}
		l.note(c, by, action, note, ground)
		return nil
	})
}

func (l *Ledger) note(c *Concern, by staff.Member, action, note, ground string) {
	c.UpdatedAt = l.Now().UTC()
	c.Trail = c.Trail.Append(by, c.UpdatedAt, action, note, ground)
}

// happened checks the time of something that was done: after the concern was found and not in the future.
func (l *Ledger) happened(c *Concern, at time.Time, what string) error {
	switch {
	case at.IsZero():
		return fault.Newf(fault.Invalid, "请填写%s的时间。", what)
	case at.After(l.Now()):
		return fault.Newf(fault.Invalid, "%s的时间不能晚于现在。", what)
	case at.Before(c.FoundAt):
		return fault.Newf(fault.Invalid, "%s的时间不能早于发现舆情的时间。", what)
	}
	return nil
}

// Reassess changes class and level, with a reason; the limits follow from the new level at once.
func (l *Ledger) Reassess(ctx context.Context, by staff.Member, id string, class Class, level Level, reason string) (Concern, error) {
	return l.change(ctx, by, id, "reassess", groundTown, []State{Open}, func(c *Concern) (string, error) {
		switch {
		case class.Chinese() == "" || level.Chinese() == "":
			return "", fault.New(fault.Invalid, "请选择舆情的类别和等级。")
		case strings.TrimSpace(reason) == "":
			return "", fault.New(fault.Invalid, "请写明重新研判的理由。")
		}
		note := "重新研判：等级由“" + c.Level.Chinese() + "”改为“" + level.Chinese() + "”，理由：" + strings.TrimSpace(reason)
		c.Class, c.Level, c.AssessedBy = class, level, by.Name
		return note, nil
	})
}

// Assign names who is responsible (谁主管谁负责).
func (l *Ledger) Assign(ctx context.Context, by staff.Member, id, responsible string) (Concern, error) {
	return l.change(ctx, by, id, "assign", groundTown, []State{Open}, func(c *Concern) (string, error) {
		if c.Responsible = strings.TrimSpace(responsible); c.Responsible == "" {
			return "", fault.New(fault.Invalid, "请填写责任人。")
		}
		return "责任人：" + c.Responsible, nil
	})
}

// Report records that the concern was reported upwards (2 h).
func (l *Ledger) Report(ctx context.Context, by staff.Member, id, to string, at time.Time) (Concern, error) {
	return l.change(ctx, by, id, "report", groundTown, []State{Open}, func(c *Concern) (string, error) {
		if to = strings.TrimSpace(to); to == "" {
			return "", fault.New(fault.Invalid, "请填写上报给谁。")
		}
		c.Reports = append(slices.Clone(c.Reports), Report{At: at.UTC(), To: to})
		return "上报：" + to, l.happened(c, at, "上报")
	})
}

// Answer records one public answer (5 h, 24 h, 48 h).
func (l *Ledger) Answer(ctx context.Context, by staff.Member, id string, a Answer) (Concern, error) {
	return l.change(ctx, by, id, "answer", ground61, []State{Open}, func(c *Concern) (string, error) {
		a.At, a.Text = a.At.UTC(), strings.TrimSpace(a.Text)
		switch {
		case a.Manner.Chinese() == "":
			return "", fault.New(fault.Invalid, "请选择回应方式。")
		case a.Text == "":
			return "", fault.New(fault.Invalid, "请填写回应的要点。")
		}
		c.Answers = append(slices.Clone(c.Answers), a)
		return "回应：" + a.Manner.Chinese(), l.happened(c, a.At, "回应")
	})
}

// Find files the findings of the investigation (核查报告, 2 working days).
func (l *Ledger) Find(ctx context.Context, by staff.Member, id, text string, at time.Time) (Concern, error) {
	return l.change(ctx, by, id, "findings", groundTown, []State{Open}, func(c *Concern) (string, error) {
		if text = strings.TrimSpace(text); text == "" {
			return "", fault.New(fault.Invalid, "请填写核查情况。")
		}
		c.Findings = append(slices.Clone(c.Findings), Note{At: at.UTC(), By: by.Name, Text: text})
		return "提交核查报告。", l.happened(c, at, "核查")
	})
}

// FollowUp records one look at how the concern goes on; also after it was closed.
func (l *Ledger) FollowUp(ctx context.Context, by staff.Member, id, text string) (Concern, error) {
	return l.change(ctx, by, id, "follow_up", groundTown, []State{Open, Closed}, func(c *Concern) (string, error) {
		if text = strings.TrimSpace(text); text == "" {
			return "", fault.New(fault.Invalid, "请填写跟踪情况。")
		}
		c.FollowUps = append(slices.Clone(c.FollowUps), Note{At: l.Now().UTC(), By: by.Name, Text: text})
		return "跟踪反馈。", nil
	})
}

// Close ends the work on a concern. One that must be answered needs an answer first, and every one the report upwards.
func (l *Ledger) Close(ctx context.Context, by staff.Member, id string, ending Ending) (Concern, error) {
	return l.change(ctx, by, id, "close", groundTown, []State{Open}, func(c *Concern) (string, error) {
		switch {
		case ending.Chinese() == "":
			return "", fault.New(fault.Invalid, "请选择办理结果。")
		case len(c.Reports) == 0:
			return "", fault.New(fault.Conflict, "还没有上报领导，不能办结。")
		case (c.Class.MustAnswer() || c.Level.Grave()) && len(c.Answers) == 0:
			return "", fault.New(fault.Conflict, "这类舆情应当公开回应，还没有回应，不能办结。")
		}
		c.State, c.Ending, c.ClosedAt = Closed, ending, l.Now().UTC()
		return "办结：" + ending.Chinese(), nil
	})
}

// Reopen takes a closed concern up again, with a reason.
func (l *Ledger) Reopen(ctx context.Context, by staff.Member, id, reason string) (Concern, error) {
	return l.change(ctx, by, id, "reopen", groundTown, []State{Closed}, func(c *Concern) (string, error) {
		if reason = strings.TrimSpace(reason); reason == "" {
			return "", fault.New(fault.Invalid, "请写明重新办理的原因。")
		}
		c.State, c.Ending, c.ClosedAt = Open, "", time.Time{}
		return "重新办理：" + reason, nil
	})
}

// Archive files a closed concern away; nothing can change it afterwards.
func (l *Ledger) Archive(ctx context.Context, by staff.Member, id string) (Concern, error) {
	return l.change(ctx, by, id, "archive", groundTown, []State{Closed}, func(c *Concern) (string, error) {
		c.State, c.ArchivedAt = Archived, l.Now().UTC()
		return "归档。", nil
	})
}

// Pending is one open duty, for the home page and the warnings.
type Pending struct {
	Concern Concern
	Duty    Duty
}

// Pending lists the duties that are not done, of all open concerns, the most urgent first.
func (l *Ledger) Pending(ctx context.Context, cal workday.Calendar) ([]Pending, error) {
	open, err := l.Register.Concerns(ctx, Query{Open: true})
	if err != nil {
		return nil, err
	}
	var list []Pending
	for _, c := range open {
		for _, d := range c.Duties(cal) {
			if d.Done.IsZero() {
				list = append(list, Pending{c, d})
			}
		}
	}
	slices.SortStableFunc(list, func(a, b Pending) int { return a.Duty.Due.Compare(b.Duty.Due) })
	return list, nil
}
