package console_test

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"shoushan/disclosure"
	"shoushan/staff"
)

// servedByChat files, answers and serves a request in chat, and returns its page.
func servedByChat(t *testing.T, h *house) (id, path string) {
	t.Helper()
	id = h.file(t, disclosure.ByWeChat, 3).ID
	h.now = monday
	path = "/requests/" + id
	h.as(t, "zhou").follow(path+"/decide", url.Values{"outcome": {"r1"}, "how": {"attached"}, "content": {"名册随函附后"}})
	h.as(t, "zheng").follow(path+"/signoff", nil)
	h.as(t, "zhou").follow(path+"/deliver", url.Values{"via": {"wechat"}}).wants(t, 200, []string{"已办结", "等申请人确认收到", "还没有确认收到"}, secrets)
	return id, path
}

// TestServiceInChatIsFollowedUp is 国办公开办函〔2016〕235号: what went by chat alone and shows no sign of arrival comes back to a person
// after three working days; what the applicant says or opens stands in the case as evidence, and the day of service stays.
func TestServiceInChatIsFollowedUp(t *testing.T) {
	tests := []struct {
		name string
		do   func(t *testing.T, h *house, id, path string)
		says string
	}{
		{"said in chat", func(t *testing.T, h *house, id, _ string) {
			if _, err := h.desk.LettersSeen(t.Context(), staff.Citizen, id, disclosure.Acknowledged); err != nil {
				t.Fatal(err)
			}
		}, "申请人 2026-11-26 09:30 确认收到"},
		{"opened", func(t *testing.T, h *house, id, _ string) {
			if _, err := h.desk.LettersSeen(t.Context(), staff.Citizen, id, disclosure.OpenedInChat); err != nil {
				t.Fatal(err)
			}
		}, "2026-11-26 09:30 首次打开阅读（提交申请的微信）"},
		{"said on the phone", func(t *testing.T, h *house, _, path string) {
			h.as(t, "zhou").follow(path+"/got", nil).wants(t, 200, []string{"已登记申请人确认收到"}, secrets)
		}, "申请人 2026-11-26 09:30 确认收到"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := newHouse(t)
			id, path := servedByChat(t, h)
			zhou := h.as(t, "zhou")
			zhou.get("/").wants(t, 200, nil, []string{"没有回音"})
			h.now = monday.Add(3 * 24 * time.Hour)
			zhou.get("/").wants(t, 200, []string{id, "微信送达后没有回音"}, secrets)
			zhou.get("/requests?queue=nosign").wants(t, 200, []string{id}, secrets)
			tt.do(t, h, id, path)
			zhou.get("/").wants(t, 200, nil, []string{"没有回音"})
			zhou.get("/requests?queue=nosign").wants(t, 200, []string{"都确认收到或者打开看过了"}, []string{id})
			zhou.get(path).wants(t, 200, []string{tt.says, "2026年11月23日", "收到的证据"}, append([]string{"还没有确认收到"}, secrets...))
		})
	}
}

// TestEvidenceDisturbsNobody: that the applicant reads a letter does not refuse what a member has typed meanwhile.
func TestEvidenceDisturbsNobody(t *testing.T) {
	h := newHouse(t)
	id, path := servedByChat(t, h)
	zheng := h.as(t, "zheng")
	old := zheng.get(path).seen(t)
	if _, err := h.desk.LettersSeen(t.Context(), staff.Citizen, id, disclosure.OpenedInChat); err != nil {
		t.Fatal(err)
	}
	zheng.follow(path+"/reopen", url.Values{"seen": {old}, "reason": {"复议决定撤销"}}).wants(t, http.StatusOK, []string{"重新办理"}, secrets)
}

// TestTheFeePeriodRunsFromReceipt is 国办函〔2020〕109号: the 20 working days run from the day on which the applicant had the notice. What
// shows that day is proposed, never entered by itself, and a period whose beginning nobody knows is not called over.
func TestTheFeePeriodRunsFromReceipt(t *testing.T) {
	h := newHouse(t)
	id := h.file(t, disclosure.ByWeChat, 3).ID
	h.now = monday
	path, zhou := "/requests/"+id, h.as(t, "zhou")
	zhou.follow(path+"/fee", url.Values{"basis": {"pages"}, "count": {"72"}})
	h.as(t, "zheng").follow(path+"/signnotice", nil)
	h.now = monday.AddDate(0, 0, 2)
	if _, err := h.desk.LettersSeen(t.Context(), staff.Citizen, id, disclosure.OpenedInChat); err != nil {
		t.Fatal(err)
	}
	before, err := h.Request(t.Context(), id)
	if err != nil || !before.Fee.ReceivedOn.IsZero() {
		t.Fatalf("opening the notice entered its receipt: %+v, %v", before.Fee, err)
	}
	zhou.get(path).wants(t, 200, []string{`value="2026-11-25"`, "申请人这一天已经看到通知"}, secrets)
	h.now = monday.AddDate(0, 0, 40) // 2027-01-02
	zhou.get(path).wants(t, 200, []string{"缴费期限可能已过，请先核实"}, append([]string{"申请人没有按期缴费"}, secrets...))
	zhou.follow(path+"/fee-received", url.Values{"on": {"2026-11-25"}})
	h.now = monday.AddDate(0, 0, 60)
	zhou.get(path).wants(t, 200, []string{"申请人没有按期缴费"}, secrets)
}
