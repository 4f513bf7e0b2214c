package console

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"shoushan/disclosure"
	"shoushan/fault"
	"shoushan/report"
	"shoushan/staff"
)

// entryRow is one line of the registers as a list shows it.
type entryRow struct {
	report.RegisterEntry
	Path, Link, On, EndOn, Amount, Result string
}

type registersPage struct {
	frame
	Filters []filterLink
	Years   []option
	Year    string
	Kind    string
	Rows    []entryRow
	Sum     string
	Paging  paging
	Empty   string
	MayKeep bool
	Kinds   []string
	Trail   staff.Trail
}

// maxTrail bounds the changes that the page shows; all are kept.
const maxTrail = 15

// registerWords name the changes of registers.
var registerWords = map[string]string{"enter": "登记", "amend": "修改", "remove": "删除", "note": "加注", "import": "导入"}

// registers lists what the annual report counts beside posts and requests.
func (c *Console) registers(v *visit) error {
	all, err := c.cfg.Clerk.Register.Registers(v.ctx())
	if err != nil {
		return err
	}
	kind, year := v.ask("kind"), v.ask("year")
	p := &registersPage{
		frame: frame{Title: "年报台账", Here: "/registers"}, Kind: kind, Year: year, MayKeep: v.who.May(staff.ManageRegisters), Kinds: c.kindsHere(),
		Empty: "没有登记。规范性文件、行政许可、行政处罚、行政强制、行政事业性收费，以及不在申请台账里的复议、诉讼，在这里登记后计入年度报告表二、表四。",
	}
	entries := keep(all.Entries(), func(e report.RegisterEntry) bool { return year == "" || touches(e, year) })
	p.Filters = []filterLink{{"全部", registersPath("", year), len(entries), kind == ""}}
	for _, k := range p.Kinds {
		n := len(keep(slices.Clone(entries), func(e report.RegisterEntry) bool { return string(e.Kind) == k }))
		p.Filters = append(p.Filters, filterLink{k, registersPath(k, year), n, kind == k})
	}
	if kind != "" {
		entries = keep(entries, func(e report.RegisterEntry) bool { return string(e.Kind) == kind })
	}
	p.Years = yearsOf(all)
	slices.SortStableFunc(entries, func(a, b report.RegisterEntry) int { return cmp.Compare(b.On.String(), a.On.String()) })
	p.Sum = amountSum(entries)
	rows := entryRows(entries)
	p.Rows, p.Paging = cut(rows, v.r.URL)
	p.Trail = slices.Clone(all.Trail[max(0, len(all.Trail)-maxTrail):])
	for i := range p.Trail {
		p.Trail[i].Action = registerWords[p.Trail[i].Action]
	}
	slices.Reverse(p.Trail)
	return c.show(v, http.StatusOK, "registers", p)
}

// kindsHere are the kinds that this organ may have: a township makes no 规章.
func (c *Console) kindsHere() []string {
	var out []string
	for _, k := range report.RegisterKinds() {
		if k != report.KindRegulation || c.cfg.Organ.Level != "township" {
			out = append(out, string(k))
		}
	}
	return out
}

func registersPath(kind, year string) string {
	q := url.Values{}
	for name, value := range map[string]string{"kind": kind, "year": year} {
		if value != "" {
			q.Set(name, value)
		}
	}
	if len(q) == 0 {
		return "/registers"
	}
	return "/registers?" + q.Encode()
}

// touches reports whether an entry began or ended in the year.
func touches(e report.RegisterEntry, year string) bool {
	return strconv.Itoa(e.On.Year()) == year || !e.EndOn.IsZero() && strconv.Itoa(e.EndOn.Year()) == year
}

func yearsOf(r report.Registers) []option {
	var years []int
	for _, e := range r.Entries() {
		years = append(years, e.On.Year())
		if !e.EndOn.IsZero() {
			years = append(years, e.EndOn.Year())
		}
	}
	slices.Sort(years)
	out := []option{{"", "全部年份"}}
	for _, y := range slices.Backward(slices.Compact(years)) {
		out = append(out, option{strconv.Itoa(y), fmt.Sprintf("%d 年", y)})
	}
	return out
}

// amountSum adds the charges of a list up, in 万元; "" when it has none.
func amountSum(entries []report.RegisterEntry) string {
	var total report.Number
	for _, e := range entries {
		if e.Kind == report.KindCharge {
			total = total.Add(e.Amount)
		}
	}
	if total.IsZero() {
		return ""
	}
	return total.String()
}

