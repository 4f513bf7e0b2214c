package disclosure

import (
	"context"
	"fmt"
	"strings"

	"shoushan/fault"
	"shoushan/staff"
	"shoushan/workday"
)

// Supplement is the one notice that a request may get because its content is unclear (补正, 条例第三十条).
type Supplement struct {
	Items      []string     `json:"items"`      // what is unclear and what to add
	NoticedOn  workday.Date `json:"noticed_on"` //
	Until      workday.Date `json:"until"`      // the reasonable period ends with this day
	ReceivedOn workday.Date `json:"received_on,omitzero"`
}

// SupplementAnswer is what the applicant adds. On is the day of its receipt, zero for today.
type SupplementAnswer struct {
	Description string // replaces the description when not empty
	On          workday.Date
}

// RequestSupplement asks once for what is unclear (一次性告知补正), within 7 working days of the receipt. The clock that has
// run is void; it starts anew when the supplement arrives. The notice waits for SignNotice.
func (d *Desk) RequestSupplement(ctx context.Context, by staff.Member, id string, items []string, until workday.Date) (Request, error) {
	return d.draft(ctx, by, id, DoRequestSupplement, Terms{Items: items, Until: until})
}

func askSupplement(r *Request, m moment, t Terms) (step, error) {
	if err := r.mayAskSupplement(t.Items, t.Until, m); err != nil {
		return step{}, err
	}
	r.Supplement = &Supplement{Items: t.Items, NoticedOn: m.today, Until: t.Until}
	r.suspend(m, "告知补正", "条例第三十条")
	r.issue(supplementLetter(*r, m), m)
	return step{to: AwaitingSupplement, note: "一次性告知补正，补正期限到" + t.Until.Chinese() + "。"}, nil
}

func (r Request) mayAskSupplement(items []string, until workday.Date, m moment) error {
	last := m.cal.Add(r.ReceivedOn, SupplementNoticeDays).Date
	switch {
	case r.Supplement != nil:
		return fault.New(fault.Conflict, "补正只能一次性告知，这件申请已经告知过；补正后仍不明确的，可以作“补正后申请内容仍不明确”的答复。")
	case m.today.After(last):
		return fault.Newf(fault.Conflict, "补正应当在收到申请之日起7个工作日内告知，期限已于%s届满；请按现有内容办理，或者电话与申请人沟通。", last.Chinese())
	case len(items) == 0 || blank(strings.Join(items, "")):
		return fault.New(fault.Invalid, "请写明需要补正的内容，例如：请写明所需文件的年份或者文号。")
	case !until.After(m.today):
		return fault.Newf(fault.Invalid, "请给申请人合理的补正期限，应当晚于今天（%s）。", m.today)
	}
	return nil
}

func (r *Request) suspend(m moment, cause, article string) {
	r.Clock = append(r.Clock, Entry{Kind: Suspend, On: m.today, At: m.at, Article: article, Cause: cause})
}

func (r *Request) restart(on workday.Date, m moment, cause, article string) {
	r.Clock = append(r.Clock, Entry{Kind: Restart, On: on, At: m.at, Days: ReplyDays, Article: article, Cause: cause})
}

// ReceiveSupplement takes in the supplement: the clock starts anew from the day after its receipt. It is accepted until the
// case has lapsed, since lateness may have a good reason (条例第三十条).
func (d *Desk) ReceiveSupplement(ctx context.Context, by staff.Member, id string, a SupplementAnswer) (Request, error) {
	return d.act(ctx, by, id, DoReceiveSupplement, func(r *Request, m moment) (step, error) {
		on, err := m.dayOrToday(a.On, r.Supplement.NoticedOn)
		if err != nil {
			return step{}, err
		}
		r.Supplement.ReceivedOn = on
		if !blank(a.Description) {
			r.Filing.Personal.Description = a.Description
		}
		r.restart(on, m, "收到补正", "条例第三十条")
		return step{to: Handling, note: "收到补正，期限自" + on.Chinese() + "的次日起重新计算。"}, nil
	})
}

// dayOrToday returns the day on which something arrived: today when it is not given, never in the future and never before
// the earliest possible day.
func (m moment) dayOrToday(on, earliest workday.Date) (workday.Date, error) {
	switch {
	case on.IsZero():
		return m.today, nil
	case on.After(m.today):
		return on, fault.Newf(fault.Invalid, "日期不能晚于今天（%s）。", m.today)
	case on.Before(earliest):
		return on, fault.Newf(fault.Invalid, "日期不能早于%s。", earliest)
	}
	return on, nil
}

// Lapse enters that a period has passed without the other side acting (条例第三十条、第三十二条、第三十四条、第四十二条). The silence of a
// consulted party is entered at once, and the case goes on. An unanswered supplement notice and an unpaid fee close the
// case as r6_1 and r6_2: the notice that says so is drafted and waits for SignNotice. Before the period is over it is a
// Conflict.
func (d *Desk) Lapse(ctx context.Context, by staff.Member, id string) (Request, error) {
	if err := rules[DoLapse].permits(by, DoLapse); err != nil {
		return Request{}, err
	}
	r, err := d.Register.Request(ctx, id)
	if err != nil {
		return Request{}, err
	}
	if r.State != Consulting {
		return d.draft(ctx, by, id, DoLapse, Terms{})
	}
	return d.act(ctx, by, id, DoLapse, func(r *Request, m moment) (step, error) {
		if r.State != Consulting {
			return step{}, errMovedOn
		}
		return r.lapseConsultations(m)
	})
}

var errMovedOn = fault.New(fault.Conflict, "刚才有人办理过这件申请，请重新打开再看。")

// lapse closes the case because the other side did not act.
func lapse(r *Request, m moment, _ Terms) (step, error) {
	var until workday.Date
	o, ground := SupplementLapsed, "申请人无正当理由逾期不补正，视为放弃申请"
	switch r.State {
	case AwaitingSupplement:
		until = r.Supplement.Until
	case AwaitingPayment:
		until, o, ground = r.Fee.Until, PaymentLapsed, "申请人逾期未缴纳信息处理费，视为放弃申请"
	default:
		return step{}, errMovedOn
	}
	if !m.today.After(until) {
		return step{}, fault.Newf(fault.Conflict, "期限到%s才届满，现在还不能按逾期处理。", until.Chinese())
	}
	r.end(o, ground, m)
	r.issue(closedNotice(*r, m), m)
	return step{to: Closed, note: ground + "，不再处理。", article: Decision{Outcome: o}.basis()}, nil
}

// inChat is the letter as one reads it in chat.
func (l Letter) inChat(r Request) string {
	head := fmt.Sprintf("【%s】%s", l.Title, l.Number)
	return strings.Join(append([]string{head, pleaseAcknowledge(r)}, l.Paragraphs...), "\n")
}
