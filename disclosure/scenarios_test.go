package disclosure_test

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"shoushan/disclosure"
	"shoushan/fault"
	"shoushan/staff"
	"shoushan/workday"
)

// scenario is one case history as data, so that new ones can be dropped into testdata/scenarios without code.
type scenario struct {
	Name    string          `json:"name"`
	Article string          `json:"article"` // where the case stands in the law; may also be in the name
	Organ   json.RawMessage `json:"organ"`
	Steps   []stepData      `json:"steps"`
	Expect  expectation     `json:"expect"`
}

type expectation struct {
	AsOf        workday.Date      `json:"as_of"`
	State       disclosure.State  `json:"state"`
	Due         *workday.Date     `json:"due"`
	Provisional *bool             `json:"provisional"`
	Overdue     *bool             `json:"overdue"`
	Counts      []disclosure.Cell `json:"counts"`
	FeeYuan     *int              `json:"fee_yuan"`
	Letters     []string          `json:"letters"` // the templates, in the order in which they came to be
}

// stepData is a step as it stands in the file: at, do, refused, and what the verb takes.
type stepData map[string]any

func (s stepData) text(key string, fallback string) string {
	if v, ok := s[key].(string); ok {
		return v
	}
	return fallback
}

// one finds the value of a closed set (consult third_party, deliver post, remedy_close upheld) under whatever key it stands.
func (s stepData) one(set ...string) string {
	for _, key := range slices.Sorted(maps.Keys(s)) {
		if v, ok := s[key].(string); ok && slices.Contains(set, v) {
			return v
		}
		if slices.Contains(set, key) {
			return key
		}
	}
	return ""
}

// number finds the one number of a step ({"pages": 72} or {"basis": "pages", "count": 72}).
func (s stepData) number() int {
	for _, key := range slices.Sorted(maps.Keys(s)) {
		if v, ok := s[key].(float64); ok {
			return int(v)
		}
	}
	return 0
}

func (s stepData) day(key string, fallback workday.Date) workday.Date {
	text := s.text(key, "")
	if text == "" {
		return fallback
	}
	return workday.MustParse(text[:len("2006-01-02")])
}

// player plays the steps of one scenario against a desk.
type player struct {
	*world
	ctx context.Context
	id  string
}

func (p *player) today() workday.Date { return workday.Of(p.now) }

func (p *player) actor(s stepData, usual staff.Member) staff.Member {
	switch s.text("by", "") {
	case "clerk", "desk":
		return clerk
	case "drafter":
		return clerk
	case "head", "approver":
		return head
	case "author":
		return author
	case "citizen", "applicant":
		return staff.Citizen
	case "system":
		return staff.System
	}
	return usual
}

type verb func(p *player, s stepData) (disclosure.Request, error)

