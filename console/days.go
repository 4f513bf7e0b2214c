package console

import (
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"

	"shoushan/fault"
	"shoushan/workday"
)

// inputTime is how a form shows a date and time, and asks for them; every browser shows it alike.
const inputTime = "2006-01-02 15:04"

// dayForm takes 2026-11-27 and what people write for it: other signs between the numbers, 年月日, or none at all.
var (
	dayForm   = regexp.MustCompile(`^(\d{4})\s*(?:[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?|(\d{2})(\d{2}))(?:[\sT日]+(\S.*))?$`)
	clockForm = regexp.MustCompile(`^(\d{1,2})\s*[:时点]\s*(\d{1,2})\s*分?(?:[:]\d{2})?$`)
)

// The years that a date of this office can lie in: 中华人民共和国 is from 1949.
const earliestYear, latestYear = 1949, 2100

// halfWidth turns the digits and signs of a Chinese keyboard into those of a date.
var halfWidth = strings.NewReplacer("０", "0", "１", "1", "２", "2", "３", "3", "４", "4", "５", "5", "６", "6", "７", "7", "８", "8", "９", "9",
	"－", "-", "—", "-", "／", "/", "．", ".", "：", ":", "　", " ")

// readDay reads a date and what stands after it, or says in Chinese what is wrong with it.
func readDay(text string) (d workday.Date, rest, wrong string) {
	text = strings.TrimSpace(halfWidth.Replace(text))
	m := dayForm.FindStringSubmatch(text)
	if m == nil {
		return d, "", fmt.Sprintf("“%s”看不出是哪一天，请按“年-月-日”写成 2026-11-27 这样", text)
	}
	year, month, day := number(m[1]), number(m[2]+m[4]), number(m[3]+m[5])
	d = workday.On(year, time.Month(month), day)
	switch {
	case year < earliestYear || year > latestYear:
		wrong = fmt.Sprintf("年份写成了 %d，请核对", year)
	case month < 1 || month > 12:
		wrong = fmt.Sprintf("没有 %d 月，请按“年-月-日”的次序写", month)
	case day < 1 || d.Day() != day:
		last := workday.On(year, time.Month(month)+1, 1).AddDays(-1)
		wrong = fmt.Sprintf("%d 年 %d 月没有 %d 日，最后一天是 %d 日", year, month, day, last.Day())
	}
	return d, m[6], wrong
}

// readMoment reads a date with a time of day in Beijing, or says what is wrong with it.
func readMoment(text string) (at time.Time, wrong string) {
	d, rest, wrong := readDay(text)
	if wrong != "" {
		return at, wrong
	}
	m := clockForm.FindStringSubmatch(rest)
	if m == nil {
		return at, fmt.Sprintf("日期后面请写几点几分，例如 %s 15:30", d)
	}
	hour, minute := number(m[1]), number(m[2])
	if hour > 23 || minute > 59 {
		return at, fmt.Sprintf("没有 %d 点 %d 分，请按 24 小时制写，例如 15:30", hour, minute)
	}
	return d.At(hour, minute), ""
}

// number reads digits that a pattern has found; they are few enough to fit.
func number(digits string) int {
	n, _ := strconv.Atoi(digits)
	return n
}

// date reads a date of the posted form.
func (v *visit) date(name, label string) (workday.Date, error) {
	text := v.form(name)
	if strings.TrimSpace(text) == "" {
		return workday.Date{}, fault.New(fault.Invalid, "请填写"+label+"，例如 2026-11-27。")
	}
	d, rest, wrong := readDay(text)
	if wrong == "" && rest != "" {
		wrong = fmt.Sprintf("只要写日期，多写了“%s”", rest)
	}
	if wrong != "" {
		return workday.Date{}, fault.New(fault.Invalid, label+"："+wrong+"。")
	}
	return d, nil
}

// instant reads a Beijing date and time of the posted form.
func (v *visit) instant(name, label string) (time.Time, error) {
	text := v.form(name)
	if strings.TrimSpace(text) == "" {
		return time.Time{}, fault.New(fault.Invalid, "请填写"+label+"的日期和时间（北京时间），例如 2026-11-27 15:30。")
	}
	at, wrong := readMoment(text)
	if wrong != "" {
		return time.Time{}, fault.New(fault.Invalid, label+"："+wrong+"。")
	}
	return at, nil
}

// dayAnswer is what the page writes beside a field while somebody fills it in.
type dayAnswer struct {
	Says  string `json:"says"`
	Value string `json:"value,omitempty"` // the field's text in the one form
	Wrong bool   `json:"wrong,omitempty"`
}

// sayDay repeats a typed date in Chinese, with its weekday and whether it is a working day; the address asks ?on=…, and &clock=1
// where a time of day belongs to it.
func (c *Console) sayDay(v *visit) error {
	cal, err := c.cfg.Calendar(v.ctx())
	if err != nil {
		return err
	}
	d, rest, wrong := readDay(v.ask("on"))
	a := dayAnswer{Value: d.String()}
	if wrong == "" && v.ask("clock") != "" {
		var at time.Time
		at, wrong = readMoment(v.ask("on"))
		a.Value, rest = clockText(at, inputTime), clockText(at, " 15:04")
	}
	if wrong != "" {
		return answerJSON(v, http.StatusOK, dayAnswer{Says: wrong + "。", Wrong: true})
	}
	a.Says = d.Chinese() + " " + d.ChineseWeekday() + rest + "，" + kindOfDay(cal.Day(d)) + "，" + distance(workday.Of(v.now), d)
	return answerJSON(v, http.StatusOK, a)
}

// kindOfDay says whether a day is worked and why.
func kindOfDay(day workday.Day) string {
	says := "工作日"
	switch {
	case day.Workday && day.Reason != "":
		says = "工作日（" + day.Reason + "）"
	case !day.Workday:
		says = "不是工作日（" + day.Reason + "）"
	}
	if day.Provisional {
		says += "，当年放假安排没有录入，暂定"
	}
	return says
}

// distance says how far a day is from today.
func distance(today, d workday.Date) string {
	days := int(d.Start().Sub(today.Start()).Hours() / 24)
	switch {
	case days == 0:
		return "今天"
	case days > 0:
		return fmt.Sprintf("%d 天后", days)
	}
	return fmt.Sprintf("%d 天前", -days)
}
