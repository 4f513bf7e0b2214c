package opinion

import (
	"time"

	"shoushan/workday"
)

// The limits. Hours are clock hours: nights, weekends and holidays count.
const (
	ReportWithin     = 2 * time.Hour  // to the leaders; 《政务舆情回应台账管理和跟踪反馈制度》
	WordWithin       = 5 * time.Hour  // first authoritative word on a grave event; 国办发〔2016〕80号
	ConferenceWithin = 24 * time.Hour // press conference on a grave event; 国办发〔2016〕61号
	AnswerWithin     = 48 * time.Hour // other concerns; 国办发〔2016〕61号
	FindingsWithin   = 2              // working days; 《政务舆情回应台账管理和跟踪反馈制度》
)

// DutyKind names what has to be done about a concern.
type DutyKind string

// The duties.
const (
	TellLeaders    DutyKind = "report"
	GiveWord       DutyKind = "word"
	HoldConference DutyKind = "conference"
	AnswerConcern  DutyKind = "answer"
	Investigate    DutyKind = "findings"
)

var dutyNames = map[DutyKind]string{
	TellLeaders: "上报领导", GiveWord: "发布权威信息", HoldConference: "举行新闻发布会", AnswerConcern: "回应", Investigate: "提交核查报告",
}

// Chinese returns the duty's name as people see it.
func (k DutyKind) Chinese() string { return dutyNames[k] }

// Duty is one thing to be done by a time. Done is zero while it is not done.
type Duty struct {
	Kind        DutyKind
	Due         time.Time
	Done        time.Time
	Ground      string // the rule
	Provisional bool   // the calendar of a year it reaches into is not out yet
}

// Late reports whether the duty was done after its time, or is not done and its time is over. Done in the very last
// second is in time.
func (d Duty) Late(now time.Time) bool {
	if d.Done.IsZero() {
		return now.After(d.Due)
	}
	return d.Done.After(d.Due)
}

// Left returns the time that remains; negative when it is over. A duty that is done has none left.
func (d Duty) Left(now time.Time) time.Duration {
	if !d.Done.IsZero() {
		return 0
	}
	return d.Due.Sub(now)
}

const (
	ground61   = "国办发〔2016〕61号"
	ground80   = "国办发〔2016〕80号"
	groundTown = "《政务舆情回应台账管理和跟踪反馈制度》"
)

// Duties returns what has to be done about the concern and by when. A concern of a class that need not be answered has
// no duty to answer. All limits run from the moment it was found, also when the level is raised later.
func (c Concern) Duties(cal workday.Calendar) []Duty {
	list := []Duty{{Kind: TellLeaders, Due: c.FoundAt.Add(ReportWithin), Done: c.firstReport(), Ground: groundTown}}
	switch {
	case c.Level.Grave():
		list = append(list,
			Duty{Kind: GiveWord, Due: c.FoundAt.Add(WordWithin), Done: c.firstAnswer(), Ground: ground80},
			Duty{Kind: HoldConference, Due: c.FoundAt.Add(ConferenceWithin), Done: c.firstAnswer(Conference), Ground: ground61})
	case c.Class.MustAnswer():
		list = append(list, Duty{Kind: AnswerConcern, Due: c.FoundAt.Add(AnswerWithin), Done: c.firstAnswer(), Ground: ground61})
	}
	return append(list, c.findingsDuty(cal))
}

// findingsDuty is due at the end of the second working day after the day on which the concern was found.
func (c Concern) findingsDuty(cal workday.Calendar) Duty {
	day := cal.Add(workday.Of(c.FoundAt), FindingsWithin)
	d := Duty{Kind: Investigate, Due: day.Date.AddDays(1).Start().Add(-time.Second), Ground: groundTown, Provisional: day.Provisional}
	if len(c.Findings) > 0 {
		d.Done = c.Findings[0].At
	}
	return d
}

func (c Concern) firstReport() time.Time {
	var first time.Time
	for _, r := range c.Reports {
		first = earlier(first, r.At)
	}
	return first
}

// firstAnswer returns when the first answer in one of the manners was given; any manner if none is named.
func (c Concern) firstAnswer(manners ...Manner) time.Time {
	var first time.Time
	for _, a := range c.Answers {
		if len(manners) == 0 || a.Manner == manners[0] {
			first = earlier(first, a.At)
		}
	}
	return first
}

func earlier(a, b time.Time) time.Time {
	if a.IsZero() || b.Before(a) {
		return b
	}
	return a
}
