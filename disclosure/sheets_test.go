package disclosure_test

import (
	"strings"
	"testing"

	"shoushan/disclosure"
)

func TestApplicationForm(t *testing.T) {
	r := disclosure.Request{ID: "2026-0001", Filing: ofCompany(), ReceivedOn: date("2026-03-02")}
	l := disclosure.ApplicationForm(r, town)
	text := strings.Join(l.Paragraphs, "\n")
	p := r.Filing.Personal
	for _, want := range []string{p.Name, p.DocumentNumber, p.Representative, p.Phone, p.Email, p.Address, p.Description, "商业企业", "纸质", "当面提交"} {
		if !strings.Contains(text, want) {
			t.Errorf("art. 29: %q is missing in\n%s", want, text)
		}
	}
	for _, never := range []string{"用途", "目的", "理由", "代理人"} {
		if strings.Contains(text, never) {
			t.Errorf("art. 29: the form asks for %s", never)
		}
	}
}

func TestCaseSheet(t *testing.T) {
	p := inState(t, disclosure.Closed)
	r := must(t)(p.OpenRemedy(p.ctx, clerk, p.id, disclosure.Remedy{Kind: disclosure.Reconsideration}))
	text := strings.Join(disclosure.CaseSheet(r, town, p.cal).Paragraphs, "\n")
	for _, want := range []string{
		"编号：2026-0001", "工作人员登记时间：2026-03-02 09:00:00", "申请人确认时间：—", "收到申请之日：2026年3月2日", "答复期限：2026年3月30日",
		"（一）予以公开", "行政复议：2026年3月2日提起，尚未审结", "3. 2026-03-02 09:00:00 李主任 签发",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("art. 45: %q is missing in\n%s", want, text)
		}
	}
	for _, secret := range secrets() {
		if strings.Contains(text, secret) {
			t.Errorf("the sheet shows %q", secret)
		}
	}
}

func TestSimilar(t *testing.T) {
	w := newWorld("2026-03-02")
	file := func(f disclosure.Filing, text string) disclosure.Request {
		f.Personal.Description = text
		return must(t)(w.Submit(t.Context(), clerk, f))
	}
	r := file(atCounter(), "崇文镇2025年低保发放名册")
	again := file(atCounter(), "崇文镇 2025年，低保发放的名册")
	other := file(ofCompany(), "崇文镇2025年低保发放名册及金额")
	file(ofCompany(), "北街村征地补偿安置公告")
	all, err := w.memory.Requests(t.Context(), disclosure.Query{})
	if err != nil {
		t.Fatal(err)
	}
	got := disclosure.Similar(r, all)
	if len(got) != 2 {
		t.Fatalf("found %d, want 2", len(got))
	}
	for _, m := range got {
		if same := m.Request.ID == again.ID; m.SameApplicant != same || !same && m.Request.ID != other.ID {
			t.Errorf("art. 36(6): %s, same applicant %v", m.Request.ID, m.SameApplicant)
		}
	}
	if n := disclosure.ManyAsked(r, all); n != 2 {
		t.Errorf("art. 44: asked by %d applicants, want 2", n)
	}
	if len(disclosure.Similar(disclosure.Request{ID: "x"}, all)) != 0 {
		t.Error("nothing is like everything")
	}
}
