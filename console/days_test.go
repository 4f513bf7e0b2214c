package console_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"shoushan/console"
	"shoushan/staff"
)

func TestReadDay(t *testing.T) {
	tests := []struct{ typed, day, rest, wrong string }{
		{"2026-11-27", "2026-11-27", "", ""},
		{" 2026/1/7 ", "2026-01-07", "", ""},
		{"2026.11.27", "2026-11-27", "", ""},
		{"2026年11月27日", "2026-11-27", "", ""},
		{"20261127", "2026-11-27", "", ""},
		{"２０２６－１１－２７", "2026-11-27", "", ""},
		{"2026-11-27T09:00", "2026-11-27", "09:00", ""},
		{"2026年11月27日15时30分", "2026-11-27", "15时30分", ""},
		{"2024-02-29", "2024-02-29", "", ""},
		{"2026-02-29", "", "", "2026 年 2 月没有 29 日，最后一天是 28 日"},
		{"2026-00-10", "", "", "没有 0 月"},
		{"2026-27-11", "", "", "没有 27 月"},
		{"2026-11-00", "", "", "2026 年 11 月没有 0 日，最后一天是 30 日"},
		{"0026-11-27", "", "", "年份写成了 26"},
		{"2206-11-27", "", "", "年份写成了 2206"},
		{"11/27/2026", "", "", "“11/27/2026”看不出是哪一天"},
		{"明天", "", "", "“明天”看不出是哪一天"},
		{"2026-11-27x", "", "", "看不出是哪一天"},
	}
	for _, tt := range tests {
		d, rest, wrong := console.ReadDay(tt.typed)
		if tt.wrong != "" {
			if !strings.Contains(wrong, tt.wrong) {
				t.Errorf("ReadDay(%q) complains %q, want %q", tt.typed, wrong, tt.wrong)
			}
			continue
		}
		if d.String() != tt.day || rest != tt.rest || wrong != "" {
			t.Errorf("ReadDay(%q) = %s, %q, %q; want %s, %q", tt.typed, d, rest, wrong, tt.day, tt.rest)
		}
	}
}

func TestReadMoment(t *testing.T) {
	tests := []struct{ typed, at, wrong string }{
		{"2026-11-27 15:30", "2026-11-27 15:30", ""},
		{"2026-11-27T09:05", "2026-11-27 09:05", ""},
		{"2026-11-27 09:05:59", "2026-11-27 09:05", ""},
		{"2026年11月27日 9点05分", "2026-11-27 09:05", ""},
		{"2026-11-27　１５：３０", "2026-11-27 15:30", ""},
		{"2026-11-27", "", "日期后面请写几点几分，例如 2026-11-27 15:30"},
		{"2026-11-27 3 PM", "", "几点几分"},
		{"2026-11-27 24:10", "", "没有 24 点 10 分"},
		{"2026-11-27 10:60", "", "没有 10 点 60 分"},
		{"15:30", "", "看不出是哪一天"},
	}
	for _, tt := range tests {
		at, wrong := console.ReadMoment(tt.typed)
		if tt.wrong != "" && !strings.Contains(wrong, tt.wrong) || tt.wrong == "" && (wrong != "" || at.Format("2006-01-02 15:04") != tt.at) {
			t.Errorf("ReadMoment(%q) = %v, %q; want %q, %q", tt.typed, at, wrong, tt.at, tt.wrong)
		}
	}
}

func TestTheDayIsRepeatedInChinese(t *testing.T) {
	h := newHouse(t) // the house stands on 2026-11-23
	b := h.as(t, "sun")
	tests := []struct {
		query string
		want  []string
	}{
		{"on=2026-11-27", []string{"2026年11月27日 星期五，工作日，4 天后", `"value":"2026-11-27"`}},
		{"on=" + url.QueryEscape("2026年11月23日"), []string{"星期一，工作日，今天", `"value":"2026-11-23"`}},
		{"on=2026-11-22", []string{"不是工作日（周末），1 天前"}},
		{"on=2026-10-01", []string{"不是工作日（国庆节"}},
		{"on=2026-02-14", []string{"工作日（春节调休上班）"}},
		{"on=2027-02-08", []string{"当年放假安排没有录入，暂定"}},
		{"on=2026-11-27+15:30&clock=1", []string{"2026年11月27日 星期五 15:30，工作日", `"value":"2026-11-27 15:30"`}},
		{"on=2026-11-27&clock=1", []string{"几点几分", `"wrong":true`}},
		{"on=11/27/2026", []string{"看不出是哪一天", `"wrong":true`}},
	}
	for _, tt := range tests {
		b.get("/calendar/day?"+tt.query).wants(t, http.StatusOK, tt.want, nil)
	}
}

func TestAWrongDateIsExplainedAndKept(t *testing.T) {
	h := newHouse(t)
	b := h.as(t, "sun")
	form := url.Values{"channel": {"account"}, "title": {"在微信后台发布的稿件"}, "origin": {"original"}, "at": {"11/27/2026 09:00"}}
	b.post("/posts/elsewhere", form).wants(t, http.StatusUnprocessableEntity, []string{"发布时间：“11/27/2026 09:00”看不出是哪一天", `value="11/27/2026 09:00"`}, nil)
	form.Set("at", "2026-11-31 09:00")
	b.post("/posts/elsewhere", form).wants(t, http.StatusUnprocessableEntity, []string{"2026 年 11 月没有 31 日"}, nil)
	form.Set("at", "")
	b.post("/posts/elsewhere", form).wants(t, http.StatusUnprocessableEntity, []string{"例如 2026-11-27 15:30"}, nil)
}

func TestNoPageAsksForADateInTheBrowsersLanguage(t *testing.T) {
	h := newHouse(t)
	s := seed(t, h)
	for _, page := range s.shots {
		if page.role == "" {
			continue
		}
		body := h.as(t, loginOf[page.role]).get(page.path).body
		for _, kind := range []string{`type="date"`, `type="datetime-local"`, `type="time"`, `type="month"`, `type="week"`} {
			if strings.Contains(body, kind) {
				t.Errorf("%s has a field of %s", page.name, kind)
			}
		}
	}
}

func TestDateFieldInABrowser(t *testing.T) {
	h := newHouse(t)
	w, heard := openWindow(t, h, staff.Author, 390)
	w.do(chromedp.Navigate(w.base+"/posts/elsewhere"), chromedp.WaitReady(chromedp.CSS("#elsewhere-at")))
	says := `document.querySelector("#elsewhere-at ~ output").textContent`
	w.do(chromedp.SendKeys(chromedp.CSS("#elsewhere-at"), "11/27/2026"))
	w.until(says + `.includes("看不出是哪一天") && !document.getElementById("elsewhere-at").checkValidity()`)
	w.text(`document.getElementById("elsewhere-at").select(), ""`)
	w.do(chromedp.SendKeys(chromedp.CSS("#elsewhere-at"), "2026年11月20日9时5分\t"))
	w.until(says + `.startsWith("2026年11月20日 星期五 09:05，工作日") && document.getElementById("elsewhere-at").value === "2026-11-20 09:05"`)
	w.text(`(p => { p.value = "2026-11-21T10:00"; p.dispatchEvent(new Event("input", {bubbles: true})); return "" })(document.querySelector("#elsewhere-at ~ .day-picker"))`)
	w.until(`document.getElementById("elsewhere-at").value === "2026-11-21 10:00" && ` + says + `.includes("不是工作日（周末）")`)
	if said := heard.take(); len(said) > 0 {
		t.Errorf("the browser complains: %.300s", said[0])
	}
}
