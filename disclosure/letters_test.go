package disclosure_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"shoushan/disclosure"
	"shoushan/fault"
)

// print writes a letter as plain text.
func print(l disclosure.Letter) string {
	var b strings.Builder
	fmt.Fprintf(&b, "[%s → %s]\n%s\n%s\n%s\n%s：\n", l.Template, l.Audience, l.Organ, l.Title, l.Number, l.Recipient)
	for _, p := range l.Paragraphs {
		fmt.Fprintf(&b, "　　%s\n", p)
	}
	fmt.Fprintf(&b, "%s\n%s\n", l.SignedBy, l.Date.Chinese())
	for _, line := range l.Slip {
		fmt.Fprintf(&b, "　　%s\n", line)
	}
	return b.String()
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", "letters", name+".golden")
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s reads\n%s\nwant\n%s", path, got, want)
	}
}

// decisions has one decision for each outcome that Decide drafts, and both ways of 无法提供.
var decisions = map[string]disclosure.Decision{
	"r1-attached":      {Outcome: "r1", How: "attached", Content: "《崇文镇2025年低保发放名册》（公开版），随函附后。"},
	"r1-public":        {Outcome: "r1", How: "public_link", Content: "陵川县人民政府网站，网址：https://www.example.gov.cn/gk/1。"},
	"r1-pickup":        {Outcome: "r1", How: "pickup", Content: "工作日8:00至12:00到综合办领取。"},
	"r2":               {Outcome: "r2", Content: "合同正文第一至第六条，随函附后。", RefusedRow: "r3_4", Ground: "报价清单属于商业秘密，第三方不同意公开。"},
	"r2-query":         {Outcome: "r2", RefusedRow: "r3_8", Ground: "其余部分为不动产登记资料。"},
	"r3_1":             {Outcome: "r3_1", Ground: "该文件标有密级。"},
	"r3_2":             {Outcome: "r3_2", Ground: "《档案法》规定尚未到开放期。"},
	"r3_3":             {Outcome: "r3_3", Ground: "公开会暴露防汛物资的位置。"},
	"r3_4":             {Outcome: "r3_4", Ground: "涉及第三方的病历。"},
	"r3_5":             {Outcome: "r3_5", Ground: "该信息是人事管理信息。"},
	"r1-public-unsaid": {Outcome: "r1", How: "public_link"},
	"r1-pickup-unsaid": {Outcome: "r1", How: "pickup"},
	"r2-redacted": {Outcome: "r2", Ground: "含有不应当公开的内容。", RefusedRow: "r3_8", Content: "合同正文，随函附后",
		Redactions: "第三条的房屋坐落｜不动产登记资料\n第七条报价 | 保护第三方合法权益 | 第三方的商业秘密。"},
	"r4_1-both":   {Outcome: "r4_1", SearchRecord: "2026年3月5日由综合办在档案室检索，无结果", RightOrgan: "陵川县自然资源局，0356-1234567。"},
	"c3-sent":     {Outcome: "c3", How: "transferred", RightOrgan: "陵川县民政局，0356-1234567"},
	"r3_6":        {Outcome: "r3_6", Ground: "该信息是集体讨论的记录，尚未形成决定。"},
	"r3_7":        {Outcome: "r3_7", Ground: "该信息在行政处罚案卷中。"},
	"r3_8":        {Outcome: "r3_8", GoverningLaw: "《不动产登记暂行条例》第二十七条"},
	"r4_1-search": {Outcome: "r4_1", SearchRecord: "2026年3月5日由综合办在档案室和公文系统以“崇文路改造”检索，无结果。"},
	"r4_1-organ":  {Outcome: "r4_1", RightOrgan: "陵川县自然资源局，0356-1234567"},
	"r4_2":        {Outcome: "r4_2", Ground: "没有按村汇总的数据。"},
	"r5_1":        {Outcome: "r5_1", ProperChannel: "陵川县信访局，或者拨打12345"},
	"r5_2":        {Outcome: "r5_2", EarlierLetter: "崇政公复〔2026〕1号"},
	"r5_3":        {Outcome: "r5_3", Where: "陵川县图书馆地方文献室"},
	"r5_5":        {Outcome: "r5_5", Ground: "所要求确认的信息已于2026年1月提供。"},
	"r6_3":        {Outcome: "r6_3", Ground: "申请人死亡，没有继受人。"},
	"c1":          {Outcome: "c1", Content: "家庭人口由3人更正为4人。"},
	"c2":          {Outcome: "c2", Ground: "经核对户籍，记录准确。"},
	"c3":          {Outcome: "c3", RightOrgan: "陵川县民政局，0356-1234567"},
}

