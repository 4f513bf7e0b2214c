// Package workday counts China's working days (工作日): weekends, statutory holidays and make-up workdays (调休上班日)
// as the State Council announces them each year.
//
// It serves 政府信息公开条例 articles 26, 30, 32, 33, 34 and 42, which all set their periods in working days, and rests
// on 全国年节及纪念日放假办法 (2024) for years whose notice is not out yet: such dates are provisional (暂定).
//
//	cal := workday.Embedded()
//	due := cal.Add(workday.MustParse("2026-09-30"), 20) // due.Date is 2026-11-03
package workday
