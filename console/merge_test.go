package console_test

import (
	"bytes"
	"html"
	"mime/multipart"
	"net/http/httptest"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"

	"shoushan/report"
)

// cityReport is a published report, under the name of an organ.
func cityReport(t *testing.T, organ string) []byte {
	t.Helper()
	data, err := os.ReadFile("../report/testdata/reports/suqian_city_2023.json")
	if err != nil {
		t.Fatal(err)
	}
	a, err := report.Read("r.json", data)
	if err != nil {
		t.Fatal(err)
	}
	a.Organ = organ
	var out bytes.Buffer
	if err := report.WriteJSON(&out, a); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func (b *browser) merge(t *testing.T, organ string, files ...attached) answer {
	t.Helper()
	body := &bytes.Buffer{}
	w := multipart.NewWriter(body)
	if err := w.WriteField("organ", organ); err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		part, err := w.CreateFormFile(f.field, f.name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := part.Write(f.data); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest("POST", "/report/merge", body)
	r.Header.Set("Content-Type", w.FormDataContentType())
	return b.send(r)
}

func TestRollUpOfSeveralOrgans(t *testing.T) {
	h := newHouse(t)
	b := h.as(t, "zheng")
	one, two := attached{"report", "a.json", cityReport(t, "甲市")}, attached{"report", "b.json", cityReport(t, "乙市")}
	b.get("/report/merge").wants(t, 200, []string{`id="form-merge"`, "不保存"}, []string{"merge-result"})
	got := b.merge(t, "某省", one, two)
	got.wants(t, 200, []string{"某省2023年政府信息公开工作年度报告", "共 2 个机关：甲市、乙市", "汇总以后各项勾稽关系都成立", "7022", "甲市 3511；乙市 3511", "下载 Excel 表格", "表三"}, []string{`href="/figures/2023`})

	merged := html.UnescapeString(regexp.MustCompile(`(?s)name="merged" value="([^"]*)"`).FindStringSubmatch(got.body)[1])
	for _, extension := range []string{"json", "docx", "html", "xlsx"} {
		file := b.post("/report/merge/download", url.Values{"as": {extension}, "merged": {merged}})
		if file.status != 200 || !strings.Contains(file.header.Get("Content-Disposition"), "attachment") {
			t.Fatalf("%s: %d %s", extension, file.status, file.sentence())
		}
		if extension == "xlsx" {
			continue
		}
		a, err := report.Read("m."+extension, []byte(file.body))
		if err != nil || a.Cells()["t3.new.total"].String() != "7022" {
			t.Errorf("%s has %s, %v", extension, a.Cells()["t3.new.total"], err)
		}
	}
	b.post("/report/merge/download", url.Values{"as": {"exe"}, "merged": {merged}}).wants(t, 404, []string{"没有这种格式"}, nil)
	b.post("/report/merge/download", url.Values{"as": {"docx"}, "merged": {"{"}}).wants(t, 422, []string{"请重新选择文件汇总"}, nil)
}

func TestRollUpRefusesWhatWouldHideInASum(t *testing.T) {
	h := newHouse(t)
	b := h.as(t, "zheng")
	good := attached{"report", "a.json", cityReport(t, "甲市")}
	broken := attached{"report", "错的.json", bytes.Replace(cityReport(t, "乙市"), []byte(`"new": [`), []byte(`"new": [1`), 1)}
	tests := []struct {
		name  string
		files []attached
		want  string
	}{
		{"nothing", nil, "请选择要汇总的报告"},
		{"the same organ twice", []attached{good, good}, "出现了两次"},
		{"no report", []attached{good, {"report", "x.exe", []byte("MZ")}}, "x.exe：认不出这个文件"},
		{"a wrong sum", []attached{good, broken}, "错的.json："},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b.merge(t, "某省", tt.files...).wants(t, 422, []string{tt.want, `value="某省"`}, []string{"merge-result"})
		})
	}
}