// verbs is what a scenario can do; the words are those of the trail.
var verbs = map[string]verb{
	"submit": (*player).submit,
	"confirm": func(p *player, s stepData) (disclosure.Request, error) {
		return p.Confirm(p.ctx, p.actor(s, staff.Citizen), p.id)
	},
	"register": func(p *player, s stepData) (disclosure.Request, error) {
		return p.Accept(p.ctx, p.actor(s, clerk), p.id)
	},
	"assign": func(p *player, s stepData) (disclosure.Request, error) {
		return p.Assign(p.ctx, p.actor(s, clerk), p.id, s.text("to", clerk.ID))
	},
	"request_supplement": func(p *player, s stepData) (disclosure.Request, error) {
		until := s.day("until", p.cal.Add(p.today(), 10).Date)
		r, err := p.RequestSupplement(p.ctx, p.actor(s, clerk), p.id, []string{s.text("items", "请写明所需文件的年份。")}, until)
		return p.signed(r, err, head)
	},
	"receive_supplement": func(p *player, s stepData) (disclosure.Request, error) {
		answer := disclosure.SupplementAnswer{Description: s.text("description", "2025年的名册"), On: s.day("received_at", workday.Date{})}
		return p.ReceiveSupplement(p.ctx, p.actor(s, clerk), p.id, answer)
	},
	"lapse": func(p *player, s stepData) (disclosure.Request, error) {
		r, err := p.Lapse(p.ctx, p.actor(s, staff.System), p.id)
		return p.signed(r, err, head)
	},
	"consult": func(p *player, s stepData) (disclosure.Request, error) {
		party := disclosure.Party(s.one("third_party", "co_maker", "other_organ"))
		r, err := p.Consult(p.ctx, p.actor(s, clerk), p.id, party, s.text("name", "某某公司"), s.text("about", "采购合同的报价"))
		if r, err = p.signed(r, err, head); err != nil || s.text("received_at", "") == "" {
			return r, err
		}
		return p.seen(s)
	},
	"consultation_received": func(p *player, s stepData) (disclosure.Request, error) {
		return p.ConsultationReceived(p.ctx, p.actor(s, clerk), p.id, s.number(), s.day("received_at", workday.Date{}))
	},
	"assist": func(p *player, s stepData) (disclosure.Request, error) {
		until := s.day("until", p.cal.Add(p.today(), 5).Date)
		r, err := p.Assist(p.ctx, p.actor(s, clerk), p.id, s.text("name", "财政所"), s.text("about", "检索2025年采购合同"), until)
		return p.signed(r, err, head)
	},
	"consultation_reply": func(p *player, s stepData) (disclosure.Request, error) {
		answer := disclosure.Agrees
		if s.one("refuses", "refuse", "disagree", "object") != "" {
			answer = disclosure.Refuses
		}
		a := disclosure.ConsultationAnswer{Answer: answer, Ground: s.text("ground", "涉及商业秘密"), On: s.day("received_at", workday.Date{}), No: s.number()}
		return p.ConsultationReply(p.ctx, p.actor(s, clerk), p.id, a)
	},
	"state_reasons": func(p *player, s stepData) (disclosure.Request, error) {
		r, err := p.StateReasons(p.ctx, p.actor(s, clerk), p.id, s.text("facts", "本月共提出42件内容相近的申请"), s.day("until", p.cal.Add(p.today(), 5).Date))
		return p.signed(r, err, head)
	},
	"extend": func(p *player, s stepData) (disclosure.Request, error) {
		r, err := p.Extend(p.ctx, p.drafter(s), p.id, s.number(), s.text("reason", "需要查阅的档案较多"))
		return p.signed(r, err, p.actor(s, head))
	},
	"delay": func(p *player, s stepData) (disclosure.Request, error) {
		r, err := p.Delay(p.ctx, p.drafter(s), p.id, s.day("until", workday.Date{}), s.text("reason", "一次申请的数量较多"))
		return p.signed(r, err, p.actor(s, head))
	},
	"charge_fee": func(p *player, s stepData) (disclosure.Request, error) {
		r, err := p.ChargeFee(p.ctx, p.actor(s, clerk), p.id, disclosure.FeeBasis(s.one("pieces", "pages")), s.number())
		return p.signed(r, err, head)
	},
	"pay_fee": func(p *player, s stepData) (disclosure.Request, error) {
		return p.PayFee(p.ctx, p.actor(s, clerk), p.id, s.text("receipt", "晋财票0012345"))
	},
	"decide": (*player).decide,
	"sign_off": func(p *player, s stepData) (disclosure.Request, error) {
		return p.SignOff(p.ctx, p.actor(s, head), p.id)
	},
	"return_draft": func(p *player, s stepData) (disclosure.Request, error) {
		return p.ReturnDraft(p.ctx, p.actor(s, head), p.id, s.text("reason", "理由没有写清"))
	},
	"deliver": func(p *player, s stepData) (disclosure.Request, error) {
		via := disclosure.Delivery(s.one("wechat", "post", "pickup", "email"))
		return p.DeliverOn(p.ctx, p.actor(s, clerk), p.id, via, s.text("proof", "EMS 1234567890123"), s.day("served_on", workday.Date{}))
	},
	"withdraw": func(p *player, s stepData) (disclosure.Request, error) {
		return p.Withdraw(p.ctx, p.actor(s, staff.Citizen), p.id, s.text("reason", ""))
	},
	"correct": (*player).correct,
	"reopen": func(p *player, s stepData) (disclosure.Request, error) {
		return p.Reopen(p.ctx, p.actor(s, head), p.id, s.text("reason", "行政复议决定撤销原答复"))
	},
	"remedy_open": func(p *player, s stepData) (disclosure.Request, error) {
		kind := disclosure.RemedyKind(s.one("reconsideration", "litigation_direct", "litigation_after_reconsideration"))
		return p.OpenRemedy(p.ctx, p.actor(s, clerk), p.id, disclosure.Remedy{Kind: kind})
	},
	"archive": func(p *player, s stepData) (disclosure.Request, error) {
		return p.ArchiveCase(p.ctx, p.actor(s, clerk), p.id, s.text("number", "2026-XXGK-001"))
	},
	"remedy_close": func(p *player, s stepData) (disclosure.Request, error) {
		return p.CloseRemedy(p.ctx, p.actor(s, clerk), p.id, disclosure.RemedyResult(s.one("upheld", "corrected", "other")), workday.Date{})
	},
}

