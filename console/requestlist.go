package console

import (
	"cmp"
	"net/http"
	"slices"
	"strings"
	"time"

	"shoushan/disclosure"
	"shoushan/staff"
	"shoushan/workday"
)

// queue is one filter of the register.
type queue struct {
	Key, Title string
	Empty      string // what an empty list means
	match      func(r disclosure.Request, f clockFace, who staff.Member) bool
}

func atState(states ...disclosure.State) func(disclosure.Request, clockFace, staff.Member) bool {
	return func(r disclosure.Request, _ clockFace, _ staff.Member) bool { return slices.Contains(states, r.State) }
}

// unopened reports whether nobody of the office has signed for the request yet (未签收).
func unopened(r disclosure.Request) bool {
	return r.State == disclosure.Handling && r.RegisterAt.IsZero()
}

var queues = []queue{
	{"open", "在办", "没有在办的申请。", func(r disclosure.Request, _ clockFace, _ staff.Member) bool { return r.State != disclosure.Closed }},
	{"unopened", "未签收", "没有未签收的申请：新来的都有人看过了。", func(r disclosure.Request, _ clockFace, _ staff.Member) bool { return unopened(r) }},
	{"mine", "我经办", "没有分给您经办的申请。", func(r disclosure.Request, _ clockFace, who staff.Member) bool {
		return r.HandlerID == who.ID && r.State != disclosure.Closed
	}},
	{"soon", "临期", "五个工作日内没有到期的申请。", func(_ disclosure.Request, f clockFace, _ staff.Member) bool { return f.Soon }},
	{"overdue", "超期", "没有超期的申请。", func(_ disclosure.Request, f clockFace, _ staff.Member) bool { return f.Overdue }},
	{"signoff", "待签发", "没有等待签发的答复和告知书。", func(r disclosure.Request, _ clockFace, _ staff.Member) bool {
		return r.State == disclosure.AwaitingSignoff || r.Notice != nil
	}},
	{"delivery", "待送达", "没有等待送达的答复。", atState(disclosure.AwaitingDelivery)},
	{"confirm", "待确认", "没有等待双方确认的申请。", atState(disclosure.Submitted)},
	{"supplement", "待补正", "没有在等申请人补正的申请。", atState(disclosure.AwaitingSupplement)},
	{"consulting", "征求意见", "没有在等第三方或者其他机关意见的申请。", atState(disclosure.Consulting)},
	{"payment", "待缴费", "没有在等申请人缴费的申请。", atState(disclosure.AwaitingPayment)},
	{"remedies", "复议诉讼", "没有尚未审结的复议和诉讼。", func(r disclosure.Request, _ clockFace, _ staff.Member) bool {
		return slices.ContainsFunc(r.Remedies, func(m disclosure.Remedy) bool { return m.ClosedOn.IsZero() })
	}},
	{"nosign", "微信送达未确认", "微信送达的答复，申请人都确认收到或者打开看过了。", func(_ disclosure.Request, f clockFace, _ staff.Member) bool { return f.NoSign }},
	{"closed", "已办结", "还没有办结的申请。", atState(disclosure.Closed)},
	{"all", "全部", "还没有登记过申请。", func(disclosure.Request, clockFace, staff.Member) bool { return true }},
}

// requestRow is one line of a list of requests: nothing personal but a masked name.
type requestRow struct {
	ID, Applicant, Kind, Channel, Handler, Outcome string
	State                                          word
	Notice                                         string // waits for a signature
	Unopened                                       bool
	Received                                       string
	Clock                                          clockFace
}

type requestsPage struct {
	frame
	Filters []filterLink
	Rows    []requestRow
	Paging  paging
	Empty   string
	Search  string
	MayAdd  bool
}

func (c *Console) requests(v *visit) error {
	all, err := c.cfg.Requests.Requests(v.ctx(), disclosure.Query{})
	if err != nil {
		return err
	}
	faces, err := c.faces(v, all)
	if err != nil {
		return err
	}
	p := &requestsPage{frame: frame{Title: "申请台账", Here: "/requests"}, Search: v.ask("q"), MayAdd: v.who.May(staff.HandleRequests)}
	all = keep(all, func(r disclosure.Request) bool { return strings.Contains(r.ID, p.Search) })
	chosen := p.filter(all, faces, v)
	if err := c.addTalks(v, p); err != nil {
		return err
	}
	slices.SortStableFunc(chosen, func(a, b disclosure.Request) int { return byUrgency(a, b, faces) })
	chosen, p.Paging = cut(chosen, v.r.URL)
	if p.Rows, err = c.requestRows(v, chosen, faces); err != nil {
		return err
	}
	return c.show(v, http.StatusOK, "requests", p)
}

