package disclosure_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"shoushan/disclosure"
	"shoushan/fault"
)

func contains(data []byte, text string) bool { return bytes.Contains(data, []byte(text)) }

// secrets are the personal items of the test's applicants.
func secrets() []string {
	var out []string
	for _, p := range []disclosure.Personal{atCounter().Personal, ofCompany().Personal} {
		out = append(out, p.Name, p.DocumentNumber, p.Phone, p.Email, p.Address, p.Description)
	}
	return append(out, ofCompany().Personal.Representative, "某某公司")
}

func TestValidIdentityNumber(t *testing.T) {
	tests := []struct {
		name, number string
		want         bool
	}{
		{"GB 11643: the standard's own example", "11010519491231002X", true},
		{"a small x", "11010519491231002x", true},
		{"the standard's other example", "440524188001010014", true},
		{"wrong check digit", "110105194912310021", false},
		{"no such day", "110105194902300025", false},
		{"fifteen digits", "110105491231002", false},
		{"letters", "1101051949123100AB", false},
		{"empty", "", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := disclosure.ValidIdentityNumber(tt.number); got != tt.want {
				t.Errorf("ValidIdentityNumber(%q) = %v, want %v", tt.number, got, tt.want)
			}
		})
	}
}

func TestValidCreditCode(t *testing.T) {
	tests := []struct {
		name, code string
		want       bool
	}{
		{"GB 32100: a well-known company", "91440300708461136T", true},
		{"another", "91110000802100433B", true},
		{"small letters", "91440300708461136t", true},
		{"wrong check character", "91440300708461136X", false},
		{"the letter I does not occur", "9144030070846113IT", false},
		{"too short", "9144030070846113", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := disclosure.ValidCreditCode(tt.code); got != tt.want {
				t.Errorf("ValidCreditCode(%q) = %v, want %v", tt.code, got, tt.want)
			}
		})
	}
}

// TestOneWrongDigitIsFound: both check characters find any single wrong digit.
func TestOneWrongDigitIsFound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		for number, valid := range map[string]func(string) bool{
			"14052419900101005X": disclosure.ValidIdentityNumber, "91140524MA0K12345C": disclosure.ValidCreditCode,
		} {
			i := rapid.IntRange(0, 16).Draw(t, "place")
			digit := byte('0' + rapid.IntRange(0, 9).Draw(t, "digit"))
			if number[i] == digit {
				continue
			}
			if wrong := number[:i] + string(digit) + number[i+1:]; valid(wrong) {
				t.Fatalf("%s passed for %s", wrong, number)
			}
		}
	})
}

func TestValidPhone(t *testing.T) {
	for phone, want := range map[string]bool{
		"13800001234": true, "19912345678": true, "0356-6202000": true, "03566202000": true, "010-62020000": true, "400-810-8888": true,
		"12800001234": false, "1380000123": false, "6202000": false, "+8613800001234": false, "": false, "110": false,
	} {
		if got := disclosure.ValidPhone(phone); got != want {
			t.Errorf("ValidPhone(%q) = %v, want %v", phone, got, want)
		}
	}
}

func TestMasked(t *testing.T) {
	p := atCounter().Personal
	p.Description = "本人14052419900101005X的低保审批表，电话13800001234"
	got := p.Masked()
	want := disclosure.Personal{
		Name: "张**", DocumentNumber: "140*************5X", Phone: "138******34", Email: "z****@example.com",
		Address: "陵川县崇文镇*****", Description: "本人140*************5X的低保审批表，电话138******34",
	}
	if got != want {
		t.Errorf("Masked() =\n%#v, want\n%#v", fmt.Sprintf("%q", fields(got)), fmt.Sprintf("%q", fields(want)))
	}
	if got := (disclosure.Personal{Name: "陵川某某商贸有限公司", Phone: "12"}).Masked(); got.Name != "陵川******公司" || got.Phone != "1*" {
		t.Errorf("an organization is %q, a short phone %q", got.Name, got.Phone)
	}
	if got := (disclosure.Personal{}).Masked(); got != (disclosure.Personal{}) {
		t.Errorf("nothing is masked as %q", fields(got))
	}
}

