package posts

import (
	"shoushan/fault"
)

// Action is what moves a post from one state to another; it is also the action of the event in the trail.
type Action string

// The actions.
const (
	Create          Action = "create"
	Write           Action = "edit"
	Submit          Action = "submit"
	Return          Action = "return"
	Pass            Action = "pass"    // a round before the last
	Approve         Action = "approve" // the last round
	Schedule        Action = "schedule"
	PublishNow      Action = "publish_now"
	Unschedule      Action = "unschedule"
	Claim           Action = "claim"
	Hold            Action = "hold"
	Release         Action = "release"
	Fail            Action = "fail"
	LoseAnswer      Action = "lose_answer"
	FindAnswer      Action = "find_answer"
	Complete        Action = "complete"
	RecordPublished Action = "record_published"
	RecordFailed    Action = "record_failed"
	Remove          Action = "remove"
	AddLink         Action = "add_link"
	CorrectDate     Action = "correct_date"
	Withdraw        Action = "withdraw"
	AskAdmin        Action = "ask_admin" // the platform waits for the administrator's phone
	Join            Action = "join"
	LeaveBundle     Action = "leave_bundle"
	CombinePosts    Action = "combine"
	ShowPreview     Action = "preview" // shown to one person in WeChat
)

// transition is one row of the table: doing the action in the state leads to the next state.
type transition struct {
	From State
	Do   Action
	To   State
}

// transitions is the whole life of a post. What is not in it cannot happen.
var transitions = []transition{
	{"", Create, Draft},
	{"", RecordPublished, Published},
	{Draft, Write, Draft},
	{InReview, Write, Draft},
	{Approved, Write, Draft},
	{Failed, Write, Draft},
	{Draft, Submit, InReview},
	{InReview, Return, Draft},
	{InReview, Pass, InReview},
	{InReview, Approve, Approved},
	{Approved, Schedule, Scheduled},
	{Scheduled, Schedule, Scheduled},
	{Failed, Schedule, Scheduled},
	{AwaitingPerson, Schedule, Scheduled},
	{Approved, PublishNow, Scheduled},
	{Scheduled, PublishNow, Scheduled},
	{Failed, PublishNow, Scheduled},
	{AwaitingPerson, Release, Scheduled},
	{Scheduled, Unschedule, Approved},
	{AwaitingPerson, Unschedule, Approved},
	{Scheduled, Claim, Publishing},
	{Scheduled, Hold, AwaitingPerson},
	{Publishing, Hold, AwaitingPerson},
	{Scheduled, Fail, Failed},
	{Publishing, Fail, Failed},
	{OutcomeUnknown, Fail, Failed},
	{AwaitingAdmin, Fail, Failed},
	{Publishing, AskAdmin, AwaitingAdmin},
	{AwaitingAdmin, LoseAnswer, OutcomeUnknown},
	{Publishing, LoseAnswer, OutcomeUnknown},
	{OutcomeUnknown, FindAnswer, Publishing},
	{Publishing, Complete, Published},
	{AwaitingAdmin, Complete, Published},
	{OutcomeUnknown, Complete, Published},
	{Failed, Complete, Published}, // the platform's word, arriving late, wins
	{Scheduled, Complete, Published},
	{AwaitingPerson, Complete, Published},
	{Approved, RecordPublished, Published},
	{Failed, RecordPublished, Published},
	{AwaitingPerson, RecordPublished, Published},
	{AwaitingAdmin, RecordPublished, Published},
	{OutcomeUnknown, RecordPublished, Published},
	{OutcomeUnknown, RecordFailed, Failed},
	{Published, AddLink, Published},
	{Published, CorrectDate, Published},
	{Published, Remove, Withdrawn},
	{Draft, Withdraw, Withdrawn},
	{InReview, Withdraw, Withdrawn},
	{Approved, Withdraw, Withdrawn},
	{Scheduled, Withdraw, Withdrawn},
	{AwaitingPerson, Withdraw, Withdrawn},
	{Failed, Withdraw, Withdrawn},
	{Approved, CombinePosts, Approved},
	{Scheduled, CombinePosts, Scheduled},
	{Approved, Join, Combined},
	{Combined, LeaveBundle, Approved},
	{Combined, Complete, Published},
	{Draft, ShowPreview, Draft},
	{InReview, ShowPreview, InReview},
	{Approved, ShowPreview, Approved},
	{Scheduled, ShowPreview, Scheduled},
	{Failed, ShowPreview, Failed},
	{AwaitingPerson, ShowPreview, AwaitingPerson},
}

// Can reports whether the action is possible in the post's present state; rights are another matter.
func (p Post) Can(do Action) bool {
	_, possible := next(p.State, do)
	return possible
}

func next(from State, do Action) (State, bool) {
	for _, t := range transitions {
		if t.From == from && t.Do == do {
			return t.To, true
		}
	}
	return "", false
}

// move is the only writer of Post.State. It returns Conflict when the table has no such row.
func (p *Post) move(do Action) error {
	to, possible := next(p.State, do)
	if !possible {
		return fault.Newf(fault.Conflict, "这篇稿件现在是“%s”，不能%s。", p.State.Chinese(), do.Chinese())
	}
	p.State = to
	return nil
}

var stateNames = map[State]string{
	Draft: "草稿", InReview: "审核中", Approved: "已审定", Scheduled: "已定时", Publishing: "发布中", Published: "已发布",
	Failed: "发布失败", OutcomeUnknown: "结果未知", AwaitingPerson: "待确认", AwaitingAdmin: "待管理员确认", Combined: "随主稿发布", Withdrawn: "已撤稿",
}

// Chinese returns the state's name as people see it.
func (s State) Chinese() string { return stateNames[s] }

// States lists all states in the order of a post's life.
func States() []State {
	return []State{Draft, InReview, Approved, Combined, Scheduled, Publishing, AwaitingAdmin, Published, Failed, OutcomeUnknown, AwaitingPerson, Withdrawn}
}

var actionNames = map[Action]string{
	Create: "新建", Write: "修改", Submit: "提交审核", Return: "退回", Pass: "审核通过", Approve: "终审通过", Schedule: "定时发布",
	PublishNow: "立即发布", Unschedule: "取消发布安排", Claim: "开始发布", Hold: "转人工确认", Release: "确认发布", Fail: "标为失败",
	LoseAnswer: "标为结果未知", FindAnswer: "取得平台答复", Complete: "完成发布", RecordPublished: "登记为已发布",
	RecordFailed: "登记为未发布", Remove: "登记为已删除", AddLink: "补登永久链接", CorrectDate: "更正发布日期", Withdraw: "撤稿",
	Remark: "批注", AskAdmin: "等管理员确认", Join: "编入组合", LeaveBundle: "移出组合", CombinePosts: "组合发布", ShowPreview: "发送预览",
}

// Chinese returns the action's name as people see it.
func (a Action) Chinese() string { return actionNames[a] }

// Actions lists all actions in the order of a post's life.
func Actions() []Action {
	return []Action{Create, Write, Submit, Return, Pass, Approve, CombinePosts, Join, LeaveBundle, Schedule, PublishNow, Unschedule, Claim, Hold, Release, Fail,
		LoseAnswer, FindAnswer, AskAdmin, Complete, RecordPublished, RecordFailed, AddLink, CorrectDate, Remove, Withdraw, ShowPreview}
}
