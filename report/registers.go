package report

import (
	"shoushan/disclosure"
	"shoushan/posts"
	"shoushan/staff"
	"shoushan/workday"
)

// Records are what figures are counted from.
type Records struct {
	Posts     []posts.Post
	Requests  []disclosure.Request
	Registers Registers
}

// Registers hold what the annual report counts beside posts and requests. Every entry has an ID, so that a figure can
// open the entries it counts.
type Registers struct {
	Documents []Document      `json:"documents,omitempty"`
	Decisions []Decision      `json:"decisions,omitempty"`
	Charges   []Charge        `json:"charges,omitempty"`
	Remedies  []Remedy        `json:"remedies,omitempty"`
	Fees      []ProcessingFee `json:"fees,omitempty"`
	Notes     []CellNote      `json:"notes,omitempty"` // beside cells of table 二
	Trail     staff.Trail     `json:"trail,omitempty"`
}

// The kinds of documents of table 二 (条例第二十条第（一）项). A township makes no Regulation.
const (
	Regulation = "规章"
	Normative  = "行政规范性文件"
)

// Document is a regulation or a normative document; it is in force from MadeOn until RepealedOn.
type Document struct {
	ID         string       `json:"id"`
	Kind       string       `json:"kind"`
	Title      string       `json:"title"`
	Number     string       `json:"number,omitempty"`
	URL        string       `json:"url,omitempty"`
	MadeOn     workday.Date `json:"made_on"`
	RepealedOn workday.Date `json:"repealed_on,omitzero"`
}

// The kinds of decisions of table 二 (条例第二十条第（五）（六）项).
const (
	Permit     = "行政许可"
	Penalty    = "行政处罚"
	Compulsory = "行政强制"
)

// Decision is one administrative decision (处理决定).
type Decision struct {
	ID     string       `json:"id"`
	Kind   string       `json:"kind"`
	Title  string       `json:"title"`
	Number string       `json:"number,omitempty"` // 文号
	On     workday.Date `json:"on"`
}

// Charge is an administrative charge collected (行政事业性收费, 条例第二十条第（八）项), in 万元.
type Charge struct {
	ID     string       `json:"id"`
	Title  string       `json:"title"`
	Number string       `json:"number,omitempty"` // of the receipt
	On     workday.Date `json:"on"`
	Amount Number       `json:"amount"`
}

// Remedy is one case of reconsideration or litigation over a request that is not on record here, such as one from before
// the system was used; cases over a request on record stand in the request and count from there. It counts in every year
// in which it was open for a day: as pending (尚未审结) until the year in which it is closed, then by its result.
type Remedy struct {
	ID       string                  `json:"id"`
	Kind     disclosure.RemedyKind   `json:"kind"`
	Title    string                  `json:"title,omitempty"`
	Number   string                  `json:"number,omitempty"` // 案号
	OpenedOn workday.Date            `json:"opened_on"`
	ClosedOn workday.Date            `json:"closed_on,omitzero"`
	Result   disclosure.RemedyResult `json:"result,omitempty"`
}

// ProcessingFee is a fee paid for processing information (信息处理费, 条例第四十二条), in 元, for a request that is not on
// record here; other fees stand in their request.
type ProcessingFee struct {
	ID     string       `json:"id"`
	Title  string       `json:"title,omitempty"`
	Number string       `json:"number,omitempty"`
	On     workday.Date `json:"on"`
	Yuan   Number       `json:"yuan"`
}

func (r Registers) emit(year int, emit emitter) {
	for _, d := range r.Documents {
		d.emit(year, emit)
	}
	for _, d := range r.Decisions {
		if d.On.Year() == year {
			emit("t2."+d.Kind, d.ID)
		}
	}
	for _, c := range r.Charges {
		if c.On.Year() == year {
			emit("t2.行政事业性收费", c.ID)
		}
	}
	for _, m := range r.Remedies {
		m.emit(year, emit)
	}
	for _, f := range r.Fees {
		if f.On.Year() == year {
			emit("fee.cases", f.ID)
		}
	}
}

func (d Document) emit(year int, emit emitter) {
	if d.MadeOn.Year() == year {
		emit("t2."+d.Kind+".made", d.ID)
	}
	if d.RepealedOn.Year() == year {
		emit("t2."+d.Kind+".repealed", d.ID)
	}
	if d.MadeOn.Year() <= year && (d.RepealedOn.IsZero() || d.RepealedOn.Year() > year) {
		emit("t2."+d.Kind+".valid", d.ID)
	}
}

func (m Remedy) emit(year int, emit emitter) {
	closed := !m.ClosedOn.IsZero() && m.ClosedOn.Year() <= year
	if m.OpenedOn.Year() > year || closed && m.ClosedOn.Year() < year {
		return
	}
	result := disclosure.Pending
	if closed {
		result = m.Result
	}
	emitRemedy(string(m.Kind), string(result), m.ID, emit)
}

// charged sums the charges of the year, in 万元.
func (r Registers) charged(year int) Number {
	var total Number
	for _, c := range r.Charges {
		if c.On.Year() == year {
			total = total.Add(c.Amount)
		}
	}
	return total
}

// fee sums the fees for processing information of the year; 件 are the requests that paid.
func (r Records) fee(year int) Fee {
	cases := 0
	var yuan Number
	for _, q := range r.Requests {
		if q.Fee != nil && q.Fee.PaidOn.Year() == year {
			cases++
			yuan = yuan.Add(Int(q.Fee.Yuan))
		}
	}
	for _, f := range r.Registers.Fees {
		if f.On.Year() == year {
			cases++
			yuan = yuan.Add(f.Yuan)
		}
	}
	number := Int(cases)
	return Fee{Cases: &number, Yuan: &yuan}
}
