package disclosure_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"shoushan/disclosure"
)

func TestProfileHasEveryLineOfTheFile(t *testing.T) {
	var o disclosure.Organ
	for _, l := range o.Profile() {
		if !o.SetProfile(l.Key, " "+l.Key+" ") || l.Label == "" || l.Purpose == "" {
			t.Errorf("the line %+v cannot be corrected", l)
		}
	}
	if o.SetProfile("nothing", "x") {
		t.Error("a line that does not exist was set")
	}
	data, err := json.Marshal(o)
	if err != nil {
		t.Fatal(err)
	}
	var lines map[string]string
	if err := json.Unmarshal(data, &lines); err != nil {
		t.Fatal(err)
	}
	if len(lines) != reflect.TypeFor[disclosure.Organ]().NumField() {
		t.Errorf("%d of %d fields have a line", len(lines), reflect.TypeFor[disclosure.Organ]().NumField())
	}
	for key, value := range lines {
		if value != key {
			t.Errorf("the line %s went to %s", value, key)
		}
	}
}

func TestProfileProblems(t *testing.T) {
	whole := disclosure.Organ{}
	for _, l := range whole.Profile() {
		whole.SetProfile(l.Key, "甲")
	}
	whole.ReportDue = "01-31"
	tests := []struct {
		name, key, value, says string
		grave                  bool
	}{
		{"art. 12: the guide names the address", "address", "", "没有填", true},
		{"a receipt tells the phone", "phone", " ", "没有填", true},
		{"the example's mark", "phone", "0356-0000000（示例，请核对）", "示例", true},
		{"the example's address", "email", "a@example.gov.cn", "示例", true},
		{"行政复议法 art. 22(2): chat delivery names the online review", "review_online", "", "不能在微信上送达", false},
		{"a day that is none", "report_due", "1月31日", "月-日", true},
		{"行政诉讼法 art. 18: the court has a name", "court", "有管辖权的人民法院", "哪个人民法院", false},
		{"no fax", "fax", "", "", false},
		{"the day of the report", "report_due", "02-20", "", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o := whole
			o.SetProfile(tt.key, tt.value)
			for _, l := range o.Profile() {
				switch {
				case l.Key != tt.key && l.Problem != "":
					t.Errorf("%s: %s", l.Key, l.Problem)
				case l.Key == tt.key && (l.Grave != tt.grave || !strings.Contains(l.Problem, tt.says) || (tt.says == "") != (l.Problem == "")):
					t.Errorf("%q: problem %q, grave %v", tt.value, l.Problem, l.Grave)
				}
			}
		})
	}
}
