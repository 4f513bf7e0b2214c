package simulator

import (
	"net/http"
	"strconv"
	"strings"
)

// awaitAdmin ends a job whose administrator stays silent for 30 minutes of the platform's clock. The clock may be moved
// by the program as well, so it is looked at again and again; nobody waits for this (see Wait).
func (s *Server) awaitAdmin(job *massJob) {
	s.watch.start()
	go func() {
		defer s.watch.end()
		for pause(lifetime{s.quit}, confirmLook) {
			s.mu.Lock()
			asked := job.AskedAdmin
			if asked && s.silentTooLong(job) {
				job.AskedAdmin, job.Unanswered = false, true
				s.finishMassAfter(lifetime{s.quit}, job, 0)
				s.hub.send("control", nil)
			}
			asked = asked && job.AskedAdmin
			s.mu.Unlock()
			if !asked {
				return
			}
		}
	}()
}

// question is what the administrator is asked on the phone.
func (j *massJob) question() obj {
	what := j.In.Text.Content
	if j.Draft != nil {
		what = j.Draft.Articles[0].Title
	}
	if what == "" {
		what = typeName(strings.TrimPrefix(j.In.MsgType, "mp"))
	}
	return obj{"msg_id": j.ID, "what": what, "people": len(j.Targets), "until": stamp(j.At.Add(confirmLimit))}
}

func (s *Server) silentTooLong(job *massJob) bool { return s.clock.now().Sub(job.At) >= confirmLimit }

// confirmMass is the administrator's answer to a mass send that waits for it.
func (s *Server) confirmMass(r *http.Request) (any, error) {
	in, err := readJSON[struct {
		Agree bool `json:"agree"`
	}](r)
	if err != nil {
		return nil, err
	}
	id, _ := strconv.ParseInt(r.PathValue("msg_id"), 10, 64)
	s.mu.Lock()
	job, err := s.massByID(id)
	if err != nil || !job.AskedAdmin {
		s.mu.Unlock()
		return nil, notFound("没有等待确认的群发，可能已经答复过，或者过了 30 分钟")
	}
	if s.silentTooLong(job) {
		s.mu.Unlock()
		return nil, conflict("已经超过 30 分钟，这次群发作废")
	}
	job.Refused, job.AskedAdmin = !in.Agree, false
	s.hub.send("control", nil)
	s.mu.Unlock()
	s.finishMass(r.Context(), job)
	return nil, nil
}