func TestReplyLetters(t *testing.T) {
	for name, d := range decisions {
		t.Run(name, func(t *testing.T) {
			w := newWorld("2026-03-02")
			f := atCounter()
			f.Matter = d.Outcome.Info().Matter
			r := must(t)(w.Submit(t.Context(), clerk, f))
			w.set("2026-03-10")
			must(t)(w.Decide(t.Context(), clerk, r.ID, d))
			r = must(t)(w.SignOff(t.Context(), head, r.ID))
			letter := r.Letters[len(r.Letters)-1]
			golden(t, name, print(letter))
			checkClause(t, d, letter)
			checkWriting(t, letter)
		})
	}
}

// checkClause: 行政复议法第二十三条, no adverse letter without its clause, and the right one.
func checkClause(t *testing.T, d disclosure.Decision, l disclosure.Letter) {
	t.Helper()
	text := strings.Join(l.Paragraphs, "\n")
	first := strings.Contains(text, "应当先申请行政复议")
	direct := strings.Contains(text, "也可以自收到本"+paperOf(l)+"之日起6个月内")
	if first == direct || first != (d.Remedy() == disclosure.ReviewFirst) {
		t.Errorf("review first %v, directly %v for %s", first, direct, d.Outcome)
	}
	if !strings.Contains(text, "60日内向陵川县人民政府申请行政复议") {
		t.Errorf("the term or the reviewing organ is missing in\n%s", text)
	}
}

// paperOf is what the letter calls itself.
func paperOf(l disclosure.Letter) string {
	if strings.HasSuffix(l.Title, "答复书") {
		return "答复书"
	}
	return "告知书"
}

// TestEveryOutcomeHasALetter: the golden files cover every outcome that Decide drafts.
func TestEveryOutcomeHasALetter(t *testing.T) {
	covered := map[disclosure.Outcome]bool{"r4_3": true, "r5_4": true} // need an earlier act; see TestNotices
	for _, d := range decisions {
		covered[d.Outcome] = true
	}
	for _, info := range append(disclosure.Outcomes(), disclosure.DataOutcomes()...) {
		if !covered[info.Outcome] && info.ByVerb == "" {
			t.Errorf("%s has no letter", info.Outcome)
		}
	}
}

// TestNotices writes every other document by playing its case.
func TestNotices(t *testing.T) {
	cases := map[string]string{
		"receipt":            "submit",
		"supplement":         "submit request_supplement",
		"consult_third":      "submit consult consultation_reply",
		"consult_co_maker":   "submit consult_co_maker",
		"consult_organ":      "submit consult_other_organ",
		"extension":          "submit extend",
		"reasons_and_delay":  "submit state_reasons receive_reasons delay",
		"fee_pages":          "submit charge_fee",
		"fee_pieces":         "submit charge_pieces",
		"withdrawn":          "submit withdraw",
		"assistance":         "submit assist",
		"third_party":        "submit consult refuse decide sign_off deliver",
		"unclear":            "submit request_supplement receive_supplement decide_unclear sign_off",
		"excessive":          "submit state_reasons receive_reasons decide_excessive sign_off",
		"excessive_silent":   "submit state_reasons later decide_excessive sign_off",
		"supplement_expired": "submit request_supplement later lapse",
		"payment_expired":    "submit charge_fee later lapse",
	}
	special := map[string]func(p *player) error{
		"consult_co_maker": func(p *player) error {
			_, err := p.signedBy(head)(p.Consult(p.ctx, clerk, p.id, disclosure.CoMaker, "陵川县财政局", "采购合同的报价"))
			return err
		},
		"consult_other_organ": func(p *player) error {
			_, err := p.signedBy(head)(p.Consult(p.ctx, clerk, p.id, disclosure.OtherOrgan, "陵川县国家保密局", "采购合同的报价"))
			return err
		},
		"charge_pieces": func(p *player) error {
			_, err := p.signedBy(head)(p.ChargeFee(p.ctx, clerk, p.id, disclosure.ByPieces, 43))
			return err
		},
		"refuse": func(p *player) error {
			_, err := p.ConsultationReply(p.ctx, clerk, p.id, disclosure.ConsultationAnswer{Answer: disclosure.Refuses, Ground: "商业秘密"})
			return err
		},
		"decide_unclear": func(p *player) error {
			_, err := p.Decide(p.ctx, clerk, p.id, disclosure.Decision{Outcome: "r4_3", Ground: "仍未写明年份。"})
			return err
		},
		"decide_excessive": func(p *player) error {
			_, err := p.Decide(p.ctx, clerk, p.id, disclosure.Decision{Outcome: "r5_4", Ground: "同一内容反复申请42次。"})
			return err
		},
		"later": func(p *player) error { p.now = p.now.AddDate(0, 2, 0); return nil },
	}
	for name, way := range cases {
		t.Run(name, func(t *testing.T) {
			p := &player{world: newWorld("2026-03-02"), ctx: t.Context()}
			for _, word := range strings.Fields(way) {
				do := func() error { return p.try(word) }
				if other, ok := special[word]; ok {
					do = func() error { return other(p) }
				}
				if err := do(); err != nil {
					t.Fatalf("%s: %v", word, err)
				}
			}
			r, err := p.Register.Request(p.ctx, p.id)
			if err != nil {
				t.Fatal(err)
			}
			var texts []string
			for _, l := range r.Letters[min(1, len(r.Letters)-1):] {
				texts = append(texts, print(l))
				checkWriting(t, l)
			}
			golden(t, "case-"+name, strings.Join(texts, "\n"))
		})
	}
}

