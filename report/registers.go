package report

import (
	"shoushan/disclosure"
	"shoushan/posts"
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
	ID    string       `json:"id"`
	Kind  string       `json:"kind"`
	Title string       `json:"title"`
	On    workday.Date `json:"on"`
}

// Charge is an administrative charge collected (行政事业性收费, 条例第二十条第（八）项), in 万元.
type Charge struct {
	ID     string       `json:"id"`
	Title  string       `json:"title"`
	On     workday.Date `json:"on"`
	Amount Number       `json:"amount"`
}

// RemedyKind is a group of table 四.
type RemedyKind string

// The groups of table 四.
const (
	Reconsideration      RemedyKind = "reconsideration"                  // 行政复议
	LitigationDirect     RemedyKind = "litigation_direct"                // 未经复议直接起诉
	LitigationAfterwards RemedyKind = "litigation_after_reconsideration" // 复议后起诉
)

// Remedy is one case of reconsideration or litigation over a request. It counts in every year in which it was open for a
// day: as pending (尚未审结) until the year in which it is closed, then by its result.
type Remedy struct {
	ID        string       `json:"id"`
	Kind      RemedyKind   `json:"kind"`
	RequestID string       `json:"request_id,omitempty"`
	OpenedOn  workday.Date `json:"opened_on"`
	ClosedOn  workday.Date `json:"closed_on,omitzero"`
	Result    string       `json:"result,omitempty"` // upheld, corrected or other
}

// ProcessingFee is a fee paid for processing information (信息处理费, 条例第四十二条), in 元.
type ProcessingFee struct {
	ID        string       `json:"id"`
	RequestID string       `json:"request_id"`
	On        workday.Date `json:"on"`
	Yuan      Number       `json:"yuan"`
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
	result := "pending"
	if closed {
		result = m.Result
	}
	emit("t4."+string(m.Kind)+"."+result, m.ID)
	emit("t4."+string(m.Kind)+".total", m.ID)
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
func (r Registers) fee(year int) Fee {
	requests := map[string]bool{}
	var yuan Number
	for _, f := range r.Fees {
		if f.On.Year() == year {
			requests[f.RequestID] = true
			yuan = yuan.Add(f.Yuan)
		}
	}
	cases := Int(len(requests))
	return Fee{Cases: &cases, Yuan: &yuan}
}
