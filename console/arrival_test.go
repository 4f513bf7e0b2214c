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
			if _, err := h.desk.LettersSeen(t.Context(), staff.Citizen, id, disclosure.Opened); err != nil {
				t.Fatal(err)
			}
		}, "2026-11-26 09:30 首次打开阅读"},
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
	if _, err := h.desk.LettersSeen(t.Context(), staff.Citizen, id, disclosure.Opened); err != nil {
		t.Fatal(err)
	}
	zheng.follow(path+"/reopen", url.Values{"seen": {old}, "reason": {"复议决定撤销"}}).wants(t, http.StatusOK, []string{"重新办理"}, secrets)
}
