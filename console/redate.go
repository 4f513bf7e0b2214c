package console

import (
	"fmt"
	"slices"

	"shoushan/fault"
	"shoushan/posts"
	"shoushan/staff"
	"shoushan/workday"
)

// mayRedate offers the correction of a date that a person wrote down.
func mayRedate(p posts.Post, who staff.Member) bool {
	return p.Can(posts.CorrectDate) && p.DatedByHand() && (who.May(staff.PublishPosts) || p.Channel == posts.Portal)
}

func redateFields(_ *Console, _ *visit, p posts.Post) ([]field, error) {
	return []field{
		{Name: "at", Label: "实际发布时间（北京时间）", Kind: timeField, Required: true, Value: clockText(p.Publication.PublishedAt, inputTime)},
		{Name: "reason", Label: "更正原因", Kind: textBlock, Required: true},
	}, nil
}

func redate(c *Console, v *visit, p posts.Post) (string, error) {
	at, err := v.instant("at", "实际发布时间")
	if err != nil {
		return "", err
	}
	before := workday.Of(p.Publication.PublishedAt)
	if _, err := c.cfg.Newsroom.CorrectDate(v.ctx(), v.who, p.ID, at, v.form("reason")); err != nil {
		return "", err
	}
	said := "发布日期已更正为 " + workday.Of(at).Chinese() + "，统计随之改变。"
	more, err := c.movedReports(v, before.Year(), workday.Of(at).Year())
	return said + more, err
}

// movedReports says which published reports no longer agree with the records, now that an item has gone from one year to
// another. The report does not change by itself (条例第五十条 asks for what was published): its page lists the difference, and a
// correction of it lists the amendment.
func (c *Console) movedReports(v *visit, from, to int) (string, error) {
	if from == to {
		return "", nil
	}
	said := ""
	years := []int{from, to}
	slices.Sort(years)
	for _, year := range years {
		e, err := c.cfg.Press.Editions.Edition(v.ctx(), year)
		if fault.Is(err, fault.NotFound) {
			continue
		}
		if err != nil {
			return "", err
		}
		if _, published := e.Published(); published {
			said += fmt.Sprintf("%d 年的年度报告已经发布，里面的数字和现在的记录不同了，请到“年度报告”看差别，需要的话更正报告。", year)
		}
	}
	return said, nil
}
