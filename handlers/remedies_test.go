package handlers_test

import (
	"net/http"
	"strings"
	"testing"

	"shoushan/disclosure"
	"shoushan/workday"
)

// 行政复议法第二十三条: review comes before court when information is refused; for no answer the law is unsettled.
func TestGuideNamesTheRightRemedies(t *testing.T) {
	w := newWorld(t)
	got := w.visit(t, http.MethodGet, "/guide", nil).Body.String()
	for _, s := range []string{
		"应当先自收到答复之日起 60 日内向陵川县人民政府申请行政复议（行政复议法第二十三条）；对行政复议决定不服的，可以自收到复议决定书之日起 15 日内向示例人民法院",
		"对其他答复不服的", "6 个月内直接向示例人民法院", "超过期限没有答复的，可以向陵川县人民政府申请行政复议。是否可以不经复议直接起诉，现有规定不一致",
		"一般不收费", "国办函〔2020〕109号", "本机关同时给出登记回执；双方确认的当天",
	} {
		if !strings.Contains(got, s) {
			t.Errorf("the guide lacks %q:\n%s", s, got)
		}
	}
	if strings.Contains(strings.ReplaceAll(got, "一般不收费", ""), "不收费") {
		t.Errorf("the guide promises that nothing is ever charged: %s", got)
	}
}

// No organ is written into the program: what is not configured is named by its part.
func TestRemediesOfAnOrganThatNamesNobody(t *testing.T) {
	w := newWorld(t)
	w.file(t, "c")
	w.citizen.Organ.ReviewingOrgan, w.citizen.Organ.Court, w.citizen.Organ.SupervisingOffice = "", "", ""
	w.now = workday.MustParse("2026-12-22").At(9, 0)
	for place, got := range map[string]string{"guide": w.visit(t, http.MethodGet, "/guide", nil).Body.String(), "overdue": w.says(t, "c", "2026-0001")} {
		if !strings.Contains(got, "向行政复议机关申请行政复议") || !strings.Contains(got, "有管辖权的人民法院") || strings.Contains(got, "陵川县人民政府申请") {
			t.Errorf("%s: %s", place, got)
		}
	}
	w.citizen.Organ = disclosure.Organ{SupervisingOffice: "某县政务公开办"}
	if got := w.visit(t, http.MethodGet, "/guide", nil).Body.String(); !strings.Contains(got, "可以向某县政务公开办投诉、举报") {
		t.Errorf("the guide does not name the supervising office: %s", got)
	}
}

// 条例第四十二条: a fee is possible, so nothing says flatly that there is none.
func TestNothingIsPromisedToBeFree(t *testing.T) {
	for _, text := range []string{"申请公开", "帮助", "收费吗"} {
		got := newWorld(t).says(t, "c", text)
		if !strings.Contains(got, "一般不收费") || !strings.Contains(got, "条例第四十二条") || strings.Contains(strings.ReplaceAll(got, "一般不收费", ""), "不收费") {
			t.Errorf("reply to %s: %s", text, got)
		}
	}
}
