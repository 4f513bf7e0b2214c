package report

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"shoushan/disclosure"
	"shoushan/fault"
	"shoushan/staff"
	"shoushan/workday"
)

// Register is where the registers are kept.
type Register interface {
	// Registers returns all registers.
	Registers(ctx context.Context) (Registers, error)
	// UpdateRegisters lets change alter the registers; all or nothing. When someone else wrote in between, change is run again. An
	// error of change is returned as it is.
	UpdateRegisters(ctx context.Context, change func(*Registers) error) error
}

// RegisterKind is one kind of entry, as staff choose it and as a file names it.
type RegisterKind string

// The kinds of entries.
const (
	KindRegulation     RegisterKind = Regulation
	KindNormative      RegisterKind = Normative
	KindPermit         RegisterKind = Permit
	KindPenalty        RegisterKind = Penalty
	KindCompulsory     RegisterKind = Compulsory
	KindCharge         RegisterKind = "行政事业性收费"
	KindReconsider     RegisterKind = "行政复议"
	KindDirect         RegisterKind = "未经复议直接起诉"
	KindAfterwards     RegisterKind = "复议后起诉"
	KindProcessingFee  RegisterKind = "信息处理费"
	maxRegisterTitle                = 300
	registerTrailLimit              = 20 // entries named in one event
)

// RegisterKinds lists the kinds in the order of the form.
func RegisterKinds() []RegisterKind {
	return []RegisterKind{KindRegulation, KindNormative, KindPermit, KindPenalty, KindCompulsory, KindCharge,
		KindReconsider, KindDirect, KindAfterwards, KindProcessingFee}
}

// remedyKind returns the group of table 四 that a kind of entry is, "" for others.
func (k RegisterKind) remedyKind() disclosure.RemedyKind {
	for _, r := range disclosure.RemedyKinds() {
		if r.Chinese() == string(k) {
			return r
		}
	}
	return ""
}

// RegisterEntry is one line of any register, as a form or a file gives it. What a kind does not have stays empty.
type RegisterEntry struct {
	ID     string
	Kind   RegisterKind
	Title  string
	Number string                  // 文号 or 案号
	URL    string                  // of a document
	On     workday.Date            // made, decided, collected, opened or paid on
	EndOn  workday.Date            // repealed or closed on
	Amount Number                  // 万元 of a charge, 元 of a fee
	Result disclosure.RemedyResult // of a closed remedy
}

// validate enforces what table 二 and table 四 can count. today bounds the dates: nothing is entered before it happened.
func (e RegisterEntry) validate(today workday.Date, township bool) error {
	problem := ""
	switch remedy := e.Kind.remedyKind() != ""; {
	case !slices.Contains(RegisterKinds(), e.Kind):
		problem = fmt.Sprintf("类别“%s”不认识，可以是：%s", e.Kind, kindList())
	case e.Kind == KindRegulation && township:
		problem = "乡镇人民政府、街道办事处没有规章制定权；制发的文件请看是否属于行政规范性文件"
	case e.On.IsZero():
		problem = "缺少日期"
	case e.On.After(today) || e.EndOn.After(today):
		problem = "日期还没有到"
	case !e.EndOn.IsZero() && e.EndOn.Before(e.On):
		problem = "废止（审结）日期早于制发（立案）日期"
	case strings.TrimSpace(e.Title) == "" && strings.TrimSpace(e.Number) == "":
		problem = "名称和文号（案号）至少要有一个"
	case len([]rune(e.Title)) > maxRegisterTitle:
		problem = "名称太长"
	case e.Amount.Cmp(Number{}) < 0:
		problem = "金额不能是负数"
	case e.hasAmount() && e.Amount.IsZero():
		problem = "缺少金额"
	case !e.hasAmount() && !e.Amount.IsZero():
		problem = "这一类没有金额"
	case remedy && e.EndOn.IsZero() != (e.Result == ""):
		problem = "审结日期和结果要么都填，要么都不填"
	case e.Result != "" && (!remedy || !slices.Contains(disclosure.RemedyResults(), e.Result)):
		problem = "结果应当是：结果维持、结果纠正、其他结果"
	case !e.EndOn.IsZero() && !remedy && e.Kind != KindRegulation && e.Kind != KindNormative:
		problem = "这一类没有废止日期"
	}
	if problem == "" {
		return nil
	}
	return fault.New(fault.Invalid, problem+"。")
}

func (e RegisterEntry) hasAmount() bool { return e.Kind == KindCharge || e.Kind == KindProcessingFee }

func kindList() string {
	var out []string
	for _, k := range RegisterKinds() {
		out = append(out, string(k))
	}
	return strings.Join(out, "、")
}