func entryRows(entries []report.RegisterEntry) []entryRow {
	var out []entryRow
	for _, e := range entries {
		row := entryRow{RegisterEntry: e, Path: "/registers/" + url.PathEscape(e.ID), Link: webAddress(e.URL), On: e.On.String(), EndOn: e.EndOn.String(), Result: e.Result.Chinese()}
		switch e.Kind {
		case report.KindCharge:
			row.Amount = e.Amount.String() + " 万元"
		case report.KindProcessingFee:
			row.Amount = e.Amount.String() + " 元"
		case report.KindReconsider, report.KindDirect, report.KindAfterwards:
			row.Result = cmp.Or(row.Result, disclosure.Pending.Chinese())
		default:
		}
		out = append(out, row)
	}
	return out
}

// entryPage is one entry: to enter, to amend, or only to read.
type entryPage struct {
	frame
	ID, Kind      string
	Kinds         []option
	Fields        []field
	Row           entryRow
	MayKeep       bool
	Problem       problem
	RemoveProblem problem
	Reason        string
	Seen          string  // the entry as it was shown
	Stored        []field // what is kept now, for whoever was overtaken
}

// entryFields are what an entry of the kind has.
func entryFields(kind report.RegisterKind, typed func(string) string) []field {
	title := field{Name: "title", Label: "名称", Kind: textLine, Required: true}
	number := field{Name: "number", Label: "文号", Kind: textLine}
	on := field{Name: "on", Label: "日期", Kind: dateField, Required: true}
	var fields []field
	switch kind {
	case report.KindRegulation, report.KindNormative:
		on.Label = "制发日期"
		fields = []field{title, number, {Name: "url", Label: "公开的网址", Kind: textLine, Help: "以 https:// 或 http:// 开头。"}, on,
			{Name: "end", Label: "废止日期", Kind: dateField, Help: "没有废止的不填；修订不算废止，可在表二加注。"}}
	case report.KindPermit, report.KindPenalty, report.KindCompulsory:
		title.Label, number.Label, on.Label = "处理决定的名称", "决定书文号", "作出决定的日期"
		title.Help = "一件处理决定登记一条，不写当事人的身份证号、住址。"
		fields = []field{title, number, on}
	case report.KindCharge:
		title.Label, number.Label, on.Label = "收费项目", "票据号", "收费日期"
		fields = []field{title, number, on, {Name: "amount", Label: "金额（万元）", Kind: textLine, Required: true, Help: "可以有小数，例如 0.35。"}}
	case report.KindProcessingFee:
		title.Label, number.Label, on.Label = "事由", "票据号", "缴费日期"
		title.Help = "申请台账里的申请，缴费在那件申请里登记，不在这里重复登记。"
		fields = []field{title, number, on, {Name: "amount", Label: "金额（元）", Kind: textLine, Required: true}}
	default:
		title.Label, number.Label, on.Label = "案由", "案号", "受理（立案）日期"
		title.Help = "申请台账里的申请引起的，在那件申请里登记，不在这里重复登记。"
		results := append([]option{{"", "尚未审结"}}, choices(disclosure.RemedyResult.Chinese, disclosure.RemedyResults()...)...)
		fields = []field{title, number, on, {Name: "end", Label: "审结日期", Kind: dateField, Help: "没有审结的不填。"},
			{Name: "result", Label: "结果", Kind: pickOne, Options: results}}
	}
	for i := range fields {
		fields[i].ID, fields[i].Value = "entry-"+fields[i].Name, typed(fields[i].Name)
	}
	return fields
}

func (c *Console) newEntry(v *visit) error {
	return c.showEntry(v, http.StatusOK, &entryPage{Kind: v.ask("kind")}, func(string) string { return "" })
}

func (c *Console) showEntry(v *visit, status int, p *entryPage, typed func(string) string) error {
	p.Title, p.Here, p.MayKeep = "登记"+p.Kind, "/registers", v.who.May(staff.ManageRegisters)
	if p.ID != "" {
		p.Title = p.Kind
	}
	if p.Kind == "" {
		p.Title = "登记台账"
	}
	for _, k := range c.kindsHere() {
		p.Kinds = append(p.Kinds, option{k, k})
	}
	if slices.Contains(c.kindsHere(), p.Kind) {
		p.Fields = entryFields(report.RegisterKind(p.Kind), typed)
	} else if p.Kind != "" {
		return fault.New(fault.NotFound, "没有这一类台账。")
	}
	return c.show(v, status, "entry", p)
}

