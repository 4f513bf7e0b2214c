package report_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"shoushan/report"
)

// expected is one line of a report file's “expect”.
type expected struct {
	Rule  string      `json:"rule"`
	Group string      `json:"group"`
	Left  report.Side `json:"left"`
	Right report.Side `json:"right"`
}

func loadReport(t testing.TB, name string) (report.Annual, []expected) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "reports", name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	a, err := report.Read(name+".json", data)
	if err != nil {
		t.Fatalf("Read(%s) = %v", name, err)
	}
	var file struct {
		Expect struct {
			Violations []expected `json:"violations"`
		} `json:"expect"`
	}
	if err := json.Unmarshal(data, &file); err != nil {
		t.Fatal(err)
	}
	return a, file.Expect.Violations
}

// reportNames are the reports of real organs in testdata.
func reportNames(t testing.TB) []string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join("testdata", "reports", "[^_]*.json"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no reports in testdata: %v", err)
	}
	var names []string
	for _, p := range paths {
		names = append(names, strings.TrimSuffix(filepath.Base(p), ".json"))
	}
	return names
}

func asExpected(violations []report.Violation, want []expected) []expected {
	var out []expected
	for _, v := range violations {
		e := expected{v.Rule, v.Where, v.Left, v.Right}
		if i := len(out); i < len(want) && want[i].Group == "" {
			e.Group = ""
		}
		out = append(out, e)
	}
	return out
}

func TestCheckPublishedReports(t *testing.T) {
	for _, name := range reportNames(t) {
		t.Run(name, func(t *testing.T) {
			a, want := loadReport(t, name)
			got := asExpected(report.Check(a, nil), want)
			if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("Check differs from what the file expects (-want +got):\n%s", diff)
			}
		})
	}
}

func TestCheckJSONShape(t *testing.T) {
	a, _ := loadReport(t, "hongze_district_gov_2023_VIOLATION")
	data, err := json.Marshal(report.Check(a, nil)[:1])
	if err != nil {
		t.Fatal(err)
	}
	want := `[{"rule":"T4-SUM","severity":"FAIL","where":"reconsideration","left":11,"right":0,` +
		`"message":"表四“行政复议”：维持 10、纠正 1、其他 0、尚未审结 0 相加等于 11 件，而总计填的是 0 件。"}]`
	if string(data) != want {
		t.Errorf("json = %s\nwant   %s", data, want)
	}
}

// edit is a clean report (宿迁 2023) with one thing changed.
func edit(t testing.TB, change func(a *report.Annual)) report.Annual {
	t.Helper()
	a, _ := loadReport(t, "suqian_city_2023")
	change(&a)
	return a
}

func setCell(row string, column, value int) func(*report.Annual) {
	return func(a *report.Annual) {
		r := a.T3.Rows[row]
		r[column] = report.Count(value)
		a.T3.Rows[row] = r
	}
}

func TestCheckFindsEachRule(t *testing.T) {
	tests := []struct {
		name   string
		change func(*report.Annual)
		want   []string // rule@where:left/right
	}{
		{"form: a detail cell breaks its column and its row", setCell("r5_3", 0, 2), []string{
			"T3-COLSUM@natural:3377/3375", "T3-ROWSUM@r5_3:2/0"}},
		{"form: carried out breaks the balance printed on the form", func(a *report.Annual) {
			setCell("carried_out", 1, 4)(a)
			setCell("carried_out", 6, 122)(a)
		}, []string{
			"T3-BALANCE@org_business:102/103", "T3-BALANCE@total:3607/3608", "NARR@t3.carried_out.total:121/122"}},
		{"form: total column of one row", setCell("r7", 6, 3485), []string{
			"T3-BALANCE@total:3607/3606", "T3-COLSUM@total:3486/3485", "T3-ROWSUM@r7:3486/3485"}},
		{"form: litigation total", func(a *report.Annual) { a.T4.Direct.Total = report.Count(25) }, []string{
			"T4-SUM@litigation_direct:24/25"}},
		{"form of 2019 in a report of 2023", func(a *report.Annual) { a.Format = report.Format2019 }, []string{
			"FMT-VERSION@format:2019-60/2021-30"}},
		{"form: （六） in one row", func(a *report.Annual) {
			a.T3.Rows["r6"] = report.Row{report.Count(337), report.Count(3), report.Count(0), report.Count(0), report.Count(1), report.Count(0), report.Count(341)}
			for _, id := range []string{"r6_1", "r6_2", "r6_3"} {
				delete(a.T3.Rows, id)
			}
		}, []string{"T3-LAYOUT@r6:1/3"}},
		{"form: “/” in place of 0", func(a *report.Annual) {
			r := a.T3.Rows["r5_3"]
			r[2] = report.ParseCell("/")
			a.T3.Rows["r5_3"] = r
		}, []string{"T3-BLANK@r5_3:1/0"}},
		{"a count is whole", func(a *report.Annual) { a.T2.Article20f.Penalties = report.ParseCell("12.5") }, []string{
			"COUNT@t2.行政处罚:12.5/"}},
		{"art. 50: prose against table", func(a *report.Annual) { a.Narrative["不予公开"] = json.RawMessage("143") }, []string{
			"NARR@t3.r3.total:143/142"}},
		{"prose against table 四", func(a *report.Annual) { a.Narrative["复议"] = json.RawMessage("134") }, []string{
			"NARR@t4.reconsideration.total:134/440"}},
		{"art. 42: fee without 件", func(a *report.Annual) { a.Narrative["信息处理费"] = json.RawMessage(`{"元":420}`) }, []string{
			"FEE-SEC6@section6:420/"}},
		{"art. 42: fee without 元", func(a *report.Annual) { a.Narrative["信息处理费"] = json.RawMessage(`{"件":2}`) }, []string{
			"FEE-SEC6@section6:2/"}},
		{"a number that speaks of something else is left alone", func(a *report.Annual) {
			a.Narrative["网络渠道申请"] = json.RawMessage("12")
			a.Narrative["办结建议提案"] = json.RawMessage("3")
		}, nil},
		{"a null cell whose value the row does not tell", func(a *report.Annual) {
			r := a.T3.Rows["r4_1"]
			r[1] = report.Cell{}
			a.T3.Rows["r4_1"] = r
		}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, brief(report.Check(edit(t, tt.change), nil))); diff != "" {
				t.Errorf("Check (-want +got):\n%s", diff)
			}
		})
	}
}

