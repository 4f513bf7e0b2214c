package console

import (
	"fmt"
	"net/http"
	"slices"
	"time"

	"shoushan/fault"
	"shoushan/opinion"
	"shoushan/staff"
	"shoushan/workday"
)

// Who may see the register of public concerns (政务舆情回应台账), and who keeps it.
var (
	concerned     = []staff.Right{staff.ManageRegisters, staff.ViewRequests}
	keepsConcerns = []staff.Right{staff.ManageRegisters}
)

// concernRoutes are the pages of the register of public concerns.
func concernRoutes(c *Console) []route {
	pages := []route{
		{pattern: "GET /concerns", menu: place{requestsAndLetters, "政务舆情台账"}, rights: concerned, serve: c.concerns},
		{pattern: "GET /concerns/new", rights: keepsConcerns, serve: c.newConcern},
		{pattern: "GET /concerns/register.xlsx", rights: concerned, serve: c.exportConcerns},
		{pattern: "POST /concerns", rights: keepsConcerns, upload: true, serve: c.recordConcern},
		{pattern: "GET /concerns/{id}", rights: concerned, serve: c.concern},
		{pattern: "GET /concerns/{id}/files/{n}", rights: concerned, serve: c.concernFile},
	}
	for _, a := range concernVerbs {
		pages = append(pages, route{pattern: "POST /concerns/{id}/" + a.name, rights: a.rights, serve: c.actOnConcern(a)})
	}
	return pages
}

var errNoConcerns = fault.New(fault.Unavailable, "这个程序没有接通政务舆情台账。")

// dutyFace is one duty with its limit as pages show it. Limits are clock hours: nights and holidays count.
type dutyFace struct {
	Title, Due, Text, Ground string
	Done, Late, Soon         bool
	Provisional              bool
}

// soonHours is when a limit counts as near.
const soonHours = 2 * time.Hour

func dutyFaces(con opinion.Concern, cal workday.Calendar, now time.Time) []dutyFace {
	var out []dutyFace
	for _, d := range con.Duties(cal) {
		out = append(out, faceOfDuty(d, now))
	}
	return out
}

func faceOfDuty(d opinion.Duty, now time.Time) dutyFace {
	f := dutyFace{Title: d.Kind.Chinese(), Due: clockText(d.Due, "2006-01-02 15:04"), Ground: d.Ground, Done: !d.Done.IsZero(), Late: d.Late(now), Provisional: d.Provisional}
	switch {
	case f.Done && f.Late:
		f.Text = clockText(d.Done, "01-02 15:04") + " 完成，超过时限 " + lasting(d.Done.Sub(d.Due))
	case f.Done:
		f.Text = clockText(d.Done, "01-02 15:04") + " 按时完成"
	case f.Late:
		f.Text = "已超过 " + lasting(now.Sub(d.Due))
	default:
		f.Text, f.Soon = "还剩 "+lasting(d.Left(now)), d.Left(now) <= soonHours
	}
	return f
}

// concernRow is one line of the register.
type concernRow struct {
	ID, Platform, Summary, Class, Level, Responsible, Found string
	State                                                   word
	Next                                                    *dutyFace // the open duty that is due first
}

type concernsPage struct {
	frame
	Filters []filterLink
	Rows    []concernRow
	Paging  paging
	Empty   string
	Years   []int // in which concerns were found, for the export
	MayAdd  bool
}

func (c *Console) concerns(v *visit) error {
	if c.cfg.Concerns == nil {
		return errNoConcerns
	}
	all, err := c.cfg.Concerns.Register.Concerns(v.ctx(), opinion.Query{})
	if err != nil {
		return err
	}
	cal, err := c.cfg.Calendar(v.ctx())
	if err != nil {
		return err
	}
	slices.Reverse(all)
	p := &concernsPage{frame: frame{Title: "政务舆情台账", Here: "/concerns"}, MayAdd: v.who.May(staff.ManageRegisters), Years: yearsFound(all)}
	open := keep(slices.Clone(all), func(con opinion.Concern) bool { return con.State == opinion.Open })
	showAll := v.ask("all") != ""
	p.Filters = []filterLink{{"办理中", "/concerns", len(open), !showAll}, {"全部", "/concerns?all=1", len(all), showAll}}
	chosen, empty := open, "没有正在办理的舆情：登记过的都已经办结。"
	if showAll {
		chosen, empty = all, "还没有登记过舆情。发现需要回应的舆情，请马上登记，时限从发现的那一刻算起。"
	}
	p.Empty = empty
	chosen, p.Paging = cut(chosen, v.r.URL)
	for _, con := range chosen {
		p.Rows = append(p.Rows, rowOfConcern(con, cal, v.now))
	}
	return c.show(v, http.StatusOK, "concerns", p)
}

func rowOfConcern(con opinion.Concern, cal workday.Calendar, now time.Time) concernRow {
	row := concernRow{
		ID: con.ID, Platform: con.Platform, Summary: maskNumbers(con.Summary), Class: con.Class.Chinese(), Level: con.Level.Chinese(),
		Responsible: con.Responsible, Found: clockText(con.FoundAt, "2006-01-02 15:04"), State: concernState(con.State),
	}
	if con.State != opinion.Open {
		return row
	}
	for _, d := range dutiesByDue(con, cal) {
		if d.Done.IsZero() {
			f := faceOfDuty(d, now)
			row.Next = &f
			break
		}
	}
	return row
}

func dutiesByDue(con opinion.Concern, cal workday.Calendar) []opinion.Duty {
	duties := con.Duties(cal)
	slices.SortStableFunc(duties, func(a, b opinion.Duty) int { return a.Due.Compare(b.Due) })
	return duties
}

var concernColours = map[opinion.State]string{opinion.Open: "amber", opinion.Closed: "green"}

func concernState(s opinion.State) word { return word{s.Chinese(), concernColours[s]} }

// concernTasks are the duties that are not done, and the concerns that only wait to be followed up and closed.
func (c *Console) concernTasks(v *visit) (taskGroup, error) {
	g := taskGroup{Title: "政务舆情"}
	if c.cfg.Concerns == nil || !v.who.May(staff.ManageRegisters) {
		return g, nil
	}
	open, err := c.cfg.Concerns.Register.Concerns(v.ctx(), opinion.Query{Open: true})
	if err != nil {
		return g, err
	}
	cal, err := c.cfg.Calendar(v.ctx())
	if err != nil {
		return g, err
	}
	for _, con := range open {
		g.Tasks = append(g.Tasks, tasksOfConcern(con, cal, v.now)...)
	}
	return g, nil
}

func tasksOfConcern(con opinion.Concern, cal workday.Calendar, now time.Time) []task {
	about := fmt.Sprintf("%s · %s · %s舆情", con.ID, con.Platform, con.Level.Chinese())
	var out []task
	for _, d := range dutiesByDue(con, cal) {
		if f := faceOfDuty(d, now); !f.Done {
			out = append(out, task{What: "舆情" + f.Title, About: about, Path: "/concerns/" + con.ID, Since: con.FoundAt, Clock: f.Text, Due: f.Due, Late: f.Late || f.Soon})
		}
	}
	if len(out) == 0 {
		out = append(out, task{What: "跟踪反馈，平息后办结", About: about, Path: "/concerns/" + con.ID, Since: con.UpdatedAt})
	}
	return out
}
