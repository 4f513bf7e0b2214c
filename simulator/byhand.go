package simulator

import (
	"net/http"
	"strings"
)

// postConsole publishes an article as somebody does by hand in Tencent's own back end: no API call of the account starts
// it. Notified, it is a mass send, and counts as the one of the day.
func (s *Server) postConsole(r *http.Request, in struct {
	Title   string `json:"title"`
	Author  string `json:"author"`
	Content string `json:"content"`
	Notify  bool   `json:"notify"`
}) (any, error) {
	if strings.TrimSpace(in.Title) == "" || tooLong(in.Title, s.state.settings.TitleLimit) {
		return nil, badRequest("要有标题（title），不能太长")
	}
	c := &call{Server: s, r: r, now: s.clock.now(), base: s.base(r)}
	d := &draft{ID: token(48), Updated: c.now, Busy: true, Articles: []draftArticle{{
		ArticleType: "news", Title: in.Title, Author: in.Author, Content: c.clean(in.Content),
		Digest: firstRunes(plainText(in.Content), autoDigest),
	}}}
	s.state.drafts = append(s.state.drafts, d)
	n := s.next()
	if in.Notify {
		job := &massJob{ID: 1000000000 + n, MsgDataID: 2247480000 + n, Status: massSending, Draft: d, DraftID: d.ID, Base: c.base, At: c.now, ByHand: true}
		job.In.MsgType, job.In.Filter.IsToAll = "mpnews", true
		for _, p := range s.followers() {
			job.Targets = append(job.Targets, p.OpenID)
		}
		s.state.masses = append(s.state.masses, job)
		s.finishMassAfter(r.Context(), job, 0)
		return obj{"msg_id": job.ID}, nil
	}
	job := &publishJob{ID: firstPublishID + n, MsgDataID: 2247480000 + n, Status: publishing, DraftID: d.ID, Draft: d, Base: c.base, StartedAt: c.now}
	s.state.jobs[job.ID] = job
	s.finishPublishAfter(r.Context(), job, 0)
	return obj{"publish_id": s.publishID(job.ID)}, nil
}