func fields(p disclosure.Personal) []string {
	return []string{p.Name, p.DocumentNumber, p.Representative, p.Phone, p.Email, p.Address, p.Description}
}

// TestMaskingHidesTheMiddle: whatever is typed, no more than head and tail survives.
func TestMaskingHidesTheMiddle(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := disclosure.Personal{Name: rapid.StringMatching(`[张王李A-z]{1,9}`).Draw(t, "name"), DocumentNumber: rapid.StringMatching(`[0-9A-Z]{1,30}`).Draw(t, "number")}
		m := p.Masked()
		if len([]rune(p.Name)) > 1 && m.Name == p.Name {
			t.Fatalf("%q is shown", p.Name)
		}
		if m.DocumentNumber == p.DocumentNumber || len(m.DocumentNumber) != len(p.DocumentNumber) {
			t.Fatalf("%q is shown as %q", p.DocumentNumber, m.DocumentNumber)
		}
	})
}

func TestPersonalIsNeverPrinted(t *testing.T) {
	var b bytes.Buffer
	r := disclosure.Request{ID: "2026-0001", Filing: atCounter()}
	slog.New(slog.NewJSONHandler(&b, nil)).Info("request", "applicant", r.Filing.Personal)
	fmt.Fprintf(&b, "%v %+v %s", r.Filing.Personal, r.Filing, r.Filing.Personal)
	for _, secret := range secrets() {
		if contains(b.Bytes(), secret) {
			t.Errorf("%q was printed: %s", secret, b.String())
		}
	}
}

func TestFilingValidate(t *testing.T) {
	tests := []struct {
		name   string
		filing func() disclosure.Filing
		change func(*disclosure.Filing)
		want   string // a part of the sentence; "" when it is in order
	}{
		{"art. 29: in order", atCounter, func(*disclosure.Filing) {}, ""},
		{"art. 29: by chat", byChat, func(*disclosure.Filing) {}, ""},
		{"art. 29: a company", ofCompany, func(*disclosure.Filing) {}, ""},
		{"art. 29(1): no name", atCounter, func(f *disclosure.Filing) { f.Personal.Name = " " }, "姓名"},
		{"art. 29(1): wrong identity number", atCounter, func(f *disclosure.Filing) { f.Personal.DocumentNumber = "140524199001010051" }, "身份证号"},
		{"art. 29(1): a passport at the counter", atCounter, func(f *disclosure.Filing) { f.Personal.DocumentNumber = "E12345678" }, ""},
		{"art. 29(1): a passport by chat", byChat, func(f *disclosure.Filing) { f.Personal.DocumentNumber = "E12345678" }, "身份证号"},
		{"art. 29(1): wrong credit code", ofCompany, func(f *disclosure.Filing) { f.Personal.DocumentNumber = "91140524MA0K12345X" }, "统一社会信用代码"},
		{"art. 29(1): a company without a person", ofCompany, func(f *disclosure.Filing) { f.Personal.Representative = "" }, "法定代表人"},
		{"art. 29(1): no way to reach", atCounter, func(f *disclosure.Filing) { f.Personal.Phone, f.Personal.Email, f.Personal.Address = "", "", "" }, "联系方式"},
		{"art. 29(1): wrong phone", atCounter, func(f *disclosure.Filing) { f.Personal.Phone = "123" }, "电话号码"},
		{"art. 29(1): wrong e-mail", atCounter, func(f *disclosure.Filing) { f.Personal.Email = "zhang@" }, "电子邮箱"},
		{"art. 29: an agent", atCounter, func(f *disclosure.Filing) {
			f.Personal.Agent, f.Personal.AgentDocument, f.Personal.Authority = "李四", "11010519491231002X", "授权委托书"
		}, ""},
		{"art. 29: an agent without authority", atCounter, func(f *disclosure.Filing) {
			f.Personal.Agent, f.Personal.AgentDocument = "李四", "11010519491231002X"
		}, "授权材料"},
		{"art. 29: authority for nobody", atCounter, func(f *disclosure.Filing) { f.Personal.Authority = "授权委托书" }, "代理人的姓名"},
		{"art. 29(2): no description", atCounter, func(f *disclosure.Filing) { f.Personal.Description = "" }, "需要什么信息"},
		{"art. 29(3): no medium", atCounter, func(f *disclosure.Filing) { f.Medium = "" }, "形式"},
		{"art. 29(3): no delivery", atCounter, func(f *disclosure.Filing) { f.Delivery = "fax" }, "获取方式"},
		{"art. 29(3): by post without address", atCounter, func(f *disclosure.Filing) { f.Personal.Address = "" }, "收件地址"},
		{"art. 29(3): by e-mail without one", atCounter, func(f *disclosure.Filing) { f.Delivery, f.Personal.Email = disclosure.DeliverByEmail, "" }, "电子邮箱"},
		{"235号: chat delivery is for chat filings", atCounter, func(f *disclosure.Filing) { f.Delivery = disclosure.DeliverByWeChat }, "微信"},
		{"no channel", atCounter, func(f *disclosure.Filing) { f.Channel = "pigeon" }, "申请渠道"},
		{"no kind", atCounter, func(f *disclosure.Filing) { f.ApplicantKind = "" }, "申请人类型"},
		{"chat without identity", byChat, func(f *disclosure.Filing) { f.OpenID = "" }, "微信身份"},
		{"art. 31: chat with a receipt date of its own", byChat, func(f *disclosure.Filing) { f.AnnouncedOn = date("2026-03-01") }, "收到日期"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := tt.filing()
			tt.change(&f)
			err := f.Validate()
			if tt.want == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			refused(t, err, fault.Invalid)
			if message := fault.Message(err); !strings.Contains(message, tt.want) {
				t.Errorf("%q does not speak of %s", message, tt.want)
			}
		})
	}
}

