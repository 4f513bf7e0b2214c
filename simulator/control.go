package simulator

import (
	"io"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"
)

func (s *Server) patchSettings(r *http.Request) (any, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, badRequest("设置太长")
	}
	return s.change(body)
}

func (s *Server) setClock(r *http.Request) (any, error) {
	in, err := readJSON[struct {
		Now     string `json:"now"`     // RFC 3339
		Advance string `json:"advance"` // such as 48h or 90s
	}](r)
	if err != nil {
		return nil, err
	}
	target, err := time.Parse(time.RFC3339, in.Now)
	if in.Advance != "" {
		var step time.Duration
		step, err = time.ParseDuration(in.Advance)
		target = s.clock.now().Add(step)
	}
	if err != nil {
		return nil, badRequest("时间要写成 now（2026-11-23T09:00:00+08:00）或 advance（48h）")
	}
	if err := s.MoveClock(target); err != nil {
		return nil, conflict(err.Error())
	}
	return obj{"now": stamp(s.clock.now())}, nil
}

// MoveClock sets the platform's clock as POST /sim/clock does; it goes on running from there. It fails when the program
// has given Now but not SetClock.
func (s *Server) MoveClock(to time.Time) error {
	s.init()
	if err := s.clock.set(to); err != nil {
		return err
	}
	s.hub.send("control", nil)
	return nil
}

func (s *Server) postFault(r *http.Request) (any, error) {
	in, err := readJSON[Fault](r)
	if err != nil {
		return nil, err
	}
	id, err := s.AddFault(in)
	if err != nil {
		return nil, badRequest(err.Error())
	}
	return obj{"id": id}, nil
}

func (s *Server) deleteFault(r *http.Request) (any, error) {
	for i, f := range s.state.faults {
		if strconv.Itoa(f.ID) == r.PathValue("id") {
			s.state.faults = append(s.state.faults[:i:i], s.state.faults[i+1:]...)
			s.hub.send("control", nil)
			return nil, nil
		}
	}
	return nil, notFound("没有这个故障")
}

func (s *Server) clearWire(*http.Request) (any, error) {
	s.wire.clear()
	s.hub.send("reload", nil)
	return nil, nil
}

var citizenID = regexp.MustCompile(`^[a-z0-9_-]{1,32}$`)

func (s *Server) addCitizen(_ *http.Request, in struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Followed bool   `json:"followed"`
}) (any, error) {
	switch {
	case !citizenID.MatchString(in.ID):
		return nil, badRequest("id 要用 1 到 32 个小写字母、数字、_ 或 -，例如 sun")
	case strings.TrimSpace(in.Name) == "":
		return nil, badRequest("要有姓名（name）")
	case s.citizen(in.ID) != nil:
		return nil, badRequest("已经有 id 为 " + in.ID + " 的市民")
	}
	p := newCitizen(in.ID, in.Name, "#6b7684")
	p.Followed, p.FollowedAt, p.Scene = in.Followed, s.clock.now(), "ADD_SCENE_OTHERS"
	s.state.citizens = append(s.state.citizens, p)
	s.hub.send("account", nil)
	return p.view(), nil
}

// addConsent registers a consent without the phone. Without a scene it is about 订阅通知, where consents add up and every
// change is told by an event.
func (s *Server) addConsent(r *http.Request, in struct {
	Citizen    string `json:"citizen"`
	TemplateID string `json:"template_id"`
	Scene      string `json:"scene"`
	Refuse     bool   `json:"refuse"`   // refused in the pop-up
	Withdraw   bool   `json:"withdraw"` // switched off later; what was left is void
}) (any, error) {
	p, err := s.person(in.Citizen)
	if err != nil {
		return nil, err
	}
	if in.TemplateID == "" || (in.Scene != "" && !sceneOK(in.Scene)) {
		return nil, badRequest("要有 template_id；scene 是 0 到 10000，或者不写（订阅通知）")
	}
	key := consent{p.OpenID, in.TemplateID, in.Scene}
	switch {
	case in.Scene == "":
		s.subscribe(r, p, subscription{Choices: []choice{{in.TemplateID, !in.Refuse, in.Withdraw}}})
	case in.Withdraw:
		delete(s.state.consents, key)
	case !in.Refuse:
		s.state.consents[key] = 1
	}
	return obj{"count": s.state.consents[key]}, nil
}

