package console

import (
	"net/http"
	"strconv"

	"shoushan/fault"
	"shoushan/opinion"
	"shoushan/staff"
)

type concernPage struct {
	frame
	ID, Summary string
	State       word
	Facts       []fact
	Link        string
	Duties      []dutyFace
	Reports     []opinion.Report
	Answers     []concernAnswer
	Findings    []opinion.Note
	FollowUps   []opinion.Note
	Evidence    []int
	Trail       staff.Trail
	Forms       []verbForm
	Verbs       verbBox
	Typed       []field
	Problem     problem
}

// concernAnswer is one public answer as the page shows it.
type concernAnswer struct {
	opinion.Answer
	Address string // a web address that may be opened
}

// alarmed is the clock's own event: it changes nothing that a form was written for.
const alarmed = "alarm"

func (c *Console) loadConcern(v *visit) (opinion.Concern, error) {
	if c.cfg.Concerns == nil {
		return opinion.Concern{}, errNoConcerns
	}
	return c.cfg.Concerns.Register.Concern(v.ctx(), v.r.PathValue("id"))
}

func (c *Console) concern(v *visit) error {
	con, err := c.loadConcern(v)
	if err != nil {
		return err
	}
	p, err := c.concernOf(v, con)
	if err != nil {
		return err
	}
	return c.showConcern(v, http.StatusOK, p)
}

func (c *Console) showConcern(v *visit, status int, p *concernPage) error {
	p.Verbs = boxed(p.Forms)
	return c.show(v, status, "concern", p)
}

func (c *Console) concernOf(v *visit, con opinion.Concern) (*concernPage, error) {
	cal, err := c.cfg.Calendar(v.ctx())
	if err != nil {
		return nil, err
	}
	p := &concernPage{
		frame: frame{Title: "舆情 " + con.ID, Here: "/concerns"}, ID: con.ID, Summary: maskNumbers(con.Summary), State: concernState(con.State),
		Link: webAddress(con.Link), Duties: dutyFaces(con, cal, v.now), Reports: con.Reports, Findings: con.Findings, FollowUps: con.FollowUps, Trail: con.Trail,
	}
	p.Facts = keep([]fact{
		{"发现时间", clockText(con.FoundAt, "2006-01-02 15:04")}, {"来源平台", con.Platform}, {"类别", con.Class.Chinese()}, {"等级", con.Level.Chinese()},
		{"涉及单位", con.Unit}, {"研判人", con.AssessedBy}, {"责任人", con.Responsible}, {"办理结果", con.Ending.Chinese()},
		{"办结时间", clockText(con.ClosedAt, "2006-01-02 15:04")}, {"归档时间", clockText(con.ArchivedAt, "2006-01-02 15:04")},
	}, func(f fact) bool { return f.Text != "" })
	for _, a := range con.Answers {
		p.Answers = append(p.Answers, concernAnswer{a, webAddress(a.Link)})
	}
	for i := range con.Evidence {
		p.Evidence = append(p.Evidence, i+1)
	}
	p.Forms, err = offers(c, v, concernVerbs, "/concerns/"+con.ID, con)
	for i := range p.Forms {
		p.Forms[i].Seen = markOfTrail(con.Trail, alarmed)
	}
	return p, err
}

// actOnConcern does one verb on a concern; when it is refused the page comes back with what was typed and the sentence.
func (c *Console) actOnConcern(a verb[opinion.Concern]) handler {
	return func(v *visit) error {
		con, err := c.loadConcern(v)
		if err != nil {
			return err
		}
		if err := v.freshTrail(con.Trail, "这件舆情", alarmed); err != nil {
			return c.reshowConcern(v, a, err)
		}
		done, err := a.do(c, v, con)
		if err == nil {
			return c.redirect(v, "/concerns/"+con.ID, done)
		}
		return c.reshowConcern(v, a, err)
	}
}

func (c *Console) reshowConcern(v *visit, a verb[opinion.Concern], cause error) error {
	con, err := c.loadConcern(v)
	if err != nil {
		return err
	}
	p, err := c.concernOf(v, con)
	if err != nil {
		return err
	}
	fresh, err := a.form(c, v, "/concerns/"+con.ID, con)
	if err != nil {
		return err
	}
	why := c.explain(v, cause)
	fresh.Seen = markOfTrail(con.Trail, alarmed)
	typed := fresh.refill(v.r.PostForm, why)
	if !reopen(p.Forms, typed) {
		p.Problem, p.Typed = why, typedAgain(typed)
	}
	return c.showConcern(v, why.Status, p)
}

// concernFile shows a screenshot of what was said in public.
func (c *Console) concernFile(v *visit) error {
	con, err := c.loadConcern(v)
	if err != nil {
		return err
	}
	n, err := strconv.Atoi(v.r.PathValue("n"))
	if err != nil || n < 1 || n > len(con.Evidence) {
		return fault.New(fault.NotFound, "这件舆情没有这份截图。")
	}
	data, err := c.cfg.Files.File(v.ctx(), con.Evidence[n-1])
	if err != nil {
		return err
	}
	kind := http.DetectContentType(data)
	if paperTypes[kind] == "" {
		kind = "application/octet-stream"
	}
	return download(v, "舆情"+con.ID+"-截图"+strconv.Itoa(n)+paperTypes[kind], kind, data)
}

// keptBy returns the register's own offer: the state has the act and the member keeps the register.
func keptBy(states ...opinion.State) func(opinion.Concern, staff.Member) bool {
	return func(con opinion.Concern, who staff.Member) bool {
		if !who.May(staff.ManageRegisters) {
			return false
		}
		for _, s := range states {
			if con.State == s {
				return true
			}
		}
		return false
	}
}

// momentField asks when something happened, now unless told otherwise.
func momentField(v *visit, name, label string) field {
	return field{Name: name, Label: label, Kind: timeField, Required: true, Value: clockText(v.now, inputTime)}
}
