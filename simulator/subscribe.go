package simulator

import (
	"net/http"
)

// subscribePath is what a page links to in place of <wx-open-subscribe>, which needs WeChat's own browser:
// ?template_id=A,B asks for the consent to both; &popup_scene=2 says that an article asks.
const subscribePath = "/mp/subscribe"

// noticeTemplate is a template of 订阅通知 that the account has chosen.
type noticeTemplate struct {
	ID    string `json:"id"`
	Title string `json:"title"`
	Left  int    `json:"left"` // messages that the citizen has agreed to and not received yet
}

// noticeTemplates are those that every account here has; of others only the id is known.
var noticeTemplates = []noticeTemplate{
	{ID: "SIMprogress0000000000000000000000000000000A", Title: "办理进度提醒"},
	{ID: "SIMresult000000000000000000000000000000000B", Title: "办理结果通知"},
}

// phoneSubscriptions lists what the citizen can agree to, or has agreed to (订阅通知).
func (s *Server) phoneSubscriptions(r *http.Request) (any, error) {
	p, err := s.person(r.URL.Query().Get("citizen"))
	if err != nil {
		return nil, err
	}
	list := append([]noticeTemplate{}, noticeTemplates...)
	for i := range list {
		list[i].Left = s.state.consents[consent{p.OpenID, list[i].ID, ""}]
	}
	return obj{"templates": list}, nil
}

// choice is the answer to one template of the dialog.
type choice struct {
	TemplateID string `json:"template_id"`
	Agree      bool   `json:"agree"`
	Withdraw   bool   `json:"withdraw"` // switched off later; what was left is void
}

// subscription is what a citizen chose: several templates are answered in one event.
type subscription struct {
	Citizen string   `json:"citizen"`
	Scene   int64    `json:"popup_scene"` // 1 a page, 2 an article
	Choices []choice `json:"choices"`
}

// phoneSubscribe answers the dialog of 订阅通知, which only certified service accounts can show. Each agreement is good for
// one message more.
func (s *Server) phoneSubscribe(r *http.Request, in subscription) (any, error) {
	p, err := s.person(in.Citizen)
	switch {
	case err != nil:
		return nil, err
	case s.state.settings.Kind != CertifiedService:
		return nil, conflict("订阅通知只有已认证的服务号可以用，现在的账号不是")
	case len(in.Choices) == 0 || in.Scene < 0 || in.Scene > 2:
		return nil, badRequest("choices 不能是空的；popup_scene 是 1（网页）或 2（文章）")
	}
	for _, c := range in.Choices {
		if c.TemplateID == "" {
			return nil, badRequest("每个选择都要有 template_id")
		}
	}
	s.subscribe(r, p, in)
	return nil, nil
}

// subscribe changes the ledger and tells the account: what was answered in the dialog, and what was switched off.
func (s *Server) subscribe(r *http.Request, p *citizen, in subscription) {
	var popup, change []node
	for _, c := range in.Choices {
		key, status := consent{p.OpenID, c.TemplateID, ""}, "reject"
		switch {
		case c.Withdraw:
			delete(s.state.consents, key)
		case c.Agree:
			s.state.consents[key]++
			status = "accept"
		}
		entry := []node{text("TemplateId", c.TemplateID), text("SubscribeStatusString", status)}
		if c.Withdraw {
			change = append(change, branch("List", entry...))
		} else {
			popup = append(popup, branch("List", append(entry, num("PopupScene", max(in.Scene, 1)))...))
		}
	}
	if popup != nil {
		s.pushLater(r.Context(), s.event(p, "subscribe_msg_popup_event", []node{branch("SubscribeMsgPopupEvent", popup...)}))
	}
	if change != nil {
		s.pushLater(r.Context(), s.event(p, "subscribe_msg_change_event", []node{branch("SubscribeMsgChangeEvent", change...)}))
	}
}