func brief(violations []report.Violation) []string {
	var out []string
	for _, v := range violations {
		out = append(out, v.Rule+"@"+v.Where+":"+string(v.Left)+"/"+string(v.Right))
	}
	return out
}

func TestCheckAgainstPreviousYear(t *testing.T) {
	previous, _ := loadReport(t, "suqian_city_2023")
	next := func(change func(*report.Annual)) report.Annual {
		a, _ := loadReport(t, "suqian_city_2023")
		a.Year, a.Narrative = 2024, nil
		a.T3.Rows = map[string]report.Row{"carried_in": a.T3.Rows["carried_out"]}
		n := &a.T2.Article20a.Normative
		n.Made, n.Repealed, n.Valid = report.Count(50), report.Count(227), report.Count(420)
		r := &a.T2.Article20a.Regulations
		r.Made, r.Repealed, r.Valid = report.Count(0), report.Count(0), report.Count(11)
		change(&a)
		return a
	}
	tests := []struct {
		name   string
		change func(*report.Annual)
		want   []string
	}{
		{"宿迁 2023 to 2024: 121 = 121, 597+50-227 = 420", func(*report.Annual) {}, nil},
		{"carried in differs", setCell("carried_in", 0, 117), []string{
			"T3-ROWSUM@carried_in:120/121", "T3-CARRY@natural:117/118"}},
		{"stock differs", func(a *report.Annual) { a.T2.Article20a.Normative.Valid = report.Count(421) }, []string{
			"T2-STOCK@行政规范性文件:420/421"}},
		{"not last year's file", func(a *report.Annual) { a.Year = 2025 }, []string{"PREVIOUS@previous:2023/2024"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, brief(report.Check(next(tt.change), &previous))); diff != "" {
				t.Errorf("Check (-want +got):\n%s", diff)
			}
		})
	}
}

func TestTownshipByNameOrLevel(t *testing.T) {
	tests := []struct {
		organ, level string
		want         bool
	}{
		{"陵川县崇文镇人民政府", "", true},
		{"杭州市拱墅区东湖街道办事处", "", true},
		{"陵川县崇文镇人民政府", "county", false},
		{"松木塘镇", "", true},
		{"陵川县人民政府", "", false},
		{"某单位", "township", true},
	}
	for _, tt := range tests {
		a := edit(t, func(a *report.Annual) { a.Organ, a.Level = tt.organ, tt.level })
		got := slices.ContainsFunc(report.Check(a, nil), func(v report.Violation) bool { return v.Rule == report.RuleRegulation })
		if got != tt.want {
			t.Errorf("%s (%s): T2-TOWNSHIP-REGULATION found = %v, want %v", tt.organ, tt.level, got, tt.want)
		}
	}
}

func TestJSONRoundTrip(t *testing.T) {
	for _, name := range reportNames(t) {
		a, _ := loadReport(t, name)
		var b bytes.Buffer
		if err := report.WriteJSON(&b, a); err != nil {
			t.Fatal(err)
		}
		again, err := report.Read(name, b.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(a.Cells(), again.Cells(), cmp.Comparer(func(x, y report.Cell) bool { return x == y })); diff != "" {
			t.Errorf("%s: cells changed:\n%s", name, diff)
		}
		if diff := cmp.Diff(report.Check(a, nil), report.Check(again, nil)); diff != "" {
			t.Errorf("%s: findings changed:\n%s", name, diff)
		}
	}
}

func TestReadRefuses(t *testing.T) {
	tests := []struct{ name, file, data, want string }{
		{"other schema", "a.json", `{"schema":"x/2","t4":{}}`, "只认识"},
		{"not JSON", "a.json", `{"t3":`, "读不懂"},
		{"empty JSON", "a.json", `{}`, "没有年度报告"},
		{"unknown column", "a.json", `{"t3":{"cols":["men"],"rows":{"new":[1]}}}`, "读不懂"},
		{"text", "a.txt", "你好", "认不出"},
		{"spreadsheet", "a.xlsx", "PK\x03\x04junk", "不是 Word 文档"},
		{"page without a report", "a.html", "<html><body><p>今天天气很好</p></body></html>", "找不到年度报告"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := report.Read(tt.file, []byte(tt.data))
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("Read = %v, want an error with %q", err, tt.want)
			}
		})
	}
}

