package console

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"shoushan/fault"
	"shoushan/opinion"
	"shoushan/workday"
)

// yearsFound lists the years in which concerns were found, the latest first.
func yearsFound(all []opinion.Concern) []int {
	var years []int
	for _, con := range all {
		years = append(years, workday.Of(con.FoundAt).Year())
	}
	slices.Sort(years)
	slices.Reverse(years)
	return slices.Compact(years)
}

// concernHead are the columns of the exported register; each limit has the time of the deed and how it was kept.
var concernHead = []string{
	"编号", "发现时间", "来源平台", "原帖链接", "摘要", "类别", "等级", "涉及单位", "研判人", "责任人", "状态",
	"上报给谁", "上报时限", "权威信息时限（5 小时）", "发布会时限（24 小时）", "回应时限（48 小时）", "核查时限（2 个工作日）",
	"回应", "核查情况", "跟踪次数", "最近一次跟踪", "办理结果", "办结时间", "归档时间",
}

// exportConcerns is the register of a year, or of all, as a workbook. What looks like a number of a person is masked as on
// the pages.
func (c *Console) exportConcerns(v *visit) error {
	if c.cfg.Concerns == nil {
		return errNoConcerns
	}
	year, err := strconv.Atoi(v.ask("year"))
	if err != nil || year < 0 {
		return fault.New(fault.Invalid, "请选择年份。")
	}
	list, err := c.cfg.Concerns.Register.Concerns(v.ctx(), opinion.Query{Year: year})
	if err != nil {
		return err
	}
	cal, err := c.cfg.Calendar(v.ctx())
	if err != nil {
		return err
	}
	table := [][]string{concernHead}
	for _, con := range list {
		table = append(table, exportedConcern(con, cal, v.now))
	}
	name := "政务舆情回应台账-全部"
	if year > 0 {
		name = "政务舆情回应台账-" + strconv.Itoa(year)
	}
	return c.workbook(v, "政务舆情回应台账", name, table)
}

func exportedConcern(con opinion.Concern, cal workday.Calendar, now time.Time) []string {
	row := []string{
		con.ID, minute(con.FoundAt), con.Platform, con.Link, maskNumbers(con.Summary), con.Class.Chinese(), con.Level.Chinese(),
		con.Unit, con.AssessedBy, con.Responsible, con.State.Chinese(),
	}
	var told, answers, findings []string
	for _, r := range con.Reports {
		told = append(told, minute(r.At)+" "+r.To)
	}
	for _, a := range con.Answers {
		answers = append(answers, strings.TrimSpace(minute(a.At)+" "+a.Manner.Chinese()+"："+maskNumbers(a.Text)+" "+a.Link))
	}
	for _, n := range con.Findings {
		findings = append(findings, minute(n.At)+" "+maskNumbers(n.Text))
	}
	row = append(row, strings.Join(told, "\n"))
	row = append(row, keptLimits(con, cal, now)...)
	last := ""
	if n := len(con.FollowUps); n > 0 {
		last = minute(con.FollowUps[n-1].At) + " " + maskNumbers(con.FollowUps[n-1].Text)
	}
	return append(row, strings.Join(answers, "\n"), strings.Join(findings, "\n"), count(len(con.FollowUps)), last,
		con.Ending.Chinese(), minute(con.ClosedAt), minute(con.ArchivedAt))
}

// keptLimits says of each limit how it was kept, in the order of the columns; "" for one that the concern does not have.
func keptLimits(con opinion.Concern, cal workday.Calendar, now time.Time) []string {
	kinds := []opinion.DutyKind{opinion.TellLeaders, opinion.GiveWord, opinion.HoldConference, opinion.AnswerConcern, opinion.Investigate}
	out := make([]string, len(kinds))
	for _, d := range con.Duties(cal) {
		i := slices.Index(kinds, d.Kind)
		f := faceOfDuty(d, now)
		out[i] = f.Due + " 前；" + f.Text
		if con.State != opinion.Open && !f.Done {
			out[i] = f.Due + " 前；没有登记完成"
		}
	}
	return out
}

// minute writes an instant as a table has it.
func minute(t time.Time) string { return clockText(t, "2006-01-02 15:04") }