// typedEntry reads the posted entry.
func typedEntry(v *visit, id string) (report.RegisterEntry, error) {
	e := report.RegisterEntry{ID: id, Kind: report.RegisterKind(v.form("kind")), Title: v.form("title"), Number: v.form("number"), URL: v.form("url"),
		Result: disclosure.RemedyResult(v.form("result"))}
	var err error
	if e.On, err = v.date("on", "日期"); err != nil {
		return e, err
	}
	if v.form("end") != "" {
		if e.EndOn, err = v.date("end", "废止（审结）日期"); err != nil {
			return e, err
		}
	}
	if e.URL != "" && webAddress(e.URL) == "" {
		return e, fault.New(fault.Invalid, "网址要以 https:// 或者 http:// 开头。")
	}
	if v.form("amount") != "" {
		if e.Amount, err = report.ParseNumber(v.form("amount")); err != nil {
			return e, fault.Wrap(fault.Invalid, err, "金额应当是数字，例如 0.35。")
		}
	}
	return e, nil
}

func (c *Console) enterEntry(v *visit) error {
	e, err := typedEntry(v, "")
	if err == nil {
		if e, err = c.cfg.Clerk.Put(v.ctx(), v.who, e); err == nil {
			return c.redirect(v, registersPath(string(e.Kind), ""), "已登记。")
		}
	}
	p := c.explain(v, err)
	return c.showEntry(v, p.Status, &entryPage{Kind: v.form("kind"), Problem: p}, v.form)
}

// stored loads the entry that the address names, as a page.
func (c *Console) storedEntry(v *visit) (*entryPage, func(string) string, error) {
	all, err := c.cfg.Clerk.Register.Registers(v.ctx())
	if err != nil {
		return nil, nil, err
	}
	e, err := all.Entry(v.r.PathValue("id"))
	if err != nil {
		return nil, nil, err
	}
	values := map[string]string{"title": e.Title, "number": e.Number, "url": e.URL, "on": e.On.String(), "end": e.EndOn.String(), "result": string(e.Result)}
	if !e.Amount.IsZero() {
		values["amount"] = e.Amount.String()
	}
	p := &entryPage{ID: e.ID, Kind: string(e.Kind), Row: entryRows([]report.RegisterEntry{e})[0], Seen: markOf(e)}
	return p, func(name string) string { return values[name] }, nil
}

func (c *Console) entry(v *visit) error {
	p, typed, err := c.storedEntry(v)
	if err != nil {
		return err
	}
	return c.showEntry(v, http.StatusOK, p, typed)
}

var errEntryMoved = fault.New(fault.Conflict, "您打开页面之后，别人改动了这一条，您的提交没有生效，填写的内容还在；请对照现在的内容，核对以后再提交。")

func (c *Console) amendEntry(v *visit) error {
	p, stored, err := c.storedEntry(v)
	if err != nil {
		return err
	}
	e, err := typedEntry(v, p.ID)
	if seen := v.form("seen"); seen != "" && seen != p.Seen {
		err = errEntryMoved
		p.Stored = nowStored(entryFields(report.RegisterKind(p.Kind), v.form), entryFields(report.RegisterKind(p.Kind), stored))
	}
	if err == nil {
		e.Kind = report.RegisterKind(p.Kind)
		if _, err = c.cfg.Clerk.Put(v.ctx(), v.who, e); err == nil {
			return c.redirect(v, registersPath(p.Kind, ""), "已保存。")
		}
	}
	p.Problem = c.explain(v, err)
	return c.showEntry(v, p.Problem.Status, p, v.form)
}

func (c *Console) removeEntry(v *visit) error {
	p, typed, err := c.storedEntry(v)
	if err != nil {
		return err
	}
	if seen := v.form("seen"); seen != "" && seen != p.Seen {
		err = errEntryMoved
	} else if err = c.cfg.Clerk.Remove(v.ctx(), v.who, p.ID, v.form("reason")); err == nil {
		return c.redirect(v, registersPath(p.Kind, ""), "已删除，原来的内容和理由留在变动记录里。")
	}
	p.RemoveProblem, p.Reason = c.explain(v, err), v.form("reason")
	return c.showEntry(v, p.RemoveProblem.Status, p, typed)
}
