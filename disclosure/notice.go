package disclosure

import (
	"cmp"
	"context"
	"slices"
	"time"

	"shoushan/fault"
	"shoushan/staff"
	"shoushan/workday"
)

// Notice is a notice that one person has drafted and that waits for the signature of a second one. Until then nothing has
// happened: the state and the clock stand as they were, no letter has a number, and nobody outside has been told. The
// signature does the act itself, on the day of the signature.
type Notice struct {
	Action    Action    `json:"action"` // what the signature does
	Terms     Terms     `json:"terms"`
	DraftedBy string    `json:"drafted_by"` // member ID, or system
	DraftedAt time.Time `json:"drafted_at"`
	Letters   []Letter  `json:"letters"` // as they would leave today, without a number
}

// Terms is what a notice says; each act uses some of it.
type Terms struct {
	Items  []string     `json:"items,omitempty"`  // supplement
	Until  workday.Date `json:"until,omitzero"`   // supplement, reasons, delay, assistance
	Party  Party        `json:"party,omitempty"`  // consultation
	Name   string       `json:"name,omitempty"`   // consultation, assistance: who is asked
	About  string       `json:"about,omitempty"`  // consultation, assistance, reasons: what about
	Days   int          `json:"days,omitempty"`   // extension, working days
	Reason string       `json:"reason,omitempty"` // extension, delay
	Basis  FeeBasis     `json:"basis,omitempty"`  // fee
	Count  int          `json:"count,omitempty"`  // fee: pieces in the month, or pages
}

// actUnderNotice does what a notice tells, once it is signed. charged is what the applicant was already charged this month,
// in yuan.
type actUnderNotice func(r *Request, m moment, t Terms) (step, error)

func actsUnderNotice(charged int) map[Action]actUnderNotice {
	return map[Action]actUnderNotice{
		DoRequestSupplement: askSupplement, DoConsult: consult, DoStateReasons: askReasons, DoExtend: extend, DoDelay: delay,
		DoChargeFee: chargeAbove(charged), DoAssist: assist, DoLapse: lapse,
	}
}

// NeedsSignature reports whether the act is told by a notice, and so is done by the signature of a second person.
func (v Action) NeedsSignature() bool { return actsUnderNotice(0)[v] != nil }

// draft writes a notice that waits for its signature. The act is rehearsed on a copy, so that what would be refused is
// refused now.
func (d *Desk) draft(ctx context.Context, by staff.Member, id string, v Action, t Terms) (Request, error) {
	if err := rules[v].permits(by, v); err != nil {
		return Request{}, err
	}
	m, err := d.moment(ctx, by)
	if err != nil {
		return Request{}, err
	}
	charged, err := d.chargedThisMonth(ctx, id, t.Basis)
	if err != nil {
		return Request{}, err
	}
	return d.Register.Update(ctx, id, func(r *Request) error {
		if err := r.catchUp(v, m); err != nil {
			return err
		}
		rehearsed := r.copied()
		if err := rehearsed.underNotice(v, m, t, charged); err != nil {
			return err
		}
		n := Notice{Action: v, Terms: t, DraftedBy: by.ID, DraftedAt: m.at, Letters: drafts(rehearsed.Letters[len(r.Letters):])}
		r.Notice = &n
		r.Trail = r.Trail.Append(by, m.at, string(DoDraftNotice), "拟定《"+n.Title()+"》，等待另一位有权限的人员签发。", cmp.Or(rules[v].article, rules[DoDraftNotice].article))
		return nil
	})
}

// Title is what the notice is called.
func (n Notice) Title() string {
	if len(n.Letters) == 0 {
		return n.Action.Chinese()
	}
	return n.Letters[0].Title
}

func (r *Request) underNotice(v Action, m moment, t Terms, charged int) error {
	return r.do(v, m, func(r *Request, m moment) (step, error) { return actsUnderNotice(charged)[v](r, m, t) })
}

// copied returns a record that can be changed without changing this one.
func (r Request) copied() Request {
	r.Clock, r.Consultations, r.Letters, r.Trail = slices.Clone(r.Clock), slices.Clone(r.Consultations), slices.Clone(r.Letters), slices.Clone(r.Trail)
	return r
}

// drafts are the letters before they leave the house.
func drafts(letters []Letter) []Letter {
	out := slices.Clone(letters)
	for i := range out {
		out[i].IssuedAt, out[i].Number = time.Time{}, ""
	}
	return out
}

