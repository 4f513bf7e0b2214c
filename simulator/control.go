package simulator

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"sort"
	"strconv"
	"time"
)

// controlRoutes is the control API; README.md describes it.
func (s *Server) controlRoutes(mux *http.ServeMux) {
	mux.HandleFunc("GET /sim/settings", s.locked(func(*http.Request) (any, error) { return s.state.settings, nil }))
	mux.HandleFunc("PATCH /sim/settings", door(s.patchSettings))
	mux.HandleFunc("GET /sim/clock", door(func(*http.Request) (any, error) { return obj{"now": stamp(s.clock.now())}, nil }))
	mux.HandleFunc("POST /sim/clock", door(s.setClock))
	mux.HandleFunc("GET /sim/faults", s.locked(func(*http.Request) (any, error) { return append([]*Fault{}, s.state.faults...), nil }))
	mux.HandleFunc("POST /sim/faults", door(s.postFault))
	mux.HandleFunc("DELETE /sim/faults", door(func(*http.Request) (any, error) { s.ClearFaults(); return nil, nil }))
	mux.HandleFunc("DELETE /sim/faults/{id}", s.locked(s.deleteFault))
	mux.HandleFunc("GET /sim/wire", door(func(*http.Request) (any, error) { return s.wire.all(), nil }))
	mux.HandleFunc("DELETE /sim/wire", door(s.clearWire))
	mux.HandleFunc("GET /sim/citizens", s.locked(func(*http.Request) (any, error) { return s.citizenViews(), nil }))
	mux.HandleFunc("POST /sim/citizens", posted(s, s.addCitizen))
	mux.HandleFunc("POST /sim/consents", posted(s, s.addConsent))
	mux.HandleFunc("POST /sim/readers", posted(s, s.postReaders))
	mux.HandleFunc("POST /sim/verify", door(s.postVerify))
	mux.HandleFunc("POST /sim/push", posted(s, s.postPush))
	mux.HandleFunc("POST /sim/tokens/drop", s.locked(func(*http.Request) (any, error) { s.state.tokens.drop(); return nil, nil }))
	mux.HandleFunc("POST /sim/publish/{id}/ban", s.locked(s.postBan))
	mux.HandleFunc("POST /sim/mass/{id}", door(s.confirmMass))
	mux.HandleFunc("GET /sim/state", s.locked(s.controlState))
	mux.HandleFunc("POST /sim/wait", door(s.postWait))
	mux.HandleFunc("POST /sim/reset", s.locked(s.postReset))
}

func (s *Server) patchSettings(r *http.Request) (any, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, badRequest("设置太长")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	next := s.state.settings
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&next); err != nil {
		return nil, badRequest("设置读不懂：" + err.Error())
	}
	if err := next.check(); err != nil {
		return nil, badRequest(err.Error())
	}
	s.state.settings = next
	s.hub.send("control", nil)
	return next, nil
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
	if err := s.clock.set(target); err != nil {
		return nil, conflict(err.Error())
	}
	s.hub.send("control", nil)
	return obj{"now": stamp(s.clock.now())}, nil
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

func (s *Server) addCitizen(_ *http.Request, in struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Followed bool   `json:"followed"`
}) (any, error) {
	if in.ID == "" || in.Name == "" || s.citizen(in.ID) != nil {
		return nil, badRequest("市民要有一个没用过的 id 和姓名")
	}
	p := newCitizen(in.ID, in.Name, "#7b8794")
	p.Followed, p.FollowedAt, p.Scene = in.Followed, s.clock.now(), "ADD_SCENE_OTHERS"
	s.state.citizens = append(s.state.citizens, p)
	s.hub.send("account", nil)
	return p.view(), nil
}

func (s *Server) addConsent(_ *http.Request, in struct {
	Citizen    string `json:"citizen"`
	TemplateID string `json:"template_id"`
	Scene      string `json:"scene"` // empty: 订阅通知, where consents add up
}) (any, error) {
	p, err := s.person(in.Citizen)
	if err != nil {
		return nil, err
	}
	key := consent{p.OpenID, in.TemplateID, in.Scene}
	if in.Scene == "" || s.state.consents[key] == 0 {
		s.state.consents[key]++
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
	Citizen string            `json:"citizen"` // empty: the platform itself
	MsgType string            `json:"msg_type"`
	Event   string            `json:"event"`
	Fields  map[string]string `json:"fields"`
}) (any, error) {
	p := s.citizen(in.Citizen)
	if in.Citizen != "" && p == nil {
		return nil, notFound("没有这位市民：" + in.Citizen)
	}
	names := make([]string, 0, len(in.Fields))
	for name := range in.Fields {
		names = append(names, name)
	}
	sort.Strings(names)
	var fields []node
	for _, name := range names {
		fields = append(fields, text(name, in.Fields[name]))
	}
	switch {
	case in.Event != "":
		s.pushLater(r.Context(), s.event(p, in.Event, fields))
	case p == nil || in.MsgType == "":
		return nil, badRequest("要么给出 event，要么给出 citizen 和 msg_type")
	default:
		p.Windows.spoke(s.clock.now())
		s.pushLater(r.Context(), s.message(p, in.MsgType, fields))
	}
	return nil, nil
}

func (s *Server) postBan(r *http.Request) (any, error) {
	id, _ := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if !s.ban(r.Context(), id) {
		return nil, notFound("没有这次成功的发布")
	}
	return nil, nil
}

// confirmMass is the administrator's answer to a mass send that waits for it.
func (s *Server) confirmMass(r *http.Request) (any, error) {
	in, err := readJSON[struct {
		Agree bool `json:"agree"`
	}](r)
	if err != nil {
		return nil, err
	}
	id, _ := strconv.ParseInt(r.PathValue("id"), 10, 64)
	s.mu.Lock()
	job, err := s.massByID(id)
	if err != nil || !job.AskedAdmin {
		s.mu.Unlock()
		return nil, notFound("没有等待确认的群发")
	}
	job.Refused, job.AskedAdmin = !in.Agree, false
	s.hub.send("control", nil)
	s.mu.Unlock()
	s.finishMass(r.Context(), job)
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
