package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"shoushan/report"
)

// sampleReport is a clean report of a made-up organ as a JSON file.
func sampleReport(t *testing.T, organ string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "r.json")
	if said, err := shoushan(t, "report", "--year", "2021", "--from", "testdata/chongwen-2021.ndjson", "--out", path); err != nil {
		t.Fatalf("report: %v\n%s", err, said)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, bytes.ReplaceAll(data, []byte("陵川县崇文镇人民政府"), []byte(organ)), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestReportMerge(t *testing.T) {
	first, second := sampleReport(t, "甲县一镇人民政府"), sampleReport(t, "甲县二镇人民政府")
	for _, ending := range []string{"docx", "html", "xlsx", "json"} {
		out := filepath.Join(t.TempDir(), "county."+ending)
		said, err := shoushan(t, "report", "--merge", first, second, "--organ", "甲县", "--out", out)
		if err != nil || !strings.Contains(said, "甲县2021年政府信息公开工作年度报告") || !strings.Contains(said, "没有发现问题") {
			t.Fatalf("report --merge to %s = %v\n%s", ending, err, said)
		}
		if ending == "xlsx" {
			continue
		}
		said, err = shoushan(t, "check", out)
		if err != nil {
			t.Errorf("check %s = %v\n%s", ending, err, said)
		}
	}
}

func TestReportMergeRefuses(t *testing.T) {
	good := sampleReport(t, "甲县一镇人民政府")
	broken := sampleReport(t, "甲县二镇人民政府")
	a, err := readReport(broken)
	if err != nil {
		t.Fatal(err)
	}
	a.T4.Direct.Total = report.Count(3)
	var out bytes.Buffer
	if err := report.WriteJSON(&out, a); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(broken, out.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name string
		args []string
		want string
	}{
		{"a report whose own sum is wrong", []string{"--merge", good, "--merge", broken}, "先改正这份报告"},
		{"the same organ twice", []string{"--merge", good, good}, "出现了两次"},
		{"files without --merge", []string{"--year", "2021", good}, "--merge"},
		{"neither a year nor files", nil, "--year"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			said, err := shoushan(t, append([]string{"report", "--out", filepath.Join(t.TempDir(), "x.json")}, tt.args...)...)
			if err == nil || !strings.Contains(err.Error()+said, tt.want) {
				t.Errorf("report = %v, want %q\n%s", err, tt.want, said)
			}
		})
	}
}

func TestReportWithARegisterFile(t *testing.T) {
	register := filepath.Join(t.TempDir(), "r.csv")
	if err := os.WriteFile(register, []byte("类别,名称,日期,金额（万元）\n行政许可,某某,2021-05-01,\n行政事业性收费,公墓,2021-06-01,0.35\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(t.TempDir(), "x.json")
	if said, err := shoushan(t, "report", "--year", "2021", "--from", "testdata/chongwen-2021.ndjson", "--registers", register, "--out", out); err != nil {
		t.Fatalf("report = %v\n%s", err, said)
	}
	a, err := readReport(out)
	if err != nil || a.Cells()["t2.行政许可"] != report.Count(1) || a.Cells()["t2.行政事业性收费"].String() != "0.35" {
		t.Errorf("table 二 = %+v (%v)", a.T2, err)
	}
}

func TestCheckAgainstTheRecords(t *testing.T) {
	const archive = "testdata/chongwen-2021.ndjson"
	file := sampleReport(t, "陵川县崇文镇人民政府")
	if said, err := shoushan(t, "check", file, "--from", archive); err != nil || !strings.Contains(said, "没有发现问题") {
		t.Fatalf("check = %v\n%s", err, said)
	}
	a, err := readReport(file)
	if err != nil {
		t.Fatal(err)
	}
	a.T2.Article20f.Penalties = report.Count(3)
	var out bytes.Buffer
	if err := report.WriteJSON(&out, a); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, out.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	if said, err := shoushan(t, "check", file); err != nil {
		t.Errorf("no rule of the form can see it: %v\n%s", err, said)
	}
	if said, err := shoushan(t, "check", file, "--from", archive); err == nil || !strings.Contains(said, "“行政处罚”填的是 3，而记录统计的结果是 0") {
		t.Errorf("check against the records = %v\n%s", err, said)
	}
}
