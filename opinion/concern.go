package opinion

import (
	"time"

	"shoushan/staff"
)

// Class is the kind of concern; the first five must be answered (国办发〔2016〕61号第二条).
type Class string

// The classes.
const (
	Misunderstanding Class = "misunderstanding" // 对重大政策的误解误读
	PublicInterest   Class = "public_interest"  // 涉及公众切身利益且影响较大
	Livelihood       Class = "livelihood"       // 民生领域冲击道德底线
	Emergency        Class = "emergency"        // 突发事件、自然灾害
	Instructed       Class = "instructed"       // 上级要求回应
	Other            Class = "other"            // 其他
)

// MustAnswer reports whether a concern of the class has to be answered in public.
func (c Class) MustAnswer() bool { return c != Other && classNames[c] != "" }

// Level is how grave a concern is.
type Level string

// The levels.
const (
	Ordinary     Level = "ordinary"     // 一般
	Considerable Level = "considerable" // 较大
	Major        Level = "major"        // 重大
	ExtraMajor   Level = "extra_major"  // 特别重大
)

// Grave reports whether the level is 重大 or 特别重大, for which the short limits hold.
func (l Level) Grave() bool { return l == Major || l == ExtraMajor }

// State is where a concern is.
type State string

// The states.
const (
	Open     State = "open"     // 办理中
	Closed   State = "closed"   // 已办结
	Archived State = "archived" // 已归档
)

// Manner is how an answer was given.
type Manner string

// The manners of answering.
const (
	Authoritative Manner = "authoritative" // 发布权威信息
	Conference    Manner = "conference"    // 新闻发布会
	Interview     Manner = "interview"     // 接受媒体采访
	Comment       Manner = "comment"       // 跟帖、留言回复
)

// Ending is what a concern came to when it was closed.
type Ending string

// The endings.
const (
	Satisfied Ending = "satisfied" // 反映人满意
	Faded     Ending = "faded"     // 舆情消退
	Referred  Ending = "referred"  // 移交公安、网信等部门处理
	Untrue    Ending = "untrue"    // 核查不属实，已澄清
)

var (
	classNames = map[Class]string{
		Misunderstanding: "对重大政策误解误读", PublicInterest: "涉及公众切身利益且影响较大", Livelihood: "民生领域冲击道德底线",
		Emergency: "突发事件、自然灾害", Instructed: "上级要求回应", Other: "其他",
	}
	levelNames  = map[Level]string{Ordinary: "一般", Considerable: "较大", Major: "重大", ExtraMajor: "特别重大"}
	stateNames  = map[State]string{Open: "办理中", Closed: "已办结", Archived: "已归档"}
	mannerNames = map[Manner]string{
		Authoritative: "发布权威信息", Conference: "新闻发布会", Interview: "接受媒体采访", Comment: "跟帖、留言回复",
	}
	endingNames = map[Ending]string{Satisfied: "反映人满意", Faded: "舆情消退", Referred: "移交有关部门", Untrue: "核查不属实，已澄清"}
)

// Chinese returns the class's name as people see it.
func (c Class) Chinese() string { return classNames[c] }

// Chinese returns the level's name as people see it.
func (l Level) Chinese() string { return levelNames[l] }

// Chinese returns the state's name as people see it.
func (s State) Chinese() string { return stateNames[s] }

// Chinese returns the manner's name as people see it.
func (m Manner) Chinese() string { return mannerNames[m] }

// Chinese returns the ending's name as people see it.
func (e Ending) Chinese() string { return endingNames[e] }

// Classes lists the classes in the order of the form.
func Classes() []Class {
	return []Class{Misunderstanding, PublicInterest, Livelihood, Emergency, Instructed, Other}
}

// Levels lists the levels from the least to the gravest.
func Levels() []Level { return []Level{Ordinary, Considerable, Major, ExtraMajor} }

// Entry is what is written down when a concern is found.
type Entry struct {
	FoundAt  time.Time `json:"found_at"` // every limit runs from here
	Platform string    `json:"platform"` // 来源平台
	Link     string    `json:"link,omitempty"`
	Evidence []string  `json:"evidence,omitempty"` // file ids of screenshots, which are hashes of their content
	Summary  string    `json:"summary"`            // 摘要, without personal data
	Class    Class     `json:"class"`
	Level    Level     `json:"level"`
	Unit     string    `json:"unit,omitempty"` // 涉及单位
}

// Concern is one line of the register (舆情).
type Concern struct {
	ID      string `json:"id"`
	Version int    `json:"version"`
	Entry
	AssessedBy  string      `json:"assessed_by"`           // 研判人
	Responsible string      `json:"responsible,omitempty"` // 责任人
	State       State       `json:"state"`
	Reports     []Report    `json:"reports,omitempty"`
	Answers     []Answer    `json:"answers,omitempty"`
	Findings    []Note      `json:"findings,omitempty"`   // 核查报告
	FollowUps   []Note      `json:"follow_ups,omitempty"` // 跟踪反馈
	Alarms      []Alarm     `json:"alarms,omitempty"`     // the last of each duty
	Ending      Ending      `json:"ending,omitempty"`
	ClosedAt    time.Time   `json:"closed_at,omitzero"`
	ArchivedAt  time.Time   `json:"archived_at,omitzero"`
	CreatedAt   time.Time   `json:"created_at"`
	UpdatedAt   time.Time   `json:"updated_at"`
	Trail       staff.Trail `json:"trail,omitempty"`
}

// Report is one report upwards (上报).
type Report struct {
	At time.Time `json:"at"`
	To string    `json:"to"` // 主要领导、分管领导、县政府办…
}

// Answer is one public answer (回应).
type Answer struct {
	At     time.Time `json:"at"`
	Manner Manner    `json:"manner"`
	Text   string    `json:"text"`
	Link   string    `json:"link,omitempty"`
}

// Note is one dated remark by a member: a finding or a follow-up.
type Note struct {
	At   time.Time `json:"at"`
	By   string    `json:"by"`
	Text string    `json:"text"`
}