// Entries lists all registers as lines, in the order of the form and then as they were entered.
func (r Registers) Entries() []RegisterEntry {
	var out []RegisterEntry
	for _, d := range r.Documents {
		out = append(out, RegisterEntry{ID: d.ID, Kind: RegisterKind(d.Kind), Title: d.Title, Number: d.Number, URL: d.URL, On: d.MadeOn, EndOn: d.RepealedOn})
	}
	for _, d := range r.Decisions {
		out = append(out, RegisterEntry{ID: d.ID, Kind: RegisterKind(d.Kind), Title: d.Title, Number: d.Number, On: d.On})
	}
	for _, c := range r.Charges {
		out = append(out, RegisterEntry{ID: c.ID, Kind: KindCharge, Title: c.Title, Number: c.Number, On: c.On, Amount: c.Amount})
	}
	for _, m := range r.Remedies {
		out = append(out, RegisterEntry{ID: m.ID, Kind: RegisterKind(m.Kind.Chinese()), Title: m.Title, Number: m.Number, On: m.OpenedOn, EndOn: m.ClosedOn, Result: m.Result})
	}
	for _, f := range r.Fees {
		out = append(out, RegisterEntry{ID: f.ID, Kind: KindProcessingFee, Title: f.Title, Number: f.Number, On: f.On, Amount: f.Yuan})
	}
	return out
}

// Entry returns the entry with the id, or a NotFound fault.
func (r Registers) Entry(id string) (RegisterEntry, error) {
	for _, e := range r.Entries() {
		if e.ID == id {
			return e, nil
		}
	}
	return RegisterEntry{}, fault.Newf(fault.NotFound, "台账里没有编号为“%s”的一条。", id)
}

// put adds the entry, or replaces the one with its id where it stands.
func (r *Registers) put(e RegisterEntry) {
	old, err := r.Entry(e.ID)
	if err == nil && !sameList(old.Kind, e.Kind) {
		r.drop(e.ID)
	}
	switch {
	case e.Kind == KindRegulation || e.Kind == KindNormative:
		r.Documents = set(r.Documents, Document{e.ID, string(e.Kind), e.Title, e.Number, e.URL, e.On, e.EndOn}, func(d Document) string { return d.ID })
	case e.Kind == KindCharge:
		r.Charges = set(r.Charges, Charge{e.ID, e.Title, e.Number, e.On, e.Amount}, func(c Charge) string { return c.ID })
	case e.Kind == KindProcessingFee:
		r.Fees = set(r.Fees, ProcessingFee{e.ID, e.Title, e.Number, e.On, e.Amount}, func(f ProcessingFee) string { return f.ID })
	case e.Kind.remedyKind() != "":
		r.Remedies = set(r.Remedies, Remedy{e.ID, e.Kind.remedyKind(), e.Title, e.Number, e.On, e.EndOn, e.Result}, func(m Remedy) string { return m.ID })
	default:
		r.Decisions = set(r.Decisions, Decision{e.ID, string(e.Kind), e.Title, e.Number, e.On}, func(d Decision) string { return d.ID })
	}
}

// sameList reports whether entries of two kinds lie in one list.
func sameList(a, b RegisterKind) bool {
	list := func(k RegisterKind) string {
		switch {
		case k == KindRegulation || k == KindNormative:
			return "documents"
		case k.remedyKind() != "":
			return "remedies"
		case k == KindCharge || k == KindProcessingFee:
			return string(k)
		}
		return "decisions"
	}
	return list(a) == list(b)
}

func set[T any](list []T, v T, id func(T) string) []T {
	if at := slices.IndexFunc(list, func(x T) bool { return id(x) == id(v) }); at >= 0 {
		list[at] = v
		return list
	}
	return append(list, v)
}

func (r *Registers) drop(id string) {
	r.Documents = slices.DeleteFunc(r.Documents, func(x Document) bool { return x.ID == id })
	r.Decisions = slices.DeleteFunc(r.Decisions, func(x Decision) bool { return x.ID == id })
	r.Charges = slices.DeleteFunc(r.Charges, func(x Charge) bool { return x.ID == id })
	r.Remedies = slices.DeleteFunc(r.Remedies, func(x Remedy) bool { return x.ID == id })
	r.Fees = slices.DeleteFunc(r.Fees, func(x ProcessingFee) bool { return x.ID == id })
}

// CellNote is what is printed beside the number of a cell: 22（其中修订16件）.
type CellNote struct {
	Year int    `json:"year"`
	Cell string `json:"cell"` // t2.行政规范性文件.made
	Text string `json:"text"`
}

// maxNote keeps a note inside its cell, in characters.
const maxNote = 30

