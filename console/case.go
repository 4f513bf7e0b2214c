package console

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"shoushan/disclosure"
	"shoushan/staff"
	"shoushan/workday"
)

// applicant is what a case page shows of a person: masked, or after a logged look unmasked.
type applicant struct {
	Agent, AgentDocument, Authority                                    string
	Name, Document, Representative, Phone, Email, Address, Description string
	Revealed                                                           bool
}

func maskedApplicant(p disclosure.Personal) applicant {
	a := openApplicant(p.Masked())
	a.Revealed = false
	return a
}

func openApplicant(p disclosure.Personal) applicant {
	return applicant{
		Agent: p.Agent, AgentDocument: p.AgentDocument, Authority: p.Authority, Name: p.Name, Document: p.DocumentNumber, Representative: p.Representative, Phone: p.Phone, Email: p.Email,
		Address: p.Address, Description: p.Description, Revealed: true,
	}
}

// instants are the four moments of article 31, as far as they happened.
type instant struct {
	Label string
	At    time.Time
}

// fact is a term and what is known about it.
type fact struct{ Term, Text string }

// letterLink is one document of the case.
type letterLink struct {
	Index                int
	Title, Number, Dated string
	Draft                bool
	Arrived              []string // what is known of its arrival
}

type casePage struct {
	frame
	ID        string
	State     word
	Unopened  bool
	Next      nextStep
	Clock     clockFace
	Applicant applicant
	Kind      string
	Channel   string
	Medium    string
	Delivery  string
	Received  string
	Handler   string
	QueryCode string
	Instants  []instant
	Decision  []fact
	Letters   []letterLink
	Reply     int // which letter is the decision's; 0 when there is none
	Pending   *pendingNotice
	Beside    beside
	Messages  messages
	Seen      string
	Trail     staff.Trail
	Forms     []verbForm
	Verbs     verbBox
	Steps     []fact
	MayReveal bool
	RevealWhy string
	Typed     []field
	Problem   problem
}

func (c *Console) requestCase(v *visit) error {
	r, err := c.cfg.Requests.Request(v.ctx(), v.r.PathValue("id"))
	if err != nil {
		return err
	}
	p, err := c.caseOf(v, r)
	if err != nil {
		return err
	}
	return c.showCase(v, http.StatusOK, p)
}

func (c *Console) showCase(v *visit, status int, p *casePage) error {
	p.Verbs = boxed(p.Forms)
	return c.show(v, status, "case", p)
}

// caseOf gathers what a member may see of a request and do with it now.
func (c *Console) caseOf(v *visit, r disclosure.Request) (*casePage, error) {
	faces, err := c.faces(v, []disclosure.Request{r})
	if err != nil {
		return nil, err
	}
	names, err := c.memberNames(v)
	if err != nil {
		return nil, err
	}
	p := &casePage{
		frame: frame{Title: "申请 " + r.ID, Here: "/requests"}, ID: r.ID, State: requestState(r.State), Unopened: unopened(r),
		Next: nextOf(r, v.who, names, workday.Of(v.now)), Clock: faces[r.ID], Applicant: maskedApplicant(r.Filing.Personal), Kind: r.Filing.ApplicantKind.Chinese(),
		Channel: r.Filing.Channel.Chinese(), Medium: r.Filing.Medium.Chinese(), Delivery: r.Filing.Delivery.Chinese(),
		Received: r.ReceivedOn.Chinese(), MayReveal: v.who.May(staff.RevealPersonal), Instants: instantsOf(r),
		Decision: decisionOf(r, names), Letters: lettersOf(r), Steps: stepsOnTheWay(r),
	}
	p.Reply = r.ReplyIndex() + 1
	p.Pending = noticeOf(r, names)
	if r.HandlerID != "" {
		p.Handler = nameOf(names, r.HandlerID)
	}
	if p.Beside, err = c.besideOf(v, r, names); err != nil {
		return nil, err
	}
	p.Messages, p.Seen, p.Trail = c.messagesOf(v, r), seenOf(r), namedTrail(r.Trail, names)
	p.Forms, err = offers(c, v, requestVerbs, "/requests/"+r.ID, r)
	for i := range p.Forms {
		p.Forms[i].Seen = p.Seen
	}
	return p, err
}

