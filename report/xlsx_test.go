package report_test

import (
	"bytes"
	"testing"

	"github.com/xuri/excelize/v2"

	"shoushan/report"
)

func openXLSX(t *testing.T, a report.Annual) *excelize.File {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(written(t, report.WriteXLSX, a)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	})
	return f
}

func TestXLSXSumsAreFormulas(t *testing.T) {
	a, _ := loadReport(t, "suqian_city_2023")
	f := openXLSX(t, a)
	tests := []struct{ sheet, cell, value, formula string }{
		{"表三", "D4", "3402", ""},
		{"表三", "J4", "3511", "D4+E4+F4+G4+H4+I4"},
		{"表三", "D27", "3375", "D6+D7+D8+D9+D10+D11+D12+D13+D14+D15+D16+D17+D18+D19+D20+D21+D22+D23+D24+D25+D26"},
		{"表三", "J27", "3486", "D27+E27+F27+G27+H27+I27"},
		{"表四", "E4", "440", "A4+B4+C4+D4"},
		{"表四", "O4", "89", "K4+L4+M4+N4"},
		{"表二", "B14", "59237.2449", ""},
	}
	for _, tt := range tests {
		formula, err := f.GetCellFormula(tt.sheet, tt.cell)
		if err != nil {
			t.Fatal(err)
		}
		value, err := f.CalcCellValue(tt.sheet, tt.cell)
		if err != nil {
			t.Fatal(err)
		}
		if value != tt.value || formula != tt.formula {
			t.Errorf("%s!%s = %s (%s), want %s (%s)", tt.sheet, tt.cell, value, formula, tt.value, tt.formula)
		}
	}
}

func TestXLSXKeepsAWrongSumAndTellsIt(t *testing.T) {
	a, _ := loadReport(t, "hongze_district_gov_2023_VIOLATION")
	f := openXLSX(t, a)
	formula, err := f.GetCellFormula("表四", "E4")
	if err != nil {
		t.Fatal(err)
	}
	value, err := f.GetCellValue("表四", "E4")
	if err != nil {
		t.Fatal(err)
	}
	rule, err := f.GetCellValue("核对", "A2")
	if err != nil {
		t.Fatal(err)
	}
	if formula != "" || value != "0" || rule != "T4-SUM" {
		t.Errorf("E4 = %q (%q), 核对 says %q; want 0 as printed and T4-SUM", value, formula, rule)
	}
}

func TestXLSXMergesAreTheForms(t *testing.T) {
	a, _ := loadReport(t, "suqian_city_2023")
	f := openXLSX(t, a)
	for _, name := range []string{"二", "三", "四"} {
		want := map[string]string{}
		for _, p := range formPlaces(report.OfficialForm().Tables[name]) {
			if p.Cols*p.Rows > 1 {
				from, _ := excelize.CoordinatesToCellName(p.Column+1, p.Row+1)
				to, _ := excelize.CoordinatesToCellName(p.Column+p.Cols, p.Row+p.Rows)
				want[from] = to
			}
		}
		merges, err := f.GetMergeCells("表" + name)
		if err != nil {
			t.Fatal(err)
		}
		if len(merges) != len(want) {
			t.Errorf("table %s has %d merges, want %d", name, len(merges), len(want))
		}
		for _, m := range merges {
			if want[m.GetStartAxis()] != m.GetEndAxis() {
				t.Errorf("table %s merges %s:%s, want to %s", name, m.GetStartAxis(), m.GetEndAxis(), want[m.GetStartAxis()])
			}
		}
	}
}

func TestPartialReportAsXLSX(t *testing.T) {
	a, _ := loadReport(t, "taojiang_songmutang_town_2022_PARTIAL_REGULATION_ERROR")
	f := openXLSX(t, a)
	value, err := f.GetCellValue("表二", "B14")
	if err != nil {
		t.Fatal(err)
	}
	if i, _ := f.GetSheetIndex("表三"); i != -1 || value != "未载明" {
		t.Errorf("fee = %q, sheet 表三 at %d; want 未载明 and no sheet", value, i)
	}
}

// TestXLSXPrintsOnPaper: each sheet is as wide as the paper, and a label that needs two lines has room for them.
func TestXLSXPrintsOnPaper(t *testing.T) {
	a, _ := loadReport(t, "suqian_city_2023")
	f := openXLSX(t, a)
	for _, sheet := range f.GetSheetList() {
		props, err := f.GetSheetProps(sheet)
		if err != nil || props.FitToPage == nil || !*props.FitToPage {
			t.Errorf("%s is not fitted to the page: %v", sheet, err)
		}
		layout, err := f.GetPageLayout(sheet)
		if err != nil || layout.FitToWidth == nil || *layout.FitToWidth != 1 {
			t.Errorf("%s is not one page wide: %v", sheet, err)
		}
	}
	for label, two := range map[string]bool{"2.重复申请": false, "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请": true} {
		cells, err := f.SearchSheet("表三", label)
		if err != nil || len(cells) != 1 {
			t.Fatalf("%s stands in %v, %v", label, cells, err)
		}
		_, row, err := excelize.CellNameToCoordinates(cells[0])
		if err != nil {
			t.Fatal(err)
		}
		if height, err := f.GetRowHeight("表三", row); err != nil || (height > 25) != two {
			t.Errorf("the row of %s is %v points high, %v", label, height, err)
		}
	}
}