// Clerk keeps the registers behind table 二 and table 四. Every change is an event in their trail.
type Clerk struct {
	Register Register
	Organ    disclosure.Organ
	Now      func() time.Time
	NewID    func() string // a new, unique id
}

// change runs fn on the registers for a member who may keep them and appends the event that it returns, none for "".
func (c *Clerk) change(ctx context.Context, by staff.Member, action string, fn func(*Registers) (note string, err error)) error {
	if err := by.Require(staff.ManageRegisters, "登记台账"); err != nil {
		return err
	}
	return c.Register.UpdateRegisters(ctx, func(r *Registers) error {
		note, err := fn(r)
		if err != nil || note == "" {
			return err
		}
		r.Trail = r.Trail.Append(by, c.Now(), action, note, "条例第二十条、第五十条")
		return nil
	})
}

// Put enters an entry, a new one when it has no id, and returns it with its id.
func (c *Clerk) Put(ctx context.Context, by staff.Member, e RegisterEntry) (RegisterEntry, error) {
	e.Title, e.Number, e.URL = strings.TrimSpace(e.Title), strings.TrimSpace(e.Number), strings.TrimSpace(e.URL)
	if err := e.validate(workday.Of(c.Now()), isTownship(c.Organ)); err != nil {
		return e, err
	}
	action := "enter"
	if e.ID == "" {
		e.ID = c.NewID()
	} else {
		action = "amend"
	}
	err := c.change(ctx, by, action, func(r *Registers) (string, error) {
		before, err := r.Entry(e.ID)
		switch {
		case action == "amend" && err != nil:
			return "", err
		case action == "amend" && before == e:
			return "", fault.New(fault.Invalid, "这一条没有变化。")
		}
		r.put(e)
		if action == "amend" {
			return fmt.Sprintf("修改%s：%s → %s。", e.Kind, before.line(), e.line()), nil
		}
		return fmt.Sprintf("登记%s：%s。", e.Kind, e.line()), nil
	})
	return e, err
}

// String tells an entry in one line, its kind first.
func (e RegisterEntry) String() string { return string(e.Kind) + " " + e.line() }

// line tells an entry in one line of the trail.
func (e RegisterEntry) line() string {
	var parts []string
	for _, s := range []string{e.Title, e.Number, e.On.String(), e.EndOn.String(), e.Result.Chinese()} {
		if s != "" {
			parts = append(parts, s)
		}
	}
	if e.hasAmount() {
		parts = append(parts, e.Amount.String()+map[bool]string{true: "万元", false: "元"}[e.Kind == KindCharge])
	}
	return strings.Join(parts, " ")
}

// Remove takes an entry out, with a reason; what it said stays in the trail.
func (c *Clerk) Remove(ctx context.Context, by staff.Member, id, reason string) error {
	if reason = strings.TrimSpace(reason); reason == "" {
		return fault.New(fault.Invalid, "请写明删除的理由。")
	}
	return c.change(ctx, by, "remove", func(r *Registers) (string, error) {
		e, err := r.Entry(id)
		if err != nil {
			return "", err
		}
		r.drop(id)
		return fmt.Sprintf("删除%s：%s，理由：%s", e.Kind, e.line(), reason), nil
	})
}

// Note sets what is printed beside the number of a cell of table 二 in a year's report; an empty text takes the note away.
func (c *Clerk) Note(ctx context.Context, by staff.Member, n CellNote) error {
	n.Text = strings.Trim(strings.TrimSpace(n.Text), "（）()")
	switch {
	case !slices.Contains(keys2, n.Cell):
		return fault.Newf(fault.Invalid, "“%s”不是表二的一格。", n.Cell)
	case len([]rune(n.Text)) > maxNote:
		return fault.Newf(fault.Invalid, "说明太长，最多 %d 个字。", maxNote)
	}
	return c.change(ctx, by, "note", func(r *Registers) (string, error) {
		r.Notes = slices.DeleteFunc(r.Notes, func(x CellNote) bool { return x.Year == n.Year && x.Cell == n.Cell })
		if n.Text == "" {
			return fmt.Sprintf("删去 %d 年表二“%s”的说明。", n.Year, cellLabel(n.Cell)), nil
		}
		r.Notes = append(r.Notes, n)
		return fmt.Sprintf("%d 年表二“%s”加注：%s。", n.Year, cellLabel(n.Cell), n.Text), nil
	})
}

// noteOn returns what is printed beside a cell in a year.
func (r Registers) noteOn(year int, cell string) string {
	for _, n := range r.Notes {
		if n.Year == year && n.Cell == cell {
			return n.Text
		}
	}
	return ""
}

func isTownship(o disclosure.Organ) bool { return Annual{Organ: o.Name, Level: o.Level}.township() }
