package handlers_test

import (
	"fmt"
	"strings"
	"testing"
)

// The questions of a natural person's application, by how many of naturalAnswers come before them.
const (
	atConsent     = 1
	atKind        = 2
	atName        = 3
	atDocument    = 4
	atPhone       = 5
	atDescription = 6
	atMedium      = 7
	atDelivery    = 8
	atSummary     = 9
)

// asked returns a world in which the first n of naturalAnswers have been said.
func asked(t testing.TB, n int) *world {
	t.Helper()
	w := newWorld(t)
	for _, text := range naturalAnswers[:n] {
		w.says(t, "c", text)
	}
	return w
}

// Each question takes what people really type and declines the rest with an example.
func TestAnswers(t *testing.T) {
	tests := []struct {
		at     int
		text   string
		taken  string // what is quoted back; "" when it is declined
		reason string
	}{
		{atKind, "1", "自然人", ""},
		{atKind, "１", "自然人", "full-width"},
		{atKind, " 1。", "自然人", "a full stop"},
		{atKind, "一", "自然人", "in words"},
		{atKind, "第6项", "其他组织", ""},
		{atKind, "公司", "商业企业", ""},
		{atKind, "5法律服务机构", "法律服务机构", "number and name"},
		{atKind, "0", "", ""},
		{atKind, "12", "", ""},
		{atKind, "律师", "", "a lawyer files for a principal or for the firm: ask"},
		{atName, "王小明", "王小明", ""},
		{atName, "我叫王小明", "王小明", "a sentence"},
		{atName, "姓名：王小明", "王小明", "pasted with its label"},
		{atName, "阿卜杜拉·买买提", "阿卜杜拉·买买提", "a name with a dot"},
		{atName, "John Smith", "John Smith", "foreigners may apply too (art. 27)"},
		{atName, "王", "", ""},
		{atName, "13900000000", "", ""},
		{atName, "王小明，身份证140599199001010018", "", ""},
		{atName, "谢谢", "", "a courtesy is no name"},
		{atDocument, "14059919900101107x", "140***", "small x"},
		{atDocument, "140599 19900101 0018", "140***", "in groups"},
		{atDocument, "140599-19900101-0018", "140***", ""},
		{atDocument, "身份证号：140599199001010018", "140***", "pasted with its label"},
		{atDocument, "140599199001010019", "", "wrong check digit"},
		{atDocument, "140599900101001", "", "the 15 digits of before 2013"},
		{atDocument, "91140599MA0TE0001P", "", "a company's code"},
		{atPhone, "13900000000", "13900000000", ""},
		{atPhone, "+86 139-0000-0000", "13900000000", ""},
		{atPhone, "电话：13900000000", "13900000000", "pasted with its label"},
		{atPhone, "0356-6200000", "0356-6200000", ""},
		{atPhone, "1390000000", "", "ten digits"},
		{atPhone, "12345", "", ""},
		{atDescription, "2025年崇文镇农村低保对象名单", "2025年崇文镇农村低保对象名单", ""},
		{atDescription, "第一行的名称\n第二行的文号", "第一行的名称 第二行的文号", "several lines"},
		{atDescription, "2023年收费标准的文件", "2023年收费标准的文件", "speaks of fees, asks nothing"},
		{atDescription, "2024年信访事项办理情况统计", "2024年信访事项办理情况统计", "speaks of petitions, is none"},
		{atDescription, "文件", "", "too vague to search for"},
		{atDescription, "20250001", "", "only a number"},
		{atDescription, strings.Repeat("长", 1001), "", "longer than 1000"},
		{atDescription, "我要举报村干部侵占补助款名单", "", "a petition in spite of its noun"},
		{atMedium, "2", "电子文档", ""},
		{atMedium, "电子版", "电子文档", ""},
		{atMedium, "都行", "", ""},
		{atDelivery, "微信", "在微信里查收", ""},
		{atDelivery, "2", "电子邮件", ""},
		{atDelivery, "邮寄", "", "electronic documents are not posted"},
	}
	for _, tt := range tests {
		t.Run(fmt.Sprintf("question %d: %.20s %s", tt.at, tt.text, tt.reason), func(t *testing.T) {
			got := asked(t, tt.at).says(t, "c", tt.text)
			_, quoted, taken := strings.Cut(got, "记下了：")
			if taken != (tt.taken != "") || !strings.HasPrefix(quoted, tt.taken) {
				t.Errorf("reply = %s, want it to take %q", got, tt.taken)
			}
		})
	}
}

func TestOrganizationAnswers(t *testing.T) {
	tests := []struct {
		before []string
		text   string
		taken  bool
	}{
		{nil, "陵川县示例种植有限公司", true},
		{nil, "公司", false},
		{nil, "123456", false},
		{[]string{"陵川县示例种植有限公司"}, "91140599MA0TE0001P", true},
		{[]string{"陵川县示例种植有限公司"}, "91140599ma0te0001p", true},
		{[]string{"陵川县示例种植有限公司"}, "91140599MA0TE0001Q", false},
		{[]string{"陵川县示例种植有限公司"}, "140599199001010018", false},
		{[]string{"陵川县示例种植有限公司", "91140599MA0TE0001P"}, "李建国", true},
		{[]string{"陵川县示例种植有限公司", "91140599MA0TE0001P"}, "没有", false},
		{[]string{"陵川县示例种植有限公司", "91140599MA0TE0001P"}, "1", false},
	}
	for _, tt := range tests {
		t.Run(fmt.Sprint(len(tt.before), tt.text), func(t *testing.T) {
			w := asked(t, atKind)
			for _, text := range append([]string{"2"}, tt.before...) {
				w.says(t, "c", text)
			}
			if got := w.says(t, "c", tt.text); strings.Contains(got, "记下了") != tt.taken {
				t.Errorf("reply = %s, want taken %v", got, tt.taken)
			}
		})
	}
}