// addTalks puts the queue of unmatched messages beside those of requests, for whoever handles them.
func (c *Console) addTalks(v *visit, p *requestsPage) error {
	if c.cfg.Talks == nil || !v.who.May(staff.HandleRequests) {
		return nil
	}
	talks, err := c.cfg.Talks.Talks(v.ctx())
	if err != nil {
		return err
	}
	waiting := keep(talks, func(t Talk) bool { return t.Waiting })
	p.Filters = append(p.Filters, filterLink{"未归入的留言", "/talks", len(waiting), false})
	return nil
}

// filter counts every queue and returns the requests of the one that is asked for.
func (p *requestsPage) filter(all []disclosure.Request, faces map[string]clockFace, v *visit) []disclosure.Request {
	current := queues[0]
	for _, q := range queues {
		if q.Key == v.ask("queue") {
			current = q
		}
	}
	var chosen []disclosure.Request
	for _, q := range queues {
		found := keep(all, func(r disclosure.Request) bool { return q.match(r, faces[r.ID], v.who) })
		p.Filters = append(p.Filters, filterLink{q.Title, filterPath("/requests", "queue", q.Key, p.Search), len(found), q.Key == current.Key})
		if q.Key == current.Key {
			chosen = found
		}
	}
	p.Empty = current.Empty
	return chosen
}

// byUrgency puts running clocks first, the earliest due date on top, then the newest numbers.
func byUrgency(a, b disclosure.Request, faces map[string]clockFace) int {
	fa, fb := faces[a.ID], faces[b.ID]
	if fa.Running != fb.Running {
		if fa.Running {
			return -1
		}
		return 1
	}
	if fa.Running {
		return cmp.Or(fa.Due.Compare(fb.Due), cmp.Compare(a.ID, b.ID))
	}
	return cmp.Compare(b.ID, a.ID)
}

func (c *Console) requestRows(v *visit, list []disclosure.Request, faces map[string]clockFace) ([]requestRow, error) {
	names, err := c.memberNames(v)
	if err != nil {
		return nil, err
	}
	rows := make([]requestRow, 0, len(list))
	for _, r := range list {
		row := requestRow{
			ID: r.ID, Applicant: r.Filing.Personal.Masked().Name, Kind: r.Filing.ApplicantKind.Chinese(),
			Channel: r.Filing.Channel.Chinese(), State: requestState(r.State), Unopened: unopened(r),
			Received: r.ReceivedOn.String(), Clock: faces[r.ID],
		}
		if r.Notice != nil {
			row.Notice = r.Notice.Title()
		}
		if r.HandlerID != "" {
			row.Handler = nameOf(names, r.HandlerID)
		}
		if r.Decision != nil {
			row.Outcome = r.Decision.Outcome.Chinese()
		}
		rows = append(rows, row)
	}
	return rows, nil
}

func (c *Console) requestTasks(v *visit) (taskGroup, error) {
	g := taskGroup{Title: "依申请公开"}
	if !(route{rights: requests}).allows(v.who) {
		return g, nil
	}
	open, err := c.cfg.Requests.Requests(v.ctx(), disclosure.Query{Open: true})
	if err != nil {
		return g, err
	}
	silent, err := c.cfg.Requests.Requests(v.ctx(), disclosure.Query{Signs: true})
	if err != nil {
		return g, err
	}
	open = append(open, keep(silent, disclosure.Request.AwaitsSign)...)
	faces, err := c.faces(v, open)
	if err != nil {
		return g, err
	}
	for _, r := range open {
		f := faces[r.ID]
		if what := requestTask(r, f, v.who, workday.Of(v.now)); what != "" {
			g.Tasks = append(g.Tasks, task{
				What: what, About: r.ID + " · " + r.Filing.ApplicantKind.Chinese() + " " + r.Filing.Personal.Masked().Name,
				Path: "/requests/" + r.ID, Since: waitingSince(r), Clock: f.Text, Due: f.DueText, Target: f.TargetText, Late: f.Overdue || f.Soon,
			})
		}
	}
	return g, nil
}

