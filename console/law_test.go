package console_test

import (
	"net/url"
	"strings"
	"testing"

	"shoushan/disclosure"
)

// TestReasonsOnTheHomePage is 条例第三十五条: nobody is sent to a case that waits for the applicant, and everybody is when it does no
// longer.
func TestReasonsOnTheHomePage(t *testing.T) {
	h := newHouse(t)
	id := h.file(t, disclosure.AtCounter, 0).ID
	path, zhou, zheng := "/requests/"+id, h.as(t, "zhou"), h.as(t, "zheng")
	zhou.follow(path+"/accept", nil)
	zhou.follow(path+"/assign", url.Values{"handler": {"zhou"}})
	zhou.get("/").wants(t, 200, []string{"拟定答复"}, secrets)
	zhou.follow(path+"/reasons", url.Values{"facts": {"一个月四十二件"}, "until": {"2026-12-01"}})
	zheng.follow(path+"/signnotice", nil)
	zhou.get("/").wants(t, 200, nil, []string{id})
	h.now = h.now.AddDate(0, 0, 9) // 2026-12-02
	zhou.get("/").wants(t, 200, []string{"申请人没有说明理由，拟定答复"}, secrets)
	zhou.follow(path+"/reasons-received", url.Values{"text": {"逐年核对"}})
	zhou.get("/").wants(t, 200, []string{"审查申请人说明的理由"}, secrets)
	zhou.follow(path+"/decide", url.Values{"outcome": {"r5_4"}, "ground": {"大量反复"}})
	zheng.get("/").wants(t, 200, []string{"签发答复"}, secrets)
	zhou.follow(path+"/reasons-received", url.Values{"text": {"另有一份"}})
	zheng.get("/").wants(t, 200, []string{"申请人又说明了理由，请退回修改"}, append([]string{"签发答复"}, secrets...))
}

// step is one person's act on the request, and what its page says afterwards.
type step struct {
	as, verb string // a notice that the verb drafts is signed by zheng at once
	form     url.Values
	status   int // 0 is success: a redirect to the page
	want     []string
}

