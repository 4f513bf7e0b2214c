package handlers_test

import (
	"strings"
	"testing"
	"time"
)

// art. 29: 确认 files nothing while an item is open; the reply names it and the word to type. A draft of an older program
// may stand at the summary without an item that came later.
func TestConfirmingWhileAnItemIsOpen(t *testing.T) {
	w := asked(t, atSummary)
	complete := string(w.memory.drafts["c"].data)
	open := strings.Replace(complete, `"phone":"13900000000"`, `"phone":""`, 1)
	if open == complete {
		t.Fatalf("no phone in %s", complete)
	}
	w.memory.drafts["c"] = kept{[]byte(open), "theirs", w.now.Add(time.Hour)}
	for _, text := range []string{"核对", "确认"} {
		if got := w.says(t, "c", text); !strings.Contains(got, "第 4 项“联系电话”还没填，请回复“继续”来填这一项") || len(w.memory.requests) != 0 {
			t.Errorf("reply to %s = %s with %d requests, want the open item and none", text, got, len(w.memory.requests))
		}
	}
	for _, step := range [][2]string{{"继续", "【第4项】"}, {"确认", "这一项还没填：\n\n【第4项】"}, {"13900000000", "请核对"}, {"修改 2", "现在填的是：王小明"}, {"确认", "请核对"}, {"确认", "申请编号：2026-0001"}} {
		if got := w.says(t, "c", step[0]); !strings.Contains(got, step[1]) {
			t.Errorf("reply to %s = %s, want %q", step[0], got, step[1])
		}
	}
	if name := w.memory.requests[0].Filing.Personal.Name; name != "王小明" {
		t.Errorf("the name is %q, want 王小明", name)
	}
}

// GB 11643, GB 32100: what is wrong with a number is told apart.
func TestWhatIsWrongWithANumber(t *testing.T) {
	const checkDigit = "最后一位是校验码，和前 17 位对不上，请对照"
	tests := []struct{ name, kind, text, want string }{
		{"a wrong last digit", "1", "140599199001010019", checkDigit + "身份证再看一遍。"},
		{"X where a digit belongs", "1", "14059919900101001x", checkDigit},
		{"one digit short", "1", "14059919900101001", "您填了 17 位"},
		{"a letter inside", "1", "14059919900101A018", "前 17 位是数字"},
		{"no day of the calendar", "1", "140599199002310018", "出生年月日"},
		{"a code's last character", "2", "91140599MA0TE0001Q", checkDigit + "证照再看一遍。"},
		{"a code with an O", "2", "91140599MAOTE0001P", "没有 I、O、S、V、Z"},
		{"a short code", "2", "91140599MA0TE", "您填了 13 位"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := asked(t, atKind)
			w.says(t, "c", tt.kind)
			w.says(t, "c", map[string]string{"1": "王小明", "2": "陵川县示例种植有限公司"}[tt.kind])
			got := w.says(t, "c", tt.text)
			if !strings.Contains(got, tt.want) || strings.Contains(got, checkDigit) != strings.HasPrefix(tt.want, checkDigit) {
				t.Errorf("reply = %s, want %q", got, tt.want)
			}
		})
	}
}
