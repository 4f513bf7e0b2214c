package disclosure_test

import (
	"encoding/json"
	"strings"
	"testing"

	"shoushan/disclosure"
	"shoushan/fault"
	"shoushan/staff"
	"shoushan/workday"
)

// given files a request of a person about something and grants it.
func given(t *testing.T, w *world, name, document, about string) string {
	t.Helper()
	f := atCounter()
	f.Personal.Name, f.Personal.DocumentNumber, f.Personal.Description = name, document, about
	r := must(t)(w.Submit(t.Context(), clerk, f))
	must(t)(w.Decide(t.Context(), clerk, r.ID, disclosure.Decision{Outcome: disclosure.Granted, How: disclosure.Attached, Content: "名册随函附后"}))
	must(t)(w.SignOff(t.Context(), head, r.ID))
	return must(t)(w.Deliver(t.Context(), clerk, r.ID, disclosure.DeliverByPost, "1234567890123")).ID
}

const (
	zhang = "14052419900101005X"
	wang  = "140524199003071235"
)

func wanted(t *testing.T, w *world) []disclosure.Wanted {
	t.Helper()
	all, err := w.memory.Requests(t.Context(), disclosure.Query{})
	if err != nil {
		t.Fatal(err)
	}
	return disclosure.WantedByMany(all, workday.Date{})
}

// TestWantedByMany is 条例第四十四条: what several applicants ask for and was given, and what an applicant suggests.
func TestWantedByMany(t *testing.T) {
	tests := []struct {
		name string
		do   func(t *testing.T, w *world)
		want []string // lead and how many applicants
	}{
		{"one applicant is not several", func(t *testing.T, w *world) {
			given(t, w, "张小三", zhang, "崇文镇2025年低保发放名册")
			given(t, w, "张小三", zhang, "崇文镇2025年低保发放名册")
		}, nil},
		{"two applicants, one answer", func(t *testing.T, w *world) {
			given(t, w, "张小三", zhang, "崇文镇2025年低保发放名册")
			f := atCounter()
			f.Personal.DocumentNumber = wang
			must(t)(w.Submit(t.Context(), clerk, f))
		}, []string{"2026-0001 2"}},
		{"nothing was given", func(t *testing.T, w *world) {
			for _, document := range []string{zhang, wang} {
				f := atCounter()
				f.Personal.DocumentNumber = document
				must(t)(w.Submit(t.Context(), clerk, f))
			}
		}, nil},
		{"other information", func(t *testing.T, w *world) {
			given(t, w, "张小三", zhang, "崇文镇2025年低保发放名册")
			given(t, w, "王小五", wang, "古陵路改造工程的中标合同")
		}, nil},
		{"art. 44(2): an applicant suggests it", func(t *testing.T, w *world) {
			id := given(t, w, "张小三", zhang, "崇文镇2025年低保发放名册")
			must(t)(w.SuggestProactive(t.Context(), staff.Citizen, id))
		}, []string{"2026-0001 1"}},
		{"the newest leads, unless another holds the review", func(t *testing.T, w *world) {
			first := given(t, w, "张小三", zhang, "崇文镇2025年低保发放名册")
			given(t, w, "王小五", wang, "崇文镇2025年低保发放名册")
			must(t)(w.NotSuitable(t.Context(), clerk, first, "只涉及个人"))
		}, []string{"2026-0001 2 unsuitable"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld("2026-03-02")
			tt.do(t, w)
			var got []string
			for _, g := range wanted(t, w) {
				got = append(got, strings.TrimSpace(strings.Join([]string{g.Request.ID, string(rune('0' + g.Applicants)), string(g.State())}, " ")))
			}
			if strings.Join(got, "; ") != strings.Join(tt.want, "; ") {
				t.Errorf("found %q, want %q", got, tt.want)
			}
		})
	}
}