func (p *player) submit(s stepData) (disclosure.Request, error) {
	kind := disclosure.ApplicantKind(s.text("applicant", "natural"))
	f, by := atCounter(), clerk
	if kind != disclosure.NaturalPerson {
		f = ofCompany()
	}
	f.ApplicantKind, f.Channel = kind, disclosure.Channel(s.text("channel", "counter"))
	f.AnnouncedOn = s.day("received_at", workday.Date{})
	if f.Channel == disclosure.ByWeChat {
		f.OpenID, f.Delivery, f.AnnouncedOn, by = "oCitizen1", disclosure.DeliverByWeChat, workday.Date{}, staff.Citizen
	}
	f.Delivery = disclosure.Delivery(s.text("delivery", string(f.Delivery)))
	r, err := p.Submit(p.ctx, p.actor(s, by), f)
	if err == nil {
		p.id = r.ID
	}
	return r, err
}

// decide reads the decision's fields from the step as they are: what the file leaves out is left out.
func (p *player) decide(s stepData) (disclosure.Request, error) {
	var d disclosure.Decision
	data, err := json.Marshal(s)
	if err != nil {
		return disclosure.Request{}, err
	}
	if err := json.Unmarshal(data, &d); err != nil {
		return disclosure.Request{}, err
	}
	d.Outcome = disclosure.Outcome(s.text("row", ""))
	return p.Decide(p.ctx, p.actor(s, clerk), p.id, d)
}

func (p *player) correct(s stepData) (disclosure.Request, error) {
	c := disclosure.Correction{ApplicantKind: disclosure.ApplicantKind(s.text("applicant", "")), ReceivedOn: s.day("received_at", workday.Date{})}
	if c.ApplicantKind != "" {
		personal := ofCompany().Personal
		if c.ApplicantKind == disclosure.NaturalPerson {
			personal = atCounter().Personal
		}
		c.Personal = &personal
	}
	return p.Correct(p.ctx, p.actor(s, clerk), p.id, c, s.text("reason", "登记时看错了"))
}

func TestScenarios(t *testing.T) {
	files, err := filepath.Glob("testdata/scenarios/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no scenarios: %v", err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range readScenarios(t, file, data) {
			t.Run(filepath.Base(file)+"/"+s.Name, func(t *testing.T) { s.play(t) })
		}
	}
}