func (s *Server) postVerify(r *http.Request) (any, error) {
	in := struct {
		URL string `json:"url"`
	}{}
	if r.ContentLength != 0 {
		var err error
		if in, err = readJSON[struct {
			URL string `json:"url"`
		}](r); err != nil {
			return nil, err
		}
	}
	s.mu.Lock()
	set := s.state.settings
	s.mu.Unlock()
	if in.URL == "" {
		in.URL = set.CallbackURL
	}
	if err := s.verify(r.Context(), in.URL, time.Duration(set.ReplyTimeoutMS)*time.Millisecond); err != nil {
		return obj{"ok": false, "reason": err.Error()}, nil
	}
	return obj{"ok": true}, nil
}

// postPush pushes any message or event, for what the phone has no button for.
func (s *Server) postPush(r *http.Request, in struct {
	Citizen string    `json:"citizen"` // empty: the platform itself
	MsgType string    `json:"msg_type"`
	Event   string    `json:"event"`
	Fields  xmlFields `json:"fields"`
}) (any, error) {
	p := s.citizen(in.Citizen)
	if in.Citizen != "" && p == nil {
		return nil, notFound("没有这位市民：" + in.Citizen)
	}
	switch {
	case in.Event != "":
		s.pushLater(r.Context(), s.event(p, in.Event, in.Fields))
	case p == nil || in.MsgType == "":
		return nil, badRequest("要么给出 event，要么给出 citizen 和 msg_type")
	default:
		p.Windows.spoke(s.clock.now())
		return s.say(r, p, bubble{Kind: "text", Text: in.Fields.summary(in.MsgType)}, s.message(p, in.MsgType, in.Fields)), nil
	}
	return nil, nil
}

// summary is what the phone shows of a message that it has no shape for.
func (f xmlFields) summary(msgType string) string {
	for _, name := range []string{"Content", "Title", "Label"} {
		for _, n := range f {
			if n.name == name && n.value != "" {
				if msgType == "text" {
					return n.value
				}
				return "[" + typeName(msgType) + "] " + n.value
			}
		}
	}
	return "[" + typeName(msgType) + "]"
}

func (s *Server) postBan(r *http.Request) (any, error) {
	id, _ := strconv.ParseInt(r.PathValue("publish_id"), 10, 64)
	if !s.ban(r.Context(), id) {
		return nil, notFound("没有这次成功的发布")
	}
	return nil, nil
}

// controlState is a look at what the platform holds, for tests and scripts.
func (s *Server) controlState(*http.Request) (any, error) {
	drafts, jobs, masses, articles := []obj{}, []obj{}, []obj{}, []articleView{}
	for _, d := range s.state.drafts {
		drafts = append(drafts, obj{"media_id": d.ID, "busy": d.Busy, "title": d.Articles[0].Title})
	}
	for _, j := range s.state.jobs {
		jobs = append(jobs, obj{"publish_id": j.ID, "publish_status": j.Status, "article_id": j.ArticleID})
	}
	for _, j := range s.state.masses {
		masses = append(masses, obj{"msg_id": j.ID, "clientmsgid": j.ClientID, "status": j.Status, "reason": j.Reason, "sent": j.Sent})
	}
	for _, a := range s.state.articles {
		articles = append(articles, s.view(a))
	}
	return obj{
		"drafts": drafts, "publications": jobs, "mass_sends": masses, "articles": articles, "menu": s.state.menu,
		"quota_used": s.state.quota.Used, "tokens": len(s.state.tokens.Valid),
	}, nil
}

// postWait answers when nothing is being published or pushed any more.
func (s *Server) postWait(r *http.Request) (any, error) {
	select {
	case <-s.work.done():
		return nil, nil
	case <-r.Context().Done():
		return nil, conflict("等得太久")
	}
}

func (s *Server) postReset(*http.Request) (any, error) {
	s.reset()
	s.wire.clear()
	s.hub.send("reload", nil)
	return nil, nil
}