// checkWriting: whole sentences with one full stop each, nothing left open, a number on everything that was signed.
func checkWriting(t *testing.T, l disclosure.Letter) {
	t.Helper()
	if l.Organ == "" || l.Title == "" || l.SignedBy == "" || l.Date.IsZero() || (l.Recipient == "") != (l.Audience == disclosure.ToFile) {
		t.Errorf("%s lacks a part: %+v", l.Template, l)
	}
	if plain := l.Template == "receipt" || l.Audience == disclosure.ToFile; (l.Number == "") != plain {
		t.Errorf("%s has the number %q", l.Template, l.Number)
	}
	for _, p := range l.Paragraphs {
		if !strings.HasSuffix(p, "。") && !strings.HasSuffix(p, "：") && !strings.Contains(p, "元") {
			t.Errorf("%s: %q does not end", l.Template, p)
		}
		for _, wrong := range []string{"。。", "。”。", "：。", "；。", "“”", "%!", "{{", "<nil>", "（）", "0001年", "于以"} {
			if strings.Contains(p, wrong) {
				t.Errorf("%s: %q in %q", l.Template, wrong, p)
			}
		}
	}
}

// TestWhatPeopleWriteStandsWellInLetters: full stops, line breaks and quotation marks of applicants and staff.
func TestWhatPeopleWriteStandsWellInLetters(t *testing.T) {
	w := newWorld("2026-03-02")
	f := atCounter()
	f.Personal.Description = "我要“2025年低保名册”。\n还有发放标准。"
	r := must(t)(w.Submit(t.Context(), clerk, f))
	must(t)(w.Decide(t.Context(), clerk, r.ID, disclosure.Decision{Outcome: "r5_1", ProperChannel: "陵川县信访局。\n"}))
	r = must(t)(w.SignOff(t.Context(), head, r.ID))
	reply := r.Letters[len(r.Letters)-1]
	checkWriting(t, reply)
	text := strings.Join(reply.Paragraphs, "")
	for _, want := range []string{"“我要‘2025年低保名册’。；还有发放标准”", "提出：陵川县信访局。"} {
		if !strings.Contains(text, want) {
			t.Errorf("%s lacks %q", text, want)
		}
	}
}

// TestOnlineReview: 行政复议法第二十二条第二款; a letter that goes over the internet names the channel when it is signed, and
// nothing is added to it afterwards.
func TestOnlineReview(t *testing.T) {
	for _, via := range []disclosure.Delivery{disclosure.DeliverByEmail, disclosure.DeliverByPost} {
		p := inState(t, disclosure.Handling)
		must(t)(p.Decide(p.ctx, clerk, p.id, decisions["r3_6"]))
		signed := must(t)(p.SignOff(p.ctx, head, p.id))
		r := must(t)(p.Deliver(p.ctx, clerk, p.id, via, "1234567890123"))
		before, after := signed.Letters[len(signed.Letters)-1], r.Letters[len(r.Letters)-1]
		if print(before) != print(after) {
			t.Errorf("served by %s, the letter changed from\n%s\nto\n%s", via, print(before), print(after))
		}
		if !strings.Contains(strings.Join(after.Paragraphs, ""), town.ReviewOnline) {
			t.Errorf("the letter lacks the online address")
		}
	}
}

// TestOnlineReviewIsEnteredTooLate: the address that the organ's profile got after the signature is not in the letter.
func TestOnlineReviewIsEnteredTooLate(t *testing.T) {
	p := inState(t, disclosure.Handling)
	p.Organ.ReviewOnline = ""
	must(t)(p.Decide(p.ctx, clerk, p.id, decisions["r3_6"]))
	must(t)(p.SignOff(p.ctx, head, p.id))
	p.Organ.ReviewOnline = town.ReviewOnline
	_, err := p.Deliver(p.ctx, clerk, p.id, disclosure.DeliverByEmail, "")
	refused(t, err, fault.Conflict)
	must(t)(p.Deliver(p.ctx, clerk, p.id, disclosure.DeliverByPickup, "签收"))
}

// TestRecordKeepsEverything: what a record holds survives being stored.
func TestRecordKeepsEverything(t *testing.T) {
	p := inState(t, disclosure.Closed)
	r, _ := p.memory.Request(p.ctx, p.id)
	first, _ := json.Marshal(r)
	var back disclosure.Request
	if err := json.Unmarshal(first, &back); err != nil {
		t.Fatal(err)
	}
	if again, _ := json.Marshal(back); string(again) != string(first) {
		t.Errorf("stored as\n%s\nread as\n%s", first, again)
	}
}