// SignNotice signs the drafted notice (签发告知书): only now the act is done, the letters get their number and leave, and the
// applicant is told. It needs the right to sign and somebody else than the drafter. What the law no longer allows on the
// day of the signature is refused; the notice then waits for ReturnNotice.
func (d *Desk) SignNotice(ctx context.Context, by staff.Member, id string) (Request, error) {
	if err := rules[DoSignNotice].permits(by, DoSignNotice); err != nil {
		return Request{}, err
	}
	m, err := d.moment(ctx, by)
	if err != nil {
		return Request{}, err
	}
	seen, err := d.Register.Request(ctx, id)
	if err != nil {
		return Request{}, err
	}
	charged, err := d.chargedFor(ctx, seen)
	if err != nil {
		return Request{}, err
	}
	rehearsed := seen.copied()
	if err := rehearsed.sign(seen.Notice, m, charged); err != nil {
		return Request{}, err
	}
	numbers, err := d.letterNumbers(ctx, rehearsed.Letters[len(seen.Letters):], m.today.Year())
	if err != nil {
		return Request{}, err
	}
	r, err := d.Register.Update(ctx, id, func(r *Request) error {
		before := len(r.Letters)
		if err := r.sign(seen.Notice, m, charged); err != nil {
			return err
		}
		if err := number(r.Letters[before:], numbers); err != nil {
			return err
		}
		r.oweLetter(r.Letters[before:], m.at)
		return nil
	})
	return d.told(ctx, r, err)
}

func (d *Desk) chargedFor(ctx context.Context, r Request) (int, error) {
	if r.Notice == nil {
		return 0, nil
	}
	return d.chargedThisMonth(ctx, r.ID, r.Notice.Terms.Basis)
}

// sign does the act of the notice that the signer has seen; another one in its place is a Conflict.
func (r *Request) sign(seen *Notice, m moment, charged int) error {
	n := r.Notice
	switch {
	case n == nil && seen == nil:
		return fault.New(fault.Conflict, "没有等待签发的告知书。")
	case n == nil || n.Action != seen.Action || !n.DraftedAt.Equal(seen.DraftedAt):
		return fault.New(fault.Conflict, "这份告知书刚才已经由别人签发、退回或者重新拟定，请重新打开再看。")
	case n.DraftedBy == m.by.ID:
		return fault.New(fault.Forbidden, "告知书由您拟稿，签发必须由另一位有权限的人员办理。")
	}
	r.Notice = nil
	return r.underNotice(n.Action, m, n.Terms, charged)
}

// ReturnNotice takes a drafted notice back with a reason: the signer sends it back, or the drafter thinks better of it.
func (d *Desk) ReturnNotice(ctx context.Context, by staff.Member, id, reason string) (Request, error) {
	if err := rules[DoReturnNotice].permits(by, DoReturnNotice); err != nil {
		return Request{}, err
	}
	if blank(reason) {
		return Request{}, fault.New(fault.Invalid, "请写明退回的原因，例如：需要补正的内容没有写清。")
	}
	return d.Register.Update(ctx, id, func(r *Request) error {
		if r.Notice == nil {
			return fault.New(fault.Conflict, "没有等待签发的告知书。")
		}
		note := "退回《" + r.Notice.Title() + "》：" + reason
		r.Notice = nil
		r.Trail = r.Trail.Append(by, d.Now(), string(DoReturnNotice), r.scrub(note), rules[DoReturnNotice].article)
		return nil
	})
}

// besideNotice lets a verb wait while a notice waits for its signature, unless it has nothing to do with it. What ends the
// waiting of the other side takes the notice with it.
func (r *Request) besideNotice(v Action) error {
	if r.Notice == nil {
		return nil
	}
	switch v {
	case DoWithdraw, DoReceiveSupplement, DoPayFee:
		r.Notice = nil
	case DoDecide, DoSplit, DoCorrect:
		return fault.Newf(fault.Conflict, "《%s》正在等待签发，请先签发或者退回，再“%s”。", r.Notice.Title(), v.Chinese())
	default:
		if v.NeedsSignature() && (v != DoLapse || r.State != Consulting) {
			return fault.Newf(fault.Conflict, "《%s》正在等待签发，请先签发或者退回，再“%s”。", r.Notice.Title(), v.Chinese())
		}
	}
	return nil
}

// Allows reports whether the verb can be done now: the table has it, and no notice that waits for its signature is in the
// way.
func (r Request) Allows(v Action) bool { return r.State.Allows(v) && (&r).besideNotice(v) == nil }

// Papers returns every letter of the case in the order in which they came to be, and after them the drafts that wait for a
// signature.
func (r Request) Papers() []Letter {
	if r.Notice == nil {
		return slices.Clone(r.Letters)
	}
	return slices.Concat(r.Letters, r.Notice.Letters)
}