func TestFilingValidateNamesEveryProblem(t *testing.T) {
	err := disclosure.Filing{}.Validate()
	for _, want := range []string{"申请渠道", "申请人类型", "形式", "获取方式", "姓名", "统一社会信用代码", "联系方式", "需要什么信息"} {
		if !strings.Contains(fault.Message(err), want) {
			t.Errorf("%q does not speak of %s", fault.Message(err), want)
		}
	}
}

// TestExamplesAreValid: a sentence must not teach a wrong example.
func TestExamplesAreValid(t *testing.T) {
	f := atCounter()
	f.Personal.DocumentNumber = "1"
	if !strings.Contains(fault.Message(f.Validate()), "14052419900101005X") || !disclosure.ValidIdentityNumber("14052419900101005X") {
		t.Error("the identity number of the example is wrong")
	}
	if !disclosure.ValidCreditCode("91140524MA0K12345C") || !disclosure.ValidPhone("0356-6202000") {
		t.Error("an example is wrong")
	}
}

func TestChineseNames(t *testing.T) {
	var names []string
	for _, s := range disclosure.States() {
		names = append(names, s.Chinese())
	}
	for _, c := range disclosure.Channels() {
		names = append(names, c.Chinese())
	}
	for _, k := range disclosure.ApplicantKinds() {
		names = append(names, k.Chinese())
	}
	for _, m := range disclosure.Media() {
		names = append(names, m.Chinese())
	}
	for _, d := range disclosure.Deliveries() {
		names = append(names, d.Chinese())
	}
	for _, p := range disclosure.Parties() {
		names = append(names, p.Chinese())
	}
	for _, k := range disclosure.RemedyKinds() {
		names = append(names, k.Chinese())
	}
	for _, r := range disclosure.RemedyResults() {
		names = append(names, r.Chinese())
	}
	if slices.Contains(names, "") {
		t.Errorf("a name is missing: %q", names)
	}
}
