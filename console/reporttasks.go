package console

import (
	"fmt"
	"time"

	"shoushan/fault"
	"shoushan/report"
	"shoushan/staff"
	"shoushan/workday"
)

// reportTasks are the annual reports that wait for this member: to write, to review, to publish, and before the due day.
func (c *Console) reportTasks(v *visit) (taskGroup, error) {
	g := taskGroup{Title: "年度报告"}
	for _, year := range c.years(v) {
		e, err := c.cfg.Press.Editions.Edition(v.ctx(), year)
		if fault.Is(err, fault.NotFound) {
			e, err = report.Edition{Year: year, State: report.Writing}, nil
		}
		if err != nil {
			return g, err
		}
		t, waits, err := c.reportTask(v, e)
		if err != nil {
			return g, err
		}
		if waits {
			t.Path = fmt.Sprintf("/report?year=%d", year)
			g.Tasks = append(g.Tasks, t)
		}
	}
	return g, nil
}

func (c *Console) reportTask(v *visit, e report.Edition) (t task, waits bool, err error) {
	t.Since, t.About = e.UpdatedAt, fmt.Sprintf("%d 年政府信息公开工作年度报告", e.Year)
	switch {
	case e.State == report.Reviewed && (route{rights: reportReader}).allows(v.who):
		w, err := c.cfg.Press.Work(v.ctx(), e.Year)
		hash := w.Annual.Fingerprint()
		t.What = "年度报告等待" + e.NextRound(hash).Chinese()
		return t, err == nil && e.MayReview(v.who, hash) == nil, err
	case e.State == report.Passed && v.who.May(staff.PublishPosts):
		t.What, waits = "年度报告等待发布", true
	case e.State == report.Writing && v.who.May(staff.EditReport):
		t.What, waits = writingTask(e)
	}
	return c.dueTask(v, e, t, waits)
}

// writingTask says why a report in writing needs somebody before its due day comes near.
func writingTask(e report.Edition) (what string, waits bool) {
	switch {
	case len(e.Reviews) > 0 && !e.Reviews[len(e.Reviews)-1].Approved:
		return "年度报告退回修改", true
	case e.Correcting != "":
		return "年度报告正在更正", true
	}
	return "编写年度报告", false
}

// dueTask adds the due day in the months in which the report of the year before is due (条例第四十九条).
func (c *Console) dueTask(v *visit, e report.Edition, t task, waits bool) (task, bool, error) {
	today := workday.Of(v.now)
	_, published := e.Published()
	if published || today.Year() != e.Year+1 || today.Month() > time.April || !waits && (e.State != report.Writing || !v.who.May(staff.EditReport)) {
		return t, waits, nil
	}
	due, err := report.Due(e.Year, c.cfg.Organ.ReportDue)
	if err != nil {
		return t, false, err
	}
	if t.Since.IsZero() {
		t.Since = workday.On(e.Year+1, time.January, 1).Start()
	}
	t.About, _ = e.Reminder(due, v.now)
	t.Late = today.After(due)
	return t, true, nil
}
