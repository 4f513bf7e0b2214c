package console_test

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"

	"shoushan/disclosure"
)

// organForm is the profile as the page shows it.
func organForm(o disclosure.Organ) url.Values {
	form := url.Values{}
	for _, l := range o.Profile() {
		form.Set(l.Key, l.Value)
	}
	return form
}

func TestTheOrgansProfile(t *testing.T) {
	h := newHouse(t)
	b := h.as(t, "wang")
	b.get("/organ").wants(t, 200, []string{"陵川县崇文镇人民政府", "可以使用", "不能在微信上送达不利决定", "ORGAN_FILE", "shoushan doctor"}, []string{"要改正"})
	b.get("/").wants(t, 200, nil, []string{"机关概况要改正"})

	form := organForm(organ)
	form.Set("review_online", "https://fuyi.lingchuan.gov.cn/")
	form.Set("phone", " 0356-6208888 ")
	got := b.post("/organ/file", form)
	var corrected disclosure.Organ
	if err := json.Unmarshal([]byte(got.body), &corrected); err != nil || !strings.Contains(got.header.Get("Content-Disposition"), "organ.json") {
		t.Fatalf("%v: %s", err, got.body)
	}
	want := organ
	want.ReviewOnline, want.Phone = "https://fuyi.lingchuan.gov.cn/", "0356-6208888"
	if corrected != want {
		t.Errorf("the file holds %+v, want %+v", corrected, want)
	}
	b.get("/organ").wants(t, 200, []string{"0356-6200000"}, []string{"0356-6208888"})

	form.Set("address", "某路（请核对）")
	form.Set("phone", "")
	b.post("/organ/file", form).wants(t, 422, []string{"还有 2 项必须改正", "某路（请核对）", "还是示例里的内容", "https://fuyi.lingchuan.gov.cn/"}, nil)
}