// TestProactiveReview walks the review: handed to the newsroom, an article begun once, public; what is settled stays so.
func TestProactiveReview(t *testing.T) {
	w := newWorld("2026-03-02")
	ctx := t.Context()
	id := given(t, w, "张小三", zhang, "崇文镇2025年低保发放名册")
	_, err := w.BeginArticle(ctx, author, id, "2026-000001")
	refused(t, err, fault.Conflict) // nothing was handed over
	_, err = w.HandOver(ctx, author, id, "名册", "全文")
	refused(t, err, fault.Forbidden)
	r := must(t)(w.HandOver(ctx, clerk, id, " 2025年低保名册（公开版） ", "各村户数如下"))
	if p := r.Proactive; p.State != disclosure.HandedOver || p.Title != "2025年低保名册（公开版）" || p.By != clerk.ID {
		t.Errorf("handed over as %+v", p)
	}
	_, err = w.BeginArticle(ctx, clerk, id, "2026-000001")
	refused(t, err, fault.Forbidden)
	must(t)(w.BeginArticle(ctx, author, id, "2026-000001"))
	_, err = w.BeginArticle(ctx, author, id, "2026-000002")
	refused(t, err, fault.Conflict)
	_, err = w.HandOver(ctx, clerk, id, "另一个名称", "另一份")
	refused(t, err, fault.Conflict)
	r = must(t)(w.MadePublic(ctx, clerk, id, "https://www.example.gov.cn/1.html"))
	if r.Proactive.State != disclosure.Published || r.Proactive.PostID != "2026-000001" {
		t.Errorf("public as %+v", r.Proactive)
	}
	_, err = w.NotSuitable(ctx, clerk, id, "改主意")
	refused(t, err, fault.Conflict)
	var events []string
	for _, e := range r.Trail {
		if e.Action == "review_proactive" {
			events = append(events, e.Note+e.Article)
		}
	}
	if len(events) != 3 || !strings.HasSuffix(events[0], "条例第四十四条") {
		t.Errorf("the trail has %q", events)
	}
}

// TestNothingPersonalIsHandedOver: a leaked identity number is a crime.
func TestNothingPersonalIsHandedOver(t *testing.T) {
	tests := []struct{ name, title, text, says string }{
		{"the applicant's name in the title", "答复张小三的名册", "各村户数", "姓名"},
		{"the applicant's number", "名册", "张某，14052419900101005X", "证件号码"},
		{"the applicant's phone", "名册", "联系13800001234", "电话"},
		{"the applicant's address", "名册", "陵川县崇文镇古陵路9号一户", "地址"},
		{"somebody else's identity number", "名册", "李四 140524198502120011", "身份证号"},
		{"somebody else's lower-case number", "名册", "李四140524198502120x1x，14052419850212001x", "身份证号"},
		{"somebody else's phone", "名册", "李四，13912345678", "手机号"},
		{"no text", "名册", " ", "拟公开的内容"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld("2026-03-02")
			id := given(t, w, "张小三", zhang, "崇文镇2025年低保发放名册")
			_, err := w.HandOver(t.Context(), clerk, id, tt.title, tt.text)
			refused(t, err, fault.Invalid)
			if !strings.Contains(fault.Message(err), tt.says) {
				t.Errorf("%q does not say %q", fault.Message(err), tt.says)
			}
			if r, _ := w.memory.Request(t.Context(), id); r.Proactive != nil {
				t.Error("it was stored all the same")
			}
		})
	}
}

func TestProactiveRefusals(t *testing.T) {
	p := inState(t, disclosure.Handling)
	for _, do := range []func() error{
		func() error { _, err := p.HandOver(p.ctx, clerk, p.id, "名册", "全文"); return err },
		func() error { _, err := p.NotSuitable(p.ctx, clerk, p.id, "理由"); return err },
		func() error { _, err := p.MadePublic(p.ctx, clerk, p.id, "网站"); return err },
		func() error { _, err := p.SuggestProactive(p.ctx, staff.Citizen, p.id); return err },
	} {
		refused(t, do(), fault.Conflict) // nothing was given yet
	}
	w := newWorld("2026-03-02")
	id := given(t, w, "张小三", zhang, "崇文镇2025年低保发放名册")
	_, err := w.NotSuitable(t.Context(), clerk, id, " ")
	refused(t, err, fault.Invalid)
	_, err = w.MadePublic(t.Context(), clerk, id, "")
	refused(t, err, fault.Invalid)
	must(t)(w.SuggestProactive(t.Context(), staff.Citizen, id))
	_, err = w.SuggestProactive(t.Context(), staff.Citizen, id)
	refused(t, err, fault.Conflict)
	r := must(t)(w.NotSuitable(t.Context(), clerk, id, "只有张小三一户的情况"))
	if trail, _ := json.Marshal(r.Trail); strings.Contains(string(trail), "张小三") {
		t.Error("the reason carried a name into the trail")
	}
}