func instantsOf(r disclosure.Request) []instant {
	return keep([]instant{
		{"申请人提交", r.SubmittedAt}, {"双方确认", r.ConfirmedAt}, {"系统回执", r.ReceiptAt}, {"工作人员签收", r.RegisterAt},
	}, func(i instant) bool { return !i.At.IsZero() })
}

func lettersOf(r disclosure.Request) []letterLink {
	var out []letterLink
	for i, l := range r.Papers() {
		out = append(out, letterLink{Index: i + 1, Title: l.Title, Number: l.Number, Dated: l.Date.Chinese(), Draft: unsigned(l), Arrived: arrivalOf(l)})
	}
	return out
}

// arrivalOf tells what is known of a letter's arrival: evidence, beside the day of service (国办公开办函〔2016〕235号).
func arrivalOf(l disclosure.Letter) []string {
	by := map[disclosure.Sight]string{disclosure.OpenedInChat: "（提交申请的微信）", disclosure.OpenedByCode: "（凭编号和查询码）"}[l.OpenedHow]
	return keep([]string{
		ifTime("申请人 %s 确认收到", l.AcknowledgedAt), ifTime("%s 首次打开阅读"+by, l.OpenedAt),
	}, func(s string) bool { return s != "" })
}

// ifTime formats an instant, or nothing when it did not happen.
func ifTime(format string, at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return fmt.Sprintf(format, clockText(at, "2006-01-02 15:04"))
}

// decisionOf lists what was decided, in words.
func decisionOf(r disclosure.Request, names map[string]string) []fact {
	d := r.Decision
	if d == nil {
		return nil
	}
	all := []fact{
		{"处理结果", d.Outcome.Chinese()}, {"提供方式", howWord(d.How)}, {"提供内容", d.Content}, {"事实和理由", d.Ground},
		{"不予公开部分", d.RefusedRow.Chinese()}, {"遮盖的部分", d.Redactions}, {"专门规定", d.GoverningLaw}, {"检索记录", d.SearchRecord}, {"负责机关", d.RightOrgan},
		{"正当渠道", d.ProperChannel}, {"原答复文号", d.EarlierLetter}, {"获取途径", d.Where}, {"拟稿", nameOf(names, d.DraftedBy)},
		{"签发", nameOf(names, d.SignedBy)}, {"签发时间", clockText(d.SignedAt, "2006-01-02 15:04")}, {"送达日期", d.ServedOn.Chinese()},
		{"送达方式", d.ServedBy.Chinese()}, {proofTerm, d.DeliveryProof}, {"微信通知", d.NotifiedOutcome}, {"收到的证据", evidenceOf(r)},
	}
	return masked(r, keep(all, func(f fact) bool { return f.Text != "" }))
}

// evidenceOf is what shows that the applicant has the answer, or that nothing does where it went by chat alone.
func evidenceOf(r disclosure.Request) string {
	i := r.ReplyIndex()
	if i < 0 || r.Letters[i].IssuedAt.IsZero() {
		return ""
	}
	if r.AwaitsSign() {
		return "申请人还没有确认收到，也没有打开看过"
	}
	return strings.Join(arrivalOf(r.Letters[i]), "；")
}

// proofTerm is the fact whose long numbers are no person's: an EMS number is there to be read.
const proofTerm = "送达凭证"

// masked masks what staff may have typed into the facts of a case.
func masked(r disclosure.Request, facts []fact) []fact {
	replacer := strings.NewReplacer(maskedPairs(r)...)
	for i, f := range facts {
		facts[i].Text = replacer.Replace(f.Text)
		if f.Term != proofTerm {
			facts[i].Text = maskNumbers(facts[i].Text)
		}
	}
	return facts
}

