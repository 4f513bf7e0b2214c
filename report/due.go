package report

import (
	"fmt"
	"time"

	"shoushan/fault"
	"shoushan/workday"
)

// usualDue is the day by which departments publish their reports (条例第四十九条); no article names one for townships, so the
// organ's profile decides.
const usualDue = "01-31"

// Due is the day by which the report of a year must be published: the organ's month and day in the year after, 31 January
// when it names none. No organ may set one after 31 March, the day on which the county's own report is due (条例第四十九条).
func Due(year int, monthDay string) (workday.Date, error) {
	if monthDay == "" {
		monthDay = usualDue
	}
	due, err := workday.Parse(fmt.Sprintf("%d-%s", year+1, monthDay))
	if err != nil {
		return workday.Date{}, fault.Wrap(fault.Invalid, err, "机关资料里年度报告的期限（report_due）应当写成 01-31 这样的月和日。")
	}
	if due.After(workday.On(year+1, time.March, 31)) {
		return workday.Date{}, fault.Newf(fault.Invalid, "年度报告的期限不能晚于3月31日（条例第四十九条），现在写的是%s。", monthDay)
	}
	return due, nil
}

// reminded are the days before the due day on which people are reminded; after it they are reminded every day.
var reminded = []int{30, 20, 10, 5, 3, 2, 1, 0}

// Reminder tells how the report of a year stands against its due day; urgent is true on days of the ladder (30, 20, 10, 5, 3,
// 2, 1, 0 days left, then daily) while it is not published.
func (e Edition) Reminder(due workday.Date, now time.Time) (text string, urgent bool) {
	if s, ok := e.Published(); ok {
		return fmt.Sprintf("%d 年度报告已于%s发布。", e.Year, workday.Of(s.At).Chinese()), false
	}
	left := int(due.Start().Sub(workday.Of(now).Start()) / (24 * time.Hour))
	state := fmt.Sprintf("现在是“%s”", e.State.Chinese())
	switch {
	case left < 0:
		return fmt.Sprintf("%d 年度报告应当在%s前发布，已经晚了 %d 天，%s。", e.Year, due.Chinese(), -left, state), true
	case left == 0:
		return fmt.Sprintf("%d 年度报告今天到期，%s。", e.Year, state), true
	}
	text = fmt.Sprintf("%d 年度报告应当在%s前发布，还有 %d 天，%s。", e.Year, due.Chinese(), left, state)
	for _, days := range reminded {
		if left == days {
			return text, true
		}
	}
	return text, false
}