// requestTask says what this member has to do about a request, or "".
func requestTask(r disclosure.Request, f clockFace, who staff.Member, today workday.Date) string {
	desk := who.May(staff.HandleRequests)
	switch {
	case r.Notice != nil && maySignNotice(r, who):
		return "签发告知书"
	case r.UnheardReasons() && (desk || r.State == disclosure.AwaitingSignoff && who.May(staff.SignReplies)):
		return "申请人又说明了理由，请退回修改"
	case r.State == disclosure.AwaitingSignoff && who.May(staff.SignReplies) && (r.Decision == nil || r.Decision.DraftedBy != who.ID):
		return "签发答复"
	case !desk && who.May(staff.SignReplies) && f.Overdue:
		return "已经超期，请督办"
	case !desk:
		return ""
	case r.Notice != nil:
		return ""
	case r.Unseen() && (r.HandlerID == who.ID || r.HandlerID == ""):
		return reminderText(r)
	case unopened(r):
		return "签收新申请"
	case f.NoSign:
		return "微信送达后没有回音，请电话联系或者补寄"
	case r.State == disclosure.AwaitingDelivery:
		return "送达答复"
	case waitedEnough(r, today):
		return "对方逾期，请处理"
	case r.State == disclosure.Submitted:
		return "等待双方确认"
	case r.State == disclosure.Handling && r.HandlerID == "" && r.HandedBack() != "":
		return "重新分派（经办人退回）"
	case r.State == disclosure.Handling && r.HandlerID == "":
		return "分派经办人"
	case r.State == disclosure.Handling && r.HandlerID == who.ID:
		return handlingTask(r, f, today)
	case f.Overdue:
		return "已经超期"
	case r.State == disclosure.Handling && f.Soon:
		return "临期（其他人经办）"
	}
	return ""
}

// waitedEnough reports whether the day has passed until which the other side could act: supplement, payment, opinions.
func waitedEnough(r disclosure.Request, today workday.Date) bool {
	switch r.State {
	case disclosure.AwaitingSupplement:
		return r.Supplement != nil && today.After(r.Supplement.Until)
	case disclosure.AwaitingPayment:
		return r.Fee != nil && today.After(r.Fee.Until)
	case disclosure.Consulting:
		return !slices.ContainsFunc(r.Consultations, func(q disclosure.Consultation) bool { return q.Answer == "" && !today.After(q.Until) })
	default:
		return false
	}
}

// lapseDue reports whether 逾期处理 would be taken: the other side's day has passed; of several consultations, that of one.
func lapseDue(r disclosure.Request, today workday.Date) bool {
	return waitedEnough(r, today) || r.State == disclosure.Consulting &&
		slices.ContainsFunc(r.Consultations, func(q disclosure.Consultation) bool { return q.Answer == "" && today.After(q.Until) })
}

// handlingTask says what the handler has to do, or "" while the applicant's reasons are awaited and there is time.
func handlingTask(r disclosure.Request, f clockFace, today workday.Date) string {
	switch {
	case r.Reasons == nil:
		return "拟定答复"
	case len(r.Reasons.Given) > 0:
		return "审查申请人说明的理由"
	case today.After(r.Reasons.Until):
		return "申请人没有说明理由，拟定答复"
	case f.Soon || f.Overdue:
		return "等待申请人说明理由，期限将到"
	}
	return ""
}

// waitingSince is when a request came to where it stands; a note or a look at it makes nothing younger.
func waitingSince(r disclosure.Request) time.Time {
	if all := steps(r); len(all) > 0 {
		return all[len(all)-1].At
	}
	return r.SubmittedAt
}

// reminderText says what the house has to tell about a case until somebody has seen it.
func reminderText(r disclosure.Request) string {
	if r.Recalculated() != "" {
		return "期限重新计算，请看新的期限"
	}
	return "期限提醒：" + r.Reminder.Rung.Chinese()
}