func TestReadJSONForgivesOtherHands(t *testing.T) {
	tests := []struct {
		name, data, key string
		want            report.Cell
	}{
		{"a note in the cell", `{"t2":{"art20_6":{"行政处罚":"22（其中修订16件）"}}}`, "t2.行政处罚", report.Cell{Number: report.Int(22), Note: "其中修订16件", Mark: report.Printed}},
		{"a note beside the value", `{"t2":{"art20_6":{"行政处罚":{"value":22,"note":"含修订"}}}}`, "t2.行政处罚", report.Cell{Number: report.Int(22), Note: "含修订", Mark: report.Printed}},
		{"two numbers do not say which", `{"t2":{"art20_6":{"行政处罚":{"last":1,"this":2}}}}`, "t2.行政处罚", report.Cell{}},
		{"null is not known", `{"t2":{"art20_8":{"行政事业性收费_万元":null}}}`, "t2.行政事业性收费", report.Cell{}},
		{"exact decimals", `{"t2":{"art20_8":{"行政事业性收费_万元":59237.2449}}}`, "t2.行政事业性收费", amount(t, "59237.2449")},
		{"columns in another order", `{"t3":{"cols":["total","natural"],"rows":{"new":[3,2]}}}`, "t3.new.natural", report.Count(2)},
		{"art. 50: table 二 of 2019 does not fit and is left out", `{"format":"2019-60","t2":{"art20_1":{"规章":[1,2,3]}},"t3":{"rows":{"new":[5]}}}`, "t3.new.natural", report.Count(5)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a, err := report.Read("a.json", []byte(tt.data))
			if err != nil {
				t.Fatal(err)
			}
			if got := a.Cells()[tt.key]; got != tt.want {
				t.Errorf("%s = %+v, want %+v", tt.key, got, tt.want)
			}
		})
	}
}

func amount(t *testing.T, text string) report.Cell {
	t.Helper()
	n, err := report.ParseNumber(text)
	if err != nil {
		t.Fatal(err)
	}
	return report.Amount(n)
}

func TestNumberIsExact(t *testing.T) {
	tests := []struct{ a, b, sum, difference string }{
		{"0.1", "0.2", "0.3", "-0.1"},
		{"59237.2449", "7730.28", "66967.5249", "51506.9649"},
		{"1", "0.05", "1.05", "0.95"},
		{"0.50", "0.5", "1", "0"},
		{"-0.25", "0", "-0.25", "-0.25"},
	}
	for _, tt := range tests {
		a, errA := report.ParseNumber(tt.a)
		b, errB := report.ParseNumber(tt.b)
		if errA != nil || errB != nil {
			t.Fatal(errA, errB)
		}
		if got := a.Add(b).String(); got != tt.sum {
			t.Errorf("%s + %s = %s, want %s", tt.a, tt.b, got, tt.sum)
		}
		if got := a.Sub(b).String(); got != tt.difference {
			t.Errorf("%s - %s = %s, want %s", tt.a, tt.b, got, tt.difference)
		}
	}
	for _, bad := range []string{"", "1e3", "0x1", "1.", ".5", "123456789012345", "一"} {
		if n, err := report.ParseNumber(bad); err == nil {
			t.Errorf("ParseNumber(%q) = %v, want an error", bad, n)
		}
	}
}

func TestTitles(t *testing.T) {
	convention := "某镇2023年政府信息公开工作年度报告"
	tests := []struct {
		title string
		want  []string
	}{
		{convention, nil},
		{"某镇2023年政府信息公开工作年度报告（公开稿）", nil},
		{"某镇二〇二三年政府信息公开工作年度报告", nil},
		{"某镇2022年政府信息公开工作年度报告", []string{"YEAR@title:2022/2023"}},
		{"某镇2023年度政府信息公开年度报告", []string{"TITLE@title:某镇2023年度政府信息公开年度报告/" + convention}},
		{"2023年政府信息公开工作年度报告", []string{"TITLE@title:2023年政府信息公开工作年度报告/" + convention}},
		{"2023年某镇政府信息公开工作年度报告", []string{"TITLE@title:2023年某镇政府信息公开工作年度报告/" + convention}},
		{"某镇2023年政务公开年报", []string{"TITLE@title:某镇2023年政务公开年报/" + convention}},
		{"工作总结", []string{"TITLE@title:工作总结/" + convention}},
	}
	for _, tt := range tests {
		a := edit(t, func(a *report.Annual) { a.Title, a.Organ, a.Level = tt.title, "某镇", "county" })
		if diff := cmp.Diff(tt.want, brief(report.Check(a, nil))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.title, diff)
		}
	}
}