func TestTheLongWaysOfARequest(t *testing.T) {
	tests := []struct {
		name  string
		steps []step
	}{
		{"art. 30: supplement once, restart on receipt", []step{
			{"zhou", "supplement", url.Values{"items": {"文件的年份\r\n\r\n文件的名称"}, "until": {"2026-12-10"}}, 0, []string{"待补正", "文件的年份", "停止计时", "政府信息公开申请补正告知书", "form-supplemented"}},
			{"zhou", "supplemented", url.Values{"description": {"2025年的低保名册"}}, 0, []string{"办理中", "2025年的低保名册", "2026-12-21", "重新计算"}},
			{"zhou", "supplement", url.Values{"items": {"再补"}, "until": {"2026-12-10"}}, 409, []string{"只能一次性告知", "再补"}},
		}},
		{"art. 30: no date for the supplement", []step{
			{"zhou", "supplement", url.Values{"items": {"文件的年份"}, "until": {""}}, 422, []string{"补正期限", "文件的年份"}},
		}},
		{"art. 32: consultation pauses, the answer resumes", []step{
			{"zhou", "consult", url.Values{"party": {"third_party"}, "name": {"某某公司"}, "about": {"合同金额"}}, 0, []string{"征求意见中", "暂停计时", "第三方", "form-replied"}},
			{"zhou", "replied", url.Values{"no": {"1"}, "answer": {"agrees"}}, 0, []string{"办理中", "同意公开"}},
		}},
		{"art. 33: one extension, by who signs", []step{
			{"sun", "extend", url.Values{"days": {"20"}, "reason": {"档案多"}}, 403, nil},
			{"zhou", "extend", url.Values{"days": {"21"}, "reason": {"档案多"}}, 422, []string{"1至20个工作日", `value="21"`}},
			{"zhou", "extend", url.Values{"days": {"10"}, "reason": {"档案多"}}, 0, []string{"2027-01-04", "暂定"}},
			{"zhou", "extend", url.Values{"days": {"10"}, "reason": {"还要"}}, 409, []string{"只能延长一次"}},
		}},
		{"art. 42: fee noticed and paid", []step{
			{"zhou", "fee", url.Values{"basis": {"pages"}, "count": {"20"}}, 422, []string{"免费"}},
			{"zhou", "fee", url.Values{"basis": {"pages"}, "count": {"72"}}, 0, []string{"待缴费", "420 元", "form-paid"}},
			{"zhou", "paid", url.Values{"receipt": {"晋财票0012345"}}, 0, []string{"办理中", "缴清"}},
		}},
		{"art. 35: reasons first", []step{
			{"zhou", "decide", url.Values{"outcome": {"r5_4"}, "ground": {"大量反复"}}, 409, []string{"说明理由"}},
			{"zhou", "reasons", url.Values{"facts": {"一个月四十二件"}, "until": {"2026-12-01"}}, 0, []string{"要求申请人说明理由", "等待申请人说明理由", "2026年12月1日为止", "form-reasons-received"}},
			{"zhou", "decide", url.Values{"outcome": {"r5_4"}, "ground": {"大量反复"}}, 409, []string{"2026年12月1日才届满", "大量反复"}},
			{"zhou", "delay", url.Values{"until": {"2027-02-26"}, "reason": {"件数多"}}, 409, []string{"还没有说明理由", "件数多"}},
			{"zhou", "reasons-received", url.Values{"text": {""}}, 422, []string{"请写明申请人说明的理由"}},
			{"zhou", "reasons-received", url.Values{"text": {"逐年核对承包地"}, "on": {"2026-11-23"}}, 0, []string{"逐年核对承包地", "2026年11月23日收到", "申请人已说明理由", "form-delay"}},
			{"zhou", "decide", url.Values{"outcome": {"r5_4"}, "ground": {"大量反复"}}, 0, []string{"待签发"}},
			{"zhou", "reasons-received", url.Values{"text": {"另有宅基地"}}, 0, []string{"申请人又说明了理由，请退回修改"}},
			{"zheng", "signoff", nil, 409, []string{"没有考虑"}},
		}},
		{"correction, split, remedy, reopening", []step{
			{"zhou", "correct", url.Values{"kind": {"natural"}, "medium": {"paper"}, "reason": {"看错了"}}, 0, []string{"已更正", "纸质"}},
			{"zhou", "split", url.Values{"keep": {"低保名册"}, "parts": {"修路合同\n拆迁补偿"}}, 0, []string{"已拆分", "拆分出", "2026-0003"}},
			{"zhou", "remedy", url.Values{"kind": {"reconsideration"}}, 409, []string{"没有可以复议"}},
			{"zhou", "decide", url.Values{"outcome": {"r1"}, "how": {"attached"}, "content": {"名册"}}, 0, []string{"待签发"}},
			{"zheng", "signoff", nil, 0, []string{"待送达"}},
			{"zhou", "deliver", url.Values{"via": {"pickup"}, "proof": {"签收"}}, 0, []string{"已办结"}},
			{"zhou", "remedy", url.Values{"kind": {"reconsideration"}, "number": {"陵政复〔2026〕1号"}}, 0, []string{"行政复议", "form-remedied"}},
			{"zhou", "remedied", url.Values{"result": {"corrected"}}, 0, []string{"结果纠正"}},
			{"zheng", "reopen", url.Values{"reason": {"复议决定撤销"}}, 0, []string{"办理中", "重新办理"}},
		}},
		{"withdrawn by the applicant", []step{
			{"zhou", "withdraw", url.Values{"reason": {"申请人来电"}}, 0, []string{"已办结", "撤回"}},
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := newHouse(t)
			path := "/requests/" + h.file(t, disclosure.AtCounter, 3).ID
			h.now = monday
			for _, s := range tt.steps {
				b := h.as(t, s.as)
				if s.status != 0 {
					b.post(path+"/"+s.verb, s.form).wants(t, s.status, s.want, secrets)
					continue
				}
				after := b.follow(path+"/"+s.verb, s.form)
				if strings.Contains(after.body, `id="pending"`) {
					after.wants(t, 200, []string{"等待另一位有权限的人签发"}, secrets)
					h.as(t, "zheng").follow(path+"/signnotice", nil).wants(t, 200, []string{"已签发并发出"}, secrets)
					after = b.get(path)
				}
				after.wants(t, 200, s.want, secrets)
			}
		})
	}
}

func TestWhatTheOtherSideHasMissedComesHome(t *testing.T) {
	h := newHouse(t)
	path := "/requests/" + h.file(t, disclosure.AtCounter, 3).ID
	h.now = monday
	b := h.as(t, "zhou")
	b.follow(path+"/supplement", url.Values{"items": {"文件的年份"}, "until": {"2026-12-01"}})
	h.as(t, "zheng").follow(path+"/signnotice", nil)
	b.get("/").wants(t, 200, nil, []string{"对方逾期"})
	h.now = monday.AddDate(0, 0, 10)
	late := h.as(t, "zhou")
	late.get("/").wants(t, 200, []string{"对方逾期，请处理"}, nil)
	late.follow(path+"/lapse", nil).wants(t, 200, []string{"待补正", "待签发：政府信息公开申请不再处理告知书"}, nil)
	h.as(t, "zheng").follow(path+"/signnotice", nil).wants(t, 200, []string{"已办结", "逾期不补正"}, nil)
}
