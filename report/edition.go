package report

import (
	"slices"
	"time"

	"shoushan/fault"
	"shoushan/posts"
	"shoushan/staff"
)

// EditionState is where the report of a year is on its way to the public.
type EditionState string

// The states of an edition.
const (
	Writing  EditionState = "writing"   // 编写中
	Reviewed EditionState = "in_review" // 审核中
	Passed   EditionState = "approved"  // 已审定
	Sealed   EditionState = "published" // 已发布，已封存
)

// Chinese returns the state as people see it.
func (s EditionState) Chinese() string {
	return map[EditionState]string{Writing: "编写中", Reviewed: "审核中", Passed: "已审定", Sealed: "已发布"}[s]
}

// Verb is one thing that can be done to an edition; the words stand in its trail.
type Verb string

// The verbs.
const (
	WriteText Verb = "edit"     // 修改文字
	Submit    Verb = "submit"   // 送审
	PassRound Verb = "pass"     // 初审、复审通过
	Approve   Verb = "approve"  // 终审通过
	Return    Verb = "return"   // 退回
	Publish   Verb = "publish"  // 发布并封存
	Reopen    Verb = "correct"  // 发布以后更正
	Abandon   Verb = "abandon"  // 放弃更正
	Withdraw  Verb = "withdraw" // 撤回送审
	Compared  Verb = "compare"  // 给出上一年的报告
)

// Chinese returns the verb as people see it in the trail.
func (v Verb) Chinese() string {
	return map[Verb]string{WriteText: "修改文字", Submit: "送审", PassRound: "审核通过", Approve: "审定", Return: "退回", Publish: "发布并封存",
		Reopen: "开始更正", Abandon: "放弃更正", Withdraw: "撤回送审", Compared: "给出上一年的报告"}[v]
}

// editionMove is one row of the table of transitions.
type editionMove struct {
	from EditionState
	do   Verb
	to   EditionState
}

var editionMoves = []editionMove{
	{Writing, WriteText, Writing},
	{Writing, Compared, Writing},
	{Writing, Submit, Reviewed},
	{Writing, Abandon, Sealed}, // only of a correction
	{Reviewed, PassRound, Reviewed},
	{Reviewed, Approve, Passed},
	{Reviewed, Return, Writing},
	{Reviewed, Withdraw, Writing},
	{Passed, Return, Writing},
	{Passed, Publish, Sealed},
	{Sealed, Reopen, Writing},
}

// Edition is the report of a year as people work on it: its text, who read it, and every version that was published.
// Figures are not part of it: they are counted anew until a version is sealed.
type Edition struct {
	ID           string         `json:"id"` // the year as text; the store sets it
	Year         int            `json:"year"`
	Version      int            `json:"version"`
	State        EditionState   `json:"state"`
	Prose        Prose          `json:"prose"`
	Writers      []string       `json:"writers,omitempty"` // everyone who wrote in it since the last seal; none of them reviews it
	Reviews      []posts.Review `json:"reviews,omitempty"` // of the present round trip
	ApprovedHash string         `json:"approved_hash,omitempty"`
	ApprovedAs   *Annual        `json:"approved_as,omitempty"` // what the last round read
	Before       *Annual        `json:"before,omitempty"`      // last year's report, when it was published elsewhere and given here
	Correcting   string         `json:"correcting,omitempty"`  // why a published report is being corrected
	Seals        []Seal         `json:"seals,omitempty"`       // every version published, oldest first
	UpdatedAt    time.Time      `json:"updated_at"`
	Trail        staff.Trail    `json:"trail,omitempty"`
}

// Published returns the version that the public reads now; ok is false when there is none.
func (e Edition) Published() (s Seal, ok bool) {
	if len(e.Seals) == 0 {
		return Seal{}, false
	}
	return e.Seals[len(e.Seals)-1], true
}

// Untouched reports whether nobody has written in the report yet: its text is the usual start.
func (e Edition) Untouched() bool { return e.Prose.untouched() }

// Can reports whether the verb fits the state.
func (e Edition) Can(do Verb) bool {
	return slices.ContainsFunc(editionMoves, func(m editionMove) bool { return m.from == e.State && m.do == do }) &&
		(do != Abandon || e.Correcting != "")
}

// move is the only writer of the state.
func (e *Edition) move(do Verb) error {
	for _, m := range editionMoves {
		if m.from == e.State && m.do == do && e.Can(do) {
			e.State = m.to
			return nil
		}
	}
	return fault.Newf(fault.Conflict, "%d 年的报告现在是“%s”，不能%s。", e.Year, e.State.Chinese(), do.Chinese())
}

// NextRound returns the round that a report in review waits for: 初审, 复审, then 终审. Decisions on other figures or other
// words than the present ones do not count.
func (e Edition) NextRound(hash string) posts.Round {
	passed := 0
	for _, r := range e.Reviews {
		if r.Approved && r.Hash == hash {
			passed++
		}
	}
	return posts.Rounds()[min(passed, len(posts.Rounds())-1)]
}

// MayReview returns nil when the member may decide the round that the report with the hash waits for; otherwise its error
// says why not.
func (e Edition) MayReview(by staff.Member, hash string) error {
	round := e.NextRound(hash)
	right := staff.ReviewPosts
	if round == posts.Final {
		right = staff.ApprovePosts
	}
	if err := by.Require(right, "年度报告"+round.Chinese()); err != nil {
		return err
	}
	if slices.Contains(e.Writers, by.ID) {
		return fault.New(fault.Forbidden, "您写过或改过这份报告，不能审核它。请由其他人审核。")
	}
	if slices.ContainsFunc(e.Reviews, func(r posts.Review) bool { return r.By == by.ID && r.Hash == hash }) {
		return fault.New(fault.Forbidden, "三审要由不同的人进行，您已经审核过这份报告。")
	}
	return nil
}

func (e *Edition) note(by staff.Member, at time.Time, do Verb, text, article string) {
	e.Trail = e.Trail.Append(by, at, string(do), text, article)
	e.UpdatedAt = at.UTC()
}