// stepsOnTheWay tells what is special about a request: supplement, consultations, fee, reasons, parts, remedies.
func stepsOnTheWay(r disclosure.Request) []fact {
	var out []fact
	if s := r.Supplement; s != nil {
		out = append(out, fact{"补正", fmt.Sprintf("%s告知，期限到%s%s\n%s", s.NoticedOn.Chinese(), s.Until.Chinese(), ifDay("，已于%s收到", s.ReceivedOn), strings.Join(s.Items, "\n"))})
	}
	for _, q := range r.Consultations {
		out = append(out, fact{"征求意见", fmt.Sprintf("%s，%s发出%s，最晚到%s%s%s", q.Party.Chinese(), q.SentOn.Chinese(), ifDay("，%s收到", q.ReceivedOn), q.Until.Chinese(), ifDay("，%s回复", q.RepliedOn), q.Answer.Chinese())})
	}
	if f := r.Fee; f != nil {
		out = append(out, fact{"信息处理费", fmt.Sprintf("%s，%d 元，期限到%s%s", f.Basis.Chinese(), f.Yuan, f.Until.Chinese(), ifDay("，已于%s缴清", f.PaidOn))})
	}
	if q := r.Reasons; q != nil {
		out = append(out, fact{"要求说明理由", fmt.Sprintf("%s告知，期限到%s", q.AskedOn.Chinese(), q.Until.Chinese())})
		for _, g := range q.Given {
			out = append(out, fact{"申请人说明的理由", g.On.Chinese() + "收到\n" + g.Text})
		}
	}
	if r.SplitFrom != "" {
		out = append(out, fact{"拆分自", r.SplitFrom})
	}
	for _, p := range r.Parts {
		out = append(out, fact{"拆分出", p.ID})
	}
	for _, m := range r.Remedies {
		out = append(out, fact{m.Kind.Chinese(), fmt.Sprintf("%s %s%s %s", m.OpenedOn.Chinese(), m.Number, ifDay("，%s审结", m.ClosedOn), m.Result.Chinese())})
	}
	return masked(r, out)
}

// ifDay formats a day, or nothing when it is not set.
func ifDay(format string, d workday.Date) string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf(format, d.Chinese())
}

func howWord(how string) string {
	for _, choice := range disclosure.Hows() {
		if choice.Key == how {
			return choice.Label
		}
	}
	return how
}

// reveal shows the applicant's data in full, in the answer itself: nothing of it is kept in the session, and every look
// is an event with its reason (个人信息保护法第六条, 第五十一条).
func (c *Console) reveal(v *visit) error {
	why := v.form("why")
	personal, err := c.cfg.Desk.Reveal(v.ctx(), v.who, v.r.PathValue("id"), why)
	r, missing := c.cfg.Requests.Request(v.ctx(), v.r.PathValue("id"))
	if missing != nil {
		return missing
	}
	p, broken := c.caseOf(v, r)
	if broken != nil {
		return broken
	}
	if err != nil {
		p.Problem, p.RevealWhy = c.explain(v, err), why
		return c.showCase(v, p.Problem.Status, p)
	}
	p.Applicant = openApplicant(personal)
	return c.showCase(v, http.StatusOK, p)
}

// actOnRequest does one verb on a request; when it is refused the case comes back with what was typed and the sentence.
func (c *Console) actOnRequest(a verb[disclosure.Request]) handler {
	return func(v *visit) error {
		r, err := c.cfg.Requests.Request(v.ctx(), v.r.PathValue("id"))
		if err != nil {
			return err
		}
		if err := c.fresh(v, r); err != nil {
			return c.reshowCase(v, a, r.ID, err)
		}
		done, err := a.do(c, v, r)
		if err == nil {
			return c.redirect(v, "/requests/"+r.ID, done)
		}
		return c.reshowCase(v, a, r.ID, err)
	}
}

// reshowCase shows the case as it is now, the form open with what was typed, or, when it is no longer offered, the typed
// text by itself.
func (c *Console) reshowCase(v *visit, a verb[disclosure.Request], id string, cause error) error {
	r, err := c.cfg.Requests.Request(v.ctx(), id)
	if err != nil {
		return err
	}
	p, err := c.caseOf(v, r)
	if err != nil {
		return err
	}
	fresh, err := a.form(c, v, "/requests/"+id, r)
	if err != nil {
		return err
	}
	why := c.explain(v, cause)
	fresh.Seen = p.Seen
	typed := fresh.refill(v.r.PostForm, why)
	if !reopen(p.Forms, typed) {
		p.Problem, p.Typed = why, typedAgain(typed)
	}
	return c.showCase(v, why.Status, p)
}