func TestAddressAndEmail(t *testing.T) {
	tests := []struct {
		medium, delivery, text string
		taken                  bool
	}{
		{"1", "1", "山西省晋城市陵川县崇文镇城关村1号", true},
		{"1", "1", "家里", false},
		{"1", "1", "048300048300", false},
		{"2", "2", "wang@example.cn", true},
		{"2", "2", "Wang.Xiao_Ming+a@mail.example.com.cn", true},
		{"2", "2", "wang ＠ example.cn", true},
		{"2", "2", "wang@localhost", false},
		{"2", "2", "wang@@example.cn", false},
		{"2", "2", "我没有邮箱", false},
	}
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) {
			w := asked(t, atMedium)
			w.says(t, "c", tt.medium)
			w.says(t, "c", tt.delivery)
			if got := w.says(t, "c", tt.text); strings.Contains(got, "记下了") != tt.taken {
				t.Errorf("reply = %s, want taken %v", got, tt.taken)
			}
		})
	}
}

// Every question, declined three times: an example, then why it is asked, then the ways out; the draft stays.
func TestThreeWrongAnswers(t *testing.T) {
	wrong := map[int]string{
		atConsent: "可以", atKind: "99", atName: "1", atDocument: "1", atPhone: "1", atDescription: "1", atMedium: "99", atDelivery: "99", atSummary: "嗯嗯嗯",
	}
	for at, text := range wrong {
		t.Run(fmt.Sprint("question ", at), func(t *testing.T) {
			w := asked(t, at)
			first, second, third := w.says(t, "c", text), w.says(t, "c", text), w.says(t, "c", text)
			if !strings.HasPrefix(second, first) || len(second) <= len(first) {
				t.Errorf("second reply = %q, want the first %q and why", second, first)
			}
			if !strings.HasPrefix(third, first) || !strings.Contains(third, "暂停") || !strings.Contains(third, town.Phone) || !strings.Contains(third, town.Address) {
				t.Errorf("third reply = %q, want the ways out", third)
			}
			if strings.Contains(first+second, town.Phone) {
				t.Errorf("the ways out come too early: %q", second)
			}
			if w.memory.drafts["c"].data == nil {
				t.Error("the draft is gone")
			}
			if at == atSummary {
				return
			}
			w.says(t, "c", naturalAnswers[at])
			if strings.Contains(string(w.memory.drafts["c"].data), `"wrong"`) {
				t.Error("the count is not forgotten after a right answer")
			}
		})
	}
}

// art. 39(1): what looks like a petition is shown its door at every question, and nothing is lost.
func TestDoors(t *testing.T) {
	tests := []struct{ text, want string }{
		{"我要举报", "12345"}, {"投诉邻居", "12345"}, {"我要上访", "信访局"}, {"村主任贪污低保款", "12388"}, {"老板拖欠工资", "12333"}, {"超市卖过期食品", "12315"},
		{"着火了", "119"}, {"我爹昏迷了", "120"}, {"救命啊", "110"}, {"不想活了", "12356"},
	}
	for at := atConsent; at <= atSummary; at++ {
		for _, tt := range tests {
			t.Run(fmt.Sprintf("question %d: %s", at, tt.text), func(t *testing.T) {
				w := asked(t, at)
				before := string(w.memory.drafts["c"].data)
				if got := w.says(t, "c", tt.text); !strings.Contains(got, tt.want) {
					t.Errorf("reply = %s, want %s", got, tt.want)
				}
				w.says(t, "c", "继续")
				if after := string(w.memory.drafts["c"].data); answersIn(after) != answersIn(before) {
					t.Errorf("the answers changed from %s to %s", before, after)
				}
			})
		}
	}
	for _, tt := range tests {
		if got := newWorld(t).says(t, "c", tt.text); !strings.Contains(got, tt.want) {
			t.Errorf("without a draft, reply to %s = %s, want %s", tt.text, got, tt.want)
		}
	}
}

// answersIn returns the part of a draft that holds the answers.
func answersIn(draft string) string {
	_, answers, _ := strings.Cut(draft, `"filing":`)
	return answers
}

func TestEditByNumberAndName(t *testing.T) {
	tests := []struct{ text, want string }{
		{"修改 2", "申请人姓名"}, {"修改2", "申请人姓名"}, {"改第2项", "申请人姓名"}, {"修改二", "申请人姓名"}, {"更改姓名", "申请人姓名"}, {"2", "申请人姓名"},
		{"修改 5", "您要什么信息"}, {"修改所需信息", "您要什么信息"}, {"修改 0", "只有 1 到 7 项"}, {"修改 8", "只有 1 到 7 项"}, {"修改", "5 所需信息"},
		{"核对", "5 所需信息"}, {"上一步", "怎样拿到"},
	}
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) {
			w := asked(t, atSummary)
			if got := w.says(t, "c", tt.text); !strings.Contains(got, tt.want) {
				t.Errorf("reply = %s, want %q", got, tt.want)
			}
			if got := w.says(t, "c", "继续"); !strings.Contains(got, "请核对") {
				t.Errorf("after 继续 the reply is %s, want the summary", got)
			}
		})
	}
}
