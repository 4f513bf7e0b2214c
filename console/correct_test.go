package console_test

import (
	"net/url"
	"testing"
)

// TestWhatWasEnteredWronglyIsPutRight: 条例第四十五条; staff correct names, numbers and contacts without seeing or retyping the
// others, and a changed kind of applicant asks for the number that goes with it.
func TestWhatWasEnteredWronglyIsPutRight(t *testing.T) {
	h := newHouse(t)
	s := seed(t, h)
	path := "/requests/" + s.requests["handling"]
	zhou := h.as(t, "zhou")
	zhou.follow(path+"/correct", url.Values{"name": {"马小虎"}, "reason": {"姓名写错"}}).wants(t, 200, []string{"已更正", "马**"}, append([]string{"马小虎"}, secrets...))
	company := url.Values{"kind": {"org_business"}, "reason": {"以公司名义申请"}}
	zhou.post(path+"/correct", company).wants(t, 422, []string{"统一社会信用代码不正确"}, secrets)
	for name, value := range map[string]string{"name": "陵川某某商贸有限公司", "document": "91140524MA0K12345C", "representative": "李四"} {
		company.Set(name, value)
	}
	zhou.follow(path+"/correct", company).wants(t, 200, []string{"已更正", "商业企业"}, append([]string{"91140524MA0K12345C", "陵川某某商贸有限公司"}, secrets...))
	zhou.post(path+"/correct", url.Values{"name": {"马小虎"}}).wants(t, 422, []string{"原因"}, secrets)
}

// TestFeeNoticeAndPaymentHaveTheirDays: 国办函〔2020〕109号; the twenty days run from the receipt of the notice, and the clock
// restarts on the day of the payment, however late either is entered.
func TestFeeNoticeAndPaymentHaveTheirDays(t *testing.T) {
	h := newHouse(t)
	s := seed(t, h)
	path := "/requests/" + s.requests["handling"]
	zhou, signer := h.as(t, "zhou"), h.as(t, "zheng")
	zhou.follow(path+"/fee", url.Values{"basis": {"pages"}, "count": {"72"}}).wants(t, 200, []string{"待签发：政府信息公开信息处理费收费通知书"}, secrets)
	signer.follow(path+"/signnotice", nil).wants(t, 200, []string{"已签发并发出"}, secrets)
	zhou.post(path+"/fee-received", url.Values{"on": {"2031-01-01"}}).wants(t, 422, []string{"不能晚于今天"}, secrets)
	zhou.follow(path+"/fee-received", nil).wants(t, 200, []string{"缴费期限从收到的次日起算"}, append([]string{"form-fee-received"}, secrets...))
	zhou.post(path+"/paid", url.Values{"receipt": {"晋财票0012345"}, "on": {"2020-01-01"}}).wants(t, 422, []string{"日期不能早于"}, secrets)
	zhou.follow(path+"/paid", url.Values{"receipt": {"晋财票0012345"}}).wants(t, 200, []string{"已登记缴费", "办理中"}, secrets)
}