// readScenarios reads a file that holds one scenario or a list of them.
func readScenarios(t *testing.T, file string, data []byte) []scenario {
	t.Helper()
	var many []scenario
	if json.Unmarshal(data, &many) == nil {
		return many
	}
	var one scenario
	if err := json.Unmarshal(data, &one); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return []scenario{one}
}

func (s scenario) play(t *testing.T) {
	t.Helper()
	p := &player{world: newWorld("2026-01-04"), ctx: t.Context()}
	if len(s.Organ) > 0 {
		if err := json.Unmarshal(s.Organ, &p.Organ); err != nil {
			t.Fatal(err)
		}
	}
	for i, step := range s.Steps {
		do := step.text("do", "")
		verb, ok := verbs[do]
		if !ok {
			t.Fatalf("step %d: no verb %q", i+1, do)
		}
		p.set(step.text("at", ""))
		_, err := verb(p, step)
		if want := step.text("refused", ""); want != "" {
			if err == nil || fault.KindOf(err).String() != want {
				t.Errorf("step %d, %s: error %v, want %s", i+1, do, err, want)
			}
		} else if err != nil {
			t.Fatalf("step %d, %s: %v", i+1, do, err)
		}
	}
	s.Expect.check(t, p)
}

func (e expectation) check(t *testing.T, p *player) {
	t.Helper()
	r, err := p.Register.Request(p.ctx, p.id)
	if err != nil {
		t.Fatal(err)
	}
	deadline := r.Deadline(p.cal)
	if e.State != "" && r.State != e.State {
		t.Errorf("state = %s, want %s", r.State, e.State)
	}
	if e.Due != nil && deadline.Due != *e.Due {
		t.Errorf("due = %s, want %s\n%s", deadline.Due, e.Due, explained(deadline))
	}
	if e.Provisional != nil && deadline.Provisional != *e.Provisional {
		t.Errorf("provisional = %v, want %v", deadline.Provisional, *e.Provisional)
	}
	if e.Overdue != nil && r.Overdue(p.cal, e.AsOf.At(12, 0)) != *e.Overdue {
		t.Errorf("overdue on %s = %v, want %v", e.AsOf, !*e.Overdue, *e.Overdue)
	}
	if e.Counts != nil {
		if diff := cmp.Diff(sorted(e.Counts), sorted(allCells(r, e.AsOf))); diff != "" {
			t.Errorf("counts (-want +got):\n%s", diff)
		}
	}
	e.checkPapers(t, r)
	if err := r.Trail.Verify(); err != nil {
		t.Error(err)
	}
}

func (e expectation) checkPapers(t *testing.T, r disclosure.Request) {
	t.Helper()
	if e.FeeYuan != nil {
		yuan := 0
		if r.Fee != nil {
			yuan = r.Fee.Yuan
		}
		if yuan != *e.FeeYuan {
			t.Errorf("fee = %d yuan, want %d", yuan, *e.FeeYuan)
		}
	}
	if e.Letters != nil {
		var got []string
		for _, l := range r.Letters {
			got = append(got, l.Template)
		}
		if diff := cmp.Diff(e.Letters, got); diff != "" {
			t.Errorf("letters (-want +got):\n%s", diff)
		}
	}
}

// allCells are the cells of every year up to the day.
func allCells(r disclosure.Request, asOf workday.Date) []disclosure.Cell {
	var out []disclosure.Cell
	for year := 2020; year <= asOf.Year(); year++ {
		out = append(out, r.Cells(year, asOf)...)
	}
	return out
}

func sorted(cells []disclosure.Cell) []string {
	var out []string
	for _, c := range cells {
		out = append(out, fmt.Sprintf("%d %s %s", c.Year, c.Row, c.Col))
	}
	slices.Sort(out)
	return out
}

func explained(d disclosure.Deadline) string {
	text := ""
	for _, l := range d.Lines {
		text += l.String() + "\n"
	}
	return text
}
